"""A database server killed in the middle of a close: whole chunks only, and the rest afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vigente.project import local_postgres, local_postgres_place

CONTRACTS = 60

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from vigente.cli import bench_provider
print(bench_provider.make({contracts}, size=1).pk)
"""
BILL = "from vigente.cli.close_month import write_chunks; write_chunks({run})"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    local_postgres.reset(tmp_path)


def python(code: str, *, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def count(url: str, sql: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    found: int = row[0]
    return found


def test_what_was_committed_is_whole_and_the_rest_follows(home: Path) -> None:
    url = local_postgres.start(home)
    prepared, complaint = python(PREPARE.format(contracts=CONTRACTS), url=url).communicate()
    run = int(prepared or complaint)
    worker = python(BILL.format(run=run), url=url)
    until = time.monotonic() + 60
    while count(url, "SELECT count(*) FROM billing_invoice") < 3 and time.monotonic() < until:
        time.sleep(0.01)

    pid_file = local_postgres_place.place_of(home).data / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    worker.communicate()
    url = local_postgres.start(home)
    invoices = count(url, "SELECT count(*) FROM billing_invoice")
    chunks = count(url, "SELECT count(*) FROM billing_closechunk WHERE status = 'DONE'")
    assert 3 <= invoices == chunks < CONTRACTS

    _, complaint = python(BILL.format(run=run), url=url).communicate()

    assert count(url, "SELECT count(DISTINCT contract_id) FROM billing_invoice") == CONTRACTS
    assert count(url, "SELECT count(*) FROM billing_invoice") == CONTRACTS, complaint
