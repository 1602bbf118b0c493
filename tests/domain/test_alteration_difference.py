"""The difference of an alteration: exact by one policy, as the manual has it by the other."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import contracts_items, periods, prices, schedules
from tests.domain.test_invoicing import item
from vigente.domain import adjustments, alteration_difference, explanation, schedule
from vigente.domain.alteration_difference import DayOutsideThePeriod, Difference
from vigente.domain.codes import Charge, DifferenceKind, DifferencePolicy, ItemKind
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.schedule import Schedule, ServicePeriod

JULY = Period(date(2025, 7, 10), date(2025, 8, 10))  # 31 days, as in the manual
ON = date(2025, 7, 13)
MANUAL, BALANCE = DifferencePolicy.MANUAL, DifferencePolicy.PERIOD_BALANCE


def told(old: int, new: int, *, on: date = ON, policy: DifferencePolicy) -> Difference:
    return alteration_difference.of_values(old, new, period=JULY, on=on, policy=policy)


def figures(difference: Difference) -> tuple[int, int, int, int, int, DifferenceKind]:
    return (
        difference.old_part.cents,
        difference.new_part.cents,
        difference.sum_cents,
        difference.reference_cents,
        difference.cents,
        difference.kind,
    )


@st.composite
def services(draw: st.DrawFn) -> tuple[Schedule, ServicePeriod, date]:
    """Draw one of the first periods of any contract, and a day within it."""
    of = draw(schedules(custom=False))
    number = draw(st.integers(0, 3))
    [service] = islice(schedule.service_periods(of, start=of.starts_on), number, number + 1)
    return of, service, draw(st.dates(service.period.start, service.period.last_day))


def altered(before: tuple[Item, ...], *, on: date, price: int, number: int) -> tuple[Item, ...]:
    """End the plan on a day and begin another one."""
    last = max((i for i in before if i.kind is ItemKind.PLAN), key=lambda i: i.id)
    new = last._replace(
        id=number, starts_on=on, ends_on=None, price_cents=price, cycle_price_cents=price
    )
    ended = last._replace(ends_on=on)
    return (*(ended if i is last else i for i in before), new)


@given(services(), st.data(), prices)
def test_a_balance_is_what_the_period_costs_more_or_less(
    drawn: tuple[Schedule, ServicePeriod, date], data: st.DataObject, price: int
) -> None:
    of, service, on = drawn
    before = data.draw(contracts_items(near=service.period.start))
    after = altered(before, on=on, price=price, number=99)

    difference = alteration_difference.period_balance(
        before, after, service=service, on=on, periodicity=of.periodicity
    )

    costs = [
        adjustments.recurring_cost(items, service=service, periodicity=of.periodicity)
        for items in (before, after)
    ]
    assert difference.signed_cents == costs[1] - costs[0]
    assert difference.reference_cents == costs[0]
    assert difference.sum_cents == costs[1]


@given(services(), st.data(), prices)
def test_every_printed_sum_of_a_balance_is_true(
    drawn: tuple[Schedule, ServicePeriod, date], data: st.DataObject, price: int
) -> None:
    of, service, on = drawn
    before = data.draw(contracts_items(near=service.period.start))

    difference = alteration_difference.period_balance(
        before,
        altered(before, on=on, price=price, number=99),
        service=service,
        on=on,
        periodicity=of.periodicity,
    )

    old, new, both, last = (explanation.evaluate(sum_) for sum_ in difference.sums)
    assert (old, new) == (difference.old_part.cents, difference.new_part.cents)
    assert both == difference.sum_cents
    assert last == explanation.evaluate(difference.explanation) == difference.cents


@given(services(), st.data(), st.lists(prices, min_size=2, max_size=5))
def test_several_alterations_of_one_period_come_to_the_cost_of_its_segments(
    drawn: tuple[Schedule, ServicePeriod, date], data: st.DataObject, values: list[int]
) -> None:
    of, service, _ = drawn
    plan = item(starts_on=service.period.start, price_cents=values[0], cycle_price_cents=values[0])
    inside = st.dates(service.period.start, service.period.last_day)
    days = sorted(data.draw(inside) for _ in values[1:])
    items, billed = (
        (plan,),
        adjustments.recurring_cost((plan,), service=service, periodicity=of.periodicity),
    )

    for number, (day, value) in enumerate(zip(days, values[1:], strict=True), start=2):
        after = altered(items, on=day, price=value, number=number)
        billed += alteration_difference.period_balance(
            items, after, service=service, on=day, periodicity=of.periodicity
        ).signed_cents
        items = after

    edges = [service.period.start, *days, service.period.end]
    segments = [
        item(
            id=n,
            starts_on=start,
            ends_on=end,
            price_cents=value,
            cycle_price_cents=value,
        )
        for n, ((start, end), value) in enumerate(zip(pairwise(edges), values, strict=True))
        if start < end
    ]
    assert billed == adjustments.recurring_cost(
        segments, service=service, periodicity=of.periodicity
    )


@given(services(), prices, st.sampled_from([Charge.TIMES, Charge.INSTALMENTS]))
def test_what_is_charged_n_times_makes_no_difference(
    drawn: tuple[Schedule, ServicePeriod, date], price: int, charge: Charge
) -> None:
    of, service, on = drawn
    router = item(
        id=2, kind=ItemKind.ADDITIONAL, charge=charge, times=3, price_cents=price, starts_on=on
    )
    late = item(id=3, kind=ItemKind.DISCOUNT, only_if_paid_by_due=True, starts_on=on)
    before = (item(cycle_price_cents=9000),)

    difference = alteration_difference.period_balance(
        before, (*before, router, late), service=service, on=on, periodicity=of.periodicity
    )

    assert difference.kind is DifferenceKind.NONE


@given(prices, prices, periods(longest=366), st.data())
def test_every_printed_sum_of_the_manual_is_true(
    old: int, new: int, period: Period, data: st.DataObject
) -> None:
    on = data.draw(st.dates(period.start, period.last_day))

    difference = alteration_difference.manual(old, new, period=period, on=on)

    old_part, new_part, both, last = (explanation.evaluate(sum_) for sum_ in difference.sums)
    assert (old_part, new_part) == (difference.old_part.cents, difference.new_part.cents)
    assert both == difference.sum_cents
    if difference.kind is not DifferenceKind.NONE:
        assert last == explanation.evaluate(difference.explanation) == difference.cents > 1


@given(prices, prices, periods(longest=31), st.data())
def test_the_manual_never_gives_less_than_the_balance_in_an_upgrade(
    old: int, more: int, period: Period, data: st.DataObject
) -> None:
    on = data.draw(st.dates(period.start, period.last_day))
    by_manual, balance = (
        alteration_difference.of_values(old, old + more, period=period, on=on, policy=policy)
        for policy in DifferencePolicy
    )

    assert alteration_difference.shortfall_cents(by_manual, balance=balance) == 0
    # each part is cut by less than a centavo, and at most 31 ten-thousandths for its days
    assert balance.signed_cents - by_manual.signed_cents <= 3


@pytest.mark.parametrize(
    ("old", "new", "policy", "expected"),
    [
        # 49,90 ÷ 31 × 3 and 89,90 ÷ 31 × 28, less the old value
        (4990, 8990, MANUAL, (483, 8120, 8603, 4990, 3613, DifferenceKind.CHARGE)),
        (4990, 8990, BALANCE, (483, 8120, 8603, 4990, 3613, DifferenceKind.CHARGE)),
        # 89,90 ÷ 31 × 3 and 1,6096 × 28 = 45,0688, less the new value
        (8990, 4990, MANUAL, (870, 4506, 5376, 4990, 386, DifferenceKind.DISCOUNT)),
        # 49,90 − 4,83 = 45,07, and 89,90 − 53,77
        (8990, 4990, BALANCE, (870, 4507, 5377, 8990, 3613, DifferenceKind.DISCOUNT)),
        # 1,6096 × 28 is cut to 45,06: a centavo short is no item
        (4990, 4990, MANUAL, (483, 4506, 4989, 4990, 0, DifferenceKind.NONE)),
        (4990, 4990, BALANCE, (483, 4507, 4990, 4990, 0, DifferenceKind.NONE)),
    ],
)
def test_the_manuals_two_examples(
    old: int, new: int, policy: DifferencePolicy, expected: tuple[int | DifferenceKind, ...]
) -> None:
    assert figures(told(old, new, policy=policy)) == expected


def test_the_sums_are_printed_as_the_manual_prints_them() -> None:
    assert told(4990, 8990, policy=MANUAL).sums == (
        "R$ 49,90 ÷ 31 × 3 dias = R$ 4,83",
        "R$ 89,90 ÷ 31 × 28 dias = R$ 81,20",
        "R$ 4,83 + R$ 81,20 = R$ 86,03",
        "R$ 86,03 − R$ 49,90 = R$ 36,13",
    )
    assert told(8990, 4990, policy=MANUAL).sums == (
        "R$ 89,90 ÷ 31 × 3 dias = R$ 8,70",
        "R$ 1,6096 × 28 dias = R$ 45,06 (truncado; diária R$ 49,90 ÷ 31 = R$ 1,6096)",
        "R$ 8,70 + R$ 45,06 = R$ 53,76",
        "R$ 53,76 − R$ 49,90 = R$ 3,86",
    )
    assert told(8990, 4990, policy=BALANCE).explanation == (
        "R$ 89,90 − R$ 8,70 − R$ 45,07 = R$ 36,13"
    )


@pytest.mark.parametrize(
    ("old", "new", "on", "policy", "signed"),
    [
        # the first day: the whole period at the new value
        (4990, 8990, JULY.start, MANUAL, 4000),  # 89,90 − 49,90
        (4990, 8990, JULY.start, BALANCE, 4000),
        (8990, 4990, JULY.start, MANUAL, 0),  # 1,6096 × 31 = 49,89, less than the 49,90
        (8990, 4990, JULY.start, BALANCE, -4000),
        # the last day: 30 days at the old value, one at the new
        (4990, 8990, JULY.last_day, MANUAL, 129),  # 48,29 + 2,90 − 49,90
        (4990, 8990, JULY.last_day, BALANCE, 129),
        (8990, 4990, JULY.last_day, MANUAL, -3870),  # 87,00 + 1,60 − 49,90
        (8990, 4990, JULY.last_day, BALANCE, -129),  # 89,90 − 87,00 − 1,61
    ],
)
def test_the_first_and_the_last_day(
    old: int, new: int, on: date, policy: DifferencePolicy, signed: int
) -> None:
    assert told(old, new, on=on, policy=policy).signed_cents == signed


def test_the_29th_of_february_is_a_day_of_its_period() -> None:
    february = Period(date(2028, 2, 1), date(2028, 3, 1))

    balance = alteration_difference.of_values(
        2900, 5800, period=february, on=date(2028, 2, 29), policy=BALANCE
    )

    assert balance.signed_cents == 100  # 29,00 ÷ 29 × 28 + 58,00 ÷ 29 × 1 − 29,00


def test_where_the_manual_falls_short_it_is_told_by_how_much() -> None:
    by_manual, balance = (told(8990, 4990, policy=policy) for policy in (MANUAL, BALANCE))

    assert alteration_difference.shortfall_cents(by_manual, balance=balance) == 3227  # 36,13 − 3,86
    assert alteration_difference.shortfall_cents(balance, balance=balance) == 0


@pytest.mark.parametrize("day", [JULY.end, JULY.start - timedelta(days=1)])
@pytest.mark.parametrize("policy", DifferencePolicy)
def test_a_day_outside_the_period_is_refused(day: date, policy: DifferencePolicy) -> None:
    with pytest.raises(DayOutsideThePeriod, match="fora do período de 10/07/2025 a 09/08/2025"):
        told(4990, 8990, on=day, policy=policy)


def a_service(period: Period = JULY, cycle: Period = JULY) -> ServicePeriod:
    return ServicePeriod(
        period=period, cycle=cycle, divisor_days=31, in_full=False, nominal_due_on=cycle.end
    )


def test_the_manuals_policy_is_for_the_first_alteration_of_a_full_period() -> None:
    why = alteration_difference.why_not_manual
    cut = a_service(period=Period(ON, JULY.end))

    assert why(a_service(), altered_on=[date(2025, 7, 9)], is_temporary=False) is None
    assert why(a_service(), altered_on=[ON], is_temporary=False) == (
        "este período já teve uma alteração"
    )
    assert why(a_service(), altered_on=[], is_temporary=True) == "a alteração é temporária"
    assert why(cut, altered_on=[], is_temporary=False) == "o período não é um ciclo inteiro"


def test_the_value_of_a_cycle_is_net_of_discounts_and_of_the_items_in_force() -> None:
    items = (
        item(price_cents=8990, ends_on=ON),
        item(id=2, price_cents=4990, starts_on=ON),
        item(id=3, kind=ItemKind.DISCOUNT, price_cents=0, percent_e4=100_000, starts_on=ON),
    )

    before, after = (
        alteration_difference.value_of_cycle(
            items, service=a_service(), on=on, periodicity=Periodicity.months(1)
        )
        for on in (JULY.start, ON)
    )

    assert (before, after) == (8990, 4491)  # 49,90 less 10 %
