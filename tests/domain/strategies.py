"""What property tests draw from: days, prices, schedules and items of any lawful shape."""

from datetime import date, timedelta

from hypothesis import strategies as st

from vigente.domain.codes import Charge, ItemKind, TaxClass
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.schedule import (
    Divisor,
    DueRule,
    FirstInvoice,
    PeriodBase,
    Schedule,
    Timing,
)

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
prices = st.integers(min_value=0, max_value=5_000_000)
periodicities = st.one_of(
    st.sampled_from([1, 2, 3, 5, 6, 12, 24]).map(Periodicity.months),
    st.sampled_from([7, 15, 30, 90]).map(Periodicity.of_days),
)


@st.composite
def periods(draw: st.DrawFn, longest: int = 400) -> Period:
    """Draw a period of 1 to `longest` days."""
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(1, longest))))


@st.composite
def custom_dates(draw: st.DrawFn, *, after: date) -> tuple[date, ...]:
    """Draw a sorted list of due dates from a day on."""
    steps = draw(st.lists(st.integers(5, 60), min_size=1, max_size=12))
    found, day = [], after
    for step in steps:
        day += timedelta(days=step)
        found.append(day)
    return tuple(found)


@st.composite
def schedules(draw: st.DrawFn, *, custom: bool = True) -> Schedule:
    """Draw a schedule over all bases, timings, periodicities, rules, due days and anchors."""
    periodicity = draw(periodicities)
    bases = [PeriodBase.DUE_DATE, PeriodBase.ANNIVERSARY]
    if periodicity.unit is PeriodUnit.MONTH:
        bases.append(PeriodBase.CALENDAR)
    rules = [DueRule.FIXED_DAY, DueRule.INTERVAL] + [DueRule.CUSTOM] * custom
    due_rule = draw(st.sampled_from(rules))
    activated_on = draw(days)
    starts_on = activated_on + timedelta(days=draw(st.sampled_from([0, 0, 0, 17, 200])))
    known_due_date = starts_on + timedelta(days=draw(st.integers(-400, 400)))
    return Schedule(
        timing=draw(st.sampled_from(Timing)),
        base=draw(st.sampled_from(bases)),
        periodicity=periodicity,
        due_rule=due_rule,
        due_day=draw(st.integers(1, 31)),
        interval_days=draw(st.integers(1, 60)) if due_rule is DueRule.INTERVAL else None,
        custom_dates=draw(custom_dates(after=starts_on)) if due_rule is DueRule.CUSTOM else (),
        first_invoice=draw(st.sampled_from(FirstInvoice)),
        first_divisor=draw(st.sampled_from(Divisor)),
        starts_on=starts_on,
        anchor_on=activated_on,
        due_anchor_on=draw(st.sampled_from([None, None, known_due_date])),
    )


@st.composite
def items(draw: st.DrawFn, *, near: date, number: int = 1) -> Item:
    """Draw an item whose days begin and end around `near`."""
    kind = draw(st.sampled_from(ItemKind))
    charge = draw(st.sampled_from(Charge)) if kind is not ItemKind.PLAN else Charge.RECURRING
    starts_on = near + timedelta(days=draw(st.integers(-60, 40)))
    ends_on = draw(st.one_of(st.none(), st.integers(1, 90)))
    item = Item(
        id=number,
        kind=kind,
        product_id=number,
        tax_class=draw(st.sampled_from(TaxClass)),
        description=f"Item {number}",
        starts_on=starts_on,
        ends_on=None if ends_on is None else starts_on + timedelta(days=ends_on),
        quantity_milli=draw(st.sampled_from([1000, 2000, 1500, 333])),
        price_cents=draw(prices),
        cycle_price_cents=draw(prices),
        charge=charge,
        prorate=draw(st.booleans()),
    )
    if charge is not Charge.RECURRING:
        item = item._replace(times=draw(st.integers(1, 12)))
    is_percent = kind is ItemKind.DISCOUNT and charge is not Charge.INSTALMENTS
    if is_percent and draw(st.booleans()):
        percent = draw(st.integers(1, 1_000_000))
        item = item._replace(percent_e4=percent, price_cents=0, cycle_price_cents=None)
    if kind is ItemKind.DISCOUNT:
        item = item._replace(only_if_paid_by_due=draw(st.booleans()))
    return item


@st.composite
def contracts_items(draw: st.DrawFn, *, near: date) -> tuple[Item, ...]:
    """Draw the items of one contract: a plan item in force, and up to four others."""
    plan = Item(
        id=1,
        kind=ItemKind.PLAN,
        product_id=1,
        tax_class=TaxClass.SCM,
        description="Fibra",
        starts_on=near - timedelta(days=500),
        price_cents=draw(prices),
        cycle_price_cents=draw(prices),
    )
    count = draw(st.integers(0, 4))
    return (plan, *(draw(items(near=near, number=n + 2)) for n in range(count)))
