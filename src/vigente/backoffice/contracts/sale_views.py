"""Novo contrato: the customer, the plan, and the form that the plan fills in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.contracts import choosing, sale_forms
from vigente.backoffice.contracts import page as contract_page
from vigente.backoffice.contracts.sale_forms import ITEMS, SaleForm
from vigente.backoffice.registers import asked as lines_of
from vigente.backoffice.registers.asked import LineForms
from vigente.backoffice.scope import needs
from vigente.billing import drafted
from vigente.catalog import queries as catalog
from vigente.catalog.models import SalePlan, Wallet
from vigente.customers.models import Customer
from vigente.domain import sale
from vigente.domain.close_plan import PlannedInvoice
from vigente.domain.permissions import Permission
from vigente.domain.sale import ContractDraft
from vigente.domain.schedule import ScheduleIncomplete, ScheduleUsedUp
from vigente.journeys import sale as journey
from vigente.journeys.sale import SaleRefused

PREVIEW = "previa"


@dataclass(slots=True)
class Sale:
    """The form of a sale: whom, what, and the lines of its products."""

    customer: Customer
    plan: SalePlan
    form: SaleForm
    lines: LineForms

    def is_valid(self) -> bool:
        """Tell whether a contract can be drafted from it."""
        return all([self.form.is_valid(), self.lines.is_valid()])

    def draft(self) -> ContractDraft:
        """Return the contract that was asked for."""
        lines = [
            line.cleaned_data
            for line in self.lines.forms
            if line.cleaned_data and not line.cleaned_data.get("DELETE")
        ]
        return sale_forms.drafted(
            self.form.cleaned_data, lines, customer_id=self.customer.pk, sale_plan_id=self.plan.pk
        )


@needs(Permission.SELL)
def new_contract(request: HttpRequest) -> HttpResponse:
    """Ask for the customer, then for the plan, then show the contract that the plan fills in."""
    branch_ids = scope.branch_ids(request)
    customer = choosing.chosen(
        Customer.objects.filter(branch_id__in=branch_ids), request, "cliente"
    )
    if customer is None:
        return _choose_customer(request, branch_ids)
    plan = choosing.chosen(_plans(branch_ids), request, "plano")
    if plan is None:
        context = {"customer": customer, "plans": _plans(branch_ids).order_by("name")}
        return render(request, "contracts/sale_plan.html", context)
    return _sale(request, _form(request, customer, plan, branch_ids), branch_ids)


def _choose_customer(request: HttpRequest, branch_ids: Sequence[int]) -> HttpResponse:
    address = reverse("contract-new")
    found = choosing.found(request, branch_ids=branch_ids)
    if found.only is not None:
        return redirect(f"{address}?cliente={found.only.pk}")
    context = {"customers": found.customers, "words": found.words, "address": address}
    part = "_sale_customers.html" if found.is_part else "sale_customer.html"
    return render(request, f"contracts/{part}", context)


def _sale(request: HttpRequest, asked: Sale, branch_ids: Sequence[int]) -> HttpResponse:
    invoices: list[PlannedInvoice] = []
    if not asked.form.is_bound:
        invoices = _first_invoices(_drafted(asked.customer, asked.plan, branch_ids))
    elif asked.is_valid():
        if PREVIEW not in request.POST:
            try:
                return sending.once(request, lambda: _sell(request, asked.draft()))
            except SaleRefused as refused:
                _refuse(asked.form, refused)
        else:
            invoices = _first_invoices(asked.draft())
    context = {
        "sale": asked,
        "customer": asked.customer,
        "plan": asked.plan,
        "form": asked.form,
        "one": ITEMS,
        "formset": asked.lines,
        "empty": lines_of.empty_line(asked.lines, branch_ids=branch_ids),
        "invoices": invoices,
        "key": sending.key(request),
    }
    if PREVIEW in request.POST:
        return render(request, "contracts/_sale_preview.html", context)
    return render(
        request, "contracts/sale.html", context, status=422 if asked.form.is_bound else 200
    )


def _sell(request: HttpRequest, draft: ContractDraft) -> str:
    contract = journey.sell(draft, by=scope.actor(request), now=timezone.now())
    messages.success(request, f"Contrato {contract.pk} salvo. Falta ativar.")
    return reverse("contract", args=[contract.pk])


def _refuse(form: forms.Form, refused: SaleRefused) -> None:
    for name, sentence in refused.problems:
        form.add_error(name if name in form.fields else None, sentence)


def _form(
    request: HttpRequest, customer: Customer, plan: SalePlan, branch_ids: Sequence[int]
) -> Sale:
    data = request.POST if request.method == "POST" else None
    draft = _drafted(customer, plan, branch_ids)
    form = SaleForm(data, initial=sale_forms.initial(draft))
    fields.prepare(form, branch_ids=branch_ids)
    sale_forms.offer_addresses(form, customer)
    lines = lines_of.formset(ITEMS, data, sale_forms.items_initial(draft), branch_ids=branch_ids)
    return Sale(customer, plan, form, lines)


def _drafted(customer: Customer, plan: SalePlan, branch_ids: Sequence[int]) -> ContractDraft:
    branch_id = plan.branch_id or customer.branch_id
    wallets = Wallet.objects.filter(Q(branch=None) | Q(branch_id=branch_id), is_active=True)
    wallet = wallets.order_by("pk").first()
    address = customer.addresses.order_by("-is_main", "pk").first()
    if wallet is None or branch_id not in branch_ids:
        raise Http404
    return sale.draft(
        catalog.sale_plan(plan.pk),
        customer_id=customer.pk,
        branch_id=branch_id,
        wallet_id=wallet.pk,
        sold_on=timezone.localdate(),
        due_day=None,
        address_id=address.pk if address else None,
    )


def _first_invoices(draft: ContractDraft) -> list[PlannedInvoice]:
    """Return the first invoices as if the contract came into force on the day of the sale."""
    try:
        terms = drafted.contract_of(draft, activated_on=draft.sold_on)
        return contract_page.next_invoices(terms, draft.branch_id, today=timezone.localdate())
    except (ScheduleIncomplete, ScheduleUsedUp):
        return []


def _plans(branch_ids: Sequence[int]) -> QuerySet[SalePlan]:
    offered = catalog.sold_by(branch_ids).filter(is_active=True).select_related("billing_type")
    return catalog.with_monthly_cents(offered)
