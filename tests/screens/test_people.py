"""Pessoas: who may give what, and that somebody always administrates."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import NOW, Provider, provider
from tests.screens.registers import TRIALS
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.actor import Actor
from vigente.audit.models import AuditEntry, AuditValue
from vigente.domain.permissions import PERMISSION_WORDS, Permission, Role, permissions
from vigente.journeys import people, registers
from vigente.journeys.people import PEOPLE, PersonFacts, PersonRefused
from vigente.staff import actions as staff
from vigente.staff.models import User


@pytest.fixture
def small(db: None) -> Provider:
    return provider()


def administrator(isp: Provider, name: str = "Renata") -> User:
    return staff.create_user(
        email=f"{name.lower()}@example.com",
        name=name,
        password="abacate-verde",
        branches=[isp.branch],
        administrator=True,
    )


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(client: Client, user: User | None, **changes: object) -> tuple[str, dict[str, object]]:
    """Return the address of a form and all that its page would send, changed as told."""
    address = f"/pessoas/{user.pk}/" if user else "/pessoas/novo/"
    form = client.get(address).context["asked"].form
    shown = {bound.name: bound.value() for bound in form}
    html = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(envio|visto)" value="([^"]*)"', html))
    told = {**shown, **changes}
    return address, {**hidden, **{n: v for n, v in told.items() if v not in (False, None)}}


def save(client: Client, user: User | None, **changes: object):  # noqa: ANN201
    address, sent = typed(client, user, **changes)
    return client.post(address, {n: "on" if v is True else v for n, v in sent.items()})


def test_every_permission_has_its_words() -> None:
    assert set(PERMISSION_WORDS) == set(Permission)


def test_a_new_person_signs_in_with_the_first_password(small: Provider) -> None:
    client = signed_in_as(administrator(small))

    save(client, None, **TRIALS["pessoas"].good(small))

    assert Client().login(username="bia@example.com", password="abacate-maduro")
    bia = User.objects.get(email="bia@example.com")
    assert (bia.roles, list(bia.branches.all())) == (["ATTENDANT", "FINANCE"], [small.branch])


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Informe a primeira senha."),
        ("curta", "Esta senha é muito curta."),
        ("password1", "Esta senha é muito comum."),
    ],
)
def test_a_weak_first_password_is_refused(small: Provider, password: str, sentence: str) -> None:
    client = signed_in_as(administrator(small))

    answer = save(client, None, **{**TRIALS["pessoas"].good(small), "password": password})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.count() == 1


def test_passwords_are_never_in_the_trail_nor_on_a_page(small: Provider) -> None:
    client = signed_in_as(administrator(small))
    refused = {**TRIALS["pessoas"].good(small), "email": "x"}
    assert "abacate-maduro" not in save(client, None, **refused).content.decode()

    save(client, None, **TRIALS["pessoas"].good(small))
    bia = User.objects.get(email="bia@example.com")
    save(client, bia, password="outro-abacate")

    assert Client().login(username="bia@example.com", password="outro-abacate")
    assert AuditEntry.objects.filter(action="user password set", object_id=bia.pk).count() == 2
    kept = [f"{v.field} {v.before} {v.after}" for v in AuditValue.objects.all()]
    assert not [text for text in kept if "password" in text or "abacate" in text]
    assert "abacate" not in client.get(f"/pessoas/{bia.pk}/").content.decode()


def test_the_last_administrator_stays_one(small: Provider) -> None:
    renata = administrator(small)

    answer = save(signed_in_as(renata), renata, is_administrator=False)

    assert answer.status_code == 422
    assert "É o último administrador ativo" in answer.content.decode()
    renata.refresh_from_db()
    assert renata.is_administrator


def test_nobody_inactivates_the_own_account(small: Provider) -> None:
    renata = administrator(small)
    administrator(small, "Otto")

    answer = save(signed_in_as(renata), renata, is_active=False)

    assert "Você não pode inativar a própria conta" in answer.content.decode()
    renata.refresh_from_db()
    assert renata.is_active


def test_the_database_refuses_to_lose_all_administrators_at_once(small: Provider) -> None:
    administrator(small)
    administrator(small, "Otto")

    with pytest.raises(IntegrityError, match="nobody would be left"):
        User.objects.update(is_administrator=False)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_unmake_each_other_at_once() -> None:
    isp = provider()
    both = [administrator(isp), administrator(isp, "Otto")]
    ready = Barrier(2)

    def unmake(user: User, by: User) -> bool:
        try:
            ready.wait(10)
            facts = replace(people.person_facts(user), is_administrator=False)
            actor = Actor(by.pk, by.name)
            registers.keep(PEOPLE, user.pk, facts, seen=None, by=actor, now=NOW)
        except (IntegrityError, PersonRefused):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(unmake, both, reversed(both)))

    assert sorted(done) == [False, True]
    assert User.objects.filter(is_administrator=True, is_active=True).count() == 1


def test_who_is_no_administrator_gives_no_more_than_they_may() -> None:
    own = permissions([Role.ATTENDANT]) | {Permission.CHANGE_PEOPLE}
    person = PersonFacts(name="Bia", email="bia@example.com", roles=("SELLER",))
    manager = replace(person, roles=("MANAGER",))

    people.refuse_beyond(own, person, before=None)
    people.refuse_beyond(own, replace(manager, name="Beatriz"), before=manager)
    with pytest.raises(PersonRefused, match="permite mais do que a sua"):
        people.refuse_beyond(own, manager, before=person)
    with pytest.raises(PersonRefused, match="Só um administrador"):
        people.refuse_beyond(own, replace(person, is_administrator=True), before=person)
    with pytest.raises(PersonRefused, match="Só um administrador"):
        people.refuse_beyond(own, person, before=replace(person, is_administrator=True))


def test_an_administrator_may_give_administration_up(small: Provider) -> None:
    renata = administrator(small)
    administrator(small, "Otto")

    assert save(signed_in_as(renata), renata, is_administrator=False).status_code == 302

    renata.refresh_from_db()
    assert not renata.is_administrator


def test_nobody_gives_the_own_account_more(small: Provider) -> None:
    bia = staff.create_user(
        email="bia@example.com",
        name="Bia",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.ATTENDANT],
    )
    more = replace(people.person_facts(bia), roles=("ATTENDANT", "MANAGER"))

    with pytest.raises(PersonRefused, match="permite mais do que a sua"):
        registers.keep(PEOPLE, bia.pk, more, seen=None, by=Actor(bia.pk, "Bia"), now=NOW)


def test_a_manager_sees_no_people(small: Provider) -> None:
    manager = staff.create_user(
        email="ana@example.com",
        name="Ana",
        password="abacate-verde",
        branches=[small.branch],
        roles=[Role.MANAGER],
    )

    assert signed_in_as(manager).get("/pessoas/").status_code == 403
    assert "Pessoas" not in signed_in_as(manager).get("/contratos/").content.decode()


def test_the_form_fits_and_lists_what_each_role_may_do(signed_in: Page, isp: Provider) -> None:
    User.objects.update(is_administrator=True)
    signed_in.goto("/pessoas/novo/")

    signed_in.get_by_text("Gerente").last.click()
    expect(signed_in.get_by_text("liberar o teto de vencimento")).to_be_visible()
    assert_fit_for_all(signed_in)
    signed_in.goto("/pessoas/")
    assert_fit_for_all(signed_in)
