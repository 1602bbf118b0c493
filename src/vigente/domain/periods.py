"""Half-open civil dates: `[start, end)`. Screens show the last day, which is the day before."""

from dataclasses import dataclass
from datetime import date, timedelta


class EmptyPeriod(ValueError):
    """Um período tem pelo menos um dia: o fim vem depois do começo."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, but not with, `end`.

    >>> july = Period(date(2025, 7, 10), date(2025, 8, 10))
    >>> july.days, july.label(), date(2025, 8, 10) in july
    (31, '10/07/2025 a 09/08/2025', False)
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise EmptyPeriod(f"{self.start} a {self.end}")

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return self.end.toordinal() - self.start.toordinal()

    @property
    def last_day(self) -> date:
        """Return the last day within the period, as screens show it."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days in both periods, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def label(self) -> str:
        """Return the period as people write it, its last day included."""
        return f"{self.start:%d/%m/%Y} a {self.last_day:%d/%m/%Y}"
