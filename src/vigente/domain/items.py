"""The items of a contract as the rules see them: what is charged, how often and from when."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from vigente.domain import explanation, money
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, LineKind, TaxClass
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.periods import Period

_LINE_KINDS = {kind: LineKind(kind.value) for kind in ItemKind}


class CyclePriceMissing(LookupError):
    """O item não tem preço por ciclo, e o ciclo deste contrato é contado em dias."""


class Item(NamedTuple):
    """A contract's item. Quantities are thousandths; a percent is ten-thousandths of 1 %.

    RECURRING: `price_cents` is per month and unit. TIMES: an amount for each charge.
    INSTALMENTS: a total divided over `times` charges. `charged` counts those already made.
    A named tuple, since a close makes millions: a frozen dataclass takes six times as long.
    """

    id: int
    kind: ItemKind
    product_id: int
    tax_class: TaxClass
    description: str
    starts_on: date
    ends_on: date | None = None
    quantity_milli: int = 1000
    price_cents: int = 0
    cycle_price_cents: int | None = None
    percent_e4: int | None = None
    discounted_item_id: int | None = None
    charge: Charge = Charge.RECURRING
    times: int | None = None
    charged: int = 0
    prorate: bool = True
    only_if_paid_by_due: bool = False
    origin: ItemOrigin = ItemOrigin.SALE
    explanation: str = ""

    @property
    def is_recurring(self) -> bool:
        """Tell whether the item is priced by its days of every period."""
        return self.charge is Charge.RECURRING

    @property
    def charges_left(self) -> int:
        """Return how many charges of a counted item are still to come."""
        return max((self.times or 0) - self.charged, 0)


def of_value(cents: int, *, starts_on: date) -> Item:
    """Return an item that stands for a bare monthly value, where there is no contract."""
    return Item(
        id=0,
        kind=ItemKind.PLAN,
        product_id=0,
        tax_class=TaxClass.NONE,
        description="",
        starts_on=starts_on,
        price_cents=cents,
    )


def line_kind(item: Item) -> LineKind:
    """Return what the item's line is called on an invoice."""
    if item.origin is ItemOrigin.ACTIVATION_FEE:
        return LineKind.FEE
    if item.origin in (ItemOrigin.ADJUSTMENT, ItemOrigin.ALTERATION):
        return LineKind.ADJUSTMENT
    return _LINE_KINDS[item.kind]


def days_in_force(item: Item, *, within: Period) -> Period | None:
    """Return the days of `within` on which the item is charged, or None.

    An item that is not prorated is charged for the whole of a period that it touches.
    """
    if item.starts_on <= within.start and (item.ends_on is None or item.ends_on >= within.end):
        return within
    start = max(item.starts_on, within.start)
    end = within.end if item.ends_on is None else min(item.ends_on, within.end)
    if start >= end:
        return None
    return Period(start, end) if item.prorate else within


def is_in_force(item: Item, *, on: date) -> bool:
    """Tell whether the item is charged on a day."""
    return item.starts_on <= on and (item.ends_on is None or item.ends_on > on)


def cycle_price(item: Item, *, periodicity: Periodicity) -> int:
    """Return what the item costs in one whole cycle.

    :raises CyclePriceMissing: where the cycle is counted in days and the item has no cycle price.
    """
    if item.cycle_price_cents is not None:
        unit_cents = item.cycle_price_cents
    elif periodicity.unit is PeriodUnit.MONTH:
        unit_cents = item.price_cents * periodicity.count
    else:
        raise CyclePriceMissing(item.description)
    return money.round_half_up(unit_cents * item.quantity_milli, 1000)


def is_to_be_charged(item: Item, *, on: Period) -> bool:
    """Tell whether a counted item has a charge for the invoice of the period `on`.

    One that was taken back ends on the day it began.
    """
    ended = item.ends_on is not None and item.ends_on <= max(on.start, item.starts_on)
    return not item.is_recurring and item.charges_left > 0 and item.starts_on < on.end and not ended


def charge_amount(item: Item, *, number: int, and_the_rest: bool = False) -> tuple[int, str]:
    """Return the amount of the item's charge `number` (from 1) and the sum that explains it.

    Instalments are differences of rounded running totals, so that they add up to the total;
    with `and_the_rest` the charge takes all instalments from `number` on.
    """
    total = money.round_half_up(item.price_cents * item.quantity_milli, 1000)
    if item.charge is Charge.TIMES or item.times == 1:
        return total, item.explanation or explanation.whole(total)
    times = item.times or 1
    until = times if and_the_rest else number
    return explanation.instalments(total, times=times, after=number - 1, until=until)


def monthly_cents(contract_items: Sequence[Item], *, on: date) -> int:
    """Return the permanent recurring value a month on a day, discounts taken off.

    Without n-times, dated and only-if-paid items; a cycle price counts by its monthly price.
    """
    permanent = [
        item
        for item in contract_items
        if item.is_recurring
        and item.starts_on <= on
        and item.ends_on is None
        and not item.only_if_paid_by_due
    ]
    charged = [(i, _month_of(i)) for i in permanent if i.kind is not ItemKind.DISCOUNT]
    total = sum(cents for _, cents in charged)
    for item in permanent:
        if item.kind is ItemKind.DISCOUNT and item.percent_e4 is None:
            total -= _month_of(item)
        elif item.kind is ItemKind.DISCOUNT:
            base = sum(c for i, c in charged if item.discounted_item_id in (None, i.id))
            total -= money.round_half_up(base * (item.percent_e4 or 0), 1_000_000)
    return max(total, 0)


def _month_of(item: Item) -> int:
    return money.round_half_up(item.price_cents * item.quantity_milli, 1000)
