"""A customer's electronic signature: its life, its code, and why something is refused."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class SignatureStatus(StrEnum):
    """PENDING -> SIGNED, REFUSED, EXPIRED or CANCELLED; kept also by `signature_request_moves`."""

    PENDING = "PENDING"
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class SignatureProvider(StrEnum):
    """Who takes signatures and seals documents."""

    BUILT_IN = "BUILT_IN"
    SIMULATED = "SIMULATED"


CODE_LASTS = timedelta(minutes=10)
BETWEEN_CODES = timedelta(seconds=60)
WRONG_CODES_AT_MOST = 5  # of one code
CODES_AT_MOST = 8  # of one link: 40 guesses of a million
COPY_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeState:
    """The code that was sent last, if any, and how often a wrong one was typed for it."""

    sent_at: datetime | None
    sent: int = 0
    wrong: int = 0


def ends_at(today: date, *, days: int, time_zone: str) -> datetime:
    """Return the first moment at which a link no longer serves: the last day is served whole.

    >>> ends_at(date(2026, 3, 12), days=15, time_zone="America/Sao_Paulo").isoformat()
    '2026-03-28T00:00:00-03:00'
    """
    end = today + timedelta(days=days + 1)
    return datetime(end.year, end.month, end.day, tzinfo=ZoneInfo(time_zone))


def why_no_code(code: CodeState, *, now: datetime) -> str:
    """Return why no other code is sent; nothing if it is.

    >>> why_no_code(CodeState(sent_at=None), now=datetime(2026, 3, 12))
    ''
    """
    if code.sent >= CODES_AT_MOST:
        return (
            "Já foram enviados todos os códigos deste link. Peça ao provedor um link novo para "
            "assinar."
        )
    if code.sent_at is not None and now - code.sent_at < BETWEEN_CODES:
        return "O código acabou de ser enviado. Espere um minuto antes de pedir outro."
    return ""


def why_code_useless(code: CodeState, *, now: datetime) -> str:
    """Return why the code that was sent last serves no more; nothing if it may still be typed."""
    if code.sent_at is None:
        return "Peça primeiro o código de confirmação."
    if code.wrong >= WRONG_CODES_AT_MOST:
        return "Foram digitados códigos errados demais. Peça outro código."
    if now - code.sent_at >= CODE_LASTS:
        return "Este código venceu: ele vale por 10 minutos. Peça outro código."
    return ""


def masked(address: str) -> str:
    """Return an e-mail or a telephone so that its owner knows it and others learn little.

    >>> masked("marina.alves@example.com"), masked("31987654321")
    ('m•••@example.com', '(31) •••••-4321')
    """
    if "@" in address:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}•••@{host}"
    return f"({address[:2]}) •••••-{address[-4:]}"
