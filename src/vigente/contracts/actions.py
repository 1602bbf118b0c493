"""The only writes to contracts, their plans and their items; journeys own the transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from vigente.contracts.models import (
    CancellationReason,
    Contract,
    ContractItem,
    ContractMove,
    ContractNote,
    ContractPlan,
    HolderChange,
)
from vigente.customers.models import Address
from vigente.domain.codes import ItemKind
from vigente.domain.cycles import months_after
from vigente.domain.lifecycle import STATUS_WORDS, ContractStatus, may_move
from vigente.domain.sale import ContractDraft, ItemDraft

IMPORTED = (
    "activated_on",
    "billing_starts_on",
    "imported_billed_until",
    "due_anchor_on",
    "loyalty_starts_on",
    "valid_until",
)
# bulk_update would take ten times as long: it tells each value in a CASE of its own
BRING_IN_FORCE = f"""
UPDATE contracts_contract c
SET status = 'ACTIVE', {", ".join(f"{name} = n.{name}" for name in IMPORTED)}
FROM unnest(%s::bigint[]{", %s::date[]" * len(IMPORTED)}) AS n(id, {", ".join(IMPORTED)})
WHERE c.id = n.id"""  # noqa: S608  constants of this module


class MoveRefused(ValueError):
    """O contrato não está na situação que esta operação exige."""


def create(drafts: Sequence[ContractDraft], *, now: datetime) -> list[Contract]:
    """Write the drafted contracts, in status PRE, with their plan and items."""
    contracts = Contract.objects.bulk_create(
        [_contract(draft, now=now) for draft in drafts], batch_size=1000
    )
    plans = ContractPlan.objects.bulk_create(
        [
            ContractPlan(
                contract=contract, sale_plan_id=draft.sale_plan_id, starts_on=draft.sold_on
            )
            for contract, draft in zip(contracts, drafts, strict=True)
        ],
        batch_size=1000,
    )
    ContractItem.objects.bulk_create(
        [
            item_row(item, contract_id=plan.contract_id, plan=plan)
            for plan, draft in zip(plans, drafts, strict=True)
            for item in draft.items
        ],
        batch_size=1000,
    )
    return contracts


def add_items(contract_id: int, drafts: Sequence[ItemDraft]) -> list[ContractItem]:
    """Write additional services or discounts into a contract."""
    return add_items_to([(contract_id, draft) for draft in drafts])


def add_items_to(drafts: Sequence[tuple[int, ItemDraft]]) -> list[ContractItem]:
    """Write additional services or discounts, each into its own contract."""
    return ContractItem.objects.bulk_create(
        [item_row(draft, contract_id=contract_id, plan=None) for contract_id, draft in drafts],
        batch_size=1000,
    )


def end_item(item: ContractItem, *, on: date) -> None:
    """End an item: `on` is the first day without it. One that had not begun is removed."""
    if on <= item.starts_on and not item.charges.exists():
        item.delete()
    else:
        ContractItem.objects.filter(pk=item.pk).update(ends_on=max(on, item.starts_on))


def activate(contract: Contract, *, on: date, at: datetime, by_user_id: int | None) -> None:
    """Put a contract in force: it is billed and served from `on`.

    :raises MoveRefused: unless the contract is in status PRE.
    """
    facts = {"activated_on": on, "billing_starts_on": on}
    if contract.loyalty_months:
        facts["loyalty_starts_on"] = contract.loyalty_starts_on or on
    if contract.validity_months:
        facts["valid_until"] = contract.valid_until or months_after(
            on, months=contract.validity_months
        )
    _move(
        contract,
        to=ContractStatus.ACTIVE,
        on=on,
        at=at,
        by_user_id=by_user_id,
        reason="",
        facts=facts,
    )


def bring_in_force(contracts: Sequence[Contract], *, at: datetime, by_user_id: int | None) -> None:
    """Activate imported contracts whose dates are already filled in.

    Each needs `activated_on` and `billing_starts_on`, the day after its *faturado até*.
    """
    columns = [[getattr(contract, name) for contract in contracts] for name in ("pk", *IMPORTED)]
    with connection.cursor() as cursor:
        cursor.execute(BRING_IN_FORCE, columns)
    for contract in contracts:
        contract.status = ContractStatus.ACTIVE.value
    ContractMove.objects.bulk_create(
        [
            ContractMove(
                contract=contract,
                before=ContractStatus.PRE.value,
                after=ContractStatus.ACTIVE.value,
                on=contract.activated_on or at.date(),
                at=at,
                by_user_id=by_user_id,
                reason="importação",
            )
            for contract in contracts
        ],
        batch_size=1000,
    )


def withdraw(
    contract: Contract, *, on: date, at: datetime, by_user_id: int | None, reason: str
) -> None:
    """Record that the customer gave up before the activation."""
    _move(
        contract,
        to=ContractStatus.WITHDRAWN,
        on=on,
        at=at,
        by_user_id=by_user_id,
        reason=reason,
        facts={},
    )


def end(
    contract: Contract,
    *,
    ends_on: date,
    at: datetime,
    by_user_id: int | None,
    reason: CancellationReason,
    note: str,
) -> None:
    """Cancel a contract: `ends_on` is the first day that is no longer served."""
    _move(
        contract,
        to=ContractStatus.INACTIVE,
        on=ends_on,
        at=at,
        by_user_id=by_user_id,
        reason=f"{reason.name}. {note}".strip(),
        facts={"ends_on": ends_on, "cancellation_reason": reason},
    )
    ContractPlan.objects.filter(contract=contract, ends_on=None, starts_on__lt=ends_on).update(
        ends_on=ends_on
    )


def reactivate(contract: Contract, *, on: date, at: datetime, by_user_id: int | None) -> None:
    """Put an ended contract in force again from `on`, with the plan and the items it had.

    :raises MoveRefused: unless the contract is inactive.
    """
    if contract.status != ContractStatus.INACTIVE.value:
        raise MoveRefused(
            f"O contrato {contract.pk} está {STATUS_WORDS[ContractStatus(contract.status)]}: só um "
            "contrato inativo é reativado. Atualize a página e veja a situação atual."
        )
    facts: dict[str, date | CancellationReason | None] = {
        "billing_starts_on": on,
        "due_anchor_on": None,
        "ends_on": None,
        "cancellation_reason": None,
    }
    if contract.validity_months and contract.valid_until and contract.valid_until <= on:
        facts["valid_until"] = months_after(on, months=contract.validity_months)
    _move(
        contract,
        to=ContractStatus.ACTIVE,
        on=on,
        at=at,
        by_user_id=by_user_id,
        reason="reativação",
        facts=facts,
    )
    former = contract.plans.order_by("-starts_on").first()
    assert former is not None
    plan = ContractPlan.objects.create(
        contract=contract, sale_plan_id=former.sale_plan_id, starts_on=on
    )
    ContractItem.objects.filter(contract_plan=former, ends_on=None).update(contract_plan=plan)


def renew(contract: Contract, *, valid_until: date) -> None:
    """Move the end of a contract's validity."""
    contract.valid_until = valid_until
    contract.save(update_fields=["valid_until"])


def install_at(contract: Contract, address: Address) -> None:
    """Write where a contract is served."""
    contract.address = address
    contract.save(update_fields=["address"])


def note(
    contract: Contract, text: str, *, by_user_id: int | None, by_name: str, at: datetime
) -> ContractNote:
    """Write a note about a contract."""
    return ContractNote.objects.create(
        contract=contract, text=text, by_user_id=by_user_id, by_name=by_name, at=at
    )


def sign(contract: Contract, *, on: date) -> None:
    """Record the contract's first signature."""
    contract.signed_on = on
    contract.save(update_fields=["signed_on"])


def pass_on(
    contract: Contract,
    *,
    to_id: int,
    address_id: int | None,
    on: date,
    at: datetime,
    by_user_id: int | None,
    reason: str,
) -> None:
    """Pass a contract on to another customer, who has not signed it yet.

    :raises MoveRefused: if it was passed on, or ended, meanwhile.
    """
    passed = Contract.objects.filter(
        pk=contract.pk, customer_id=contract.customer_id, status=contract.status
    ).update(customer_id=to_id, address_id=address_id, signed_on=None)
    if passed != 1:
        raise MoveRefused(
            f"O contrato {contract.pk} mudou desde então. Atualize a página e veja a situação "
            "atual."
        )
    HolderChange.objects.create(
        contract=contract,
        former_id=contract.customer_id,
        customer_id=to_id,
        on=on,
        at=at,
        by_user_id=by_user_id,
        reason=reason,
    )
    contract.refresh_from_db()


def _contract(draft: ContractDraft, *, now: datetime) -> Contract:
    return Contract(
        code=draft.code,
        customer_id=draft.customer_id,
        branch_id=draft.branch_id,
        seller_id=draft.seller_id,
        address_id=draft.address_id,
        wallet_id=draft.wallet_id,
        billing_type_id=draft.billing_type_id,
        due_day=draft.due_day,
        template_id=draft.template_id,
        created_at=now,
        signed_on=draft.signed_on,
        validity_months=draft.validity_months,
        renews=draft.renews,
        loyalty_starts_on=draft.loyalty_starts_on,
        loyalty_months=draft.loyalty_months,
        loyalty_benefit_cents=draft.loyalty_benefit_cents,
        activation_fee_cents=draft.activation_fee_cents,
        activation_instalments=draft.activation_instalments,
        activation_due_on=draft.activation_due_on,
        activation_product_id=draft.activation_product_id,
        note=draft.note,
    )


def item_row(draft: ItemDraft, *, contract_id: int, plan: ContractPlan | None) -> ContractItem:
    """Return a drafted item as it is to be written; products of a plan belong to `plan`."""
    return ContractItem(
        contract_id=contract_id,
        contract_plan=plan if draft.kind is ItemKind.PLAN else None,
        kind=draft.kind.value,
        product_id=draft.product_id,
        description=draft.description,
        quantity=draft.quantity,
        price_cents=draft.price_cents,
        cycle_price_cents=draft.cycle_price_cents,
        percent=draft.percent,
        discounted_item_id=draft.discounted_item_id,
        service_kind=draft.service_kind.value if draft.service_kind else "",
        charge=draft.charge.value,
        times=draft.times,
        charges_before=draft.charges_before,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        prorate=draft.prorate,
        only_if_paid_by_due=draft.only_if_paid_by_due,
        origin=draft.origin.value,
        explanation=draft.explanation,
    )


def _move(
    contract: Contract,
    *,
    to: ContractStatus,
    on: date,
    at: datetime,
    by_user_id: int | None,
    reason: str,
    facts: Mapping[str, date | CancellationReason | None],
) -> None:
    """Move the status by a conditional UPDATE, so that of two people only one moves it."""
    before = ContractStatus(contract.status)
    moved = may_move(before, to=to) and Contract.objects.filter(
        pk=contract.pk, status=before.value
    ).update(status=to.value, **facts)
    if not moved:
        raise MoveRefused(
            f"O contrato {contract.pk} está {STATUS_WORDS[before]} e não pode ficar "
            f"{STATUS_WORDS[to]}. Atualize a página e veja a situação atual."
        )
    ContractMove.objects.create(
        contract=contract,
        before=before.value,
        after=to.value,
        on=on,
        at=at,
        by_user_id=by_user_id,
        reason=reason,
    )
    contract.refresh_from_db()
