"""Cash desks: the list, the page of one with all that went through it, and its report."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vigente.backoffice import scope
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.domain import cash_desk
from vigente.domain.cash_desk import FlowKind
from vigente.domain.codes import PaymentMeans
from vigente.domain.permissions import Permission
from vigente.payments import desk_queries as queries
from vigente.payments.models import CashDesk

VIEWS = (("", "Todos"), ("abertos", "Abertos"), ("fechados", "Fechados"))
FILTERS = ("visao", "filial")
FLOWS = {
    FlowKind.OPENING: "Abertura",
    FlowKind.RECEIPT: "Recebimento",
    FlowKind.SUPPLY: "Suprimento",
    FlowKind.REFUND_UNDONE: "Devolução desfeita",
    FlowKind.REVERSAL: "Estorno",
    FlowKind.WITHDRAWAL: "Sangria",
    FlowKind.REFUND: "Devolução de crédito",
}


def visible(request: HttpRequest, desk_id: int) -> CashDesk:
    """Return a desk that the person may see, their own or of their branches, or answer 404."""
    found = queries.visible(scope.branch_ids(request), operator_id=_only_of(request))
    return get_object_or_404(found, pk=desk_id)


def may_act(request: HttpRequest, desk: CashDesk) -> bool:
    """Tell whether the person may move and close a desk: their own, or with the permission any."""
    allowed = scope.allowed(request)
    is_own = desk.operator_id == scope.person(request).pk
    return Permission.RECEIVE in allowed and (is_own or Permission.REOPEN_DESKS in allowed)


@needs(Permission.SEE_MONEY)
@require_GET
def desk_list(request: HttpRequest) -> HttpResponse:
    """Show a page of desks, the newest first: the person's, or of all with the permission."""
    asked = request.GET
    branch_ids = scope.chosen_branch_ids(request, of_address.number(asked, "filial"))
    found = queries.visible(branch_ids, operator_id=_only_of(request))
    view = asked.get("visao", "")
    if view in ("abertos", "fechados"):
        found = found.filter(closed_at__isnull=view == "abertos")
    page = queries.page(
        found, before=of_address.number(asked, "antes"), after=of_address.number(asked, "depois")
    )
    shown = page.desks
    context = {
        "page": page,
        "views": [(code, title, _address(asked, visao=code)) for code, title in VIEWS],
        "view": view,
        "asked": asked,
        "branches": scope.branches(request),
        "older": _address(asked, antes=shown[-1].pk) if shown else "",
        "newer": _address(asked, depois=shown[0].pk) if shown else "",
    }
    return render(request, "desks/list.html", context)


@needs(Permission.SEE_MONEY)
@require_GET
def desk(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Show a desk: what it comes to, all that went through it, and its closings."""
    shown = visible(request, desk_id)
    return render(request, "desks/page.html", _of(shown) | {"may_act": may_act(request, shown)})


@needs(Permission.SEE_MONEY)
@require_GET
def report(request: HttpRequest, desk_id: int) -> HttpResponse:
    """Show a desk with its count as it is printed and signed."""
    return render(request, "desks/report.html", _of(visible(request, desk_id)))


def _of(shown: CashDesk) -> dict[str, Any]:
    lines = queries.lines(shown)
    balances = cash_desk.balances(line.flow for line in lines)
    used = {line.flow.means for line in lines} | {PaymentMeans.CASH}
    closings = list(queries.closings(shown))
    return {
        "desk": shown,
        "lines": [(line, FLOWS[line.flow.kind]) for line in lines],
        "balances": [(means, balances[means]) for means in PaymentMeans if means in used],
        "total_cents": sum(balances.values()),
        "closings": [(one, _counted(one)) for one in closings],
        "standing": next((one for one in closings if one.reopened_at is None), None),
    }


def _counted(closing: Any) -> list[tuple[str, int, int, int]]:
    """Return what was expected, counted and different of each means that was used."""
    order = list(PaymentMeans)
    counts = sorted(closing.counts.all(), key=lambda one: order.index(PaymentMeans(one.means)))
    return [
        (one.means, one.expected_cents, one.counted_cents, one.counted_cents - one.expected_cents)
        for one in counts
        if one.expected_cents or one.counted_cents or one.means == PaymentMeans.CASH.value
    ]


def _only_of(request: HttpRequest) -> int | None:
    """Return whose desks alone the person sees, or None for everybody's."""
    sees_all = Permission.SEE_DESKS in scope.allowed(request)
    return None if sees_all else scope.person(request).pk


def _address(asked: QueryDict, **changes: object) -> str:
    return of_address.address(asked, keep=FILTERS, **changes)
