"""The document of an alteration itself: its plan as confirmed, printed once and kept."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from vigente.alterations import record
from vigente.alterations.models import Alteration, PrintedAlteration
from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts import printing as contract_printing
from vigente.contracts.models import ContractDocument
from vigente.documents import issuing, printing
from vigente.documents.models import IssuedDocument
from vigente.domain import alteration_words, money
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.codes import AlterationStatus, DocumentKind
from vigente.journeys.documents import TITLES
from vigente.outbox import jobs

CONFIRMED = (AlterationStatus.CONFIRMED.value, AlterationStatus.UNDONE.value)


class NothingToPrint(ValueError):
    """Só uma alteração concluída tem documento: conclua-a antes."""


def queue(alteration_id: int) -> None:
    """Queue the printing, for as soon as the caller's transaction commits."""
    jobs.queue(jobs.PRINT_ALTERATION, alteration_id=alteration_id)


@transaction.atomic
def issue(alteration_id: int, *, by: Actor | None = None, now: datetime) -> IssuedDocument:
    """Print an alteration and keep it; once printed, return what was kept.

    It is issued in the name of `by`, or of whoever confirmed the alteration.

    :raises NothingToPrint: for a draft, or one that waits for its day or was dropped.
    :raises PrintFailed: if the PDF cannot be made.
    """
    alteration = Alteration.objects.select_for_update(of=("self",)).get(pk=alteration_id)
    before = PrintedAlteration.objects.filter(alteration=alteration).select_related("document")
    for kept in before:
        return kept.document
    if alteration.status not in CONFIRMED:
        raise NothingToPrint(str(NothingToPrint.__doc__))
    by = by or Actor(alteration.confirmed_by_user_id, alteration.confirmed_by_name)
    contract = alteration.contract
    title = f"{TITLES[DocumentKind.ALTERATION]} nº {contract.pk}"
    document = issuing.issue_document(
        kind=DocumentKind.ALTERATION,
        title=title,
        html=printing.alteration_text(_told(alteration, title)),
        head=contract_printing.letterhead(contract.branch),
        template=None,
        by_user_id=by.user_id,
        by_name=by.name,
        now=now,
    )
    PrintedAlteration.objects.create(alteration=alteration, document=document)
    ContractDocument.objects.create(contract=contract, document=document)
    audit.record(
        "document issued",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={
            "document": document.pk,
            "kind": DocumentKind.ALTERATION.value,
            "sha256": document.pdf_sha256,
        },
    )
    return document


def _told(alteration: Alteration, title: str) -> dict[str, object]:
    plan = record.read_plan(alteration.plan)
    following = alteration_words.next_invoice(plan)
    lines = following.draft.lines if following else ()
    total = [("Total", following.draft.total_cents)] if following else []
    return {
        "title": title,
        "facts": list(_facts(alteration, plan)),
        "groups": alteration_words.groups(plan),
        "due_on": f"{following.due_on:%d/%m/%Y}" if following else "",
        "lines": [
            (words, money.amount(cents))
            for words, cents in [*((one.description, one.amount_cents) for one in lines), *total]
        ],
    }


def _facts(alteration: Alteration, plan: AlterationPlan) -> Iterator[tuple[str, str]]:
    values = plan.classification
    yield "Alteração", f"{alteration.pk}, {values.kind.value}: {values.words}"
    yield "Cliente", alteration.contract.customer.name
    yield "Vale a partir de", f"{alteration.on:%d/%m/%Y}"
    yield (
        "Valor líquido mensal",
        f"de {money.brl(values.before_cents)} para {money.brl(values.after_cents)}",
    )
    if alteration.seller is not None:
        yield "Vendedor", alteration.seller.name
    yield "Concluída por", alteration.confirmed_by_name
