"""Tables for people."""

from collections.abc import Mapping


def show(title: str, values: Mapping[str, object]) -> None:
    """Print names and values, one a line."""
    width = max(map(len, values), default=0)
    print(f"\n{title}", flush=True)
    for name, value in values.items():
        text = f"{value:.2f}" if isinstance(value, float) else str(value)
        print(f"  {name.replace('_', ' '):<{width}}  {text}")
