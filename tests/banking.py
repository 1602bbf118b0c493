"""A wallet with a bank, what is owed to it, and files that the bank sends back."""

from datetime import UTC, date, datetime

from validate_docbr import CPF

from tests.apps.money import owe
from tests.provider import Provider
from vigente.audit.actor import Actor
from vigente.billing.models import Receivable
from vigente.gateways.boleto import fake
from vigente.gateways.boleto.fake import Told
from vigente.journeys import bank_returns, boletos
from vigente.payments import boletos as payments
from vigente.payments.bank_models import BankAccount, Boleto, ReturnFile

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FINANCE = Actor(1, "Fábio Financeiro")


def bank_account(isp: Provider, *, number: str = "56789") -> BankAccount:
    """Give the provider's wallet an account at Itaú."""
    return BankAccount.objects.create(
        wallet=isp.wallet,
        bank="341",
        agency="1234",
        number=number,
        digit="0",
        carteira="109",
        holder_name="Serra Clara Telecom",
        holder_tax_id="11222333000181",
    )


def owed(isp: Provider, cents: int = 9000, *, due_on: date = date(2026, 3, 10)) -> Receivable:
    """Make a receivable of a customer whom a bank can write to."""
    contract = isp.activate()
    contract.customer.tax_id = CPF().generate()
    contract.customer.save()
    contract.customer.addresses.update(postal_code="36000000", district="Centro")
    return owe(contract, cents, due_on=due_on)


def registered(account: BankAccount, *, until: date = date(2026, 12, 31)) -> list[Boleto]:
    """Send everything to the bank, which registers it."""
    boletos.send(account.pk, due_until=until, by=FINANCE, now=NOW, today=TODAY)
    told = [tell(one, "02") for one in account.boletos.filter(status="SENT")]
    read(account, told, sequence=9_000)
    return list(account.boletos.order_by("pk"))


def tell(boleto: Boleto, code: str = "06", *, paid: int | None = None) -> Told:
    """Return what the bank tells of a boleto; as a rule, that it was paid."""
    cents = boleto.amount_cents if paid is None else paid
    return Told(
        number=boleto.number,
        code=code,
        on=date(2026, 3, 9),
        title_cents=boleto.amount_cents,
        paid_cents=cents if code == "06" else 0,
        reasons="08" if code == "03" else "",
    )


def content(account: BankAccount, told: list[Told], *, sequence: int = 1) -> bytes:
    """Return a return file."""
    return fake.answer(payments.facts(account), told, sequence=sequence, on=TODAY)


def receive(account: BankAccount, file: bytes) -> ReturnFile:
    """Upload a file."""
    return bank_returns.receive(account.pk, file, name="retorno.ret", by=FINANCE, now=NOW)


def carry_on(file: ReturnFile, *, size: int = 2) -> ReturnFile:
    """Read a file as the worker does, as far as it goes."""
    bank_returns.begin(file.pk, now=NOW)
    while bank_returns.read_chunk(file.pk, now=NOW, size=size):
        pass
    file.refresh_from_db()
    return file


def read(account: BankAccount, told: list[Told], *, sequence: int = 1) -> ReturnFile:
    """Upload and read a file."""
    return carry_on(receive(account, content(account, told, sequence=sequence)))
