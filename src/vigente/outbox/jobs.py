"""Background jobs by name, queued in the caller's transaction: a rollback drops them."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinatePeriodicDefer

CLOSE_RUN = "close_run"
BILL_ALTERED = "bill_altered"
PRINT_ALTERATION = "print_alteration"
MASS_ALTERATION = "mass_alteration"
IMPORT_RUN = "import_run"
READ_RETURN = "read_return"
EVERY_MINUTE = "every_minute"
DELIVER = "deliver"
PASSWORD_LINK = "password_link"  # noqa: S105  a name


def queue(
    name: str, *, once: str | None = None, alone: str | None = None, **arguments: int | str
) -> bool:
    """Queue the job `name`; with `once`, not while one of that key waits. Tell if it was queued.

    With `alone` it is done after the others of that key, never beside them.
    """
    job = app.configure_task(name, queueing_lock=once, lock=alone)
    try:
        with transaction.atomic():  # what refuses the job spoils nothing of the caller
            job.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def last_beat() -> datetime | None:
    """Return when a worker last queued what is done every minute; None if none ever did."""
    found = ProcrastinatePeriodicDefer.objects.filter(task_name=EVERY_MINUTE)
    seconds = found.aggregate(last=Max("defer_timestamp"))["last"]
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
