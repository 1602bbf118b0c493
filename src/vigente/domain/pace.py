"""How long a run of many chunks has worked, without its pauses, and how long it still takes."""

from datetime import datetime, timedelta

NOT_YET = timedelta()


def worked(*, before: timedelta, since: datetime | None, until: datetime) -> timedelta:
    """Return how long a run has worked; `since` is when it was taken up last, None in a pause.

    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> worked(before=timedelta(minutes=5), since=nine, until=nine + timedelta(minutes=2))
    datetime.timedelta(seconds=420)
    >>> worked(before=timedelta(minutes=5), since=None, until=nine)
    datetime.timedelta(seconds=300)
    """
    if since is None:
        return before
    return before + max(until - since, NOT_YET)


def per_second(done: int, *, within: timedelta) -> int:
    """Return how many were done a second; a tenth of a second is the least that counts."""
    return round(done / max(within.total_seconds(), 0.1))


def seconds_left(*, done: int, whole: int, within: timedelta) -> int | None:
    """Return how long the rest takes at the pace so far; None while nothing is known of it.

    >>> seconds_left(done=30, whole=40, within=timedelta(seconds=60))
    20
    """
    if done == 0 or done >= whole:
        return None
    return round(within.total_seconds() * (whole - done) / done)
