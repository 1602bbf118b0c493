"""The only writes to alterations; journeys own the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from vigente.alterations import asking, record
from vigente.alterations.asking import Asked
from vigente.alterations.models import (
    Alteration,
    AlteredItem,
    AlteredPlan,
    CancelledInvoice,
    MassAlteration,
)
from vigente.audit.actor import Actor
from vigente.contracts.altering import ItemWrite, PlanWrite, Writes
from vigente.contracts.models import Contract
from vigente.documents.models import IssuedDocument
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.codes import (
    AlterationDefinition,
    AlterationStatus,
    AlteredRole,
    SignatureKind,
)


class AlterationNotOpen(ValueError):
    """Esta alteração não está na situação que a operação exige."""


class AlterationTaken(ValueError):
    """Outra pessoa foi mais rápida."""


TAKEN = {
    "one_open_alteration": "Outra pessoa começou uma alteração deste contrato: retome a que está "
    "aberta.",
    "compensated_once": "Esta alteração já foi compensada por outra. Veja-a no histórico.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The first step: what the alteration is recorded as, and what is signed for it."""

    branch_id: int
    seller_id: int | None
    template_id: int | None
    definition: AlterationDefinition
    signature: SignatureKind


def begin(
    contract: Contract,
    settings: Settings,
    asked: Asked,
    *,
    compensates: Alteration | None,
    by: Actor,
    now: datetime,
) -> Alteration:
    """Write a draft that asks for this.

    :raises AlterationTaken: where the contract has an open one, or `compensates` is compensated.
    """
    try:
        with transaction.atomic():
            return Alteration.objects.create(
                contract=contract,
                on=asked.on,
                asked=asking.told(asked),
                compensates=compensates,
                created_at=now,
                by_user_id=by.user_id,
                by_name=by.name,
                **_columns(settings),
            )
    except IntegrityError as taken:
        for promise, sentence in TAKEN.items():
            if promise in str(taken):
                raise AlterationTaken(sentence) from taken
        raise


def configure(alteration: Alteration, settings: Settings) -> None:
    """Change the first step of a draft.

    :raises AlterationNotOpen: unless it is one.
    """
    _update(alteration, after=(AlterationStatus.DRAFT,), **_columns(settings))


def keep(alteration: Alteration, asked: Asked) -> None:
    """Keep what is asked of a draft.

    :raises AlterationNotOpen: unless it is one.
    """
    _update(
        alteration,
        after=(AlterationStatus.DRAFT,),
        asked=asking.told(asked),
        on=asked.on,
        until=asked.until,
    )


def drop(alteration: Alteration) -> None:
    """Put a draft, or a scheduled alteration, aside.

    :raises AlterationNotOpen: if it was confirmed, undone or dropped before.
    """
    open_ones = (AlterationStatus.DRAFT, AlterationStatus.SCHEDULED)
    _update(alteration, after=open_ones, status=AlterationStatus.DROPPED.value)


def keep_site(alteration: Alteration, site: str) -> None:
    """Keep the address that the customer is sent to.

    :raises AlterationNotOpen: unless it is a draft.
    """
    _update(alteration, after=(AlterationStatus.DRAFT,), site=site)


def schedule(alteration: Alteration, plan: AlterationPlan, *, by: Actor, now: datetime) -> None:
    """Let an alteration wait for its day; the plan is what is foreseen.

    :raises AlterationNotOpen: unless it is a draft.
    """
    _update(
        alteration,
        after=(AlterationStatus.DRAFT,),
        status=AlterationStatus.SCHEDULED.value,
        wanted=record.told(plan.wanted),
        **_outcome(plan, digest=plan.digest),
        **_confirmed(by, now=now),
    )


def note_refusal(alteration: Alteration, refusal: str) -> None:
    """Keep why a scheduled alteration was not carried out; it is tried again every day."""
    _update(alteration, after=(AlterationStatus.SCHEDULED,), refusal=refusal)


def confirm(
    confirmed: Sequence[tuple[Alteration, AlterationPlan]],
    *,
    writes: Mapping[int, Writes],
    documents: Mapping[int, IssuedDocument],
    by: Actor,
    now: datetime,
) -> None:
    """Record alterations that were carried out, with what was written of each contract.

    `documents` are what is signed for them, by alteration.

    :raises AlterationNotOpen: unless each is a draft or scheduled.
    """
    for alteration, plan in confirmed:
        of_contract = writes[plan.contract_id]
        _update(
            alteration,
            after=(AlterationStatus.DRAFT, AlterationStatus.SCHEDULED),
            status=AlterationStatus.CONFIRMED.value,
            wanted=record.told(plan.wanted),
            refusal="",
            document=documents.get(alteration.pk),
            former_schedule_id=of_contract.former_schedule_id,
            **_outcome(plan, digest=plan.digest),
            **({} if alteration.confirmed_at else _confirmed(by, now=now)),
        )
    _record_writes(confirmed, writes=writes)


def begin_many(
    planned: Sequence[tuple[Contract, AlterationPlan]],
    *,
    mass: MassAlteration,
    writes: Mapping[int, Writes],
    by: Actor,
    now: datetime,
) -> list[tuple[Alteration, AlterationPlan]]:
    """Write alterations of a mass alteration as they end: confirmed, or waiting for their day.

    `writes` are what was written of the contracts of those that do not wait.
    """
    begun = [
        (
            Alteration(
                contract=contract,
                branch_id=contract.branch_id,
                mass=mass,
                definition=plan.wanted.definition.value,
                signature=plan.wanted.signature.value,
                status=_status(plan).value,
                asked=asking.told(Asked(on=mass.on, plan_id=mass.sale_plan_id)),
                wanted=record.told(plan.wanted),
                created_at=now,
                by_user_id=by.user_id,
                by_name=by.name,
                **_outcome(plan, digest=""),
                **_confirmed(by, now=now),
            ),
            plan,
        )
        for contract, plan in planned
    ]
    Alteration.objects.bulk_create([alteration for alteration, _ in begun], batch_size=1000)
    _record_writes([(a, p) for a, p in begun if not p.is_scheduled], writes=writes)
    return begun


def undo(alteration: Alteration, *, reason: str, by: Actor, now: datetime) -> None:
    """Record that a confirmed alteration was taken back.

    :raises AlterationNotOpen: unless it stands.
    """
    _update(
        alteration,
        after=(AlterationStatus.CONFIRMED,),
        status=AlterationStatus.UNDONE.value,
        undone_at=now,
        undone_by_user_id=by.user_id,
        undone_by_name=by.name,
        undo_reason=reason,
    )


def writes_of(alteration: Alteration) -> Writes:
    """Return what an alteration wrote into its contract."""
    return Writes(
        items=[
            ItemWrite(
                item_id=row.item_id,
                role=AlteredRole(row.role),
                former_ends_on=row.former_ends_on,
                former_plan_id=row.former_plan_id,
            )
            for row in alteration.items.order_by("pk")
        ],
        plans=[
            PlanWrite(
                contract_plan_id=row.contract_plan_id,
                role=AlteredRole(row.role),
                former_ends_on=row.former_ends_on,
            )
            for row in alteration.plans.order_by("pk")
        ],
        former_schedule_id=alteration.former_schedule_id,
        former_billing_type_id=alteration.billing_type_before_id,
        loyalty=record.read_plan(alteration.plan).loyalty,
    )


def _columns(settings: Settings) -> dict[str, object]:
    return {
        "branch_id": settings.branch_id,
        "seller_id": settings.seller_id,
        "template_id": settings.template_id,
        "definition": settings.definition.value,
        "signature": settings.signature.value,
    }


def _confirmed(by: Actor, *, now: datetime) -> dict[str, Any]:
    return {
        "confirmed_at": now,
        "confirmed_by_user_id": by.user_id,
        "confirmed_by_name": by.name,
    }


def _status(plan: AlterationPlan) -> AlterationStatus:
    return AlterationStatus.SCHEDULED if plan.is_scheduled else AlterationStatus.CONFIRMED


def _outcome(plan: AlterationPlan, *, digest: str) -> dict[str, Any]:
    """Return the columns that reports read, from the plan."""
    former, schedule = plan.schedule.former, plan.schedule.schedule
    settlement, wanted = plan.settlement, plan.wanted
    charged = plan.penalty is not None and plan.penalty.item is not None
    before = plan.billing_type_id_before
    return {
        "plan": record.told(plan),
        "digest": digest,
        "on": wanted.on,
        "until": wanted.until,
        "kind": plan.classification.kind.value,
        "monthly_before_cents": plan.classification.before_cents,
        "monthly_after_cents": plan.classification.after_cents,
        "sale_plan_before_id": plan.plan_before.id or None,
        "sale_plan_after_id": (wanted.plan or plan.plan_before).id or None,
        "billing_type_before_id": before,
        "billing_type_after_id": wanted.billing_type.id if wanted.billing_type else before,
        "due_day_before": former.due_day,
        "due_day_after": schedule.due_day,
        "policy": settlement.chosen.policy.value if settlement else "",
        "difference_cents": settlement.chosen.signed_cents if settlement else 0,
        "shift_cents": plan.shift.signed_cents if plan.shift else 0,
        "penalty_cents": plan.penalty.cents if plan.penalty and charged else 0,
        "cancelled_cents": plan.invoices.cancelled_cents,
        "credit_cents": plan.invoices.credit_cents,
    }


def _record_writes(
    confirmed: Sequence[tuple[Alteration, AlterationPlan]], *, writes: Mapping[int, Writes]
) -> None:
    AlteredItem.objects.bulk_create(
        [
            AlteredItem(
                alteration=alteration,
                item_id=write.item_id,
                role=write.role.value,
                former_ends_on=write.former_ends_on,
                former_plan_id=write.former_plan_id,
            )
            for alteration, plan in confirmed
            for write in writes[plan.contract_id].items
        ],
        batch_size=1000,
    )
    AlteredPlan.objects.bulk_create(
        [
            AlteredPlan(
                alteration=alteration,
                contract_plan_id=write.contract_plan_id,
                role=write.role.value,
                former_ends_on=write.former_ends_on,
            )
            for alteration, plan in confirmed
            for write in writes[plan.contract_id].plans
        ],
        batch_size=1000,
    )
    CancelledInvoice.objects.bulk_create(
        [
            CancelledInvoice(alteration=alteration, invoice_id=invoice.invoice_id)
            for alteration, plan in confirmed
            for invoice in plan.invoices.cancelled
        ],
        batch_size=1000,
    )


def _update(
    alteration: Alteration, *, after: Sequence[AlterationStatus], **columns: object
) -> None:
    """Write by a conditional UPDATE, so that of two people only one moves it."""
    moved = Alteration.objects.filter(
        pk=alteration.pk, status__in=[status.value for status in after]
    ).update(**columns)
    if not moved:
        raise AlterationNotOpen(
            f"A alteração {alteration.pk} já foi concluída, desfeita ou descartada. Atualize a "
            "página e veja a situação atual."
        )
    alteration.refresh_from_db()
