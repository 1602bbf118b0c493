"""What must happen outside the database, written in the transaction that wants it."""

from django.db import models

from vigente.domain.codes import values
from vigente.outbox.states import EffectStatus


class Effect(models.Model):
    """One thing to do outside: exactly one per key, delivered after the commit."""

    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    branch_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=12, default=EffectStatus.PENDING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    discard_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="effect_once_per_key"),
            models.CheckConstraint(
                condition=models.Q(status__in=values(EffectStatus)), name="effect_status"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(status__in=["PENDING", "FAILING"]),
                name="effect_waiting",
            ),
            models.Index(fields=["status", "id"], name="effect_by_status"),
        ]

    def __str__(self) -> str:
        return self.key


class FailedAttempt(models.Model):
    """One attempt to deliver an effect that failed, and why."""

    effect = models.ForeignKey(Effect, models.PROTECT, related_name="failures")
    at = models.DateTimeField()
    error = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(error=""), name="failed_attempt_says_why"),
        ]

    def __str__(self) -> str:
        return self.error
