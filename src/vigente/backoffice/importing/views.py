"""Importação on the screen: each view translates the request, makes one call, translates back.

A person sees the imports that they began; administrators see all.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vigente.backoffice import fields, scope, sending
from vigente.backoffice.importing import columns
from vigente.backoffice.importing.columns import ColumnsForm
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.registers.exporting import harmless
from vigente.backoffice.scope import needs
from vigente.domain.codes import ImportStatus
from vigente.domain.permissions import Permission
from vigente.imports import reading, runs, sheets, uploads
from vigente.imports.actions import REASON_HEADER
from vigente.imports.all_sheets import SHEETS
from vigente.imports.models import BadRow, ImportRun
from vigente.imports.runs import RunNotReady
from vigente.imports.sheets import Sheet
from vigente.journeys import importing

PAGE = 20
PROBLEMS = 100
PREVIEW = "previa"
WORKSHEET = "planilha"
REFUSED_FILES = (reading.NotASpreadsheet, reading.EmptySpreadsheet, uploads.UploadGone)
# What the data of a sheet asks for, beside the permission to import.
NEEDS: Mapping[str, Permission] = {
    "filiais": Permission.CHANGE_BRANCHES,
    "feriados": Permission.CHANGE_BRANCHES,
    "clientes": Permission.CHANGE_CUSTOMERS,
    "contratos": Permission.SELL,
    "servicos": Permission.CHANGE_CONTRACTS,
    "receber": Permission.CHANGE_INVOICES,
}
# A new branch would be seen by nobody but administrators.
FOR_ADMINISTRATORS = frozenset({"filiais"})


class UploadForm(forms.Form):
    """What kind of spreadsheet it is, and the file."""

    sheet = forms.ChoiceField(label="O que a planilha traz")
    file = forms.FileField(label="Arquivo", allow_empty_file=True, max_length=400)


@needs(Permission.IMPORT)
def start(request: HttpRequest) -> HttpResponse:
    """Show the imports and the form of a new one; a sent file leads to its columns."""
    form = _upload_form(request)
    if form.is_bound and form.is_valid():
        try:
            return sending.once(request, lambda: _upload(request, form))
        except (*REFUSED_FILES, uploads.UploadRefused) as refused:
            form.add_error("file", str(refused))
    shown = _visible(request)
    newer, older = (of_address.number(request.GET, name) for name in ("antes", "depois"))
    if newer:
        found = list(shown.filter(pk__gt=newer).order_by("pk")[: PAGE + 1])[::-1]
        page, has_newer, has_older = found[-PAGE:], len(found) > PAGE, True
    else:
        found = list((shown.filter(pk__lt=older) if older else shown).order_by("-pk")[: PAGE + 1])
        page, has_newer, has_older = found[:PAGE], older is not None, len(found) > PAGE
    context = {
        "form": form,
        "key": sending.key(request),
        "most": uploads.MOST_MEGABYTES,
        "runs": [(run, _title(run)) for run in page],
        "newer": f"?antes={page[0].pk}" if page and has_newer else "",
        "older": f"?depois={page[-1].pk}" if page and has_older else "",
    }
    return render(request, "importing/start.html", context, status=422 if form.errors else 200)


@needs(Permission.IMPORT)
def choose(request: HttpRequest, import_id: int) -> HttpResponse:
    """Ask which column is which, showing the first rows as they are read; then check all."""
    run = _mine(request, import_id)
    if ImportStatus(run.status) not in runs.CHOOSABLE:
        return _back(run)
    context: dict[str, Any] = {
        "run": run,
        "sheet": runs.sheet_of(run),
        "refusal": run.error,
    }
    try:
        names = runs.worksheets(run)
        worksheet = _worksheet(request, run, names)
        context |= {"names": names, "worksheet": worksheet}
        header, first = runs.first_rows(run, worksheet=worksheet, most=columns.ROWS_PREVIEWED)
    except REFUSED_FILES as refused:
        context["refusal"] = str(refused)
        return render(request, "importing/columns.html", context, status=422)
    form = _columns_form(request, run, header, worksheet=worksheet)
    is_preview = PREVIEW in request.POST
    if form.is_bound and not is_preview and form.is_valid():
        try:
            importing.check(run, worksheet=worksheet, header=header, places=form.places())
        except (sheets.ColumnsMissing, sheets.ColumnUnknown, RunNotReady) as refused:
            context["refusal"] = str(refused)
        else:
            return _back(run)
    places = form.places() if form.is_bound else _guessed(run, header, worksheet=worksheet)
    seen = columns.preview(runs.sheet_of(run), header, first, places=places)
    context |= {"form": form, "seen": seen}
    if is_preview and request.headers.get("HX-Request"):
        return render(request, "importing/_preview.html", context)
    status = 422 if form.is_bound and not is_preview else 200
    return render(request, "importing/columns.html", context, status=status)


@needs(Permission.IMPORT)
@require_GET
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show an import: its progress, what its check told, or its report."""
    run = _mine(request, import_id)
    if run.status == ImportStatus.UPLOADED.value:
        if request.headers.get("HX-Request"):  # its check could not go on
            answer = HttpResponse()
            answer["HX-Redirect"] = reverse("import-columns", args=[run.pk])
            return answer
        return redirect("import-columns", import_id=run.pk)
    part = "_run.html" if request.headers.get("HX-Request") else "run.html"
    return render(request, f"importing/{part}", _context(request, run))


@needs(Permission.IMPORT)
@require_POST
def execute(request: HttpRequest, import_id: int) -> HttpResponse:
    """Bring in what was checked, or go on with what failed."""
    run = _mine(request, import_id)
    try:
        importing.execute(run, by=scope.actor(request), now=timezone.now())
    except RunNotReady as refused:
        messages.error(request, str(refused))
    return _back(run)


@needs(Permission.IMPORT)
@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Give an import up; its file is deleted."""
    run = _mine(request, import_id)
    try:
        importing.discard(run, by=scope.actor(request), now=timezone.now())
    except RunNotReady as refused:
        messages.error(request, str(refused))
        return _back(run)
    messages.success(request, f"«{run.file_name}» foi descartado. Nada mais dele é importado.")
    return redirect("imports")


@needs(Permission.IMPORT)
@require_GET
def bad_rows(request: HttpRequest, import_id: int) -> HttpResponse:
    """Send the rows that did not come in, as they were and with the reason, to be corrected."""
    run = _mine(request, import_id)
    titles = _titles(runs.sheet_of(run))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{run.sheet}-{run.pk}.corrigir.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow([*map(harmless, run.header), REASON_HEADER])
    for row in run.bad_rows.order_by("line").iterator(2000):
        padded = [*row.cells, *[""] * len(run.header)][: len(run.header)]
        reasons = (f"{titles.get(c, c)}: {why}" if c else why for c, _, why in row.problems)
        writer.writerow([*map(harmless, padded), harmless("; ".join(reasons))])
    return answer


def offered(request: HttpRequest) -> list[Sheet]:
    """Return the sheets that the person may bring in, in the order they need."""
    allowed, sees_all = scope.allowed(request), scope.person(request).is_administrator
    return [
        sheet
        for name, sheet in SHEETS.items()
        if NEEDS.get(name, Permission.CHANGE_CATALOG) in allowed
        and (sees_all or name not in FOR_ADMINISTRATORS)
    ]


def _upload_form(request: HttpRequest) -> UploadForm:
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    choice: Any = form.fields["sheet"]
    choice.choices = [("", "Escolha…"), *((one.name, one.title) for one in offered(request))]
    fields.prepare(form, branch_ids=())
    form.fields["sheet"].error_messages["required"] = "Escolha o que a planilha traz."
    form.fields["file"].error_messages["required"] = "Escolha o arquivo."
    form.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx"
    form.fields["file"].help_text = f"CSV ou XLSX, até {uploads.MOST_MEGABYTES} MB."
    return form


def _upload(request: HttpRequest, form: UploadForm) -> str:
    file = form.cleaned_data["file"]
    sees_all = scope.person(request).is_administrator
    run = importing.upload(
        SHEETS[form.cleaned_data["sheet"]],
        file.chunks(),
        name=file.name,
        branch_ids=None if sees_all else scope.branch_ids(request),
        by=scope.actor(request),
        now=timezone.now(),
    )
    return reverse("import-columns", args=[run.pk])


def _columns_form(
    request: HttpRequest, run: ImportRun, header: Sequence[str], *, worksheet: int
) -> ColumnsForm:
    return ColumnsForm(
        request.POST if request.method == "POST" else None,
        sheet=runs.sheet_of(run),
        header=header,
        places=_guessed(run, header, worksheet=worksheet),
    )


def _guessed(run: ImportRun, header: Sequence[str], *, worksheet: int) -> Mapping[str, int]:
    """Return the columns as they were chosen last, or as another sheet's titles tell them."""
    if worksheet == run.worksheet and list(header) == run.header:
        kept: Mapping[str, int] = run.places
        return kept
    return runs.guessed(runs.sheet_of(run), header)


def _visible(request: HttpRequest) -> Any:
    user = scope.person(request)
    return (
        ImportRun.objects.all()
        if user.is_administrator
        else ImportRun.objects.filter(by_user_id=user.pk)
    )


def _mine(request: HttpRequest, import_id: int) -> ImportRun:
    names = [sheet.name for sheet in offered(request)]
    found: ImportRun = get_object_or_404(_visible(request), pk=import_id, sheet__in=names)
    return found


def _worksheet(request: HttpRequest, run: ImportRun, names: Sequence[str]) -> int:
    """Return the asked sheet of a workbook; what is none of its sheets asks for the present."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = of_address.number(asked, WORKSHEET)
    return chosen if chosen is not None and chosen < len(names) else run.worksheet


def _back(run: ImportRun) -> HttpResponse:
    return redirect("import", import_id=run.pk)


def _title(run: ImportRun) -> str:
    return SHEETS[run.sheet].title if run.sheet in SHEETS else run.sheet


def _titles(sheet: Sheet) -> dict[str, str]:
    return {column.name: column.title for column in sheet.columns}


def _context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    status = ImportStatus(run.status)
    after = of_address.number(request.GET, "depois") or 0
    is_under_way = status in runs.UNDER_WAY
    rows = [] if is_under_way else _bad_rows(run, after=after)
    expected = max(run.expected_rows or 0, run.rows, 1)
    return {
        "run": run,
        "title": _title(run),
        "is_under_way": is_under_way,
        "phase": _phase(status),
        "expected": expected,
        "percent": min(round(100 * run.rows / expected), 100),
        "problems": _told(run, rows[:PROBLEMS]),
        "is_further": after > 0,
        "next_line": rows[PROBLEMS - 1].line if len(rows) > PROBLEMS else None,
        "has_rows": run.bad_rows.exists(),
        "days_kept": importing.FILES_ARE_KEPT.days,
    }


def _bad_rows(run: ImportRun, *, after: int) -> list[BadRow]:
    """Return a page of the rows that did not come in, and one more."""
    return list(run.bad_rows.filter(line__gt=after).order_by("line")[: PROBLEMS + 1])


def _told(run: ImportRun, rows: Iterable[BadRow]) -> list[tuple[int, str, str, str]]:
    """Return each problem of some rows: line, column, value and reason."""
    titles = _titles(runs.sheet_of(run))
    return [
        (row.line, titles.get(column, column), value, why)
        for row in rows
        for column, value, why in row.problems
    ]


def _phase(status: ImportStatus) -> int:
    match status:
        case ImportStatus.UPLOADED | ImportStatus.DISCARDED:
            return 1
        case ImportStatus.CHECKING | ImportStatus.CHECKED:
            return 2
        case ImportStatus.RUNNING | ImportStatus.FAILED:
            return 3
        case ImportStatus.DONE:
            return 4
