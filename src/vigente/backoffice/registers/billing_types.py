"""Tipos de cobrança: how a contract is cut into periods and billed; each choice is explained."""

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet

from vigente.backoffice.fields import Code, Row, Text, Whole, YesNo
from vigente.backoffice.registers.page import Column, Frozen, RegisterPage, Section
from vigente.catalog import billing_rules
from vigente.catalog.billing_rules import BillingTypeFacts, RulesRefused
from vigente.catalog.models import BillingType, PaymentTerms
from vigente.contracts import queries as contracts
from vigente.domain.cycles import PeriodUnit
from vigente.domain.permissions import Permission
from vigente.domain.schedule import Divisor, FirstInvoice, PeriodBase, Timing
from vigente.domain.schedule_validation import LONGEST_CYCLE
from vigente.journeys.registers import Register

TIMINGS = {Timing.POSTPAID: "Pós-pago", Timing.PREPAID: "Pré-pago"}
BASES = {
    PeriodBase.DUE_DATE: "Vencimento",
    PeriodBase.ANNIVERSARY: "Aniversário",
    PeriodBase.CALENDAR: "Calendário",
}
UNITS = {PeriodUnit.MONTH: "Meses", PeriodUnit.DAY: "Dias"}
FIRST = {
    FirstInvoice.FIRST: "Na primeira",
    FirstInvoice.SECOND: "Na segunda",
    FirstInvoice.NEVER: "Nunca",
}
DIVISORS = {Divisor.ACTUAL: "Dias reais", Divisor.THIRTY: "30 dias"}
SCHEDULE = (
    *("timing", "base", "period_count", "period_unit"),
    *("payment_terms_id", "first_invoice", "first_divisor"),
)
IN_USE = (
    "Contratos usam este tipo de cobrança: as regras dele não mudam mais, só o nome e se está "
    "ativo. Para cobrar de outro jeito, crie outro tipo e use-o nas próximas vendas."
)


def payment_terms(_branch_ids: Sequence[int]) -> QuerySet[PaymentTerms]:
    """Return the payment terms to choose from."""
    return PaymentTerms.objects.order_by("name")


class BillingTypeForm(forms.Form):
    """What is asked of a billing type."""

    name = Text("Nome", 120)
    is_active = YesNo("Ativo", initial=True, help_text="Inativo não é oferecido em novas vendas.")
    timing = Code(
        "Pagamento",
        TIMINGS,
        help_text="Pós-pago: vence quando o período acaba. Pré-pago: vence quando ele começa.",
    )
    base = Code(
        "Base do período",
        BASES,
        help_text=(
            "O que separa um período do outro. Vencimento: os dias de vencimento. "
            "Aniversário: o dia da ativação. Calendário: o dia 1º do mês."
        ),
    )
    period_count = Whole(
        "Periodicidade",
        1,
        LONGEST_CYCLE,
        initial=1,
        help_text="De quantos em quantos: 1 mês é mensal, 12 meses é anual.",
    )
    period_unit = Code(
        "Unidade",
        UNITS,
        help_text="Em dias, cada produto precisa do valor por ciclo; calendário só em meses.",
    )
    payment_terms_id = Row(
        "Condição de pagamento", payment_terms, help_text="Diz em que dias as faturas vencem."
    )
    first_invoice = Code(
        "Proporcional",
        FIRST,
        help_text=(
            "Quem paga os dias antes do primeiro ciclo inteiro. Na primeira: a primeira fatura é "
            "menor. Na segunda: a primeira é inteira, a segunda é menor. Nunca: mesmo com menos "
            "dias, a primeira custa um ciclo inteiro."
        ),
    )
    first_divisor = Code(
        "Divisor da primeira fatura",
        DIVISORS,
        help_text=(
            "Dias reais: cada dia custa o ciclo dividido pelos dias dele. "
            "30 dias: por 30 em qualquer mês; só para ciclos em meses."
        ),
    )


def rows(_branch_ids: Sequence[int]) -> QuerySet[BillingType]:
    """Return all billing types: every branch bills by one catalog."""
    return BillingType.objects.select_related("payment_terms")


def search(found: QuerySet[BillingType], words: str) -> QuerySet[BillingType]:
    """Find billing types by a part of the name."""
    return found.filter(name__icontains=words)


def frozen(billing_type: BillingType) -> Frozen | None:
    """Say what no longer changes of a billing type that contracts use."""
    return Frozen(SCHEDULE, IN_USE) if contracts.use_billing_type(billing_type.pk) else None


def every(billing_type: BillingType) -> str:
    """Return the periodicity in words."""
    count, unit = billing_type.period_count, PeriodUnit(billing_type.period_unit)
    if count == 1:
        return "mensal" if unit is PeriodUnit.MONTH else "diária"
    return f"{count} {UNITS[unit].lower()}"


BILLING_TYPES = RegisterPage(
    address="tipos-de-cobranca",
    title="Tipos de cobrança",
    new="Novo tipo de cobrança",
    empty="Diga como se cobra: antes ou depois, de quanto em quanto tempo e em que dias vence.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=Register(
        kind="billing_type",
        model=BillingType,
        facts=billing_rules.billing_type_facts,
        write=billing_rules.write_billing_type,
        branch_id=lambda _billing_type: None,
    ),
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda t: t.name, "name"),
        Column("Pagamento", lambda t: TIMINGS[Timing(t.timing)]),
        Column("Base do período", lambda t: BASES[PeriodBase(t.base)]),
        Column("Periodicidade", every),
        Column("Condição de pagamento", lambda t: t.payment_terms.name),
    ),
    form=BillingTypeForm,
    facts=BillingTypeFacts,
    sections=(
        Section("Identificação", ("name", "is_active")),
        Section(
            "Período",
            ("timing", "base", "period_count", "period_unit"),
            "Os períodos de um contrato são contíguos e nunca se sobrepõem.",
        ),
        Section("Vencimento", ("payment_terms_id",), wide=("payment_terms_id",)),
        Section(
            "Primeira fatura",
            ("first_invoice", "first_divisor"),
            "Quando a ativação cai no meio de um ciclo.",
        ),
    ),
    promises={
        "billing_type_once": ("name", "Já existe um tipo de cobrança com este nome."),
        "billing_type_frozen": ("", IN_USE),
    },
    refusals=(RulesRefused,),
    frozen=frozen,
    sheet="tipos",
)
