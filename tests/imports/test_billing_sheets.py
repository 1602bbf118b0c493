"""Payment terms and billing types come in only where they determine the periods of a contract."""

import pytest

from tests.imports.spreadsheets import Import, reasons
from vigente.catalog.models import BillingType, PaymentTerms

pytestmark = pytest.mark.django_db

TERMS = "nome;tipo de vencimento;dias;datas\n"
TYPES = "nome;pagamento;base;periodicidade;unidade;condição de pagamento;divisor\n"
ANY_TERMS = (
    TERMS + "Dia fixo;dia fixo;;\n29 dias;intervalo;29;\nDatas;personalizado;;05/02/2026 05/03/2026"
)
NO_DATES = "Vencimentos personalizados: só o vencimento personalizado tem datas; deixe vazio."
NO_CALENDAR = (
    "Base do período: ciclos em dias não seguem o calendário; escolha vencimento ou aniversário."
)
NO_THIRTY = "Divisor da primeira fatura: 30 dias só vale para ciclos em meses; escolha o real."
NOT_SO_LONG = (
    "Intervalo: na base vencimento pós-paga, use até 28 dias (um ciclo), "
    "ou escolha a base aniversário."
)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (
            "A;dia fixo;5;05/02/2026",
            [
                ("dias", "Intervalo: só o vencimento por intervalo tem dias; deixe vazio."),
                ("datas", NO_DATES),
            ],
        ),
        (
            "A;intervalo;;",
            [("dias", "Intervalo: informe quantos dias até o vencimento, a partir de 0.")],
        ),
        (
            "A;personalizado;;",
            [("datas", "Vencimentos personalizados: informe ao menos uma data.")],
        ),
        (
            "A;personalizado;;05/03/2026 05/02/2026",
            [("Datas", "as datas devem vir em ordem, sem repetição")],
        ),
    ],
)
def test_payment_terms_say_what_they_lack(
    bring: Import, row: str, problems: list[tuple[str, str]]
) -> None:
    report = bring("condicoes", f"{TERMS}{row}\nB;dia fixo;;\n")

    assert reasons(report) == [(2, *problem) for problem in problems]
    assert (report.written, report.bad) == (1, 1)
    assert PaymentTerms.objects.get().name == "B"


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("A;pós;vencimento;1;meses;29 dias;", [("condicao", NOT_SO_LONG)]),
        (
            "A;pré;calendário;30;dias;Dia fixo;30 dias",
            [
                ("base", NO_CALENDAR),
                ("divisor", NO_THIRTY),
            ],
        ),
        (
            "A;pré;calendário;1;meses;Nada;",
            [("condicao", "não existe a condição de pagamento «Nada»; importe antes")],
        ),
    ],
)
def test_a_billing_type_says_what_keeps_it_from_determining_periods(
    bring: Import, row: str, problems: list[tuple[str, str]]
) -> None:
    bring("condicoes", ANY_TERMS)

    report = bring("tipos", f"{TYPES}{row}\nB;pós;vencimento;1;meses;Dia fixo;\n")

    assert reasons(report) == [(2, *problem) for problem in problems]
    assert (report.written, report.bad) == (1, 1)
    assert BillingType.objects.get().name == "B"


@pytest.mark.parametrize(
    "row",
    [
        "A;pós;vencimento;2;meses;29 dias;",
        "A;pós;vencimento;29;dias;29 dias;",
        "A;pós;aniversário;1;meses;29 dias;",
        "A;pré;vencimento;1;meses;29 dias;",
        "A;pós;vencimento;1;meses;Datas;",
        "A;pós;calendário;1;meses;Dia fixo;30 dias",
    ],
)
def test_a_lawful_billing_type_comes_in(bring: Import, row: str) -> None:
    bring("condicoes", ANY_TERMS)

    assert bring("tipos", f"{TYPES}{row}\n").problems == []
    assert BillingType.objects.count() == 1


def test_a_refused_value_is_told_as_it_was_typed(bring: Import) -> None:
    bring("condicoes", ANY_TERMS)

    report = bring("tipos", f"{TYPES}A;Pré-pago;Calendário;30;dias;Dia fixo;\n")

    assert [(p.column, p.value) for p in report.problems] == [("base", "Calendário")]
