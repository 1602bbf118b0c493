"""The list of alterations: found and filtered by the address, and taken along as files."""

from collections.abc import Iterable
from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.alterations import report_queries as queries
from vigente.alterations.models import Alteration
from vigente.alterations.report_queries import Search
from vigente.backoffice import files
from vigente.backoffice.alterations import asked_filters
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.registers.exporting import CHANGE, TEXT, Table
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import STATUSES, alteration_word
from vigente.billing.receivable_queries import COUNTED_AT_MOST
from vigente.domain import money
from vigente.domain.codes import AlterationStatus
from vigente.domain.permissions import Permission
from vigente.imports import cells

VIEWS = (
    ("", "Todas", None),
    ("concluidas", "Concluídas", AlterationStatus.CONFIRMED),
    ("agendadas", "Agendadas", AlterationStatus.SCHEDULED),
    ("rascunhos", "Rascunhos", AlterationStatus.DRAFT),
    ("desfeitas", "Desfeitas", AlterationStatus.UNDONE),
)
FILTERS = ("q", "visao", *asked_filters.NAMES)
PRINTED_AT_MOST = 500
COLUMNS = (
    ("Alteração", cells.whole(1, 10**9)),
    ("Dia", cells.day),
    ("Contrato", cells.whole(1, 10**9)),
    ("Cliente", TEXT),
    ("Tipo", TEXT),
    ("Plano anterior", TEXT),
    ("Plano novo", TEXT),
    ("Mensal antes (R$)", CHANGE),
    ("Mensal depois (R$)", CHANGE),
    ("Variação (R$)", CHANGE),
    ("Diferença (R$)", CHANGE),
    ("Situação", TEXT),
    ("Vendedor", TEXT),
    ("Filial", TEXT),
    ("Quem", TEXT),
)


@needs(Permission.SEE_CONTRACTS)
@require_GET
def alteration_list(request: HttpRequest) -> HttpResponse:
    """Show a page of alterations, the newest first; or give all that are found as a file."""
    asked = request.GET
    view = asked.get("visao", "")
    found = queries.found(_search(request, view))
    if asked.get("formato") in files.FORMATS:
        return files.answer(
            request,
            asked["formato"],
            as_table=partial(_table, queries.told(found)),
            printed=partial(_printed, found),
            back="alterations",
        )
    page = queries.page(
        found, before=of_address.number(asked, "antes"), after=of_address.number(asked, "depois")
    )
    rows = page.alterations
    context = {
        "rows": rows,
        "page": page,
        "total": queries.capped_count(found),
        "cap": COUNTED_AT_MOST,
        "views": [(code, title, _address(asked, visao=code)) for code, title, _ in VIEWS],
        "view": view,
        "asked": asked,
        "choices": asked_filters.choices(request),
        "older": _address(asked, antes=rows[-1].pk) if rows else "",
        "newer": _address(asked, depois=rows[0].pk) if rows else "",
        "files": [(name, _address(asked, formato=name)) for name in files.FORMATS],
        "is_part": bool(request.headers.get("HX-Request")),
    }
    part = "_rows.html" if context["is_part"] else "list.html"
    return render(request, f"alterations/{part}", context)


def _search(request: HttpRequest, view: str) -> Search:
    return asked_filters.search(
        request,
        status={code: status for code, _, status in VIEWS}.get(view),
        since=of_address.day(request.GET, "de"),
        until=of_address.day(request.GET, "ate"),
    )


def _address(asked: QueryDict, **changes: object) -> str:
    return of_address.address(asked, keep=FILTERS, **changes)


def _table(rows: Iterable[Alteration]) -> Table:
    header, read = zip(*COLUMNS, strict=True)
    return Table("alteracoes", header, read, (_cells(row) for row in rows))


def _cells(row: Alteration) -> list[str]:
    return [
        str(row.pk),
        f"{row.on:%d/%m/%Y}",
        str(row.contract_id),
        row.contract.customer.name,
        alteration_word(row.kind) if row.kind else "",
        row.sale_plan_before.name if row.sale_plan_before else "",
        row.sale_plan_after.name if row.sale_plan_after else "",
        *map(files.amount, (row.monthly_before_cents, row.monthly_after_cents, row.change_cents)),
        files.amount(row.difference_cents),
        STATUSES[row.status][0],
        row.seller.name if row.seller else "",
        row.branch.name,
        row.confirmed_by_name or row.by_name,
    ]


def _printed(found: QuerySet[Alteration]) -> dict[str, object]:
    """Return what the print of the list says: the newest, and how many there are beside them."""
    rows = list(queries.told(found)[:PRINTED_AT_MOST])
    total = found.count()
    told = (
        f"{total} alterações."
        if total == len(rows)
        else f"As {len(rows)} mais recentes de {total} alterações; o arquivo CSV tem todas."
    )
    return {
        "name": "alteracoes",
        "title": "Alterações de contrato",
        "told": [told, f"Emitido em {timezone.localdate():%d/%m/%Y}. Valores em R$."],
        "header": [
            *(("Dia", ""), ("Contrato", "num"), ("Cliente", ""), ("Tipo", "")),
            *(("Antes", "num"), ("Depois", "num"), ("Diferença", "num"), ("Situação", "")),
        ],
        "rows": [
            (
                (f"{row.on:%d/%m/%Y}", ""),
                (row.contract_id, "num"),
                (row.contract.customer.name, ""),
                (alteration_word(row.kind) if row.kind else "—", ""),
                (_shown(row.monthly_before_cents), "num"),
                (_shown(row.monthly_after_cents), "num"),
                (money.amount(row.difference_cents), "num"),
                (STATUSES[row.status][0], ""),
            )
            for row in rows
        ],
    }


def _shown(cents: int | None) -> str:
    return "—" if cents is None else money.amount(cents)
