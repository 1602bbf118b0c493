"""Background jobs by name, queued in the caller's transaction: a rollback drops them."""

from procrastinate import exceptions
from procrastinate.contrib.django import app

CLOSE_RUN = "close_run"


def queue(name: str, *, once: str | None = None, **arguments: int | str) -> bool:
    """Queue the job `name`; with `once`, not while one of that key waits. Tell if it was queued."""
    job = app.configure_task(name, queueing_lock=once)
    try:
        job.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True
