"""What keeps a contract from being altered is told all at once, each with its way out."""

from dataclasses import replace
from datetime import date

import pytest

from tests.domain.altered import Contract
from tests.domain.test_alteration_plan import drafted, rules_of, the_manuals, to_plan
from tests.domain.test_invoicing import item
from tests.domain.test_schedule import terms
from vigente.domain import alteration_plan, alteration_preconditions
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.alteration_terms import AlterationFacts, ReceivableFacts, WantedTerms
from vigente.domain.codes import AlterationRefusal as Code
from vigente.domain.cycles import Periodicity
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.periods import Period
from vigente.domain.schedule import DueRule

ON = date(2025, 7, 13)
UPGRADE = to_plan(8990)


def facts(wanted: WantedTerms = UPGRADE, **more) -> AlterationFacts:
    return the_manuals(4990).facts(wanted, **more)


def codes(found: AlterationFacts, wanted: WantedTerms = UPGRADE) -> list[Code]:
    return [r.code for r in alteration_preconditions.refusals(found, wanted=wanted)]


def sentence(found: AlterationFacts, wanted: WantedTerms = UPGRADE) -> str:
    [refusal] = alteration_preconditions.refusals(found, wanted=wanted)
    return refusal.sentence


def test_the_manuals_contract_may_be_altered() -> None:
    assert codes(facts()) == []


def test_all_that_fail_are_told_at_once() -> None:
    found = facts(status=ContractStatus.INACTIVE, policy=None, open_alteration=7)
    found = replace(found, contract=replace(found.contract, grouped=False))

    with pytest.raises(AlterationRefused) as refused:
        alteration_plan.plan_alteration(found, wanted=UPGRADE)

    assert [r.code for r in refused.value.refusals] == [
        Code.CONTRACT_INACTIVE,
        Code.GROUPING_OFF,
        Code.ALTERATION_OPEN,
        Code.POLICY_NOT_CHOSEN,
    ]
    assert "A alteração 7 deste contrato está aberta" in str(refused.value)


@pytest.mark.parametrize("status", [s for s in ContractStatus if s is not ContractStatus.ACTIVE])
def test_only_an_active_contract_is_altered(status: ContractStatus) -> None:
    assert "só um contrato ativo é alterado" in sentence(facts(status=status))


def test_the_manual_asks_for_grouping_and_for_an_invoice() -> None:
    found = facts()
    ungrouped = replace(found, contract=replace(found.contract, grouped=False))
    new = Contract(terms(date(2025, 7, 10)), [item(starts_on=date(2025, 7, 10))])

    assert "é necessário que o sistema opere pelo agrupamento de faturas" in sentence(ungrouped)
    assert "ao menos uma fatura gerada" in sentence(new.facts(UPGRADE))


def test_an_imported_billed_until_counts_as_an_invoice() -> None:
    new = Contract(terms(date(2025, 7, 10)), [item(starts_on=date(2025, 7, 10))])

    assert codes(new.facts(UPGRADE, imported_until=date(2025, 7, 10))) == []


def test_the_invoice_of_the_period_before_must_exist_whether_paid_or_not() -> None:
    late = replace(UPGRADE, on=date(2025, 10, 10))  # 10/09 to 09/10 was never invoiced
    last_day = replace(UPGRADE, on=date(2025, 10, 9))

    assert "falta a do período que começa em 10/09/2025" in sentence(facts(late), late)
    assert codes(facts(last_day), last_day) == []


def test_a_cancelled_invoice_to_be_billed_again_is_missing_too() -> None:
    found = facts()
    gap = Period(date(2025, 6, 10), date(2025, 7, 10))
    found = replace(found, contract=replace(found.contract, gaps=(gap,)))

    assert codes(found) == [Code.PREVIOUS_INVOICE_MISSING]


def test_a_list_of_due_dates_is_changed_by_hand_before_and_after() -> None:
    found = facts()
    listed = terms(due_rule=DueRule.CUSTOM, custom_dates=(date(2027, 1, 20),))
    to_list = WantedTerms(on=ON, billing_type=rules_of(listed, number=9))

    assert Code.CUSTOM_DUE_RULE in codes(
        replace(found, contract=replace(found.contract, schedule=listed))
    )
    assert "diretamente no contrato" in " ".join(
        r.sentence for r in alteration_preconditions.refusals(found, wanted=to_list)
    )


def test_something_must_change() -> None:
    assert codes(facts(WantedTerms(on=ON)), WantedTerms(on=ON)) == [Code.NOTHING_CHANGES]
    same = WantedTerms(on=ON, due_day=10)
    assert codes(facts(same), same) == [Code.NOTHING_CHANGES]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (replace(UPGRADE, on=date(2025, 7, 9)), "escolha um dia a partir de 10/07/2025"),
        (replace(UPGRADE, on=date(2026, 7, 15)), "escolha um dia até 14/07/2026"),
        (replace(UPGRADE, until=ON), "Fim da alteração: escolha um dia depois de 13/07/2025"),
    ],
)
def test_the_day_lies_in_the_period_in_use_or_later(wanted: WantedTerms, told: str) -> None:
    assert told in sentence(facts(wanted, today=ON), wanted)


def test_the_day_lies_not_before_an_earlier_alteration_nor_after_the_end() -> None:
    found = facts(altered_on=(date(2025, 7, 20),))
    ending = facts()
    ending = replace(ending, contract=replace(ending.contract, ends_on=ON))

    assert "a partir de 20/07/2025" in sentence(found)
    assert "o contrato termina em 13/07/2025" in sentence(ending)


def test_a_temporary_alteration_leaves_billing_type_and_due_day() -> None:
    wanted = replace(UPGRADE, until=date(2025, 9, 1), due_day=20)

    assert "uma alteração permanente" in sentence(facts(wanted), wanted)


def test_items_of_other_contracts_are_neither_kept_nor_ended() -> None:
    for wanted in (
        replace(UPGRADE, kept_item_ids=frozenset({999})),
        replace(UPGRADE, ended_item_ids=frozenset({999})),
    ):
        assert codes(facts(wanted), wanted) == [Code.FOREIGN_ITEM]


def test_at_most_two_due_day_changes_in_twelve_months() -> None:
    wanted = WantedTerms(on=ON, due_day=20)
    days = (date(2024, 7, 13), date(2024, 9, 1), date(2025, 3, 1))

    assert codes(facts(wanted, due_day_changed_on=days[:2], max_due_day_changes=2), wanted) == []
    assert "pode mudá-lo de novo a partir de 01/09/2025" in sentence(
        facts(wanted, due_day_changed_on=days, max_due_day_changes=2), wanted
    )
    assert codes(facts(due_day_changed_on=days, max_due_day_changes=2)) == []


def test_no_due_day_change_while_one_has_not_reached_an_invoice() -> None:
    contract = the_manuals(4990)
    contract.alter(WantedTerms(on=ON, due_day=20))
    again = WantedTerms(on=date(2025, 7, 15), due_day=5)

    assert "depois que for gerada a que vence em 20/09/2025" in sentence(
        contract.facts(again), again
    )
    assert codes(contract.facts(replace(UPGRADE, on=again.on)), replace(UPGRADE, on=again.on)) == []
    contract.close()
    assert codes(contract.facts(again), again) == []


def test_a_due_day_must_be_a_day_that_decides_something() -> None:
    none, interval = WantedTerms(on=ON, due_day=32), WantedTerms(on=ON, due_day=5)
    by_interval = Contract(
        terms(date(2025, 6, 10), due_rule=DueRule.INTERVAL, interval_days=7, due_day=None),
        [item(starts_on=date(2025, 6, 10))],
    )
    by_interval.close(2)

    assert "informe um dia de 1 a 31" in sentence(facts(none), none)
    assert "o dia não é usado" in sentence(by_interval.facts(interval), interval)


def test_a_billing_type_that_uses_the_due_day_needs_one() -> None:
    by_interval = Contract(
        terms(date(2025, 6, 10), due_rule=DueRule.INTERVAL, interval_days=7, due_day=None),
        [item(starts_on=date(2025, 6, 10))],
    )
    by_interval.close(2)
    wanted = WantedTerms(on=ON, billing_type=rules_of(terms(), number=9))

    assert "o tipo de cobrança Tipo 9 precisa dele" in sentence(by_interval.facts(wanted), wanted)


def test_cycles_of_days_need_a_price_per_cycle() -> None:
    by_days = terms(periodicity=Periodicity.of_days(30))
    wanted = WantedTerms(on=ON, billing_type=rules_of(by_days, number=9))

    assert "Fibra 300 não tem preço por ciclo" in sentence(facts(wanted), wanted)


def test_nothing_is_issued_again_above_the_ceiling() -> None:
    [*_, (later, _)] = the_manuals(4990).standing
    grouped = ReceivableFacts(
        id=1,
        number=None,
        due_on=date(2027, 1, 10),
        amount_cents=9990,
        received_cents=0,
        invoices=((later.invoice_id, 4990),),
    )
    rules = replace(facts().rules, last_due_on=date(2026, 12, 31))

    assert codes(facts(receivables=(grouped,), rules=rules)) == [Code.CEILING]
    alone = replace(grouped, amount_cents=4990)
    assert codes(facts(receivables=(alone,), rules=rules)) == []


def test_a_blocked_or_suspended_contract_is_still_altered() -> None:
    """Access is no matter of the status: both are ACTIVE."""
    assert codes(facts(status=ContractStatus.ACTIVE)) == []


def test_an_added_service_alone_is_a_change() -> None:
    wanted = WantedTerms(on=ON, added=(drafted(1000, product_id=2),))

    assert codes(facts(wanted), wanted) == []
