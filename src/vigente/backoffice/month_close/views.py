"""The month close: each view translates the request, makes one call, translates the answer."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vigente.backoffice import long_runs, scope
from vigente.backoffice.month_close import chart
from vigente.backoffice.month_close.forms import CloseForm
from vigente.backoffice.registers import exporting
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import reason_word
from vigente.billing import queries, runs
from vigente.billing.models import CloseRun
from vigente.domain.close_plan import CloseTerms
from vigente.domain.codes import CloseStatus
from vigente.domain.money import amount
from vigente.domain.permissions import Permission
from vigente.journeys import month_close
from vigente.outbox import jobs

RUNS_SHOWN = 20
UNDER_WAY = (CloseStatus.SIMULATING.value, CloseStatus.RUNNING.value)


@needs(Permission.CLOSE_MONTH)
def start(request: HttpRequest) -> HttpResponse:
    """Show the runs and the form of a new one; a sent form begins its simulation."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        run = month_close.begin(
            terms=CloseTerms(
                issued_on=timezone.localdate(),
                due_until=form.due_until_day(),
                back_periods_approved=form.cleaned_data["approve_back_periods"],
            ),
            choice=form.choice(),
            reference_month=form.cleaned_data["month"],
            by=scope.actor(request),
            at=timezone.now(),
        )
        _queue(run)
        return redirect("month-close-run", run_id=run.pk)
    context = {"form": form, "runs": _visible(request)[:RUNS_SHOWN]}
    status = 422 if form.is_bound else 200
    return render(request, "month_close/start.html", context, status=status)


@needs(Permission.CLOSE_MONTH)
@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run: its simulation, its progress or its report."""
    shown = get_object_or_404(_visible(request), pk=run_id)
    part = "_run.html" if request.headers.get("HX-Request") else "run.html"
    return render(request, f"month_close/{part}", _context(shown, now=timezone.now()))


@needs(Permission.CLOSE_MONTH)
@require_POST
def execute(request: HttpRequest, run_id: int) -> HttpResponse:
    """Carry out a simulated run, or take up a paused one."""
    chosen = get_object_or_404(_visible(request), pk=run_id)
    try:
        month_close.execute(chosen, by=scope.actor(request), at=timezone.now())
    except month_close.CloseRefused as refused:
        messages.error(request, str(refused))
    else:
        _queue(chosen)
    return _back(chosen)


@needs(Permission.CLOSE_MONTH)
@require_POST
def pause(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run after the chunks under way."""
    chosen = get_object_or_404(_visible(request), pk=run_id)
    try:
        month_close.pause(chosen, by=scope.actor(request), at=timezone.now())
    except month_close.CloseRefused as refused:
        messages.error(request, str(refused))
    return _back(chosen)


@needs(Permission.CLOSE_MONTH)
@require_POST
def discard(request: HttpRequest, run_id: int) -> HttpResponse:
    """Put a simulation aside."""
    chosen = get_object_or_404(_visible(request), pk=run_id)
    try:
        month_close.discard(chosen, by=scope.actor(request), at=timezone.now())
    except month_close.CloseRefused as refused:
        messages.error(request, str(refused))
        return _back(chosen)
    return redirect("month-close")


@needs(Permission.CLOSE_MONTH)
@require_GET
def holds(request: HttpRequest, run_id: int) -> HttpResponse:
    """List the contracts that the run left for later; `formato=csv` downloads them."""
    chosen = get_object_or_404(_visible(request), pk=run_id)
    reason = request.GET.get("motivo")
    known = chosen.holds.values_list("reason", flat=True).distinct()
    found = queries.holds(chosen, reason=reason if reason in known else None)
    if request.GET.get("formato") == "csv":
        return _csv(chosen, found)
    context = {"run": chosen, "holds": found[:500], "reason": reason if reason in known else None}
    return render(request, "month_close/holds.html", context)


def _form(request: HttpRequest) -> CloseForm:
    return CloseForm(
        request.POST if request.method == "POST" else None,
        branches=scope.branches(request),
        all_branches=scope.person(request).is_administrator,
    )


def _visible(request: HttpRequest) -> Any:
    return queries.visible_runs(
        scope.branch_ids(request),
        all_branches=scope.person(request).is_administrator,
    )


def _queue(run: CloseRun) -> None:
    jobs.queue(jobs.CLOSE_RUN, once=f"close {run.pk}", run_id=run.pk)


def _back(run: CloseRun) -> HttpResponseRedirect:
    return redirect("month-close-run", run_id=run.pk)


def _context(run: CloseRun, *, now: datetime) -> dict[str, Any]:
    simulated, written = runs.simulated(run), runs.written(run)
    is_before = run.status in (CloseStatus.SIMULATING.value, CloseStatus.SIMULATED.value)
    shown = simulated if is_before or not run.started_at else written
    held = shown.held_contracts or simulated.held_contracts
    held_cents = shown.held_cents if shown.held_contracts else simulated.held_cents
    return {
        "run": run,
        "is_under_way": run.status in UNDER_WAY,
        "phase": long_runs.phase(run),
        "simulated": simulated,
        "written": written,
        "shown": shown,
        "held": [(r, n, held_cents.get(r, 0)) for r, n in sorted(held.items())],
        "held_total": sum(held.values()),
        "held_cents": sum(held_cents.values()),
        "bars": chart.bars(
            (simulated if simulated.invoices else written).by_due_on,
            held=(simulated if simulated.invoices else written).held_by_due_on,
        ),
        "difference": written.amount_cents - simulated.amount_cents,
        **long_runs.progress(run, units=written.invoices, now=now),
    }


def _csv(run: CloseRun, found: Any) -> HttpResponse:
    columns = (
        ("contrato", lambda hold: hold.contract_id),
        ("cliente", lambda hold: hold.contract.customer.name),
        ("motivo", lambda hold: reason_word(hold.reason)),
        ("detalhe", lambda hold: hold.detail),
        ("vencimento", lambda hold: f"{hold.due_on:%d/%m/%Y}" if hold.due_on else ""),
        ("valor", lambda hold: amount(hold.amount_cents)),
    )
    return exporting.csv_file(
        exporting.as_shown(columns, found.iterator(), name=f"retidos-{run.pk}")
    )
