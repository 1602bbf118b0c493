"""Pessoas: who works with the product, what each may do and in which branches."""

from collections.abc import Sequence

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q, QuerySet
from django.urls import reverse

from vigente.backoffice.fields import Cell, Codes, Rows, Text, YesNo
from vigente.backoffice.registers.page import Column, Link, RegisterPage, Section
from vigente.domain.permissions import ROLE_WORDS, Permission, Role
from vigente.imports import cells
from vigente.journeys.people import PEOPLE as KEPT
from vigente.journeys.people import PersonFacts, PersonRefused
from vigente.staff import second_step
from vigente.staff.models import Branch, User, UserBranch


def branches(branch_ids: Sequence[int]) -> QuerySet[Branch]:
    """Return the branches that a person may be given."""
    return Branch.objects.filter(pk__in=branch_ids, is_active=True).order_by("name")


class PersonForm(forms.Form):
    """What is asked of a person."""

    name = Text("Nome", 120)
    email = Cell("E-mail", cells.email, widget=forms.EmailInput({"autocomplete": "off"}))
    password = forms.CharField(
        label="Senha",
        required=False,
        max_length=128,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="Obrigatória num cadastro novo; depois, vazia mantém a que há.",
    )
    is_active = YesNo("Ativa", initial=True)
    roles = Codes("Funções", ROLE_WORDS)
    is_administrator = YesNo(
        "Administrador", help_text="Pode tudo, em todas as filiais; só um administrador define."
    )
    branches = Rows("Filiais", branches)


def rows(branch_ids: Sequence[int]) -> QuerySet[User]:
    """Return the people of some branches, and those who have none yet."""
    there = UserBranch.objects.filter(branch_id__in=branch_ids).values("user_id")
    return User.objects.filter(Q(pk__in=there) | Q(branches=None))


def search(found: QuerySet[User], words: str) -> QuerySet[User]:
    """Find people by a part of the name or of the e-mail."""
    return found.filter(Q(name__icontains=words) | Q(email__icontains=words))


def roles(user: User) -> str:
    """Return the words of what a person is hired for."""
    held = [ROLE_WORDS[Role(role)] for role in user.roles]
    return ", ".join(["Administrador", *held] if user.is_administrator else held) or "—"


def links(user: User) -> tuple[Link, ...]:
    """Return what else is done for a person: there is a way in without the phone."""
    if not second_step.is_on(user):
        return ()
    address = reverse("second-step-off", args=[user.pk])
    words = "Desligar a verificação em duas etapas"
    return (Link(words, address, Permission.CHANGE_PEOPLE),)


PEOPLE = RegisterPage(
    address="pessoas",
    title="Pessoas",
    new="Nova pessoa",
    empty="Cadastre quem trabalha no provedor, com as funções e as filiais de cada um.",
    group="Configurações",
    see=Permission.CHANGE_PEOPLE,
    change=Permission.CHANGE_PEOPLE,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda u: u.name, "name"),
        Column("E-mail", lambda u: u.email),
        Column("Funções", roles, "wrap"),
    ),
    form=PersonForm,
    facts=PersonFacts,
    sections=(
        Section("Quem", ("name", "email", "password", "is_active")),
        Section(
            "O que pode",
            ("roles", "is_administrator"),
            "Quem tem várias funções pode o que qualquer uma delas permite. A lista está abaixo.",
            wide=("roles", "is_administrator"),
        ),
        Section(
            "Onde",
            ("branches",),
            "Só vê contratos, clientes e contas destas filiais.",
            wide=("branches",),
        ),
    ),
    promises={
        "user_email_once": ("email", "Já existe uma pessoa com este e-mail."),
        "user_email_exact_once": ("email", "Já existe uma pessoa com este e-mail."),
        "user_last_administrator": (
            "is_administrator",
            "É o último administrador ativo: dê a administração a outra pessoa antes.",
        ),
    },
    refusals=(PersonRefused,),
    links=links,
    also="registers/_roles.html",
)
