"""Which branches a person sees; every query of a page is narrowed by this."""

from typing import cast

from django.http import HttpRequest

from vigente.audit.actor import Actor
from vigente.staff.models import Branch, User


def person(request: HttpRequest) -> User:
    """Return who is signed in; the middleware lets nobody else in."""
    return cast("User", request.user)


def actor(request: HttpRequest) -> Actor:
    """Return who is signed in, as the trail names them."""
    user = person(request)
    return Actor(user.pk, user.name)


def branches(request: HttpRequest) -> list[Branch]:
    """Return the person's branches; an administrator has all."""
    user = person(request)
    found = Branch.objects.all() if user.is_administrator else user.branches.all()
    return list(found.order_by("name"))
