"""What the list and the report of alterations are filtered by, as the address asks for it."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from vigente.alterations.report_queries import Search
from vigente.backoffice import scope
from vigente.backoffice.receivables import asked as of_address
from vigente.catalog.models import SalePlan
from vigente.domain.alteration_classification import KIND_WORDS
from vigente.domain.codes import AlterationKind, AlterationStatus
from vigente.staff.models import Seller

NAMES = ("tipo", "de", "ate", "vendedor", "filial", "plano")


def search(
    request: HttpRequest,
    *,
    since: date | None,
    until: date | None,
    status: AlterationStatus | None = None,
) -> Search:
    """Return what the address asks for, within the person's branches."""
    asked = request.GET
    kind = asked.get("tipo", "")
    return Search(
        branch_ids=tuple(scope.branch_ids(request)),
        branch_id=of_address.number(asked, "filial"),
        seller_id=of_address.number(asked, "vendedor"),
        plan_id=of_address.number(asked, "plano"),
        kind=AlterationKind(kind) if kind in AlterationKind else None,
        status=status,
        since=since,
        until=until,
        words=of_address.words(asked),
    )


def choices(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the selects, each with its options; former sellers and plans are found too."""
    branch_ids = scope.branch_ids(request)
    sellers = Seller.objects.filter(branch_id__in=branch_ids).order_by("name")
    of_all = Q(branch=None) | Q(branch_id__in=branch_ids)
    plans = SalePlan.objects.filter(of_all).order_by("name")
    branches = [(branch.pk, branch.name) for branch in scope.branches(request)]
    offered = [
        ("tipo", "Tipo", [(kind.value, f"{kind} · {word}") for kind, word in KIND_WORDS.items()]),
        ("vendedor", "Vendedor", list(sellers.values_list("pk", "name"))),
        ("plano", "Plano novo", list(plans.values_list("pk", "name"))),
        ("filial", "Filial", branches if len(branches) > 1 else []),
    ]
    return [
        {"name": name, "title": title, "options": options, "chosen": request.GET.get(name, "")}
        for name, title, options in offered
        if options
    ]
