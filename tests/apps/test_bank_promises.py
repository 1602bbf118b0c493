"""Every promise about banks, seen to refuse."""

import pytest

from tests.apps.test_payment_promises import refused_by
from tests.banking import bank_account, content, owed, receive, registered
from tests.provider import Provider, provider
from vigente.payments.bank_models import (
    BankAccount,
    Boleto,
    BoletoOrder,
    Remittance,
    ReturnFile,
    ReturnRecord,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def account(isp: Provider) -> BankAccount:
    return bank_account(isp)


def record(file: ReturnFile, **changes) -> ReturnRecord:
    told = {
        "line": 2, "key": "k", "kind": "PAID", "code": "06", "told": "Liquidação",
        "number": "00000001", "title_cents": 1, "paid_cents": 1, "fee_cents": 0,
        "outcome": "UNKNOWN", **changes,
    }  # fmt: skip
    return ReturnRecord.objects.create(file=file, account=file.account, **told)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"bank": "999"}, "bank_account_bank"),
        ({"next_number": 0}, "bank_account_counts_from_one"),
        ({"next_remittance": 0}, "bank_account_counts_from_one"),
    ],
)
def test_an_account_is_of_a_known_bank(account: BankAccount, change: dict, promise: str) -> None:
    with refused_by(promise):
        BankAccount.objects.update(**change)


def test_an_account_belongs_to_one_wallet(account: BankAccount) -> None:
    with refused_by("bank_account_once"):
        bank_account(provider(code="B"))


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"status": "LOST"}, "boleto_status"),
        ({"amount_cents": 0}, "boleto_amount"),
        ({"barcode": "1" * 43}, "boleto_barcode_shape"),
        ({"status": "REFUSED", "bank_told": ""}, "boleto_refused_for_a_reason"),
    ],
)
def test_a_boleto_is_whole(isp: Provider, account: BankAccount, change: dict, promise: str) -> None:
    owed(isp)
    registered(account)

    with refused_by(promise):
        Boleto.objects.update(**change)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"status": "CANCELLED"}, "boleto_number_once"),
        ({"number": "00000009"}, "one_standing_boleto"),
    ],
)
def test_a_number_and_a_receivable_have_one_boleto(
    isp: Provider, account: BankAccount, change: dict, promise: str
) -> None:
    owed(isp)
    [boleto] = registered(account)
    for name, value in {"pk": None, **change}.items():
        setattr(boleto, name, value)

    with refused_by(promise):
        boleto.save(force_insert=True)


def test_remittances_are_numbered_once_and_ask_for_something(
    isp: Provider, account: BankAccount
) -> None:
    owed(isp)
    registered(account)
    remittance = Remittance.objects.get()

    with refused_by("remittance_asks_for_something"):
        Remittance.objects.update(count=0)
    remittance.pk = None
    with refused_by("remittance_once"):
        remittance.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "promise"),
    [({}, "boleto_order_once"), ({"kind": "PAINT"}, "boleto_order_kind")],
)
def test_an_order_is_given_once(
    isp: Provider, account: BankAccount, change: dict, promise: str
) -> None:
    owed(isp)
    registered(account)
    order = BoletoOrder.objects.get()
    for name, value in {"pk": None, **change}.items():
        setattr(order, name, value)

    with refused_by(promise):
        order.save(force_insert=True)


def test_a_boleto_is_registered_once(isp: Provider, account: BankAccount) -> None:
    owed(isp)
    registered(account)
    order, remittance = BoletoOrder.objects.get(), Remittance.objects.get()
    remittance.pk, remittance.sequence = None, 2
    remittance.save(force_insert=True)
    order.pk, order.remittance = None, remittance

    with refused_by("boleto_registered_once"):
        order.save(force_insert=True)


def test_a_file_is_kept_once_unless_it_was_refused(account: BankAccount) -> None:
    file = receive(account, content(account, []))
    file.pk = None

    with refused_by("return_file_once"):
        file.save(force_insert=True)
    ReturnFile.objects.update(status="REFUSED", refusal="outra conta")
    file.save(force_insert=True)
    with refused_by("return_file_refused_for_a_reason"):
        ReturnFile.objects.filter(pk=file.pk).update(status="REFUSED")
    with refused_by("return_file_status"):
        ReturnFile.objects.filter(pk=file.pk).update(status="LOST")


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"key": "k2"}, "return_line_once"),
        ({"line": 3}, "return_record_once"),
        ({"key": "k2", "line": 3, "kind": "ODD"}, "return_record_codes"),
        ({"key": "k2", "line": 3, "outcome": "ODD"}, "return_record_codes"),
        ({"key": "k2", "line": 3, "paid_cents": -1}, "return_record_amounts"),
        ({"key": "k2", "line": 3, "outcome": "PAID"}, "return_record_paid_by_its_receipt"),
        ({"key": "k2", "line": 3, "outcome": "DISMISSED"}, "return_record_dismissed_for_a_reason"),
    ],
)
def test_a_record_counts_once_and_says_what_became_of_it(
    account: BankAccount, change: dict, promise: str
) -> None:
    file = receive(account, content(account, []))
    record(file)

    with refused_by(promise):
        record(file, **change)
    record(file, line=4, outcome="REPEATED")  # the same key, told again
