"""Invoices: the list, the page of one with its explained lines, and the copy for the customer."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.audit import queries as audit
from vigente.backoffice import scope
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.billing import invoice_queries as queries
from vigente.billing.invoice_queries import Kept, Search
from vigente.billing.models import Invoice
from vigente.customers import places
from vigente.domain.permissions import Permission

VIEWS = (
    ("", "Emitidas", Kept.STANDING),
    ("avulsas", "Avulsas", Kept.SINGLE),
    ("canceladas", "Canceladas", Kept.CANCELLED),
)
FILTERS = ("q", "visao", "filial")


def visible(request: HttpRequest, invoice_id: int) -> Invoice:
    """Return an invoice of the person's branches, or answer that it is not there."""
    return get_object_or_404(queries.visible(scope.branch_ids(request)), pk=invoice_id)


@needs(Permission.SEE_MONEY)
@require_GET
def invoice_list(request: HttpRequest) -> HttpResponse:
    """Show a page of invoices, the newest first, found and filtered by the address."""
    asked, today = request.GET, timezone.localdate()
    view = asked.get("visao", "")
    search = _search(request, view)
    found = queries.found(search)
    page = queries.page(
        found, before=of_address.number(asked, "antes"), after=of_address.number(asked, "depois")
    )
    shown = page.invoices
    context = {
        "rows": [
            (one, one.receivable.state(today=today) if one.receivable else None) for one in shown
        ],
        "page": page,
        "total": queries.capped_count(found, most=search.counted_at_most),
        "cap": search.counted_at_most,
        "views": [(code, title, _address(asked, visao=code)) for code, title, _ in VIEWS],
        "view": view,
        "asked": asked,
        "branches": scope.branches(request),
        "older": _address(asked, antes=shown[-1].pk) if shown else "",
        "newer": _address(asked, depois=shown[0].pk) if shown else "",
    }
    part = "_rows.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"invoices/{part}", context)


@needs(Permission.SEE_MONEY)
@require_GET
def invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Show an invoice with its explained lines, and where it is paid."""
    shown, today = visible(request, invoice_id), timezone.localdate()
    context = {
        "invoice": shown,
        "state": shown.receivable.state(today=today) if shown.receivable else None,
        "trail": audit.trail(object_kind="invoice", object_id=shown.pk)[:50],
    }
    return render(request, "invoices/page.html", context)


@needs(Permission.SEE_MONEY)
@require_GET
def invoice_copy(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Show an invoice as the customer gets it, to be printed."""
    shown = visible(request, invoice_id)
    context = {
        "title": f"Fatura {shown.pk}",
        "invoices": [shown],
        "customer": shown.customer,
        "branch": shown.contract.branch,
        "address": places.billed_at(shown.customer, shown.contract.address),
        "due_on": shown.receivable.due_on if shown.receivable else shown.due_on,
        "total_cents": shown.total_cents,
        "discount_cents": shown.discount_until_due_cents,
        "is_cancelled": shown.cancelled_on is not None,
        "back": ("invoice", shown.pk),
    }
    return render(request, "invoices/copy.html", context)


def _search(request: HttpRequest, view: str) -> Search:
    asked = request.GET
    return Search(
        branch_ids=tuple(scope.chosen_branch_ids(request, of_address.number(asked, "filial"))),
        kept={code: kept for code, _, kept in VIEWS}.get(view, Kept.STANDING),
        words=of_address.words(asked),
    )


def _address(asked: QueryDict, **changes: object) -> str:
    return of_address.address(asked, keep=FILTERS, **changes)
