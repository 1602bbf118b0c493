"""Reads of receipts and credit for screens."""

from django.db.models import Q, QuerySet

from vigente.payments.models import Allocation, Receipt


def allocations(receivable_id: int) -> QuerySet[Allocation]:
    """Return what was settled of a receivable, undone or not, the oldest first."""
    return (
        Allocation.objects.filter(receivable_id=receivable_id)
        .select_related("receipt")
        .order_by("pk")
    )


def visible_receipts(branch_ids: list[int]) -> QuerySet[Receipt]:
    """Return the receipts of these branches."""
    return Receipt.objects.filter(Q(branch_id__in=branch_ids)).select_related("customer", "desk")
