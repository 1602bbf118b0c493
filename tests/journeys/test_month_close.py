"""The month close: every service period of each contract becomes exactly one invoice."""

from datetime import date

import pytest

from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun, Invoice, InvoiceLine, Receivable
from vigente.contracts.models import Contract
from vigente.domain.close_plan import CloseTerms
from vigente.journeys import month_close

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


def close(
    *, issued_on: date, due_until: date, choice: Choice | None = None, approved: bool = False
) -> CloseRun:
    """Carry out a whole run, as the worker does."""
    run = month_close.begin(
        terms=CloseTerms(issued_on=issued_on, due_until=due_until, back_periods_approved=approved),
        choice=choice or Choice(),
        reference_month=None,
        by=ATTENDANT,
        at=NOW,
        simulated_first=False,
    )
    while month_close.write_chunk(run, at=NOW):
        pass
    assert month_close.finish(run, at=NOW)
    return run


def invoices_of(contract: Contract) -> list[tuple[str, str, int]]:
    """Return period, payable date and total of each standing invoice."""
    return [
        (f"{i.period_start:%d/%m}–{i.period_end:%d/%m}", f"{i.due_on:%d/%m/%Y}", i.total_cents)
        for i in Invoice.objects.filter(contract=contract, cancelled_on=None).order_by("pk")
    ]


def test_the_first_invoice_prorates_the_days_before_the_first_due_date(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))

    close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))

    # 90,00 ÷ 31 × 21 dias; 10/02/2026 is a Tuesday
    assert invoices_of(contract) == [("20/01–10/02", "10/02/2026", 6097)]
    line = InvoiceLine.objects.get(invoice__contract=contract)
    assert line.explanation == "R$ 90,00 ÷ 31 × 21 dias = R$ 60,97"
    assert Receivable.objects.get().amount_cents == 6097


def test_a_second_run_writes_nothing(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))
    close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))

    close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))

    assert len(invoices_of(contract)) == 1
