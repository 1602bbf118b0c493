"""Remittance files, as `pycobranca` writes them.

It writes a number as it is given, so each bank gets the form that its file carries, and its own
check digit only where the library does not add it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pycobranca import cnab
from pycobranca.exceptions import PyCobrancaError

from vigente.gateways.boleto import titles
from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.port import Account, BoletoRefused, Order

ADDS_ITS_OWN_DIGIT = frozenset({"237", "033", "001"})
CENT = Decimal("0.01")


def write(account: Account, orders: Sequence[Order], *, sequence: int, today: date) -> bytes:
    """Return the file that asks the bank for all of it."""
    try:
        text: str = _file(account, orders, sequence=sequence, today=today).gera_arquivo()
    except PyCobrancaError as refused:
        raise BoletoRefused(titles.why(refused)) from refused
    return text.encode("ascii")


def _file(account: Account, orders: Sequence[Order], *, sequence: int, today: date) -> Any:
    common: dict[str, Any] = {
        "pagamentos": [_payment(account, order) for order in orders],
        "empresa_mae": account.holder_name,
        "agencia": account.agency,
        "conta_corrente": account.number,
        "digito_conta": account.digit,
        "documento_cedente": account.holder_tax_id,
        "sequencial_remessa": str(sequence),
    }
    if BANKS[account.bank].record == 400:
        common |= {"data_geracao": today, "carteira": account.carteira}
    else:
        common |= {"data_geracao_fixa": f"{today:%d%m%Y}", "hora_geracao_fixa": "000000"}
    match account.bank:
        case "341":
            return cnab.RemessaItau400(**common)
        case "237":
            return cnab.RemessaBradesco400(**common, codigo_empresa=account.code)
        case "001":
            return cnab.RemessaBancoBrasil240(
                **common,
                carteira=account.carteira,
                convenio=account.code,
                variacao=account.extra,
            )
        case "756":
            return cnab.RemessaSicoob240(
                **common,
                convenio=account.code,
                modalidade_carteira=account.carteira.zfill(2),
            )
        case "748":
            return cnab.RemessaSicredi240(
                **common, convenio=account.code, codigo_carteira=account.carteira
            )
        case "033":
            return cnab.RemessaSantander240(
                **common, convenio=account.code, codigo_transmissao=account.extra
            )
    raise AssertionError(account.bank)


def _payment(account: Account, order: Order) -> Any:
    asked, payer = order.asked, order.asked.payer
    if payer is None:
        raise BoletoRefused(f"Conta {asked.reference}: o cliente não tem endereço.")
    bank = BANKS[account.bank]
    amount = Decimal(asked.amount_cents) / 100
    more: dict[str, Any] = {}
    a_day = (amount * asked.interest_percent_month / 3000).quantize(CENT, ROUND_HALF_UP)
    if asked.interest_percent_month and bank.record == 240:
        more |= {"tipo_mora": "2", "percentual_mora": asked.interest_percent_month}
    elif a_day:
        more |= {"tipo_mora": "1", "valor_mora": a_day}
    if asked.fine_percent:
        more |= {"codigo_multa": "2", "percentual_multa": asked.fine_percent}
    if asked.discount_cents:
        more |= {
            "cod_desconto": "1",
            "data_desconto": asked.due_on,
            "valor_desconto": Decimal(asked.discount_cents) / 100,
        }
    payment = cnab.Pagamento(
        nosso_numero=_sent(account.bank, asked.number),
        identificacao_ocorrencia=bank.orders[order.kind],
        data_vencimento=asked.due_on,
        data_emissao=asked.issued_on,
        valor=amount,  # type: ignore[arg-type]  # a Decimal is taken, though typed float
        numero=asked.reference[-10:],
        documento=asked.reference[-10:],
        documento_sacado=payer.tax_id,
        nome_sacado=payer.name,
        endereco_sacado=payer.street,
        bairro_sacado=payer.district,
        cidade_sacado=payer.city,
        uf_sacado=payer.uf,
        cep_sacado=payer.postal_code,
        **more,
    )
    try:
        payment.validar()
    except PyCobrancaError as refused:
        raise BoletoRefused(f"Conta {asked.reference}: {titles.why(refused)}") from refused
    return payment


def _sent(bank: str, carried: str) -> str:
    """Return the number as the library wants it, so that the file carries `carried`."""
    return titles.sequence_in(bank, carried) if bank in ADDS_ITS_OWN_DIGIT else carried
