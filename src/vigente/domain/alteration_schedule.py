"""How an alteration cuts time from the last kept invoice on: due day, billing type, or as before.

A changed billing type begins a new grid where the last kept period ended, and the days up to its
first boundary are billed like a first invoice; a changed due day alone stretches one period.
"""

from dataclasses import dataclass, replace
from datetime import date

from vigente.domain import alteration_due_day, invoicing, schedule
from vigente.domain.alteration_due_day import DueDayChange, DueDayRefused
from vigente.domain.alteration_terms import AlterationFacts, BillingRules, WantedTerms
from vigente.domain.close_plan import ContractFacts
from vigente.domain.schedule import Divisor, FirstInvoice, PeriodBase, Schedule
from vigente.domain.termination import IssuedPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """The schedule that an alteration leads to; `due_day_change` where one period is stretched."""

    former: Schedule
    schedule: Schedule
    billing_type_changes: bool
    due_day_changes: bool
    due_day_change: DueDayChange | None = None


def kept(issued: tuple[IssuedPeriod, ...], *, on: date) -> tuple[IssuedPeriod, ...]:
    """Return the invoices that an alteration on that day leaves as they are."""
    return tuple(invoice for invoice in issued if invoice.service.period.start <= on)


def later(issued: tuple[IssuedPeriod, ...], *, on: date) -> tuple[IssuedPeriod, ...]:
    """Return the invoices of later periods, which an alteration on that day cancels."""
    return tuple(invoice for invoice in issued if invoice.service.period.start > on)


def change(facts: AlterationFacts, *, wanted: WantedTerms) -> ScheduleChange:
    """Return the schedule from the end of the last kept period on.

    :raises DueDayRefused: see `alteration_due_day.change`; also where the new billing type needs
        a due day and there is none.
    """
    present, billing_type = facts.contract.schedule, wanted.billing_type
    if billing_type is not None and billing_type.id != facts.billing_type_id:
        changed = _of_billing_type(facts, billing_type, due_day=wanted.due_day)
        return ScheduleChange(
            former=present,
            schedule=changed,
            billing_type_changes=True,
            due_day_changes=changed.due_day is not None
            and present.due_day is not None
            and changed.due_day != present.due_day,
        )
    if wanted.due_day is None or wanted.due_day == present.due_day:
        return ScheduleChange(
            former=present, schedule=present, billing_type_changes=False, due_day_changes=False
        )
    due = [i.service.nominal_due_on for i in kept(facts.issued, on=wanted.on)]
    moved = alteration_due_day.change(
        present,
        start=facts.contract.billed_until,
        due_day=wanted.due_day,
        on=wanted.on,
        min_notice_days=facts.rules.min_days_before_due,
        last_kept_due_on=max(due, default=None),
    )
    return ScheduleChange(
        former=present,
        schedule=moved.schedule,
        billing_type_changes=False,
        due_day_changes=True,
        due_day_change=moved,
    )


def on_the_day(facts: AlterationFacts, *, wanted: WantedTerms) -> AlterationFacts:
    """Return the facts of a scheduled alteration as they will be if all goes on as now.

    Periods that end until then are taken as invoiced; on the day itself it is planned anew.
    """
    if wanted.on <= facts.today:
        return facts
    return replace(facts, contract=_billed(facts.contract, until=wanted.on))


def _billed(contract: ContractFacts, *, until: date) -> ContractFacts:
    start, contract_items = contract.billed_until, contract.items
    carried = contract.carried_cents
    while True:
        service = schedule.service_period(contract.schedule, start=start)
        if service.period.end > until:
            return replace(
                contract, billed_until=start, items=contract_items, carried_cents=carried
            )
        try:
            draft = invoicing.draft_invoice(
                contract_items,
                service=service,
                periodicity=contract.schedule.periodicity,
                carried_cents=carried,
            )
            contract_items = invoicing.after(contract_items, draft=draft)
            carried += draft.carried_cents
        except invoicing.NothingInForce:
            pass
        start = service.period.end


def _of_billing_type(
    facts: AlterationFacts, billing_type: BillingRules, *, due_day: int | None
) -> Schedule:
    starts_on, due_day = facts.contract.billed_until, due_day or facts.contract.schedule.due_day
    uses_due_day = schedule.uses_due_day(
        due_rule=billing_type.due_rule, periodicity=billing_type.periodicity
    )
    if uses_due_day and due_day is None:
        raise DueDayRefused(
            "Dia de vencimento: informe um dia; o tipo de cobrança "
            f"{billing_type.name} precisa dele."
        )
    by_due_date = billing_type.base is PeriodBase.DUE_DATE
    goes_on = starts_on == facts.imported_until
    return Schedule(
        timing=billing_type.timing,
        base=billing_type.base,
        periodicity=billing_type.periodicity,
        due_rule=billing_type.due_rule,
        due_day=due_day if uses_due_day else None,
        interval_days=billing_type.interval_days,
        custom_dates=billing_type.custom_dates,
        first_invoice=FirstInvoice.FIRST if goes_on else billing_type.first_invoice,
        first_divisor=Divisor.ACTUAL if goes_on else billing_type.first_divisor,
        starts_on=starts_on,
        anchor_on=starts_on if by_due_date else facts.activated_on or starts_on,
    )
