"""Contracts: each view translates the address, makes one read and translates the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.backoffice import scope, sending
from vigente.backoffice.contracts import document_views as documents
from vigente.backoffice.contracts import issuing_views as issuing
from vigente.backoffice.contracts import page as contract_page
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags import vigente as tags
from vigente.billing import facts
from vigente.billing import queries as billing
from vigente.billing.queries import Owed
from vigente.catalog import queries as catalog
from vigente.contracts import finding, queries
from vigente.contracts.finding import Count, Cursor, Search
from vigente.contracts.models import Contract
from vigente.domain import items
from vigente.domain.permissions import Permission

VIEWS = (
    ("", "Todos", ()),
    ("ativos", "Ativos", ("ACTIVE",)),
    ("atraso", "Em atraso", ()),
    ("pre", "Pré-contratos", ("PRE",)),
    ("inativos", "Inativos", ("INACTIVE", "LISTED", "WITHDRAWN")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    contract: Contract
    plan: str
    monthly_cents: int
    billed_until: date | None
    owed: Owed | None
    days_late: int


@needs(Permission.SEE_CONTRACTS)
@require_GET
def contract_list(request: HttpRequest) -> HttpResponse:
    """Show a page of contracts, found and filtered by the address."""
    branches = scope.branches(request)
    today = timezone.localdate()
    asked = request.GET
    sees_all = scope.person(request).is_administrator
    branch_ids = None if sees_all else tuple(branch.pk for branch in branches)
    search = _search(asked, branch_ids=branch_ids, today=today)
    shown = finding.page(search, _cursor(asked))
    context = {
        "rows": rows(shown.contracts, today=today),
        "page": shown,
        "total": _total(shown.total),
        "views": [(code, title, _address(asked, visao=code)) for code, title, _ in VIEWS],
        "view": asked.get("visao", ""),
        "asked": asked,
        "plans": catalog.sold_by(scope.branch_ids(request)).filter(is_active=True).order_by("name"),
        "branches": branches,
        "due_days": range(1, 32),
        "older": _address(asked, antes=shown.contracts[-1].pk) if shown.contracts else "",
        "newer": _address(asked, depois=shown.contracts[0].pk) if shown.contracts else "",
    }
    part = "contracts/_rows.html" if request.headers.get("HX-Request") else "contracts/list.html"
    return render(request, part, context)


@needs(Permission.SEE_CONTRACTS)
@require_GET
def contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Show a contract with the tab asked for, and its next invoice, line by line."""
    shown = get_object_or_404(
        Contract.objects.select_related(
            *("customer", "branch", "seller", "address", "wallet"),
            *("billing_type__payment_terms", "template", "cancellation_reason"),
        ),
        pk=contract_id,
        branch_id__in=scope.branch_ids(request),
    )
    tab = request.GET.get("aba", "contrato")
    context = contract_page.context(shown, tab=tab, today=timezone.localdate())
    context["customer_of"] = scope.branch_ids(request)
    if context["tab"] == "documentos":
        context |= {"form": documents.form(), "key": sending.key(request), "kinds": documents.KINDS}
        context |= {"issued_kinds": issuing.KINDS}
    return render(request, "contracts/page.html", context)


def _search(asked: QueryDict, *, branch_ids: tuple[int, ...] | None, today: date) -> Search:
    statuses = {code: statuses for code, _, statuses in VIEWS}
    return Search(
        branch_ids=branch_ids,
        words=asked.get("q", "")[:100].replace("\x00", ""),
        statuses=statuses.get(asked.get("visao", ""), ()),
        sale_plan_id=_number(asked, "plano"),
        due_day=_number(asked, "dia"),
        branch_id=_number(asked, "filial"),
        condition=billing.overdue(today=today) if asked.get("visao") == "atraso" else None,
    )


def _cursor(asked: QueryDict) -> Cursor:
    """Return where the page begins: above a contract, below one, or at the newest."""
    above, below = _number(asked, "depois"), _number(asked, "antes")
    if above is not None:
        return Cursor(above=above, goes_down=False)
    return Cursor() if below is None else Cursor(below=below)


def _total(total: Count) -> str:
    """Return how many contracts there are, as people say it."""
    number = tags.count(total.number)
    return number if total.is_all else f"pelo menos {number}"


def _number(asked: QueryDict, name: str) -> int | None:
    """Return a number of the address; what is no number asks for nothing."""
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _address(asked: QueryDict, **changes: object) -> str:
    """Return the address of this list with some filters changed, from its first page."""
    kept = {name: asked[name] for name in ("q", "visao", "plano", "dia", "filial") if name in asked}
    return "?" + urlencode({k: v for k, v in {**kept, **changes}.items() if v not in ("", None)})


def rows(contracts: Sequence[Contract], *, today: date) -> list[Row]:
    """Return contracts as lines of a list, read together."""
    ids = [contract.pk for contract in contracts]
    plans = queries.plan_names(ids)
    priced = facts.contract_items(ids)
    billed, owed = billing.billed_until(ids), billing.owed(ids)
    return [
        Row(
            contract=contract,
            plan=plans.get(contract.pk, ""),
            monthly_cents=items.monthly_cents(priced.get(contract.pk, ()), on=today),
            billed_until=_last_day(billed.get(contract.pk)),
            owed=owed.get(contract.pk),
            days_late=_days_late(owed.get(contract.pk), today=today),
        )
        for contract in contracts
    ]


def _last_day(end: date | None) -> date | None:
    """Return the last billed day, as people say it."""
    return end - timedelta(days=1) if end else None


def _days_late(owed: Owed | None, *, today: date) -> int:
    return max((today - owed.oldest_due_on).days, 0) if owed else 0
