"""A bar chart of amounts by due date; what lies above the ceiling is dashed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vigente.domain import money

WIDTH, HEIGHT, BASE = 560, 204, 182
TALLEST = 148
MOST_BARS = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and what it says."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    label: str
    value: str
    is_held: bool

    @property
    def value_y(self) -> int:
        """Return where the value stands: just above the bar."""
        return self.y - 6


def bars(written: Mapping[str, int], *, held: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each due date; many dates are gathered by month."""
    amounts = _gathered(written, held)
    if not amounts:
        return []
    step = WIDTH // len(amounts)
    width = min(44, step - 6)
    most = max(cents for _, cents, _ in amounts) or 1
    return [
        _bar(number * step + (step - width) // 2, width, label, cents, most, is_held=is_held)
        for number, (label, cents, is_held) in enumerate(amounts)
    ]


def _gathered(written: Mapping[str, int], held: Mapping[str, int]) -> list[tuple[str, int, bool]]:
    days = [(date.fromisoformat(d), cents, False) for d, cents in written.items()]
    days += [(date.fromisoformat(d), cents, True) for d, cents in held.items()]
    label = "{:%d/%m}" if len(days) <= MOST_BARS else "{:%m/%y}"
    totals: dict[tuple[str, bool], int] = {}
    for day, cents, is_held in sorted(days):
        key = (label.format(day), is_held)
        totals[key] = totals.get(key, 0) + cents
    return [(text, cents, is_held) for (text, is_held), cents in totals.items()][:MOST_BARS]


def _bar(x: int, width: int, label: str, cents: int, most: int, *, is_held: bool) -> Bar:
    height = max(TALLEST * cents // most, 2)
    return Bar(
        x=x,
        y=BASE - height,
        width=width,
        height=height,
        middle=x + width // 2,
        label=label,
        value=_short(cents),
        is_held=is_held,
    )


def _short(cents: int) -> str:
    """Return an amount in thousands of reais from ten thousand on, whole reais below."""
    if cents >= 1_000_000:
        return f"{money.amount(money.round_half_up(cents, 1000))[:-1]} mil"
    return money.amount(money.round_half_up(cents, 100) * 100)[:-3]
