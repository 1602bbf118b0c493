"""Standing PERIOD invoices of contracts, as the rules see them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from vigente.billing.models import Invoice
from vigente.contracts import schedules
from vigente.domain import former_schedules
from vigente.domain.codes import InvoiceKind
from vigente.domain.periods import Period
from vigente.domain.schedule import Schedule
from vigente.domain.termination import IssuedPeriod


def issued_periods(contract_id: int, *, terms: Schedule) -> list[IssuedPeriod]:
    """Return the contract's standing PERIOD invoices, oldest first; `terms` is its schedule."""
    return issued_periods_of({contract_id: terms}).get(contract_id, [])


def issued_periods_of(terms: Mapping[int, Schedule]) -> dict[int, list[IssuedPeriod]]:
    """Return the standing PERIOD invoices of contracts, oldest first; `terms` are by contract.

    Each is priced by the schedule that cut its period, which may be a former one.
    """
    invoices = Invoice.objects.filter(
        contract_id__in=list(terms), kind=InvoiceKind.PERIOD.value, cancelled_on=None
    ).order_by("contract_id", "period_start")
    former = schedules.former(list(terms))
    issued: defaultdict[int, list[IssuedPeriod]] = defaultdict(list)
    for invoice in invoices:
        contract_id = invoice.contract_id
        cut_by = (*former.get(contract_id, ()), terms[contract_id])
        issued[contract_id].append(_issued(invoice, schedules=cut_by))
    return dict(issued)


def _issued(invoice: Invoice, *, schedules: Sequence[Schedule]) -> IssuedPeriod:
    if invoice.period_start is None or invoice.period_end is None:
        raise TypeError(f"invoice {invoice.pk} has no period")
    service, periodicity = former_schedules.as_issued(
        Period(invoice.period_start, invoice.period_end),
        nominal_due_on=invoice.nominal_due_on,
        schedules=schedules,
    )
    return IssuedPeriod(
        invoice_id=invoice.pk,
        service=service,
        due_on=invoice.due_on,
        total_cents=invoice.total_cents,
        periodicity=periodicity,
    )
