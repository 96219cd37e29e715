"""What the first reading of an account may cost, said before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from channels import registry
from channels.contracts import FirstRead, StreamKind


@dataclass(frozen=True, slots=True)
class Line:
    """One stream of the first reading.

    Args:
        at_most: items that the network keeps at all, None where no end is known.
        calls / usd: for `at_most` items, None with it; US dollars.
        each_usd: per item.
    """

    stream: str
    at_most: int | None
    calls: int | None
    usd: Decimal | None
    each_usd: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """All streams of the first reading; the sums are of those whose end is known."""

    lines: tuple[Line, ...]

    @property
    def calls(self) -> int:
        return sum(line.calls or 0 for line in self.lines)

    @property
    def usd(self) -> Decimal:
        return sum((line.usd or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def open_ended(self) -> bool:
        """Whether a stream is among them whose number of items nobody can know beforehand."""
        return any(line.at_most is None and line.each_usd for line in self.lines)


def estimate(kind: str, streams: tuple[StreamKind, ...], *, days: int) -> Estimate:
    """What reading the last `days` days may bring and cost at most; with 0 days only one empty call per stream."""
    capabilities = registry.capabilities(kind)
    return Estimate(
        tuple(
            _line(stream, capabilities.first_read.get(stream, FirstRead("", 100)), capabilities.prices, days)
            for stream in streams
        )
    )


def _line(stream: StreamKind, first: FirstRead, prices: Mapping[str, Decimal], days: int) -> Line:
    price = prices.get(first.resource, Decimal(0))
    if days == 0:
        return Line(stream, 0, 1, Decimal(0), price)
    if first.at_most is None:
        return Line(stream, None, None, None, price)
    return Line(stream, first.at_most, -(-first.at_most // first.per_call), first.at_most * price, price)
