"""The activation fee: its instalments, on invoices of their own or on the next ones."""

from dataclasses import dataclass
from datetime import date

from vigente.domain import explanation, invoicing
from vigente.domain.codes import LineKind, TaxClass
from vigente.domain.cycles import months_after
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.recurring import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fee charged at activation; `first_due_on` None leaves it to the next invoices."""

    product_id: int
    tax_class: TaxClass
    description: str
    total_cents: int
    instalments: int
    first_due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeInvoice:
    """One instalment with a due date of its own."""

    nominal_due_on: date
    draft: InvoiceDraft


def fee_invoices(fee: Fee) -> tuple[FeeInvoice, ...]:
    """Return the fee's instalments, a month apart; they add up to the fee.

    :raises ValueError: if the fee has no due date of its own.
    """
    if fee.first_due_on is None:
        raise ValueError("a taxa não tem vencimentos próprios")
    return tuple(
        FeeInvoice(
            nominal_due_on=months_after(fee.first_due_on, months=number),
            draft=invoicing.balanced([_line(fee, number + 1)], service=None),
        )
        for number in range(fee.instalments)
    )


def _line(fee: Fee, number: int) -> Line:
    cents, sum_ = explanation.instalments(
        fee.total_cents, times=fee.instalments, after=number - 1, until=number
    )
    alone = fee.instalments == 1
    return Line(
        kind=LineKind.FEE,
        description=fee.description
        if alone
        else f"{fee.description} ({number} de {fee.instalments})",
        amount_cents=cents,
        explanation=explanation.whole(cents) if alone else sum_,
        tax_class=fee.tax_class,
        product_id=fee.product_id,
        unit_cents=fee.total_cents,
    )
