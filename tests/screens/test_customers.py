"""Customers: one of each document, found by what is remembered, kept while they are served."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.money import owe
from tests.provider import Provider, provider
from tests.screens.answers import faults, seen
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from tests.screens.test_permissions import person
from tests.screens.test_registers import as_shown, opened
from vigente.audit.models import AuditEntry
from vigente.backoffice.registers import views
from vigente.customers.models import Address, Contact, Customer
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.permissions import Role

COUNTERS = {
    f"{lines}-{name}": number
    for lines in ("addresses", "phones", "emails")
    for name, number in (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"))
}


def typed(isp: Provider, **changes: str) -> dict[str, str]:
    good = {name: str(value) for name, value in TRIALS["clientes"].good(isp).items()}
    return {**COUNTERS, **good, **changes}


def new(manager: Client, isp: Provider, **changes: str) -> Customer:
    """Return a customer made by the form."""
    answer = manager.post("/clientes/novo/", typed(isp, **changes))
    assert answer.status_code == 302, faults(answer.content.decode())
    return Customer.objects.order_by("-pk")[0]


def address(customer: Customer) -> str:
    return f"/clientes/{customer.pk}/alterar/"


def found(manager: Client, query: str) -> list[str]:
    """Return the names that the list shows."""
    return [row.name for row, _ in manager.get(f"/clientes/?{query}").context["rows"]]


def test_what_was_typed_is_kept(small: Provider, manager: Client) -> None:
    customer = new(manager, small)

    assert (customer.kind, customer.tax_id, customer.code) == ("PERSON", "52998224725", "L-17")
    assert str(customer.born_on) == "1988-02-29"
    assert [(a.street, a.uf, a.is_main) for a in customer.addresses.all()] == [
        ("Rua das Flores", "MG", True)
    ]
    assert sorted(customer.contacts.values_list("kind", "value")) == [
        ("EMAIL", "marina@example.com"),
        ("PHONE", "31987654321"),
    ]


@pytest.mark.parametrize("cnpj", ["11.222.333/0001-81", "12.ABC.345/01DE-35", "12.abc.345/01de-35"])
def test_a_company_has_a_cnpj_with_letters_or_without(
    small: Provider, manager: Client, cnpj: str
) -> None:
    customer = new(manager, small, tax_id=cnpj, born_on="")

    assert customer.kind == "COMPANY"
    assert len(customer.tax_id) == 14


@pytest.mark.parametrize(
    ("field", "told", "why"),
    [
        ("tax_id", "529.982.247-26", "CPF com dígitos verificadores errados."),
        ("tax_id", "12.ABC.345/01DE-36", "CNPJ com dígitos verificadores errados."),
        ("tax_id", "123", "CPF com dígitos verificadores errados."),
        ("name", "", "Informe nome ou razão social."),
        ("born_on", "2090-01-01", "Informe um dia que já passou."),
        ("addresses-0-uf", "XX", "Não é a sigla de um estado."),
        ("addresses-0-city", "", "Informe município."),
        ("phones-0-value", "1234", "Telefone com DDD tem 10 ou 11 dígitos."),
        ("emails-0-value", "marina", "Não é um e-mail."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    small: Provider, manager: Client, field: str, told: str, why: str
) -> None:
    answer = manager.post("/clientes/novo/", typed(small, **{field: told}))

    assert answer.status_code == 422
    assert faults(answer.content.decode())[field] == why
    assert not Customer.objects.exists()


def test_a_document_is_of_one_customer_in_any_branch(small: Provider, manager: Client) -> None:
    other = provider(code="B").customer("Quem já veio")
    Customer.objects.filter(pk=other.pk).update(tax_id="52998224725")

    answer = manager.post("/clientes/novo/", typed(small))

    assert faults(answer.content.decode()) == {
        "tax_id": "Já existe um cliente com este CPF ou CNPJ."
    }
    assert "Quem já veio" not in answer.content.decode()


def test_a_company_is_not_born(small: Provider, manager: Client) -> None:
    answer = manager.post("/clientes/novo/", typed(small, tax_id="11.222.333/0001-81"))

    assert faults(answer.content.decode())["born_on"].startswith("Só pessoas têm nascimento")


def more(isp: Provider, customer: Customer, **changes: str) -> dict[str, str]:
    """Return a form with a second address, beside the one there is."""
    first = customer.addresses.get()
    return typed(isp) | {
        "addresses-TOTAL_FORMS": "2",
        "addresses-INITIAL_FORMS": "1",
        "addresses-0-id": str(first.pk),
        "addresses-1-street": "Rua B",
        "addresses-1-city": "Vila",
        "addresses-1-uf": "MG",
        **changes,
    }


def test_one_of_the_addresses_is_the_main_one(small: Provider, manager: Client) -> None:
    customer = new(manager, small)
    visto = seen(manager, address(customer))
    both = {"addresses-0-is_main": "on", "addresses-1-is_main": "on"}

    none = manager.post(address(customer), more(small, customer, visto=visto))
    two = manager.post(address(customer), more(small, customer, visto=visto, **both))
    moved = manager.post(
        address(customer), more(small, customer, visto=visto, **{"addresses-1-is_main": "on"})
    )

    assert "Marque qual dos endereços é o principal" in none.content.decode()
    assert "Só um endereço é o principal" in two.content.decode()
    assert moved.status_code == 302
    assert list(customer.addresses.order_by("pk").values_list("street", "is_main")) == [
        ("Rua das Flores", False),
        ("Rua B", True),
    ]


def test_a_changed_address_stays_the_one_of_the_contract(small: Provider, manager: Client) -> None:
    customer = new(manager, small)
    contract = small.sell(customer=customer)
    form = as_shown(manager, address(customer))

    manager.post(address(customer), {**form, "addresses-0-number": "13"})

    contract.refresh_from_db()
    assert contract.address is not None
    assert contract.address.number == "13"


def test_an_address_of_a_contract_is_not_removed(small: Provider, manager: Client) -> None:
    customer = new(manager, small)
    small.sell(customer=customer)
    form = as_shown(manager, address(customer))

    answer = manager.post(address(customer), {**form, "addresses-0-DELETE": "on"})

    assert answer.status_code == 422
    assert "é de um contrato e não pode ser removido" in answer.content.decode()
    assert customer.addresses.count() == 1


def test_an_address_of_somebody_else_is_left_alone(small: Provider, manager: Client) -> None:
    customer, other = new(manager, small), small.customer("Outra Pessoa")
    theirs = other.addresses.get()
    form = as_shown(manager, address(customer))

    answer = manager.post(address(customer), {**form, "addresses-0-id": str(theirs.pk)})

    assert answer.status_code == 422
    assert "não está mais neste cliente" in answer.content.decode()
    assert Address.objects.get(pk=theirs.pk).customer == other


def test_the_same_telephone_twice_is_refused(small: Provider, manager: Client) -> None:
    twice = {"phones-TOTAL_FORMS": "2", "phones-1-value": "31 98765-4321"}

    answer = manager.post("/clientes/novo/", typed(small, **twice))

    assert answer.status_code == 422
    assert "telefones ou e-mails repetidos" in answer.content.decode()


@pytest.mark.parametrize("status", [ContractStatus.PRE, ContractStatus.ACTIVE])
def test_who_is_served_is_not_inactivated(
    small: Provider, manager: Client, status: ContractStatus
) -> None:
    customer = new(manager, small)
    make = small.sell if status is ContractStatus.PRE else small.activate
    contract = make(customer=customer)
    form = as_shown(manager, address(customer))

    answer = manager.post(address(customer), {k: v for k, v in form.items() if k != "is_active"})

    assert f"contratos em vigor ou por ativar ({contract.pk})" in answer.content.decode()
    customer.refresh_from_db()
    assert customer.is_active


def test_an_inactive_customer_leaves_the_list_and_comes_back(
    small: Provider, manager: Client
) -> None:
    customer = new(manager, small)
    form = as_shown(manager, address(customer))

    manager.post(address(customer), {k: v for k, v in form.items() if k != "is_active"})

    assert (found(manager, ""), found(manager, "visao=inativos")) == ([], [customer.name])
    manager.post(address(customer), {**as_shown(manager, address(customer)), "is_active": "on"})
    assert found(manager, "") == [customer.name]
    assert AuditEntry.objects.filter(action="customer changed", object_id=customer.pk).count() == 2


@pytest.mark.parametrize(
    "told",
    [
        *("acucena conc", "conceição", "AÇUCENA", "529.982.247-25", "52998224725", "L-17"),
        *("(31) 98765-4321", "98765-4321", "8765-4321", "acucena@example.com"),
    ],
)
def test_a_customer_is_found_by_what_is_remembered(
    small: Provider, manager: Client, told: str
) -> None:
    new(manager, small, name="Açucena Conceição", **{"emails-0-value": "acucena@example.com"})
    small.customer("Bento Lima")

    assert found(manager, f"q={told}") == ["Açucena Conceição"]


def test_only_the_branches_of_the_person_are_seen(small: Provider, manager: Client) -> None:
    provider(code="B").customer("De outra filial")

    assert found(manager, "visao=todos") == []
    assert found(manager, "q=outra filial") == []


def test_pages_follow_each_other_in_the_order_of_names(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    names = ["Ana", "Bia", "Bia", "Caio", "Duda"]
    for name in reversed(names):
        small.customer(name)

    first = manager.get("/clientes/").context
    second = manager.get(f"/clientes/{first['older']}").context
    third = manager.get(f"/clientes/{second['older']}").context
    back = manager.get(f"/clientes/{third['newer']}").context

    shown = [[row.name for row, _ in one["rows"]] for one in (first, second, third)]
    assert shown == [["Ana", "Bia"], ["Bia", "Caio"], ["Duda"]]
    assert [row.pk for row, _ in back["rows"]] == [row.pk for row, _ in second["rows"]]


def test_the_list_asks_the_database_no_more_for_more_rows(
    small: Provider, manager: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        customer = small.customer(f"Cliente {number}")
        Contact.objects.create(customer=customer, kind=Contact.PHONE, value=f"3198765{number:04d}")

    with django_assert_max_num_queries(14):  # type: ignore[operator]
        manager.get("/clientes/")


def test_the_page_shows_contracts_debts_and_credit(small: Provider, manager: Client) -> None:
    customer = small.customer("Bento Lima")
    contract = small.activate(customer=customer)
    owed = owe(contract)

    shown = manager.get(f"/clientes/{customer.pk}/").content.decode()

    assert f"Contrato {contract.pk}" in shown
    assert f"Conta {owed.pk}" in shown
    assert f"/creditos/{customer.pk}/" in shown
    assert f"/contratos/novo/?cliente={customer.pk}" in shown


def test_a_part_is_shown_to_who_may_see_it(small: Provider) -> None:
    customer = small.customer("Bento Lima")
    owe(small.activate(customer=customer))

    shown = person(small, Role.SELLER).get(f"/clientes/{customer.pk}/").content.decode()

    assert "Contratos" in shown
    assert "Contas em aberto" not in shown
    assert "Crédito" not in shown


def test_contracts_of_other_branches_are_not_shown(small: Provider, manager: Client) -> None:
    customer = small.customer("Bento Lima")
    elsewhere = small.activate(customer=customer)
    elsewhere.branch = provider(code="B").branch
    elsewhere.save()

    shown = manager.get(f"/clientes/{customer.pk}/").content.decode()

    assert f"Contrato {elsewhere.pk}" not in shown


def test_the_page_says_what_changed(small: Provider, manager: Client) -> None:
    customer = new(manager, small)
    form = as_shown(manager, address(customer))
    manager.post(address(customer), {**form, "name": "Marina Alves"})

    shown = manager.get(f"/clientes/{customer.pk}/").content.decode()

    assert "<del>Marina Conceição</del> → <ins>Marina Alves</ins>" in shown


def test_a_customer_is_inactivated_and_taken_back_from_the_page(
    small: Provider, manager: Client
) -> None:
    customer = small.customer("Bento Lima")
    page = f"/clientes/{customer.pk}/"

    manager.post(f"{page}inativar/", opened(manager, f"{page}inativar/"))
    inactive = manager.get(page).content.decode()
    again = manager.post(f"{page}inativar/", {})
    manager.post(f"{page}reativar/", opened(manager, f"{page}reativar/"))

    assert 'mute tint">Inativo' in inactive
    assert "Novo contrato" not in inactive
    assert "já está inativo" in again.content.decode()
    customer.refresh_from_db()
    assert customer.is_active
    changes = AuditEntry.objects.filter(action="customer changed", object_id=customer.pk)
    assert [entry.fields for entry in changes] == [["is_active"], ["is_active"]]


def test_who_is_served_is_told_so_before_inactivating(small: Provider, manager: Client) -> None:
    contract = small.activate()
    address = f"/clientes/{contract.customer_id}/inativar/"

    asked = manager.get(address).content.decode()
    refused = manager.post(address, opened(manager, address))

    assert f"({contract.pk})" in asked
    assert refused.status_code == 422
    assert Customer.objects.get(pk=contract.customer_id).is_active


def test_the_page_of_a_customer_in_the_browser(signed_in: Page, isp: Provider) -> None:
    customer = isp.customer("Açucena Conceição")
    Contact.objects.create(customer=customer, kind=Contact.PHONE, value="31987654321")
    owe(isp.activate(customer=customer))
    signed_in.goto("/clientes/?q=acucena")
    signed_in.get_by_role("link", name="Açucena Conceição").click()

    expect(signed_in.get_by_role("heading", name="Contas em aberto")).to_be_visible()
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("link", name="Inativar").click()
    expect(signed_in.get_by_role("alert")).to_contain_text("contratos em vigor")
    assert_fit_for_all(signed_in)
    signed_in.goto(f"/clientes/{customer.pk}/")
    signed_in.get_by_role("link", name="Novo contrato").click()
    expect(signed_in.get_by_text("Açucena Conceição").first).to_be_visible()


def test_a_customer_is_made_in_the_browser(signed_in: Page, isp: Provider) -> None:
    signed_in.goto("/clientes/")
    expect(signed_in.get_by_role("heading", name="Nada cadastrado ainda")).to_be_visible()
    signed_in.goto("/clientes/novo/")
    signed_in.get_by_label("Nome ou razão social").fill("Açucena Conceição")
    signed_in.get_by_label("CPF ou CNPJ").fill("529.982.247-25")
    signed_in.locator("#id_branch_id").select_option(label="Matriz")
    signed_in.get_by_label("Logradouro").fill("Rua das Flores")
    signed_in.get_by_label("Município").fill("Serra Clara")
    signed_in.get_by_label("UF").fill("MG")
    signed_in.get_by_role("button", name="Incluir telefone").click()
    signed_in.locator("#id_phones-0-value").fill("(31) 98765-4321")
    assert_fit_for_all(signed_in)
    signed_in.get_by_role("button", name="Salvar").click()

    expect(signed_in.get_by_role("heading", name="Açucena Conceição")).to_be_visible()
    assert_fit_for_all(signed_in)
    signed_in.goto("/clientes/")
    assert_fit_for_all(signed_in)


def test_who_wants_no_reminders_is_kept_with_the_reason(small: Provider, manager: Client) -> None:
    customer = small.activate().customer
    page = f"/clientes/{customer.pk}/"

    refused = manager.post(f"{page}lembretes/parar/", {"reason": ""})
    manager.post(f"{page}lembretes/parar/", {"reason": "pediu por telefone"})
    stopped = manager.get(page).content.decode()
    manager.post(f"{page}lembretes/voltar/")
    resumed = manager.get(page).content.decode()

    assert refused.status_code == 422
    assert "pediu por telefone" in stopped
    assert "Voltar a enviar lembretes" in stopped
    assert "Não enviar lembretes" in resumed
    assert "Lembretes: não quer mais" in resumed
