"""The TerminationPlan: what a contract still owes when it ends, and what it gets back.

Invoices not yet due are cancelled; the days served that no standing invoice bills are prorated
on a final invoice; days paid for and not served are given back on it. What a final invoice
leaves below zero is the customer's credit. Unserved days that were issued to a former holder are
given back to that one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from vigente.domain import close_plan, explanation, invoicing, recurring
from vigente.domain.adjustments import recurring_cost
from vigente.domain.close_plan import ContractFacts
from vigente.domain.codes import LineKind
from vigente.domain.cycles import Periodicity
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.recurring import Line
from vigente.domain.schedule import ServicePeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPeriod:
    """A standing PERIOD invoice; `periodicity` is told where a former billing type priced it."""

    invoice_id: int
    service: ServicePeriod
    due_on: date
    total_cents: int
    periodicity: Periodicity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerHolding:
    """An invoice that was issued to a former holder; `in_their_time` if its period began then."""

    customer_id: int
    in_their_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What a former holder gets back of days that were issued to them and never used."""

    customer_id: int
    draft: InvoiceDraft


type Formers = Mapping[int, FormerHolding]
NOBODY: Formers = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminationPlan:
    """What ending a contract does. `finals` are invoices; their credit goes to the customer.

    `returns` are invoices without value, whose credit goes to former holders.
    """

    ends_on: date
    cancelled: tuple[IssuedPeriod, ...]
    finals: tuple[InvoiceDraft, ...]
    returns: tuple[Return, ...] = ()

    @property
    def credit_cents(self) -> int:
        """Return what is left to the customer."""
        return sum(draft.credit_cents for draft in self.finals)


def not_yet_due(
    issued: Sequence[IssuedPeriod], *, today: date, formers: Formers = NOBODY
) -> tuple[IssuedPeriod, ...]:
    """Return the invoices that a termination cancels.

    `formers` are those of former holders, by invoice: what they used in their time stays theirs.
    """
    staying = {id_ for id_, former in formers.items() if former.in_their_time}
    return tuple(i for i in issued if i.due_on > today and i.invoice_id not in staying)


def plan_termination(
    contract: ContractFacts,
    *,
    issued: Sequence[IssuedPeriod],
    ends_on: date,
    today: date,
    waives_unbilled_days: bool,
    formers: Formers = NOBODY,
) -> TerminationPlan:
    """Return what ending the contract on `ends_on`, the first day not served, comes to.

    `contract` is as it stands once the invoices `not_yet_due` are released.
    """
    cancelled = not_yet_due(issued, today=today, formers=formers)
    kept = [invoice for invoice in issued if invoice not in cancelled]
    ended = replace(contract, ends_on=ends_on, items=_ended(contract.items, on=ends_on))
    services: list[ServicePeriod] = []
    if not waives_unbilled_days:
        services = close_plan.due_services(_until(ended, ends_on), until=date.max)
    own = [invoice for invoice in kept if invoice.invoice_id not in formers]
    back = _given_back(contract, own, ends_on=ends_on)
    return TerminationPlan(
        ends_on=ends_on,
        cancelled=cancelled,
        finals=_finals(ended, services, back),
        returns=tuple(_returns(contract, kept, formers=formers, ends_on=ends_on)),
    )


def _returns(
    contract: ContractFacts, kept: Sequence[IssuedPeriod], *, formers: Formers, ends_on: date
) -> Iterator[Return]:
    """Yield what each former holder gets back."""
    for customer_id in sorted({former.customer_id for former in formers.values()}):
        theirs = [
            invoice
            for invoice in kept
            if invoice.invoice_id in formers
            and formers[invoice.invoice_id].customer_id == customer_id
        ]
        back = _given_back(contract, theirs, ends_on=ends_on)
        if back:
            draft = invoicing.balanced(back, service=None, is_final=True)
            yield Return(customer_id=customer_id, draft=draft)


def _until(contract: ContractFacts, ends_on: date) -> ContractFacts:
    gaps = (gap.overlap(Period(date.min, ends_on)) for gap in contract.gaps)
    return replace(contract, gaps=tuple(gap for gap in gaps if gap))


def _ended(items: Sequence[Item], *, on: date) -> tuple[Item, ...]:
    return tuple(
        item._replace(ends_on=on)
        if item.is_recurring and (item.ends_on is None or item.ends_on > on)
        else item
        for item in items
    )


def _given_back(
    contract: ContractFacts, kept: Sequence[IssuedPeriod], *, ends_on: date
) -> list[Line]:
    """Return a line for the unserved days of each standing invoice."""
    lines = []
    for invoice in kept:
        service = invoice.service
        if service.period.end <= ends_on:
            continue
        periodicity = invoice.periodicity or contract.schedule.periodicity
        whole = recurring_cost(contract.items, service=service, periodicity=periodicity)
        served = 0
        if service.period.start < ends_on:
            used = recurring.cut(service, period=Period(service.period.start, ends_on))
            served = recurring_cost(contract.items, service=used, periodicity=periodicity)
        unused = Period(max(ends_on, service.period.start), service.period.end)
        lines.append(
            Line(
                kind=LineKind.ADJUSTMENT,
                description=f"Dias não usados, {unused.label()}",
                amount_cents=served - whole,
                explanation=explanation.difference(served, whole),
                days=unused.days,
            )
        )
    return lines


def _finals(
    contract: ContractFacts, services: Sequence[ServicePeriod], back: list[Line]
) -> tuple[InvoiceDraft, ...]:
    items, carried = contract.items, contract.carried_cents
    drafts: list[InvoiceDraft] = []
    for service in services:
        is_last = service is services[-1]
        draft = invoicing.draft_invoice(
            items,
            service=service,
            periodicity=contract.schedule.periodicity,
            carried_cents=carried,
            is_final=is_last and not back,
        )
        if is_last and back:
            draft = _with(draft, back, carried_cents=carried)
        items = invoicing.after(items, draft=draft)
        carried += draft.carried_cents
        drafts.append(draft)
    if not services and (back or carried):
        drafts.append(invoicing.balanced(back, service=None, carried_cents=carried, is_final=True))
    return tuple(drafts)


def _with(draft: InvoiceDraft, back: list[Line], *, carried_cents: int) -> InvoiceDraft:
    lines = [
        line for line in draft.lines if line.kind not in (LineKind.CARRIED_IN, LineKind.CARRIED_OUT)
    ]
    return invoicing.balanced(
        lines + back,
        service=draft.service,
        carried_cents=carried_cents,
        until_due_cents=draft.discount_until_due_cents,
        is_final=True,
        charges=draft.charges,
    )
