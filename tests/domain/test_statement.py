"""The statement: every movement once, in order, with the balance after it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vigente.domain.statement import Movement, MovementKind, statement

FIRST = date(2026, 1, 1)

movements = st.lists(
    st.builds(
        Movement,
        on=st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days)),
        kind=st.sampled_from(MovementKind),
        id=st.integers(1, 9),
        words=st.just(""),
        cents=st.integers(-100_000, 100_000),
    ),
    max_size=30,
)


@given(movements, st.integers(0, 60), st.integers(0, 60))
def test_whatever_days_are_shown_the_balances_meet(
    told: list[Movement], first: int, last: int
) -> None:
    since, until = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
    whole = statement(told)
    part = statement(told, since=since, until=until)

    assert whole.closing_cents == sum(one.cents for one in told)
    assert len(whole.rows) == len(told)
    if since <= until:
        assert part.closing_cents == part.opening_cents + part.total(*MovementKind)
        assert part.rows == tuple(row for row in whole.rows if since <= row.movement.on <= until)


def test_on_one_day_what_is_owed_comes_before_what_is_paid() -> None:
    paid = Movement(on=FIRST, kind=MovementKind.RECEIPT, id=1, words="", cents=-100)
    bill = Movement(on=FIRST, kind=MovementKind.INVOICE, id=2, words="", cents=100)

    assert [row.balance_cents for row in statement([paid, bill]).rows] == [100, 0]
