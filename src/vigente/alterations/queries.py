"""Reads of alterations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from vigente.alterations.models import OPEN, Alteration, MassAlteration, MassSkip
from vigente.billing.models import Invoice
from vigente.documents.models import SignatureRequest
from vigente.domain.codes import AlterationStatus, InvoiceKind, MassKind, SignatureKind
from vigente.domain.signature import SignatureStatus

READJUSTMENTS = (MassKind.PERCENT.value, MassKind.INDEX.value)
SHOWN = (*OPEN, AlterationStatus.CONFIRMED.value, AlterationStatus.UNDONE.value)


def visible(branch_ids: Sequence[int]) -> QuerySet[Alteration]:
    """Return the alterations of these branches' contracts."""
    return Alteration.objects.filter(contract__branch_id__in=branch_ids).select_related(
        "contract__customer", "contract__branch", "branch", "seller", "template", "printed"
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


def compensating(alteration: Alteration) -> Alteration | None:
    """Return the alteration that compensates for this one, or None."""
    standing = (*OPEN, AlterationStatus.CONFIRMED.value)
    return Alteration.objects.filter(compensates=alteration, status__in=standing).first()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingSignature:
    """An alteration that was never signed: the speed before it, and whether it is still asked."""

    alteration_id: int
    kbps_before: int | None
    is_asked: bool


def awaiting_signature(contract_ids: Collection[int]) -> dict[int, AwaitingSignature]:
    """Return the contracts whose newest alteration with a document awaits its digital signature.

    The speed until then is the one before the first of those that were never signed.
    """
    requests = SignatureRequest.objects.filter(document=OuterRef("document"))
    with_document = (
        Alteration.objects.filter(
            contract_id__in=contract_ids,
            status=AlterationStatus.CONFIRMED.value,
            document__isnull=False,
        )
        .annotate(
            is_signed=Exists(requests.filter(status=SignatureStatus.SIGNED.value)),
            is_asked=Exists(requests.filter(status=SignatureStatus.PENDING.value)),
        )
        .order_by("pk")
    )
    waiting: dict[int, AwaitingSignature] = {}
    for contract_id, pk, kind, speed, is_signed, is_asked in with_document.values_list(
        "contract_id", "pk", "signature", "plan__speed", "is_signed", "is_asked"
    ):
        if is_signed or kind != SignatureKind.DIGITAL.value:
            waiting.pop(contract_id, None)
            continue
        former = waiting.get(contract_id)
        before = (speed or {}).get("before_kbps")
        waiting[contract_id] = AwaitingSignature(
            alteration_id=pk,
            kbps_before=before if former is None else former.kbps_before or before,
            is_asked=is_asked,
        )
    return waiting


def readjusted_on(contract_ids: Collection[int]) -> dict[int, date]:
    """Return the day of each contract's last readjustment that stands, where there is one."""
    rows = (
        Alteration.objects.filter(
            contract_id__in=contract_ids,
            status=AlterationStatus.CONFIRMED.value,
            mass__kind__in=READJUSTMENTS,
        )
        .values("contract_id")
        .annotate(last=Max("on"))
    )
    return dict(rows.values_list("contract_id", "last"))


def visible_mass(branch_ids: Sequence[int], *, all_branches: bool) -> QuerySet[MassAlteration]:
    """Return the mass alterations that a person may see: those of their branches, or of all."""
    where = Q(branch_id__in=branch_ids)
    if all_branches:
        where |= Q(branch=None)
    found = MassAlteration.objects.filter(where).select_related("branch", "sale_plan")
    return found.order_by("-pk")


def skips(mass: MassAlteration, *, reason: str | None = None) -> QuerySet[MassSkip]:
    """Return the contracts that a mass alteration leaves as they are."""
    found = mass.skips.select_related("contract__customer").order_by("pk")
    return found.filter(reason=reason) if reason else found
