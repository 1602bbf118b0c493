"""Money that comes in settles what is owed; the rest is the customer's credit, used first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.money import DUE_ON, cancel, owe, pay, reverse
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.billing import settling
from vigente.billing.models import Invoice, Receivable
from vigente.contracts.models import Contract
from vigente.journeys import invoice_cancellation, receiving
from vigente.payments import actions, allocating, credit
from vigente.payments.models import Allocation, Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate()


def test_credit_pays_the_oldest_due_first_and_stops_where_it_is_spent(contract: Contract) -> None:
    overpaid = owe(contract, 1000)
    newer = owe(contract, 9000, due_on=DUE_ON + timedelta(days=60))
    older = owe(contract, 5000, due_on=DUE_ON + timedelta(days=30))
    pay(overpaid, 7000)  # 60,00 too much

    credit.use([contract.customer_id], on=DUE_ON)

    newer.refresh_from_db()
    older.refresh_from_db()
    assert (older.received_cents, newer.received_cents) == (5000, 1000)  # 50,00 + 10,00
    assert credit.balances([contract.customer_id]) == {}


def test_credit_is_used_by_as_many_queries_for_many_customers_as_for_one(isp: Provider) -> None:
    def spend(customers: int) -> int:
        contracts = [isp.activate() for _ in range(customers)]
        for one in contracts:
            pay(owe(one, 1000), 2000, key=str(one.pk))
            owe(one, 5000)
        with CaptureQueriesContext(connection) as queries:
            credit.use([one.customer_id for one in contracts], on=DUE_ON)
        return len(queries)

    assert spend(1) == spend(4)


def test_without_credit_one_query_tells_so(contract: Contract) -> None:
    with CaptureQueriesContext(connection) as queries:
        credit.use([contract.customer_id], on=DUE_ON)

    assert len(queries) == 1


def test_credit_earns_the_discount_until_due_as_money_does(contract: Contract) -> None:
    pay(owe(contract, 1000), 9000)
    receivable = owe(contract, 9000, discount=1000)

    credit.use([contract.customer_id], on=DUE_ON)

    receivable.refresh_from_db()
    assert (receivable.received_cents, receivable.discounted_cents) == (8000, 1000)


def test_a_discount_of_everything_leaves_the_money_as_credit(contract: Contract) -> None:
    free_in_time = owe(contract, 3000, discount=3000)

    pay(free_in_time, 500)

    free_in_time.refresh_from_db()
    assert free_in_time.is_settled
    assert credit.balances([contract.customer_id]) == {contract.customer_id: 500}


def test_a_key_stands_for_one_payment_only(contract: Contract) -> None:
    receivable = owe(contract)
    first = pay(receivable, 4000)

    assert pay(receivable, 4000) == first
    with pytest.raises(actions.ReceiptKeyTaken):
        pay(receivable, 4001)
    assert Receipt.objects.count() == 1


def test_a_title_paid_twice_is_two_receipts_and_the_second_is_credit(contract: Contract) -> None:
    receivable = owe(contract)

    pay(receivable, 9000, key="1")
    pay(receivable, 9000, key="2")

    assert credit.balances([contract.customer_id]) == {contract.customer_id: 9000}


def test_reversing_undoes_the_newest_uses_of_credit_and_no_more_than_needed(
    contract: Contract,
) -> None:
    pay(owe(contract, 1000), 4000, key="thirty too much")
    receipt = pay(owe(contract, 1000), 3000, key="twenty too much")
    first, second, third = (owe(contract, cents) for cents in (1500, 1500, 2000))
    credit.use([contract.customer_id], on=DUE_ON)

    reverse(receipt)

    received = [Receivable.objects.get(pk=r.pk).received_cents for r in (first, second, third)]
    assert received == [1500, 1500, 0]  # 30 + 20 were used as 15 + 15 + 20


def test_the_same_allocation_is_undone_once(contract: Contract) -> None:
    receivable = owe(contract)
    pay(receivable, 4000)
    allocations = list(Allocation.objects.all())
    cancel(receivable)
    actions.release([receivable.pk], on=DUE_ON)

    with pytest.raises(allocating.AllocationAlreadyReleased):
        allocating.release(allocations, on=DUE_ON)


def test_what_is_cancelled_gives_its_money_back_as_credit(contract: Contract) -> None:
    receivable = owe(contract)
    pay(receivable, 4000)
    cancel(receivable)
    actions.release([receivable.pk], on=DUE_ON)

    connection.check_constraints()
    assert credit.balances([contract.customer_id]) == {contract.customer_id: 4000}


def test_nothing_is_settled_on_a_cancelled_receivable(contract: Contract) -> None:
    receivable = owe(contract)
    cancel(receivable)

    with pytest.raises(settling.ReceivableNotOpen):
        settling.settle({receivable.pk: (100, 0)})


def test_a_cancellation_locks_the_customer_before_the_receivable(contract: Contract) -> None:
    """Receiving locks in the same order, so that neither waits for the other for ever."""
    owe(contract)

    with CaptureQueriesContext(connection) as queries:
        invoice_cancellation.cancel_invoice(
            Invoice.objects.get().pk,
            reason="valor errado",
            bill_again=False,
            by=ATTENDANT,
            now=NOW,
            today=DUE_ON,
        )

    locks = [
        q["sql"] for q in queries if "FOR NO KEY UPDATE" in q["sql"] or "FOR UPDATE" in q["sql"]
    ]
    tables = ["customer" if "customers_customer" in sql else "receivable" for sql in locks[1:]]
    assert tables[:2] == ["customer", "receivable"]


def test_credit_pays_the_receivable_that_was_asked_for_and_no_older_one(contract: Contract) -> None:
    older, chosen = owe(contract, 5000), owe(contract, 9000, due_on=DUE_ON + timedelta(days=30))
    pay(owe(contract, 1000), 7000)  # 60,00 too much

    receiving.use_credit(chosen.pk, by=ATTENDANT, now=NOW, today=DUE_ON)

    older.refresh_from_db()
    chosen.refresh_from_db()
    assert (older.received_cents, chosen.received_cents) == (0, 6000)
    with pytest.raises(receiving.ReceiptRefused, match="não tem crédito"):
        receiving.use_credit(older.pk, by=ATTENDANT, now=NOW, today=DUE_ON)


def test_a_reversal_is_foreseen_as_it_is_carried_out(contract: Contract) -> None:
    first, later = owe(contract, 9000), owe(contract, 5000)
    receipt = pay(first, 12000)
    receiving.use_credit(later.pk, by=ATTENDANT, now=NOW, today=DUE_ON)

    seen, desk = receiving.foreseen_reversal(receipt, by=ATTENDANT, may_of_closed=False)

    assert desk is None
    assert [(one.receivable_id, one.amount_cents) for one in seen.reopened] == [(first.pk, 9000)]
    assert seen.credit_cents == 3000  # 120,00 − 90,00
    assert [(one.receivable_id, one.amount_cents) for one in seen.undone] == [(later.pk, 3000)]
