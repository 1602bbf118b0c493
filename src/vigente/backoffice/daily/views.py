"""Agendamentos: when each branch closes by itself, and what each day came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import scope
from vigente.backoffice.daily import alarms
from vigente.backoffice.parameters import places
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.daily import queries
from vigente.daily.models import DailyRun
from vigente.daily.queries import Place
from vigente.domain import daily, parameters
from vigente.domain.daily import DayStatus
from vigente.domain.parameters import (
    CLOSE_AUTOMATICALLY,
    CLOSE_HOUR,
    CLOSE_LEAD_DAYS,
    Resolved,
    Scope,
)
from vigente.domain.permissions import Permission
from vigente.outbox import jobs
from vigente.parameters import queries as settings
from vigente.staff.models import Branch

SETTINGS = (CLOSE_AUTOMATICALLY, CLOSE_HOUR, CLOSE_LEAD_DAYS)
VIEWS: tuple[tuple[str, str, tuple[DayStatus, ...] | None], ...] = (
    ("", "Todos", None),
    ("feitos", "Feitos", (DayStatus.DONE,)),
    ("em-andamento", "Em andamento", (DayStatus.WAITING, DayStatus.CLOSING)),
    ("perdidos", "Perdidos e com falha", (DayStatus.MISSED, DayStatus.FAILED)),
)
FILTERS = ("situacao", "filial")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A branch with what its automatic close is set to, and when that is next."""

    branch: Branch
    values: tuple[tuple[str, str, str], ...]
    next_at: datetime | None


@needs(Permission.SEE_SCHEDULE)
@require_GET
def day_list(request: HttpRequest) -> HttpResponse:
    """List what each branch did by itself, the last day first, and its settings above."""
    asked, now = request.GET, timezone.now()
    view = asked.get("situacao", "")
    statuses = {code: statuses for code, _, statuses in VIEWS}.get(view)
    branch_ids = scope.chosen_branch_ids(request, of_address.number(asked, "filial"))
    page = queries.page(
        queries.days(branch_ids=branch_ids, statuses=statuses),
        newer_than=_place(asked, "antes"),
        older_than=_place(asked, "depois"),
    )
    shown = page.days
    context = {
        "scheduled": _scheduled(request, now=now),
        "alarm_days": queries.alarms(branch_ids=scope.branch_ids(request))[:20],
        "days": shown,
        # once a worker was there, every page tells it
        "silence": "" if jobs.last_beat() else alarms.silence_told(None, now=now),
        "views": [(code, title, _address(request, situacao=code)) for code, title, _ in VIEWS],
        "view": view,
        "asked": asked,
        "branches": scope.branches(request),
        "is_filtered": any(asked.get(name) for name in FILTERS),
        "newer": _address(request, antes=_written(shown[0])) if shown and page.has_newer else "",
        "older": _address(request, depois=_written(shown[-1])) if shown and page.has_older else "",
    }
    return render(request, "daily/list.html", context)


def _scheduled(request: HttpRequest, *, now: datetime) -> list[Scheduled]:
    branches = [branch for branch in scope.branches(request) if branch.is_active]
    ids = [branch.pk for branch in branches]
    latest = queries.latest(ids)
    resolved = settings.resolved_in_branches(SETTINGS, branch_ids=ids)
    return [
        _schedule(branch, resolved[branch.pk], latest.get(branch.pk), now=now)
        for branch in branches
    ]


def _schedule(
    branch: Branch, resolved: Mapping[str, Resolved], last: DailyRun | None, *, now: datetime
) -> Scheduled:
    words_of = places.of_branch(branch).words
    here = now.astimezone(ZoneInfo(branch.time_zone))
    is_begun = last is not None and last.day == here.date() and last.close_run_id is not None
    closes, hour = resolved[CLOSE_AUTOMATICALLY.name], resolved[CLOSE_HOUR.name]
    words = tuple(
        (
            one.name,
            parameters.words(one, resolved[one.name].value),
            _from(resolved[one.name].scope, words_of),
        )
        for one in SETTINGS
    )
    next_at = daily.next_close(here, hour=int(hour.value or 0), is_begun=is_begun)
    return Scheduled(branch, words, next_at if closes.value else None)


def _from(found: Scope | None, words: Mapping[Scope, str]) -> str:
    return "padrão" if found is None else words.get(found, "padrão")


def _place(asked: QueryDict, name: str) -> Place | None:
    """Return the place named in the address: day and number."""
    day, _, number = asked.get(name, "").partition(".")
    on, daily_run_id = of_address.a_day(day), of_address.a_number(number)
    return Place(on, daily_run_id) if on is not None and daily_run_id is not None else None


def _written(day: DailyRun) -> str:
    return f"{day.day:%Y-%m-%d}.{day.pk}"


def _address(request: HttpRequest, **changes: object) -> str:
    return of_address.address(request.GET, keep=FILTERS, **changes)
