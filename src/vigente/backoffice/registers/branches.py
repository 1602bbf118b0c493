"""Filiais: the units whose holidays, time zone and parameters rule their contracts."""

from collections.abc import Sequence
from enum import StrEnum

from django import forms
from django.db.models import Q, QuerySet

from vigente.backoffice.fields import Cell, Code, Day, Text, YesNo
from vigente.backoffice.registers.page import Column, Lines, RegisterPage, Section
from vigente.backoffice.templatetags.vigente import tax_id
from vigente.domain.codes import DifferencePolicy
from vigente.domain.parameters import DIFFERENCE_POLICY
from vigente.domain.permissions import Permission
from vigente.imports import cells
from vigente.imports.cells import BadCell
from vigente.journeys.branches import BRANCHES as KEPT
from vigente.journeys.branches import BranchFacts, BranchInUse
from vigente.staff.actions import HolidayFacts
from vigente.staff.models import Branch


class Zone(StrEnum):
    """The time zones of Brazil, by their names in the IANA table."""

    NORONHA = "America/Noronha"
    SAO_PAULO = "America/Sao_Paulo"
    BAHIA = "America/Bahia"
    FORTALEZA = "America/Fortaleza"
    RECIFE = "America/Recife"
    MACEIO = "America/Maceio"
    BELEM = "America/Belem"
    ARAGUAINA = "America/Araguaina"
    SANTAREM = "America/Santarem"
    CUIABA = "America/Cuiaba"
    CAMPO_GRANDE = "America/Campo_Grande"
    MANAUS = "America/Manaus"
    BOA_VISTA = "America/Boa_Vista"
    PORTO_VELHO = "America/Porto_Velho"
    RIO_BRANCO = "America/Rio_Branco"
    EIRUNEPE = "America/Eirunepe"


ZONES = {
    Zone.NORONHA: "Fernando de Noronha (UTC−2)",
    Zone.SAO_PAULO: "Brasília, Sul e Sudeste (UTC−3)",
    Zone.BAHIA: "Bahia (UTC−3)",
    Zone.FORTALEZA: "CE, MA, PB, PI, RN (UTC−3)",
    Zone.RECIFE: "Pernambuco (UTC−3)",
    Zone.MACEIO: "AL, SE (UTC−3)",
    Zone.BELEM: "AP e leste do Pará (UTC−3)",
    Zone.ARAGUAINA: "Tocantins (UTC−3)",
    Zone.SANTAREM: "Oeste do Pará (UTC−3)",
    Zone.CUIABA: "Mato Grosso (UTC−4)",
    Zone.CAMPO_GRANDE: "Mato Grosso do Sul (UTC−4)",
    Zone.MANAUS: "Leste do Amazonas (UTC−4)",
    Zone.BOA_VISTA: "Roraima (UTC−4)",
    Zone.PORTO_VELHO: "Rondônia (UTC−4)",
    Zone.RIO_BRANCO: "Acre (UTC−5)",
    Zone.EIRUNEPE: "Oeste do Amazonas (UTC−5)",
}
POLICIES = {DifferencePolicy(code): word for code, word in DIFFERENCE_POLICY.choices}


def cnpj(cell: str) -> str:
    """Read a CNPJ, an alphanumeric one too."""
    number = cells.tax_id(cell)
    if len(number) != 14:
        raise BadCell("isto é um CPF; uma filial tem CNPJ")
    return number


class BranchForm(forms.Form):
    """What is asked of a branch."""

    code = Text("Código", 20)
    name = Text("Nome", 120)
    tax_id = Cell("CNPJ", cnpj, required=False)
    city = Text("Município", 80)
    uf = Cell("UF", cells.uf, widget=forms.TextInput({"maxlength": 2}))
    time_zone = Code("Fuso horário", ZONES, initial=Zone.SAO_PAULO.value)
    difference_policy = Code("Diferença das alterações", POLICIES, to_choose=True)
    is_active = YesNo("Ativa", initial=True)


class HolidayForm(forms.Form):
    """One municipal holiday."""

    day = Day("Dia")
    name = Text("Feriado", 80)


def facts(*, tax_id: str | None, **told: object) -> BranchFacts:
    """Return the facts that were typed."""
    return BranchFacts(tax_id=tax_id or "", **told)  # type: ignore[arg-type]


def rows(branch_ids: Sequence[int]) -> QuerySet[Branch]:
    """Return the person's branches."""
    return Branch.objects.filter(pk__in=branch_ids)


def search(found: QuerySet[Branch], words: str) -> QuerySet[Branch]:
    """Find branches by a part of the name, the code, the city or the CNPJ."""
    return found.filter(
        Q(name__icontains=words)
        | Q(code__icontains=words)
        | Q(city__icontains=words)
        | Q(tax_id__startswith=words)
    )


BRANCHES = RegisterPage(
    address="filiais",
    title="Filiais",
    new="Nova filial",
    empty="Cadastre as unidades do provedor: cada uma tem feriados, fuso e parâmetros próprios.",
    group="Configurações",
    see=Permission.SEE_PARAMETERS,
    change=Permission.CHANGE_BRANCHES,
    register=KEPT,
    rows=rows,
    search=search,
    columns=(
        Column("Código", lambda b: b.code, "code soft"),
        Column("Nome", lambda b: b.name, "name"),
        Column("Município", lambda b: f"{b.city}/{b.uf}"),
        Column("CNPJ", lambda b: tax_id(b.tax_id) if b.tax_id else "—", "code"),
    ),
    form=BranchForm,
    facts=facts,
    sections=(
        Section(
            "Identificação",
            ("code", "name", "tax_id", "is_active"),
            "Uma filial não é excluída: sem contratos em vigor, pode ser inativada.",
        ),
        Section(
            "Lugar",
            ("city", "uf", "time_zone"),
            "O fuso decide que dia é hoje. Feriados nacionais e estaduais já são conhecidos.",
        ),
        Section(
            "Alterações",
            ("difference_policy",),
            "Como se calcula a diferença de uma troca de plano. Veja as duas contas abaixo.",
        ),
    ),
    lines=(
        Lines(
            name="holidays",
            title="Feriados municipais",
            form=HolidayForm,
            facts=HolidayFacts,
            hint="Um vencimento nesses dias é pago até o próximo dia útil.",
            add="Incluir feriado",
            most=100,
        ),
    ),
    promises={
        "branch_code_once": ("code", "Já existe uma filial com este código."),
        "branch_holiday_once": ("", "Há dois feriados no mesmo dia: deixe um só."),
    },
    refusals=(BranchInUse,),
    sheet="filiais",
    also="registers/_policies.html",
)
