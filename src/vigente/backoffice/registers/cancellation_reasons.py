"""Motivos de cancelamento: why contracts end, and what that means for figures and last days."""

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from vigente.backoffice.fields import Text, YesNo
from vigente.backoffice.registers.page import Column, Frozen, RegisterPage, Section
from vigente.contracts.cancellation_reasons import ReasonFacts
from vigente.contracts.models import CancellationReason
from vigente.domain.permissions import Permission
from vigente.journeys.cancellation_reasons import OF_THE_DAY, ReasonRefused
from vigente.journeys.cancellation_reasons import REASONS as KEPT
from vigente.journeys.validity import EXPIRED


class ReasonForm(forms.Form):
    """What is asked of a reason."""

    name = Text("Nome", 80)
    is_active = YesNo("Ativo", initial=True)
    counts_as_churn = YesNo(
        "Conta como perda de cliente",
        initial=True,
        help_text="Desmarque quando o cliente continua, como numa mudança de titularidade.",
    )
    counts_as_delinquency = YesNo(
        "Conta como inadimplência", help_text="O contrato acabou porque não era pago."
    )
    waives_last_period = YesNo(
        "Dispensa os últimos dias",
        help_text="Os dias usados e ainda não faturados não são cobrados.",
    )


def rows(_branch_ids: Sequence[int]) -> QuerySet[CancellationReason]:
    """Return all reasons: every branch cancels for the same ones."""
    return CancellationReason.objects.all()


def search(found: QuerySet[CancellationReason], words: str) -> QuerySet[CancellationReason]:
    """Find reasons by a part of the name."""
    return found.filter(name__icontains=words)


def frozen(reason: CancellationReason) -> Frozen | None:
    """Say that the reason which the day's work gives keeps its name."""
    return Frozen(("name",), OF_THE_DAY) if reason.name == EXPIRED else None


def meaning(reason: CancellationReason) -> str:
    """Return what a reason means, in words."""
    told = (
        (reason.counts_as_churn, "perda de cliente"),
        (reason.counts_as_delinquency, "inadimplência"),
        (reason.waives_last_period, "dispensa os últimos dias"),
    )
    return ", ".join(words for is_so, words in told if is_so) or "—"


CANCELLATION_REASONS = RegisterPage(
    address="motivos-de-cancelamento",
    title="Motivos de cancelamento",
    new="Novo motivo de cancelamento",
    empty="Diga por que contratos acabam: quem cancela um contrato escolhe um destes motivos.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda r: r.name, "name"),
        Column("Conta como", meaning),
    ),
    form=ReasonForm,
    facts=ReasonFacts,
    sections=(
        Section(
            "Identificação",
            ("name", "is_active"),
            "Inativo não é oferecido ao cancelar; os contratos já cancelados ficam com ele.",
        ),
        Section(
            "O que significa",
            ("counts_as_churn", "counts_as_delinquency", "waives_last_period"),
            "Vale para os próximos cancelamentos; o que já foi faturado ou dispensado fica.",
        ),
    ),
    promises={"cancellation_reason_once": ("name", "Já existe um motivo com este nome.")},
    refusals=(ReasonRefused,),
    frozen=frozen,
)
