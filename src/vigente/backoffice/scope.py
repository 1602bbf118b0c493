"""What a person sees and may do: every page is narrowed by the branches, opened by a permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vigente.audit.actor import Actor
from vigente.domain import permissions
from vigente.domain.permissions import Permission, Role
from vigente.staff.models import Branch, User

type View = Callable[..., HttpResponseBase]


def needs(permission: Permission) -> Callable[[View], View]:
    """Open a view only to people who have the permission; others are told so."""

    def guarded(view: View) -> View:
        @wraps(view)
        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if permission not in allowed(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        respond.__dict__["permission"] = permission
        return respond

    return guarded


def open_to_staff(view: View) -> View:
    """Open a view to everybody who signed in, said once so that no view is open by oversight."""
    view.__dict__["permission"] = None
    return view


def person(request: HttpRequest) -> User:
    """Return who is signed in; the middleware lets nobody else in."""
    return cast("User", request.user)


def actor(request: HttpRequest) -> Actor:
    """Return who is signed in, as the trail names them."""
    user = person(request)
    return Actor(user.pk, user.name)


def allowed(request: HttpRequest) -> frozenset[Permission]:
    """Return what the person may do."""
    user = person(request)
    return permissions.permissions(map(Role, user.roles), is_administrator=user.is_administrator)


def branches(request: HttpRequest) -> list[Branch]:
    """Return the person's branches; an administrator has all. Read once for each request."""
    kept: list[Branch] | None = getattr(request, "branches_seen", None)
    if kept is None:
        user = person(request)
        found = Branch.objects.all() if user.is_administrator else user.branches.all()
        kept = list(found.order_by("name"))
        request.branches_seen = kept  # type: ignore[attr-defined]
    return kept


def branch_ids(request: HttpRequest) -> list[int]:
    """Return the ids of the person's branches."""
    return [branch.pk for branch in branches(request)]


def chosen_branch_ids(request: HttpRequest, branch_id: int | None) -> list[int]:
    """Return the chosen branch, if it is one of the person's; without a choice, all of theirs."""
    return [one for one in branch_ids(request) if branch_id is None or one == branch_id]
