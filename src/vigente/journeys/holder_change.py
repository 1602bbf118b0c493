"""Change of holder: the contract passes to another customer, what was issued stays as it is.

What was shown is planned again under the locks, and refused where it changed in between.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.alterations import queries as alterations
from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import holding
from vigente.billing.models import Invoice
from vigente.contracts import actions as contracts
from vigente.contracts import queries as contract_queries
from vigente.contracts.models import Contract
from vigente.customers import actions as customers
from vigente.customers.models import Address, Customer
from vigente.domain import alteration_digest, holder_change
from vigente.domain.holder_change import Held, HolderChangeRefused, HolderPlan, IssuedTo, Party
from vigente.domain.lifecycle import ContractStatus
from vigente.payments import actions as payments
from vigente.payments import credit, recurrences


class HolderPlanChanged(ValueError):
    """Algo mudou desde que esta página foi aberta: confira de novo o que acontece e confirme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom the contract passes to, and how; without an address the present one is copied."""

    customer_id: int
    address_id: int | None
    cancels_not_begun: bool
    reason: str


def preview(contract: Contract, wanted: Wanted, *, today: date) -> HolderPlan:
    """Return what passing the contract on today would do; nothing is written.

    :raises HolderChangeRefused: see `holder_change.plan_change`; also for an address of others.
    """
    plan = holder_change.plan_change(
        held(contract, on=today),
        to=_party(Customer.objects.get(pk=wanted.customer_id)),
        on=today,
        cancels_not_begun=wanted.cancels_not_begun,
    )
    _refuse_address(wanted)
    return plan


def held(contract: Contract, *, on: date) -> Held:
    """Return a contract as its present holder has it."""
    alteration = alterations.open_of(contract.pk)
    return Held(
        contract_id=contract.pk,
        status=ContractStatus(contract.status),
        holder=_party(contract.customer),
        invoices=holding.issued_to_holder(contract, on=on),
        open_alteration=alteration.pk if alteration else None,
        awaits_signature=contract_queries.awaited_signature(contract.pk) is not None,
        has_pix_recurrence=bool(recurrences.standing_of([contract.pk])),
    )


def digest(plan: HolderPlan) -> str:
    """Return the fingerprint of what was shown."""
    return alteration_digest.digest(plan)


@transaction.atomic
def change(
    contract_id: int, wanted: Wanted, *, seen: str, by: Actor, now: datetime, today: date
) -> HolderPlan:
    """Pass the contract on to another customer from today.

    What is open stays the former holder's; with `cancels_not_begun` the invoices of periods that
    have not begun are cancelled, what was paid of them is the former's credit, and the next close
    bills those periods to the new holder.

    :raises HolderChangeRefused: see `preview`; also without a reason.
    :raises HolderPlanChanged: where it would do something else than what was seen.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    credit.lock([contract.customer_id, wanted.customer_id])
    plan = preview(contract, wanted, today=today)
    if not wanted.reason.strip():
        raise HolderChangeRefused("Informe o motivo da troca.", field="reason")
    if digest(plan) != seen:
        raise HolderPlanChanged(str(HolderPlanChanged.__doc__))
    _cancel(plan, contract=contract, by=by, now=now)
    recurrences.cancel([contract], reason="troca de titular", now=now)
    before = contract.address
    contracts.pass_on(
        contract,
        to_id=plan.to.customer_id,
        address_id=_address_id(wanted, before),
        on=today,
        at=now,
        by_user_id=by.user_id,
        reason=wanted.reason,
    )
    _record(plan, contract, before, wanted=wanted, by=by, now=now)
    return plan


def _party(customer: Customer) -> Party:
    return Party(customer_id=customer.pk, name=customer.name, is_active=customer.is_active)


def _refuse_address(wanted: Wanted) -> None:
    if wanted.address_id is None:
        return
    own = Address.objects.filter(pk=wanted.address_id, customer_id=wanted.customer_id)
    if not own.exists():
        raise HolderChangeRefused("Escolha um endereço do novo titular.", field="address_id")


def _address_id(wanted: Wanted, present: Address | None) -> int | None:
    if wanted.address_id is not None or present is None:
        return wanted.address_id
    return customers.with_address(wanted.customer_id, customers.facts_of(present)).pk


def _cancel(plan: HolderPlan, *, contract: Contract, by: Actor, now: datetime) -> None:
    if not plan.cancelled:
        return
    invoices = Invoice.objects.filter(pk__in=[one.invoice_id for one in plan.cancelled])
    reason = f"contrato passou a {plan.to.name}"
    receivable_ids = billing.cancel(
        invoices.order_by("pk"), on=plan.on, reason=reason, release=True
    )
    payments.release(receivable_ids, on=plan.on)
    credit.use([plan.former.customer_id], on=plan.on)
    for one in plan.cancelled:
        _record_cancelled(one, contract=contract, reason=reason, by=by, now=now)


def _record_cancelled(
    one: IssuedTo, *, contract: Contract, reason: str, by: Actor, now: datetime
) -> None:
    audit.record(
        "invoice cancelled",
        object_kind="invoice",
        object_id=one.invoice_id,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"contract": contract.pk, "reason": reason, "bill_again": True},
    )


def _record(
    plan: HolderPlan,
    contract: Contract,
    before: Address | None,
    *,
    wanted: Wanted,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        "contract holder changed",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        values={
            "holder": (plan.former.name, plan.to.name),
            "address": (
                before.told() if before else None,
                contract.address.told() if contract.address else None,
            ),
        },
        detail={
            "reason": wanted.reason,
            "invoices": [one.invoice_id for one in plan.cancelled],
        },
    )
