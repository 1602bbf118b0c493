"""Facts of contracts for the rules of alterations, read set-wise.

A constant number of queries whatever the number of contracts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Q

from vigente.alterations import queries
from vigente.alterations.models import OPEN, Alteration
from vigente.alterations.queries import AwaitingSignature
from vigente.billing import facts as billing
from vigente.billing.issued import issued_periods_of
from vigente.billing.models import Invoice
from vigente.catalog import queries as catalog
from vigente.contracts import holders
from vigente.contracts.models import Contract, ContractPlan
from vigente.domain import alteration_schedule
from vigente.domain.alteration_terms import AlterationFacts, Loyalty, PlanRank, ReceivableFacts
from vigente.domain.close_plan import ContractFacts
from vigente.domain.codes import AlterationStatus, DifferencePolicy
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.parameters import DIFFERENCE_POLICY, MAX_DUE_DAY_CHANGES
from vigente.parameters import queries as parameters

CONFIRMED = AlterationStatus.CONFIRMED.value
NO_PLAN = PlanRank(id=0, name="sem plano")


def alteration_facts(
    contract_ids: Collection[int],
    *,
    on: date,
    today: date,
    with_pix_recurrence: Collection[int] = (),
    but: int | None = None,
) -> dict[int, AlterationFacts]:
    """Return contracts as an alteration on the day `on` finds them.

    `but` is the alteration that is being planned: it does not stand in its own way.
    """
    contracts = Contract.objects.in_bulk(contract_ids)
    present = _contract_facts(contracts.values(), today=today)
    issued = issued_periods_of({id_: present[id_].schedule for id_ in contracts})
    released = [
        invoice.invoice_id
        for periods in issued.values()
        for invoice in alteration_schedule.later(tuple(periods), on=on)
    ]
    if released:
        present = _contract_facts(contracts.values(), today=today, released=released)
    branch_ids = {contract.branch_id for contract in contracts.values()}
    rules = billing.branch_rules(branch_ids, on=today)
    of_branches = parameters.resolved_in_branches(
        (DIFFERENCE_POLICY, MAX_DUE_DAY_CHANGES), branch_ids=sorted(branch_ids)
    )
    receivables = _receivables(released)
    plans = _plans(list(contracts), on=on)
    before = _earlier(list(contracts), but=but)
    unsigned = queries.awaiting_signature(contracts)
    since = holders.held_since_of(list(contracts))
    facts = {}
    for id_, contract in contracts.items():
        own = {name: one.value for name, one in of_branches[contract.branch_id].items()}
        earlier = before.get(id_, [])
        facts[id_] = AlterationFacts(
            today=today,
            contract=present[id_],
            status=ContractStatus(contract.status),
            activated_on=contract.activated_on,
            plan=plans.get(id_, NO_PLAN),
            billing_type_id=contract.billing_type_id,
            issued=tuple(issued.get(id_, ())),
            receivables=receivables.get(id_, ()),
            rules=rules[contract.branch_id],
            policy=_policy(own[DIFFERENCE_POLICY.name]),
            imported_until=contract.imported_billed_until,
            altered_on=tuple(a.on for a in earlier if a.status == CONFIRMED),
            due_day_changed_on=tuple(a.on for a in earlier if _changed_due_day(a)),
            max_due_day_changes=int(own[MAX_DUE_DAY_CHANGES.name] or 0),
            open_alteration=_open(earlier, unsigned.get(id_)),
            held_since=since.get(id_),
            loyalty=_loyalty(contract),
            has_pix_recurrence=id_ in with_pix_recurrence,
        )
    return facts


def _contract_facts(
    contracts: Collection[Contract], *, today: date, released: Sequence[int] = ()
) -> dict[int, ContractFacts]:
    ids = sorted(contract.pk for contract in contracts)
    found = billing.contract_facts(ids, on=today, released=released, activated_on=today)
    return {facts.id: facts for facts in found}


def _open(earlier: Sequence[Alteration], unsigned: AwaitingSignature | None) -> int | None:
    """Return an alteration begun by others, or one whose signature is asked for, or None."""
    if unsigned is not None and unsigned.is_asked:
        return unsigned.alteration_id
    return next((a.pk for a in earlier if a.status in OPEN), None)


def _policy(told: object) -> DifferencePolicy | None:
    return None if told is None else DifferencePolicy(str(told))


def _changed_due_day(alteration: Alteration) -> bool:
    return alteration.status == CONFIRMED and alteration.due_day_before != alteration.due_day_after


def _loyalty(contract: Contract) -> Loyalty | None:
    if contract.loyalty_starts_on is None or contract.loyalty_months == 0:
        return None
    return Loyalty(
        starts_on=contract.loyalty_starts_on,
        months=contract.loyalty_months,
        benefit_cents=contract.loyalty_benefit_cents,
    )


def _plans(contract_ids: Sequence[int], *, on: date) -> dict[int, PlanRank]:
    """Return the sale plan of each contract in force on a day."""
    rows = ContractPlan.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), contract_id__in=contract_ids, starts_on__lte=on
    ).values_list("contract_id", "sale_plan_id")
    of_contract = dict(rows)
    ranks = catalog.plan_ranks(set(of_contract.values()))
    return {contract_id: ranks[plan_id] for contract_id, plan_id in of_contract.items()}


def _earlier(contract_ids: Sequence[int], *, but: int | None) -> Mapping[int, list[Alteration]]:
    """Return the alterations of each contract that stand or are open."""
    found: defaultdict[int, list[Alteration]] = defaultdict(list)
    standing = Alteration.objects.filter(
        contract_id__in=contract_ids, status__in=(*OPEN, CONFIRMED)
    ).only("contract_id", "status", "on", "due_day_before", "due_day_after")
    for alteration in standing.order_by("pk"):
        if alteration.pk != but:
            found[alteration.contract_id].append(alteration)
    return found


def _receivables(released: Sequence[int]) -> Mapping[int, tuple[ReceivableFacts, ...]]:
    """Return the standing receivables of these invoices, by contract."""
    invoices = (
        Invoice.objects.filter(pk__in=released, receivable__cancelled_on=None)
        .exclude(receivable=None)
        .select_related("receivable")
        .order_by("pk")
    )
    held: defaultdict[tuple[int, int], list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        held[invoice.contract_id, invoice.receivable_id or 0].append(invoice)
    found: defaultdict[int, list[ReceivableFacts]] = defaultdict(list)
    for (contract_id, _), own in held.items():
        receivable = own[0].receivable
        assert receivable is not None
        found[contract_id].append(
            ReceivableFacts(
                id=receivable.pk,
                number=receivable.number,
                due_on=receivable.due_on,
                amount_cents=receivable.amount_cents,
                received_cents=receivable.received_cents,
                invoices=tuple((invoice.pk, invoice.total_cents) for invoice in own),
            )
        )
    return {contract_id: tuple(own) for contract_id, own in found.items()}
