"""What happens by itself every day in each branch; a missed day is caught up by the next."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from vigente.audit.actor import SYSTEM
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun
from vigente.domain.close_plan import CloseTerms
from vigente.domain.parameters import CLOSE_AUTOMATICALLY, CLOSE_HOUR, CLOSE_LEAD_DAYS
from vigente.journeys import month_close
from vigente.parameters import queries as parameters
from vigente.staff.models import Branch


def close_branches(*, now: datetime) -> list[CloseRun]:
    """Begin today's automatic close of each branch whose hour has come, once a day."""
    begun = []
    for branch in Branch.objects.filter(is_active=True).order_by("pk"):
        run = _close_branch(branch, now=now)
        if run is not None:
            begun.append(run)
    return begun


def local_today(branch: Branch, *, now: datetime) -> date:
    """Return the civil day at the branch."""
    return now.astimezone(ZoneInfo(branch.time_zone)).date()


@transaction.atomic
def _close_branch(branch: Branch, *, now: datetime) -> CloseRun | None:
    Branch.objects.select_for_update().get(pk=branch.pk)
    values = parameters.branch_values(
        (CLOSE_AUTOMATICALLY, CLOSE_HOUR, CLOSE_LEAD_DAYS), branch_id=branch.pk
    )
    here = now.astimezone(ZoneInfo(branch.time_zone))
    is_time = bool(values[CLOSE_AUTOMATICALLY.name]) and here.hour >= int(
        values[CLOSE_HOUR.name] or 0
    )
    done = CloseRun.objects.filter(branch=branch, by_user_id=None, issued_on=here.date()).exists()
    if done or not is_time:
        return None
    due_until = here.date() + timedelta(days=int(values[CLOSE_LEAD_DAYS.name] or 0))
    return month_close.begin(
        terms=CloseTerms(issued_on=here.date(), due_until=due_until),
        choice=Choice(branch_id=branch.pk),
        reference_month=None,
        by=SYSTEM,
        at=now,
        simulated_first=False,
    )
