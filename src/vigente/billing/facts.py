"""Facts of contracts for the rules of `domain/close_plan`, read set-wise for a range.

A constant number of queries whatever the number of contracts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from vigente.billing import calendars
from vigente.contracts import schedules
from vigente.domain import close_plan, coverage
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.close_plan import BranchRules, ContractFacts
from vigente.domain.codes import Charge, ItemKind, ItemOrigin, TaxClass
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.items import Item
from vigente.domain.parameters import (
    DUE_ON_BUSINESS_DAY,
    GROUP_INVOICES,
    LAST_DUE_ON,
    MAX_OVERDUE_RECEIVABLES,
    MIN_DAYS_BEFORE_DUE,
    SIGNATURE_BEFORE_BILLING,
    Value,
)
from vigente.domain.periods import Period
from vigente.domain.schedule import (
    Divisor,
    DueRule,
    FirstInvoice,
    PeriodBase,
    Schedule,
    Timing,
)
from vigente.parameters import queries as parameters
from vigente.staff.models import Branch

# looking a code up is faster than making it, and the close does it millions of times
KINDS = {kind.value: kind for kind in ItemKind}
TAX_CLASSES = {tax_class.value: tax_class for tax_class in TaxClass}
CHARGES = {charge.value: charge for charge in Charge}
ORIGINS = {origin.value: origin for origin in ItemOrigin}

CONTRACT_PARAMETERS = (GROUP_INVOICES, SIGNATURE_BEFORE_BILLING, MAX_OVERDUE_RECEIVABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which contracts a close is about; None means any."""

    branch_id: int | None = None
    wallet_id: int | None = None
    billing_type_id: int | None = None
    customer_id: int | None = None
    contract_id: int | None = None


@dataclass(frozen=True, slots=True)
class CustomerRange:
    """The customers `[first, end)` of one chunk; grouping never leaves a chunk."""

    first: int
    end: int


SCHEDULE_COLUMNS = """
  c.id, c.customer_id, c.branch_id, c.wallet_id, c.due_day, c.activated_on, c.billing_starts_on,
  c.due_anchor_on, c.stretch::text AS stretch, c.imported_billed_until, c.ends_on, c.signed_on,
  c.address_id,
  b.timing, b.base, b.period_unit, b.period_count, b.first_invoice, b.first_divisor,
  t.due_rule, t.interval_days, t.custom_dates"""

CONTRACTS = (
    f"SELECT {SCHEDULE_COLUMNS},"  # noqa: S608  two constants of this module
    """
  (SELECT p.sale_plan_id FROM contracts_contractplan p
    WHERE p.contract_id = c.id ORDER BY p.starts_on DESC LIMIT 1) AS sale_plan_id,
  (SELECT i.period_end FROM billing_invoice i
    WHERE i.contract_id = c.id AND i.period_start < 'infinity' AND i.covers
      AND i.id <> ALL(%s)
    ORDER BY i.period_start DESC LIMIT 1) AS last_end
FROM contracts_contract c
JOIN catalog_billingtype b ON b.id = c.billing_type_id
JOIN catalog_paymentterms t ON t.id = b.payment_terms_id
WHERE c.id = ANY(%s) ORDER BY c.id"""
)

ITEMS = """
SELECT i.contract_id, i.id, i.kind, i.product_id, p.tax_class, i.description, i.starts_on,
  i.ends_on, (i.quantity * 1000)::bigint AS quantity_milli, i.price_cents, i.cycle_price_cents,
  (i.percent * 10000)::bigint AS percent_e4, i.discounted_item_id, i.charge, i.times,
  i.charges_before + COALESCE(n.made, 0) AS charged, i.prorate, i.only_if_paid_by_due, i.origin,
  i.explanation
FROM contracts_contractitem i
JOIN catalog_product p ON p.id = i.product_id
LEFT JOIN LATERAL (SELECT count(*) AS made FROM billing_itemcharge h
  WHERE i.charge <> 'RECURRING' AND h.item_id = i.id AND h.invoice_id <> ALL(%s)) n ON true
WHERE i.contract_id = ANY(%s)
  AND (i.charge = 'RECURRING' OR i.charges_before + COALESCE(n.made, 0) < i.times)
ORDER BY i.contract_id, i.id"""

CARRIED = """
SELECT contract_id, sum(carried_cents)::bigint FROM billing_invoice
WHERE id <> ALL(%s) AND contract_id = ANY(%s) AND carried_cents <> 0
  AND cancelled_on IS NULL
GROUP BY contract_id"""

RELEASED = """
SELECT contract_id, period_start, period_end FROM billing_invoice
WHERE (NOT covers OR id = ANY(%s)) AND contract_id = ANY(%s) AND kind = 'PERIOD'"""

COVERED = """
SELECT contract_id, period_start, period_end FROM billing_invoice
WHERE id <> ALL(%s) AND contract_id = ANY(%s) AND covers AND kind = 'PERIOD'"""

OVERDUE = """
SELECT i.contract_id, count(DISTINCT r.id) FROM billing_invoice i
JOIN contracts_contract c ON c.id = i.contract_id
JOIN billing_receivable r ON r.id = i.receivable_id AND r.customer_id = c.customer_id
WHERE i.contract_id = ANY(%s) AND i.cancelled_on IS NULL AND r.cancelled_on IS NULL
  AND r.amount_cents > r.received_cents + r.discounted_cents AND r.due_on < %s
GROUP BY i.contract_id"""


def lock_active(customers: CustomerRange, *, choice: Choice) -> list[int]:
    """Return the ids of the range's active contracts, locked in id order until the commit."""
    return _active_ids(customers, choice=choice, lock="FOR NO KEY UPDATE OF c")


def lock_active_of(contract_ids: Sequence[int]) -> list[int]:
    """Return which of these contracts are active, locked in id order until the commit."""
    return [
        row[0]
        for row in _rows(
            "SELECT id FROM contracts_contract WHERE id = ANY(%s) AND status = 'ACTIVE'"
            " ORDER BY id FOR NO KEY UPDATE",
            _array(contract_ids),
        )
    ]


def active(customers: CustomerRange, *, choice: Choice) -> list[int]:
    """Return the ids of the range's active contracts."""
    return _active_ids(customers, choice=choice, lock="")


def contract_facts(
    contract_ids: Sequence[int],
    *,
    on: date,
    released: Sequence[int] = (),
    activated_on: date | None = None,
) -> list[ContractFacts]:
    """Return the facts of these contracts, in id order, as they stand on the day `on`.

    The invoices `released` are read as if they had been cancelled to be billed again, and
    contracts not yet in force as if they came into force on `activated_on`.
    """
    if not contract_ids:
        return []
    ids, without = _array(contract_ids), _array(released)
    rows = _named_rows(CONTRACTS, without, ids)
    for row in rows:
        if row["billing_starts_on"] is None:
            row |= {"billing_starts_on": activated_on, "activated_on": activated_on}
    values = parameters.values_for_contracts(
        CONTRACT_PARAMETERS,
        contracts=[(row["id"], row["sale_plan_id"] or 0, row["branch_id"]) for row in rows],
    )
    items = contract_items(contract_ids, released=released)
    carried = dict(_rows(CARRIED, without, ids))
    gaps = _gaps(ids, released=without)
    has_limit = any(own[MAX_OVERDUE_RECEIVABLES.name] for own in values.values())
    overdue = dict(_rows(OVERDUE, ids, on)) if has_limit else {}
    return [
        _facts(
            row,
            items=items.get(row["id"], ()),
            own=values[row["id"]],
            carried_cents=carried.get(row["id"], 0),
            gaps=gaps.get(row["id"], ()),
            overdue=overdue.get(row["id"], 0),
        )
        for row in rows
    ]


def contract_items(
    contract_ids: Sequence[int], *, released: Sequence[int] = ()
) -> Mapping[int, tuple[Item, ...]]:
    """Return the items of these contracts, without those whose charges were all made."""
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for row in _rows(ITEMS, _array(released), _array(contract_ids)):
        found[row[0]].append(_item(row))
    return {contract_id: tuple(items) for contract_id, items in found.items()}


def branch_rules(branch_ids: Iterable[int] | None = None, *, on: date) -> dict[int, BranchRules]:
    """Return the due-date rules of the branches, with holidays around the day `on`."""
    branches = Branch.objects.all()
    if branch_ids is not None:
        branches = branches.filter(pk__in=list(branch_ids))
    found = list(branches)
    open_on = calendars.calendars(found, years=range(on.year - 1, on.year + 4))
    return {
        branch.pk: _rules(
            parameters.branch_values(
                (MIN_DAYS_BEFORE_DUE, DUE_ON_BUSINESS_DAY, LAST_DUE_ON), branch_id=branch.pk
            ),
            calendar=open_on[branch.pk],
        )
        for branch in found
    }


def _rules(own: Mapping[str, Value], *, calendar: BusinessCalendar) -> BranchRules:
    last_due_on = own[LAST_DUE_ON.name]
    return BranchRules(
        min_days_before_due=int(own[MIN_DAYS_BEFORE_DUE.name] or 0),
        due_on_business_day=bool(own[DUE_ON_BUSINESS_DAY.name]),
        last_due_on=None if last_due_on is None else date.fromisoformat(str(last_due_on)),
        calendar=calendar,
    )


def _active_ids(customers: CustomerRange, *, choice: Choice, lock: str) -> list[int]:
    where, arguments = choice_sql(choice)
    return [
        row[0]
        for row in _rows(
            f"SELECT c.id FROM contracts_contract c WHERE c.status = 'ACTIVE'"  # noqa: S608
            f" AND c.customer_id >= %s AND c.customer_id < %s {where} ORDER BY c.id {lock}",
            customers.first,
            customers.end,
            *arguments,
        )
    ]


def choice_sql(choice: Choice) -> tuple[str, list[int]]:
    """Return the conditions on `contracts_contract c` and their arguments."""
    columns = {
        "c.branch_id": choice.branch_id,
        "c.wallet_id": choice.wallet_id,
        "c.billing_type_id": choice.billing_type_id,
        "c.customer_id": choice.customer_id,
        "c.id": choice.contract_id,
    }
    chosen = {column: value for column, value in columns.items() if value is not None}
    return "".join(f" AND {column} = %s" for column in chosen), list(chosen.values())


def schedule_of(row: Mapping[str, Any]) -> Schedule:
    """Return the schedule told by `SCHEDULE_COLUMNS`; equal ones are the same object.

    An imported contract's *faturado até* counts as its previous invoice: what is left of that
    cycle is prorated, whatever the first-invoice rule.
    """
    starts_on = row["billing_starts_on"]
    counts_from_activation = row["base"] != PeriodBase.DUE_DATE.value
    goes_on = row["imported_billed_until"] == starts_on
    return _schedule(
        row["timing"],
        row["base"],
        row["period_unit"],
        row["period_count"],
        row["due_rule"],
        row["due_day"],
        row["interval_days"],
        tuple(row["custom_dates"]),
        FirstInvoice.FIRST.value if goes_on else row["first_invoice"],
        Divisor.ACTUAL.value if goes_on else row["first_divisor"],
        starts_on,
        row["activated_on"] if counts_from_activation else starts_on,
        row["due_anchor_on"],
        row["stretch"],
    )


@lru_cache(maxsize=16_384)
def _schedule(
    timing: str,
    base: str,
    period_unit: str,
    period_count: int,
    due_rule: str,
    due_day: int | None,
    interval_days: int | None,
    custom_dates: tuple[date, ...],
    first_invoice: str,
    first_divisor: str,
    starts_on: date,
    anchor_on: date,
    due_anchor_on: date | None,
    stretch: str | None,
) -> Schedule:
    return Schedule(
        timing=Timing(timing),
        base=PeriodBase(base),
        periodicity=Periodicity(PeriodUnit(period_unit), period_count),
        due_rule=DueRule(due_rule),
        due_day=due_day,
        interval_days=interval_days,
        custom_dates=custom_dates,
        first_invoice=FirstInvoice(first_invoice),
        first_divisor=Divisor(first_divisor),
        starts_on=starts_on,
        anchor_on=anchor_on,
        due_anchor_on=due_anchor_on,
        stretch=schedules.read_stretch(stretch) if stretch else None,
    )


def _facts(
    row: Mapping[str, Any],
    *,
    items: tuple[Item, ...],
    own: Mapping[str, Value],
    carried_cents: int,
    gaps: tuple[Period, ...],
    overdue: int,
) -> ContractFacts:
    schedule, starts_on = schedule_of(row), row["billing_starts_on"]
    billed_until = max(row["last_end"] or starts_on, starts_on)
    return ContractFacts(
        id=row["id"],
        customer_id=row["customer_id"],
        branch_id=row["branch_id"],
        wallet_id=row["wallet_id"],
        schedule=schedule,
        items=items,
        billed_until=billed_until,
        gaps=tuple(gap for gap in gaps if starts_on <= gap.start < billed_until),
        ends_on=row["ends_on"],
        carried_cents=carried_cents,
        grouped=bool(own[GROUP_INVOICES.name]),
        is_signed=row["signed_on"] is not None,
        signature_required=bool(own[SIGNATURE_BEFORE_BILLING.name]),
        overdue_receivables=overdue,
        max_overdue_receivables=int(own[MAX_OVERDUE_RECEIVABLES.name] or 0),
        missing=close_plan.missing_data(
            due_rule=schedule.due_rule,
            period_unit=schedule.periodicity.unit,
            due_day=schedule.due_day,
            has_address=row["address_id"] is not None,
        ),
    )


def _item(row: Sequence[Any]) -> Item:
    """Return the item of a row of `ITEMS`, whose columns stand in the order of its fields."""
    return Item(
        row[1],
        KINDS[row[2]],
        row[3],
        TAX_CLASSES[row[4]],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
        CHARGES[row[13]],
        row[14],
        row[15],
        row[16],
        row[17],
        ORIGINS[row[18]],
        row[19],
    )


def _gaps(contract_ids: str, *, released: str) -> Mapping[int, tuple[Period, ...]]:
    given_back = _periods(RELEASED, released, contract_ids)
    covered = _periods(COVERED, released, _array(given_back)) if given_back else {}
    return {
        contract_id: coverage.uncovered(periods, covered=covered.get(contract_id, ()))
        for contract_id, periods in given_back.items()
    }


def _periods(sql: str, released: str, contract_ids: str) -> Mapping[int, list[Period]]:
    found: defaultdict[int, list[Period]] = defaultdict(list)
    for contract_id, start, end in _rows(sql, released, contract_ids):
        found[contract_id].append(Period(start, end))
    return found


def _array(ids: Iterable[int]) -> str:
    """Return ids as PostgreSQL writes an array: cheaper than a list quoted number by number."""
    return "{" + ",".join(map(str, ids)) + "}"


def _rows(sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return list(cursor.fetchall())


def _named_rows(sql: str, *arguments: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
