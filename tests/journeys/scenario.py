"""A month close as the worker carries it out, and invoices as people tell them."""

from datetime import date

from tests.provider import ATTENDANT, NOW
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun, Invoice
from vigente.contracts.models import Contract
from vigente.domain.close_plan import CloseTerms
from vigente.journeys import month_close


def close(
    *,
    issued_on: date,
    due_until: date,
    choice: Choice | None = None,
    approved: bool = False,
    size: int = 5_000,
) -> CloseRun:
    """Carry out a whole run."""
    run = month_close.begin(
        terms=CloseTerms(issued_on=issued_on, due_until=due_until, back_periods_approved=approved),
        choice=choice or Choice(),
        reference_month=None,
        by=ATTENDANT,
        at=NOW,
        simulated_first=False,
        size=size,
    )
    while month_close.write_chunk(run, at=NOW):
        pass
    assert month_close.finish(run, at=NOW)
    return run


def close_february() -> CloseRun:
    """Bill what falls due up to the end of February 2026."""
    return close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))


def close_march() -> CloseRun:
    """Bill what falls due up to the end of March 2026."""
    return close(issued_on=date(2026, 2, 28), due_until=date(2026, 3, 31))


def told(contract: Contract) -> list[tuple[str, str, int]]:
    """Return period, payable date and total of each standing invoice, oldest first."""
    return [
        (
            f"{i.period_start:%d/%m}–{i.last_day:%d/%m}" if i.period_start else "avulsa",
            f"{i.due_on:%d/%m/%Y}",
            i.total_cents,
        )
        for i in Invoice.objects.filter(contract=contract, cancelled_on=None).order_by("pk")
    ]
