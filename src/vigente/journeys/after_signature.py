"""What follows when a signature is asked for, given, refused, cancelled or out of time.

The one place that is told: whatever depends on a signature is derived again from here.
"""

from datetime import datetime

from vigente.contracts.models import Contract
from vigente.domain.signature import SignatureStatus
from vigente.journeys import access
from vigente.journeys.documents import local_today


def follow(contract_id: int, *, document_id: int, status: SignatureStatus, now: datetime) -> None:  # noqa: ARG001  the access reads them itself
    """Derive again what depends on the signature, in the caller's transaction."""
    contract = Contract.objects.select_related("branch").get(pk=contract_id)
    access.derive([contract.pk], today=local_today(contract.branch, now=now), now=now)
