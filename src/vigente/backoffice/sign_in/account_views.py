"""Minha conta: who one is here, how one signs in, and where one is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vigente.audit import queries as audit
from vigente.backoffice import scope
from vigente.backoffice.scope import open_to_staff
from vigente.journeys import account as journey
from vigente.staff import devices, sessions
from vigente.staff import second_step as steps
from vigente.staff.models import User

HISTORY = 10


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Since when codes are asked for, and how many recovery codes are left."""

    since: datetime
    codes_left: int


@open_to_staff
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show a person the own account."""
    person = scope.person(request)
    context = {
        "second_step": second_step(person),
        "session_count": sessions.of(person, now=timezone.now()).count(),
        "trail": audit.trail(object_kind="account", object_id=person.pk)[:HISTORY],
    }
    return render(request, "account/account.html", context)


def second_step(person: User) -> SecondStep | None:
    """Return a person's second step, or None where the password is enough."""
    kept: dict[str, Any] = {one.type: one for one in steps.of(person)}
    app, codes = kept.get(Authenticator.Type.TOTP), kept.get(Authenticator.Type.RECOVERY_CODES)
    if app is None:
        return None
    left = 0 if codes is None else len(codes.wrap().get_unused_codes())
    return SecondStep(app.created_at, left)


@open_to_staff
@require_http_methods(["GET", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """Show where a person is signed in; all sessions but this one may be ended at once."""
    person, here = scope.person(request), request.session.session_key
    if request.method == "POST":
        journey.end_sessions(person, by=scope.actor(request), at=timezone.now(), but=here)
        messages.success(request, "As outras sessões foram encerradas.")
        return redirect("sessions")
    found = [
        (one, devices.name(one.user_agent), one.session_key == here)
        for one in sessions.of(person, now=timezone.now())
    ]
    return render(request, "account/sessions.html", {"sessions": found})


@open_to_staff
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End another session of the same person; one's own is ended by signing out."""
    person, now = scope.person(request), timezone.now()
    others = sessions.of(person, now=now).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=session_id)
    journey.end_session(person, session.pk, by=scope.actor(request), at=now)
    messages.success(request, "Sessão encerrada.")
    return redirect("sessions")
