"""The only writes to the outbox, but for delivery itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vigente.outbox.models import Effect
from vigente.outbox.states import RETRYABLE, UNSETTLED, EffectStatus


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


def refuse_retry(effect: Effect) -> None:
    """Refuse to try an effect again that does not fail.

    :raises EffectNotWaiting: saying so.
    """
    if EffectStatus(effect.status) not in RETRYABLE:
        raise EffectNotWaiting("Só um envio com erro pode ser repetido.")


def refuse_discard(effect: Effect) -> None:
    """Refuse to give up what is over.

    :raises EffectNotWaiting: if it was delivered or discarded.
    """
    if EffectStatus(effect.status) not in UNSETTLED:
        raise EffectNotWaiting("Este envio já foi feito ou descartado.")


def retry(effect_id: int, *, now: datetime) -> None:
    """Let a failing or dead effect be tried again at once.

    :raises EffectNotWaiting: if it was delivered or discarded.
    """
    refuse_retry(_locked(effect_id))
    Effect.objects.filter(pk=effect_id).update(
        status=EffectStatus.FAILING.value, attempts=0, due_at=now, settled_at=None
    )


def discard(effect_id: int, *, reason: str, now: datetime) -> None:
    """Give an effect up, with the reason.

    :raises EffectNotWaiting: without a reason, or if it was delivered or discarded.
    """
    if not reason.strip():
        raise EffectNotWaiting("Informe por que o envio é descartado.")
    refuse_discard(_locked(effect_id))
    Effect.objects.filter(pk=effect_id).update(
        status=EffectStatus.DISCARDED.value, discard_reason=reason, settled_at=now
    )


def _locked(effect_id: int) -> Effect:
    return Effect.objects.select_for_update().get(pk=effect_id)
