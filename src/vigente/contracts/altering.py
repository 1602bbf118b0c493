"""Writing AlterationPlans into contracts: plans, items and schedules, many contracts at once.

What each write replaced is returned, so that it can be taken back. Journeys own the transaction
and have locked the contracts.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from vigente.contracts import schedules
from vigente.contracts.actions import item_row
from vigente.contracts.models import Contract, ContractItem, ContractPlan, FormerSchedule
from vigente.domain.alteration_loyalty import LoyaltyChange
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import Loyalty
from vigente.domain.codes import AlteredRole, ItemKind
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWrite:
    """An item that was written, and what it was before."""

    item_id: int
    role: AlteredRole
    former_ends_on: date | None = None
    former_plan_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWrite:
    """A contract's plan that was written, and when it ended before."""

    contract_plan_id: int
    role: AlteredRole
    former_ends_on: date | None = None


@dataclass(slots=True, kw_only=True)
class Writes:
    """All that was written of one contract."""

    items: list[ItemWrite] = field(default_factory=list)
    plans: list[PlanWrite] = field(default_factory=list)
    former_schedule_id: int | None = None
    former_billing_type_id: int | None = None
    loyalty: LoyaltyChange | None = None


def carry_out(plans: Sequence[AlterationPlan]) -> dict[int, Writes]:
    """Write the plans into their contracts; return what was written, by contract."""
    writes = {plan.contract_id: Writes() for plan in plans}
    new_plans = _write_contract_plans(plans, writes=writes)
    _end_items(plans, writes=writes)
    _keep_items(plans, new_plans=new_plans, writes=writes)
    _start_items(plans, new_plans=new_plans, writes=writes)
    for plan in plans:
        _write_schedule(plan, writes=writes[plan.contract_id])
        if plan.loyalty is not None:
            _set_loyalty(plan.contract_id, plan.loyalty.begun)
    return writes


def take_back(contract: Contract, writes: Writes) -> None:
    """Restore what the writes replaced; what they began ends on the day it began."""
    restored = (AlteredRole.ENDED, AlteredRole.KEPT)
    _set_item_ends([(w.item_id, w.former_ends_on) for w in writes.items if w.role in restored])
    begun = [w.item_id for w in writes.items if w.role not in restored]
    _set_item_ends(ContractItem.objects.filter(pk__in=begun).values_list("pk", "starts_on"))
    _set_item_plans(
        (w.item_id, w.former_plan_id) for w in writes.items if w.role is AlteredRole.KEPT
    )
    new = [w.contract_plan_id for w in writes.plans if w.role is not AlteredRole.ENDED]
    _set_plan_ends(ContractPlan.objects.filter(pk__in=new).values_list("pk", "starts_on"))
    _set_plan_ends(
        (w.contract_plan_id, w.former_ends_on) for w in writes.plans if w.role is AlteredRole.ENDED
    )
    if writes.loyalty is not None:
        _set_loyalty(contract.pk, writes.loyalty.former)
    if writes.former_schedule_id is not None:
        former = FormerSchedule.objects.get(pk=writes.former_schedule_id)
        former.taken_up = True
        former.save(update_fields=["taken_up"])
        contract.billing_type_id = writes.former_billing_type_id or contract.billing_type_id
        contract.save(update_fields=["billing_type"])
        _set_schedule(contract, schedules.read(former.schedule))


def _write_contract_plans(
    plans: Sequence[AlterationPlan], *, writes: Mapping[int, Writes]
) -> Mapping[int, Mapping[int | None, int]]:
    """End the plans that others replace, and begin those.

    Return for each contract the new plan by None, and each resumed one by what it resumes.
    """
    changing = {p.contract_id: p for p in plans if p.wanted.plan is not None}
    replaced = _replaced_plans(changing)
    _set_plan_ends(
        (row.pk, max(changing[row.contract_id].wanted.on, row.starts_on)) for row in replaced
    )
    begun: list[tuple[int | None, ContractPlan]] = []
    for row in replaced:
        plan = changing[row.contract_id]
        writes[row.contract_id].plans.append(
            PlanWrite(contract_plan_id=row.pk, role=AlteredRole.ENDED, former_ends_on=row.ends_on)
        )
        until = plan.wanted.until
        if until is not None and (row.ends_on is None or row.ends_on > until):
            begun.append((row.pk, _resumed(row, until=until)))
    begun += [(None, _started(plan)) for plan in changing.values()]
    ContractPlan.objects.bulk_create([row for _, row in begun], batch_size=1000)
    new: defaultdict[int, dict[int | None, int]] = defaultdict(dict)
    for former_id, row in begun:
        role = AlteredRole.STARTED if former_id is None else AlteredRole.RESUMED
        writes[row.contract_id].plans.append(PlanWrite(contract_plan_id=row.pk, role=role))
        new[row.contract_id][former_id] = row.pk
    return new


def _replaced_plans(changing: Mapping[int, AlterationPlan]) -> list[ContractPlan]:
    rows = ContractPlan.objects.filter(contract_id__in=list(changing)).order_by("pk")
    return [
        row
        for row in rows
        if row.ends_on is None
        or row.ends_on > max(changing[row.contract_id].wanted.on, row.starts_on)
    ]


def _started(plan: AlterationPlan) -> ContractPlan:
    wanted = plan.wanted
    assert wanted.plan is not None
    return ContractPlan(
        contract_id=plan.contract_id,
        sale_plan_id=wanted.plan.id,
        starts_on=wanted.on,
        ends_on=wanted.until,
    )


def _resumed(row: ContractPlan, *, until: date) -> ContractPlan:
    return ContractPlan(
        contract_id=row.contract_id,
        sale_plan_id=row.sale_plan_id,
        starts_on=max(until, row.starts_on),
        ends_on=row.ends_on,
    )


def _end_items(plans: Sequence[AlterationPlan], *, writes: Mapping[int, Writes]) -> None:
    ends = []
    for plan in plans:
        for item in plan.items.ended:
            ends.append((item.id, max(plan.wanted.on, item.starts_on)))
            writes[plan.contract_id].items.append(
                ItemWrite(item_id=item.id, role=AlteredRole.ENDED, former_ends_on=item.ends_on)
            )
    _set_item_ends(ends)


def _keep_items(
    plans: Sequence[AlterationPlan],
    *,
    new_plans: Mapping[int, Mapping[int | None, int]],
    writes: Mapping[int, Writes],
) -> None:
    """Let the kept products of the former plan go on under the new one, if it is for good."""
    kept = {
        item_id: plan
        for plan in plans
        if plan.wanted.plan is not None and plan.wanted.until is None
        for item_id in plan.wanted.kept_item_ids
    }
    rows = ContractItem.objects.filter(pk__in=list(kept)).order_by("pk")
    moved = []
    for row in rows:
        moved.append((row.pk, new_plans[row.contract_id][None]))
        writes[row.contract_id].items.append(
            ItemWrite(
                item_id=row.pk,
                role=AlteredRole.KEPT,
                former_ends_on=row.ends_on,
                former_plan_id=row.contract_plan_id,
            )
        )
    _set_item_plans(moved)


def _start_items(
    plans: Sequence[AlterationPlan],
    *,
    new_plans: Mapping[int, Mapping[int | None, int]],
    writes: Mapping[int, Writes],
) -> None:
    """Write the items that begin: first those that stand alone, then discounts on one of them."""
    resumed_of = _rows_to_resume(plans)
    drafted: list[tuple[AlterationPlan, int, AlteredRole, ContractItem]] = []
    for plan in plans:
        drafted += [
            (plan, number, role, row)
            for number, (role, row) in enumerate(
                _new_items(plan, resumed_of=resumed_of, new_plans=new_plans), start=1
            )
        ]
    ids: dict[tuple[int, int], int] = {}
    for referring in (False, True):
        rows = [one for one in drafted if ((one[3].discounted_item_id or 0) < 0) is referring]
        for plan, _, _, row in rows:
            if referring:
                row.discounted_item_id = ids[plan.contract_id, row.discounted_item_id or 0]
        ContractItem.objects.bulk_create([row for *_, row in rows], batch_size=1000)
        ids |= {(plan.contract_id, -number): row.pk for plan, number, _, row in rows}
    for plan, _, role, row in drafted:
        writes[plan.contract_id].items.append(ItemWrite(item_id=row.pk, role=role))


def _new_items(
    plan: AlterationPlan,
    *,
    resumed_of: Mapping[int, ContractItem],
    new_plans: Mapping[int, Mapping[int | None, int]],
) -> Iterable[tuple[AlteredRole, ContractItem]]:
    """Yield what begins in the order in which the plan numbers it: −1, −2 and so on."""
    own_plans = new_plans.get(plan.contract_id, {})
    for drafted in plan.items.started:
        yield AlteredRole.STARTED, _row(drafted.draft, plan, contract_plan_id=own_plans.get(None))
    for item, former_id in zip(plan.items.resumed, _lasting_ids(plan), strict=True):
        row = _copy(resumed_of[former_id])
        row.starts_on, row.ends_on = item.starts_on, item.ends_on
        row.discounted_item_id = item.discounted_item_id
        former_plan = row.contract_plan_id
        row.contract_plan_id = own_plans.get(former_plan, former_plan)
        yield AlteredRole.RESUMED, row
    for drafted in plan.charged_items:
        yield AlteredRole.CHARGED, _row(drafted.draft, plan, contract_plan_id=None)


def _row(draft: ItemDraft, plan: AlterationPlan, *, contract_plan_id: int | None) -> ContractItem:
    row = item_row(draft, contract_id=plan.contract_id, plan=None)
    if draft.kind is ItemKind.PLAN:
        row.contract_plan_id = contract_plan_id
    return row


def _rows_to_resume(plans: Sequence[AlterationPlan]) -> Mapping[int, ContractItem]:
    ids = [item_id for plan in plans for item_id in _lasting_ids(plan)]
    return ContractItem.objects.in_bulk(ids) if ids else {}


def _lasting_ids(plan: AlterationPlan) -> list[int]:
    """Return the ids of the ended items that a temporary alteration takes up again."""
    until = plan.wanted.until
    if until is None:
        return []
    return [i.id for i in plan.items.ended if i.ends_on is None or i.ends_on > until]


def _copy(row: ContractItem) -> ContractItem:
    """Return an item again, to be written as another."""
    again = copy.copy(row)
    again.pk = None
    return again


def _write_schedule(plan: AlterationPlan, *, writes: Writes) -> None:
    """Write a changed schedule into the contract, and keep the former one."""
    change = plan.schedule
    if not (change.billing_type_changes or change.due_day_changes):
        return
    contract = Contract.objects.get(pk=plan.contract_id)
    former = FormerSchedule.objects.create(
        contract=contract,
        starts_on=change.former.starts_on,
        schedule=schedules.told(change.former),
    )
    writes.former_schedule_id = former.pk
    writes.former_billing_type_id = contract.billing_type_id
    if plan.wanted.billing_type is not None:
        contract.billing_type_id = plan.wanted.billing_type.id
        contract.save(update_fields=["billing_type"])
    _set_schedule(contract, change.schedule)


def _set_schedule(contract: Contract, schedule: Schedule) -> None:
    contract.due_day = schedule.due_day
    contract.billing_starts_on = schedule.starts_on
    contract.due_anchor_on = schedule.due_anchor_on
    contract.stretch = schedules.told(schedule.stretch) if schedule.stretch else None
    contract.save(update_fields=["due_day", "billing_starts_on", "due_anchor_on", "stretch"])


def _set_loyalty(contract_id: int, loyalty: Loyalty | None) -> None:
    Contract.objects.filter(pk=contract_id).update(
        loyalty_starts_on=loyalty.starts_on if loyalty else None,
        loyalty_months=loyalty.months if loyalty else 0,
        loyalty_benefit_cents=loyalty.benefit_cents if loyalty else 0,
    )


def _set_item_ends(ends: Iterable[tuple[int, date | None]]) -> None:
    _set("contracts_contractitem", "ends_on", "date", ends)


def _set_item_plans(plans: Iterable[tuple[int, int | None]]) -> None:
    _set("contracts_contractitem", "contract_plan_id", "bigint", plans)


def _set_plan_ends(ends: Iterable[tuple[int, date | None]]) -> None:
    _set("contracts_contractplan", "ends_on", "date", ends)


def _set(table: str, column: str, kind: str, told: Iterable[tuple[int, date | int | None]]) -> None:
    """Set one column of many rows, each to its own value, in one statement."""
    rows = list(told)
    if not rows:
        return
    ids, column_values = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = n.value"  # noqa: S608  names of this module
            f" FROM unnest(%s::bigint[], %s::{kind}[]) AS n(id, value) WHERE t.id = n.id",
            [list(ids), list(column_values)],
        )
