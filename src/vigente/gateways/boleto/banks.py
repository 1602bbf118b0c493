"""The banks: which file each takes, what it asks of an account, and what its codes mean.

Every bank still has to accept the files of each new account (homologação).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from vigente.domain.codes import AnswerKind, OrderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank: `record` is the length of its lines, `most` its last number (a year, if `yearly`).

    `code_digits` and `extra_digits` are the least and the most digits; (0, 0) asks for none.
    """

    code: str
    name: str
    record: int
    carteiras: tuple[str, ...]
    account_digits: int
    most: int
    orders: Mapping[OrderKind, str]
    answers: Mapping[str, AnswerKind]
    yearly: bool = False
    code_word: str = ""
    code_digits: tuple[int, int] = (0, 0)
    extra_word: str = ""
    extra_digits: tuple[int, int] = (0, 0)


def _codes(**kinds: str) -> Mapping[str, AnswerKind]:
    return {code: AnswerKind(kind) for kind, codes in kinds.items() for code in codes.split()}


def _orders(change_amount: str) -> Mapping[OrderKind, str]:
    return {
        OrderKind.REGISTER: "01",
        OrderKind.CANCEL: "02",
        OrderKind.CHANGE_DUE: "06",
        OrderKind.CHANGE_AMOUNT: change_amount,
    }


# FEBRABAN's C004 and C044, which the banks of CNAB 240 follow
_ORDERS_240 = _orders("47")
_ANSWERS_240 = _codes(
    REGISTERED="02",
    REFUSED="03",
    PAID="06 17",
    WRITTEN_OFF="09",
    CHANGED="14 27",
    CHANGE_REFUSED="26 30",
)

BANKS: Mapping[str, Bank] = {
    bank.code: bank
    for bank in (
        Bank(
            code="341",
            name="Itaú",
            record=400,
            carteiras=("109", "112", "104", "115", "175", "177", "188"),
            account_digits=5,
            most=99_999_999,
            orders=_orders("31"),
            answers=_codes(
                REGISTERED="02",
                REFUSED="03",
                PAID="06 07 08",
                WRITTEN_OFF="09",
                CHANGED="04 14",
                CHANGE_REFUSED="15 16 17",
            ),
        ),
        Bank(
            code="237",
            name="Bradesco",
            record=400,
            carteiras=("09", "03", "06", "19", "21", "22", "25", "26"),
            account_digits=7,
            most=99_999_999_999,
            orders=_orders("31"),
            answers=_codes(
                REGISTERED="02",
                REFUSED="03 24",
                PAID="06 15 17",
                WRITTEN_OFF="09 10",
                CHANGED="12 13 14",
                CHANGE_REFUSED="27 30 32",
            ),
            code_word="Código da empresa",
            code_digits=(1, 20),
        ),
        Bank(
            code="001",
            name="Banco do Brasil",
            record=240,
            carteiras=("17", "11", "12", "15", "16", "18", "31", "51"),
            account_digits=8,
            most=9_999_999_999,
            orders=_ORDERS_240,
            answers=_ANSWERS_240,
            code_word="Convênio",
            code_digits=(7, 7),
            extra_word="Variação da carteira",
            extra_digits=(3, 3),
        ),
        Bank(
            code="756",
            name="Sicoob",
            record=240,
            carteiras=("1", "3"),
            account_digits=11,
            most=9_999_999,
            orders=_ORDERS_240,
            answers=_ANSWERS_240,
            code_word="Código do beneficiário",
            code_digits=(1, 7),
        ),
        Bank(
            code="748",
            name="Sicredi",
            record=240,
            carteiras=("1", "3"),
            account_digits=11,
            most=99_999,
            yearly=True,
            orders=_ORDERS_240,
            answers=_ANSWERS_240,
            code_word="Código do beneficiário",
            code_digits=(5, 5),
            extra_word="Posto",
            extra_digits=(2, 2),
        ),
        Bank(
            code="033",
            name="Santander",
            record=240,
            carteiras=("101", "102", "121"),
            account_digits=9,
            most=999_999_999_999,
            orders=_ORDERS_240,
            answers=_ANSWERS_240,
            code_word="Código do beneficiário",
            code_digits=(1, 7),
            extra_word="Código de transmissão",
            extra_digits=(15, 15),
        ),
    )
}
