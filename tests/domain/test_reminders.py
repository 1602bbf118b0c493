"""Reminders: each bill once before it is due and once on its day, whatever days are missed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vigente.domain.reminders import ReminderKind, kind_on, when

DUE = date(2026, 3, 10)


@given(st.integers(0, 15), st.sets(st.integers(-30, 30)), st.booleans())
def test_what_is_sent_is_the_same_set_whichever_days_are_worked(
    days_before: int, worked: set[int], on_due: bool
) -> None:
    sent = {
        kind
        for days in worked
        if (
            kind := kind_on(
                DUE + timedelta(days=days), due_on=DUE, days_before=days_before, on_due=on_due
            )
        )
    }

    assert (ReminderKind.BEFORE in sent) == any(-days_before <= day < 0 for day in worked)
    assert (ReminderKind.ON_DUE in sent) == (on_due and 0 in worked)


def test_days_are_told_as_people_say_them() -> None:
    told = [when(DUE - timedelta(days=days), due_on=DUE) for days in (0, 1, 3)]

    assert told == [
        "vence hoje, 10/03/2026",
        "vence amanhã, 10/03/2026",
        "vence em 3 dias, 10/03/2026",
    ]
