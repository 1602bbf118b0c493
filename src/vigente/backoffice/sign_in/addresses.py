"""Addresses of the door and of one's own account; the second names are those of django-allauth.

What is not here cannot be reached: no sign-up, no other e-mails, no accounts elsewhere.
"""

from collections.abc import Callable, Iterator

from allauth.account.views import account_inactive
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from vigente.backoffice.sign_in import account_views as own
from vigente.backoffice.sign_in import deeds
from vigente.backoffice.sign_in import password_views as passwords
from vigente.backoffice.sign_in import two_step_views as two_step
from vigente.backoffice.sign_in import views as door

type View = Callable[..., HttpResponseBase]


def _named(address: str, view: View, *names: str) -> Iterator[URLPattern]:
    for name in names:
        yield path(address, view, name=name)


ADDRESSES = [
    *_named("entrar/", door.sign_in, "sign-in", "account_login"),
    *_named("entrar/codigo/", door.second_step, "mfa_authenticate"),
    *_named("entrar/inativa/", account_inactive, "account_inactive"),
    *_named("entrar/senha/", passwords.ask_for_link, "account_reset_password"),
    *_named("entrar/senha/enviada/", passwords.link_sent, "account_reset_password_done"),
    *_named("entrar/senha/pronta/", passwords.set_done, "account_reset_password_from_key_done"),
    re_path(
        r"^entrar/senha/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        passwords.set_by_link,
        name="account_reset_password_from_key",
    ),
    *_named("sair/", door.sign_out, "sign-out", "account_logout"),
    *_named("conta/", own.account, "account", "mfa_index"),
    *_named("conta/confirmar/", two_step.confirm, "account_reauthenticate"),
    *_named("conta/confirmar/codigo/", two_step.confirm_by_code, "mfa_reauthenticate"),
    *_named("pessoas/<int:user_id>/duas-etapas/", deeds.second_step_off, "second-step-off"),
    *_named("conta/senha/", passwords.change, "account_change_password"),
    *_named("conta/verificacao/ligar/", two_step.switch_on, "mfa_activate_totp"),
    *_named("conta/verificacao/desligar/", two_step.switch_off, "mfa_deactivate_totp"),
    *_named("conta/verificacao/codigos/", two_step.show_codes, "mfa_view_recovery_codes"),
    *_named("conta/verificacao/codigos/novos/", two_step.new_codes, "mfa_generate_recovery_codes"),
    *_named(
        "conta/verificacao/codigos/baixar/", two_step.take_codes, "mfa_download_recovery_codes"
    ),
    *_named("conta/sessoes/", own.session_list, "sessions"),
    *_named("conta/sessoes/<int:session_id>/encerrar/", own.end_session, "session-end"),
]
