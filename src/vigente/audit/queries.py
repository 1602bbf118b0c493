"""Reads of the trail."""

from django.db.models import QuerySet

from vigente.audit.models import AuditEntry


def trail(*, object_kind: str, object_id: int) -> QuerySet[AuditEntry]:
    """Return what was done to an object, the newest first."""
    return AuditEntry.objects.filter(object_kind=object_kind, object_id=object_id).order_by("-pk")
