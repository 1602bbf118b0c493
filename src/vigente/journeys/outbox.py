"""What a person does about an effect that fails: try it again, or give it up."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.outbox import actions as outbox
from vigente.outbox.models import Effect


@transaction.atomic
def retry(effect_id: int, *, by: Actor, now: datetime) -> None:
    """Let a failing or dead effect be tried again at once.

    :raises outbox.EffectNotWaiting: if it was delivered or discarded.
    """
    outbox.retry(effect_id, now=now)
    _record("effect retried", effect_id, by=by, now=now)


@transaction.atomic
def discard(effect_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Give an effect up, with the reason.

    :raises outbox.EffectNotWaiting: without a reason, or if it was delivered or discarded.
    """
    outbox.discard(effect_id, reason=reason, now=now)
    _record("effect discarded", effect_id, by=by, now=now, reason=reason)


def _record(action: str, effect_id: int, *, by: Actor, now: datetime, **detail: str) -> None:
    effect = Effect.objects.get(pk=effect_id)
    audit.record(
        action,
        object_kind="effect",
        object_id=effect.pk,
        by=by,
        at=now,
        branch_id=effect.branch_id,
        detail={"key": effect.key, **detail},
    )
