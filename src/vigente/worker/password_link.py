"""The message with which a person of the staff sets a new password.

The link is made here, when the message is handed over, so that it never lies in a queue.
"""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36

from vigente.gateways.messages.port import Channel, DeliveryFailed, Message
from vigente.outbox.models import Effect
from vigente.staff.models import User

SUBJECT = "Vigente: senha nova"
TEXT = """Olá, {name}.

Alguém, provavelmente você, pediu uma senha nova para entrar no Vigente.
Para escolhê-la, abra este endereço em até {minutes} minutos:

{link}

Se não foi você, não faça nada: a senha de agora continua valendo.
"""


def message(effect: Effect) -> Message:
    """Return the message with a link that is valid from now on.

    :raises DeliveryFailed: for good, where the person no longer signs in with this e-mail.
    """
    to, site = effect.payload["to"], effect.payload["site"]
    user = User.objects.filter(pk=effect.object_id or 0, email=to, is_active=True).first()
    if user is None:
        raise DeliveryFailed("ninguém entra mais com este e-mail", permanent=True)
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    text = TEXT.format(name=user.name, minutes=minutes, link=_link(user, site))
    return Message(key=effect.key, channel=Channel.EMAIL, to=to, subject=SUBJECT, text=text)


def _link(user: User, site: str) -> str:
    names = {"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)}
    return urljoin(site, reverse("account_reset_password_from_key", kwargs=names))
