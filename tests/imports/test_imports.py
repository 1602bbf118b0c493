"""A provider's spreadsheets: good rows come in once, bad ones come back with their reasons."""

import csv
import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from tests.imports.spreadsheets import TODAY, Import, reasons
from tests.journeys.scenario import close, told
from tests.provider import Provider
from vigente.billing.models import Invoice, Receivable
from vigente.catalog.models import BillingType, SalePlan
from vigente.cli import demonstration
from vigente.contracts.models import Contract, ContractItem
from vigente.customers.models import Customer
from vigente.documents.models import DocumentTemplate
from vigente.imports import cells, reading, sheets

pytestmark = pytest.mark.django_db

HEADER = "Código;CPF/CNPJ;Nome;Filial;Endereço;Cidade;UF"


def person(number: int, name: str = "Maria") -> str:
    return f"C{number};{demonstration.cpf(number)};{name};M;Rua A;Serra Clara;MG"


def people(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def digest() -> list[tuple[str, int]]:
    """Return what the tables hold, in short."""
    tables = ("customers_customer", "contracts_contract", "contracts_contractitem")
    with connection.cursor() as cursor:
        found = []
        for table in (*tables, "billing_receivable", "imports_importedrow"):
            cursor.execute(f"SELECT count(*), hashtext(string_agg(t::text, '')) FROM {table} t")
            found.append((table, *cursor.fetchone()))
    return found


def test_customers_come_in_and_coming_again_changes_nothing(isp: Provider, bring: Import) -> None:
    first = bring("clientes", people(person(1), person(2)))
    before = digest()

    again = bring("clientes", people(person(1), person(2)))

    assert (first.written, first.bad) == (2, 0)
    assert (again.written, again.unchanged, again.bad) == (0, 2, 0)
    assert digest() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_program_may_have_written_the_file(
    isp: Provider, bring: Import, encoding: str, delimiter: str
) -> None:
    text = people(person(1, "Açucena Conceição")).replace(";", delimiter)

    bring("clientes", text, encoding=encoding)

    assert Customer.objects.get().name == "Açucena Conceição"


def test_a_workbook_is_read_like_a_text(isp: Provider, bring: Import, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(";"))
    book.active.append(person(1).split(";"))
    path = tmp_path / "clientes.xlsx"
    book.save(path)

    assert bring("clientes", path).written == 1


def test_every_bad_row_is_told_by_line_column_value_and_reason(
    isp: Provider, bring: Import
) -> None:
    bad_document = person(2).replace(demonstration.cpf(2), "111.111.111-11")
    wrong_digit = person(3).replace(demonstration.cpf(3), demonstration.cpf(3)[:-1] + "0")

    report = bring(
        "clientes",
        people(
            "  " + person(1) + "  ",
            bad_document,
            wrong_digit,
            "C4;;João;M;;;",
            person(5).replace(";M;", ";NENHUMA;"),
            person(6).replace(";MG", ";XX"),
            ";;;;;;",
            person(1),
            person(1, "Outra Maria"),
        ),
    )

    assert (report.rows, report.written, report.unchanged, report.bad) == (8, 1, 1, 6)
    assert reasons(report) == [
        (3, "CPF/CNPJ", "CPF com dígitos verificadores errados"),
        (4, "CPF/CNPJ", "CPF com dígitos verificadores errados"),
        (5, "CPF/CNPJ", "não pode ficar vazio"),
        (6, "filial", "não existe a filial «NENHUMA»; importe antes"),
        (7, "UF", "não é a sigla de um estado"),
        (10, "", "já veio com outros dados, neste arquivo ou antes; altere no sistema"),
    ]


def test_bad_rows_come_back_as_a_file_to_correct(
    isp: Provider, bring: Import, tmp_path: Path
) -> None:
    back = tmp_path / "corrigir.csv"
    wrong = person(1).replace(";MG", ";XX")
    bring("clientes", people(wrong, person(2)), bad_rows=back)

    with back.open(encoding="utf-8-sig", newline="") as file:
        header, row = list(csv.reader(file, delimiter=";"))
    assert header[-1] == "motivo"
    assert row[-1] == "UF: não é a sigla de um estado"
    text = back.read_text(encoding="utf-8-sig").replace(";XX;", ";MG;")
    corrected = bring("clientes", text)

    assert (corrected.written, Customer.objects.count()) == (1, 2)


def test_a_dry_run_tells_the_same_and_writes_nothing(isp: Provider, bring: Import) -> None:
    before = digest()

    report = bring("clientes", people(person(1), "x"), dry_run=True)

    assert (report.written, report.bad) == (1, 1)
    assert digest() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "está vazio"),
        (b"   \n\n", "está vazio"),
        (HEADER.encode(), "só tem o cabeçalho"),
        (b"\x89PNG\r\n\x1a\n....", "não é uma planilha"),
        (b"%PDF-1.7", "não é uma planilha"),
        (b"\xd0\xcf\x11\xe0....", "salve-o como XLSX"),
        (b"PK\x03\x04 broken", "não é uma planilha"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_a_sentence(
    bring: Import, content: bytes, sentence: str
) -> None:
    with pytest.raises((reading.NotASpreadsheet, reading.EmptySpreadsheet), match=sentence):
        bring("clientes", content)


def test_missing_columns_are_named_all_at_once(bring: Import) -> None:
    with pytest.raises(sheets.ColumnsMissing, match="CPF/CNPJ, Filial"):
        bring("clientes", "nome;idade\nMaria;3\n")


def test_columns_may_be_mapped_by_hand(isp: Provider, bring: Import) -> None:
    text = people(person(1)).replace("Nome;", "Quem é;")

    report = bring("clientes", text, given={"Quem é": "nome"})

    assert (report.written, Customer.objects.get().name) == (1, "Maria")
    with pytest.raises(sheets.ColumnUnknown):
        bring("clientes", text, given={"Quem é": "apelido"})


def contract_row(number: int = 7, **changes: str) -> str:
    values = {
        "código": str(number),
        "cpf/cnpj do cliente": demonstration.cpf(1),
        "filial": "M",
        "plano": "",
        "carteira": "Carteira M",
        "dia de vencimento": "10",
        "status": "ativo",
        "ativação": "10/06/2025",
        "faturado até": "09/01/2026",
    } | changes
    return ";".join(values) + "\n" + ";".join(values.values()) + "\n"


def with_customer_and_plan(isp: Provider, bring: Import) -> str:
    bring("clientes", people(person(1)))
    return isp.plan(price_cents=8990).code


def test_an_imported_contract_is_billed_from_the_day_after_faturado_ate(
    isp: Provider, bring: Import
) -> None:
    plan = with_customer_and_plan(isp, bring)
    report = bring("contratos", contract_row(plano=plan))
    assert report.problems == []

    close(issued_on=TODAY, due_until=date(2026, 3, 31))

    assert told(Contract.objects.get()) == [
        ("10/01–09/02", "10/02/2026", 8990),
        ("10/02–09/03", "10/03/2026", 8990),
    ]


def test_an_imported_quarter_keeps_its_place(isp: Provider, bring: Import) -> None:
    bring("clientes", people(person(1)))
    plan = isp.plan(price_cents=1000, billing_type=isp.billing_type(months=3))
    bring("contratos", contract_row(plano=plan.code, **{"faturado até": "09/11/2025"}))

    close(issued_on=TODAY, due_until=date(2026, 2, 28))

    assert told(Contract.objects.get()) == [("10/11–09/02", "10/02/2026", 3000)]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"plano": "NADA"}, "plano", "não existe o plano «NADA»; importe antes"),
        ({"ativação": "31/02/2025"}, "Ativação", "esta data não existe"),
        ({"ativação": ""}, "ativacao", "um contrato ativo tem data de ativação"),
        ({"ativação": "01/02/2026"}, "ativacao", "a ativação não pode estar no futuro"),
        ({"faturado até": "01/01/2025"}, "faturado_ate", "é anterior à ativação"),
        ({"dia de vencimento": "32"}, "Dia de vencimento", "número inteiro de 1 a 31"),
        (
            {"dia de vencimento": ""},
            "dia",
            "este tipo de cobrança precisa do dia de vencimento",
        ),
        ({"carteira": "Outra"}, "carteira", "não existe a carteira «Outra»; importe antes"),
    ],
)
def test_a_bad_contract_says_why(
    isp: Provider, bring: Import, changes: dict[str, str], column: str, reason: str
) -> None:
    plan = with_customer_and_plan(isp, bring)

    report = bring("contratos", contract_row(**{"plano": plan, **changes}))

    assert [(p.column, p.reason) for p in report.problems] == [(column, reason)]
    assert Contract.objects.count() == 0


def test_n_times_services_go_on_counting_where_they_were(isp: Provider, bring: Import) -> None:
    plan = with_customer_and_plan(isp, bring)
    bring("contratos", contract_row(plano=plan))

    report = bring(
        "servicos",
        "contrato;tipo;produto;valor;vezes;já cobradas;início\n"
        "7;serviço;INTM;1.234,56;10;9;10/06/2025\n",
    )
    close(issued_on=TODAY, due_until=date(2026, 3, 31))

    assert report.problems == []
    # 89,90 + 1.234,56 (10 de 10); 89,90
    assert [cents for *_, cents in told(Contract.objects.get())] == [132446, 8990]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7;serviço;INTM;;;;;10/06/2025;", "informe o valor ou o percentual, um dos dois"),
        ("7;serviço;INTM;;10;;;10/06/2025;", "só descontos têm percentual"),
        ("7;desconto;INTM;;101;;;10/06/2025;", "número de 0,0001 a 100"),
        ("7;serviço;INTM;-5;;;;10/06/2025;", "o valor não pode ser negativo"),
        ("7;serviço;INTM;1,2,3;;;;10/06/2025;", "valor: escreva como 1.234,56"),
        ("7;serviço;INTM;5;;2;3;10/06/2025;", "é maior que o número de vezes"),
        ("7;serviço;INTM;5;;;;10/06/2025;01/01/2025", "é anterior ao início"),
        ("8;serviço;INTM;5;;;;10/06/2025;", "não existe o contrato «8»; importe antes"),
    ],
)
def test_a_bad_service_says_why(isp: Provider, bring: Import, row: str, reason: str) -> None:
    plan = with_customer_and_plan(isp, bring)
    bring("contratos", contract_row(plano=plan))
    header = "contrato;tipo;produto;valor;percentual;vezes;já cobradas;início;fim"

    report = bring("servicos", f"{header}\n{row}\n")

    assert [p.reason for p in report.problems] == [reason]
    assert ContractItem.objects.filter(origin="IMPORT").count() == 0


def test_open_receivables_come_in_with_their_number_and_balance(
    isp: Provider, bring: Import
) -> None:
    plan = with_customer_and_plan(isp, bring)
    bring("contratos", contract_row(plano=plan))

    report = bring(
        "receber",
        "número;contrato;vencimento;saldo\n"
        "A1;7;10/01/2026;33,33\nA1;7;10/01/2026;33,33\nA2;7;10/02/2027;1,00\nA3;7;10/01/2026;0\n",
    )

    assert (report.written, report.unchanged) == (1, 1)
    assert [p.reason for p in report.problems] == [
        "depois do teto de 31/12/2026",
        "uma conta sem saldo não está em aberto",
    ]
    receivable = Receivable.objects.get()
    assert (receivable.number, receivable.amount_cents) == ("A1", 3333)


def test_the_manuals_july_row_comes_in_as_it_was(isp: Provider, bring: Import) -> None:
    plan = with_customer_and_plan(isp, bring)
    bring("contratos", contract_row(plano=plan, **{"faturado até": "09/07/2025"}))

    bring(
        "receber",
        "número;contrato;vencimento;saldo;início do período;fim do período\n"
        "J1;7;11/07/2025;49,90;09/06/2025;09/07/2025\n",
    )
    close(issued_on=date(2025, 7, 31), due_until=date(2025, 8, 31))

    assert told(Contract.objects.get()) == [
        ("09/06–09/07", "11/07/2025", 4990),
        ("10/07–09/08", "11/08/2025", 8990),  # 10/08/2025 is a Sunday
    ]
    august = Invoice.objects.order_by("-pk")[0]
    assert august.nominal_due_on == date(2025, 8, 10)


def test_a_large_file_is_read_in_bounded_memory(bring: Import, tmp_path: Path) -> None:
    path = tmp_path / "clientes.csv"
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for _ in range(40_000):
            file.write(f"C1;000;{'x' * 400};M;;;\n")
    tracemalloc.start()

    report = bring("clientes", path)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.bad == 40_000
    assert path.stat().st_size > 16_000_000
    assert peak < 8_000_000


def test_the_demonstration_is_the_same_every_time(tmp_path: Path) -> None:
    first = demonstration.write(tmp_path / "a", today=TODAY)
    second = demonstration.write(tmp_path / "b", today=TODAY)

    for (_, one), (_, other) in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,5", "1.5"), ("1.5", "1.5"), ("1.234", "1234"), ("1.234,5", "1234.5"), ("10%", "10")],
)
def test_a_point_is_a_comma_where_it_groups_no_thousands(typed: str, number: str) -> None:
    assert cells.decimal("0", "100000")(typed) == Decimal(number)


def test_a_long_template_comes_in_whole_and_an_unknown_variable_does_not(bring: Import) -> None:
    long = "Contrato de {{ cliente.nome }}. " + "Cláusula. " * 3_000

    report = bring(
        "modelos",
        f"Nome;Tipo;Texto\nAdesão;contrato;{long}\nRuim;contrato;De {{{{ cliente.nme }}}}.\n",
    )

    assert DocumentTemplate.objects.get().body == long.strip()
    [(line, column, reason)] = reasons(report)
    assert (line, column) == (3, "texto")
    assert reason.startswith("Variável desconhecida: {{ cliente.nme }}. Use: {{ contrato.codigo }}")


def test_a_template_comes_in_with_its_lines_and_a_plan_names_it(
    isp: Provider, bring: Import
) -> None:
    isp.plan()
    bring("modelos", 'Nome;Tipo;Texto\nAdesão;contrato;"Contrato de {{ cliente.nome }},\nfim."\n')
    plans = bring(
        "planos",
        "Código;Nome;Tipo de cobrança;Produto;Valor mensal;Modelo\n"
        f"F1;Fibra;{BillingType.objects.get().name};INTM;99,90;adesão\n"
        f"F2;Fibra;{BillingType.objects.get().name};INTM;99,90;Outro\n",
    )

    template = DocumentTemplate.objects.get()
    assert (template.kind, template.body) == ("CONTRACT", "Contrato de {{ cliente.nome }},\nfim.")
    assert SalePlan.objects.get(code="F1").template == template
    assert [problem.reason for problem in plans.problems] == [
        "não existe o cadastro «Outro»; importe antes"
    ]
