"""The difference that changing items inside an issued period makes, by either policy.

PERIOD_BALANCE is exact: the period's cost after the change less its cost before. MANUAL follows
the two worked examples of the manual to the centavo, also where they are not exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain import adjustments, explanation, items, money, recurring
from vigente.domain.codes import DifferenceKind, DifferencePolicy
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.proration import Cost
from vigente.domain.schedule import ServicePeriod


class DayOutsideThePeriod(ValueError):
    """A data da alteração fica fora do período."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an alteration inside an issued period charges or gives back, and its sums.

    `old_part` are the days before the alteration, `new_part` those from it on; `reference_cents`
    is what their sum is compared with. `cents` is never negative, and zero where `kind` is NONE.
    """

    policy: DifferencePolicy
    kind: DifferenceKind
    old_part: Cost
    new_part: Cost
    reference_cents: int
    cents: int

    @property
    def sum_cents(self) -> int:
        """Return both parts together."""
        return self.old_part.cents + self.new_part.cents

    @property
    def signed_cents(self) -> int:
        """Return what the customer owes: below zero it is given back."""
        return -self.cents if self.kind is DifferenceKind.DISCOUNT else self.cents

    @property
    def explanation(self) -> str:
        """Return the sum that the item prints; where there is one, it comes to `cents`."""
        if self.kind is DifferenceKind.DISCOUNT and self.sum_cents < self.reference_cents:
            parts = [self.reference_cents, -self.old_part.cents, -self.new_part.cents]
            return explanation.addition(parts)
        parts = [self.old_part.cents, self.new_part.cents]
        return explanation.addition(parts, less=self.reference_cents)

    @property
    def sums(self) -> tuple[str, ...]:
        """Return every sum on the way: each part, both together, the difference."""
        parts = [self.old_part.cents, self.new_part.cents]
        return (
            self.old_part.explanation,
            self.new_part.explanation,
            explanation.addition(parts),
            _last_step(self),
        )


def manual(old_cents: int, new_cents: int, *, period: Period, on: date) -> Difference:
    """Return the difference as the manual reckons it; amounts are of the full cycle `period`.

    An upgrade charges the sum less the old value, a downgrade grants the sum less the new one.
    One centavo or less, or the wrong sign, makes no item.

    >>> july = Period(date(2025, 7, 10), date(2025, 8, 10))
    >>> upgrade = manual(4990, 8990, period=july, on=date(2025, 7, 13))
    >>> upgrade.explanation
    'R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13'
    >>> manual(8990, 4990, period=july, on=date(2025, 7, 13)).explanation
    'R$ 8,70 + R$ 45,06 − R$ 49,90 = R$ 3,86'

    :raises DayOutsideThePeriod: if `on` is not in the period.
    """
    _require_inside(period, on=on)
    old_days = (on - period.start).days
    old_part = _at_daily_rate(old_cents, divisor=period.days, days=old_days, truncated=False)
    new_part = _at_daily_rate(
        new_cents, divisor=period.days, days=period.days - old_days, truncated=True
    )
    reference = min(old_cents, new_cents)
    result = old_part.cents + new_part.cents - reference
    kind = DifferenceKind.CHARGE if new_cents > old_cents else DifferenceKind.DISCOUNT
    if new_cents == old_cents or result <= 1:
        kind = DifferenceKind.NONE
    return Difference(
        policy=DifferencePolicy.MANUAL,
        kind=kind,
        old_part=old_part,
        new_part=new_part,
        reference_cents=reference,
        cents=0 if kind is DifferenceKind.NONE else result,
    )


def period_balance(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    service: ServicePeriod,
    on: date,
    periodicity: Periodicity,
) -> Difference:
    """Return the cost of the period with the items `after`, less its cost with those `before`.

    :raises DayOutsideThePeriod: if `on` is not in the period.
    """
    _require_inside(service.period, on=on)
    reference = adjustments.recurring_cost(before, service=service, periodicity=periodicity)
    total = adjustments.recurring_cost(after, service=service, periodicity=periodicity)
    old_part = _cost(after, service=service, start=None, end=on, periodicity=periodicity)
    new_part = _cost(after, service=service, start=on, end=None, periodicity=periodicity)
    if new_part.cents != total - old_part.cents:
        rest = total - old_part.cents
        new_part = Cost(rest, explanation.difference(total, old_part.cents))
    result = total - reference
    return Difference(
        policy=DifferencePolicy.PERIOD_BALANCE,
        kind=kind_of(result),
        old_part=old_part,
        new_part=new_part,
        reference_cents=reference,
        cents=abs(result),
    )


def of_values(
    old_cents: int, new_cents: int, *, period: Period, on: date, policy: DifferencePolicy
) -> Difference:
    """Return the difference between two values of one full cycle, without a contract.

    :raises DayOutsideThePeriod: if `on` is not in the period.
    """
    if policy is DifferencePolicy.MANUAL:
        return manual(old_cents, new_cents, period=period, on=on)
    _require_inside(period, on=on)
    old = items.of_value(old_cents, starts_on=period.start)
    changed = (old._replace(ends_on=on), items.of_value(new_cents, starts_on=on))
    service = ServicePeriod(
        period=period,
        cycle=period,
        divisor_days=period.days,
        in_full=False,
        nominal_due_on=period.end,
    )
    return period_balance(
        (old,), changed, service=service, on=on, periodicity=Periodicity.months(1)
    )


def value_of_cycle(
    contract_items: Sequence[Item], *, service: ServicePeriod, on: date, periodicity: Periodicity
) -> int:
    """Return what the recurring items in force on a day come to in a whole cycle."""
    lines = recurring.cycle_lines(contract_items, service=service, on=on, periodicity=periodicity)
    return sum(line.amount_cents for line in lines)


def why_not_manual(
    service: ServicePeriod,
    *,
    altered_on: Sequence[date],
    is_temporary: bool,
    lower_cents: int = 0,
) -> str | None:
    """Return, in words, why PERIOD_BALANCE is used in place of MANUAL, or None.

    `altered_on` are the days of the contract's earlier alterations that still stand,
    `lower_cents` the lower of both values of a cycle.
    """
    if is_temporary:
        return "a alteração é temporária"
    if any(day in service.period for day in altered_on):
        return "este período já teve uma alteração"
    if service.period != service.cycle or service.divisor_days != service.cycle.days:
        return "o período não é um ciclo inteiro"
    if lower_cents < 0:
        return "os descontos passam do valor dos produtos"
    return None


def shortfall_cents(chosen: Difference, *, balance: Difference) -> int:
    """Return how much less the customer gets by the chosen policy than by the exact one."""
    return max(chosen.signed_cents - balance.signed_cents, 0)


def _require_inside(period: Period, *, on: date) -> None:
    if on not in period:
        raise DayOutsideThePeriod(
            f"A data da alteração, {on:%d/%m/%Y}, fica fora do período de {period.label()}; "
            "informe um dia dentro dele."
        )


def _at_daily_rate(price_cents: int, *, divisor: int, days: int, truncated: bool) -> Cost:
    """Return days at a daily rate truncated to ten-thousandths of a real."""
    rate = price_cents * 100 // divisor
    cents = rate * days // 100 if truncated else money.round_half_up(rate * days, 100)
    text = explanation.at_daily_rate(
        price_cents, divisor=divisor, days=days, cents=cents, truncated=truncated
    )
    return Cost(cents, text)


def _cost(
    contract_items: Sequence[Item],
    *,
    service: ServicePeriod,
    start: date | None,
    end: date | None,
    periodicity: Periodicity,
) -> Cost:
    """Return what the recurring items cost on a part of the period, and how."""
    start, end = start or service.period.start, end or service.period.end
    if start >= end:
        return Cost(0, explanation.whole(0))
    part = recurring.cut(service, period=Period(start, end))
    lines = recurring.recurring_lines(contract_items, service=part, periodicity=periodicity)
    if len(lines) == 1:
        return Cost(lines[0].amount_cents, lines[0].explanation)
    cents = [line.amount_cents for line in lines] or [0]
    return Cost(sum(cents), explanation.addition(cents))


def kind_of(cents: int) -> DifferenceKind:
    """Return what a signed amount makes: above zero it is charged."""
    if cents == 0:
        return DifferenceKind.NONE
    return DifferenceKind.CHARGE if cents > 0 else DifferenceKind.DISCOUNT


def _last_step(difference: Difference) -> str:
    total, reference = difference.sum_cents, difference.reference_cents
    if difference.kind is DifferenceKind.DISCOUNT and total < reference:
        return explanation.difference(reference, total)
    return explanation.difference(total, reference)
