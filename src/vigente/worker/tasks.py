"""The jobs: each reads the clock, makes one call and may run twice without harm."""

from datetime import date, datetime, timedelta

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from vigente.alterations.models import MassAlteration
from vigente.billing.models import CloseRun
from vigente.domain.codes import CloseStatus, MassStatus
from vigente.journeys import (
    account,
    alteration_close,
    bank_returns,
    daily,
    importing,
    mass_alteration,
    month_close,
    printed_alteration,
)
from vigente.outbox import delivery, jobs
from vigente.worker.handlers import HANDLERS

log = structlog.get_logger()

STALLED_AFTER = timedelta(minutes=2)


@app.task(name=jobs.CLOSE_RUN, queue="close")
def close_run(run_id: int) -> None:
    """Carry a run as far as it goes; as many workers as like may do so at once."""
    try:
        _carry(CloseRun.objects.get(pk=run_id))
    except Exception as fault:
        daily.note_stopped_close(run_id, why=f"{type(fault).__name__}: {fault}")
        raise


def _carry(run: CloseRun) -> None:
    if run.status == CloseStatus.SIMULATING.value:
        while month_close.simulate_chunk(run):
            pass
        month_close.finish_simulation(run)
    elif run.status == CloseStatus.RUNNING.value:
        while month_close.write_chunk(run, at=timezone.now()):
            pass
        month_close.finish(run, at=timezone.now())


@app.task(name=jobs.BILL_ALTERED, queue="close")
def bill_altered(contract_ids: str, today: str) -> None:
    """Bill contracts that were altered: periods whose invoices were cancelled come again."""
    ids = [int(told) for told in contract_ids.split(",")]
    alteration_close.bill(ids, today=date.fromisoformat(today))


@app.task(name=jobs.PRINT_ALTERATION, queue="close", retry=3)
def print_alteration(alteration_id: int) -> None:
    """Print what an alteration did, to be kept."""
    printed_alteration.issue(alteration_id, now=timezone.now())


@app.task(name=jobs.MASS_ALTERATION, queue="close")
def alter_many(mass_id: int) -> None:
    """Carry a mass alteration as far as it goes; as many workers as like may do so at once."""
    run = MassAlteration.objects.get(pk=mass_id)
    if run.status == MassStatus.SIMULATING.value:
        while mass_alteration.simulate_chunk(run, today=timezone.localdate()):
            pass
        mass_alteration.finish_simulation(run)
    elif run.status == MassStatus.RUNNING.value:
        while mass_alteration.write_chunk(run, now=timezone.now(), today=timezone.localdate()):
            pass
        mass_alteration.finish(run, at=timezone.now())


@app.task(name=jobs.IMPORT_RUN, queue="import")
def import_run(run_id: int) -> None:
    """Check or write an uploaded spreadsheet."""
    now = timezone.now()
    importing.carry_on(run_id, now=now, today=timezone.localdate(now))
    importing.finish(run_id, now=timezone.now())


@app.task(name=jobs.READ_RETURN, queue="import")
def read_return(file_id: int) -> None:
    """Read a bank's return file, a chunk at a time."""
    bank_returns.begin(file_id, now=timezone.now())
    while bank_returns.read_chunk(file_id, now=timezone.now()):
        pass


@app.task(name=jobs.PASSWORD_LINK, queue="messages")
def password_link(user_id: int, site: str, asked_at: str) -> None:
    """Send the link for a new password, at once: somebody waits for it."""
    account.want_password_link(user_id, site=site, at=datetime.fromisoformat(asked_at))
    delivery.deliver_due(now=timezone.now(), handlers=HANDLERS)


@app.task(name=jobs.DELIVER, queue="messages")
def deliver() -> None:
    """Deliver what waits, at once: somebody waits for it."""
    delivery.deliver_due(now=timezone.now(), handlers=HANDLERS)


@app.periodic(cron="* * * * *")
@app.task(name=jobs.EVERY_MINUTE, queueing_lock=jobs.EVERY_MINUTE, pass_context=False)
def every_minute(timestamp: int) -> None:  # noqa: ARG001  the schedule passes it
    """Carry on each branch's day, deliver what waits, take up runs that were left."""
    now = timezone.now()
    daily.work(now=now)
    delivery.deliver_due(now=now, handlers=HANDLERS)
    unfinished = CloseRun.objects.filter(
        status__in=[CloseStatus.SIMULATING.value, CloseStatus.RUNNING.value]
    )
    for run_id in unfinished.values_list("pk", flat=True):
        jobs.queue(jobs.CLOSE_RUN, once=f"close {run_id}", run_id=run_id)
    unfinished_mass = MassAlteration.objects.filter(
        status__in=[MassStatus.SIMULATING.value, MassStatus.RUNNING.value]
    )
    for mass_id in unfinished_mass.values_list("pk", flat=True):
        jobs.queue(jobs.MASS_ALTERATION, once=f"mass alteration {mass_id}", mass_id=mass_id)
    importing.take_up()
    bank_returns.take_up()


@app.periodic(cron="7 * * * *")
@app.task(name="every_hour", queueing_lock="every_hour", pass_context=False)
def every_hour(timestamp: int) -> None:  # noqa: ARG001  the schedule passes it
    """Forget what nobody asks for any more."""
    now = timezone.now()
    daily.forget(now=now)
    importing.forget(now=now)


@app.periodic(cron="*/2 * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001  the schedule passes it
    """Give back the jobs of workers that were killed."""
    for job in await app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER.total_seconds()
    ):
        await app.job_manager.retry_job(job)
