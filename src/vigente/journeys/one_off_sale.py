"""One-off sales: a contract's customer is invoiced at once for something sold once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing import facts
from vigente.billing.actions import Written
from vigente.catalog.models import Product
from vigente.contracts.models import Contract
from vigente.domain import close_plan, money, one_off_sale
from vigente.domain.close_plan import PlannedInvoice
from vigente.domain.codes import InvoiceOrigin, TaxClass
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.one_off_sale import Buyer, OneOffSale, OneOffSaleRefused
from vigente.domain.proration import Cost
from vigente.payments import credit

WAY_OUT = {
    ContractStatus.PRE: "O contrato ainda não está em vigor: ative-o antes de uma venda avulsa.",
    ContractStatus.WITHDRAWN: "O cliente desistiu deste contrato: venda por outro contrato dele.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePreview:
    """The invoices of a sale, what they come to, and the customer's credit, spent at once."""

    invoices: tuple[PlannedInvoice, ...]
    total: Cost
    credit_cents: int


def preview(contract: Contract, sale: OneOffSale, *, today: date) -> SalePreview:
    """Return what a sale would issue; nothing is written.

    :raises OneOffSaleRefused: see `one_off_sale.plan`; also for a contract not yet in force, or
        withdrawn.
    """
    refusal = WAY_OUT.get(ContractStatus(contract.status))
    if refusal is not None:
        raise OneOffSaleRefused(refusal, field="")
    tax_class = Product.objects.values_list("tax_class", flat=True).get(pk=sale.product_id)
    buyer = Buyer(
        contract_id=contract.pk,
        customer_id=contract.customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
    )
    rules = facts.branch_rules([contract.branch_id], on=today)[contract.branch_id]
    return SalePreview(
        invoices=one_off_sale.plan(
            sale, tax_class=TaxClass(tax_class), buyer=buyer, rules=rules, today=today
        ),
        total=one_off_sale.total(sale),
        credit_cents=credit.balances([contract.customer_id]).get(contract.customer_id, 0),
    )


@transaction.atomic
def sell(contract_id: int, sale: OneOffSale, *, by: Actor, now: datetime, today: date) -> Written:
    """Issue the invoices of a one-off sale; the customer's credit pays what is open, oldest first.

    :raises OneOffSaleRefused: see `preview`.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    planned = preview(contract, sale, today=today)
    credit.lock([contract.customer_id])
    written = billing.issue(
        planned.invoices,
        close_plan.group(planned.invoices),
        origin=InvoiceOrigin.STAFF,
        issued_on=today,
    )
    credit.use([contract.customer_id], on=today)
    audit.record(
        "one-off sold",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={
            "description": sale.description,
            "amount": money.brl(planned.total.cents),
            "invoices": list(written.invoice_ids),
        },
    )
    _record_issued(written, branch_id=contract.branch_id, by=by, now=now)
    return written


def _record_issued(written: Written, *, branch_id: int, by: Actor, now: datetime) -> None:
    """Tell the trail of each invoice and receivable who issued it."""
    for kind, ids in (("invoice", written.invoice_ids), ("receivable", written.receivable_ids)):
        audit.record_many(
            "invoice issued",
            object_kind=kind,
            object_ids=ids,
            by=by,
            at=now,
            branch_id=branch_id,
        )
