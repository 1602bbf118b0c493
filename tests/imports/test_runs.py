"""An uploaded spreadsheet on its way in: checked, written, taken up where it stopped."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction

from tests.imports.spreadsheets import TODAY
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.audit import queries as audit
from vigente.cli import demonstration
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.imports import batches, carrying, reading, runs, sheets, uploads
from vigente.imports.all_sheets import SHEETS
from vigente.imports.models import BadRow, ImportRun
from vigente.journeys import importing

pytestmark = pytest.mark.django_db

HEADER = "Código;CPF/CNPJ;Nome;Filial;UF"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> Path:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def isp() -> Provider:
    return provider()


def person(number: int, *, name: str = "Maria", branch: str = "M", uf: str = "MG") -> str:
    return f"C{number};{demonstration.cpf(number)};{name};{branch};{uf}"


def people(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def upload(
    content: bytes, *, sheet: str = "clientes", name: str = "clientes.csv", **more
) -> ImportRun:
    told = {"branch_ids": None, "by": ATTENDANT, "now": NOW, **more}
    return importing.upload(SHEETS[sheet], [content], name=name, **told)


def choose(run: ImportRun, **places: int) -> None:
    importing.check(
        run, worksheet=run.worksheet, header=run.header, places={**run.places, **places}
    )


def work(run: ImportRun) -> ImportRun:
    """Let a worker do what the run waits for."""
    importing.carry_on(run.pk, now=NOW, today=TODAY)
    importing.finish(run.pk, now=NOW)
    run.refresh_from_db()
    return run


def checked(content: bytes, **more) -> ImportRun:
    run = upload(content, **more)
    choose(run)
    return work(run)


def executed(content: bytes, **more) -> ImportRun:
    run = checked(content, **more)
    importing.execute(run, by=ATTENDANT, now=NOW)
    return work(run)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.rows, run.written, run.unchanged, run.bad


def reasons(run: ImportRun) -> list[tuple[int, list[list[str]]]]:
    return [(row.line, row.problems) for row in run.bad_rows.order_by("line")]


@pytest.mark.django_db(transaction=True)
def test_a_check_tells_all_and_writes_nothing(isp: Provider, own_folder: Path) -> None:
    run = checked(people(person(1), person(2, uf="XX"), person(1), person(1, name="Outra")))

    assert (run.status, counts(run)) == ("CHECKED", (4, 1, 1, 2))
    assert reasons(run) == [
        (3, [["UF", "XX", "não é a sigla de um estado"]]),
        (
            5,
            [
                [
                    "",
                    demonstration.cpf(1).replace(".", "").replace("-", ""),
                    "já veio com outros dados, neste arquivo ou antes; altere no sistema",
                ]
            ],
        ),
    ]
    assert not Customer.objects.exists()
    assert len(list(own_folder.iterdir())) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_checked_is_written_and_the_file_is_gone(isp: Provider, own_folder: Path) -> None:
    run = executed(people(person(1), person(2, uf="XX")))

    assert (run.status, counts(run)) == ("DONE", (2, 1, 0, 1))
    assert Customer.objects.get().name == "Maria"
    assert BadRow.objects.get().cells[-1] == "XX"
    assert (run.stored_as, run.finished_at) == ("", NOW)
    done = [entry.action for entry in audit.trail(object_kind="import", object_id=run.pk)]
    assert done == ["import executed", "import uploaded"]


@pytest.mark.django_db(transaction=True)
def test_a_check_shows_how_far_it_is_while_it_goes(
    isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ROWS_PER_BATCH", 2)
    run = upload(people(*(person(number) for number in range(1, 6))))
    choose(run)
    aside, write, seen = connection.copy(), batches.write, []

    def look(*told, **more) -> batches.Outcome:  # noqa: ANN002
        with aside.cursor() as cursor:
            cursor.execute("SELECT rows, expected_rows FROM imports_importrun")
            seen.append(cursor.fetchone())
        return write(*told, **more)

    monkeypatch.setattr(batches, "write", look)
    work(run)
    aside.close()

    assert seen == [(0, 5), (2, 5), (4, 5)]


def test_the_same_file_again_changes_nothing(isp: Provider) -> None:
    executed(people(person(1), person(2)))

    again = executed(people(person(1), person(2)))

    assert counts(again) == (2, 0, 2, 0)
    assert Customer.objects.count() == 2


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS_PER_BATCH", 2)


def test_a_run_that_dies_goes_on_where_it_stood(
    isp: Provider, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(people(*(person(number) for number in range(1, 6)), person(6, uf="XX")))
    importing.execute(run, by=ATTENDANT, now=NOW)
    write, seen = batches.write, []

    def die_in_the_second(*told, **more) -> batches.Outcome:  # noqa: ANN002
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return write(*told, **more)

    with monkeypatch.context() as dying:
        dying.setattr(batches, "write", die_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            work(run)
    run.refresh_from_db()
    assert (run.status, counts(run)) == ("RUNNING", (2, 2, 0, 0))

    work(run)

    assert (run.status, counts(run)) == ("DONE", (6, 5, 0, 1))
    assert Customer.objects.count() == 5


def test_two_workers_at_once_write_nothing_twice(
    isp: Provider, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(people(*(person(number) for number in range(1, 6))))
    importing.execute(run, by=ATTENDANT, now=NOW)
    slow = ImportRun.objects.get(pk=run.pk)  # has read where the run stands, and is late

    importing.carry_on(run.pk, now=NOW, today=TODAY)
    with pytest.raises(carrying.TakenByAnother):
        carrying.write(slow, context=sheets.Context(ATTENDANT, NOW, TODAY))

    assert counts(work(run)) == (5, 5, 0, 0)


def test_a_run_that_stops_at_the_same_place_again_and_again_fails_and_may_be_retried(
    isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(people(person(1)))
    importing.execute(run, by=ATTENDANT, now=NOW)

    def break_down(*_, **__) -> batches.Outcome:  # noqa: ANN002
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(batches, "write", break_down)
        for _ in range(carrying.MOST_ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                importing.carry_on(run.pk, now=NOW, today=TODAY)
        work(run)

    assert run.status == "FAILED"
    assert "5 vezes" in run.error
    importing.execute(run, by=ATTENDANT, now=NOW)
    assert work(run).status == "DONE"


def test_columns_are_where_a_person_says(isp: Provider) -> None:
    text = people(person(1)).replace(b"Nome", b"Quem")
    run = upload(text)
    assert run.places == {"codigo": 0, "documento": 1, "filial": 3, "uf": 4}

    with pytest.raises(sheets.ColumnsMissing, match="Nome"):
        choose(run)
    choose(run, nome=2)

    assert counts(work(run)) == (1, 1, 0, 0)


def test_columns_may_be_chosen_anew_until_it_is_written(isp: Provider) -> None:
    run = checked(people(person(1)))

    choose(run, fantasia=2)
    assert work(run).status == "CHECKED"
    importing.execute(run, by=ATTENDANT, now=NOW)

    with pytest.raises(runs.RunNotReady):
        choose(run)
    with pytest.raises(runs.RunNotReady):
        importing.execute(run, by=ATTENDANT, now=NOW)
    with pytest.raises(runs.RunNotReady):
        importing.discard(run, by=ATTENDANT, now=NOW)


def test_any_sheet_of_a_workbook_may_be_chosen(isp: Provider, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nada"])
    book.active.append(["aqui"])
    second = book.create_sheet("Assinantes")
    for line in people(person(1)).decode().splitlines():
        second.append(line.split(";"))
    book.save(tmp_path / "dois.xlsx")
    run = upload((tmp_path / "dois.xlsx").read_bytes(), name="dois.xlsx")

    assert runs.worksheets(run) == ("Sheet", "Assinantes")
    header = runs.table(run, worksheet=1).header
    places = runs.guessed(runs.sheet_of(run), header)
    importing.check(run, worksheet=1, header=header, places=places)

    assert counts(work(run)) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "clientes.csv está vazio"),
        (b"a;b\n", "só tem o cabeçalho"),
        (b"%PDF-1.7", "não é uma planilha"),
        (b"PK\x03\x04 lixo", "não é uma planilha"),
        (b"MZ\x90\x00\x03", "não é uma planilha"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_and_not_kept(
    isp: Provider, own_folder: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises((reading.NotASpreadsheet, reading.EmptySpreadsheet), match=sentence):
        upload(content)

    assert list(own_folder.iterdir()) == []
    assert not ImportRun.objects.exists()


def test_a_file_above_the_limit_is_refused_while_it_comes(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"12345"

    with pytest.raises(uploads.UploadRefused, match="50 MB"):
        importing.upload(
            SHEETS["clientes"], endless(), name="x.csv", branch_ids=None, by=ATTENDANT, now=NOW
        )

    assert list(own_folder.iterdir()) == []


def test_the_name_of_a_file_leads_nowhere(isp: Provider, own_folder: Path) -> None:
    run = upload(people(person(1)), name="../../../etc/passwd")

    assert run.file_name == "passwd"
    assert [place.name for place in own_folder.iterdir()] == [run.stored_as]


def test_rows_of_other_branches_do_not_come_in(isp: Provider) -> None:
    other = provider(code="OUTRA")
    contract = other.activate()
    Contract.objects.filter(pk=contract.pk).update(code="X1")
    own = [isp.branch.pk]

    run = checked(people(person(1), person(2, branch="outra")), branch_ids=own)
    assert counts(run) == (2, 1, 0, 1)
    assert reasons(run) == [(3, [["filial", "outra", "não é de uma filial sua"]])]
    services = f"Contrato;Tipo;Produto;Valor;Início\nX1;serviço;{isp.internet.code};10;01/02/2026\n"
    run = checked(services.encode(), sheet="servicos", branch_ids=own)
    assert reasons(run) == [(2, [["contrato", "X1", "não é de uma filial sua"]])]


def test_a_damaged_file_fails_after_the_rows_that_could_be_read(isp: Provider) -> None:
    run = checked(people(person(1)))
    importing.execute(run, by=ATTENDANT, now=NOW)
    with uploads.path(run.stored_as).open("ab") as file:
        file.write(b'"' + b"x" * 200_000 + b"\n")

    work(run)

    assert run.status == "FAILED"
    assert "confira as aspas" in run.error


@pytest.mark.django_db(transaction=True)
def test_files_that_nobody_went_on_with_are_deleted(isp: Provider, own_folder: Path) -> None:
    run = checked(people(person(1), person(2, uf="XX")))
    stray = own_folder / "deixado"
    stray.write_bytes(b"x")
    long_ago = (NOW - timedelta(days=9)).timestamp()
    os.utime(stray, (long_ago, long_ago))

    assert importing.forget(now=NOW + timedelta(days=6)) == 0
    assert [place.name for place in own_folder.iterdir()] == [run.stored_as]
    assert importing.forget(now=NOW + timedelta(days=8)) == 1

    run.refresh_from_db()
    assert (run.status, run.stored_as) == ("DISCARDED", "")
    assert not BadRow.objects.exists()
    assert list(own_folder.iterdir()) == []


def test_a_file_that_is_not_where_the_worker_looks_is_told(isp: Provider) -> None:
    run = upload(people(person(1)))
    choose(run)
    uploads.path(run.stored_as).unlink()

    work(run)

    assert run.status == "UPLOADED"
    assert "a mesma pasta de arquivos" in run.error


@pytest.mark.django_db(transaction=True)
def test_a_discarded_run_leaves_no_file(isp: Provider, own_folder: Path) -> None:
    run = checked(people(person(1)))

    importing.discard(run, by=ATTENDANT, now=NOW)

    assert (run.status, list(own_folder.iterdir())) == ("DISCARDED", [])


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("import_run_status", {"status": "LOST"}),
        ("import_run_keeps_its_file", {"status": "RUNNING"}),
        ("import_run_adds_up", {"rows": 2, "written": 1}),
    ],
)
def test_the_database_keeps_the_record(name: str, facts: dict[str, object]) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ImportRun.objects.create(sheet="clientes", file_name="x", sha256="", at=at, **facts)


def test_a_line_is_refused_once(isp: Provider) -> None:
    run = checked(people(person(2, uf="XX")))

    with pytest.raises(IntegrityError, match="bad_row_once"), transaction.atomic():
        BadRow.objects.create(run=run, line=2, cells=[], problems=[])
