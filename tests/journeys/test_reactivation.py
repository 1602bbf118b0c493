"""A contract that ended comes back: no day is billed twice, the days between not at all."""

from datetime import date

import pytest

from tests.journeys.scenario import close, close_february, told
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.billing import facts
from vigente.billing.models import Invoice
from vigente.contracts.actions import MoveRefused
from vigente.contracts.models import CancellationReason, Contract
from vigente.customers.models import Customer
from vigente.journeys import invoice_cancellation, reactivation, termination, withdrawal
from vigente.journeys.invoice_cancellation import CancellationRefused
from vigente.journeys.reactivation import ReactivationRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


def ended(isp: Provider) -> Contract:
    """Return a contract from 10/01 whose last day of use was 30/01."""
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()
    termination.terminate(
        contract.pk,
        ends_on=date(2026, 1, 31),
        today=date(2026, 1, 31),
        reason_id=CancellationReason.objects.create(name="Mudança").pk,
        note="",
        by=ATTENDANT,
        now=NOW,
    )
    contract.refresh_from_db()
    return contract


def reactivate(contract: Contract, on: date, *, today: date | None = None) -> None:
    reactivation.reactivate(contract.pk, on=on, today=today or on, by=ATTENDANT, now=NOW)
    contract.refresh_from_db()


def test_the_days_between_are_not_billed(isp: Provider) -> None:
    """Back on 20/02: 20/02–09/03 are 18 of 28 days, 90,00 ÷ 28 × 18 = 57,86."""
    contract = ended(isp)

    reactivate(contract, date(2026, 2, 20))
    close(issued_on=date(2026, 2, 28), due_until=date(2026, 3, 31))

    assert contract.status == "ACTIVE"
    assert told(contract) == [
        ("10/01–30/01", "05/02/2026", 60_97),  # 90,00 ÷ 31 × 21
        ("20/02–09/03", "10/03/2026", 57_86),
    ]


def test_what_is_foreseen_is_what_is_billed(isp: Provider) -> None:
    contract = ended(isp)

    foreseen = reactivation.as_reactivated(contract, on=date(2026, 2, 20))
    reactivate(contract, date(2026, 2, 20))

    [now] = facts.contract_facts([contract.pk], on=date(2026, 2, 20))
    assert now == foreseen


def test_days_that_were_settled_are_never_billed_again(isp: Provider) -> None:
    contract = ended(isp)

    with pytest.raises(ReactivationRefused, match="a partir de 31/01/2026"):
        reactivate(contract, date(2026, 1, 30))
    with pytest.raises(ReactivationRefused, match="futuro"):
        reactivate(contract, date(2026, 3, 1), today=date(2026, 2, 1))
    reactivate(contract, date(2026, 1, 31))

    assert contract.status == "ACTIVE"


def test_a_contract_of_an_inactive_customer_stays_ended(isp: Provider) -> None:
    contract = ended(isp)
    Customer.objects.filter(pk=contract.customer_id).update(is_active=False)

    with pytest.raises(ReactivationRefused, match="está inativo"):
        reactivate(contract, date(2026, 2, 20))


def test_only_an_ended_contract_comes_back(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))

    with pytest.raises(MoveRefused, match="só um contrato inativo"):
        reactivate(contract, date(2026, 2, 20))


def test_a_period_from_before_is_not_billed_again(isp: Provider) -> None:
    contract = ended(isp)
    reactivate(contract, date(2026, 2, 20))
    final = Invoice.objects.get(contract=contract, cancelled_on=None)

    with pytest.raises(CancellationRefused, match="Cancele sem refaturar"):
        invoice_cancellation.cancel_invoice(
            final.pk,
            reason="erro",
            bill_again=True,
            by=ATTENDANT,
            now=NOW,
            today=date(2026, 2, 21),
        )


def test_the_plan_goes_on_in_a_new_range(isp: Provider) -> None:
    contract = ended(isp)

    reactivate(contract, date(2026, 2, 20))

    ranges = contract.plans.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(ranges)[1:] == [(date(2026, 2, 20), None)]
    assert contract.items.get().contract_plan == contract.plans.get(ends_on=None)


def test_who_gives_up_before_the_activation_says_why(isp: Provider) -> None:
    contract = isp.sell()

    with pytest.raises(withdrawal.WithdrawalRefused, match="motivo"):
        withdrawal.withdraw(contract.pk, on=date(2026, 1, 5), reason=" ", by=ATTENDANT, now=NOW)
    withdrawal.withdraw(
        contract.pk, on=date(2026, 1, 5), reason="mudou de cidade", by=ATTENDANT, now=NOW
    )

    contract.refresh_from_db()
    assert contract.status == "WITHDRAWN"
    with pytest.raises(MoveRefused):
        withdrawal.withdraw(contract.pk, on=date(2026, 1, 6), reason="x", by=ATTENDANT, now=NOW)
