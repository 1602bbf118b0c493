"""Reads of customers' credit for screens: who has some, and how it came to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from vigente.billing.receivable_queries import PAGE
from vigente.contracts import owners
from vigente.customers.models import Customer
from vigente.domain import customer_credit
from vigente.payments import credit
from vigente.payments.models import CreditEntry, Refund
from vigente.staff.models import Branch


@dataclass(frozen=True, slots=True)
class Balance:
    """What a customer has to their credit."""

    customer: Customer
    cents: int


@dataclass(frozen=True, slots=True)
class WithCredit:
    """A page of customers who have credit, by their number, and what all of them have."""

    balances: Sequence[Balance]
    has_earlier: bool
    has_later: bool
    count: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of credit, and the balance after it."""

    entry: CreditEntry
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of movements, the newest first."""

    movements: tuple[Movement, ...]
    balance_cents: int
    has_older: bool


def with_credit(
    branch_ids: Sequence[int], *, words: str, after: int | None = None, before: int | None = None
) -> WithCredit:
    """Return a page of these branches' customers who have credit; `credit_cents` is how much."""
    balances = _balances(branch_ids, words=words)
    whole = balances.aggregate(count=Count("customer_id"), whole=Sum("cents"))
    if before is not None:
        rows = _page(balances.filter(customer_id__lt=before).order_by("-customer_id"))
        page, has_earlier, has_later = rows[:PAGE][::-1], len(rows) > PAGE, True
    else:
        rows = _page(balances.filter(customer_id__gt=after or 0).order_by("customer_id"))
        page, has_earlier, has_later = rows[:PAGE], after is not None, len(rows) > PAGE
    return WithCredit(page, has_earlier, has_later, whole["count"], whole["whole"] or 0)


def visible(branch_ids: Sequence[int]) -> QuerySet[Customer]:
    """Return the customers of these branches."""
    return Customer.objects.filter(branch_id__in=branch_ids).select_related("branch")


def visible_refunds(branch_ids: Sequence[int]) -> QuerySet[Refund]:
    """Return the refunds of these branches."""
    return Refund.objects.filter(branch_id__in=branch_ids).select_related("customer")


def statement(customer_id: int, *, before: int | None = None) -> Statement:
    """Return the movements of a customer's credit older than `before`, with their balances."""
    entries = CreditEntry.objects.filter(customer_id=customer_id)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    there = entries.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    shown = list(
        entries.select_related("receipt", "allocation", "invoice", "refund").order_by("-pk")[
            : PAGE + 1
        ]
    )
    page = shown[:PAGE]
    after_each = customer_credit.balances(
        [entry.amount_cents for entry in page], balance_cents=there
    )
    return Statement(
        tuple(map(Movement, page, after_each)),
        credit.balances([customer_id]).get(customer_id, 0),
        has_older=len(shown) > PAGE,
    )


def _balances(branch_ids: Sequence[int], *, words: str) -> QuerySet[CreditEntry, Any]:
    """Return who has how much, from the entries: few customers ever had any."""
    entries = CreditEntry.objects.all()
    if Branch.objects.exclude(pk__in=branch_ids).exists():  # otherwise no customer need be read
        entries = entries.filter(customer__branch_id__in=branch_ids)
    if words.strip():
        entries = entries.filter(owners.is_named(words, of="customer_id"))
    each = entries.order_by().values("customer_id").annotate(cents=Sum("amount_cents"))
    return each.filter(cents__gt=0)


def _page(balances: QuerySet[CreditEntry, Any]) -> list[Balance]:
    """Return the first of these balances, one more than a page holds."""
    found = [(one["customer_id"], one["cents"]) for one in balances[: PAGE + 1]]
    customers = Customer.objects.in_bulk([pk for pk, _ in found])
    return [Balance(customers[pk], cents) for pk, cents in found]
