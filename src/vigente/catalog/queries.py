"""Reads of the catalog."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import BigIntegerField, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Round

from vigente.catalog.models import PriceIndex, SalePlan, SalePlanItem
from vigente.domain.alteration_terms import PlanRank
from vigente.domain.sale import Plan, PlanItem


def sold_by(branch_ids: Sequence[int]) -> QuerySet[SalePlan]:
    """Return the plans that these branches sell, inactive ones too."""
    return SalePlan.objects.filter(Q(branch=None) | Q(branch_id__in=branch_ids))


def with_monthly_cents(plans: QuerySet[SalePlan]) -> QuerySet[SalePlan]:
    """Give each plan `monthly_cents`: what its products cost a month, each rounded as billed."""
    items = SalePlanItem.objects.filter(sale_plan=OuterRef("pk")).order_by().values("sale_plan")
    cost = Round(F("quantity") * F("price_cents"))
    total = items.annotate(total=Sum(cost)).values("total")
    return plans.annotate(monthly_cents=Subquery(total, output_field=BigIntegerField()))


def sale_plan(plan_id: int) -> Plan:
    """Return a sale plan as the rules of a sale see it."""
    plan = SalePlan.objects.prefetch_related("items").get(pk=plan_id)
    return Plan(
        id=plan.pk,
        name=plan.name,
        billing_type_id=plan.billing_type_id,
        wallet_id=plan.wallet_id,
        template_id=plan.template_id,
        loyalty_months=plan.loyalty_months,
        loyalty_benefit_cents=plan.loyalty_benefit_cents,
        validity_months=plan.validity_months,
        renews=plan.renews,
        activation_fee_cents=plan.activation_fee_cents,
        activation_instalments=plan.activation_instalments,
        activation_product_id=plan.activation_product_id,
        items=tuple(map(plan_item, sorted(plan.items.all(), key=lambda item: item.pk))),
    )


def plan_item(item: SalePlanItem) -> PlanItem:
    """Return one product of a sale plan as the rules of a sale see it."""
    return PlanItem(
        product_id=item.product_id,
        description=item.description,
        quantity=item.quantity,
        price_cents=item.price_cents,
        cycle_price_cents=item.cycle_price_cents,
    )


def plan_ranks(plan_ids: Collection[int]) -> dict[int, PlanRank]:
    """Return sale plans as they compare: by tier, then by the speed of their fastest product."""
    plans = SalePlan.objects.filter(pk__in=plan_ids).annotate(
        kbps=Max("items__product__download_kbps")
    )
    return {
        plan.pk: PlanRank(
            id=plan.pk,
            name=plan.name,
            tier=plan.tier,
            speed_kbps=plan.kbps or 0,
            loyalty_months=plan.loyalty_months,
            loyalty_benefit_cents=plan.loyalty_benefit_cents,
        )
        for plan in plans
    }


def index_codes() -> list[str]:
    """Return the indexes of which some month is known."""
    return list(PriceIndex.objects.order_by("code").values_list("code", flat=True).distinct())


def index_percents(code: str) -> dict[date, int]:
    """Return what an index varied, in ten-thousandths of 1 %, by the first day of each month."""
    rows = PriceIndex.objects.filter(code=code).values_list("month", "percent")
    return {month: int(percent * 10_000) for month, percent in rows}
