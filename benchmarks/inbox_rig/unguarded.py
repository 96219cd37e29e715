"""The product without what keeps a second answer back: what `benchmarks.collision --break no-guard` serves.

Without the lock alone nothing is doubled: who sends first writes the owner, the next one waits at that row, and the
question whether somebody has answered is asked after it. So that question goes as well.
"""

from benchmarks.inbox_rig.broken import application  # noqa: I001 - sets Django up

from inbox.services import replies

replies._refuse_second = lambda _act, _target, _request: None

__all__ = ["application"]
