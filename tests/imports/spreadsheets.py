"""What the tests of spreadsheets share."""

from collections.abc import Callable
from datetime import date

from tests.provider import ATTENDANT, NOW
from vigente.imports.actions import Report
from vigente.imports.sheets import Context

TODAY = date(2026, 1, 31)
CONTEXT = Context(ATTENDANT, NOW, TODAY)

type Import = Callable[..., Report]


def reasons(report: Report) -> list[tuple[int, str, str]]:
    """Return why rows were refused: line, column and reason."""
    return [(p.line, p.column, p.reason) for p in report.problems]
