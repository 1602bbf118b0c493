"""Parameters inherit: contract, plan, branch, system, and at last the default."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.provider import ATTENDANT, NOW
from vigente.audit.models import AuditEntry
from vigente.domain.parameters import (
    CLOSE_HOUR,
    DIFFERENCE_POLICY,
    GROUP_INVOICES,
    LAST_DUE_ON,
    PARAMETERS,
    Scope,
    Value,
    ValueRefused,
    checked,
)
from vigente.parameters import actions, queries
from vigente.parameters.actions import OwnValue
from vigente.parameters.models import ParameterValue

pytestmark = pytest.mark.django_db


def put(value: Value, scope: Scope, scope_id: int) -> None:
    actions.set_value(GROUP_INVOICES, value, scope=scope, scope_id=scope_id, by=ATTENDANT, now=NOW)


def test_the_nearest_value_wins_and_says_where_it_comes_from() -> None:
    def resolved() -> tuple[Value, Scope | None]:
        found = queries.in_force(GROUP_INVOICES, branch_id=3, plan_id=2, contract_id=1)
        return found.value, found.scope

    assert resolved() == (True, None)
    for scope, scope_id, value in (
        (Scope.SYSTEM, 0, False),
        (Scope.BRANCH, 3, True),
        (Scope.PLAN, 2, False),
        (Scope.CONTRACT, 1, True),
    ):
        put(value, scope, scope_id)
        assert resolved() == (value, scope)

    actions.inherit(GROUP_INVOICES, scope=Scope.CONTRACT, scope_id=1, by=ATTENDANT, now=NOW)
    assert resolved() == (False, Scope.PLAN)


def test_many_contracts_are_resolved_as_one_is() -> None:
    put(False, Scope.PLAN, 2)
    put(True, Scope.CONTRACT, 7)

    found = queries.values_for_contracts(
        [GROUP_INVOICES], contracts=[(1, 2, 3), (7, 2, 3), (9, 4, 3)]
    )

    assert [found[n][GROUP_INVOICES.name] for n in (1, 7, 9)] == [False, True, True]


def test_an_empty_ceiling_is_a_value_not_an_inheritance() -> None:
    actions.set_value(LAST_DUE_ON, None, scope=Scope.BRANCH, scope_id=3, by=ATTENDANT, now=NOW)

    found = queries.in_force(LAST_DUE_ON, branch_id=3)

    assert (found.value, found.scope) == (None, Scope.BRANCH)


def test_every_change_is_in_the_trail() -> None:
    put(False, Scope.SYSTEM, 0)

    [entry] = AuditEntry.objects.all()
    value = entry.values.get()
    assert (entry.by_name, entry.fields, value.before, value.after) == (
        "Ana Atendente",
        ["group_invoices"],
        None,
        "false",
    )


def test_inheriting_where_nothing_was_set_is_no_change() -> None:
    actions.inherit(GROUP_INVOICES, scope=Scope.BRANCH, scope_id=3, by=ATTENDANT, now=NOW)

    assert AuditEntry.objects.count() == 0


def test_one_query_resolves_any_number_of_contracts() -> None:
    put(False, Scope.PLAN, 2)
    contracts = [(n, 2, 3) for n in range(1, 1001)]

    with CaptureQueriesContext(connection) as sent:
        found = queries.values_for_contracts(list(PARAMETERS.values()), contracts=contracts)

    assert len(sent) == 1
    assert all(values[GROUP_INVOICES.name] is False for values in found.values())


def test_values_and_scopes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueRefused, match="Hora do fechamento: informe um número inteiro"):
        actions.set_value(CLOSE_HOUR, 24, scope=Scope.SYSTEM, scope_id=0, by=ATTENDANT, now=NOW)
    with pytest.raises(actions.ScopeRefused):
        actions.set_value(CLOSE_HOUR, 3, scope=Scope.PLAN, scope_id=1, by=ATTENDANT, now=NOW)
    with pytest.raises(IntegrityError, match="parameter_system_has_no_id"):
        ParameterValue.objects.create(name="x", scope="SYSTEM", scope_id=5)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda p: p.name)
def test_every_default_fits_its_parameter_or_is_still_to_be_chosen(parameter) -> None:  # noqa: ANN001
    is_to_be_chosen = parameter.default is None and not parameter.may_be_empty

    assert is_to_be_chosen or checked(parameter, parameter.default) == parameter.default


def test_the_difference_policy_is_chosen_by_each_branch() -> None:
    def choose(value: Value, scope: Scope, scope_id: int) -> None:
        actions.set_value(
            DIFFERENCE_POLICY, value, scope=scope, scope_id=scope_id, by=ATTENDANT, now=NOW
        )

    assert queries.in_force(DIFFERENCE_POLICY, branch_id=3).value is None
    with pytest.raises(ValueRefused, match="escolha Manual ou Saldo do período"):
        choose("OTHER", Scope.BRANCH, 3)
    with pytest.raises(actions.ScopeRefused):
        choose("MANUAL", Scope.SYSTEM, 0)

    choose("MANUAL", Scope.BRANCH, 3)

    assert queries.in_force(DIFFERENCE_POLICY, branch_id=3).value == "MANUAL"


def test_a_change_is_refused_where_somebody_else_was_faster() -> None:
    put(False, Scope.BRANCH, 3)

    with pytest.raises(actions.ChangedMeanwhile, match="agora está «Não»"):
        actions.change(
            GROUP_INVOICES,
            OwnValue(True),
            scope=Scope.BRANCH,
            scope_id=3,
            seen=None,
            by=ATTENDANT,
            now=NOW,
        )

    assert queries.in_force(GROUP_INVOICES, branch_id=3).value is False


def test_setting_the_value_it_has_already_is_no_change() -> None:
    put(False, Scope.BRANCH, 3)
    put(False, Scope.BRANCH, 3)

    assert AuditEntry.objects.count() == 1
