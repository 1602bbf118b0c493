"""Trilha de auditoria: filtered by the address, page by page, narrowed to the person's branches."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.audit import queries
from vigente.audit.models import AuditEntry
from vigente.audit.queries import TrailPage, Wanted
from vigente.backoffice import fields, scope
from vigente.backoffice.registers import people
from vigente.backoffice.scope import needs
from vigente.backoffice.trail import words
from vigente.domain.permissions import Permission
from vigente.staff.models import Branch

PAGE = 50
FILTERS = ("pessoa", "objeto", "numero", "acao", "de", "ate")


class Filters(forms.Form):
    """What the list is narrowed by; all may be left empty."""

    pessoa = fields.Row("Pessoa", lambda ids: people.rows(ids).order_by("name"), required=False)
    objeto = forms.ChoiceField(label="Objeto", required=False)
    numero = fields.Whole("Número", 0, 999_999_999, required=False)
    acao = forms.ChoiceField(label="Ação", required=False)
    de = fields.Day("De", required=False)
    ate = fields.Day("Até", required=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; emptied values say when."""

    label: str
    before: str
    after: str
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it."""

    entry: AuditEntry
    action: str
    kind: str
    address: str
    which: str
    branch: str
    fields: str
    changes: tuple[Change, ...]
    detail: tuple[tuple[str, str], ...]


@needs(Permission.SEE_TRAIL)
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """List what was done, the newest first."""
    form = _filters(request)
    found = TrailPage((), has_newer=False, has_older=False)
    if form.is_valid():
        found = queries.trail_page(
            queries.wanted_entries(_wanted(request, form.cleaned_data)),
            newer_than=_id(request, "antes"),
            older_than=_id(request, "depois"),
            most=PAGE,
        )
    names = dict(Branch.objects.values_list("pk", "name"))
    entries = found.entries
    context = {
        "form": form,
        "lines": [line(entry, names) for entry in entries],
        "newer": _address(request, antes=entries[0].pk) if entries and found.has_newer else "",
        "older": _address(request, depois=entries[-1].pk) if entries and found.has_older else "",
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
    }
    return render(request, "trail/list.html", context, status=422 if form.errors else 200)


def _filters(request: HttpRequest) -> Filters:
    form = Filters(request.GET)
    for name, offered, every in (
        ("objeto", words.KINDS, "Todos os objetos"),
        ("acao", words.ACTIONS, "Todas as ações"),
    ):
        choice: Any = form.fields[name]
        choice.choices = [("", every), *sorted(offered.items(), key=lambda one: one[1])]
    fields.prepare(form, branch_ids=scope.branch_ids(request))
    anybody: Any = form.fields["pessoa"]
    anybody.choices = [("", "Todas as pessoas"), *anybody.choices[1:]]
    return form


def _wanted(request: HttpRequest, told: dict[str, Any]) -> Wanted:
    sees_all = scope.person(request).is_administrator
    return Wanted(
        branch_ids=None if sees_all else scope.branch_ids(request),
        by_user_id=told["pessoa"],
        object_kind=told["objeto"] or None,
        object_id=told["numero"],
        action=told["acao"] or None,
        since=_midnight(told["de"]) if told["de"] else None,
        until=_midnight(told["ate"] + timedelta(days=1)) if told["ate"] else None,
    )


def line(entry: AuditEntry, branch_names: dict[int, str]) -> Line:
    """Return an entry in the words of people."""
    changes = tuple(
        Change(
            words.field(entry.object_kind, value.field),
            words.value(entry.object_kind, value.field, value.before, branches=branch_names),
            words.value(entry.object_kind, value.field, value.after, branches=branch_names),
            value.redacted_at,
        )
        for value in sorted(entry.values.all(), key=lambda one: one.field)
    )
    return Line(
        entry,
        words.action(entry.action),
        words.kind(entry.object_kind),
        words.address(entry),
        _which(entry, branch_names),
        branch_names.get(entry.branch_id or 0, "—"),
        ", ".join(words.field(entry.object_kind, name) for name in entry.fields),
        changes,
        tuple(words.detail(entry.detail)),
    )


def _which(entry: AuditEntry, branch_names: dict[int, str]) -> str:
    """Name a branch, and give any other object's number."""
    if entry.object_kind in words.BRANCHES and entry.object_id in branch_names:
        return branch_names[entry.object_id]
    return str(entry.object_id or "")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _id(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _address(request: HttpRequest, **changes: int) -> str:
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return "?" + urlencode({**kept, **changes})
