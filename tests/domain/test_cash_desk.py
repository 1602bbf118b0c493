"""A cash desk loses no money: what came in is what left and what should be in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import cash_desk
from vigente.domain.cash_desk import GOES_OUT, Flow, FlowKind, NotEnoughInTheDesk
from vigente.domain.codes import PaymentMeans

CASH, PIX = PaymentMeans.CASH, PaymentMeans.PIX
cents = st.integers(1, 1_000_000)
flows = st.lists(
    st.builds(Flow, st.sampled_from(FlowKind), st.sampled_from(PaymentMeans), cents), max_size=30
)
counted = st.dictionaries(st.sampled_from(PaymentMeans), cents)


@given(flows)
def test_what_came_in_left_or_is_in_the_desk(told: list[Flow]) -> None:
    came = sum(flow.amount_cents for flow in told if flow.kind not in GOES_OUT)
    left = sum(flow.amount_cents for flow in told if flow.kind in GOES_OUT)

    assert sum(cash_desk.balances(told).values()) + left == came


@given(flows, flows)
def test_a_desk_comes_to_the_sum_of_its_parts(first: list[Flow], then: list[Flow]) -> None:
    parts = [cash_desk.balances(first), cash_desk.balances(then)]

    whole = cash_desk.balances([*first, *then])

    assert whole == {means: sum(part[means] for part in parts) for means in PaymentMeans}


@given(flows, counted)
def test_the_difference_is_what_was_counted_less_what_should_be_there(
    told: list[Flow], by_hand: dict[PaymentMeans, int]
) -> None:
    expected = cash_desk.balances(told)

    counts = cash_desk.counts(expected, counted=by_hand)

    assert [one.means for one in counts] == list(PaymentMeans)
    assert sum(one.difference_cents for one in counts) == sum(by_hand.values()) - sum(
        expected.values()
    )


@given(flows)
def test_counting_what_should_be_there_leaves_no_difference(told: list[Flow]) -> None:
    expected = cash_desk.balances(told)

    counts = cash_desk.counts(expected, counted=expected)

    assert not any(one.difference_cents for one in counts)


def test_a_day_at_the_desk() -> None:
    told = [
        Flow(FlowKind.OPENING, CASH, 10_000),
        Flow(FlowKind.RECEIPT, CASH, 9_000),
        Flow(FlowKind.RECEIPT, PIX, 12_000),
        Flow(FlowKind.REVERSAL, CASH, 9_000),
        Flow(FlowKind.WITHDRAWAL, CASH, 5_000),
        Flow(FlowKind.SUPPLY, CASH, 2_000),
        Flow(FlowKind.REFUND, PIX, 3_000),
    ]

    there = cash_desk.balances(told)

    assert there[CASH] == 7_000  # 100,00 + 90,00 − 90,00 − 50,00 + 20,00
    assert there[PIX] == 9_000  # 120,00 − 30,00


def test_no_more_cash_leaves_than_there_is() -> None:
    cash_desk.refuse_more_than(5000, amount_cents=5000)

    with pytest.raises(NotEnoughInTheDesk, match=r"tem R\$ 50,00 em dinheiro"):
        cash_desk.refuse_more_than(5000, amount_cents=5001)
