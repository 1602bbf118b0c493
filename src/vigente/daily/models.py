"""What the daily schedule did in each branch, day by day, and what it could not do."""

from django.db import models
from django.db.models import F, Q

from vigente.billing.models import CloseRun
from vigente.domain.codes import values
from vigente.domain.daily import DayStatus
from vigente.staff.models import Branch


class DailyRun(models.Model):
    """A branch's day: contracts renewed, ended and altered, the automatic close, any failure.

    Customers were reminded of their bills at `reminded_at`. An error that nobody dealt with is an
    alarm. `caught_up_on` is the day whose work took in that of a day that was missed or failed.
    """

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="daily_runs")
    day = models.DateField()
    status = models.CharField(max_length=8, default=DayStatus.WAITING.value)
    began_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    validity_at = models.DateTimeField(null=True)
    renewed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    altered = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    reminded = models.PositiveIntegerField(default=0)
    close_run = models.ForeignKey(CloseRun, models.PROTECT, null=True, related_name="daily_runs")
    invoices = models.PositiveIntegerField(default=0)
    amount_cents = models.BigIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    caught_up_on = models.DateField(null=True)
    error = models.TextField(blank=True)
    dealt_at = models.DateTimeField(null=True)
    dealt_by_name = models.CharField(max_length=120, blank=True)
    dealt_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "day"], name="daily_run_once"),
            models.CheckConstraint(
                condition=Q(status__in=values(DayStatus)), name="daily_run_status"
            ),
            models.CheckConstraint(
                condition=~Q(status="FAILED", error=""), name="daily_run_failure_says_why"
            ),
            models.CheckConstraint(
                condition=Q(caught_up_on=None) | Q(caught_up_on__gt=F("day")),
                name="daily_run_caught_up_later",
            ),
            models.CheckConstraint(
                condition=~Q(status="MISSED") | Q(close_run=None), name="daily_run_missed_is_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="daily_run_by_day"),
            models.Index(
                fields=["branch"],
                condition=Q(dealt_at=None) & ~Q(error=""),
                name="daily_run_alarm",
            ),
            models.Index(
                fields=["status"], condition=Q(status="CLOSING"), name="daily_run_closing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.day:%d/%m/%Y}"
