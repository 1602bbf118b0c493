"""A contract passes to another customer: debts, credit and periods, each with who owns them."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.apps.money import pay
from tests.apps.test_payment_promises import refused_by
from tests.journeys import altering
from tests.journeys.scenario import close, close_february, close_march, told
from tests.provider import ATTENDANT, NOW, Provider
from vigente.audit.models import AuditEntry
from vigente.billing import facts, invoice_queries
from vigente.billing import queries as billing
from vigente.billing.invoice_queries import Search
from vigente.billing.models import Invoice, Receivable
from vigente.contracts.models import CancellationReason, Contract, HolderChange
from vigente.customers.models import Address, Customer
from vigente.domain.codes import Charge, DifferencePolicy, ItemKind
from vigente.domain.holder_change import HolderChangeRefused, HolderPlan
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Timing
from vigente.journeys import holder_change, invoice_cancellation, items, termination
from vigente.journeys.alteration import UndoRefused, undo
from vigente.journeys.holder_change import HolderPlanChanged, Wanted
from vigente.journeys.invoice_cancellation import CancellationRefused
from vigente.journeys.items import ItemRefused
from vigente.payments import credit, recurrences

pytestmark = pytest.mark.django_db

ON = date(2026, 2, 20)


def wanted(to: Customer, **more) -> Wanted:
    told = {"address_id": None, "cancels_not_begun": False, "reason": "venda da casa", **more}
    return Wanted(customer_id=to.pk, **told)


def pass_on(contract: Contract, to: Customer, *, on: date = ON, **more) -> HolderPlan:
    """Show what passing the contract on does, then do it."""
    asked = wanted(to, **more)
    shown = holder_change.preview(contract, asked, today=on)
    done = holder_change.change(
        contract.pk,
        asked,
        seen=holder_change.digest(shown),
        by=ATTENDANT,
        now=NOW,
        today=on,
    )
    contract.refresh_from_db()
    return done


def owed_by(customer: Customer) -> list[tuple[str, int]]:
    """Return due date and open amount of each standing receivable of a customer."""
    standing = Receivable.objects.filter(customer=customer, cancelled_on=None).order_by("due_on")
    return [(f"{r.due_on:%d/%m/%Y}", r.open_cents) for r in standing if r.open_cents]


@pytest.fixture
def marina(isp: Provider) -> Customer:
    return isp.customer("Marina Alves")


@pytest.fixture
def bento(isp: Provider) -> Customer:
    return isp.customer("Bento Lima")


def prepaid(isp: Provider, customer: Customer) -> Contract:
    """Return a contract from 10/01 that paid nothing yet for 10/02–09/03 and 10/03–09/04."""
    plan = isp.plan(billing_type=isp.billing_type(timing=Timing.PREPAID))
    contract = isp.activate(plan, on=date(2026, 1, 10), customer=customer)
    close(issued_on=date(2026, 1, 10), due_until=date(2026, 3, 31), approved=True)
    return contract


def test_what_is_open_stays_and_what_comes_is_the_new_ones(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """Marina used 10/01–09/02, 90,00, due 10/02; Bento gets 10/02–09/03, 90,00, due 10/03."""
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()

    plan = pass_on(contract, bento)
    close_march()

    assert plan.owed_cents == 90_00
    assert owed_by(marina) == [("10/02/2026", 90_00)]
    assert owed_by(bento) == [("10/03/2026", 90_00)]
    assert [i.customer.name for i in contract.invoices.order_by("pk")] == [
        "Marina Alves",
        "Bento Lima",
    ]


def test_periods_that_have_not_begun_are_billed_to_the_new_one_if_asked(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = prepaid(isp, marina)
    before = sum(cents for _, cents in owed_by(marina))

    plan = pass_on(contract, bento, cancels_not_begun=True)
    close(issued_on=ON, due_until=date(2026, 3, 31))

    assert [i.period.start for i in plan.cancelled if i.period] == [date(2026, 3, 10)]
    assert owed_by(bento) == [("10/03/2026", 90_00)]
    assert sum(cents for _, cents in owed_by(marina)) == before - 90_00
    assert plan.owed_cents == before - 90_00


def test_unasked_they_stay_with_who_they_were_issued_to(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = prepaid(isp, marina)
    before = owed_by(marina)

    plan = pass_on(contract, bento)
    close(issued_on=ON, due_until=date(2026, 3, 31))

    assert len(plan.not_begun) == 1
    assert owed_by(marina) == before
    assert owed_by(bento) == []


def test_what_was_paid_of_a_cancelled_one_is_credit_that_pays_the_formers_debts(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """Of 10/03–09/04 Marina paid 90,00; what she still owes is paid with it."""
    contract = prepaid(isp, marina)
    [march] = Receivable.objects.filter(due_on=date(2026, 3, 10))
    pay(march, 90_00)
    owed = sum(cents for _, cents in owed_by(marina))

    plan = pass_on(contract, bento, cancels_not_begun=True)

    assert plan.credit_cents == 90_00
    left = sum(cents for _, cents in owed_by(marina))
    balance = credit.balances([marina.pk, bento.pk])
    assert owed - left + balance.get(marina.pk, 0) == 90_00
    assert bento.pk not in balance


def test_a_shared_receivable_is_issued_again_for_what_stands(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """Two contracts of Marina on one receivable of 180,00: 90,00 of the other one stay hers."""
    plan = isp.plan(billing_type=isp.billing_type(timing=Timing.PREPAID))
    contract = isp.activate(plan, on=date(2026, 1, 10), customer=marina)
    isp.activate(plan, on=date(2026, 1, 10), customer=marina)
    close(issued_on=date(2026, 1, 10), due_until=date(2026, 3, 31), approved=True)
    assert ("10/03/2026", 180_00) in owed_by(marina)

    pass_on(contract, bento, cancels_not_begun=True)

    assert ("10/03/2026", 90_00) in owed_by(marina)


def test_credit_stays_with_the_former_holder(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pay(Receivable.objects.get(), 100_00, on=date(2026, 2, 9))

    pass_on(contract, bento)
    close_march()

    assert credit.balances([marina.pk, bento.pk]) == {marina.pk: 10_00}
    assert owed_by(bento) == [("10/03/2026", 90_00)]


def test_a_balance_carried_over_goes_along_with_the_contract(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """120,00 of discount on 90,00 leave 30,00 for the next invoice: 90,00 − 30,00 = 60,00."""
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    once = ItemDraft(
        kind=ItemKind.DISCOUNT,
        product_id=isp.internet.pk,
        description="Dias sem sinal",
        starts_on=date(2026, 1, 10),
        price_cents=120_00,
        charge=Charge.TIMES,
        times=1,
    )
    items.add(contract.pk, once, by=ATTENDANT, now=NOW, today=date(2026, 1, 20))
    close_february()

    pass_on(contract, bento)
    close_march()

    assert owed_by(marina) == []
    assert owed_by(bento) == [("10/03/2026", 60_00)]


def test_the_new_holder_answers_for_no_debt_of_the_former(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    assert billing.owed([contract.pk])[contract.pk].cents == 90_00

    pass_on(contract, bento)

    assert billing.owed([contract.pk]) == {}
    [now] = facts.contract_facts([contract.pk], on=date(2026, 2, 28))
    assert now.overdue_receivables == 0
    condition = billing.overdue(today=date(2026, 2, 28)).of_contract
    assert not Contract.objects.filter(condition).exists()


def end(contract: Contract, *, last_day: date) -> None:
    termination.terminate(
        contract.pk,
        ends_on=last_day + timedelta(days=1),
        today=last_day,
        reason_id=CancellationReason.objects.create(name="Mudança").pk,
        note="",
        by=ATTENDANT,
        now=NOW,
    )


def test_a_termination_leaves_the_formers_invoice_and_returns_what_nobody_used(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """Marina owes 90,00 for 10/01–09/02, not yet due; it ends on 07/02.

    Of 31 days 29 were used: 90,00 − 90,00 ÷ 31 × 29 = 90,00 − 84,19 = 5,81, hers again, which
    pays a part of the 90,00.
    """
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pass_on(contract, bento, on=date(2026, 2, 5))

    end(contract, last_day=date(2026, 2, 7))

    assert owed_by(marina) == [("10/02/2026", 90_00 - 5_81)]
    assert owed_by(bento) == []
    assert credit.balances([marina.pk, bento.pk]) == {}


def test_a_termination_bills_the_last_days_to_who_used_them(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    """Ended on 24/02: Bento pays 10/02–24/02, 90,00 ÷ 28 × 15 = 48,21."""
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pass_on(contract, bento)

    end(contract, last_day=date(2026, 2, 24))

    assert owed_by(marina) == [("10/02/2026", 90_00)]
    assert [cents for _, cents in owed_by(bento)] == [48_21]


def test_a_period_of_the_former_is_never_billed_again_to_the_new_one(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pay(Receivable.objects.get(), 90_00, on=date(2026, 2, 9))
    pass_on(contract, bento)
    invoice = Invoice.objects.get()
    told = {"reason": "erro", "by": ATTENDANT, "now": NOW, "today": ON}

    with pytest.raises(CancellationRefused, match="passou a outro titular em 20/02/2026"):
        invoice_cancellation.cancel_invoice(invoice.pk, bill_again=True, **told)
    invoice_cancellation.cancel_invoice(invoice.pk, bill_again=False, **told)

    assert credit.balances([marina.pk, bento.pk]) == {marina.pk: 90_00}


def test_items_are_not_changed_for_days_of_the_former(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    pass_on(contract, bento)
    early = ItemDraft(
        kind=ItemKind.ADDITIONAL,
        product_id=isp.internet.pk,
        description="Ponto",
        starts_on=date(2026, 2, 19),
        price_cents=10_00,
    )

    with pytest.raises(ItemRefused, match="a partir"):
        items.add(contract.pk, early, by=ATTENDANT, now=NOW, today=ON)


def test_an_alteration_agreed_with_the_former_is_settled_before(isp: Provider) -> None:
    altering.choose(isp, DifferencePolicy.PERIOD_BALANCE)
    contract = altering.the_manuals(isp, 4990)
    bento = isp.customer("Bento Lima")
    draft = altering.begin(contract)

    with pytest.raises(HolderChangeRefused, match=f"A alteração {draft.pk} deste contrato"):
        pass_on(contract, bento, on=altering.ON)


def test_an_alteration_of_the_former_is_not_undone_for_the_new_one(isp: Provider) -> None:
    altering.choose(isp, DifferencePolicy.PERIOD_BALANCE)
    contract = altering.the_manuals(isp, 4990)
    done = altering.alter(contract, altering.to_plan(isp.plan(price_cents=8990)))
    pass_on(contract, isp.customer("Bento Lima"), on=date(2025, 7, 14))

    with pytest.raises(UndoRefused, match="passou a outro titular em 14/07/2025"):
        undo(done.pk, reason="engano", asker=altering.asker(date(2025, 7, 15)))


def test_the_address_is_copied_once_or_one_of_theirs(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    first, second = isp.sell(customer=marina), isp.sell(customer=marina)
    Address.objects.filter(customer=marina).update(street="Rua Nova", number="9")
    theirs = bento.addresses.get()

    pass_on(first, bento)
    pass_on(second, bento)
    third = isp.sell(customer=marina)
    pass_on(third, bento, address_id=theirs.pk)

    assert first.address_id == second.address_id
    assert str(first.address) == "Rua Nova, 9"
    assert first.address is not None
    assert (first.address.customer_id, first.address.is_main) == (bento.pk, False)
    assert third.address_id == theirs.pk
    with pytest.raises(HolderChangeRefused, match="endereço do novo titular"):
        pass_on(isp.sell(customer=marina), bento, address_id=marina.addresses.get().pk)


def test_a_contract_still_to_be_activated_passes_on_unsigned(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.sell(customer=marina, signed_on=date(2026, 1, 2))

    pass_on(contract, bento)

    assert (contract.customer_id, contract.signed_on, contract.status) == (bento.pk, None, "PRE")
    [change] = HolderChange.objects.all()
    assert (change.former, change.customer, change.on) == (marina, bento, ON)
    [entry] = AuditEntry.objects.filter(action="contract holder changed")
    assert [(v.before, v.after) for v in entry.values.filter(field="holder")] == [
        ("Marina Alves", "Bento Lima")
    ]


def test_what_was_shown_is_what_is_done_or_nothing_is(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    asked = wanted(bento)
    seen = holder_change.digest(holder_change.preview(contract, asked, today=ON))
    close_february()
    more = {"by": ATTENDANT, "now": NOW, "today": ON}

    with pytest.raises(HolderPlanChanged, match="Algo mudou"):
        holder_change.change(contract.pk, asked, seen=seen, **more)
    with pytest.raises(HolderChangeRefused, match="Informe o motivo"):
        holder_change.change(contract.pk, wanted(bento, reason=" "), seen=seen, **more)

    contract.refresh_from_db()
    assert contract.customer == marina


def test_invoices_are_found_by_the_former_name_too(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pass_on(contract, bento)

    search = Search(branch_ids=(isp.branch.pk,), words="marina")

    assert [i.customer for i in invoice_queries.found(search)] == [marina]


def test_no_contract_changes_its_customer_in_silence(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.sell(customer=marina)

    with refused_by("contract_holder_is_told"):
        Contract.objects.filter(pk=contract.pk).update(customer=bento)
        connection.check_constraints()
    pass_on(contract, bento)
    with refused_by("holder_changes_never_change"):
        HolderChange.objects.update(reason="outra")
    with refused_by("holder_change_is_a_change"):
        HolderChange.objects.create(
            contract=contract, former=bento, customer=bento, on=ON, at=NOW, reason="x"
        )


def test_the_former_may_be_inactivated_afterwards_and_periods_go_on(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    close_february()
    pass_on(contract, bento)
    close_march()

    assert told(contract) == [
        ("10/01–09/02", "10/02/2026", 90_00),
        ("10/02–09/03", "10/03/2026", 90_00),
    ]


def test_a_pix_recurrence_is_of_who_approved_it(
    isp: Provider, marina: Customer, bento: Customer
) -> None:
    contract = isp.activate(on=date(2026, 1, 10), customer=marina)
    recurrence = recurrences.invite(contract, now=NOW)

    plan = pass_on(contract, bento)

    recurrence.refresh_from_db()
    assert plan.ends_pix_recurrence
    assert (recurrence.status, recurrence.end_reason) == ("CANCELLED", "troca de titular")
