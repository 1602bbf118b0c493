"""The trail: ids and field names here, personal values in a table that may be redacted."""

from django.db import models


class AuditEntry(models.Model):
    """One thing that somebody did; never updated, never deleted."""

    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    branch_id = models.BigIntegerField(null=True)
    fields = models.JSONField(default=list)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-at"], name="audit_by_object"),
            models.Index(fields=["by_user_id", "-at"], name="audit_by_person"),
            models.Index(fields=["-at"], name="audit_by_time"),
            # what is rare is found without reading the whole trail
            models.Index(fields=["action", "-at"], name="audit_by_action"),
            models.Index(fields=["branch_id", "-at"], name="audit_by_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_id}"


class AuditValue(models.Model):
    """What a field was and became; `redact` may empty it, nothing else may touch it."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="values")
    field = models.CharField(max_length=60)
    before = models.TextField(null=True)
    after = models.TextField(null=True)
    redacted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "field"], name="audit_value_once"),
        ]

    def __str__(self) -> str:
        return self.field


class SentForm(models.Model):
    """A form that was carried out, by the key its page gave it: a second click finds the first."""

    key = models.UUIDField(primary_key=True)
    by_user_id = models.BigIntegerField()
    at = models.DateTimeField()
    went_to = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="sent_form_by_time")]

    def __str__(self) -> str:
        return f"{self.key}"
