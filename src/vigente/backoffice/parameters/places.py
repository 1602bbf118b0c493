"""Where parameters are looked at: the system, a branch, a plan or a contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigente.catalog.models import SalePlan
from vigente.contracts.models import Contract
from vigente.domain.parameters import Scope
from vigente.staff.models import Branch


@dataclass(frozen=True, slots=True)
class Place:
    """One scope, with those it inherits from: the id of each, and its words after «herdado»."""

    scope: Scope
    title: str
    ids: Mapping[Scope, int]
    words: Mapping[Scope, str] = field(default_factory=dict)

    @property
    def scope_id(self) -> int:
        """Return the id of the scope itself."""
        return self.ids[self.scope]


SYSTEM = Place(Scope.SYSTEM, "Sistema", {Scope.SYSTEM: 0}, {Scope.SYSTEM: "do sistema"})


def of_branch(branch: Branch) -> Place:
    """Return a branch as a place of parameters."""
    return Place(
        Scope.BRANCH,
        branch.name,
        {Scope.BRANCH: branch.pk, **SYSTEM.ids},
        {Scope.BRANCH: f"da filial {branch.name}", **SYSTEM.words},
    )


def of_plan(plan: SalePlan, *, branch: Branch) -> Place:
    """Return a sale plan as a place of parameters; what it inherits depends on the branch."""
    above = of_branch(branch)
    return Place(
        Scope.PLAN,
        plan.name,
        {Scope.PLAN: plan.pk, **above.ids},
        {Scope.PLAN: f"do plano {plan.name}", **above.words},
    )


def of_contract(contract: Contract, *, plan: SalePlan | None) -> Place:
    """Return a contract as a place of parameters, with the plan that it has now."""
    above = of_plan(plan, branch=contract.branch) if plan else of_branch(contract.branch)
    return Place(
        Scope.CONTRACT,
        f"Contrato {contract.pk}",
        {Scope.CONTRACT: contract.pk, **above.ids},
        {Scope.CONTRACT: "do contrato", **above.words},
    )
