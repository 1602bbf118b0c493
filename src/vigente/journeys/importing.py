"""A spreadsheet on its way in: received, its columns chosen, checked, written, or given up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.imports import carrying, runs
from vigente.imports.models import ImportRun
from vigente.imports.sheets import Sheet
from vigente.outbox import jobs

FILES_ARE_KEPT = timedelta(days=7)


@transaction.atomic
def upload(
    sheet: Sheet,
    chunks: Iterable[bytes],
    *,
    name: str,
    branch_ids: Sequence[int] | None,
    by: Actor,
    now: datetime,
) -> ImportRun:
    """Receive a file; `branch_ids` are those that its rows may belong to, None is all.

    :raises UploadRefused, NotASpreadsheet, EmptySpreadsheet: see `runs.upload`.
    """
    run = runs.upload(sheet, chunks, name=name, branch_ids=branch_ids, by=by, now=now)
    _record("import uploaded", run, by=by, now=now)
    return run


@transaction.atomic
def check(
    run: ImportRun, *, worksheet: int, header: Sequence[str], places: Mapping[str, int]
) -> None:
    """Keep the chosen columns and queue a check, which writes nothing of the rows.

    :raises ColumnsMissing, ColumnUnknown, RunNotReady: see `runs.choose`.
    """
    runs.choose(run, worksheet=worksheet, header=header, places=places)
    queue(run.pk)


@transaction.atomic
def execute(run: ImportRun, *, by: Actor, now: datetime) -> None:
    """Queue the writing of a checked run, or of one that failed.

    :raises RunNotReady: where it is neither.
    """
    runs.start(run, now=now)
    queue(run.pk)
    _record("import executed", run, by=by, now=now)


@transaction.atomic
def discard(run: ImportRun, *, by: Actor, now: datetime) -> None:
    """Give a run up before it writes; its file is deleted.

    :raises RunNotReady: where it has begun.
    """
    runs.give_up(run)
    _record("import discarded", run, by=by, now=now)


def carry_on(run_id: int, *, now: datetime, today: date) -> None:
    """Take a run as far as it goes."""
    carrying.carry_on(run_id, now=now, today=today)


def finish(run_id: int, *, now: datetime) -> bool:
    """End a run whose rows are all written; tell whether this call did."""
    return carrying.finish(run_id, at=now)


def take_up() -> None:
    """Queue the runs that were left under way."""
    for run_id in runs.under_way().values_list("pk", flat=True):
        queue(run_id)


def queue(run_id: int) -> None:
    """Queue a run, to be carried by one worker at a time."""
    key = f"import {run_id}"
    jobs.queue(jobs.IMPORT_RUN, once=key, alone=key, run_id=run_id)


def forget(*, now: datetime) -> int:
    """Delete files that nobody went on with; return how many."""
    return runs.forget(before=now - FILES_ARE_KEPT)


def _record(action: str, run: ImportRun, *, by: Actor, now: datetime) -> None:
    audit.record(
        action,
        object_kind="import",
        object_id=run.pk,
        by=by,
        at=now,
        detail={"sheet": run.sheet, "file": run.file_name, "sha256": run.sha256},
    )
