"""Clientes: people and companies, where they live and how they are reached."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import choices
from vigente.backoffice.fields import Cell, Day, Row, Text, YesNo
from vigente.backoffice.registers.page import Column, Lines, RegisterPage, Section
from vigente.backoffice.templatetags import vigente as tags
from vigente.contracts import owners
from vigente.contracts import queries as contracts
from vigente.customers.keeping import AddressFacts, ContactFacts, CustomerFacts, CustomerRefused
from vigente.customers.models import Address, Contact, Customer
from vigente.domain.permissions import Permission
from vigente.imports import cells
from vigente.journeys.customers import CUSTOMERS as KEPT
from vigente.journeys.customers import CustomerUnderContract


class CustomerForm(forms.Form):
    """What is asked of a customer."""

    name = Text("Nome ou razão social", 160)
    tax_id = Cell("CPF ou CNPJ", cells.tax_id, help_text="CNPJ com letras também serve.")
    trade_name = Text("Nome fantasia", 160, required=False)
    born_on = Day("Nascimento", required=False, read=cells.birthday)
    branch_id = Row("Filial", choices.branches)
    code = Text("Código", 40, required=False, help_text="O número do sistema anterior, se houver.")
    is_active = YesNo("Ativo", initial=True)
    note = forms.CharField(
        label="Observações", required=False, max_length=4000, widget=forms.Textarea({"rows": 2})
    )

    def clean_born_on(self) -> date | None:
        """Refuse a day that is still to come."""
        day: date | None = self.cleaned_data["born_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Informe um dia que já passou.")
        return day


class AddressForm(forms.Form):
    """One address."""

    id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    street = Text("Logradouro", 160)
    number = Text("Número", 20, required=False)
    complement = Text("Complemento", 80, required=False)
    district = Text("Bairro", 80, required=False)
    city = Text("Município", 80)
    uf = Cell("UF", cells.uf, widget=forms.TextInput({"maxlength": 2}))
    postal_code = Cell("CEP", cells.postal_code, required=False)
    is_main = YesNo("Principal")


class PhoneForm(forms.Form):
    """One telephone."""

    value = Cell("Telefone", cells.phone, widget=forms.TextInput({"type": "tel"}))


class EmailForm(forms.Form):
    """One e-mail."""

    value = Cell("E-mail", cells.email, widget=forms.EmailInput({"autocomplete": "off"}))


def facts(*, code: str, **told: object) -> CustomerFacts:
    """Return the facts that were typed."""
    return CustomerFacts(code=code or None, **told)  # type: ignore[arg-type]


def address_facts(*, postal_code: str | None, **told: object) -> AddressFacts:
    """Return the facts of an address that were typed."""
    return AddressFacts(postal_code=postal_code or "", **told)  # type: ignore[arg-type]


def rows(branch_ids: Sequence[int]) -> QuerySet[Customer]:
    """Return the customers of the person's branches, with how many contracts are in force."""
    held = contracts.in_force_of(OuterRef("pk"), branch_ids=branch_ids)
    count = held.order_by().values("customer").annotate(n=Count("pk")).values("n")
    return (
        Customer.objects.filter(branch_id__in=branch_ids)
        .annotate(in_force=Coalesce(Subquery(count, output_field=IntegerField()), 0))
        .select_related("branch")
        .prefetch_related("addresses", "contacts")
    )


def telephone(customer: Customer) -> str:
    """Return the first telephone, as people write it."""
    phones = (c for c in _in_order(customer) if c.kind == Contact.PHONE)
    return next((tags.phone(one.value) for one in phones), "")


def place(customer: Customer) -> str:
    """Return where the main address lies."""
    main = main_address(customer)
    return f"{main.city}/{main.uf}" if main else ""


def main_address(customer: Customer) -> Address | None:
    """Return the main address, or the first one; None without any."""
    addresses = sorted(customer.addresses.all(), key=lambda a: (not a.is_main, a.pk))
    return addresses[0] if addresses else None


def _in_order(customer: Customer) -> list[Contact]:
    return sorted(customer.contacts.all(), key=lambda contact: contact.pk)


CUSTOMERS = RegisterPage(
    address="clientes",
    title="Clientes",
    new="Novo cliente",
    empty="Cadastre pessoas e empresas: a venda começa pelo cliente.",
    group="Cadastros",
    see=Permission.SEE_CUSTOMERS,
    change=Permission.CHANGE_CUSTOMERS,
    register=KEPT,
    rows=rows,
    search=owners.narrowed,
    columns=(
        Column("Nome", lambda c: c.name, "name"),
        Column("CPF/CNPJ", lambda c: tags.tax_id(c.tax_id), "code"),
        Column("Telefone", telephone, "code"),
        Column("Município", place),
        Column("Filial", lambda c: c.branch),
        Column("Contratos", lambda c: f"{tags.count(c.in_force)} em vigor", "num"),
    ),
    form=CustomerForm,
    facts=facts,
    sections=(
        Section(
            "Identificação",
            ("name", "tax_id", "trade_name", "born_on", "branch_id", "code", "is_active"),
            "Um cliente não é excluído: sem contratos em vigor, pode ser inativado.",
        ),
        Section("Observações", ("note",), "Só para a equipe.", wide=("note",)),
    ),
    lines=(
        Lines(
            name="addresses",
            title="Endereços",
            form=AddressForm,
            facts=address_facts,
            hint="O principal é oferecido primeiro na venda.",
            add="Incluir endereço",
        ),
        Lines(
            name="phones",
            title="Telefones",
            form=PhoneForm,
            facts=ContactFacts,
            hint="Com DDD.",
            add="Incluir telefone",
        ),
        Lines(
            name="emails",
            title="E-mails",
            form=EmailForm,
            facts=ContactFacts,
            add="Incluir e-mail",
        ),
    ),
    promises={
        "customer_tax_id_once": ("tax_id", "Já existe um cliente com este CPF ou CNPJ."),
        "customer_code_once": ("code", "Já existe um cliente com este código."),
        "contact_once": ("", "Há telefones ou e-mails repetidos: deixe um só de cada."),
    },
    refusals=(CustomerRefused, CustomerUnderContract),
    goes_to=lambda customer: reverse("customer", args=[customer.pk]),
    shown="customer",
    sheet="clientes",
)
