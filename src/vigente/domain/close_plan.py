"""The ClosePlan: which periods of which contracts become invoices now, and which wait and why.

Pure: facts of contracts in, invoices and holds out. A simulation shows this plan, a run writes
it; neither reads a clock or a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from vigente.domain import due_dates, invoicing, items, recurring, schedule
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.codes import HoldReason
from vigente.domain.cycles import PeriodUnit
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.items import Item
from vigente.domain.periods import Period
from vigente.domain.schedule import DueRule, Schedule, ScheduleUsedUp, ServicePeriod

BACK_PERIODS_WITHOUT_APPROVAL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRules:
    """What a branch decides about due dates."""

    min_days_before_due: int
    due_on_business_day: bool
    last_due_on: date | None
    calendar: BusinessCalendar

    def payable_on(self, nominal_due_on: date, *, issued_on: date) -> date:
        """Return the day on which an invoice of that nominal due date is payable."""
        return due_dates.payable_on(
            nominal_due_on,
            issued_on=issued_on,
            min_days=self.min_days_before_due,
            calendar=self.calendar,
            move_to_business_day=self.due_on_business_day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """A contract as the close sees it.

    `billed_until` is the first day after all invoiced ones; `gaps` are earlier days whose invoice
    was cancelled to be billed again, oldest first.
    """

    id: int
    customer_id: int
    branch_id: int
    wallet_id: int
    schedule: Schedule
    items: tuple[Item, ...]
    billed_until: date
    gaps: tuple[Period, ...] = ()
    ends_on: date | None = None
    carried_cents: int = 0
    grouped: bool = True
    is_signed: bool = True
    signature_required: bool = False
    overdue_receivables: int = 0
    max_overdue_receivables: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTerms:
    """What a run was asked for."""

    issued_on: date
    due_until: date
    back_periods_approved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedInvoice:
    """One invoice to be issued, and what its receivable is grouped by."""

    contract_id: int
    customer_id: int
    branch_id: int
    wallet_id: int
    grouped: bool
    draft: InvoiceDraft
    nominal_due_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A contract left for later; `amount_cents` is what would have been billed."""

    contract_id: int
    reason: HoldReason
    detail: str
    due_on: date | None
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReceivable:
    """What one customer pays on one due date."""

    customer_id: int
    branch_id: int
    wallet_id: int
    due_on: date
    invoices: tuple[PlannedInvoice, ...]

    @property
    def amount_cents(self) -> int:
        """Return the sum of the invoices."""
        return sum(invoice.draft.total_cents for invoice in self.invoices)

    @property
    def discount_until_due_cents(self) -> int:
        """Return what is taken off when it is paid by the due date."""
        return sum(invoice.draft.discount_until_due_cents for invoice in self.invoices)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePlan:
    """All that a close will write: `receivables` hold every invoice that is not zero."""

    invoices: tuple[PlannedInvoice, ...]
    receivables: tuple[PlannedReceivable, ...]
    holds: tuple[Hold, ...]


def plan_close(
    contracts: Iterable[ContractFacts], *, rules: dict[int, BranchRules], terms: CloseTerms
) -> ClosePlan:
    """Return the ClosePlan of these contracts; `rules` are by branch id."""
    invoices: list[PlannedInvoice] = []
    holds: list[Hold] = []
    for contract in contracts:
        planned, hold = plan_contract(contract, rules=rules[contract.branch_id], terms=terms)
        invoices += planned
        if hold is not None:
            holds.append(hold)
    return ClosePlan(invoices=tuple(invoices), receivables=group(invoices), holds=tuple(holds))


def plan_contract(
    contract: ContractFacts, *, rules: BranchRules, terms: CloseTerms
) -> tuple[list[PlannedInvoice], Hold | None]:
    """Return the invoices of one contract that fall due, oldest first, or why it waits."""
    try:
        services = due_services(contract, until=terms.due_until)
    except ScheduleUsedUp as used_up:
        return [], _hold(contract, HoldReason.SCHEDULE_USED_UP, detail=str(used_up))
    except schedule.ScheduleIncomplete as incomplete:
        detail = ", ".join(contract.missing) or str(incomplete)
        return [], _hold(contract, HoldReason.MISSING_DATA, detail=detail)
    if not services:
        return [], None
    if contract.missing:
        return [], _hold(contract, HoldReason.MISSING_DATA, detail=", ".join(contract.missing))
    try:
        planned = _draft_all(contract, services, rules=rules, terms=terms)
    except (invoicing.NothingInForce, items.CyclePriceMissing) as missing:
        return [], _hold(contract, HoldReason.MISSING_DATA, detail=_sentence(missing))
    hold = (
        _by_signature(contract, planned)
        or _by_open_receivables(contract, planned)
        or _by_back_periods(contract, planned, terms=terms)
    )
    if hold is not None:
        return [], hold
    return _below_ceiling(contract, planned, last_due_on=rules.last_due_on)


def due_services(contract: ContractFacts, *, until: date) -> list[ServicePeriod]:
    """Return the service periods not yet invoiced whose nominal due date is at most `until`.

    Gaps left by cancelled invoices come first; a contract that ends is billed up to its end.
    """
    services = [
        service for gap in contract.gaps for service in _services(contract, within=gap, until=until)
    ]
    last_day = contract.ends_on or date.max
    if contract.billed_until < last_day:
        open_end = Period(contract.billed_until, last_day)
        services += _services(contract, within=open_end, until=until)
    return services


def group(invoices: Iterable[PlannedInvoice]) -> tuple[PlannedReceivable, ...]:
    """Return the receivables: one for each customer, branch, wallet and payable date.

    An invoice of a contract that is not grouped has its own; a zero invoice has none.
    """
    groups: dict[tuple[object, ...], list[PlannedInvoice]] = {}
    for number, invoice in enumerate(invoices):
        if invoice.draft.total_cents == 0:
            continue
        own = None if invoice.grouped else number
        key = (invoice.customer_id, invoice.branch_id, invoice.wallet_id, invoice.due_on, own)
        groups.setdefault(key, []).append(invoice)
    return tuple(
        PlannedReceivable(
            customer_id=members[0].customer_id,
            branch_id=members[0].branch_id,
            wallet_id=members[0].wallet_id,
            due_on=members[0].due_on,
            invoices=tuple(members),
        )
        for members in groups.values()
    )


def missing_data(
    *, due_rule: DueRule, period_unit: PeriodUnit, due_day: int | None, has_address: bool
) -> tuple[str, ...]:
    """Return, in words, what a contract lacks before it can be billed."""
    missing = []
    if due_rule is DueRule.FIXED_DAY and period_unit is PeriodUnit.MONTH and due_day is None:
        missing.append("dia de vencimento")
    if not has_address:
        missing.append("endereço de instalação")
    return tuple(missing)


def _services(contract: ContractFacts, *, within: Period, until: date) -> list[ServicePeriod]:
    services: list[ServicePeriod] = []
    start = within.start
    while start < within.end:
        try:
            service = schedule.service_period(contract.schedule, start=start)
        except ScheduleUsedUp:
            if services:
                break
            raise
        if service.nominal_due_on > until:
            break
        if service.period.end > within.end:
            service = recurring.cut(service, period=Period(start, within.end))
        services.append(service)
        start = service.period.end
    return services


def _draft_all(
    contract: ContractFacts,
    services: Sequence[ServicePeriod],
    *,
    rules: BranchRules,
    terms: CloseTerms,
) -> list[PlannedInvoice]:
    planned = []
    contract_items, carried_cents = contract.items, contract.carried_cents
    for service in services:
        draft = invoicing.draft_invoice(
            contract_items,
            service=service,
            periodicity=contract.schedule.periodicity,
            carried_cents=carried_cents,
        )
        contract_items = invoicing.after(contract_items, draft=draft)
        carried_cents += draft.carried_cents
        planned.append(
            PlannedInvoice(
                contract_id=contract.id,
                customer_id=contract.customer_id,
                branch_id=contract.branch_id,
                wallet_id=contract.wallet_id,
                grouped=contract.grouped,
                draft=draft,
                nominal_due_on=service.nominal_due_on,
                due_on=rules.payable_on(service.nominal_due_on, issued_on=terms.issued_on),
            )
        )
    return planned


def _by_signature(contract: ContractFacts, planned: list[PlannedInvoice]) -> Hold | None:
    if contract.is_signed or not contract.signature_required:
        return None
    detail = "a primeira assinatura ainda não foi registrada"
    return _hold(contract, HoldReason.SIGNATURE, planned, detail=detail)


def _by_open_receivables(contract: ContractFacts, planned: list[PlannedInvoice]) -> Hold | None:
    limit = contract.max_overdue_receivables
    if limit == 0 or contract.overdue_receivables < limit:
        return None
    detail = f"{contract.overdue_receivables} contas vencidas em aberto; o limite é {limit}"
    return _hold(contract, HoldReason.OPEN_RECEIVABLES, planned, detail=detail)


def _by_back_periods(
    contract: ContractFacts,
    planned: list[PlannedInvoice],
    *,
    terms: CloseTerms,
) -> Hold | None:
    back = [invoice for invoice in planned if invoice.nominal_due_on < terms.issued_on]
    if terms.back_periods_approved or len(back) <= BACK_PERIODS_WITHOUT_APPROVAL:
        return None
    detail = f"{len(back)} períodos atrasados; aprove para faturar"
    return _hold(contract, HoldReason.BACK_PERIODS, planned, detail=detail)


def _below_ceiling(
    contract: ContractFacts, planned: list[PlannedInvoice], *, last_due_on: date | None
) -> tuple[list[PlannedInvoice], Hold | None]:
    """Return the invoices up to the first one above the ceiling; that one and all after it wait."""
    if last_due_on is None:
        return planned, None
    below = list(takewhile(lambda invoice: invoice.due_on <= last_due_on, planned))
    above = planned[len(below) :]
    if not above:
        return planned, None
    detail = f"vencimento acima do teto de {last_due_on:%d/%m/%Y}"
    return below, _hold(contract, HoldReason.CEILING, above, detail=detail)


def _hold(
    contract: ContractFacts,
    reason: HoldReason,
    planned: Sequence[PlannedInvoice] = (),
    *,
    detail: str,
) -> Hold:
    return Hold(
        contract_id=contract.id,
        reason=reason,
        detail=detail,
        due_on=planned[0].due_on if planned else None,
        amount_cents=sum(invoice.draft.total_cents for invoice in planned),
    )


def _sentence(missing: LookupError) -> str:
    if isinstance(missing, items.CyclePriceMissing):
        return f"preço por ciclo do item {missing}"
    return "nenhum item em vigor no período"
