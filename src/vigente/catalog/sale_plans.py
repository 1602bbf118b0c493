"""The only writes to sale plans, beside the importer; what was sold keeps what it copied."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from vigente.catalog.actions import as_written
from vigente.catalog.models import BillingType, SalePlan, SalePlanItem, Wallet
from vigente.domain.cycles import PeriodUnit

type Problem = tuple[str, str]


class PlanRefused(ValueError):
    """O plano não pode ser vendido assim; `problems` são os campos e suas frases."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePlanItemFacts:
    """What is kept of one product of a plan; the price is per month and unit."""

    product_id: int
    description: str
    quantity: Decimal
    price_cents: int
    cycle_price_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePlanFacts:
    """What is kept of a sale plan; without a branch all of them sell it."""

    code: str
    name: str
    branch_id: int | None = None
    billing_type_id: int
    wallet_id: int | None = None
    template_id: int | None = None
    tier: int = 0
    loyalty_months: int = 0
    loyalty_benefit_cents: int = 0
    validity_months: int | None = None
    renews: bool = True
    activation_fee_cents: int = 0
    activation_instalments: int = 1
    activation_product_id: int | None = None
    is_active: bool = True
    items: tuple[SalePlanItemFacts, ...] = ()


def sale_plan_facts(plan: SalePlan) -> SalePlanFacts:
    """Return what is kept of a sale plan and its products."""
    own = {n: getattr(plan, n) for n in SalePlanFacts.__dataclass_fields__ if n != "items"}
    items = tuple(
        SalePlanItemFacts(
            product_id=item.product_id,
            description=item.description,
            quantity=as_written(item.quantity),
            price_cents=item.price_cents,
            cycle_price_cents=item.cycle_price_cents,
        )
        for item in SalePlanItem.objects.filter(sale_plan=plan).order_by("pk")
    )
    return SalePlanFacts(**own, items=items)


def write_sale_plan(plan: SalePlan | None, facts: SalePlanFacts) -> SalePlan:
    """Write a sale plan and its products; contracts already sold keep what they have.

    :raises PlanRefused: naming every field for which a sale would be refused.
    """
    wallets = Wallet.objects.select_related("branch")
    problems = plan_problems(
        facts,
        billing_type=BillingType.objects.get(pk=facts.billing_type_id),
        wallet=None if facts.wallet_id is None else wallets.get(pk=facts.wallet_id),
    )
    if problems:
        raise PlanRefused(problems)
    plan = plan or SalePlan()
    items_before = sale_plan_facts(plan).items if plan.pk else ()
    for name in SalePlanFacts.__dataclass_fields__:
        if name != "items":
            setattr(plan, name, getattr(facts, name))
    plan.save()
    if facts.items != items_before:
        SalePlanItem.objects.filter(sale_plan=plan).delete()
        SalePlanItem.objects.bulk_create(
            [SalePlanItem(sale_plan=plan, **asdict(item)) for item in facts.items]
        )
    return plan


def plan_problems(
    facts: SalePlanFacts, *, billing_type: BillingType, wallet: Wallet | None
) -> tuple[Problem, ...]:
    """Return why no sale would take a plan: each field with its sentence."""
    return (
        *_of_the_items(facts, billing_type),
        *_of_the_wallet(facts, wallet),
        *_of_the_fee(facts),
    )


def _of_the_items(facts: SalePlanFacts, billing_type: BillingType) -> Iterator[Problem]:
    if not facts.items:
        yield "", "O plano não tem nenhum produto. Inclua ao menos um."
    by_cycle = billing_type.period_unit == PeriodUnit.DAY.value
    if by_cycle and any(item.cycle_price_cents is None for item in facts.items):
        yield "billing_type_id", "Com ciclos em dias, cada produto precisa do valor por ciclo."
    named = Counter((item.product_id, item.description.lower()) for item in facts.items)
    for (_, description), times in named.items():
        if times > 1:
            sentence = (
                f"O mesmo produto vem {times} vezes como «{description}»: some as quantidades, ou "
                "mude uma das descrições."
            )
            yield "", sentence


def _of_the_wallet(facts: SalePlanFacts, wallet: Wallet | None) -> Iterator[Problem]:
    if wallet is not None and wallet.branch is not None and wallet.branch_id != facts.branch_id:
        sentence = (
            f"Esta carteira é só da filial {wallet.branch}. Escolha outra carteira, ou venda o "
            "plano só nessa filial."
        )
        yield "wallet_id", sentence


def _of_the_fee(facts: SalePlanFacts) -> Iterator[Problem]:
    if facts.activation_fee_cents and facts.activation_product_id is None:
        yield "activation_product_id", "Escolha o produto da taxa de ativação."
