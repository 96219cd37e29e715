"""The timetable: every periodic job of the product, in one list. Beat is only a metronome.

Each task finds its work in PostgreSQL and is harmless when it is hinted twice. A hint that nobody took within
two periods is dropped, so that a worker that was away finds no pile of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """One task, how often (seconds) and on which queue."""

    task: str
    every: float
    queue: str = "default"


MINUTE, HOUR = 60, 3600

JOBS = (
    # reading
    Job("inbox.tasks.poll_due_streams", 1, "poll"),
    Job("inbox.tasks.recheck_posts", 10 * MINUTE),
    # sending
    Job("inbox.tasks.send_due", 1, "deliver"),
    Job("inbox.tasks.settle_due", 5, "deliver"),
    # upkeep of channels
    Job("channels.tasks.refresh_tokens", 2 * MINUTE),
    Job("channels.tasks.check_identities", 10 * MINUTE),
    Job("channels.tasks.forget_attempts", HOUR),
    # people
    Job("accounts.tasks.send_password_links", MINUTE),
    Job("accounts.tasks.clear_over", HOUR),
    # conversations
    Job("inbox.tasks.expire_leases", 5),
    Job("inbox.tasks.wake_snoozed", 5),
    Job("inbox.tasks.fold_counts", 2),
    Job("inbox.tasks.dispatch_events", 15),
    Job("inbox.tasks.run_bulks", 5),
    Job("inbox.tasks.forget_bulks", HOUR),
    # assignment
    Job("routing.tasks.take_in", 2, "triage"),
    Job("routing.tasks.drain_queues", 2, "triage"),
    Job("routing.tasks.run_lanes", 10),
    Job("routing.tasks.chase_handoffs", 10),
    # rules
    Job("routing.tasks.fire_rules", 15),
    Job("routing.tasks.call_webhooks", 5),
    Job("routing.tasks.run_backtests", 10),
    # promises
    Job("routing.tasks.sweep_deadlines", 5),
    Job("routing.tasks.recount_clocks", 10),
    # telling
    Job("routing.tasks.tell_followers", 5),
    Job("routing.tasks.send_digests", MINUTE),
    Job("routing.tasks.push_notices", 2),
    Job("routing.tasks.forget_pushes", HOUR),
    # triage
    Job("routing.tasks.draw_sample", HOUR),
    Job("routing.tasks.learn", HOUR),
    # retention
    Job("inbox.tasks.purge_raw", HOUR),
    Job("inbox.tasks.purge_media", HOUR),
)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The list as Celery reads it."""
    return {
        job.task: {
            "task": job.task,
            "schedule": job.every,
            "options": {"queue": job.queue, "expires": max(2 * job.every, 5)},
        }
        for job in JOBS
    }
