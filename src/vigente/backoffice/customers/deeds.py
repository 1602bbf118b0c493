"""What is done to a customer: it is inactivated, or comes back."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.customers.views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, NothingToAsk, Told, WithAReason
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags import vigente as tags
from vigente.billing import receivable_queries as receivables
from vigente.customers.models import Customer
from vigente.domain.permissions import Permission
from vigente.journeys import customers as journey
from vigente.journeys import opt_outs
from vigente.journeys.customers import CustomerUnderContract, StandsSoAlready
from vigente.journeys.opt_outs import OptOutStandsSo
from vigente.journeys.registers import ChangedMeanwhile
from vigente.payments import credit

REFUSALS = (CustomerUnderContract, StandsSoAlready, ChangedMeanwhile)


def _crumbs(customer: Customer) -> tuple[Crumb, ...]:
    own = reverse("customer", args=[customer.pk])
    return (("Clientes", reverse("clientes")), (customer.name, own))


def _about(customer: Customer) -> str:
    return f"{customer.name} · {tags.tax_id(customer.tax_id)}"


def _inactive(customer: Customer, _told: Told, _today: date) -> Foreseen:
    journey.refuse_inactivation(customer)
    owed = receivables.open_cents(receivables.open_of(customer.pk))
    left = credit.balances([customer.pk]).get(customer.pk, 0)
    return Foreseen(
        sentences=(
            "O cliente sai da lista de ativos e não pode comprar; o cadastro e o histórico ficam.",
            "O que ele deve continua em aberto, e o crédito continua dele.",
        ),
        amounts=(("Em aberto", owed), ("Crédito", left)),
    )


def _active(_customer: Customer, _told: Told, _today: date) -> Foreseen:
    return Foreseen(sentences=("O cliente volta à lista de ativos e pode comprar de novo.",))


def _set(customer: Customer, request: HttpRequest, *, is_active: bool) -> str:
    journey.set_active(
        customer.pk, is_active=is_active, by=scope.actor(request), now=timezone.now()
    )
    return reverse("customer", args=[customer.pk])


INACTIVATION = Deed[Customer](
    title="Inativar cliente",
    button="Inativar",
    done="Cliente inativado.",
    form=NothingToAsk,
    about=_about,
    crumbs=_crumbs,
    foresee=_inactive,
    act=lambda request, customer, _told: _set(customer, request, is_active=False),
    refusals=REFUSALS,
    is_risky=True,
    group="Cadastros",
)
REACTIVATION = Deed[Customer](
    title="Reativar cliente",
    button="Reativar",
    done="Cliente reativado.",
    form=NothingToAsk,
    about=_about,
    crumbs=_crumbs,
    foresee=_active,
    act=lambda request, customer, _told: _set(customer, request, is_active=True),
    refusals=REFUSALS,
    group="Cadastros",
)


def _stopped(customer: Customer, _told: Told, _today: date) -> Foreseen:
    opt_outs.refuse(customer, wants=True)
    return Foreseen(
        sentences=(
            "O cliente não recebe mais lembretes de vencimento.",
            "O que o contrato obriga a avisar, como uma alteração, continua sendo enviado.",
        )
    )


def _resumed(customer: Customer, _told: Told, _today: date) -> Foreseen:
    opt_outs.refuse(customer, wants=False)
    return Foreseen(sentences=("O cliente volta a receber lembretes de vencimento.",))


def _stop(request: HttpRequest, customer: Customer, told: Told) -> str:
    opt_outs.stop(customer.pk, note=told["reason"], by=scope.actor(request), now=timezone.now())
    return reverse("customer", args=[customer.pk])


def _resume(request: HttpRequest, customer: Customer, _told: Told) -> str:
    opt_outs.resume(customer.pk, by=scope.actor(request), now=timezone.now())
    return reverse("customer", args=[customer.pk])


STOP = Deed[Customer](
    title="Não enviar lembretes",
    button="Não enviar mais",
    done="O cliente não recebe mais lembretes.",
    form=WithAReason,
    about=_about,
    crumbs=_crumbs,
    foresee=_stopped,
    act=_stop,
    refusals=(OptOutStandsSo,),
    group="Cadastros",
)
RESUME = Deed[Customer](
    title="Voltar a enviar lembretes",
    button="Enviar de novo",
    done="O cliente volta a receber lembretes.",
    form=NothingToAsk,
    about=_about,
    crumbs=_crumbs,
    foresee=_resumed,
    act=_resume,
    refusals=(OptOutStandsSo,),
    group="Cadastros",
)


@needs(Permission.CHANGE_CUSTOMERS)
def stop_reminders(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask why a customer wants no reminders."""
    return deeds.respond(request, STOP, visible(request, customer_id))


@needs(Permission.CHANGE_CUSTOMERS)
def resume_reminders(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show what sending reminders again means, or do it."""
    return deeds.respond(request, RESUME, visible(request, customer_id))


@needs(Permission.CHANGE_CUSTOMERS)
def inactivate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show what inactivating means, or do it."""
    return deeds.respond(request, INACTIVATION, visible(request, customer_id))


@needs(Permission.CHANGE_CUSTOMERS)
def reactivate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show what reactivating means, or do it."""
    return deeds.respond(request, REACTIVATION, visible(request, customer_id))
