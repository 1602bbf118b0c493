"""Numbers, barcodes and slips, as `pycobranca` makes them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from pycobranca.bancos.base import REGISTRO, BancoBase
from pycobranca.exceptions import PyCobrancaError
from pycobranca.render import render_boleto_pdf, render_carne_pdf

from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.port import Account, Asked, BoletoRefused, Title

BYTE_OF_BENEFICIARY = "2"  # Sicredi: the beneficiary numbers, not the agency


def check(account: Account) -> None:
    """Refuse an account of which no boleto can be made."""
    _refuse_fields(account)
    sample = Asked(
        number=number(account, 1, issued_on=date(2026, 1, 2)),
        reference="1",
        issued_on=date(2026, 1, 2),
        due_on=date(2026, 2, 2),
        amount_cents=1,
    )
    title(account, sample)


def number(account: Account, sequence: int, *, issued_on: date) -> str:
    """Return the number that the files carry, with its check digit where they carry it."""
    bank = BANKS[account.bank]
    if not 0 < sequence <= bank.most:
        raise BoletoRefused(
            f"Os números do {bank.name} acabaram ({bank.most}). Abra outra carteira no banco e "
            "cadastre-a aqui."
        )
    made = _made(account, str(sequence), issued_on=issued_on)
    try:
        return _carried(account.bank, made.nosso_numero_formatado())
    except PyCobrancaError as refused:
        raise BoletoRefused(why(refused)) from refused


def title(account: Account, asked: Asked) -> Title:
    """Return number, barcode and line as they are printed."""
    made = _asked(account, asked, with_payer=False)
    try:
        barcode = made.codigo_barras
        return Title(made.nosso_numero_formatado(), barcode, made.linha_digitavel)
    except PyCobrancaError as refused:
        raise BoletoRefused(why(refused)) from refused


def slip(account: Account, asked: Asked) -> bytes:
    """Return a page to be paid."""
    try:
        return bytes(render_boleto_pdf(_asked(account, asked).contexto_render()))
    except PyCobrancaError as refused:
        raise BoletoRefused(why(refused)) from refused


def booklet(account: Account, asked: Sequence[Asked]) -> bytes:
    """Return a carnê, three boletos a page."""
    try:
        parts = [_asked(account, one).contexto_render() for one in asked]
        return bytes(render_carne_pdf({"parcelas": parts}))
    except PyCobrancaError as refused:
        raise BoletoRefused(why(refused)) from refused


def sequence_in(bank: str, carried: str) -> str:
    """Return the part of a carried number that counts, without prefix and check digit."""
    match bank:
        case "341":
            return carried
        case "001":
            return carried[7:]
        case "748":
            return carried[3:-1]
        case _:
            return carried[:-1]


def _carried(bank: str, printed: str) -> str:
    """Return the number as the files carry it, from the printed one.

    Itaú's files leave the check digit out; the carteira before the bar is printed, never carried.
    """
    after_the_bar = printed if bank == "748" else printed.rsplit("/", 1)[-1]
    digits = "".join(sign for sign in after_the_bar if sign.isalnum())
    return digits[:-1] if bank == "341" else digits


def _asked(account: Account, asked: Asked, *, with_payer: bool = True) -> BancoBase:
    made = _made(account, sequence_in(account.bank, asked.number), issued_on=asked.issued_on)
    made.valor = Decimal(asked.amount_cents) / 100
    made.data_vencimento = asked.due_on
    made.numero_documento = asked.reference
    made.instrucoes = list(asked.notes)
    if with_payer and asked.payer is not None:
        payer = asked.payer
        made.sacado, made.sacado_documento = payer.name, payer.tax_id
        place = (payer.street, payer.district, f"{payer.city}/{payer.uf}", payer.postal_code)
        made.sacado_endereco = " · ".join(part for part in place if part)
    return made


def _made(account: Account, sequence: str, *, issued_on: date) -> BancoBase:
    kind = REGISTRO[account.bank]
    return kind(
        cedente=account.holder_name,
        cedente_documento=account.holder_tax_id,
        agencia=account.agency,
        conta=account.number,
        carteira=account.carteira,
        convenio=account.code if account.bank != "237" else "",
        posto=account.extra if account.bank == "748" else "",
        byte_idt=BYTE_OF_BENEFICIARY if account.bank == "748" else "",
        nosso_numero=sequence,
        data_documento=issued_on,
        data_vencimento=issued_on + timedelta(days=1),
        valor="1",
    )


def _refuse_fields(account: Account) -> None:
    bank = BANKS[account.bank]
    if account.carteira not in bank.carteiras:
        raise BoletoRefused(f"Carteira do {bank.name}: use uma de {', '.join(bank.carteiras)}.")
    limits = (
        ("Agência", account.agency, (1, 4)),
        ("Conta", account.number, (1, bank.account_digits)),
        ("Dígito da conta", account.digit, (1, 1)),
        (bank.code_word, account.code, bank.code_digits),
        (bank.extra_word, account.extra, bank.extra_digits),
    )
    for word, text, (least, most) in limits:
        if not word and text:
            raise BoletoRefused(f"O {bank.name} não usa «{text}»: deixe o campo vazio.")
        if word and (not (text.isascii() and text.isdigit()) or not least <= len(text) <= most):
            size = f"{least}" if least == most else f"de {least} a {most}"
            raise BoletoRefused(f"{word} no {bank.name}: {size} dígitos, só números.")


def why(refused: PyCobrancaError) -> str:
    """Return what the library found wrong, as a sentence."""
    told = getattr(refused, "erros", None)
    text = "; ".join(told) if isinstance(told, list) and told else str(refused)
    return f"{text[:1].upper()}{text[1:]}."
