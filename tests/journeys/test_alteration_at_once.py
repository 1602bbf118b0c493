"""Concluding is all or nothing: by two people at once, or in a process killed at any step."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from tests.journeys.altering import ON, begin, choose, conclude, the_manuals, to_plan
from tests.provider import Provider, provider
from vigente.alterations.models import Alteration
from vigente.contracts.models import ContractPlan
from vigente.domain.codes import DifferencePolicy
from vigente.journeys import alteration

pytestmark = pytest.mark.django_db(transaction=True)

CONCLUDE = """
import datetime as dt, sys
import vigente.cli  # its import sets Django up for commands
import django
django.setup()
from vigente.audit.actor import Actor
from vigente.journeys import alteration
from vigente.journeys.alteration import Asker
now = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
asker = Asker(by=Actor(1, "Ana"), now=now, today=dt.date.fromisoformat(sys.argv[3]))
alteration.conclude(int(sys.argv[1]), digest=sys.argv[2], is_ticked=True, asker=asker)
"""
STEPS = [
    "customers_customer",  # before anything is written
    "contracts_contractplan",
    "alterations_altereditem",
    "access_wantedaccess",
    "procrastinate_jobs",  # when all else is written
]
PATIENCE = 180


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def draft(isp: Provider) -> Alteration:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    made = begin(the_manuals(isp, 4990))
    alteration.keep(made, to_plan(isp.plan(price_cents=8990)))
    return made


def url() -> str:
    told = connection.settings_dict
    return (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )


def concluding(draft: Alteration) -> subprocess.Popen[bytes]:
    """Start a process that concludes what was just shown."""
    shown = alteration.plan_of(draft, today=ON)
    return subprocess.Popen(
        [sys.executable, "-c", CONCLUDE, str(draft.pk), shown.digest, ON.isoformat()],
        env={
            **os.environ,
            "DATABASE_URL": url(),
            "DJANGO_SETTINGS_MODULE": "vigente.project.settings",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@contextmanager
def holding(table: str) -> Iterator[psycopg.Connection]:
    """Let nobody write a table meanwhile."""
    with psycopg.connect(url()) as held:
        held.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield held


def wait_until_stopped_at(held: psycopg.Connection, *, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process waits for the table that is held."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
    until = time.monotonic() + PATIENCE
    with psycopg.connect(url(), autocommit=True) as looking:  # a transaction would see one moment
        while time.monotonic() < until and process.poll() is None:
            found = looking.execute(waiting, [held.info.backend_pid]).fetchone()
            if found is not None and found[0]:
                return
            time.sleep(0.02)
    process.kill()
    pytest.fail(f"nobody came to the table: {process.communicate()[1].decode()}")


@pytest.mark.parametrize("table", STEPS)
def test_killed_at_any_step_nothing_is_half_done(draft: Alteration, table: str) -> None:
    with holding(table) as held:
        killed = concluding(draft)
        wait_until_stopped_at(held, process=killed)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()

    draft.refresh_from_db()
    assert draft.status == "DRAFT"
    assert ContractPlan.objects.filter(contract=draft.contract).count() == 1
    assert conclude(draft).status == "CONFIRMED"
    assert ContractPlan.objects.filter(contract=draft.contract).count() == 2


def test_of_two_people_who_conclude_at_once_one_does(draft: Alteration) -> None:
    with holding("audit_auditentry") as held:
        both = [concluding(draft), concluding(draft)]
        wait_until_stopped_at(held, process=both[0])

    complaints = [process.communicate(timeout=PATIENCE)[1].decode() for process in both]

    assert sorted(process.returncode for process in both) == [0, 1]
    assert any("AlterationNotOpen" in complaint for complaint in complaints)
    draft.refresh_from_db()
    assert draft.status == "CONFIRMED"
    assert ContractPlan.objects.filter(contract=draft.contract).count() == 2
    assert draft.items.count() == 3  # one ended, one started, one charged
