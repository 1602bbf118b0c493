"""Schedules on the screen: settings, days by branch, and alarms on every page until dealt with."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app

from tests.provider import ATTENDANT, NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.daily import queries
from vigente.daily.models import DailyRun
from vigente.domain.parameters import CLOSE_HOUR, Scope
from vigente.domain.permissions import Role
from vigente.outbox import jobs
from vigente.parameters import actions as parameters
from vigente.staff import actions as staff
from vigente.staff.models import Branch

pytestmark = pytest.mark.django_db


def keep(branch: Branch, day: int, **facts) -> DailyRun:
    return DailyRun.objects.create(
        branch=branch, day=date(2026, 2, day), began_at=NOW, **{"status": "DONE", **facts}
    )


def beat(*, minutes_ago: int) -> None:
    """Let a worker have queued the work of a minute."""
    moment = timezone.now() - timedelta(minutes=minutes_ago)  # noqa: TID251  the pages read it too
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
            " VALUES (%s, '', %s)",
            [jobs.EVERY_MINUTE, int(moment.timestamp())],
        )


def person(isp: Provider, *roles: Role) -> Client:
    user = staff.create_user(
        email=f"{roles[0]}@example.com",
        name="Rui",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
    )
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, address: str = "/agendamentos/") -> str:
    return client.get(address).content.decode()


def listed(client: Client, query: str = "") -> list[tuple[str, int]]:
    days = client.get(f"/agendamentos/{query}").context["days"]
    return [(one.branch.code, one.day.day) for one in days]


def test_the_beat_is_that_of_the_task_of_every_minute() -> None:
    assert jobs.EVERY_MINUTE in app.tasks
    assert jobs.last_beat() is None

    beat(minutes_ago=3)

    assert jobs.last_beat() is not None


def test_each_branch_shows_its_settings_where_they_come_from_and_what_is_next(
    small: Provider, manager: Client
) -> None:
    parameters.set_value(
        CLOSE_HOUR, 4, scope=Scope.BRANCH, scope_id=small.branch.pk, by=ATTENDANT, now=NOW
    )

    [one] = manager.get("/agendamentos/").context["scheduled"]

    assert one.values == (
        ("close_automatically", "Sim", "padrão"),
        ("close_hour", "4", "da filial Matriz"),
        ("close_lead_days", "10", "padrão"),
    )
    assert one.next_at is not None
    assert f"/parametros/filial/{small.branch.pk}/#close_automatically" in shown(manager)


def test_days_are_listed_by_state_and_branch_and_only_of_the_persons(
    small: Provider, manager: Client
) -> None:
    keep(provider(code="OUTRA").branch, 1)
    keep(small.branch, 1)
    keep(small.branch, 2, status="MISSED", caught_up_on=date(2026, 2, 3))
    keep(small.branch, 3, status="FAILED", error="parou")
    keep(small.branch, 4, status="WAITING")

    assert listed(manager) == [("M", 4), ("M", 3), ("M", 2), ("M", 1)]
    assert listed(manager, "?situacao=feitos") == [("M", 1)]
    assert listed(manager, "?situacao=em-andamento") == [("M", 4)]
    assert listed(manager, "?situacao=perdidos") == [("M", 3), ("M", 2)]
    assert "Recuperado em 03/02/2026" in shown(manager)
    assert "Será recuperado pelo próximo dia feito" in shown(manager)


def test_pages_go_forth_and_back_without_missing_or_repeating_one(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for day in range(1, 6):
        keep(small.branch, day)

    first = manager.get("/agendamentos/")
    second = manager.get("/agendamentos/" + first.context["older"])
    third = manager.get("/agendamentos/" + second.context["older"])
    back = manager.get("/agendamentos/" + third.context["newer"])

    seen = [
        [one.day.day for one in answer.context["days"]] for answer in (first, second, third, back)
    ]
    assert seen == [[5, 4], [3, 2], [1], [3, 2]]


@pytest.mark.parametrize(
    "rubbish", ["situacao=nada", "filial=abc", "antes=x.y", "depois=2026-02-30.1&antes=."]
)
def test_rubbish_in_the_address_asks_for_nothing(manager: Client, rubbish: str) -> None:
    assert manager.get(f"/agendamentos/?{rubbish}").status_code == 200


def test_a_page_costs_as_many_queries_whatever_it_shows(small: Provider, manager: Client) -> None:
    keep(small.branch, 1)
    with CaptureQueriesContext(connection) as few:
        shown(manager)
    for day in range(2, 12):
        keep(small.branch, day, status="MISSED")

    with CaptureQueriesContext(connection) as many:
        shown(manager)

    assert len(many) == len(few)


def test_an_alarm_is_on_every_page_of_who_may_see_it_until_somebody_deals_with_it(
    small: Provider, manager: Client
) -> None:
    beat(minutes_ago=1)
    day = keep(small.branch, 3, status="FAILED", error="o disco encheu")
    keep(provider(code="OUTRA").branch, 3, status="FAILED", error="não é daqui")
    attendant = person(small, Role.ATTENDANT)

    contracts = shown(manager, "/contratos/")
    assert "Matriz, 03/02/2026: o disco encheu" in contracts
    assert '1<span class="visually-hidden"> alarme</span>' in contracts
    assert "não é daqui" not in contracts
    assert "o disco encheu" not in shown(attendant, "/contratos/")
    address = f"/agendamentos/{day.pk}/resolver/"
    assert "o disco encheu" in shown(manager, address)
    assert "Informe o que foi feito" in manager.post(address, {"note": ""}).content.decode()
    assert manager.post(address, {"note": "disco trocado"}).status_code == 302

    assert "o disco encheu" not in shown(manager, "/contratos/")
    kept = shown(manager)
    assert "o disco encheu" in kept
    assert "Resolvido por Ana Gerente" in kept
    assert "disco trocado" in kept
    again = manager.post(address, {"note": "de novo"})
    assert (again.status_code, "não tem alarme aberto" in again.content.decode()) == (422, True)


def test_who_may_only_look_deals_with_no_alarm(small: Provider) -> None:
    day = keep(small.branch, 3, status="FAILED", error="parou")
    auditor = person(small, Role.AUDITOR)

    assert "/resolver/" not in shown(auditor)
    assert auditor.post(f"/agendamentos/{day.pk}/resolver/", {"note": "x"}).status_code == 403


@pytest.mark.parametrize(("minutes_ago", "is_told"), [(5, False), (20, True)])
def test_a_schedule_that_nobody_keeps_is_an_alarm(
    small: Provider, manager: Client, minutes_ago: int, is_told: bool
) -> None:
    keep(small.branch, 1)
    beat(minutes_ago=minutes_ago)

    assert ("As tarefas automáticas não rodam" in shown(manager, "/contratos/")) is is_told


def test_where_nothing_was_ever_scheduled_only_this_page_says_that_no_worker_runs(
    small: Provider, manager: Client
) -> None:
    assert "As tarefas automáticas não rodam" not in shown(manager, "/contratos/")
    assert "As tarefas automáticas não rodam" in shown(manager)


def test_many_alarms_are_told_in_few_lines(small: Provider, manager: Client) -> None:
    beat(minutes_ago=1)
    for day in range(1, 6):
        keep(small.branch, day, status="FAILED", error=f"parou {day}")

    page = shown(manager, "/contratos/")

    assert page.count('class="note risk gap-below alarm"') == 2
    assert "Há mais 3 a resolver." in page


def test_an_alarm_is_dealt_with_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    page = signed_in
    beat(minutes_ago=1)
    keep(isp.branch, 1, invoices=12, amount_cents=120000, held=1)
    keep(isp.branch, 2, status="MISSED", caught_up_on=date(2026, 2, 3))
    keep(isp.branch, 3, status="FAILED", error="OperationalError: o disco encheu")
    page.goto("/contratos/")
    assert_fit_for_all(page)
    page.click("text=Ver agendamentos")
    assert_fit_for_all(page)

    page.click("text=Resolver")
    assert_fit_for_all(page)
    page.fill("[name=note]", "disco trocado")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".note.ok")).to_contain_text("Alarme resolvido.")
    expect(page.locator(".alarm")).to_have_count(0)
