"""Issuing a document: seen before, kept for good, taken along by who may see it."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.journeys import signing_scenario as scenario
from tests.provider import Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.documents import ready_made, storage
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.journeys import signing

PREVIEW = "/modelos-de-documento/previa/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path
    settings.MESSAGES_FOLDER = tmp_path / "messages"


def templates() -> dict[str, int]:
    """Make a template of each ready-made text, and return their ids."""
    return {
        one.code: DocumentTemplate.objects.create(
            name=one.name, kind=one.kind.value, body=one.body
        ).pk
        for one in ready_made.ALL
    }


def test_a_document_is_issued_listed_and_taken_along(small: Provider, manager: Client) -> None:
    contract = small.activate()
    address = f"/contratos/{contract.pk}/documentos/emitir/"

    issued = manager.post(address, {"template_id": templates()["contrato"]}, follow=True)

    page = issued.content.decode()
    assert f"«Contrato nº {contract.pk}» foi emitido." in page
    document = IssuedDocument.objects.get()
    assert document.pdf_sha256[:16] in page
    taken = manager.get(f"/contratos/{contract.pk}/documentos/emitidos/{document.pk}/")
    assert storage.digest(b"".join(taken.streaming_content)) == document.pdf_sha256  # type: ignore[attr-defined]
    assert taken["Content-Type"] == "application/pdf"
    assert "attachment" in taken["Content-Disposition"]
    assert taken["Content-Security-Policy"] == "default-src 'none'; sandbox"
    history = manager.get(f"/contratos/{contract.pk}/?aba=historico").content.decode()
    assert "Documento emitido" in history


def test_a_term_says_that_the_assistant_issues_it(small: Provider, manager: Client) -> None:
    contract = small.activate()
    term = templates()["termo"]
    address = f"/contratos/{contract.pk}/documentos/emitir/"

    shown = manager.get(address, {"template_id": term}).content.decode()
    refused = manager.post(address, {"template_id": term})

    assert "Não pode ser emitido daqui: o modelo cita {{ alteracao.data }}" in shown
    assert refused.status_code == 422
    assert "sai pelo assistente de alteração" in refused.content.decode()
    assert not IssuedDocument.objects.exists()


def test_a_file_that_was_changed_is_told_and_not_given_out(
    small: Provider, manager: Client
) -> None:
    contract = small.activate()
    templates()
    manager.post(
        f"/contratos/{contract.pk}/documentos/emitir/",
        {"template_id": DocumentTemplate.objects.get(kind="CONTRACT").pk},
    )
    document = IssuedDocument.objects.get()
    storage.path(document.stored_as).unlink()

    answer = manager.get(f"/contratos/{contract.pk}/documentos/emitidos/{document.pk}/")

    assert answer.status_code == 500
    assert "não é mais o que foi emitido" in answer.content.decode()


def test_a_preview_names_what_is_unknown_and_shows_the_rest(
    small: Provider, manager: Client
) -> None:
    shown = manager.post(
        PREVIEW, {"body": "# Oi\n\n{{ cliente.nome }} {{ nada }} <b>", "kind": "CONTRACT"}
    ).content.decode()

    assert "Variável desconhecida: {{ nada }}" in shown
    assert "<h1>Oi</h1>" in shown
    assert "Marina Alves de Souza <mark>{{ nada }}</mark> &lt;b&gt;" in shown


def test_a_preview_may_be_of_a_contract_of_the_persons_branches(
    small: Provider, manager: Client
) -> None:
    contract = small.activate(customer=small.customer("Bento Lima"))
    told = {"body": "De {{ cliente.nome }}, {{ alteracao.data }}", "kind": "ADDENDUM"}

    shown = manager.post(PREVIEW, {**told, "previa_contrato": contract.pk}).content.decode()
    strange = manager.post(PREVIEW, {**told, "previa_contrato": "999999"}).content.decode()

    assert "De Bento Lima, 13/07/2026" in shown
    assert "não está nas suas filiais" in strange
    assert "Marina Alves de Souza" in strange


def test_a_template_begins_ready_made_and_is_seen_as_one_types(signed_in: Page) -> None:
    signed_in.goto("/modelos-de-documento/novo/")
    signed_in.get_by_role("link", name="Termo de alteração").click()

    expect(signed_in.locator(".paper h1")).to_have_text("Termo aditivo ao contrato nº 1042")
    assert_fit_for_all(signed_in)
    signed_in.locator("[name=body]").fill("## Cláusula\n\n{{ cliente.nme }}")
    expect(signed_in.locator(".paper h2", has_text="Cláusula")).to_be_visible()
    expect(signed_in.locator("#previa").get_by_role("alert")).to_contain_text(
        "Variável desconhecida: {{ cliente.nme }}"
    )
    signed_in.locator("[name=body]").fill("De {{ cliente.nome }}.")
    expect(signed_in.locator("#previa").get_by_role("alert")).to_have_count(0)
    expect(signed_in.locator(".paper")).to_have_text("De Marina Alves de Souza.")
    assert_fit_for_all(signed_in)


def test_a_document_is_issued_in_the_browser(signed_in: Page, isp: Provider) -> None:
    templates()
    contract = isp.activate(customer=isp.customer("Açucena Conceição"))

    signed_in.goto(f"/contratos/{contract.pk}/?aba=documentos")
    assert_fit_for_all(signed_in)
    signed_in.click("text=Emitir documento")
    signed_in.select_option("[name=template_id]", label="Termo de alteração")
    expect(signed_in.locator("#previa").get_by_role("alert")).to_contain_text("assistente")
    signed_in.select_option("[name=template_id]", label="Contrato de adesão")
    expect(signed_in.locator(".paper")).to_contain_text("Açucena Conceição")
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("button", name="Emitir").click()

    expect(signed_in.locator("tbody").first).to_contain_text(f"Contrato nº {contract.pk}")
    assert_fit_for_all(signed_in)
    with signed_in.expect_download() as download:
        signed_in.get_by_role("link", name=f"Contrato nº {contract.pk}").click()
    assert download.value.suggested_filename == f"Contrato nº {contract.pk}.pdf"


def test_a_signature_is_asked_for_taken_back_and_asked_for_again(
    signed_in: Page, isp: Provider
) -> None:
    templates()
    contract = isp.activate(customer=isp.customer("Açucena Conceição"))
    contract.customer.contacts.create(kind="EMAIL", value="acucena@example.com")
    signed_in.goto(f"/contratos/{contract.pk}/documentos/emitir/")
    signed_in.select_option("[name=template_id]", label="Contrato de adesão")
    signed_in.get_by_role("button", name="Emitir").click()

    signed_in.get_by_role("link", name="Pedir assinatura").click()
    expect(signed_in.locator("#previa")).to_contain_text("por e-mail, em acucena@example.com")
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("button", name="Enviar para assinar").click()
    expect(signed_in.locator(".figures")).to_contain_text("Aguardando assinatura")
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("link", name="Cancelar pedido").click()
    signed_in.fill("[name=reason]", "E-mail errado")
    signed_in.get_by_role("button", name="Cancelar pedido").click()

    expect(signed_in.locator("tbody").first).to_contain_text("Pedido cancelado")
    expect(signed_in.locator("tbody").first).to_contain_text("E-mail errado")
    expect(signed_in.get_by_role("link", name="Pedir assinatura")).to_be_visible()


def test_a_signed_document_is_taken_along(small: Provider, manager: Client) -> None:
    asked = scenario.ask(small, now=scenario.NOW)
    signing.send_code(asked.token, contact_id=asked.phone.pk, now=scenario.NOW)
    request = signing.sign(
        asked.token,
        code=scenario.code_in(scenario.deliver()),
        text_sha256=asked.document.text_sha256,
        visitor=scenario.PHONE,
        site=scenario.SITE,
        now=scenario.NOW,
    )
    documents = f"/contratos/{asked.contract.pk}/documentos/emitidos/{asked.document.pk}/"

    tab = manager.get(f"/contratos/{asked.contract.pk}/?aba=documentos").content.decode()
    taken = manager.get(f"{documents}assinado/")
    again = manager.post(f"{documents}assinatura/", {"contact_id": asked.email.pk})

    assert "Assinado</span>" in tab
    assert storage.digest(b"".join(taken.streaming_content)) == request.sealed_sha256  # type: ignore[attr-defined]
    assert "já está assinado" in again.content.decode()
    assert manager.get(f"{documents}assinatura/cancelar/").status_code == 404


def test_a_customer_without_contacts_is_told(small: Provider, manager: Client) -> None:
    contract = small.activate()
    manager.post(
        f"/contratos/{contract.pk}/documentos/emitir/", {"template_id": templates()["contrato"]}
    )
    document = IssuedDocument.objects.get()

    answer = manager.get(f"/contratos/{contract.pk}/documentos/emitidos/{document.pk}/assinatura/")

    assert answer.status_code == 409
    assert "Complete os contatos" in answer.content.decode()
