"""The AlterationPlan: all that altering a contract does, as one value.

The screen shows it, the journey carries it out, the document prints it. Its digest tells whether
anything changed between the showing and the confirming.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from vigente.domain import (
    alteration_classification,
    alteration_digest,
    alteration_invoices,
    alteration_items,
    alteration_loyalty,
    alteration_penalty,
    alteration_preconditions,
    alteration_schedule,
    alteration_settlement,
    close_plan,
    recurring,
    schedule,
)
from vigente.domain.alteration_classification import Classification
from vigente.domain.alteration_invoices import InvoiceChanges
from vigente.domain.alteration_items import ItemChanges
from vigente.domain.alteration_loyalty import LoyaltyChange
from vigente.domain.alteration_penalty import Penalty
from vigente.domain.alteration_preconditions import Refusal
from vigente.domain.alteration_schedule import ScheduleChange
from vigente.domain.alteration_settlement import Settlement
from vigente.domain.alteration_terms import AlterationFacts, DraftedItem, PlanRank, WantedTerms
from vigente.domain.close_plan import CloseTerms, ContractFacts, Hold, PlannedInvoice
from vigente.domain.codes import SignatureKind
from vigente.domain.recurring import Shift
from vigente.domain.schedule import ScheduleIncomplete, ScheduleUsedUp

INVOICES_SHOWN = 2


class AlterationRefused(ValueError):
    """O contrato não pode ser alterado assim; `refusals` são todas as razões."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.sentence for refusal in refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedChange:
    """What the network is told once the new access is released."""

    before_kbps: int
    after_kbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterationPlan:
    """What an alteration does, before it is done.

    `settlement` is None where no item changes, and where the day's period is not invoiced yet: it
    will be drafted from its segments. `shift` are the days that a changed due day moves; they are
    lines of that period's invoice, never an item. `first_invoices` are drafts of the first ones
    under the new terms, and `hold` says why one of them will wait, such as the ceiling.
    """

    contract_id: int
    today: date
    plan_before: PlanRank
    billing_type_id_before: int
    wanted: WantedTerms
    classification: Classification
    invoices: InvoiceChanges
    items: ItemChanges
    schedule: ScheduleChange
    settlement: Settlement | None
    shift: Shift | None
    penalty: Penalty | None
    first_invoices: tuple[PlannedInvoice, ...]
    hold: Hold | None
    speed: SpeedChange | None
    cancels_pix_recurrence: bool
    loyalty: LoyaltyChange | None = None

    @property
    def digest(self) -> str:
        """Return the fingerprint of everything in the plan."""
        return alteration_digest.digest(self)

    @property
    def awaits_signature(self) -> bool:
        """Tell whether the new access waits until the customer has signed."""
        return self.wanted.signature is SignatureKind.DIGITAL

    @property
    def is_scheduled(self) -> bool:
        """Tell whether it waits for its day."""
        return self.wanted.on > self.today

    @property
    def needs_tick(self) -> bool:
        """Tell whether the customer gets less than the exact difference, which is to be ticked."""
        return self.shortfall_cents > 0

    @property
    def shortfall_cents(self) -> int:
        """Return by how much the customer gets less than the exact difference."""
        return self.settlement.shortfall_cents if self.settlement else 0

    @property
    def charged_items(self) -> tuple[DraftedItem, ...]:
        """Return the items that the next invoice charges or takes off once, beside the started."""
        settled = self.settlement.items if self.settlement else ()
        return (*settled, *([self.penalty.item] if self.penalty and self.penalty.item else []))


def plan_alteration(facts: AlterationFacts, *, wanted: WantedTerms) -> AlterationPlan:
    """Return what leading the contract to the wanted terms does.

    :raises AlterationRefused: with every precondition that fails.
    """
    refusals = alteration_preconditions.refusals(facts, wanted=wanted)
    if refusals:
        raise AlterationRefused(refusals)
    facts = alteration_schedule.on_the_day(facts, wanted=wanted)
    items = alteration_items.change(facts.contract.items, wanted=wanted)
    cut = alteration_schedule.change(facts, wanted=wanted)
    classification = _classified(facts, wanted, items=items, cut=cut)
    settlement = _settlement(facts, wanted, items=items)
    penalty = alteration_penalty.penalty(
        facts.loyalty, wanted=wanted, kind=classification.kind, present=facts.contract.items
    )
    settled = settlement.items if settlement else ()
    charged = (*settled, *([penalty.item] if penalty and penalty.item else []))
    after = _after(facts.contract, items=items, cut=cut, charged=charged)
    planned, hold = first_invoices(after, facts=facts, on=wanted.on)
    return AlterationPlan(
        contract_id=facts.contract.id,
        today=facts.today,
        plan_before=facts.plan,
        billing_type_id_before=facts.billing_type_id,
        wanted=wanted,
        classification=classification,
        invoices=alteration_invoices.change(facts, on=wanted.on),
        items=items,
        schedule=cut,
        settlement=settlement,
        shift=_shift(after, cut=cut),
        penalty=penalty,
        first_invoices=tuple(planned),
        hold=hold,
        speed=_speed(facts, wanted),
        cancels_pix_recurrence=cut.due_day_changes and facts.has_pix_recurrence,
        loyalty=alteration_loyalty.change(facts, wanted=wanted),
    )


def first_invoices(
    contract: ContractFacts, *, facts: AlterationFacts, on: date
) -> tuple[list[PlannedInvoice], Hold | None]:
    """Return the first invoices of a contract as the month close would draft them."""
    start = contract.billed_until
    try:
        for _ in range(INVOICES_SHOWN):
            service = schedule.service_period(contract.schedule, start=start)
            start, due_until = service.period.end, service.nominal_due_on
    except (ScheduleUsedUp, ScheduleIncomplete):
        return [], None
    return close_plan.plan_contract(
        contract,
        rules=facts.rules,
        terms=CloseTerms(
            issued_on=max(facts.today, on), due_until=due_until, back_periods_approved=True
        ),
    )


def _classified(
    facts: AlterationFacts, wanted: WantedTerms, *, items: ItemChanges, cut: ScheduleChange
) -> Classification:
    return alteration_classification.of_terms(
        facts,
        wanted=wanted,
        items_change=not items.is_empty,
        due_day_changes=cut.due_day_changes,
        billing_type_changes=cut.billing_type_changes,
    )


def _settlement(
    facts: AlterationFacts, wanted: WantedTerms, *, items: ItemChanges
) -> Settlement | None:
    issued = alteration_invoices.issued_service(facts, on=wanted.on)
    if issued is None or facts.policy is None or not (items.ended or items.started):
        return None
    service, periodicity = issued
    return alteration_settlement.settle(
        facts.contract.items,
        items.after,
        service=service,
        on=wanted.on,
        periodicity=periodicity,
        policy=facts.policy,
        altered_on=facts.altered_on,
        is_temporary=wanted.until is not None,
    )


def _after(
    contract: ContractFacts,
    *,
    items: ItemChanges,
    cut: ScheduleChange,
    charged: Sequence[DraftedItem],
) -> ContractFacts:
    """Return the contract as the next close will see it."""
    first = len(items.started) + len(items.resumed) + 1
    added = alteration_items.started_items(charged, first=first)
    return replace(contract, schedule=cut.schedule, items=(*items.after, *added))


def _shift(contract: ContractFacts, *, cut: ScheduleChange) -> Shift | None:
    if cut.due_day_change is None:
        return None
    return recurring.shift(
        contract.items,
        service=cut.due_day_change.service,
        periodicity=contract.schedule.periodicity,
    )


def _speed(facts: AlterationFacts, wanted: WantedTerms) -> SpeedChange | None:
    if wanted.plan is None or wanted.plan.speed_kbps == facts.plan.speed_kbps:
        return None
    return SpeedChange(before_kbps=facts.plan.speed_kbps, after_kbps=wanted.plan.speed_kbps)
