"""When a customer is reminded of a bill, once before it is due and once on its day."""

from datetime import date, timedelta
from enum import StrEnum


class ReminderKind(StrEnum):
    """Which reminder it is."""

    BEFORE = "BEFORE"
    ON_DUE = "ON_DUE"


def kind_on(today: date, *, due_on: date, days_before: int, on_due: bool) -> ReminderKind | None:
    """Return the reminder that a day brings, or None.

    A day that nobody worked is made up for: until the due date the first reminder still comes.

    >>> kind_on(date(2026, 3, 8), due_on=date(2026, 3, 10), days_before=3, on_due=True).value
    'BEFORE'
    >>> kind_on(date(2026, 3, 10), due_on=date(2026, 3, 10), days_before=3, on_due=True).value
    'ON_DUE'
    """
    if today == due_on:
        return ReminderKind.ON_DUE if on_due else None
    left = due_on - today
    is_soon = timedelta() < left <= timedelta(days=days_before)
    return ReminderKind.BEFORE if is_soon else None


def when(today: date, *, due_on: date) -> str:
    """Return when a bill falls due, as people say it.

    >>> when(date(2026, 3, 9), due_on=date(2026, 3, 10))
    'vence amanhã, 10/03/2026'
    """
    days = (due_on - today).days
    said = {0: "hoje", 1: "amanhã"}.get(days, f"em {days} dias")
    return f"vence {said}, {due_on:%d/%m/%Y}"
