"""A customer's electronic signature: asked for, read, confirmed by a code, sealed; or refused.

Each step is one transaction and tells `after_signature` at its end. What leaves the database (the
link, the codes) goes through the outbox, which keeps neither: they are derived when they are sent.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import SYSTEM, Actor
from vigente.contracts import actions as contracts
from vigente.contracts import printing
from vigente.contracts.models import Contract, ContractDocument
from vigente.customers.models import Contact
from vigente.documents import issuing, secrets, signatures, storage, suppliers
from vigente.documents import printing as paper
from vigente.documents.models import IssuedDocument, SignatureRequest
from vigente.documents.signatures import Asked, RequestSettled, Sealed, Visitor
from vigente.domain import signature
from vigente.domain.codes import DocumentKind
from vigente.domain.parameters import SIGNATURE_DAYS, SIGNATURE_PROVIDER
from vigente.domain.signature import SignatureProvider, SignatureStatus
from vigente.domain.words import printed_phone, printed_tax_id
from vigente.gateways.messages.port import Channel
from vigente.gateways.signature.port import Signed
from vigente.journeys import after_signature
from vigente.journeys.documents import local_today
from vigente.outbox import actions as outbox
from vigente.outbox import jobs
from vigente.outbox.actions import NewEffect
from vigente.parameters import queries as parameters

LINK, CODE, COPY = "SIGNATURE_LINK", "SIGNATURE_CODE", "SIGNATURE_COPY"
CHANNEL_OF = {Contact.EMAIL: Channel.EMAIL, Contact.PHONE: Channel.SMS}


class SignatureNotAsked(ValueError):
    """A assinatura deste documento não pode ser pedida assim."""


class SigningRefused(ValueError):
    """O passo não foi feito; a frase diz o que o cliente faz."""


class LinkUseless(LookupError):
    """Este endereço não serve mais; `status` diz por quê, e None que nunca serviu."""

    def __init__(self, status: SignatureStatus | None) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to: the request, its document and its contract."""

    request: SignatureRequest
    document: IssuedDocument
    contract: Contract


@transaction.atomic
def request_signature(
    document_id: int, *, contact_id: int, site: str, by: Actor, now: datetime
) -> SignatureRequest:
    """Ask the customer for a signature on an issued document, by a link to one of the contacts.

    `site` is the address at which the customer reaches this installation.

    :raises SignatureNotAsked: where it is signed or asked for already, or by a strange contact.
    """
    link = _link_of_contract(document_id)
    contract, document = link.contract, link.document
    contact = contract.customer.contacts.filter(pk=contact_id).first()
    if contact is None:
        raise SignatureNotAsked("Escolha um e-mail ou telefone deste cliente.")
    refuse_twice(document)
    values = parameters.branch_values(
        (SIGNATURE_DAYS, SIGNATURE_PROVIDER), branch_id=contract.branch_id
    )
    request = signatures.ask(
        document,
        Asked(
            signer_name=contract.customer.name,
            signer_tax_id=contract.customer.tax_id,
            channel=CHANNEL_OF[contact.kind].value,
            sent_to=contact.value,
            provider=SignatureProvider(str(values[SIGNATURE_PROVIDER.name])),
            expires_at=signature.ends_at(
                local_today(contract.branch, now=now),
                days=int(values[SIGNATURE_DAYS.name] or 0),
                time_zone=contract.branch.time_zone,
            ),
        ),
        by_user_id=by.user_id,
        by_name=by.name,
        now=now,
    )
    _want(request, contract, LINK, site=site, now=now)
    _record("signature asked for", contract, request, by=by, now=now)
    _follow(contract, request, now=now)
    return request


def refuse_twice(document: IssuedDocument) -> None:
    """Refuse to ask for a signature that is there or asked for.

    :raises SignatureNotAsked: saying which.
    """
    there = {SignatureStatus(status) for status in _statuses(document)}
    if SignatureStatus.SIGNED in there:
        raise SignatureNotAsked("Este documento já está assinado.")
    if SignatureStatus.PENDING in there:
        raise SignatureNotAsked(
            "A assinatura deste documento já foi pedida. Cancele o pedido antes de fazer outro."
        )


def opened(token: str, *, now: datetime) -> Opened:
    """Return what a link leads to, and note that it was opened.

    :raises LinkUseless: if it is unknown, out of time, or was used.
    """
    found = found_by(token)
    status = SignatureStatus(found.request.status)
    if status is not SignatureStatus.PENDING:
        raise LinkUseless(status)
    if now >= found.request.expires_at:
        raise LinkUseless(SignatureStatus.EXPIRED)
    if found.contract.customer.tax_id != found.request.signer_tax_id:
        raise LinkUseless(SignatureStatus.CANCELLED)  # the contract passed on to somebody else
    signatures.note_opened(found.request, now=now)
    return found


def found_by(token: str) -> Opened:
    """Return the request of a link, however it stands.

    :raises LinkUseless: if it is unknown.
    """
    request = (
        SignatureRequest.objects.select_related("document")
        .filter(token_sha256=secrets.token_sha256(token))
        .first()
    )
    if request is None:
        raise LinkUseless(None)
    link = _link_of_contract(request.document_id)
    return Opened(request, request.document, link.contract)


@transaction.atomic
def send_code(token: str, *, contact_id: int, now: datetime) -> SignatureRequest:
    """Send a code to one of the customer's contacts; the code before serves no more.

    :raises LinkUseless: see `opened`.
    :raises SigningRefused: if codes were sent too often, or the contact is not the customer's.
    """
    found = _locked(token, now=now)
    contact = found.contract.customer.contacts.filter(pk=contact_id).first()
    if contact is None:
        raise SigningRefused("Escolha para onde o código vai.")
    why = signature.why_no_code(signatures.code_state(found.request), now=now)
    if why:
        raise SigningRefused(why)
    channel = CHANNEL_OF[contact.kind].value
    signatures.new_code(found.request, channel=channel, to=contact.value, now=now)
    _want(found.request, found.contract, CODE, site="", now=now)
    return found.request


def sign(
    token: str, *, code: str, text_sha256: str, visitor: Visitor, site: str, now: datetime
) -> SignatureRequest:
    """Sign a document whose text was read, confirmed by the code, and seal it.

    A wrong code is counted, whatever else happens.

    :raises LinkUseless: see `opened`.
    :raises SigningRefused: for a wrong or useless code, or another text than was issued.
    """
    with transaction.atomic():
        found = _locked(token, now=now)
        refusal = _why_not_signed(found, code=code, text_sha256=text_sha256, now=now)
        if not refusal:
            _sign(found, text_sha256=text_sha256, visitor=visitor, site=site, now=now)
    if refusal:
        raise SigningRefused(refusal)
    return found.request


@transaction.atomic
def refuse(token: str, *, reason: str, visitor: Visitor, now: datetime) -> SignatureRequest:
    """Record that the customer does not sign, and why.

    :raises LinkUseless: see `opened`.
    :raises SigningRefused: without a reason.
    """
    found = _locked(token, now=now)
    if not reason.strip():
        raise SigningRefused("Diga por que não assina: o provedor precisa saber o que corrigir.")
    signatures.refuse(found.request, reason=reason.strip(), visitor=visitor, now=now)
    _record("signature refused", found.contract, found.request, by=_signer(found), now=now)
    _follow(found.contract, found.request, now=now)
    return found.request


@transaction.atomic
def cancel(request_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a request back, with the reason: its link serves no more.

    :raises RequestSettled: if it was signed, refused or is over.
    """
    request = SignatureRequest.objects.select_for_update().get(pk=request_id)
    signatures.cancel(request, reason=reason, now=now)
    contract = _link_of_contract(request.document_id).contract
    _record("signature cancelled", contract, request, by=by, now=now, reason=reason)
    _follow(contract, request, now=now)


def expire_due(branch_id: int, *, now: datetime) -> int:
    """End the requests of a branch that nobody signed in time; return how many."""
    documents = ContractDocument.objects.filter(contract__branch_id=branch_id)
    due = SignatureRequest.objects.filter(
        status=SignatureStatus.PENDING.value,
        expires_at__lte=now,
        document__in=documents.values("document"),
    )
    return sum(_expire(request, now=now) for request in due.order_by("pk"))


def sealed_pdf(request: SignatureRequest) -> bytes:
    """Return the sealed file, exactly as it was sealed.

    :raises FileChanged: if it is gone or is no longer the same.
    """
    return storage.read(request.sealed_as, sha256=request.sealed_sha256)


@transaction.atomic
def _expire(request: SignatureRequest, *, now: datetime) -> bool:
    try:
        signatures.expire(request, now=now)
    except RequestSettled:
        return False
    contract = _link_of_contract(request.document_id).contract
    _record("signature expired", contract, request, by=SYSTEM, now=now)
    _follow(contract, request, now=now)
    return True


def _why_not_signed(found: Opened, *, code: str, text_sha256: str, now: datetime) -> str:
    """Return why it is not signed; a wrong code is counted."""
    request = found.request
    if text_sha256 != found.document.text_sha256:
        return "O texto desta página não é o do documento. Abra o link de novo e leia outra vez."
    useless = signature.why_code_useless(signatures.code_state(request), now=now)
    if useless:
        return useless
    if secrets.is_code(code, request.code_seed):
        return ""
    signatures.note_wrong_code(request)
    left = signature.WRONG_CODES_AT_MOST - request.wrong_codes
    if left <= 0:
        return signature.why_code_useless(signatures.code_state(request), now=now)
    tries = "uma tentativa" if left == 1 else f"{left} tentativas"
    return f"O código não confere. Confira a mensagem: ainda há {tries} com este código."


def _sign(found: Opened, *, text_sha256: str, visitor: Visitor, site: str, now: datetime) -> None:
    request, contract = found.request, found.contract
    evidence = _evidence(found, visitor=visitor, now=now)
    sealed = suppliers.signatures(SignatureProvider(request.provider)).seal(
        Signed(
            key=f"signature {request.pk}",
            pdf=issuing.pdf_of(found.document),
            evidence=evidence,
            signer_name=request.signer_name,
            at=now,
        )
    )
    kept = Sealed(stored_as=storage.keep(sealed, now=now), sha256=storage.digest(sealed))
    signatures.sign(request, kept, text_sha256=text_sha256, visitor=visitor, now=now)
    if found.document.kind == DocumentKind.CONTRACT.value and contract.signed_on is None:
        contracts.sign(contract, on=local_today(contract.branch, now=now))
    _want(request, contract, COPY, site=site, now=now)
    _record("signature given", contract, request, by=_signer(found), now=now)
    _follow(contract, request, now=now)


def _evidence(found: Opened, *, visitor: Visitor, now: datetime) -> bytes:
    request, document = found.request, found.document
    zone = ZoneInfo(found.contract.branch.time_zone)

    def told(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%d/%m/%Y %H:%M:%S %z}" if at else "—"

    facts = (
        ("Documento", document.title),
        ("Emitido em", told(document.at)),
        ("SHA-256 do texto", document.text_sha256),
        ("SHA-256 do PDF emitido", document.pdf_sha256),
        ("Assinado por", request.signer_name),
        ("CPF ou CNPJ", printed_tax_id(request.signer_tax_id)),
        ("Link enviado em", told(request.asked_at)),
        ("Link enviado para", _reached(request.channel, request.sent_to)),
        ("Aberto em", told(request.opened_at)),
        ("Código enviado em", told(request.code_sent_at)),
        ("Código enviado para", _reached(request.code_channel, request.code_to)),
        ("Códigos errados antes", str(request.wrong_codes_before + request.wrong_codes)),
        ("Código confirmado e assinado em", told(now)),
        ("Endereço de rede (IP)", visitor.ip),
        ("Aparelho", visitor.agent or "não informado"),
        ("Declaração", "Li e aceito o documento, e aceito assiná-lo por este meio eletrônico."),
    )
    head = printing.letterhead(found.contract.branch)
    return paper.printer().pdf(paper.evidence_page(document.title, facts, head))


def _reached(channel: str, to: str) -> str:
    is_phone = channel == Channel.SMS.value
    return f"SMS para {printed_phone(to)}" if is_phone else f"e-mail para {to}"


def _statuses(document: IssuedDocument) -> list[str]:
    return list(document.signature_requests.values_list("status", flat=True))


def _locked(token: str, *, now: datetime) -> Opened:
    """Return what a link leads to, with its request locked and read again."""
    found = found_by(token)
    SignatureRequest.objects.select_for_update().get(pk=found.request.pk)
    return opened(token, now=now)


def _link_of_contract(document_id: int) -> ContractDocument:
    needed = ("document", "contract__customer", "contract__branch")
    return ContractDocument.objects.select_related(*needed).get(document_id=document_id)


def _want(
    request: SignatureRequest, contract: Contract, kind: str, *, site: str, now: datetime
) -> None:
    """Write a message into the outbox and let it be delivered at once: somebody waits for it."""
    number = f" {request.codes_sent}" if kind == CODE else ""
    effect = NewEffect(
        key=f"{kind} {request.pk}{number}",
        kind=kind,
        payload={"request": request.pk, "site": site, "number": request.codes_sent},
        object_kind="contract",
        object_id=contract.pk,
        branch_id=contract.branch_id,
    )
    outbox.enqueue([effect], now=now)
    jobs.queue(jobs.DELIVER)


def _signer(found: Opened) -> Actor:
    return Actor(None, found.request.signer_name)


def _follow(contract: Contract, request: SignatureRequest, *, now: datetime) -> None:
    after_signature.follow(
        contract.pk,
        document_id=request.document_id,
        status=SignatureStatus(request.status),
        now=now,
    )


def _record(
    action: str,
    contract: Contract,
    request: SignatureRequest,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(
        action,
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"document": request.document_id, "sha256": request.sealed_sha256, "reason": reason},
    )
