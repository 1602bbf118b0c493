"""Templates: what they name can be filled in, and those in use stay of their kind."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import Provider
from tests.screens.answers import faults, seen
from tests.screens.test_pages import assert_fit_for_all
from vigente.documents.models import DocumentTemplate

NEW = "/modelos-de-documento/novo/"


def typed(**changes: str) -> dict[str, str]:
    return {
        "name": "Adesão",
        "kind": "CONTRACT",
        "body": "Contrato de {{ cliente.nome }}.",
        "is_active": "on",
        **changes,
    }


def test_an_unknown_variable_is_refused_with_those_there_are(
    small: Provider, manager: Client
) -> None:
    refused = manager.post(NEW, typed(body="De {{ cliente.nme }} e {{ outro }}."))

    sentence = faults(refused.content.decode())["body"]
    assert "Variável desconhecida: {{ cliente.nme }}, {{ outro }}." in sentence
    assert "{{ cliente.nome }}, {{ cliente.documento }}" in sentence
    assert "{{ cliente.nme }}" in refused.content.decode()
    assert not DocumentTemplate.objects.exists()


@pytest.mark.parametrize("body", ["De {{ cliente.nome }.", "De {{ cliente.nome", "fim }}"])
def test_braces_left_open_are_refused(small: Provider, manager: Client, body: str) -> None:
    refused = manager.post(NEW, typed(body=body))

    assert "Há chaves sem par" in faults(refused.content.decode())["body"]


def test_what_an_alteration_tells_is_only_for_addenda(small: Provider, manager: Client) -> None:
    body = "A partir de {{ alteracao.data }}."

    refused = manager.post(NEW, typed(body=body))
    kept = manager.post(NEW, typed(body=body, kind="ADDENDUM"))

    assert "{{ alteracao.data }}" in faults(refused.content.decode())["body"]
    assert kept.status_code == 302


def test_a_template_in_use_stays_of_its_kind(small: Provider, manager: Client) -> None:
    manager.post(NEW, typed())
    template = DocumentTemplate.objects.get()
    small.plan(template=template)
    address = f"/modelos-de-documento/{template.pk}/"

    refused = manager.post(address, {**typed(kind="ADDENDUM"), "visto": seen(manager, address)})

    assert "o tipo dele não muda" in faults(refused.content.decode())["kind"]
    template.refresh_from_db()
    assert template.kind == "CONTRACT"


def test_an_inactive_template_is_offered_to_no_plan(small: Provider, manager: Client) -> None:
    manager.post(NEW, typed())
    offered = manager.get("/planos/novo/").content.decode()
    DocumentTemplate.objects.update(is_active=False)

    assert "Adesão</option>" in offered
    assert "Adesão</option>" not in manager.get("/planos/novo/").content.decode()


def test_a_browsers_line_ends_change_nothing(signed_in: Page, isp: Provider) -> None:
    """What a browser sends back, unchanged, writes nothing and is in no trail."""
    template = DocumentTemplate.objects.create(
        name="Adesão", kind="CONTRACT", body="Contrato\n\nde {{ cliente.nome }}."
    )

    signed_in.goto(f"/modelos-de-documento/{template.pk}/")
    assert_fit_for_all(signed_in)
    signed_in.get_by_text("Em todos os modelos").click()
    expect(signed_in.get_by_text("CPF ou CNPJ do cliente")).to_be_visible()
    assert_fit_for_all(signed_in)
    signed_in.keyboard.press("Control+s")

    expect(signed_in.get_by_text("«Adesão» foi salvo.")).to_be_visible()
    template.refresh_from_db()
    assert template.body == "Contrato\n\nde {{ cliente.nome }}."
