"""Rubbish in any field of any form is refused in a sentence, and nothing is written.

Every page is opened, and each of its forms is sent with nothing, too much, the wrong kind, another
branch's ids, HTML and SQL: in all fields at once, and in one field of a form otherwise as it was.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from tests.provider import Provider
from tests.screens.every_page import GUARDED, address, administrator, ids_of_own
from tests.screens.forms_of import Form, Sent, forms_of
from tests.screens.other_branch import ids_of_another_branch
from vigente.audit.models import SentForm

pytestmark = pytest.mark.django_db

RUBBISH = (
    "",
    "   ",
    "x" * 20_000,
    "9" * 400,
    "-1",
    "0",
    "1e309",
    "NaN",
    "99999999999999999999",
    "31/02/2026",
    "9999-12-31",
    "0001-01-01",
    "R$ 1.234.567.890.123.456,78",
    "<script>alert(1)</script>",
    "'; DROP TABLE contracts_contract; --",
    "%00",
    "a\0b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202eoãç\u0301",
    "../../etc/passwd",
    "{{ 7|add:7 }}{% now %}",
)
SENT_FORMS = SentForm._meta.db_table
REFUSALS_ARE_IN_THE_TRAIL = ("/conta/confirmar/",)  # a wrong password is recorded
ON_EVERY_PAGE = ("/sair/", "/busca/")
A_FIELD_IS_TRIED_WITH = 1
TECHNICAL = re.compile(r"Traceback|Exception|IntegrityError|DataError|invalid input")


@pytest.fixture
def open_to_all(small: Provider) -> Iterator[tuple[Client, dict[str, int | str]]]:
    user = administrator()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client, ids_of_own(small, user)


def tries(form: Form, strange: list[str]) -> Iterator[Sent]:
    """Return the form with rubbish in all fields at once, then in one after the other."""
    untouched, typed = form.sent(), form.typed()
    for rubbish in (*RUBBISH, *strange):
        yield untouched | dict.fromkeys(typed, rubbish)
    yield {}
    for number, name in enumerate(typed):
        for step in range(A_FIELD_IS_TRIED_WITH):
            rubbish = RUBBISH[(number * A_FIELD_IS_TRIED_WITH + step) % len(RUBBISH)]
            yield untouched | {name: rubbish}
    for name in form.fields.keys() - set(typed):
        yield untouched | {name: "<forjado>"}


def rows() -> list[tuple[str, int]]:
    """Count the rows of every table, to see that nothing was written."""
    own = sorted(m._meta.db_table for m in apps.get_models() if m.__module__.startswith("vigente."))
    counts = (f"SELECT '{table}', count(*) FROM {table}" for table in own if table != SENT_FORMS)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return list(cursor.fetchall())


def different(forms: list[Form]) -> list[Form]:
    """Return one form of each shape: a page with a form for each row tries one."""
    return list({(form.action, *form.kinds.items()): form for form in forms}.values())


@pytest.mark.parametrize("name", GUARDED)
def test_rubbish_is_refused_in_a_sentence(
    open_to_all: tuple[Client, dict[str, int | str]], name: str
) -> None:
    client, ids = open_to_all
    at = address(name, ids)
    page = client.get(at)
    assert page.status_code < 500
    if page.status_code != 200 or "text/html" not in page.headers["Content-Type"]:
        page.close()
        return
    strange = [str(pk) for pk in {*ids_of_another_branch().values()}][:3]
    before = rows()
    for form in different(forms_of(page.content.decode())):
        goes_to = urljoin(at, form.action)
        if form.method == "dialog" or (goes_to in ON_EVERY_PAGE and goes_to != at):
            continue
        for sent in tries(form, strange):
            told = send(client, goes_to, form.method, sent, before)
            assert told is None, (goes_to, sent, told)


def send(
    client: Client, goes_to: str, method: str, sent: Sent, before: list[tuple[str, int]]
) -> str | None:
    """Send a form and take back what it did; return what is wrong with the answer."""
    with transaction.atomic():
        answer = getattr(client, method)(goes_to, sent)
        has_written = method == "post" and rows() != before
        transaction.set_rollback(True)
    text = "" if answer.streaming else answer.content.decode(errors="replace")
    if answer.status_code >= 500:
        return f"status {answer.status_code}: {text[:300]}"
    may_write = answer.status_code in (302, 303) or goes_to in REFUSALS_ARE_IN_THE_TRAIL
    if has_written and not may_write:
        return f"status {answer.status_code}, and yet something was written"
    if technical := TECHNICAL.search(text):
        return f"not a sentence: {technical[0]}"
    return "HTML comes back as it was typed" if "<script>alert(1)" in text else None


def test_the_walk_would_find_an_error_and_what_is_half_written(
    open_to_all: tuple[Client, dict[str, int | str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ids = open_to_all

    def breaks(*_told: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr("vigente.backoffice.search.found.find", breaks)

    told = send(client, "/busca/", "get", {"q": "silva"}, rows())
    assert told is not None
    assert told.startswith("status 500")
    written = send(client, "/busca/", "post", {}, [("staff_branch", 0)])
    assert written == "status 405, and yet something was written"
