"""A customer reads and signs on a phone, by a link; every useless link says the way out."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.journeys import signing_scenario as scenario
from tests.journeys.signing_scenario import Asked, code_in, deliver, wrong
from tests.provider import ATTENDANT, Provider, provider
from tests.screens.conftest import REFUSED
from tests.screens.test_pages import assert_fit_for_all
from vigente.documents import storage
from vigente.documents.models import SignatureRequest
from vigente.domain.signature import COPY_LASTS
from vigente.journeys import signing

now = timezone.now  # noqa: TID251  the pages read it too


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MESSAGES_FOLDER = tmp_path / "messages"


@pytest.fixture
def asked(isp: Provider) -> Asked:
    return scenario.ask(isp, now=now())


@pytest.fixture
def phone(browser: Browser, live_server) -> Iterator[Page]:  # noqa: ANN001
    """Return a page of a phone; a complaint in its console fails the test."""
    context = browser.new_context(
        viewport={"width": 400, "height": 800},
        base_url=live_server.url,
        locale="pt-BR",
        user_agent="Mozilla/5.0 (Linux; Android 15) Telefone",
    )
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not re.search(
            rf"{REFUSED.pattern}|410", message.text
        ):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def ask_for_code(phone: Page) -> str:
    phone.get_by_role("button", name="Enviar código").click()
    expect(phone.get_by_role("status")).to_contain_text("Código enviado para")
    return code_in(deliver(now=now()))


def type_code(phone: Page, code: str) -> None:
    phone.fill("[name=codigo]", code)
    phone.check("[name=aceito]")
    phone.get_by_role("button", name="Assinar").click()


def test_a_document_is_read_signed_and_taken_along(phone: Page, asked: Asked) -> None:
    phone.goto(f"/assinar/{asked.token}/")
    expect(phone.locator(".paper")).to_contain_text("Marina Alves")
    assert_fit_for_all(phone)
    expect(phone.locator("[name=contato]:checked + *, label:has(:checked)").first).to_contain_text(
        "SMS (31) •••••-4321"
    )
    code = ask_for_code(phone)
    assert_fit_for_all(phone)
    type_code(phone, code)

    expect(phone.locator("h1")).to_have_text("Documento assinado")
    assert_fit_for_all(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Baixar a via assinada").click()
    request = SignatureRequest.objects.get()
    taken = Path(download.value.path()).read_bytes()
    assert storage.digest(taken) == request.sealed_sha256
    assert (request.status, request.ip) == ("SIGNED", "127.0.0.1")
    assert "Telefone" in request.agent


def test_a_link_used_twice_leads_to_the_signed_copy(phone: Page, asked: Asked) -> None:
    """In another tab that was open before, too."""
    phone.goto(f"/assinar/{asked.token}/")
    code = ask_for_code(phone)
    other = phone.context.new_page()
    other.goto(f"/assinar/{asked.token}/")
    type_code(phone, code)
    expect(phone.locator("h1")).to_have_text("Documento assinado")

    type_code(other, code)

    expect(other.locator("h1")).to_have_text("Documento assinado")
    other.goto(f"/assinar/{asked.token}/recusar/")
    expect(other.locator("h1")).to_have_text("Documento assinado")
    assert SignatureRequest.objects.get().status == "SIGNED"


def test_wrong_codes_are_told_and_too_many_end_the_code(phone: Page, asked: Asked) -> None:
    phone.goto(f"/assinar/{asked.token}/")
    code = ask_for_code(phone)
    type_code(phone, wrong(code))
    expect(phone.get_by_role("alert")).to_contain_text("ainda há 4 tentativas")
    assert_fit_for_all(phone)
    for _ in range(4):
        type_code(phone, wrong(code))

    expect(phone.get_by_role("alert")).to_contain_text("códigos errados demais. Peça outro código")
    type_code(phone, code)
    expect(phone.get_by_role("alert")).to_contain_text("códigos errados demais")
    assert SignatureRequest.objects.get().status == "PENDING"


def test_what_is_missing_is_told(phone: Page, asked: Asked) -> None:
    phone.goto(f"/assinar/{asked.token}/")
    phone.get_by_role("button", name="Assinar").click()
    expect(phone.get_by_role("alert")).to_contain_text("Marque que leu")

    type_code(phone, "123456")
    expect(phone.get_by_role("alert")).to_contain_text("Peça primeiro o código")


def test_a_customer_refuses_and_says_why(phone: Page, asked: Asked) -> None:
    phone.goto(f"/assinar/{asked.token}/")
    phone.get_by_role("link", name="Não concordo").click()
    assert_fit_for_all(phone)
    phone.get_by_role("button", name="Não assinar").click()
    expect(phone.get_by_role("alert")).to_contain_text("Diga por que")
    phone.fill("[name=motivo]", "O valor combinado era outro.")
    phone.get_by_role("button", name="Não assinar").click()

    expect(phone.locator("h1")).to_have_text("Você não assinou este documento")
    assert_fit_for_all(phone)
    assert SignatureRequest.objects.get().reason == "O valor combinado era outro."


def test_a_link_out_of_time_says_so(phone: Page, isp: Provider) -> None:
    asked = scenario.ask(isp, now=now() - timedelta(days=17))

    phone.goto(f"/assinar/{asked.token}/")

    expect(phone.locator("h1")).to_have_text("O prazo para assinar terminou")
    assert_fit_for_all(phone)


@pytest.fixture
def here(db: None) -> Asked:
    cache.clear()
    return scenario.ask(provider(), now=now())


def test_a_strange_link_says_the_way_out(client: Client, here: Asked) -> None:
    for address in ("x", here.token[:-1], here.request.token_sha256):
        answer = client.get(f"/assinar/{address}/")

        assert answer.status_code == 404
        assert "peça ao provedor que envie outro" in answer.content.decode()


@pytest.mark.parametrize("page", ["", "codigo/", "recusar/", "documento/", "via/"])
def test_no_page_of_a_strange_link_shows_anything(client: Client, here: Asked, page: str) -> None:
    for answer in (client.get(f"/assinar/x/{page}"), client.post(f"/assinar/x/{page}")):
        assert answer.status_code in (404, 405)
        assert "Marina" not in answer.content.decode()


def test_a_cancelled_request_says_so(client: Client, here: Asked) -> None:
    signing.cancel(here.request.pk, reason="E-mail errado", by=ATTENDANT, now=now())

    answer = client.get(f"/assinar/{here.token}/")

    assert answer.status_code == 410
    assert "cancelou este pedido" in answer.content.decode()


def test_the_copy_is_given_out_for_thirty_days(client: Client, here: Asked) -> None:
    begun = now() - COPY_LASTS
    signing.send_code(here.token, contact_id=here.phone.pk, now=begun)
    signing.sign(
        here.token,
        code=code_in(deliver(now=begun)),
        text_sha256=here.document.text_sha256,
        visitor=scenario.PHONE,
        site=scenario.SITE,
        now=begun,
    )

    answers = [client.get(f"/assinar/{here.token}/{page}") for page in ("", "via/")]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "Peça uma cópia ao provedor" in answers[0].content.decode()


def test_the_document_is_taken_along_unsigned(client: Client, here: Asked) -> None:
    answer = client.get(f"/assinar/{here.token}/documento/")

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert storage.digest(content) == here.document.pdf_sha256
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_nothing_is_kept_by_browsers_or_told_to_others(client: Client, here: Asked) -> None:
    answer = client.get(f"/assinar/{here.token}/")

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "marina@example.com" not in answer.content.decode()
    assert "31987654321" not in answer.content.decode()


def test_who_tries_too_often_is_told_to_wait(client: Client, here: Asked) -> None:
    answers = [client.post(f"/assinar/{here.token}/codigo/", {"contato": "0"}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Espere cinco minutos" in answers[-1].content.decode()


@pytest.mark.parametrize(
    "rubbish", ["", "x" * 5000, "9" * 400, "<script>alert(1)</script>", "a\0b"]
)
def test_rubbish_is_refused_in_a_sentence(client: Client, here: Asked, rubbish: str) -> None:
    signed = {"codigo": rubbish, "aceito": "sim", "texto": here.document.text_sha256}
    answers = [
        client.post(f"/assinar/{here.token}/", {**signed, "texto": rubbish}),
        client.post(f"/assinar/{here.token}/", signed),
        client.post(f"/assinar/{here.token}/codigo/", {"contato": rubbish}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("<script>alert" not in answer.content.decode() for answer in answers)


def test_a_file_that_is_gone_is_told_and_nothing_is_signed(client: Client, here: Asked) -> None:
    signing.send_code(here.token, contact_id=here.phone.pk, now=now())
    code = code_in(deliver(now=now()))
    storage.path(here.document.stored_as).unlink()

    answer = client.post(
        f"/assinar/{here.token}/",
        {"codigo": code, "aceito": "sim", "texto": here.document.text_sha256},
    )

    assert answer.status_code == 503
    assert "nada foi gravado" in answer.content.decode()
    assert client.get(f"/assinar/{here.token}/documento/").status_code == 503
    assert SignatureRequest.objects.get().status == "PENDING"
