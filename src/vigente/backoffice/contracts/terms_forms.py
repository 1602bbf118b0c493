"""Changing a contract's terms by hand: a register without a list of its own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from vigente.backoffice import scope
from vigente.backoffice.contracts.sale_forms import SaleForm
from vigente.backoffice.fields import Day
from vigente.backoffice.registers import views as registers
from vigente.backoffice.registers.page import RegisterPage, Section
from vigente.backoffice.scope import needs
from vigente.contracts import terms
from vigente.contracts.models import Contract
from vigente.contracts.terms import Terms, TermsBefore, TermsRefused
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import Permission
from vigente.journeys.registers import Register

AT_ANY_TIME = (
    *("seller_id", "template_id", "wallet_id"),
    *("signed_on", "validity_months", "renews", "note"),
)
NUMBERS = ("loyalty_months", "loyalty_benefit_cents", "activation_fee_cents")


class TermsBeforeForm(SaleForm):
    """What may change until the activation."""

    branch_id = None  # type: ignore[assignment]
    address_id = None  # type: ignore[assignment]
    sold_on = None  # type: ignore[assignment]
    valid_until = Day(
        "Vigência até",
        required=False,
        help_text="Primeiro dia fora da vigência. Vazio: conta da ativação.",
    )


TermsForm: type[forms.Form] = type(
    "TermsForm",
    (forms.Form,),
    {name: TermsBeforeForm.base_fields[name] for name in (*AT_ANY_TIME, "valid_until")},
)


def _contracts(branch_ids: Sequence[int]) -> QuerySet[Contract]:
    return Contract.objects.select_related("customer", "seller", "wallet").filter(
        branch_id__in=branch_ids
    )


def _before(**told: Any) -> TermsBefore:
    numbers = {name: told[name] or 0 for name in NUMBERS}
    instalments = told["activation_instalments"] or 1
    return TermsBefore(**{**told, **numbers, "activation_instalments": instalments})


PLACE = Section("Identificação", ("seller_id", "template_id"))
TERM = Section(
    "Vigência",
    ("signed_on", "valid_until", "validity_months", "renews", "note"),
    "Renovada pelo mesmo número de meses.",
    wide=("note",),
)
CHANGED = RegisterPage(
    address="contracts",
    title="Contratos",
    new="Novo contrato",
    empty="",
    group="Cadastros",
    see=Permission.SEE_CONTRACTS,
    change=Permission.CHANGE_CONTRACTS,
    register=Register(
        kind="contract",
        model=Contract,
        facts=terms.terms,
        write=terms.write,
        branch_id=lambda contract: contract.branch_id,
    ),
    rows=_contracts,
    search=lambda found, _words: found,
    columns=(),
    form=TermsForm,
    facts=Terms,
    sections=(
        PLACE,
        TERM,
        Section(
            "Faturamento",
            ("wallet_id",),
            "Plano, tipo de cobrança e dia de vencimento mudam pelo assistente de alteração.",
        ),
    ),
    has_inactive=False,
    refusals=(TermsRefused,),
    goes_to=lambda contract: reverse("contract", args=[contract.pk]),
)
CHANGED_BEFORE = replace(
    CHANGED,
    register=Register(
        kind="contract",
        model=Contract,
        facts=terms.terms_before,
        write=terms.write,
        branch_id=lambda contract: contract.branch_id,
    ),
    form=TermsBeforeForm,
    facts=_before,
    sections=(
        PLACE,
        TERM,
        Section("Faturamento", ("billing_type_id", "due_day", "wallet_id")),
        Section("Fidelidade", ("loyalty_months", "loyalty_benefit_cents")),
        Section(
            "Taxa de ativação",
            (
                *("activation_fee_cents", "activation_instalments"),
                *("activation_due_on", "activation_product_id"),
            ),
        ),
    ),
    promises={"contract_amounts": ("activation_product_id", "Escolha o produto da taxa.")},
)
_AFTER = registers.form(CHANGED)
_BEFORE = registers.form(CHANGED_BEFORE)


@needs(Permission.CHANGE_CONTRACTS)
def change(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Show the form of the terms that may still change."""
    contract = get_object_or_404(Contract, pk=contract_id, branch_id__in=scope.branch_ids(request))
    view = _BEFORE if contract.status == ContractStatus.PRE.value else _AFTER
    answer: HttpResponse = view(request, contract_id=contract_id)
    return answer
