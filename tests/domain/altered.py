"""A contract in memory that is closed and altered, as property tests drive it.

It keeps what tables would: the schedule, the items, the invoices that stand. Everything that is
decided comes from the rules.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from vigente.domain import alteration_items, alteration_plan, alteration_schedule, invoicing
from vigente.domain import schedule as schedules
from vigente.domain.adjustments import recurring_cost
from vigente.domain.alteration_plan import AlterationPlan
from vigente.domain.alteration_terms import AlterationFacts, PlanRank, WantedTerms
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.close_plan import BranchRules, ContractFacts
from vigente.domain.codes import DifferencePolicy, ItemKind, LineKind
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.items import Item
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.schedule import Schedule, ServicePeriod
from vigente.domain.termination import IssuedPeriod

RULES = BranchRules(
    min_days_before_due=5,
    due_on_business_day=False,
    last_due_on=None,
    calendar=BusinessCalendar(),
)
FIBRA = PlanRank(id=1, name="Fibra 300", tier=1, speed_kbps=300_000)
CARRIED = (LineKind.CARRIED_IN, LineKind.CARRIED_OUT)


@dataclass
class Contract:
    """A contract with its standing invoices."""

    schedule: Schedule
    items: list[Item]
    policy: DifferencePolicy = DifferencePolicy.PERIOD_BALANCE
    issued: list[tuple[IssuedPeriod, InvoiceDraft]] = field(default_factory=list)
    altered_on: list[date] = field(default_factory=list)
    due_day_changed_on: list[date] = field(default_factory=list)
    billing_type_id: int = 1
    next_id: int = 100

    def __post_init__(self) -> None:
        self.first_day = self.anchored_on = self.schedule.starts_on

    def close(self, count: int = 1) -> None:
        """Invoice the next periods."""
        for _ in range(count):
            now = self.facts_until(None)
            service = schedules.service_period(now.schedule, start=now.billed_until)
            draft = invoicing.draft_invoice(
                now.items,
                service=service,
                periodicity=now.schedule.periodicity,
                carried_cents=now.carried_cents,
            )
            invoice = IssuedPeriod(
                invoice_id=self._id(),
                service=service,
                due_on=service.nominal_due_on,
                total_cents=draft.total_cents,
                periodicity=now.schedule.periodicity,
            )
            self.issued.append((invoice, draft))

    def alter(self, wanted: WantedTerms, *, today: date | None = None) -> AlterationPlan:
        """Plan the alteration and carry it out."""
        plan = alteration_plan.plan_alteration(self.facts(wanted, today=today), wanted=wanted)
        cancelled = {invoice.invoice_id for invoice in plan.invoices.cancelled}
        self.issued = [pair for pair in self.issued if pair[0].invoice_id not in cancelled]
        after = [*plan.items.after, *alteration_items.started_items(plan.charged_items, first=90)]
        ids = {item.id: self._id() if item.id < 0 else item.id for item in after}
        self.items = [
            item._replace(
                id=ids[item.id],
                discounted_item_id=ids.get(item.discounted_item_id or 0),
                charged=0,
            )
            for item in after
        ]
        self.schedule = plan.schedule.schedule
        self.altered_on.append(wanted.on)
        if plan.schedule.due_day_changes:
            self.due_day_changed_on.append(wanted.on)
        if wanted.billing_type is not None:
            self.billing_type_id = wanted.billing_type.id
        return plan

    def facts(self, wanted: WantedTerms, *, today: date | None = None, **more) -> AlterationFacts:
        """Return what an alteration finds."""
        issued = tuple(invoice for invoice, _ in self.issued)
        return replace(
            AlterationFacts(
                today=today or wanted.on,
                contract=self.facts_until(wanted.on),
                status=ContractStatus.ACTIVE,
                activated_on=self.anchored_on,
                plan=FIBRA,
                billing_type_id=self.billing_type_id,
                issued=issued,
                receivables=(),
                rules=RULES,
                policy=self.policy,
                altered_on=tuple(self.altered_on),
                due_day_changed_on=tuple(self.due_day_changed_on),
                max_due_day_changes=99,
            ),
            **more,
        )

    def facts_until(self, on: date | None) -> ContractFacts:
        """Return the contract as the close sees it, without invoices of periods after `on`."""
        standing = self.standing
        if on is not None:
            kept = alteration_schedule.kept(tuple(i for i, _ in standing), on=on)
            standing = [pair for pair in standing if pair[0] in kept]
        charged = Counter(item_id for _, draft in standing for item_id, _ in draft.charges)
        return ContractFacts(
            id=1,
            customer_id=1,
            branch_id=1,
            wallet_id=1,
            schedule=self.schedule,
            items=tuple(item._replace(charged=charged[item.id]) for item in self.items),
            billed_until=standing[-1][0].service.period.end if standing else self.first_day,
            carried_cents=sum(draft.carried_cents for _, draft in standing),
        )

    @property
    def standing(self) -> list[tuple[IssuedPeriod, InvoiceDraft]]:
        """Return the invoices that stand, oldest first."""
        return sorted(self.issued, key=lambda pair: pair[0].service.period)

    @property
    def services(self) -> list[ServicePeriod]:
        """Return the periods that were billed, oldest first."""
        return [invoice.service for invoice, _ in self.standing]

    @property
    def billed_cents(self) -> int:
        """Return what all standing invoices charge, and what the next ones are still to settle."""
        lines = sum(
            line.amount_cents
            for _, draft in self.standing
            for line in draft.lines
            if line.kind not in CARRIED
        )
        return lines + self.pending_cents

    @property
    def pending_cents(self) -> int:
        """Return what one-off items have not reached an invoice."""
        now = self.facts_until(None)
        left = [item for item in now.items if not item.is_recurring and item.charges_left]
        return sum(
            item.charges_left * item.price_cents * (-1 if item.kind is ItemKind.DISCOUNT else 1)
            for item in left
        )

    @property
    def cost_cents(self) -> int:
        """Return what the days of the billed periods cost, each at what was in force on it."""
        return sum(
            recurring_cost(
                self.items,
                service=invoice.service,
                periodicity=invoice.periodicity or self.schedule.periodicity,
            )
            for invoice, _ in self.standing
        )

    def _id(self) -> int:
        self.next_id += 1
        return self.next_id
