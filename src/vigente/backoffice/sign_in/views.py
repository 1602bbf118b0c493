"""Signing in by e-mail, password and, where it is switched on, a code; signing out."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from vigente.backoffice.sign_in import adapters, forms


class SignIn(account.LoginView):
    """The door."""

    form_class = forms.SignIn


class SecondStep(mfa.AuthenticateView):
    """The code that is asked for after the password."""

    form_class = forms.EnterCode

    def form_invalid(self, form: Form) -> HttpResponse:
        """Record the wrong code, and ask again."""
        user = self.stage.login.user
        adapters.record_failure(self.request, user, email=user.email, why="código")
        return super().form_invalid(form)


_sign_in = SignIn.as_view()
_second_step = SecondStep.as_view()


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask who comes in; a part of a page that outlived its session loads the whole page again."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return _sign_in(request)


@login_not_required
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code.

    :raises BadRequest: for a form without one: the library would take it for another kind of key.
    """
    if request.method == "POST" and "code" not in request.POST:
        raise BadRequest
    return _second_step(request)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Let go who signed in, or who stopped at the second step."""
    return account.logout(request)
