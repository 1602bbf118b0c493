"""Every promise about money, seen to refuse: at once, or at the latest at the commit."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tests.apps.money import DUE_ON, cancel, owe, pay, reverse
from tests.provider import NOW, Provider, provider
from vigente.billing.models import Receivable
from vigente.contracts.models import Contract
from vigente.payments import actions, credit
from vigente.payments.models import Allocation, ChargeWaiver, CreditEntry, Receipt, Refund

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate()


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """Expect the database to refuse what is inside, at the latest at the commit."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():  # noqa: PT012
        yield
        connection.check_constraints()
    assert refusal.value.__cause__.diag.constraint_name == name


def write_receipt(owner: Contract, *, cents: int = 5000, key: str = "alheio") -> Receipt:
    return Receipt.objects.create(
        customer_id=owner.customer_id,
        branch_id=owner.branch_id,
        channel="MANUAL",
        key=key,
        received_on=DUE_ON,
        amount_cents=cents,
        created_at=NOW,
    )


def allocate(receivable: Receivable, receipt: Receipt | None, cents: int) -> Allocation:
    """Write an allocation, and the receivable with it, as the code does."""
    Receivable.objects.filter(pk=receivable.pk).update(received_cents=F("received_cents") + cents)
    return Allocation.objects.create(
        receivable=receivable, receipt=receipt, amount_cents=cents, on=DUE_ON
    )


def move_credit(customer_id: int, kind: str, cents: int, **more) -> CreditEntry:
    return CreditEntry.objects.create(
        customer_id=customer_id, kind=kind, amount_cents=cents, on=DUE_ON, **more
    )


def write_refund(owner: Contract, cents: int = 1000) -> Refund:
    return Refund.objects.create(
        customer_id=owner.customer_id,
        branch_id=owner.branch_id,
        amount_cents=cents,
        means="PIX",
        refunded_on=DUE_ON,
        created_at=NOW,
    )


@transaction.atomic
def refund(owner: Contract, cents: int) -> Refund:
    written = write_refund(owner, cents)
    move_credit(owner.customer_id, "REFUND", -cents, refund=written)
    return written


@pytest.mark.parametrize("field", ["received_cents", "discounted_cents"])
def test_a_receivable_shows_what_was_allocated(contract: Contract, field: str) -> None:
    receivable = owe(contract)

    with refused_by("received_is_what_is_allocated"):
        Receivable.objects.filter(pk=receivable.pk).update(**{field: 1})


def test_a_new_receivable_is_unpaid(contract: Contract) -> None:
    with refused_by("received_is_what_is_allocated"):
        owe(contract, received_cents=1)


def test_an_allocation_stands_on_its_receivable(contract: Contract) -> None:
    receivable = owe(contract)

    with refused_by("received_is_what_is_allocated"):
        Allocation.objects.create(
            receivable=receivable, receipt=write_receipt(contract), amount_cents=5000, on=DUE_ON
        )


def test_a_cancelled_receivable_holds_no_money(contract: Contract) -> None:
    receivable = owe(contract)
    pay(receivable, 4000)

    with refused_by("cancelled_receivable_holds_no_money"):
        cancel(receivable)


@pytest.mark.parametrize("settled", [4999, 5001])
def test_a_receipt_is_spent_to_the_centavo(contract: Contract, settled: int) -> None:
    receivable = owe(contract)

    with refused_by("receipt_is_spent_to_the_centavo"):
        allocate(receivable, write_receipt(contract), settled)


def test_a_receipt_settles_no_more_than_it_brought_on_credit(contract: Contract) -> None:
    receivable = owe(contract)
    pay(owe(contract, 1000), 9000)

    with refused_by("receipt_is_spent_to_the_centavo"):
        receipt = write_receipt(contract)
        allocate(receivable, receipt, 6000)
        move_credit(contract.customer_id, "REVERSAL", -1000, receipt=receipt)


def test_a_reversed_receipt_settles_nothing(contract: Contract) -> None:
    receipt = pay(owe(contract), 4000)

    with refused_by("receipt_is_spent_to_the_centavo"):
        Receipt.objects.filter(pk=receipt.pk).update(reversed_at=NOW, reverse_reason="engano")


def test_a_receipt_leaves_its_credit_once(contract: Contract) -> None:
    receipt = pay(owe(contract, 1000), 3000)

    with refused_by("receipt_is_spent_to_the_centavo"):
        move_credit(contract.customer_id, "OVERPAYMENT", 1, receipt=receipt)


def test_credit_that_settles_is_taken_from_credit(contract: Contract) -> None:
    receivable = owe(contract)

    with refused_by("credit_used_is_taken_from_credit"):
        allocate(receivable, None, 1000)


def test_credit_that_was_used_comes_back_once(contract: Contract) -> None:
    pay(owe(contract, 1000), 3000)
    owe(contract)
    credit.use([contract.customer_id], on=DUE_ON)

    with refused_by("credit_used_is_taken_from_credit"):
        move_credit(
            contract.customer_id, "RELEASED", 1, allocation=Allocation.objects.get(receipt=None)
        )


def test_credit_is_never_negative(contract: Contract) -> None:
    pay(owe(contract, 1000), 3000)

    with refused_by("credit_never_negative"):
        refund(contract, 2001)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_spend_the_same_credit(contract: Contract) -> None:
    pay(owe(contract, 1000), 3000)
    refused: list[str] = []

    def spend_too() -> None:
        try:
            refund(contract, 1500)
        except IntegrityError as refusal:
            refused.append(refusal.__cause__.diag.constraint_name)
        finally:
            connection.close()

    rival = threading.Thread(target=spend_too)
    with transaction.atomic():
        refund(contract, 1500)
        rival.start()
        wait_until_somebody_waits_for_us()
    rival.join(timeout=20)

    assert refused == ["credit_never_negative"]
    assert credit.balances([contract.customer_id]) == {contract.customer_id: 500}


def wait_until_somebody_waits_for_us() -> None:
    """Return once another session waits for this transaction, or after a second."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)


def test_a_receipt_settles_for_its_own_customer(isp: Provider, contract: Contract) -> None:
    of_another = owe(isp.activate())

    with refused_by("money_stays_with_its_customer"):
        allocate(of_another, write_receipt(contract), 5000)


def test_credit_of_a_receipt_belongs_to_its_customer(isp: Provider, contract: Contract) -> None:
    another = isp.activate()

    with refused_by("money_stays_with_its_customer"):
        move_credit(another.customer_id, "OVERPAYMENT", 5000, receipt=write_receipt(contract))


def test_credit_serves_its_own_customer(isp: Provider, contract: Contract) -> None:
    pay(owe(contract, 1000), 3000)
    of_another = owe(isp.activate())

    with refused_by("money_stays_with_its_customer"):
        allocation = allocate(of_another, None, 2000)
        move_credit(contract.customer_id, "USED", -2000, allocation=allocation)


@pytest.mark.parametrize(
    "change", [{"amount_cents": 1}, {"received_on": "2026-01-01"}, {"key": "outra"}]
)
def test_a_receipt_never_changes(contract: Contract, change: dict) -> None:
    pay(owe(contract), 4000)

    with refused_by("receipt_never_changes"):
        Receipt.objects.update(**change)


def test_a_receipt_is_reversed_once_and_stays_so(contract: Contract) -> None:
    receipt = pay(owe(contract), 4000)
    reverse(receipt)

    with refused_by("receipt_never_changes"):
        Receipt.objects.update(reversed_at=None, reverse_reason="")


def test_a_receipt_is_reversed_for_a_reason(contract: Contract) -> None:
    pay(owe(contract), 4000)

    with refused_by("receipt_reversed_for_a_reason"):
        Receipt.objects.update(reversed_at=NOW)


def test_a_payment_told_twice_is_recorded_once(contract: Contract) -> None:
    with refused_by("receipt_once_per_key"):
        write_receipt(contract)
        write_receipt(contract)


@pytest.mark.parametrize("change", [{"amount_cents": 1}, {"discount_cents": 1}, {"on": NOW}])
def test_an_allocation_never_changes(contract: Contract, change: dict) -> None:
    pay(owe(contract), 4000)

    with refused_by("allocation_never_changes"):
        Allocation.objects.update(**change)


def test_a_released_allocation_stays_released(contract: Contract) -> None:
    reverse(pay(owe(contract), 4000))

    with refused_by("allocation_never_changes"):
        Allocation.objects.update(released_on=None)


@pytest.mark.parametrize("change", [{"amount_cents": 2}, {"kind": "FINAL_INVOICE"}])
def test_a_movement_of_credit_never_changes(contract: Contract, change: dict) -> None:
    pay(owe(contract), 9001)

    with refused_by("credit_entry_never_changes"):
        CreditEntry.objects.update(**change)


@pytest.mark.parametrize(
    ("table", "promise"),
    [
        ("payments_creditentry", "credit_entry_never_changes"),
        ("payments_allocation", "allocation_never_changes"),
        ("payments_receipt", "receipt_never_changes"),
        ("payments_refund", "refund_never_changes"),
    ],
)
def test_nothing_about_money_is_deleted(contract: Contract, table: str, promise: str) -> None:
    pay(owe(contract), 9001)
    refund(contract, 1)

    with refused_by(promise), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("kind", ["OVERPAYMENT", "RELEASED", "FINAL_INVOICE"])
def test_credit_says_where_it_comes_from(contract: Contract, kind: str) -> None:
    with refused_by("credit_entry_says_where_it_comes_from"):
        move_credit(contract.customer_id, kind, 100)


@pytest.mark.parametrize("cents", [0, 100])
def test_a_refund_takes_credit_away(contract: Contract, cents: int) -> None:
    with refused_by("credit_entry_says_where_it_comes_from"):
        move_credit(contract.customer_id, "REFUND", cents, refund=write_refund(contract))


def test_credit_goes_back_only_by_a_refund(contract: Contract) -> None:
    pay(owe(contract), 10_000)

    with refused_by("credit_entry_says_where_it_comes_from"):
        move_credit(contract.customer_id, "REFUND", -1000)


@pytest.mark.parametrize("taken", [999, 1001])
def test_a_refund_takes_its_amount_of_credit(contract: Contract, taken: int) -> None:
    pay(owe(contract), 11_000)

    with refused_by("refund_is_taken_from_credit"):
        move_credit(contract.customer_id, "REFUND", -taken, refund=write_refund(contract, 1000))


def test_a_refund_without_credit_taken_is_refused(contract: Contract) -> None:
    with refused_by("refund_is_taken_from_credit"):
        write_refund(contract)


def test_an_undone_refund_gave_its_credit_back(contract: Contract) -> None:
    pay(owe(contract), 10_000)
    refund(contract, 1000)

    with refused_by("refund_is_taken_from_credit"):
        Refund.objects.update(undone_at=NOW, undo_reason="engano")


def test_a_refund_is_undone_once_and_for_a_reason(contract: Contract) -> None:
    pay(owe(contract), 10_000)
    written = refund(contract, 1000)

    with refused_by("refund_undone_for_a_reason"):
        Refund.objects.update(undone_at=NOW)
    with transaction.atomic():
        credit.take_back(written, reason="engano", on=DUE_ON, at=NOW, by_user_id=1)
    with refused_by("refund_never_changes"):
        Refund.objects.update(undone_at=None, undo_reason="")
    with pytest.raises(credit.RefundAlreadyUndone):
        credit.take_back(written, reason="de novo", on=DUE_ON, at=NOW, by_user_id=1)
    assert credit.balances([contract.customer_id]) == {contract.customer_id: 1000}


@pytest.mark.parametrize("change", [{"amount_cents": 1}, {"means": "CASH"}, {"by_user_id": 7}])
def test_a_refund_never_changes(contract: Contract, change: dict) -> None:
    pay(owe(contract), 10_000)
    refund(contract, 1000)

    with refused_by("refund_never_changes"):
        Refund.objects.update(**change)


@pytest.mark.parametrize(
    ("change", "promise"),
    [({"means": "BARTER"}, "refund_means"), ({"amount_cents": 0}, "refund_amount")],
)
def test_a_refund_is_of_an_amount_by_known_means(
    contract: Contract, change: dict, promise: str
) -> None:
    told = {
        "customer_id": contract.customer_id,
        "branch_id": contract.branch_id,
        "amount_cents": 1,
        "means": "PIX",
        "refunded_on": DUE_ON,
        "created_at": NOW,
        **change,
    }

    with refused_by(promise):
        Refund.objects.create(**told)


def test_a_refund_takes_credit_of_its_own_customer(isp: Provider, contract: Contract) -> None:
    other = isp.activate()
    pay(owe(other), 10_000)

    with refused_by("money_stays_with_its_customer"):
        move_credit(other.customer_id, "REFUND", -1000, refund=write_refund(contract))


def test_a_movement_keeps_its_refund(contract: Contract) -> None:
    pay(owe(contract), 11_000)
    refund(contract, 1000)
    other = refund(contract, 1000)

    with refused_by("credit_entry_never_changes"):
        CreditEntry.objects.filter(kind="REFUND").update(refund=other)


def test_a_receipt_whose_credit_went_back_is_not_reversed(contract: Contract) -> None:
    receipt = pay(owe(contract), 10_000)
    refund(contract, 1000)

    with pytest.raises(actions.CreditGoneBack, match="desfaça antes a devolução"):
        reverse(receipt)


def waive(receivable: Receivable, **columns) -> ChargeWaiver:
    told = {"fine_cents": 180, "interest_cents": 30, "reason": "acordo", "by_name": "Ana"}
    return ChargeWaiver.objects.create(
        receivable=receivable, on=DUE_ON, at=NOW, **{**told, **columns}
    )


@pytest.mark.parametrize(
    "columns", [{"fine_cents": 0, "interest_cents": 0}, {"reason": ""}, {"fine_cents": -1}], ids=str
)
def test_a_waiver_is_of_something_for_a_reason(
    contract: Contract, columns: dict[str, object]
) -> None:
    with refused_by("charge_waiver_of_something_for_a_reason"):
        waive(owe(contract), **columns)


@pytest.mark.parametrize(
    "change", [{"fine_cents": 1}, {"reason": "outro"}, {"on": date(2020, 1, 1)}], ids=str
)
def test_a_waiver_never_changes(contract: Contract, change: dict[str, object]) -> None:
    waiver = waive(owe(contract))

    with refused_by("charge_waiver_never_changes"):
        ChargeWaiver.objects.filter(pk=waiver.pk).update(**change)
    with refused_by("charge_waiver_never_changes"):
        waiver.delete()


@pytest.mark.parametrize("column", ["fine_cents", "interest_cents"])
def test_a_receipt_spends_its_fine_and_interest_too(contract: Contract, column: str) -> None:
    receivable = owe(contract)
    receipt = pay(receivable, 1000)

    with refused_by("receipt_is_spent_to_the_centavo"):
        Allocation.objects.create(
            receivable=receivable, receipt=receipt, amount_cents=0, on=DUE_ON, **{column: 1}
        )
    with refused_by("allocation_never_changes"):
        Allocation.objects.filter(receipt=receipt).update(**{column: 1})
