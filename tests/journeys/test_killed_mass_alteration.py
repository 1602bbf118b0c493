"""A worker killed in the middle of a mass alteration: whole chunks only, the rest afterwards."""

import signal
import time
from datetime import date

import pytest

from tests.journeys.altering import choose
from tests.journeys.killed import process
from tests.journeys.scenario import close
from tests.provider import ATTENDANT, NOW, provider
from vigente.alterations.mass import Asked, Choice
from vigente.alterations.models import Alteration, MassAlteration, MassChunk
from vigente.contracts.models import ContractItem
from vigente.domain.codes import DifferencePolicy, MassKind
from vigente.journeys import mass_alteration
from vigente.outbox.models import Effect

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACTS = 12
ON = date(2026, 2, 10)
WRITE = """
from datetime import UTC, date, datetime
from vigente.alterations.models import MassAlteration
from vigente.journeys import mass_alteration
run = MassAlteration.objects.get(pk={run})
now, today = datetime(2026, 2, 10, 12, tzinfo=UTC), date(2026, 2, 10)
while mass_alteration.write_chunk(run, now=now, today=today):
    pass
mass_alteration.finish(run, at=now)
"""


def begun() -> MassAlteration:
    """Return a readjustment of R$ 90,00 by 5 %, one contract in each chunk, ready to be written."""
    isp = provider()
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    plan = isp.plan()
    for _ in range(CONTRACTS):
        contract = isp.activate(plan, on=date(2025, 1, 10), sold_on=date(2025, 1, 10))
        contract.customer.contacts.create(kind="EMAIL", value=f"c{contract.pk}@example.com")
    close(issued_on=date(2026, 2, 1), due_until=date(2026, 2, 10), approved=True)
    asked = Asked(kind=MassKind.PERCENT, on=ON, percents_e4=(50_000,))
    run = mass_alteration.begin(asked, Choice(), by=ATTENDANT, at=NOW, size=1)
    while mass_alteration.simulate_chunk(run, today=ON):
        pass
    mass_alteration.finish_simulation(run)
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    return run


def test_a_killed_worker_alters_nobody_by_half_and_nobody_twice() -> None:
    run = begun()
    killed = process(WRITE.format(run=run.pk))
    until = time.monotonic() + 60
    while Alteration.objects.count() < 2 and time.monotonic() < until:
        time.sleep(0.002)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    altered = Alteration.objects.count()
    assert 2 <= altered < CONTRACTS
    assert MassChunk.objects.filter(status="DONE").count() == altered
    assert ContractItem.objects.filter(price_cents=9450, ends_on=None).count() == altered

    workers = [process(WRITE.format(run=run.pk)) for _ in range(2)]
    for worker in workers:
        _, complaint = worker.communicate(timeout=120)
        assert worker.returncode == 0, complaint.decode()

    run.refresh_from_db()
    assert run.status == "DONE"
    assert Alteration.objects.filter(status="CONFIRMED").count() == CONTRACTS
    assert ContractItem.objects.filter(price_cents=9450, ends_on=None).count() == CONTRACTS
    assert Effect.objects.filter(kind="MESSAGE").count() == CONTRACTS
