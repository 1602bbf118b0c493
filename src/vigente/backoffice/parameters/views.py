"""Parameters of the system, a branch, a plan or a contract; one small form for each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import scope, sending
from vigente.backoffice.parameters import page, places
from vigente.backoffice.parameters.places import Place
from vigente.backoffice.scope import needs
from vigente.catalog.models import SalePlan
from vigente.contracts.models import Contract
from vigente.domain.parameters import PARAMETERS, Parameter, Scope
from vigente.domain.permissions import Permission
from vigente.imports.cells import BadCell
from vigente.parameters import actions
from vigente.parameters.actions import ChangedMeanwhile, OwnValue
from vigente.staff.models import Branch

INHERIT = "herdar"


@needs(Permission.SEE_PARAMETERS)
@require_GET
def parameters(request: HttpRequest) -> HttpResponse:
    """Lead to the chosen scope: the system for administrators, else the first branch."""
    chosen = request.GET.get("escopo", "")
    seen = {str(branch.pk): branch for branch in scope.branches(request)}
    if chosen in seen:
        return redirect("parameters-branch", branch_id=seen[chosen].pk)
    if scope.person(request).is_administrator:
        return redirect("parameters-system")
    if seen:
        return redirect("parameters-branch", branch_id=next(iter(seen.values())).pk)
    raise PermissionDenied


@needs(Permission.SEE_PARAMETERS)
def of_system(request: HttpRequest) -> HttpResponse:
    """Show and change what all branches inherit; only administrators may."""
    if not scope.person(request).is_administrator:
        raise PermissionDenied
    return _answer(request, places.SYSTEM)


@needs(Permission.SEE_PARAMETERS)
def of_branch(request: HttpRequest, branch_id: int) -> HttpResponse:
    """Show and change what a branch has of its own."""
    return _answer(request, places.of_branch(_branch(request, branch_id)))


@needs(Permission.SEE_PARAMETERS)
def of_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show and change what the contracts of a sale plan have of their own."""
    plan = get_object_or_404(SalePlan.objects.select_related("branch"), pk=plan_id)
    if plan.branch_id is not None:
        return _answer(request, places.of_plan(plan, branch=_branch(request, plan.branch_id)))
    if not scope.branches(request):
        raise Http404
    return _answer(request, places.of_plan(plan, branch=scope.branches(request)[0]))


@needs(Permission.SEE_PARAMETERS)
def of_contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Show and change what a contract has of its own."""
    contract = get_object_or_404(
        Contract.objects.select_related("branch"),
        pk=contract_id,
        branch_id__in=scope.branch_ids(request),
    )
    held = contract.plans.select_related("sale_plan").order_by("-starts_on").first()
    return _answer(
        request, places.of_contract(contract, plan=held.sale_plan if held is not None else None)
    )


def _branch(request: HttpRequest, branch_id: int) -> Branch:
    for branch in scope.branches(request):
        if branch.pk == branch_id:
            return branch
    raise Http404


def _answer(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method != "POST":
        return _shown(request, place, {})
    parameter = PARAMETERS.get(request.POST.get("parametro", ""))
    if parameter is None or place.scope not in parameter.scopes:
        raise Http404
    if page.needed(parameter) not in scope.allowed(request):
        raise PermissionDenied
    form = page.value_form(parameter, request.POST)
    try:
        if INHERIT in request.POST:
            return sending.once(request, lambda: _change(request, place, parameter, None))
        if form.is_valid():
            own = OwnValue(form.cleaned_data[page.VALUE])
            return sending.once(request, lambda: _change(request, place, parameter, own))
    except ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
    return _shown(request, place, {parameter.name: form})


def _change(request: HttpRequest, place: Place, parameter: Parameter, own: OwnValue | None) -> str:
    actions.change(
        parameter,
        own,
        scope=place.scope,
        scope_id=place.scope_id,
        seen=_seen(request, parameter),
        by=scope.actor(request),
        now=timezone.now(),
    )
    done = "volta a herdar" if own is None else "foi salvo"
    messages.success(request, f"«{parameter.title}» {done}.")
    return f"{request.path}#{parameter.name}"


def _seen(request: HttpRequest, parameter: Parameter) -> OwnValue | None:
    """Return the own value that the page showed; what is forged was never seen."""
    if request.POST.get("proprio") != "1":
        return None
    try:
        return OwnValue(page.read_seen(parameter, request.POST.get("visto", "")))
    except BadCell:
        return None


def _shown(request: HttpRequest, place: Place, sent: dict[str, forms.Form]) -> HttpResponse:
    context: dict[str, Any] = {
        "place": place,
        "groups": page.rows(
            place, allowed=scope.allowed(request), sent=sent, key=sending.key(request)
        ),
        "branches": scope.branches(request),
        "is_administrator": scope.person(request).is_administrator,
        "is_system": place.scope is Scope.SYSTEM,
        "is_branch": place.scope is Scope.BRANCH,
        "back": reverse("contract", args=[place.scope_id]) if place.scope is Scope.CONTRACT else "",
    }
    return render(request, "parameters/page.html", context, status=422 if sent else 200)
