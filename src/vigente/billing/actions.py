"""The only writes to invoices and receivables; every payable date passes here.

A journey owns the transaction. Lines are written first, then invoices, then receivables: the
database seals each with what came before it (see `models`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from vigente.billing import copying
from vigente.billing.models import Invoice, ItemCharge, Receivable
from vigente.billing.settling import ReceivableNotOpen
from vigente.domain.close_plan import PlannedInvoice, PlannedReceivable
from vigente.domain.codes import InvoiceKind, InvoiceOrigin
from vigente.domain.recurring import Line

LINE_COLUMNS = (
    "invoice_id, number, kind, product_id, item_id, tax_class, description, quantity,"
    " unit_cents, days, amount_cents, explanation"
)
INVOICE_COLUMNS = (
    "id, contract_id, kind, origin, run_id, issued_on, period_start, period_end, cycle_days,"
    " nominal_due_on, due_on, total_cents, discount_until_due_cents, carried_cents,"
    " receivable_id, covers, cancel_reason"
)
RECEIVABLE_COLUMNS = (
    "id, customer_id, branch_id, wallet_id, number, issued_on, due_on, amount_cents,"
    " discount_until_due_cents, received_cents, discounted_cents, replaces_id"
)


class InvoiceAlreadyCancelled(ValueError):
    """Esta fatura já foi cancelada."""


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of what was written, in the order of what was given."""

    invoice_ids: tuple[int, ...]
    receivable_ids: tuple[int, ...]


def issue(
    invoices: Sequence[PlannedInvoice],
    receivables: Sequence[PlannedReceivable],
    *,
    origin: InvoiceOrigin,
    issued_on: date,
    run_id: int | None = None,
    numbers: Sequence[str | None] | None = None,
) -> Written:
    """Write the invoices with their lines, and the receivables that group them.

    `numbers` are the receivables' own numbers, where they had some before an import.
    """
    if not invoices:
        return Written((), ())
    invoice_ids = copying.next_ids("billing_invoice", len(invoices))
    receivable_ids = copying.next_ids("billing_receivable", len(receivables))
    paid_by = {
        id(invoice): receivable_id
        for receivable, receivable_id in zip(receivables, receivable_ids, strict=True)
        for invoice in receivable.invoices
    }
    numbered = list(zip(invoice_ids, invoices, strict=True))
    copying.copy("billing_invoiceline", LINE_COLUMNS, _line_rows(numbered))
    constant = f"{origin}\t{copying.optional(run_id)}\t{issued_on}"
    copying.copy(
        "billing_invoice",
        INVOICE_COLUMNS,
        (
            _invoice_row(number, invoice, constant, paid_by.get(id(invoice)))
            for number, invoice in numbered
        ),
    )
    if receivables:
        copying.copy(
            "billing_receivable",
            RECEIVABLE_COLUMNS,
            (
                _receivable_row(number, receivable, own_number, issued_on)
                for number, receivable, own_number in zip(
                    receivable_ids,
                    receivables,
                    numbers or [None] * len(receivables),
                    strict=True,
                )
            ),
        )
    _write_charges(numbered)
    return Written(tuple(invoice_ids), tuple(receivable_ids))


def cancel(invoices: Iterable[Invoice], *, on: date, reason: str, release: bool) -> list[int]:
    """Cancel invoices; return the ids of the receivables that were cancelled with them.

    With `release` their service periods are to be billed again. Their one-off items and n-times
    charges are given back. Where a receivable also holds invoices that stand, it is issued again
    for those, with the same due date.

    :raises InvoiceAlreadyCancelled: if one of them was cancelled before.
    """
    ids = [invoice.pk for invoice in invoices]
    held_by = Invoice.objects.filter(pk__in=ids, receivable__isnull=False)
    receivables = list(
        Receivable.objects.select_for_update()
        .filter(pk__in=held_by.values("receivable_id"), cancelled_on=None)
        .order_by("pk")
    )
    Receivable.objects.filter(pk__in=[r.pk for r in receivables]).update(cancelled_on=on)
    cancelled = Invoice.objects.filter(pk__in=ids, cancelled_on=None).update(
        cancelled_on=on, cancel_reason=reason, covers=not release
    )
    if cancelled != len(ids):
        raise InvoiceAlreadyCancelled(
            "Uma das faturas já foi cancelada. Atualize a página e veja a situação atual."
        )
    ItemCharge.objects.filter(invoice_id__in=ids).delete()
    for receivable in receivables:
        _issue_again(receivable, on=on)
    return [receivable.pk for receivable in receivables]


def postpone(days: Mapping[int, date]) -> None:
    """Move the payable dates of open receivables, by id; their invoices keep their own dates.

    :raises ReceivableNotOpen: if one of them was paid or cancelled meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_receivable r SET due_on = d.due_on"
            " FROM unnest(%s::bigint[], %s::date[]) d (id, due_on)"
            " WHERE r.id = d.id AND r.cancelled_on IS NULL"
            " AND r.amount_cents > r.received_cents + r.discounted_cents",
            [list(days), list(days.values())],
        )
        if cursor.rowcount != len(days):
            raise ReceivableNotOpen("Uma das contas não está mais em aberto. Atualize a página.")


def _issue_again(receivable: Receivable, *, on: date) -> None:
    """Issue a cancelled receivable again for the invoices that still stand on it."""
    standing = list(Invoice.objects.filter(receivable=receivable, cancelled_on=None))
    if not standing:
        return
    [new_id] = copying.next_ids("billing_receivable", 1)
    Invoice.objects.filter(pk__in=[i.pk for i in standing]).update(receivable_id=new_id)
    Receivable.objects.create(
        pk=new_id,
        customer_id=receivable.customer_id,
        branch_id=receivable.branch_id,
        wallet_id=receivable.wallet_id,
        issued_on=on,
        due_on=receivable.due_on,
        amount_cents=sum(invoice.total_cents for invoice in standing),
        discount_until_due_cents=sum(i.discount_until_due_cents for i in standing),
        replaces=receivable,
    )


def _line_rows(numbered: Iterable[tuple[int, PlannedInvoice]]) -> Iterable[str]:
    for invoice_id, invoice in numbered:
        for number, line in enumerate(invoice.draft.lines, start=1):
            yield _line_row(invoice_id, number, line)


def _line_row(invoice_id: int, number: int, line: Line) -> str:
    whole, milli = divmod(line.quantity_milli, 1000)
    return (
        f"{invoice_id}\t{number}\t{line.kind}\t{copying.optional(line.product_id)}"
        f"\t{copying.optional(line.item_id)}\t{line.tax_class}"
        f"\t{copying.text(line.description)}\t{whole}.{milli:03d}\t{line.unit_cents}"
        f"\t{copying.optional(line.days)}\t{line.amount_cents}\t{copying.text(line.explanation)}"
    )


def _invoice_row(
    invoice_id: int, invoice: PlannedInvoice, constant: str, receivable_id: int | None
) -> str:
    draft, service = invoice.draft, invoice.draft.service
    kind, days = InvoiceKind.SINGLE, "\\N\t\\N\t\\N"
    if service is not None:
        kind = InvoiceKind.PERIOD
        days = f"{service.period.start}\t{service.period.end}\t{service.divisor_days}"
    return (
        f"{invoice_id}\t{invoice.contract_id}\t{kind}\t{constant}\t{days}"
        f"\t{invoice.nominal_due_on}\t{invoice.due_on}\t{draft.total_cents}"
        f"\t{draft.discount_until_due_cents}\t{draft.carried_cents}"
        f"\t{copying.optional(receivable_id)}\tt\t"
    )


def _receivable_row(
    receivable_id: int, receivable: PlannedReceivable, number: str | None, issued_on: date
) -> str:
    return (
        f"{receivable_id}\t{receivable.customer_id}\t{receivable.branch_id}"
        f"\t{receivable.wallet_id}\t{'\\N' if number is None else copying.text(number)}"
        f"\t{issued_on}\t{receivable.due_on}\t{receivable.amount_cents}"
        f"\t{receivable.discount_until_due_cents}\t0\t0\t\\N"
    )


def _write_charges(numbered: Iterable[tuple[int, PlannedInvoice]]) -> None:
    rows = [
        f"{item_id}\t{number}\t{invoice_id}"
        for invoice_id, invoice in numbered
        for item_id, number in invoice.draft.charges
    ]
    if rows:
        copying.copy("billing_itemcharge", "item_id, number, invoice_id", rows)
