"""The sheets of a provider itself: branches, catalog and sale plans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from vigente.catalog import billing_rules, sale_plans
from vigente.catalog.billing_rules import BillingTypeFacts, PaymentTermsFacts
from vigente.catalog.models import (
    BillingType,
    PaymentTerms,
    Product,
    SalePlan,
    SalePlanItem,
    Wallet,
)
from vigente.catalog.sale_plans import SalePlanFacts, SalePlanItemFacts
from vigente.documents import actions as documents
from vigente.documents.actions import TemplateFacts
from vigente.documents.models import DocumentTemplate
from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, FirstInvoice
from vigente.imports import cells, telling, words
from vigente.imports.sheets import Column, Context, GoodRow, Problem, Sheet, Values
from vigente.staff.models import Branch, BranchHoliday, Seller

OF_THE_TERMS = {"interval_days": "dias", "custom_dates": "datas"}
OF_THE_PLAN = {
    "": "produto",
    "billing_type_id": "tipo_cobranca",
    "wallet_id": "carteira",
    "activation_product_id": "produto_taxa",
}
OF_THE_TEMPLATE = {"body": "texto"}
OF_THE_TYPE = {
    "period_count": "periodicidade",
    "base": "base",
    "first_divisor": "divisor",
    "payment_terms_id": "condicao",
}

type Known = Mapping[str, Mapping[str, Any]]


def by_word(model: type[models.Model], column: str, words: Iterable[str | None]) -> dict[str, Any]:
    """Return rows of a small table by a code or a name, whatever its case."""
    wanted = {word.lower() for word in words if word}
    found = model._default_manager.alias(word=Lower(column)).filter(word__in=wanted)  # noqa: SLF001
    return {getattr(row, column).lower(): row for row in found}


def named(found: Mapping[str, Any], word: str | None) -> Any:
    """Return the row of that word, or None."""
    return found.get(word.lower()) if word else None


def missing(row: GoodRow, column: str, what: str) -> Problem:
    """Return the problem of a row that names what does not exist."""
    return row.problem(column, f"não existe {what} «{row.values[column]}»; importe antes")


def branches_named(words: Sequence[str]) -> dict[str, int | None]:
    """Return the branches of these codes."""
    found = by_word(Branch, "code", words)
    return {word: found[word.lower()].pk for word in words if word.lower() in found}


def branches_of_wallets(words: Sequence[str]) -> dict[str, int | None]:
    """Return the branch of each wallet of these names."""
    found = by_word(Wallet, "name", words)
    return {word: found[word.lower()].branch_id for word in words if word.lower() in found}


def branches_of_plans(words: Sequence[str]) -> dict[str, int | None]:
    """Return the branch of each sale plan of these codes."""
    found = by_word(SalePlan, "code", words)
    return {word: found[word.lower()].branch_id for word in words if word.lower() in found}


def _write_branches(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    Branch.objects.bulk_create(
        [
            Branch(
                code=row.values["codigo"],
                name=row.values["nome"],
                tax_id=row.values["cnpj"] or "",
                city=row.values["cidade"],
                uf=row.values["uf"],
            )
            for row in rows
        ]
    )
    return []


def _write_holidays(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    branches = by_word(Branch, "code", (row.values["filial"] for row in rows))
    problems, good = [], []
    for row in rows:
        branch = named(branches, row.values["filial"])
        if branch is None:
            problems.append(missing(row, "filial", "a filial"))
        else:
            good.append(
                BranchHoliday(branch=branch, day=row.values["data"], name=row.values["nome"])
            )
    BranchHoliday.objects.bulk_create(good)
    return problems


def _write_sellers(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    branches = by_word(Branch, "code", (row.values["filial"] for row in rows))
    problems, good = [], []
    for row in rows:
        branch = named(branches, row.values["filial"])
        if branch is None:
            problems.append(missing(row, "filial", "a filial"))
        else:
            good.append(
                Seller(branch=branch, name=row.values["nome"], is_active=_is_active(row.values))
            )
    Seller.objects.bulk_create(good)
    return problems


def _write_wallets(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    branches = by_word(Branch, "code", (row.values["filial"] for row in rows))
    problems, good = [], []
    for row in rows:
        branch = named(branches, row.values["filial"])
        if branch is None and row.values["filial"]:
            problems.append(missing(row, "filial", "a filial"))
        else:
            wallet = Wallet(
                name=row.values["nome"], branch=branch, is_active=_is_active(row.values)
            )
            if row.values["forma"] is not None:
                wallet.payment_form = row.values["forma"]
            wallet.pix_key = row.values["chave"] or ""
            if row.values["multa"] is not None:
                wallet.fine_percent = row.values["multa"]
            if row.values["juros"] is not None:
                wallet.interest_percent_month = row.values["juros"]
            good.append(wallet)
    Wallet.objects.bulk_create(good)
    return problems


def _write_terms(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    problems, good = [], []
    for row in rows:
        facts = _terms(row.values)
        refused = billing_rules.terms_problems(facts)
        if refused:
            problems += _told(row, refused, OF_THE_TERMS)
        else:
            good.append(PaymentTerms(**asdict(facts)))
    PaymentTerms.objects.bulk_create(good)
    return problems


def _terms(values: Values) -> PaymentTermsFacts:
    return PaymentTermsFacts(
        name=values["nome"],
        due_rule=values["regra"].value,
        interval_days=values["dias"],
        custom_dates=tuple(values["datas"] or ()),
    )


def _write_types(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    terms = by_word(PaymentTerms, "name", (row.values["condicao"] for row in rows))
    problems, good = [], []
    for row in rows:
        its_terms = named(terms, row.values["condicao"])
        if its_terms is None:
            problems.append(missing(row, "condicao", "a condição de pagamento"))
            continue
        facts = _type(row.values, its_terms)
        refused = billing_rules.type_problems(facts, its_terms)
        if refused:
            problems += _told(row, refused, OF_THE_TYPE)
        else:
            good.append(BillingType(**asdict(facts)))
    BillingType.objects.bulk_create(good)
    return problems


def _type(values: Values, terms: PaymentTerms) -> BillingTypeFacts:
    return BillingTypeFacts(
        name=values["nome"],
        timing=values["pagamento"].value,
        base=values["base"].value,
        period_unit=(values["unidade"] or PeriodUnit.MONTH).value,
        period_count=values["periodicidade"],
        payment_terms_id=terms.pk,
        first_invoice=(values["proporcional"] or FirstInvoice.FIRST).value,
        first_divisor=(values["divisor"] or Divisor.ACTUAL).value,
        is_active=_is_active(values),
    )


def _told(
    row: GoodRow, problems: Iterable[tuple[str, str]], columns: Mapping[str, str]
) -> list[Problem]:
    """Return what rules refuse, each beside the column of its field."""
    return [row.problem(columns[field], sentence) for field, sentence in problems]


def _write_templates(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    problems, good = [], []
    for row in rows:
        facts = TemplateFacts(
            name=row.values["nome"],
            kind=row.values["tipo"].value,
            body=row.values["texto"],
            is_active=_is_active(row.values),
        )
        refused = documents.template_problems(facts)
        if refused:
            problems += _told(row, refused, OF_THE_TEMPLATE)
        else:
            good.append(facts)
    documents.create_templates(good)
    return problems


def _write_products(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    Product.objects.bulk_create(
        [
            Product(
                code=row.values["codigo"],
                name=row.values["nome"],
                kind=row.values["tipo"].value,
                tax_class=row.values["tributacao"].value,
                unit=row.values["unidade"] or "UN",
                price_cents=row.values["preco"] or 0,
                download_kbps=row.values["download"],
                upload_kbps=row.values["upload"],
                is_active=_is_active(row.values),
            )
            for row in rows
        ]
    )
    return []


def _write_plans(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    """Write plan items; the first row of a plan also makes the plan."""
    known = {
        "tipo_cobranca": by_word(BillingType, "name", _words(rows, "tipo_cobranca")),
        "carteira": by_word(Wallet, "name", _words(rows, "carteira")),
        "filial": by_word(Branch, "code", _words(rows, "filial")),
        "produto": by_word(Product, "code", _words(rows, "produto")),
        "produto_taxa": by_word(Product, "code", _words(rows, "produto_taxa")),
        "modelo": by_word(DocumentTemplate, "name", _words(rows, "modelo")),
    }
    plans = by_word(SalePlan, "code", _words(rows, "codigo"))
    problems, items = [], []
    for row in rows:
        refused = _unknown(row, known) or _unsold(row, known)
        if refused:
            problems += refused
            continue
        facts = _plan(row.values, known)
        plan = named(plans, facts.code)
        if plan is None:
            plan = SalePlan(**{n: v for n, v in asdict(facts).items() if n != "items"})
            plan.save()
            plans[plan.code.lower()] = plan
        items += [SalePlanItem(sale_plan=plan, **asdict(item)) for item in facts.items]
    SalePlanItem.objects.bulk_create(items)
    return problems


def _words(rows: Sequence[GoodRow], column: str) -> list[str | None]:
    return [row.values[column] for row in rows]


def _unknown(row: GoodRow, known: Known) -> list[Problem]:
    """Return what the row names that is not there."""
    return [
        missing(row, column, "o cadastro")
        for column, found in known.items()
        if row.values[column] and named(found, row.values[column]) is None
    ]


def _unsold(row: GoodRow, known: Known) -> list[Problem]:
    """Return why no sale would take a plan of this row."""
    refused = sale_plans.plan_problems(
        _plan(row.values, known),
        billing_type=named(known["tipo_cobranca"], row.values["tipo_cobranca"]),
        wallet=named(known["carteira"], row.values["carteira"]),
    )
    return _told(row, refused, OF_THE_PLAN)


def _plan(values: Values, known: Known) -> SalePlanFacts:
    def of(column: str) -> Any:
        return named(known[column], values[column])

    def pk(column: str) -> int | None:
        row = of(column)
        return None if row is None else row.pk

    product = of("produto")
    item = SalePlanItemFacts(
        product_id=product.pk,
        description=values["descricao"] or product.name,
        quantity=values["quantidade"] or Decimal(1),
        price_cents=values["valor"],
        cycle_price_cents=values["valor_ciclo"],
    )
    return SalePlanFacts(
        code=values["codigo"],
        name=values["nome"],
        branch_id=pk("filial"),
        billing_type_id=of("tipo_cobranca").pk,
        wallet_id=pk("carteira"),
        template_id=pk("modelo"),
        tier=values["nivel"] or 0,
        loyalty_months=values["fidelidade"] or 0,
        loyalty_benefit_cents=values["beneficio"] or 0,
        validity_months=values["vigencia"],
        renews=values["renova"] is not False,
        activation_fee_cents=values["taxa"] or 0,
        activation_instalments=values["parcelas_taxa"] or 1,
        activation_product_id=pk("produto_taxa"),
        is_active=_is_active(values),
        items=(item,),
    )


def _is_active(values: Values) -> bool:
    """Tell whether a row comes in active: where it does not say, it does."""
    return values["ativo"] is not False


def _key(*columns: str) -> Any:
    return partial(_joined, columns)


def _joined(columns: tuple[str, ...], values: Values) -> str:
    return "|".join(str(values[column] or "").lower() for column in columns)


_name = Column("nome", "Nome", cells.text(120), required=True)
_code = Column("codigo", "Código", cells.text(40), required=True, also=("cod", "id"))
_branch = Column("filial", "Filial", cells.text(20), required=True)
_fine = cells.decimal("0", "2", places=2)
_interest = cells.decimal("0", "1", places=2)
_quantity = cells.decimal("0.001", "100000", places=3)
_active = Column("ativo", "Ativo", cells.yes_no, later=True)

BRANCHES = Sheet(
    "filiais",
    "Filiais",
    (
        Column("codigo", "Código", cells.text(20), required=True),
        _name,
        Column("cnpj", "CNPJ", cells.tax_id),
        Column("cidade", "Cidade", cells.text(80), required=True),
        Column("uf", "UF", cells.uf, required=True, also=("estado",)),
    ),
    _key("codigo"),
    _write_branches,
    telling.BRANCHES,
)
HOLIDAYS = Sheet(
    "feriados",
    "Feriados municipais",
    (_branch, Column("data", "Data", cells.day, required=True), _name),
    _key("filial", "data"),
    _write_holidays,
    belongs={"filial": branches_named},
)
SELLERS = Sheet(
    "vendedores",
    "Vendedores",
    (_branch, _name, _active),
    _key("filial", "nome"),
    _write_sellers,
    telling.SELLERS,
    belongs={"filial": branches_named},
)
WALLETS = Sheet(
    "carteiras",
    "Carteiras de cobrança",
    (
        _name,
        Column("filial", "Filial", cells.text(20)),
        Column(
            "forma",
            "Forma de pagamento",
            cells.one_of(words.PAYMENT_FORMS),
            also=("forma de cobranca",),
        ),
        Column("chave", "Chave Pix", cells.pix_key, also=("pix",)),
        Column("multa", "Multa", _fine, also=("multa %",)),
        Column("juros", "Juros ao mês", _interest, also=("juros", "juros %")),
        _active,
    ),
    _key("nome"),
    _write_wallets,
    telling.WALLETS,
    belongs={"filial": branches_named},
)
TERMS = Sheet(
    "condicoes",
    "Condições de pagamento",
    (
        _name,
        Column(
            *("regra", "Tipo de vencimento", cells.one_of(words.RULES)),
            required=True,
            also=("regra",),
        ),
        Column("dias", "Dias", cells.whole(0, 400)),
        Column("datas", "Datas", cells.days_list),
    ),
    _key("nome"),
    _write_terms,
    telling.TERMS,
)
TYPES = Sheet(
    "tipos",
    "Tipos de cobrança",
    (
        _name,
        Column("pagamento", "Pagamento", cells.one_of(words.TIMINGS), required=True),
        Column("base", "Base do período", cells.one_of(words.BASES), required=True, also=("base",)),
        Column("periodicidade", "Periodicidade", cells.whole(1, 400), required=True),
        Column("unidade", "Unidade", cells.one_of(words.UNITS)),
        Column("condicao", "Condição de pagamento", cells.text(120), required=True),
        Column("proporcional", "Proporcional na", cells.one_of(words.FIRST)),
        Column("divisor", "Divisor", cells.one_of(words.DIVISORS)),
        _active,
    ),
    _key("nome"),
    _write_types,
    telling.TYPES,
)
TEMPLATES = Sheet(
    "modelos",
    "Modelos de documento",
    (
        _name,
        Column("tipo", "Tipo", cells.one_of(words.TEMPLATE_KINDS), required=True),
        Column("texto", "Texto", cells.text(50_000), required=True, also=("corpo",)),
        _active,
    ),
    _key("nome"),
    _write_templates,
    telling.TEMPLATES,
)
PRODUCTS = Sheet(
    "produtos",
    "Produtos e serviços",
    (
        _code,
        _name,
        Column("tipo", "Tipo", cells.one_of(words.KINDS), required=True),
        Column("tributacao", "Tributação", cells.one_of(words.TAXES), required=True),
        Column("unidade", "Unidade", cells.text(6)),
        Column("preco", "Preço", cells.cents, also=("valor",)),
        Column("download", "Download (kbps)", cells.whole(1, 100_000_000), also=("download",)),
        Column("upload", "Upload (kbps)", cells.whole(1, 100_000_000), also=("upload",)),
        _active,
    ),
    _key("codigo"),
    _write_products,
    telling.PRODUCTS,
)
PLANS = Sheet(
    "planos",
    "Planos de venda",
    (
        _code,
        _name,
        Column("filial", "Filial", cells.text(20)),
        Column("tipo_cobranca", "Tipo de cobrança", cells.text(120), required=True),
        Column("carteira", "Carteira", cells.text(120)),
        Column("produto", "Produto", cells.text(40), required=True),
        Column("descricao", "Descrição", cells.text(120)),
        Column("quantidade", "Quantidade", _quantity, also=("qtde",)),
        Column("valor", "Valor mensal", cells.cents, required=True, also=("valor", "preço")),
        Column("valor_ciclo", "Valor por ciclo", cells.cents),
        Column("nivel", "Nível", cells.whole(0, 1000)),
        Column("fidelidade", "Fidelidade (meses)", cells.whole(0, 60), also=("fidelidade",)),
        Column("beneficio", "Benefício da fidelidade", cells.cents),
        Column("vigencia", "Vigência (meses)", cells.whole(1, 120), also=("vigência",)),
        Column("taxa", "Taxa de ativação", cells.cents),
        Column("parcelas_taxa", "Parcelas da taxa", cells.whole(1, 60)),
        Column("produto_taxa", "Produto da taxa", cells.text(40)),
        Column("modelo", "Modelo de contrato", cells.text(120), also=("modelo",)),
        Column("renova", "Renova", cells.yes_no, later=True),
        _active,
    ),
    _key("codigo", "produto", "descricao"),
    _write_plans,
    telling.PLANS,
    belongs={
        "codigo": branches_of_plans,
        "filial": branches_named,
        "carteira": branches_of_wallets,
    },
)
