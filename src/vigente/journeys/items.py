"""Additional services and discounts: added and ended, issued periods adjusted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import facts
from vigente.billing.issued import issued_periods
from vigente.catalog.models import Product
from vigente.contracts import actions as contracts
from vigente.contracts import holders
from vigente.contracts.models import Contract, ContractItem
from vigente.domain import adjustments, discounts, explanation, money, sale
from vigente.domain.close_plan import ContractFacts
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, TaxClass
from vigente.domain.items import Item
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.proration import Cost
from vigente.domain.sale import ItemDraft
from vigente.journeys import access


class ItemRefused(ValueError):
    """O item não pode ser incluído ou encerrado assim."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


NEW_ITEM_ID, ADJUSTMENT_ID = -1, -2


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """What adding or ending an item does, before it is done.

    `after` is the contract as the close will see it, None while it is not in force; in it a new
    item has the id `NEW_ITEM_ID` and the adjustment of issued periods `ADJUSTMENT_ID`.
    """

    after: ContractFacts | None
    cost: Cost | None = None
    adjustment: ItemDraft | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The item, and the adjustment of issued periods that the next invoice charges."""

    item: ContractItem
    adjustment: Cost | None


def plan_addition(
    contract: Contract, draft: ItemDraft, *, today: date, discount_limit: int = 100
) -> ItemPlan:
    """Return what adding an item would do; nothing is written.

    `discount_limit` is the percent of the monthly value that the person may give away.

    :raises ItemRefused: for a contract that ended, an item of a plan, or a discount too large.
    """
    if draft.kind is ItemKind.PLAN:
        raise ItemRefused("Produtos do plano mudam pelo assistente de alteração de contrato.")
    if contract.status not in (ContractStatus.PRE.value, ContractStatus.ACTIVE.value):
        raise ItemRefused("O contrato não está ativo; reative-o antes de incluir um item.")
    _refuse_before_the_holder(contract, on=draft.starts_on, field="starts_on")
    _refuse_too_large(contract, draft, today=today, limit=discount_limit)
    before = _facts(contract, today=today)
    if before is None:
        return ItemPlan(None)
    product = Product.objects.get(pk=draft.product_id)
    tax_class = TaxClass(product.tax_class)
    after = (*before.items, sale.item_of(draft, item_id=NEW_ITEM_ID, tax_class=tax_class))
    if draft.charge is not Charge.RECURRING or not draft.prorate:
        return ItemPlan(replace(before, items=after))
    return _plan(contract, before, after=after, of=draft, tax_class=tax_class, today=today)


def plan_end(item: ContractItem, contract: Contract, *, on: date, today: date) -> ItemPlan:
    """Return what ending an item would do: `on` is the first day without it.

    :raises ItemRefused: for an item of the plan, one that has ended before, or days of a former
        holder.
    """
    if item.kind == ItemKind.PLAN.value:
        raise ItemRefused("Produtos do plano mudam pelo assistente de alteração de contrato.")
    if item.ends_on is not None and item.ends_on <= on:
        raise ItemRefused(f"Este item já termina em {item.ends_on:%d/%m/%Y}.", field="on")
    _refuse_before_the_holder(contract, on=on, field="on")
    before = _facts(contract, today=today)
    if before is None:
        return ItemPlan(None)
    after = _without(before.items, item_id=item.pk, on=on)
    if not item.prorate or item.charge != Charge.RECURRING.value:
        return ItemPlan(replace(before, items=after))
    tax_class = TaxClass(item.product.tax_class)
    return _plan(contract, before, after=after, of=item, tax_class=tax_class, today=today)


@transaction.atomic
def add(
    contract_id: int,
    draft: ItemDraft,
    *,
    by: Actor,
    now: datetime,
    today: date,
    discount_limit: int = 100,
) -> Added:
    """Add an additional service or a discount; days already invoiced are adjusted.

    :raises ItemRefused: see `plan_addition`.
    """
    contract = _locked(contract_id)
    plan = plan_addition(contract, draft, today=today, discount_limit=discount_limit)
    [item] = contracts.add_items(contract.pk, [draft])
    _write_adjustment(plan, contract=contract)
    _record("item added", item, contract=contract, by=by, now=now)
    access.derive([contract.pk], today=today, now=now)
    return Added(item, plan.cost)


@transaction.atomic
def end(item_id: int, *, on: date, by: Actor, now: datetime, today: date) -> Cost | None:
    """End an item: `on` is the first day without it; return the adjustment, if any.

    :raises ItemRefused: see `plan_end`.
    """
    item = ContractItem.objects.select_related("product").get(pk=item_id)
    contract = _locked(item.contract_id)
    item.refresh_from_db(fields=["ends_on"])
    plan = plan_end(item, contract, on=on, today=today)
    _record("item ended", item, contract=contract, by=by, now=now)
    contracts.end_item(item, on=on)
    _write_adjustment(plan, contract=contract)
    access.derive([contract.pk], today=today, now=now)
    return plan.cost


def _locked(contract_id: int) -> Contract:
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)


def _facts(contract: Contract, *, today: date) -> ContractFacts | None:
    if contract.status != ContractStatus.ACTIVE.value:
        return None
    [before] = facts.contract_facts([contract.pk], on=today)
    return before


def _without(items: Sequence[Item], *, item_id: int, on: date) -> tuple[Item, ...]:
    return tuple(
        item._replace(ends_on=max(on, item.starts_on)) if item.id == item_id else item
        for item in items
    )


def _refuse_before_the_holder(contract: Contract, *, on: date, field: str) -> None:
    """Refuse days of a former holder: their difference would be charged to the present one."""
    since = holders.held_since(contract.pk)
    if since is not None and on < since:
        raise ItemRefused(
            f"O contrato passou ao titular de agora em {since:%d/%m/%Y}: escolha um dia a partir "
            "desse.",
            field=field,
        )


def _refuse_too_large(contract: Contract, draft: ItemDraft, *, today: date, limit: int) -> None:
    if draft.kind is not ItemKind.DISCOUNT or limit >= 100:
        return
    own = facts.contract_items([contract.pk]).get(contract.pk, ())
    most = discounts.most_cents(own, limit_percent=limit, on=today)
    if draft.percent is not None and draft.percent > limit:
        raise ItemRefused(
            f"Seu limite de desconto é {limit}%. Peça a quem tem um limite maior.", field="percent"
        )
    if draft.percent is None and draft.price_cents > most:
        raise ItemRefused(
            f"Seu limite de desconto é {limit}% do valor mensal: {money.brl(most)}. "
            "Peça a quem tem um limite maior.",
            field="price_cents",
        )


def _plan(
    contract: Contract,
    before: ContractFacts,
    *,
    after: tuple[Item, ...],
    of: ItemDraft | ContractItem,
    tax_class: TaxClass,
    today: date,
) -> ItemPlan:
    """Plan what the change makes of issued periods: one item for the next invoice."""
    own = before.schedule.periodicity
    issued = [
        (period.service, period.periodicity or own)
        for period in issued_periods(contract.pk, terms=before.schedule)
    ]
    cost = adjustments.adjustment(before.items, after, issued=issued)
    if cost.cents == 0:
        return ItemPlan(replace(before, items=after))
    adjustment = ItemDraft(
        kind=ItemKind.ADDITIONAL if cost.cents > 0 else ItemKind.DISCOUNT,
        product_id=of.product_id,
        description=f"Proporcional de {of.description}",
        starts_on=today,
        price_cents=abs(cost.cents),
        charge=Charge.TIMES,
        times=1,
        origin=ItemOrigin.ADJUSTMENT,
        explanation=_positive(cost),
    )
    items = (*after, sale.item_of(adjustment, item_id=ADJUSTMENT_ID, tax_class=tax_class))
    return ItemPlan(replace(before, items=items), cost, adjustment)


def _write_adjustment(plan: ItemPlan, *, contract: Contract) -> None:
    if plan.adjustment is not None:
        contracts.add_items(contract.pk, [plan.adjustment])


def _positive(cost: Cost) -> str:
    """Return the sum so that it comes to the item's amount, which is above zero."""
    return cost.explanation if cost.cents > 0 else explanation.turned(cost.explanation)


def _record(
    action: str, item: ContractItem, *, contract: Contract, by: Actor, now: datetime
) -> None:
    audit.record(
        action,
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"item": item.pk, "description": item.description},
    )
