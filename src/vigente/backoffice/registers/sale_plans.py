"""Planos de venda: what a sale copies into a contract; changing one changes nothing sold."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from vigente.backoffice import choices
from vigente.backoffice.fields import Cents, Number, Row, Text, Whole, YesNo
from vigente.backoffice.registers.page import Column, Lines, Link, RegisterPage, Section
from vigente.backoffice.templatetags import vigente as tags
from vigente.catalog import queries, sale_plans
from vigente.catalog.actions import as_written
from vigente.catalog.models import SalePlan
from vigente.catalog.sale_plans import PlanRefused, SalePlanFacts, SalePlanItemFacts
from vigente.contracts import queries as contracts
from vigente.domain.money import amount
from vigente.domain.permissions import Permission
from vigente.journeys.registers import Register

NUMBERS = ("tier", "loyalty_months", "loyalty_benefit_cents", "activation_fee_cents")


class SalePlanForm(forms.Form):
    """What is asked of a sale plan."""

    code = Text("Código", 40)
    name = Text("Nome", 120)
    branch_id = Row("Filial", choices.branches, required=False, empty="Todas as filiais")
    is_active = YesNo("Ativo", initial=True, help_text="Inativo não é oferecido em novas vendas.")
    billing_type_id = Row("Tipo de cobrança", choices.billing_types)
    wallet_id = Row(
        "Carteira de cobrança", choices.wallets, required=False, empty="Escolhida na venda"
    )
    template_id = Row(
        "Modelo de contrato", choices.contract_templates, required=False, empty="Nenhum"
    )
    tier = Whole(
        "Nível",
        0,
        1000,
        required=False,
        initial=0,
        help_text="Para um nível maior é upgrade; para um menor, downgrade.",
    )
    loyalty_months = Whole("Fidelidade (meses)", 0, 60, required=False, initial=0)
    loyalty_benefit_cents = Cents(
        "Benefício da fidelidade",
        required=False,
        help_text="O que o cliente ganha pela fidelidade, como a instalação.",
    )
    validity_months = Whole(
        "Vigência (meses)", 1, 120, required=False, help_text="Vazio: sem prazo."
    )
    renews = YesNo("Renova ao fim da vigência", initial=True)
    activation_fee_cents = Cents("Taxa de ativação", required=False)
    activation_instalments = Whole("Parcelas da taxa", 1, 60, required=False, initial=1)
    activation_product_id = Row(
        "Produto da taxa",
        choices.products,
        required=False,
        help_text="Obrigatório com taxa: diz o que ela é na fatura e seus tributos.",
    )


class SalePlanItemForm(forms.Form):
    """One product of the plan."""

    product_id = Row("Produto", choices.products)
    description = Text("Descrição", 120)
    quantity = Number("Quantidade", "0.001", "100000", places=3, initial=Decimal(1))
    price_cents = Cents("Valor mensal")
    cycle_price_cents = Cents("Valor por ciclo", required=False)


def facts(**told: object) -> SalePlanFacts:
    """Return the facts that were typed; a number left empty is none."""
    known = {**told, **{name: told[name] or 0 for name in NUMBERS}}
    known["activation_instalments"] = told["activation_instalments"] or 1
    return SalePlanFacts(**known)  # type: ignore[arg-type]


def rows(branch_ids: Sequence[int]) -> QuerySet[SalePlan]:
    """Return the plans that the person's branches sell, with their price and their contracts."""
    in_force = contracts.in_force_with_plan(OuterRef("pk"), branch_ids=branch_ids)
    count = in_force.order_by().values("sale_plan").annotate(n=Count("pk")).values("n")
    return (
        queries.with_monthly_cents(queries.sold_by(branch_ids))
        .annotate(contracts_in_force=Coalesce(Subquery(count, output_field=IntegerField()), 0))
        .select_related("branch", "billing_type", "wallet", "template", "activation_product")
        .prefetch_related("items__product")
    )


def search(found: QuerySet[SalePlan], words: str) -> QuerySet[SalePlan]:
    """Find plans by a part of the name or of the code."""
    return found.filter(Q(name__icontains=words) | Q(code__icontains=words))


def speed(plan: SalePlan) -> str:
    """Return the fastest download of the plan's products, as people say it."""
    kbps = max((item.product.download_kbps or 0 for item in plan.items.all()), default=0)
    if not kbps:
        return ""
    unit, of_the_unit = ("Gbit/s", 1_000_000) if kbps >= 1_000_000 else ("Mbit/s", 1_000)
    return f"{as_written(Decimal(kbps) / of_the_unit)}".replace(".", ",") + f" {unit}"


def links(plan: SalePlan) -> tuple[Link, ...]:
    """Return the pages of the plan's parameters and of its contracts."""
    found = f"{reverse('contracts')}?plano={plan.pk}"
    return (
        Link(
            "Parâmetros do plano",
            reverse("parameters-plan", args=[plan.pk]),
            Permission.SEE_PARAMETERS,
        ),
        Link("Contratos deste plano", found, Permission.SEE_CONTRACTS),
    )


SALE_PLANS = RegisterPage(
    address="planos",
    title="Planos de venda",
    new="Novo plano de venda",
    empty="Junte produtos, valores e cobrança num plano: a venda o copia para o contrato.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=Register(
        kind="sale_plan",
        model=SalePlan,
        facts=sale_plans.sale_plan_facts,
        write=sale_plans.write_sale_plan,
        branch_id=lambda plan: plan.branch_id,
    ),
    rows=rows,
    search=search,
    columns=(
        Column("Código", lambda p: p.code, "code soft"),
        Column("Nome", lambda p: p.name, "name"),
        Column("Filial", lambda p: p.branch or "Todas"),
        Column("Tipo de cobrança", lambda p: p.billing_type),
        Column("Velocidade", speed),
        Column("Por mês", lambda p: amount(p.monthly_cents or 0), "num"),
        Column("Contratos", lambda p: f"{tags.count(p.contracts_in_force)} em vigor", "num"),
    ),
    form=SalePlanForm,
    facts=facts,
    sections=(
        Section(
            "Identificação",
            ("code", "name", "branch_id", "is_active"),
            "Alterar um plano nunca muda os contratos já vendidos: cada um guarda a sua cópia.",
        ),
        Section("Cobrança", ("billing_type_id", "wallet_id", "template_id", "tier")),
        Section(
            "Prazos",
            ("loyalty_months", "loyalty_benefit_cents", "validity_months", "renews"),
        ),
        Section(
            "Ativação",
            ("activation_fee_cents", "activation_instalments", "activation_product_id"),
            "Cobrada uma vez, à vista ou em parcelas.",
        ),
    ),
    lines=(
        Lines(
            name="items",
            title="Produtos do plano",
            form=SalePlanItemForm,
            facts=SalePlanItemFacts,
            hint="O valor por ciclo, se houver, vale no lugar do mensal; em ciclos de dias é "
            "obrigatório.",
            add="Incluir produto",
        ),
    ),
    promises={
        "sale_plan_code_once": ("code", "Já existe um plano com este código."),
        "sale_plan_fee_has_a_product": (
            "activation_product_id",
            "Escolha o produto da taxa de ativação.",
        ),
    },
    refusals=(PlanRefused,),
    links=links,
    sheet="planos",
)
