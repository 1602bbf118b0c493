"""What follows when a signature is asked for, given, refused, cancelled or out of time.

The one place that is told: whatever depends on a signature is derived again from here.
"""

from datetime import datetime

from vigente.domain.signature import SignatureStatus


def follow(contract_id: int, *, document_id: int, status: SignatureStatus, now: datetime) -> None:
    """Derive again what depends on the signature, in the caller's transaction.

    PENDING: the contract now awaits a signature. Anything else: it awaits this one no more.
    """
