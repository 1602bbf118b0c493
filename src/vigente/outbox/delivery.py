"""Delivering effects: one at a time, each in its own transaction, again later where it fails.

An effect is marked delivered after its handler returns. Where the process dies in between, the
handler is called again with the same key, so every port takes a key and does nothing twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from vigente.gateways.messages.port import DeliveryFailed
from vigente.outbox.models import Effect, FailedAttempt
from vigente.outbox.states import EffectStatus

type Handler = Callable[[Effect], None]

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12
WAITING = (EffectStatus.PENDING.value, EffectStatus.FAILING.value)

log = structlog.get_logger()


def due(*, now: datetime) -> QuerySet[Effect]:
    """Return the effects whose time has come, oldest first."""
    return Effect.objects.filter(status__in=WAITING, due_at__lte=now).order_by("due_at", "pk")


def deliver_due(*, now: datetime, handlers: Mapping[str, Handler], most: int = 500) -> int:
    """Deliver what is due; return how many effects were tried."""
    tried = 0
    while tried < most and _deliver_next(now=now, handlers=handlers):
        tried += 1
    return tried


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 1, 2, 4 … minutes, at most 6 h.

    >>> [int(wait_after(n).total_seconds() // 60) for n in (1, 2, 3, 12)]
    [1, 2, 4, 360]
    """
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _nobody(effect: Effect) -> None:
    raise DeliveryFailed(f"não há quem entregue «{effect.kind}»", permanent=False)


@transaction.atomic
def _deliver_next(*, now: datetime, handlers: Mapping[str, Handler]) -> bool:
    effect = due(now=now).select_for_update(skip_locked=True).first()
    if effect is None:
        return False
    effect.attempts += 1
    handler = handlers.get(effect.kind, _nobody)
    try:
        with transaction.atomic():
            handler(effect)
    except DeliveryFailed as failed:
        _fail(effect, str(failed), now=now, permanent=failed.permanent)
    except Exception as fault:
        log.exception("effect failed", key=effect.key)
        _fail(effect, f"{type(fault).__name__}: {fault}", now=now, permanent=False)
    else:
        effect.status, effect.settled_at = EffectStatus.DELIVERED.value, now
        effect.last_error = ""
    effect.save(update_fields=["status", "attempts", "due_at", "settled_at", "last_error"])
    return True


def _fail(effect: Effect, why: str, *, now: datetime, permanent: bool) -> None:
    effect.last_error = why.strip() or "sem explicação"
    FailedAttempt.objects.create(effect=effect, at=now, error=effect.last_error)
    if permanent or effect.attempts >= MOST_ATTEMPTS:
        effect.status, effect.settled_at = EffectStatus.DEAD.value, now
    else:
        effect.status = EffectStatus.FAILING.value
        effect.due_at = now + wait_after(effect.attempts)
