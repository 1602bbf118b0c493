"""Carrying out a form once: a second click, or the browser's back button, does nothing twice."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from vigente.audit import sent_forms
from vigente.backoffice import scope

FIELD = "envio"


def key(request: HttpRequest) -> str:
    """Return the key of the form of this page: what was sent, or a new one."""
    sent = request.POST.get(FIELD, "")
    return sent if _uuid(sent) else str(uuid4())


def once(request: HttpRequest, act: Callable[[], str]) -> HttpResponseRedirect:
    """Carry the form out, in one transaction, and go to the address that `act` returns.

    A form that was carried out before leads where it led then. Whatever `act` raises undoes all,
    the key included, so that a refused form may be corrected and sent again.
    """
    sent_key = _uuid(request.POST.get(FIELD, "")) or uuid4()
    try:
        with transaction.atomic():
            sent = sent_forms.take(
                sent_key, by_user_id=scope.person(request).pk, now=timezone.now()
            )
            went_to = act()
            sent_forms.settle(sent, went_to=went_to)
    except sent_forms.SentBefore as before:
        return HttpResponseRedirect(before.went_to)
    return HttpResponseRedirect(went_to)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
