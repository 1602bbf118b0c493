"""The page of one customer: each part only for who may see it, narrowed to their branches."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.audit import queries as audit
from vigente.backoffice import scope
from vigente.backoffice.contracts import views as contracts
from vigente.backoffice.scope import needs
from vigente.backoffice.trail import views as trail
from vigente.billing import receivable_queries as receivables
from vigente.contracts import holders
from vigente.contracts.models import Contract
from vigente.customers.models import Contact, Customer, MessageOptOut
from vigente.domain.permissions import Permission
from vigente.payments import credit

SHOWN = 20


def visible(request: HttpRequest, customer_id: int) -> Customer:
    """Return a customer of the person's branches, or answer that it is not there."""
    return get_object_or_404(
        Customer.objects.select_related("branch"),
        pk=customer_id,
        branch_id__in=scope.branch_ids(request),
    )


@needs(Permission.SEE_CUSTOMERS)
@require_GET
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show a customer with the contracts, what is owed, the credit and what was done."""
    shown, allowed = visible(request, customer_id), scope.allowed(request)
    context = {
        "customer": shown,
        "opt_out": MessageOptOut.objects.filter(customer=shown).first(),
        "addresses": shown.addresses.order_by("-is_main", "pk"),
        "phones": shown.contacts.filter(kind=Contact.PHONE).order_by("pk"),
        "emails": shown.contacts.filter(kind=Contact.EMAIL).order_by("pk"),
        "trail": [
            trail.line(entry, {})
            for entry in audit.trail(object_kind="customer", object_id=shown.pk).prefetch_related(
                "values"
            )[:SHOWN]
        ],
    }
    if Permission.SEE_CONTRACTS in allowed:
        context |= _contracts(request, shown)
    if Permission.SEE_MONEY in allowed:
        context |= _money(request, shown)
    return render(request, "customers/page.html", context)


def _contracts(request: HttpRequest, shown: Customer) -> dict[str, Any]:
    """Return the newest contracts, and the list that has the others."""
    branch_ids = scope.branch_ids(request)
    found = Contract.objects.filter(customer=shown, branch_id__in=branch_ids).order_by("-pk")
    rows = list(found.select_related("customer")[: SHOWN + 1])
    return {
        "sees_contracts": True,
        "contracts": contracts.rows(rows[:SHOWN], today=timezone.localdate()),
        "passed_on": holders.passed_on_by(shown.pk, branch_ids=branch_ids)[:SHOWN],
        "more_contracts": _found("contracts", shown) if len(rows) > SHOWN else "",
    }


def _money(request: HttpRequest, shown: Customer) -> dict[str, Any]:
    """Return the oldest open receivables, the list that has the others, and the credit."""
    today = timezone.localdate()
    found = receivables.open_of(shown.pk, branch_ids=scope.branch_ids(request))
    rows = list(found[: SHOWN + 1])
    return {
        "sees_money": True,
        "owed_cents": receivables.open_cents(found),
        "receivables": [(one, one.state(today=today)) for one in rows[:SHOWN]],
        "more_receivables": _found("receivables", shown) if len(rows) > SHOWN else "",
        "credit_cents": credit.balances([shown.pk]).get(shown.pk, 0),
    }


def _found(name: str, shown: Customer) -> str:
    return f"{reverse(name)}?{urlencode({'q': shown.tax_id})}"
