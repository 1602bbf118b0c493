"""Mass alterations: each view translates the request, makes one call, translates the answer."""

import csv
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vigente.alterations import mass, queries
from vigente.alterations.models import MassAlteration, MassSkip
from vigente.backoffice import scope, sending
from vigente.backoffice.mass_alteration.forms import WHAT, WHICH, MassForm
from vigente.backoffice.scope import needs
from vigente.domain.codes import ChunkStatus, MassStatus
from vigente.domain.mass_alteration import REASON_WORDS
from vigente.domain.permissions import Permission
from vigente.domain.readjustment import Readjustment
from vigente.journeys import mass_alteration
from vigente.journeys.mass_alteration import MassRefused
from vigente.outbox import jobs

RUNS_SHOWN = 20
SKIPS_SHOWN = 500
UNDER_WAY = (MassStatus.SIMULATING.value, MassStatus.RUNNING.value)
FORMULAS = ("=", "+", "-", "@", "\t")


@needs(Permission.MASS_ALTER)
def start(request: HttpRequest) -> HttpResponse:
    """Show the mass alterations and the form of a new one; a sent form begins its simulation."""
    form = MassForm(
        request.POST if request.method == "POST" else None,
        branches=scope.branches(request),
        all_branches=scope.person(request).is_administrator,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return sending.once(request, lambda: _begin(request, form))
        except MassRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "what": [form[name] for name in WHAT],
        "which": [form[name] for name in WHICH],
        "runs": [(run, mass_alteration.words(run)) for run in _visible(request)[:RUNS_SHOWN]],
        "envio": sending.key(request),
    }
    status = 422 if form.is_bound else 200
    return render(request, "mass_alteration/start.html", context, status=status)


@needs(Permission.MASS_ALTER)
@require_GET
def run(request: HttpRequest, mass_id: int) -> HttpResponse:
    """Show a mass alteration: its simulation, its progress or its report."""
    shown = get_object_or_404(_visible(request), pk=mass_id)
    part = "_run.html" if request.headers.get("HX-Request") else "run.html"
    return render(request, f"mass_alteration/{part}", _context(shown, now=timezone.now()))


@needs(Permission.MASS_ALTER)
@require_POST
def execute(request: HttpRequest, mass_id: int) -> HttpResponse:
    """Carry out a simulated mass alteration."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    try:
        mass_alteration.execute(chosen, by=scope.actor(request), at=timezone.now())
    except MassRefused as refused:
        messages.error(request, str(refused))
    else:
        _queue(chosen)
    return _back(chosen)


@needs(Permission.MASS_ALTER)
@require_POST
def discard(request: HttpRequest, mass_id: int) -> HttpResponse:
    """Put a simulation aside."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    try:
        mass_alteration.discard(chosen, by=scope.actor(request), at=timezone.now())
    except MassRefused as refused:
        messages.error(request, str(refused))
        return _back(chosen)
    return redirect("mass-alterations")


@needs(Permission.MASS_ALTER)
@require_GET
def skips(request: HttpRequest, mass_id: int) -> HttpResponse:
    """List the contracts that are left as they are; `formato=csv` downloads them."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    reason = request.GET.get("motivo")
    known = reason if reason in REASON_WORDS else None
    found = queries.skips(chosen, reason=known)
    if request.GET.get("formato") == "csv":
        return _csv(chosen, found)
    context = {
        "run": chosen,
        "skips": found[:SKIPS_SHOWN],
        "reason": known,
        "word": REASON_WORDS.get(known or ""),
    }
    return render(request, "mass_alteration/skips.html", context)


def _begin(request: HttpRequest, form: MassForm) -> str:
    begun = mass_alteration.begin(
        form.asked(), form.choice(), by=scope.actor(request), at=timezone.now()
    )
    _queue(begun)
    return reverse("mass-alteration-run", args=[begun.pk])


def _visible(request: HttpRequest) -> QuerySet[MassAlteration]:
    return queries.visible_mass(
        scope.branch_ids(request), all_branches=scope.person(request).is_administrator
    )


def _queue(run: MassAlteration) -> None:
    jobs.queue(jobs.MASS_ALTERATION, once=f"mass alteration {run.pk}", mass_id=run.pk)


def _back(run: MassAlteration) -> HttpResponseRedirect:
    return redirect("mass-alteration-run", mass_id=run.pk)


def _context(run: MassAlteration, *, now: datetime) -> dict[str, Any]:
    simulated, written = mass.simulated(run), mass.written(run)
    chunks = run.chunks.count()
    if run.started_at is None:
        done = run.chunks.exclude(simulated__isnull=True).count()
    else:
        done = run.chunks.filter(status=ChunkStatus.DONE.value).count()
    began = run.started_at or run.created_at
    seconds = max(((run.finished_at or now) - began).total_seconds(), 0.1)
    return {
        "run": run,
        "words": mass_alteration.words(run),
        "sum": Readjustment(percents_e4=tuple(run.percents)).explanation if run.index_code else "",
        "is_under_way": run.status in UNDER_WAY,
        "phase": _phase(run),
        "simulated": simulated,
        "written": written,
        "shown": written if run.started_at else simulated,
        "skipped": [(c, REASON_WORDS[c], n) for c, n in mass.skipped_by_reason(run)],
        "chunks": chunks,
        "chunks_done": done,
        "percent": round(100 * done / chunks) if chunks else 100,
        "seconds": round(seconds),
        "rate": round(written.contracts / seconds),
    }


def _phase(run: MassAlteration) -> int:
    if run.status == MassStatus.DONE.value:
        return 3
    return 2 if run.started_at else 1


def _csv(run: MassAlteration, found: QuerySet[MassSkip]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="nao-alterados-{run.pk}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(["contrato", "cliente", "motivo", "detalhe"])
    for skip in found.iterator():
        name = skip.contract.customer.name
        row = [skip.contract_id, _harmless(name), REASON_WORDS[skip.reason]]
        writer.writerow([*row, _harmless(skip.sentence)])
    return answer


def _harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in FORMULAS else text
