"""Postponing due dates: of one receivable or of several, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import facts
from vigente.billing.models import Receivable
from vigente.domain import postponement
from vigente.domain.close_plan import BranchRules
from vigente.domain.postponement import Extension, PostponementRefused
from vigente.payments import credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What happens to one receivable: the day it gets, or why it stays as it is."""

    receivable: Receivable
    due_on: date | None
    refusal: str = ""


def standing_refusal(receivable: Receivable) -> str:
    """Return why no new due date would do, with the way out; empty where one may."""
    if receivable.cancelled_on is not None:
        return "Foi cancelada: prorrogue a conta que ficou no lugar dela."
    if receivable.is_settled:
        return "Já foi recebida: se foi engano, estorne antes o recebimento."
    return ""


def foresee(
    receivables: Sequence[Receivable], *, by: Extension, today: date
) -> tuple[Foreseen, ...]:
    """Return what postponing would do to each; nothing is written."""
    rules = facts.branch_rules({one.branch_id for one in receivables}, on=today)
    return tuple(
        _foresee(one, by=by, rules=rules[one.branch_id], today=today) for one in receivables
    )


@transaction.atomic
def postpone(
    receivable_ids: Sequence[int],
    *,
    extension: Extension,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
) -> int:
    """Move the due dates of all these receivables; return how many there were.

    :raises PostponementRefused: if one of them may not move; then none does.
    """
    if not receivable_ids:
        raise PostponementRefused("Nenhuma conta foi escolhida: marque ao menos uma.")
    if not reason.strip():
        raise PostponementRefused("Informe o motivo da prorrogação.")
    owners = Receivable.objects.filter(pk__in=receivable_ids).values_list("customer_id", flat=True)
    credit.lock(owners)
    locked = list(
        Receivable.objects.select_for_update().filter(pk__in=receivable_ids).order_by("pk")
    )
    plan = foresee(locked, by=extension, today=today)
    refused = [f"Conta {one.receivable.pk}: {one.refusal}" for one in plan if one.refusal]
    if refused:
        raise PostponementRefused(" ".join(refused))
    billing.postpone({one.receivable.pk: one.due_on for one in plan if one.due_on is not None})
    for one in plan:
        _record(one, reason=reason, by=by, now=now)
    return len(plan)


def _foresee(receivable: Receivable, *, by: Extension, rules: BranchRules, today: date) -> Foreseen:
    refusal = standing_refusal(receivable)
    if refusal:
        return Foreseen(receivable=receivable, due_on=None, refusal=refusal)
    try:
        due_on = postponement.postponed(receivable.due_on, by=by, rules=rules, today=today)
    except PostponementRefused as refused:
        return Foreseen(receivable=receivable, due_on=None, refusal=str(refused))
    return Foreseen(receivable=receivable, due_on=due_on)


def _record(one: Foreseen, *, reason: str, by: Actor, now: datetime) -> None:
    before, after = one.receivable.due_on, one.due_on
    audit.record(
        "receivable postponed",
        object_kind="receivable",
        object_id=one.receivable.pk,
        by=by,
        at=now,
        branch_id=one.receivable.branch_id,
        detail={
            "due_before": before.isoformat(),
            "due_after": after.isoformat() if after else None,
            "reason": reason,
        },
    )
