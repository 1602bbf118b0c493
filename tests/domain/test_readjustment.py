"""Readjustments: never before 12 months, at the exact ratio, and nothing else of the contract."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.altered import FIBRA, Contract
from tests.domain.strategies import days, prices, schedules
from tests.domain.test_alteration_plan import first_items, the_manuals
from tests.domain.test_invoicing import item
from vigente.domain import cycles, items, readjustment
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.alteration_terms import WantedTerms
from vigente.domain.codes import Charge, ItemKind, MassSkipReason, ServiceKind
from vigente.domain.readjustment import (
    IndexMonthsMissing,
    Readjustment,
    ReadjustmentRefused,
)

ON = date(2026, 7, 13)
percents = st.integers(-500_000, 1_000_000)
FIVE = Readjustment(percents_e4=(50_000,))


@pytest.fixture
def contract() -> Contract:
    """Return the manual's contract, active since 10/06/2025, a year later."""
    made = the_manuals(8990)
    made.close(12)
    return made


def ask(contract: Contract, *, on: date = ON, by: Readjustment = FIVE, **more) -> WantedTerms:
    facts = contract.facts(WantedTerms(on=on))
    return readjustment.wanted(facts, by=by, on=on, **more)


def in_force(contract: Contract, on: date) -> list[tuple[str, int]]:
    found = [i for i in contract.items if i.starts_on <= on and (i.ends_on or date.max) > on]
    return [(i.description, i.price_cents) for i in found if i.is_recurring]


@given(prices, st.lists(percents, min_size=1, max_size=12))
def test_a_price_is_the_exact_ratio_rounded_once(cents: int, each: list[int]) -> None:
    exact = Fraction(cents)
    for percent in each:
        exact *= 1 + Fraction(percent, 1_000_000)

    price = Readjustment(percents_e4=tuple(each)).price(cents)

    assert abs(price - exact) <= Fraction(1, 2)


@given(days, st.integers(0, 800))
def test_nobody_is_readjusted_before_12_months(last: date, later: int) -> None:
    on = last + timedelta(days=later)

    is_refused = on < readjustment.first_day(last)

    # the same day of the next year is 12 months later; 29 February comes on 1 March
    years_on = cycles.months_after(last, months=12)
    assert is_refused == (on < years_on or (last.day == 29 and on.day == 28 and on == years_on))


@given(schedules(custom=False), prices, st.sampled_from([0, 999]), st.integers(1, 1_000_000))
def test_only_prices_change_and_discounts_go_on(
    of: object, price: int, fixed: int, percent: int
) -> None:
    contract = Contract(of, first_items(of, price=price, fixed=fixed))
    contract.close(3)
    on = contract.facts_until(None).billed_until
    by = Readjustment(percents_e4=(percent,))
    facts = contract.facts(WantedTerms(on=on), activated_on=on - timedelta(days=400))
    before = in_force(contract, on)

    try:
        contract.alter(readjustment.wanted(facts, by=by, on=on))
    except AlterationRefused:
        assert by.price(price) == price

    [plan, *discounts] = before
    assert in_force(contract, on) == [(plan[0], by.price(plan[1])), *discounts]
    lasting = {i.id: i for i in contract.items if i.ends_on is None}
    reduced = [i.discounted_item_id for i in lasting.values() if i.kind is ItemKind.DISCOUNT]
    assert all(lasting[item_id].kind is ItemKind.PLAN for item_id in reduced if item_id)


def test_the_price_goes_up_and_the_plan_stays(contract: Contract) -> None:
    plan = contract.alter(ask(contract))

    # R$ 89,90 × 1,05
    assert in_force(contract, ON) == [("Fibra 300", 9440)]
    assert (plan.plan_before, plan.wanted.plan) == (FIBRA, FIBRA)
    assert plan.classification.change_cents == 450


def test_a_contract_is_left_until_12_months_after_its_activation(contract: Contract) -> None:
    with pytest.raises(ReadjustmentRefused, match=r"a partir de 10/06/2026 .*Lei 10\.192") as held:
        ask(contract, on=date(2026, 6, 9))

    assert held.value.reason is MassSkipReason.TOO_EARLY


def test_a_contract_is_left_until_12_months_after_the_last_readjustment(contract: Contract) -> None:
    with pytest.raises(ReadjustmentRefused, match="foi reajustado em 14/07/2025"):
        ask(contract, readjusted_on=date(2025, 7, 14))


def test_without_a_day_of_activation_nothing_is_readjusted(contract: Contract) -> None:
    facts = contract.facts(WantedTerms(on=ON), activated_on=None)

    with pytest.raises(ReadjustmentRefused, match="não tem data de ativação"):
        readjustment.wanted(facts, by=FIVE, on=ON)


def test_a_temporary_alteration_is_not_cut_short(contract: Contract) -> None:
    contract.items.append(item(id=7, starts_on=date(2026, 8, 1), price_cents=8990))

    with pytest.raises(ReadjustmentRefused, match="mudança para 01/08/2026"):
        ask(contract)


def test_additional_services_are_readjusted_where_that_is_asked(contract: Contract) -> None:
    point = item(id=7, kind=ItemKind.ADDITIONAL, description="Ponto", price_cents=1000)
    contract.items.append(point)

    wanted = ask(contract, with_additional=True, service_kinds={7: ServiceKind.SUPPORT})
    contract.alter(wanted)

    assert wanted.added[0].draft.service_kind is ServiceKind.SUPPORT
    assert in_force(contract, ON) == [("Fibra 300", 9440), ("Ponto", 1050)]


def test_what_costs_nothing_is_kept(contract: Contract) -> None:
    contract.items.append(item(id=7, description="Banca digital", price_cents=0))

    wanted = ask(contract)

    assert wanted.kept_item_ids == {7}
    assert len(wanted.plan_items) == 1


def test_a_discount_of_three_months_has_its_last_ones_left(contract: Contract) -> None:
    gift = item(
        id=7, kind=ItemKind.DISCOUNT, price_cents=500, charge=Charge.TIMES, times=30,
        discounted_item_id=1, charged=0,
    )  # fmt: skip
    contract.items.append(gift)
    contract.close(3)
    made = next(i for i in contract.facts_until(None).items if i.id == 7).charged
    on = contract.facts_until(None).billed_until

    wanted = ask(contract, on=on)

    [discount] = wanted.added
    assert (discount.draft.discounted_item_id, discount.draft.charges_before) == (-1, made)
    assert made == 3


def test_a_zero_percent_changes_nothing(contract: Contract) -> None:
    with pytest.raises(AlterationRefused, match="Nada muda"):
        contract.alter(ask(contract, by=Readjustment(percents_e4=(0,))))


def test_cycle_prices_are_readjusted_too(contract: Contract) -> None:
    contract.items[0] = contract.items[0]._replace(cycle_price_cents=2000)

    [plan_item] = ask(contract).plan_items

    assert plan_item.draft.cycle_price_cents == 2100
    assert plan_item.draft.quantity == Decimal(1)
    assert items.monthly_cents(contract.items, on=ON) == 8990


def test_an_index_accumulates_12_months_with_its_sum() -> None:
    known = {date(2025, month, 1): 10_000 for month in range(1, 13)}

    year = readjustment.accumulated(known, until=date(2025, 12, 20))

    # 1,01 to the 12th − 1
    assert year.percent_e4 == 126_825
    assert year.explanation.endswith("(1 + 1 %) − 1 = 12,6825 %")
    assert year.explanation.count("×") == 11


def test_an_index_with_a_month_missing_names_it() -> None:
    known = {date(2025, month, 1): 10_000 for month in range(1, 13) if month != 3}

    with pytest.raises(IndexMonthsMissing, match=r"em 03/2025\. Cadastre-a"):
        readjustment.accumulated(known, until=date(2025, 12, 1))
