"""A bank that answers: the return file that it would send, for tests and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.port import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the bank tells of one boleto, by the number that the remittance carried."""

    number: str
    code: str
    on: date
    title_cents: int
    paid_cents: int = 0
    reasons: str = ""


# where each bank writes the number, counted from 0
NUMBER_AT = {"341": 62, "237": 70, "001": 37, "756": 37, "748": 37, "033": 40}


def answer(account: Account, told: Sequence[Told], *, sequence: int, on: date) -> bytes:
    """Return a return file."""
    is_400 = BANKS[account.bank].record == 400
    write = _file_400 if is_400 else _file_240
    return ("\r\n".join(write(account, told, sequence, on)) + "\r\n").encode("ascii")


def _file_400(account: Account, told: Sequence[Told], sequence: int, on: date) -> list[str]:
    lines = [
        _line(
            400,
            {0: "02RETORNO01COBRANCA", 76: account.bank, 94: f"{on:%d%m%y}", 108: f"{sequence:05}"},
        )
    ]
    for one in told:
        parts = {
            0: "1",
            NUMBER_AT[account.bank]: one.number,
            108: one.code,
            110: f"{one.on:%d%m%y}",
            146: f"{one.on:%d%m%y}",
            152: f"{one.title_cents:013}",
            175: "0" * 13,
            253: f"{one.paid_cents:013}",
            295: f"{on:%d%m%y}",
            (377 if account.bank == "341" else 318): one.reasons,
        }
        parts |= (
            {17: account.agency.zfill(4), 23: account.number.zfill(5) + account.digit}
            if account.bank == "341"
            else {24: account.agency.zfill(5), 29: account.number.zfill(7) + account.digit}
        )
        lines.append(_line(400, parts))
    return [*lines, _line(400, {0: "9201"})]


def _file_240(account: Account, told: Sequence[Told], sequence: int, on: date) -> list[str]:
    bank = account.bank
    header = {0: f"{bank}00000", 142: "2", 143: f"{on:%d%m%Y}", 157: f"{sequence:06}"}
    lines = [_line(240, header), _line(240, {0: f"{bank}00011T01"})]
    for at, one in enumerate(told):
        lines.append(_line(240, _segment_t(account, one, at * 2 + 1)))
        lines.append(
            _line(
                240,
                {
                    0: f"{bank}00013{at * 2 + 2:05}U",
                    15: one.code,
                    17: "0" * 60,
                    77: f"{one.paid_cents:015}",
                    92: f"{one.paid_cents:015}",
                    107: "0" * 30,
                    137: f"{one.on:%d%m%Y}",
                    145: f"{on:%d%m%Y}",
                },
            )
        )
    return [*lines, _line(240, {0: f"{bank}00015"}), _line(240, {0: f"{bank}99999"})]


def _segment_t(account: Account, one: Told, number: int) -> dict[int, str]:
    bank = account.bank
    parts = {0: f"{bank}00013{number % 100_000:05}T", 15: one.code}
    if bank == "033":
        return parts | {
            17: account.agency.zfill(4),
            22: account.number.zfill(9) + account.digit,
            40: one.number,
            69: f"{one.on:%d%m%Y}",
            77: f"{one.title_cents:015}",
            193: "0" * 15,
            208: one.reasons,
        }
    return parts | {
        17: account.agency.zfill(5),
        23: account.number.zfill(12) + account.digit,
        37: one.number.zfill(10) if bank == "756" else one.number,
        73: f"{one.on:%d%m%Y}",
        81: f"{one.title_cents:015}",
        198: "0" * 15,
        213: one.reasons,
    }


def _line(size: int, parts: dict[int, str]) -> str:
    signs = [" "] * size
    for at, text in parts.items():
        signs[at : at + len(text)] = text
    return "".join(signs)
