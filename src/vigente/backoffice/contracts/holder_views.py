"""Troca de titular: whom the contract passes to, what that does, then it is done once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.contracts import choosing
from vigente.backoffice.contracts import page as contract_page
from vigente.backoffice.contracts.item_views import PREVIEW, visible
from vigente.backoffice.contracts.page import loyalty_until
from vigente.backoffice.fields import Text, YesNo
from vigente.backoffice.scope import needs
from vigente.billing import facts
from vigente.contracts.actions import MoveRefused
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain import holder_change, money
from vigente.domain.close_plan import ContractFacts, PlannedInvoice
from vigente.domain.holder_change import HolderChangeRefused, HolderPlan
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import Permission
from vigente.journeys import holder_change as journey
from vigente.journeys.holder_change import HolderPlanChanged, Wanted
from vigente.payments import credit

SEEN = "visto"


class HolderForm(forms.Form):
    """How the contract passes to the new holder, and why."""

    address_id = forms.TypedChoiceField(
        label="Endereço de instalação", required=False, coerce=int, empty_value=None
    )
    cancels_not_begun = YesNo(
        "Cancelar as faturas de períodos que ainda não começaram",
        help_text="O próximo fechamento cobra esses períodos do novo titular.",
    )
    reason = Text("Motivo", 200)

    def wanted(self, customer: Customer) -> Wanted:
        """Return what the form asks for."""
        told = self.cleaned_data
        return Wanted(
            customer_id=customer.pk,
            address_id=told.get("address_id"),
            cancels_not_begun=told.get("cancels_not_begun", False),
            reason=told.get("reason", ""),
        )


@needs(Permission.TRANSFER_CONTRACTS)
def change(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Ask for the new holder, then show what passing the contract on does, and do it once."""
    contract, branch_ids = visible(request, contract_id), scope.branch_ids(request)
    refusal = _standing_refusal(contract)
    seen_customers = Customer.objects.filter(branch_id__in=branch_ids)
    customer = None if refusal else choosing.chosen(seen_customers, request, "cliente")
    if customer is None:
        return _choose(request, contract, branch_ids, refusal=refusal)
    return _respond(request, contract, customer, today=timezone.localdate())


def _standing_refusal(contract: Contract) -> str:
    """Return why the contract passes to nobody, before anybody is chosen."""
    try:
        holder_change.refuse_contract(journey.held(contract, on=timezone.localdate()))
    except HolderChangeRefused as refused:
        return str(refused)
    return ""


def _choose(
    request: HttpRequest, contract: Contract, branch_ids: Sequence[int], *, refusal: str
) -> HttpResponse:
    address = reverse("contract-holder", args=[contract.pk])
    found = choosing.found(request, branch_ids=branch_ids)
    if found.only is not None and not refusal:
        return redirect(f"{address}?cliente={found.only.pk}")
    context = {
        "contract": contract,
        "refusal": refusal,
        "customers": found.customers,
        "words": found.words,
        "address": address,
    }
    if found.is_part:
        return render(request, "contracts/_sale_customers.html", context)
    status = 422 if refusal and request.method == "POST" else 200
    return render(request, "contracts/holder_customer.html", context, status=status)


def _respond(
    request: HttpRequest, contract: Contract, customer: Customer, *, today: date
) -> HttpResponse:
    form = _form(request, contract, customer)
    is_preview = PREVIEW in request.POST
    refusal = ""
    try:
        if form.is_bound and not is_preview and form.is_valid():
            return sending.once(request, lambda: _done(request, contract, form, customer, today))
    except HolderChangeRefused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(refused))
    except (HolderPlanChanged, MoveRefused) as refused:
        refusal = str(refused)
        contract = visible(request, contract.pk)
    context = _context(contract, form, customer, today=today) | {
        "refusal": refusal,
        "key": sending.key(request),
    }
    if is_preview and request.headers.get("HX-Request"):
        return render(request, "contracts/_holder_preview.html", context)
    is_refused = form.is_bound and not is_preview
    return render(request, "contracts/holder.html", context, status=422 if is_refused else 200)


def _form(request: HttpRequest, contract: Contract, customer: Customer) -> HolderForm:
    form = HolderForm(request.POST if request.method == "POST" else None)
    choice: Any = form.fields["address_id"]
    own = customer.addresses.order_by("-is_main", "pk")
    present = contract.address
    copied = (
        f"Copiar o de agora: {present} · {present.city}/{present.uf}" if present else "Sem endereço"
    )
    choice.choices = [("", copied), *((a.pk, f"{a} · {a.city}/{a.uf}") for a in own)]
    fields.prepare(form, branch_ids=())
    return form


def _done(
    request: HttpRequest, contract: Contract, form: HolderForm, customer: Customer, today: date
) -> str:
    plan = journey.change(
        contract.pk,
        form.wanted(customer),
        seen=request.POST.get(SEEN, ""),
        by=scope.actor(request),
        now=timezone.now(),
        today=today,
    )
    messages.success(request, f"O contrato passou a {plan.to.name}.")
    return reverse("contract", args=[contract.pk])


def _context(
    contract: Contract, form: HolderForm, customer: Customer, *, today: date
) -> dict[str, Any]:
    if form.is_bound:
        form.is_valid()
        wanted = form.wanted(customer)
    else:
        wanted = Wanted(
            customer_id=customer.pk, address_id=None, cancels_not_begun=False, reason=""
        )
    context: dict[str, Any] = {"contract": contract, "customer": customer, "form": form}
    try:
        plan = journey.preview(contract, wanted, today=today)
    except HolderChangeRefused as refused:
        return context | {"cannot": str(refused)}
    terms = _terms(contract, plan, today=today)
    return context | {
        "plan": plan,
        "digest": journey.digest(plan),
        "sentences": _sentences(contract, plan, terms, today=today),
        "former_credit_cents": credit.balances([plan.former.customer_id]).get(
            plan.former.customer_id, 0
        ),
        "following": _following(contract, terms, today=today),
    }


def _terms(contract: Contract, plan: HolderPlan, *, today: date) -> ContractFacts | None:
    if contract.status != ContractStatus.ACTIVE.value:
        return None
    released = [invoice.invoice_id for invoice in plan.cancelled]
    [terms] = facts.contract_facts([contract.pk], on=today, released=released)
    return terms


def _following(
    contract: Contract, terms: ContractFacts | None, *, today: date
) -> list[PlannedInvoice]:
    if terms is None:
        return []
    return contract_page.next_invoices(terms, contract.branch_id, today=today)


def _sentences(
    contract: Contract, plan: HolderPlan, terms: ContractFacts | None, *, today: date
) -> list[str]:
    told = [f"A partir de hoje, {plan.on:%d/%m/%Y}, o contrato é de {plan.to.name}."]
    told.append(
        f"O que já foi emitido continua de {plan.former.name}, com o crédito que tiver: nada disso "
        "passa a outra pessoa."
    )
    told.append(_of_days(terms, on=plan.on))
    if terms is not None and terms.carried_cents:
        told.append(
            f"O saldo de {money.brl(abs(terms.carried_cents))}, por compensar na próxima fatura, "
            "segue com o contrato."
        )
    told.append("Plano, serviços, descontos e parcelas por cobrar seguem com o contrato.")
    until = loyalty_until(contract)
    if until is not None and until > today:
        told.append(f"A fidelidade, até {until:%d/%m/%Y}, também segue.")
    if plan.ends_pix_recurrence:
        told.append(
            f"A recorrência do Pix, aprovada por {plan.former.name}, é cancelada: convide o novo "
            "titular."
        )
    if contract.signed_on is not None:
        told.append("A assinatura de antes deixa de valer: registre a do novo titular.")
    return [sentence for sentence in told if sentence]


def _of_days(terms: ContractFacts | None, *, on: date) -> str:
    """Say who pays for the days around the change that are billed already, or not yet."""
    if terms is None:
        return ""
    if terms.billed_until < on:
        return (
            f"Os dias desde {terms.billed_until:%d/%m/%Y}, ainda não faturados, vêm na próxima "
            "fatura, já do novo titular."
        )
    if terms.billed_until > on:
        return (
            f"Já está faturado até {_last(terms.billed_until):%d/%m/%Y}: o novo titular usa esses "
            "dias e paga a partir do seguinte. O que um cancelamento devolver deles é de quem os "
            "pagou."
        )
    return ""


def _last(end: date) -> date:
    return date.fromordinal(end.toordinal() - 1)
