"""The document that is signed for an alteration: the new contract, or an addendum to it."""

from datetime import datetime

from vigente.alterations.models import Alteration
from vigente.audit.actor import Actor
from vigente.documents.models import IssuedDocument
from vigente.domain import money
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.codes import AlterationDefinition, DifferenceKind, DocumentKind
from vigente.journeys import documents

KINDS = {
    AlterationDefinition.CONTRACT: DocumentKind.CONTRACT,
    AlterationDefinition.ADDENDUM: DocumentKind.ADDENDUM,
}


def issue(
    alteration: Alteration, plan: AlterationPlan, *, by: Actor, now: datetime
) -> IssuedDocument | None:
    """Issue the document of an alteration whose terms are written already, if it has one.

    :raises documents.REFUSALS: where the template cannot be printed.
    """
    kind = KINDS.get(plan.wanted.definition)
    if kind is None or alteration.template_id is None:
        return None
    return documents.issue(
        alteration.contract_id,
        kind=kind,
        template_id=alteration.template_id,
        by=by,
        now=now,
        extra_values=values_of(plan) if kind is DocumentKind.ADDENDUM else None,
    )


def values_of(plan: AlterationPlan) -> dict[str, str]:
    """Return what a template of an addendum may name of an alteration."""
    classification, wanted = plan.classification, plan.wanted
    return {
        "alteracao.data": f"{wanted.on:%d/%m/%Y}",
        "alteracao.tipo": classification.words,
        "alteracao.plano_anterior": plan.plan_before.name,
        "alteracao.plano_novo": (wanted.plan or plan.plan_before).name,
        "alteracao.valor_anterior": money.brl(classification.before_cents),
        "alteracao.valor_novo": money.brl(classification.after_cents),
        "alteracao.vencimento_anterior": _day(plan.schedule.former.due_day),
        "alteracao.vencimento_novo": _day(plan.schedule.schedule.due_day),
        "alteracao.diferenca": _difference(plan),
        "alteracao.conta": _sums(plan),
        "alteracao.itens": _items(plan),
    }


def _difference(plan: AlterationPlan) -> str:
    told = []
    if plan.settlement is not None and plan.settlement.chosen.kind is not DifferenceKind.NONE:
        chosen = plan.settlement.chosen
        is_charged = chosen.kind is DifferenceKind.CHARGE
        told.append(f"{money.brl(chosen.cents)} {_done(is_charged=is_charged)}")
    if plan.shift is not None:
        done = _done(is_charged=plan.shift.is_charged)
        told.append(f"{money.brl(plan.shift.cost.cents)} {done}, por {plan.shift.words}")
    return " e ".join(told) or "Não há diferença a acertar"


def _done(*, is_charged: bool) -> str:
    return "cobrados na próxima fatura" if is_charged else "descontados na próxima fatura"


def _sums(plan: AlterationPlan) -> str:
    settled = plan.settlement.chosen.sums if plan.settlement else ()
    shifted = (plan.shift.cost.explanation,) if plan.shift else ()
    return "\n".join([*settled, *shifted]) or "—"


def _items(plan: AlterationPlan) -> str:
    ended = [f"Sai: {item.description}" for item in plan.items.ended]
    started = [f"Entra: {item.draft.description}" for item in plan.items.started]
    return "\n".join([*ended, *started]) or "—"


def _day(due_day: int | None) -> str:
    return "—" if due_day is None else str(due_day)
