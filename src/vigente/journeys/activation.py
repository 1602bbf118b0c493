"""Activation: a sold contract comes into force, and its activation fee falls due."""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import facts
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.domain import activation, close_plan
from vigente.domain.activation import Fee, FeeInvoice
from vigente.domain.close_plan import BranchRules, PlannedInvoice
from vigente.domain.codes import Charge, InvoiceOrigin, ItemKind, ItemOrigin, TaxClass
from vigente.domain.sale import ItemDraft
from vigente.journeys import access


class ActivationRefused(ValueError):
    """O contrato não pode ser ativado assim."""


@transaction.atomic
def activate(contract_id: int, *, on: date, by: Actor, now: datetime) -> None:
    """Put a contract in force from `on` and charge its activation fee.

    :raises contracts.MoveRefused: unless the contract is in status PRE.
    :raises ActivationRefused: before the sale, or if an instalment of the fee would fall due
        after the ceiling.
    """
    contract = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("activation_product")
        .get(pk=contract_id)
    )
    _refuse_before_the_sale(contract, on=on)
    contracts.activate(contract, on=on, at=now, by_user_id=by.user_id)
    fee = _fee(contract)
    if fee is not None:
        _charge(fee, contract=contract, on=on)
    access.derive([contract.pk], today=on, now=now)
    audit.record(
        "contract activated",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"on": on.isoformat()},
    )


def _fee(contract: Contract) -> Fee | None:
    product = contract.activation_product
    if not contract.activation_fee_cents or product is None:
        return None
    return Fee(
        product_id=product.pk,
        tax_class=TaxClass(product.tax_class),
        description=product.name,
        total_cents=contract.activation_fee_cents,
        instalments=contract.activation_instalments,
        first_due_on=contract.activation_due_on,
    )


def fee_invoices(contract: Contract, *, on: date) -> list[PlannedInvoice]:
    """Return the invoices that an activation would issue for the fee; nothing is written.

    :raises ActivationRefused: see `activate`.
    """
    _refuse_before_the_sale(contract, on=on)
    fee = _fee(contract)
    if fee is None or fee.first_due_on is None:
        return []
    rules = facts.branch_rules([contract.branch_id], on=on)[contract.branch_id]
    return [
        _planned(invoice, contract=contract, rules=rules, on=on)
        for invoice in activation.fee_invoices(fee)
    ]


def _refuse_before_the_sale(contract: Contract, *, on: date) -> None:
    plan = contract.plans.order_by("starts_on").first()
    if plan is not None and on < plan.starts_on:
        raise ActivationRefused(
            f"O contrato foi vendido em {plan.starts_on:%d/%m/%Y}: ative a partir desse dia."
        )


def _charge(fee: Fee, *, contract: Contract, on: date) -> None:
    if fee.first_due_on is not None:
        planned = fee_invoices(contract, on=on)
        billing.issue(
            planned, close_plan.group(planned), origin=InvoiceOrigin.ACTIVATION, issued_on=on
        )
        return
    contracts.add_items(
        contract.pk,
        [
            ItemDraft(
                kind=ItemKind.ADDITIONAL,
                product_id=fee.product_id,
                description=fee.description,
                starts_on=on,
                price_cents=fee.total_cents,
                charge=Charge.INSTALMENTS,
                times=fee.instalments,
                origin=ItemOrigin.ACTIVATION_FEE,
            )
        ],
    )


def _planned(
    invoice: FeeInvoice, *, contract: Contract, rules: BranchRules, on: date
) -> PlannedInvoice:
    due_on = rules.payable_on(invoice.nominal_due_on, issued_on=on)
    if rules.last_due_on is not None and due_on > rules.last_due_on:
        raise ActivationRefused(
            f"Uma parcela da taxa de ativação venceria em {due_on:%d/%m/%Y}, depois do teto de "
            f"{rules.last_due_on:%d/%m/%Y}. Reduza as parcelas ou antecipe o primeiro vencimento."
        )
    return PlannedInvoice(
        contract_id=contract.pk,
        customer_id=contract.customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
        grouped=False,
        draft=invoice.draft,
        nominal_due_on=invoice.nominal_due_on,
        due_on=due_on,
    )
