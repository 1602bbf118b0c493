"""A sale: the chosen plan, adjusted, becomes a contract in status PRE."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.catalog.models import BillingType, SalePlan, Wallet
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.customers.models import Address, Customer
from vigente.domain import schedule_validation
from vigente.domain.cycles import PeriodUnit
from vigente.domain.sale import ContractDraft
from vigente.domain.schedule import Divisor, DueRule, PeriodBase, Timing
from vigente.staff.models import Seller

type Problem = tuple[str, str]


class SaleRefused(ValueError):
    """A venda não pode ser feita assim; `problems` are the fields and their sentences."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@transaction.atomic
def sell(draft: ContractDraft, *, by: Actor, now: datetime) -> Contract:
    """Write the drafted contract.

    :raises SaleRefused: naming every field that keeps it from being sold.
    """
    customer = Customer.objects.select_for_update().get(pk=draft.customer_id)
    problems = (*_of_the_customer(draft, customer), *_of_the_branch(draft), *_of_the_terms(draft))
    if problems:
        raise SaleRefused(problems)
    [contract] = contracts.create([draft], now=now)
    audit.record(
        "contract sold",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"sale_plan": draft.sale_plan_id},
    )
    return contract


def _of_the_customer(draft: ContractDraft, customer: Customer) -> Iterator[Problem]:
    if not customer.is_active:
        yield (
            "",
            f"O cliente {customer.name} está inativo. Reative o cadastro antes de vender.",
        )
    address = draft.address_id
    if address is not None and not Address.objects.filter(pk=address, customer=customer).exists():
        yield "address_id", "Escolha um endereço deste cliente."


def _of_the_branch(draft: ContractDraft) -> Iterator[Problem]:
    plan = SalePlan.objects.get(pk=draft.sale_plan_id)
    if not plan.is_active:
        yield "", f"O plano {plan.name} está inativo. Escolha outro plano."
    if plan.branch_id not in (None, draft.branch_id):
        yield "branch_id", f"O plano {plan.name} não é vendido nesta filial."
    if Wallet.objects.get(pk=draft.wallet_id).branch_id not in (None, draft.branch_id):
        yield "wallet_id", "Esta carteira é de outra filial. Escolha uma carteira da filial."
    seller = draft.seller_id
    if seller is not None and not Seller.objects.filter(pk=seller, branch=draft.branch_id).exists():
        yield "seller_id", "Este vendedor é de outra filial."


def _of_the_terms(draft: ContractDraft) -> Iterator[Problem]:
    if not draft.items:
        yield "", "O contrato não tem nenhum produto. Inclua ao menos um."
    billing_type = BillingType.objects.select_related("payment_terms").get(pk=draft.billing_type_id)
    terms = billing_type.payment_terms
    for sentence in schedule_validation.validate(
        timing=Timing(billing_type.timing),
        base=PeriodBase(billing_type.base),
        period_unit=PeriodUnit(billing_type.period_unit),
        period_count=billing_type.period_count,
        due_rule=DueRule(terms.due_rule),
        due_day=draft.due_day,
        interval_days=terms.interval_days,
        custom_dates=tuple(terms.custom_dates),
        first_divisor=Divisor(billing_type.first_divisor),
    ):
        yield "due_day" if sentence.startswith("Dia de") else "billing_type_id", sentence
    by_cycle = billing_type.period_unit == PeriodUnit.DAY.value
    if by_cycle and any(item.cycle_price_cents is None for item in draft.items):
        yield "billing_type_id", "Com ciclos em dias, cada produto precisa do valor por ciclo."
    if draft.activation_fee_cents and draft.activation_product_id is None:
        yield "activation_product_id", "Escolha o produto da taxa de ativação."
    if draft.activation_due_on is not None and draft.activation_due_on < draft.sold_on:
        yield "activation_due_on", "O vencimento da taxa vem antes da venda."
