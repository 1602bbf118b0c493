"""How many queries each page makes: as many as `query_counts.json` says, however many rows.

`make query-counts` measures again and writes the file.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.provider import Provider, provider
from tests.screens.every_page import addresses, administrator, pages
from tests.screens.other_branch import ids_of_each
from vigente.catalog.models import SalePlanItem

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).with_name("query_counts.json")
MEASURE_AGAIN = "If that is meant, run `make query-counts` and commit the file."


def baseline() -> dict[str, int]:
    """Return how many queries each page made when it was last measured."""
    counts: dict[str, int] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return counts


def counted(client: Client, found: dict[str, str]) -> dict[str, int]:
    """Count the queries of each page."""
    counts = {}
    for name, address in found.items():
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts[name] = len(asked)
    return counts


def told(measured: dict[str, int], expected: dict[str, int]) -> list[str]:
    """Say in a sentence what differs from the baseline."""
    missing = [f"{name} has no line." for name in measured if name not in expected]
    gone = [f"{name} has a line, but shows no page." for name in expected if name not in measured]
    both = [name for name in measured if measured[name] != expected.get(name, measured[name])]
    return [
        *missing,
        *gone,
        *(f"{name} makes {measured[name]} queries, not {expected[name]}." for name in both),
    ]


@pytest.fixture
def found(small: Provider, client: Client) -> dict[str, str]:
    """Return every page, with one row of each kind; the client may see all."""
    user = administrator()
    client.force_login(user)
    return pages(client, addresses(small, user))


def test_every_page_makes_as_many_queries_as_its_line_says(
    client: Client, found: dict[str, str]
) -> None:
    measured = counted(client, found)
    if "VIGENTE_QUERY_COUNTS" in os.environ:
        text = json.dumps(measured, indent=2, sort_keys=True)
        BASELINE.write_text(f"{text}\n", encoding="utf-8")

    assert told(measured, baseline()) == [], MEASURE_AGAIN


def test_no_page_makes_more_queries_for_more_rows(client: Client, found: dict[str, str]) -> None:
    few = counted(client, found)
    for number in range(4):
        ids_of_each(provider(code=f"F{number}"))
    many = counted(client, found)

    assert told(many, few) == []


def test_a_page_without_a_line_or_with_another_count_is_told() -> None:
    assert told({"new": 3, "slower": 9, "same": 2}, {"slower": 8, "same": 2, "old": 4}) == [
        "new has no line.",
        "old has a line, but shows no page.",
        "slower makes 9 queries, not 8.",
    ]


def test_a_plan_is_opened_with_as_many_queries_however_many_its_products(
    client: Client, small: Provider
) -> None:
    client.force_login(administrator())
    plan = small.plan()
    page = {"plan": f"/planos/{plan.pk}/"}
    few = counted(client, page)
    for number in range(4):
        SalePlanItem.objects.create(
            sale_plan=plan, product=small.internet, description=f"Ponto {number}", price_cents=100
        )
    many = counted(client, page)

    assert told(many, few) == []
