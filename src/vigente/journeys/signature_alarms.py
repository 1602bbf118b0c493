"""What people do about a signature that was refused or not given in time."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts.models import ContractDocument
from vigente.documents import signatures
from vigente.documents.models import SignatureRequest


@transaction.atomic
def deal_with(request_id: int, *, note: str, by: Actor, now: datetime) -> None:
    """Close the alarm of a request that nobody signed; the trail keeps what was done.

    :raises signatures.NoAlarm: where it was neither refused nor expired.
    """
    request = SignatureRequest.objects.select_for_update().get(pk=request_id)
    signatures.deal_with(request, note=note, by_name=by.name, now=now)
    link = ContractDocument.objects.select_related("contract").get(document=request.document_id)
    audit.record(
        "signature alarm closed",
        object_kind="contract",
        object_id=link.contract_id,
        by=by,
        at=now,
        branch_id=link.contract.branch_id,
        detail={"note": note},
    )
