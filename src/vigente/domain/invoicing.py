"""What an invoice is made of: from a contract's items and a service period to explained lines.

Nothing is decided here about when to bill or whom; see `close_plan` for that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vigente.domain import explanation, items, money, recurring
from vigente.domain.codes import Charge, ItemKind, LineKind
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.proration import Cost
from vigente.domain.recurring import Line
from vigente.domain.schedule import ServicePeriod


class NothingInForce(LookupError):
    """O contrato não tem nenhum item em vigor neste período."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice before it is issued; without a `service` period it is a SINGLE one.

    `carried_cents` is what its CARRIED lines move: out to the next invoice above zero, in below.
    `credit_cents` is what a final invoice leaves to the customer. `charges` are the charges of
    counted items that it makes, whether they have a line or sit in `discount_until_due_cents`.
    """

    service: ServicePeriod | None
    lines: tuple[Line, ...]
    total_cents: int
    discount_until_due_cents: int
    carried_cents: int
    credit_cents: int
    charges: tuple[tuple[int, int], ...]


def draft_invoice(
    contract_items: Sequence[Item],
    *,
    service: ServicePeriod,
    periodicity: Periodicity,
    carried_cents: int = 0,
    is_final: bool = False,
) -> InvoiceDraft:
    """Return the invoice of a service period; `carried_cents` is the balance carried so far.

    :raises NothingInForce: where no item has anything to charge in the period.
    :raises CyclePriceMissing: see `items.cycle_price`.
    """
    lines = recurring.recurring_lines(contract_items, service=service, periodicity=periodicity)
    days, regular = service.period, recurring.as_regular(service)
    charged = recurring.charged_items(contract_items)
    charges: list[tuple[int, int]] = []
    until_due_cents = 0
    for item in contract_items:
        if item.is_recurring:
            if item.only_if_paid_by_due:
                amount = recurring.discount(item, charged, service=regular, periodicity=periodicity)
                until_due_cents += amount.cents if amount else 0
        elif items.is_to_be_charged(item, on=days):
            line = _counted_line(
                item, charged, service=regular, periodicity=periodicity, and_the_rest=is_final
            )
            charges += [(item.id, number) for number in line.charge_numbers]
            if item.only_if_paid_by_due:
                until_due_cents -= line.amount_cents
            else:
                lines.append(line)
    if not lines and not carried_cents:
        raise NothingInForce
    return balanced(
        lines,
        service=service,
        carried_cents=carried_cents,
        until_due_cents=until_due_cents,
        is_final=is_final,
        charges=tuple(charges),
    )


def balanced(
    lines: Iterable[Line],
    *,
    service: ServicePeriod | None,
    carried_cents: int = 0,
    until_due_cents: int = 0,
    is_final: bool = False,
    charges: tuple[tuple[int, int], ...] = (),
) -> InvoiceDraft:
    """Return the lines as an invoice that never falls below zero.

    What was carried opens it; what would be negative is carried out, or, on a final invoice,
    becomes the customer's credit.
    """
    all_lines = list(lines)
    if carried_cents:
        all_lines.insert(0, _carried_in(carried_cents))
    total = sum(line.amount_cents for line in all_lines)
    missing = max(-total, 0)
    if missing:
        all_lines.append(_carried_out(missing, is_final=is_final))
        total = 0
    return InvoiceDraft(
        service=service,
        lines=tuple(all_lines),
        total_cents=total,
        discount_until_due_cents=min(until_due_cents, total),
        carried_cents=(0 if is_final else missing) - carried_cents,
        credit_cents=missing if is_final else 0,
        charges=charges,
    )


def after(contract_items: Sequence[Item], *, draft: InvoiceDraft) -> tuple[Item, ...]:
    """Return the items as they stand once `draft` is issued."""
    if not draft.charges:
        return tuple(contract_items)
    made: dict[int, int] = {}
    for item_id, _number in draft.charges:
        made[item_id] = made.get(item_id, 0) + 1
    return tuple(
        item._replace(charged=item.charged + made[item.id]) if item.id in made else item
        for item in contract_items
    )


def _counted_line(
    item: Item,
    charged: Sequence[Item],
    *,
    service: ServicePeriod,
    periodicity: Periodicity,
    and_the_rest: bool,
) -> Line:
    """Return the line of a counted item's next charge."""
    number = item.charged + 1
    takes_all = and_the_rest and item.charge is Charge.INSTALMENTS
    last = (item.times or 1) if takes_all else number
    numbers = tuple(range(number, last + 1))
    if item.percent_e4 is not None:
        base = recurring.discounted_cents(
            item, charged, service=service, periodicity=periodicity, within=service.period
        )
        amount = Cost(
            money.round_half_up(base * item.percent_e4, 1_000_000),
            explanation.percent(base, percent_e4=item.percent_e4),
        )
    else:
        amount = Cost(*items.charge_amount(item, number=number, and_the_rest=takes_all))
    named = item._replace(description=_numbered(item, numbers))
    if item.kind is ItemKind.DISCOUNT:
        return recurring.discount_line(named, amount, charge_numbers=numbers)
    return recurring.line_of(named, amount, charge_numbers=numbers)


def _numbered(item: Item, numbers: tuple[int, ...]) -> str:
    if item.times == 1:
        return item.description
    first, last = numbers[0], numbers[-1]
    which = f"{first}" if first == last else f"{first} a {last}"
    return f"{item.description} ({which} de {item.times})"


def _carried_in(carried_cents: int) -> Line:
    what = "Saldo credor da fatura anterior" if carried_cents > 0 else "Saldo de fatura cancelada"
    return Line(
        kind=LineKind.CARRIED_IN,
        description=what,
        amount_cents=-carried_cents,
        explanation=explanation.whole(-carried_cents),
    )


def _carried_out(missing_cents: int, *, is_final: bool) -> Line:
    what = "Crédito do cliente" if is_final else "Saldo credor para a próxima fatura"
    return Line(
        kind=LineKind.CARRIED_OUT,
        description=what,
        amount_cents=missing_cents,
        explanation=explanation.whole(missing_cents),
    )
