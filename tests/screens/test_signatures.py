"""Signatures on the screen: what nobody signed stands on every page until it is dealt with."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys import signing_scenario as scenario
from tests.journeys.signing_scenario import Asked
from tests.provider import ATTENDANT, Provider, provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.models import AuditEntry
from vigente.domain.permissions import Role
from vigente.journeys import signing
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db

now = timezone.now  # noqa: TID251  the pages read it too
BANNER = 'class="note risk gap-below alarm"'


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MESSAGES_FOLDER = tmp_path / "messages"


def refused(isp: Provider) -> Asked:
    asked = scenario.ask(isp, now=now())
    signing.refuse(asked.token, reason="Valor errado", visitor=scenario.PHONE, now=now())
    return asked


def expired(isp: Provider) -> Asked:
    asked = scenario.ask(isp, now=now() - timedelta(days=17))
    assert signing.expire_due(isp.branch.pk, now=now()) == 1
    return asked


def shown(client: Client, page: str = "/contratos/") -> str:
    return client.get(page).content.decode()


def person(isp: Provider, role: Role) -> Client:
    user = staff.create_user(
        email=f"{role}@example.com",
        name="Rui",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[role],
    )
    client = Client()
    client.force_login(user)
    return client


def test_a_refusal_stands_on_every_page_with_its_reason(small: Provider, manager: Client) -> None:
    asked = refused(small)

    page = shown(manager)

    assert "Marina Alves não quis assinar" in page
    assert f"(contrato {asked.contract.pk}): Valor errado" in page
    assert '<a href="/assinaturas/">Ver assinaturas</a>' in page


def test_what_is_not_signed_in_time_does_too(small: Provider, manager: Client) -> None:
    expired(small)

    assert "não assinou «Contrato" in shown(manager)


@pytest.mark.parametrize(
    ("role", "is_told"),
    [(Role.ATTENDANT, True), (Role.SELLER, True), (Role.AUDITOR, True), (Role.NETWORK, False)],
)
def test_only_who_may_see_signatures_is_told(small: Provider, role: Role, is_told: bool) -> None:
    refused(small)
    client = person(small, role)

    assert (BANNER in shown(client)) is is_told
    assert client.get("/assinaturas/").status_code == (200 if is_told else 403)


def test_another_branch_is_not_told(small: Provider, manager: Client) -> None:
    asked = refused(provider(code="OUTRA"))

    assert BANNER not in shown(manager)
    assert manager.get(f"/assinaturas/{asked.request.pk}/resolver/").status_code == 404


def test_asking_again_closes_the_alarm(small: Provider, manager: Client) -> None:
    asked = refused(small)

    signing.request_signature(
        asked.document.pk, contact_id=asked.email.pk, site=scenario.SITE, by=ATTENDANT, now=now()
    )

    assert BANNER not in shown(manager)
    assert "Marina Alves" in shown(manager, "/assinaturas/?situacao=aguardando")
    assert "Nada a resolver" in shown(manager, "/assinaturas/")


def test_who_only_looks_does_not_deal_with_it(small: Provider) -> None:
    asked = refused(small)
    auditor = person(small, Role.AUDITOR)

    assert "Resolver" not in shown(auditor, "/assinaturas/")
    answer = auditor.post(f"/assinaturas/{asked.request.pk}/resolver/", {"note": "x"})
    assert answer.status_code == 403


def test_a_request_that_stands_has_nothing_to_be_dealt_with(
    small: Provider, manager: Client
) -> None:
    asked = scenario.ask(small, now=now())

    page = manager.post(f"/assinaturas/{asked.request.pk}/resolver/", {"note": "liguei"})

    assert "não foi recusada nem venceu" in page.content.decode()
    assert not AuditEntry.objects.filter(action="signature alarm closed").exists()


def test_many_are_told_in_few_lines_and_by_pages(small: Provider, manager: Client) -> None:
    for _ in range(4):
        refused(small)

    page = shown(manager)

    assert page.count(BANNER) == 2
    assert "Há mais 2 a resolver." in page


def test_an_alarm_is_read_and_dealt_with(signed_in: Page, isp: Provider) -> None:
    asked = refused(isp)
    scenario.ask(isp, now=now())
    page = signed_in
    page.goto("/contratos/")
    page.get_by_role("link", name="Ver assinaturas").click()
    expect(page.locator("tbody")).to_contain_text("Valor errado")
    assert_fit_for_all(page)
    pictures.take(page, "assinaturas")
    page.get_by_role("link", name="Resolver", exact=True).click()
    expect(page.locator("main")).to_contain_text("Motivo do cliente: Valor errado")
    assert_fit_for_all(page)
    page.get_by_role("button", name="Dar por resolvida").click()
    expect(page.locator("main")).to_contain_text("Informe o que foi feito.")
    page.fill("[name=note]", "Corrigido e combinado por telefone")
    page.get_by_role("button", name="Dar por resolvida").click()

    expect(page.locator("main")).to_contain_text("Nada a resolver")
    assert page.locator(".alarm").count() == 0
    page.get_by_role("link", name="Recusadas").click()
    expect(page.locator("tbody")).to_contain_text("Resolvida por Ana Atendente")
    [entry] = AuditEntry.objects.filter(action="signature alarm closed")
    assert entry.object_id == asked.contract.pk
    assert entry.detail["note"] == "Corrigido e combinado por telefone"
