"""What is asked at the door and of one's own account, in our words."""

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import fields
from vigente.journeys import account
from vigente.staff.models import User

# A code is accepted half a minute before and after its own, and only once.
CODE_LASTS = 120
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
TWICE = "Digite a mesma senha nos dois campos."
STRONG = "Ao menos 8 caracteres, e nenhuma das senhas mais comuns."


class SignIn(LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"login": "E-mail", "password": "Senha"})
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def add_prefix(self, field_name: str) -> str:
        """Call the e-mail what browsers that remember passwords call it."""
        return "username" if field_name == "login" else field_name


class AskForLink(ResetPasswordForm):
    """The e-mail that the link for a new password goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"email": "E-mail"})

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Have the link sent, to whoever has this e-mail."""
        email: str = self.cleaned_data["email"]
        site = request.build_absolute_uri(reverse("home"))
        account.ask_for_password_link(email, site=site, at=timezone.now())
        return email


class SetPassword(ResetPasswordKeyForm):
    """A new password, twice, after a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"password1": "Senha nova", "password2": "Senha nova, de novo"})


class ChangePassword(ChangePasswordForm):
    """The password of now and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"password1": "Senha nova", "password2": "Senha nova, de novo"}
        _word(self, {"oldpassword": "Senha atual", **words})


class Confirm(ReauthenticateForm):
    """The password once more, before what is sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"password": "Senha"})


class EnterCode(mfa.AuthenticateForm):
    """A code of the app or a recovery code, as the second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"code": "Código"})

    def clean_code(self) -> str:
        """Accept a code once."""
        return _used_now(self.user, super().clean_code())


class ConfirmByCode(mfa.ReauthenticateForm):
    """A code instead of the password, before what is sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"code": "Código"})

    def clean_code(self) -> str:
        """Accept a code once."""
        return _used_now(self.user, super().clean_code())


class SwitchOn(ActivateTOTPForm):
    """The first code of the app, which shows that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, {"code": "Código que o aplicativo mostra"})


def _word(form: forms.BaseForm, labels: Mapping[str, str]) -> None:
    """Give a form our labels, looks and sentences instead of its own."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, STRONG if name == "password1" else ""
        field.widget.attrs.pop("placeholder", None)
        if name == "code":
            field.widget.attrs.update(CODE)
    fields.prepare(form, branch_ids=())


def _used_now(user: User, code: str) -> str:
    digits = "".join(filter(str.isalnum, code))
    if not cache.add(f"second-step-{user.pk}-{digits}", "used", timeout=CODE_LASTS):
        raise get_adapter().validation_error("incorrect_code")
    return code
