"""Several workers, killed or not, bill every contract once: real processes, real commits."""

import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from django.db import connection

from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun, Invoice
from vigente.domain.close_plan import CloseTerms
from vigente.journeys import month_close

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACTS = 30


@pytest.fixture
def isp() -> Provider:
    made = provider()
    plan = made.plan()
    for _ in range(CONTRACTS):
        made.activate(plan)
    return made


def begin(*, size: int = 3) -> CloseRun:
    return month_close.begin(
        terms=CloseTerms(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28)),
        choice=Choice(),
        reference_month=None,
        by=ATTENDANT,
        at=NOW,
        simulated_first=False,
        size=size,
    )


def worker(run: CloseRun) -> subprocess.Popen[bytes]:
    """Start a process that bills chunks of the run."""
    told = connection.settings_dict
    url = (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )
    code = f"from vigente.cli.close_month import write_chunks; write_chunks({run.pk})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def assert_each_billed_once() -> None:
    assert Invoice.objects.count() == CONTRACTS
    assert Invoice.objects.values("contract").distinct().count() == CONTRACTS


def test_two_runs_on_four_workers_bill_each_contract_once(isp: Provider) -> None:
    first, second = begin(), begin(size=4)

    workers = [worker(run) for run in (first, second, first, second)]

    for process in workers:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint.decode()
    assert_each_billed_once()
    assert month_close.finish(first, at=NOW)
    assert month_close.finish(second, at=NOW)


def test_a_killed_worker_leaves_whole_chunks_that_another_completes(isp: Provider) -> None:
    run = begin(size=1)
    killed = worker(run)
    until = time.monotonic() + 60
    while Invoice.objects.count() < 3 and time.monotonic() < until:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    left = run.chunks.filter(status="TODO").count()
    assert Invoice.objects.count() == CONTRACTS - left

    another = worker(run)
    _, complaint = another.communicate(timeout=120)

    assert another.returncode == 0, complaint.decode()
    assert_each_billed_once()
