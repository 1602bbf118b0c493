"""What the customer is told of an alteration: each amount, and the reason for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from vigente.alterations.models import Alteration
from vigente.customers.models import Contact
from vigente.domain import money
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.codes import DifferenceKind
from vigente.journeys import customer_message
from vigente.outbox import actions as outbox
from vigente.outbox.actions import NewEffect


def tell_confirmed(alteration: Alteration, plan: AlterationPlan, *, now: datetime) -> None:
    """Tell the customer what was altered, what it costs and why."""
    subject = f"Seu contrato {alteration.contract_id} foi alterado"
    _tell(alteration, "confirmed", subject, _sentences(plan), now=now)


def tell_scheduled(alteration: Alteration, plan: AlterationPlan, *, now: datetime) -> None:
    """Tell the customer what will be altered, and on which day."""
    subject = f"Seu contrato {alteration.contract_id} será alterado em {plan.wanted.on:%d/%m/%Y}"
    _tell(alteration, "scheduled", subject, _sentences(plan), now=now)


def tell_many(
    planned: Sequence[tuple[Alteration, AlterationPlan]], *, because: str, now: datetime
) -> None:
    """Tell many customers what was altered, or will be, and why; those who can be reached."""
    customer_ids = {alteration.contract.customer_id for alteration, _ in planned}
    effects = []
    contacts = customer_message.contacts_of(customer_ids)
    for alteration, plan in planned:
        contact = contacts.get(alteration.contract.customer_id)
        if contact is not None:
            done = f"será alterado em {plan.wanted.on:%d/%m/%Y}"
            subject = (
                f"Seu contrato {alteration.contract_id} "
                f"{done if plan.is_scheduled else 'foi alterado'}"
            )
            what = "scheduled" if plan.is_scheduled else "confirmed"
            sentences = [because, *_sentences(plan)]
            effects.append(_effect(alteration, contact, what, subject, sentences))
    outbox.enqueue(effects, now=now)


def tell_undone(alteration: Alteration, *, now: datetime) -> None:
    """Tell the customer that the alteration was taken back."""
    sentences = [
        f"A alteração de {alteration.on:%d/%m/%Y} foi desfeita. O contrato volta a ser como era.",
    ]
    subject = f"A alteração do seu contrato {alteration.contract_id} foi desfeita"
    _tell(alteration, "undone", subject, sentences, now=now)


def _tell(
    alteration: Alteration, what: str, subject: str, sentences: list[str], *, now: datetime
) -> None:
    """Want the message, if the customer can be reached."""
    contact = customer_message.reached(alteration.contract.customer)
    if contact is not None:
        outbox.enqueue([_effect(alteration, contact, what, subject, sentences)], now=now)


def _effect(
    alteration: Alteration, contact: Contact, what: str, subject: str, sentences: Sequence[str]
) -> NewEffect:
    return customer_message.message(
        contact,
        key=f"alteration {alteration.pk} {what}",
        subject=subject,
        sentences=sentences,
        object_kind="contract",
        object_id=alteration.contract_id,
        branch_id=alteration.contract.branch_id,
    )


def _sentences(plan: AlterationPlan) -> list[str]:
    return [*_of_the_contract(plan), *_of_the_money(plan), *_of_what_follows(plan)]


def _of_the_contract(plan: AlterationPlan) -> Iterator[str]:
    wanted, values = plan.wanted, plan.classification
    if wanted.plan is not None and wanted.plan.id != plan.plan_before.id:
        yield f"Plano: de {plan.plan_before.name} para {wanted.plan.name}."
    if values.change_cents:
        yield (
            f"Valor mensal: de {money.brl(values.before_cents)} para "
            f"{money.brl(values.after_cents)}, a partir de {wanted.on:%d/%m/%Y}."
        )
    if wanted.until is not None:
        yield (
            f"Vale até {wanted.until - timedelta(days=1):%d/%m/%Y}; depois o contrato volta a ser "
            "como é hoje."
        )
    if plan.schedule.due_day_changes:
        yield (
            f"Vencimento: do dia {plan.schedule.former.due_day} para o dia "
            f"{plan.schedule.schedule.due_day}."
        )


def _of_the_money(plan: AlterationPlan) -> Iterator[str]:
    settlement = plan.settlement
    if settlement is not None and settlement.chosen.kind is not DifferenceKind.NONE:
        chosen = settlement.chosen
        done = "cobrados" if chosen.kind is DifferenceKind.CHARGE else "descontados"
        yield (
            f"Diferença do período de {settlement.service.period.label()}: "
            f"{money.brl(chosen.cents)} {done} na próxima fatura ({chosen.explanation})."
        )
    if plan.shift is not None:
        done = "cobrados" if plan.shift.is_charged else "descontados"
        yield (
            f"Mudança do vencimento, {plan.shift.words}: {money.brl(plan.shift.cost.cents)} {done} "
            f"na próxima fatura ({plan.shift.cost.explanation})."
        )
    if plan.penalty is not None and plan.penalty.item is not None:
        yield f"Multa de fidelidade: {money.brl(plan.penalty.cents)} ({plan.penalty.explanation})."
    if plan.invoices.cancelled:
        yield (
            "Faturas de períodos futuros foram canceladas e serão emitidas de novo com os valores "
            "novos."
        )
    if plan.invoices.credit_cents:
        yield (
            f"O que você já pagou nelas, {money.brl(plan.invoices.credit_cents)}, virou crédito e "
            "paga as próximas contas."
        )


def _of_what_follows(plan: AlterationPlan) -> Iterator[str]:
    if plan.first_invoices:
        invoice = plan.first_invoices[0]
        yield (
            f"Próxima fatura: {money.brl(invoice.draft.total_cents)}, vence em "
            f"{invoice.due_on:%d/%m/%Y}."
        )
    if plan.cancels_pix_recurrence:
        yield (
            "O Pix automático foi cancelado porque o dia do débito mudou. Você recebe um convite "
            "novo para autorizar no seu banco."
        )
    if plan.awaits_signature:
        yield "Enviamos também um link para ler e assinar. O acesso novo é liberado ao assinar."
