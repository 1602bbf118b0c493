"""What is lawful always gives periods; what is not is told in words that name the field."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import assume, given

from tests.domain.strategies import schedules
from vigente.domain import schedule
from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, DueRule, PeriodBase, Schedule, Timing
from vigente.domain.schedule_validation import validate, validate_terms

LAWFUL = {
    "timing": Timing.POSTPAID,
    "base": PeriodBase.DUE_DATE,
    "period_unit": PeriodUnit.MONTH,
    "period_count": 1,
    "due_rule": DueRule.FIXED_DAY,
    "due_day": 10,
    "interval_days": None,
    "custom_dates": (),
    "first_divisor": Divisor.ACTUAL,
}


def refusals_of(of: Schedule) -> tuple[str, ...]:
    return validate(
        timing=of.timing,
        base=of.base,
        period_unit=of.periodicity.unit,
        period_count=of.periodicity.count,
        due_rule=of.due_rule,
        due_day=of.due_day,
        interval_days=of.interval_days,
        custom_dates=of.custom_dates,
        first_divisor=of.first_divisor,
    )


@given(schedules())
def test_a_lawful_schedule_has_a_period_from_its_first_day(of: Schedule) -> None:
    assume(not refusals_of(of))
    assume(of.due_rule is not DueRule.CUSTOM or of.base is PeriodBase.DUE_DATE)

    assert schedule.service_period(of, start=of.starts_on).period.start == of.starts_on


@given(schedules(custom=False))
def test_a_lawful_interval_is_the_time_to_the_first_due_date(of: Schedule) -> None:
    of = replace(
        of,
        timing=Timing.POSTPAID,
        base=PeriodBase.DUE_DATE,
        due_rule=DueRule.INTERVAL,
        interval_days=((of.due_day or 1) - 1) % 28 + 1,
        due_anchor_on=None,
    )
    assume(not refusals_of(of))

    [first] = islice(schedule.service_periods(of, start=of.starts_on), 1)

    assert first.nominal_due_on == of.starts_on + timedelta(days=of.interval_days or 0)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"due_day": 1},
        {"due_day": 31},
        {"period_count": 400},
        {"due_rule": DueRule.INTERVAL, "interval_days": 0, "due_day": None},
        {"base": PeriodBase.CALENDAR, "period_count": 3},
        {"first_divisor": Divisor.THIRTY, "period_count": 12},
        {"period_unit": PeriodUnit.DAY, "period_count": 30, "due_day": None},
        {"due_rule": DueRule.INTERVAL, "interval_days": 28, "due_day": None},
        {"due_rule": DueRule.INTERVAL, "interval_days": 90, "base": PeriodBase.ANNIVERSARY},
        {"due_rule": DueRule.INTERVAL, "interval_days": 90, "timing": Timing.PREPAID},
        {"due_rule": DueRule.CUSTOM, "custom_dates": (date(2026, 2, 5),), "due_day": None},
    ],
)
def test_what_determines_periods_is_lawful(changes: dict[str, object]) -> None:
    assert validate(**LAWFUL | changes) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period_count": 0}, "Periodicidade"),
        ({"period_count": 401}, "Periodicidade"),
        ({"due_day": None}, "Dia de vencimento"),
        ({"due_day": 0}, "Dia de vencimento"),
        ({"due_day": 32}, "Dia de vencimento"),
        (
            {"base": PeriodBase.CALENDAR, "period_unit": PeriodUnit.DAY, "period_count": 30},
            "Base do período",
        ),
        (
            {"first_divisor": Divisor.THIRTY, "period_unit": PeriodUnit.DAY, "period_count": 30},
            "Divisor da primeira fatura",
        ),
        ({"due_rule": DueRule.INTERVAL}, "Intervalo"),
        ({"due_rule": DueRule.INTERVAL, "interval_days": -1}, "Intervalo"),
        ({"due_rule": DueRule.INTERVAL, "interval_days": 29}, "Intervalo"),
        ({"due_rule": DueRule.CUSTOM}, "Vencimentos personalizados"),
        (
            {
                "due_rule": DueRule.CUSTOM,
                "custom_dates": (date(2026, 3, 5), date(2026, 2, 5)),
            },
            "Vencimentos personalizados",
        ),
        (
            {"due_rule": DueRule.CUSTOM, "custom_dates": (date(2026, 2, 5),) * 2},
            "Vencimentos personalizados",
        ),
    ],
)
def test_what_does_not_is_refused_with_the_name_of_the_field(
    changes: dict[str, object], field: str
) -> None:
    [sentence] = validate(**LAWFUL | changes)

    assert sentence.startswith(f"{field}: ")
    assert sentence.endswith(".")


def test_a_refusal_says_the_way_out() -> None:
    assert validate(**LAWFUL | {"due_day": 32}) == ("Dia de vencimento: informe um dia de 1 a 31.",)
    assert validate(**LAWFUL | {"due_rule": DueRule.INTERVAL}) == (
        "Intervalo: informe quantos dias até o vencimento, a partir de 0.",
    )


def test_every_flaw_is_told_at_once() -> None:
    flaws = validate(
        **LAWFUL | {"period_count": 0, "due_day": None, "custom_dates": (date(2026, 2, 5),) * 2}
    )

    assert len(flaws) == 3


@pytest.mark.parametrize(
    ("due_rule", "interval_days", "custom_dates", "sentences"),
    [
        (DueRule.FIXED_DAY, None, (), ()),
        (DueRule.INTERVAL, 0, (), ()),
        (DueRule.CUSTOM, None, (date(2026, 2, 5), date(2026, 3, 5)), ()),
        (
            DueRule.FIXED_DAY,
            5,
            (date(2026, 2, 5),),
            (
                "Intervalo: só o vencimento por intervalo tem dias; deixe vazio.",
                "Vencimentos personalizados: só o vencimento personalizado tem datas; deixe vazio.",
            ),
        ),
        (
            DueRule.INTERVAL,
            None,
            (),
            ("Intervalo: informe quantos dias até o vencimento, a partir de 0.",),
        ),
        (
            DueRule.CUSTOM,
            None,
            (date(2026, 3, 5), date(2026, 2, 5)),
            ("Vencimentos personalizados: ponha as datas em ordem, cada uma uma só vez.",),
        ),
    ],
)
def test_payment_terms_have_what_their_rule_needs_and_nothing_else(
    due_rule: DueRule,
    interval_days: int | None,
    custom_dates: tuple[date, ...],
    sentences: tuple[str, ...],
) -> None:
    told = validate_terms(due_rule=due_rule, interval_days=interval_days, custom_dates=custom_dates)

    assert told == sentences
