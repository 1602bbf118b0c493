"""The only writes to parameters; each is recorded with what it was and became."""

import json
from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.domain import parameters
from vigente.domain.parameters import Parameter, Scope, Value
from vigente.parameters.models import ParameterValue


class ScopeRefused(ValueError):
    """Este parâmetro não pode ser definido neste nível."""


@transaction.atomic
def set_value(
    parameter: Parameter, value: Value, *, scope: Scope, scope_id: int, by: Actor, now: datetime
) -> None:
    """Give a parameter its own value in a scope.

    :raises ScopeRefused: where the parameter has no value of that scope.
    :raises parameters.ValueRefused: where the value does not fit.
    """
    if scope not in parameter.scopes:
        raise ScopeRefused(f"{parameter.title} não pode ser definido neste nível.")
    value = parameters.checked(parameter, value)
    before = _own(parameter, scope=scope, scope_id=scope_id)
    ParameterValue.objects.update_or_create(
        name=parameter.name, scope=scope.value, scope_id=scope_id, defaults={"value": value}
    )
    _record(parameter, before, json.dumps(value), scope=scope, scope_id=scope_id, by=by, now=now)


@transaction.atomic
def inherit(parameter: Parameter, *, scope: Scope, scope_id: int, by: Actor, now: datetime) -> None:
    """Take a scope's own value away, so that it inherits again; without one, do nothing."""
    before = _own(parameter, scope=scope, scope_id=scope_id)
    if before is not None:
        ParameterValue.objects.filter(
            name=parameter.name, scope=scope.value, scope_id=scope_id
        ).delete()
        _record(parameter, before, None, scope=scope, scope_id=scope_id, by=by, now=now)


def _own(parameter: Parameter, *, scope: Scope, scope_id: int) -> str | None:
    row = (
        ParameterValue.objects.select_for_update()
        .filter(name=parameter.name, scope=scope.value, scope_id=scope_id)
        .first()
    )
    return None if row is None else json.dumps(row.value)


def _record(
    parameter: Parameter,
    before: str | None,
    after: str | None,
    *,
    scope: Scope,
    scope_id: int,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        "parameter set" if after is not None else "parameter inherited",
        object_kind=f"parameter {scope.value.lower()}",
        object_id=scope_id,
        by=by,
        at=now,
        branch_id=scope_id if scope is Scope.BRANCH else None,
        values={parameter.name: (before, after)},
    )
