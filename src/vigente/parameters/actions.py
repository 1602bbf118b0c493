"""The only writes to parameters; each is recorded with what it was and became."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.domain import parameters
from vigente.domain.parameters import Parameter, Scope, Value
from vigente.parameters.models import ParameterValue


class ScopeRefused(ValueError):
    """Este parâmetro não pode ser definido neste nível."""


class ChangedMeanwhile(Exception):
    """Outra pessoa alterou este parâmetro."""


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A value that a scope has of its own; None in its place says that the scope inherits."""

    value: Value


@transaction.atomic
def change(
    parameter: Parameter,
    own: OwnValue | None,
    *,
    scope: Scope,
    scope_id: int,
    seen: OwnValue | None,
    by: Actor,
    now: datetime,
) -> None:
    """Give a parameter its own value in a scope, or let it inherit again, where it is as seen.

    :raises ChangedMeanwhile: where somebody else was faster; nothing is overwritten unseen.
    :raises ScopeRefused: where the parameter has no value of that scope.
    :raises parameters.ValueRefused: where the value does not fit.
    """
    there = _own(parameter, scope=scope, scope_id=scope_id)
    if there != (None if seen is None else json.dumps(seen.value)):
        found = "herdado" if there is None else parameters.words(parameter, json.loads(there))
        raise ChangedMeanwhile(
            f"{parameter.title}: outra pessoa alterou este parâmetro; agora está «{found}». "
            "Confira e salve de novo."
        )
    if own is None:
        inherit(parameter, scope=scope, scope_id=scope_id, by=by, now=now)
    else:
        set_value(parameter, own.value, scope=scope, scope_id=scope_id, by=by, now=now)


@transaction.atomic
def set_value(
    parameter: Parameter, value: Value, *, scope: Scope, scope_id: int, by: Actor, now: datetime
) -> None:
    """Give a parameter its own value in a scope; the one it has already is no change.

    :raises ScopeRefused: where the parameter has no value of that scope.
    :raises parameters.ValueRefused: where the value does not fit.
    """
    if scope not in parameter.scopes:
        raise ScopeRefused(f"{parameter.title} não pode ser definido neste nível.")
    value = parameters.checked(parameter, value)
    before = _own(parameter, scope=scope, scope_id=scope_id)
    if before == json.dumps(value):
        return
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
    """Return the scope's own value; until the transaction ends nobody else may give it one."""
    with connection.cursor() as cursor:  # where no row is yet, a row's lock would hold nobody
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"parameter {parameter.name} {scope.value} {scope_id}"],
        )
    row = ParameterValue.objects.filter(
        name=parameter.name, scope=scope.value, scope_id=scope_id
    ).first()
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
