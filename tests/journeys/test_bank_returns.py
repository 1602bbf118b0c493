"""Boletos from the remittance to the money: nothing lost, nothing twice, whatever the file says."""

from datetime import date

import pytest
from django.db.models import Sum

from tests.apps.money import cancel, pay
from tests.banking import (
    FINANCE,
    NOW,
    TODAY,
    bank_account,
    carry_on,
    content,
    owed,
    read,
    receive,
    registered,
    tell,
)
from tests.provider import Provider, provider
from vigente.billing.models import Receivable
from vigente.customers.models import Address
from vigente.gateways.boleto.fake import Told
from vigente.journeys import bank_returns, boletos
from vigente.payments import bank_returns as kept
from vigente.payments import credit
from vigente.payments.bank_models import BankAccount, BoletoOrder, Remittance, ReturnRecord
from vigente.payments.boletos import NothingToSend
from vigente.payments.models import Receipt

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 12, 31)


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def account(isp: Provider) -> BankAccount:
    return bank_account(isp)


def send(account: BankAccount, *, until: date = UNTIL) -> Remittance:
    return boletos.send(account.pk, due_until=until, by=FINANCE, now=NOW, today=TODAY).remittance


def kinds(remittance: Remittance) -> list[str]:
    return list(remittance.orders.order_by("pk").values_list("kind", flat=True))


def outcomes() -> list[str]:
    return list(ReturnRecord.objects.order_by("pk").values_list("outcome", flat=True))


def test_what_is_owed_to_a_wallet_goes_to_its_bank_once(
    isp: Provider, account: BankAccount
) -> None:
    first, second = owed(isp), owed(isp, 5000)
    owed(isp, due_on=date(2026, 3, 1))  # overdue: no bank registers it

    remittance = send(account)

    assert kinds(remittance) == ["REGISTER", "REGISTER"]
    assert remittance.content[:20] == b"01REMESSA01COBRANCA "
    sent = list(account.boletos.order_by("pk"))
    assert [one.receivable_id for one in sent] == [first.pk, second.pk]
    assert [one.number for one in sent] == ["00000001", "00000002"]
    assert {one.status for one in sent} == {"SENT"}
    with pytest.raises(NothingToSend):
        send(account)


def test_who_has_no_postal_code_is_left_out_and_told(isp: Provider, account: BankAccount) -> None:
    good, bad = owed(isp), owed(isp)
    Address.objects.filter(customer=bad.customer_id).update(postal_code="")

    sent = boletos.send(account.pk, due_until=UNTIL, by=FINANCE, now=NOW, today=TODAY)

    assert [one.receivable_id for one in sent.left_out] == [bad.pk]
    assert "CEP" in sent.left_out[0].why
    assert account.boletos.get().receivable_id == good.pk


def test_the_bank_is_told_of_changes_cancellations_and_payments_elsewhere(
    isp: Provider, account: BankAccount
) -> None:
    later, cancelled, paid, partly = owed(isp), owed(isp), owed(isp), owed(isp)
    registered(account)
    Receivable.objects.filter(pk=later.pk).update(due_on=date(2026, 3, 20))
    cancel(cancelled)
    pay(paid, 9000, key="1")
    pay(partly, 4000, key="2")

    remittance = send(account)

    assert kinds(remittance) == ["CHANGE_DUE", "CANCEL", "CANCEL", "CHANGE_AMOUNT"]
    changed = later.boletos.get()
    assert changed.due_on == date(2026, 3, 20)
    assert changed.barcode[5:9] == "1391"  # 20/03/2026: 391 days after 22/02/2025, which is 1000
    assert partly.boletos.get().amount_cents == 5000
    with pytest.raises(NothingToSend):
        send(account)


def test_what_was_cancelled_before_it_was_sent_is_never_sent(
    isp: Provider, account: BankAccount
) -> None:
    receivable = owed(isp)
    boletos.issue(receivable.pk, by=FINANCE, now=NOW, today=TODAY)
    cancel(receivable)

    with pytest.raises(NothingToSend):
        send(account)
    boletos_left = account.boletos.filter(status="TO_REGISTER").count()
    assert (boletos_left, BoletoOrder.objects.count()) == (1, 0)  # undone with the refusal


def test_payments_settle_what_they_are_for(isp: Provider, account: BankAccount) -> None:
    whole, part, over = owed(isp), owed(isp), owed(isp)
    first, second, third = registered(account)

    file = read(account, [tell(first), tell(second, paid=4000), tell(third, paid=10_000)])

    assert file.status == "DONE"
    for receivable in (whole, part, over):
        receivable.refresh_from_db()
    assert [whole.open_cents, part.open_cents, over.open_cents] == [0, 5000, 0]
    assert credit.balances([over.customer_id]) == {over.customer_id: 1000}
    assert {one.status for one in account.boletos.all()} == {"PAID"}
    assert Receipt.objects.filter(channel="BANK").count() == 3


def test_a_title_paid_twice_is_two_receipts_and_the_second_is_credit(
    isp: Provider, account: BankAccount
) -> None:
    receivable = owed(isp)
    [boleto] = registered(account)

    read(account, [tell(boleto), tell(boleto)])

    assert Receipt.objects.count() == 2
    assert credit.balances([receivable.customer_id]) == {receivable.customer_id: 9000}


def test_a_file_is_read_once_and_its_repeats_are_shown(isp: Provider, account: BankAccount) -> None:
    owed(isp)
    [boleto] = registered(account)
    once = content(account, [tell(boleto)], sequence=7)
    carry_on(receive(account, once))

    with pytest.raises(kept.ReturnSentBefore, match="já foi recebido"):
        receive(account, once)
    carry_on(receive(account, once + b"\r\n"))  # made anew by the bank

    assert Receipt.objects.count() == 1
    assert outcomes()[-2:] == ["PAID", "REPEATED"]


def test_files_come_in_any_order(isp: Provider, account: BankAccount) -> None:
    owed(isp)
    send(account)
    boleto = account.boletos.get()

    read(account, [tell(boleto)], sequence=2)
    read(account, [tell(boleto, "02")], sequence=1)

    boleto.refresh_from_db()
    assert boleto.status == "PAID"
    assert Receipt.objects.count() == 1


def test_a_refused_boleto_says_why_and_may_be_issued_again(
    isp: Provider, account: BankAccount
) -> None:
    receivable = owed(isp)
    send(account)
    first = account.boletos.get()

    read(account, [tell(first, "03")])

    first.refresh_from_db()
    assert (first.status, first.bank_told) == ("REFUSED", "Entrada rejeitada 08")
    with pytest.raises(NothingToSend):
        send(account)
    again = boletos.issue(receivable.pk, by=FINANCE, now=NOW, today=TODAY)
    assert again.number == "00000002"
    assert kinds(send(account)) == ["REGISTER"]


def test_payments_that_find_nothing_wait_for_a_person(isp: Provider, account: BankAccount) -> None:
    of_cancelled = owed(isp)
    owed(isp)
    first, second = registered(account)
    cancel(of_cancelled)
    stranger = Told(
        number="77777777", code="06", on=TODAY, title_cents=100, paid_cents=100, reasons=""
    )

    read(account, [tell(first), tell(second, paid=90_001), stranger])

    assert outcomes()[-3:] == ["OF_CANCELLED", "ABSURD", "UNKNOWN"]
    assert not Receipt.objects.exists()


def test_a_payment_that_waits_becomes_credit_or_is_dismissed_once(
    isp: Provider, account: BankAccount
) -> None:
    customer = isp.customer()
    stranger = Told(number="77777777", code="06", on=TODAY, title_cents=100, paid_cents=100)
    another = Told(number="88888888", code="06", on=TODAY, title_cents=100, paid_cents=300)
    read(account, [stranger, another])
    first, second = ReturnRecord.objects.order_by("pk")

    bank_returns.give_to_customer(first.pk, customer_id=customer.pk, by=FINANCE, now=NOW)
    bank_returns.dismiss(second.pk, reason="tarifa do banco", by=FINANCE, now=NOW)

    assert credit.balances([customer.pk]) == {customer.pk: 100}
    assert outcomes() == ["CREDITED", "DISMISSED"]
    for record in (first, second):
        with pytest.raises(bank_returns.RecordResolved):
            bank_returns.dismiss(record.pk, reason="de novo", by=FINANCE, now=NOW)


def test_a_broken_line_stops_the_file_until_the_rest_is_asked_for(
    isp: Provider, account: BankAccount
) -> None:
    owed(isp)
    owed(isp)
    first, second = registered(account)
    lines = content(account, [tell(first), tell(second)]).split(b"\r\n")
    lines[1] = lines[1][:100]

    file = carry_on(receive(account, b"\r\n".join(lines)))

    assert (file.status, file.broken) == ("BROKEN", [[2, "Tem 100 posições, e teria 400."]])
    assert not Receipt.objects.exists()
    bank_returns.take_the_rest(file.pk, by=FINANCE, now=NOW)
    carry_on(file)
    assert file.status == "DONE"
    assert Receipt.objects.aggregate(cents=Sum("amount_cents"))["cents"] == 9000


def test_the_file_of_another_bank_is_refused_and_may_be_sent_where_it_belongs(
    isp: Provider, account: BankAccount
) -> None:
    other = bank_account(provider(code="B"), number="11111")
    told = Told(number="77777777", code="06", on=TODAY, title_cents=100, paid_cents=100)
    file_of_other = content(other, [told])

    refused = carry_on(receive(account, file_of_other))
    taken = carry_on(receive(other, file_of_other))

    assert refused.status == "REFUSED"
    assert "outra conta" in refused.refusal
    assert taken.status == "DONE"


def test_who_dies_between_chunks_is_followed_by_another(
    isp: Provider, account: BankAccount
) -> None:
    for _ in range(5):
        owed(isp)
    file = receive(account, content(account, [tell(one) for one in registered(account)]))
    bank_returns.begin(file.pk, now=NOW)
    assert bank_returns.read_chunk(file.pk, now=NOW, size=2)

    bank_returns.begin(file.pk, now=NOW)
    carry_on(file)

    assert file.status == "DONE"
    assert Receipt.objects.count() == 5
    assert not Receivable.objects.filter(received_cents__lt=9000).exists()
