"""Service periods are contiguous, and due dates are where the manual and DESIGN put them."""

from dataclasses import replace
from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given

from tests.domain.strategies import schedules
from vigente.domain import schedule
from vigente.domain.cycles import Periodicity
from vigente.domain.schedule import (
    Divisor,
    DueRule,
    FirstInvoice,
    PeriodBase,
    Schedule,
    ScheduleUsedUp,
    Timing,
)


def terms(  # noqa: D103
    starts_on: date = date(2026, 1, 20),
    *,
    timing: Timing = Timing.POSTPAID,
    base: PeriodBase = PeriodBase.DUE_DATE,
    periodicity: Periodicity = Periodicity.months(1),
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


def told(of: Schedule, count: int = 3) -> list[str]:
    """Return the first periods as people say them: first and last day, due day."""
    return [
        f"{s.period.start:%d/%m}–{s.period.last_day:%d/%m} vence {s.nominal_due_on:%d/%m}"
        for s in islice(schedule.service_periods(of, start=of.starts_on), count)
    ]


@given(schedules())
def test_periods_are_contiguous_from_the_first_day(of: Schedule) -> None:
    services = list(islice(schedule.service_periods(of, start=of.starts_on), 30))

    for before, after in pairwise(services):
        assert before.period.end == after.period.start
    assert all(s.divisor_days > 0 for s in services)
    if of.due_rule is not DueRule.CUSTOM:
        assert services[0].period.start == of.starts_on


@given(schedules())
def test_due_dates_never_go_back(of: Schedule) -> None:
    services = list(islice(schedule.service_periods(of, start=of.starts_on), 30))

    assert all(a.nominal_due_on <= b.nominal_due_on for a, b in pairwise(services))


@given(schedules(custom=False))
def test_after_the_second_every_period_is_a_full_cycle_of_the_grid(of: Schedule) -> None:
    services = list(islice(schedule.service_periods(of, start=of.starts_on), 12))

    for service in services[2:]:
        assert service.period == service.cycle
        assert service.divisor_days == service.cycle.days
        assert not service.in_full


@given(schedules(custom=False))
def test_postpaid_by_due_date_is_due_when_the_period_ends(of: Schedule) -> None:
    of = replace(of, timing=Timing.POSTPAID, base=PeriodBase.DUE_DATE)

    services = list(islice(schedule.service_periods(of, start=of.starts_on), 12))

    for service in services[2:]:
        assert service.nominal_due_on == service.period.end


@given(schedules(custom=False))
def test_prepaid_by_due_date_is_due_when_the_period_starts(of: Schedule) -> None:
    of = replace(of, timing=Timing.PREPAID, base=PeriodBase.DUE_DATE)

    services = list(islice(schedule.service_periods(of, start=of.starts_on), 12))

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


def test_a_list_of_dates_is_used_up() -> None:
    dates = (date(2026, 2, 5), date(2026, 3, 20))
    of = terms(due_rule=DueRule.CUSTOM, custom_dates=dates)

    assert told(of, 5) == ["20/01–04/02 vence 05/02", "05/02–19/03 vence 20/03"]
    with pytest.raises(ScheduleUsedUp):
        schedule.service_period(of, start=date(2026, 3, 20))
