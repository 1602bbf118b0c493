"""Reads of the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from vigente.audit.models import AuditEntry, AuditValue


def trail(*, object_kind: str, object_id: int) -> QuerySet[AuditEntry]:
    """Return what was done to an object, the newest first."""
    return AuditEntry.objects.filter(object_kind=object_kind, object_id=object_id).order_by("-pk")


def last_changes(*, object_kind: str, object_id: int) -> dict[str, AuditEntry]:
    """Return the last entry that changed each field of an object."""
    values = (
        AuditValue.objects.filter(entry__object_kind=object_kind, entry__object_id=object_id)
        .select_related("entry")
        .order_by("field", "-entry_id")
        .distinct("field")
    )
    return {value.field: value.entry for value in values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the trail; None asks for everything.

    `branch_ids` None is for who may see all, entries without a branch too.
    """

    branch_ids: Sequence[int] | None
    by_user_id: int | None = None
    object_kind: str | None = None
    object_id: int | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries, the newest first, and whether there are newer and older ones."""

    entries: Sequence[AuditEntry]
    has_newer: bool
    has_older: bool


def wanted_entries(wanted: Wanted) -> QuerySet[AuditEntry]:
    """Return the entries that were asked for, in no order."""
    asked = {
        "branch_id__in": wanted.branch_ids,
        "by_user_id": wanted.by_user_id,
        "object_kind": wanted.object_kind,
        "object_id": wanted.object_id,
        "action": wanted.action,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return AuditEntry.objects.filter(**given).prefetch_related("values")


def trail_page(
    found: QuerySet[AuditEntry], *, newer_than: int | None, older_than: int | None, most: int
) -> TrailPage:
    """Return a page of entries; what stands at its edge is an entry's id.

    The moment alone bounds the range, so that the index leads to it; the id decides within it.
    """
    edge_id = newer_than or older_than
    edge = AuditEntry.objects.filter(pk=edge_id).first() if edge_id else None
    if edge is None:
        entries = list(found.order_by("-at", "-pk")[: most + 1])
        return TrailPage(entries[:most], has_newer=False, has_older=len(entries) > most)
    if newer_than:
        beyond = Q(at__gte=edge.at) & (Q(at__gt=edge.at) | Q(pk__gt=edge.pk))
        entries = list(found.filter(beyond).order_by("at", "pk")[: most + 1])
        return TrailPage(entries[:most][::-1], has_newer=len(entries) > most, has_older=True)
    beyond = Q(at__lte=edge.at) & (Q(at__lt=edge.at) | Q(pk__lt=edge.pk))
    entries = list(found.filter(beyond).order_by("-at", "-pk")[: most + 1])
    return TrailPage(entries[:most], has_newer=True, has_older=len(entries) > most)
