"""Passwords: changed by who knows the old one, or set anew by a link that comes by e-mail."""

from allauth.account import views as account
from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse

from vigente.backoffice.scope import open_to_staff
from vigente.backoffice.sign_in import forms
from vigente.backoffice.sign_in.adapters import Accounts


class Change(account.PasswordChangeView):
    """A new password for who is signed in; the other sessions end."""

    form_class = forms.ChangePassword

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Say what happened."""
        answer = super().form_valid(form)
        messages.success(self.request, "Senha alterada. As outras sessões foram encerradas.")
        return answer


class AskForLink(account.PasswordResetView):
    """The e-mail is asked for; the answer is the same whether anybody has it."""

    form_class = forms.AskForLink


class SetByLink(account.PasswordResetFromKeyView):
    """A new password after a link; all sessions end."""

    form_class = forms.SetPassword

    def form_valid(self, form: django_forms.Form) -> HttpResponse:
        """Let the person sign in at once, however often the forgotten password was tried."""
        answer = super().form_valid(form)
        email = self.reset_user.email
        Accounts()._delete_login_attempts_cached_email(self.request, email=email)  # noqa: SLF001
        return answer


change = open_to_staff(Change.as_view())
ask_for_link = AskForLink.as_view()
link_sent = account.password_reset_done
set_by_link = SetByLink.as_view()
set_done = account.password_reset_from_key_done
