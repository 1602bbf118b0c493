"""Reads of contracts: the list, found by what people remember, a page at a time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from vigente.contracts.models import Contract, ContractAttachment, ContractPlan
from vigente.customers.models import Customer

PAGE = 20
COUNTED_AT_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the list is filtered by; `branch_ids` are those that the person may see."""

    branch_ids: tuple[int, ...]
    words: str = ""
    statuses: tuple[str, ...] = ()
    sale_plan_id: int | None = None
    due_day: int | None = None
    branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of contracts, newest first, and whether there are more on each side."""

    contracts: Sequence[Contract]
    has_newer: bool
    has_older: bool


def found(search: Search) -> QuerySet[Contract]:
    """Return the contracts that the search finds, in no order."""
    contracts = Contract.objects.filter(branch_id__in=search.branch_ids)
    if search.branch_id is not None:
        contracts = contracts.filter(branch_id=search.branch_id)
    if search.statuses:
        contracts = contracts.filter(status__in=search.statuses)
    if search.due_day is not None:
        contracts = contracts.filter(due_day=search.due_day)
    if search.sale_plan_id is not None:
        in_force = ContractPlan.objects.filter(
            contract=OuterRef("pk"), ends_on=None, sale_plan_id=search.sale_plan_id
        )
        contracts = contracts.filter(Exists(in_force))
    return contracts.filter(_named(search.words)) if search.words.strip() else contracts


def page(
    search: QuerySet[Contract], *, before: int | None = None, after: int | None = None
) -> Page:
    """Return the page of contracts older than `before`, or newer than `after`."""
    rows = search.select_related("customer", "branch").defer("note")
    if after is not None:
        newer = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        return Page(newer[:PAGE][::-1], has_newer=len(newer) > PAGE, has_older=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    older = list(rows.order_by("-pk")[: PAGE + 1])
    return Page(older[:PAGE], has_newer=before is not None, has_older=len(older) > PAGE)


def capped_count(search: QuerySet[Contract]) -> int:
    """Return how many there are, counting no further than one above the cap."""
    return len(search.order_by().values_list("pk", flat=True)[: COUNTED_AT_MOST + 1])


def plan_names(contract_ids: Sequence[int]) -> dict[int, str]:
    """Return the name of the sale plan in force, or last in force, of each contract."""
    plans = (
        ContractPlan.objects.filter(contract_id__in=contract_ids)
        .order_by("starts_on")
        .values_list("contract_id", "sale_plan__name")
    )
    return dict(plans)


def customers_named(words: str, *, branch_ids: Sequence[int]) -> QuerySet[Customer]:
    """Return the active customers of these branches by words of the name, or by document."""
    number = re.sub(r"[.\-/\s]", "", words).upper()
    found = Q(pk__in=_by_name(words).values("pk")) | Q(tax_id=number)
    return Customer.objects.filter(found, branch_id__in=branch_ids, is_active=True).order_by(
        "name", "pk"
    )


def attachments(contract_id: int) -> QuerySet[ContractAttachment]:
    """Return the files of a contract, the newest first."""
    return (
        ContractAttachment.objects.filter(contract_id=contract_id, attachment__removed_at=None)
        .select_related("attachment")
        .order_by("-pk")
    )


def use_billing_type(billing_type_id: int) -> bool:
    """Tell whether any contract, ended ones too, uses a billing type."""
    return Contract.objects.filter(billing_type_id=billing_type_id).exists()


def use_payment_terms(payment_terms_id: int) -> bool:
    """Tell whether any contract, ended ones too, uses a billing type with these terms."""
    return Contract.objects.filter(billing_type__payment_terms_id=payment_terms_id).exists()


def _by_name(words: str) -> QuerySet[Customer]:
    customers = Customer.objects.all()
    for word in words.split():
        customers = customers.filter(search_name__contains=_plain(word))
    return customers


def _named(words: str) -> Q:
    """Match every word of the name, whatever its accents, or a number of the contract."""
    digits = re.sub(r"\W", "", words).upper()
    customers = _by_name(words)
    where = Q(customer__in=customers.values("pk"))
    if digits.isascii() and any(c.isdigit() for c in digits):
        where |= Q(code=words.strip())
        where |= Q(customer__in=Customer.objects.filter(tax_id=digits).values("pk"))
        if digits.isdigit() and len(digits) < 18:
            where |= Q(pk=int(digits))
    return where


def _plain(word: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c)
    )
