"""What is asked of an additional service or a discount, and the item that it makes."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, assert_never

from django import forms
from django.db.models import QuerySet

from vigente.backoffice import choices, fields
from vigente.backoffice.fields import Cents, Code, Day, Number, Row, Text, Whole, YesNo
from vigente.catalog.models import Product
from vigente.contracts.models import Contract, ContractItem
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, ProductKind, ServiceKind
from vigente.domain.sale import ItemDraft

MOST_TIMES = 120
SERVICE_KINDS = {
    ServiceKind.ACCESS_POINT: "Ponto adicional de acesso",
    ServiceKind.SPEED_UPGRADE: "Upgrade temporário de velocidade",
    ServiceKind.SUPPORT: "Suporte premium",
    ServiceKind.SUBSCRIPTION: "Assinatura complementar",
    ServiceKind.OTHER: "Outro serviço",
}
_P = ProductKind
PRODUCT_KINDS = {
    ServiceKind.ACCESS_POINT: (_P.SERVICE, _P.RENTAL, _P.INTERNET),
    ServiceKind.SPEED_UPGRADE: (_P.INTERNET,),
    ServiceKind.SUPPORT: (_P.SERVICE, _P.SVA),
    ServiceKind.SUBSCRIPTION: (_P.SVA, _P.TV, _P.TELEPHONY),
    ServiceKind.OTHER: tuple(ProductKind),
}


class Duration(StrEnum):
    """How often an item is charged, in the words of the form."""

    ONCE = "UMA"
    TIMES = "VEZES"
    INSTALMENTS = "PARCELAS"
    PERIOD = "PERIODO"
    FOR_GOOD = "SEMPRE"


DURATIONS = {
    Duration.ONCE: "Uma vez",
    Duration.TIMES: "O valor inteiro, n vezes",
    Duration.INSTALMENTS: "O total em n parcelas",
    Duration.PERIOD: "Todo mês, até uma data",
    Duration.FOR_GOOD: "Todo mês, permanente",
}
DISCOUNT_DURATIONS = {
    code: word for code, word in DURATIONS.items() if code is not Duration.INSTALMENTS
}


def products(kind: ServiceKind) -> QuerySet[Product]:
    """Return the products that an additional service of a kind may be."""
    kinds = [product_kind.value for product_kind in PRODUCT_KINDS[kind]]
    return Product.objects.filter(is_active=True, kind__in=kinds).order_by("name")


class ServiceForm(forms.Form):
    """An additional service: what, how much, how often and since when."""

    service_kind = Code("Tipo", SERVICE_KINDS)
    product_id = Row("Produto ou serviço", choices.products)
    description = Text("Descrição", 120)
    unit = Text("Unidade", 6, required=False, disabled=True)
    quantity = Number("Quantidade", "0.001", "100000", places=3, initial=Decimal(1))
    price_cents = Cents("Valor")
    cycle_price_cents = Cents("Valor por ciclo", required=False)
    duration = Code("Cobrança", DURATIONS, initial=Duration.FOR_GOOD.value)
    times = Whole("Número de cobranças", 1, MOST_TIMES, required=False)
    starts_on = Day("A partir de")
    last_day = Day("Último dia", required=False)
    prorate = YesNo("Cobrar proporcional", initial=True)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen duration needs."""
        told = super().clean() or {}
        _refuse_incomplete(self, told)
        if (
            told.get("service_kind") == ServiceKind.SPEED_UPGRADE
            and told.get("duration") != Duration.PERIOD
        ):
            self.add_error(
                "duration", "Um upgrade temporário é cobrado todo mês, até uma data: escolha-a."
            )
        return told

    def draft(self) -> ItemDraft:
        """Return the item that the form asks for."""
        told = self.cleaned_data
        return ItemDraft(
            kind=ItemKind.ADDITIONAL,
            service_kind=ServiceKind(told["service_kind"]),
            product_id=told["product_id"],
            description=told["description"],
            quantity=told["quantity"],
            price_cents=told["price_cents"],
            cycle_price_cents=told["cycle_price_cents"],
            prorate=told["prorate"],
            origin=ItemOrigin.STAFF,
            **_charged(told),
        )


class DiscountForm(forms.Form):
    """A discount: on what, how much, how often, and whether only if paid by the due date."""

    discounted_item_id = forms.TypedChoiceField(
        label="Desconto em", coerce=int, empty_value=None, required=False
    )
    description = Text("Descrição", 120)
    price_cents = Cents("Valor", required=False)
    percent = Number("Ou percentual (%)", "0.0001", "100", required=False)
    duration = Code("Aplicação", DISCOUNT_DURATIONS, initial=Duration.FOR_GOOD.value)
    times = Whole("Número de faturas", 1, MOST_TIMES, required=False)
    starts_on = Day("A partir de")
    last_day = Day("Último dia", required=False)
    only_if_paid_by_due = YesNo("Só se pago até o vencimento")
    prorate = YesNo("Proporcional aos dias", initial=True)

    def clean(self) -> dict[str, Any]:
        """Ask for one amount, and for what the chosen duration needs."""
        told = super().clean() or {}
        _refuse_incomplete(self, told)
        amounts = (told.get("price_cents"), told.get("percent"))
        wrong = {"price_cents", "percent"} & set(self.errors)
        if not wrong and sum(bool(amount) for amount in amounts) != 1:
            self.add_error("price_cents", "Informe o valor ou o percentual, um dos dois.")
        return told

    def draft(self, *, product_of: dict[int | None, int]) -> ItemDraft:
        """Return the discount that the form asks for; `product_of` an item, or of the whole."""
        told = self.cleaned_data
        return ItemDraft(
            kind=ItemKind.DISCOUNT,
            product_id=product_of[told["discounted_item_id"]],
            discounted_item_id=told["discounted_item_id"],
            description=told["description"],
            price_cents=0 if told["percent"] else told["price_cents"],
            percent=told["percent"],
            only_if_paid_by_due=told["only_if_paid_by_due"],
            prorate=told["prorate"],
            origin=ItemOrigin.STAFF,
            **_charged(told),
        )


def discountable(contract: Contract, *, on: date) -> list[ContractItem]:
    """Return the items of a contract that a discount may be on."""
    charged = contract.items.exclude(kind=ItemKind.DISCOUNT.value).order_by("pk")
    return [item for item in charged if item.ends_on is None or item.ends_on > on]


def offer_items(form: forms.Form, found: Sequence[ContractItem]) -> None:
    """Offer the whole contract and each of its items to a discount."""
    choice: Any = form.fields["discounted_item_id"]
    choice.choices = [("", "Todo o contrato"), *((item.pk, item.description) for item in found)]
    fields.prepare(form, branch_ids=())


def _refuse_incomplete(form: forms.Form, told: dict[str, Any]) -> None:
    duration, starts_on = told.get("duration"), told.get("starts_on")
    last_day = told.get("last_day")
    is_counted = duration in (Duration.TIMES, Duration.INSTALMENTS)
    if is_counted and not told.get("times") and "times" not in form.errors:
        form.add_error("times", "Informe em quantas faturas.")
    if duration != Duration.PERIOD:
        return
    if last_day is None and "last_day" not in form.errors:
        form.add_error("last_day", "Informe o último dia.")
    if last_day and starts_on and last_day < starts_on:
        form.add_error("last_day", "O último dia vem antes do primeiro.")


def _charged(told: dict[str, Any]) -> dict[str, Any]:
    """Return how often the item is charged, and from when until when."""
    starts_on = told["starts_on"]
    match Duration(told["duration"]):
        case Duration.ONCE:
            return {"charge": Charge.TIMES, "times": 1, "starts_on": starts_on}
        case Duration.TIMES:
            return {"charge": Charge.TIMES, "times": told["times"], "starts_on": starts_on}
        case Duration.INSTALMENTS:
            return {"charge": Charge.INSTALMENTS, "times": told["times"], "starts_on": starts_on}
        case Duration.PERIOD:
            return {"starts_on": starts_on, "ends_on": told["last_day"] + timedelta(days=1)}
        case Duration.FOR_GOOD:
            return {"starts_on": starts_on}
        case never:
            assert_never(never)
