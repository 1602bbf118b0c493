"""What happens by itself every day in each branch; a missed day is caught up by the next.

As the day begins contracts whose validity is over are renewed or ended, scheduled alterations
carried out and the access that follows derived; then, from the branch's hour on, what is due
within its lead time is billed. What each day came to is on record.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit import sent_forms
from vigente.audit.actor import SYSTEM, Actor
from vigente.billing import runs
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun
from vigente.daily import actions, queries
from vigente.daily.actions import Closed
from vigente.daily.models import DailyRun
from vigente.domain import daily
from vigente.domain.close_plan import CloseTerms
from vigente.domain.codes import CloseStatus, HoldReason
from vigente.domain.daily import DayStatus
from vigente.domain.parameters import (
    CLOSE_AUTOMATICALLY,
    CLOSE_HOUR,
    CLOSE_LEAD_DAYS,
    REMIND_HOUR,
    Value,
)
from vigente.journeys import (
    access,
    month_close,
    payment_messages,
    scheduled_alterations,
    signing,
    validity,
)
from vigente.journeys.scheduled_alterations import CarriedOut
from vigente.journeys.validity import Swept
from vigente.parameters import queries as parameters
from vigente.staff.models import Branch

FORMS_ARE_KEPT = timedelta(days=30)
NAMED_AT_MOST = 3

log = structlog.get_logger()


def work(*, now: datetime) -> list[CloseRun]:
    """Carry each branch's day as far as it goes now; return the closes that were begun.

    A branch that fails stops no other, and is tried again.
    """
    begun = []
    for branch in Branch.objects.filter(is_active=True).order_by("pk"):
        run = _carry_on(branch, now=now)
        if run is not None:
            begun.append(run)
        _remind(branch, now=now)
    for day in queries.closing():
        _finish(day, now=now)
    return begun


def local_today(branch: Branch, *, now: datetime) -> date:
    """Return the civil day at the branch."""
    return now.astimezone(ZoneInfo(branch.time_zone)).date()


def note_stopped_close(run_id: int, *, why: str) -> None:
    """Let people know that the automatic close of a day stopped; it goes on by itself."""
    actions.note_stopped_close(run_id, why=why)


def forget(*, now: datetime) -> int:
    """Forget forms that were sent long ago; return how many."""
    return sent_forms.forget(before=now - FORMS_ARE_KEPT)


@transaction.atomic
def deal_with(daily_run_id: int, *, note: str, by: Actor, now: datetime) -> None:
    """Close an alarm, with what was done about it.

    :raises actions.NotAnAlarm: where there is none, or somebody else was faster.
    """
    day = actions.deal_with(daily_run_id, note=note, by_name=by.name, now=now)
    audit.record(
        "alarm dealt with",
        object_kind="daily run",
        object_id=day.pk,
        by=by,
        at=now,
        branch_id=day.branch_id,
        detail={"day": day.day.isoformat(), "error": day.error, "note": note},
    )


def _carry_on(branch: Branch, *, now: datetime) -> CloseRun | None:
    day = _opened(branch, now=now)
    if day.status == DayStatus.CLOSING.value or day.close_run_id is not None:
        return None
    try:
        if day.validity_at is None:
            if not actions.claim(day, now=now):
                return None
            signing.expire_due(branch.pk, now=now)
            swept = validity.sweep(branch.pk, today=day.day, now=now)
            carried = scheduled_alterations.sweep(branch.pk, today=day.day, now=now)
            access.sweep(branch.pk, today=day.day, now=now)
            actions.record_contracts(
                day,
                renewed=swept.renewed,
                ended=swept.ended,
                altered=carried.done,
                error=_told(swept, carried),
                now=now,
            )
        elif _failed_just_now(day, now=now):
            return None
        return _close(branch, day, now=now)
    except Exception as fault:
        log.exception("daily work failed", branch=branch.code)
        actions.fail(day, error=f"O dia parou: {type(fault).__name__}: {fault}", now=now)
        return None


@transaction.atomic
def _opened(branch: Branch, *, now: datetime) -> DailyRun:
    Branch.objects.select_for_update().get(pk=branch.pk)
    return actions.open_day(branch.pk, today=local_today(branch, now=now), now=now)


@transaction.atomic
def _close(branch: Branch, day: DailyRun, *, now: datetime) -> CloseRun | None:
    """Begin the close of the day if its hour has come, once; end a day that has none."""
    Branch.objects.select_for_update().get(pk=branch.pk)
    day.refresh_from_db()
    values = parameters.branch_values(
        (CLOSE_AUTOMATICALLY, CLOSE_HOUR, CLOSE_LEAD_DAYS), branch_id=branch.pk
    )
    if day.close_run_id is not None:
        return None
    if not values[CLOSE_AUTOMATICALLY.name]:
        if day.status != DayStatus.DONE.value:
            actions.finish(day, None, now=now)
        return None
    if now.astimezone(ZoneInfo(branch.time_zone)).hour < int(values[CLOSE_HOUR.name] or 0):
        if day.status != DayStatus.WAITING.value:
            actions.wait(day)
        return None
    there = CloseRun.objects.filter(
        branch=branch, by_user_id=None, by_name=SYSTEM.name, issued_on=day.day
    ).first()
    run = there or _begun(branch, day.day, values, now=now)
    actions.begin_close(day, run)
    return run if there is None else None


def _begun(branch: Branch, today: date, values: dict[str, Value], *, now: datetime) -> CloseRun:
    due_until = today + timedelta(days=int(values[CLOSE_LEAD_DAYS.name] or 0))
    return month_close.begin(
        terms=CloseTerms(issued_on=today, due_until=due_until),
        choice=Choice(branch_id=branch.pk),
        reference_month=None,
        by=SYSTEM,
        at=now,
        simulated_first=False,
    )


@transaction.atomic
def _finish(day: DailyRun, *, now: datetime) -> None:
    """End a day whose close is done, with what that came to."""
    run = day.close_run
    if run is None or run.status != CloseStatus.DONE.value:
        return
    written = runs.written(run)
    failed = run.holds.filter(reason=HoldReason.FAILED.value).count()
    closed = Closed(
        invoices=written.invoices,
        amount_cents=written.amount_cents,
        held=run.holds.count(),
        error=f"Contratos que não puderam ser faturados: {failed}." if failed else "",
    )
    actions.finish(day, closed, now=now)


def _remind(branch: Branch, *, now: datetime) -> None:
    """Remind the branch's customers of their bills, once a day, from the hour on.

    A fault leaves nothing half sent: it is an alarm, and tried again.
    """
    local = now.astimezone(ZoneInfo(branch.time_zone))
    day = DailyRun.objects.filter(branch=branch, day=local.date(), reminded_at=None).first()
    if day is None:
        return
    values = parameters.branch_values((REMIND_HOUR,), branch_id=branch.pk)
    if local.hour < int(values[REMIND_HOUR.name] or 0):
        return
    try:
        with transaction.atomic():
            if actions.claim_reminders(day, now=now):
                count = payment_messages.remind(branch.pk, today=local.date(), now=now)
                actions.record_reminders(day, count=count)
    except Exception as fault:
        log.exception("reminders failed", branch=branch.code)
        actions.note_failed_reminders(day, why=f"{type(fault).__name__}: {fault}")


def _failed_just_now(day: DailyRun, *, now: datetime) -> bool:
    is_failed = day.status == DayStatus.FAILED.value
    return is_failed and day.tried_at is not None and now - day.tried_at < daily.RETRY_AFTER


def _told(swept: Swept, carried: CarriedOut) -> str:
    """Say which contracts could not be renewed, ended or altered, the first few by name."""
    told = []
    for what, failed in (
        ("renovados nem encerrados", swept.failed),
        ("alterados como agendado", carried.failed),
    ):
        if failed:
            named = "; ".join(f"Contrato {number}: {why}" for number, why in failed[:NAMED_AT_MOST])
            told.append(f"Contratos que não puderam ser {what}: {len(failed)}. {named}")
    return " ".join(told)
