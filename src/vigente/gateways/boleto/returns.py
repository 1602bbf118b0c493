"""Return files: `pycobranca` knows the positions of the fields, this module what a line must be.

The library reads whatever it is given and pairs segments blindly, so lines are judged here, one
by one, and a title's two segments are put together here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pycobranca.cnab.retorno import RegistroRetorno, descreve_ocorrencia
from pycobranca.cnab.retorno.cnab240 import parse_cnab240
from pycobranca.cnab.retorno.cnab400 import parse_cnab400

from vigente.domain.codes import AnswerKind
from vigente.gateways.boleto.banks import BANKS, Bank
from vigente.gateways.boleto.port import (
    Account,
    Answer,
    BrokenLine,
    ReturnRead,
    WrongFile,
)

# Banco do Brasil follows FEBRABAN as Sicredi does; the library has a map for the latter alone.
MAP_OF = {"001": "748"}
SHORTEST = {"T": 223, "U": 153}
MOST_CENTS = 99_999_999_999  # a thousand million reais: above it a line is not to be believed


class _Bad(ValueError):
    """Esta linha não pode ser lida."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A title of the file: where it stands, and its fields as they are written."""

    line: int
    raw: RegistroRetorno
    reasons: str


def read(account: Account, content: bytes) -> ReturnRead:
    """Return what a return file tells, line by line."""
    bank = BANKS[account.bank]
    lines = _lines(content)
    header = lines[0]
    _refuse_other_files(bank, header)
    answers: list[Answer] = []
    broken: list[BrokenLine] = []
    rows = _rows_400(bank, lines) if bank.record == 400 else _rows_240(bank, lines)
    for row in rows:
        if isinstance(row, BrokenLine):
            broken.append(row)
            continue
        if not answers and not broken:
            _refuse_other_accounts(account, row.raw)
        try:
            answers.append(_answer(account, bank, row))
        except _Bad as bad:
            broken.append(BrokenLine(row.line, str(bad)))
    return ReturnRead(_sequence(bank, header), tuple(answers), tuple(broken))


def _lines(content: bytes) -> list[str]:
    if not content.strip():
        raise WrongFile("O arquivo está vazio.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:2000]:
        raise WrongFile(
            "O arquivo não está como o banco o envia: foi salvo em outra codificação ou não é "
            "texto. Baixe-o de novo do banco e envie-o sem abrir."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    lines = [line.rstrip("\r\x1a") for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _refuse_other_files(bank: Bank, header: str) -> None:
    size = len(header)
    if size not in (240, 400):
        raise WrongFile(
            f"Não é um arquivo de retorno: a primeira linha tem {size} posições, e teria 240 ou "
            "400. Baixe-o de novo do banco e envie-o sem abrir."
        )
    code = header[76:79] if size == 400 else header[:3]
    if code != bank.code:
        named = f"{BANKS[code].name} ({code})" if code in BANKS else f"banco «{code}»"
        raise WrongFile(f"O arquivo é de outro banco: {named}. Esta carteira é do {bank.name}.")
    if size != bank.record:
        raise WrongFile(
            f"O arquivo é CNAB {size}. Para o {bank.name}, peça ao banco o retorno CNAB "
            f"{bank.record}."
        )
    is_return = header[2:9] == "RETORNO" if size == 400 else header[142:143] == "2"
    if not is_return:
        raise WrongFile("É um arquivo de remessa, o que se envia ao banco. Envie o de retorno.")


def _refuse_other_accounts(account: Account, raw: RegistroRetorno) -> None:
    agency = _digits(raw.agencia_sem_dv or raw.agencia_com_dv)
    number = _digits(raw.cedente_com_dv)
    told = _digits(account.number), _digits(f"{account.number}{account.digit}")
    agencies = (_digits(account.agency),) if account.bank in ("341", "237") else ()
    is_other = bool(number) and number not in told
    is_other |= bool(agency) and bool(agencies) and agency not in agencies
    if is_other:
        raise WrongFile(
            f"O arquivo é de outra conta: agência {agency or '—'}, conta {number or '—'}. Esta "
            f"carteira é da agência {account.agency}, conta {account.number}-{account.digit}."
        )


def _rows_400(bank: Bank, lines: list[str]) -> Iterator[_Row | BrokenLine]:
    header = lines[0]
    for at, line in enumerate(lines[1:], start=2):
        kind = line[:1]
        if kind == "9":
            continue
        if len(line) != 400:
            yield BrokenLine(at, f"Tem {len(line)} posições, e teria 400.")
        elif kind == "1":
            [raw] = parse_cnab400([header, line], bank.code)
            yield _Row(at, raw, _joined(raw.motivo_ocorrencia))
        elif not kind.isdigit():
            yield BrokenLine(at, f"Começa por «{kind}», que não é um tipo de registro.")
    yield from _cut(lines, kind_at=0)


def _rows_240(bank: Bank, lines: list[str]) -> Iterator[_Row | BrokenLine]:
    waiting: tuple[int, str] | None = None
    for at, line in enumerate(lines[1:], start=2):
        kind, segment = line[7:8], line[13:14]
        if fault := _fault_240(line, kind, segment):
            yield BrokenLine(at, fault)
        elif kind != "3" or segment not in SHORTEST:
            continue
        elif segment == "T":
            yield from _alone(waiting)
            waiting = (at, line)
        elif waiting is None:
            yield BrokenLine(at, "Falta o segmento T deste título.")
        else:
            yield _row_240(bank, *waiting, line)
            waiting = None
    yield from _alone(waiting)
    yield from _cut(lines, kind_at=7)


def _alone(waiting: tuple[int, str] | None) -> Iterator[BrokenLine]:
    """Tell of a segment T that no segment U followed."""
    if waiting is not None:
        yield BrokenLine(waiting[0], "Falta o segmento U deste título.")


def _fault_240(line: str, kind: str, segment: str) -> str:
    least = SHORTEST.get(segment, 0) if kind == "3" else 8
    if len(line) > 240 or len(line) < least:
        return f"Tem {len(line)} posições, e teria 240."
    if not kind.isdigit():
        return f"Tem «{kind}» onde estaria o tipo do registro."
    return ""


def _row_240(bank: Bank, at: int, first: str, second: str) -> _Row:
    lines = [first.ljust(240), second.ljust(240)]
    [raw] = parse_cnab240(lines, MAP_OF.get(bank.code, bank.code))
    reasons = _joined(raw.motivo_ocorrencia)
    if bank.code == "033":  # the library's range for it is empty
        reasons = _joined([first[at : at + 2] for at in range(208, 218, 2)])
    return _Row(at, raw, reasons)


def _cut(lines: list[str], *, kind_at: int) -> Iterator[BrokenLine]:
    """Tell of a file whose last line is not its end."""
    if lines[-1][kind_at : kind_at + 1] != "9":
        why = "O arquivo acaba sem o registro final: pode ter sido cortado no caminho."
        yield BrokenLine(len(lines), why)


def _answer(account: Account, bank: Bank, row: _Row) -> Answer:
    raw = row.raw
    code = raw.codigo_ocorrencia or ""
    kind = bank.answers.get(code, AnswerKind.OTHER)
    answer = Answer(
        line=row.line,
        kind=kind,
        code=code,
        told=descreve_ocorrencia(code, str(bank.record), bank.code) or f"Ocorrência {code}",
        reasons=row.reasons,
        number=_number(account, raw.nosso_numero or ""),
        title_cents=_cents(raw.valor_titulo, "valor do título"),
        paid_cents=_cents(raw.valor_recebido, "valor pago"),
        fee_cents=_cents(raw.valor_tarifa, "tarifa"),
        occurred_on=_day(raw.data_ocorrencia, "data da ocorrência"),
        credited_on=_day(raw.data_credito, "data do crédito"),
    )
    if kind is AnswerKind.PAID:
        _refuse_absurd(answer)
    return answer


def _refuse_absurd(paid: Answer) -> None:
    if not paid.paid_cents:
        raise _Bad("É um pagamento de valor zero.")
    if paid.paid_cents > MOST_CENTS:
        raise _Bad("O valor pago é absurdo.")
    if paid.occurred_on is None:
        raise _Bad("É um pagamento sem data.")


def _number(account: Account, written: str) -> str:
    """Return the number as the files carry it: banks pad it, each its own way."""
    text = "".join(written.split())
    if not text.strip("0") or not text.isascii() or not text.isalnum() or len(text) > 20:
        raise _Bad(f"O nosso número «{written}» não pode ser lido.")
    if account.bank == "756":
        return text.lstrip("0").zfill(8)
    return text


def _cents(written: str | None, word: str) -> int:
    text = written or ""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise _Bad(f"O campo {word} tem «{text}», que não é um valor.")
    return int(text)


def _day(written: str | None, word: str) -> date | None:
    text = written or ""
    if not text.strip("0"):
        return None
    try:
        day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
        return date(year + 2000 if len(text) == 6 else year, month, day)
    except ValueError:
        raise _Bad(f"O campo {word} tem «{text}», que não é um dia.") from None


def _sequence(bank: Bank, header: str) -> int:
    written = header[108:113] if bank.record == 400 else header[157:163]
    return int(written) if written.isascii() and written.isdigit() else 0


def _joined(reasons: list[str] | str | None) -> str:
    parts = [reasons] if isinstance(reasons, str) else reasons or []
    return " ".join(part for part in parts if part.strip(" 0"))


def _digits(written: str | None) -> str:
    return "".join(sign for sign in written or "" if sign.isdigit()).lstrip("0")
