"""What a sale makes: a contract drafted from a sale plan, which the seller then adjusts.

The draft copies everything, so that changing the plan later never changes what was sold.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vigente.domain.codes import Charge, ItemKind, ItemOrigin, ServiceKind, TaxClass
from vigente.domain.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One product of a sale plan; `price_cents` is per month."""

    product_id: int
    description: str
    quantity: Decimal
    price_cents: int
    cycle_price_cents: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sale plan as it is today."""

    id: int
    name: str
    billing_type_id: int
    wallet_id: int | None
    template_id: int | None
    loyalty_months: int
    loyalty_benefit_cents: int
    validity_months: int | None
    renews: bool
    activation_fee_cents: int
    activation_instalments: int
    activation_product_id: int | None
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An item to be written into a contract."""

    kind: ItemKind
    product_id: int
    description: str
    starts_on: date
    quantity: Decimal = Decimal(1)
    price_cents: int = 0
    cycle_price_cents: int | None = None
    percent: Decimal | None = None
    discounted_item_id: int | None = None
    service_kind: ServiceKind | None = None
    charge: Charge = Charge.RECURRING
    times: int | None = None
    charges_before: int = 0
    ends_on: date | None = None
    prorate: bool = True
    only_if_paid_by_due: bool = False
    origin: ItemOrigin = ItemOrigin.SALE
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDraft:
    """A contract to be written; `items` of kind PLAN belong to `sale_plan_id`."""

    customer_id: int
    branch_id: int
    sale_plan_id: int
    billing_type_id: int
    wallet_id: int
    sold_on: date
    items: tuple[ItemDraft, ...]
    due_day: int | None = None
    address_id: int | None = None
    seller_id: int | None = None
    template_id: int | None = None
    signed_on: date | None = None
    code: str | None = None
    loyalty_starts_on: date | None = None
    loyalty_months: int = 0
    loyalty_benefit_cents: int = 0
    validity_months: int | None = None
    renews: bool = True
    activation_fee_cents: int = 0
    activation_instalments: int = 1
    activation_due_on: date | None = None
    activation_product_id: int | None = None
    note: str = ""


def plan_items(plan: Plan, *, starts_on: date) -> tuple[ItemDraft, ...]:
    """Return the plan's products as items of a contract."""
    return tuple(plan_item(item, starts_on=starts_on) for item in plan.items)


def plan_item(item: PlanItem, *, starts_on: date) -> ItemDraft:
    """Return one product of a plan as an item of a contract."""
    return ItemDraft(
        kind=ItemKind.PLAN,
        product_id=item.product_id,
        description=item.description,
        quantity=item.quantity,
        price_cents=item.price_cents,
        cycle_price_cents=item.cycle_price_cents,
        starts_on=starts_on,
    )


def draft(
    plan: Plan,
    *,
    customer_id: int,
    branch_id: int,
    wallet_id: int,
    sold_on: date,
    due_day: int | None,
    address_id: int | None = None,
    seller_id: int | None = None,
) -> ContractDraft:
    """Return the contract that choosing `plan` fills in; adjust it with `dataclasses.replace`.

    `wallet_id` is the branch's choice where the plan names none.
    """
    return ContractDraft(
        customer_id=customer_id,
        branch_id=branch_id,
        sale_plan_id=plan.id,
        billing_type_id=plan.billing_type_id,
        wallet_id=plan.wallet_id or wallet_id,
        template_id=plan.template_id,
        sold_on=sold_on,
        due_day=due_day,
        address_id=address_id,
        seller_id=seller_id,
        items=plan_items(plan, starts_on=sold_on),
        loyalty_months=plan.loyalty_months,
        loyalty_benefit_cents=plan.loyalty_benefit_cents,
        validity_months=plan.validity_months,
        renews=plan.renews,
        activation_fee_cents=plan.activation_fee_cents,
        activation_instalments=plan.activation_instalments,
        activation_product_id=plan.activation_product_id,
    )


def item_of(draft: ItemDraft, *, item_id: int, tax_class: TaxClass) -> Item:
    """Return a drafted item as the rules see it."""
    return Item(
        id=item_id,
        kind=draft.kind,
        product_id=draft.product_id,
        tax_class=tax_class,
        description=draft.description,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        quantity_milli=int(draft.quantity * 1000),
        price_cents=draft.price_cents,
        cycle_price_cents=draft.cycle_price_cents,
        percent_e4=None if draft.percent is None else int(draft.percent * 10_000),
        discounted_item_id=draft.discounted_item_id,
        charge=draft.charge,
        times=draft.times,
        charged=draft.charges_before,
        prorate=draft.prorate,
        only_if_paid_by_due=draft.only_if_paid_by_due,
        origin=draft.origin,
        explanation=draft.explanation,
    )
