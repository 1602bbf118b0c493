"""An alteration that the customer signs on a phone: the new access waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.journeys import signing_scenario as scenario
from tests.journeys.altering import ON, choose, the_manuals
from tests.provider import Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.catalog.models import Product
from vigente.documents.models import DocumentTemplate, SignatureRequest
from vigente.domain.codes import DifferencePolicy
from vigente.outbox import delivery
from vigente.worker.handlers import HANDLERS

now = timezone.now  # noqa: TID251  the pages read it too


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MESSAGES_FOLDER = tmp_path / "messages"
    settings.SEAL_FOLDER = str(tmp_path / "seal")


@pytest.fixture
def phone(browser: Browser, live_server) -> Iterator[Page]:  # noqa: ANN001
    context = browser.new_context(
        viewport={"width": 400, "height": 800}, base_url=live_server.url, locale="pt-BR"
    )
    yield context.new_page()
    context.close()


def message_with(words: str) -> str:
    """Deliver what waits, and return the newest message that says this."""
    delivery.deliver_due(now=now(), handlers=HANDLERS)
    return [one.text for one in scenario.sent() if words in one.text][-1]


def link_and_code(text: str) -> str:
    return text[text.index("/assinar/") :].split(maxsplit=1)[0]


@pytest.mark.parametrize("width", [1440])
def test_the_new_access_waits_until_the_customer_signs_on_a_phone(
    signed_in: Page, isp: Provider, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: ON)
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    Product.objects.filter(pk=isp.internet.pk).update(download_kbps=300_000)
    contract = the_manuals(isp, 4990)
    contract.customer.contacts.create(kind="EMAIL", value="marina@example.com")
    faster = isp.plan(price_cents=8990)
    faster.items.update(
        product=Product.objects.create(
            code="INT600", name="600", kind="INTERNET", tax_class="SCM", download_kbps=600_000
        )
    )
    template = DocumentTemplate.objects.create(
        name="Contrato de adesão", kind="CONTRACT", body="De **{{ cliente.nome }}**."
    )
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/alteracao/")
    page.select_option("#id_template_id", str(template.pk))
    page.select_option("#id_signature", "DIGITAL")
    page.get_by_role("button", name="Continuar").click()
    page.select_option("#id_plan_id", str(faster.pk))
    expect(page.locator("#tipo")).to_contain_text("UP")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("main")).to_contain_text("assin")
    page.get_by_role("button", name="Concluir").click()

    expect(page.locator("main")).to_contain_text("Aguardando a assinatura do cliente")
    assert_fit_for_all(page)
    page.goto(f"/contratos/{contract.pk}/")
    access = page.locator(".figures div", has_text="Acesso")
    expect(access).to_contain_text("Aguardando assinatura")
    expect(access).to_contain_text("300 Mb/s")
    page.goto("/assinaturas/?situacao=aguardando")
    expect(page.locator("tbody")).to_contain_text("Marina Alves")

    phone.goto(link_and_code(message_with("/assinar/")))
    expect(phone.locator(".paper")).to_contain_text("Marina Alves")
    assert_fit_for_all(phone)
    phone.get_by_role("button", name="Enviar código").click()
    expect(phone.get_by_role("status")).to_contain_text("Código enviado para")
    delivery.deliver_due(now=now(), handlers=HANDLERS)
    phone.fill("[name=codigo]", scenario.code_in(scenario.newest_code()))
    phone.check("[name=aceito]")
    phone.get_by_role("button", name="Assinar").click()
    expect(phone.locator("h1")).to_have_text("Documento assinado")

    assert SignatureRequest.objects.get().status == "SIGNED"
    page.goto(f"/contratos/{contract.pk}/")
    expect(access).to_contain_text("600 Mb/s")
    expect(access).not_to_contain_text("Aguardando assinatura")
    done = contract.alterations.get()
    page.goto(f"/alteracoes/{done.pk}/")
    expect(page.locator("main")).not_to_contain_text("Aguardando a assinatura")
    phone.goto(link_and_code(message_with("/assinar/")))
    expect(phone.locator("h1")).to_have_text("Documento assinado")
