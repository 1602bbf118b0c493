"""The day of a branch: done once, tried again where it fails, caught up where it was missed."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.audit import queries as audit
from vigente.audit import sent_forms
from vigente.audit.models import SentForm
from vigente.billing.models import CloseHold, CloseRun
from vigente.contracts.models import Contract
from vigente.daily import actions
from vigente.daily.models import DailyRun
from vigente.domain.parameters import CLOSE_AUTOMATICALLY, Scope
from vigente.journeys import daily, month_close, validity
from vigente.parameters import actions as parameters
from vigente.staff.models import Branch
from vigente.worker import tasks

pytestmark = pytest.mark.django_db

ONE_MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 6, minute: int = 0) -> datetime:
    """Return a moment of February 2026 in São Paulo."""
    return datetime(2026, 2, day, hour + 3, minute, tzinfo=UTC)


def live_through(day: int) -> None:
    """Let a worker do the whole day."""
    for run in daily.work(now=at(day)):
        carry_out(run, now=at(day))
    daily.work(now=at(day) + ONE_MINUTE)


def carry_out(run: CloseRun, *, now: datetime) -> None:
    while month_close.write_chunk(run, at=now):
        pass
    month_close.finish(run, at=now)


def told(isp: Provider) -> list[tuple[int, str]]:
    """Return the days of the branch, with their status."""
    days = DailyRun.objects.filter(branch=isp.branch).order_by("day")
    return [(one.day.day, one.status) for one in days]


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate(on=date(2026, 1, 20))


def test_a_day_waits_for_its_hour_closes_and_tells_what_that_came_to(
    isp: Provider, contract: Contract
) -> None:
    daily.work(now=at(1, hour=0))
    assert told(isp) == [(1, "WAITING")]

    [run] = daily.work(now=at(1))
    assert told(isp) == [(1, "CLOSING")]
    carry_out(run, now=at(1))
    daily.work(now=at(1) + ONE_MINUTE)

    day = DailyRun.objects.get()
    assert (day.status, day.close_run, day.invoices, day.amount_cents) == (
        "DONE",
        run,
        1,
        contract.invoices.get().total_cents,
    )


def test_the_day_is_that_of_the_branch(isp: Provider) -> None:
    Branch.objects.update(time_zone="America/Manaus")

    daily.work(now=datetime(2026, 2, 2, 3, 30, tzinfo=UTC))  # 23:30 of the 1st in Manaus

    assert told(isp) == [(1, "CLOSING")]


def test_a_branch_that_does_not_close_by_itself_still_renews(isp: Provider) -> None:
    parameters.set_value(
        CLOSE_AUTOMATICALLY,
        value=False,
        scope=Scope.BRANCH,
        scope_id=isp.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )
    renewing = isp.activate(isp.plan(validity_months=1))

    daily.work(now=at(21))

    day = DailyRun.objects.get()
    assert (day.status, day.renewed, day.close_run) == ("DONE", 1, None)
    renewing.refresh_from_db()
    assert renewing.valid_until == date(2026, 3, 20)


def test_a_missed_day_is_on_record_and_caught_up_by_the_next(
    isp: Provider, contract: Contract
) -> None:
    live_through(1)

    daily.work(now=at(4, hour=5))
    assert told(isp) == [(1, "DONE"), (2, "MISSED"), (3, "MISSED"), (4, "WAITING")]
    assert set(DailyRun.objects.values_list("caught_up_on", flat=True)) == {None}
    live_through(4)

    missed = DailyRun.objects.filter(status="MISSED")
    assert {one.caught_up_on for one in missed} == {date(2026, 2, 4)}


def test_a_day_whose_hour_never_came_was_missed(isp: Provider) -> None:
    daily.work(now=at(1, hour=1))

    live_through(2)

    assert told(isp) == [(1, "MISSED"), (2, "DONE")]


def test_a_fault_fails_the_day_and_it_is_tried_again_later(
    isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = provider(code="INTEIRA")

    def break_down(branch_id: int, **_) -> validity.Swept:
        if branch_id == isp.branch.pk:
            raise ZeroDivisionError
        return validity.Swept(renewed=0, ended=0)

    with monkeypatch.context() as broken:
        broken.setattr(validity, "sweep", break_down)
        daily.work(now=at(1))

    assert (told(isp), told(whole)) == ([(1, "FAILED")], [(1, "CLOSING")])
    assert "ZeroDivisionError" in DailyRun.objects.get(branch=isp.branch).error
    assert daily.work(now=at(1) + ONE_MINUTE) == []
    live = at(1) + timedelta(minutes=10)
    [run] = daily.work(now=live)
    carry_out(run, now=live)
    daily.work(now=live + ONE_MINUTE)

    day = DailyRun.objects.get(branch=isp.branch)
    assert (day.status, day.error) == ("DONE", "")


def test_a_contract_that_cannot_be_ended_is_told_and_stops_no_other(
    isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending, stuck = (isp.activate(isp.plan(validity_months=1, renews=False)) for _ in range(2))
    end = validity.termination.terminate

    def refuse(contract_id: int, **facts) -> object:
        if contract_id == stuck.pk:
            raise ValueError("falta o motivo")
        return end(contract_id, **facts)

    monkeypatch.setattr(validity.termination, "terminate", refuse)
    live_through(21)

    day = DailyRun.objects.get()
    assert (day.status, day.ended) == ("DONE", 1)
    assert f"Contrato {stuck.pk}: falta o motivo" in day.error
    ending.refresh_from_db()
    assert ending.status == "INACTIVE"


def test_contracts_that_could_not_be_billed_are_an_alarm(isp: Provider, contract: Contract) -> None:
    [run] = daily.work(now=at(1))
    carry_out(run, now=at(1))
    CloseHold.objects.create(
        run=run, chunk=run.chunks.get(), contract=isp.activate(), reason="FAILED", detail="?"
    )
    daily.work(now=at(1) + ONE_MINUTE)

    day = DailyRun.objects.get()
    assert (day.status, day.held) == ("DONE", 1)
    assert day.error == "Contratos que não puderam ser faturados: 1."


def test_a_close_that_stops_says_so_until_it_went_on(
    isp: Provider, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    [run] = daily.work(now=at(1))

    def stop(_run: CloseRun, **_) -> None:
        raise RuntimeError("disco cheio")

    with monkeypatch.context() as broken:
        broken.setattr(month_close, "write_chunk", stop)
        with pytest.raises(RuntimeError):
            tasks.close_run(run_id=run.pk)

    assert DailyRun.objects.get().error == "O fechamento parou: RuntimeError: disco cheio"
    carry_out(run, now=at(1))
    daily.work(now=at(1) + ONE_MINUTE)
    assert (DailyRun.objects.get().status, DailyRun.objects.get().error) == ("DONE", "")


def test_a_close_that_outlives_its_day_is_an_alarm(isp: Provider, contract: Contract) -> None:
    daily.work(now=at(1))

    daily.work(now=at(2, hour=1))

    assert told(isp) == [(1, "CLOSING"), (2, "WAITING")]
    assert "antes do fim do dia" in DailyRun.objects.get(day=date(2026, 2, 1)).error


def test_an_alarm_is_dealt_with_once_and_comes_back_with_the_next_fault(isp: Provider) -> None:
    daily.work(now=at(1))
    day = DailyRun.objects.get()
    actions.fail(day, error="parou", now=at(1))

    daily.deal_with(day.pk, note="reiniciado", by=ATTENDANT, now=at(1))

    day.refresh_from_db()
    assert (day.dealt_by_name, day.dealt_note) == ("Ana Atendente", "reiniciado")
    assert audit.trail(object_kind="daily run", object_id=day.pk)[0].detail["note"] == "reiniciado"
    with pytest.raises(actions.NotAnAlarm):
        daily.deal_with(day.pk, note="de novo", by=ATTENDANT, now=at(1))
    actions.fail(day, error="parou", now=at(2))
    assert DailyRun.objects.get().dealt_at is None


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("daily_run_once", {"day": date(2026, 2, 1)}),
        ("daily_run_status", {"status": "SLEEPING"}),
        ("daily_run_failure_says_why", {"status": "FAILED"}),
        ("daily_run_caught_up_later", {"caught_up_on": date(2026, 2, 2)}),
    ],
)
def test_the_database_keeps_the_record(isp: Provider, name: str, facts: dict[str, object]) -> None:
    DailyRun.objects.create(branch=isp.branch, day=date(2026, 2, 1), began_at=NOW)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DailyRun.objects.create(
            **{"branch": isp.branch, "day": date(2026, 2, 2), "began_at": NOW, **facts}
        )


def test_a_missed_day_has_no_close(isp: Provider) -> None:
    daily.work(now=at(1))

    with pytest.raises(IntegrityError, match="daily_run_missed_is_empty"), transaction.atomic():
        DailyRun.objects.update(status="MISSED")


def test_forms_sent_long_ago_are_forgotten() -> None:
    old = sent_forms.take(uuid4(), by_user_id=1, now=NOW - timedelta(days=31))
    fresh = sent_forms.take(uuid4(), by_user_id=1, now=NOW - timedelta(days=29))

    assert daily.forget(now=NOW) == 1
    assert [one.pk for one in SentForm.objects.all()] == [fresh.pk]
    assert old.pk != fresh.pk
