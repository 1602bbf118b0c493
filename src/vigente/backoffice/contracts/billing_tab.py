"""Faturamento: how a contract is billed, in words, and where each setting comes from."""

from dataclasses import dataclass

from vigente.backoffice.parameters import page as parameters
from vigente.backoffice.parameters import places
from vigente.backoffice.registers.billing_types import BASES, DIVISORS, FIRST, TIMINGS
from vigente.backoffice.registers.wallets import PAYMENT_FORMS, percent
from vigente.catalog.models import BillingType
from vigente.contracts.models import Contract
from vigente.domain import parameters as rules
from vigente.domain.codes import PaymentForm
from vigente.domain.cycles import PeriodUnit
from vigente.domain.parameters import (
    BLOCK_AUTOMATICALLY,
    GROUP_INVOICES,
    MAX_OVERDUE_RECEIVABLES,
    PRORATE_CHANGES,
    SIGNATURE_BEFORE_BILLING,
    Scope,
)
from vigente.domain.schedule import Divisor, FirstInvoice, PeriodBase, Timing
from vigente.parameters import queries

SETTINGS = (
    GROUP_INVOICES,
    BLOCK_AUTOMATICALLY,
    PRORATE_CHANGES,
    SIGNATURE_BEFORE_BILLING,
    MAX_OVERDUE_RECEIVABLES,
)
MONTHLY = {
    1: "Mensal",
    2: "Bimestral",
    3: "Trimestral",
    4: "Quadrimestral",
    6: "Semestral",
    12: "Anual",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter as it holds for the contract; `is_own` where the contract has its own value."""

    title: str
    words: str
    came_from: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Billing:
    """What the tab says: how periods are cut and paid, what delay costs, and the settings."""

    cut: tuple[tuple[str, str], ...]
    payment_form: str
    late: str
    settings: tuple[Setting, ...]


def shown(contract: Contract) -> Billing:
    """Return the tab of a contract."""
    wallet = contract.wallet
    fine, interest = percent(wallet.fine_percent), percent(wallet.interest_percent_month)
    late = f"{fine} % de multa e {interest} % de juros ao mês"
    form = PAYMENT_FORMS[PaymentForm(wallet.payment_form)]
    return Billing(cut(contract.billing_type), form, late, settings(contract))


def cut(billing_type: BillingType) -> tuple[tuple[str, str], ...]:
    """Return the rules that cut the periods, each with its name."""
    first = FIRST[FirstInvoice(billing_type.first_invoice)]
    divisor = DIVISORS[Divisor(billing_type.first_divisor)].lower()
    return (
        ("Pagamento", TIMINGS[Timing(billing_type.timing)]),
        ("Base do período", BASES[PeriodBase(billing_type.base)]),
        ("Periodicidade", periodicity(billing_type)),
        ("Proporcional da primeira fatura", f"{first}, {divisor}"),
    )


def periodicity(billing_type: BillingType) -> str:
    """Return how long a period is, in words."""
    count = billing_type.period_count
    if billing_type.period_unit == PeriodUnit.DAY.value:
        return "1 dia" if count == 1 else f"{count} dias"
    return MONTHLY.get(count, f"{count} meses")


def settings(contract: Contract) -> tuple[Setting, ...]:
    """Return the contract's parameters of billing with their origins."""
    now = contract.plans.select_related("sale_plan").order_by("-starts_on").first()
    place = places.of_contract(contract, plan=now.sale_plan if now else None)
    found = queries.resolved(SETTINGS, scopes=place.ids)
    return tuple(
        Setting(
            one.title,
            rules.words(one, found[one.name].value),
            parameters.origin(place, one, found[one.name]),
            is_own=found[one.name].scope is Scope.CONTRACT,
        )
        for one in SETTINGS
    )
