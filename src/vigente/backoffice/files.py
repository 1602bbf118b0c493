"""What a page shows, as files to be taken along: CSV, XLSX and PDF."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from vigente.backoffice.registers import exporting
from vigente.backoffice.registers.exporting import Table
from vigente.documents import printing
from vigente.domain import money
from vigente.gateways.pdf.port import PrintFailed

FORMATS = ("csv", "xlsx", "pdf")


def answer(
    request: HttpRequest,
    wanted: str,
    *,
    as_table: Callable[[], Table],
    printed: Callable[[], Mapping[str, Any]],
    back: str,
) -> HttpResponse:
    """Return the file that is wanted; where it cannot be printed, say so on the page again."""
    match wanted:
        case "csv":
            return exporting.csv_file(as_table())
        case "xlsx":
            return exporting.xlsx_file(as_table())
    said = printed()
    try:
        pdf = printing.printer().pdf(render_to_string("printed.html", dict(said)))
    except PrintFailed as failed:
        messages.error(request, str(failed))
        return redirect(back)
    told = HttpResponse(pdf, content_type="application/pdf")
    told["Content-Disposition"] = f'attachment; filename="{said["name"]}.pdf"'
    return told


def amount(cents: int | None) -> str:
    """Return an amount as spreadsheets read it, with a plain minus."""
    return "" if cents is None else money.amount(cents).replace("−", "-")
