"""The one-off sale: what is sold, in how many instalments, with every sum before it is issued."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import choices, fields, scope, sending
from vigente.backoffice.contracts.item_views import FILLS, PREVIEW, visible
from vigente.backoffice.fields import Cents, Day, Number, Row, Text, Whole
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.contracts.models import Contract
from vigente.domain.one_off_sale import MOST_INSTALMENTS, OneOffSale, OneOffSaleRefused
from vigente.domain.permissions import Permission
from vigente.journeys import one_off_sale as journey
from vigente.journeys.one_off_sale import SalePreview

FILLED_BY_THE_PRODUCT = FILLS | {"hx-target": "#venda", "hx-select": "#venda"}
KEPT = ("quantity", "instalments", "first_due_on")


class OneOffForm(forms.Form):
    """What is sold, for how much, and when it is to be paid."""

    product_id = Row("Produto ou serviço", choices.products)
    description = Text("Descrição", 120)
    quantity = Number("Quantidade", "0.001", "100000", places=3, initial=Decimal(1))
    price_cents = Cents("Valor unitário")
    first_due_on = Day("Vencimento")
    instalments = Whole("Parcelas", 1, MOST_INSTALMENTS, initial=1)

    def sale(self) -> OneOffSale:
        """Return the sale that the form asks for."""
        told = self.cleaned_data
        return OneOffSale(
            product_id=told["product_id"],
            description=told["description"],
            quantity_milli=int(told["quantity"] * 1000),
            price_cents=told["price_cents"],
            first_due_on=told["first_due_on"],
            instalments=told["instalments"],
        )


@needs(Permission.ISSUE_INVOICES)
def sell(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask for a one-off sale to a contract's customer, and show the invoices it makes."""
    contract, today = visible(request, contract_id), timezone.localdate()
    form = OneOffForm(request.POST or None, initial=_filled(request))
    fields.prepare(form, branch_ids=scope.branch_ids(request))
    form.fields["product_id"].widget.attrs |= FILLED_BY_THE_PRODUCT | {"hx-get": request.path}
    is_preview = PREVIEW in request.POST
    seen: SalePreview | None = None
    if form.is_bound and form.is_valid():
        try:
            if not is_preview:
                return sending.once(request, lambda: _sold(request, contract, form, today=today))
            seen = journey.preview(contract, form.sale(), today=today)
        except OneOffSaleRefused as refused:
            form.add_error(refused.field or None, str(refused))
    context = {
        "contract": contract,
        "others": _others(request, contract),
        "form": form,
        "seen": seen,
        "key": sending.key(request),
    }
    if is_preview and request.headers.get("HX-Request"):
        return render(request, "invoices/_one_off_preview.html", context)
    is_refused = form.is_bound and bool(form.errors) and not is_preview
    return render(request, "invoices/one_off.html", context, status=422 if is_refused else 200)


def _sold(request: HttpRequest, contract: Contract, form: OneOffForm, *, today: date) -> str:
    written = journey.sell(
        contract.pk, form.sale(), by=scope.actor(request), now=timezone.now(), today=today
    )
    number = len(written.receivable_ids)
    messages.success(
        request,
        "Venda registrada: uma conta a receber emitida."
        if number == 1
        else f"Venda registrada: {number} contas a receber emitidas; esta é a primeira.",
    )
    return reverse("receivable", args=[written.receivable_ids[0]])


def _others(request: HttpRequest, contract: Contract) -> QuerySet[Contract]:
    """Return the customer's other contracts through which a sale may be made."""
    return (
        Contract.objects.filter(
            customer=contract.customer_id, branch_id__in=scope.branch_ids(request)
        )
        .exclude(pk=contract.pk)
        .exclude(status__in=[status.value for status in journey.WAY_OUT])
        .order_by("pk")
    )


def _filled(request: HttpRequest) -> dict[str, Any]:
    """Return what choosing a product fills in; what else was typed stays."""
    filled: dict[str, Any] = {name: request.GET[name] for name in KEPT if name in request.GET}
    chosen = of_address.number(request.GET, "product_id")
    product = choices.products(()).filter(pk=chosen).first() if chosen else None
    if product is not None:
        filled |= {
            "product_id": product.pk,
            "description": product.name,
            "price_cents": product.price_cents,
        }
    return filled
