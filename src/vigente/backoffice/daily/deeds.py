"""What a person does about an alarm of the daily schedule: says what was done, and closes it."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, fields, scope
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, Told
from vigente.backoffice.scope import needs
from vigente.daily import actions, queries
from vigente.daily.models import DailyRun
from vigente.domain.permissions import Permission
from vigente.journeys import daily as journey


class DealtForm(forms.Form):
    """What was done about it; the trail keeps it."""

    note = fields.Text("O que foi feito", 200)


def _about(day: DailyRun) -> str:
    return f"{day.branch.name} · {day.day:%d/%m/%Y}"


def _crumbs(_day: DailyRun) -> tuple[Crumb, ...]:
    return (("Agendamentos", reverse("daily")),)


def _foreseen(day: DailyRun, _told: Told, _today: date) -> Foreseen:
    actions.refuse_to_deal(day)
    return Foreseen(
        sentences=(
            day.error,
            "O alarme sai das páginas de todos. Se a falha se repetir, ele volta.",
        )
    )


def _deal(request: HttpRequest, day: DailyRun, told: Told) -> str:
    journey.deal_with(day.pk, note=told["note"], by=scope.actor(request), now=timezone.now())
    return reverse("daily")


DEALT = Deed(
    title="Resolver alarme",
    button="Dar por resolvido",
    done="Alarme resolvido.",
    form=DealtForm,
    about=_about,
    crumbs=_crumbs,
    foresee=_foreseen,
    act=_deal,
    refusals=(actions.NotAnAlarm,),
    group="Configurações",
)


@needs(Permission.CLOSE_MONTH)
def deal_with(request: HttpRequest, daily_run_id: int) -> HttpResponse:
    """Ask what was done about an alarm."""
    found = queries.days(branch_ids=scope.branch_ids(request))
    return deeds.respond(request, DEALT, get_object_or_404(found, pk=daily_run_id))
