"""The only writes of signature requests; a request leaves PENDING once, by a counted UPDATE."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from vigente.documents import secrets
from vigente.documents.models import DealtRefusal, IssuedDocument, SignatureRequest
from vigente.domain.signature import CodeState, SignatureProvider, SignatureStatus

LONGEST_AGENT = 400
NOT_GIVEN = (SignatureStatus.REFUSED.value, SignatureStatus.EXPIRED.value)


class RequestSettled(ValueError):
    """Este pedido de assinatura já foi assinado, recusado, cancelado ou venceu."""


class NoAlarm(ValueError):
    """Esta assinatura não foi recusada nem venceu: não há nada a resolver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose signature is asked for, where the link goes, and until when it serves."""

    signer_name: str
    signer_tax_id: str
    channel: str
    sent_to: str
    provider: SignatureProvider
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where somebody came from: the network address and what the device says that it is."""

    ip: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed file: under which name it lies, and its SHA-256."""

    stored_as: str
    sha256: str


def ask(
    document: IssuedDocument,
    asked: Asked,
    *,
    by_user_id: int | None,
    by_name: str,
    now: datetime,
) -> SignatureRequest:
    """Write a request; its link is derived from the seed when it is sent."""
    seed = secrets.seed()
    return SignatureRequest.objects.create(
        document=document,
        provider=asked.provider.value,
        token_seed=seed,
        token_sha256=secrets.token_sha256(secrets.token(seed)),
        expires_at=asked.expires_at,
        asked_at=now,
        asked_by_user_id=by_user_id,
        asked_by_name=by_name,
        signer_name=asked.signer_name,
        signer_tax_id=asked.signer_tax_id,
        channel=asked.channel,
        sent_to=asked.sent_to,
    )


def note_opened(request: SignatureRequest, *, now: datetime) -> None:
    """Note when the link was opened first."""
    _pending(request).filter(opened_at=None).update(opened_at=now)


def new_code(request: SignatureRequest, *, channel: str, to: str, now: datetime) -> None:
    """Begin a new code: the one before serves no more."""
    _pending(request).update(
        code_seed=secrets.seed(),
        code_channel=channel,
        code_to=to,
        code_sent_at=now,
        codes_sent=F("codes_sent") + 1,
        wrong_codes_before=F("wrong_codes_before") + F("wrong_codes"),
        wrong_codes=0,
    )
    request.refresh_from_db()


def note_wrong_code(request: SignatureRequest) -> None:
    """Count a wrong code."""
    _pending(request).update(wrong_codes=F("wrong_codes") + 1)
    request.refresh_from_db()


def code_state(request: SignatureRequest) -> CodeState:
    """Return what the rules ask about the codes of a request."""
    return CodeState(
        sent_at=request.code_sent_at, sent=request.codes_sent, wrong=request.wrong_codes
    )


def sign(
    request: SignatureRequest, sealed: Sealed, *, text_sha256: str, visitor: Visitor, now: datetime
) -> None:
    """Write that it was signed, with the evidence.

    :raises RequestSettled: where somebody was faster.
    """
    _settle(
        request,
        SignatureStatus.SIGNED,
        now=now,
        text_sha256=text_sha256,
        sealed_as=sealed.stored_as,
        sealed_sha256=sealed.sha256,
        ip=visitor.ip,
        agent=visitor.agent[:LONGEST_AGENT],
    )


def refuse(request: SignatureRequest, *, reason: str, visitor: Visitor, now: datetime) -> None:
    """Write that the customer refused to sign, and why.

    :raises RequestSettled: where somebody was faster.
    """
    _settle(
        request,
        SignatureStatus.REFUSED,
        now=now,
        reason=reason,
        ip=visitor.ip,
        agent=visitor.agent[:LONGEST_AGENT],
    )


def cancel(request: SignatureRequest, *, reason: str, now: datetime) -> None:
    """Write that the provider took the request back, and why.

    :raises RequestSettled: where somebody was faster.
    """
    _settle(request, SignatureStatus.CANCELLED, now=now, reason=reason)


def expire(request: SignatureRequest, *, now: datetime) -> None:
    """Write that nobody signed in time.

    :raises RequestSettled: where somebody was faster.
    """
    _settle(request, SignatureStatus.EXPIRED, now=now)


def deal_with(request: SignatureRequest, *, note: str, by_name: str, now: datetime) -> None:
    """Note what was done about a refused or expired request; the first note stays.

    :raises NoAlarm: where it is neither.
    """
    if request.status not in NOT_GIVEN:
        raise NoAlarm(str(NoAlarm.__doc__))
    told = {"note": note, "at": now, "by_name": by_name}
    DealtRefusal.objects.get_or_create(request=request, defaults=told)


def _settle(
    request: SignatureRequest, to: SignatureStatus, *, now: datetime, **evidence: str
) -> None:
    if not _pending(request).update(status=to.value, settled_at=now, **evidence):
        raise RequestSettled("Este pedido de assinatura já foi encerrado. Atualize a página.")
    request.refresh_from_db()


def _pending(request: SignatureRequest) -> QuerySet[SignatureRequest]:
    return SignatureRequest.objects.filter(pk=request.pk, status=SignatureStatus.PENDING.value)
