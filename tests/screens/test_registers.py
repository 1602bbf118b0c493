"""Every register: kept once, never overwritten unseen, in the trail, refused in a sentence."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.imports.spreadsheets import CONTEXT
from tests.provider import Provider, provider
from tests.screens.registers import TRIALS
from vigente.audit.models import AuditEntry
from vigente.backoffice.registers.all_pages import PAGES
from vigente.backoffice.registers.page import RegisterPage
from vigente.domain.permissions import Role
from vigente.imports import actions as imports
from vigente.imports.all_sheets import SHEETS
from vigente.staff import actions as staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address),
]
RUBBISH = (
    "",
    " ",
    "x" * 5000,
    "\x00",
    "-1",
    "999999999999999999999",
    "1,2,3",
    "31/02/2026",
    "<script>alert(1)</script>",
    "'; DROP TABLE staff_branch; --",
    "=HYPERLINK(1)",
    "𝕬 não é número",
)


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def client(isp: Provider) -> Client:
    user = staff.create_user(
        email="ana@example.com",
        name="Ana Gerente",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.MANAGER],
        administrator=True,
    )
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, address: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    html = client.get(address).content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {**dict(found), **managed(html)}


def managed(html: str) -> dict[str, str]:
    """Return the counters of the lists inside a form."""
    tags = re.findall(r"<input[^>]*_FORMS[^>]*>", html)
    return {
        re.search(r'name="([^"]+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
        for tag in tags
    }


def new(client: Client, page: RegisterPage, isp: Provider, **changes: str) -> dict[str, str]:
    """Return a good form of a page, opened and filled."""
    hidden = opened(client, f"/{page.address}/novo/")
    return {**hidden, **TRIALS[page.address].good(isp), **changes}


def form_of(page: RegisterPage) -> str:
    """Return the address of the form of the newest row."""
    return reverse(f"{page.address}-edit", args=[the_row(page).pk])


def saved_at(page: RegisterPage) -> str:
    """Return where saving the newest row leads."""
    return page.goes_to(the_row(page)) if page.goes_to else f"/{page.address}/"


def the_row(page: RegisterPage):  # noqa: ANN201
    return page.register.model._default_manager.order_by("-pk").first()


def test_a_new_row_is_kept_and_shown(client: Client, isp: Provider, page: RegisterPage) -> None:
    answer = client.post(f"/{page.address}/novo/", new(client, page, isp), follow=True)

    assert answer.redirect_chain == [(saved_at(page), 302)], answer.content.decode()[-6000:]
    assert "foi salvo" in answer.content.decode()
    assert AuditEntry.objects.filter(action=f"{page.register.kind} created").count() == 1


def test_a_second_click_does_nothing_twice(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    typed = new(client, page, isp)

    client.post(f"/{page.address}/novo/", typed)
    again = client.post(f"/{page.address}/novo/", typed)

    assert (again.status_code, again["Location"]) == (302, saved_at(page))
    assert AuditEntry.objects.filter(action=f"{page.register.kind} created").count() == 1


def test_a_form_sent_as_it_opened_changes_nothing(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    """What a form shows is what it writes back: no field is lost or bent on the way."""
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    row = the_row(page)
    before = page.register.facts(row)
    address = form_of(page)

    answer = client.post(address, as_shown(client, address))
    row.refresh_from_db()

    assert answer.status_code == 302, answer.content.decode()[-6000:]
    assert page.register.facts(row) == before
    assert not AuditEntry.objects.filter(action=f"{page.register.kind} changed").exists()


def as_shown(client: Client, address: str) -> dict[str, str]:
    """Return every field of a form as the browser would send it back."""
    context = client.get(address).context
    asked = context["asked"]
    typed = opened(client, address)
    forms = [asked.form, *(line for formset in asked.lines.values() for line in formset)]
    for form in forms:
        for bound in form:
            value = bound.value()
            if bound.widget_type == "checkbox":
                typed |= {bound.html_name: "on"} if value else {}
            elif isinstance(value, list):
                typed[bound.html_name] = value
            else:
                shown = bound.field.prepare_value(value)
                typed[bound.html_name] = "" if shown is None else str(shown)
    return typed


def test_a_change_is_in_the_trail(client: Client, isp: Provider, page: RegisterPage) -> None:
    trial = TRIALS[page.address]
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    address = form_of(page)

    client.post(address, {**as_shown(client, address), trial.field: trial.changed})

    entry = AuditEntry.objects.get(action=f"{page.register.kind} changed")
    assert entry.fields == [trial.field]
    assert "alterou" in client.get(address).content.decode()


def test_the_later_of_two_people_is_told_and_shown_the_difference(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    trial = TRIALS[page.address]
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    address = form_of(page)
    first, second = as_shown(client, address), as_shown(client, address)

    client.post(address, {**first, trial.field: trial.changed})
    late = client.post(address, second)
    insisting = client.post(address, {**second, **hidden_of(late.content.decode())})

    assert late.status_code == 422
    assert "Outra pessoa alterou" in late.content.decode()
    assert trial.changed in late.content.decode()
    assert insisting.status_code == 302


def hidden_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(visto|envio)" value="([^"]*)"', html))


@pytest.mark.parametrize("rubbish", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_refused_in_a_sentence_and_nothing_is_written(
    client: Client, isp: Provider, page: RegisterPage, rubbish: str
) -> None:
    good = new(client, page, isp)
    before = page.register.model._default_manager.count()

    for name in TRIALS[page.address].good(isp):
        answer = client.post(f"/{page.address}/novo/", {**good, name: rubbish})
        shown = answer.content.decode()
        if answer.status_code == 422:
            assert 'role="alert"' in shown
            assert "<script>alert" not in shown
        else:
            assert answer.status_code == 302
            page.register.model._default_manager.filter(pk=the_row(page).pk).update()
            good = new(client, page, isp)
            before += 1
            break
    assert page.register.model._default_manager.count() == before


def test_an_empty_form_names_what_is_missing(client: Client, page: RegisterPage) -> None:
    answer = client.post(f"/{page.address}/novo/", opened(client, f"/{page.address}/novo/"))

    assert answer.status_code == 422
    assert "Informe " in answer.content.decode()


def test_what_is_forged_as_seen_never_overwrites(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    address = form_of(page)

    answer = client.post(address, {**as_shown(client, address), "visto": "forjado"})

    assert answer.status_code == 422


def test_the_list_finds_and_what_it_shows_is_taken_along(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    client.post(f"/{page.address}/novo/", new(client, page, isp))

    shown = client.get(f"/{page.address}/?q=zzzzzz").content.decode()
    narrowed = client.get(f"/{page.address}/exportar/csv/?q=zzzzzz")
    every = client.get(f"/{page.address}/exportar/csv/")

    assert "Nada neste filtro" in shown
    assert every.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(every.content.decode("utf-8-sig")), delimiter=";"))
    assert rows
    assert None not in rows[0]
    assert len(narrowed.content.decode().splitlines()) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_taken_along_comes_back_in_and_changes_nothing(
    client: Client, isp: Provider, page: RegisterPage, kind: str, tmp_path: Path
) -> None:
    if not page.sheet:
        return
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    model = page.register.model._default_manager
    before = [page.register.facts(row) for row in model.order_by("pk")]
    file = tmp_path / f"exportado.{kind}"
    file.write_bytes(client.get(f"/{page.address}/exportar/{kind}/?visao=todos").content)

    report = imports.import_file(SHEETS[page.sheet], file, context=CONTEXT)

    assert report.problems == []
    assert (report.unchanged, report.written, report.unknown_columns) == (report.rows, 0, ())
    assert report.rows >= len(before)
    assert [page.register.facts(row) for row in model.order_by("pk")] == before


def test_a_person_who_may_only_look_changes_nothing(
    client: Client, isp: Provider, page: RegisterPage
) -> None:
    client.post(f"/{page.address}/novo/", new(client, page, isp))
    auditor = staff.create_user(
        email="olga@example.com",
        name="Olga",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[Role.AUDITOR],
    )
    looking = Client()
    looking.force_login(auditor)

    shown = looking.get(form_of(page))
    refused = looking.post(form_of(page), {})

    assert shown.status_code in (200, 403, 404)
    assert "Salvar" not in shown.content.decode()
    assert refused.status_code == 403
    assert looking.get(f"/{page.address}/novo/").status_code == 403
