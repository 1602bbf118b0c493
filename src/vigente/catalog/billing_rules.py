"""The only writes, beside the importer, to payment terms and billing types.

Once contracts use them the database keeps their rules (`billing_type_frozen`,
`payment_terms_frozen`): a changed rule is a new row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from vigente.catalog.models import BillingType, PaymentTerms
from vigente.domain import schedule_validation
from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing

ANY_DUE_DAY = 1  # each contract has its own
OF_THE_TERMS = {
    "Intervalo": "interval_days",
    "Vencimentos personalizados": "custom_dates",
}
OF_THE_TYPE = {
    "Periodicidade": "period_count",
    "Base do período": "base",
    "Divisor da primeira fatura": "first_divisor",
    "Intervalo": "payment_terms_id",
    "Vencimentos personalizados": "payment_terms_id",
}

type Problem = tuple[str, str]


class RulesRefused(ValueError):
    """Estas regras não determinam os períodos; `problems` são os campos e suas frases."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTermsFacts:
    """What is kept of payment terms: the rule, and its interval or its dates."""

    name: str
    due_rule: str
    interval_days: int | None = None
    custom_dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTypeFacts:
    """What is kept of a billing type."""

    name: str
    timing: str
    base: str
    period_count: int = 1
    period_unit: str = PeriodUnit.MONTH.value
    payment_terms_id: int
    first_invoice: str = FirstInvoice.FIRST.value
    first_divisor: str = Divisor.ACTUAL.value
    is_active: bool = True


def payment_terms_facts(terms: PaymentTerms) -> PaymentTermsFacts:
    """Return what is kept of payment terms."""
    return PaymentTermsFacts(
        name=terms.name,
        due_rule=terms.due_rule,
        interval_days=terms.interval_days,
        custom_dates=tuple(terms.custom_dates),
    )


def write_payment_terms(terms: PaymentTerms | None, facts: PaymentTermsFacts) -> PaymentTerms:
    """Write payment terms, which every billing type that has them must go on allowing.

    :raises RulesRefused: naming every field that keeps them from being lawful.
    """
    terms = terms or PaymentTerms()
    problems = terms_problems(facts)
    terms.name, terms.due_rule = facts.name, facts.due_rule
    terms.interval_days, terms.custom_dates = facts.interval_days, list(facts.custom_dates)
    if not problems and terms.pk:
        problems = _of_its_types(terms)
    if problems:
        raise RulesRefused(problems)
    terms.save()
    return terms


def billing_type_facts(billing_type: BillingType) -> BillingTypeFacts:
    """Return what is kept of a billing type."""
    return BillingTypeFacts(
        **{name: getattr(billing_type, name) for name in BillingTypeFacts.__dataclass_fields__}
    )


def write_billing_type(billing_type: BillingType | None, facts: BillingTypeFacts) -> BillingType:
    """Write a billing type.

    :raises RulesRefused: naming every field that keeps it from determining periods.
    """
    billing_type = billing_type or BillingType()
    for name, value in asdict(facts).items():
        setattr(billing_type, name, value)
    problems = type_problems(facts, PaymentTerms.objects.get(pk=facts.payment_terms_id))
    if problems:
        raise RulesRefused(problems)
    billing_type.save()
    return billing_type


def terms_problems(facts: PaymentTermsFacts) -> tuple[Problem, ...]:
    """Return what keeps payment terms from being lawful: each field with its sentence."""
    return _placed(
        schedule_validation.validate_terms(
            due_rule=DueRule(facts.due_rule),
            interval_days=facts.interval_days,
            custom_dates=facts.custom_dates,
        ),
        OF_THE_TERMS,
    )


def type_problems(facts: BillingTypeFacts, terms: PaymentTerms) -> tuple[Problem, ...]:
    """Return what keeps a billing type with these terms from determining periods, by field."""
    return _placed(_sentences(facts, terms), OF_THE_TYPE)


def _of_its_types(terms: PaymentTerms) -> tuple[Problem, ...]:
    """Return what the changed terms would break in the billing types that have them."""
    return tuple(
        (name, f"No tipo de cobrança «{billing_type}»: {sentence}")
        for billing_type in BillingType.objects.filter(payment_terms=terms).order_by("name")
        for name, sentence in _placed(
            _sentences(billing_type_facts(billing_type), terms), OF_THE_TERMS
        )
    )


def _sentences(facts: BillingTypeFacts, terms: PaymentTerms) -> tuple[str, ...]:
    return schedule_validation.validate(
        timing=Timing(facts.timing),
        base=PeriodBase(facts.base),
        period_unit=PeriodUnit(facts.period_unit),
        period_count=facts.period_count,
        due_rule=DueRule(terms.due_rule),
        due_day=ANY_DUE_DAY,
        interval_days=terms.interval_days,
        custom_dates=tuple(terms.custom_dates),
        first_divisor=Divisor(facts.first_divisor),
    )


def _placed(sentences: Iterable[str], fields: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return each sentence with the field that it begins by naming."""
    return tuple((fields.get(one.partition(":")[0], ""), one) for one in sentences)
