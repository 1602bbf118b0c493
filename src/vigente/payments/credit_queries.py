"""Reads of customers' credit for screens: who has some, and how it came to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from vigente.billing.receivable_queries import PAGE
from vigente.contracts import words as of_search
from vigente.customers.models import Customer
from vigente.domain import customer_credit
from vigente.payments import credit
from vigente.payments.models import CreditEntry, Refund


@dataclass(frozen=True, slots=True)
class WithCredit:
    """A page of customers who have credit, by their number, and what all of them have."""

    customers: Sequence[Customer]
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
    balances = _balances(_customers(branch_ids, words=words))
    whole = balances.aggregate(count=Count("customer_id"), whole=Sum("cents"))
    found = _with_credit(balances)
    if before is not None:
        rows = list(found.filter(pk__lt=before).order_by("-pk")[: PAGE + 1])
        page, has_earlier, has_later = rows[:PAGE][::-1], len(rows) > PAGE, True
    else:
        rows = list(found.filter(pk__gt=after or 0).order_by("pk")[: PAGE + 1])
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


def _customers(branch_ids: Sequence[int], *, words: str) -> QuerySet[Customer]:
    found = Customer.objects.filter(branch_id__in=branch_ids)
    if of_search.has_number(words):
        return found.filter(of_search.has_tax_id(words))
    return found.filter(of_search.has_name(words)) if words.strip() else found


def _balances(customers: QuerySet[Customer]) -> QuerySet[CreditEntry, Any]:
    """Return who of them has how much, from the entries: few customers ever had any."""
    each = CreditEntry.objects.filter(customer__in=customers).order_by().values("customer_id")
    return each.annotate(cents=Sum("amount_cents")).filter(cents__gt=0)


def _with_credit(balances: QuerySet[CreditEntry, Any]) -> QuerySet[Customer]:
    own = CreditEntry.objects.filter(customer_id=OuterRef("pk")).order_by().values("customer_id")
    cents = own.annotate(cents=Sum("amount_cents")).values("cents")
    return Customer.objects.filter(pk__in=balances.values("customer_id")).annotate(
        credit_cents=Subquery(cents)
    )
