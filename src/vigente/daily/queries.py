"""Reads of the daily schedule: what was done, what failed and is not dealt with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from vigente.daily.models import DailyRun
from vigente.domain.daily import DayStatus

PAGE = 31
IS_ALARM = Q(dealt_at=None) & ~Q(error="")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day stands in the list."""

    day: date
    daily_run_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Days, the newest first, and whether there are newer and older ones."""

    days: Sequence[DailyRun]
    has_newer: bool
    has_older: bool


def days(
    *, branch_ids: Collection[int], statuses: Collection[DayStatus] | None = None
) -> QuerySet[DailyRun]:
    """Return the days of these branches, in no order."""
    found = DailyRun.objects.filter(branch_id__in=branch_ids).select_related("branch", "close_run")
    return found if statuses is None else found.filter(status__in=[s.value for s in statuses])


def alarms(*, branch_ids: Collection[int]) -> QuerySet[DailyRun]:
    """Return the days whose failure nobody dealt with, the newest first."""
    return days(branch_ids=branch_ids).filter(IS_ALARM).order_by("-day", "-pk")


def page(found: QuerySet[DailyRun], *, newer_than: Place | None, older_than: Place | None) -> Page:
    """Return a page of days; what stands at its edge is a place of the list."""
    order = Tuple(F("day"), F("pk"))
    if newer_than:
        bound = (newer_than.day, newer_than.daily_run_id)
        rows = list(found.filter(TupleGreaterThan(order, bound)).order_by("day", "pk")[: PAGE + 1])
        return Page(rows[:PAGE][::-1], has_newer=len(rows) > PAGE, has_older=True)
    if older_than:
        bound = (older_than.day, older_than.daily_run_id)
        found = found.filter(TupleLessThan(order, bound))
    rows = list(found.order_by("-day", "-pk")[: PAGE + 1])
    return Page(rows[:PAGE], has_newer=older_than is not None, has_older=len(rows) > PAGE)


def last_day(branch_id: int, *, before: date) -> date | None:
    """Return the branch's last day on record before a day."""
    found = DailyRun.objects.filter(branch_id=branch_id, day__lt=before)
    day: date | None = found.aggregate(last=Max("day"))["last"]
    return day


def latest(branch_ids: Collection[int]) -> dict[int, DailyRun]:
    """Return the last day of each of these branches."""
    found = (
        DailyRun.objects.filter(branch_id__in=branch_ids)
        .order_by("branch_id", "-day")
        .distinct("branch_id")
    )
    return {one.branch_id: one for one in found}


def closing() -> QuerySet[DailyRun]:
    """Return the days whose close is under way."""
    return (
        DailyRun.objects.filter(status=DayStatus.CLOSING.value)
        .select_related("close_run")
        .order_by("pk")
    )
