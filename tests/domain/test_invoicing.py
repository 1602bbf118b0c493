"""An invoice's lines add up, explain themselves, and lose nothing between periods."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import contracts_items, schedules
from tests.domain.test_schedule import terms
from vigente.domain import explanation, invoicing, schedule
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, LineKind, TaxClass
from vigente.domain.cycles import Periodicity
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.items import Item
from vigente.domain.schedule import FirstInvoice, Schedule

START = date(2026, 1, 10)
MONTHLY = terms(START)


def item(**more) -> Item:
    facts = {
        "id": 1,
        "kind": ItemKind.PLAN,
        "product_id": 1,
        "tax_class": TaxClass.SCM,
        "description": "Fibra 300",
        "starts_on": date(2025, 1, 1),
        "price_cents": 9000,
    }
    return Item(**{**facts, **more})


def drafts(items: tuple[Item, ...], of: Schedule = MONTHLY, count: int = 1) -> list[InvoiceDraft]:
    """Draft the first invoices of a contract, one after the other."""
    made, carried = [], 0
    for service in islice(schedule.service_periods(of, start=of.starts_on), count):
        draft = invoicing.draft_invoice(
            items, service=service, periodicity=of.periodicity, carried_cents=carried
        )
        items = invoicing.after(items, draft=draft)
        carried += draft.carried_cents
        made.append(draft)
    return made


def told(draft: InvoiceDraft) -> list[tuple[str, str]]:
    """Return the lines as they are printed."""
    return [(line.description, line.explanation) for line in draft.lines]


@st.composite
def contracts(draw: st.DrawFn) -> tuple[Schedule, tuple[Item, ...]]:
    """Draw a schedule and items around its first days."""
    of = draw(schedules(custom=False))
    return of, draw(contracts_items(near=of.starts_on))


@given(contracts())
def test_lines_add_up_are_explained_and_never_fall_below_zero(
    contract: tuple[Schedule, tuple[Item, ...]],
) -> None:
    of, items = contract

    for draft in drafts(items, of, count=6):
        assert sum(line.amount_cents for line in draft.lines) == draft.total_cents >= 0
        assert 0 <= draft.discount_until_due_cents <= draft.total_cents
        for line in draft.lines:
            assert explanation.evaluate(line.explanation) == line.amount_cents, line


@given(contracts())
def test_what_is_carried_out_comes_in_again(
    contract: tuple[Schedule, tuple[Item, ...]],
) -> None:
    of, items = contract
    made = drafts(items, of, count=6)

    carried = sum(d.carried_cents for d in made)
    own_lines = sum(
        line.amount_cents
        for draft in made
        for line in draft.lines
        if line.kind not in (LineKind.CARRIED_IN, LineKind.CARRIED_OUT)
    )

    assert carried >= 0
    assert sum(d.total_cents for d in made) - carried == own_lines


@given(contracts())
def test_a_counted_item_is_charged_as_often_as_agreed_and_no_more(
    contract: tuple[Schedule, tuple[Item, ...]],
) -> None:
    of, items = contract

    charges = [charge for draft in drafts(items, of, count=14) for charge in draft.charges]

    assert len(charges) == len(set(charges))
    for one in items:
        numbers = sorted(number for item_id, number in charges if item_id == one.id)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) <= (one.times or 0)


@given(st.integers(1, 10**7), st.integers(1, 24))
def test_instalments_add_up_to_their_total(total: int, times: int) -> None:
    fee = item(
        id=2, kind=ItemKind.ADDITIONAL, charge=Charge.INSTALMENTS, times=times, price_cents=total
    )

    made = drafts((item(price_cents=0), fee), count=times + 2)

    assert sum(d.total_cents for d in made) == total


@given(contracts(), st.integers(1, 25))
def test_an_item_that_takes_over_from_an_equal_one_costs_the_same(
    contract: tuple[Schedule, tuple[Item, ...]], after_days: int
) -> None:
    of, (plan, *_) = contract
    change = of.starts_on + timedelta(days=after_days)
    first, second = plan._replace(ends_on=change), plan._replace(id=2, starts_on=change)
    of = replace(of, first_invoice=FirstInvoice.FIRST)

    whole = [d.total_cents for d in drafts((plan,), of, count=4)]
    divided = [d.total_cents for d in drafts((first, second), of, count=4)]

    assert divided == whole


def test_the_first_invoice_rules_of_the_design() -> None:
    # R$ 90,00, activation 20/01, due day 10: FIRST 90,00 ÷ 31 × 21 = 60,97; NEVER in full
    first, second, never = (
        drafts((item(),), terms(first_invoice=rule), count=3) for rule in FirstInvoice
    )

    assert [d.total_cents for d in first] == [6097, 9000, 9000]
    assert [d.total_cents for d in second] == [9000, 5786, 9000]  # 90,00 ÷ 28 × 18 = 57,86
    assert [d.total_cents for d in never] == [9000, 9000, 9000]


def test_additional_services_once_n_times_for_a_range_and_for_good() -> None:
    add = {"kind": ItemKind.ADDITIONAL}
    items = (
        item(),
        item(id=2, **add, description="Visita", charge=Charge.TIMES, times=1, price_cents=5000),
        item(id=3, **add, description="Roteador", charge=Charge.TIMES, times=2, price_cents=2000),
        item(
            id=4,
            **add,
            description="Turbo",
            price_cents=3100,
            starts_on=date(2026, 1, 20),
            ends_on=date(2026, 1, 30),
        ),
        item(id=5, **add, description="Ponto", price_cents=1000),
    )

    made = drafts(items, count=3)

    assert told(made[0]) == [
        ("Fibra 300", "R$ 90,00"),
        ("Turbo", "R$ 31,00 ÷ 31 × 10 dias = R$ 10,00"),
        ("Ponto", "R$ 10,00"),
        ("Visita", "R$ 50,00"),
        ("Roteador (1 de 2)", "R$ 20,00"),
    ]
    # 90 + 10 + 10 + 50 + 20; 90 + 10 + 20; 90 + 10
    assert [d.total_cents for d in made] == [18000, 12000, 10000]


def test_discounts_fixed_percent_n_times_and_until_the_due_date() -> None:
    less = {"kind": ItemKind.DISCOUNT}
    items = (
        item(),
        item(id=2, **less, description="Amigo", price_cents=1000),
        item(
            id=3,
            **less,
            description="Promoção",
            price_cents=0,
            percent_e4=100_000,
            charge=Charge.TIMES,
            times=1,
        ),
        item(id=4, **less, description="Pontualidade", price_cents=500, only_if_paid_by_due=True),
    )

    first, second = drafts(items, count=2)

    assert told(first) == [
        ("Fibra 300", "R$ 90,00"),
        ("Amigo", "−R$ 10,00"),
        ("Promoção", "−(R$ 90,00 × 10%) = −R$ 9,00"),
    ]
    assert (first.total_cents, first.discount_until_due_cents) == (7100, 500)  # 90 − 10 − 9
    assert second.total_cents == 8000  # 90 − 10


def test_a_discount_above_the_invoice_is_carried_to_the_next() -> None:
    gift = item(
        id=2,
        kind=ItemKind.DISCOUNT,
        description="Acerto",
        charge=Charge.TIMES,
        times=1,
        price_cents=12000,
        origin=ItemOrigin.ADJUSTMENT,
        explanation="R$ 120,00",
    )

    first, second = drafts((item(), gift), count=2)

    assert first.total_cents == 0  # 90 − 120 = −30, carried out
    assert first.lines[-1].kind is LineKind.CARRIED_OUT
    assert second.lines[0].kind is LineKind.CARRIED_IN
    assert second.total_cents == 6000  # 90 − 30


def test_a_final_invoice_leaves_the_rest_as_credit() -> None:
    gift = item(id=2, kind=ItemKind.DISCOUNT, charge=Charge.TIMES, times=1, price_cents=12000)
    service = schedule.service_period(MONTHLY, start=START)

    draft = invoicing.draft_invoice(
        (item(), gift), service=service, periodicity=Periodicity.months(1), is_final=True
    )

    assert (draft.total_cents, draft.credit_cents, draft.carried_cents) == (0, 3000, 0)


def test_an_item_without_proportional_charging_costs_the_whole_period() -> None:
    point = item(
        id=2, kind=ItemKind.ADDITIONAL, price_cents=1000, starts_on=date(2026, 1, 31), prorate=False
    )

    [draft] = drafts((item(), point))

    assert draft.total_cents == 10000


def test_nothing_in_force_is_a_fact_not_an_empty_invoice() -> None:
    with pytest.raises(invoicing.NothingInForce):
        drafts((item(ends_on=date(2025, 2, 1)),))
