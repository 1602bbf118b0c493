"""What an alteration does to invoices that stand: the current one stays, later ones are cancelled.

A later one is cancelled even if it was paid: what was paid becomes the customer's credit, which
the next receivable uses. Where a receivable also holds other invoices it is issued again for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain import schedule
from vigente.domain.alteration_schedule import kept, later
from vigente.domain.alteration_terms import AlterationFacts, ReceivableFacts
from vigente.domain.cycles import Periodicity
from vigente.domain.periods import Period
from vigente.domain.schedule import ServicePeriod
from vigente.domain.termination import IssuedPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledReceivable:
    """A receivable that is cancelled with invoices of later periods.

    `credit_cents` was paid on it and goes to the customer's credit; `issued_again_cents` is what
    is issued again, with the same due date, for the invoices on it that stand.
    """

    id: int
    number: str | None
    due_on: date
    amount_cents: int
    credit_cents: int
    issued_again_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceChanges:
    """The invoice that contains the day, which stays, and all that is cancelled after it.

    `current` is None where the day's period is not invoiced yet.
    """

    current: IssuedPeriod | None
    cancelled: tuple[IssuedPeriod, ...]
    receivables: tuple[CancelledReceivable, ...]

    @property
    def cancelled_cents(self) -> int:
        """Return the sum of the cancelled invoices."""
        return sum(invoice.total_cents for invoice in self.cancelled)

    @property
    def credit_cents(self) -> int:
        """Return what was paid on what is cancelled: it becomes the customer's credit."""
        return sum(receivable.credit_cents for receivable in self.receivables)


def change(facts: AlterationFacts, *, on: date) -> InvoiceChanges:
    """Return what becomes of the contract's invoices by an alteration on a day."""
    cancelled = later(facts.issued, on=on)
    return InvoiceChanges(
        current=_containing(facts.issued, on=on),
        cancelled=cancelled,
        receivables=tuple(_cancelled(facts.receivables, cancelled)),
    )


def issued_service(facts: AlterationFacts, *, on: date) -> tuple[ServicePeriod, Periodicity] | None:
    """Return the period that was billed and contains the day, or None where it was not.

    The cycle in which an imported contract's *faturado até* lies was billed elsewhere.
    """
    current = _containing(facts.issued, on=on)
    periodicity = facts.contract.schedule.periodicity
    if current is not None:
        return current.service, current.periodicity or periodicity
    if facts.imported_until is None or on >= facts.imported_until:
        return None
    cycle = schedule.regular_cycle(facts.contract.schedule, day=on)
    service = ServicePeriod(
        period=Period(cycle.start, min(cycle.end, facts.imported_until)),
        cycle=cycle,
        divisor_days=cycle.days,
        in_full=False,
        nominal_due_on=cycle.end,
    )
    return service, periodicity


def _containing(issued: tuple[IssuedPeriod, ...], *, on: date) -> IssuedPeriod | None:
    return next((i for i in kept(issued, on=on) if on in i.service.period), None)


def _cancelled(
    receivables: Iterable[ReceivableFacts], cancelled: Sequence[IssuedPeriod]
) -> Iterable[CancelledReceivable]:
    ids = {invoice.invoice_id for invoice in cancelled}
    for receivable in receivables:
        own = sum(cents for id_, cents in receivable.invoices if id_ in ids)
        if own:
            yield CancelledReceivable(
                id=receivable.id,
                number=receivable.number,
                due_on=receivable.due_on,
                amount_cents=receivable.amount_cents,
                credit_cents=receivable.received_cents,
                issued_again_cents=receivable.amount_cents - own,
            )
