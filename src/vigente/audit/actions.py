"""The only writes to the trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from vigente.audit.actor import Actor
from vigente.audit.models import AuditEntry, AuditValue


def record(
    action: str,
    *,
    object_kind: str,
    object_id: int,
    by: Actor,
    at: datetime,
    branch_id: int | None = None,
    values: Mapping[str, tuple[str | None, str | None]] | None = None,
    detail: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Record what somebody did; `values` are before and after, by field.

    The entry names the fields; what they held is kept apart, where it may be redacted.
    """
    values = values or {}
    entry = AuditEntry.objects.create(
        at=at,
        by_user_id=by.user_id,
        by_name=by.name,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        branch_id=branch_id,
        fields=sorted(values),
        detail=dict(detail or {}),
    )
    AuditValue.objects.bulk_create(
        [
            AuditValue(entry=entry, field=field, before=before, after=after)
            for field, (before, after) in values.items()
        ]
    )
    return entry


def record_many(
    action: str,
    *,
    object_kind: str,
    object_ids: Sequence[int],
    by: Actor,
    at: datetime,
    branch_id: int | None = None,
) -> None:
    """Record the same action for many objects."""
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                at=at,
                by_user_id=by.user_id,
                by_name=by.name,
                action=action,
                object_kind=object_kind,
                object_id=object_id,
                branch_id=branch_id,
            )
            for object_id in object_ids
        ],
        batch_size=1000,
    )
