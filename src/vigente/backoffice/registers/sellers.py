"""Vendedores: who sells, for which branch."""

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from vigente.backoffice import choices
from vigente.backoffice.fields import Row, Text, YesNo
from vigente.backoffice.registers.page import Column, RegisterPage, Section
from vigente.domain.permissions import Permission
from vigente.journeys.sellers import SELLERS as KEPT
from vigente.journeys.sellers import SellerRefused
from vigente.staff.models import Seller
from vigente.staff.sellers import SellerFacts


class SellerForm(forms.Form):
    """What is asked of a seller."""

    name = Text("Nome", 120)
    branch_id = Row("Filial", choices.branches)
    is_active = YesNo("Ativo", initial=True)


def rows(branch_ids: Sequence[int]) -> QuerySet[Seller]:
    """Return the sellers of the person's branches."""
    return Seller.objects.filter(branch_id__in=branch_ids).select_related("branch")


def search(found: QuerySet[Seller], words: str) -> QuerySet[Seller]:
    """Find sellers by a part of the name."""
    return found.filter(name__icontains=words)


SELLERS = RegisterPage(
    address="vendedores",
    title="Vendedores",
    new="Novo vendedor",
    empty="Cadastre quem vende em cada filial: a venda guarda quem a fez.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda s: s.name, "name"),
        Column("Filial", lambda s: s.branch),
    ),
    form=SellerForm,
    facts=SellerFacts,
    sections=(
        Section(
            "Identificação",
            ("name", "branch_id", "is_active"),
            "Um vendedor não precisa de senha. Inativo não é oferecido em novas vendas; os "
            "contratos que vendeu guardam o nome dele.",
        ),
    ),
    promises={"seller_once": ("name", "Já existe um vendedor com este nome nesta filial.")},
    refusals=(SellerRefused,),
    sheet="vendedores",
)
