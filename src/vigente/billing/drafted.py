"""A contract still to be written, as the rules see it: what its first invoices would be."""

from datetime import date

from vigente.billing import facts
from vigente.catalog.models import BillingType, Product
from vigente.domain import close_plan, sale
from vigente.domain.close_plan import ContractFacts
from vigente.domain.codes import TaxClass
from vigente.domain.cycles import PeriodUnit
from vigente.domain.sale import ContractDraft
from vigente.domain.schedule import DueRule


def contract_of(draft: ContractDraft, *, activated_on: date) -> ContractFacts:
    """Return a drafted contract as if it came into force on `activated_on`."""
    billing_type = BillingType.objects.select_related("payment_terms").get(pk=draft.billing_type_id)
    terms = billing_type.payment_terms
    schedule = facts.schedule_of(
        {
            "timing": billing_type.timing,
            "base": billing_type.base,
            "period_unit": billing_type.period_unit,
            "period_count": billing_type.period_count,
            "due_rule": terms.due_rule,
            "due_day": draft.due_day,
            "interval_days": terms.interval_days,
            "custom_dates": terms.custom_dates,
            "first_invoice": billing_type.first_invoice,
            "first_divisor": billing_type.first_divisor,
            "billing_starts_on": activated_on,
            "activated_on": activated_on,
            "due_anchor_on": None,
            "stretch": None,
            "imported_billed_until": None,
        }
    )
    classes = dict(
        Product.objects.filter(pk__in=[item.product_id for item in draft.items]).values_list(
            "pk", "tax_class"
        )
    )
    return ContractFacts(
        id=0,
        customer_id=draft.customer_id,
        branch_id=draft.branch_id,
        wallet_id=draft.wallet_id,
        schedule=schedule,
        items=tuple(
            sale.item_of(item, item_id=-number, tax_class=TaxClass(classes[item.product_id]))
            for number, item in enumerate(draft.items, start=1)
        ),
        billed_until=activated_on,
        missing=close_plan.missing_data(
            due_rule=DueRule(terms.due_rule),
            period_unit=PeriodUnit(billing_type.period_unit),
            due_day=draft.due_day,
            has_address=draft.address_id is not None,
        ),
    )
