"""Boletos at each bank: one number on paper, in what is sent and in what comes back."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from vigente.domain.codes import AnswerKind, OrderKind
from vigente.gateways.boleto import fake
from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.fake import Told
from vigente.gateways.boleto.port import (
    Account,
    Asked,
    BoletoRefused,
    Order,
    Payer,
    WrongFile,
)
from vigente.gateways.boleto.pycobranca_boletos import PyCobrancaBoletos

BOLETOS = PyCobrancaBoletos()
TODAY = date(2026, 3, 2)
COMMON = {"holder_name": "Serra Clara Telecom", "holder_tax_id": "11222333000181"}
ACCOUNTS = {
    "341": Account(
        **COMMON, bank="341", agency="1234", number="56789", digit="0", carteira="109",
        code="", extra="",
    ),
    "237": Account(
        **COMMON, bank="237", agency="1172", number="403005", digit="2", carteira="09",
        code="4321", extra="",
    ),
    "001": Account(
        **COMMON, bank="001", agency="4042", number="61900", digit="0", carteira="17",
        code="1238798", extra="019",
    ),
    "756": Account(
        **COMMON, bank="756", agency="4327", number="417270", digit="1", carteira="1",
        code="229385", extra="",
    ),
    "748": Account(
        **COMMON, bank="748", agency="0710", number="12345", digit="1", carteira="1",
        code="12345", extra="42",
    ),
    "033": Account(
        **COMMON, bank="033", agency="3333", number="130001", digit="9", carteira="101",
        code="1899775", extra="123456789012345",
    ),
}  # fmt: skip
# where a remittance carries the number, counted from 0
SENT_AT = {
    "341": (62, 70),
    "237": (70, 82),
    "001": (37, 54),
    "756": (39, 47),
    "748": (37, 46),
    "033": (44, 57),
}
PAYER = Payer(
    name="Marina Conceição Alves",
    tax_id="52998224725",
    street="Rua das Flores, 1",
    district="Centro",
    city="Serra Clara",
    uf="MG",
    postal_code="36000000",
)


@pytest.fixture(params=sorted(ACCOUNTS))
def account(request: pytest.FixtureRequest) -> Account:
    return ACCOUNTS[request.param]


def asked(account: Account, sequence: int = 1, *, cents: int = 9000) -> Asked:
    return Asked(
        number=BOLETOS.number(account, sequence, issued_on=TODAY),
        reference=str(sequence),
        issued_on=TODAY,
        due_on=date(2026, 3, 10),
        amount_cents=cents,
        payer=PAYER,
        fine_percent=Decimal(2),
        interest_percent_month=Decimal(1),
        notes=("Após o vencimento, multa de 2 % e juros de 1 % ao mês.",),
    )


def details(account: Account, file: bytes) -> list[str]:
    """Return the lines of a remittance that carry a number."""
    lines = file.decode().splitlines()
    if BANKS[account.bank].record == 400:
        return [line for line in lines if line[:1] == "1"]
    return [line for line in lines if line[13:14] == "P"]


def told(one: Asked, code: str = "06", **more) -> Told:
    paid = one.amount_cents if code == "06" else 0
    return Told(
        **{
            "number": one.number, "code": code, "on": date(2026, 3, 9),
            "title_cents": one.amount_cents, "paid_cents": paid, **more,
        }
    )  # fmt: skip


def test_the_number_printed_sent_and_returned_is_the_same(account: Account) -> None:
    numbers = random.Random(7).sample(range(1, min(BANKS[account.bank].most, 10**9)), 60)
    several = [asked(account, number) for number in [1, *numbers]]

    file = BOLETOS.remittance(
        account, [Order(OrderKind.REGISTER, one) for one in several], sequence=1, today=TODAY
    )
    came_back = BOLETOS.read(
        account, fake.answer(account, list(map(told, several)), sequence=1, on=TODAY)
    )

    first, end = SENT_AT[account.bank]
    wanted = [one.number for one in several]
    printed = [digits_of(account, BOLETOS.title(account, one).printed_number) for one in several]
    assert [line[first:end] for line in details(account, file)] == wanted
    assert printed == wanted
    assert [one.number for one in came_back.answers] == wanted
    assert came_back.broken == ()


def digits_of(account: Account, printed: str) -> str:
    """Return what files carry of a printed number: no carteira, at Itaú no check digit."""
    match account.bank:
        case "748":
            return printed.replace("/", "").replace("-", "")
        case "341":
            return printed.split("/")[1].split("-", maxsplit=1)[0]
    return printed.rsplit("/", maxsplit=1)[-1].replace("-", "")


@pytest.mark.parametrize("kind", OrderKind)
def test_every_line_is_as_long_as_the_layout_says(account: Account, kind: OrderKind) -> None:
    file = BOLETOS.remittance(account, [Order(kind, asked(account))], sequence=7, today=TODAY)

    assert file.endswith(b"\r\n")
    sizes = {len(line) for line in file.decode().split("\r\n")[:-1]}
    assert sizes == {BANKS[account.bank].record}
    [detail] = details(account, file)
    at = 108 if BANKS[account.bank].record == 400 else 15
    assert detail[at : at + 2] == BANKS[account.bank].orders[kind]
    assert "0000009000" in detail  # 90,00


def test_barcode_and_line_check(account: Account) -> None:
    title = BOLETOS.title(account, asked(account, 123))

    assert (len(title.barcode), title.barcode[:3]) == (44, account.bank)
    assert title.barcode[9:19] == "0000009000"  # 90,00
    assert title.barcode[5:9] == "1381"  # 10/03/2026: 1000 was 22/02/2025, 381 days before
    assert title.barcode[4] == modulo11(title.barcode[:4] + title.barcode[5:])
    digits = [sign for sign in title.line if sign.isdigit()]
    line = "".join(digits)
    assert len(line) == 47
    for first, end in ((0, 9), (10, 20), (21, 31)):
        assert line[end] == modulo10(line[first:end])
    free = line[4:9] + line[10:20] + line[21:31]
    assert line[:4] + line[32] + line[33:47] + free == title.barcode


def modulo10(digits: str) -> str:
    total = 0
    for at, sign in enumerate(reversed(digits)):
        product = int(sign) * (2 if at % 2 == 0 else 1)
        total += product // 10 + product % 10
    return str(-total % 10)


def modulo11(digits: str) -> str:
    total = sum(int(sign) * (2 + at % 8) for at, sign in enumerate(reversed(digits)))
    left = 11 - total % 11
    return str(left if left in range(2, 10) else 1)


def test_slip_and_booklet_are_pdf(account: Account) -> None:
    assert BOLETOS.slip(account, asked(account)).startswith(b"%PDF")
    assert BOLETOS.booklet(account, [asked(account, n) for n in (1, 2, 3, 4)]).startswith(b"%PDF")


def test_an_account_is_checked_before_anything_is_printed(account: Account) -> None:
    BOLETOS.check(account)

    for wrong in ({"carteira": "999"}, {"agency": "abc"}, {"number": "1" * 12}, {"digit": "12"}):
        with pytest.raises(BoletoRefused):
            BOLETOS.check(replace(account, **wrong))


def test_numbers_that_are_used_up_are_refused(account: Account) -> None:
    with pytest.raises(BoletoRefused, match="acabaram"):
        BOLETOS.number(account, BANKS[account.bank].most + 1, issued_on=TODAY)


def test_a_payer_without_postal_code_is_refused_not_sent(account: Account) -> None:
    nowhere = replace(asked(account), payer=replace(PAYER, postal_code=""))

    with pytest.raises(BoletoRefused):
        BOLETOS.remittance(account, [Order(OrderKind.REGISTER, nowhere)], sequence=1, today=TODAY)


def test_amounts_and_days_come_back_as_such(account: Account) -> None:
    one = asked(account)

    read = BOLETOS.read(
        account,
        fake.answer(account, [told(one, paid_cents=9123), told(one, "02")], sequence=42, on=TODAY),
    )

    paid, registered = read.answers
    assert read.sequence == 42
    assert (paid.kind, paid.paid_cents, paid.title_cents) == (AnswerKind.PAID, 9123, 9000)
    assert (paid.occurred_on, paid.credited_on) == (date(2026, 3, 9), TODAY)
    assert registered.kind is AnswerKind.REGISTERED


def test_a_refusal_tells_its_reasons(account: Account) -> None:
    file = fake.answer(account, [told(asked(account), "03", reasons="4208")], sequence=1, on=TODAY)

    [answer] = BOLETOS.read(account, file).answers

    assert (answer.kind, answer.reasons) == (AnswerKind.REFUSED, "42 08")


def test_a_broken_line_is_told_by_its_number_and_the_rest_is_read(account: Account) -> None:
    file = fake.answer(account, [told(asked(account, n)) for n in (1, 2, 3)], sequence=1, on=TODAY)
    lines = file.decode().splitlines()
    wrong = 2 if BANKS[account.bank].record == 400 else 4  # the second title
    lines[wrong] = lines[wrong][:200]

    read = BOLETOS.read(account, "\r\n".join(lines).encode())

    assert read.broken[0].line == wrong + 1
    assert "200 posições" in read.broken[0].why
    assert [one.number for one in read.answers] == [asked(account, n).number for n in (1, 3)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"paid_cents": 0}, "valor zero"),
        ({"paid_cents": 999_999_999_999}, "absurdo"),
        ({"number": ""}, "nosso número"),
    ],
)
def test_an_absurd_payment_is_a_broken_line(account: Account, change: dict, why: str) -> None:
    read = BOLETOS.read(
        account, fake.answer(account, [told(asked(account), **change)], sequence=1, on=TODAY)
    )

    assert read.answers == ()
    assert why in read.broken[0].why


def test_a_negative_amount_is_a_broken_line(account: Account) -> None:
    file = fake.answer(account, [told(asked(account))], sequence=1, on=TODAY)
    size = 13 if BANKS[account.bank].record == 400 else 15

    read = BOLETOS.read(
        account, file.replace(f"{9000:0{size}}".encode(), f"-{9000:0{size - 1}}".encode())
    )

    assert read.answers == ()
    assert "não é um valor" in read.broken[0].why


def test_a_file_that_was_cut_is_told(account: Account) -> None:
    file = fake.answer(account, [told(asked(account))], sequence=1, on=TODAY)
    cut = b"\r\n".join(file.split(b"\r\n")[:-2])

    assert any("cortado" in one.why for one in BOLETOS.read(account, cut).broken)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vazio"),
        (b"\xff\xfe0\x002\x00", "codificação"),
        (b"PK\x03\x04\x00\x00" * 80, "codificação"),
        (b"nome;valor\nAna;10\n", "posições"),
        (b"9" * 400, "outro banco"),
    ],
)
def test_what_is_no_return_file_is_refused(account: Account, content: bytes, why: str) -> None:
    with pytest.raises(WrongFile, match=why):
        BOLETOS.read(account, content)


def test_files_of_others_are_refused(account: Account) -> None:
    for other in ACCOUNTS.values():
        if other.bank != account.bank:
            with pytest.raises(WrongFile, match="outro banco"):
                BOLETOS.read(account, fake.answer(other, [], sequence=1, on=TODAY))
    elsewhere = replace(account, number="99998")
    of_another = fake.answer(elsewhere, [told(asked(account))], sequence=1, on=TODAY)
    with pytest.raises(WrongFile, match="outra conta"):
        BOLETOS.read(account, of_another)
    sent = BOLETOS.remittance(
        account, [Order(OrderKind.REGISTER, asked(account))], sequence=1, today=TODAY
    )
    with pytest.raises(WrongFile, match="remessa"):
        BOLETOS.read(account, sent)
