"""A provider of any size for measurements of screens, made set-wise and the same every time.

What makes searches slow is here on purpose: common names and rare ones, a branch that was bought
as one block, plans that were sold for some years only, old contracts that ended, new ones that
have not begun, due days that hardly anybody has.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from vigente.catalog.models import BillingType, PaymentTerms, Product, SalePlan, Wallet
from vigente.domain.codes import ProductKind, TaxClass
from vigente.domain.schedule import DueRule, PeriodBase, Timing
from vigente.staff.models import Branch

BRANCHES = ("Matriz", "Norte", "Sul", "Leste", "Oeste", "Vale", "Serra", "Litoral")
BOUGHT, TINY = BRANCHES.index("Vale"), BRANCHES.index("Litoral")
PLANS = 60
RARE_PLAN, UNSOLD_PLAN = PLANS - 2, PLANS - 1
FIRST_NAMES = (
    "Maria José Ana João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Luís Gabriel Rafael"
    " Daniel Marcelo Bruno Eduardo Felipe Adriana Juliana Márcia Fernanda Patrícia Aline Sandra"
    " Camila Amanda Bruna Jéssica Letícia Júlia Luciana Vanessa Mariana Gabriela Vera Vitória"
    " Larissa Cláudia Beatriz Rita Luana Sônia Renata Eliane Josefa Simone Natália Cristiane Carla"
    " Débora Rosângela Jaqueline Rosa Daniela Marlene Terezinha Raimunda Conceição Açucena"
)
LAST_NAMES = (
    "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins"
    " Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira"
    " Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana Teixeira Araújo Pinto"
    " Moura Cavalcanti Monteiro Batista Campos Castro Azevedo Cunha Correia Melo Farias Duarte"
    " Assunção Peçanha Quaresma Galvão Bittencourt Damasceno Salgueiro Torquato Paranhos"
)
BEGINNINGS = "Zam Bor Fal Gri Dal Pez Mag Tri Stef Bert Cas Man Bra Vendr Tess Pian Ross Carn"
ENDINGS = "belli toni chetti netti zzoni gatti sseri lotti ndrini vanelli ceri stelli polli ratti"
TRADES = "Padaria Mercearia Farmácia Oficina Clínica Escola Academia Restaurante Pousada Papelaria"

# Which of `words`: the first are the most common.
ONE_OF = """
CREATE FUNCTION pg_temp.one_of(words text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT words[1 + floor(power(random(), 2.2) * cardinality(words))::int] $$
"""

CUSTOMERS = """
INSERT INTO customers_customer
  (branch_id, kind, tax_id, name, trade_name, note, is_active, created_at)
SELECT (%(branches)s::bigint[])[1 + CASE WHEN n %% 2000 = 7 THEN %(tiny)s
    ELSE (ARRAY[0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6])[1 + n %% 12] END],
  CASE WHEN company THEN 'COMPANY' ELSE 'PERSON' END,
  lpad(n::text, CASE WHEN company THEN 14 ELSE 11 END, '0'),
  CASE WHEN company THEN pg_temp.one_of(%(trades)s) || ' ' || person.last || ' Ltda'
       ELSE pg_temp.one_of(%(first)s)
            || CASE WHEN n %% 3 = 0 THEN ' ' || pg_temp.one_of(%(first)s) ELSE '' END
            || (ARRAY[' ', ' ', ' da ', ' de '])[1 + n %% 4] || person.last
            || CASE WHEN n %% 2 = 0 THEN ' ' || pg_temp.one_of(%(last)s) ELSE '' END END,
  CASE WHEN n %% 24 = 0 THEN pg_temp.one_of(%(trades)s) || ' Central' ELSE '' END, '',
  n %% 40 <> 3, %(now)s
FROM generate_series(1, %(customers)s) n,
LATERAL (SELECT n %% 12 = 0 AS company) c,
LATERAL (SELECT CASE WHEN random() < 0.05 AND n > 0 THEN pg_temp.one_of(%(rare)s)
                     ELSE pg_temp.one_of(%(last)s) END AS last) person
"""

ADDRESSES = """
INSERT INTO customers_address
  (customer_id, street, number, complement, district, city, uf, postal_code, is_main)
SELECT id, 'Rua das Medidas', id %% 900 + 1, '', 'Centro', 'Serra Clara', 'MG', '', true
FROM customers_customer
"""

CONTACTS = """
INSERT INTO customers_contact (customer_id, kind, value)
SELECT id, 'PHONE', '319' || lpad((id * 7919 %% 100000000)::text, 8, '0') FROM customers_customer
UNION ALL
SELECT id, 'EMAIL', 'x' || id || '@example.com' FROM customers_customer
"""

# `age` runs from 0, the oldest contract, to 1, the newest; one in ten is somebody's second.
CONTRACTS = """
INSERT INTO contracts_contract
  (code, customer_id, branch_id, address_id, wallet_id, billing_type_id, due_day, status,
   created_at, activated_on, billing_starts_on, imported_billed_until, ends_on, renews,
   loyalty_months, loyalty_benefit_cents, activation_fee_cents, activation_instalments, note)
SELECT CASE WHEN age < 0.5 THEN 'L' || n END, owner, branch, owner, %(wallet)s, %(type)s,
  due_day, status, %(now)s, activated_on, activated_on, NULL,
  CASE WHEN status = 'INACTIVE' THEN activated_on + 300 END, true, 12, 0, 0, 1, ''
FROM generate_series(1, %(contracts)s) n,
LATERAL (SELECT n::float8 / %(contracts)s AS age, random() AS chance) a,
LATERAL (SELECT CASE WHEN n %% 10 = 0 THEN 1 + floor(random() * (n - n / 10))::int
                     ELSE n - n / 10 END AS owner) o,
LATERAL (SELECT CASE
    WHEN age > 0.99 THEN CASE WHEN chance < 0.6 THEN 'PRE' WHEN chance < 0.7 THEN 'WITHDRAWN'
                              ELSE 'ACTIVE' END
    WHEN chance < 0.4 - 0.4 * age THEN 'INACTIVE'
    WHEN chance > 0.985 THEN 'LISTED' ELSE 'ACTIVE' END AS status) s,
LATERAL (SELECT (%(branches)s::bigint[])[1 + CASE WHEN age BETWEEN 0.3 AND 0.42 THEN %(bought)s
    WHEN n %% 2000 = 7 THEN %(tiny)s
    ELSE (ARRAY[0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 6])[1 + floor(random() * 11)::int] END] AS branch) b,
LATERAL (SELECT CASE WHEN n %% 4000 = 11 THEN 31 ELSE (ARRAY[5, 5, 5, 5, 10, 10, 10, 10, 10, 10,
    15, 15, 15, 20, 20, 25, 25, 1, 28, 30])[1 + floor(random() * 20)::int] END AS due_day) d,
LATERAL (SELECT CASE WHEN status NOT IN ('PRE', 'WITHDRAWN')
    THEN %(today)s::date - 60 - ((1 - age) * 3650)::int END AS activated_on) t
ORDER BY n
"""

PLANS_OF_CONTRACTS = """
INSERT INTO contracts_contractplan (contract_id, sale_plan_id, starts_on, ends_on)
SELECT id, (%(plans)s::bigint[])[1 + CASE WHEN id %% 20000 = 13 THEN %(rare_plan)s
    ELSE floor(id::float8 / %(contracts)s * 42 + power(random(), 2) * 15)::int END],
  coalesce(activated_on, %(today)s), ends_on
FROM contracts_contract
"""

ITEMS = """
INSERT INTO contracts_contractitem
  (contract_id, contract_plan_id, kind, product_id, description, quantity, price_cents, charge,
   charges_before, starts_on, ends_on, prorate, only_if_paid_by_due, origin, explanation)
SELECT p.contract_id, CASE WHEN k.kind = 'PLAN' THEN p.id END, k.kind, k.product, k.description,
  1, k.cents, 'RECURRING', 0, p.starts_on, p.ends_on, true, false, 'IMPORT', ''
FROM contracts_contractplan p,
LATERAL (VALUES ('PLAN', %(internet)s, 'Fibra 400 Mega', 5990 + p.contract_id %% 9000, 1),
                ('PLAN', %(internet)s, 'Banca digital e antivírus', 2990, 1),
                ('DISCOUNT', %(internet)s, 'Desconto Indique um amigo', 1000, 5))
  k (kind, product, description, cents, every)
WHERE p.contract_id %% k.every = 0
"""

# Half of the active contracts have the invoices of the last four months. Those that are late
# owe the last one to three that are due; of the others some pay after the day.
DRAFTS = """
CREATE TEMPORARY TABLE draft ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY month DESC, c.id) AS id, c.id AS contract_id, c.customer_id,
  c.branch_id, (due - interval '1 month')::date AS period_start, due, 8980 + c.id %% 9000 AS cents,
  due < %(today)s::date AND NOT (abs(hashint8(c.id)) %% 100 < 13
                                 AND due > %(today)s::date - 31 * (1 + c.id %% 3)::int) AS paid
FROM contracts_contract c, generate_series(0, 3) month,
LATERAL (SELECT (date_trunc('month', %(today)s::date) - month * interval '1 month')::date
                + least(c.due_day, 28) - 1 AS due) d
WHERE c.status = 'ACTIVE' AND c.id %% 2 = 0
"""

LINES = """
INSERT INTO billing_invoiceline (invoice_id, number, kind, product_id, tax_class, description,
  quantity, unit_cents, amount_cents, explanation)
SELECT id, k.number, 'PLAN', %(internet)s, 'SCM', k.description, 1, k.cents, k.cents, ''
FROM draft, LATERAL (VALUES (1, 'Fibra 400 Mega', cents - 2990),
                            (2, 'Banca digital e antivírus', 2990)) k (number, description, cents)
"""

INVOICES = """
INSERT INTO billing_invoice (id, contract_id, kind, origin, issued_on, period_start, period_end,
  cycle_days, nominal_due_on, due_on, total_cents, discount_until_due_cents, carried_cents,
  receivable_id, covers, cancel_reason)
SELECT id, contract_id, 'PERIOD', 'CLOSE', due - 20, period_start, due, 30, due, due, cents, 0, 0,
  id, true, ''
FROM draft
"""

RECEIVABLES = """
INSERT INTO billing_receivable (id, customer_id, branch_id, wallet_id, issued_on, due_on,
  amount_cents, discount_until_due_cents, received_cents, discounted_cents)
SELECT id, customer_id, branch_id, %(wallet)s, due - 20, due, cents, 0,
  CASE WHEN paid THEN cents ELSE 0 END, 0
FROM draft
"""

# One customer in twenty paid too much once, and has that as credit.
CREDITS = """
INSERT INTO payments_creditentry (customer_id, kind, amount_cents, "on", receipt_id, note)
SELECT id, 'OVERPAYMENT', 500 + id %% 9000, %(today)s::date - 30, id, ''
FROM customers_customer WHERE id %% 20 = 0
"""

STATEMENTS = (
    ONE_OF,
    CUSTOMERS,
    ADDRESSES,
    CONTACTS,
    CONTRACTS,
    PLANS_OF_CONTRACTS,
    ITEMS,
    DRAFTS,
    LINES,
    RECEIVABLES,
    INVOICES,
    CREDITS,
)


def make(contracts: int, *, today: date) -> None:
    """Write contracts, nine customers for ten of them, and invoices for half of them.

    The database's user has to be a superuser, as on the local server.
    """
    facts = _catalog() | {
        "contracts": contracts,
        "customers": contracts - contracts // 10,
        "today": today,
        "now": datetime(today.year, today.month, today.day, tzinfo=UTC),
        "first": FIRST_NAMES.split(),
        "last": LAST_NAMES.split(),
        "rare": [begin + end for begin in BEGINNINGS.split() for end in ENDINGS.split()],
        "trades": TRADES.split(),
        "bought": BOUGHT,
        "tiny": TINY,
        "rare_plan": RARE_PLAN,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        # No trigger and no key is checked: the rows are right as they are made, and receivables
        # come in paid, as they lie after months of closes and payments.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in STATEMENTS:
            cursor.execute(statement, facts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _catalog() -> dict[str, Any]:
    branches = [
        Branch.objects.create(code=f"F{number}", name=name, city="Serra Clara", uf="MG")
        for number, name in enumerate(BRANCHES)
    ]
    internet = Product.objects.create(
        code="INT",
        name="Internet",
        kind=ProductKind.INTERNET.value,
        tax_class=TaxClass.SCM.value,
    )
    billing_type = BillingType.objects.create(
        name="Pós-pago",
        timing=Timing.POSTPAID.value,
        base=PeriodBase.DUE_DATE.value,
        payment_terms=PaymentTerms.objects.create(
            name="Dia fixo", due_rule=DueRule.FIXED_DAY.value
        ),
    )
    plans = [
        SalePlan.objects.create(code=f"P{n}", name=f"Fibra {n + 1}00", billing_type=billing_type)
        for n in range(PLANS)
    ]
    return {
        "branches": _keys(branches),
        "plans": _keys(plans),
        "internet": internet.pk,
        "type": billing_type.pk,
        "wallet": Wallet.objects.create(name="Carteira", branch=branches[0]).pk,
    }


def _keys(rows: Sequence[Branch] | Sequence[SalePlan]) -> list[int]:
    return [row.pk for row in rows]
