"""The demonstration comes in through the importer and the journeys, on any day."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from vigente.billing.models import CloseHold, Invoice, InvoiceLine, Receivable
from vigente.catalog.models import BillingType
from vigente.cli import demo
from vigente.contracts.models import Contract
from vigente.domain import explanation
from vigente.domain.parameters import DIFFERENCE_POLICY, LAST_DUE_ON
from vigente.parameters import queries as parameters
from vigente.staff.models import Branch, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "ceiling"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "2026-12-31"),
        (datetime(2027, 8, 31, 12, tzinfo=UTC), "2027-09-30"),
    ],
    ids=["2026", "2027"],
)
def test_the_provider_lives_on_any_day(tmp_path: Path, day: datetime, ceiling: str) -> None:
    demo.load(tmp_path, now=day, customers=130)

    main = Branch.objects.get(code="MATRIZ")
    assert parameters.in_force(LAST_DUE_ON, branch_id=main.pk).value == ceiling
    policies = {
        branch.code: parameters.in_force(DIFFERENCE_POLICY, branch_id=branch.pk).value
        for branch in Branch.objects.all()
    }
    assert policies == {
        "MATRIZ": "MANUAL",
        "VALE": "PERIOD_BALANCE",
        "LITORAL": "PERIOD_BALANCE",
    }
    assert User.objects.get().email == demo.EMAIL
    statuses = set(Contract.objects.values_list("status", flat=True))
    assert statuses == {"PRE", "ACTIVE", "INACTIVE"}
    assert Invoice.objects.filter(kind="PERIOD").count() > 400
    assert Receivable.objects.filter(received_cents__gt=0).count() > 300
    assert not CloseHold.objects.filter(reason="FAILED").exists()
    for line in InvoiceLine.objects.all():
        assert explanation.evaluate(line.explanation) == line.amount_cents


def test_every_periodicity_base_and_timing_is_sold(tmp_path: Path) -> None:
    demo.load(tmp_path, now=datetime(2026, 11, 23, 12, tzinfo=UTC), customers=500)

    sold = BillingType.objects.filter(contract__status="ACTIVE").distinct()
    assert {t.base for t in sold} == {"DUE_DATE", "ANNIVERSARY", "CALENDAR"}
    assert {t.timing for t in sold} == {"PREPAID", "POSTPAID"}
    assert {(t.period_unit, t.period_count) for t in sold} >= {
        ("MONTH", 1),
        ("MONTH", 2),
        ("MONTH", 3),
        ("MONTH", 6),
        ("DAY", 30),
    }
