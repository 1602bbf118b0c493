"""What an alteration starts from and what is asked of it: plain values, nothing decided."""

from dataclasses import dataclass
from datetime import date

from vigente.domain.close_plan import BranchRules, ContractFacts
from vigente.domain.codes import (
    AlterationDefinition,
    DifferencePolicy,
    SignatureKind,
    TaxClass,
)
from vigente.domain.cycles import Periodicity
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing
from vigente.domain.termination import IssuedPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRank:
    """A sale plan as it compares with another: by its tier, then by its speed.

    `loyalty_months` and `loyalty_benefit_cents` are the term that it is sold with.
    """

    id: int
    name: str
    tier: int = 0
    speed_kbps: int = 0
    loyalty_months: int = 0
    loyalty_benefit_cents: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """Return what orders plans from inferior to superior."""
        return (self.tier, self.speed_kbps)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRules:
    """A billing type with its payment terms, as a schedule needs them."""

    id: int
    name: str
    timing: Timing
    base: PeriodBase
    periodicity: Periodicity
    due_rule: DueRule
    interval_days: int | None
    custom_dates: tuple[date, ...]
    first_invoice: FirstInvoice
    first_divisor: Divisor


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedItem:
    """An item to be written into the contract, and what its product is taxed as."""

    draft: ItemDraft
    tax_class: TaxClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Loyalty:
    """A loyalty term: for `months` from `starts_on`, in return for a benefit."""

    starts_on: date
    months: int
    benefit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableFacts:
    """A standing receivable that holds invoices of the contract, maybe among others.

    `invoices` are those of the contract: id and amount.
    """

    id: int
    number: str | None
    due_on: date
    amount_cents: int
    received_cents: int
    invoices: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterationFacts:
    """A contract as an alteration finds it on the day `today`.

    `contract` is as it stands once the invoices `alteration_plan.later` are released; `issued`
    and `receivables` are all that stand before that. `altered_on` and `due_day_changed_on` are
    the days of earlier alterations that still stand. `open_alteration` is one begun by others.
    `held_since` is the first day of the present holder, where there was another before.
    """

    today: date
    contract: ContractFacts
    status: ContractStatus
    activated_on: date | None
    plan: PlanRank
    billing_type_id: int
    issued: tuple[IssuedPeriod, ...]
    receivables: tuple[ReceivableFacts, ...]
    rules: BranchRules
    policy: DifferencePolicy | None
    imported_until: date | None = None
    altered_on: tuple[date, ...] = ()
    due_day_changed_on: tuple[date, ...] = ()
    max_due_day_changes: int = 2
    open_alteration: int | None = None
    held_since: date | None = None
    loyalty: Loyalty | None = None
    has_pix_recurrence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTerms:
    """What is asked for; None and empty mean that it stays.

    The alteration day `on` is the first at the new terms; a temporary one ends on `until`, the
    first day without it. With `plan_items` the present plan's products end, but for those in
    `kept_item_ids`. `ended_item_ids` are additional services and discounts that end. A draft of
    `added` may name another of the started items by its negative place: −1 is the first one.
    """

    on: date
    until: date | None = None
    plan: PlanRank | None = None
    plan_items: tuple[DraftedItem, ...] = ()
    kept_item_ids: frozenset[int] = frozenset()
    added: tuple[DraftedItem, ...] = ()
    ended_item_ids: frozenset[int] = frozenset()
    billing_type: BillingRules | None = None
    due_day: int | None = None
    definition: AlterationDefinition = AlterationDefinition.CONTRACT
    signature: SignatureKind = SignatureKind.PRINTED
    charges_penalty: bool = False
    starts_loyalty: bool = False
