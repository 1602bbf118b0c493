"""Alteration: what a customer agreed to changes, as the plan that was shown says, and no other.

What is shown is planned from the tables; confirming plans again and refuses where anything
changed in between.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.alterations import actions, asking, compensating, record
from vigente.alterations import queries as alterations
from vigente.alterations.actions import Settings
from vigente.alterations.asking import Asked
from vigente.alterations.facts import alteration_facts
from vigente.alterations.models import Alteration
from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing.models import Invoice
from vigente.contracts import altering, holders
from vigente.contracts.altering import Writes
from vigente.contracts.models import Contract
from vigente.documents import signatures
from vigente.documents.models import IssuedDocument, SignatureRequest
from vigente.domain import alteration_plan
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import WantedTerms
from vigente.domain.codes import AlterationStatus
from vigente.domain.signature import SignatureStatus
from vigente.journeys import (
    access,
    alteration_close,
    alteration_document,
    alteration_message,
    customer_message,
    printed_alteration,
    signing,
)
from vigente.payments import actions as payments
from vigente.payments import credit, recurrences

CANCEL_REASON = "alteração de contrato"


class AlterationChanged(Exception):
    """O que foi mostrado não vale mais: algo mudou desde então; `plan` é o plano de agora."""

    def __init__(self, plan: AlterationPlan) -> None:
        super().__init__(
            "Algo mudou desde que o plano foi calculado, e nada foi gravado. Confira o plano "
            "atualizado abaixo e conclua de novo."
        )
        self.plan = plan


class TickMissing(ValueError):
    """O cliente recebe menos do que a conta exata: marque que está ciente antes de concluir."""


class UnreachableSigner(ValueError):
    """O cliente não tem e-mail nem telefone: cadastre um, ou use a assinatura impressa."""


class UndoRefused(ValueError):
    """A alteração já produziu efeitos e não pode ser desfeita; faça outra que a compense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, when and where: as the door told them; `site` is the installation's address."""

    by: Actor
    now: datetime
    today: date
    site: str = ""


@transaction.atomic
def begin(
    contract_id: int,
    settings: Settings,
    *,
    asker: Asker,
    compensates: Alteration | None = None,
) -> Alteration:
    """Write a draft of an alteration; one that compensates asks for the terms before the other.

    :raises actions.AlterationTaken: where the contract has an open one, or it is compensated.
    """
    contract = Contract.objects.get(pk=contract_id)
    asked = Asked(on=asker.today)
    if compensates is not None:
        asked = compensating.asked(compensates, on=asker.today)
    draft = actions.begin(
        contract, settings, asked, compensates=compensates, by=asker.by, now=asker.now
    )
    _record("alteration begun", draft, asker=asker)
    return draft


def plan_of(alteration: Alteration, *, today: date) -> AlterationPlan:
    """Return what carrying out an alteration would do now; nothing is written.

    :raises asking.AskedRefused: for what is inactive or sold elsewhere.
    :raises alteration_plan.AlterationRefused: with every precondition that fails.
    """
    if alteration.wanted is not None:
        return _plan(alteration, record.read_wanted(alteration.wanted), today=today)
    return plan_asked(alteration, asking.of(alteration), today=today)


def plan_asked(alteration: Alteration, asked: Asked, *, today: date) -> AlterationPlan:
    """Return what an alteration that asks for this would do now; nothing is written.

    :raises asking.AskedRefused: for what is inactive or sold elsewhere.
    :raises alteration_plan.AlterationRefused: with every precondition that fails.
    """
    wanted = asking.wanted(asked, alteration=alteration, contract=alteration.contract)
    return _plan(alteration, wanted, today=today)


@transaction.atomic
def configure(alteration: Alteration, settings: Settings) -> None:
    """Change what a draft is recorded as and what is signed for it.

    :raises actions.AlterationNotOpen: unless it is a draft.
    """
    actions.configure(alteration, settings)


@transaction.atomic
def keep(alteration: Alteration, asked: Asked) -> None:
    """Keep what is asked of a draft.

    :raises actions.AlterationNotOpen: unless it is one.
    """
    actions.keep(alteration, asked)


@transaction.atomic
def drop(alteration_id: int, *, asker: Asker) -> None:
    """Put a draft, or a scheduled alteration, aside; nothing of it was done.

    :raises actions.AlterationNotOpen: if it was confirmed, undone or dropped before.
    """
    alteration = Alteration.objects.select_for_update().get(pk=alteration_id)
    actions.drop(alteration)
    _record("alteration dropped", alteration, asker=asker)


@transaction.atomic
def conclude(alteration_id: int, *, digest: str, is_ticked: bool, asker: Asker) -> Alteration:
    """Carry the alteration out as it was shown, or schedule it for its day.

    :raises AlterationChanged: where the plan is not the one that was shown.
    :raises TickMissing: where the customer gets less than the exact difference, unticked.
    :raises actions.AlterationNotOpen: unless it is a draft.
    :raises alteration_plan.AlterationRefused: with every precondition that fails.
    """
    alteration = _locked(alteration_id)
    if alteration.status != AlterationStatus.DRAFT.value:
        raise actions.AlterationNotOpen(
            f"A alteração {alteration.pk} não é mais um rascunho. Veja a situação atual."
        )
    plan = plan_of(alteration, today=asker.today)
    if plan.digest != digest:
        raise AlterationChanged(plan)
    if plan.needs_tick and not is_ticked:
        raise TickMissing(str(TickMissing.__doc__))
    if plan.awaits_signature and customer_message.reached(alteration.contract.customer) is None:
        raise UnreachableSigner(str(UnreachableSigner.__doc__))
    actions.keep_site(alteration, asker.site)
    if plan.is_scheduled:
        actions.schedule(alteration, plan, by=asker.by, now=asker.now)
        alteration_message.tell_scheduled(alteration, plan, now=asker.now)
        _record("alteration scheduled", alteration, asker=asker)
    else:
        carry_out([(alteration, plan)], asker=asker)
    return alteration


def carry_out(planned: Sequence[tuple[Alteration, AlterationPlan]], *, asker: Asker) -> None:
    """Do what the plans say, in the caller's transaction, which has locked the contracts."""
    contracts = [alteration.contract for alteration, _ in planned]
    writes = write(
        [plan for _, plan in planned],
        customer_ids={contract.customer_id for contract in contracts},
        today=asker.today,
    )
    documents = _issue_documents(planned, asker=asker)
    actions.confirm(planned, writes=writes, documents=documents, by=asker.by, now=asker.now)
    for alteration, plan in planned:
        _record("alteration confirmed", alteration, asker=asker)
        alteration_message.tell_confirmed(alteration, plan, now=asker.now)
        _ask_for_signature(alteration, plan, asker=asker)
        printed_alteration.queue(alteration.pk)
    _renew_recurrences(planned, now=asker.now)
    ids = [contract.pk for contract in contracts]
    follow(ids, to_bill=ids, asker=asker)


def write(
    plans: Sequence[AlterationPlan], *, customer_ids: Collection[int], today: date
) -> dict[int, Writes]:
    """Write plans into their contracts and cancel invoices of later periods, all at once."""
    credit.lock(customer_ids)
    _cancel_later(plans, today=today)
    credit.use(customer_ids, on=today)
    return altering.carry_out(plans)


def follow(contract_ids: Sequence[int], *, to_bill: Sequence[int], asker: Asker) -> None:
    """Derive the access of altered contracts again; bill those whose periods came free."""
    access.derive(contract_ids, today=asker.today, now=asker.now)
    alteration_close.queue(to_bill, asker.today)


@transaction.atomic
def undo(alteration_id: int, *, reason: str, asker: Asker) -> Alteration:
    """Take a confirmed alteration back while nothing has come of it.

    The invoices that it cancelled stay cancelled: the next close bills their periods again.

    :raises UndoRefused: without a reason, or once an invoice or a later alteration builds on it.
    """
    alteration = _locked(alteration_id)
    if not reason.strip():
        raise UndoRefused("Informe por que a alteração é desfeita.")
    refusal = undo_refusal(alteration)
    if refusal is not None:
        raise UndoRefused(refusal)
    altering.take_back(alteration.contract, actions.writes_of(alteration))
    actions.undo(alteration, reason=reason, by=asker.by, now=asker.now)
    _withdraw_signature(alteration, reason=reason, asker=asker)
    _renew_changed_day(alteration, now=asker.now)
    _record("alteration undone", alteration, asker=asker)
    alteration_message.tell_undone(alteration, now=asker.now)
    access.derive([alteration.contract_id], today=asker.today, now=asker.now)
    alteration_close.queue([alteration.contract_id], asker.today)
    return alteration


def undo_refusal(alteration: Alteration) -> str | None:
    """Return why an alteration cannot be taken back any more, or None."""
    if alteration.status != AlterationStatus.CONFIRMED.value:
        return "Só uma alteração concluída pode ser desfeita."
    later = alterations.after(alteration).first()
    if later is not None:
        return (
            f"A alteração {later.pk}, de {later.on:%d/%m/%Y}, veio depois desta. Desfaça aquela "
            "antes, ou faça outra que compense esta."
        )
    passed_on = holders.held_since(alteration.contract_id)
    if passed_on is not None and alteration.on <= passed_on:
        return (
            f"O contrato passou a outro titular em {passed_on:%d/%m/%Y}. Faça uma alteração que "
            "compense esta."
        )
    invoice = alterations.invoice_built_on(alteration)
    if invoice is not None:
        return (
            f"A fatura {invoice.pk} já foi gerada nas condições novas. Faça uma alteração que "
            "compense esta; a fatura fica como está."
        )
    return None


@transaction.atomic
def carry_out_scheduled(alteration_id: int, *, asker: Asker) -> str | None:
    """Carry out an alteration whose day has come; return why it could not be, if so.

    What was agreed is planned anew as the contract stands; a refusal is kept, shown as an alarm,
    and tried again the next day.
    """
    alteration = _locked(alteration_id)
    if alteration.status != AlterationStatus.SCHEDULED.value or alteration.wanted is None:
        return None
    try:
        plan = plan_of(alteration, today=asker.today)
    except alteration_plan.AlterationRefused as refused:
        actions.note_refusal(alteration, str(refused))
        return str(refused)
    carry_out([(alteration, plan)], asker=asker)
    return None


def _plan(alteration: Alteration, wanted: WantedTerms, *, today: date) -> AlterationPlan:
    contract_id = alteration.contract_id
    facts = alteration_facts(
        [contract_id],
        on=wanted.on,
        today=today,
        with_pix_recurrence=recurrences.standing_of([contract_id]),
        but=alteration.pk,
    )
    return alteration_plan.plan_alteration(facts[contract_id], wanted=wanted)


def _locked(alteration_id: int) -> Alteration:
    """Return an alteration with its contract locked: two people never alter one at once."""
    found = Alteration.objects.get(pk=alteration_id)
    Contract.objects.select_for_update(of=("self",)).get(pk=found.contract_id)
    return (
        Alteration.objects.select_for_update(of=("self",))
        .select_related("contract__customer", "contract__branch")
        .get(pk=alteration_id)
    )


def _cancel_later(plans: Sequence[AlterationPlan], *, today: date) -> None:
    """Cancel the invoices of later periods, paid ones too: what was paid becomes credit."""
    ids = [invoice.invoice_id for plan in plans for invoice in plan.invoices.cancelled]
    if not ids:
        return
    invoices = Invoice.objects.filter(pk__in=ids).order_by("pk")
    receivables = billing.cancel(invoices, on=today, reason=CANCEL_REASON, release=True)
    payments.release(receivables, on=today)


def _issue_documents(
    planned: Sequence[tuple[Alteration, AlterationPlan]], *, asker: Asker
) -> dict[int, IssuedDocument]:
    issued = (
        (alteration.pk, alteration_document.issue(alteration, plan, by=asker.by, now=asker.now))
        for alteration, plan in planned
    )
    return {alteration_id: document for alteration_id, document in issued if document is not None}


def _ask_for_signature(alteration: Alteration, plan: AlterationPlan, *, asker: Asker) -> None:
    """Send the customer a link to sign, where the signature is digital.

    :raises UnreachableSigner: where there is nowhere to send it.
    """
    if not plan.awaits_signature or alteration.document_id is None:
        return
    contact = customer_message.reached(alteration.contract.customer)
    if contact is None:
        raise UnreachableSigner(str(UnreachableSigner.__doc__))
    signing.request_signature(
        alteration.document_id,
        contact_id=contact.pk,
        site=alteration.site,
        by=asker.by,
        now=asker.now,
    )


def _withdraw_signature(alteration: Alteration, *, reason: str, asker: Asker) -> None:
    """Ask no more for the signature of what was taken back, nor mind that it was refused."""
    waiting = SignatureRequest.objects.filter(
        document_id=alteration.document_id, status=SignatureStatus.PENDING.value
    )
    for request_id in waiting.values_list("pk", flat=True):
        signing.cancel(request_id, reason=reason, by=asker.by, now=asker.now)
    not_given = SignatureRequest.objects.filter(
        document_id=alteration.document_id, status__in=signatures.NOT_GIVEN
    )
    for request in not_given:
        signatures.deal_with(
            request, note="alteração desfeita", by_name=asker.by.name, now=asker.now
        )


def _renew_changed_day(alteration: Alteration, *, now: datetime) -> None:
    """Let the Pix recurrence follow a due day that goes back to what it was."""
    if alteration.due_day_before == alteration.due_day_after:
        return
    contract = Contract.objects.get(pk=alteration.contract_id)
    if recurrences.cancel([contract], reason="alteração desfeita", now=now):
        recurrences.invite(contract, now=now)


def _renew_recurrences(
    planned: Sequence[tuple[Alteration, AlterationPlan]], *, now: datetime
) -> None:
    """End the Pix recurrences whose due day changed, and invite the payers anew."""
    moved = [a.contract_id for a, plan in planned if plan.cancels_pix_recurrence]
    contracts = list(Contract.objects.filter(pk__in=moved).order_by("pk"))
    recurrences.cancel(contracts, reason="mudança do dia de vencimento", now=now)
    for contract in contracts:
        recurrences.invite(contract, now=now)


def _record(action: str, alteration: Alteration, *, asker: Asker) -> None:
    audit.record(
        action,
        object_kind="contract",
        object_id=alteration.contract_id,
        by=asker.by,
        at=asker.now,
        branch_id=alteration.contract.branch_id,
        detail={
            "alteration": alteration.pk,
            "kind": alteration.kind,
            "on": alteration.on.isoformat(),
        },
    )
