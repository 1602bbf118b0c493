"""Effects on the screen: found by state and kind, opened, tried again, given up for a reason."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from tests.provider import NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.backoffice.effects.views import KINDS
from vigente.domain.permissions import Role
from vigente.gateways.messages.port import DeliveryFailed
from vigente.outbox import actions, delivery, queries
from vigente.outbox.actions import NewEffect
from vigente.outbox.models import Effect
from vigente.staff import actions as staff
from vigente.staff.models import Branch
from vigente.worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db


def want(branch: Branch | None, key: str = "aviso 1", *, kind: str = "MESSAGE", **more) -> Effect:
    payload = {"channel": "EMAIL", "to": "marina@example.com", "subject": "Fatura", "text": "Olá"}
    new = NewEffect(
        key=key, kind=kind, payload=payload, branch_id=branch.pk if branch else None, **more
    )
    actions.enqueue([new], now=NOW)
    return Effect.objects.get(key=key)


def fail(*, permanent: bool, why: str = "servidor de e-mail fora do ar") -> None:
    """Let everything that waits fail once."""

    def refuse(_effect: Effect) -> None:
        raise DeliveryFailed(why, permanent=permanent)

    delivery.deliver_due(now=NOW, handlers={"MESSAGE": refuse})


def listed(client: Client, query: str = "") -> list[str]:
    return [row["effect"].key for row in client.get(f"/envios/{query}").context["rows"]]


def person(isp: Provider, role: Role, *, administrator: bool = False) -> Client:
    user = staff.create_user(
        email=f"{role}{administrator}@example.com",
        name="Rui",
        password="abacate-verde",
        branches=[isp.branch],
        roles=[role],
        administrator=administrator,
    )
    client = Client()
    client.force_login(user)
    return client


def test_every_kind_that_is_delivered_has_its_words() -> None:
    assert set(HANDLERS) <= set(KINDS)


def test_each_view_shows_what_its_name_says_and_counts_what_waits(
    small: Provider, manager: Client
) -> None:
    want(small.branch, "parado")
    fail(permanent=True)
    want(small.branch, "com erro")
    fail(permanent=False)
    want(small.branch, "enviado")
    delivery.deliver_due(now=NOW, handlers={"MESSAGE": lambda _: None})
    actions.discard(want(small.branch, "descartado").pk, reason="engano", now=NOW)
    want(small.branch, "a enviar")

    assert listed(manager) == ["a enviar", "com erro", "parado"]
    assert listed(manager, "?situacao=a-enviar") == ["a enviar"]
    assert listed(manager, "?situacao=com-erro") == ["com erro"]
    assert listed(manager, "?situacao=parados") == ["parado"]
    assert listed(manager, "?situacao=enviados") == ["enviado"]
    assert listed(manager, "?situacao=descartados") == ["descartado"]
    counted = {title: number for _, title, _, number in manager.get("/envios/").context["views"]}
    assert counted == {
        "A resolver": 3,
        "A enviar": 1,
        "Com erro": 1,
        "Parados": 1,
        "Enviados": None,
        "Descartados": None,
    }


def test_a_kind_narrows_the_list_and_the_counts(small: Provider, manager: Client) -> None:
    want(small.branch, "mensagem")
    want(small.branch, "outro", kind="SMOKE")

    answer = manager.get("/envios/?tipo=MESSAGE")

    assert [row["effect"].key for row in answer.context["rows"]] == ["mensagem"]
    assert answer.context["views"][0][3] == 1


def test_only_the_persons_branches_are_shown_and_the_rest_to_administrators(
    small: Provider, manager: Client
) -> None:
    other = provider(code="OUTRA").branch
    hidden = want(other, "outra")
    of_none = want(None, "nenhuma")
    own = want(small.branch, "própria")

    assert listed(manager) == ["própria"]
    assert listed(manager, f"?filial={other.pk}") == []
    assert manager.get(f"/envios/{hidden.pk}/").status_code == 404
    assert manager.get(f"/envios/{of_none.pk}/").status_code == 404
    assert manager.get(f"/envios/{own.pk}/").status_code == 200
    everything = person(small, Role.AUDITOR, administrator=True)
    assert listed(everything) == ["própria", "nenhuma", "outra"]


def test_pages_go_forth_and_back_without_missing_or_repeating_one(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        want(small.branch, str(number))

    first = manager.get("/envios/")
    second = manager.get("/envios/" + first.context["older"])
    third = manager.get("/envios/" + second.context["older"])
    back = manager.get("/envios/" + third.context["newer"])

    seen = [
        [row["effect"].key for row in answer.context["rows"]]
        for answer in (first, second, third, back)
    ]
    assert seen == [["4", "3"], ["2", "1"], ["0"], ["2", "1"]]
    assert (first.context["newer"], third.context["older"]) == ("", "")


def test_a_page_costs_as_many_queries_whatever_it_shows(small: Provider, manager: Client) -> None:
    want(small.branch, "0")
    with CaptureQueriesContext(connection) as few:
        manager.get("/envios/")
    for number in range(1, 10):
        want(small.branch, str(number), object_kind="contract", object_id=number)

    with CaptureQueriesContext(connection) as many:
        manager.get("/envios/")

    assert len(many) == len(few)


@pytest.mark.parametrize(
    "rubbish",
    ["situacao=nada", "tipo=%00", "filial=abc", "antes=x&depois=-1", "depois=" + "9" * 40],
)
def test_rubbish_in_the_address_asks_for_nothing(manager: Client, rubbish: str) -> None:
    assert manager.get(f"/envios/?{rubbish}").status_code == 200


def test_one_effect_shows_what_it_says_and_each_attempt(small: Provider, manager: Client) -> None:
    contract = small.activate()
    effect = want(small.branch, object_kind="contract", object_id=contract.pk)
    fail(permanent=False, why="caixa cheia")

    shown = manager.get(f"/envios/{effect.pk}/").content.decode()

    assert "marina@example.com" in shown
    assert f'href="/contratos/{contract.pk}/"' in shown
    assert "caixa cheia" in shown
    assert "Com erro" in shown


def test_a_dead_effect_is_tried_again_once_and_delivered(small: Provider, manager: Client) -> None:
    effect = want(small.branch)
    fail(permanent=True)
    address = f"/envios/{effect.pk}/repetir/"
    assert "fora do ar" in manager.get(address).content.decode()
    sent = {"envio": str(uuid4())}

    first, second = manager.post(address, sent), manager.post(address, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    delivery.deliver_due(now=NOW.replace(year=2027), handlers={"MESSAGE": lambda _: None})
    effect.refresh_from_db()
    assert effect.status == "DELIVERED"
    again = manager.post(address, {"envio": str(uuid4())})
    assert (again.status_code, "Só um envio com erro" in again.content.decode()) == (422, True)
    assert "Envio repetido" in manager.get(f"/envios/{effect.pk}/").content.decode()


def test_giving_an_effect_up_needs_a_reason(small: Provider, manager: Client) -> None:
    effect = want(small.branch)
    address = f"/envios/{effect.pk}/descartar/"

    assert "Informe motivo" in manager.post(address, {"reason": " "}).content.decode()
    manager.post(address, {"reason": "cliente pediu por telefone"})

    effect.refresh_from_db()
    assert (effect.status, effect.discard_reason) == ("DISCARDED", "cliente pediu por telefone")
    shown = manager.get(f"/envios/{effect.pk}/").content.decode()
    assert "cliente pediu por telefone" in shown
    assert "/descartar/" not in shown
    assert manager.post(address, {"reason": "de novo"}).status_code == 422


def test_who_may_only_look_changes_nothing(small: Provider) -> None:
    effect = want(small.branch)
    fail(permanent=True)
    auditor = person(small, Role.AUDITOR)

    shown = auditor.get(f"/envios/{effect.pk}/").content.decode()

    assert "/repetir/" not in shown
    assert "/descartar/" not in shown
    assert auditor.post(f"/envios/{effect.pk}/repetir/").status_code == 403


def test_an_effect_is_tried_again_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    page = signed_in
    effect = want(isp.branch)
    fail(permanent=True)
    page.goto("/envios/?situacao=parados")
    assert_fit_for_all(page)
    page.click("tbody a.name")
    page.wait_for_url(f"**/envios/{effect.pk}/")
    assert_fit_for_all(page)

    page.keyboard.press("a")
    page.wait_for_url("**/repetir/")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")

    page.wait_for_url(f"**/envios/{effect.pk}/")
    expect(page.locator(".note.ok")).to_contain_text("tentado de novo")
