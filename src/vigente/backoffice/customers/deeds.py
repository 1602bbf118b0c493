"""What is done to a customer: it is inactivated, or comes back."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from vigente.backoffice import deeds, scope
from vigente.backoffice.customers.views import visible
from vigente.backoffice.deeds import Crumb, Deed, Foreseen, NothingToAsk, Told
from vigente.backoffice.scope import needs
from vigente.backoffice.templatetags import vigente as tags
from vigente.billing import receivable_queries as receivables
from vigente.customers.models import Customer
from vigente.domain.permissions import Permission
from vigente.journeys import customers as journey
from vigente.journeys.customers import CustomerUnderContract, StandsSoAlready
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


@needs(Permission.CHANGE_CUSTOMERS)
def inactivate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show what inactivating means, or do it."""
    return deeds.respond(request, INACTIVATION, visible(request, customer_id))


@needs(Permission.CHANGE_CUSTOMERS)
def reactivate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show what reactivating means, or do it."""
    return deeds.respond(request, REACTIVATION, visible(request, customer_id))
