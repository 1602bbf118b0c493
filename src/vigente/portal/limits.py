"""How often strangers may ask: counted by address and by link, as at the door of the staff."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import HttpRequest

from vigente.documents.signatures import Visitor


def allows(request: HttpRequest, action: str, *, key: str) -> bool:
    """Count what is sent, and tell whether it is within the limits; looking is not counted."""
    return bool(ratelimit.consume(request, action=action, key=key))


def visitor(request: HttpRequest) -> Visitor:
    """Return where a request comes from; proxies are believed as far as settings say."""
    address = str(get_adapter(request).get_client_ip(request))
    return Visitor(ip=address, agent=request.headers.get("User-Agent", ""))
