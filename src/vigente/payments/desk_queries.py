"""Reads of cash desks for screens: the list, and all that went through one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum

from vigente.billing.receivable_queries import PAGE
from vigente.domain.cash_desk import Flow, FlowKind
from vigente.domain.codes import PaymentMeans
from vigente.payments.models import (
    CashClosing,
    CashCount,
    CashDesk,
    CashMovement,
    Receipt,
    Refund,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One flow of a desk as people read it: when, for whom or why, and its page, if it has one."""

    at: datetime
    flow: Flow
    words: str
    note: str
    receivable_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of desks, the newest first; `difference_cents` of each is None while it is open."""

    desks: Sequence[CashDesk]
    has_newer: bool
    has_older: bool


def visible(branch_ids: Sequence[int], *, operator_id: int | None) -> QuerySet[CashDesk]:
    """Return the desks of these branches; those of one operator, or of all."""
    found = CashDesk.objects.filter(branch_id__in=branch_ids).select_related("branch", "operator")
    return found if operator_id is None else found.filter(operator_id=operator_id)


def page(found: QuerySet[CashDesk], *, before: int | None = None, after: int | None = None) -> Page:
    """Return the page of desks older than `before`, or newer than `after`."""
    differences = (
        CashCount.objects.filter(closing__desk=OuterRef("pk"), closing__reopened_at=None)
        .values("closing__desk")
        .annotate(cents=Sum(F("counted_cents") - F("expected_cents")))
        .values("cents")
    )
    rows = found.annotate(difference_cents=Subquery(differences))
    if after is not None:
        newer = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        return Page(newer[:PAGE][::-1], has_newer=len(newer) > PAGE, has_older=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    older = list(rows.order_by("-pk")[: PAGE + 1])
    return Page(older[:PAGE], has_newer=before is not None, has_older=len(older) > PAGE)


def closings(desk: CashDesk) -> QuerySet[CashClosing]:
    """Return the closings of a desk with their counts, the newest first."""
    return desk.closings.prefetch_related("counts").order_by("-pk")


def lines(desk: CashDesk) -> list[Line]:
    """Return all that went through a desk, in its order."""
    opening = Line(
        desk.opened_at,
        Flow(FlowKind.OPENING, PaymentMeans.CASH, desk.opening_cents),
        "",
        "",
    )
    found = [*_movements(desk), *_receipts(desk), *_refunds(desk)]
    return [opening, *sorted(found, key=lambda line: line.at)]


def _movements(desk: CashDesk) -> Iterator[Line]:
    for one in CashMovement.objects.filter(desk=desk).order_by("pk"):
        flow = Flow(FlowKind(one.kind), PaymentMeans.CASH, one.amount_cents)
        yield Line(one.at, flow, one.by_name, one.reason)


def _receipts(desk: CashDesk) -> Iterator[Line]:
    receipts = Receipt.objects.select_related("customer").prefetch_related("allocations")
    for one in receipts.filter(desk=desk).order_by("pk"):
        flow = Flow(FlowKind.RECEIPT, PaymentMeans(str(one.means)), one.amount_cents)
        yield Line(one.created_at, flow, one.customer.name, one.note, _settled_by(one))
    for one in receipts.filter(reversal_desk=desk).order_by("pk"):
        if one.reversed_at is not None:
            flow = Flow(FlowKind.REVERSAL, PaymentMeans(str(one.means)), one.amount_cents)
            yield Line(
                one.reversed_at, flow, one.customer.name, one.reverse_reason, _settled_by(one)
            )


def _refunds(desk: CashDesk) -> Iterator[Line]:
    refunds = Refund.objects.select_related("customer")
    for one in refunds.filter(desk=desk).order_by("pk"):
        flow = Flow(FlowKind.REFUND, PaymentMeans(one.means), one.amount_cents)
        yield Line(one.created_at, flow, one.customer.name, one.note, customer_id=one.customer_id)
    for one in refunds.filter(undo_desk=desk).order_by("pk"):
        if one.undone_at is not None:
            flow = Flow(FlowKind.REFUND_UNDONE, PaymentMeans(one.means), one.amount_cents)
            yield Line(
                one.undone_at, flow, one.customer.name, one.undo_reason, customer_id=one.customer_id
            )


def _settled_by(receipt: Receipt) -> int | None:
    """Return the receivable that a receipt was taken for."""
    return next((one.receivable_id for one in receipt.allocations.all()), None)
