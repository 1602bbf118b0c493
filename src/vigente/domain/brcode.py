"""The BR Code of a static Pix: what the payer's bank reads from the QR code, or is pasted.

By the Central Bank's Manual de Padrões para Iniciação do Pix: EMV fields of two digits, two of
length and the value, closed by a CRC-16 (CCITT-FALSE) over all before it.
"""

import re
import unicodedata

GUI = "br.gov.bcb.pix"
LONGEST_NAME, LONGEST_CITY, LONGEST_ID = 25, 15, 25
_CRC_OF_NOTHING, _POLYNOMIAL = 0xFFFF, 0x1021


class BrCodeRefused(ValueError):
    """Não dá para fazer o código do Pix assim."""


def static_code(*, key: str, name: str, city: str, amount_cents: int, reference: str) -> str:
    """Return the code that asks for an amount to be paid to a key.

    `reference` comes back with the payment: up to 25 letters and digits.

    >>> static_code(key="pix@provedor.example", name="Provedor Ltda", city="Belém",
    ...             amount_cents=8990, reference="VG17")[:60]
    '00020126420014br.gov.bcb.pix0120pix@provedor.example52040000'

    :raises BrCodeRefused: without a key, an amount, or a reference of letters and digits.
    """
    if not key or amount_cents <= 0 or not re.fullmatch(r"[A-Za-z0-9]{1,25}", reference):
        raise BrCodeRefused("O código do Pix precisa de chave, valor e identificação.")
    code = "".join(
        (
            _field("00", "01"),
            _field("26", _field("00", GUI) + _field("01", key)),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{amount_cents // 100}.{amount_cents % 100:02d}"),
            _field("58", "BR"),
            _field("59", _plain(name, LONGEST_NAME)),
            _field("60", _plain(city, LONGEST_CITY)),
            _field("62", _field("05", reference)),
            "6304",
        )
    )
    return f"{code}{crc16(code):04X}"


def crc16(text: str) -> int:
    """Return the CRC-16/CCITT-FALSE of a text.

    >>> f"{crc16('123456789'):04X}"
    '29B1'
    """
    crc = _CRC_OF_NOTHING
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ _POLYNOMIAL if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def fields(code: str) -> dict[str, str]:
    """Return the fields of a code, or of a field that holds others, by their two digits.

    >>> fields("5802BR5904Loja")
    {'58': 'BR', '59': 'Loja'}

    :raises BrCodeRefused: where a length does not fit.
    """
    found, rest = {}, code
    while rest:
        tag, length, after = rest[:2], rest[2:4], rest[4:]
        if not length.isdigit() or int(length) > len(after):
            raise BrCodeRefused("Este código do Pix está cortado.")
        found[tag], rest = after[: int(length)], after[int(length) :]
    return found


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _plain(text: str, most: int) -> str:
    """Return a text without accents and signs, which readers of codes may not know."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = " ".join(re.sub(r"[^A-Za-z0-9 .-]", " ", bare).split())
    return kept[:most].strip() or "NAO INFORMADO"[:most]
