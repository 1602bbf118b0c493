"""Anotações: signed and dated, never changed, shown as they were typed."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.test_payment_promises import refused_by
from tests.provider import ATTENDANT, NOW, Provider
from tests.screens.answers import faults
from tests.screens.test_pages import assert_fit_for_all
from tests.screens.test_permissions import person
from tests.screens.test_registers import opened
from vigente.audit.models import AuditEntry
from vigente.contracts.models import Contract, ContractNote
from vigente.domain.permissions import Role
from vigente.journeys import notes
from vigente.journeys.notes import NoteRefused

pytestmark = pytest.mark.django_db


def at(contract: Contract) -> str:
    return f"/contratos/{contract.pk}/anotacoes/nova/"


def tab(client: Client, contract: Contract) -> str:
    return client.get(f"/contratos/{contract.pk}/?aba=anotacoes").content.decode()


def test_a_note_is_signed_dated_and_in_the_trail(small: Provider, manager: Client) -> None:
    contract = small.activate()

    manager.post(at(contract), {"text": "Portão azul.\nLigar antes."})

    note = ContractNote.objects.get()
    assert (note.text, note.by_name) == ("Portão azul.\nLigar antes.", "Ana Gerente")
    shown = tab(manager, contract)
    assert "Ana Gerente" in shown
    assert "Portão azul.<br>Ligar antes." in shown
    assert AuditEntry.objects.filter(action="contract noted", object_id=contract.pk).count() == 1
    history = manager.get(f"/contratos/{contract.pk}/?aba=historico").content.decode()
    assert "Ligar antes" not in history


def test_html_that_was_typed_is_shown_and_not_run(small: Provider, manager: Client) -> None:
    contract = small.activate()

    manager.post(at(contract), {"text": "<script>alert(1)</script> <b>oi</b>"})

    shown = tab(manager, contract)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;oi&lt;/b&gt;" in shown
    assert "<script>alert(1)" not in shown


def test_the_newest_comes_first_and_an_ended_contract_is_noted_too(
    small: Provider, manager: Client
) -> None:
    contract = small.activate()
    manager.post(at(contract), {"text": "primeira"})
    Contract.objects.filter(pk=contract.pk).update(status="INACTIVE", ends_on="2026-02-01")
    manager.post(at(contract), {"text": "segunda"})

    shown = tab(manager, contract)

    assert shown.index("segunda") < shown.index("primeira")
    assert "Anotações<span>2</span>" in shown


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\0b"])
def test_a_note_that_says_nothing_or_too_much_is_refused(
    small: Provider, manager: Client, text: str
) -> None:
    contract = small.activate()

    answer = manager.post(at(contract), {"text": text})

    assert answer.status_code == 422
    assert "text" in faults(answer.content.decode())
    assert not ContractNote.objects.exists()
    with pytest.raises(NoteRefused):
        notes.add(contract, "" if len(text) < 4001 else text, by=ATTENDANT, now=NOW)


def test_the_same_form_twice_notes_it_once(small: Provider, manager: Client) -> None:
    contract = small.activate()
    typed = opened(manager, at(contract)) | {"text": "uma vez"}

    manager.post(at(contract), typed)
    manager.post(at(contract), typed)

    assert ContractNote.objects.count() == 1


def test_a_note_is_never_changed_nor_empty(small: Provider) -> None:
    contract = small.activate()
    notes.add(contract, "fica assim", by=ATTENDANT, now=NOW)

    with refused_by("contract_notes_never_change"):
        ContractNote.objects.update(text="outra coisa")
    with refused_by("contract_notes_never_change"):
        ContractNote.objects.all().delete()
    with refused_by("contract_note_says_something"):
        ContractNote.objects.create(contract=contract, at=NOW, by_name="Ana", text=" \n")


def test_an_auditor_reads_and_notes_nothing(small: Provider) -> None:
    contract = small.activate()
    notes.add(contract, "Portão azul.", by=ATTENDANT, now=NOW)
    client = person(small, Role.AUDITOR)

    shown = tab(client, contract)

    assert "Portão azul." in shown
    assert "Nova anotação" not in shown
    assert client.post(at(contract), {"text": "x"}).status_code == 403


def test_a_note_is_made_in_the_browser(signed_in: Page, isp: Provider) -> None:
    contract = isp.activate()
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/?aba=anotacoes")
    assert_fit_for_all(page)
    page.get_by_role("link", name="Nova anotação").click()
    expect(page.locator("#previa")).to_contain_text("não pode ser alterada nem apagada")
    assert_fit_for_all(page)
    page.get_by_label("Anotação").fill("Portão azul")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Anotação gravada.")

    expect(page.get_by_text("Portão azul")).to_be_visible()
    assert_fit_for_all(page)
