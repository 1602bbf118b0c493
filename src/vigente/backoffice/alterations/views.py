"""The assistant's three steps, and the page of an alteration."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from vigente.alterations import asking, queries, record
from vigente.alterations.actions import AlterationNotOpen, AlterationTaken
from vigente.alterations.asking import AskedRefused
from vigente.alterations.models import Alteration
from vigente.backoffice import fields, scope, sending
from vigente.backoffice.alterations import forms
from vigente.backoffice.alterations.forms import SettingsForm, Terms
from vigente.backoffice.contracts.item_views import discount_limit, visible
from vigente.backoffice.registers import asked as lines_of
from vigente.backoffice.scope import needs
from vigente.billing import facts
from vigente.contracts.models import Contract
from vigente.domain import alteration_words, discounts, items, money
from vigente.domain.alteration_plan import AlterationPlan, AlterationRefused
from vigente.domain.alteration_preconditions import Refusal
from vigente.domain.codes import AlterationStatus, ItemKind
from vigente.domain.permissions import Permission
from vigente.journeys import alteration as journey
from vigente.journeys import documents
from vigente.journeys.alteration import (
    AlterationChanged,
    Asker,
    TickMissing,
    UnreachableSigner,
)

PREVIEW = "previa"


@needs(Permission.CHANGE_CONTRACTS)
def begin(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Step 1 of a new alteration; an open one is taken up again instead."""
    contract = visible(request, contract_id)
    there = queries.open_of(contract.pk)
    if there is not None:
        messages.warning(
            request,
            f"Este contrato já tem a alteração {there.pk} aberta, de {there.by_name}. Continue-a "
            "aqui, ou descarte-a.",
        )
        return redirect(_current_step(there))
    compensated = _compensated(request, contract)
    form = _settings_form(request, contract, None)
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _begin(request, contract, form, compensated))
        except AlterationTaken as taken:
            form.add_error(None, str(taken))
    return _settings_step(request, contract, form, draft=None, compensated=compensated)


@needs(Permission.CHANGE_CONTRACTS)
def settings(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Step 1 of a draft, to be changed."""
    draft = _visible(request, alteration_id)
    if draft.status != AlterationStatus.DRAFT.value:
        return redirect("alteration", draft.pk)
    form = _settings_form(request, draft.contract, draft)
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _configure(draft, form))
        except AlterationNotOpen as gone:
            form.add_error(None, str(gone))
    return _settings_step(request, draft.contract, form, draft=draft)


@needs(Permission.CHANGE_CONTRACTS)
def terms(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Step 2: today's contract beside the new one, with what it comes to as one types."""
    draft = _visible(request, alteration_id)
    if draft.status != AlterationStatus.DRAFT.value:
        return redirect("alteration", draft.pk)
    branch_ids = scope.branch_ids(request)
    if request.method != "POST":
        asked = forms.opened(draft, asking.of(draft), branch_ids=branch_ids)
        return _terms_step(request, draft, asked, _foresee(draft, asking.of(draft)))
    asked = forms.sent(draft, request.POST, branch_ids=branch_ids)
    foreseen = Foreseen()
    if asked.is_valid():
        _refuse_large_discounts(request, draft, asked)
        foreseen = _foresee(draft, asked.asked())
        is_fine = not asked.lines.total_error_count() and foreseen.plan is not None
        if PREVIEW not in request.POST and is_fine:
            try:
                return sending.once(request, lambda: _keep(draft, asked))
            except AlterationNotOpen as gone:
                asked.form.add_error(None, str(gone))
    return _terms_step(request, draft, asked, foreseen)


@needs(Permission.CHANGE_CONTRACTS)
def conclude(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Step 3: the whole plan in words and figures; Concluir carries it out."""
    draft = _visible(request, alteration_id)
    if draft.status != AlterationStatus.DRAFT.value:
        return redirect("alteration", draft.pk)
    refusal, is_refused = "", request.method == "POST"
    try:
        if request.method == "POST":
            return sending.once(request, lambda: _conclude(request, draft))
        plan = journey.plan_of(draft, today=timezone.localdate())
    except (AskedRefused, AlterationRefused) as refused:
        told = getattr(refused, "refusals", None)
        for sentence in [r.sentence for r in told] if told else [str(refused)]:
            messages.error(request, sentence)
        return redirect("alteration-terms", draft.pk)
    except AlterationChanged as changed:
        plan, refusal = changed.plan, str(changed)
    except (TickMissing, UnreachableSigner, *documents.REFUSALS) as missing:
        plan = journey.plan_of(draft, today=timezone.localdate())
        refusal = str(missing)
    except AlterationNotOpen as gone:
        messages.error(request, str(gone))
        return redirect("alteration", draft.pk)
    context = _plan_context(plan) | {
        "alteration": draft,
        "contract": draft.contract,
        "refusal": refusal,
        "key": sending.key(request),
        "now": timezone.localtime(),
    }
    return render(request, "alterations/conclude.html", context, status=422 if is_refused else 200)


@needs(Permission.SEE_CONTRACTS)
def alteration(request: HttpRequest, alteration_id: int) -> HttpResponse:
    """Show an alteration: the plan as it was confirmed, and what came of it."""
    found = _visible(request, alteration_id)
    if found.status == AlterationStatus.DRAFT.value:
        may_change = Permission.CHANGE_CONTRACTS in scope.allowed(request)
        step = "alteration-terms" if may_change else "contract"
        return redirect(step, found.pk if may_change else found.contract_id)
    context: dict[str, Any] = {"alteration": found, "contract": found.contract}
    if found.plan is not None:
        context |= _plan_context(record.read_plan(found.plan))
    if found.status == AlterationStatus.SCHEDULED.value:
        context |= _as_it_would_be_today(found)
    unsigned = queries.awaiting_signature([found.contract_id])
    context["unsigned"] = unsigned.get(found.contract_id)
    context["undo_refusal"] = journey.undo_refusal(found)
    context["compensated_by"] = queries.compensating(found)
    context["cancelled"] = found.invoices.select_related("invoice").order_by("pk")
    return render(request, "alterations/page.html", context)


def asker(request: HttpRequest) -> Asker:
    """Return who asks, and when."""
    return Asker(
        by=scope.actor(request),
        now=timezone.now(),
        today=timezone.localdate(),
        site=request.build_absolute_uri("/"),
    )


class Foreseen:
    """What the asked terms would come to: a plan, or every reason why not."""

    def __init__(
        self, plan: AlterationPlan | None = None, refusals: Sequence[Refusal | AskedRefused] = ()
    ) -> None:
        self.plan = plan
        self.refusals = refusals

    @property
    def sentences(self) -> list[str]:
        """Return the reasons."""
        return [r.sentence if isinstance(r, Refusal) else str(r) for r in self.refusals]


def _visible(request: HttpRequest, alteration_id: int) -> Alteration:
    return get_object_or_404(queries.visible(scope.branch_ids(request)), pk=alteration_id)


def _current_step(found: Alteration) -> str:
    if found.status == AlterationStatus.DRAFT.value:
        return reverse("alteration-terms", args=[found.pk])
    return reverse("alteration", args=[found.pk])


def _settings_form(
    request: HttpRequest, contract: Contract, draft: Alteration | None
) -> SettingsForm:
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial=dict(forms.settings_initial(contract, draft)),
    )
    fields.prepare(form, branch_ids=scope.branch_ids(request))
    return form


def _compensated(request: HttpRequest, contract: Contract) -> Alteration | None:
    """Return the alteration that the address says is to be compensated for, or None."""
    wanted = request.GET.get("compensa", "")
    if not wanted:
        return None
    standing = queries.of_contract(contract.pk).filter(status=AlterationStatus.CONFIRMED.value)
    return get_object_or_404(standing, pk=wanted if wanted.isdecimal() else 0)


def _begin(
    request: HttpRequest, contract: Contract, form: SettingsForm, compensated: Alteration | None
) -> str:
    draft = journey.begin(
        contract.pk, form.settings(), asker=asker(request), compensates=compensated
    )
    return reverse("alteration-terms", args=[draft.pk])


def _configure(draft: Alteration, form: SettingsForm) -> str:
    journey.configure(draft, form.settings())
    return reverse("alteration-terms", args=[draft.pk])


def _keep(draft: Alteration, asked: Terms) -> str:
    journey.keep(draft, asked.asked())
    return reverse("alteration-conclude", args=[draft.pk])


def _conclude(request: HttpRequest, draft: Alteration) -> str:
    done = journey.conclude(
        draft.pk,
        digest=request.POST.get("plano", ""),
        is_ticked=bool(request.POST.get("ciente")),
        asker=asker(request),
    )
    if done.status == AlterationStatus.SCHEDULED.value:
        messages.success(request, f"Alteração {done.pk} agendada para {done.on:%d/%m/%Y}.")
    else:
        messages.success(request, f"Alteração {done.pk} concluída.")
    return reverse("alteration", args=[done.pk])


def _settings_step(
    request: HttpRequest,
    contract: Contract,
    form: SettingsForm,
    *,
    draft: Alteration | None,
    compensated: Alteration | None = None,
) -> HttpResponse:
    context = {
        "compensated": compensated,
        "contract": contract,
        "alteration": draft,
        "form": form,
        "key": sending.key(request),
    }
    status = 422 if form.is_bound else 200
    return render(request, "alterations/settings.html", context, status=status)


def _foresee(draft: Alteration, asked: asking.Asked) -> Foreseen:
    try:
        return Foreseen(journey.plan_asked(draft, asked, today=timezone.localdate()))
    except AlterationRefused as refused:
        return Foreseen(refusals=refused.refusals)
    except AskedRefused as refused:
        return Foreseen(refusals=[refused])


def _refuse_large_discounts(request: HttpRequest, draft: Alteration, asked: Terms) -> None:
    """Refuse new discounts above what the person may give away."""
    limit = discount_limit(request, draft.contract)
    present = facts.contract_items([draft.contract_id]).get(draft.contract_id, ())
    most = discounts.most_cents(present, limit_percent=limit, on=timezone.localdate())
    for line in asked.lines.forms:
        told = line.cleaned_data
        is_discount = told.get("kind") == ItemKind.DISCOUNT.value and not told.get("DELETE")
        if is_discount and limit < 100 and told.get("price_cents", 0) > most:
            line.add_error(
                "price_cents",
                f"Seu limite de desconto é {limit}% do valor mensal: {money.brl(most)}. Peça a "
                "quem tem um limite maior.",
            )


def _terms_step(
    request: HttpRequest, draft: Alteration, asked: Terms, foreseen: Foreseen
) -> HttpResponse:
    contract = draft.contract
    is_part = PREVIEW in request.POST and bool(request.headers.get("HX-Request"))
    priced = facts.contract_items([contract.pk]).get(contract.pk, ())
    context = {
        "alteration": draft,
        "contract": contract,
        "asked": asked,
        "form": asked.form,
        "today_items": asked.own,
        "today_plan": contract.plans.select_related("sale_plan").order_by("starts_on").last(),
        "today_cents": items.monthly_cents(priced, on=draft.on),
        "one": forms.ADDED,
        "formset": asked.lines,
        "empty": lines_of.empty_line(asked.lines, branch_ids=scope.branch_ids(request)),
        "foreseen": foreseen,
        "key": sending.key(request),
    }
    if foreseen.plan is not None:
        context |= _plan_context(foreseen.plan)
    if is_part:
        return render(request, "alterations/_preview.html", context)
    status = 422 if asked.form.is_bound else 200
    return render(request, "alterations/terms.html", context, status=status)


def _plan_context(plan: AlterationPlan) -> dict[str, Any]:
    return {
        "plan": plan,
        "groups": alteration_words.groups(plan),
        "split": alteration_words.split(plan),
        "next_invoice": alteration_words.next_invoice(plan),
    }


def _as_it_would_be_today(found: Alteration) -> dict[str, Any]:
    """Return the plan of a scheduled alteration as the contract stands now."""
    try:
        return _plan_context(journey.plan_of(found, today=timezone.localdate()))
    except AlterationRefused as refused:
        return {"refusals": [refusal.sentence for refusal in refused.refusals]}
