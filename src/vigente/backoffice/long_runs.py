"""What the pages of long runs share: their phase, their progress and the files they give."""

from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django import forms

from vigente.domain import pace
from vigente.domain.codes import ChunkStatus

DONE = "DONE"


class LongRun(Protocol):
    """A run of many chunks, simulated first, as its table keeps it."""

    status: str
    created_at: datetime
    started_at: datetime | None
    resumed_at: datetime | None
    finished_at: datetime | None
    worked_for: timedelta
    chunks: Any


def phase(run: LongRun) -> int:
    """Return 1 while it is simulated, 2 while it is carried out and 3 once it is done."""
    if run.status == DONE:
        return 3
    return 2 if run.started_at else 1


def progress(run: LongRun, *, units: int, now: datetime) -> dict[str, Any]:
    """Return how far a run is and how long it takes; `units` is what was written so far."""
    chunks = run.chunks.count()
    if run.started_at is None:
        done = run.chunks.exclude(simulated__isnull=True).count()
        since: datetime | None = run.created_at
    else:
        done = run.chunks.filter(status=ChunkStatus.DONE.value).count()
        since = run.resumed_at
    worked = pace.worked(before=run.worked_for, since=since, until=run.finished_at or now)
    return {
        "chunks": chunks,
        "chunks_done": done,
        "percent": round(100 * done / chunks, 1) if chunks else 100,
        "seconds": round(worked.total_seconds()),
        "rate": pace.per_second(units, within=worked),
        "seconds_left": pace.seconds_left(done=done, whole=chunks, within=worked),
    }


def read_month(text: str) -> date | None:
    """Return the first day of a month written aaaa-mm, as browsers send it, or mm/aaaa.

    :raises forms.ValidationError: where it is no month.
    """
    told = text.strip()
    if not told:
        return None
    if "/" in told:
        told = "-".join(reversed(told.split("/")))
    try:
        return date.fromisoformat(f"{told}-01")
    except ValueError:
        raise forms.ValidationError("Escreva o mês como 12/2026.") from None
