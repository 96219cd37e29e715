"""A worker that is killed in the middle of a bulk act: `python -m tests.tasks.bulk_worker <row> <where> [--apart]`.

where: `inside` the transaction of that row, or `after` it. `--apart` is a worker that is wrong on purpose: it writes
what became of a row in a transaction of its own.
"""

import os
import signal
import sys

import django

django.setup()

from inbox.models.bulk import BulkRow  # noqa: E402
from inbox.services import bulk, bulk_acts  # noqa: E402
from inbox.services.acts import acting  # noqa: E402

at, where, apart = int(sys.argv[1]), sys.argv[2], "--apart" in sys.argv


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


made = bulk._claimed()
for number, row in enumerate(BulkRow.objects.filter(bulk=made).order_by("pk"), 1):
    if apart:
        with acting(row.conversation_id, made.actor) as act:
            row.before = bulk_acts.before(act)
            bulk_acts.of(made.act).do(act, made.values)
            row.revision, row.state = act.conversation.revision, "done"
        if number == at:
            die()
        row.save()
        continue

    def each(act, locked, whole, number=number):
        bulk._do_row(act, locked, whole)
        if number == at and where == "inside":
            die()

    bulk.settle(row, made, each)
    if number == at:
        die()
