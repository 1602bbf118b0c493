"""What compensates for an alteration that cannot be undone any more: the terms before it.

People see it in the second step and change what they like; prices of plans are today's.
"""

from datetime import date

from django.db.models import QuerySet

from vigente.alterations.asking import Asked, AskedItem
from vigente.alterations.models import Alteration, AlteredItem
from vigente.catalog.models import SalePlanItem
from vigente.contracts.models import ContractItem
from vigente.domain.codes import AlteredRole, Charge, ItemKind


def asked(alteration: Alteration, *, on: date) -> Asked:
    """Return what leads the contract back, from a day on, to the terms before an alteration."""
    rows = alteration.items.exclude(item__kind=ItemKind.PLAN.value).select_related("item")
    begun = rows.filter(role=AlteredRole.STARTED.value, item__ends_on=None)
    plan_id = _changed(alteration.sale_plan_before_id, alteration.sale_plan_after_id)
    return Asked(
        on=on,
        plan_id=plan_id,
        plan_item_ids=_products(plan_id),
        ended_item_ids=tuple(begun.order_by("pk").values_list("item_id", flat=True)),
        added=_taken_up(rows),
        billing_type_id=_changed(
            alteration.billing_type_before_id, alteration.billing_type_after_id
        ),
        due_day=_changed(alteration.due_day_before, alteration.due_day_after),
    )


def _changed(before: int | None, after: int | None) -> int | None:
    return None if before == after else before


def _products(plan_id: int | None) -> tuple[int, ...]:
    if plan_id is None:
        return ()
    items = SalePlanItem.objects.filter(sale_plan_id=plan_id).order_by("pk")
    return tuple(items.values_list("pk", flat=True))


def _taken_up(rows: QuerySet[AlteredItem]) -> tuple[AskedItem, ...]:
    """Return the services and discounts that ended, but for those that counted on another item."""
    ended = rows.filter(
        role=AlteredRole.ENDED.value,
        item__charge=Charge.RECURRING.value,
        item__percent=None,
        item__discounted_item=None,
    )
    return tuple(_again(row.item) for row in ended.order_by("pk"))


def _again(item: ContractItem) -> AskedItem:
    return AskedItem(
        kind=ItemKind(item.kind),
        product_id=item.product_id,
        description=item.description,
        quantity=item.quantity,
        price_cents=item.price_cents,
    )
