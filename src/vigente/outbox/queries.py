"""Reads of the outbox: how much waits, what went wrong, and the list of the screen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from vigente.outbox.models import Effect
from vigente.outbox.states import EffectStatus

WAITING = (EffectStatus.PENDING, EffectStatus.FAILING)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Effects, the newest first, and whether there are newer and older ones."""

    effects: Sequence[Effect]
    has_newer: bool
    has_older: bool


def counts_by_status(
    *,
    statuses: Collection[EffectStatus] = tuple(EffectStatus),
    branch_ids: Collection[int] | None = None,
    kind: str | None = None,
) -> dict[EffectStatus, int]:
    """Return how many effects there are of each of these statuses; every one is named."""
    found = wanted(statuses=statuses, branch_ids=branch_ids, kind=kind)
    counted = dict(found.values_list("status").annotate(Count("pk")).order_by())
    return {status: counted.get(status.value, 0) for status in statuses}


def waiting(
    *, statuses: Collection[EffectStatus] = WAITING, branch_ids: Collection[int] | None = None
) -> QuerySet[Effect]:
    """Return the effects of these statuses, the first to be tried first; of all branches if None.

    Dead ones wait too, for a person: ask for them by their status.
    """
    return wanted(statuses=statuses, branch_ids=branch_ids).order_by("due_at", "pk")


def wanted(
    *,
    statuses: Collection[EffectStatus],
    branch_ids: Collection[int] | None = None,
    kind: str | None = None,
) -> QuerySet[Effect]:
    """Return the effects of these statuses, in no order.

    `branch_ids` None is for who may see all, effects without a branch too.
    """
    found = visible(branch_ids).filter(status__in=[status.value for status in statuses])
    return found if kind is None else found.filter(kind=kind)


def visible(branch_ids: Collection[int] | None) -> QuerySet[Effect]:
    """Return the effects of these branches; of all, and those of none, if None."""
    if branch_ids is None:
        return Effect.objects.all()
    return Effect.objects.filter(branch_id__in=branch_ids)


def page(found: QuerySet[Effect], *, newer_than: int | None, older_than: int | None) -> Page:
    """Return a page of effects; what stands at its edge is an effect's id."""
    if newer_than:
        rows = list(found.filter(pk__gt=newer_than).order_by("pk")[: PAGE + 1])
        return Page(rows[:PAGE][::-1], has_newer=len(rows) > PAGE, has_older=True)
    if older_than:
        found = found.filter(pk__lt=older_than)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], has_newer=older_than is not None, has_older=len(rows) > PAGE)
