"""Service periods are contiguous, and due dates are where the manual and DESIGN put them."""

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.strategies import schedules
from vigente.domain import recurring, schedule
from vigente.domain.cycles import Periodicity, PeriodUnit, months_after
from vigente.domain.periods import Period
from vigente.domain.schedule import (
    Divisor,
    DueRule,
    FirstInvoice,
    PeriodBase,
    Schedule,
    ScheduleIncomplete,
    ScheduleUsedUp,
    ServicePeriod,
    Timing,
)

MONTHLY = Periodicity.months(1)


def terms(
    starts_on: date = date(2026, 1, 20),
    *,
    timing: Timing = Timing.POSTPAID,
    base: PeriodBase = PeriodBase.DUE_DATE,
    periodicity: Periodicity = MONTHLY,
    first_invoice: FirstInvoice = FirstInvoice.FIRST,
    due_day: int = 10,
    **more,
) -> Schedule:
    return Schedule(
        timing=timing,
        base=base,
        periodicity=periodicity,
        due_rule=more.pop("due_rule", DueRule.FIXED_DAY),
        due_day=due_day,
        interval_days=more.pop("interval_days", None),
        custom_dates=more.pop("custom_dates", ()),
        first_invoice=first_invoice,
        first_divisor=more.pop("first_divisor", Divisor.ACTUAL),
        starts_on=starts_on,
        anchor_on=more.pop("anchor_on", starts_on),
        due_anchor_on=more.pop("due_anchor_on", None),
    )


def first_services(of: Schedule, count: int = 12) -> list[ServicePeriod]:
    return list(islice(schedule.service_periods(of, start=of.starts_on), count))


def told(of: Schedule, count: int = 3) -> list[str]:
    """Return the first periods as people say them: first and last day, due day."""
    return [
        f"{s.period.start:%d/%m}–{s.period.last_day:%d/%m} vence {s.nominal_due_on:%d/%m}"
        for s in first_services(of, count)
    ]


@given(schedules())
def test_periods_are_contiguous_from_the_first_day(of: Schedule) -> None:
    services = first_services(of, 30)

    for before, after in pairwise(services):
        assert before.period.end == after.period.start
    assert all(s.divisor_days > 0 for s in services)
    if of.due_rule is not DueRule.CUSTOM:
        assert services[0].period.start == of.starts_on


@given(schedules(custom=False), schedules(custom=False), st.integers(1, 6))
def test_a_changed_billing_type_takes_over_where_the_last_invoice_ended(
    old: Schedule, new: Schedule, kept: int
) -> None:
    last = first_services(old, kept)[-1]
    new = replace(new, starts_on=last.period.end, anchor_on=old.anchor_on)

    services = first_services(new)

    assert services[0].period.start == last.period.end
    assert all(a.period.end == b.period.start for a, b in pairwise(services))
    assert all(s.period == s.cycle for s in services[2:])


@given(schedules(custom=False), st.integers(0, 5), st.data())
def test_days_billed_again_end_where_their_period_did(
    of: Schedule, number: int, data: st.DataObject
) -> None:
    service = first_services(of)[number]
    assume(service.cycle == schedule.regular_cycle(of, day=service.period.start))
    again_from = data.draw(st.dates(service.period.start, service.period.last_day))
    assume(again_from != of.starts_on or of.first_invoice is not FirstInvoice.SECOND)

    again = schedule.service_period(of, start=again_from)

    assert again.period == Period(again_from, service.period.end)
    assert (again.cycle, again.nominal_due_on) == (service.cycle, service.nominal_due_on)


def days_of_the_month(day: int) -> Callable[[date], bool]:
    return lambda d: d.day == min(day, calendar.monthrange(d.year, d.month)[1])


def first_from(day: date, is_one: Callable[[date], bool], *, step: int = 1) -> date:
    while not is_one(day):
        day += timedelta(days=step)
    return day


@given(schedules(custom=False))
def test_monthly_periods_are_those_that_one_finds_by_turning_pages(of: Schedule) -> None:
    """Search a calendar day by day: the dullest way to tell periods and due dates."""
    due_day = of.due_day or 1
    of = replace(
        of,
        periodicity=MONTHLY,
        due_rule=DueRule.FIXED_DAY,
        first_invoice=FirstInvoice.FIRST,
        due_anchor_on=None,
    )
    boundary_day = {
        PeriodBase.DUE_DATE: due_day,
        PeriodBase.ANNIVERSARY: of.anchor_on.day,
        PeriodBase.CALENDAR: 1,
    }[of.base]
    is_boundary, is_due = days_of_the_month(boundary_day), days_of_the_month(due_day)

    for service in first_services(of, 5):
        period, cycle = service.period, service.cycle
        assert cycle.start == first_from(period.start, is_boundary, step=-1)
        assert period.end == cycle.end
        assert period.end == first_from(period.start + timedelta(days=1), is_boundary)
        if of.timing is Timing.POSTPAID:
            assert service.nominal_due_on == first_from(cycle.end, is_due)
        elif of.base is PeriodBase.CALENDAR:
            assert service.nominal_due_on == first_from(cycle.start, is_due)
        else:
            assert service.nominal_due_on == first_from(cycle.start, is_due, step=-1)


@given(schedules(custom=False))
def test_the_due_day_is_kept_in_every_month_that_has_it(of: Schedule) -> None:
    of = replace(of, due_rule=DueRule.FIXED_DAY)
    assume(of.periodicity.unit is PeriodUnit.MONTH)

    is_due = days_of_the_month(of.due_day or 1)

    assert all(is_due(service.nominal_due_on) for service in first_services(of))


@given(schedules(custom=False))
def test_an_interval_counts_from_the_edge_of_the_cycle(of: Schedule) -> None:
    of = replace(of, due_rule=DueRule.INTERVAL, interval_days=12)
    assume(of.base is not PeriodBase.DUE_DATE)

    for service in first_services(of)[1:]:
        cycle = schedule.regular_cycle(of, day=service.period.start)
        edge = cycle.end if of.timing is Timing.POSTPAID else cycle.start
        assert service.nominal_due_on == edge + timedelta(days=12)


@given(schedules(custom=False))
def test_on_a_boundary_every_first_invoice_is_the_same_full_cycle(of: Schedule) -> None:
    boundary = schedule.regular_cycle(of, day=of.starts_on).end
    grid = replace(of, starts_on=boundary, due_anchor_on=of.due_anchor_on or boundary)
    assume(schedule.regular_cycle(grid, day=boundary).start == boundary)

    firsts = {
        schedule.service_period(replace(grid, first_invoice=rule), start=boundary)
        for rule in FirstInvoice
    }

    [first] = firsts
    assert first.period == first.cycle
    assert first.divisor_days == first.cycle.days
    assert not first.in_full


@given(schedules(custom=False))
def test_a_second_invoice_carries_the_stub_after_a_full_cycle_of_its_own(of: Schedule) -> None:
    of = replace(of, first_invoice=FirstInvoice.SECOND)
    assume(schedule.regular_cycle(of, day=of.starts_on).start != of.starts_on)

    first, second, *_ = first_services(of)

    count = of.periodicity.count
    is_months = of.periodicity.unit is PeriodUnit.MONTH
    full = (
        months_after(of.starts_on, months=count)
        if is_months
        else of.starts_on + timedelta(days=count)
    )
    assert first.period == first.cycle == Period(of.starts_on, full)
    assert first.divisor_days == first.cycle.days
    assert second.period.end == second.cycle.end
    assert second.cycle == schedule.regular_cycle(of, day=full)


@given(schedules(custom=False))
def test_only_one_prorated_stub_has_a_commercial_month(of: Schedule) -> None:
    of = replace(of, first_divisor=Divisor.THIRTY)

    unusual = [s for s in first_services(of) if s.divisor_days != s.cycle.days]

    assert len(unusual) <= 1
    for service in unusual:
        assert service.period != service.cycle
        assert not service.in_full
        assert service.divisor_days == 30 * of.periodicity.count


@given(schedules())
def test_custom_dates_are_the_due_dates_each_once(of: Schedule) -> None:
    of = replace(of, base=PeriodBase.DUE_DATE)
    assume(of.due_rule is DueRule.CUSTOM)

    services = first_services(of, 40)

    due = [service.nominal_due_on for service in services]
    if of.timing is Timing.POSTPAID:
        assert due == list(of.custom_dates)
        assert all(service.period.end == service.nominal_due_on for service in services)
    else:
        # the days before the first date are due on it as well
        assert due == [of.custom_dates[0], *of.custom_dates]
        assert all(s.period.start == s.nominal_due_on for s in services[1:])
    assert all(service.period == service.cycle for service in services)


@given(schedules())
def test_due_dates_never_go_back(of: Schedule) -> None:
    services = first_services(of, 30)

    assert all(a.nominal_due_on <= b.nominal_due_on for a, b in pairwise(services))


@given(schedules(custom=False))
def test_after_the_second_every_period_is_a_full_cycle_of_the_grid(of: Schedule) -> None:
    services = first_services(of)

    for service in services[2:]:
        assert service.period == service.cycle
        assert service.cycle == schedule.regular_cycle(of, day=service.period.start)
        assert service.divisor_days == service.cycle.days
        assert not service.in_full


@given(schedules(custom=False))
def test_postpaid_by_due_date_is_due_when_the_period_ends(of: Schedule) -> None:
    of = replace(of, timing=Timing.POSTPAID, base=PeriodBase.DUE_DATE)

    services = first_services(of)

    for service in services[1:]:
        assert service.nominal_due_on == service.period.end


@given(schedules(custom=False))
def test_prepaid_by_due_date_is_due_when_the_period_starts(of: Schedule) -> None:
    of = replace(of, timing=Timing.PREPAID, base=PeriodBase.DUE_DATE)

    services = first_services(of)

    for service in services[2:]:
        assert service.nominal_due_on == service.period.start


def test_the_manuals_august_invoice() -> None:
    of = terms(date(2025, 7, 10), due_anchor_on=date(2025, 8, 10))

    [service] = islice(schedule.service_periods(of, start=date(2025, 7, 10)), 1)

    assert service.period.label() == "10/07/2025 a 09/08/2025"
    assert service.nominal_due_on == date(2025, 8, 10)
    assert service.reference_month == date(2025, 8, 1)
    assert service.divisor_days == 31


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (
            terms(),
            ["20/01–09/02 vence 10/02", "10/02–09/03 vence 10/03", "10/03–09/04 vence 10/04"],
        ),
        (
            terms(first_invoice=FirstInvoice.SECOND),
            ["20/01–19/02 vence 10/02", "20/02–09/03 vence 10/03", "10/03–09/04 vence 10/04"],
        ),
        (
            terms(timing=Timing.PREPAID),
            ["20/01–09/02 vence 10/01", "10/02–09/03 vence 10/02", "10/03–09/04 vence 10/03"],
        ),
        (
            terms(base=PeriodBase.ANNIVERSARY),
            ["20/01–19/02 vence 10/03", "20/02–19/03 vence 10/04", "20/03–19/04 vence 10/05"],
        ),
        (
            terms(base=PeriodBase.ANNIVERSARY, timing=Timing.PREPAID),
            ["20/01–19/02 vence 10/01", "20/02–19/03 vence 10/02", "20/03–19/04 vence 10/03"],
        ),
        (
            terms(base=PeriodBase.CALENDAR),
            ["20/01–31/01 vence 10/02", "01/02–28/02 vence 10/03", "01/03–31/03 vence 10/04"],
        ),
        (
            terms(base=PeriodBase.CALENDAR, timing=Timing.PREPAID),
            ["20/01–31/01 vence 10/01", "01/02–28/02 vence 10/02", "01/03–31/03 vence 10/03"],
        ),
        # day 31 is clamped, never drifts
        (
            terms(date(2025, 12, 31), due_day=31),
            ["31/12–30/01 vence 31/01", "31/01–27/02 vence 28/02", "28/02–30/03 vence 31/03"],
        ),
        (
            terms(periodicity=Periodicity.months(3)),
            ["20/01–09/02 vence 10/02", "10/02–09/05 vence 10/05", "10/05–09/08 vence 10/08"],
        ),
        (
            terms(base=PeriodBase.CALENDAR, periodicity=Periodicity.months(3)),
            ["20/01–31/03 vence 10/04", "01/04–30/06 vence 10/07", "01/07–30/09 vence 10/10"],
        ),
        (
            terms(periodicity=Periodicity.of_days(30)),
            ["20/01–18/02 vence 19/02", "19/02–20/03 vence 21/03", "21/03–19/04 vence 20/04"],
        ),
        (
            terms(due_rule=DueRule.INTERVAL, interval_days=15),
            ["20/01–03/02 vence 04/02", "04/02–03/03 vence 04/03", "04/03–03/04 vence 04/04"],
        ),
        # quarters: D(0) is 10/02, whatever the quarter's months
        (
            terms(periodicity=Periodicity.months(3), timing=Timing.PREPAID),
            ["20/01–09/04 vence 10/01", "10/04–09/07 vence 10/04", "10/07–09/10 vence 10/07"],
        ),
        # activated on the due day: the day is the first of a period, never its due date
        (
            terms(date(2026, 1, 10)),
            ["10/01–09/02 vence 10/02", "10/02–09/03 vence 10/03", "10/03–09/04 vence 10/04"],
        ),
        (
            terms(date(2026, 1, 10), timing=Timing.PREPAID),
            ["10/01–09/02 vence 10/01", "10/02–09/03 vence 10/02", "10/03–09/04 vence 10/03"],
        ),
        # an anniversary of 31 January, due on 30
        (
            terms(date(2026, 1, 31), base=PeriodBase.ANNIVERSARY, due_day=30),
            ["31/01–27/02 vence 28/02", "28/02–30/03 vence 30/04", "31/03–29/04 vence 30/04"],
        ),
        # days of grace after a cycle, and after its first day
        (
            terms(base=PeriodBase.CALENDAR, due_rule=DueRule.INTERVAL, interval_days=7),
            ["20/01–31/01 vence 08/02", "01/02–28/02 vence 08/03", "01/03–31/03 vence 08/04"],
        ),
        (
            terms(
                base=PeriodBase.ANNIVERSARY,
                timing=Timing.PREPAID,
                due_rule=DueRule.INTERVAL,
                interval_days=7,
            ),
            ["20/01–19/02 vence 27/01", "20/02–19/03 vence 27/02", "20/03–19/04 vence 27/03"],
        ),
        # cycles of 30 days from the activation, due at their ends
        (
            terms(base=PeriodBase.ANNIVERSARY, periodicity=Periodicity.of_days(30)),
            ["20/01–18/02 vence 19/02", "19/02–20/03 vence 21/03", "21/03–19/04 vence 20/04"],
        ),
        # without days of grace a period is due as it ends
        (
            terms(due_rule=DueRule.INTERVAL, interval_days=0),
            ["20/01–19/02 vence 20/02", "20/02–19/03 vence 20/03", "20/03–19/04 vence 20/04"],
        ),
        # an imported quarter keeps its place on the grid
        (
            terms(
                date(2026, 2, 10),
                periodicity=Periodicity.months(3),
                due_anchor_on=date(2026, 2, 10),
            ),
            ["10/02–09/05 vence 10/05", "10/05–09/08 vence 10/08", "10/08–09/11 vence 10/11"],
        ),
    ],
)
def test_the_first_periods_of_each_base(of: Schedule, expected: list[str]) -> None:
    assert told(of) == expected


def test_never_charges_the_stub_in_full() -> None:
    [first] = islice(
        schedule.service_periods(terms(first_invoice=FirstInvoice.NEVER), start=date(2026, 1, 20)),
        1,
    )

    assert first.in_full
    assert first.period.days == 21


def test_the_thirty_day_divisor_is_for_the_stub_alone() -> None:
    of = terms(first_divisor=Divisor.THIRTY, periodicity=Periodicity.months(2))

    divisors = [s.divisor_days for s in islice(schedule.service_periods(of, start=of.starts_on), 3)]

    assert divisors == [60, 59, 61]  # 30 × 2 months; 10/02–09/04; 10/04–09/06


def test_a_stub_charged_in_full_is_divided_by_nothing_but_its_cycle() -> None:
    of = terms(first_divisor=Divisor.THIRTY, first_invoice=FirstInvoice.NEVER)

    [first] = first_services(of, 1)

    assert first.divisor_days == 31  # 10/01–09/02


@pytest.mark.parametrize(
    ("rule", "divisor", "printed"),
    [
        (FirstInvoice.FIRST, Divisor.ACTUAL, ["R$ 90,00 ÷ 31 × 21 dias = R$ 60,97", "R$ 90,00"]),
        (FirstInvoice.FIRST, Divisor.THIRTY, ["R$ 90,00 ÷ 30 × 21 dias = R$ 63,00", "R$ 90,00"]),
        (FirstInvoice.SECOND, Divisor.ACTUAL, ["R$ 90,00", "R$ 90,00 ÷ 28 × 18 dias = R$ 57,86"]),
        (FirstInvoice.SECOND, Divisor.THIRTY, ["R$ 90,00", "R$ 90,00 ÷ 30 × 18 dias = R$ 54,00"]),
        (FirstInvoice.NEVER, Divisor.ACTUAL, ["R$ 90,00", "R$ 90,00"]),
        (FirstInvoice.NEVER, Divisor.THIRTY, ["R$ 90,00", "R$ 90,00"]),
    ],
)
def test_what_the_first_two_invoices_cost(
    rule: FirstInvoice, divisor: Divisor, printed: list[str]
) -> None:
    services = first_services(terms(first_invoice=rule, first_divisor=divisor), 3)

    sums = [recurring.cost(9000, service=s, used=s.period).explanation for s in services]

    assert sums == [*printed, "R$ 90,00"]


def test_a_commercial_month_never_makes_a_stub_dearer_than_a_cycle() -> None:
    of = terms(date(2026, 1, 11), first_divisor=Divisor.THIRTY)

    [first] = first_services(of, 1)

    assert first.period.days == 30  # 11/01–09/02
    # 90,00 ÷ 30 × 30, and not a centavo more where the cycle has 31 days
    assert recurring.cost(9000, service=first, used=first.period) == (9000, "R$ 90,00")


def test_a_list_of_dates_is_used_up() -> None:
    dates = (date(2026, 2, 5), date(2026, 3, 20))
    of = terms(due_rule=DueRule.CUSTOM, custom_dates=dates)

    assert told(of, 5) == ["20/01–04/02 vence 05/02", "05/02–19/03 vence 20/03"]
    with pytest.raises(ScheduleUsedUp, match="terminou em 20/03/2026"):
        schedule.service_period(of, start=date(2026, 3, 20))


def test_a_prepaid_list_ends_one_cycle_after_its_last_date() -> None:
    dates = (date(2026, 2, 5), date(2026, 3, 20))
    of = terms(due_rule=DueRule.CUSTOM, custom_dates=dates, timing=Timing.PREPAID)

    assert told(of, 5) == [
        "20/01–04/02 vence 05/02",
        "05/02–19/03 vence 05/02",
        "20/03–19/04 vence 20/03",
    ]
    with pytest.raises(ScheduleUsedUp):
        schedule.service_period(of, start=date(2026, 4, 20))


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        # the first date on or after the end, then the list is used up
        (Timing.POSTPAID, ["20/01–19/02 vence 20/02", "20/02–19/03 vence 25/03"]),
        # the last date up to the start; before the first date, that one; up to 25/04
        (
            Timing.PREPAID,
            [
                *("20/01–19/02 vence 20/02", "20/02–19/03 vence 20/02"),
                *("20/03–19/04 vence 20/02", "20/04–19/05 vence 25/03"),
            ],
        ),
    ],
)
def test_a_list_of_dates_serves_cycles_of_the_anniversary(
    timing: Timing, expected: list[str]
) -> None:
    dates = (date(2026, 2, 20), date(2026, 3, 25))
    of = terms(
        base=PeriodBase.ANNIVERSARY, due_rule=DueRule.CUSTOM, custom_dates=dates, timing=timing
    )

    assert told(of, 6) == expected


@pytest.mark.parametrize("base", PeriodBase)
@pytest.mark.parametrize("timing", Timing)
def test_a_list_without_dates_is_used_up_from_the_start(base: PeriodBase, timing: Timing) -> None:
    of = terms(due_rule=DueRule.CUSTOM, base=base, timing=timing)

    with pytest.raises(ScheduleUsedUp, match="não tem datas"):
        schedule.service_period(of, start=of.starts_on)


@pytest.mark.parametrize("base", PeriodBase)
def test_a_schedule_that_lacks_its_due_day_says_so(base: PeriodBase) -> None:
    of = replace(terms(base=base), due_day=None)

    with pytest.raises(ScheduleIncomplete, match="dia de vencimento"):
        schedule.service_period(of, start=of.starts_on)
