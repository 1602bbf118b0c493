"""On which days banks work, by branch."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from vigente.domain import business_days
from vigente.domain.business_days import BusinessCalendar
from vigente.staff.models import Branch, BranchHoliday


def calendars(branches: Iterable[Branch], *, years: Iterable[int]) -> dict[int, BusinessCalendar]:
    """Return the calendar of each branch with the holidays of these years, in one query."""
    municipal: defaultdict[int, set[date]] = defaultdict(set)
    for branch_id, day in BranchHoliday.objects.values_list("branch_id", "day"):
        municipal[branch_id].add(day)
    wanted = tuple(years)
    return {
        branch.pk: BusinessCalendar(
            business_days.brazilian_holidays(branch.uf, years=wanted)
            | frozenset(municipal[branch.pk])
        )
        for branch in branches
    }
