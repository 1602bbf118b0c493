"""Contracts for measurements, made set-wise: about 2.2 items and 3.2 lines each."""

from datetime import UTC, date, datetime

from django.db import connection

from vigente.audit.actor import SYSTEM
from vigente.billing import runs
from vigente.billing.facts import Choice
from vigente.billing.models import CloseRun
from vigente.catalog.models import BillingType, PaymentTerms, Product, SalePlan, Wallet
from vigente.domain.close_plan import CloseTerms
from vigente.domain.codes import ProductKind, TaxClass
from vigente.domain.schedule import DueRule, PeriodBase, Timing
from vigente.journeys import month_close
from vigente.staff.models import Branch

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TODAY = date(2026, 11, 1)

CONTRACTS = """
INSERT INTO customers_customer
  (branch_id, kind, tax_id, name, trade_name, note, is_active, created_at)
SELECT %(branch)s, 'PERSON', lpad(n::text, 11, '0'), 'Cliente ' || n, '', '', true, %(now)s
FROM generate_series(1, %(count)s) n;

INSERT INTO customers_address
  (customer_id, street, number, complement, district, city, uf, postal_code, is_main)
SELECT id, 'Rua das Medidas', '1', '', '', 'Serra Clara', 'MG', '', true FROM customers_customer;

INSERT INTO contracts_contract
  (customer_id, branch_id, address_id, wallet_id, billing_type_id, due_day, status, created_at,
   activated_on, billing_starts_on, imported_billed_until, renews, loyalty_months,
   loyalty_benefit_cents, activation_fee_cents, activation_instalments, note)
SELECT a.customer_id, %(branch)s, a.id, %(wallet)s, %(type)s, d.due_day, 'ACTIVE', %(now)s,
  DATE '2025-01-01' + (a.id %% 300)::int, make_date(2026, 10, d.due_day),
  make_date(2026, 10, d.due_day), true, 0, 0, 0, 1, ''
FROM customers_address a,
LATERAL (SELECT (ARRAY[5, 10, 15, 20, 25])[1 + a.id %% 5] AS due_day) d;

INSERT INTO contracts_contractplan (contract_id, sale_plan_id, starts_on)
SELECT id, %(plan)s, activated_on FROM contracts_contract;

INSERT INTO contracts_contractitem
  (contract_id, contract_plan_id, kind, product_id, description, quantity, price_cents, charge,
   charges_before, starts_on, prorate, only_if_paid_by_due, origin, explanation)
SELECT p.contract_id, CASE WHEN k.kind = 'PLAN' THEN p.id END, k.kind, k.product, k.description,
  1, k.cents, 'RECURRING', 0, p.starts_on, true, false, 'IMPORT', ''
FROM contracts_contractplan p,
LATERAL (VALUES ('PLAN', %(internet)s, 'Fibra 400 Mega', 5990 + p.contract_id %% 9000, 1),
                ('PLAN', %(sva)s, 'Banca digital e antivírus', 2990, 1),
                ('ADDITIONAL', %(sva)s, 'Ponto adicional Wi-Fi', 1284, 1),
                ('DISCOUNT', %(internet)s, 'Desconto Indique um amigo', 1000, 5))
  k (kind, product, description, cents, every)
WHERE p.contract_id %% k.every = 0;
"""


def make(count: int, *, size: int = runs.CONTRACTS_PER_CHUNK) -> CloseRun:
    """Write the contracts and begin the close of their November."""
    branch = Branch.objects.create(code="M", name="Medidas", city="Serra Clara", uf="MG")
    internet, sva = (
        Product.objects.create(code=kind.value, name=kind.value, kind=kind.value, tax_class=tax)
        for kind, tax in ((ProductKind.INTERNET, TaxClass.SCM), (ProductKind.SVA, TaxClass.SVA))
    )
    terms = PaymentTerms.objects.create(name="Dia fixo", due_rule=DueRule.FIXED_DAY.value)
    billing_type = BillingType.objects.create(
        name="Pós-pago",
        timing=Timing.POSTPAID.value,
        base=PeriodBase.DUE_DATE.value,
        payment_terms=terms,
    )
    plan = SalePlan.objects.create(code="P", name="Plano", billing_type=billing_type)
    wallet = Wallet.objects.create(name="Carteira", branch=branch)
    with connection.cursor() as cursor:
        for statement in CONTRACTS.split(";\n\n"):
            cursor.execute(
                statement,
                {
                    "branch": branch.pk,
                    "wallet": wallet.pk,
                    "type": billing_type.pk,
                    "plan": plan.pk,
                    "internet": internet.pk,
                    "sva": sva.pk,
                    "count": count,
                    "now": NOW,
                },
            )
        cursor.execute("ANALYZE")
    return month_close.begin(
        terms=CloseTerms(issued_on=TODAY, due_until=date(2026, 11, 30)),
        choice=Choice(),
        reference_month=date(2026, 11, 1),
        by=SYSTEM,
        at=NOW,
        simulated_first=False,
        size=size,
    )


def written(run: CloseRun) -> dict[str, float]:
    """Return how many rows the run wrote."""
    figures = runs.written(run)
    return {
        "invoices": figures.invoices,
        "lines": figures.lines,
        "receivables": figures.receivables,
    }
