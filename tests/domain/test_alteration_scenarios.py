"""Alterations that are easily got wrong, in dates and reais."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.domain.altered import RULES, Contract
from tests.domain.test_alteration_plan import drafted, rules_of, the_manuals, to_plan
from tests.domain.test_invoicing import item, told
from tests.domain.test_schedule import terms
from vigente.domain import alteration_items, alteration_plan, alteration_words
from vigente.domain.alteration_loyalty import LoyaltyChange
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import Loyalty, PlanRank, ReceivableFacts, WantedTerms
from vigente.domain.codes import (
    Charge,
    DifferencePolicy,
    HoldReason,
    ItemKind,
    SignatureKind,
    TaxClass,
)
from vigente.domain.schedule import PeriodBase, Timing

ON = date(2025, 7, 13)
BALANCE, MANUAL = DifferencePolicy.PERIOD_BALANCE, DifferencePolicy.MANUAL


def planned(contract: Contract, wanted: WantedTerms, **more) -> AlterationPlan:
    return alteration_plan.plan_alteration(contract.facts(wanted, **more), wanted=wanted)


def difference(plan: AlterationPlan) -> int:
    """Return what the alteration charges on the next invoice: below zero it is given back."""
    return plan.settlement.chosen.signed_cents if plan.settlement else 0


def monthly(price: int = 4990, *, start: date = date(2025, 6, 10), **more) -> Contract:
    contract = Contract(
        terms(start, **more), [item(starts_on=start, price_cents=price)], policy=BALANCE
    )
    contract.close(2)
    return contract


def test_a_second_alteration_in_one_period_starts_from_what_is_already_in_force() -> None:
    contract = the_manuals(4990)
    first = contract.alter(to_plan(8990))
    second = contract.alter(replace(to_plan(4990), on=date(2025, 7, 23)))

    assert difference(first) == 3613  # by the manual: 4,83 + 81,20 − 49,90
    assert second.settlement is not None
    assert second.settlement.why_not_manual == "este período já teve uma alteração"
    # 18 days of 08/2025 go back from 89,90 to 49,90: 40,00 ÷ 31 × 18
    assert difference(second) == -2323
    contract.close()
    assert contract.billed_cents == contract.cost_cents


def test_back_and_forth_on_one_day_comes_to_nothing() -> None:
    contract = monthly()
    contract.alter(to_plan(8990))
    contract.alter(to_plan(4990))

    contract.close()

    assert contract.pending_cents == 0
    assert contract.standing[-1][1].total_cents == 4990  # 49,90 + 36,13 − 36,13


@pytest.mark.parametrize(
    ("on", "cents"),
    [
        (date(2025, 7, 10), 4000),  # the whole of 10/07–09/08: 89,90 − 49,90
        (date(2025, 8, 9), 129),  # the last day: 40,00 ÷ 31
    ],
)
def test_the_first_and_the_last_day_of_a_period(on: date, cents: int) -> None:
    contract = monthly()

    assert difference(contract.alter(replace(to_plan(8990), on=on))) == cents


def test_the_29th_of_february() -> None:
    contract = monthly(2900, start=date(2028, 1, 1), due_day=1)  # 1 to 29/02/2028 is the second

    plan = contract.alter(replace(to_plan(5800), on=date(2028, 2, 29)))

    assert difference(plan) == 100  # one day: (58,00 − 29,00) ÷ 29


def test_prepaid_the_period_paid_in_advance_is_settled_on_the_next_invoice() -> None:
    contract = monthly(timing=Timing.PREPAID)

    plan = contract.alter(to_plan(8990))

    assert difference(plan) == 3613
    [invoice, _] = plan.first_invoices
    assert invoice.nominal_due_on == date(2025, 8, 10)
    assert invoice.draft.total_cents == 12603  # 89,90 + 36,13


def test_a_period_not_invoiced_yet_is_drafted_from_its_segments() -> None:
    contract = Contract(
        terms(date(2025, 6, 10)), [item(starts_on=date(2025, 6, 10), price_cents=4990)]
    )
    contract.close()

    plan = contract.alter(to_plan(8990))

    assert plan.settlement is None
    assert plan.charged_items == ()
    assert plan.invoices.current is None
    [invoice, _] = plan.first_invoices
    assert told(invoice.draft) == [
        ("Fibra 300", "R$ 49,90 ÷ 31 × 3 dias = R$ 4,83"),
        ("Produto 1", "R$ 89,90 ÷ 31 × 28 dias = R$ 81,20"),
    ]


def test_what_is_charged_n_times_makes_no_difference_and_is_not_charged_again() -> None:
    contract = monthly()
    visit = drafted(5000, kind=ItemKind.ADDITIONAL, charge=Charge.TIMES, times=2, product_id=2)

    plan = contract.alter(replace(to_plan(4990), added=(visit,)))

    assert difference(plan) == 0
    assert [i.draft.total_cents for i in plan.first_invoices] == [9990, 9990]  # 49,90 + 50,00


def test_the_difference_is_divided_by_what_each_product_changed() -> None:
    contract = monthly(8990)
    items = (drafted(3990), drafted(3000, product_id=2))  # internet 89,90 → 39,90, and an app

    plan = contract.alter(replace(to_plan(0), plan_items=items))

    internet, app = plan.charged_items
    assert difference(plan) == -1806  # 8,70 + 36,04 + 27,10 − 89,90
    # 89,90 − 8,70 − 36,04 = 45,16 less for the internet, 27,10 more for the app
    assert (internet.tax_class, internet.draft.kind) == (TaxClass.SCM, ItemKind.DISCOUNT)
    assert (app.tax_class, app.draft.kind) == (TaxClass.SVA, ItemKind.ADDITIONAL)
    assert app.draft.price_cents - internet.draft.price_cents == -1806
    assert app.draft.price_cents == 2710


def test_a_temporary_alteration_is_settled_once_and_reverts_by_itself() -> None:
    contract = the_manuals(4990)
    wanted = to_plan(8990, until=date(2025, 8, 20))

    plan = contract.alter(wanted)
    contract.close(2)

    assert plan.settlement is not None
    assert plan.settlement.why_not_manual == "a alteração é temporária"
    assert difference(plan) == 3613  # 28 days of the issued period
    *_, august, september = (draft for _, draft in contract.standing)
    assert told(august)[:2] == [
        ("Produto 1", "R$ 89,90 ÷ 31 × 10 dias = R$ 29,00"),  # until 19/08
        ("Fibra 300", "R$ 49,90 ÷ 31 × 21 dias = R$ 33,80"),
    ]
    assert told(september) == [("Fibra 300", "R$ 49,90")]


def test_a_discount_ends_and_is_resumed_with_what_it_reduces() -> None:
    plan, discount = item(), item(id=2, kind=ItemKind.DISCOUNT, discounted_item_id=1)

    changes = alteration_items.change(
        [plan, discount], wanted=to_plan(8990, until=date(2025, 9, 1))
    )

    assert changes.ended == (plan, discount)
    plan_again, discount_again = changes.resumed
    assert discount_again.discounted_item_id == plan_again.id < 0
    assert plan_again.starts_on == discount_again.starts_on == date(2025, 9, 1)


def test_products_of_the_present_plan_may_be_kept_and_services_ended() -> None:
    contract = monthly()
    contract.items += [
        item(id=2, product_id=2, price_cents=1000),
        item(id=3, product_id=3, kind=ItemKind.ADDITIONAL, price_cents=500),
    ]
    wanted = to_plan(8990, kept_item_ids=frozenset({2}), ended_item_ids=frozenset({3}))

    plan = contract.alter(wanted)

    assert [i.id for i in plan.items.ended] == [1, 3]
    assert plan.classification.before_cents == 6490  # 49,90 + 10,00 + 5,00
    assert plan.classification.after_cents == 9990  # 89,90 + 10,00


def test_a_billing_type_begins_where_the_last_kept_invoice_ends() -> None:
    contract = monthly()
    calendar = terms(base=PeriodBase.CALENDAR)

    plan = contract.alter(WantedTerms(on=ON, billing_type=rules_of(calendar, number=9)))

    stub, month = plan.first_invoices
    assert stub.draft.service is not None
    assert stub.draft.service.period.label() == "10/08/2025 a 31/08/2025"
    assert told(stub.draft) == [("Fibra 300", "R$ 49,90 ÷ 31 × 22 dias = R$ 35,41")]
    assert month.draft.total_cents == 4990


def test_what_was_paid_on_a_cancelled_invoice_becomes_credit() -> None:
    contract = the_manuals(4990)
    [*_, (september, _)] = contract.standing
    shared = ReceivableFacts(
        id=7,
        number="7",
        due_on=date(2025, 9, 10),
        amount_cents=9990,  # another contract's 50,00 is on it as well
        received_cents=6000,
        invoices=((september.invoice_id, 4990),),
    )

    plan = planned(contract, to_plan(8990), receivables=(shared,))

    assert plan.invoices.cancelled == (september,)
    assert plan.invoices.cancelled_cents == 4990
    assert plan.invoices.credit_cents == 6000
    [receivable] = plan.invoices.receivables
    assert receivable.issued_again_cents == 5000


def test_the_ceiling_holds_the_next_invoice_and_is_told() -> None:
    rules = replace(RULES, last_due_on=date(2025, 9, 15))
    contract = the_manuals(4990)

    plan = planned(contract, to_plan(8990, due_day=20), rules=rules)

    assert plan.first_invoices == ()
    assert plan.hold is not None
    assert plan.hold.reason is HoldReason.CEILING


def test_a_scheduled_alteration_takes_the_periods_until_then_as_invoiced() -> None:
    contract = monthly()  # invoiced until 09/08
    wanted = replace(to_plan(8990), on=date(2025, 10, 15))

    plan = planned(contract, wanted, today=ON)

    assert plan.settlement is None
    [invoice, _] = plan.first_invoices
    assert invoice.draft.service is not None
    assert invoice.draft.service.period.label() == "10/10/2025 a 09/11/2025"
    assert [line.days for line in invoice.draft.lines] == [5, 26]


@pytest.mark.parametrize(
    ("price", "on", "months", "cents"),
    [
        (3990, ON, 11, 27500),  # 300,00 ÷ 12 × 11: one month is completed
        (3990, date(2025, 8, 9), 11, 27500),
        (8990, ON, None, None),  # an upgrade leaves the term alone
    ],
)
def test_a_downgrade_within_the_loyalty_term_shows_the_penalty(
    price: int, on: date, months: int | None, cents: int | None
) -> None:
    loyalty = Loyalty(starts_on=date(2025, 6, 10), months=12, benefit_cents=30000)
    wanted = replace(to_plan(price), on=on)

    shown = planned(monthly(), wanted, loyalty=loyalty)
    charged = planned(monthly(), replace(wanted, charges_penalty=True), loyalty=loyalty)

    assert (shown.penalty and shown.penalty.cents) == cents
    assert (shown.penalty and shown.penalty.months_left) == months
    assert shown.penalty is None or shown.penalty.item is None
    penalties = [i for i in charged.charged_items if i.draft.description == "Multa de fidelidade"]
    assert [i.draft.price_cents for i in penalties] == ([cents] if cents else [])


WITH_LOYALTY = {"loyalty_months": 12, "loyalty_benefit_cents": 30000}
TICKED = {"starts_loyalty": True}


@pytest.mark.parametrize(
    ("plan", "asked", "begins"),
    [
        (WITH_LOYALTY, TICKED, True),
        (WITH_LOYALTY, {}, False),  # it binds the customer: nobody ticked it
        ({}, TICKED, False),  # the plan has none
        (WITH_LOYALTY, TICKED | {"until": date(2025, 8, 1)}, False),  # it comes back by itself
    ],
)
def test_the_loyalty_of_a_new_plan_begins_where_it_is_ticked(
    plan: dict[str, int], asked: dict[str, Any], begins: bool
) -> None:
    to = to_plan(8990)
    assert to.plan is not None
    wanted = replace(to, plan=replace(to.plan, **plan), **asked)
    former = Loyalty(starts_on=date(2025, 6, 10), months=12, benefit_cents=10000)

    done = planned(monthly(), wanted, loyalty=former)

    begun = Loyalty(starts_on=ON, months=12, benefit_cents=30000)
    assert done.loyalty == (LoyaltyChange(former=former, begun=begun) if begins else None)
    titles = [one.title for group in alteration_words.groups(done) for one in group.effects]
    assert ("Fidelidade de 12 meses" in titles) is begins


def test_speed_recurrence_and_signature_are_told() -> None:
    wanted = to_plan(8990, due_day=20, signature=SignatureKind.DIGITAL)

    plan = planned(monthly(), wanted, has_pix_recurrence=True)

    assert plan.speed is not None
    assert (plan.speed.before_kbps, plan.speed.after_kbps) == (300_000, 600_000)
    assert plan.cancels_pix_recurrence
    assert plan.awaits_signature
    same_day = planned(monthly(), to_plan(8990), has_pix_recurrence=True)
    assert not same_day.cancels_pix_recurrence
    assert not same_day.awaits_signature


def test_a_plan_of_another_name_with_the_same_items_still_changes_the_plan() -> None:
    other = PlanRank(id=2, name="Fibra 300 Plus", tier=1, speed_kbps=300_000)
    wanted = WantedTerms(on=ON, plan=other, plan_items=(drafted(4990),))

    plan = planned(monthly(), wanted)

    assert plan.classification.kind.value == "SC"
    assert difference(plan) == 0
