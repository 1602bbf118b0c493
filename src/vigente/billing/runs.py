"""The record of a month-close run: its chunks, what each came to, and what was held."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Value

from vigente.billing import facts
from vigente.billing.facts import Choice, CustomerRange
from vigente.billing.models import CloseChunk, CloseHold, CloseRun
from vigente.domain import close_figures
from vigente.domain.close_figures import Figures
from vigente.domain.close_plan import CloseTerms, Hold
from vigente.domain.codes import ChunkStatus, CloseStatus

CONTRACTS_PER_CHUNK = 5_000

RANGES = """
SELECT min(customer_id), max(customer_id) + 1, sum(contracts)::int
FROM (
  SELECT customer_id, count(*) AS contracts,
    (sum(count(*)) OVER (ORDER BY customer_id) - count(*))::bigint / %s AS bucket
  FROM contracts_contract c WHERE c.status = 'ACTIVE' {where}
  GROUP BY customer_id) per_customer
GROUP BY bucket ORDER BY 1"""


class RunNotReady(ValueError):
    """A execução não está na situação que esta operação exige."""


def ranges(choice: Choice, *, size: int = CONTRACTS_PER_CHUNK) -> list[tuple[CustomerRange, int]]:
    """Return the chunks of the chosen contracts, each with its number of contracts."""
    where, arguments = facts.choice_sql(choice)
    with connection.cursor() as cursor:
        cursor.execute(RANGES.format(where=where), [size, *arguments])
        return [(CustomerRange(first, end), count) for first, end, count in cursor.fetchall()]


def start(
    *,
    terms: CloseTerms,
    choice: Choice,
    reference_month: date | None,
    by_user_id: int | None,
    by_name: str,
    at: datetime,
    status: CloseStatus = CloseStatus.SIMULATING,
    size: int = CONTRACTS_PER_CHUNK,
) -> CloseRun:
    """Record a new run and cut its contracts into chunks."""
    run = CloseRun.objects.create(
        branch_id=choice.branch_id,
        due_until=terms.due_until,
        reference_month=reference_month,
        issued_on=terms.issued_on,
        filters={name: value for name, value in asdict(choice).items() if value is not None},
        back_periods_approved=terms.back_periods_approved,
        status=status.value,
        by_user_id=by_user_id,
        by_name=by_name,
        created_at=at,
        started_at=at if status is CloseStatus.RUNNING else None,
        resumed_at=at if status is CloseStatus.RUNNING else None,
    )
    CloseChunk.objects.bulk_create(
        [
            CloseChunk(
                run=run,
                number=number,
                customer_from=customers.first,
                customer_until=customers.end,
                contracts=contracts,
            )
            for number, (customers, contracts) in enumerate(ranges(choice, size=size), start=1)
        ]
    )
    return run


def choice_of(run: CloseRun) -> Choice:
    """Return which contracts the run is about."""
    return Choice(**run.filters)


def terms_of(run: CloseRun) -> CloseTerms:
    """Return what the run was asked for."""
    return CloseTerms(
        issued_on=run.issued_on,
        due_until=run.due_until,
        back_periods_approved=run.back_periods_approved,
    )


def take_chunk(run: CloseRun) -> CloseChunk | None:
    """Return the next chunk to bill, locked until the commit; None when none is free."""
    return (
        CloseChunk.objects.select_for_update(skip_locked=True)
        .filter(run=run, status=ChunkStatus.TODO.value)
        .order_by("number")
        .first()
    )


def take_chunk_to_simulate(run: CloseRun) -> CloseChunk | None:
    """Return the next chunk to simulate, locked until the commit; None when none is free."""
    return (
        CloseChunk.objects.select_for_update(skip_locked=True)
        .filter(run=run, simulated__isnull=True)
        .order_by("number")
        .first()
    )


def record_simulation(chunk: CloseChunk, *, figures: Figures, holds: Sequence[Hold]) -> None:
    """Keep what the chunk would come to."""
    CloseChunk.objects.filter(pk=chunk.pk).update(simulated=asdict(figures))
    _record_holds(chunk, holds)


def record_writing(
    chunk: CloseChunk, *, figures: Figures, holds: Sequence[Hold], at: datetime
) -> None:
    """Keep what the chunk came to, in the transaction that wrote it."""
    CloseChunk.objects.filter(pk=chunk.pk).update(
        status=ChunkStatus.DONE.value, written=asdict(figures), finished_at=at
    )
    _record_holds(chunk, holds)


def move(
    run: CloseRun, *, to: CloseStatus, after: Iterable[CloseStatus], **facts: datetime
) -> bool:
    """Move the run's status by a conditional UPDATE; tell whether this call moved it."""
    moved = CloseRun.objects.filter(pk=run.pk, status__in=[s.value for s in after]).update(
        status=to.value, **facts
    )
    run.refresh_from_db()
    return moved == 1


def pause(run: CloseRun, *, at: datetime) -> bool:
    """Let a running run rest, and count how long it worked; tell whether this call did."""
    paused = CloseRun.objects.filter(pk=run.pk, status=CloseStatus.RUNNING.value).update(
        status=CloseStatus.PAUSED.value,
        worked_for=F("worked_for") + (Value(at) - F("resumed_at")),
        resumed_at=None,
    )
    run.refresh_from_db()
    return paused == 1


def simulated(run: CloseRun) -> Figures:
    """Return what the chunks simulated so far come to."""
    return _total(run.chunks.exclude(simulated__isnull=True).values_list("simulated", flat=True))


def written(run: CloseRun) -> Figures:
    """Return what the chunks written so far come to."""
    return _total(run.chunks.exclude(written__isnull=True).values_list("written", flat=True))


def _total(chunks: Iterable[Any]) -> Figures:
    return close_figures.total(Figures(**chunk) for chunk in chunks)


def _record_holds(chunk: CloseChunk, holds: Sequence[Hold]) -> None:
    CloseHold.objects.filter(chunk=chunk).delete()
    CloseHold.objects.bulk_create(
        [
            CloseHold(
                run_id=chunk.run_id,
                chunk=chunk,
                contract_id=hold.contract_id,
                reason=hold.reason.value,
                detail=hold.detail,
                due_on=hold.due_on,
                amount_cents=hold.amount_cents,
            )
            for hold in holds
        ]
    )
