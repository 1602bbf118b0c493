"""What is asked of a sale: the chosen plan fills it in, the seller adjusts it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from vigente.backoffice import choices
from vigente.backoffice.fields import Cents, Day, Number, Row, Text, Whole, YesNo
from vigente.backoffice.registers.page import Lines
from vigente.customers.models import Address, Customer
from vigente.domain.codes import ItemKind
from vigente.domain.sale import ContractDraft, ItemDraft


def _no_address(_branch_ids: Sequence[int]) -> QuerySet[Address]:
    return Address.objects.none()


class SaleForm(forms.Form):
    """The contract that a plan fills in."""

    branch_id = Row("Filial", choices.branches)
    seller_id = Row("Vendedor", choices.sellers, required=False)
    address_id = Row("Endereço de instalação", _no_address)
    template_id = Row("Modelo de contrato", choices.contract_templates, required=False)
    sold_on = Day("Data da venda")
    signed_on = Day("Assinatura", required=False)
    validity_months = Whole("Vigência (meses)", 1, 120, required=False)
    renews = YesNo("Renova ao fim da vigência")
    loyalty_months = Whole("Fidelidade (meses)", 0, 60, required=False)
    loyalty_benefit_cents = Cents("Benefício da fidelidade", required=False)
    billing_type_id = Row("Tipo de cobrança", choices.billing_types)
    due_day = Whole("Dia de vencimento", 1, 31, required=False)
    wallet_id = Row("Carteira de cobrança", choices.wallets)
    activation_fee_cents = Cents("Taxa de ativação", required=False)
    activation_instalments = Whole("Parcelas da taxa", 1, 60, required=False)
    activation_due_on = Day(
        "Primeiro vencimento da taxa",
        required=False,
        help_text="Vazio: junto com a primeira fatura.",
    )
    activation_product_id = Row("Produto da taxa", choices.products, required=False)
    note = forms.CharField(
        label="Observações", required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )


class SaleItemForm(forms.Form):
    """One product of the contract."""

    product_id = Row("Produto", choices.products)
    description = Text("Descrição", 120)
    quantity = Number("Quantidade", "0.001", "100000", places=3, initial=Decimal(1))
    price_cents = Cents("Valor mensal")
    cycle_price_cents = Cents("Valor por ciclo", required=False)


ITEMS = Lines(
    name="items",
    title="Produtos",
    form=SaleItemForm,
    facts=ItemDraft,
    hint="Vêm do plano; ajuste o que foi combinado.",
    add="Incluir produto",
)
NUMBERS = ("loyalty_months", "loyalty_benefit_cents", "activation_fee_cents")


def offer_addresses(form: forms.Form, customer: Customer) -> None:
    """Offer the customer's addresses as the place of installation."""
    choice: Any = form.fields["address_id"]
    found = customer.addresses.order_by("-is_main", "pk")
    choice.choices = [("", "Escolha…"), *((a.pk, f"{a} · {a.city}/{a.uf}") for a in found)]


def initial(draft: ContractDraft) -> dict[str, Any]:
    """Return what the drafted contract fills in."""
    return {name: getattr(draft, name) for name in SaleForm.base_fields}


def items_initial(draft: ContractDraft) -> list[dict[str, Any]]:
    """Return the products that the drafted contract fills in."""
    return [{n: getattr(i, n) for n in SaleItemForm.base_fields} for i in draft.items]


def drafted(
    told: dict[str, Any],
    lines: Sequence[dict[str, Any]],
    *,
    customer_id: int,
    sale_plan_id: int,
) -> ContractDraft:
    """Return the contract that was asked for."""
    sold_on: date = told["sold_on"]
    items = tuple(
        ItemDraft(
            kind=ItemKind.PLAN,
            starts_on=sold_on,
            **{name: line[name] for name in SaleItemForm.base_fields},
        )
        for line in lines
    )
    known = {**told, **{name: told[name] or 0 for name in NUMBERS}}
    known["activation_instalments"] = told["activation_instalments"] or 1
    return ContractDraft(customer_id=customer_id, sale_plan_id=sale_plan_id, items=items, **known)
