"""A return file of many payments, read as the worker reads it."""

from datetime import UTC, date, datetime

from django.db import connection

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make(records: int) -> int:
    """Make receivables with registered boletos, and upload a file that pays all; return its id."""
    from vigente.audit.actor import Actor
    from vigente.catalog.models import Wallet
    from vigente.gateways.boleto import fake
    from vigente.gateways.boleto.fake import Told
    from vigente.journeys import bank_returns
    from vigente.payments import boletos
    from vigente.payments.bank_models import BankAccount
    from vigente.staff.models import Branch

    branch = Branch.objects.create(code="B", name="Bench", city="Serra Clara", uf="MG")
    account = BankAccount.objects.create(
        wallet=Wallet.objects.create(name="Itaú", branch=branch),
        bank="341",
        agency="1234",
        number="56789",
        digit="0",
        carteira="109",
        holder_name="Serra Clara Telecom",
        holder_tax_id="11222333000181",
    )
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(
                statement,
                {
                    "n": records,
                    "branch": branch.pk,
                    "wallet": account.wallet_id,
                    "account": account.pk,
                },
            )
    told = [
        Told(number=f"{n:08}", code="06", on=TODAY, title_cents=9000, paid_cents=9000)
        for n in range(1, records + 1)
    ]
    content = fake.answer(boletos.facts(account), told, sequence=1, on=TODAY)
    by = Actor(None, "bench")
    return bank_returns.receive(account.pk, content, name="bench.ret", by=by, now=NOW).pk


def read(file_id: int) -> None:
    """Read the file to its end."""
    from vigente.journeys import bank_returns

    bank_returns.begin(file_id, now=NOW)
    while bank_returns.read_chunk(file_id, now=NOW):
        pass


def written() -> dict[str, float]:
    """Return what the reading wrote."""
    from django.db.models import Sum

    from vigente.payments.bank_models import ReturnRecord
    from vigente.payments.models import Receipt

    return {
        "receipts": Receipt.objects.count(),
        "received_cents": Receipt.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0,
        "paid_records": ReturnRecord.objects.filter(outcome="PAID").count(),
    }


_CUSTOMERS = """
INSERT INTO customers_customer
  (branch_id, kind, tax_id, name, trade_name, is_active, created_at, note)
SELECT %(branch)s, 'PERSON', lpad(n::text, 11, '0'), 'Cliente ' || n, '', true, now(), ''
  FROM generate_series(1, %(n)s) n
"""
_RECEIVABLES = """
INSERT INTO billing_receivable
  (customer_id, branch_id, wallet_id, issued_on, due_on, amount_cents,
   discount_until_due_cents, received_cents, discounted_cents)
SELECT id, %(branch)s, %(wallet)s, '2026-02-01', '2026-03-10', 9000, 0, 0, 0
  FROM customers_customer
"""
_BOLETOS = """
INSERT INTO payments_boleto
  (account_id, receivable_id, number, printed_number, line, barcode, issued_on, due_on,
   amount_cents, status, bank_told)
SELECT %(account)s, id, lpad(row_number() OVER (ORDER BY id)::text, 8, '0'), '', '',
       repeat('1', 44), '2026-02-01', '2026-03-10', 9000, 'REGISTERED', ''
  FROM billing_receivable
"""
_STATEMENTS = (_CUSTOMERS, _RECEIVABLES, _BOLETOS, "ANALYZE")
