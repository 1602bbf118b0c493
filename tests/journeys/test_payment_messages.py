"""Reminders and thanks: once each, with how to pay, and none to who wants none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.apps.money import owe
from tests.banking import bank_account, read, registered, tell
from tests.banking import owed as owed_by_boleto
from tests.provider import ATTENDANT, NOW, Provider
from vigente.billing.models import Receivable
from vigente.catalog.models import Wallet
from vigente.contracts.models import Contract
from vigente.customers.models import MessageOptOut
from vigente.daily.models import DailyRun
from vigente.domain.codes import PaymentMeans
from vigente.domain.parameters import (
    REMIND_DAYS_BEFORE,
    REMIND_ON_DUE,
    THANK_FOR_RECEIPTS,
    Parameter,
    Scope,
    Value,
)
from vigente.domain.postponement import ByDays
from vigente.journeys import daily, opt_outs, payment_messages, postponement, receiving
from vigente.journeys.opt_outs import OptOutStandsSo
from vigente.outbox.models import Effect
from vigente.parameters import actions as parameters

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 10)


def choose(isp: Provider, parameter: Parameter, value: Value) -> None:
    parameters.set_value(
        parameter, value, scope=Scope.BRANCH, scope_id=isp.branch.pk, by=ATTENDANT, now=NOW
    )


@pytest.fixture(autouse=True)
def chosen(isp: Provider) -> None:
    choose(isp, REMIND_DAYS_BEFORE, 3)
    choose(isp, REMIND_ON_DUE, value=True)
    choose(isp, THANK_FOR_RECEIPTS, value=True)


@pytest.fixture
def contract(isp: Provider) -> Contract:
    contract = isp.activate()
    contract.customer.contacts.create(kind="EMAIL", value="marina@example.com")
    return contract


def remind(isp: Provider, *, days: int) -> int:
    """Remind so many days before the due date."""
    return payment_messages.remind(isp.branch.pk, today=DUE - timedelta(days=days), now=NOW)


def texts() -> list[str]:
    return [one.payload["text"] for one in Effect.objects.filter(kind="MESSAGE").order_by("pk")]


def receive(bill: Receivable, cents: int, *, on: date = DUE) -> None:
    receiving.receive(
        bill.pk,
        amount_cents=cents,
        on=on,
        key=f"{bill.pk} {cents}",
        note="",
        means=PaymentMeans.PIX,
        by=ATTENDANT,
        now=NOW,
        today=on,
    )


def test_a_bill_is_reminded_of_once_before_and_once_on_its_day(
    isp: Provider, contract: Contract
) -> None:
    owe(contract, 8990, due_on=DUE, discount=990)

    for days in (5, 4, 3, 2, 2, 1, 0, 0, -1):
        remind(isp, days=days)

    before, on_due = texts()
    assert "Sua conta de R$ 89,90 vence em 3 dias, 10/03/2026." in before
    assert "há desconto de R$ 9,90" in before
    assert "vence hoje" in on_due


def test_a_missed_day_is_made_up_for(isp: Provider, contract: Contract) -> None:
    owe(contract, due_on=DUE)

    remind(isp, days=1)

    assert "vence amanhã" in texts()[0]


def test_how_to_pay_is_told(isp: Provider) -> None:
    Wallet.objects.update(payment_form="BOLETO_PIX", pix_key="pix@provedor.example")
    account = bank_account(isp)
    bill = owed_by_boleto(isp)
    [boleto] = registered(account)
    bill.customer.contacts.create(kind="PHONE", value="31987654321")

    payment_messages.remind(isp.branch.pk, today=bill.due_on, now=NOW)

    [text] = texts()
    assert boleto.line in text
    assert "Pix copia e cola: 000201" in text
    assert Effect.objects.get().payload["channel"] == "SMS"


def test_paid_postponed_and_unreachable_bills(isp: Provider, contract: Contract) -> None:
    paid, moved = owe(contract, due_on=DUE), owe(contract, 5000, due_on=DUE)
    owe(isp.activate(), 7000, due_on=DUE)  # nobody to write to
    choose(isp, THANK_FOR_RECEIPTS, value=False)
    receive(paid, 9000)

    assert remind(isp, days=2) == 1
    postponement.postpone(
        [moved.pk],
        extension=ByDays(20),
        reason="acordo",
        by=ATTENDANT,
        now=NOW,
        today=DUE - timedelta(days=2),
    )
    moved.refresh_from_db()
    payment_messages.remind(isp.branch.pk, today=moved.due_on, now=NOW)

    assert ["R$ 50,00" in text for text in texts()] == [True, True]


def test_who_wants_no_reminders_gets_none_until_they_do(isp: Provider, contract: Contract) -> None:
    owe(contract, due_on=DUE)
    customer = contract.customer
    opt_outs.stop(customer.pk, note="pediu por telefone", by=ATTENDANT, now=NOW)
    with pytest.raises(OptOutStandsSo):
        opt_outs.stop(customer.pk, note="de novo", by=ATTENDANT, now=NOW)

    assert remind(isp, days=3) == 0
    opt_outs.resume(customer.pk, by=ATTENDANT, now=NOW)
    with pytest.raises(OptOutStandsSo):
        opt_outs.resume(customer.pk, by=ATTENDANT, now=NOW)
    assert remind(isp, days=2) == 1


def test_an_opt_out_says_why(contract: Contract) -> None:
    with pytest.raises(IntegrityError, match="opt_out_says_why"), transaction.atomic():
        MessageOptOut.objects.create(customer=contract.customer, note="", at=NOW, by_name="Ana")


def test_a_branch_that_wants_none_sends_none(isp: Provider, contract: Contract) -> None:
    choose(isp, REMIND_DAYS_BEFORE, 0)
    choose(isp, REMIND_ON_DUE, value=False)
    choose(isp, THANK_FOR_RECEIPTS, value=False)
    bill = owe(contract, due_on=DUE)

    assert remind(isp, days=0) == 0
    receive(bill, 9000)

    assert texts() == []


def test_a_payment_is_thanked_for_with_what_it_settled(isp: Provider, contract: Contract) -> None:
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    bill = owe(contract, 8990, due_on=DUE)

    receive(bill, 9300, on=DUE + timedelta(days=10))
    receive(bill, 9300, on=DUE + timedelta(days=10))

    [text] = texts()
    assert "Recebemos R$ 93,00 em 20/03/2026." in text
    assert f"Conta {bill.pk}: R$ 89,90, mais R$ 2,10 de multa e juros." in text
    assert "R$ 1,00 ficam como crédito" in text


def test_what_a_bank_tells_is_thanked_for_too(isp: Provider) -> None:
    account = bank_account(isp)
    bill = owed_by_boleto(isp)
    bill.customer.contacts.create(kind="EMAIL", value="marina@example.com")
    [boleto] = registered(account)

    read(account, [tell(boleto)])

    assert "Recebemos R$ 90,00" in texts()[0]


def test_reminders_that_fail_are_an_alarm_and_tried_again(
    isp: Provider, contract: Contract
) -> None:
    owe(contract, due_on=DUE)
    noon = datetime(2026, 3, 10, 15, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION faulty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'falha de propósito'; END $$;"
            "CREATE TRIGGER faulty BEFORE INSERT ON outbox_effect"
            " FOR EACH ROW EXECUTE FUNCTION faulty()"
        )

    daily.work(now=noon)

    day = DailyRun.objects.get(day=DUE)
    assert "Os lembretes de vencimento não foram enviados" in day.error
    assert (day.reminded_at, day.dealt_at) == (None, None)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER faulty ON outbox_effect")
    daily.work(now=noon + timedelta(minutes=1))
    assert len(texts()) == 1


def test_the_day_reminds_once_from_its_hour_on(isp: Provider, contract: Contract) -> None:
    owe(contract, due_on=DUE)
    early = datetime(2026, 3, 10, 11, 59, tzinfo=UTC)  # 08:59 at the branch

    daily.work(now=early)
    assert texts() == []
    for minutes in (1, 2, 600):
        daily.work(now=early + timedelta(minutes=minutes))

    assert len(texts()) == 1
    day = DailyRun.objects.get(day=DUE)
    assert (day.reminded, day.reminded_at) == (1, early + timedelta(minutes=1))
