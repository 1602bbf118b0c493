"""What a person does about an effect: it is tried again, or given up for a reason."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.effects import views
from vigente.backoffice.scope import needs
from vigente.domain.permissions import Permission
from vigente.journeys import outbox as journey
from vigente.outbox import actions as outbox
from vigente.outbox.models import Effect

GROUP = "Configurações"


def _page(effect: Effect) -> str:
    return reverse("effect", args=[effect.pk])


def _crumbs(effect: Effect) -> tuple[Crumb, ...]:
    return (("Envios", reverse("effects")), (str(effect.pk), _page(effect)))


def _foreseen_retry(effect: Effect, _told: Told, _today: date) -> Foreseen:
    outbox.refuse_retry(effect)
    sentences = ["O envio volta para a fila e é tentado de novo em até um minuto."]
    if effect.last_error:
        sentences.append(f"O último erro foi: {effect.last_error}")
    return Foreseen(sentences=tuple(sentences))


def _foreseen_discard(effect: Effect, _told: Told, _today: date) -> Foreseen:
    outbox.refuse_discard(effect)
    return Foreseen(
        sentences=(
            "O envio não é mais tentado, e não volta: o mesmo aviso não é gerado outra vez.",
            "O motivo fica na trilha.",
        )
    )


def _retry(request: HttpRequest, effect: Effect, _told: Told) -> str:
    journey.retry(effect.pk, by=scope.actor(request), now=timezone.now())
    return _page(effect)


def _discard(request: HttpRequest, effect: Effect, told: Told) -> str:
    journey.discard(effect.pk, reason=told["reason"], by=scope.actor(request), now=timezone.now())
    return _page(effect)


RETRY = Deed(
    title="Repetir envio",
    button="Repetir",
    done="O envio será tentado de novo em até um minuto.",
    form=deeds.NothingToAsk,
    about=views.about,
    crumbs=_crumbs,
    foresee=_foreseen_retry,
    act=_retry,
    refusals=(outbox.EffectNotWaiting,),
    group=GROUP,
)
DISCARD = Deed(
    title="Descartar envio",
    button="Descartar",
    done="Envio descartado.",
    form=deeds.WithAReason,
    about=views.about,
    crumbs=_crumbs,
    foresee=_foreseen_discard,
    act=_discard,
    refusals=(outbox.EffectNotWaiting,),
    is_risky=True,
    group=GROUP,
)


@needs(Permission.CHANGE_OUTBOX)
def retry(request: HttpRequest, effect_id: int) -> HttpResponse:
    """Ask whether an effect that fails shall be tried again."""
    return deeds.respond(request, RETRY, views.visible(request, effect_id))


@needs(Permission.CHANGE_OUTBOX)
def discard(request: HttpRequest, effect_id: int) -> HttpResponse:
    """Ask why an effect shall be given up."""
    return deeds.respond(request, DISCARD, views.visible(request, effect_id))
