"""Signing in by e-mail and password."""

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRefresh


class ByEmail(AuthenticationForm):
    """The sign-in form, with sentences that say the way out."""

    error_messages = {
        "invalid_login": "E-mail ou senha não conferem. Tente de novo ou peça uma senha nova.",
        "inactive": "Esta conta está inativa. Fale com quem administra o sistema.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "E-mail"
        self.fields["username"].widget.attrs.update(
            {"class": "form-control", "type": "email", "autocomplete": "username"}
        )
        self.fields["password"].widget.attrs["class"] = "form-control"

    def clean_username(self) -> str:
        """Compare e-mails in lower case, as they are stored."""
        return str(self.cleaned_data["username"]).strip().lower()


_sign_in = views.LoginView.as_view(
    template_name="sign_in.html", authentication_form=ByEmail, redirect_authenticated_user=True
)


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask who comes in; a part of a page that outlived its session loads the whole page again."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return _sign_in(request)


sign_out = views.LogoutView.as_view(next_page="sign-in")
