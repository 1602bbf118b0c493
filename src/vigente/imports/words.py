"""The words of sheets for the codes of the catalog; the first word of a code is how it is told."""

from collections.abc import Mapping
from enum import StrEnum

from vigente.domain.codes import PaymentForm, ProductKind, TaxClass, TemplateKind
from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing
from vigente.imports import cells

TIMINGS = {"pre": Timing.PREPAID, "pos": Timing.POSTPAID}
TIMINGS |= {"pre pago": Timing.PREPAID, "pos pago": Timing.POSTPAID}
BASES = {
    "vencimento": PeriodBase.DUE_DATE,
    "aniversario": PeriodBase.ANNIVERSARY,
    "contrato": PeriodBase.ANNIVERSARY,
    "calendario": PeriodBase.CALENDAR,
}
UNITS = {"meses": PeriodUnit.MONTH, "mes": PeriodUnit.MONTH, "dias": PeriodUnit.DAY}
FIRST = {
    "primeira": FirstInvoice.FIRST,
    "segunda": FirstInvoice.SECOND,
    "nunca": FirstInvoice.NEVER,
}
DIVISORS = {"dias reais": Divisor.ACTUAL, "30 dias": Divisor.THIRTY}
RULES = {
    "dia fixo": DueRule.FIXED_DAY,
    "intervalo": DueRule.INTERVAL,
    "personalizado": DueRule.CUSTOM,
}
KINDS = {
    "internet": ProductKind.INTERNET,
    "telefonia": ProductKind.TELEPHONY,
    "tv": ProductKind.TV,
    "sva": ProductKind.SVA,
    "servico": ProductKind.SERVICE,
    "locacao": ProductKind.RENTAL,
    "taxa": ProductKind.FEE,
}
TAXES = {cells.plain(tax.value): tax for tax in TaxClass} | {
    "locacao": TaxClass.RENTAL,
    "nenhuma": TaxClass.NONE,
}
PAYMENT_FORMS = {
    "boleto": PaymentForm.BOLETO,
    "pix": PaymentForm.PIX,
    "boleto com pix": PaymentForm.BOLETO_PIX,
    "cartao": PaymentForm.CARD,
    "balcao": PaymentForm.COUNTER,
}
TEMPLATE_KINDS = {"contrato": TemplateKind.CONTRACT, "termo": TemplateKind.ADDENDUM}


def word[T: StrEnum](words: Mapping[str, T], code: str) -> str:
    """Return the first word of a code.

    >>> word(TIMINGS, "PREPAID")
    'pre'
    """
    return next(word for word, known in words.items() if known.value == code)
