"""Alarms of the daily schedule, as every page tells who may see them."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from vigente.backoffice import scope
from vigente.backoffice.alarms import COUNTED_AT_MOST, TOLD_AT_MOST, Alarms
from vigente.daily import queries
from vigente.daily.models import DailyRun
from vigente.domain import daily
from vigente.outbox import jobs

SHOWN_OF_AN_ERROR = 160


def open_alarms(request: HttpRequest) -> Alarms:
    """Return the alarms of the person's branches."""
    days = list(queries.alarms(branch_ids=scope.branch_ids(request))[:COUNTED_AT_MOST])
    beat = jobs.last_beat()
    # where no worker ever was, only the page of schedules says so
    silence = silence_told(beat, now=timezone.now()) if beat else ""
    told = [_told(day) for day in days[:TOLD_AT_MOST]]
    if len(days) > TOLD_AT_MOST:
        told[-1] = f"{told[-1]} Há mais {len(days) - TOLD_AT_MOST} a resolver."
    if silence:
        told.insert(0, silence)
    return Alarms(len(days) + bool(silence), tuple(told))


def silence_told(beat: datetime | None, *, now: datetime) -> str:
    """Say since when nobody keeps the schedule; empty while somebody does."""
    if not daily.is_silent(beat, now=now):
        return ""
    since = f" desde {timezone.localtime(beat):%d/%m/%Y %H:%M}" if beat else ""
    return (
        f"As tarefas automáticas não rodam{since}: nada é faturado nem enviado sozinho. "
        "Confira se «vigente worker» está no ar."
    )


def _told(day: DailyRun) -> str:
    error = day.error.strip()
    if len(error) > SHOWN_OF_AN_ERROR:
        error = f"{error[:SHOWN_OF_AN_ERROR]}…"
    return f"{day.branch.name}, {day.day:%d/%m/%Y}: {error}"
