"""The calculator prints the manual's figures, and refuses in Portuguese what it cannot reckon."""

import json

import pytest

from vigente import cli

MANUALS = ["--period", "2025-07-10..2025-08-09", "--on", "2025-07-13"]
UPGRADE = ["calc", "alteration", "--old", "49.90", "--new", "89.90", *MANUALS]
DOWNGRADE = ["calc", "alteration", "--old", "89,90", "--new", "49,90", *MANUALS]


def printed(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert cli.main(arguments) == 0
    return capsys.readouterr().out


def figures(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> dict[str, str]:
    told = json.loads(printed(capsys, [*arguments, "--json"]))
    assert told.pop("explanation")
    return told


def test_the_manuals_upgrade(capsys: pytest.CaptureFixture[str]) -> None:
    for policy in ("manual", "period_balance"):
        assert figures(capsys, [*UPGRADE, "--policy", policy]) == {
            "old_part": "4.83",  # 49,90 ÷ 31 × 3
            "new_part": "81.20",  # 89,90 ÷ 31 × 28
            "sum": "86.03",
            "reference": "49.90",
            "difference": "36.13",
            "kind": "charge",
        }


def test_the_manuals_downgrade(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures(capsys, [*DOWNGRADE, "--policy", "manual"]) == {
        "old_part": "8.70",  # 89,90 ÷ 31 × 3
        "new_part": "45.06",  # 1,6096 × 28
        "sum": "53.76",
        "reference": "49.90",
        "difference": "3.86",
        "kind": "discount",
    }
    assert figures(capsys, [*DOWNGRADE, "--policy", "period_balance"]) == {
        "old_part": "8.70",
        "new_part": "45.07",  # 49,90 − 4,83
        "sum": "53.77",
        "reference": "89.90",
        "difference": "36.13",
        "kind": "discount",
    }


def test_without_json_a_table_shows_the_sums(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [*DOWNGRADE, "--policy", "manual"])

    assert "Diferença                R$ 3,86\n" in out
    assert "desconto na próxima fatura" in out
    assert "R$ 53,76 − R$ 49,90 = R$ 3,86" in out


def test_what_makes_no_item_is_zero_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    equal = ["calc", "alteration", "--old", "49.90", "--new", "49.90", *MANUALS]
    told = json.loads(printed(capsys, [*equal, "--policy", "manual", "--json"]))

    assert (told["difference"], told["kind"]) == ("0.00", "none")
    assert "(não gera item)" in told["explanation"]


DUE_DAY = ["calc", "due-day", "--value", "89.90", "--last-end", "2025-08-09", "--due-day", "10"]


def test_due_days_later_and_earlier(capsys: pytest.CaptureFixture[str]) -> None:
    on = ["--on", "2025-08-01", "--json"]
    later = json.loads(printed(capsys, [*DUE_DAY, "--new-due-day", "20", *on]))
    earlier = json.loads(printed(capsys, [*DUE_DAY, "--new-due-day", "5", *on]))

    assert later == {
        "next_due": "2025-09-20",
        "period": "2025-08-10..2025-09-19",
        "shift_days": 10,
        "amount": "29.00",
        "kind": "charge",
        "explanation": "R$ 89,90 ÷ 31 × 10 dias = R$ 29,00",
    }
    assert earlier == {
        "next_due": "2025-09-05",
        "period": "2025-08-10..2025-09-04",
        "shift_days": -5,
        "amount": "14.50",
        "kind": "discount",
        "explanation": "R$ 89,90 ÷ 31 × 5 dias = R$ 14,50",
    }


def test_a_due_day_is_shown_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, [*DUE_DAY, "--new-due-day", "5", "--on", "2025-08-01"])

    assert "Próximo período          10/08/2025 a 04/09/2025\n" in out
    assert "Dias a mais ou a menos   −5\n" in out


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (["--new-due-day", "10"], "já é o dia 10"),
        (["--new-due-day", "32"], "--new-due-day: «32» não serve; use de 1 a 31"),
        (["--due-day", "²"], "--due-day: «²» não serve"),
        (["--notice", "-1"], "--notice: «-1» não serve; use de 0 a 60"),
        (["--on", "2025-09-10"], "vem depois do período de 10/08/2025 a 09/09/2025"),
        (["--last-end", "9999-12-31"], "--last-end: use um ano de 1900 a 2199"),
    ],
)
def test_due_days_that_cannot_be_are_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], changed: list[str], sentence: str
) -> None:
    assert cli.main([*DUE_DAY, "--new-due-day", "20", "--on", "2025-08-01", *changed]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (["--on", "2025-08-10"], "fica fora do período de 10/07/2025 a 09/08/2025"),
        (["--on", "13/07/2025"], "--on: «13/07/2025» não é uma data"),
        (["--old", "dez"], "--old: «dez» não é um valor em reais"),
        (["--new=-1"], "--new: o valor não pode ser negativo"),
        (["--period", "2025-07-10"], "--period: escreva o primeiro e o último dia"),
        (["--period", "2025-07-10..2025-07-09"], "--period: o último dia vem antes"),
        (["--period", "2025-07-10..amanhã"], "--period: «amanhã» não é uma data"),
        (["--policy", "exato"], "--policy: «exato» não existe; use manual ou period_balance"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], changed: list[str], sentence: str
) -> None:
    assert cli.main([*UPGRADE, "--policy", "manual", *changed]) == 2
    assert sentence in capsys.readouterr().err


def test_what_is_missing_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(UPGRADE) == 2
    assert "Falta --policy" in capsys.readouterr().err
    assert cli.main(["calc"]) == 2
    assert "Informe a conta" in capsys.readouterr().err
