"""Signing in and one's own account: passwords, the second step, sessions, limits, the trail."""

import base64
import hashlib
import hmac
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.provider import NOW, Provider, provider
from tests.screens.conftest import EMAIL, PASSWORD
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit.actor import Actor
from vigente.audit.models import AuditEntry, AuditValue
from vigente.backoffice.sign_in import seen
from vigente.domain.permissions import Role
from vigente.gateways.messages.fake import FileMessages
from vigente.gateways.messages.port import Message
from vigente.journeys import account, people, registers
from vigente.outbox import delivery
from vigente.outbox.models import Effect
from vigente.staff import actions as staff
from vigente.staff import devices
from vigente.staff.models import User
from vigente.worker import tasks
from vigente.worker.handlers import HANDLERS

NEW = "jaca-madura-9"
WRONG = "E-mail ou senha não conferem"
at_a_desk = pytest.mark.parametrize("width", [1440])


@pytest.fixture(autouse=True)
def post(settings, tmp_path: Path) -> FileMessages:  # noqa: ANN001
    """Return where messages go to."""
    settings.MESSAGES_FOLDER = tmp_path
    return FileMessages(tmp_path)


@pytest.fixture
def ana(db: None) -> User:
    cache.clear()  # of what browsers tried before
    return staff.create_user(
        email=EMAIL,
        name="Ana Atendente",
        password=PASSWORD,
        branches=[provider().branch],
        roles=[Role.MANAGER],
    )


def enter(client: Client, password: str = PASSWORD, email: str = EMAIL, **more):  # noqa: ANN201
    return client.post("/entrar/", {"username": email, "password": password, **more})


def inside(client: Client) -> bool:
    return client.get("/contratos/").status_code == 200


def entered(ana: User) -> Client:
    """Return the browser of a person who came in through the door."""
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
    enter(client)
    assert inside(client)
    return client


def confirmed(ana: User) -> Client:
    """Return the browser of a person who gave the password once more."""
    client = entered(ana)
    client.post("/conta/confirmar/", {"password": PASSWORD})
    return client


def code(secret: str, *, steps: int = 0) -> str:
    """Return the code of a secret, as RFC 6238 says, so many half minutes from now."""
    counter = int(time.time()) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def switch_on(client: Client) -> str:
    """Switch the second step on, and return its secret."""
    secret = client.get("/conta/verificacao/ligar/").context["form"].secret
    answer = client.post("/conta/verificacao/ligar/", {"code": code(secret)})
    assert answer["Location"] == "/conta/verificacao/codigos/"
    return str(secret)


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def told(entry: AuditEntry) -> dict[str, str | None]:
    return dict(entry.values.values_list("field", "after"))


# ---- the door


def test_who_comes_in_and_goes_is_in_the_trail(ana: User) -> None:
    client = entered(ana)
    client.post("/sair/")

    assert trail() == ["signed in", "signed out"]
    entry = AuditEntry.objects.get(action="signed in")
    assert (entry.object_kind, entry.object_id, entry.by_user_id) == ("account", ana.pk, ana.pk)
    assert told(entry) == {"ip": "127.0.0.1", "device": "Firefox no Linux"}
    assert entry.detail == {"steps": ["password"]}
    assert not inside(client)


def test_a_wrong_password_is_recorded_with_the_email_where_it_may_be_redacted(ana: User) -> None:
    enter(Client(), "errada")
    enter(Client(), "errada", email="ninguem@example.com")

    known, unknown = AuditEntry.objects.filter(action="sign in failed").order_by("pk")
    assert (known.object_id, unknown.object_id) == (ana.pk, 0)
    assert (known.by_user_id, known.by_name) == (None, "Sem sessão")
    assert told(unknown) == {"email": "ninguem@example.com", "ip": "127.0.0.1"}
    assert EMAIL not in str(AuditEntry.objects.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT vigente_audit_redact(%s, %s)", [known.pk, NOW])
    assert told(known) == {"email": None, "ip": None}


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(ana: User) -> None:
    def shown(email: str) -> str:
        page = enter(Client(), "errada", email=email).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(email, "…")

    assert WRONG in shown(EMAIL)
    assert shown("ninguem@example.com") == shown(EMAIL)


def test_the_page_that_was_asked_for_comes_next_but_no_other_site(ana: User) -> None:
    assert enter(Client(), next="/fechamento/")["Location"] == "/fechamento/"
    assert enter(Client(), next="https://example.org/")["Location"] == "/contratos/"


def test_an_inactive_person_is_told_after_the_right_password_only(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)

    wrong = enter(Client(), "errada")
    right = Client().post("/entrar/", {"username": EMAIL, "password": PASSWORD}, follow=True)

    assert WRONG in wrong.content.decode()
    assert "Esta conta está inativa. Fale com quem administra o sistema." in right.content.decode()
    assert AuditEntry.objects.last().detail == {"reason": "conta inativa"}


def test_who_is_inactivated_loses_the_sessions_for_good(ana: User) -> None:
    client = entered(ana)
    boss = Actor(None, "Administração")
    opened = UserSession.objects.get().created_at
    active = people.person_facts(ana)

    for is_active in (False, True):
        told = replace(active, is_active=is_active)
        registers.keep(people.PEOPLE, ana.pk, told, seen=None, by=boss, now=opened)
        assert not inside(client)

    ended = AuditEntry.objects.get(action="session ended")
    assert (ended.object_id, ended.by_name) == (ana.pk, "Administração")


def test_who_is_inactivated_between_the_steps_does_not_come_in(ana: User) -> None:
    secret = switch_on(confirmed(ana))
    client = Client()
    enter(client)
    User.objects.filter(pk=ana.pk).update(is_active=False)

    answer = client.post("/entrar/codigo/", {"code": code(secret, steps=1)}, follow=True)

    assert "Esta conta está inativa" in answer.content.decode()
    assert not inside(client)


def test_a_part_of_a_page_that_outlived_its_session_reloads_the_whole(ana: User) -> None:
    client = entered(ana)
    client.post("/sair/")

    answer = client.get("/contratos/?q=a", headers={"HX-Request": "true"}, follow=True)

    assert answer["HX-Refresh"] == "true"
    assert answer.content == b""


def test_signing_out_takes_a_form(ana: User) -> None:
    client = entered(ana)

    assert client.get("/sair/").status_code == 405
    assert inside(client)


@pytest.mark.parametrize(
    "address", ["cadastro", "signup", "conta/email", "accounts/signup", "accounts/login"]
)
def test_nobody_signs_up_and_no_other_door_is_open(ana: User, address: str) -> None:
    assert Client().get(f"/{address}/").status_code in (302, 404)
    assert entered(ana).get(f"/{address}/").status_code == 404
    assert not get_adapter().is_open_for_signup(RequestFactory().get("/"))


def test_no_answer_is_json_whatever_is_asked_for(ana: User) -> None:
    answer = Client(HTTP_ACCEPT="application/json").get("/entrar/")

    assert answer["Content-Type"].startswith("text/html")


# ---- limits


def test_after_five_wrong_passwords_even_the_right_one_waits(ana: User) -> None:
    client = Client()
    for _ in range(5):
        assert enter(client, "errada").status_code == 200

    limited = enter(client)

    assert limited.status_code == 429
    assert limited["Retry-After"] == "300"
    assert "Espere cinco minutos" in limited.content.decode()
    assert "Esqueci a senha" in limited.content.decode()
    assert not inside(client)
    cache.clear()
    assert enter(client).status_code == 302


def test_wrong_codes_are_limited_too(ana: User) -> None:
    secret = switch_on(confirmed(ana))
    client = Client()
    enter(client)
    for _ in range(5):
        assert client.post("/entrar/codigo/", {"code": "000000"}).status_code == 200

    assert client.post("/entrar/codigo/", {"code": code(secret, steps=1)}).status_code == 429


def test_attempts_are_counted_across_processes(isp: Provider) -> None:
    three_attempts = f"""
import django; django.setup()
from django.test import Client
for _ in range(3):
    print(Client().post("/entrar/", {{"username": "{EMAIL}", "password": "errada"}}).status_code)
"""
    db = connection.settings_dict
    url = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    plain = "from django.conf import settings; settings.STORAGES['staticfiles'] = {'BACKEND': "
    plain += "'django.contrib.staticfiles.storage.StaticFilesStorage'}\n"

    answers = [
        subprocess.run(
            [sys.executable, "-c", plain + three_attempts],
            env={
                **os.environ,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "vigente.project.settings",
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for _ in range(2)
    ]

    assert answers == [["200"] * 3, ["200", "200", "429"]]


def test_behind_a_proxy_the_address_is_the_one_that_it_saw(ana: User, settings) -> None:  # noqa: ANN001
    forged = {"X-Forwarded-For": "192.0.2.66, 203.0.113.9"}
    Client().post("/entrar/", {"username": EMAIL, "password": "errada"}, headers=forged)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    Client().post("/entrar/", {"username": EMAIL, "password": "errada"}, headers=forged)

    seen = AuditValue.objects.filter(field="ip").order_by("pk").values_list("after", flat=True)
    assert list(seen) == ["127.0.0.1", "203.0.113.9"]


@at_a_desk
def test_the_page_of_a_limit_looks_right(page: Page, isp: Provider, width: int) -> None:
    for _ in range(6):
        page.goto("/entrar/")
        page.fill("[name=username]", EMAIL)
        page.fill("[name=password]", "errada")
        page.click("button[type=submit]")

    expect(page.locator("h1")).to_have_text("Muitas tentativas")
    assert_fit_for_all(page)


# ---- passwords


def test_a_changed_password_ends_the_other_sessions(ana: User) -> None:
    here, there = entered(ana), entered(ana)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    answer = here.post("/conta/senha/", form, follow=True)

    assert "Senha alterada. As outras sessões foram encerradas." in answer.content.decode()
    assert inside(here)
    assert not inside(there)
    assert enter(Client(), NEW).status_code == 302
    assert "password changed" in trail()
    assert not [v for v in AuditValue.objects.values_list("after", flat=True) if NEW in str(v)]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"oldpassword": "errada"}, "A senha atual não confere."),
        ({"password1": "curta", "password2": "curta"}, "Esta senha é muito curta."),
        ({"password1": "password1", "password2": "password1"}, "Esta senha é muito comum."),
        ({"password2": "outra"}, "mesma senha"),
        ({"password1": ""}, "Informe senha nova."),
    ],
)
def test_a_bad_change_of_password_is_told(ana: User, form: dict[str, str], sentence: str) -> None:
    good = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client = entered(ana)

    answer = client.post("/conta/senha/", {**good, **form})

    assert sentence in answer.content.decode()
    assert "password changed" not in trail()


def ask_for_link(post: FileMessages, email: str = EMAIL) -> str:
    """Ask for a link, let the worker send it, and return where it leads."""
    answer = Client().post("/entrar/senha/", {"email": email})
    assert answer["Location"] == "/entrar/senha/enviada/"
    messages = sent_by_worker(post)
    return urlsplit(link_in(messages[0])).path if messages else ""


def sent_by_worker(post: FileMessages) -> list[Message]:
    """Let the worker do the newest job, and return what it sent."""
    before = post.sent()
    job = ProcrastinateJob.objects.latest("id")
    assert job.task_name == "password_link"
    tasks.password_link(**job.args)
    return [one for one in post.sent() if one not in before]


def link_in(message: Message) -> str:
    return re.findall(r"http://\S+", message.text)[0]


def set_by(link: str, password: str = NEW, client: Client | None = None):  # noqa: ANN201
    client = client or Client()
    form = client.get(link, follow=True)
    address = form.request["PATH_INFO"]
    return client.post(address, {"password1": password, "password2": password}, follow=True)


def test_a_forgotten_password_is_set_by_a_link_that_works_once(
    ana: User, post: FileMessages
) -> None:
    there = entered(ana)

    link = ask_for_link(post, EMAIL.upper())
    done = set_by(link)

    assert [one.to for one in post.sent()] == [EMAIL]
    assert "até 60 minutos" in post.sent()[0].text
    assert "A senha nova já vale." in done.content.decode()
    assert not inside(there)
    assert enter(Client(), PASSWORD).status_code == 200
    assert enter(Client(), NEW).status_code == 302
    changed = AuditEntry.objects.get(action="password changed")
    assert (changed.object_id, changed.by_user_id) == (ana.pk, ana.pk)
    used = Client().get(link)
    assert "Este endereço já foi usado ou venceu." in used.content.decode()


def test_neither_the_queue_nor_the_outbox_holds_the_link(ana: User, post: FileMessages) -> None:
    link = ask_for_link(post)

    kept = [*ProcrastinateJob.objects.values(), *Effect.objects.values()]
    assert link.split("-")[-1] not in str(kept)
    effect = Effect.objects.get()
    assert (effect.kind, effect.status) == ("PASSWORD_LINK", "DELIVERED")
    assert "password link asked for" in trail()


def test_a_job_that_is_done_twice_sends_one_message(ana: User, post: FileMessages) -> None:
    ask_for_link(post)

    assert sent_by_worker(post) == []


def test_who_is_inactivated_before_the_message_goes_is_sent_none(
    ana: User, post: FileMessages
) -> None:
    account.want_password_link(ana.pk, site="http://testserver/", at=NOW)
    User.objects.filter(pk=ana.pk).update(is_active=False)

    delivery.deliver_due(now=NOW, handlers=HANDLERS)

    effect = Effect.objects.get()
    assert (effect.status, effect.last_error) == ("DEAD", "ninguém entra mais com este e-mail")
    assert post.sent() == []


def test_the_answer_never_tells_whether_an_email_exists(ana: User) -> None:
    before = ProcrastinateJob.objects.filter(task_name="password_link").count()
    known = Client().post("/entrar/senha/", {"email": EMAIL}, follow=True)
    unknown = Client().post("/entrar/senha/", {"email": "ninguem@example.com"}, follow=True)

    assert known.content == unknown.content
    assert ProcrastinateJob.objects.filter(task_name="password_link").count() == before + 2


@pytest.mark.parametrize("why", ["unknown", "inactive"])
def test_nobody_else_is_sent_a_link(ana: User, post: FileMessages, why: str) -> None:
    if why == "inactive":
        User.objects.filter(pk=ana.pk).update(is_active=False)

    ask_for_link(post, EMAIL if why == "inactive" else "ninguem@example.com")

    assert post.sent() == []
    assert not Effect.objects.exists()


def test_a_link_expires(ana: User, post: FileMessages, settings) -> None:  # noqa: ANN001
    link = ask_for_link(post)
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "Este endereço já foi usado ou venceu." in Client().get(link).content.decode()


def test_a_link_does_not_pass_the_second_step(ana: User, post: FileMessages) -> None:
    switch_on(confirmed(ana))
    set_by(ask_for_link(post))
    client = Client()

    assert enter(client, NEW)["Location"] == "/entrar/codigo/"
    assert not inside(client)


def test_who_forgot_and_tried_too_often_comes_in_after_the_link(
    ana: User, post: FileMessages
) -> None:
    for _ in range(6):
        last = enter(Client(), "errada")
    assert last.status_code == 429

    set_by(ask_for_link(post))

    assert enter(Client(), NEW).status_code == 302


def test_links_to_one_email_are_limited(ana: User, post: FileMessages) -> None:
    for _ in range(5):
        ask_for_link(post)

    assert Client().post("/entrar/senha/", {"email": EMAIL}).status_code == 429
    assert len(post.sent()) == 5


def test_an_email_that_was_changed_opens_nothing_any_more(ana: User, post: FileMessages) -> None:
    entered(ana)
    set_by(ask_for_link(post))
    User.objects.filter(pk=ana.pk).update(email="nova@example.com")

    assert enter(Client(), NEW).status_code == 200
    assert enter(Client(), NEW, email="Nova@example.com").status_code == 302
    assert EmailAddress.objects.count() == 0


def test_setting_a_password_by_link_looks_right(
    page: Page, isp: Provider, post: FileMessages
) -> None:
    page.goto("/entrar/")
    assert_fit_for_all(page)
    page.get_by_role("link", name="Esqueci a senha").click()
    assert_fit_for_all(page)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("button", name="Mandar o endereço").click()
    expect(page.locator("h1")).to_have_text("Confira o seu e-mail")
    assert_fit_for_all(page)
    link = link_in(sent_by_worker(post)[0])
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Senha nova")
    page.get_by_label("Senha nova", exact=True).fill(NEW)
    page.get_by_label("Senha nova, de novo").fill("outra")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_role("alert")).to_contain_text("mesma senha")
    assert_fit_for_all(page)
    page.get_by_label("Senha nova", exact=True).fill(NEW)
    page.get_by_label("Senha nova, de novo").fill(NEW)
    page.get_by_role("button", name="Salvar").click()
    expect(page.locator(".note.ok")).to_contain_text("A senha nova já vale")
    assert_fit_for_all(page)
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("já foi usado ou venceu")
    assert_fit_for_all(page)


# ---- the second step


def test_two_steps_are_switched_on_used_and_switched_off(signed_in: Page) -> None:
    page = signed_in
    page.get_by_role("button", name="Conta de").click()
    page.get_by_role("link", name="Minha conta").click()
    assert_fit_for_all(page)
    page.get_by_role("link", name="Ligar a verificação").click()
    expect(page.locator("h1")).to_have_text("Confirme que é você")
    assert_fit_for_all(page)
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert_fit_for_all(page)
    page.get_by_label("Código que o aplicativo mostra").fill("000000")
    page.get_by_role("button", name="Ligar").click()
    expect(page.get_by_role("alert")).to_contain_text("O código não confere")
    assert page.locator(".secret").inner_text().replace(" ", "") == secret
    page.get_by_label("Código que o aplicativo mostra").fill(code(secret))
    page.get_by_role("button", name="Ligar").click()
    expect(page.locator(".note.ok")).to_contain_text("Verificação em duas etapas ligada")
    expect(page.locator(".codes li")).to_have_count(10)
    assert_fit_for_all(page)

    sign_out(page)
    fill_door(page)
    expect(page.locator("h1")).to_have_text("Verificação em duas etapas")
    page.get_by_label("Código").fill("111111")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("O código não confere")
    assert_fit_for_all(page)
    page.get_by_label("Código").fill(code(secret))
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.locator("h1")).to_have_text("Contratos")

    page.goto("/conta/verificacao/desligar/")
    page.get_by_role("link", name="Usar um código").click()
    assert_fit_for_all(page)
    page.get_by_role("link", name="Usar a senha").click()
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("h1")).to_have_text("Desligar a verificação em duas etapas")
    assert_fit_for_all(page)
    page.get_by_role("button", name="Desligar").click()
    expect(page.locator(".note.ok")).to_contain_text("desligada")
    assert_fit_for_all(page)
    sign_out(page)
    fill_door(page)
    expect(page.locator("h1")).to_have_text("Contratos")
    assert [a for a in trail() if a.startswith("second step")] == [
        "second step switched on",
        "second step switched off",
    ]
    assert AuditEntry.objects.filter(detail={"steps": ["password", "totp"]}).exists()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Conta de").click()
    page.get_by_role("button", name="Sair").click()


def fill_door(page: Page) -> None:
    page.fill("[name=username]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def test_a_code_opens_once(ana: User) -> None:
    secret = switch_on(confirmed(ana))
    once = code(secret, steps=1)
    first, second = Client(), Client()
    enter(first)
    enter(second)
    first.post("/entrar/codigo/", {"code": once})
    forget_what_the_library_remembers()

    answer = second.post("/entrar/codigo/", {"code": f"{once[:3]} {once[3:]}"})

    assert inside(first)
    assert "já foi usado" in answer.content.decode()
    assert not inside(second)


def forget_what_the_library_remembers() -> None:
    """Let half a minute pass, after which the library would take a code again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE cache_key LIKE '%%totp.used%%'")
        assert cursor.rowcount == 1


def test_a_recovery_code_opens_once_and_the_page_warns_of_few(ana: User) -> None:
    client = confirmed(ana)
    switch_on(client)
    codes = client.get("/conta/verificacao/codigos/").context["unused_codes"]
    for used in codes[:8]:
        visitor = Client()
        enter(visitor)
        assert visitor.post("/entrar/codigo/", {"code": used}).status_code == 302
    again = Client()
    enter(again)

    assert "não confere" in again.post("/entrar/codigo/", {"code": codes[0]}).content.decode()
    assert "Restam só 2 códigos" in client.get("/conta/").content.decode()
    assert AuditEntry.objects.filter(detail={"steps": ["password", "recovery_codes"]}).count() == 8


def test_new_recovery_codes_outdate_the_old_ones(ana: User) -> None:
    client = confirmed(ana)
    switch_on(client)
    old = client.get("/conta/verificacao/codigos/").context["unused_codes"]
    taken = client.get("/conta/verificacao/codigos/baixar/").content.decode()
    assert all(one in taken for one in old)

    client.post("/conta/verificacao/codigos/novos/")

    new = client.get("/conta/verificacao/codigos/").context["unused_codes"]
    assert len(new) == 10
    assert not set(new) & set(old)
    assert "recovery codes made" in trail()


@pytest.mark.parametrize(
    "address", ["ligar", "codigos", "codigos/novos", "codigos/baixar", "desligar"]
)
def test_what_is_sensitive_asks_for_the_password_once_more(ana: User, address: str) -> None:
    if address != "ligar":
        switch_on(confirmed(ana))
    client = Client()
    client.force_login(ana)

    answer = client.get(f"/conta/verificacao/{address}/")

    assert answer["Location"].startswith("/conta/confirmar/")
    wrong = client.post("/conta/confirmar/", {"password": "errada"})
    assert "A senha não confere." in wrong.content.decode()
    assert AuditEntry.objects.filter(action="sign in failed", by_user_id=ana.pk).count() == 1


def test_a_second_step_without_a_code_is_no_request(ana: User) -> None:
    switch_on(confirmed(ana))
    client = Client()
    enter(client)

    assert client.post("/entrar/codigo/", {}).status_code == 400


def test_who_stopped_at_the_second_step_may_start_over(ana: User) -> None:
    switch_on(confirmed(ana))
    client = Client()
    enter(client)
    assert client.get("/entrar/")["Location"] == "/entrar/codigo/"

    client.post("/sair/")

    assert client.get("/entrar/").status_code == 200
    assert trail().count("signed out") == 0


def test_an_administrator_switches_it_off_for_who_lost_the_phone(ana: User) -> None:
    there = confirmed(ana)
    switch_on(there)
    administrator = administrator_of(ana)
    assert "/duas-etapas/" in administrator.get(f"/pessoas/{ana.pk}/").content.decode()
    address = f"/pessoas/{ana.pk}/duas-etapas/"
    page = administrator.get(address).content.decode()
    assert "A senha passa a bastar para Ana Atendente entrar." in page
    key = re.findall(r'name="envio" value="([^"]*)"', page)[0]

    administrator.post(address, {"reason": "Perdeu o celular", "envio": key})

    assert not inside(there)
    assert inside(entered(ana))
    entry = AuditEntry.objects.get(action="second step switched off")
    assert (entry.object_id, entry.by_name) == (ana.pk, "Rita")
    assert entry.detail == {"reason": "Perdeu o celular"}
    assert "não tem a verificação" in administrator.get(address).content.decode()
    assert "/duas-etapas/" not in administrator.get(f"/pessoas/{ana.pk}/").content.decode()


def administrator_of(somebody: User) -> Client:
    rita = staff.create_user(
        email="rita@example.com",
        name="Rita",
        password=PASSWORD,
        branches=somebody.branches.all(),
        administrator=True,
    )
    client = Client()
    client.force_login(rita)
    return client


def test_nobody_switches_the_own_one_off_without_password_or_code(ana: User) -> None:
    switch_on(confirmed(ana))

    with pytest.raises(account.SecondStepStays, match="Minha conta"):
        account.switch_second_step_off(ana, reason="…", by=Actor(ana.pk, ana.name), at=NOW)


def test_a_refused_activation_leaves_nothing(ana: User) -> None:
    client = confirmed(ana)
    client.get("/conta/verificacao/ligar/")

    client.post("/conta/verificacao/ligar/", {"code": "000000"})

    assert Authenticator.objects.count() == 0


# ---- sessions


def test_sessions_say_where_and_when_and_another_is_ended(ana: User) -> None:
    here = entered(ana)
    there = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604.1", REMOTE_ADDR="192.0.2.7")
    enter(there)
    page = here.get("/conta/sessoes/").content.decode()
    assert all(said in page for said in ("Firefox no Linux", "Safari no iPhone", "192.0.2.7"))
    other = UserSession.objects.get(ip="192.0.2.7")

    here.post(f"/conta/sessoes/{other.pk}/encerrar/")

    assert inside(here)
    assert not inside(there)
    entry = AuditEntry.objects.get(action="session ended")
    assert told(entry) == {"ip": "192.0.2.7", "device": "Safari no iPhone"}


def test_all_other_sessions_are_ended_at_once(ana: User) -> None:
    here, others = entered(ana), [entered(ana), entered(ana)]

    here.post("/conta/sessoes/")

    assert inside(here)
    assert not any(inside(other) for other in others)
    assert trail().count("session ended") == 2


def test_ones_own_session_is_ended_by_signing_out(ana: User) -> None:
    here = entered(ana)

    assert here.post(f"/conta/sessoes/{UserSession.objects.get().pk}/encerrar/").status_code == 404


def test_the_last_use_is_noted_now_and_then(ana: User) -> None:
    here = entered(ana)
    UserSession.objects.update(last_seen_at=NOW, ip="192.0.2.7")

    here.get("/contratos/")
    assert UserSession.objects.get().last_seen_at == NOW
    long_ago = here.session
    long_ago[seen.NOTED] = NOW.timestamp()
    long_ago.save()
    here.get("/contratos/")

    session = UserSession.objects.get()
    assert session.last_seen_at > NOW
    assert session.ip == "127.0.0.1"


@pytest.fixture
def elsewhere(signed_in: Page, isp: Provider) -> Iterator[Page]:
    """Return a second browser of the same person."""
    browser = signed_in.context.browser
    assert browser is not None
    base = urlsplit(signed_in.url)
    context = browser.new_context(base_url=f"{base.scheme}://{base.netloc}", locale="pt-BR")
    page = context.new_page()
    page.goto("/entrar/")
    fill_door(page)
    page.wait_for_url("**/contratos/")
    yield page
    context.close()


def test_the_list_of_sessions_looks_right(signed_in: Page, elsewhere: Page) -> None:
    signed_in.goto("/conta/sessoes/")
    expect(signed_in.locator("tbody tr")).to_have_count(2)
    expect(signed_in.get_by_text("Esta sessão")).to_have_count(1)
    assert_fit_for_all(signed_in)

    signed_in.locator("tbody").get_by_role("button", name="Encerrar").click()
    expect(signed_in.locator(".note.ok")).to_contain_text("Sessão encerrada.")
    expect(signed_in.locator("tbody tr")).to_have_count(1)
    elsewhere.fill(".find input", "souza")
    expect(elsewhere.locator("h1")).to_have_text("Entrar")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36", "Chrome no Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge no Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome no Android"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18.0 Safari/604.1", "Safari no iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/18.0 Safari/605.1", "Safari no Mac"),
        ("curl/8.5.0", "Navegador desconhecido"),
        ("", "Navegador desconhecido"),
    ],
)
def test_a_device_is_named_in_words_that_its_owner_knows(agent: str, words: str) -> None:
    assert devices.name(agent) == words


# ---- one's own account


def test_the_account_says_who_one_is_and_what_happened(ana: User) -> None:
    enter(Client(), "errada")

    page = entered(ana).get("/conta/").content.decode()

    assert all(said in page for said in (ana.name, EMAIL, "Desligada", "Uma sessão aberta"))
    assert "Entrada recusada" in page


def test_changing_the_password_looks_right(signed_in: Page) -> None:
    signed_in.goto("/conta/senha/")
    assert_fit_for_all(signed_in)
    signed_in.get_by_label("Senha atual").fill("errada")
    signed_in.get_by_label("Senha nova", exact=True).fill(NEW)
    signed_in.get_by_label("Senha nova, de novo").fill(NEW)
    signed_in.get_by_role("button", name="Salvar").click()
    expect(signed_in.get_by_role("alert")).to_contain_text("A senha atual não confere")
    assert_fit_for_all(signed_in)
    signed_in.get_by_label("Senha atual").fill(PASSWORD)
    signed_in.get_by_label("Senha nova", exact=True).fill(NEW)
    signed_in.get_by_label("Senha nova, de novo").fill(NEW)
    signed_in.get_by_role("button", name="Salvar").click()
    expect(signed_in.locator(".note.ok")).to_contain_text("Senha alterada")


def test_an_inactive_account_looks_right(page: Page, isp: Provider) -> None:
    User.objects.update(is_active=False)
    page.goto("/entrar/")
    fill_door(page)

    expect(page.get_by_role("alert")).to_contain_text("Esta conta está inativa")
    assert_fit_for_all(page)
