"""What recurring items cost on the days of a service period: explained lines.

The days that a changed due day adds to a period, or takes from it, are priced here as well, so
that whatever reckons with a period reckons with its true days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from vigente.domain import explanation, items, money, proration, tax_split
from vigente.domain.codes import ItemKind, LineKind, TaxClass
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.proration import Cost
from vigente.domain.schedule import ServicePeriod
from vigente.domain.tax_split import Own, Share


class Line(NamedTuple):
    """One explained amount; `charge_numbers` are the charges of a counted item it makes.

    A named tuple for the same reason as `Item`.
    """

    kind: LineKind
    description: str
    amount_cents: int
    explanation: str
    tax_class: TaxClass = TaxClass.NONE
    product_id: int | None = None
    item_id: int | None = None
    quantity_milli: int = 1000
    unit_cents: int = 0
    days: int | None = None
    charge_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Days that a changed due day adds to a period or takes from it, and what they cost.

    `cost` is never below zero: days are charged or given back, where discounts exceed the price
    the other way round. `own` is what each product has in it, as proportions.
    """

    days: Period
    is_added: bool
    is_charged: bool
    cost: Cost
    own: tuple[Own, ...]

    @property
    def signed_cents(self) -> int:
        """Return what the customer owes for it: below zero it is given back."""
        return self.cost.cents if self.is_charged else -self.cost.cents

    @property
    def words(self) -> str:
        """Return the days as people say them.

        >>> from datetime import date
        >>> day = Period(date(2026, 1, 1), date(2026, 1, 2))
        >>> Shift(days=day, is_added=False, is_charged=False, cost=Cost(0, ""), own=()).words
        '1 dia a menos'
        """
        count = self.days.days
        return f"{count} {'dia' if count == 1 else 'dias'} a {'mais' if self.is_added else 'menos'}"


def cut(service: ServicePeriod, *, period: Period) -> ServicePeriod:
    """Return `service` for only the days of `period`, priced as parts of the same cycle."""
    if period == service.period:
        return service
    if service.regular is not None:
        return _cut_stretched(service, regular=service.regular, period=period)
    if service.in_full:
        whole = service.period
        return replace(service, period=period, cycle=whole, divisor_days=whole.days, in_full=False)
    return replace(service, period=period)


def cost(price_cents: int, *, service: ServicePeriod, used: Period) -> Cost:
    """Return what `used` days of the service period cost, with the sum that explains it."""
    if service.in_full:
        return proration.cost(price_cents, cycle=service.period, used=used)
    return proration.cost(
        price_cents,
        cycle=service.cycle,
        used=used,
        divisor_days=service.divisor_days,
        origin=service.period.start,
    )


def recurring_lines(
    contract_items: Sequence[Item], *, service: ServicePeriod, periodicity: Periodicity
) -> list[Line]:
    """Return the lines of all recurring items, discounts after what they reduce.

    Days that a changed due day adds or takes away have lines of their own, at the end.
    """
    if service.regular is not None:
        regular = as_regular(service)
        return [
            *recurring_lines(contract_items, service=regular, periodicity=periodicity),
            *_shift_lines(contract_items, service=service, periodicity=periodicity),
        ]
    charged = charged_items(contract_items)
    lines = []
    for item in charged:
        line = _recurring_line(item, service=service, periodicity=periodicity)
        if line is not None:
            lines.append(line)
    for item in contract_items:
        if item.kind is ItemKind.DISCOUNT and item.is_recurring and not item.only_if_paid_by_due:
            amount = discount(item, charged, service=service, periodicity=periodicity)
            if amount is not None:
                lines.append(discount_line(item, amount))
    return lines


def cycle_lines(
    contract_items: Sequence[Item], *, service: ServicePeriod, on: date, periodicity: Periodicity
) -> list[Line]:
    """Return the lines of a whole cycle of the recurring items in force on a day."""
    cycle = service.cycle
    throughout = [
        item._replace(starts_on=cycle.start, ends_on=None)
        for item in contract_items
        if item.is_recurring and items.is_in_force(item, on=on)
    ]
    whole = replace(service, period=cycle, divisor_days=cycle.days, in_full=False, regular=None)
    return recurring_lines(throughout, service=whole, periodicity=periodicity)


def as_regular(service: ServicePeriod) -> ServicePeriod:
    """Return the period as it would be without a changed due day."""
    if service.regular is None:
        return service
    return replace(service, period=service.regular, regular=None)


def shift(
    contract_items: Sequence[Item], *, service: ServicePeriod, periodicity: Periodicity
) -> Shift | None:
    """Return the days that a changed due day adds to the period, or takes from it, and their cost.

    They cost the net value of the cycle, divided by its days, for each day.
    """
    if service.regular is None:
        return None
    end, regular_end = service.period.end, service.regular.end
    days = Period(min(end, regular_end), max(end, regular_end))
    edges = {days.start, days.end}
    for item in contract_items:
        if item.is_recurring:
            edges |= {day for day in (item.starts_on, item.ends_on) if day and day in days}
    nets = []
    for start, until in pairwise(sorted(edges)):
        lines = cycle_lines(contract_items, service=service, on=start, periodicity=periodicity)
        nets.append((Period(start, until), lines))
    divisor, is_added = service.cycle.days, end > regular_end
    costs = [_days_at(_net(lines), part, of=days, divisor=divisor) for part, lines in nets]
    is_positive = sum(cost.cents for cost in costs) >= 0
    if not is_positive:
        costs = [_days_at(-_net(lines), part, of=days, divisor=divisor) for part, lines in nets]
    return Shift(
        days=days,
        is_added=is_added,
        is_charged=is_added == is_positive,
        cost=_together(costs),
        own=tuple(
            Own(line.product_id, line.tax_class, line.amount_cents * weight)
            for part, lines in nets
            for weight in [1 if part == days else part.days]
            for line in lines
        ),
    )


def _net(lines: Sequence[Line]) -> int:
    return sum(line.amount_cents for line in lines)


def _days_at(net_cents: int, part: Period, *, of: Period, divisor: int) -> Cost:
    return proration.uncapped(net_cents, divisor=divisor, origin=of.start, used=part)


def _cut_stretched(service: ServicePeriod, *, regular: Period, period: Period) -> ServicePeriod:
    """Return a part of a period that a changed due day made longer or shorter."""
    whole = as_regular(service)
    if period.end <= regular.end:
        return cut(whole, period=period)
    if period.start >= regular.end:
        cycle = Period(regular.end, regular.end + timedelta(days=service.cycle.days))
        return replace(whole, period=period, cycle=cycle, divisor_days=cycle.days, in_full=False)
    own = cut(whole, period=Period(period.start, regular.end))
    return replace(own, period=period, regular=own.period)


def _shift_lines(
    contract_items: Sequence[Item], *, service: ServicePeriod, periodicity: Periodicity
) -> list[Line]:
    moved = shift(contract_items, service=service, periodicity=periodicity)
    if moved is None:
        return []
    return [_shift_line(moved, share) for share in tax_split.by_tax_class(moved.cost, moved.own)]


def _shift_line(moved: Shift, share: Share) -> Line:
    is_charged = moved.is_charged == (share.cents > 0)
    cents = abs(share.cents)
    number = moved.days.days
    return Line(
        kind=LineKind.ADDITIONAL if is_charged else LineKind.DISCOUNT,
        description=f"{moved.words} pela mudança do vencimento",
        amount_cents=cents if is_charged else -cents,
        explanation=share.explanation if is_charged else explanation.negative(share.explanation),
        tax_class=share.tax_class,
        product_id=share.product_id,
        unit_cents=cents,
        days=number,
    )


def _together(costs: Sequence[Cost]) -> Cost:
    if len(costs) == 1:
        return costs[0]
    return Cost(sum(c.cents for c in costs), explanation.addition([c.cents for c in costs]))


def charged_items(contract_items: Sequence[Item]) -> list[Item]:
    """Return the items that recurring discounts reduce."""
    return [i for i in contract_items if i.is_recurring and i.kind is not ItemKind.DISCOUNT]


def _recurring_line(item: Item, *, service: ServicePeriod, periodicity: Periodicity) -> Line | None:
    used = items.days_in_force(item, within=service.period)
    if used is None:
        return None
    price = items.cycle_price(item, periodicity=periodicity)
    return line_of(item, cost(price, service=service, used=used), days=used.days)


def discount(
    item: Item, charged: Sequence[Item], *, service: ServicePeriod, periodicity: Periodicity
) -> Cost | None:
    """Return what a recurring discount takes off in its days of the period, above zero."""
    used = items.days_in_force(item, within=service.period)
    if used is None:
        return None
    if item.percent_e4 is None:
        return cost(items.cycle_price(item, periodicity=periodicity), service=service, used=used)
    base = discounted_cents(item, charged, service=service, periodicity=periodicity, within=used)
    return Cost(
        money.round_half_up(base * item.percent_e4, 1_000_000),
        explanation.percent(base, percent_e4=item.percent_e4),
    )


def discounted_cents(
    discount: Item,
    charged: Sequence[Item],
    *,
    service: ServicePeriod,
    periodicity: Periodicity,
    within: Period,
) -> int:
    """Return what the discounted items cost on the days `within` the period."""
    total = 0
    for item in charged:
        if discount.discounted_item_id not in (None, item.id):
            continue
        used = items.days_in_force(item, within=service.period)
        days = used.overlap(within) if used else None
        if days is not None:
            price = items.cycle_price(item, periodicity=periodicity)
            total += cost(price, service=service, used=days).cents
    return total


def discount_line(item: Item, amount: Cost, *, charge_numbers: tuple[int, ...] = ()) -> Line:
    """Return the line of a discount: the amount, above zero, is taken off."""
    taken_off = Cost(-amount.cents, explanation.negative(amount.explanation))
    return line_of(item, taken_off, charge_numbers=charge_numbers)


def line_of(
    item: Item, amount: Cost, *, days: int | None = None, charge_numbers: tuple[int, ...] = ()
) -> Line:
    """Return the line that charges an amount for an item."""
    return Line(
        items.line_kind(item),
        item.description,
        amount.cents,
        amount.explanation,
        item.tax_class,
        item.product_id,
        item.id,
        item.quantity_milli,
        item.price_cents,
        days,
        charge_numbers,
    )
