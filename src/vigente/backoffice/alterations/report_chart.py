"""A chart of lying bars: by how much each group changes the revenue a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from vigente.domain import money

WIDTH, LEFT, RIGHT = 560, 168, 470
ROW, THICK = 28, 18
MOST_BARS = 12
LONGEST = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it lies and what it says."""

    x: int
    y: int
    width: int
    label: str
    value: str
    falls: bool

    @property
    def text_y(self) -> int:
        """Return the line that the words stand on."""
        return self.y + THICK - 5


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, where nothing changes (`zero`), the height, and how many groups were left out."""

    bars: Sequence[Bar]
    zero: int
    height: int
    left_out: int


def bars(changes: Sequence[tuple[str, int]]) -> Chart | None:
    """Return the first groups as bars to the right of zero, or to the left where they fall."""
    if not changes:
        return None
    shown = changes[:MOST_BARS]
    least = min(0, *(cents for _, cents in shown), 0)
    span = max(0, *(cents for _, cents in shown), 0) - least or 1
    zero = LEFT + (RIGHT - LEFT) * -least // span
    drawn = [
        _bar(number, label, cents, zero=zero, span=span)
        for number, (label, cents) in enumerate(shown)
    ]
    return Chart(drawn, zero, ROW * len(drawn) + 4, len(changes) - len(drawn))


def _bar(number: int, label: str, cents: int, *, zero: int, span: int) -> Bar:
    width = max((RIGHT - LEFT) * abs(cents) // span, 2)
    return Bar(
        x=zero - width if cents < 0 else zero,
        y=ROW * number + 5,
        width=width,
        label=label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…",
        value=money.signed(cents),
        falls=cents < 0,
    )
