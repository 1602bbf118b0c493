"""The manual's contract, alterations of it, and the invoices that follow."""

from dataclasses import replace
from datetime import date

from tests.journeys.scenario import close
from tests.provider import ATTENDANT, NOW, Provider
from vigente.alterations.actions import Settings
from vigente.alterations.asking import Asked
from vigente.alterations.models import Alteration
from vigente.catalog.models import SalePlan, SalePlanItem
from vigente.contracts.models import Contract
from vigente.domain.codes import AlterationDefinition, DifferencePolicy, SignatureKind
from vigente.domain.parameters import DIFFERENCE_POLICY, Scope
from vigente.journeys import alteration
from vigente.journeys.alteration import Asker
from vigente.parameters import actions as parameters

ON = date(2025, 7, 13)


def asker(today: date = ON) -> Asker:
    return Asker(by=ATTENDANT, now=NOW, today=today)


def choose(isp: Provider, policy: DifferencePolicy) -> None:
    """Let the branch reckon differences by this policy."""
    parameters.set_value(
        DIFFERENCE_POLICY,
        policy.value,
        scope=Scope.BRANCH,
        scope_id=isp.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )


def the_manuals(isp: Provider, price_cents: int, **more) -> Contract:
    """Return the contract of the manual: 10/06–09/07 and 10/07–09/08/2025 are invoiced."""
    plan = isp.plan(price_cents=price_cents)
    contract = isp.activate(
        plan, on=date(2025, 6, 10), sold_on=date(2025, 6, 10), due_day=10, **more
    )
    close(issued_on=date(2025, 6, 20), due_until=date(2025, 8, 10), approved=True)
    return contract


def begin(
    contract: Contract, *, today: date = ON, compensates: Alteration | None = None, **more
) -> Alteration:
    settings = Settings(
        branch_id=contract.branch_id,
        seller_id=None,
        template_id=None,
        definition=AlterationDefinition.NONE,
        signature=SignatureKind.PRINTED,
    )
    return alteration.begin(
        contract.pk, replace(settings, **more), asker=asker(today), compensates=compensates
    )


def to_plan(plan: SalePlan, *, on: date = ON, **more) -> Asked:
    items = SalePlanItem.objects.filter(sale_plan=plan).order_by("pk")
    return Asked(
        on=on, plan_id=plan.pk, plan_item_ids=tuple(items.values_list("pk", flat=True)), **more
    )


def conclude(draft: Alteration, *, today: date = ON, is_ticked: bool = True) -> Alteration:
    """Conclude what was just shown."""
    plan = alteration.plan_of(draft, today=today)
    return alteration.conclude(
        draft.pk, digest=plan.digest, is_ticked=is_ticked, asker=asker(today)
    )


def alter(contract: Contract, asked: Asked, *, today: date = ON, **more) -> Alteration:
    """Go through the three steps."""
    draft = begin(contract, today=today, **more)
    alteration.keep(draft, asked)
    return conclude(draft, today=today)
