"""The venda avulsa: something sold once to a customer, outside any service period.

It becomes one SINGLE invoice for each instalment; the instalments add up to the sale.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from vigente.domain import cycles, due_dates, explanation, invoicing, money
from vigente.domain.close_plan import BranchRules, PlannedInvoice
from vigente.domain.codes import LineKind, TaxClass
from vigente.domain.proration import Cost
from vigente.domain.recurring import Line

MOST_INSTALMENTS = 24
MOST_CENTS = 1_000_000_000
FURTHEST_FIRST_DUE_DATE = timedelta(days=366)


class OneOffSaleRefused(ValueError):
    """A venda avulsa não pode ser feita assim; `field` names what is to be corrected."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOffSale:
    """What is sold; `first_due_on` is nominal, and so are the same days of the next months."""

    product_id: int
    description: str
    quantity_milli: int
    price_cents: int
    first_due_on: date
    instalments: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whom it is sold to, through which contract."""

    contract_id: int
    customer_id: int
    branch_id: int
    wallet_id: int


def total(sale: OneOffSale) -> Cost:
    """Return what the whole sale comes to, and its sum."""
    return Cost(*explanation.quantity(sale.price_cents, quantity_milli=sale.quantity_milli))


def plan(
    sale: OneOffSale, *, tax_class: TaxClass, buyer: Buyer, rules: BranchRules, today: date
) -> tuple[PlannedInvoice, ...]:
    """Return the invoices of a sale, one for each instalment, the first due first.

    :raises OneOffSaleRefused: for amounts or due dates that no customer could be asked for.
    """
    _refuse_absurd(sale, today=today)
    planned = tuple(
        _invoice(
            _line(sale, number, tax_class=tax_class),
            nominal_due_on=cycles.months_after(sale.first_due_on, months=number - 1),
            buyer=buyer,
            rules=rules,
            today=today,
        )
        for number in range(1, sale.instalments + 1)
    )
    if rules.last_due_on is not None:
        _refuse_beyond(rules.last_due_on, planned)
    return planned


def _invoice(
    line: Line, *, nominal_due_on: date, buyer: Buyer, rules: BranchRules, today: date
) -> PlannedInvoice:
    return PlannedInvoice(
        contract_id=buyer.contract_id,
        customer_id=buyer.customer_id,
        branch_id=buyer.branch_id,
        wallet_id=buyer.wallet_id,
        grouped=False,
        draft=invoicing.balanced([line], service=None),
        nominal_due_on=nominal_due_on,
        due_on=rules.payable_on(nominal_due_on, issued_on=today),
    )


def _line(sale: OneOffSale, number: int, *, tax_class: TaxClass) -> Line:
    whole, times = total(sale), sale.instalments
    amount, description = whole, sale.description
    if times > 1:
        amount = Cost(
            *explanation.instalments(whole.cents, times=times, after=number - 1, until=number)
        )
        description = f"{sale.description} ({number} de {times})"
    return Line(
        LineKind.ADDITIONAL,
        description,
        amount.cents,
        amount.explanation,
        tax_class,
        sale.product_id,
        quantity_milli=sale.quantity_milli,
        unit_cents=sale.price_cents,
    )


def _refuse_absurd(sale: OneOffSale, *, today: date) -> None:
    if not 1 <= sale.instalments <= MOST_INSTALMENTS:
        raise OneOffSaleRefused(
            f"Parcele em no máximo {MOST_INSTALMENTS} vezes.", field="instalments"
        )
    if total(sale).cents > MOST_CENTS:
        raise OneOffSaleRefused(
            f"O total passa de {money.brl(MOST_CENTS)}: confira valor e quantidade.",
            field="price_cents",
        )
    if total(sale).cents < sale.instalments:
        raise OneOffSaleRefused(
            "O total deve dar pelo menos um centavo por parcela: confira valor e quantidade.",
            field="price_cents",
        )
    if sale.first_due_on < today:
        raise OneOffSaleRefused(
            "O vencimento já passou: escolha hoje ou um dia que ainda vem.", field="first_due_on"
        )
    if sale.first_due_on > today + FURTHEST_FIRST_DUE_DATE:
        raise OneOffSaleRefused(
            "O primeiro vencimento fica a no máximo um ano: escolha um dia mais próximo.",
            field="first_due_on",
        )


def _refuse_beyond(ceiling: date, planned: tuple[PlannedInvoice, ...]) -> None:
    below = sum(one.due_on <= ceiling for one in planned)
    if below == len(planned):
        return
    first_above = planned[below].due_on
    if below == 0:
        sentence = f"O vencimento, {first_above:%d/%m/%Y}, fica {due_dates.beyond(ceiling)}"
        raise OneOffSaleRefused(sentence, field="first_due_on")
    raise OneOffSaleRefused(
        f"A parcela {below + 1} venceria em {first_above:%d/%m/%Y}, "
        f"{due_dates.beyond(ceiling)} Até lá cabem {below}.",
        field="instalments",
    )
