"""The only writes to branches, people and their branches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain.permissions import Role
from vigente.staff.models import Branch, BranchHoliday, User, UserBranch


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayFacts:
    """A municipal holiday of one day."""

    day: date
    name: str


def holiday_facts(branch: Branch) -> tuple[HolidayFacts, ...]:
    """Return the municipal holidays of a branch, the earliest first."""
    return tuple(HolidayFacts(day=h.day, name=h.name) for h in branch.holidays.order_by("day"))


def write_holidays(branch: Branch, holidays: Sequence[HolidayFacts]) -> None:
    """Write the municipal holidays of a branch; payable dates already given stay as they are.

    :raises IntegrityError: `branch_holiday_once`, where a day comes twice.
    """
    kept = {HolidayFacts(day=h.day, name=h.name): h.pk for h in branch.holidays.all()}
    branch.holidays.exclude(pk__in=[pk for one, pk in kept.items() if one in holidays]).delete()
    BranchHoliday.objects.bulk_create(
        [BranchHoliday(branch=branch, day=h.day, name=h.name) for h in holidays if h not in kept]
    )


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    branches: Iterable[Branch],
    roles: Iterable[Role] = (),
    administrator: bool = False,
) -> User:
    """Write a person who may sign in and sees the given branches."""
    user = User(
        email=email.strip().lower(),
        name=name,
        is_administrator=administrator,
        roles=sorted({role.value for role in roles}),
    )
    user.set_password(password)
    user.save()
    UserBranch.objects.bulk_create([UserBranch(user=user, branch=branch) for branch in branches])
    return user


def write_branches_of(user: User, branch_ids: Iterable[int]) -> None:
    """Let a person see these branches and no others."""
    wanted = set(branch_ids)
    present = set(user.branches.values_list("pk", flat=True))
    UserBranch.objects.filter(user=user).exclude(branch_id__in=wanted).delete()
    UserBranch.objects.bulk_create(
        [UserBranch(user=user, branch_id=pk) for pk in sorted(wanted - present)]
    )


def join(user: User, branch: Branch) -> bool:
    """Let a person see one more branch; tell whether that was news."""
    _, is_new = UserBranch.objects.get_or_create(user=user, branch=branch)
    return is_new


def write_password(user: User, password: str) -> None:
    """Write a new password; the sessions that the old one opened end."""
    user.set_password(password)
    user.save(update_fields=["password"])
