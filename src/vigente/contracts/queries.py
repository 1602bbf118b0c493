"""Reads of contracts for screens; `finding` finds them."""

from collections.abc import Collection, Sequence

from django.db.models import OuterRef, QuerySet

from vigente.contracts import words
from vigente.contracts.models import (
    Contract,
    ContractAttachment,
    ContractDocument,
    ContractItem,
    ContractNote,
    ContractPlan,
)
from vigente.customers.models import Customer
from vigente.documents.models import SignatureRequest
from vigente.domain.codes import ServiceKind
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.signature import SignatureStatus

IN_FORCE = (ContractStatus.ACTIVE.value, ContractStatus.LISTED.value)
UNDER_CONTRACT = (ContractStatus.PRE.value, *IN_FORCE)


def plan_names(contract_ids: Sequence[int]) -> dict[int, str]:
    """Return the name of the sale plan in force, or last in force, of each contract."""
    plans = (
        ContractPlan.objects.filter(contract_id__in=contract_ids)
        .order_by("starts_on")
        .values_list("contract_id", "sale_plan__name")
    )
    return dict(plans)


def customers_named(told: str, *, branch_ids: Sequence[int]) -> QuerySet[Customer]:
    """Return the active customers of these branches by words of the name, or by document."""
    seen = Customer.objects.filter(branch_id__in=branch_ids, is_active=True).order_by("name", "pk")
    if not words.has_number(told):
        return seen.filter(words.has_name(told))
    named = Customer.objects.filter(words.has_name(told))
    numbered = Customer.objects.filter(words.has_tax_id(told))
    return seen.filter(pk__in=named.values("pk").union(numbered.values("pk")))


def under_contract(customer_id: int) -> QuerySet[Contract, int]:
    """Return the ids of a customer's contracts that are in force or still to be activated."""
    held = Contract.objects.filter(customer_id=customer_id, status__in=UNDER_CONTRACT)
    return held.order_by("pk").values_list("pk", flat=True)


def in_force_of(customer: OuterRef, *, branch_ids: Sequence[int]) -> QuerySet[Contract]:
    """Return the contracts in force that a customer has in these branches."""
    return Contract.objects.filter(customer=customer, status__in=IN_FORCE, branch_id__in=branch_ids)


def attachments(contract_id: int) -> QuerySet[ContractAttachment]:
    """Return the files of a contract, the newest first."""
    return (
        ContractAttachment.objects.filter(contract_id=contract_id, attachment__removed_at=None)
        .select_related("attachment")
        .order_by("-pk")
    )


def documents(contract_id: int) -> QuerySet[ContractDocument]:
    """Return the documents issued for a contract, the newest first."""
    found = ContractDocument.objects.filter(contract_id=contract_id)
    return found.select_related("document").order_by("-pk")


def signatures(contract_id: int) -> dict[int, SignatureRequest]:
    """Return the newest request for a signature on each of a contract's documents, by its id."""
    documents = ContractDocument.objects.filter(contract_id=contract_id).values("document")
    asked = SignatureRequest.objects.filter(document__in=documents).order_by("pk")
    return {one.document_id: one for one in asked}


def awaiting_signature(contract_ids: Collection[int]) -> set[int]:
    """Return which of these contracts await a signature on one of their documents."""
    waiting = ContractDocument.objects.filter(
        contract_id__in=contract_ids,
        document__signature_requests__status=SignatureStatus.PENDING.value,
    )
    return set(waiting.values_list("contract_id", flat=True))


def awaited_signature(contract_id: int) -> SignatureRequest | None:
    """Return the request that the contract awaits a signature for, the newest; None without one."""
    documents = ContractDocument.objects.filter(contract_id=contract_id).values("document")
    waiting = SignatureRequest.objects.filter(
        status=SignatureStatus.PENDING.value, document__in=documents
    )
    return waiting.order_by("-pk").first()


def notes(contract_id: int) -> QuerySet[ContractNote]:
    """Return what was noted about a contract, the newest first."""
    return ContractNote.objects.filter(contract_id=contract_id).order_by("-pk")


def use_billing_type(billing_type_id: int) -> bool:
    """Tell whether any contract, ended ones too, uses a billing type."""
    return Contract.objects.filter(billing_type_id=billing_type_id).exists()


def use_payment_terms(payment_terms_id: int) -> bool:
    """Tell whether any contract, ended ones too, uses a billing type with these terms."""
    return Contract.objects.filter(billing_type__payment_terms_id=payment_terms_id).exists()


def in_force_with_plan(plan: OuterRef, *, branch_ids: Sequence[int]) -> QuerySet[ContractPlan]:
    """Return the plans of these branches' contracts in force that are the sale plan `plan`."""
    return ContractPlan.objects.filter(
        sale_plan=plan,
        ends_on=None,
        contract__status__in=IN_FORCE,
        contract__branch_id__in=branch_ids,
    )


def service_kinds(contract_ids: Collection[int]) -> dict[int, ServiceKind]:
    """Return what the additional services of these contracts are for, by item."""
    rows = ContractItem.objects.filter(contract_id__in=contract_ids).exclude(service_kind="")
    return {pk: ServiceKind(kind) for pk, kind in rows.values_list("pk", "service_kind")}
