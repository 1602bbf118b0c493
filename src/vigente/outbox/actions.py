"""The only writes to the outbox, but for delivery itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vigente.outbox.models import Effect
from vigente.outbox.states import EffectStatus


class EffectNotWaiting(ValueError):
    """Este envio não está na situação que a operação exige."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEffect:
    """Something to be done outside; the same key is done once, however often it is wanted."""

    key: str
    kind: str
    payload: dict[str, object] = field(default_factory=dict)
    object_kind: str = ""
    object_id: int | None = None
    branch_id: int | None = None


def enqueue(new: Sequence[NewEffect], *, now: datetime) -> None:
    """Write effects in the caller's transaction; keys that are there already stay as they are."""
    Effect.objects.bulk_create(
        [
            Effect(
                key=one.key,
                kind=one.kind,
                payload=one.payload,
                object_kind=one.object_kind,
                object_id=one.object_id,
                branch_id=one.branch_id,
                due_at=now,
                created_at=now,
            )
            for one in new
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def retry(effect_id: int, *, now: datetime) -> None:
    """Let a failing or dead effect be tried again at once.

    :raises EffectNotWaiting: if it was delivered or discarded.
    """
    moved = Effect.objects.filter(
        pk=effect_id, status__in=[EffectStatus.FAILING.value, EffectStatus.DEAD.value]
    ).update(status=EffectStatus.FAILING.value, attempts=0, due_at=now, settled_at=None)
    if moved != 1:
        raise EffectNotWaiting("Só um envio com erro pode ser repetido.")


def discard(effect_id: int, *, reason: str, now: datetime) -> None:
    """Give an effect up, with the reason.

    :raises EffectNotWaiting: without a reason, or if it was delivered or discarded.
    """
    if not reason.strip():
        raise EffectNotWaiting("Informe por que o envio é descartado.")
    moved = (
        Effect.objects.exclude(
            status__in=[EffectStatus.DELIVERED.value, EffectStatus.DISCARDED.value]
        )
        .filter(pk=effect_id)
        .update(status=EffectStatus.DISCARDED.value, discard_reason=reason, settled_at=now)
    )
    if moved != 1:
        raise EffectNotWaiting("Este envio já foi feito ou descartado.")
