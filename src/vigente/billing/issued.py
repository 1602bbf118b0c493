"""Standing PERIOD invoices of a contract, as the rules see them."""

from vigente.billing.models import Invoice
from vigente.domain import recurring, schedule
from vigente.domain.codes import InvoiceKind
from vigente.domain.periods import Period
from vigente.domain.schedule import Schedule, ServicePeriod
from vigente.domain.termination import IssuedPeriod


def issued_periods(contract_id: int, *, terms: Schedule) -> list[IssuedPeriod]:
    """Return the contract's standing PERIOD invoices, oldest first."""
    invoices = Invoice.objects.filter(
        contract_id=contract_id, kind=InvoiceKind.PERIOD.value, cancelled_on=None
    ).order_by("period_start")
    return [
        IssuedPeriod(
            invoice_id=invoice.pk,
            service=_service(invoice, terms=terms),
            due_on=invoice.due_on,
            total_cents=invoice.total_cents,
        )
        for invoice in invoices
    ]


def _service(invoice: Invoice, *, terms: Schedule) -> ServicePeriod:
    """Return how the invoice's period was priced; one of a former schedule is its own cycle."""
    if invoice.period_start is None or invoice.period_end is None:
        raise TypeError(f"invoice {invoice.pk} has no period")
    period = Period(invoice.period_start, invoice.period_end)
    service = schedule.service_period(terms, start=period.start)
    if period.start < terms.starts_on or service.period.end < period.end:
        return ServicePeriod(
            period=period,
            cycle=period,
            divisor_days=period.days,
            in_full=False,
            nominal_due_on=invoice.nominal_due_on,
        )
    return recurring.cut(service, period=period)
