"""Receivables: the list, and the page of one with what it holds and what settled it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.audit import queries as audit
from vigente.backoffice import qr, scope
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.backoffice.trail import words
from vigente.billing import receivable_queries as queries
from vigente.billing.models import Receivable
from vigente.billing.receivable_queries import Place, Search
from vigente.customers import places
from vigente.domain import money
from vigente.domain.codes import ReceivableState
from vigente.domain.late_charges import Charges
from vigente.domain.permissions import Permission
from vigente.payments import bank_queries, credit, late, pix_codes
from vigente.payments import queries as payments
from vigente.payments.bank_models import BankAccount

VIEWS: tuple[tuple[str, str, ReceivableState | None], ...] = (
    ("", "Em aberto", None),
    ("vencidas", "Vencidas", ReceivableState.OVERDUE),
    ("a-vencer", "A vencer", ReceivableState.DUE),
    ("recebidas", "Recebidas", ReceivableState.SETTLED),
    ("canceladas", "Canceladas", ReceivableState.CANCELLED),
)
FILTERS = ("q", "visao", "de", "ate", "filial")


def visible(request: HttpRequest, receivable_id: int) -> Receivable:
    """Return a receivable of the person's branches, or answer that it is not there."""
    return get_object_or_404(
        Receivable.objects.select_related("customer", "branch", "wallet", "replaces"),
        pk=receivable_id,
        branch_id__in=scope.branch_ids(request),
    )


@needs(Permission.SEE_MONEY)
@require_GET
def receivable_list(request: HttpRequest) -> HttpResponse:
    """Show a page of receivables by due date, found and filtered by the address."""
    asked, today = request.GET, timezone.localdate()
    view = asked.get("visao", "")
    state = {code: state for code, _, state in VIEWS}.get(view)
    search = _search(request, state, today=today)
    found = queries.found(search)
    page = queries.page(
        found, state=state, after=_place(asked, "depois"), before=_place(asked, "antes")
    )
    shown = page.receivables
    context = {
        "rows": [(one, one.state(today=today), _days_late(one, today=today)) for one in shown],
        "page": page,
        "total": queries.capped_count(found, most=search.counted_at_most),
        "cap": search.counted_at_most,
        "views": [(code, title, _address(asked, visao=code)) for code, title, _ in VIEWS],
        "view": view,
        "asked": asked,
        "branches": scope.branches(request),
        "later": _address(asked, depois=_written(shown[-1])) if shown else "",
        "earlier": _address(asked, antes=_written(shown[0])) if shown else "",
    }
    part = "_rows.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"receivables/{part}", context)


@needs(Permission.SEE_MONEY)
@require_GET
def receivable(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Show a receivable: its invoices, what settled it, what is open and what was done."""
    shown = visible(request, receivable_id)
    return render(request, "receivables/page.html", _of(shown, today=timezone.localdate()))


@needs(Permission.SEE_MONEY)
@require_GET
def receivable_copy(request: HttpRequest, receivable_id: int) -> HttpResponse:
    """Show a receivable with its invoices as the customer gets it, to be printed."""
    shown, today = visible(request, receivable_id), timezone.localdate()
    invoices = [one for one in queries.invoices(shown.pk) if one.cancelled_on is None]
    installed_at = invoices[0].contract.address if invoices else None
    charged = late.charges_of({shown: today})[shown.pk]
    context = {
        "title": f"Conta {shown.pk}",
        "invoices": invoices,
        "customer": shown.customer,
        "branch": shown.branch,
        "address": places.billed_at(shown.customer, installed_at),
        "due_on": shown.due_on,
        "total_cents": shown.amount_cents,
        "discount_cents": shown.discount_until_due_cents,
        "received_cents": shown.received_cents + shown.discounted_cents,
        "open_cents": shown.open_cents,
        "charges": charged,
        "pix": _pix(shown, charged, today=today),
        "today": today,
        "is_cancelled": shown.cancelled_on is not None,
        "back": ("receivable", shown.pk),
    }
    return render(request, "invoices/copy.html", context)


def _pix(shown: Receivable, charged: Charges, *, today: date) -> dict[str, Any] | None:
    """Return the Pix of a receivable with its drawing, or None."""
    code = pix_codes.code_of(shown, charged, is_in_time=today <= shown.due_on)
    if code is None:
        return None
    title = f"QR code do Pix de {money.brl(code.cents)}"
    return {"code": code, "drawing": qr.drawn(code.text, title=title)}


def _of(shown: Receivable, *, today: date) -> dict[str, Any]:
    invoices = list(queries.invoices(shown.pk))
    charged = late.charges_of({shown: today})[shown.pk]
    return {
        "pix": _pix(shown, charged, today=today),
        "receivable": shown,
        "state": shown.state(today=today),
        "days_late": _days_late(shown, today=today),
        "invoices": invoices,
        "sells_by": next((one.contract_id for one in invoices), None),
        "allocations": payments.allocations(shown.pk),
        "charges": charged,
        "waivers": shown.waivers.order_by("pk"),
        "credit_cents": credit.balances([shown.customer_id]).get(shown.customer_id, 0),
        "replaced_by": Receivable.objects.filter(
            replaces=shown.pk, customer=shown.customer_id
        ).first(),
        "trail": [
            (entry, words.detail(entry.detail))
            for entry in audit.trail(object_kind="receivable", object_id=shown.pk)[:50]
        ],
        "boleto": bank_queries.boleto_of(shown.pk),
        "has_bank": BankAccount.objects.filter(wallet=shown.wallet_id).exists(),
        "today": today,
    }


def _search(request: HttpRequest, state: ReceivableState | None, *, today: date) -> Search:
    asked = request.GET
    return Search(
        branch_ids=tuple(scope.chosen_branch_ids(request, of_address.number(asked, "filial"))),
        today=today,
        state=state,
        words=of_address.words(asked),
        due_from=of_address.day(asked, "de"),
        due_until=of_address.day(asked, "ate"),
    )


def _place(asked: QueryDict, name: str) -> Place | None:
    """Return the place named in the address: day, customer and receivable."""
    day, *rest = asked.get(name, "").split(".")
    due_on, ids = of_address.a_day(day), [of_address.a_number(text) for text in rest]
    match ids:
        case [int(customer_id), int(receivable_id)] if due_on is not None:
            return Place(due_on, customer_id, receivable_id)
    return None


def _written(receivable: Receivable) -> str:
    place = queries.place(receivable)
    return f"{place.due_on:%Y-%m-%d}.{place.customer_id}.{place.receivable_id}"


def _address(asked: QueryDict, **changes: object) -> str:
    return of_address.address(asked, keep=FILTERS, **changes)


def _days_late(receivable: Receivable, *, today: date) -> int:
    is_late = receivable.state(today=today) is ReceivableState.OVERDUE
    return (today - receivable.due_on).days if is_late else 0
