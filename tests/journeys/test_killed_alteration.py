"""A process killed while it concludes an alteration: nothing half done, and done once after."""

import signal
import time

import pytest
from django.db import connection

from tests.journeys.altering import ON, asker, begin, choose, the_manuals, to_plan
from tests.journeys.killed import process
from tests.provider import provider
from vigente.alterations.models import AlteredItem
from vigente.contracts.models import ContractItem
from vigente.domain.codes import DifferencePolicy
from vigente.journeys import alteration
from vigente.outbox.models import Effect

pytestmark = pytest.mark.django_db(transaction=True)

CONCLUDE = """
from tests.journeys.altering import asker
from vigente.journeys import alteration
alteration.conclude({draft}, digest="{digest}", is_ticked=True, asker=asker())
"""
SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON outbox_effect FOR EACH ROW EXECUTE FUNCTION slow();
"""
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def sleeper() -> int | None:
    """Return the server's process that is in the middle of the writing."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        found = cursor.fetchone()
    return found[0] if found else None


def test_a_killed_conclusion_leaves_a_draft_that_is_concluded_once() -> None:
    isp = provider()
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    contract = the_manuals(isp, 4990)
    contract.customer.contacts.create(kind="EMAIL", value="marina@example.com")
    draft = begin(contract)
    alteration.keep(draft, to_plan(isp.plan(price_cents=8990)))
    digest = alteration.plan_of(draft, today=ON).digest
    items = ContractItem.objects.count()
    run(SLOW)
    try:
        killed = process(CONCLUDE.format(draft=draft.pk, digest=digest))
        until = time.monotonic() + 60
        while sleeper() is None and time.monotonic() < until:
            time.sleep(0.05)
        backend = sleeper()
        assert backend is not None
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        run(f"SELECT pg_terminate_backend({backend})")  # as the server ends what has no client
        while sleeper() is not None and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        run("DROP TRIGGER slow ON outbox_effect; DROP FUNCTION slow();")
    draft.refresh_from_db()
    assert (draft.status, ContractItem.objects.count()) == ("DRAFT", items)
    assert not AlteredItem.objects.exists()
    assert not Effect.objects.exists()

    done = alteration.conclude(draft.pk, digest=digest, is_ticked=True, asker=asker())

    assert done.status == "CONFIRMED"
    assert Effect.objects.filter(kind="MESSAGE").count() == 1
