"""The list and the form of every register: one pattern, learnt once."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.audit import queries as audit
from vigente.backoffice import scope, sending
from vigente.backoffice.registers import asked as form_of
from vigente.backoffice.registers import exporting
from vigente.backoffice.registers.asked import Asked
from vigente.backoffice.registers.exporting import Table
from vigente.backoffice.registers.page import RegisterPage
from vigente.backoffice.scope import needs
from vigente.imports.all_sheets import SHEETS
from vigente.journeys import registers
from vigente.journeys.registers import ChangedMeanwhile

PAGE = 50
HISTORY = 20
VIEWS = (("", "Ativos"), ("inativos", "Inativos"), ("todos", "Todos"))


def addresses(page: RegisterPage) -> list[URLPattern]:
    """Return the addresses of a register: list, new, one row, and the file to take along."""
    at = page.address
    its_form = "alterar/" if page.shown else ""
    return [
        path(f"{at}/", _list(page), name=at),
        path(f"{at}/novo/", form(page), name=f"{at}-new"),
        path(f"{at}/<int:{row_id(page)}>/{its_form}", form(page), name=f"{at}-edit"),
        path(f"{at}/exportar/csv/", _export(page, exporting.csv_file), name=f"{at}-csv"),
        path(f"{at}/exportar/xlsx/", _export(page, exporting.xlsx_file), name=f"{at}-xlsx"),
    ]


def row_id(page: RegisterPage) -> str:
    """Return the name of the id in the address, the same in every test and template."""
    return f"{page.register.kind}_id"


def _list(page: RegisterPage) -> Callable[..., Any]:
    @needs(page.see)
    @require_GET
    def register_list(request: HttpRequest) -> HttpResponse:
        found = _found(page, request)
        rows, newer, older = _slice(found, page, request)
        is_part = bool(request.headers.get("HX-Request"))
        context = {
            "page": page,
            "rows": [(row, [(c.kind, c.show(row)) for c in page.columns]) for row in rows],
            "views": [(c, t, _address(request, visao=c)) for c, t in VIEWS],
            "view": request.GET.get("visao", ""),
            "words": request.GET.get("q", ""),
            "newer": newer,
            "older": older,
            "asked_for": _address(request).removeprefix("?"),
            "is_part": is_part,
            "may_change": page.change in scope.allowed(request),
            "leads_to": page.leads_to,
        }
        return render(request, f"registers/{'_rows' if is_part else 'list'}.html", context)

    return register_list


def form(page: RegisterPage) -> Callable[..., Any]:
    """Return the view of a register's form: new, or of one row."""

    @needs(page.see)
    def register_form(request: HttpRequest, **kwargs: int) -> HttpResponse:
        branch_ids = scope.branch_ids(request)
        pk = kwargs.get(row_id(page))
        if page.change not in scope.allowed(request) and (pk is None or request.method == "POST"):
            raise PermissionDenied
        row = None if pk is None else get_object_or_404(page.rows(branch_ids), pk=pk)
        is_sent = request.method == "POST"
        if is_sent:
            asked = form_of.sent(page, request.POST, row, branch_ids=branch_ids)
        else:
            begun = request.GET.get("comeco", "")
            asked = form_of.opened(page, row, branch_ids=branch_ids, begun=begun)
        if page.offer is not None:
            page.offer(asked.form, row)
        if page.frozen is not None and row is not None:
            asked.freeze(page.frozen(row))
        if not is_sent:
            return _shown(request, page, asked, row)
        return _carried_out(request, page, asked, row) or _shown(request, page, asked, row)

    return register_form


def _carried_out(
    request: HttpRequest, page: RegisterPage, asked: Asked, row: Any | None
) -> HttpResponse | None:
    """Write what was typed and go back to the list; None where something must be corrected."""
    if not asked.is_valid():
        return None

    def act() -> str:
        written = registers.keep(
            page.register,
            None if row is None else row.pk,
            asked.facts(),
            seen=asked.seen_facts(),
            by=scope.actor(request),
            now=timezone.now(),
        )
        messages.success(request, f"«{written}» foi salvo.")
        return page.goes_to(written) if page.goes_to else reverse(page.address)

    try:
        return sending.once(request, act)
    except ChangedMeanwhile as changed:
        assert row is not None
        row.refresh_from_db()
        asked.show_changes(changed, now=registers.told(page.register.facts(row)))
    except IntegrityError as broken:
        asked.refuse_promise(broken)
    except page.refusals as refused:
        asked.refuse(refused)
    return None


def _shown(request: HttpRequest, page: RegisterPage, asked: Asked, row: Any | None) -> HttpResponse:
    allowed = scope.allowed(request)
    context = {
        "page": page,
        "back": page.goes_to(row) if page.goes_to and row else reverse(page.address),
        "asked": asked,
        "row": row,
        "may_change": page.change in allowed,
        "sections": [
            (s, [(asked.form[name], name in s.wide) for name in s.names]) for s in page.sections
        ],
        "lines": [
            (
                one,
                asked.lines[one.name],
                form_of.empty_line(asked.lines[one.name], branch_ids=scope.branch_ids(request)),
            )
            for one in page.lines
        ],
        "links": [one for one in (page.links(row) if row else ()) if one.needs in allowed],
        "key": sending.key(request),
        "trail": audit.trail(object_kind=page.register.kind, object_id=row.pk)[:HISTORY]
        if row is not None
        else (),
        "labels": {one.name: one.title for one in page.lines}
        | {n: f.label for n, f in asked.form.fields.items()},
    }
    return render(
        request, "registers/form.html", context, status=422 if asked.form.is_bound else 200
    )


def _export(page: RegisterPage, write: Callable[[Table], HttpResponse]) -> Callable[..., Any]:
    @needs(page.see)
    @require_GET
    def register_export(request: HttpRequest) -> HttpResponse:
        found = _found(page, request).order_by(page.order, "pk").iterator(2000)
        if page.sheet:
            return write(exporting.as_sheet(SHEETS[page.sheet], found, name=page.address))
        columns = [(column.title, column.show) for column in page.columns]
        return write(exporting.as_shown(columns, found, name=page.address))

    return register_export


def _found(page: RegisterPage, request: HttpRequest) -> QuerySet[Any]:
    found = page.rows(scope.branch_ids(request))
    view = request.GET.get("visao", "")
    if page.has_inactive and view != "todos":
        found = found.filter(is_active=view != "inativos")
    words = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    return page.search(found, words) if words else found


def _slice(
    found: QuerySet[Any], page: RegisterPage, request: HttpRequest
) -> tuple[Sequence[Any], str, str]:
    """Return a page of rows, and the addresses of the pages before and after it, if any."""
    before, after = _edge(found, request, "antes"), _edge(found, request, "depois")
    if before is not None:
        backwards = _next(found, page, before, goes_up=False)
        rows, has_newer, has_older = backwards[:PAGE][::-1], len(backwards) > PAGE, True
    else:
        onwards = _next(found, page, after, goes_up=True)
        rows, has_newer, has_older = onwards[:PAGE], after is not None, len(onwards) > PAGE
    newer = _address(request, antes=rows[0].pk) if rows and has_newer else ""
    older = _address(request, depois=rows[-1].pk) if rows and has_older else ""
    return rows, newer, older


def _next(
    found: QuerySet[Any], page: RegisterPage, edge: Any | None, *, goes_up: bool
) -> Sequence[Any]:
    """Return the rows of a page beyond an edge, and one more if there is.

    Their keys come first: without the rows, an index of the order is enough for them.
    """
    order = (page.order, "pk")
    if edge is not None:
        beyond = TupleGreaterThan if goes_up else TupleLessThan
        bound = (getattr(edge, page.order), edge.pk)
        found = found.filter(beyond(Tuple(*map(F, order)), bound))
    in_order = found.order_by(*(name if goes_up else f"-{name}" for name in order))
    keys = list(in_order.values_list("pk", flat=True)[: PAGE + 1])
    rows = {row.pk: row for row in found.filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def _edge(found: QuerySet[Any], request: HttpRequest, name: str) -> Any | None:
    """Return the row at which a page begins or ends; what is no row asks for nothing."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return found.model._default_manager.filter(pk=int(text)).first()  # noqa: SLF001


def _address(request: HttpRequest, **changes: object) -> str:
    kept = {name: request.GET[name] for name in ("q", "visao") if name in request.GET}
    return "?" + urlencode({k: v for k, v in {**kept, **changes}.items() if v not in ("", None)})
