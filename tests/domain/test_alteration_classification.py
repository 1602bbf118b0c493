"""The kind of an alteration follows from what changes, as the manual's table and ours say."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.altered import FIBRA
from tests.domain.test_alteration_plan import drafted, rules_of, the_manuals, to_plan
from tests.domain.test_schedule import terms
from vigente.domain import alteration_classification, alteration_plan
from vigente.domain.alteration_classification import Changed, NothingChanges
from vigente.domain.alteration_terms import PlanRank, WantedTerms
from vigente.domain.codes import Charge, ItemKind
from vigente.domain.schedule import PeriodBase

SUPERIOR = PlanRank(id=2, name="Fibra 600", tier=2)
FASTER = PlanRank(id=3, name="Fibra 400", tier=1, speed_kbps=400_000)
SLOWER = PlanRank(id=4, name="Fibra 100", tier=1, speed_kbps=100_000)
NOTHING = Changed(
    plan_before=FIBRA, plan_after=FIBRA, items=False, due_day=False, billing_type=False
)
ON = date(2025, 7, 13)


@pytest.mark.parametrize(
    ("after", "changed", "same_due_day", "other_due_day"),
    [
        (8990, replace(NOTHING, plan_after=SUPERIOR), "UP", "UV"),
        (8990, replace(NOTHING, plan_after=SLOWER), "UP", "UV"),
        (8990, replace(NOTHING, items=True), "UP", "UV"),
        (4990, replace(NOTHING, plan_after=SUPERIOR), "SC", "UV"),
        (4990, replace(NOTHING, plan_after=FASTER), "SC", "UV"),
        (4990, replace(NOTHING, plan_after=replace(FIBRA, id=9)), "SC", "UV"),
        (4990, replace(NOTHING, plan_after=SLOWER), "DW", "DV"),
        (3990, replace(NOTHING, plan_after=SUPERIOR), "DW", "DV"),
        (3990, replace(NOTHING, items=True), "DW", "DV"),
        (4990, replace(NOTHING, items=True), "OT", "AV"),
        (4990, replace(NOTHING, billing_type=True), "OT", "AV"),
    ],
)
def test_the_designs_table(
    after: int, changed: Changed, same_due_day: str, other_due_day: str
) -> None:
    told = [
        alteration_classification.classify(4990, after, changed=replace(changed, due_day=moved))
        for moved in (False, True)
    ]

    assert [one.kind.value for one in told] == [same_due_day, other_due_day]


def test_only_another_due_day_is_av_and_nothing_at_all_is_refused() -> None:
    only = alteration_classification.classify(4990, 4990, changed=replace(NOTHING, due_day=True))

    assert (only.kind.value, only.words) == ("AV", "Alteração de vencimento")
    with pytest.raises(NothingChanges, match="Nada muda"):
        alteration_classification.classify(4990, 4990, changed=NOTHING)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans(), st.booleans())
def test_every_kind_says_why(before: int, after: int, items: bool, due_day: bool) -> None:
    changed = replace(NOTHING, plan_after=SUPERIOR, items=items, due_day=due_day)

    told = alteration_classification.classify(before, after, changed=changed)

    assert told.words
    assert told.reason.endswith("outro vencimento" if due_day else "mesmo vencimento")


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (to_plan(8990), "UP"),
        (to_plan(4990), "SC"),
        (to_plan(3990), "DW"),
        (to_plan(8990, due_day=20), "UV"),
        (to_plan(3990, due_day=20), "DV"),
        (WantedTerms(on=ON, due_day=20), "AV"),
        (WantedTerms(on=ON, added=(drafted(1000, kind=ItemKind.ADDITIONAL),)), "UP"),
        (WantedTerms(on=ON, added=(drafted(1000, kind=ItemKind.DISCOUNT),)), "DW"),
        # what is charged n times, dated or only if paid by the due date has no value a month
        (
            WantedTerms(
                on=ON,
                added=(drafted(1000, kind=ItemKind.ADDITIONAL, charge=Charge.TIMES, times=3),),
            ),
            "OT",
        ),
        (
            WantedTerms(
                on=ON,
                added=(drafted(1000, kind=ItemKind.ADDITIONAL, ends_on=date(2026, 1, 1)),),
            ),
            "OT",
        ),
        (
            WantedTerms(
                on=ON, added=(drafted(1000, kind=ItemKind.DISCOUNT, only_if_paid_by_due=True),)
            ),
            "OT",
        ),
        (
            WantedTerms(on=ON, billing_type=rules_of(terms(base=PeriodBase.CALENDAR), number=9)),
            "OT",
        ),
        # a temporary one is told as if it were for good
        (to_plan(8990, until=date(2025, 9, 1)), "UP"),
    ],
)
def test_a_contracts_own_terms_tell_the_kind(wanted: WantedTerms, kind: str) -> None:
    contract = the_manuals(4990)

    plan = alteration_plan.plan_alteration(contract.facts(wanted), wanted=wanted)

    assert plan.classification.kind.value == kind
