"""Is the arithmetic of targets right, over years with changes of the clocks?

    python -m benchmarks.sla [--cases N] [--seed N] [--break ignore-dst|ignore-holidays|ignore-pauses] [--json PATH]

Random calendars (several periods a day, some past midnight, holidays, zones that change by an hour, by half an hour
and at midnight) and random cases in them: how long is it open between two instants, and when is a target reached,
with pauses. `routing.calendar` and `routing.clocks` are compared with a counter that shares nothing with them: it
writes down for every minute of a year whether the wall clock stands in a period, and counts. `--break` damages what
is given to the fast side, to see that differences are found. Leaves with 1 when there is one.
"""

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.sla_rig.cases import Case, Hours, random_case, random_hours
from benchmarks.sla_rig.slow import SlowYear
from benchmarks.tables import show

CASES_PER_CALENDAR = 200
FAULTS = ("ignore-dst", "ignore-holidays", "ignore-pauses")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="fault", choices=FAULTS)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    began = time.perf_counter()
    counted = compare(chosen.cases, random.Random(chosen.seed), chosen.fault)
    result = {"seed": chosen.seed, "fault": chosen.fault or "none", **counted, "seconds": time.perf_counter() - began}
    show("Targets against a counter minute by minute", result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if counted["differences"] else 0


def compare(cases: int, chance: random.Random, fault: str | None) -> dict[str, float]:
    """How many cases there were of each sort, and how many differ."""
    counted: Counter[str] = Counter(cases=0, differences=0)
    fast_s = 0.0
    while counted["cases"] < cases:
        hours = random_hours(chance)
        year, calendar = hours.slow(), damaged(hours, fault).fast()
        counted["calendars"] += 1
        for _ in range(min(CASES_PER_CALENDAR, cases - counted["cases"])):
            case = random_case(chance, year)
            given = replace(case, pauses=()) if fault == "ignore-pauses" else case
            began = time.perf_counter()
            found = given.fast(calendar, year)
            fast_s += time.perf_counter() - began
            expected = case.slow(year)
            count(counted, case, year, expected)
            counted["differences"] += found != expected
    return {**counted, "microseconds_per_case": fast_s / cases * 1e6}


def count(counted: Counter[str], case: Case, year: SlowYear, expected: int | None) -> None:
    """What sort of case it was; it crosses what lies before its end."""
    end = case.last if case.sort == "between" else expected
    counted["cases"] += 1
    counted[f"of_{case.sort}"] += 1
    counted["never_due"] += case.sort == "due" and expected is None
    counted["with_pauses"] += bool(case.pauses)
    until = year.minutes if end is None else end
    counted["across_a_change_of_the_clocks"] += any(case.first < change <= until for change in year.changes)
    counted["across_a_holiday"] += bool(year.holiday[case.first : until].count(1))


def damaged(hours: Hours, fault: str | None) -> Hours:
    """What the fast side is given."""
    if fault == "ignore-holidays":
        return replace(hours, holidays=frozenset())
    if fault == "ignore-dst":
        january = datetime(hours.year, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(hours.zone)).utcoffset()
        whole, rest = divmod(january.total_seconds() if january else 0, 3600)
        return hours if rest else replace(hours, zone=f"Etc/GMT{-int(whole):+d}" if whole else "UTC")
    return hours


if __name__ == "__main__":
    raise SystemExit(main())
