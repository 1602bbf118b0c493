"""The civil day at a branch."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from vigente.staff.models import Branch


def local_today(branch: Branch, *, now: datetime) -> date:
    """Return the civil day at the branch."""
    return now.astimezone(ZoneInfo(branch.time_zone)).date()
