"""Customers' credit: the list of those who have some, and the page of one with its movements."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vigente.backoffice import scope
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.scope import needs
from vigente.customers.models import Customer
from vigente.domain.codes import CreditKind
from vigente.domain.permissions import Permission
from vigente.payments import credit_queries as queries

FILTERS = ("q", "filial")
KINDS = {
    CreditKind.OVERPAYMENT: "Pago a mais",
    CreditKind.RELEASED: "Pagamento de conta cancelada ou desfeito",
    CreditKind.FINAL_INVOICE: "Saldo da fatura final",
    CreditKind.USED: "Usado para pagar uma conta",
    CreditKind.REVERSAL: "Recebimento estornado",
    CreditKind.REFUND: "Devolvido ao cliente",
    CreditKind.REFUND_UNDONE: "Devolução desfeita",
}


def visible(request: HttpRequest, customer_id: int) -> Customer:
    """Return a customer of the person's branches, or answer that there is none."""
    return get_object_or_404(queries.visible(scope.branch_ids(request)), pk=customer_id)


@needs(Permission.SEE_MONEY)
@require_GET
def credit_list(request: HttpRequest) -> HttpResponse:
    """Show a page of customers who have credit, and how much all of them have."""
    asked = request.GET
    page = queries.with_credit(
        scope.chosen_branch_ids(request, of_address.number(asked, "filial")),
        words=of_address.words(asked),
        after=of_address.number(asked, "depois"),
        before=of_address.number(asked, "antes"),
    )
    shown = page.balances
    context = {
        "page": page,
        "asked": asked,
        "branches": scope.branches(request),
        "later": _address(asked, depois=shown[-1].customer.pk) if shown else "",
        "earlier": _address(asked, antes=shown[0].customer.pk) if shown else "",
    }
    part = "_rows.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"credits/{part}", context)


@needs(Permission.SEE_MONEY)
@require_GET
def customer_credit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show the movements of a customer's credit, the newest first, each with its balance."""
    customer = visible(request, customer_id)
    statement = queries.statement(customer.pk, before=of_address.number(request.GET, "antes"))
    context = {
        "customer": customer,
        "statement": statement,
        "movements": [(one, KINDS[CreditKind(one.entry.kind)]) for one in statement.movements],
        "older": f"?antes={statement.movements[-1].entry.pk}" if statement.has_older else "",
    }
    return render(request, "credits/page.html", context)


def _address(asked: QueryDict, **changes: object) -> str:
    return of_address.address(asked, keep=FILTERS, **changes)
