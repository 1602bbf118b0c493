"""Additional services and discounts of a contract: each shows what it charges before it is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.contracts import item_forms
from vigente.backoffice.contracts import page as contract_page
from vigente.backoffice.contracts.item_forms import DiscountForm, Duration, ServiceForm
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract, ContractItem
from vigente.domain import discounts
from vigente.domain.codes import ItemKind, ServiceKind
from vigente.domain.parameters import DISCOUNT_LIMITS
from vigente.domain.permissions import Permission, Role
from vigente.domain.sale import ItemDraft
from vigente.journeys import items
from vigente.journeys.items import ItemPlan, ItemRefused
from vigente.parameters import queries as parameters

PREVIEW = "previa"
KEPT = ("quantity", "times", "starts_on", "last_day")
# Choosing the type or the product fills the rest of the form; what else was typed stays.
FILLS = {
    "hx-target": "#item",
    "hx-select": "#item",
    "hx-swap": "outerHTML",
    "hx-trigger": "change consume",
    "hx-include": "closest form",
    "hx-params": "not csrfmiddlewaretoken,envio",
}


@needs(Permission.CHANGE_CONTRACTS)
def new_service(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask for an additional service: type and product first, which fill in the rest."""
    contract = visible(request, contract_id)
    today = timezone.localdate()
    form = ServiceForm(request.POST or None, initial=_filled(request, contract, today=today))
    fields.prepare(form, branch_ids=scope.branch_ids(request))
    choice: Any = form.fields["product_id"]
    kind = _kind(request.POST.get("service_kind") or request.GET.get("service_kind", ""))
    choice.choices = [("", "Escolha…"), *((p.pk, str(p)) for p in item_forms.products(kind))]
    for name in ("service_kind", "product_id"):
        form.fields[name].widget.attrs |= FILLS | {"hx-get": request.path}
    return _new(
        request, contract, form, draft_of=form.draft, title="Novo serviço adicional", tab="servicos"
    )


@needs(Permission.CHANGE_CONTRACTS)
def new_discount(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask for a discount, within the limit of the person's roles."""
    contract = visible(request, contract_id)
    today = timezone.localdate()
    found = item_forms.discountable(contract, on=today)
    form = DiscountForm(request.POST or None, initial={"starts_on": today, "prorate": True})
    item_forms.offer_items(form, found)
    product_of: dict[int | None, int] = {item.pk: item.product_id for item in found}
    if found:
        product_of[None] = found[0].product_id
    return _new(
        request,
        contract,
        form,
        draft_of=lambda: form.draft(product_of=product_of),
        title="Novo desconto",
        tab="descontos",
    )


@needs(Permission.CHANGE_CONTRACTS)
def end_item(request: HttpRequest, contract_id: int, item_id: int) -> HttpResponse:
    """Ask for the last day of an item, and show what ending it makes of issued periods."""
    contract = visible(request, contract_id)
    item = get_object_or_404(contract.items.select_related("product"), pk=item_id)
    today = timezone.localdate()
    is_sent = request.method == "POST"
    form = EndForm(request.POST if is_sent else {"on": today.isoformat()})
    fields.prepare(form, branch_ids=())
    plan: ItemPlan | None = None
    if form.is_valid():
        on = form.cleaned_data["on"] + timedelta(days=1)
        try:
            if is_sent and PREVIEW not in request.POST:
                return sending.once(request, lambda: _end(request, item, on=on, today=today))
            plan = items.plan_end(item, contract, on=on, today=today)
        except ItemRefused as refused:
            _refuse(form, refused)
    context = {"item": item, **_context(request, contract, form, plan, "Encerrar item", item)}
    return _answer(request, "contracts/item_end.html", context, form)


class EndForm(forms.Form):
    """The last day of an item."""

    on = fields.Day("Último dia de cobrança")


def visible(request: HttpRequest, contract_id: int) -> Contract:
    """Return a contract of the person's branches, or answer that it is not there."""
    return get_object_or_404(
        Contract.objects.select_related("customer", "branch"),
        pk=contract_id,
        branch_id__in=scope.branch_ids(request),
    )


def _new(
    request: HttpRequest,
    contract: Contract,
    form: forms.Form,
    *,
    draft_of: Callable[[], ItemDraft],
    title: str,
    tab: str,
) -> HttpResponse:
    plan: ItemPlan | None = None
    today = timezone.localdate()
    if form.is_bound and form.is_valid():
        limit = discount_limit(request, contract)
        try:
            if PREVIEW not in request.POST:
                return sending.once(
                    request,
                    lambda: _add(request, contract, draft_of(), tab=tab, today=today, limit=limit),
                )
            plan = items.plan_addition(contract, draft_of(), today=today, discount_limit=limit)
        except ItemRefused as refused:
            _refuse(form, refused)
    context = _context(request, contract, form, plan, title, None) | {"tab": tab}
    return _answer(request, "contracts/item_new.html", context, form)


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], form: forms.Form
) -> HttpResponse:
    if PREVIEW in request.POST and request.headers.get("HX-Request"):
        return render(request, "contracts/_item_preview.html", context)
    is_refused = form.is_bound and bool(form.errors) and PREVIEW not in request.POST
    return render(request, template, context, status=422 if is_refused else 200)


def _context(
    request: HttpRequest,
    contract: Contract,
    form: forms.Form,
    plan: ItemPlan | None,
    title: str,
    item: ContractItem | None,
) -> dict[str, Any]:
    today = timezone.localdate()
    after = plan.after if plan else None
    invoices = contract_page.next_invoices(after, contract.branch_id, today=today) if after else []
    ids = {items.NEW_ITEM_ID, items.ADJUSTMENT_ID, item.pk if item else items.NEW_ITEM_ID}
    return {
        "contract": contract,
        "form": form,
        "title": title,
        "plan": plan,
        "key": sending.key(request),
        "charges": [
            (invoice, [line for line in invoice.draft.lines if line.item_id in ids])
            for invoice in invoices
        ],
        "limit": discount_limit(request, contract),
    }


def _add(
    request: HttpRequest,
    contract: Contract,
    draft: ItemDraft,
    *,
    tab: str,
    today: date,
    limit: int,
) -> str:
    added = items.add(
        contract.pk,
        draft,
        by=scope.actor(request),
        now=timezone.now(),
        today=today,
        discount_limit=limit,
    )
    messages.success(request, f"«{added.item.description}» foi incluído.")
    return _tab(contract, tab)


def _end(request: HttpRequest, item: ContractItem, *, on: date, today: date) -> str:
    items.end(item.pk, on=on, by=scope.actor(request), now=timezone.now(), today=today)
    messages.success(request, f"«{item.description}» termina em {on - timedelta(days=1):%d/%m/%Y}.")
    is_discount = item.kind == ItemKind.DISCOUNT.value
    return _tab(item.contract, "descontos" if is_discount else "servicos")


def _tab(contract: Contract, tab: str) -> str:
    return f"{reverse('contract', args=[contract.pk])}?aba={tab}"


def _refuse(form: forms.Form, refused: ItemRefused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def discount_limit(request: HttpRequest, contract: Contract) -> int:
    """Return the percent of a discount that the person may give."""
    user = scope.person(request)
    values = parameters.branch_values(list(DISCOUNT_LIMITS.values()), branch_id=contract.branch_id)
    return discounts.limit_percent(
        map(Role, user.roles), values=values, is_administrator=user.is_administrator
    )


def _kind(text: str) -> ServiceKind:
    return ServiceKind(text) if text in ServiceKind.__members__ else ServiceKind.ACCESS_POINT


def _filled(request: HttpRequest, contract: Contract, *, today: date) -> dict[str, Any]:
    """Return what choosing a type and a product fills in."""
    kind = _kind(request.GET.get("service_kind", ""))
    is_temporary = kind is ServiceKind.SPEED_UPGRADE
    filled: dict[str, Any] = {
        "starts_on": max(today, contract.activated_on or today),
        "prorate": contract_page.prorates(contract),
        "duration": Duration.PERIOD if is_temporary else Duration.FOR_GOOD,
        **{name: request.GET[name] for name in KEPT if name in request.GET},
        "service_kind": kind.value,
    }
    chosen = request.GET.get("product_id", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        product = item_forms.products(kind).filter(pk=int(chosen)).first()
        if product is not None:
            filled |= {
                "product_id": product.pk,
                "description": product.name,
                "unit": product.unit,
                "price_cents": product.price_cents,
            }
    return filled
