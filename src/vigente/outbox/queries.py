"""Reads of the outbox: how much waits, and what went wrong."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from vigente.outbox.models import Effect
from vigente.outbox.states import EffectStatus

UNSETTLED = (EffectStatus.PENDING, EffectStatus.FAILING)


def counts_by_status() -> dict[EffectStatus, int]:
    """Return how many effects there are of each status; every status is named."""
    counted = dict(Effect.objects.values_list("status").annotate(Count("pk")).order_by())
    return {status: counted.get(status.value, 0) for status in EffectStatus}


def waiting(
    *, statuses: Collection[EffectStatus] = UNSETTLED, branch_ids: Collection[int] | None = None
) -> QuerySet[Effect]:
    """Return the effects of these statuses, the first to be tried first; of all branches if None.

    Dead ones wait too, for a person: ask for them by their status.
    """
    found = Effect.objects.filter(status__in=[status.value for status in statuses])
    if branch_ids is not None:
        found = found.filter(branch_id__in=branch_ids)
    return found.order_by("due_at", "pk")
