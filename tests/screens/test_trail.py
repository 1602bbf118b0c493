"""The trail on the screen: filtered, page by page, in words, and only of the person's branches."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

import vigente
from tests.provider import ATTENDANT, NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.audit.models import AuditEntry
from vigente.backoffice.trail import words
from vigente.backoffice.trail.views import PAGE
from vigente.domain.permissions import Role
from vigente.staff import actions as staff
from vigente.staff.models import Branch, User

SOURCES = Path(vigente.__file__).parent
RECORDED = re.compile(r'\b_?record(?:_many)?\(\s*f?"([a-z ]+)"')
KINDS = re.compile(r'object_kind="([a-z ]+)"')


@pytest.fixture
def small(db: None) -> Provider:
    return provider()


def person(isp: Provider, *roles: Role, administrator: bool = False) -> Client:
    user = staff.create_user(
        email=f"{administrator}@example.com",
        name="Olga Auditora",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
        administrator=administrator,
    )
    client = Client()
    client.force_login(user)
    return client


def enter(isp: Provider | None, action: str = "contract sold", **more) -> AuditEntry:
    told = {"object_kind": "contract", "object_id": 7, "by": ATTENDANT, "at": NOW, **more}
    return audit.record(action, branch_id=isp.branch.pk if isp else None, **told)


def shown(client: Client, query: str = "") -> list[int]:
    return [line.entry.pk for line in client.get(f"/trilha/{query}").context["lines"]]


def test_every_action_and_kind_that_is_recorded_has_its_words() -> None:
    text = "".join(path.read_text() for path in SOURCES.rglob("*.py"))

    assert set(RECORDED.findall(text)) - set(words.ACTIONS) == set()
    assert set(KINDS.findall(text)) - set(words.KINDS) == set()


def test_only_the_persons_branches_are_shown_and_the_rest_to_administrators(
    small: Provider,
) -> None:
    own, other, of_none = enter(small), enter(provider(code="OUTRA")), enter(None)

    assert shown(person(small, Role.AUDITOR)) == [own.pk]
    assert shown(person(small, administrator=True)) == [of_none.pk, other.pk, own.pk]


def test_a_branch_is_told_by_its_name(small: Provider) -> None:
    vale = provider(code="V").branch
    Branch.objects.filter(pk=vale.pk).update(name="Vale Sereno")
    moved = {"branch_id": (str(small.branch.pk), str(vale.pk))}
    enter(small, "seller changed", object_kind="seller", values=moved)
    enter(small, "parameter set", object_kind="parameter branch", object_id=vale.pk)

    told = person(small, Role.AUDITOR).get("/trilha/").context["lines"]

    assert told[0].which == "Vale Sereno"
    assert [(c.before, c.after) for c in told[1].changes] == [("Matriz", "Vale Sereno")]


def test_it_is_filtered_by_person_object_action_and_days(small: Provider) -> None:
    client = person(small, Role.AUDITOR)
    olga = User.objects.get()
    by_olga = enter(small, by=Actor(olga.pk, olga.name))
    invoice = enter(small, "invoice cancelled", object_kind="invoice", object_id=9)
    # 23:30 of 31 January in São Paulo is 1 February in UTC
    late = enter(small, at=datetime(2026, 2, 1, 2, 30, tzinfo=UTC))

    assert shown(client, f"?pessoa={olga.pk}") == [by_olga.pk]
    assert shown(client, "?objeto=invoice&numero=9") == [invoice.pk]
    assert shown(client, "?acao=invoice+cancelled") == [invoice.pk]
    assert shown(client, "?de=2026-01-31&ate=2026-01-31") == [late.pk]
    assert shown(client, "?de=2026-02-01") == []


@pytest.mark.parametrize(
    "query", ["?de=31/02/2026", "?numero=x", "?acao=rm", "?pessoa=999", "?objeto=%00", "?numero=-1"]
)
def test_a_filter_that_makes_no_sense_is_told(small: Provider, query: str) -> None:
    enter(small)

    answer = person(small, Role.AUDITOR).get(f"/trilha/{query}")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not answer.context["lines"]


def test_pages_follow_each_other_without_gap_or_repetition(small: Provider) -> None:
    made = [enter(small, at=NOW + timedelta(seconds=n // 3)).pk for n in range(2 * PAGE + 5)]
    client = person(small, Role.AUDITOR)

    seen, back, query = [], [], ""
    while True:
        answer = client.get(f"/trilha/{query}")
        seen += [line.entry.pk for line in answer.context["lines"]]
        query = answer.context["older"]
        if not query:
            break
    while newer := answer.context["newer"]:
        answer = client.get(f"/trilha/{newer}")
        back = [line.entry.pk for line in answer.context["lines"]] + back

    assert seen == made[::-1]
    assert back == seen[: 2 * PAGE]


def test_what_was_and_became_is_shown_in_words_and_redacted_values_say_so(small: Provider) -> None:
    enter(
        small,
        "product changed",
        object_kind="product",
        values={
            "name": ("Fibra", "<b>Fibra 600</b>"),
            "price_cents": ("8990", "9990"),
            "is_active": ("true", "false"),
            "kind": (None, "INTERNET"),
        },
    )
    redacted = enter(small, "customer changed", values={"email": ("a@b.com", "c@d.com")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT vigente_audit_redact(%s, %s)", [redacted.pk, NOW])

    page = person(small, Role.AUDITOR).get("/trilha/").content.decode()

    assert "<del>89,90</del>" in page
    assert "<ins>não</ins>" in page
    assert "<ins>Internet</ins>" in page
    assert "&lt;b&gt;Fibra 600" in page
    assert "Produto: alteração" in page
    assert "apagado em 02/01/2026, a pedido do titular" in page
    assert "a@b.com" not in page


def test_a_page_takes_a_fixed_number_of_queries(small: Provider) -> None:
    client = person(small, Role.AUDITOR)

    def queries_of_a_page() -> int:
        with CaptureQueriesContext(connection) as sent:
            client.get("/trilha/")
        return len(sent)

    enter(small, values={"name": ("a", "b")})
    few = queries_of_a_page()
    for _ in range(20):
        enter(small, values={"name": ("a", "b")})

    assert queries_of_a_page() == few


def test_the_list_fits_and_unfolds(signed_in: Page, isp: Provider) -> None:
    enter(isp, "product changed", object_kind="product", values={"name": ("Fibra", "Fibra 600")})
    signed_in.goto("/trilha/")

    expect(signed_in.get_by_text("Fibra 600")).to_be_hidden()
    signed_in.get_by_text("Produto: alteração").last.click()
    expect(signed_in.get_by_text("Fibra 600")).to_be_visible()
    assert_fit_for_all(signed_in)
