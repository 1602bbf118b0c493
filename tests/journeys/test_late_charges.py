"""Paid late: charges first, waived for a reason, taken back with the receipt; to the centavo."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.money import owe
from tests.banking import bank_account, read, registered, tell
from tests.banking import owed as owed_by_boleto
from tests.provider import ATTENDANT, NOW, Provider
from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.domain.codes import PaymentMeans
from vigente.journeys import receiving
from vigente.journeys.receiving import ReceiptRefused
from vigente.payments import credit, late
from vigente.payments.models import Allocation, ChargeWaiver, Receipt

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 10)  # a Tuesday
TENTH = DUE + timedelta(days=10)


@pytest.fixture(autouse=True)
def wallet(isp: Provider) -> Wallet:
    """Delay costs 2 % and 1 % a month."""
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    return isp.wallet


@pytest.fixture
def bill(isp: Provider) -> Receivable:
    return owe(isp.activate(), 8990, due_on=DUE)


def pay(bill: Receivable, cents: int, *, on: date = TENTH, key: str = "1", **more) -> Receipt:
    return receiving.receive(
        bill.pk,
        amount_cents=cents,
        on=on,
        key=key,
        note="",
        means=PaymentMeans.CASH,
        by=ATTENDANT,
        now=NOW,
        today=date(2026, 12, 31),
        **more,
    )


def parts(bill: Receivable) -> list[tuple[int, int, int]]:
    rows = Allocation.objects.filter(receivable=bill, released_on=None).order_by("pk")
    return [(one.amount_cents, one.fine_cents, one.interest_cents) for one in rows]


def charged(bill: Receivable, on: date) -> int:
    return late.charges_of({bill: on})[bill.pk].cents


def test_ten_days_late_it_is_the_principal_1_80_and_0_30(bill: Receivable) -> None:
    pay(bill, 9200)  # 89,90 + 1,80 + 0,30

    bill.refresh_from_db()
    assert parts(bill) == [(8990, 180, 30)]
    assert (bill.is_settled, bill.received_cents) == (True, 8990)


def test_in_time_it_is_the_principal_alone(bill: Receivable) -> None:
    pay(bill, 8990, on=DUE)

    assert parts(bill) == [(8990, 0, 0)]


def test_the_principal_alone_leaves_what_delay_cost_open(bill: Receivable) -> None:
    pay(bill, 8990)

    bill.refresh_from_db()
    assert parts(bill) == [(8780, 180, 30)]
    assert bill.open_cents == 210


def test_more_than_is_owed_becomes_credit(bill: Receivable) -> None:
    pay(bill, 9300)

    assert credit.balances([bill.customer_id]) == {bill.customer_id: 100}


def test_a_waiver_goes_and_comes_back_with_its_receipt(bill: Receivable) -> None:
    receipt = pay(bill, 8990, waives_for="primeiro atraso")
    waiver = ChargeWaiver.objects.get()
    assert parts(bill) == [(8990, 0, 0)]
    assert (waiver.receipt, waiver.fine_cents, waiver.interest_cents) == (receipt, 180, 30)

    receiving.reverse(receipt.pk, reason="cheque voltou", by=ATTENDANT, now=NOW, today=TENTH)

    bill.refresh_from_db()
    assert (bill.open_cents, charged(bill, TENTH)) == (8990, 210)


def test_a_click_twice_waives_and_receives_once(bill: Receivable) -> None:
    pay(bill, 4000, waives_for="acordo")

    pay(bill, 4000, waives_for="acordo")

    assert (Receipt.objects.count(), ChargeWaiver.objects.count()) == (1, 1)


def test_waiving_alone_leaves_the_principal(bill: Receivable) -> None:
    receiving.waive(bill.pk, reason="queda do sinal", by=ATTENDANT, now=NOW, today=TENTH)

    assert charged(bill, TENTH) == 0
    assert charged(bill, TENTH + timedelta(days=10)) == 30
    with pytest.raises(ReceiptRefused, match="Não há multa nem juros"):
        receiving.waive(bill.pk, reason="de novo", by=ATTENDANT, now=NOW, today=TENTH)
    with pytest.raises(ReceiptRefused, match="Informe por que"):
        receiving.waive(bill.pk, reason=" ", by=ATTENDANT, now=NOW, today=TENTH + timedelta(days=9))


def test_credit_pays_what_delay_cost_too_and_comes_back_whole(isp: Provider) -> None:
    contract = isp.activate()
    first, second = owe(contract, 1000, due_on=DUE), owe(contract, 8990, due_on=DUE)
    receipt = pay(first, 1000 + 9200, on=DUE)

    receiving.use_credit(second.pk, by=ATTENDANT, now=NOW, today=TENTH)
    assert parts(second) == [(8990, 180, 30)]
    assert credit.balances([contract.customer_id]) == {}
    receiving.reverse(receipt.pk, reason="engano", by=ATTENDANT, now=NOW, today=TENTH)

    second.refresh_from_db()
    assert (second.received_cents, parts(second)) == (0, [])


def test_a_bank_that_rounds_each_day_settles_the_bill(isp: Provider) -> None:
    """R$ 90,00, 6 days late: 1,80 + 0,18; a bank that took 0,15 is not asked for 0,03."""
    account = bank_account(isp)
    receivable = owed_by_boleto(isp)
    [boleto] = registered(account)
    paid_on = receivable.due_on + timedelta(days=6)

    read(account, [replace(tell(boleto, paid=9195), on=paid_on)])

    receivable.refresh_from_db()
    assert receivable.is_settled
    assert parts(receivable) == [(9000, 180, 15)]


def test_what_many_cost_is_read_in_as_many_queries_as_one(isp: Provider) -> None:
    contract = isp.activate()
    counted = []
    for number in (1, 6):
        bills = [owe(contract, 8990, due_on=DUE) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            late.charges_of(dict.fromkeys(bills, TENTH))
        counted.append(len(asked))

    assert counted[0] == counted[1]
    with CaptureQueriesContext(connection) as asked:
        late.charges_of(dict.fromkeys(bills, DUE))
    assert len(asked) == 0
