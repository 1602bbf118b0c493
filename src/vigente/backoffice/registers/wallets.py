"""Carteiras de cobrança: how money is collected, and what delay costs within the law."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from vigente.backoffice import choices
from vigente.backoffice.fields import Cell, Code, Number, Row, Text, YesNo
from vigente.backoffice.registers.page import Column, Link, RegisterPage, Section
from vigente.catalog.actions import WalletFacts, WalletRefused, as_written
from vigente.catalog.models import Wallet
from vigente.domain.codes import PaymentForm
from vigente.domain.permissions import Permission
from vigente.imports import cells
from vigente.journeys.wallets import WALLETS as KEPT

PAYMENT_FORMS = {
    PaymentForm.BOLETO: "Boleto",
    PaymentForm.PIX: "Pix",
    PaymentForm.BOLETO_PIX: "Boleto com Pix",
    PaymentForm.CARD: "Cartão",
    PaymentForm.COUNTER: "No balcão",
}


class WalletForm(forms.Form):
    """What is asked of a wallet."""

    name = Text("Nome", 120)
    branch_id = Row("Filial", choices.branches, required=False, empty="Todas as filiais")
    payment_form = Code("Forma de pagamento", PAYMENT_FORMS, initial=PaymentForm.BOLETO)
    pix_key = Cell(
        "Chave Pix",
        cells.pix_key,
        required=False,
        help_text="Para onde se paga: CNPJ, e-mail, telefone (+55…) ou chave aleatória.",
    )
    fine_percent = Number(
        "Multa (%)", "0", "2", places=2, initial=Decimal(2), help_text="Uma vez, até 2 %."
    )
    interest_percent_month = Number(
        "Juros ao mês (%)", "0", "1", places=2, initial=Decimal(1), help_text="Até 1 % ao mês."
    )
    is_active = YesNo("Ativa", initial=True)

    def clean_pix_key(self) -> str:
        """Keep an empty key as an empty text."""
        return self.cleaned_data["pix_key"] or ""


def rows(branch_ids: Sequence[int]) -> QuerySet[Wallet]:
    """Return the wallets of the person's branches, and those of all branches."""
    return Wallet.objects.filter(Q(branch=None) | Q(branch_id__in=branch_ids)).select_related(
        "branch"
    )


def search(found: QuerySet[Wallet], words: str) -> QuerySet[Wallet]:
    """Find wallets by a part of the name."""
    return found.filter(name__icontains=words)


def percent(number: Decimal) -> str:
    """Return a percentage as people write it."""
    return f"{as_written(number)}".replace(".", ",")


WALLETS = RegisterPage(
    address="carteiras",
    title="Carteiras de cobrança",
    new="Nova carteira de cobrança",
    empty="Diga por onde se cobra e o que custa o atraso: multa e juros.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda w: w.name, "name"),
        Column("Filial", lambda w: w.branch or "Todas"),
        Column("Forma de pagamento", lambda w: PAYMENT_FORMS[PaymentForm(w.payment_form)]),
        Column("Multa (%)", lambda w: percent(w.fine_percent), "num"),
        Column("Juros ao mês (%)", lambda w: percent(w.interest_percent_month), "num"),
    ),
    form=WalletForm,
    facts=WalletFacts,
    sections=(
        Section(
            "Identificação",
            ("name", "branch_id", "is_active"),
            "Inativa não é oferecida em novas vendas; os contratos que a usam continuam com ela.",
        ),
        Section(
            "Cobrança",
            ("payment_form", "pix_key"),
            "Como o cliente paga: aparece no faturamento de cada contrato da carteira.",
        ),
        Section(
            "Atraso",
            ("fine_percent", "interest_percent_month"),
            "A lei limita a multa a 2 % e os juros a 1 % ao mês.",
        ),
    ),
    promises={
        "wallet_once": ("name", "Já existe uma carteira com este nome."),
        "wallet_charges_within_the_law": (
            "fine_percent",
            "A lei limita a multa a 2 % e os juros a 1 % ao mês.",
        ),
    },
    refusals=(WalletRefused,),
    links=lambda wallet: (
        Link(
            "Conta no banco",
            reverse("wallet-bank", args=[wallet.pk]),
            Permission.CHANGE_CATALOG,
        ),
    ),
    sheet="carteiras",
)
