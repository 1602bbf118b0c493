"""Billing altered contracts at once, so that cancelled periods within the lead time come again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from vigente.contracts.models import Contract
from vigente.domain.close_plan import CloseTerms
from vigente.domain.parameters import CLOSE_LEAD_DAYS
from vigente.journeys import month_close
from vigente.outbox import jobs
from vigente.parameters import queries as parameters


def queue(contract_ids: Sequence[int], today: date) -> None:
    """Queue the close of these contracts, for as soon as the caller's transaction commits."""
    if contract_ids:
        told = ",".join(map(str, contract_ids))
        jobs.queue(jobs.BILL_ALTERED, contract_ids=told, today=today.isoformat())


def bill(contract_ids: Sequence[int], *, today: date) -> None:
    """Bill what falls due within the lead time of each contract's branch; twice does no harm."""
    of_branch: defaultdict[int, list[int]] = defaultdict(list)
    rows = Contract.objects.filter(pk__in=contract_ids).order_by("pk")
    for contract_id, branch_id in rows.values_list("pk", "branch_id"):
        of_branch[branch_id].append(contract_id)
    for branch_id, ids in of_branch.items():
        values = parameters.branch_values([CLOSE_LEAD_DAYS], branch_id=branch_id)
        lead = timedelta(days=int(values[CLOSE_LEAD_DAYS.name] or 0))
        terms = CloseTerms(issued_on=today, due_until=today + lead)
        month_close.bill_contracts(ids, terms=terms)
