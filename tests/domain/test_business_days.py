"""Banks rest at weekends, on holidays of nation and state, and on a few days of their own."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from tests.domain.strategies import days
from vigente.domain.business_days import BusinessCalendar, brazilian_holidays

YEARS = range(2024, 2030)
STATES = [
    *("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA"),
    *("PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"),
]
NATIONAL = BusinessCalendar(brazilian_holidays(None, years=YEARS))


@given(days)
def test_the_next_business_day_is_the_first_one_from_the_day_on(day: date) -> None:
    found = NATIONAL.next_business_day(day)

    assert NATIONAL.is_business_day(found)
    between = [day + timedelta(days=d) for d in range((found - day).days)]
    assert not any(NATIONAL.is_business_day(skipped) for skipped in between)


@given(days)
def test_banks_are_never_closed_for_a_week(day: date) -> None:
    assert (NATIONAL.next_business_day(day) - day).days < 7


@given(days)
def test_a_calendar_without_holidays_rests_at_weekends_alone(day: date) -> None:
    assert BusinessCalendar().is_business_day(day) == (day.strftime("%a") not in ("Sat", "Sun"))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Confraternização Universal"),
        (date(2026, 2, 16), "segunda-feira de Carnaval"),
        (date(2026, 2, 17), "terça-feira de Carnaval"),
        (date(2026, 4, 3), "Sexta-feira Santa"),
        (date(2026, 4, 21), "Tiradentes"),
        (date(2026, 5, 1), "Dia do Trabalho"),
        (date(2026, 6, 4), "Corpus Christi"),
        (date(2026, 9, 7), "Independência"),
        (date(2026, 10, 12), "Nossa Senhora Aparecida"),
        (date(2026, 11, 2), "Finados"),
        (date(2026, 11, 20), "Consciência Negra"),
        (date(2026, 12, 25), "Natal"),
        (date(2026, 12, 31), "último dia do ano"),
        (date(2028, 12, 29), "último dia útil do ano: 31/12/2028 é domingo"),
        (date(2022, 12, 30), "último dia útil do ano: 31/12/2022 é sábado"),
    ],
)
def test_banks_are_closed(day: date, name: str) -> None:
    closed = brazilian_holidays(None, years=[day.year])

    assert not BusinessCalendar(closed).is_business_day(day), name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 18), "Quarta-feira de Cinzas, à tarde"),
        (date(2026, 12, 24), "véspera de Natal, pela manhã"),
        (date(2026, 12, 30), "quarta-feira"),
        (date(2023, 11, 20), "feriado nacional só desde 2024"),
        (date(2026, 7, 9), "feriado só em São Paulo"),
    ],
)
def test_banks_are_open(day: date, name: str) -> None:
    closed = brazilian_holidays(None, years=[day.year])

    assert BusinessCalendar(closed).is_business_day(day), name


def test_a_states_holiday_is_the_states_alone() -> None:
    revolution = date(2026, 7, 9)

    assert revolution in brazilian_holidays("SP", years=[2026])
    assert revolution not in brazilian_holidays("PR", years=[2026])


@pytest.mark.parametrize("uf", STATES)
def test_every_state_keeps_the_national_holidays(uf: str) -> None:
    assert brazilian_holidays(None, years=[2026]) <= brazilian_holidays(uf, years=[2026])


def test_years_are_joined() -> None:
    both = brazilian_holidays(None, years=[2026, 2027])

    assert {date(2026, 12, 25), date(2027, 12, 25)} <= both
    assert brazilian_holidays(None, years=[]) == frozenset()


def test_after_carnival_comes_ash_wednesday() -> None:
    saturday = date(2026, 2, 14)

    assert NATIONAL.next_business_day(saturday) == date(2026, 2, 18)  # Sat, Sun, Mon, Tue: closed


def test_a_branch_adds_its_towns_holidays() -> None:
    town = BusinessCalendar(brazilian_holidays("PR", years=[2026]) | {date(2026, 9, 8)})

    # Saturday 5, Sunday 6, Independence on 7, the town's day on 8
    assert town.next_business_day(date(2026, 9, 5)) == date(2026, 9, 9)
