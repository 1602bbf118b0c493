"""A reader killed in the middle of a return file: whole chunks only, and the rest afterwards."""

import signal
import subprocess
import time

import pytest

from tests.banking import bank_account, content, owed, receive, registered, tell
from tests.journeys.killed import process
from tests.provider import provider
from vigente.billing.models import Receivable
from vigente.payments.bank_models import ReturnFile, ReturnRecord
from vigente.payments.models import Receipt

pytestmark = pytest.mark.django_db(transaction=True)

BOLETOS = 20
READ = """
from datetime import UTC, datetime
from vigente.journeys import bank_returns
now = datetime(2026, 3, 2, tzinfo=UTC)
bank_returns.begin({file}, now=now)
while bank_returns.read_chunk({file}, now=now, size=1):
    pass
"""


def reader(file: ReturnFile) -> subprocess.Popen[bytes]:
    return process(READ.format(file=file.pk))


def test_a_killed_reader_loses_nothing_and_takes_nothing_twice() -> None:
    isp = provider()
    account = bank_account(isp)
    for _ in range(BOLETOS):
        owed(isp)
    file = receive(account, content(account, [tell(one) for one in registered(account)]))
    killed = reader(file)
    until = time.monotonic() + 60
    while Receipt.objects.count() < 3 and time.monotonic() < until:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    received = Receipt.objects.count()
    assert 3 <= received < BOLETOS
    assert ReturnRecord.objects.filter(outcome="PAID").count() == received

    readers = [reader(file), reader(file)]
    for one in readers:
        _, complaint = one.communicate(timeout=120)
        assert one.returncode == 0, complaint.decode()

    assert Receipt.objects.count() == BOLETOS
    assert not Receivable.objects.exclude(received_cents=9000).exists()
    assert ReturnFile.objects.get(pk=file.pk).status == "DONE"
