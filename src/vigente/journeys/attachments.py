"""Files of a contract: attached and removed, each in the trail."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts.models import Contract, ContractAttachment
from vigente.documents import attachments
from vigente.documents.models import Attachment
from vigente.domain.files import AttachmentKind


class AttachmentGone(ValueError):
    """Este documento já foi removido."""


@transaction.atomic
def attach(
    contract: Contract,
    chunks: Iterable[bytes],
    *,
    name: str,
    kind: AttachmentKind,
    by: Actor,
    now: datetime,
) -> Attachment:
    """Attach a file to a contract.

    :raises FileRefused: see `attachments.attach`.
    """
    kept = attachments.attach(chunks, name=name, kind=kind, by_name=by.name, now=now)
    ContractAttachment.objects.create(contract=contract, attachment=kept)
    _record("document attached", contract, kept, by=by, now=now)
    return kept


@transaction.atomic
def remove(contract: Contract, attachment: Attachment, *, by: Actor, now: datetime) -> None:
    """Show a file of a contract no more.

    :raises AttachmentGone: if it was removed before.
    """
    if not attachments.remove(attachment, now=now):
        raise AttachmentGone("Este documento já foi removido. Atualize a página.")
    _record("document removed", contract, attachment, by=by, now=now)


def _record(
    action: str, contract: Contract, attachment: Attachment, *, by: Actor, now: datetime
) -> None:
    audit.record(
        action,
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"attachment": attachment.pk, "kind": attachment.kind, "sha256": attachment.sha256},
    )
