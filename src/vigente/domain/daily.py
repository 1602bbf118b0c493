"""The day of a branch: what the daily schedule does by itself, and the days that it missed."""

from datetime import date, datetime, timedelta
from enum import StrEnum

MISSED_AT_MOST = 31
RETRY_AFTER = timedelta(minutes=10)
SILENT_AFTER = timedelta(minutes=15)


class DayStatus(StrEnum):
    """How far a day is; WAITING for the hour of its close."""

    WAITING = "WAITING"
    CLOSING = "CLOSING"
    DONE = "DONE"
    FAILED = "FAILED"
    MISSED = "MISSED"


def missed_days(*, last: date | None, today: date) -> tuple[date, ...]:
    """Return the days between the last one that was kept and today, at most the latest 31.

    >>> [f"{day:%d/%m}" for day in missed_days(last=date(2026, 2, 27), today=date(2026, 3, 2))]
    ['28/02', '01/03']
    >>> missed_days(last=None, today=date(2026, 3, 2))
    ()
    """
    if last is None:
        return ()
    number = min((today - last).days - 1, MISSED_AT_MOST)
    return tuple(today - timedelta(days=back) for back in range(number, 0, -1))


def next_close(here: datetime, *, hour: int, is_begun: bool) -> datetime:
    """Return when a branch closes by itself next, at the branch; `is_begun` is about today.

    >>> next_close(datetime(2026, 3, 1, 5, 40), hour=6, is_begun=False)
    datetime.datetime(2026, 3, 1, 6, 0)
    >>> next_close(datetime(2026, 3, 1, 6, 40), hour=6, is_begun=True)
    datetime.datetime(2026, 3, 2, 6, 0)
    >>> next_close(datetime(2026, 3, 1, 6, 40), hour=6, is_begun=False)
    datetime.datetime(2026, 3, 1, 6, 40)
    """
    at_the_hour = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    if is_begun:
        return at_the_hour + timedelta(days=1)
    return max(at_the_hour, here)


def is_silent(last_beat: datetime | None, *, now: datetime) -> bool:
    """Tell whether nobody has kept the schedule for too long; it beats every minute."""
    return last_beat is None or now - last_beat > SILENT_AFTER
