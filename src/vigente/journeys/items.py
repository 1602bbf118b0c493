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
from vigente.contracts.models import Contract, ContractItem
from vigente.domain import adjustments, explanation
from vigente.domain.close_plan import ContractFacts
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, TaxClass
from vigente.domain.items import Item
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.proration import Cost
from vigente.domain.sale import ItemDraft


class ItemRefused(ValueError):
    """O item não pode ser incluído ou encerrado assim."""


@dataclass(frozen=True, slots=True)
class Added:
    """The item, and the adjustment of issued periods that the next invoice charges."""

    item: ContractItem
    adjustment: Cost | None


@transaction.atomic
def add(contract_id: int, draft: ItemDraft, *, by: Actor, now: datetime, today: date) -> Added:
    """Add an additional service or a discount; days already invoiced are adjusted.

    :raises ItemRefused: for a contract that ended, or an item of a plan.
    """
    contract = _locked(contract_id)
    if draft.kind is ItemKind.PLAN:
        raise ItemRefused("Produtos do plano mudam pelo assistente de alteração de contrato.")
    if contract.status not in (ContractStatus.PRE.value, ContractStatus.ACTIVE.value):
        raise ItemRefused("O contrato não está ativo; reative-o antes de incluir um item.")
    before = _facts(contract, today=today)
    [item] = contracts.add_items(contract.pk, [draft])
    cost = None
    if before is not None and draft.charge is Charge.RECURRING and draft.prorate:
        product = Product.objects.get(pk=draft.product_id)
        added = _as_item(draft, tax_class=TaxClass(product.tax_class))
        cost = _adjust(contract, before, after=(*before.items, added), of=draft, today=today)
    _record("item added", item, contract=contract, by=by, now=now)
    return Added(item, cost)


@transaction.atomic
def end(item_id: int, *, on: date, by: Actor, now: datetime, today: date) -> Cost | None:
    """End an item: `on` is the first day without it; return the adjustment, if any.

    :raises ItemRefused: for an item of the plan, or one that has ended before.
    """
    item = ContractItem.objects.select_related("product").get(pk=item_id)
    contract = _locked(item.contract_id)
    if item.kind == ItemKind.PLAN.value:
        raise ItemRefused("Produtos do plano mudam pelo assistente de alteração de contrato.")
    if item.ends_on is not None and item.ends_on <= on:
        raise ItemRefused(f"Este item já termina em {item.ends_on:%d/%m/%Y}.")
    before = _facts(contract, today=today)
    contracts.end_item(item, on=on)
    cost = None
    if before is not None and item.prorate and item.charge == Charge.RECURRING.value:
        after = _without(before.items, item_id=item.pk, on=on)
        cost = _adjust(contract, before, after=after, of=item, today=today)
    _record("item ended", item, contract=contract, by=by, now=now)
    return cost


def _locked(contract_id: int) -> Contract:
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)


def _facts(contract: Contract, *, today: date) -> ContractFacts | None:
    if contract.status != ContractStatus.ACTIVE.value:
        return None
    [before] = facts.contract_facts([contract.pk], on=today)
    return before


def _without(items: Sequence[Item], *, item_id: int, on: date) -> tuple[Item, ...]:
    return tuple(
        replace(item, ends_on=max(on, item.starts_on)) if item.id == item_id else item
        for item in items
    )


def _adjust(
    contract: Contract,
    before: ContractFacts,
    *,
    after: Sequence[Item],
    of: ItemDraft | ContractItem,
    today: date,
) -> Cost | None:
    """Write what the change makes of issued periods as one item for the next invoice."""
    issued = [p.service for p in issued_periods(contract.pk, terms=before.schedule)]
    cost = adjustments.adjustment(
        before.items, after, issued=issued, periodicity=before.schedule.periodicity
    )
    if cost.cents == 0:
        return None
    contracts.add_items(
        contract.pk,
        [
            ItemDraft(
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
        ],
    )
    return cost


def _positive(cost: Cost) -> str:
    """Return the sum so that it comes to the item's amount, which is above zero."""
    return cost.explanation if cost.cents > 0 else explanation.turned(cost.explanation)


def _as_item(draft: ItemDraft, *, tax_class: TaxClass) -> Item:
    return Item(
        id=0,
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
        prorate=draft.prorate,
        only_if_paid_by_due=draft.only_if_paid_by_due,
        origin=draft.origin,
    )


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
