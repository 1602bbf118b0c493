"""Altering a contract: what is kept, cancelled, charged and given back, in dates and reais."""

from datetime import date, timedelta

import pytest

from tests.journeys import altering
from tests.journeys.altering import ON, alter, asker, begin, choose, conclude, the_manuals, to_plan
from tests.journeys.scenario import close, told
from tests.provider import ATTENDANT, NOW, Provider
from vigente.alterations import actions, compensating, queries
from vigente.alterations.actions import AlterationTaken
from vigente.alterations.asking import Asked, AskedItem, AskedRefused
from vigente.billing.models import Invoice, InvoiceLine, Receivable
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract, ContractItem, ContractPlan
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.codes import DifferencePolicy, ItemKind, PaymentMeans
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Timing
from vigente.journeys import (
    alteration,
    alteration_close,
    invoice_cancellation,
    receiving,
    scheduled_alterations,
)
from vigente.journeys.alteration import AlterationChanged, TickMissing, UndoRefused
from vigente.payments.models import CreditEntry

pytestmark = pytest.mark.django_db
BALANCE, MANUAL = DifferencePolicy.PERIOD_BALANCE, DifferencePolicy.MANUAL


def close_september() -> None:
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 10))


def lines(contract: Contract) -> list[tuple[str, str, int]]:
    """Return the lines of the newest invoice."""
    invoice = Invoice.objects.filter(contract=contract).latest("pk")
    rows = InvoiceLine.objects.filter(invoice_id=invoice.pk).order_by("number")
    return [(line.description, line.explanation, line.amount_cents) for line in rows]


def state_of(contract: Contract) -> tuple[object, ...]:
    """Return all that an alteration writes of a contract."""
    contract.refresh_from_db()
    plans = ContractPlan.objects.filter(contract=contract).order_by("pk")
    items = ContractItem.objects.filter(contract=contract).order_by("pk")
    return (
        (contract.billing_type_id, contract.due_day, contract.billing_starts_on),
        (contract.due_anchor_on, contract.stretch),
        [(p.sale_plan_id, p.starts_on, p.ends_on) for p in plans if p.starts_on != p.ends_on],
        [
            (i.description, i.starts_on, i.ends_on, i.contract_plan_id)
            for i in items
            if i.starts_on != i.ends_on
        ],
    )


@pytest.mark.parametrize("policy", list(DifferencePolicy))
def test_the_manuals_upgrade_charges_36_13_on_the_next_invoice(
    isp: Provider, policy: DifferencePolicy
) -> None:
    choose(isp, policy)
    contract = the_manuals(isp, 4990)

    done = alter(contract, to_plan(isp.plan(price_cents=8990)))
    close_september()

    assert (done.kind, done.difference_cents, done.policy) == ("UP", 3613, policy.value)
    assert told(contract) == [
        ("10/06–09/07", "10/07/2025", 4990),
        ("10/07–09/08", "11/08/2025", 4990),  # kept; 10/08 is a Sunday
        ("10/08–09/09", "10/09/2025", 12603),  # 89,90 + 36,13
    ]
    [plan, difference] = lines(contract)
    assert plan[2] == 8990
    # R$ 49,90 ÷ 31 × 3 = 4,83; R$ 89,90 ÷ 31 × 28 = 81,20; 4,83 + 81,20 − 49,90
    assert difference == (
        "Diferença da alteração de 13/07/2025, uso de 10/07/2025 a 09/08/2025",
        "R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13",
        3613,
    )


@pytest.mark.parametrize(("policy", "cents"), [(MANUAL, 386), (BALANCE, 3613)])
def test_the_manuals_downgrade_gives_back_by_the_branchs_policy(
    isp: Provider, policy: DifferencePolicy, cents: int
) -> None:
    choose(isp, policy)
    contract = the_manuals(isp, 8990)

    done = alter(contract, to_plan(isp.plan(price_cents=4990)))
    close_september()

    assert (done.kind, done.difference_cents) == ("DW", -cents)
    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", 4990 - cents)


def test_the_shortfall_of_the_manuals_downgrade_asks_for_a_tick(isp: Provider) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, 8990)
    draft = begin(contract)
    alteration.keep(draft, to_plan(isp.plan(price_cents=4990)))

    with pytest.raises(TickMissing, match="marque que está ciente"):
        conclude(draft, is_ticked=False)

    settlement = alteration.plan_of(draft, today=ON).settlement
    assert settlement is not None
    assert settlement.shortfall_cents == 3613 - 386
    draft.refresh_from_db()
    assert draft.status == "DRAFT"


def test_later_invoices_are_cancelled_and_what_was_paid_on_them_becomes_credit(
    isp: Provider,
) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    close(issued_on=date(2025, 7, 1), due_until=date(2025, 10, 10), approved=True)
    september = Receivable.objects.get(due_on=date(2025, 9, 10))
    receiving.receive(
        september.pk,
        amount_cents=4990,
        on=ON,
        key="1",
        note="",
        means=PaymentMeans.PIX,
        by=ATTENDANT,
        now=NOW,
        today=ON,
    )

    done = alter(contract, to_plan(isp.plan(price_cents=8990)))

    assert (done.cancelled_cents, done.credit_cents) == (9980, 4990)
    assert [invoice.invoice.period_start for invoice in done.invoices.order_by("pk")] == [
        date(2025, 8, 10),
        date(2025, 9, 10),
    ]
    # the credit pays what was open: 49,90 of July
    assert Receivable.objects.get(due_on=date(2025, 7, 10)).received_cents == 4990
    assert sum(e.amount_cents for e in CreditEntry.objects.all()) == 0
    alteration_close.bill([contract.pk], today=date(2025, 8, 31))
    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", 12603)


def test_a_receivable_shared_with_another_contract_is_issued_again_for_that_one(
    isp: Provider,
) -> None:
    choose(isp, BALANCE)
    customer = isp.customer()
    the_manuals(isp, 3000, customer=customer)
    contract = the_manuals(isp, 4990, customer=customer)
    close(issued_on=date(2025, 7, 1), due_until=date(2025, 9, 10), approved=True)
    shared = Receivable.objects.get(due_on=date(2025, 9, 10))

    alter(contract, to_plan(isp.plan(price_cents=8990)))

    shared.refresh_from_db()
    assert shared.amount_cents == 7990
    assert shared.cancelled_on == ON
    again = Receivable.objects.get(replaces=shared)
    assert (again.amount_cents, again.due_on) == (3000, shared.due_on)


@pytest.mark.parametrize(
    ("new_day", "period", "due_on", "cents"),
    [
        (20, "10/08–19/09", "22/09/2025", 8990 + 2900),  # 89,90 ÷ 31 × 10; 20/09 is a Saturday
        (5, "10/08–04/09", "05/09/2025", 8990 - 1450),  # 89,90 ÷ 31 × 5
    ],
)
def test_a_changed_due_day_stretches_the_next_period(
    isp: Provider, new_day: int, period: str, due_on: str, cents: int
) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, 8990)

    done = alter(contract, Asked(on=date(2025, 8, 1), due_day=new_day), today=date(2025, 8, 1))
    close(issued_on=date(2025, 8, 25), due_until=date(2025, 9, 20))

    assert done.kind == "AV"
    assert told(contract)[-1] == (period, due_on, cents)
    close(issued_on=date(2025, 9, 25), due_until=date(2025, 10, 31))
    start = {20: "20/09–19/10", 5: "05/09–04/10"}[new_day]
    assert told(contract)[-1][0] == start
    assert told(contract)[-1][2] == 8990


def test_an_old_invoice_keeps_its_price_after_the_billing_type_changed(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 9300)
    quarterly = isp.billing_type(timing=Timing.PREPAID, months=3)
    alter(contract, Asked(on=ON, billing_type_id=quarterly.pk))

    done = alter(contract, to_plan(isp.plan(price_cents=12400)))

    # the kept month of 31 days: (124,00 − 93,00) ÷ 31 × 28 days, not a part of a quarter
    assert done.difference_cents == 2800


def test_products_are_kept_and_services_and_discounts_added(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    present = contract.items.get()
    visit = AskedItem(
        kind=ItemKind.ADDITIONAL,
        product_id=isp.fee.pk,
        description="Visita técnica",
        price_cents=5000,
        times=2,
    )
    gift = AskedItem(
        kind=ItemKind.DISCOUNT,
        product_id=isp.internet.pk,
        description="Fidelidade",
        price_cents=500,
    )
    plan = isp.plan(price_cents=1000)

    done = alter(contract, to_plan(plan, kept_item_ids=(present.pk,), added=(visit, gift)))

    assert (done.monthly_before_cents, done.monthly_after_cents) == (4990, 5490)
    present.refresh_from_db()
    assert present.ends_on is None
    assert present.contract_plan is not None
    assert present.contract_plan.sale_plan_id == plan.pk
    close_september()
    # of the 28 days at the new terms: 10,00 − 0,97 for the product, 5,00 − 0,48 off
    assert done.difference_cents == 903 - 452
    assert told(contract)[-1][2] == 4990 + 1000 + 5000 - 500 + 451


def test_a_temporary_alteration_reverts_by_itself(isp: Provider) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, 3100)
    former = contract.plans.get()

    done = alter(contract, to_plan(isp.plan(price_cents=6200), until=date(2025, 7, 23)))

    assert done.policy == BALANCE.value  # a temporary one is priced exactly
    assert done.difference_cents == 1000  # 31,00 ÷ 31 × 10 days
    rows = list(contract.plans.order_by("starts_on"))
    assert [row.sale_plan_id == former.sale_plan_id for row in rows] == [True, False, True]
    assert [row.ends_on for row in rows] == [ON, date(2025, 7, 23), None]
    close_september()
    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", 4100)


def test_a_scheduled_alteration_waits_for_its_day(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    tomorrow = ON + timedelta(days=1)
    draft = alter(contract, to_plan(isp.plan(price_cents=8990), on=tomorrow))

    assert draft.status == "SCHEDULED"
    assert contract.plans.count() == 1
    assert scheduled_alterations.sweep(isp.branch.pk, today=ON, now=NOW).done == 0
    assert scheduled_alterations.sweep(isp.branch.pk, today=tomorrow, now=NOW).done == 1
    assert scheduled_alterations.sweep(isp.branch.pk, today=tomorrow, now=NOW).done == 0
    draft.refresh_from_db()
    # (89,90 − 49,90) ÷ 31 × 27 days
    assert (draft.status, draft.difference_cents) == ("CONFIRMED", 3484)


def test_a_scheduled_alteration_that_is_refused_on_its_day_says_why(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    tomorrow = ON + timedelta(days=1)
    draft = alter(contract, to_plan(isp.plan(price_cents=8990), on=tomorrow))
    july = Invoice.objects.get(period_start=date(2025, 6, 10))
    invoice_cancellation.cancel_invoice(
        july.pk, reason="erro", bill_again=True, by=ATTENDANT, now=NOW, today=ON
    )

    swept = scheduled_alterations.sweep(isp.branch.pk, today=tomorrow, now=NOW)

    [(of_contract, refusal)] = swept.failed
    assert of_contract == contract.pk
    assert "falta a do período que começa em 10/06/2025" in refusal
    draft.refresh_from_db()
    assert (draft.status, draft.refusal) == ("SCHEDULED", refusal)


def test_undoing_restores_the_contract_as_it_was(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    before = state_of(contract)
    quarterly = isp.billing_type(months=3)
    plan = isp.plan(price_cents=8990)

    done = alter(contract, to_plan(plan, billing_type_id=quarterly.pk, due_day=15))
    assert state_of(contract) != before
    alteration.undo(done.pk, reason="o cliente desistiu", asker=asker())

    assert state_of(contract) == before
    done.refresh_from_db()
    assert (done.status, done.undo_reason) == ("UNDONE", "o cliente desistiu")
    close_september()
    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", 4990)


def test_undoing_a_temporary_alteration_restores_the_contract_as_it_was(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    before = state_of(contract)

    done = alter(contract, to_plan(isp.plan(price_cents=8990), until=date(2025, 9, 1)))
    alteration.undo(done.pk, reason="engano", asker=asker())

    assert state_of(contract) == before


def loyalty_of(contract: Contract) -> tuple[date | None, int, int]:
    contract.refresh_from_db()
    return (
        contract.loyalty_starts_on,
        contract.loyalty_months,
        contract.loyalty_benefit_cents,
    )


def test_the_loyalty_of_the_new_plan_begins_and_is_undone_with_it(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    Contract.objects.filter(pk=contract.pk).update(
        loyalty_starts_on=date(2025, 6, 10), loyalty_months=6, loyalty_benefit_cents=10_000
    )
    plan = isp.plan(price_cents=8990, loyalty_months=12, loyalty_benefit_cents=30_000)

    done = alter(contract, to_plan(plan, starts_loyalty=True))
    assert loyalty_of(contract) == (ON, 12, 30_000)
    alteration.undo(done.pk, reason="engano", asker=asker())

    assert loyalty_of(contract) == (date(2025, 6, 10), 6, 10_000)


def test_another_alteration_compensates_for_one_that_is_billed(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    before = contract.plans.get()
    support = AskedItem(
        kind=ItemKind.ADDITIONAL, product_id=isp.internet.pk, description="Ponto", price_cents=1000
    )
    faster = to_plan(isp.plan(price_cents=8990), due_day=15, added=(support,))
    done = alter(contract, faster)
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 15))
    today = date(2025, 8, 25)

    back = conclude(begin(contract, today=today, compensates=done), today=today)

    assert back.compensates == done
    assert queries.compensating(done) == back
    assert (back.sale_plan_after_id, back.due_day_after) == (before.sale_plan_id, 10)
    assert (back.monthly_before_cents, back.monthly_after_cents) == (9990, 4990)
    with pytest.raises(AlterationTaken, match="já foi compensada"):
        begin(contract, today=today, compensates=done)


def test_what_ended_is_asked_for_again_to_compensate(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    router = ItemDraft(
        kind=ItemKind.ADDITIONAL,
        product_id=isp.internet.pk,
        description="Roteador",
        price_cents=1500,
        starts_on=date(2025, 6, 10),
    )
    [item] = contracts.add_items(contract.pk, [router])
    done = alter(contract, Asked(on=ON, ended_item_ids=(item.pk,)))

    [again] = compensating.asked(done, on=date(2025, 9, 20)).added

    assert (again.description, again.price_cents, again.quantity) == ("Roteador", 1500, 1)


def test_undoing_is_refused_once_an_invoice_builds_on_it(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    done = alter(contract, to_plan(isp.plan(price_cents=8990)))
    close_september()

    with pytest.raises(UndoRefused, match="já foi gerada nas condições novas"):
        alteration.undo(done.pk, reason="engano", asker=asker())


def test_the_later_of_two_alterations_is_undone_first(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    first = alter(contract, to_plan(isp.plan(price_cents=8990)))
    second = alter(contract, to_plan(isp.plan(price_cents=5990)))

    with pytest.raises(UndoRefused, match=f"A alteração {second.pk}, de 13/07/2025"):
        alteration.undo(first.pk, reason="engano", asker=asker())
    alteration.undo(second.pk, reason="engano", asker=asker())
    alteration.undo(first.pk, reason="engano", asker=asker())


def test_a_plan_that_changed_since_it_was_shown_is_not_carried_out(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)
    alteration.keep(draft, to_plan(isp.plan(price_cents=8990)))
    shown = alteration.plan_of(draft, today=ON)
    close(issued_on=date(2025, 7, 1), due_until=date(2025, 9, 10), approved=True)

    with pytest.raises(AlterationChanged) as changed:
        alteration.conclude(draft.pk, digest=shown.digest, is_ticked=False, asker=asker())

    assert len(changed.value.plan.invoices.cancelled) == 1
    assert contract.plans.count() == 1


def test_an_alteration_is_concluded_once(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)
    alteration.keep(draft, to_plan(isp.plan(price_cents=8990)))
    shown = alteration.plan_of(draft, today=ON)
    alteration.conclude(draft.pk, digest=shown.digest, is_ticked=False, asker=asker())

    with pytest.raises(actions.AlterationNotOpen, match="não é mais um rascunho"):
        alteration.conclude(draft.pk, digest=shown.digest, is_ticked=False, asker=asker())

    assert contract.plans.count() == 2


def test_a_contract_has_one_open_alteration(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)

    with pytest.raises(actions.AlterationTaken, match="retome a que está aberta"):
        begin(contract)

    alteration.drop(draft.pk, asker=asker())
    begin(contract)


def test_all_that_fails_is_told_at_once(isp: Provider) -> None:
    contract = isp.activate(on=date(2025, 6, 10), sold_on=date(2025, 6, 10))
    draft = begin(contract)
    alteration.keep(draft, Asked(on=ON))

    with pytest.raises(AlterationRefused) as refused:
        alteration.plan_of(draft, today=ON)

    assert [refusal.code.value for refusal in refused.value.refusals] == [
        "NO_INVOICE",
        "PREVIOUS_INVOICE_MISSING",
        "POLICY_NOT_CHOSEN",
        "NOTHING_CHANGES",
    ]


def test_what_is_inactive_or_sold_elsewhere_is_refused(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)
    plan = isp.plan(price_cents=8990)
    asked = to_plan(plan)
    plan.is_active = False
    plan.save()

    with pytest.raises(AskedRefused, match="está inativo"):
        alteration.plan_asked(draft, asked, today=ON)
    plan.is_active = True
    plan.save()
    with pytest.raises(AskedRefused, match="ao menos um produto"):
        alteration.plan_asked(draft, Asked(on=ON, plan_id=plan.pk), today=ON)


def test_altering_twice_in_a_day_bills_only_the_last(isp: Provider) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, 4990)
    alter(contract, to_plan(isp.plan(price_cents=8990)))
    alter(contract, to_plan(isp.plan(price_cents=4990)))

    close_september()

    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", 4990)  # + 36,13 − 36,13


def test_a_discount_on_a_service_that_begins_with_it(isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    ContractItem.objects.create(
        contract=contract,
        kind="DISCOUNT",
        product=isp.internet,
        description="Metade do plano",
        percent=50,
        discounted_item=contract.items.get(),
        starts_on=date(2025, 6, 10),
    )
    before = state_of(contract)

    done = alter(contract, to_plan(isp.plan(price_cents=8990), until=date(2025, 7, 23)))

    resumed = contract.items.filter(starts_on=date(2025, 7, 23)).order_by("pk")
    assert [item.kind for item in resumed] == ["PLAN", "DISCOUNT"]
    assert resumed[1].discounted_item_id == resumed[0].pk
    alteration.undo(done.pk, reason="engano", asker=altering.asker())
    assert state_of(contract) == before
