"""What moved what is owed, read for a customer or for one contract; nothing is written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from vigente.alterations.models import Alteration
from vigente.billing.models import Invoice, InvoiceLine
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain import money, settlement
from vigente.domain.alteration_classification import KIND_WORDS
from vigente.domain.codes import AlterationKind, AlterationStatus, CreditKind
from vigente.domain.statement import Detail, Movement, MovementKind
from vigente.payments.models import Allocation, CreditEntry, Receipt, Refund


def of_customer(customer: Customer) -> list[Movement]:
    """Return all that moved what a customer owes."""
    own = Q(receivable__customer=customer) | Q(receivable=None, contract__customer=customer)
    zone = ZoneInfo(customer.branch.time_zone)
    receipts = Receipt.objects.filter(customer=customer)
    refunds = Refund.objects.filter(customer=customer)
    contracts = Contract.objects.filter(customer=customer)
    return [
        *_billed(Invoice.objects.filter(own)),
        *_settled(Allocation.objects.filter(receivable__customer=customer)),
        *_final_credit(customer),
        *(one for receipt in receipts for one in _received(receipt, zone=zone)),
        *(one for refund in refunds for one in _refunded(refund, zone=zone)),
        *_altered(list(contracts.values_list("pk", flat=True))),
    ]


def of_contract(contract: Contract) -> list[Movement]:
    """Return all that moved what is owed of one contract.

    What was paid of a receivable of several contracts counts for each in proportion; fine,
    interest and credit are the customer's.
    """
    return [
        *_billed(Invoice.objects.filter(contract=contract)),
        *_shares(contract),
        *_altered([contract.pk]),
    ]


def _billed(invoices: QuerySet[Invoice]) -> Iterator[Movement]:
    lines = Prefetch("lines", queryset=InvoiceLine.objects.order_by("number"))
    for invoice in invoices.prefetch_related(lines).order_by("pk"):
        words = f"Fatura {invoice.pk}"
        if invoice.period_start is not None and invoice.period_end is not None:
            words += f", uso de {invoice.period_start:%d/%m/%Y} a {invoice.last_day:%d/%m/%Y}"
        yield Movement(
            on=invoice.issued_on,
            kind=MovementKind.INVOICE,
            id=invoice.pk,
            words=words,
            cents=invoice.total_cents,
            note=f"vence {invoice.due_on:%d/%m/%Y}",
            contract_id=invoice.contract_id,
            details=tuple(
                Detail(
                    words=line.description, explanation=line.explanation, cents=line.amount_cents
                )
                for line in invoice.lines.all()
            ),
        )
        if invoice.cancelled_on is not None:
            yield Movement(
                on=invoice.cancelled_on,
                kind=MovementKind.CANCELLED,
                id=invoice.pk,
                words=f"Fatura {invoice.pk} cancelada",
                cents=-invoice.total_cents,
                note=invoice.cancel_reason,
                contract_id=invoice.contract_id,
            )


def _settled(allocations: QuerySet[Allocation]) -> Iterator[Movement]:
    """Yield what delay cost and what was taken off, each back where the payment was undone."""
    told = allocations.exclude(discount_cents=0, fine_cents=0, interest_cents=0).order_by("pk")
    for one in told:
        for on, sign, undone in ((one.on, 1, ""), (one.released_on, -1, ", desfeito")):
            if on is None:
                continue
            yield from _charged(one, on=on, sign=sign, undone=undone)
            if one.discount_cents:
                yield Movement(
                    on=on,
                    kind=MovementKind.DISCOUNT,
                    id=one.pk,
                    words=f"Desconto por pagar em dia, conta {one.receivable_id}{undone}",
                    cents=-sign * one.discount_cents,
                )


def _charged(one: Allocation, *, on: date, sign: int, undone: str) -> Iterator[Movement]:
    charged = one.fine_cents + one.interest_cents
    if charged:
        parts = (("Multa", one.fine_cents), ("Juros", one.interest_cents))
        yield Movement(
            on=on,
            kind=MovementKind.CHARGES,
            id=one.pk,
            words=f"Multa e juros, conta {one.receivable_id}{undone}",
            cents=sign * charged,
            details=tuple(
                Detail(words=words, explanation="", cents=sign * cents)
                for words, cents in parts
                if cents
            ),
        )


def _final_credit(customer: Customer) -> Iterator[Movement]:
    given = CreditEntry.objects.filter(customer=customer, kind=CreditKind.FINAL_INVOICE.value)
    for entry in given.order_by("pk"):
        yield Movement(
            on=entry.on,
            kind=MovementKind.FINAL_CREDIT,
            id=entry.pk,
            words=f"Crédito da fatura final {entry.invoice_id}",
            cents=-entry.amount_cents,
        )


def _received(receipt: Receipt, *, zone: ZoneInfo) -> Iterator[Movement]:
    yield Movement(
        on=receipt.received_on,
        kind=MovementKind.RECEIPT,
        id=receipt.pk,
        words=f"Recebimento {receipt.pk}",
        cents=-receipt.amount_cents,
        note=receipt.note,
    )
    if receipt.reversed_at is not None:
        yield Movement(
            on=max(receipt.reversed_at.astimezone(zone).date(), receipt.received_on),
            kind=MovementKind.REVERSAL,
            id=receipt.pk,
            words=f"Recebimento {receipt.pk} estornado",
            cents=receipt.amount_cents,
            note=receipt.reverse_reason,
        )


def _refunded(refund: Refund, *, zone: ZoneInfo) -> Iterator[Movement]:
    yield Movement(
        on=refund.refunded_on,
        kind=MovementKind.REFUND,
        id=refund.pk,
        words=f"Devolução {refund.pk}",
        cents=refund.amount_cents,
        note=refund.note,
    )
    if refund.undone_at is not None:
        yield Movement(
            on=max(refund.undone_at.astimezone(zone).date(), refund.refunded_on),
            kind=MovementKind.REFUND,
            id=refund.pk,
            words=f"Devolução {refund.pk} desfeita",
            cents=-refund.amount_cents,
            note=refund.undo_reason,
        )


def _shares(contract: Contract) -> Iterator[Movement]:
    """Yield what each standing payment settled of this contract's invoices."""
    held = Invoice.objects.filter(contract=contract, cancelled_on=None).values("receivable_id")
    beside = Invoice.objects.filter(receivable__in=held, cancelled_on=None).order_by("pk")
    invoices: defaultdict[int, list[Invoice]] = defaultdict(list)
    for invoice in beside:
        invoices[invoice.receivable_id or 0].append(invoice)
    so_far: defaultdict[int, int] = defaultdict(int)
    paid = Allocation.objects.filter(receivable__in=list(invoices), released_on=None)
    for one in paid.order_by("on", "pk"):
        there = invoices[one.receivable_id]
        before = _share(there, contract, settled_cents=so_far[one.receivable_id])
        so_far[one.receivable_id] += one.amount_cents + one.discount_cents
        cents = _share(there, contract, settled_cents=so_far[one.receivable_id]) - before
        by = f"Recebimento {one.receipt_id}" if one.receipt_id else "Crédito do cliente"
        yield Movement(
            on=one.on,
            kind=MovementKind.RECEIPT,
            id=one.pk,
            words=f"{by}, conta {one.receivable_id}",
            cents=-cents,
            note="a parte deste contrato" if len({i.contract_id for i in there}) > 1 else "",
        )


def _share(invoices: Sequence[Invoice], contract: Contract, *, settled_cents: int) -> int:
    totals = tuple(invoice.total_cents for invoice in invoices)
    parts = settlement.paid_of_each(totals, settled_cents=settled_cents)
    pairs = zip(invoices, parts, strict=True)
    return sum(cents for invoice, cents in pairs if invoice.contract_id == contract.pk)


def _altered(contract_ids: Sequence[int]) -> Iterator[Movement]:
    """Yield the alterations that stand: they move nothing, but say why the next amounts change."""
    found = Alteration.objects.filter(
        contract_id__in=contract_ids, status=AlterationStatus.CONFIRMED.value
    )
    for one in found.order_by("pk"):
        before, after = one.monthly_before_cents or 0, one.monthly_after_cents or 0
        yield Movement(
            on=one.on,
            kind=MovementKind.ALTERATION,
            id=one.pk,
            words=f"Alteração {one.pk}: {KIND_WORDS[AlterationKind(one.kind)]}",
            note=f"de {money.brl(before)} para {money.brl(after)} por mês",
            contract_id=one.contract_id,
        )
