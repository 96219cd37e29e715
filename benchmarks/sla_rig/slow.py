"""The slow side: what the wall clock of a year says, minute by minute. It knows nothing of `routing`'s arithmetic."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class SlowYear:
    """One calendar's year, written down: of every minute whether it is open, and whether it lies in a holiday."""

    def __init__(self, zone: str, periods: list[tuple[int, int, int]], holidays: set, year: int) -> None:
        self.start = datetime(year, 1, 1, tzinfo=UTC)
        self.minutes = (datetime(year + 1, 1, 1, tzinfo=UTC) - self.start) // MINUTE
        self.open = bytearray(self.minutes)
        self.changes: list[int] = []
        self.holiday = bytearray(self.minutes)
        self._write_down(ZoneInfo(zone), periods, holidays)
        self._opened = [minute for minute in range(self.minutes) if self.open[minute]]

    def _write_down(self, zone: ZoneInfo, periods: list[tuple[int, int, int]], holidays: set) -> None:
        offset = self.start.astimezone(zone).utcoffset()
        for minute in range(self.minutes):
            local = (self.start + minute * MINUTE).astimezone(zone)
            if local.utcoffset() != offset:
                self.changes.append(minute)
                offset = local.utcoffset()
            today, of_day = local.date(), local.hour * 60 + local.minute
            yesterday = today - timedelta(days=1)
            self.holiday[minute] = today in holidays
            for weekday, opens, closes in periods:
                began_today = weekday == today.weekday() and today not in holidays and opens <= of_day < closes
                began_yesterday = (
                    weekday == yesterday.weekday() and yesterday not in holidays and opens <= of_day + 1440 < closes
                )
                if began_today or began_yesterday:
                    self.open[minute] = 1

    def count(self, first: int, last: int) -> int:
        """Open minutes from `first` to before `last`."""
        return self.open[first:last].count(1)

    def due(self, first: int, target: int, pauses: list[tuple[int, int | None]]) -> int | None:
        """The minute at whose beginning the clock has run for `target`; None = not within the year, or paused."""
        left = target
        for minute in self._opened[bisect_left(self._opened, first) :]:
            if any(begin <= minute and (end is None or minute < end) for begin, end in pauses):
                continue
            left -= 1
            if left == 0:
                return minute + 1
        return None
