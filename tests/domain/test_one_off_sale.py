"""A one-off sale becomes invoices that add up to it, each payable on a day that may be."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import cycles, explanation, money, one_off_sale
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.close_plan import BranchRules, PlannedInvoice
from vigente.domain.codes import TaxClass
from vigente.domain.one_off_sale import (
    MOST_CENTS,
    MOST_INSTALMENTS,
    Buyer,
    OneOffSale,
    OneOffSaleRefused,
)

TODAY = date(2026, 8, 3)
BUYER = Buyer(contract_id=1, customer_id=2, branch_id=3, wallet_id=4)

sales = st.builds(
    OneOffSale,
    product_id=st.just(1),
    description=st.just("Roteador"),
    quantity_milli=st.integers(1, 50_000),
    price_cents=st.integers(1, 1_000_000),
    first_due_on=st.integers(0, 366).map(lambda days: TODAY + timedelta(days=days)),
    instalments=st.integers(1, MOST_INSTALMENTS),
).filter(lambda sale: sale.instalments <= one_off_sale.total(sale).cents <= MOST_CENTS)


def sale(**more) -> OneOffSale:
    told = {
        "product_id": 1,
        "description": "Roteador",
        "quantity_milli": 2000,
        "price_cents": 5000,
        "first_due_on": date(2026, 9, 10),
        **more,
    }
    return OneOffSale(**told)


def planned(sold: OneOffSale, *, ceiling: date | None = None) -> tuple[PlannedInvoice, ...]:
    rules = BranchRules(
        min_days_before_due=5,
        due_on_business_day=True,
        last_due_on=ceiling,
        calendar=BusinessCalendar(),
    )
    return one_off_sale.plan(sold, tax_class=TaxClass.ISS, buyer=BUYER, rules=rules, today=TODAY)


@given(sales)
def test_the_instalments_add_up_to_the_sale_and_each_prints_its_sum(sold: OneOffSale) -> None:
    invoices = planned(sold)

    lines = [line for invoice in invoices for line in invoice.draft.lines]
    whole = Fraction(sold.price_cents * sold.quantity_milli, 1000)
    assert sum(invoice.draft.total_cents for invoice in invoices) == one_off_sale.total(sold).cents
    assert one_off_sale.total(sold).cents == money.round_half_up(*whole.as_integer_ratio())
    assert len(invoices) == sold.instalments
    assert all(explanation.evaluate(line.explanation) == line.amount_cents for line in lines)
    assert explanation.evaluate(one_off_sale.total(sold).explanation) == sum(
        line.amount_cents for line in lines
    )


@given(sales)
def test_due_dates_are_a_month_apart_and_never_sooner_than_the_branch_allows(
    sold: OneOffSale,
) -> None:
    invoices = planned(sold)

    assert [one.nominal_due_on for one in invoices] == [
        cycles.months_after(sold.first_due_on, months=n) for n in range(sold.instalments)
    ]
    assert all(one.due_on >= TODAY + timedelta(days=5) for one in invoices)
    assert all(one.due_on >= one.nominal_due_on for one in invoices)
    assert all(one.draft.total_cents > 0 for one in invoices)


@given(sales, st.dates(TODAY, date(2030, 1, 1)))
def test_nothing_falls_due_after_the_ceiling(sold: OneOffSale, ceiling: date) -> None:
    free = planned(sold)

    try:
        invoices = planned(sold, ceiling=ceiling)
    except OneOffSaleRefused:
        assert free[-1].due_on > ceiling
    else:
        assert invoices == free
        assert free[-1].due_on <= ceiling


def test_two_of_fifty_reais_in_three() -> None:
    invoices = planned(sale(instalments=3))

    assert one_off_sale.total(sale()).explanation == "R$ 50,00 × 2 = R$ 100,00"
    assert [(one.due_on, one.draft.total_cents) for one in invoices] == [
        (date(2026, 9, 10), 3333),  # 100,00 ÷ 3
        (date(2026, 10, 12), 3334),  # (100,00 ÷ 3 × 2) − (100,00 ÷ 3 × 1); the 10th is a Saturday
        (date(2026, 11, 10), 3333),
    ]
    assert [line.description for one in invoices for line in one.draft.lines] == [
        f"Roteador ({n} de 3)" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"price_cents": 0}, "price_cents", "pelo menos um centavo"),
        ({"price_cents": 1, "quantity_milli": 1000, "instalments": 2}, "price_cents", "centavo"),
        ({"price_cents": MOST_CENTS}, "price_cents", "10.000.000,00"),
        ({"instalments": 25}, "instalments", "24"),
        ({"instalments": 0}, "instalments", "24"),
        ({"first_due_on": date(2026, 8, 2)}, "first_due_on", "já passou"),
        ({"first_due_on": date(2027, 8, 5)}, "first_due_on", "um ano"),
        ({"first_due_on": date(2027, 1, 4)}, "first_due_on", "teto de vencimento de 31/12/2026"),
        ({"instalments": 6}, "instalments", "A parcela 5 venceria em 11/01/2027"),
    ],
)
def test_an_absurd_sale_is_refused_beside_the_field_that_mends_it(
    wrong: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(OneOffSaleRefused, match=sentence) as refused:
        planned(sale(**wrong), ceiling=date(2026, 12, 31))

    assert refused.value.field == field
