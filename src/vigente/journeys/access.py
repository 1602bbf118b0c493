"""The access that contracts should have, derived again whenever what it follows from changes."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from vigente.access import actions, queries
from vigente.alterations import queries as alterations
from vigente.contracts import queries as contracts
from vigente.contracts.models import Contract
from vigente.domain import access
from vigente.domain.access import AccessFacts, Unsigned
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.parameters import CUT_UNSIGNED
from vigente.parameters import queries as parameters

LOOKED_BACK = timedelta(days=7)


def derive(contract_ids: Collection[int], *, today: date, now: datetime) -> list[int]:
    """Write the access that these contracts should have; return those for which it is another.

    A constant number of queries whatever their number.
    """
    unsigned = _unsigned(contract_ids)
    wanted = {
        contract_id: access.wanted(
            AccessFacts(
                status=ContractStatus(status),
                plan_kbps=plan_kbps,
                upgrade_kbps=upgrade_kbps,
                unsigned=unsigned.get(contract_id),
            )
        )
        for contract_id, status, plan_kbps, upgrade_kbps in queries.status_and_speeds(
            contract_ids, today=today
        )
    }
    return actions.want(wanted, now=now)


def _unsigned(contract_ids: Collection[int]) -> dict[int, Unsigned]:
    waiting = alterations.awaiting_signature(contract_ids)
    over = [contract_id for contract_id, one in waiting.items() if not one.is_asked]
    cut = _cut_in_their_branch(over)
    of_documents = dict.fromkeys(contracts.awaiting_signature(contract_ids), Unsigned())
    return of_documents | {
        contract_id: Unsigned(kbps_before=one.kbps_before, is_cut=contract_id in cut)
        for contract_id, one in waiting.items()
    }


def _cut_in_their_branch(contract_ids: Collection[int]) -> set[int]:
    """Return which of these contracts belong to a branch that cuts what was not signed."""
    if not contract_ids:
        return set()
    rows = Contract.objects.filter(pk__in=contract_ids).values_list("pk", "branch_id")
    of_contract = dict(rows)
    values = parameters.resolved_in_branches(
        (CUT_UNSIGNED,), branch_ids=sorted(set(of_contract.values()))
    )
    return {pk for pk, branch in of_contract.items() if values[branch][CUT_UNSIGNED.name].value}


def sweep(branch_id: int, *, today: date, now: datetime) -> list[int]:
    """Derive the access of the branch's contracts whose speed begins or ends about today.

    Days that were missed are looked back at; contracts that came by import are derived first here.
    """
    ids = queries.to_derive(branch_id, since=today - LOOKED_BACK, today=today)
    return derive(ids, today=today, now=now)
