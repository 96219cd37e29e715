"""Several threads at the same instant, each with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

DEADLINE_S = 60


def race(*runners: Callable[[], T]) -> list[T | Exception]:
    """What each runner returned or raised, in order; they start together."""
    gate = threading.Barrier(len(runners))
    outcomes: list[T | Exception] = [AssertionError("it never ended")] * len(runners)

    def run(place: int, runner: Callable[[], T]) -> None:
        try:
            gate.wait(DEADLINE_S)
            outcomes[place] = runner()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    return outcomes


def split(outcomes: list[T | Exception]) -> tuple[list[T], list[Exception]]:
    """Who won and who lost."""
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)], lost
