"""The record of an import: its file, the columns that were chosen, how far it is and what came."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from vigente.audit.actor import Actor
from vigente.domain import files
from vigente.domain.codes import ImportStatus
from vigente.imports import reading, sheets, uploads
from vigente.imports.all_sheets import SHEETS
from vigente.imports.models import WITH_A_FILE, BadRow, ImportRun
from vigente.imports.reading import Row, Table
from vigente.imports.sheets import Sheet

UNDER_WAY = (ImportStatus.CHECKING, ImportStatus.RUNNING)
NOTHING_YET = {"rows": 0, "written": 0, "unchanged": 0, "bad": 0}
CHOOSABLE = (ImportStatus.UPLOADED, ImportStatus.CHECKED)


class RunNotReady(ValueError):
    """A importação não está na situação que esta operação exige."""


def upload(
    sheet: Sheet,
    chunks: Iterable[bytes],
    *,
    name: str,
    by: Actor,
    branch_ids: Sequence[int] | None,
    now: datetime,
) -> ImportRun:
    """Keep a file to be imported, with the columns that can be told from its first line.

    :raises uploads.UploadRefused: for a file above the limit.
    :raises reading.NotASpreadsheet, reading.EmptySpreadsheet: for what cannot be read.
    """
    kept = uploads.keep(chunks)
    try:
        return _begun(
            ImportRun(
                sheet=sheet.name,
                file_name=files.safe_name(name),
                sha256=kept.sha256,
                by_user_id=by.user_id,
                by_name=by.name,
                at=now,
                status=ImportStatus.UPLOADED.value,
                stored_as=kept.stored_as,
                size=kept.size,
                branch_ids=None if branch_ids is None else sorted(branch_ids),
            )
        )
    except BaseException:
        uploads.remove(kept.stored_as)
        raise


def sheet_of(run: ImportRun) -> Sheet:
    """Return what kind of spreadsheet the run brings in."""
    return SHEETS[run.sheet]


def table(run: ImportRun, *, worksheet: int | None = None) -> Table:
    """Return the file's header and rows, to be read once.

    :raises reading.NotASpreadsheet, reading.EmptySpreadsheet: for what cannot be read.
    :raises uploads.UploadGone: where the file is not here.
    """
    chosen = run.worksheet if worksheet is None else worksheet
    return reading.read(uploads.there(run.stored_as), name=run.file_name, worksheet=chosen)


def first_rows(run: ImportRun, *, worksheet: int, most: int) -> tuple[tuple[str, ...], list[Row]]:
    """Return the header and the first rows of one of the file's sheets.

    :raises reading.NotASpreadsheet, reading.EmptySpreadsheet: for what cannot be read.
    """
    found = table(run, worksheet=worksheet)
    return found.header, list(islice(found.rows, most))


def worksheets(run: ImportRun) -> tuple[str, ...]:
    """Return the names of the sheets of the run's workbook; none for a text."""
    return reading.worksheets(uploads.there(run.stored_as), name=run.file_name)


def guessed(sheet: Sheet, header: Sequence[str]) -> dict[str, int]:
    """Return in which column of the file each column of the sheet seems to be."""
    return dict(sheets.places(sheet, header))


def choose(
    run: ImportRun, *, worksheet: int, header: Sequence[str], places: Mapping[str, int]
) -> None:
    """Keep which columns a person chose; what was checked before is void.

    :raises sheets.ColumnsMissing, sheets.ColumnUnknown: for a choice that does not serve.
    :raises RunNotReady: where the run has begun.
    """
    sheets.chosen(sheet_of(run), header, places=places)
    path = uploads.there(run.stored_as)
    expected = reading.expected_rows(path, name=run.file_name, worksheet=worksheet)
    facts = {
        "worksheet": worksheet,
        "header": list(header),
        "places": dict(places),
        "expected_rows": expected,
        "attempts": 0,
        "error": "",
    }
    if not move(run, to=ImportStatus.CHECKING, after=CHOOSABLE, **NOTHING_YET, **facts):
        raise RunNotReady("Esta importação já começou. Envie o arquivo de novo.")


def start(run: ImportRun, *, now: datetime) -> None:
    """Let a checked run write, from its first row; or a failed one, from where it stood.

    :raises RunNotReady: where it is neither.
    """
    facts = {"started_at": now, "finished_at": None, "attempts": 0, "error": ""}
    if move(run, to=ImportStatus.RUNNING, after=[ImportStatus.CHECKED], **NOTHING_YET, **facts):
        BadRow.objects.filter(run=run).delete()
    elif not move(run, to=ImportStatus.RUNNING, after=[ImportStatus.FAILED], **facts):
        raise RunNotReady("Esta importação já começou ou ainda não foi conferida.")


def give_up(run: ImportRun) -> None:
    """Put a run aside before it writes, or after it failed; its file is deleted.

    :raises RunNotReady: where it is under way or done.
    """
    before = [*CHOOSABLE, ImportStatus.CHECKING]
    if move(run, to=ImportStatus.DISCARDED, after=before, **NOTHING_YET):
        BadRow.objects.filter(run=run).delete()
    elif not move(run, to=ImportStatus.DISCARDED, after=[ImportStatus.FAILED]):
        raise RunNotReady("Esta importação já começou; o que entrou fica.")
    let_go(run)


def move(
    run: ImportRun, *, to: ImportStatus, after: Iterable[ImportStatus], **facts: object
) -> bool:
    """Move the run's status by a conditional UPDATE; tell whether this call moved it."""
    moved = ImportRun.objects.filter(pk=run.pk, status__in=[s.value for s in after]).update(
        status=to.value, **facts
    )
    run.refresh_from_db()
    return moved == 1


def let_go(run: ImportRun) -> None:
    """Delete the run's file once what is decided here is kept."""
    stored_as = run.stored_as
    ImportRun.objects.filter(pk=run.pk).update(stored_as="")
    transaction.on_commit(lambda: uploads.remove(stored_as))


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Give up the files that nobody went on with, and the rows that were refused long ago.

    Return how many runs lost their file.
    """
    left = ImportRun.objects.select_for_update().filter(
        at__lt=before, status__in=[s.value for s in WITH_A_FILE if s not in UNDER_WAY]
    )
    given_up = list(left)
    for run in given_up:
        give_up(run)
    BadRow.objects.filter(run__at__lt=before).exclude(
        run__status__in=[s.value for s in UNDER_WAY]
    ).delete()
    kept = ImportRun.objects.exclude(stored_as="").values_list("stored_as", flat=True)
    uploads.remove_strays(before=before, kept=set(kept))
    return len(given_up)


def under_way() -> QuerySet[ImportRun]:
    """Return the runs that somebody should be carrying."""
    return ImportRun.objects.filter(status__in=[s.value for s in UNDER_WAY]).order_by("pk")


def _begun(run: ImportRun) -> ImportRun:
    """Keep the run once its file can be read."""
    header = table(run).header
    run.header = list(header)
    run.places = guessed(sheet_of(run), header)
    run.save()
    return run
