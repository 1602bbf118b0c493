"""What delay costs: a fine once and simple interest by the day, on the principal only.

The limits are the law's: a fine of at most 2 % (Consumer Code, art. 52 § 1) and interest of at
most 1 % a month. What is due on a day without banks may be paid on the next one with them (Lei
7.089/1983). A payment settles the interest first, then the fine, then the principal (Civil Code,
art. 354), so that interest is only ever counted on what is still owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain import explanation, money

DAYS_OF_MONTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LateTerms:
    """The fine, and the interest of a month, in ten-thousandths of 1 %."""

    fine_e4: int = 0
    interest_e4: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was settled on a day: of the principal, of the fine and of the interest.

    What was waived settles no principal.
    """

    on: date
    principal_cents: int = 0
    fine_cents: int = 0
    interest_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDebt:
    """A receivable as delay finds it; paid until `free_until` it costs nothing more."""

    amount_cents: int
    due_on: date
    free_until: date
    terms: LateTerms
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """What is to be paid for delay on a day, beside the principal, each with its sum."""

    days: int = 0
    fine_cents: int = 0
    interest_cents: int = 0
    fine_explanation: str = ""
    interest_explanation: str = ""

    @property
    def cents(self) -> int:
        """Return both together."""
        return self.fine_cents + self.interest_cents


NO_CHARGES = Charges()


def charges(debt: LateDebt, *, on: date) -> Charges:
    """Return what delay until a day costs, less what was paid and waived of it.

    >>> bill = LateDebt(amount_cents=8990, due_on=date(2026, 8, 10), free_until=date(2026, 8, 10),
    ...                 terms=LateTerms(fine_e4=20_000, interest_e4=10_000))
    >>> late = charges(bill, on=date(2026, 8, 20))
    >>> late.fine_explanation, late.interest_explanation
    ('R$ 89,90 × 2% = R$ 1,80', 'R$ 89,90 × 1% ÷ 30 × 10 dias = R$ 0,30')
    """
    if on <= debt.free_until:
        return NO_CHARGES
    in_time = sum(one.principal_cents for one in debt.settled if one.on <= debt.free_until)
    base = debt.amount_cents - in_time
    late = sorted((one for one in debt.settled if one.on > debt.free_until), key=_day)
    if base - sum(one.principal_cents for one in late) <= 0:
        return NO_CHARGES
    parts = _parts(base, late, since=debt.due_on, until=on)
    paid_fine = sum(one.fine_cents for one in debt.settled)
    paid_interest = sum(one.interest_cents for one in debt.settled)
    fine = max(fine_of(base, terms=debt.terms) - paid_fine, 0)
    interest = max(_interest_of(parts, terms=debt.terms) - paid_interest, 0)
    return Charges(
        days=(on - debt.due_on).days,
        fine_cents=fine,
        interest_cents=interest,
        fine_explanation=explanation.fine(
            base, percent_e4=debt.terms.fine_e4, less=paid_fine, cents=fine
        )
        if fine
        else "",
        interest_explanation=explanation.interest(
            parts, percent_e4=debt.terms.interest_e4, less=paid_interest, cents=interest
        )
        if interest
        else "",
    )


def fine_of(principal_cents: int, *, terms: LateTerms) -> int:
    """Return the whole fine on a principal that was not paid in time."""
    return money.round_half_up(principal_cents * terms.fine_e4, 1_000_000)


def rounded_by_banks(days: int) -> int:
    """Return by how many centavos a bank's interest may be off: it rounds that of each day.

    >>> rounded_by_banks(10), rounded_by_banks(1)
    (5, 1)
    """
    return (days + 1) // 2


def _parts(
    base: int, late: Sequence[Settled], *, since: date, until: date
) -> tuple[tuple[int, int], ...]:
    """Return the principal and for how many days it was owed, each time until a payment."""
    parts, principal, first = [], base, since
    for one in late:
        day = min(one.on, until)
        if day > first:
            parts.append((principal, (day - first).days))
            first = day
        principal -= one.principal_cents
    if until > first and principal > 0:
        parts.append((principal, (until - first).days))
    return tuple(_joined(parts))


def _joined(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts with neighbours of the same principal as one."""
    joined: list[tuple[int, int]] = []
    for principal, days in parts:
        if joined and joined[-1][0] == principal:
            joined[-1] = (principal, joined[-1][1] + days)
        else:
            joined.append((principal, days))
    return joined


def _interest_of(parts: Sequence[tuple[int, int]], *, terms: LateTerms) -> int:
    owed = sum(principal * days for principal, days in parts)
    return money.round_half_up(owed * terms.interest_e4, 1_000_000 * DAYS_OF_MONTH)


def _day(one: Settled) -> date:
    return one.on
