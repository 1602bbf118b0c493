"""Boletos: issued many at once, and what the bank has to be told of them. A journey owns it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q, QuerySet

from vigente.billing.models import Invoice, Receivable
from vigente.customers.models import Address
from vigente.domain import boleto_orders, money
from vigente.domain.boleto_orders import Known, Owed
from vigente.domain.codes import BoletoStatus, OrderKind
from vigente.gateways.boleto.banks import BANKS
from vigente.gateways.boleto.port import Account, Asked, BoletoRefused, Boletos, Order, Payer
from vigente.payments.bank_models import (
    STANDING,
    BankAccount,
    Boleto,
    BoletoOrder,
    Remittance,
)


class NothingToSend(ValueError):
    """Não há nada para enviar ao banco."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that the bank has to be asked for."""

    kind: OrderKind
    boleto: Boleto


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A receivable of which no boleto could be made, and why."""

    receivable_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Issued:
    """The boletos that were made, and what was left out."""

    boletos: tuple[Boleto, ...]
    left_out: tuple[LeftOut, ...]


def maker() -> Boletos:
    """Return who makes boletos."""
    # its library takes a while to load, and most processes print none
    from vigente.gateways.boleto.pycobranca_boletos import PyCobrancaBoletos  # noqa: PLC0415

    return PyCobrancaBoletos()


def facts(account: BankAccount) -> Account:
    """Return the account as a maker of boletos knows it."""
    return Account(
        bank=account.bank,
        agency=account.agency,
        number=account.number,
        digit=account.digit,
        carteira=account.carteira,
        code=account.code,
        extra=account.extra,
        holder_name=account.holder_name,
        holder_tax_id=account.holder_tax_id,
    )


def held(account_id: int) -> BankAccount:
    """Return the account, held until the transaction ends: its numbers are given one by one."""
    return BankAccount.objects.select_for_update(of=("self",)).select_related("wallet").get(
        pk=account_id
    )  # fmt: skip


def without_boleto(
    account: BankAccount, *, due_from: date, due_until: date
) -> QuerySet[Receivable]:
    """Return what is owed to the wallet in these days and was never asked for by a boleto.

    One whose boleto the bank refused is issued again by hand, once the reason is dealt with.
    """
    return (
        Receivable.objects.filter(
            wallet_id=account.wallet_id,
            cancelled_on=None,
            amount_cents__gt=F("received_cents") + F("discounted_cents"),
            due_on__range=(due_from, due_until),
        )
        .exclude(pk__in=Boleto.objects.filter(account=account).values("receivable_id"))
        .order_by("due_on", "pk")
    )


def issue(account: BankAccount, receivables: Sequence[Receivable], *, today: date) -> Issued:
    """Make a boleto of each receivable; the account is held (see `held`)."""
    make, known, payers = maker(), facts(account), payers_of(receivables)
    made: list[Boleto] = []
    left_out: list[LeftOut] = []
    for receivable in receivables:
        try:
            payer = payers.get(receivable.pk)
            _refuse(receivable, payer, today=today)
            number = make.number(known, _next_number(account, today=today), issued_on=today)
            boleto = Boleto(
                account=account,
                receivable=receivable,
                number=number,
                issued_on=today,
                due_on=receivable.due_on,
                amount_cents=receivable.open_cents,
            )
            _print(boleto, make=make, account=known)
        except BoletoRefused as refused:
            left_out.append(LeftOut(receivable.pk, str(refused)))
        else:
            account.next_number += 1
            made.append(boleto)
    account.save(update_fields=["next_number", "numbered_year"])
    return Issued(tuple(Boleto.objects.bulk_create(made, batch_size=1000)), tuple(left_out))


def bring_up_to_date(account: BankAccount) -> None:
    """Let boletos that the bank was not told of ask for what is owed now, or for nothing."""
    make, known = maker(), facts(account)
    changed = []
    waiting = account.boletos.filter(status=BoletoStatus.TO_REGISTER.value)
    for boleto in waiting.select_related("receivable").select_for_update(of=("self",)):
        owed = _owed(boleto.receivable)
        if not owed.open_cents:
            boleto.status = BoletoStatus.CANCELLED.value
        elif (owed.due_on, owed.open_cents) != (boleto.due_on, boleto.amount_cents):
            boleto.due_on, boleto.amount_cents = owed.due_on, owed.open_cents
            _print(boleto, make=make, account=known)
        else:
            continue
        changed.append(boleto)
    _write(changed)


def wanted(account: BankAccount) -> list[Wanted]:
    """Return what the bank has to be asked for now, the oldest boleto first."""
    standing = account.boletos.filter(status__in=STANDING).filter(
        Q(status=BoletoStatus.TO_REGISTER.value)
        | Q(receivable__cancelled_on__isnull=False)
        | ~Q(due_on=F("receivable__due_on"))
        | ~Q(
            receivable__amount_cents=F("amount_cents")
            + F("receivable__received_cents")
            + F("receivable__discounted_cents")
        )
    )
    return [
        Wanted(kind, boleto)
        for boleto in standing.select_related("receivable__customer", "account__wallet").order_by(
            "pk"
        )
        for kind in boleto_orders.orders(_known(boleto), _owed(boleto.receivable))
    ]


def send(
    account: BankAccount,
    asked_for: Sequence[Wanted],
    *,
    today: date,
    at: datetime,
    by_user_id: int | None,
    by_name: str,
) -> Remittance:
    """Write a remittance; from then on its boletos say what it tells the bank.

    :raises NothingToSend: where there is nothing.
    :raises BoletoRefused: where no file can be made of it.
    """
    if not asked_for:
        raise NothingToSend("Não há nada para enviar ao banco até este vencimento.")
    make, known = maker(), facts(account)
    payers = payers_of([one.boleto.receivable for one in asked_for])
    orders = []
    for one in asked_for:
        _let_it_say(one, make=make, account=known)
        orders.append(Order(one.kind, asked(one.boleto, payers.get(one.boleto.receivable_id))))
    content = make.remittance(known, orders, sequence=account.next_remittance, today=today)
    remittance = Remittance.objects.create(
        account=account,
        sequence=account.next_remittance,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        count=len(orders),
        at=at,
        by_user_id=by_user_id,
        by_name=by_name,
    )
    account.next_remittance += 1
    account.save(update_fields=["next_remittance"])
    BoletoOrder.objects.bulk_create(
        [
            BoletoOrder(
                remittance=remittance,
                boleto=one.boleto,
                kind=one.kind.value,
                due_on=one.boleto.due_on,
                amount_cents=one.boleto.amount_cents,
            )
            for one in asked_for
        ],
        batch_size=1000,
    )
    _write({one.boleto.pk: one.boleto for one in asked_for}.values())
    return remittance


def asked(boleto: Boleto, payer: Payer | None) -> Asked:
    """Return a boleto as it is printed and sent."""
    wallet, receivable = boleto.account.wallet, boleto.receivable
    discount = receivable.discount_until_due_cents - receivable.discounted_cents
    notes = []
    if discount > 0:
        notes.append(f"Até o vencimento, desconto de {money.brl(discount)}.")
    if wallet.fine_percent or wallet.interest_percent_month:
        notes.append(
            f"Após o vencimento, multa de {_percent(wallet.fine_percent)} % e juros de "
            f"{_percent(wallet.interest_percent_month)} % ao mês."
        )
    return Asked(
        number=boleto.number,
        reference=str(boleto.receivable_id),
        issued_on=boleto.issued_on,
        due_on=boleto.due_on,
        amount_cents=boleto.amount_cents,
        payer=payer,
        fine_percent=wallet.fine_percent,
        interest_percent_month=wallet.interest_percent_month,
        discount_cents=discount if 0 < discount < boleto.amount_cents else 0,
        notes=tuple(notes),
    )


def payers_of(receivables: Collection[Receivable]) -> Mapping[int, Payer]:
    """Return who pays each receivable and where it is billed to; without a place there is none."""
    customers = {one.pk: one.customer_id for one in receivables}
    places: dict[int, Address] = {}
    main: dict[int, Address] = {}
    for address in Address.objects.filter(customer_id__in=set(customers.values())).order_by(
        "is_main", "-pk"
    ):
        main[address.customer_id] = address
    invoices = Invoice.objects.filter(
        receivable_id__in=list(customers), cancelled_on=None
    ).select_related("contract__address")
    for invoice in invoices.order_by("-pk"):
        installed_at = invoice.contract.address
        if invoice.receivable_id is not None and installed_at is not None:
            places[invoice.receivable_id] = installed_at
    told = {}
    for receivable in receivables:
        there = places.get(receivable.pk)
        if there is None or there.customer_id != receivable.customer_id:
            there = main.get(receivable.customer_id)
        if there is not None:
            told[receivable.pk] = _payer(receivable, there)
    return told


def _write(changed: Collection[Boleto]) -> None:
    """Write what boletos say now, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_boleto b SET status = s.status, due_on = s.due_on,"
            " amount_cents = s.cents, line = s.line, barcode = s.barcode"
            " FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::text[],"
            " %s::text[]) s (id, status, due_on, cents, line, barcode) WHERE b.id = s.id",
            [
                [one.pk for one in changed],
                [one.status for one in changed],
                [one.due_on for one in changed],
                [one.amount_cents for one in changed],
                [one.line for one in changed],
                [one.barcode for one in changed],
            ],
        )


def _payer(receivable: Receivable, place: Address) -> Payer:
    return Payer(
        name=receivable.customer.name,
        tax_id=receivable.customer.tax_id,
        street=str(place),
        district=place.district,
        city=place.city,
        uf=place.uf,
        postal_code=place.postal_code,
    )


def _refuse(receivable: Receivable, payer: Payer | None, *, today: date) -> None:
    if payer is None or not payer.postal_code:
        raise BoletoRefused("O endereço do cliente não tem CEP, que o banco exige.")
    if receivable.due_on < today:
        raise BoletoRefused("Está vencida, e o banco só registra o que vence: prorrogue-a antes.")
    if receivable.cancelled_on is not None or not receivable.open_cents:
        raise BoletoRefused("Não está em aberto.")


def _next_number(account: BankAccount, *, today: date) -> int:
    if BANKS[account.bank].yearly and account.numbered_year != today.year:
        account.numbered_year, account.next_number = today.year, 1
    return account.next_number


def _print(boleto: Boleto, *, make: Boletos, account: Account) -> None:
    """Let the boleto say its barcode and line, for its due date and amount."""
    title = make.title(account, asked(boleto, None))
    boleto.printed_number = title.printed_number
    boleto.line, boleto.barcode = title.line, title.barcode


def _let_it_say(one: Wanted, *, make: Boletos, account: Account) -> None:
    boleto, owed = one.boleto, _owed(one.boleto.receivable)
    match one.kind:
        case OrderKind.REGISTER:
            boleto.status = BoletoStatus.SENT.value
        case OrderKind.CANCEL:
            boleto.status = BoletoStatus.CANCELLED.value
        case OrderKind.CHANGE_DUE:
            boleto.due_on = owed.due_on
            _print(boleto, make=make, account=account)
        case OrderKind.CHANGE_AMOUNT:
            boleto.amount_cents = owed.open_cents
            _print(boleto, make=make, account=account)


def _known(boleto: Boleto) -> Known:
    return Known(
        status=BoletoStatus(boleto.status),
        due_on=boleto.due_on,
        amount_cents=boleto.amount_cents,
    )


def _owed(receivable: Receivable) -> Owed:
    is_cancelled = receivable.cancelled_on is not None
    return Owed(due_on=receivable.due_on, open_cents=0 if is_cancelled else receivable.open_cents)


def _percent(number: Decimal) -> str:
    return f"{number:.2f}".replace(".", ",")
