"""What an administrator does for a person who lost the phone and the recovery codes."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.registers import people
from vigente.backoffice.scope import needs
from vigente.domain.permissions import Permission
from vigente.journeys import account
from vigente.staff.models import User


def _page(user: User) -> str:
    return reverse("pessoas-edit", args=[user.pk])


def _crumbs(user: User) -> tuple[Crumb, ...]:
    return (("Pessoas", reverse("pessoas")), (user.name, _page(user)))


def _foreseen(user: User, _told: Told, _today: date) -> Foreseen:
    account.refuse_second_step_off(user)
    return Foreseen(
        sentences=(
            f"A senha passa a bastar para {user.name} entrar.",
            "O aplicativo e os códigos de recuperação de agora deixam de valer.",
            "As sessões abertas são encerradas.",
            "Com o celular novo, a pessoa liga a verificação de novo em «Minha conta».",
            "Confirme antes, de viva voz, que é ela mesma quem pede. O motivo fica na trilha.",
        )
    )


def _act(request: HttpRequest, user: User, told: Told) -> str:
    account.switch_second_step_off(
        user, reason=told["reason"], by=scope.actor(request), at=timezone.now()
    )
    return _page(user)


SECOND_STEP_OFF = Deed(
    title="Desligar a verificação em duas etapas",
    button="Desligar",
    done="Verificação em duas etapas desligada.",
    form=deeds.WithAReason,
    about=lambda user: f"{user.name} · {user.email}",
    crumbs=_crumbs,
    foresee=_foreseen,
    act=_act,
    refusals=(account.SecondStepStays,),
    is_risky=True,
    group="Configurações",
)


@needs(Permission.CHANGE_PEOPLE)
def second_step_off(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask why a person's second step shall be switched off."""
    visible = people.rows(scope.branch_ids(request))
    return deeds.respond(request, SECOND_STEP_OFF, get_object_or_404(visible, pk=user_id))
