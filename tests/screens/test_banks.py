"""Wallets with a bank on the screen: account, remittance, return file and what waits."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from tests import banking
from tests.apps.money import cancel
from tests.provider import Provider, provider
from tests.screens import pictures
from tests.screens.test_pages import assert_fit_for_all
from vigente.billing.models import Receivable
from vigente.customers.models import Customer
from vigente.domain.permissions import Role
from vigente.gateways.boleto.fake import Told
from vigente.journeys import boletos
from vigente.payments import credit
from vigente.payments.bank_models import BankAccount, Boleto, ReturnFile, ReturnRecord
from vigente.payments.models import Receipt
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "bank": "341",
    "agency": "1234",
    "number": "56789",
    "digit": "0",
    "carteira": "109",
    "code": "",
    "extra": "",
    "holder_name": "Serra Clara Telecom",
    "holder_tax_id": "11.222.333/0001-81",
    "next_number": "1",
    "next_remittance": "1",
}


@pytest.fixture
def small() -> Provider:
    return provider()


@pytest.fixture
def client(small: Provider) -> Client:
    user = staff.create_user(
        email="fabio@example.com",
        name="Fábio",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.MANAGER],
    )
    client = Client()
    client.force_login(user)
    return client


def soon(isp: Provider) -> Receivable:
    return banking.owed(isp, due_on=in_days(5))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)  # noqa: TID251  the pages read it too


def make_remittance(client: Client, account: BankAccount) -> HttpResponse:
    return client.post(
        "/remessas/", {"account_id": str(account.pk), "due_until": in_days(30).isoformat()}
    )


def upload(client: Client, account: BankAccount, content: bytes) -> HttpResponse:
    return client.post(
        "/retornos/",
        {"account_id": str(account.pk), "file": SimpleUploadedFile("CB01.RET", content)},
    )


def test_a_wallet_gets_its_bank_and_no_account_that_makes_no_boleto(
    small: Provider, client: Client
) -> None:
    address = f"/carteiras/{small.wallet.pk}/banco/"

    refused = client.post(address, {**ACCOUNT, "carteira": "999"})
    kept = client.post(address, ACCOUNT)

    assert (refused.status_code, "use uma de 109" in refused.content.decode()) == (422, True)
    assert kept.status_code == 302
    assert small.wallet.bank_account.holder_tax_id == "11222333000181"


def test_the_account_of_issued_boletos_stays(small: Provider, client: Client) -> None:
    client.post(f"/carteiras/{small.wallet.pk}/banco/", ACCOUNT)
    soon(small)
    make_remittance(client, small.wallet.bank_account)

    moved = client.post(
        f"/carteiras/{small.wallet.pk}/banco/", {**ACCOUNT, "number": "11111", "next_number": "9"}
    )
    back = client.post(f"/carteiras/{small.wallet.pk}/banco/", ACCOUNT)

    assert "crie outra carteira" in moved.content.decode()
    assert "só podem avançar" in back.content.decode()


def test_a_remittance_is_made_and_taken_as_it_was(small: Provider, client: Client) -> None:
    account = banking.bank_account(small)
    receivable = soon(small)

    nothing = client.post("/remessas/", {"account_id": str(account.pk), "due_until": "2020-01-01"})
    make_remittance(client, account)

    assert "Não há nada para enviar" in nothing.content.decode()
    remittance = account.remittances.get()
    file = client.get(f"/remessas/{remittance.pk}/arquivo/")
    assert file.content == bytes(remittance.content)
    assert f'filename="CB341-{1:06}.REM"' in file["Content-Disposition"]
    shown = client.get(f"/contas-a-receber/{receivable.pk}/").content.decode()
    assert Boleto.objects.get().line in shown
    assert "Enviado ao banco" in shown


def test_a_boleto_is_issued_and_printed(small: Provider, client: Client) -> None:
    banking.bank_account(small)
    receivable = soon(small)
    address = f"/contas-a-receber/{receivable.pk}/boleto/"
    assert client.get(f"{address}imprimir/").status_code == 404

    client.post(address, {})
    again = client.post(address, {})

    assert "já tem um boleto" in again.content.decode()
    for printed in (f"{address}imprimir/", f"/clientes/{receivable.customer_id}/carne/"):
        assert client.get(printed).content.startswith(b"%PDF")


def test_what_is_not_owed_any_more_is_not_printed(small: Provider, client: Client) -> None:
    banking.bank_account(small)
    receivable = soon(small)
    address = f"/contas-a-receber/{receivable.pk}/boleto/"
    client.post(address, {})
    cancel(receivable)

    for printed in (f"{address}imprimir/", f"/clientes/{receivable.customer_id}/carne/"):
        assert client.get(printed).status_code == 404


def test_a_payer_whom_the_bank_refuses_is_told_instead_of_printed(
    small: Provider, client: Client
) -> None:
    banking.bank_account(small)
    receivable = soon(small)
    client.post(f"/contas-a-receber/{receivable.pk}/boleto/", {})
    Customer.objects.filter(pk=receivable.customer_id).update(tax_id="11111111111")

    sent = client.get(f"/contas-a-receber/{receivable.pk}/boleto/imprimir/", follow=True)

    assert "inválido (CPF/CNPJ)" in sent.content.decode()


def test_a_return_is_read_and_told(small: Provider, client: Client) -> None:
    account = banking.bank_account(small)
    soon(small)
    make_remittance(client, account)
    content = banking.content(account, [banking.tell(Boleto.objects.get())])

    sent = upload(client, account, content)
    banking.carry_on(ReturnFile.objects.get())
    again = upload(client, account, content)

    assert "Recebido" in client.get(sent["Location"]).content.decode()
    assert Receipt.objects.get().amount_cents == 9000
    assert (again.status_code, "já foi recebido" in again.content.decode()) == (422, True)


def test_broken_lines_are_told_by_number_and_the_rest_is_read_if_asked(
    small: Provider, client: Client
) -> None:
    account = banking.bank_account(small)
    soon(small)
    make_remittance(client, account)
    lines = banking.content(account, [banking.tell(Boleto.objects.get())]).split(b"\r\n")
    sent = upload(client, account, b"\r\n".join([lines[0], b"1 rasgada", *lines[1:]]))
    banking.carry_on(ReturnFile.objects.get())

    shown = client.get(sent["Location"]).content.decode()
    assert 'Linha <span class="code">2</span>' in shown
    assert "Ler o resto" in shown
    assert not Receipt.objects.exists()
    client.post(f"{sent['Location']}ler-o-resto/")
    banking.carry_on(ReturnFile.objects.get())

    assert Receipt.objects.count() == 1


def test_a_payment_that_waits_is_resolved_on_the_screen(small: Provider, client: Client) -> None:
    account = banking.bank_account(small)
    owner = soon(small).customer
    told = [
        Told(number=number, code="06", on=banking.TODAY, title_cents=100, paid_cents=100)
        for number in ("77777777", "88888888")
    ]
    banking.read(account, told)
    first, second = ReturnRecord.objects.order_by("pk")
    assert "Pagamentos a resolver" in client.get("/retornos/").content.decode()

    nobody = client.post(f"/retornos/pagamentos/{first.pk}/credito/", {"tax_id": "1"})
    client.post(f"/retornos/pagamentos/{first.pk}/credito/", {"tax_id": owner.tax_id})
    why_not = client.post(f"/retornos/pagamentos/{second.pk}/dispensar/", {"reason": ""})
    client.post(f"/retornos/pagamentos/{second.pk}/dispensar/", {"reason": "tarifa"})

    assert "Não há cliente" in nobody.content.decode()
    assert why_not.status_code == 422
    assert credit.balances([owner.pk]) == {owner.pk: 100}
    assert "Pagamentos a resolver" not in client.get("/retornos/").content.decode()


def test_the_pages_of_banks_are_fit_for_all(
    django_db_reset_sequences: None,
    first_day: None,
    signed_in: Page,
    isp: Provider,
    tmp_path: Path,
) -> None:
    page = signed_in
    account = banking.bank_account(isp)
    receivable = soon(isp)
    page.goto(f"/carteiras/{isp.wallet.pk}/banco/")
    assert_fit_for_all(page)
    pictures.take(page, "conta-no-banco")
    page.goto("/remessas/")
    page.select_option("[name=account_id]", str(account.pk))
    page.fill("[name=due_until]", in_days(30).isoformat())
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Remessa 1 feita")
    assert_fit_for_all(page)
    pictures.take(page, "remessas")
    page.goto(f"/contas-a-receber/{receivable.pk}/")
    assert_fit_for_all(page)
    pictures.take(page, "boleto", at="#linha-digitavel")
    stranger = Told(number="77777777", code="06", on=banking.TODAY, title_cents=1, paid_cents=100)
    told = [banking.tell(Boleto.objects.get()), stranger]
    file = tmp_path / "CB0203.RET"
    file.write_bytes(banking.content(account, told))
    page.goto("/retornos/")
    page.select_option("[name=account_id]", str(account.pk))
    page.set_input_files("[name=file]", file)
    page.click("button:has-text('Enviar')")
    page.wait_for_selector("text=Na fila")
    banking.carry_on(ReturnFile.objects.get())
    page.wait_for_selector("text=Título desconhecido")
    assert_fit_for_all(page)
    pictures.take(page, "retorno")
    page.goto("/retornos/")
    assert_fit_for_all(page)


def test_the_line_is_copied(signed_in: Page, isp: Provider) -> None:
    page = signed_in
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    account = banking.bank_account(isp)
    receivable = soon(isp)
    boletos.issue(receivable.pk, by=banking.FINANCE, now=banking.NOW, today=in_days(0))
    page.goto(f"/contas-a-receber/{receivable.pk}/")

    page.click("text=Copiar linha")

    page.wait_for_selector("text=Copiado.")
    assert page.evaluate("navigator.clipboard.readText()") == account.boletos.get().line
