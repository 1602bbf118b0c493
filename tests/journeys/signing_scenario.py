"""A customer who is asked for a signature, and what the messages tell."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from tests.provider import ATTENDANT, Provider
from vigente.contracts.models import Contract
from vigente.customers.models import Contact
from vigente.documents.models import DocumentTemplate, IssuedDocument, SignatureRequest
from vigente.documents.signatures import Visitor
from vigente.domain.codes import DocumentKind
from vigente.gateways.messages.fake import FileMessages
from vigente.gateways.messages.port import Message
from vigente.journeys import documents, signing
from vigente.outbox import delivery
from vigente.worker.handlers import HANDLERS

NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)
CODE = r"\b(\d{6})\b"
SITE = "https://provedor.example/"
PHONE = Visitor(ip="192.0.2.7", agent="Mozilla/5.0 (Linux; Android 15)")
BODY = "# Contrato {{ contrato.codigo }}\n\nDe **{{ cliente.nome }}**, por {{ valor_mensal }}."


@dataclass
class Asked:
    """The contract, its document, the request and the customer's contacts."""

    contract: Contract
    document: IssuedDocument
    request: SignatureRequest
    email: Contact
    phone: Contact
    token: str


def ask(isp: Provider, *, now: datetime = NOW, site: str = SITE) -> Asked:
    """Ask a customer of a contract in status PRE for a signature, by e-mail."""
    contract = isp.sell()
    reach = contract.customer.contacts
    email = reach.create(kind=Contact.EMAIL, value="marina@example.com")
    phone = reach.create(kind=Contact.PHONE, value="31987654321")
    template = DocumentTemplate.objects.create(
        name=f"Adesão {contract.pk}", kind="CONTRACT", body=BODY
    )
    document = documents.issue(
        contract.pk, kind=DocumentKind.CONTRACT, template_id=template.pk, by=ATTENDANT, now=now
    )
    request = signing.request_signature(
        document.pk, contact_id=email.pk, site=site, by=ATTENDANT, now=now
    )
    token = link_in(deliver(now=now))
    return Asked(contract, document, request, email, phone, token)


def deliver(*, now: datetime = NOW) -> Message:
    """Deliver what waits, and return the last message."""
    before = {message.key for message in sent()}
    delivery.deliver_due(now=now, handlers=HANDLERS)
    [message] = [message for message in sent() if message.key not in before]
    return message


def sent() -> list[Message]:
    """Return all messages."""
    return FileMessages(Path(settings.MESSAGES_FOLDER)).sent()


def newest_code() -> Message:
    """Return the last message that tells a code."""
    return [one for one in sent() if "código" in one.text.lower() and re.search(CODE, one.text)][-1]


def link_in(message: Message) -> str:
    """Return the token of the link that a message tells."""
    found = re.search(r"/assinar/([\w-]+)/", message.text)
    assert found is not None
    return found[1]


def code_in(message: Message) -> str:
    """Return the code that a message tells."""
    found = re.search(CODE, message.text)
    assert found is not None
    return found[1]


def wrong(code: str) -> str:
    """Return a code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
