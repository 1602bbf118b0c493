"""What django-allauth asks of us: our sentences, our limits' page, and each event in the trail.

Its own messages, mails and JSON answers are not used: our views say what they did.
"""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from vigente.audit.actor import Actor
from vigente.backoffice import errors
from vigente.backoffice.sign_in import seen
from vigente.journeys import account
from vigente.staff import devices
from vigente.staff.models import User

LIMITS = ("too_many_login_attempts", "rate_limited")


class Accounts(DefaultAccountAdapter):
    """Signing in and out, and passwords."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "E-mail ou senha não conferem. Tente de novo ou peça uma senha nova."
        ),
        "enter_current_password": "A senha atual não confere. Digite-a de novo.",
        "incorrect_password": "A senha não confere. Digite-a de novo.",
        "invalid_password_reset": "Este endereço já foi usado ou venceu. Peça outro.",
    }

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """Return the sentence of a refusal; a limit that was reached has a page of its own."""
        if code in LIMITS:
            assert self.request is not None
            raise ImmediateHttpResponse(errors.too_many(self.request))
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Close the door: people are kept by whoever administrates them."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Answer with pages only, whatever a request says that it accepts."""
        return False

    def add_message(self, *_: object, **__: object) -> None:
        """Say nothing: our views do."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a password that was refused, at the door or where it is asked once more."""
        email = str(credentials.get("email", ""))
        known = User.objects.filter(email=email).first()
        record_failure(request, known, email=email, why="senha")

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Record and refuse a person who is no longer active, after the right password."""
        person = cast("User", user)
        record_failure(request, person, email=person.email, why="conta inativa")
        return redirect("account_inactive")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let a person in after the last step, and record it."""
        person = cast("User", user)
        if not person.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, person))
        steps = [
            str(step.get("type") or step["method"])
            for step in get_authentication_records(request, person)
        ]
        super().login(request, person)
        now = timezone.now()
        seen.mark(request, now)
        account.record(
            "signed in",
            person,
            by=_actor(person),
            at=now,
            personal={"ip": self.get_client_ip(request), "device": devices.name(_agent(request))},
            detail={"steps": steps},
        )

    def logout(self, request: HttpRequest) -> None:
        """Record who leaves, and let them out."""
        person = cast("User", request.user)
        account.record(
            "signed out",
            person,
            by=_actor(person),
            at=timezone.now(),
            personal={"ip": self.get_client_ip(request)},
        )
        super().logout(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Write a new password, whether it was changed or lost."""
        assert self.request is not None
        person = cast("User", user)
        account.set_password(
            person,
            password,
            by=_actor(person),
            at=timezone.now(),
            ip=self.get_client_ip(self.request),
            here=self.request.session.session_key,
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Return where a changed password leads."""
        return reverse("account")


class SecondStep(DefaultMFAAdapter):
    """The second step of signing in."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "O código não confere ou já foi usado. Digite o que o aplicativo mostra agora."
        ),
    }


def record_failure(request: HttpRequest, user: User | None, *, email: str, why: str) -> None:
    """Record that somebody was not let in, or was not believed to be who signed in."""
    signed_in = request.user if request.user.is_authenticated else None
    account.record(
        "sign in failed",
        user,
        by=account.NOBODY if signed_in is None else _actor(signed_in),
        at=timezone.now(),
        personal={"email": email, "ip": Accounts().get_client_ip(request)},
        detail={"reason": why},
    )


def _actor(user: User) -> Actor:
    return Actor(user.pk, user.name)


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
