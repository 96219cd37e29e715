import pytest

from inbox.dispatch import Arrival
from routing.rules import FirstQueue, FirstQueues, decide

CARE, PR = FirstQueue(1, "Care"), FirstQueue(2, "PR")


def arrival(followers: int | None) -> Arrival:
    return Arrival(channel_id=1, brand_id=1, private=False, followers=followers, verified=False)


@pytest.mark.parametrize(
    ("followers", "queue", "why"),
    [
        (None, "Care", "Care takes everything else"),
        (0, "Care", "Care takes everything else"),
        (49_999, "Care", "Care takes everything else"),
        (50_000, "PR", "50,000 followers: from 50,000 on PR goes first"),
        (1_200_000, "PR", "1,200,000 followers: from 50,000 on PR goes first"),
    ],
)
def test_reach_decides(followers: int | None, queue: str, why: str) -> None:
    placement = decide(arrival(followers), FirstQueues(CARE, PR), reach=50_000)

    assert (placement.queue, placement.why) == (queue, why)


def test_without_pr_care_takes_everything() -> None:
    assert decide(arrival(9_000_000), FirstQueues(CARE, None), reach=50_000).queue_id == CARE.queue_id
