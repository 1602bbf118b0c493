"""Reads of parameters: what is set where, and what is in force for a contract."""

import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import Q

from vigente.domain import parameters
from vigente.domain.parameters import Parameter, Resolved, Scope, Value
from vigente.parameters.models import ParameterValue

type Own = Mapping[tuple[str, Scope, int], Value]


def in_force(
    parameter: Parameter,
    *,
    branch_id: int,
    plan_id: int | None = None,
    contract_id: int | None = None,
) -> Resolved:
    """Return a parameter's value for a contract, a plan or a branch, and where it comes from."""
    scopes = _scopes(branch_id=branch_id, plan_id=plan_id, contract_id=contract_id)
    own = _own_values([parameter], scopes=scopes.items())
    return _resolve(parameter, own=own, scopes=scopes)


def branch_values(wanted: Sequence[Parameter], *, branch_id: int) -> dict[str, Value]:
    """Return the values of several parameters in force in a branch, by name."""
    scopes = _scopes(branch_id=branch_id)
    own = _own_values(wanted, scopes=scopes.items())
    return {p.name: _resolve(p, own=own, scopes=scopes).value for p in wanted}


def resolved(wanted: Sequence[Parameter], *, scopes: Mapping[Scope, int]) -> dict[str, Resolved]:
    """Return several parameters in force within these scopes, by name, and where each is from."""
    own = _own_values(wanted, scopes=scopes.items())
    return {p.name: _resolve(p, own=own, scopes=scopes) for p in wanted}


def resolved_in_branches(
    wanted: Sequence[Parameter], *, branch_ids: Sequence[int]
) -> dict[int, dict[str, Resolved]]:
    """Return several parameters in force in each branch, by name; one query for all."""
    of_branches = [(Scope.BRANCH, branch_id) for branch_id in branch_ids]
    own = _own_values(wanted, scopes=[(Scope.SYSTEM, 0), *of_branches])
    return {
        branch_id: {
            p.name: _resolve(p, own=own, scopes=_scopes(branch_id=branch_id)) for p in wanted
        }
        for branch_id in branch_ids
    }


def values_for_contracts(
    wanted: Sequence[Parameter], *, contracts: Iterable[tuple[int, int, int]]
) -> dict[int, Mapping[str, Value]]:
    """Return the values in force for many contracts, given as (contract, plan, branch) ids.

    One query whatever their number; contracts without values of their own share one answer
    with their plan and branch.
    """
    contracts = list(contracts)
    own = _own_values_of_all(wanted, contract_ids=[contract for contract, _, _ in contracts])
    with_own = {scope_id for _, scope, scope_id in own if scope is Scope.CONTRACT}
    shared: dict[tuple[int, int, int], Mapping[str, Value]] = {}
    found = {}
    for contract_id, plan_id, branch_id in contracts:
        key = (contract_id if contract_id in with_own else 0, plan_id, branch_id)
        if key not in shared:
            scopes = _scopes(branch_id=branch_id, plan_id=plan_id, contract_id=key[0])
            shared[key] = {p.name: _resolve(p, own=own, scopes=scopes).value for p in wanted}
        found[contract_id] = shared[key]
    return found


def _scopes(
    *, branch_id: int, plan_id: int | None = None, contract_id: int | None = None
) -> dict[Scope, int]:
    scopes = {Scope.BRANCH: branch_id, Scope.SYSTEM: 0}
    if plan_id:
        scopes[Scope.PLAN] = plan_id
    if contract_id:
        scopes[Scope.CONTRACT] = contract_id
    return scopes


def _resolve(parameter: Parameter, *, own: Own, scopes: Mapping[Scope, int]) -> Resolved:
    nearest = {
        scope: own[parameter.name, scope, scope_id]
        for scope, scope_id in scopes.items()
        if (parameter.name, scope, scope_id) in own
    }
    return parameters.resolve(parameter, own=nearest)


def _own_values(wanted: Iterable[Parameter], *, scopes: Iterable[tuple[Scope, int]]) -> Own:
    where = Q()
    for scope, scope_id in scopes:
        where |= Q(scope=scope.value, scope_id=scope_id)
    return _found(where, wanted)


def _own_values_of_all(wanted: Iterable[Parameter], *, contract_ids: Sequence[int]) -> Own:
    """Return the values set for plans, branches, the system and these contracts.

    One array is one argument, where an IN of thousands of ids would cost more than the query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, scope, scope_id, value FROM parameters_parametervalue"
            " WHERE name = ANY(%s) AND (scope <> 'CONTRACT' OR scope_id = ANY(%s))",
            [[p.name for p in wanted], list(contract_ids)],
        )
        return {
            (name, Scope(scope), scope_id): None if value is None else json.loads(value)
            for name, scope, scope_id, value in cursor.fetchall()
        }


def _found(where: Q, wanted: Iterable[Parameter]) -> Own:
    rows = ParameterValue.objects.filter(where, name__in=[p.name for p in wanted])
    return {
        (name, Scope(scope), scope_id): value
        for name, scope, scope_id, value in rows.values_list("name", "scope", "scope_id", "value")
    }
