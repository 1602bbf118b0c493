"""The messages of a signature: its link, its code, and where the signed copy is.

The link and the code are made here, when the message is handed over, so that neither ever lies in
a queue.
"""

from datetime import timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.urls import reverse

from vigente.contracts.models import Contract
from vigente.documents import issuing, secrets, suppliers
from vigente.documents.models import SignatureRequest
from vigente.documents.storage import FileChanged
from vigente.domain.signature import COPY_LASTS, SignatureProvider, SignatureStatus
from vigente.gateways.messages.port import Channel, DeliveryFailed, Message
from vigente.gateways.signature.port import Order
from vigente.outbox.models import Effect

LINK = """Olá, {name}.

{branch} pede a sua assinatura em «{title}».
Para ler e assinar, no celular ou no computador, abra este endereço até {last:%d/%m/%Y}:

{link}

O endereço é só seu: não o repasse.
"""
COPY = """Olá, {name}.

Você assinou «{title}», de {branch}. Baixe a sua via assinada neste endereço, por {days} dias:

{link}
"""
CODE = (
    "{branch}: {code} é o seu código para assinar «{title}». Ele vale por 10 minutos. "
    "Não o diga a ninguém."
)


def link(effect: Effect) -> Message:
    """Return the message with the address at which the customer reads and signs.

    :raises DeliveryFailed: for good, where the request is over.
    """
    request, contract = _pending(effect), _contract(effect)
    last = request.expires_at.astimezone(ZoneInfo(contract.branch.time_zone)) - timedelta(days=1)
    page = _begun(request, _page(effect, request))
    text = LINK.format(**_words(request, contract), last=last, link=page)
    return _message(effect, request, f"Assine: {request.document.title}", text)


def code(effect: Effect) -> Message:
    """Return the message with the code that was asked for last.

    :raises DeliveryFailed: for good, where the request is over or another code was asked for.
    """
    request = _pending(effect)
    if request.codes_sent != effect.payload["number"]:
        raise DeliveryFailed("outro código foi pedido depois deste", permanent=True)
    words = _words(request, _contract(effect))
    return Message(
        key=effect.key,
        channel=Channel(request.code_channel),
        to=request.code_to,
        subject="Código para assinar",
        text=CODE.format(**words, code=secrets.code(request.code_seed)),
    )


def copy(effect: Effect) -> Message:
    """Return the message with the address of the signed copy."""
    request, contract = _request(effect), _contract(effect)
    page = _page(effect, request)
    text = COPY.format(**_words(request, contract), days=COPY_LASTS.days, link=page)
    return _message(effect, request, f"Sua via assinada: {request.document.title}", text)


def _begun(request: SignatureRequest, page: str) -> str:
    """Return where the supplier lets the person sign."""
    try:
        pdf = issuing.pdf_of(request.document)
    except FileChanged as changed:
        raise DeliveryFailed(str(changed), permanent=True) from changed
    order = Order(
        key=f"signature {request.pk}",
        title=request.document.title,
        pdf=pdf,
        signer_name=request.signer_name,
        signer_tax_id=request.signer_tax_id,
        page=page,
        expires_at=request.expires_at,
    )
    return suppliers.signatures(SignatureProvider(request.provider)).begin(order)


def _message(effect: Effect, request: SignatureRequest, subject: str, text: str) -> Message:
    channel = Channel(request.channel)
    return Message(key=effect.key, channel=channel, to=request.sent_to, subject=subject, text=text)


def _words(request: SignatureRequest, contract: Contract) -> dict[str, str]:
    return {
        "name": request.signer_name,
        "branch": contract.branch.name,
        "title": request.document.title,
    }


def _page(effect: Effect, request: SignatureRequest) -> str:
    token = secrets.token(request.token_seed)
    return urljoin(str(effect.payload["site"]), reverse("sign", args=[token]))


def _pending(effect: Effect) -> SignatureRequest:
    request = _request(effect)
    if request.status != SignatureStatus.PENDING.value:
        raise DeliveryFailed("o pedido de assinatura já foi encerrado", permanent=True)
    return request


def _request(effect: Effect) -> SignatureRequest:
    found = SignatureRequest.objects.select_related("document")
    return found.get(pk=effect.payload["request"])


def _contract(effect: Effect) -> Contract:
    return Contract.objects.select_related("branch").get(pk=effect.object_id or 0)
