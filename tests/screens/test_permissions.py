"""Every view says who may open it, and shows nothing of another branch."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, path, reverse

from tests.provider import Provider, provider
from tests.screens.other_branch import ids_of_another_branch
from vigente.backoffice import urls
from vigente.backoffice.menu import MENU
from vigente.domain.permissions import PERMISSIONS_OF, Permission, Role, permissions
from vigente.staff import actions as staff
from vigente.staff.models import User

pytestmark = pytest.mark.django_db


def patterns() -> Iterator[URLPattern]:
    """Walk over every address of the back office."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from (p for p in pattern.url_patterns if isinstance(p, URLPattern))


GUARDED = [p for p in patterns() if getattr(p.callback, "login_required", True)]


def undeclared(found: list[URLPattern]) -> list[str | None]:
    return [p.name for p in found if not hasattr(p.callback, "permission")]


def person(isp: Provider, *roles: Role) -> Client:
    user = staff.create_user(
        email="ana@example.com",
        name="Ana",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
    )
    client = Client()
    client.force_login(user)
    return client


def address(pattern: URLPattern, ids: dict[str, int | str]) -> str:
    names = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: ids[name] for name in names})


def test_every_view_declares_its_permission() -> None:
    assert undeclared(GUARDED) == []


def test_the_walk_would_find_a_view_that_declares_none() -> None:
    def forgotten(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert undeclared([get_pattern(forgotten)]) == ["forgotten"]


def get_pattern(view: object) -> URLPattern:
    return path("x/", view, name="forgotten")  # type: ignore[arg-type, call-overload]


@pytest.mark.parametrize("pattern", GUARDED, ids=lambda p: p.name)
def test_who_has_no_role_is_told_so(pattern: URLPattern) -> None:
    if pattern.callback.__dict__["permission"] is None:
        return
    isp = provider()
    ids = ids_of_another_branch()

    answer = person(isp).get(address(pattern, ids))

    assert answer.status_code == 403
    assert "Peça acesso" in answer.content.decode()


@pytest.mark.parametrize(
    "pattern", [p for p in GUARDED if p.pattern.converters], ids=lambda p: p.name
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_another_branch_is_shown_or_changed(pattern: URLPattern, method: str) -> None:
    isp = provider()
    ids = ids_of_another_branch()
    client = person(isp, *Role)

    answer = getattr(client, method)(address(pattern, ids))

    permission = pattern.callback.__dict__["permission"]
    is_for_administrators = permission is not None and permission not in permissions(Role)
    refused = (403,) if is_for_administrators else (404, 405)
    assert answer.status_code in refused, (pattern.name, answer.status_code)


def test_the_menu_shows_what_a_person_may_open() -> None:
    isp = provider()

    shown = person(isp, Role.SELLER).get("/contratos/").content.decode()

    assert "Contratos</a>" in shown
    assert "Fechamento do mês" not in shown


def test_every_entry_of_the_menu_needs_what_its_view_needs() -> None:
    by_name = {p.name: p.callback.__dict__.get("permission") for p in patterns()}

    for group in MENU:
        for entry in group.entries:
            assert by_name[entry.address] == entry.needs


def test_an_administrator_may_do_everything() -> None:
    assert permissions([], is_administrator=True) == frozenset(Permission)


def test_every_role_may_do_something_and_an_auditor_changes_nothing() -> None:
    assert all(PERMISSIONS_OF[role] for role in Role)
    assert all(p.value.startswith("SEE_") for p in PERMISSIONS_OF[Role.AUDITOR])


def test_an_unknown_role_is_refused_by_the_database() -> None:
    isp = provider()
    user = staff.create_user(
        email="b@example.com", name="B", password="abacate-verde", branches=[isp.branch]
    )

    with pytest.raises(IntegrityError, match="user_roles"):
        User.objects.filter(pk=user.pk).update(roles=["KING"])
