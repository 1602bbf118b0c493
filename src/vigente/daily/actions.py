"""The only writes to the record of the daily schedule."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from vigente.billing.models import CloseRun
from vigente.daily import queries
from vigente.daily.models import DailyRun
from vigente.domain import daily
from vigente.domain.daily import DayStatus

CLOSE_STOPPED = "O fechamento parou"


class NotAnAlarm(ValueError):
    """Este dia não tem alarme aberto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What the close of a day came to."""

    invoices: int
    amount_cents: int
    held: int
    error: str = ""


def open_day(branch_id: int, *, today: date, now: datetime) -> DailyRun:
    """Return the branch's day, begun if it is new; the days missed before it are told.

    The caller holds the branch, so that no other begins it too.
    """
    there = DailyRun.objects.filter(branch_id=branch_id, day=today).first()
    if there is not None:
        return there
    _leave_behind(branch_id, today=today)
    missed = daily.missed_days(last=queries.last_day(branch_id, before=today), today=today)
    DailyRun.objects.bulk_create(
        [
            DailyRun(branch_id=branch_id, day=day, status=DayStatus.MISSED.value, began_at=now)
            for day in missed
        ]
    )
    return DailyRun.objects.create(branch_id=branch_id, day=today, began_at=now)


def claim(day: DailyRun, *, now: datetime) -> bool:
    """Take the day's contracts upon oneself; tell whether no other worker is at them."""
    is_free = Q(tried_at=None) | Q(tried_at__lte=now - daily.RETRY_AFTER)
    return bool(DailyRun.objects.filter(is_free, pk=day.pk, validity_at=None).update(tried_at=now))


def record_contracts(
    day: DailyRun, *, renewed: int, ended: int, altered: int, error: str, now: datetime
) -> None:
    """Keep what became of contracts whose validity was over."""
    _write(
        day,
        validity_at=now,
        renewed=renewed,
        ended=ended,
        altered=altered,
        status=DayStatus.WAITING.value,
    )
    _tell(day, error)


def claim_reminders(day: DailyRun, *, now: datetime) -> bool:
    """Take the day's reminders upon oneself, once; tell whether nobody did before."""
    return bool(DailyRun.objects.filter(pk=day.pk, reminded_at=None).update(reminded_at=now))


def record_reminders(day: DailyRun, *, count: int) -> None:
    """Keep how many customers were reminded."""
    _write(day, reminded=count)


def note_failed_reminders(day: DailyRun, *, why: str) -> None:
    """Let people know that the day's reminders could not be sent; they are tried again."""
    _tell(day, f"Os lembretes de vencimento não foram enviados: {why}")


def wait(day: DailyRun) -> None:
    """Let the day wait for the hour of its close."""
    _write(day, status=DayStatus.WAITING.value)


def begin_close(day: DailyRun, run: CloseRun) -> None:
    """Note which close the day began; a failure to begin it is over."""
    if day.status == DayStatus.FAILED.value:
        _tell(day, "")
    _write(day, status=DayStatus.CLOSING.value, close_run=run, finished_at=None)


def finish(day: DailyRun, closed: Closed | None, *, now: datetime) -> None:
    """End the day; without a close, for a branch that does not close by itself.

    Days missed or failed before it are caught up: what they left was in this day's work.
    """
    if closed is None:
        _write(day, status=DayStatus.DONE.value, finished_at=now)
    else:
        _write(
            day,
            status=DayStatus.DONE.value,
            finished_at=now,
            invoices=closed.invoices,
            amount_cents=closed.amount_cents,
            held=closed.held,
        )
        if closed.error or day.error.startswith(CLOSE_STOPPED):
            _tell(day, closed.error)
    left = [DayStatus.MISSED.value, DayStatus.FAILED.value]
    DailyRun.objects.filter(
        branch_id=day.branch_id, day__lt=day.day, status__in=left, caught_up_on=None
    ).update(caught_up_on=day.day)


def fail(day: DailyRun, *, error: str, now: datetime) -> None:
    """Note that the day's work failed; it is tried again."""
    _write(day, status=DayStatus.FAILED.value, error=error, tried_at=now, dealt_at=None)


def note_stopped_close(run_id: int, *, why: str) -> None:
    """Note that the close of a day stopped on a fault; it goes on from there by itself."""
    for day in DailyRun.objects.filter(close_run_id=run_id, status=DayStatus.CLOSING.value):
        _tell(day, f"{CLOSE_STOPPED}: {why}")


def refuse_to_deal(day: DailyRun) -> None:
    """Refuse to close an alarm that is not open.

    :raises NotAnAlarm: saying so.
    """
    if not day.error or day.dealt_at is not None:
        raise NotAnAlarm("Este dia não tem alarme aberto.")


def deal_with(daily_run_id: int, *, note: str, by_name: str, now: datetime) -> DailyRun:
    """Close an alarm.

    :raises NotAnAlarm: where there is none, or somebody else was faster.
    """
    moved = DailyRun.objects.filter(queries.IS_ALARM, pk=daily_run_id).update(
        dealt_at=now, dealt_by_name=by_name, dealt_note=note
    )
    if moved != 1:
        raise NotAnAlarm("Este dia não tem alarme aberto.")
    return DailyRun.objects.get(pk=daily_run_id)


def _leave_behind(branch_id: int, *, today: date) -> None:
    """Tell what earlier days did not come to: no close begun, or one that goes on."""
    earlier = DailyRun.objects.filter(branch_id=branch_id, day__lt=today)
    earlier.filter(status=DayStatus.WAITING.value).update(status=DayStatus.MISSED.value)
    earlier.filter(status=DayStatus.CLOSING.value, error="").update(
        error=f"{CLOSE_STOPPED} antes do fim do dia. Veja se está pausado."
    )


def _tell(day: DailyRun, error: str) -> None:
    """Say what went wrong, or that it is over; a new error is an alarm again."""
    if error != day.error:
        _write(day, error=error, dealt_at=None, dealt_by_name="", dealt_note="")


def _write(day: DailyRun, **facts: object) -> None:
    DailyRun.objects.filter(pk=day.pk).update(**facts)
    day.refresh_from_db()
