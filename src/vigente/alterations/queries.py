"""Reads of alterations."""

from collections.abc import Sequence

from django.db.models import QuerySet

from vigente.alterations.models import OPEN, Alteration
from vigente.billing.models import Invoice
from vigente.domain.codes import AlterationStatus, InvoiceKind

SHOWN = (*OPEN, AlterationStatus.CONFIRMED.value, AlterationStatus.UNDONE.value)


def visible(branch_ids: Sequence[int]) -> QuerySet[Alteration]:
    """Return the alterations of these branches' contracts."""
    return Alteration.objects.filter(contract__branch_id__in=branch_ids).select_related(
        "contract__customer", "contract__branch", "branch", "seller", "template"
    )


def open_of(contract_id: int) -> Alteration | None:
    """Return a contract's draft or scheduled alteration, or None."""
    return Alteration.objects.filter(contract_id=contract_id, status__in=OPEN).first()


def of_contract(contract_id: int) -> QuerySet[Alteration]:
    """Return a contract's alterations, the newest first, without those that were dropped."""
    return Alteration.objects.filter(contract_id=contract_id, status__in=SHOWN).order_by("-pk")


def after(alteration: Alteration) -> QuerySet[Alteration]:
    """Return the standing alterations of the same contract that came after this one.

    A contract has one open alteration at a time, so they take effect in the order of their ids.
    """
    return Alteration.objects.filter(
        contract_id=alteration.contract_id,
        status=AlterationStatus.CONFIRMED.value,
        pk__gt=alteration.pk,
    ).order_by("pk")


def invoice_built_on(alteration: Alteration) -> Invoice | None:
    """Return a standing invoice that was drafted at the alteration's terms, or None.

    Of the days from the alteration on, only the invoice that it kept is older.
    """
    current = (alteration.plan or {}).get("invoices", {}).get("current") or {}
    return (
        Invoice.objects.filter(
            contract_id=alteration.contract_id,
            kind=InvoiceKind.PERIOD.value,
            cancelled_on=None,
            period_end__gt=alteration.on,
        )
        .exclude(pk=current.get("invoice_id", 0))
        .order_by("period_start")
        .first()
    )
