"""Setting up a branch: its facts, its holidays and the difference policy that it must choose."""

from dataclasses import asdict, dataclass
from datetime import datetime

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts.models import Contract
from vigente.contracts.queries import UNDER_CONTRACT
from vigente.domain.parameters import DIFFERENCE_POLICY, Scope
from vigente.journeys.registers import Register
from vigente.parameters import actions as parameters
from vigente.parameters import queries
from vigente.staff import actions as staff
from vigente.staff.actions import HolidayFacts
from vigente.staff.models import Branch, User


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchFacts:
    """What is kept of a branch; the policy is a parameter, None only where never chosen."""

    code: str
    name: str
    tax_id: str = ""
    city: str
    uf: str
    time_zone: str = "America/Sao_Paulo"
    is_active: bool = True
    difference_policy: str | None = None
    holidays: tuple[HolidayFacts, ...] = ()


class BranchInUse(ValueError):
    """A filial tem contratos e não pode ser inativada."""

    field = "is_active"


def branch_facts(branch: Branch) -> BranchFacts:
    """Return what is kept of a branch."""
    policy = queries.in_force(DIFFERENCE_POLICY, branch_id=branch.pk).value
    return BranchFacts(
        code=branch.code,
        name=branch.name,
        tax_id=branch.tax_id,
        city=branch.city,
        uf=branch.uf,
        time_zone=branch.time_zone,
        is_active=branch.is_active,
        difference_policy=None if policy is None else str(policy),
        holidays=staff.holiday_facts(branch),
    )


def write_branch(branch: Branch | None, facts: BranchFacts) -> Branch:
    """Write a branch and its holidays; it is inactivated, never deleted.

    :raises BranchInUse: where its contracts would no longer be billed.
    """
    branch = branch or Branch()
    if branch.pk and branch.is_active and not facts.is_active:
        _refuse_in_use(branch)
    for name, value in asdict(facts).items():
        if name not in ("holidays", "difference_policy"):
            setattr(branch, name, value)
    branch.save()
    staff.write_holidays(branch, facts.holidays)
    return branch


def follow_branch(
    branch: Branch, facts: BranchFacts, _before: BranchFacts | None, by: Actor, now: datetime
) -> None:
    """Set the policy of a branch, and let who set the branch up see it."""
    if facts.difference_policy is not None:
        parameters.set_value(
            DIFFERENCE_POLICY,
            facts.difference_policy,
            scope=Scope.BRANCH,
            scope_id=branch.pk,
            by=by,
            now=now,
        )
    user = User.objects.filter(pk=by.user_id or 0, is_administrator=False).first()
    if user is not None and staff.join(user, branch):
        audit.record(
            "user joined branch",
            object_kind="user",
            object_id=user.pk,
            by=by,
            at=now,
            branch_id=branch.pk,
        )


def _refuse_in_use(branch: Branch) -> None:
    held = Contract.objects.filter(branch=branch, status__in=UNDER_CONTRACT).count()
    if held:
        raise BranchInUse(
            f"A filial tem {held} contrato(s) em vigor, que deixariam de ser faturados: "
            "cancele-os antes de inativá-la."
        )


BRANCHES = Register(
    kind="branch",
    model=Branch,
    facts=branch_facts,
    write=write_branch,
    branch_id=lambda branch: branch.pk,
    follow=follow_branch,
)
