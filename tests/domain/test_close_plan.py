"""A contract that cannot be billed waits with its reason, and never stops the others."""

from dataclasses import replace
from datetime import date

from tests.domain.test_schedule import terms
from vigente.domain import close_plan
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.close_plan import BranchRules, CloseTerms, ContractFacts
from vigente.domain.codes import HoldReason
from vigente.domain.schedule import DueRule, Schedule

RULES = BranchRules(
    min_days_before_due=5,
    due_on_business_day=True,
    last_due_on=None,
    calendar=BusinessCalendar(),
)
FEBRUARY = CloseTerms(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))


def contract(schedule: Schedule, *, missing: tuple[str, ...] = ()) -> ContractFacts:
    return ContractFacts(
        id=1,
        customer_id=1,
        branch_id=1,
        wallet_id=1,
        schedule=schedule,
        items=(),
        billed_until=schedule.starts_on,
        missing=missing,
    )


def test_a_contract_without_a_due_day_waits_for_it() -> None:
    lacking = contract(replace(terms(), due_day=None), missing=("dia de vencimento",))

    planned, hold = close_plan.plan_contract(lacking, rules=RULES, terms=FEBRUARY)

    assert planned == []
    assert hold is not None
    assert hold.reason is HoldReason.MISSING_DATA
    assert hold.detail == "dia de vencimento"


def test_a_contract_whose_dates_are_used_up_says_which_was_the_last() -> None:
    listed = terms(due_rule=DueRule.CUSTOM, custom_dates=(date(2026, 1, 20),))

    planned, hold = close_plan.plan_contract(contract(listed), rules=RULES, terms=FEBRUARY)

    assert planned == []
    assert hold is not None
    assert hold.reason is HoldReason.SCHEDULE_USED_UP
    assert "terminou em 20/01/2026" in hold.detail
