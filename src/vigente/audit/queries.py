"""Reads of the trail."""

from django.db.models import QuerySet

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
