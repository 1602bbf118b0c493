"""Mass alterations: each view translates the request, makes one call, translates the answer."""

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
from vigente.backoffice import long_runs, scope, sending
from vigente.backoffice.mass_alteration.forms import WHAT, WHICH, MassForm
from vigente.backoffice.registers import exporting
from vigente.backoffice.scope import needs
from vigente.domain.codes import MassStatus
from vigente.domain.mass_alteration import REASON_WORDS
from vigente.domain.permissions import Permission
from vigente.domain.readjustment import Readjustment
from vigente.journeys import mass_alteration
from vigente.journeys.mass_alteration import MassRefused
from vigente.outbox import jobs

RUNS_SHOWN = 20
SKIPS_SHOWN = 500
UNDER_WAY = (MassStatus.SIMULATING.value, MassStatus.RUNNING.value)


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
    """Carry out a simulated mass alteration, with or without those that ask for a tick."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    try:
        mass_alteration.execute(
            chosen,
            by=scope.actor(request),
            at=timezone.now(),
            accepts_shortfall=bool(request.POST.get("ciente")),
        )
    except MassRefused as refused:
        messages.error(request, str(refused))
    else:
        _queue(chosen)
    return _back(chosen)


@needs(Permission.MASS_ALTER)
@require_POST
def pause(request: HttpRequest, mass_id: int) -> HttpResponse:
    """Stop a mass alteration after the chunks under way."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    try:
        mass_alteration.pause(chosen, by=scope.actor(request), at=timezone.now())
    except MassRefused as refused:
        messages.error(request, str(refused))
    return _back(chosen)


@needs(Permission.MASS_ALTER)
@require_POST
def resume(request: HttpRequest, mass_id: int) -> HttpResponse:
    """Take up a paused mass alteration."""
    chosen = get_object_or_404(_visible(request), pk=mass_id)
    try:
        mass_alteration.resume(chosen, by=scope.actor(request), at=timezone.now())
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
    return {
        "run": run,
        "words": mass_alteration.words(run),
        "sum": Readjustment(percents_e4=tuple(run.percents)).explanation if run.index_code else "",
        "is_under_way": run.status in UNDER_WAY,
        "phase": long_runs.phase(run),
        "simulated": simulated,
        "written": written,
        "shown": written if run.started_at else simulated,
        "skipped": [(c, REASON_WORDS[c], n) for c, n in mass.skipped_by_reason(run)],
        **long_runs.progress(run, units=written.contracts, now=now),
    }


def _csv(run: MassAlteration, found: QuerySet[MassSkip]) -> HttpResponse:
    columns = (
        ("contrato", lambda skip: skip.contract_id),
        ("cliente", lambda skip: skip.contract.customer.name),
        ("motivo", lambda skip: REASON_WORDS[skip.reason]),
        ("detalhe", lambda skip: skip.sentence),
    )
    return exporting.csv_file(
        exporting.as_shown(columns, found.iterator(), name=f"nao-alterados-{run.pk}")
    )
