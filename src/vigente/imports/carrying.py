"""Carrying an import out: first checked without writing, then written, batch by batch.

A batch and how far the run is are one transaction, so that a run that dies goes on where it
stood, and two workers at once write nothing twice.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO

from django.db import connection, transaction
from django.db.models import F

from vigente.audit.actor import Actor
from vigente.domain.codes import ImportStatus
from vigente.imports import batches, reading, runs, sheets, uploads
from vigente.imports.batches import Outcome, Refused
from vigente.imports.models import BadRow, ImportRun
from vigente.imports.sheets import Context, Mapped

MOST_ATTEMPTS = 5
SPOOLED_AT_MOST = 10_000_000
REFUSED_FILES = (
    reading.NotASpreadsheet,
    reading.EmptySpreadsheet,
    uploads.UploadGone,
    sheets.ColumnsMissing,
    sheets.ColumnUnknown,
)


class TakenByAnother(Exception):
    """Outro processo já levou esta importação adiante."""


@dataclass(slots=True)
class Total:
    """What the batches came to so far."""

    rows: int = 0
    written: int = 0
    unchanged: int = 0
    bad: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a batch too."""
        self.rows += outcome.rows
        self.written += outcome.written
        self.unchanged += outcome.unchanged
        self.bad += len(outcome.refused)


def carry_on(run_id: int, *, now: datetime, today: date) -> None:
    """Take a run as far as it goes; one that stopped too often at the same place has failed."""
    run = ImportRun.objects.get(pk=run_id)
    status = ImportStatus(run.status)
    if status not in runs.UNDER_WAY:
        return
    if run.attempts >= MOST_ATTEMPTS:
        _give_up(run, f"Parou {MOST_ATTEMPTS} vezes no mesmo ponto. {run.error}".strip(), now=now)
        return
    ImportRun.objects.filter(pk=run.pk).update(attempts=F("attempts") + 1)
    try:
        if status is ImportStatus.CHECKING:
            check(run, context=_context(run, now=now, today=today))
        else:
            write(run, context=_context(run, now=now, today=today))
    except REFUSED_FILES as refused:
        _give_up(run, str(refused), now=now)
    except TakenByAnother:
        return
    except Exception as fault:
        ImportRun.objects.filter(pk=run.pk).update(error=f"{type(fault).__name__}: {fault}")
        raise


def check(run: ImportRun, *, context: Context) -> None:
    """Go through the file as if it were imported, and keep what that would come to."""
    total = Total()
    table = runs.table(run)
    mapped = _mapped(run, table.header)
    with tempfile.SpooledTemporaryFile(SPOOLED_AT_MOST, "w+", encoding="utf-8") as refused:
        with _told_at_once(run) as tell, transaction.atomic():
            for batch in batches.batches(table.rows):
                outcome = batches.write(runs.sheet_of(run), batch, mapped, context=context)
                total.add(outcome)
                _spool(outcome.refused, refused)
                tell(total.rows)
            transaction.set_rollback(True)
        with transaction.atomic():
            _lock(run)
            BadRow.objects.filter(run=run).delete()
            _keep(run, _spooled(refused))
            if not runs.move(
                run,
                to=ImportStatus.CHECKED,
                after=[ImportStatus.CHECKING],
                rows=total.rows,
                written=total.written,
                unchanged=total.unchanged,
                bad=total.bad,
                attempts=0,
                error="",
            ):
                raise TakenByAnother


def write(run: ImportRun, *, context: Context) -> None:
    """Write the rows that are left, batch by batch."""
    table = runs.table(run)
    mapped = _mapped(run, table.header)
    done = run.rows
    for batch in batches.batches(islice(table.rows, done, None)):
        with transaction.atomic():
            outcome = batches.write(runs.sheet_of(run), batch, mapped, context=context)
            _go_on(run, outcome, done=done)
            _keep(run, (_row(one) for one in outcome.refused))
        done += outcome.rows
    ImportRun.objects.filter(pk=run.pk, rows=done).update(is_written=True)


@transaction.atomic
def finish(run_id: int, *, at: datetime) -> bool:
    """End a run whose rows are all written, and delete its file; tell whether this call did."""
    run = ImportRun.objects.get(pk=run_id)
    if not run.is_written or not runs.move(
        run, to=ImportStatus.DONE, after=[ImportStatus.RUNNING], finished_at=at, error=""
    ):
        return False
    runs.let_go(run)
    return True


def _context(run: ImportRun, *, now: datetime, today: date) -> Context:
    branch_ids = None if run.branch_ids is None else frozenset(run.branch_ids)
    return Context(Actor(run.by_user_id, run.by_name), now, today, branch_ids)


def _mapped(run: ImportRun, header: Sequence[str]) -> Mapped:
    if list(header) != run.header:
        raise sheets.ColumnUnknown("A planilha mudou desde que as colunas foram escolhidas.")
    return sheets.chosen(runs.sheet_of(run), header, places=run.places)


def _go_on(run: ImportRun, outcome: Outcome, *, done: int) -> None:
    """Count the batch, where no other worker did."""
    moved = ImportRun.objects.filter(
        pk=run.pk, status=ImportStatus.RUNNING.value, rows=done
    ).update(
        rows=F("rows") + outcome.rows,
        written=F("written") + outcome.written,
        unchanged=F("unchanged") + outcome.unchanged,
        bad=F("bad") + len(outcome.refused),
        attempts=0,
    )
    if moved != 1:
        raise TakenByAnother


def _give_up(run: ImportRun, why: str, *, now: datetime) -> None:
    """End a run that cannot go on; a check goes back to the choice of columns."""
    if ImportStatus(run.status) is ImportStatus.CHECKING:
        runs.move(
            run,
            to=ImportStatus.UPLOADED,
            after=[ImportStatus.CHECKING],
            error=why,
            **runs.NOTHING_YET,
        )
    else:
        runs.move(
            run, to=ImportStatus.FAILED, after=[ImportStatus.RUNNING], error=why, finished_at=now
        )


@contextmanager
def _told_at_once(run: ImportRun) -> Iterator[Callable[[int], None]]:
    """Give a way to tell how far a check is, by a connection of its own: its work is undone."""
    aside = connection.copy()

    def tell(rows: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute(
                "UPDATE imports_importrun SET rows = %s WHERE id = %s AND status = 'CHECKING'",
                [rows, run.pk],
            )

    try:
        yield tell
    finally:
        aside.close()


def _lock(run: ImportRun) -> None:
    ImportRun.objects.select_for_update().get(pk=run.pk)


type Kept = tuple[int, Sequence[str], Sequence[Sequence[str]]]


def _row(refused: Refused) -> Kept:
    problems = [[p.column, p.value, p.reason] for p in refused.problems]
    return refused.line, refused.cells, problems


def _spool(refused: Iterable[Refused], file: IO[str]) -> None:
    for one in refused:
        file.write(json.dumps(_row(one), ensure_ascii=False) + "\n")


def _spooled(file: IO[str]) -> Iterator[Kept]:
    file.seek(0)
    for line in file:
        yield json.loads(line)


def _keep(run: ImportRun, rows: Iterable[Kept]) -> None:
    """Keep rows that did not come in."""
    kept = (BadRow(run=run, line=line, cells=cells, problems=why) for line, cells, why in rows)
    for some in iter(lambda: list(islice(kept, batches.ROWS_PER_BATCH)), []):
        BadRow.objects.bulk_create(some)
