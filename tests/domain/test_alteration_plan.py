"""Any sequence of alterations: no day billed twice or lost, and money conserved."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from tests.domain.altered import Contract
from tests.domain.strategies import schedules
from tests.domain.test_invoicing import item, told
from tests.domain.test_schedule import terms
from vigente.domain import alteration_plan, explanation, schedule
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.alteration_terms import BillingRules, DraftedItem, PlanRank, WantedTerms
from vigente.domain.codes import Charge, DifferencePolicy, ItemKind, TaxClass
from vigente.domain.cycles import Periodicity
from vigente.domain.items import Item
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import DueRule, Schedule

amounts = st.integers(0, 100_000)


def drafted(price: int, *, product_id: int = 1, **more) -> DraftedItem:
    facts = {
        "kind": ItemKind.PLAN,
        "product_id": product_id,
        "description": f"Produto {product_id}",
        "starts_on": date.min,
        "price_cents": price,
        "cycle_price_cents": price
        if more.get("charge", Charge.RECURRING) is Charge.RECURRING
        else None,
    }
    return DraftedItem(
        draft=ItemDraft(**{**facts, **more}),
        tax_class=TaxClass.SCM if product_id == 1 else TaxClass.SVA,
    )


def first_items(
    of: Schedule, *, price: int, percent: int | None = None, fixed: int = 0
) -> list[Item]:
    plan = item(starts_on=of.starts_on, price_cents=price, cycle_price_cents=price)
    discount = item(
        id=2, kind=ItemKind.DISCOUNT, price_cents=0, percent_e4=percent, starts_on=of.starts_on
    )
    gift = item(
        id=3,
        kind=ItemKind.DISCOUNT,
        price_cents=fixed,
        cycle_price_cents=fixed,
        discounted_item_id=1,
        starts_on=of.starts_on,
    )
    return [plan, *([discount] if percent else []), *([gift] if fixed else [])]


def rules_of(of: Schedule, *, number: int) -> BillingRules:
    return BillingRules(
        id=number,
        name=f"Tipo {number}",
        timing=of.timing,
        base=of.base,
        periodicity=of.periodicity,
        due_rule=of.due_rule,
        interval_days=of.interval_days,
        custom_dates=(),
        first_invoice=of.first_invoice,
        first_divisor=of.first_divisor,
    )


@st.composite
def wanted_terms(draw: st.DrawFn, contract: Contract, *, number: int) -> WantedTerms:
    """Draw what a person may ask for, on a day that the contract has reached."""
    now = contract.facts_until(None)
    last = schedule.service_period(now.schedule, start=now.billed_until).period.last_day
    kept = contract.services[-2:]
    first = max([kept[0].period.start, *contract.altered_on])
    on = draw(st.dates(first, max(first, last)))
    wanted = WantedTerms(on=on)
    what = draw(st.sets(st.sampled_from(["plan", "due day", "billing type", "added", "until"])))
    if "plan" in what or what <= {"until"}:
        products = draw(st.lists(amounts, min_size=1, max_size=2))
        items = tuple(drafted(cents, product_id=n) for n, cents in enumerate(products, start=1))
        plan = PlanRank(id=number + 1, name="Outro", tier=number)
        wanted = replace(wanted, plan=plan, plan_items=items)
    if "added" in what:
        visit = drafted(5000, kind=ItemKind.ADDITIONAL, charge=Charge.TIMES, times=2, product_id=2)
        wanted = replace(wanted, added=(visit,))
    if "until" in what:
        until = on + timedelta(days=draw(st.integers(1, 120)))
        return replace(wanted, until=until)
    if "billing type" in what:
        wanted = replace(
            wanted, billing_type=rules_of(draw(schedules(custom=False)), number=number)
        )
    if "due day" in what and now.schedule.due_rule is DueRule.FIXED_DAY:
        wanted = replace(wanted, due_day=draw(st.integers(1, 31)))
    return wanted


def by_due_day(of: Schedule) -> Schedule:
    return replace(
        of, due_rule=DueRule.FIXED_DAY, interval_days=None, periodicity=Periodicity.months(1)
    )


any_schedule = st.one_of(schedules(custom=False), schedules(custom=False).map(by_due_day))


@given(
    any_schedule,
    amounts,
    st.sampled_from([None, 100_000, 333_333]),
    st.sampled_from([0, 0, 999]),
    st.sampled_from([DifferencePolicy.PERIOD_BALANCE, *DifferencePolicy]),
    st.data(),
)
def test_any_sequence_of_alterations_bills_every_day_once_at_its_own_price(
    of: Schedule,
    price: int,
    percent: int | None,
    fixed: int,
    policy: DifferencePolicy,
    data: st.DataObject,
) -> None:
    """Money is conserved by PERIOD_BALANCE; by MANUAL the printed sums are true all the same."""
    contract = Contract(
        of, first_items(of, price=price, percent=percent, fixed=fixed), policy=policy
    )
    contract.close(data.draw(st.integers(1, 3)))

    for number in range(2, 2 + data.draw(st.integers(1, 4))):
        wanted = data.draw(wanted_terms(contract, number=number))
        note(wanted)
        try:
            plan = contract.alter(wanted)
        except AlterationRefused as refused:
            note(refused)
            continue
        for invoice in plan.first_invoices:
            for line in invoice.draft.lines:
                assert explanation.evaluate(line.explanation) == line.amount_cents, line
        contract.close(data.draw(st.integers(0, 2)))
    contract.close(2)

    services = contract.services
    assert services[0].period.start == contract.first_day
    assert all(a.period.end == b.period.start for a, b in pairwise(services))
    visits = sum(
        5000 * item.times
        for item in contract.items
        if item.charge is Charge.TIMES and item.times == 2
    )
    if policy is DifferencePolicy.PERIOD_BALANCE:
        assert contract.billed_cents == contract.cost_cents + visits


def the_manuals(old: int, *, policy: DifferencePolicy = DifferencePolicy.MANUAL) -> Contract:
    """Return the manual's contract: invoices 07, 08 and, early, 09 of 2025 stand."""
    contract = Contract(
        terms(date(2025, 6, 10), due_anchor_on=date(2025, 7, 10)),
        [item(starts_on=date(2025, 6, 10), price_cents=old)],
        policy=policy,
    )
    contract.close(3)
    return contract


def to_plan(price: int, **more) -> WantedTerms:
    plan = PlanRank(id=2, name="Fibra 600", tier=2, speed_kbps=600_000)
    return WantedTerms(on=date(2025, 7, 13), plan=plan, plan_items=(drafted(price),), **more)


@pytest.mark.parametrize(
    ("old", "new", "policy", "kind", "cents", "next_cents"),
    [
        (4990, 8990, DifferencePolicy.MANUAL, "UP", 3613, 12603),  # 89,90 + 36,13
        (4990, 8990, DifferencePolicy.PERIOD_BALANCE, "UP", 3613, 12603),
        (8990, 4990, DifferencePolicy.MANUAL, "DW", 386, 4604),  # 49,90 − 3,86
        (8990, 4990, DifferencePolicy.PERIOD_BALANCE, "DW", 3613, 1377),  # 49,90 − 36,13
    ],
)
def test_the_manuals_examples(
    old: int, new: int, policy: DifferencePolicy, kind: str, cents: int, next_cents: int
) -> None:
    contract = the_manuals(old, policy=policy)

    plan = contract.alter(to_plan(new))
    contract.close()

    assert plan.classification.kind.value == kind
    assert plan.invoices.current is not None
    assert plan.invoices.current.service.period.label() == "10/07/2025 a 09/08/2025"
    assert [i.service.period.label() for i in plan.invoices.cancelled] == [
        "10/08/2025 a 09/09/2025"
    ]
    [difference] = plan.charged_items
    assert difference.draft.price_cents == cents
    [*_, (_, september)] = contract.standing
    assert september.total_cents == plan.first_invoices[0].draft.total_cents == next_cents


def test_a_downgrade_by_the_manual_asks_for_a_tick() -> None:
    plan = the_manuals(8990).alter(to_plan(4990))

    assert plan.needs_tick
    assert plan.settlement is not None
    assert plan.settlement.shortfall_cents == 3227  # 36,13 − 3,86


def test_an_upgrade_with_another_due_day_settles_both_by_two_sums() -> None:
    contract = the_manuals(4990)

    plan = contract.alter(to_plan(8990, due_day=20))

    [invoice, _] = plan.first_invoices
    assert plan.classification.kind.value == "UV"
    assert told(invoice.draft) == [
        ("Produto 1", "R$ 89,90"),
        ("10 dias a mais pela mudança do vencimento", "R$ 89,90 ÷ 31 × 10 dias = R$ 29,00"),
        (
            "Diferença da alteração de 13/07/2025, uso de 10/07/2025 a 09/08/2025",
            "R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13",
        ),
    ]
    assert invoice.draft.total_cents == 15503  # 89,90 + 29,00 + 36,13
    assert invoice.nominal_due_on == date(2025, 9, 20)


def test_the_digest_tells_when_anything_changed() -> None:
    contract = the_manuals(4990)
    plans = [
        alteration_plan.plan_alteration(contract.facts(wanted), wanted=wanted)
        for wanted in (to_plan(8990), to_plan(8990), to_plan(8991))
    ]

    assert plans[0].digest == plans[1].digest != plans[2].digest
    contract.close()
    later = alteration_plan.plan_alteration(contract.facts(to_plan(8990)), wanted=to_plan(8990))
    assert later.digest != plans[0].digest
