"""Two-step verification: switched on with an app's code, kept usable by recovery codes."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from vigente.backoffice import scope
from vigente.backoffice.scope import open_to_staff
from vigente.backoffice.sign_in import forms
from vigente.backoffice.sign_in.adapters import Accounts, record_failure
from vigente.journeys import account


class Confirm(account_views.ReauthenticateView):
    """The password once more."""

    form_class = forms.Confirm


class ConfirmByCode(mfa.ReauthenticateView):
    """A code instead of the password."""

    form_class = forms.ConfirmByCode

    def form_invalid(self, form: django_forms.Form) -> HttpResponse:
        """Record the wrong code, and ask again."""
        person = scope.person(self.request)
        record_failure(self.request, person, email=person.email, why="código")
        return super().form_invalid(form)


class SwitchOn(totp.ActivateTOTPView):
    """The app is shown its secret, and shows a code of it."""

    form_class = forms.SwitchOn

    @transaction.atomic
    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Switch on and record it; the recovery codes come next."""
        answer = super().form_valid(form)
        _record(self.request, "second step switched on")
        messages.success(
            self.request,
            "Verificação em duas etapas ligada. Guarde os códigos abaixo: eles são a entrada de "
            "quem perde o celular.",
        )
        return answer


class SwitchOff(totp.DeactivateTOTPView):
    """The app and the recovery codes are forgotten."""

    @transaction.atomic
    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Switch off and record it."""
        answer = super().form_valid(form)
        _record(self.request, "second step switched off")
        messages.success(self.request, "Verificação em duas etapas desligada.")
        return answer


class NewCodes(codes.GenerateRecoveryCodesView):
    """New recovery codes; the old ones are worth nothing."""

    @transaction.atomic
    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Make them and record it."""
        answer = super().form_valid(form)
        _record(self.request, "recovery codes made")
        messages.success(self.request, "Códigos novos. Os anteriores não valem mais.")
        return answer


confirm = open_to_staff(Confirm.as_view())
confirm_by_code = open_to_staff(ConfirmByCode.as_view())
switch_on = open_to_staff(SwitchOn.as_view())
switch_off = open_to_staff(SwitchOff.as_view())
show_codes = open_to_staff(codes.view_recovery_codes)
new_codes = open_to_staff(NewCodes.as_view())


@open_to_staff
def take_codes(request: HttpRequest) -> HttpResponseBase:
    """Hand the recovery codes over as a file."""
    answer = codes.download_recovery_codes(request)
    answer["Content-Disposition"] = 'attachment; filename="vigente-codigos.txt"'
    return answer


def _record(request: HttpRequest, action: str) -> None:
    account.record(
        action,
        scope.person(request),
        by=scope.actor(request),
        at=timezone.now(),
        personal={"ip": Accounts().get_client_ip(request)},
    )
