"""A schedule that was written is read again the same."""

import json
from datetime import date

import msgspec
from hypothesis import given

from tests.domain.strategies import schedules
from vigente.contracts import schedules as kept
from vigente.domain import alteration_due_day
from vigente.domain.schedule import Schedule


@given(schedules())
def test_a_written_schedule_is_read_again(of: Schedule) -> None:
    assert msgspec.convert(json.loads(json.dumps(kept.told(of))), Schedule) == of


def test_a_stretched_first_period_is_read_again() -> None:
    changed, _ = alteration_due_day.of_value(
        8990,
        last_end=date(2025, 8, 10),
        due_day=10,
        new_due_day=20,
        on=date(2025, 8, 1),
        min_notice_days=5,
    )
    stretch = changed.schedule.stretch

    assert stretch is not None
    assert kept.read_stretch(json.dumps(kept.told(stretch))) == stretch
    assert msgspec.convert(kept.told(changed.schedule), Schedule) == changed.schedule
