"""Hints: each says "look now", the work is found in PostgreSQL. Counts out.

Later versions may send more arguments than this one knows: they are accepted and ignored.
"""

from __future__ import annotations

import time

from celery import shared_task

from channels import periodic
from routing.services import (
    assignment,
    backtest,
    deadlines,
    digest,
    escalation,
    followers,
    lane,
    pipeline,
    pushing,
    recount,
    samples,
    taking_in,
    timed,
    training,
    webhooks,
)

HOUR, DAY = 3600, 86_400
# Batches of one hint; what is left has its turn with the next.
BATCHES = 20
# One task takes in pages for so long, and then lets others have their turn.
BUSY_S = 5.0


@shared_task(queue="triage")
def take_in(**_later: object) -> int:
    """Judge and route what waits for triage; how many messages."""
    taken, until = 0, time.monotonic() + BUSY_S
    while time.monotonic() < until:
        found = pipeline.take_in(taking_in.route)
        if not found:
            return taken
        taken += found
    pipeline.again()
    return taken


@shared_task(queue="triage")
def drain_queues(**_later: object) -> int:
    """Give waiting work of push queues to people who have become free."""
    return assignment.drain()


@shared_task(queue="default")
def fire_rules(**_later: object) -> int:
    """Do what rules that wait say, where their time has come."""
    return timed.fire_due()


@shared_task(queue="default")
def call_webhooks(**_later: object) -> int:
    """Make the calls of rules that are due."""
    return webhooks.call_due()


# A back-test of 100,000 messages takes under a minute where nothing else runs; a busy machine takes longer.
@shared_task(queue="default", soft_time_limit=130, time_limit=140)
def run_backtests(**_later: object) -> int:
    """Run the back-tests that wait."""
    return backtest.run_due()


@shared_task(queue="default")
def chase_handoffs(**_later: object) -> int:
    """Tell who can help of escalations that nobody has acknowledged in time."""
    return escalation.chase()


@shared_task(queue="default")
def run_lanes(**_later: object) -> int:
    """Begin the influencer lanes that have become due, and end those whose time is over."""
    return lane.look() + lane.return_due()


@shared_task(queue="default")
def sweep_deadlines(**_later: object) -> int:
    """Tell of what is late, and of what is nearly due."""
    return deadlines.sweep()


@shared_task(queue="default")
def tell_followers(**_later: object) -> int:
    """Tell who follows a conversation that somebody wrote in it."""
    return followers.tell_followers()


# A mail server may take 10 s for each.
@shared_task(queue="default", soft_time_limit=560, time_limit=580)
def send_digests(**_later: object) -> int:
    """Send the digests that are due."""
    return digest.send_due()


@shared_task(queue="default")
def push_notices(**_later: object) -> int:
    """Push the notices that are due to people's devices."""
    return pushing.push_due()


@shared_task(queue="default")
def forget_pushes(**_later: object) -> int:
    """Remove the stories of pushes that are over."""
    return pushing.forget()


@shared_task(queue="default")
def recount_clocks(**_later: object) -> int:
    """Reckon running clocks anew where hours or a policy changed."""
    done = 0
    for _ in range(BATCHES):
        found = recount.work()
        done += found
        if not found:
            break
    return done


@shared_task(queue="default")
def draw_sample(**_later: object) -> int:
    """Choose the day's messages by which triage is judged."""
    with periodic.turn("routing.draw_sample", HOUR) as ours:
        return samples.draw() if ours else 0


# Learning from 20,000 corrections takes about half a minute for one label and scope.
@shared_task(queue="default", soft_time_limit=1700, time_limit=1800)
def learn(**_later: object) -> int:
    """Learn from corrections once a day, and let what is surely better judge."""
    with periodic.turn("routing.learn", DAY) as ours:
        return training.train_all() if ours else 0
