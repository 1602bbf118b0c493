"""The report of alterations: sums by type, month, seller, branch or plan, drawn and taken along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from dateutil.relativedelta import relativedelta
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vigente.alterations import report_queries as queries
from vigente.alterations.report_queries import By, Figures, Group
from vigente.backoffice import files
from vigente.backoffice.alterations import asked_filters, report_chart
from vigente.backoffice.receivables import asked as of_address
from vigente.backoffice.registers.exporting import CHANGE, TEXT, Table
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags.vigente import alteration_word
from vigente.domain import money
from vigente.domain.permissions import Permission
from vigente.imports import cells

DIMENSIONS = {
    "tipo": ("Tipo", By.KIND),
    "mes": ("Mês", By.MONTH),
    "vendedor": ("Vendedor", By.SELLER),
    "filial": ("Filial", By.BRANCH),
    "plano": ("Plano novo", By.PLAN),
}
NAMELESS = {By.SELLER: "Sem vendedor", By.PLAN: "Sem plano de venda"}
FILTERS = ("por", *asked_filters.NAMES)
COLUMNS = (
    ("Mensal antes", "before"),
    ("Mensal depois", "after"),
    ("Variação mensal", "change"),
    ("Cobrado", "charged"),
    ("Devolvido", "given_back"),
    ("Mudança de vencimento", "shifted"),
    ("Multas", "penalties"),
    ("Faturas canceladas", "cancelled"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A group of the report: its words and its sums."""

    words: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report; `undone` counts in no other sum."""

    since: date | None
    until: date | None
    title: str
    lines: Sequence[Line]
    total: Figures
    undone: Figures

    @property
    def period(self) -> str:
        """Return the period in words."""
        match (self.since, self.until):
            case (None, None):
                return "todo o período"
            case (None, until):
                return f"até {until:%d/%m/%Y}"
            case (since, None):
                return f"desde {since:%d/%m/%Y}"
        return f"{self.since:%d/%m/%Y} a {self.until:%d/%m/%Y}"


@needs(Permission.SEE_CONTRACTS)
@require_GET
def alteration_report(request: HttpRequest) -> HttpResponse:
    """Show the sums that the address asks for, this month's without a period; or give a file."""
    asked = request.GET
    dimension = asked.get("por", "") if asked.get("por") in DIMENSIONS else "tipo"
    report = _report(request, dimension)
    if asked.get("formato") in files.FORMATS:
        return files.answer(
            request,
            asked["formato"],
            as_table=partial(_table, report),
            printed=partial(_printed, report),
            back="alteration-report",
        )
    context = {
        "report": report,
        "bars": report_chart.bars([(one.words, one.figures.change) for one in report.lines]),
        "views": [
            (name, title, of_address.address(asked, keep=FILTERS, por=name))
            for name, (title, _) in DIMENSIONS.items()
        ],
        "view": dimension,
        "choices": asked_filters.choices(request),
        "files": [
            (name, of_address.address(asked, keep=FILTERS, formato=name)) for name in files.FORMATS
        ],
        "asked": asked,
    }
    return render(request, "alterations/report.html", context)


def _report(request: HttpRequest, dimension: str) -> Report:
    since, until = _period(request)
    title, by = DIMENSIONS[dimension]
    rows = queries.found(asked_filters.search(request, since=since, until=until))
    return Report(
        since=since,
        until=until,
        title=title,
        lines=[Line(_words(group, by), group.figures) for group in queries.groups(rows, by=by)],
        total=queries.confirmed(rows),
        undone=queries.undone(rows),
    )


def _period(request: HttpRequest) -> tuple[date | None, date | None]:
    """Return the days asked for, both included; this month where the address names none."""
    asked = request.GET
    if "de" in asked or "ate" in asked:
        return of_address.day(asked, "de"), of_address.day(asked, "ate")
    first = timezone.localdate().replace(day=1)
    return first, first + relativedelta(months=1, days=-1)


def _words(group: Group, by: By) -> str:
    match group.name:
        case None:
            return NAMELESS[by]
        case date() as month:
            return f"{month:%m/%Y}"
        case name:
            return alteration_word(name) if by is By.KIND else name


def _all_lines(report: Report) -> list[Line]:
    undone = Line("Desfeitas (fora do total)", report.undone)
    return [*report.lines, Line("Total", report.total), undone]


def _table(report: Report) -> Table:
    return Table(
        "relatorio-de-alteracoes",
        [report.title, "Alterações", *(f"{title} (R$)" for title, _ in COLUMNS)],
        [TEXT, cells.whole(0, 10**9), *(CHANGE for _ in COLUMNS)],
        (
            [
                line.words,
                str(line.figures.alterations),
                *(files.amount(getattr(line.figures, name)) for _, name in COLUMNS),
            ]
            for line in _all_lines(report)
        ),
    )


def _printed(report: Report) -> dict[str, object]:
    return {
        "name": "relatorio-de-alteracoes",
        "title": "Relatório de alterações de contrato",
        "told": [
            f"Período: {report.period}. Valores em R$.",
            "Contam as alterações concluídas; as desfeitas estão à parte e fora do total.",
            f"Emitido em {timezone.localdate():%d/%m/%Y}.",
        ],
        "header": [
            (report.title, ""),
            ("Alterações", "num"),
            *((title, "num") for title, _ in COLUMNS),
        ],
        "rows": [
            (
                (line.words, ""),
                (line.figures.alterations, "num"),
                *((money.amount(getattr(line.figures, name)), "num") for _, name in COLUMNS),
            )
            for line in _all_lines(report)
        ],
    }
