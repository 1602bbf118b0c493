"""The price of a part of a cycle, so that no cut of a cycle ever loses or gains a centavo.

Running totals are rounded and then subtracted: `accrued(day) = round(price × days elapsed ÷ days
of the cycle)`, and the days `[a, b)` cost `accrued(b) − accrued(a)`.
"""

from datetime import date
from typing import NamedTuple

from vigente.domain import explanation, money
from vigente.domain.periods import Period


class Cost(NamedTuple):
    """An amount in centavos and the printed sum that explains it."""

    cents: int
    explanation: str


def accrued(price_cents: int, *, cycle: Period, day: date) -> int:
    """Return how much of the cycle's price has been earned when `day` begins.

    >>> cycle = Period(date(2025, 7, 10), date(2025, 8, 10))
    >>> accrued(4990, cycle=cycle, day=date(2025, 7, 13))
    483
    """
    elapsed = min(max(day, cycle.start), cycle.end).toordinal() - cycle.start.toordinal()
    return money.share(price_cents, part=elapsed, whole=cycle.days)


def cost(
    price_cents: int,
    *,
    cycle: Period,
    used: Period,
    divisor_days: int | None = None,
    origin: date | None = None,
) -> Cost:
    """Return what the `used` days of `cycle` cost; a full cycle costs its price, unprorated.

    With a divisor other than the cycle's days (the 30-day month of a first invoice), running
    totals begin on `origin`, and the whole never costs more than the price.
    """
    if used.start == cycle.start and used.end == cycle.end and divisor_days in (None, cycle.days):
        return Cost(price_cents, explanation.whole(price_cents))
    divisor = divisor_days or cycle.days
    begins = cycle.start if divisor == cycle.days else (origin or used.start)
    after = max(used.start.toordinal() - begins.toordinal(), 0)
    until = used.end.toordinal() - begins.toordinal()
    if after == 0 and until >= divisor:
        return Cost(price_cents, explanation.whole(price_cents))
    cents = money.share(price_cents, part=min(until, divisor), whole=divisor) - money.share(
        price_cents, part=min(after, divisor), whole=divisor
    )
    days = until - after
    if cents == money.share(price_cents, part=days, whole=divisor):
        return Cost(
            cents, explanation.days_of_cycle(price_cents, divisor=divisor, days=days, cents=cents)
        )
    return Cost(
        cents,
        explanation.running_totals(
            price_cents,
            divisor=divisor,
            until=min(until, divisor),
            after=min(after, divisor),
            cents=cents,
        ),
    )


def uncapped(price_cents: int, *, divisor: int, origin: date, used: Period) -> Cost:
    """Return what days at a daily price cost, counted from `origin` on, however many they are.

    >>> lengthened = Period(date(2025, 9, 10), date(2025, 9, 20))
    >>> uncapped(8990, divisor=31, origin=lengthened.start, used=lengthened).explanation
    'R$ 89,90 ÷ 31 × 10 dias = R$ 29,00'
    """
    after, until = (day.toordinal() - origin.toordinal() for day in (used.start, used.end))
    cents = money.share(price_cents, part=until, whole=divisor) - money.share(
        price_cents, part=after, whole=divisor
    )
    if cents == money.share(price_cents, part=used.days, whole=divisor):
        return Cost(
            cents,
            explanation.days_of_cycle(price_cents, divisor=divisor, days=used.days, cents=cents),
        )
    return Cost(
        cents,
        explanation.running_totals(
            price_cents, divisor=divisor, until=until, after=after, cents=cents
        ),
    )
