"""The conservation law: billed = received + open + cancelled + credited, for any history."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction
from django.db.models import F, Sum

from tests.apps.money import owe
from tests.journeys.altering import ON, alter, choose, the_manuals, to_plan
from tests.journeys.scenario import close
from tests.provider import ATTENDANT, NOW, Provider
from vigente.billing.models import Invoice, Receivable
from vigente.catalog.models import Wallet
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain.codes import DifferencePolicy, PaymentMeans
from vigente.domain.statement import MovementKind, statement
from vigente.journeys import invoice_cancellation, receiving, refunds
from vigente.journeys import statement as journey
from vigente.journeys.receiving import ReceiptRefused
from vigente.payments import credit
from vigente.payments.actions import CreditGoneBack
from vigente.payments.models import Receipt, Refund

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
_keys = count(1)


@dataclass(frozen=True, slots=True)
class Chance:
    """A day of one contract, and what chance chooses."""

    history: random.Random
    contract: Contract
    day: date

    @property
    def customer(self) -> Customer:
        return self.contract.customer

    @property
    def bill(self) -> Receivable:
        """Return one of the customer's open bills, or make one."""
        still_open = Receivable.objects.filter(customer=self.customer, cancelled_on=None).filter(
            amount_cents__gt=F("received_cents") + F("discounted_cents")
        )
        return self.history.choice(list(still_open) or [self.owe()])

    @property
    def by(self) -> dict[str, object]:
        return {"by": ATTENDANT, "now": NOW, "today": self.day}

    def owe(self) -> Receivable:
        due_on = self.day + timedelta(days=self.history.randrange(-20, 20))
        return owe(self.contract, self.history.randrange(1, 20_000), due_on=due_on)

    def pay(self) -> None:
        receiving.receive(
            self.bill.pk,
            amount_cents=self.history.randrange(1, 25_000),
            on=self.day,
            key=str(next(_keys)),
            note="",
            means=PaymentMeans.CASH,
            waives_for=self.history.choice(["", "acordo"]),
            **self.by,
        )

    def reverse(self) -> None:
        receipt = Receipt.objects.filter(customer=self.customer, reversed_at=None).first()
        if receipt:
            receiving.reverse(receipt.pk, reason="engano", **self.by)

    def use_credit(self) -> None:
        receiving.use_credit(self.bill.pk, **self.by)

    def cancel(self) -> None:
        standing = Invoice.objects.filter(contract=self.contract, cancelled_on=None).first()
        if standing:
            invoice_cancellation.cancel_invoice(
                standing.pk, reason="engano", bill_again=False, **self.by
            )

    def refund(self) -> None:
        there = credit.balances([self.customer.pk]).get(self.customer.pk, 0)
        refunds.refund(
            self.customer.pk,
            amount_cents=self.history.randrange(1, there + 2),
            means=PaymentMeans.PIX,
            on=self.day,
            note="",
            **self.by,
        )

    def undo_refund(self) -> None:
        refund = Refund.objects.filter(customer=self.customer, undone_at=None).first()
        if refund:
            refunds.undo(refund.pk, reason="engano", **self.by)


DEEDS = (
    *(Chance.owe, Chance.owe, Chance.pay, Chance.pay, Chance.reverse, Chance.use_credit),
    *(Chance.cancel, Chance.refund, Chance.undo_refund),
)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_made_and_nothing_is_lost(isp: Provider, seed: int) -> None:
    Wallet.objects.update(fine_percent=2, interest_percent_month=1)
    contracts = [isp.activate() for _ in range(2)]
    history, done = random.Random(seed), 0
    for number in range(40):
        try:
            with transaction.atomic():
                chance = Chance(history, history.choice(contracts), FIRST + timedelta(days=number))
                history.choice(DEEDS)(chance)
            done += 1
        except (ReceiptRefused, CreditGoneBack, refunds.RefundRefused):
            continue

    assert done > 20
    for contract in contracts:
        customer = contract.customer
        told = statement(journey.of_customer(customer))
        standing = Receivable.objects.filter(customer=customer, cancelled_on=None)
        still_open = standing.aggregate(
            cents=Sum(F("amount_cents") - F("received_cents") - F("discounted_cents"))
        )["cents"]
        credited = credit.balances([customer.pk]).get(customer.pk, 0)
        assert told.closing_cents == (still_open or 0) - credited
        billed = told.total(MovementKind.INVOICE, MovementKind.CANCELLED, MovementKind.CHARGES)
        received = -told.total(MovementKind.RECEIPT, MovementKind.REVERSAL, MovementKind.REFUND)
        discounts = -told.total(MovementKind.DISCOUNT)
        assert billed == received + discounts + (still_open or 0) - credited


def test_a_contract_tells_its_part_of_a_grouped_bill(isp: Provider) -> None:
    """R$ 90,00 and R$ 60,00 in one bill; R$ 100,00 paid: 60,00 and 40,00."""
    customer = isp.customer()
    first = isp.activate(isp.plan(price_cents=9000), customer=customer)
    second = isp.activate(isp.plan(price_cents=6000), customer=customer)
    Contract.objects.update(due_day=10)
    close(issued_on=date(2026, 1, 31), due_until=date(2026, 3, 10), approved=True)
    bill = max(Receivable.objects.all(), key=lambda one: one.invoices.count())
    whole = {one.contract_id: one.total_cents for one in bill.invoices.all()}
    assert len(whole) == 2
    for cents, key in ((bill.amount_cents // 3, "a"), (bill.amount_cents // 2, "b")):
        receiving.receive(
            bill.pk,
            amount_cents=cents,
            on=bill.due_on,
            key=key,
            note="",
            means=PaymentMeans.CASH,
            by=ATTENDANT,
            now=NOW,
            today=bill.due_on,
        )

    told = {one.pk: statement(journey.of_contract(one)) for one in (first, second)}

    paid = [-one.total(MovementKind.RECEIPT) for one in told.values()]
    assert sum(paid) == bill.amount_cents // 3 + bill.amount_cents // 2
    for contract_id, cents in zip(told, paid, strict=True):
        exact = whole[contract_id] * sum(paid) / bill.amount_cents
        assert abs(cents - exact) < 1


def test_an_invoice_tells_its_lines_and_an_alteration_what_changes(isp: Provider) -> None:
    choose(isp, DifferencePolicy.MANUAL)
    contract = the_manuals(isp, 4990)
    done = alter(contract, to_plan(isp.plan(price_cents=8990)))
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 10))

    rows = statement(journey.of_customer(contract.customer), since=ON).rows

    told = [(row.movement.kind, row.movement.words.split(",")[0]) for row in rows]
    assert told[0] == (MovementKind.ALTERATION, f"Alteração {done.pk}: Upgrade")
    last = rows[-1].movement
    assert last.cents == 12603
    assert [detail.cents for detail in last.details] == [8990, 3613]
    assert "R$ 36,13" in last.details[1].explanation
