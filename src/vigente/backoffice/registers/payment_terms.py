"""Condições de pagamento: which days are due days; kept as they are once contracts use them."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.db.models import QuerySet

from vigente.backoffice.fields import Cell, Code, Text, Whole
from vigente.backoffice.registers.page import Column, Frozen, RegisterPage, Section
from vigente.catalog import billing_rules
from vigente.catalog.billing_rules import PaymentTermsFacts, RulesRefused
from vigente.catalog.models import PaymentTerms
from vigente.contracts import queries as contracts
from vigente.domain.permissions import Permission
from vigente.domain.schedule import DueRule
from vigente.imports import cells
from vigente.journeys.registers import Register

RULES = {
    DueRule.FIXED_DAY: "Dia fixo",
    DueRule.INTERVAL: "Intervalo",
    DueRule.CUSTOM: "Personalizado",
}
IN_USE = "Contratos usam esta condição: quando eles vencem não muda mais. O nome pode mudar. "
ANOTHER = "Para outro vencimento, crie outra condição e outro tipo de cobrança."
ONLY_MORE = "À lista só se acrescentam datas, depois da última."
MOST_DAYS = 400


class PaymentTermsForm(forms.Form):
    """What is asked of payment terms."""

    name = Text("Nome", 120)
    due_rule = Code(
        "Tipo de vencimento",
        RULES,
        help_text=(
            "Dia fixo: o dia de vencimento de cada contrato. Intervalo: tantos dias depois. "
            "Personalizado: as datas de uma lista."
        ),
    )
    interval_days = Whole(
        "Intervalo (dias)", 0, MOST_DAYS, required=False, help_text="Só para intervalo; 0 é no dia."
    )
    custom_dates = Cell(
        "Vencimentos personalizados",
        cells.days_list,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Só para personalizado: datas dd/mm/aaaa em ordem, separadas por vírgula.",
    )


def facts(*, custom_dates: Sequence[date] | None, **told: object) -> PaymentTermsFacts:
    """Return the facts that were typed."""
    return PaymentTermsFacts(custom_dates=tuple(custom_dates or ()), **told)  # type: ignore[arg-type]


def rows(_branch_ids: Sequence[int]) -> QuerySet[PaymentTerms]:
    """Return all payment terms: every branch bills by one catalog."""
    return PaymentTerms.objects.all()


def search(found: QuerySet[PaymentTerms], words: str) -> QuerySet[PaymentTerms]:
    """Find payment terms by a part of the name."""
    return found.filter(name__icontains=words)


def frozen(terms: PaymentTerms) -> Frozen | None:
    """Say what no longer changes of terms that contracts use; a list of dates may still grow."""
    if not contracts.use_payment_terms(terms.pk):
        return None
    if terms.due_rule == DueRule.CUSTOM.value:
        return Frozen(("due_rule", "interval_days"), IN_USE + ONLY_MORE)
    return Frozen(("due_rule", "interval_days", "custom_dates"), IN_USE + ANOTHER)


def when(terms: PaymentTerms) -> str:
    """Return the rule in a few words."""
    if terms.due_rule == DueRule.INTERVAL.value:
        return f"{terms.interval_days} dias"
    if terms.due_rule == DueRule.CUSTOM.value:
        return f"{len(terms.custom_dates)} datas, até {max(terms.custom_dates):%d/%m/%Y}"
    return "o dia de cada contrato"


PAYMENT_TERMS = RegisterPage(
    address="condicoes-de-pagamento",
    title="Condições de pagamento",
    new="Nova condição de pagamento",
    empty="Diga quando as faturas vencem: num dia fixo, depois de um intervalo ou numa lista.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=Register(
        kind="payment_terms",
        model=PaymentTerms,
        facts=billing_rules.payment_terms_facts,
        write=billing_rules.write_payment_terms,
        branch_id=lambda _terms: None,
    ),
    rows=rows,
    search=search,
    columns=(
        Column("Nome", lambda t: t.name, "name"),
        Column("Tipo de vencimento", lambda t: RULES[DueRule(t.due_rule)]),
        Column("Quando vence", when),
    ),
    form=PaymentTermsForm,
    facts=facts,
    sections=(
        Section("Identificação", ("name",), wide=("name",)),
        Section(
            "Vencimento",
            ("due_rule", "interval_days", "custom_dates"),
            "Em fim de semana ou feriado paga-se até o próximo dia útil; o período não muda.",
            wide=("custom_dates",),
        ),
    ),
    has_inactive=False,
    promises={
        "payment_terms_once": ("name", "Já existe uma condição de pagamento com este nome."),
        "payment_terms_frozen": ("", IN_USE + ONLY_MORE + " " + ANOTHER),
    },
    refusals=(RulesRefused,),
    frozen=frozen,
    sheet="condicoes",
)
