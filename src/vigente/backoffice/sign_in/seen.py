"""When and where a session was last used, for the list of sessions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

OFTEN_ENOUGH = timedelta(minutes=5)
NOTED = "noted_at"


def session_seen(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Note a session that is used, once in five minutes; in between, ask the database nothing."""

    def respond(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        now = timezone.now()
        if answer.status_code < 500 and _is_due(request, now):
            mark(request, now)
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=now, ip=get_adapter().get_client_ip(request)
            )
        return answer

    return respond


def mark(request: HttpRequest, now: datetime) -> None:
    """Let the session itself say when it was noted."""
    request.session[NOTED] = now.timestamp()


def _is_due(request: HttpRequest, now: datetime) -> bool:
    noted_at = request.session.get(NOTED)
    return noted_at is not None and now.timestamp() - noted_at > OFTEN_ENOUGH.total_seconds()
