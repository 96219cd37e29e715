"""Several runs of the same parts as one: medians, and what each run said of the ratios."""

import statistics
from collections.abc import Sequence
from typing import Any

RATIOS = ("x_", "ratio", "cpu_ratio", "same_rows_cpu_ratio")


def merged(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Median of every number; of every ratio also the single runs; of lists all that any run found."""
    found: dict[str, Any] = {}
    for name, first in runs[0].items():
        values = [run[name] for run in runs]
        if isinstance(first, dict):
            found[name] = merged(values)
        elif isinstance(first, list):
            found[name] = sorted({entry for value in values for entry in value})
        elif isinstance(first, bool) or not isinstance(first, int | float):
            found[name] = first if len(set(values)) == 1 else values
        else:
            found[name] = round(statistics.median(values), 3)
            if name.startswith(RATIOS) and len(runs) > 1:
                found[f"{name}_of_runs"] = values
    return found
