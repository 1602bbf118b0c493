"""A return file of many payments for measurements: boletos registered, all paid, read at once."""

import time

from vigente.audit.actor import SYSTEM
from vigente.catalog.models import Wallet
from vigente.cli import bench_provider, close_month
from vigente.customers.models import Address
from vigente.gateways.boleto import fake
from vigente.gateways.boleto.fake import Told
from vigente.journeys import bank_returns
from vigente.journeys import boletos as journey
from vigente.payments import boletos
from vigente.payments.bank_models import BankAccount, ReturnRecord
from vigente.payments.models import Receipt

NOW, TODAY = bench_provider.NOW, bench_provider.TODAY
UNTIL = TODAY.replace(year=TODAY.year + 1)


def make(records: int) -> tuple[int, float]:
    """Invoice, send boletos to the bank and upload a file that pays all.

    Return its id, and the seconds that the boletos and their remittance took.
    """
    close_month.write_chunks(bench_provider.make(records).pk)
    Address.objects.update(postal_code="36000000")
    account = BankAccount.objects.create(
        wallet=Wallet.objects.get(),
        bank="341",
        agency="1234",
        number="56789",
        digit="0",
        carteira="109",
        holder_name="Serra Clara Telecom",
        holder_tax_id="11222333000181",
    )
    began = time.perf_counter()
    journey.send(account.pk, due_until=UNTIL, by=SYSTEM, now=NOW, today=TODAY)
    seconds = time.perf_counter() - began
    told = [
        Told(number=number, code="06", on=TODAY, title_cents=cents, paid_cents=cents)
        for number, cents in account.boletos.values_list("number", "amount_cents")
    ]
    content = fake.answer(boletos.facts(account), told, sequence=1, on=TODAY)
    file = bank_returns.receive(account.pk, content, name="bench.ret", by=SYSTEM, now=NOW)
    return file.pk, seconds


def read(file_id: int) -> None:
    """Read the file to its end."""
    bank_returns.begin(file_id, now=NOW)
    while bank_returns.read_chunk(file_id, now=NOW):
        pass


def written() -> dict[str, float]:
    """Return what the reading wrote."""
    return {
        "receipts": Receipt.objects.filter(channel="BANK").count(),
        "paid_records": ReturnRecord.objects.filter(outcome="PAID").count(),
    }
