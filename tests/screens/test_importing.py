"""Spreadsheets brought in by screens: sent, columns chosen, checked, written, corrected."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from tests.provider import NOW, Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.audit import queries as audit
from vigente.backoffice.importing import views
from vigente.cli import demonstration
from vigente.customers.models import Customer
from vigente.domain.permissions import Role
from vigente.imports import uploads
from vigente.imports.models import ImportRun
from vigente.staff import actions as staff
from vigente.staff.models import Branch
from vigente.worker import tasks

pytestmark = pytest.mark.django_db

HEADER = "Código;CPF/CNPJ;Nome;Filial;UF;Obs"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> Path:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "imports"


def person(number: int, *, name: str = "Maria", uf: str = "MG", branch: str = "M") -> str:
    return f"C{number};{demonstration.cpf(number)};{name};{branch};{uf};"


def people(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def workbook(path: Path, **worksheets: bytes) -> bytes:
    """Return an XLSX whose worksheets hold these texts."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, text in worksheets.items():
        page = book.create_sheet(title)
        for line in text.decode().splitlines():
            page.append(line.split(";"))
    book.save(path)
    return path.read_bytes()


def send(client: Client, content: bytes, *, sheet: str = "clientes", name: str = "c.csv"):  # noqa: ANN201
    return client.post(
        "/importacao/",
        {"sheet": sheet, "file": SimpleUploadedFile(name, content), "envio": str(uuid4())},
    )


def sent(client: Client, content: bytes, **more: str) -> ImportRun:
    assert send(client, content, **more).status_code == 302
    return ImportRun.objects.latest("pk")


def choose(client: Client, run: ImportRun, **places: int | str):  # noqa: ANN201
    """Send the columns as they are guessed, changed as told."""
    return client.post(f"/importacao/{run.pk}/colunas/", {**run.places, **places})


def work(run: ImportRun) -> ImportRun:
    tasks.import_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def shown(client: Client, run: ImportRun) -> str:
    return client.get(f"/importacao/{run.pk}/").content.decode()


def another(isp: Provider, *roles: Role, administrator: bool = False) -> Client:
    user = staff.create_user(
        email="rui@example.com",
        name="Rui",
        password="abacate-verde",
        branches=[isp.branch],
        roles=roles,
        administrator=administrator,
    )
    client = Client()
    client.force_login(user)
    return client


def test_a_file_is_sent_checked_brought_in_and_its_bad_rows_come_back(
    small: Provider, manager: Client
) -> None:
    run = sent(manager, people(person(1), person(2, uf="XX", name="=Zé")))

    columns = manager.get(f"/importacao/{run.pk}/colunas/").content.decode()
    assert "Colunas do arquivo sem uso: Obs." in columns
    assert choose(manager, run).status_code == 302
    assert "Conferindo" in shown(manager, run)
    assert work(run).status == "CHECKED"
    report = shown(manager, run)
    assert "não é a sigla de um estado" in report
    assert "«XX»" in report
    assert not Customer.objects.exists()
    manager.post(f"/importacao/{run.pk}/importar/")
    assert work(run).status == "DONE"

    assert Customer.objects.get().name == "Maria"
    back = manager.get(f"/importacao/{run.pk}/corrigir/").content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(back), delimiter=";")
    assert header == [*HEADER.split(";"), "motivo"]
    assert (row[2], row[-1]) == ("'=Zé", "UF: não é a sigla de um estado")
    corrected = sent(manager, back.replace(";XX;", ";MG;").encode())
    choose(manager, corrected)
    work(corrected)
    manager.post(f"/importacao/{corrected.pk}/importar/")
    assert work(corrected).written == 1
    assert set(Customer.objects.values_list("name", flat=True)) == {"Maria", "=Zé"}


def test_the_first_rows_are_shown_as_they_are_read_while_columns_are_chosen(
    small: Provider, manager: Client
) -> None:
    text = "Cod;Descrição;Tipo;Imposto;Valor\nINT9;Fibra;internet;SCM;1.099,9\nX;Y;nada;SCM;dez\n"
    run = sent(manager, text.encode(), sheet="produtos")
    assert run.places == {"codigo": 0, "tipo": 2, "preco": 4}

    seen = manager.post(
        f"/importacao/{run.pk}/colunas/",
        {**run.places, "nome": 1, "tributacao": 3, "previa": "1"},
        headers=HTMX,
    ).content.decode()

    assert "<html" not in seen
    assert "R$ 1.099,90" in seen
    assert "use um destes: internet" in seen
    assert "valor: escreva como 1.234,56" in seen
    run.refresh_from_db()
    assert run.status == "UPLOADED"


def test_a_required_column_must_be_chosen(small: Provider, manager: Client) -> None:
    run = sent(manager, people(person(1)).replace(b"Nome", b"Quem"))

    answer = choose(manager, run)
    assert answer.status_code == 422
    assert "Diga em que coluna está «Nome»." in answer.content.decode()
    assert choose(manager, run, nome=2).status_code == 302

    assert work(run).written == 1


@pytest.mark.parametrize("places", [{"nome": "99"}, {"nome": "x"}, {"nome": "-1"}])
def test_a_column_that_is_not_there_is_refused(
    small: Provider, manager: Client, places: dict[str, str]
) -> None:
    run = sent(manager, people(person(1)))

    answer = choose(manager, run, **places)

    assert (answer.status_code, "uma das opções" in answer.content.decode()) == (422, True)


def test_any_sheet_of_a_workbook_may_be_chosen(
    small: Provider, manager: Client, tmp_path: Path
) -> None:
    book = workbook(tmp_path / "b.xlsx", Capa=b"nada\naqui", Assinantes=people(person(1)))
    run = sent(manager, book, name="b.xlsx")

    page = manager.get(f"/importacao/{run.pk}/colunas/?planilha=1").content.decode()
    assert "Assinantes</option>" in page
    assert demonstration.cpf(1).replace(".", "").replace("-", "") in page
    guessed = {"codigo": 0, "documento": 1, "nome": 2, "filial": 3, "uf": 4}
    answer = manager.post(f"/importacao/{run.pk}/colunas/", {**guessed, "planilha": "1"})

    assert answer.status_code == 302
    assert work(run).written == 1


def test_an_empty_sheet_of_a_workbook_says_so_and_another_may_be_chosen(
    small: Provider, manager: Client, tmp_path: Path
) -> None:
    run = sent(
        manager, workbook(tmp_path / "b.xlsx", Um=people(person(1)), Dois=b""), name="b.xlsx"
    )

    answer = manager.get(f"/importacao/{run.pk}/colunas/?planilha=1")

    assert answer.status_code == 422
    assert "b.xlsx está vazio" in answer.content.decode()
    assert 'name="planilha"' in answer.content.decode()


@pytest.mark.parametrize("chosen", ["99", "-1", "x", "9" * 30])
def test_a_sheet_that_is_not_there_asks_for_the_first(
    small: Provider, manager: Client, chosen: str
) -> None:
    run = sent(manager, people(person(1)))

    assert manager.get(f"/importacao/{run.pk}/colunas/?planilha={chosen}").status_code == 200
    assert choose(manager, run, planilha=chosen).status_code == 302


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.7", "lista.csv", "lista.csv não é uma planilha"),
        (b"PK\x03\x04nada", "x.xlsx", "x.xlsx não é uma planilha"),
        (b"\xd0\xcf\x11\xe0", "velho.xls", "salve-o como XLSX"),
        (b"", "vazio.csv", "vazio.csv está vazio"),
        (b"Nome\n", "c.csv", "só tem o cabeçalho"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_whatever_its_name(
    small: Provider, manager: Client, own_folder: Path, content: bytes, name: str, sentence: str
) -> None:
    answer = send(manager, content, name=name)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert list(own_folder.iterdir()) == []


def test_the_limit_is_said_before_and_kept(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "até 50 MB" in manager.get("/importacao/").content.decode()
    monkeypatch.setattr(uploads, "MOST_BYTES", 20)

    answer = send(manager, people(person(1)))

    assert (answer.status_code, "passa de 50 MB" in answer.content.decode()) == (422, True)


def test_a_form_without_a_file_or_a_sheet_says_what_is_missing(manager: Client) -> None:
    answer = manager.post("/importacao/", {}).content.decode()

    assert "Escolha o que a planilha traz." in answer
    assert "Escolha o arquivo." in answer


def test_a_second_click_sends_the_file_once(small: Provider, manager: Client) -> None:
    form = {"sheet": "clientes", "envio": str(uuid4())}

    answers = [
        manager.post(
            "/importacao/", {**form, "file": SimpleUploadedFile("c.csv", people(person(1)))}
        )
        for _ in range(2)
    ]

    assert [answer.url for answer in answers] == [
        f"/importacao/{ImportRun.objects.get().pk}/colunas/"
    ] * 2


def test_rows_of_other_branches_do_not_come_in(small: Provider, manager: Client) -> None:
    provider(code="OUTRA")
    run = sent(manager, people(person(1), person(2, branch="OUTRA")))
    choose(manager, run)
    work(run)

    assert (run.written, run.bad) == (1, 1)
    assert "não é de uma filial sua" in shown(manager, run)


def test_a_person_sees_only_their_own_imports_and_administrators_all(
    small: Provider, manager: Client
) -> None:
    run = sent(manager, people(person(1)))

    stranger = another(small, Role.MANAGER)
    assert "c.csv" not in stranger.get("/importacao/").content.decode()
    assert stranger.get(f"/importacao/{run.pk}/").status_code == 404
    assert stranger.post(f"/importacao/{run.pk}/descartar/").status_code == 404
    staff_user = staff.create_user(
        email="adm@example.com",
        name="Adão",
        password="abacate-verde",
        branches=[],
        administrator=True,
    )
    administrator = Client()
    administrator.force_login(staff_user)
    assert "c.csv" in administrator.get("/importacao/").content.decode()
    assert administrator.get(f"/importacao/{run.pk}/corrigir/").status_code == 200


def test_new_branches_are_brought_in_by_administrators_only(
    small: Provider, manager: Client
) -> None:
    text = b"C\xc3\xb3digo;Nome;Cidade;UF\nNOVA;Nova;Serra Clara;MG\n"

    assert send(manager, text, sheet="filiais").status_code == 422
    administrator = another(small, administrator=True)
    run = sent(administrator, text, sheet="filiais")
    choose(administrator, run)
    work(run)
    administrator.post(f"/importacao/{run.pk}/importar/")
    work(run)

    assert Branch.objects.filter(code="NOVA").exists()


def test_what_was_begun_is_begun_once_and_not_given_up(small: Provider, manager: Client) -> None:
    run = sent(manager, people(person(1)))
    assert manager.get(f"/importacao/{run.pk}/").status_code == 302
    choose(manager, run)
    work(run)
    manager.post(f"/importacao/{run.pk}/importar/")

    again = manager.post(f"/importacao/{run.pk}/importar/", follow=True).content.decode()
    assert "já começou" in again
    assert (
        "o que entrou fica"
        in manager.post(f"/importacao/{run.pk}/descartar/", follow=True).content.decode()
    )
    assert choose(manager, run).url == f"/importacao/{run.pk}/"
    work(run)

    done = [entry.action for entry in audit.trail(object_kind="import", object_id=run.pk)]
    assert done == ["import executed", "import uploaded"]


def test_nothing_new_leaves_nothing_to_bring_in(small: Provider, manager: Client) -> None:
    for _ in range(2):
        run = sent(manager, people(person(1)))
        choose(manager, run)
        work(run)
        manager.post(f"/importacao/{run.pk}/importar/")
        if run.written:
            work(run)

    page = shown(manager, ImportRun.objects.earliest("pk"))
    assert "Concluído" in page
    run = sent(manager, people(person(1)))
    choose(manager, run)
    work(run)
    assert "Não há linhas novas para importar" in shown(manager, run)
    assert "/importar/" not in shown(manager, run)


def test_a_check_that_cannot_go_on_leads_back_to_the_columns(
    small: Provider, manager: Client
) -> None:
    run = sent(manager, people(person(1)))
    choose(manager, run)
    with uploads.path(run.stored_as).open("ab") as file:
        file.write(b'"' + b"x" * 200_000 + b"\n")
    work(run)

    polled = manager.get(f"/importacao/{run.pk}/", headers=HTMX)
    assert polled["HX-Redirect"] == f"/importacao/{run.pk}/colunas/"
    assert "confira as aspas" in manager.get(polled["HX-Redirect"]).content.decode()


def test_a_file_that_is_gone_says_so(small: Provider, manager: Client) -> None:
    run = sent(manager, people(person(1)))
    uploads.path(run.stored_as).unlink()

    answer = manager.get(f"/importacao/{run.pk}/colunas/")

    assert (answer.status_code, "Envie-o de novo" in answer.content.decode()) == (422, True)


def test_many_bad_rows_are_shown_page_by_page(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PROBLEMS", 2)
    run = sent(manager, people(*(person(number, uf="XX") for number in range(1, 6))))
    choose(manager, run)
    work(run)

    first = manager.get(f"/importacao/{run.pk}/").context
    second = manager.get(f"/importacao/{run.pk}/?depois={first['next_line']}").context
    third = manager.get(f"/importacao/{run.pk}/?depois={second['next_line']}").context

    seen = [[line for line, *_ in one["problems"]] for one in (first, second, third)]
    assert seen == [[2, 3], [4, 5], [6]]
    assert third["next_line"] is None


def test_imports_are_listed_page_by_page(
    small: Provider, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    me = int(manager.session["_auth_user_id"])
    for number in range(5):
        ImportRun.objects.create(
            sheet="clientes", file_name=f"{number}.csv", sha256="", by_user_id=me, at=NOW
        )

    first = manager.get("/importacao/").context
    second = manager.get("/importacao/" + first["older"]).context
    third = manager.get("/importacao/" + second["older"]).context
    back = manager.get("/importacao/" + third["newer"]).context

    seen = [[run.file_name[0] for run, _ in one["runs"]] for one in (first, second, third, back)]
    assert seen == [["4", "3"], ["2", "1"], ["0"], ["2", "1"]]
    assert (first["newer"], third["older"]) == ("", "")


def let_a_worker_import() -> None:
    """Let a worker carry out what waits, in a process of its own."""
    told = connection.settings_dict
    url = (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "vigente.cli", "manage", "procrastinate", "worker"),
            *("--one-shot", "--queues", "import"),
        ],
        check=True,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        timeout=120,
    )


def test_a_spreadsheet_is_brought_in_by_a_worker(
    signed_in: Page,
    isp: Provider,
    width: int,
    tmp_path: Path,
    settings,  # noqa: ANN001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MEDIA_ROOT = settings.HOME / "media"  # where the worker's own process looks
    page = signed_in
    book = tmp_path / "assinantes.xlsx"
    workbook(
        book, Assinantes=people(person(1), person(2), person(3, uf="XX")).replace(b"Nome", b"Quem")
    )
    page.goto("/importacao/")
    assert_fit_for_all(page)
    page.select_option("[name=sheet]", "clientes")
    page.set_input_files("[name=file]", book)
    page.click("text=Enviar")
    page.wait_for_url("**/colunas/")
    assert_fit_for_all(page)

    page.select_option("[name=nome]", label="Quem")
    expect(page.locator("#previa")).to_contain_text("Maria")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".st", has_text="Conferindo")).to_be_visible()
    assert_fit_for_all(page)
    let_a_worker_import()
    expect(page.locator(".st", has_text="Conferida")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("não é a sigla de um estado")
    assert_fit_for_all(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".st", has_text="Em execução")).to_be_visible()
    let_a_worker_import()
    expect(page.locator(".st", has_text="Concluído")).to_be_visible()
    assert_fit_for_all(page)
    with page.expect_download() as taken:
        page.click("text=Linhas a corrigir")

    assert taken.value.suggested_filename.endswith(".corrigir.csv")
    assert Customer.objects.count() == 2
    page.goto("/importacao/")
    assert_fit_for_all(page)
