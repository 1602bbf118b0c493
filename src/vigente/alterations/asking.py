"""What people ask of an alteration, by ids, and the terms that the rules make of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.db.models import Q

from vigente.alterations.models import Alteration
from vigente.catalog import queries as catalog
from vigente.catalog.models import BillingType, Product, SalePlan, SalePlanItem
from vigente.contracts.models import Contract
from vigente.domain import sale
from vigente.domain.alteration_terms import BillingRules, DraftedItem, PlanRank, WantedTerms
from vigente.domain.codes import (
    AlterationDefinition,
    Charge,
    ItemKind,
    ItemOrigin,
    SignatureKind,
    TaxClass,
)
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing


class AskedRefused(ValueError):
    """Isto não pode ser pedido neste contrato; `field` é o campo a mudar."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedItem:
    """An additional service or a discount to be added; without `times` it recurs."""

    kind: ItemKind
    product_id: int
    description: str
    quantity: Decimal = Decimal(1)
    price_cents: int = 0
    percent: Decimal | None = None
    times: int | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was chosen in the assistant; None means that it stays.

    With `plan_id` the products of `plan_item_ids` begin, and those of the present plan end but
    for `kept_item_ids`. `ended_item_ids` are other items of the contract that end.
    """

    on: date
    until: date | None = None
    plan_id: int | None = None
    plan_item_ids: tuple[int, ...] = ()
    kept_item_ids: tuple[int, ...] = ()
    ended_item_ids: tuple[int, ...] = ()
    added: tuple[AskedItem, ...] = ()
    billing_type_id: int | None = None
    due_day: int | None = None
    charges_penalty: bool = False
    starts_loyalty: bool = False


def told(asked: Asked) -> Any:
    """Return what was asked as plain JSON."""
    return msgspec.to_builtins(asked)


def of(alteration: Alteration) -> Asked:
    """Return what was asked for in an alteration."""
    return msgspec.convert(alteration.asked, Asked)


def wanted(asked: Asked, *, alteration: Alteration, contract: Contract) -> WantedTerms:
    """Return the terms that are asked for, with products and prices as the catalog has them.

    :raises AskedRefused: for what is inactive or not sold in the contract's branch.
    """
    return WantedTerms(
        on=asked.on,
        until=asked.until,
        plan=_plan(asked, contract=contract),
        plan_items=_plan_items(asked),
        kept_item_ids=frozenset(asked.kept_item_ids),
        added=tuple(_added(item, on=asked.on) for item in asked.added),
        ended_item_ids=_ended(asked, contract=contract),
        billing_type=_billing_type(asked),
        due_day=asked.due_day,
        definition=AlterationDefinition(alteration.definition),
        signature=SignatureKind(alteration.signature),
        charges_penalty=asked.charges_penalty,
        starts_loyalty=asked.starts_loyalty,
    )


def billing_rules(billing_type: BillingType) -> BillingRules:
    """Return a billing type as a schedule needs it."""
    terms = billing_type.payment_terms
    return BillingRules(
        id=billing_type.pk,
        name=billing_type.name,
        timing=Timing(billing_type.timing),
        base=PeriodBase(billing_type.base),
        periodicity=Periodicity(PeriodUnit(billing_type.period_unit), billing_type.period_count),
        due_rule=DueRule(terms.due_rule),
        interval_days=terms.interval_days,
        custom_dates=tuple(terms.custom_dates),
        first_invoice=FirstInvoice(billing_type.first_invoice),
        first_divisor=Divisor(billing_type.first_divisor),
    )


def _plan(asked: Asked, *, contract: Contract) -> PlanRank | None:
    if asked.plan_id is None:
        return None
    plan = SalePlan.objects.get(pk=asked.plan_id)
    if not plan.is_active:
        raise AskedRefused(f"O plano {plan.name} está inativo. Escolha outro.", field="plan_id")
    if plan.branch_id not in (None, contract.branch_id):
        raise AskedRefused(
            f"O plano {plan.name} não é vendido na filial do contrato. Escolha outro.",
            field="plan_id",
        )
    if not asked.plan_item_ids and not asked.kept_item_ids:
        raise AskedRefused(
            "Deixe ao menos um produto marcado; para ficar sem nenhum, cancele o contrato.",
            field="plan_item_ids",
        )
    return catalog.plan_ranks([plan.pk])[plan.pk]


def _ended(asked: Asked, *, contract: Contract) -> frozenset[int]:
    """Return the items that end: those unticked, and with another plan its products not kept."""
    if asked.plan_id is None:
        return frozenset(asked.ended_item_ids)
    present = contract.items.filter(kind=ItemKind.PLAN.value)
    lasting = present.filter(Q(ends_on=None) | Q(ends_on__gt=asked.on))
    replaced = lasting.exclude(pk__in=asked.kept_item_ids).values_list("pk", flat=True)
    return frozenset((*asked.ended_item_ids, *replaced))


def _plan_items(asked: Asked) -> tuple[DraftedItem, ...]:
    if asked.plan_id is None:
        return ()
    chosen = (
        SalePlanItem.objects.filter(sale_plan_id=asked.plan_id, pk__in=asked.plan_item_ids)
        .select_related("product")
        .order_by("pk")
    )
    return tuple(
        DraftedItem(
            draft=sale.plan_item(catalog.plan_item(item), starts_on=asked.on),
            tax_class=TaxClass(item.product.tax_class),
        )
        for item in chosen
    )


def _added(item: AskedItem, *, on: date) -> DraftedItem:
    product = Product.objects.get(pk=item.product_id)
    if not product.is_active:
        raise AskedRefused(f"O produto {product.name} está inativo. Escolha outro.", field="added")
    draft = ItemDraft(
        kind=item.kind,
        product_id=product.pk,
        description=item.description or product.name,
        starts_on=on,
        quantity=item.quantity,
        price_cents=item.price_cents,
        percent=item.percent,
        charge=Charge.RECURRING if item.times is None else Charge.TIMES,
        times=item.times,
        ends_on=item.ends_on,
        origin=ItemOrigin.STAFF,
    )
    return DraftedItem(draft=draft, tax_class=TaxClass(product.tax_class))


def _billing_type(asked: Asked) -> BillingRules | None:
    if asked.billing_type_id is None:
        return None
    billing_type = BillingType.objects.select_related("payment_terms").get(pk=asked.billing_type_id)
    if not billing_type.is_active:
        raise AskedRefused(
            f"O tipo de cobrança {billing_type.name} está inativo. Escolha outro.",
            field="billing_type_id",
        )
    return billing_rules(billing_type)
