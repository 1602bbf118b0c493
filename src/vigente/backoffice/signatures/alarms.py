"""Signatures that were refused or not given in time, as every page tells who may see them."""

from django.http import HttpRequest
from django.utils import timezone

from vigente.backoffice import scope
from vigente.backoffice.alarms import COUNTED_AT_MOST, TOLD_AT_MOST, Alarms
from vigente.contracts import asked_signatures
from vigente.contracts.models import ContractDocument
from vigente.documents.models import SignatureRequest
from vigente.domain.signature import SignatureStatus


def open_alarms(request: HttpRequest) -> Alarms:
    """Return what nobody signed in the person's branches and nobody dealt with."""
    found = list(asked_signatures.not_given(scope.branch_ids(request))[:COUNTED_AT_MOST])
    if not found:
        return Alarms(0, ())
    told = [_told(*one) for one in asked_signatures.with_contracts(found[:TOLD_AT_MOST])]
    if len(found) > TOLD_AT_MOST:
        told[-1] = f"{told[-1]} Há mais {len(found) - TOLD_AT_MOST} a resolver."
    return Alarms(len(found), tuple(told))


def _told(asked: SignatureRequest, link: ContractDocument) -> str:
    who = link.contract.customer.name
    what = f"«{link.document.title}» (contrato {link.contract_id})"
    if asked.status == SignatureStatus.REFUSED.value:
        return f"{who} não quis assinar {what}: {asked.reason[:120]}"
    at = timezone.localtime(asked.expires_at)
    return f"{who} não assinou {what} até o prazo, {at:%d/%m/%Y}."
