"""A changed due day stretches one period: nothing is billed twice, nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.strategies import contracts_items, schedules
from tests.domain.test_invoicing import item, told
from tests.domain.test_schedule import days_of_the_month, terms
from vigente.domain import (
    adjustments,
    alteration_due_day,
    explanation,
    invoicing,
    money,
    recurring,
    schedule,
)
from vigente.domain.alteration_due_day import DueDayChange, DueDayRefused
from vigente.domain.codes import ItemKind, TaxClass
from vigente.domain.cycles import Periodicity
from vigente.domain.periods import Period
from vigente.domain.schedule import DueRule, PeriodBase, Schedule, ServicePeriod, Timing

ON = date(2025, 8, 1)
KEPT_UNTIL = date(2025, 8, 10)  # the last kept period ends on 09/08
MONTHLY = Periodicity.months(1)


def changed(
    due_day: int, *, of: Schedule | None = None, on: date = ON, start: date = KEPT_UNTIL
) -> DueDayChange:
    former = of or terms(date(2025, 7, 10), due_anchor_on=date(2025, 8, 10))
    return alteration_due_day.change(
        former, start=start, due_day=due_day, on=on, min_notice_days=5, last_kept_due_on=start
    )


@st.composite
def changes(
    draw: st.DrawFn, **more
) -> tuple[Schedule, ServicePeriod, DueDayChange, date, date | None]:
    """Draw a due-day change after any of the first periods of any contract."""
    of = replace(
        draw(schedules(custom=False)),
        due_rule=DueRule.FIXED_DAY,
        interval_days=None,
        base=draw(st.sampled_from(PeriodBase)),
        periodicity=Periodicity.months(draw(st.sampled_from([1, 2, 3, 6, 12]))),
    )
    of = replace(of, **more)
    number = draw(st.integers(0, 4))
    services = list(islice(schedule.service_periods(of, start=of.starts_on), number + 1))
    next_service = services[-1]
    start = next_service.period.start
    last_due = services[-2].nominal_due_on if number else None
    on = draw(st.dates(start - timedelta(days=40), next_service.period.last_day))
    due_day = draw(st.integers(1, 31).filter(lambda day: day != of.due_day))
    change = alteration_due_day.change(
        of, start=start, due_day=due_day, on=on, min_notice_days=5, last_kept_due_on=last_due
    )
    return of, next_service, change, on, last_due


Drawn = tuple[Schedule, ServicePeriod, DueDayChange, date, date | None]


@given(changes())
def test_coverage_stays_contiguous_on_the_new_grid(drawn: Drawn) -> None:
    of, former, change, _, _ = drawn

    services = list(islice(schedule.service_periods(change.schedule, start=former.period.start), 8))

    assert services[0] == change.service
    assert services[0].period.start == former.period.start
    assert all(a.period.end == b.period.start for a, b in pairwise(services))
    if of.base is PeriodBase.DUE_DATE:
        assert all(s.period == s.cycle and not s.in_full for s in services[1:])
        is_due = days_of_the_month(change.schedule.due_day or 0)
        assert all(is_due(s.nominal_due_on) for s in services)
    else:
        assert services[0].period == former.period
        assert change.shift_days == 0


@given(changes())
def test_the_next_due_date_gives_notice_and_comes_after_the_last(drawn: Drawn) -> None:
    _, _, change, on, last_due = drawn

    assert change.next_due_on >= on + timedelta(days=5)
    assert last_due is None or change.next_due_on > last_due


@given(changes(base=PeriodBase.DUE_DATE, timing=Timing.POSTPAID))
def test_by_due_date_it_is_the_nearest_lawful_day_and_ties_go_later(drawn: Drawn) -> None:
    """Look outwards from D, day by day, the later of two days first."""
    _, former, change, on, last_due = drawn
    is_due = days_of_the_month(change.schedule.due_day or 0)
    due = former.nominal_due_on

    def is_lawful(day: date) -> bool:
        is_after = day > former.period.start and (last_due is None or day > last_due)
        return is_due(day) and is_after and day >= on + timedelta(days=5)

    outwards = (due + timedelta(days=sign * n) for n in range(900) for sign in (1, -1))
    assert change.next_due_on == next(filter(is_lawful, outwards))


@given(changes(), st.data())
def test_a_stretched_period_costs_its_days_and_explains_them(
    drawn: Drawn, data: st.DataObject
) -> None:
    of, former, change, _, _ = drawn
    items = data.draw(contracts_items(near=former.period.start))

    draft = invoicing.draft_invoice(items, service=change.service, periodicity=of.periodicity)

    for line in draft.lines:
        assert explanation.evaluate(line.explanation) == line.amount_cents
    cost, regular = (
        adjustments.recurring_cost(items, service=service, periodicity=of.periodicity)
        for service in (change.service, former)
    )
    shift = recurring.shift(items, service=change.service, periodicity=of.periodicity)
    assert cost - regular == (shift.signed_cents if shift else 0)


@given(changes(), st.integers(0, 1_000_000))
def test_the_days_cost_the_net_value_of_the_cycle_divided_by_its_days(
    drawn: Drawn, price: int
) -> None:
    of, former, change, _, _ = drawn
    plan = item(starts_on=former.period.start, cycle_price_cents=price)

    shift = recurring.shift([plan], service=change.service, periodicity=of.periodicity)

    sign = -1 if change.shift_days < 0 else 1
    days = abs(change.shift_days)
    expected = sign * money.share(price, part=days, whole=former.cycle.days)
    assert (shift.signed_cents if shift else 0) == expected


@given(changes(), st.data(), st.integers(0, 100_000))
def test_a_plan_that_changes_within_a_stretched_period_costs_each_its_days(
    drawn: Drawn, data: st.DataObject, price: int
) -> None:
    of, _, change, _, _ = drawn
    period = change.service.period
    day = data.draw(st.dates(period.start, period.last_day))
    assume(day != period.start)
    first = item(starts_on=period.start, ends_on=day, cycle_price_cents=price)
    second = item(id=2, starts_on=day, cycle_price_cents=price)
    alone = item(starts_on=period.start, cycle_price_cents=price)

    divided, whole = (
        adjustments.recurring_cost(items, service=change.service, periodicity=of.periodicity)
        for items in ([first, second], [alone])
    )

    assert divided == whole


@pytest.mark.parametrize(
    ("due_day", "next_due", "period", "shift", "printed"),
    [
        # D is 10/09: the 20th is 10 days after it, 21 days before it
        (20, date(2025, 9, 20), "10/08/2025 a 19/09/2025", 10, 2900),  # 89,90 ÷ 31 × 10
        (5, date(2025, 9, 5), "10/08/2025 a 04/09/2025", -5, -1450),  # 89,90 ÷ 31 × 5
        (25, date(2025, 9, 25), "10/08/2025 a 24/09/2025", 15, 4350),  # 26/08 is 16 days before
        (26, date(2025, 8, 26), "10/08/2025 a 25/08/2025", -15, -4350),
        (31, date(2025, 8, 31), "10/08/2025 a 30/08/2025", -10, -2900),
    ],
)
def test_the_designs_table(
    due_day: int, next_due: date, period: str, shift: int, printed: int
) -> None:
    change = changed(due_day)
    plan = item(price_cents=8990)

    moved = recurring.shift([plan], service=change.service, periodicity=MONTHLY)

    assert change.former_due_on == date(2025, 9, 10)
    assert (change.next_due_on, change.service.period.label()) == (next_due, period)
    assert change.shift_days == shift
    assert moved is not None
    assert moved.signed_cents == printed


def test_a_tie_goes_later() -> None:
    june = terms(date(2026, 5, 16), due_day=16, due_anchor_on=date(2026, 6, 16))
    # the 1st of June is 15 days before D, the 1st of July 15 days after it
    change = changed(1, of=june, on=date(2026, 5, 16), start=date(2026, 5, 16))

    assert change.next_due_on == date(2026, 7, 1)


def test_too_near_a_day_waits_for_the_next_month() -> None:
    change = changed(5, on=date(2025, 9, 1))  # 05/09 would give 4 days of notice

    assert change.next_due_on == date(2025, 10, 5)
    assert change.service.period == Period(KEPT_UNTIL, date(2025, 10, 5))
    assert change.shift_days == 25


def test_the_invoice_shows_the_days_added_or_taken_as_a_line_of_their_own() -> None:
    for due_day, expected in (
        (20, ("10 dias a mais pela mudança do vencimento", "R$ 89,90 ÷ 31 × 10 dias = R$ 29,00")),
        (5, ("5 dias a menos pela mudança do vencimento", "−(R$ 89,90 ÷ 31 × 5 dias) = −R$ 14,50")),
    ):
        draft = invoicing.draft_invoice(
            [item(price_cents=8990)], service=changed(due_day).service, periodicity=MONTHLY
        )

        assert told(draft) == [("Fibra 300", "R$ 89,90"), expected]


def test_the_days_are_divided_among_the_tax_classes() -> None:
    items = [
        item(price_cents=7990),
        item(id=2, product_id=2, tax_class=TaxClass.SVA, price_cents=2000),
        item(id=3, kind=ItemKind.DISCOUNT, price_cents=1000),
    ]
    draft = invoicing.draft_invoice(items, service=changed(20).service, periodicity=MONTHLY)

    *_, internet, app = draft.lines
    # 79,90 − 10,00 of SCM and 20,00 of SVA: 89,90 in all, and 29,00 for ten days
    assert (internet.tax_class, internet.explanation) == (
        TaxClass.SCM,
        "R$ 29,00 − R$ 6,45 = R$ 22,55",
    )
    assert (app.tax_class, app.explanation) == (
        TaxClass.SVA,
        "R$ 29,00 × R$ 20,00 ÷ R$ 89,90 = R$ 6,45",
    )


def test_prepaid_the_period_that_starts_on_the_due_date_is_stretched() -> None:
    prepaid = terms(date(2025, 7, 10), timing=Timing.PREPAID, due_anchor_on=date(2025, 7, 10))
    change = alteration_due_day.change(
        prepaid,
        start=KEPT_UNTIL,
        due_day=20,
        on=ON,
        min_notice_days=5,
        last_kept_due_on=date(2025, 7, 10),
    )

    following = schedule.service_period(change.schedule, start=change.service.period.end)
    assert change.next_due_on == date(2025, 8, 20)  # D is 10/08
    assert change.service.period.label() == "10/08/2025 a 19/09/2025"
    assert following.nominal_due_on == following.period.start == date(2025, 9, 20)


def test_the_31st_is_kept_after_a_february_without_it() -> None:
    of = terms(date(2028, 1, 10), due_anchor_on=date(2028, 2, 10))
    change = changed(31, of=of, on=date(2028, 1, 20), start=date(2028, 2, 10))

    services = list(islice(schedule.service_periods(change.schedule, start=date(2028, 2, 10)), 3))

    # D is 10/03; 29/02 is 10 days before it, 31/03 is 21 days after it
    assert [s.nominal_due_on for s in services] == [
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


@pytest.mark.parametrize("base", [PeriodBase.ANNIVERSARY, PeriodBase.CALENDAR])
def test_by_anniversary_and_by_calendar_only_the_due_date_moves(base: PeriodBase) -> None:
    of = terms(date(2025, 7, 10), base=base)
    [service] = islice(schedule.service_periods(of, start=of.starts_on), 1)
    change = changed(20, of=of, start=service.period.end)

    assert change.shift_days == 0
    assert change.service.regular is None
    assert change.next_due_on == date(2025, 9, 20)
    assert recurring.shift([item()], service=change.service, periodicity=MONTHLY) is None


@pytest.mark.parametrize(
    ("due_day", "of", "on", "sentence"),
    [
        (10, terms(date(2025, 8, 10)), ON, "já é o dia 10"),
        (0, terms(date(2025, 8, 10)), ON, "informe um dia de 1 a 31"),
        (5, terms(date(2025, 8, 10)), date(2025, 9, 10), "fature-o antes"),
        (
            5,
            terms(date(2025, 8, 10), due_rule=DueRule.INTERVAL, interval_days=7),
            ON,
            "o dia não é usado",
        ),
        (5, terms(date(2025, 8, 10), periodicity=Periodicity.of_days(30)), ON, "o dia não é usado"),
    ],
)
def test_what_cannot_be_is_refused(due_day: int, of: Schedule, on: date, sentence: str) -> None:
    with pytest.raises(DueDayRefused, match=sentence):
        changed(due_day, of=of, on=on)
