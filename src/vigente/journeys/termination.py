"""Termination: a contract ends, what is not yet due is cancelled, the last days are billed."""

from datetime import date, datetime, timedelta

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import facts, holding
from vigente.billing.issued import issued_periods
from vigente.billing.models import Invoice
from vigente.contracts import actions as contracts
from vigente.contracts.models import CancellationReason, Contract
from vigente.domain import close_plan, termination
from vigente.domain.close_plan import BranchRules, PlannedInvoice
from vigente.domain.codes import InvoiceOrigin
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.schedule import ScheduleIncomplete, ScheduleUsedUp
from vigente.domain.termination import TerminationPlan
from vigente.journeys import access
from vigente.payments import actions as payments
from vigente.payments import credit


class TerminationRefused(ValueError):
    """O contrato não pode ser cancelado assim."""


def preview(
    contract: Contract, *, ends_on: date, today: date, reason: CancellationReason
) -> TerminationPlan:
    """Return what ending the contract would do; nothing is written.

    :raises TerminationRefused: unless it is active, or if the end is before its beginning.
    """
    if contract.status != ContractStatus.ACTIVE.value or contract.billing_starts_on is None:
        raise TerminationRefused(
            "Só um contrato ativo pode ser cancelado. Atualize a página e veja a situação atual."
        )
    if ends_on <= contract.billing_starts_on or ends_on > today + timedelta(days=1):
        raise TerminationRefused(
            f"O último dia de uso fica entre {contract.billing_starts_on:%d/%m/%Y} e hoje."
        )
    try:
        return _plan(contract, ends_on=ends_on, today=today, reason=reason)
    except (ScheduleUsedUp, ScheduleIncomplete) as incomplete:
        raise TerminationRefused(
            f"Os últimos dias não podem ser faturados: {incomplete}. "
            "Complete a condição de pagamento e cancele de novo."
        ) from incomplete


def _plan(
    contract: Contract, *, ends_on: date, today: date, reason: CancellationReason
) -> TerminationPlan:
    [now] = facts.contract_facts([contract.pk], on=today)
    issued = issued_periods(contract.pk, terms=now.schedule)
    formers = holding.of_former_holders(contract)
    cancelled = termination.not_yet_due(issued, today=today, formers=formers)
    released = [invoice.invoice_id for invoice in cancelled]
    [after] = facts.contract_facts([contract.pk], on=today, released=released)
    return termination.plan_termination(
        after,
        issued=issued,
        ends_on=ends_on,
        today=today,
        waives_unbilled_days=reason.waives_last_period,
        formers=formers,
    )


@transaction.atomic
def terminate(
    contract_id: int,
    *,
    ends_on: date,
    today: date,
    reason_id: int,
    note: str,
    by: Actor,
    now: datetime,
) -> TerminationPlan:
    """End the contract: `ends_on` is the first day that is no longer served.

    :raises TerminationRefused: see `preview`; also where a final invoice would be above the
        ceiling already today.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    reason = CancellationReason.objects.get(pk=reason_id)
    credit.lock(holding.payers([contract.pk]))
    plan = preview(contract, ends_on=ends_on, today=today, reason=reason)
    _cancel(plan, today=today, reason=reason)
    contracts.end(
        contract, ends_on=ends_on, at=now, by_user_id=by.user_id, reason=reason, note=note
    )
    _issue(plan, contract=contract, today=today)
    access.derive([contract.pk], today=today, now=now)
    audit.record(
        "contract ended",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"ends_on": ends_on.isoformat(), "reason": reason.pk, "note": note},
    )
    return plan


def _cancel(plan: TerminationPlan, *, today: date, reason: CancellationReason) -> None:
    ids = [period.invoice_id for period in plan.cancelled]
    receivable_ids = billing.cancel(
        Invoice.objects.filter(pk__in=ids),
        on=today,
        reason=f"contrato cancelado: {reason.name}",
        release=not reason.waives_last_period,
    )
    payments.release(receivable_ids, on=today)


def _issue(plan: TerminationPlan, *, contract: Contract, today: date) -> None:
    rules = facts.branch_rules([contract.branch_id], on=today)[contract.branch_id]
    drafts = [(contract.customer_id, draft) for draft in plan.finals]
    drafts += [(back.customer_id, back.draft) for back in plan.returns]
    planned = [
        _planned(draft, contract=contract, customer_id=customer_id, rules=rules, today=today)
        for customer_id, draft in drafts
    ]
    written = billing.issue(
        planned, close_plan.group(planned), origin=InvoiceOrigin.TERMINATION, issued_on=today
    )
    for invoice_id, (customer_id, draft) in zip(written.invoice_ids, drafts, strict=True):
        if draft.credit_cents:
            credit.grant(
                customer_id, amount_cents=draft.credit_cents, on=today, invoice_id=invoice_id
            )
    credit.use(holding.payers([contract.pk]), on=today)


def _planned(
    draft: InvoiceDraft, *, contract: Contract, customer_id: int, rules: BranchRules, today: date
) -> PlannedInvoice:
    nominal = today + timedelta(days=rules.min_days_before_due)
    due_on = rules.payable_on(nominal, issued_on=today)
    if rules.last_due_on is not None:
        if rules.last_due_on < today:
            raise TerminationRefused(
                f"A fatura final venceria depois do teto de {rules.last_due_on:%d/%m/%Y}. "
                "Peça a quem administra a filial que libere o teto."
            )
        due_on = min(due_on, rules.last_due_on)
    return PlannedInvoice(
        contract_id=contract.pk,
        customer_id=customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
        grouped=True,
        draft=draft,
        nominal_due_on=nominal,
        due_on=due_on,
    )
