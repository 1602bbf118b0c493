"""Documents of a contract: filled from it, printed and kept; printing changes nothing else."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import facts
from vigente.contracts import printing
from vigente.contracts.models import Contract, ContractDocument
from vigente.documents import issuing
from vigente.documents.issuing import KindRefused
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.domain import items, templates
from vigente.domain.codes import DocumentKind
from vigente.domain.templates import VariableMissing
from vigente.gateways.pdf.port import PrintFailed
from vigente.staff.models import Branch

REFUSALS = (VariableMissing, KindRefused, PrintFailed)
TITLES: Mapping[DocumentKind, str] = {
    DocumentKind.CONTRACT: "Contrato",
    DocumentKind.ADDENDUM: "Termo aditivo ao contrato",
    DocumentKind.ALTERATION: "Alteração do contrato",
}


@transaction.atomic
def issue(
    contract_id: int,
    *,
    kind: DocumentKind,
    template_id: int,
    by: Actor,
    now: datetime,
    extra_values: Mapping[str, str] | None = None,
) -> IssuedDocument:
    """Issue a document of a contract as it is now; its status is left as it is.

    `extra_values` are what only the caller knows, such as `alteracao.…`, and what is to stand in
    place of the contract's own values.

    :raises VariableMissing: for a variable that neither the contract nor the caller fills.
    :raises KindRefused: if the template is of another kind.
    :raises PrintFailed: if the PDF cannot be made.
    """
    contract = _contract(contract_id)
    template = DocumentTemplate.objects.get(pk=template_id)
    today = local_today(contract.branch, now=now)
    values = {**values_of(contract, today=today), **(extra_values or {})}
    document = issuing.issue_document(
        kind=kind,
        title=f"{TITLES[kind]} nº {values['contrato.codigo']}",
        html=templates.fill(template.body, values),
        head=printing.letterhead(contract.branch),
        template=template,
        by_user_id=by.user_id,
        by_name=by.name,
        now=now,
    )
    ContractDocument.objects.create(contract=contract, document=document)
    audit.record(
        "document issued",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"document": document.pk, "kind": kind.value, "sha256": document.pdf_sha256},
    )
    return document


def values_of(contract: Contract, *, today: date) -> dict[str, str]:
    """Return every variable of a contract as it is today, for a document or a preview."""
    priced = facts.contract_items([contract.pk]).get(contract.pk, ())
    return printing.values(
        contract, monthly_cents=items.monthly_cents(priced, on=today), today=today
    )


def local_today(branch: Branch, *, now: datetime) -> date:
    """Return the civil day at the branch."""
    return now.astimezone(ZoneInfo(branch.time_zone)).date()


def _contract(contract_id: int) -> Contract:
    needed = ("customer", "branch", "seller", "address")
    return Contract.objects.select_related(*needed).get(pk=contract_id)
