"""Every promise about cash desks, seen to refuse: at once, or at the latest at the commit."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from tests.apps.money import DUE_ON, give_back, owe, pay
from tests.apps.test_payment_promises import refused_by, wait_until_somebody_waits_for_us
from tests.provider import NOW, Provider, provider
from vigente.contracts.models import Contract
from vigente.domain import cash_desk
from vigente.domain.codes import DeskMovement, PaymentMeans, ReceiptChannel
from vigente.payments import actions, desks
from vigente.payments.models import (
    CashClosing,
    CashCount,
    CashDesk,
    CashMovement,
    Receipt,
    Refund,
)
from vigente.staff import actions as staff
from vigente.staff.models import User

pytestmark = pytest.mark.django_db

BY = {"at": NOW, "by_user_id": 1, "by_name": "Ana"}


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate()


@pytest.fixture
def operator(isp: Provider) -> User:
    return staff.create_user(
        email="op@example.com", name="Olga", password="abacate-verde", branches=[isp.branch]
    )


@pytest.fixture
def desk(isp: Provider, operator: User) -> CashDesk:
    return desks.open_one(
        branch_id=isp.branch.pk, operator_id=operator.pk, opening_cents=10_000, at=NOW
    )


@transaction.atomic
def take(
    contract: Contract, desk: CashDesk, cents: int = 9000, *, key: str = "no caixa"
) -> Receipt:
    return actions.receive(
        owe(contract, cents),
        amount_cents=cents,
        on=DUE_ON,
        channel=ReceiptChannel.MANUAL,
        key=key,
        at=NOW,
        by_user_id=1,
        means=PaymentMeans.CASH,
        desk=desk,
    ).receipt


@transaction.atomic
def close(desk: CashDesk, **counted: int) -> CashClosing:
    told = {PaymentMeans(means): cents for means, cents in counted.items()}
    counts = cash_desk.counts(desks.balances(desk), counted=told)
    return desks.close(desk, counts, note="", **BY)


def supply(desk: CashDesk, cents: int = 500) -> CashMovement:
    return desks.move(desk, DeskMovement.SUPPLY, amount_cents=cents, reason="troco", **BY)


def test_an_operator_has_one_open_desk_in_a_branch(isp: Provider, desk: CashDesk) -> None:
    with refused_by("one_open_desk_per_operator_and_branch"):
        desks.open_one(
            branch_id=isp.branch.pk, operator_id=desk.operator_id, opening_cents=0, at=NOW
        )


def test_another_branch_or_a_closed_desk_does_not_count(isp: Provider, desk: CashDesk) -> None:
    elsewhere = provider(code="OUTRA").branch
    desks.open_one(branch_id=elsewhere.pk, operator_id=desk.operator_id, opening_cents=0, at=NOW)
    close(desk, CASH=10_000)

    again = desks.open_one(
        branch_id=isp.branch.pk, operator_id=desk.operator_id, opening_cents=0, at=NOW
    )

    assert again.closed_at is None


def test_a_desk_opens_with_money_or_none(isp: Provider, operator: User) -> None:
    with refused_by("cash_desk_opens_with_money_or_none"):
        desks.open_one(branch_id=isp.branch.pk, operator_id=operator.pk, opening_cents=-1, at=NOW)


@pytest.mark.parametrize("change", [{"opening_cents": 1}, {"opened_at": NOW.replace(year=2025)}])
def test_how_a_desk_was_opened_never_changes(desk: CashDesk, change: dict) -> None:
    with refused_by("cash_desk_never_changes"):
        CashDesk.objects.filter(pk=desk.pk).update(**change)


def test_a_closed_desk_takes_no_receipt_movement_or_refund(
    contract: Contract, desk: CashDesk
) -> None:
    refund = give_back(contract)
    close(desk, CASH=10_000)

    with refused_by("closed_desk_takes_nothing"):
        take(contract, desk)
    with refused_by("closed_desk_takes_nothing"):
        supply(desk)
    with refused_by("closed_desk_takes_nothing"):
        Refund.objects.create(
            customer=contract.customer,
            branch_id=contract.branch_id,
            amount_cents=1,
            means="CASH",
            refunded_on=DUE_ON,
            created_at=NOW,
            desk=desk,
        )
    with refused_by("refund_comes_back_only_if_it_left_a_desk"):
        Refund.objects.filter(pk=refund.pk).update(
            undone_at=NOW, undo_reason="engano", undo_desk=desk
        )


def test_a_receipt_of_a_closed_desk_leaves_another(
    isp: Provider, contract: Contract, desk: CashDesk
) -> None:
    receipt = take(contract, desk)
    closing = close(desk, CASH=19_000)
    before = list(closing.counts.values_list("means", "expected_cents", "counted_cents"))

    with refused_by("closed_desk_takes_nothing"):
        actions.reverse(receipt, on=DUE_ON, at=NOW, by_user_id=1, reason="engano", desk=desk)
    with refused_by("reversal_leaves_a_desk"):
        actions.reverse(receipt, on=DUE_ON, at=NOW, by_user_id=1, reason="engano")
    now_open = desks.open_one(
        branch_id=isp.branch.pk, operator_id=desk.operator_id, opening_cents=20_000, at=NOW
    )
    with transaction.atomic():
        actions.reverse(receipt, on=DUE_ON, at=NOW, by_user_id=1, reason="engano", desk=now_open)

    assert desks.balances(desk)[PaymentMeans.CASH] == 19_000
    assert desks.balances(now_open)[PaymentMeans.CASH] == 11_000  # 200,00 − 90,00
    assert list(closing.counts.values_list("means", "expected_cents", "counted_cents")) == before


@pytest.mark.parametrize("change", [{"means": "PIX"}, {"desk": None}])
def test_a_receipt_keeps_its_desk_and_means(
    contract: Contract, desk: CashDesk, change: dict
) -> None:
    receipt = take(contract, desk)

    with refused_by("receipt_never_changes"):
        Receipt.objects.filter(pk=receipt.pk).update(**change)


def test_what_falls_into_a_desk_says_its_means(contract: Contract, desk: CashDesk) -> None:
    with refused_by("receipt_in_a_desk_says_its_means"):
        Receipt.objects.create(
            customer_id=contract.customer_id,
            branch_id=contract.branch_id,
            channel="MANUAL",
            key="sem forma",
            received_on=DUE_ON,
            amount_cents=1,
            created_at=NOW,
            desk=desk,
        )


def test_a_receipt_outside_a_desk_leaves_none(contract: Contract, desk: CashDesk) -> None:
    receipt = pay(owe(contract), 9000)

    with refused_by("receipt_leaves_a_desk_only_if_it_came_into_one"):
        Receipt.objects.filter(pk=receipt.pk).update(
            reversed_at=NOW, reverse_reason="engano", reversal_desk=desk
        )


def test_money_stays_in_its_branch(contract: Contract, operator: User) -> None:
    elsewhere = desks.open_one(
        branch_id=provider(code="OUTRA").branch.pk,
        operator_id=operator.pk,
        opening_cents=0,
        at=NOW,
    )

    with refused_by("money_stays_in_its_branch"):
        take(contract, elsewhere)


def test_a_movement_is_of_an_amount_for_a_reason(desk: CashDesk) -> None:
    with refused_by("cash_movement_of_an_amount_for_a_reason"):
        supply(desk, 0)
    with refused_by("cash_movement_kind"):
        CashMovement.objects.create(
            desk=desk, kind="GIFT", amount_cents=1, reason="x", at=NOW, by_name="Ana"
        )


@pytest.mark.parametrize("amount_cents", [1, None])
def test_a_movement_neither_changes_nor_goes(desk: CashDesk, amount_cents: int | None) -> None:
    supply(desk)

    with refused_by("cash_movement_never_changes"):
        if amount_cents is None:
            delete("payments_cashmovement")
        CashMovement.objects.update(amount_cents=amount_cents)


def delete(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "promise"),
    [
        ("payments_cashdesk", "cash_desk_never_changes"),
        ("payments_cashclosing", "cash_closing_never_changes"),
        ("payments_cashcount", "cash_count_never_changes"),
    ],
)
def test_nothing_of_a_desk_is_deleted(desk: CashDesk, table: str, promise: str) -> None:
    close(desk, CASH=10_000)

    with refused_by(promise):
        delete(table)


def test_a_closing_expects_what_the_desk_comes_to(contract: Contract, desk: CashDesk) -> None:
    take(contract, desk)
    lie = cash_desk.counts({PaymentMeans.CASH: 10_000}, counted={PaymentMeans.CASH: 10_000})

    with refused_by("cash_closing_counts_the_desk"):
        desks.close(desk, lie, note="", **BY)


def test_a_closing_counts_every_means_of_payment(desk: CashDesk) -> None:
    whole = cash_desk.counts(desks.balances(desk), counted={PaymentMeans.CASH: 10_000})

    with refused_by("cash_closing_counts_the_desk"):
        desks.close(desk, [one for one in whole if one.expected_cents], note="", **BY)


def test_no_count_joins_a_closing_changes_or_falls_below_zero(desk: CashDesk) -> None:
    closing = close(desk, CASH=10_000)

    with refused_by("cash_closing_takes_no_count"):
        CashCount.objects.create(closing=closing, means="PIX", expected_cents=0, counted_cents=1)
    with refused_by("cash_count_never_changes"):
        CashCount.objects.update(counted_cents=1)
    with refused_by("cash_count_not_below_zero"):
        CashCount.objects.create(closing_id=10**9, means="PIX", expected_cents=0, counted_cents=-1)
    with refused_by("cash_count_means"):
        CashCount.objects.create(
            closing_id=10**9, means="SHELLS", expected_cents=0, counted_cents=1
        )


def test_a_desk_is_closed_exactly_while_a_closing_stands(desk: CashDesk) -> None:
    with refused_by("desk_is_closed_by_a_closing"):
        CashDesk.objects.update(closed_at=NOW)
    close(desk, CASH=10_000)
    with refused_by("desk_is_closed_by_a_closing"):
        CashDesk.objects.update(closed_at=None)
    with refused_by("desk_is_closed_by_a_closing"):
        CashClosing.objects.update(reopened_at=NOW, reopen_reason="engano")


def test_a_reopened_desk_is_counted_anew_and_its_first_closing_stays(
    contract: Contract, desk: CashDesk
) -> None:
    first = close(desk, CASH=9_999)
    with transaction.atomic():
        desks.reopen(desk, reason="uma nota caiu", **BY)
    supply(desk)
    with refused_by("cash_closing_never_changes"):
        CashClosing.objects.filter(pk=first.pk).update(reopened_at=None, reopen_reason="")
    with pytest.raises(desks.DeskAlreadyReopened):
        desks.reopen(desk, reason="de novo", **BY)

    second = close(desk, CASH=10_500)

    assert [c.difference_cents for c in counts_of(first)] == [-1]
    assert [c.difference_cents for c in counts_of(second)] == [0]


def counts_of(closing: CashClosing) -> list[cash_desk.Count]:
    return [
        cash_desk.Count(
            means=PaymentMeans(one.means),
            expected_cents=one.expected_cents,
            counted_cents=one.counted_cents,
        )
        for one in closing.counts.filter(means="CASH")
    ]


def test_a_desk_is_reopened_for_a_reason(desk: CashDesk) -> None:
    close(desk, CASH=10_000)

    with refused_by("cash_closing_reopened_for_a_reason"):
        CashClosing.objects.update(reopened_at=NOW)


def test_a_desk_closed_twice_is_closed_once(desk: CashDesk) -> None:
    close(desk, CASH=10_000)

    with pytest.raises(desks.DeskClosed):
        close(desk, CASH=10_000)
    with refused_by("one_standing_closing_per_desk"):
        CashClosing.objects.create(desk=desk, closed_at=NOW, by_name="Ana")


@pytest.mark.django_db(transaction=True)
def test_a_receipt_at_the_moment_of_closing_is_counted_or_refused(
    contract: Contract, desk: CashDesk
) -> None:
    refused: list[str] = []

    def take_too() -> None:
        try:
            take(contract, desk)
        except IntegrityError as refusal:
            refused.append(refusal.__cause__.diag.constraint_name)
        finally:
            connection.close()

    rival = threading.Thread(target=take_too)
    with transaction.atomic():
        close(desks.locked(desk.pk), CASH=10_000)
        rival.start()
        wait_until_somebody_waits_for_us()
    rival.join(timeout=20)

    assert refused == ["closed_desk_takes_nothing"]
    assert desks.balances(desk)[PaymentMeans.CASH] == 10_000
