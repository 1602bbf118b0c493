"""Reads of invoices for screens: the list, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import BooleanField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from vigente.billing.models import Invoice, InvoiceLine, ItemCharge
from vigente.billing.receivable_queries import COUNTED_AT_MOST, NAMED_COUNTED_AT_MOST, PAGE
from vigente.contracts import owners
from vigente.contracts.models import Contract, HolderChange
from vigente.contracts.words import is_named, is_one_of
from vigente.domain.codes import InvoiceKind


class Kept(StrEnum):
    """Which invoices the list shows."""

    STANDING = "STANDING"
    SINGLE = "SINGLE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the list is filtered by; `branch_ids` are those that the person may see."""

    branch_ids: tuple[int, ...]
    kept: Kept = Kept.STANDING
    words: str = ""

    @property
    def counted_at_most(self) -> int:
        """How far what is found is counted."""
        return NAMED_COUNTED_AT_MOST if self.words.strip() else COUNTED_AT_MOST


@dataclass(frozen=True, slots=True)
class Page:
    """A page of invoices, newest first, and whether there are more on each side."""

    invoices: Sequence[Invoice]
    has_newer: bool
    has_older: bool


def found(search: Search) -> QuerySet[Invoice]:
    """Return the invoices that the search finds, in no order."""
    invoices = Invoice.objects.filter(contract__branch_id__in=search.branch_ids)
    match search.kept:
        case Kept.STANDING:
            invoices = invoices.filter(cancelled_on=None)
        case Kept.SINGLE:
            invoices = invoices.filter(kind=InvoiceKind.SINGLE.value, cancelled_on=None)
        case Kept.CANCELLED:
            invoices = invoices.filter(cancelled_on__isnull=False)
    return invoices.filter(_named(search.words)) if search.words.strip() else invoices


def page(search: QuerySet[Invoice], *, before: int | None = None, after: int | None = None) -> Page:
    """Return the page of invoices older than `before`, or newer than `after`."""
    rows = search.select_related("contract__customer", "receivable__customer")
    if after is not None:
        newer = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        return Page(newer[:PAGE][::-1], has_newer=len(newer) > PAGE, has_older=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    older = list(rows.order_by("-pk")[: PAGE + 1])
    return Page(older[:PAGE], has_newer=before is not None, has_older=len(older) > PAGE)


def capped_count(search: QuerySet[Invoice], *, most: int) -> int:
    """Return how many there are, counting no further than one above the cap."""
    return len(search.order_by("pk").values_list("pk", flat=True)[: most + 1])


def visible(branch_ids: Sequence[int]) -> QuerySet[Invoice]:
    """Return the invoices of these branches, each with its lines, contract and receivable."""
    lines = Prefetch("lines", queryset=InvoiceLine.objects.order_by("number"))
    return (
        Invoice.objects.filter(contract__branch_id__in=branch_ids)
        .select_related(
            *("contract__customer", "contract__branch", "contract__address"),
            "receivable__customer",
        )
        .prefetch_related(lines)
    )


def charges(invoice_id: int) -> QuerySet[ItemCharge]:
    """Return the counted charges that an invoice made, which its cancellation gives back."""
    return ItemCharge.objects.filter(invoice_id=invoice_id).select_related("item").order_by("pk")


def _named(words: str) -> Q:
    """Match who holds the contract or held it before, the invoice's number, or its contract's."""
    text = words.strip()
    few = owners.few_named(text)
    where = Q(_is_held(text)) | Q(_was_held(text)) if few is None else _held_by(few)
    if text.isascii() and text.isdigit() and len(text) < 18:
        where |= Q(pk=int(text)) | Q(contract_id=int(text))
    return where


def _held_by(customer_ids: list[int]) -> Q:
    """Match the invoices of the contracts that these hold or held before."""
    held = Contract.objects.filter(is_one_of("customer_id", customer_ids)).values_list("pk")
    before = HolderChange.objects.filter(is_one_of("former_id", customer_ids))
    contracts = held.union(before.values_list("contract"))
    return Q(is_one_of("contract_id", [pk for (pk,) in contracts]))


def _is_held(words: str) -> Combinable:
    return is_named(words, of="contract__customer_id")


def _was_held(words: str) -> Combinable:
    """Match by reading the former holders of each invoice's contract."""
    former = HolderChange.objects.filter(contract=OuterRef("contract_id")).values("contract")
    named = former.annotate(named=BoolOr(is_named(words, of="former_id"))).values("named")
    return Subquery(named, output_field=BooleanField())
