"""The sheets of contracts, their additional services and discounts, and what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from vigente.billing import actions as billing
from vigente.billing import facts
from vigente.catalog import queries as catalog
from vigente.catalog.models import BillingType, Product, SalePlan, Wallet
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.customers import actions as customers
from vigente.customers.models import Address, Customer
from vigente.domain import close_plan, explanation, invoicing, money, sale, schedule
from vigente.domain.close_plan import BranchRules, PlannedInvoice
from vigente.domain.codes import Charge, InvoiceOrigin, ItemKind, ItemOrigin, LineKind
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.invoicing import InvoiceDraft
from vigente.domain.periods import Period
from vigente.domain.recurring import Line
from vigente.domain.sale import ContractDraft, ItemDraft
from vigente.domain.schedule import DAYS_OF_A_COMMERCIAL_MONTH, DueRule, ServicePeriod
from vigente.imports import cells
from vigente.imports.customer_sheets import ADDRESS, address_problem, new_address
from vigente.imports.provider_sheets import (
    branches_named,
    branches_of_plans,
    branches_of_wallets,
    by_word,
    missing,
    named,
)
from vigente.imports.sheets import Column, Context, GoodRow, Problem, Sheet, Values
from vigente.staff.models import Branch, Seller


class Status(StrEnum):
    """The statuses in which a contract may come in."""

    ACTIVE = "ACTIVE"
    PRE = "PRE"


class Kind(StrEnum):
    """What a row of the services sheet is."""

    SERVICE = "SERVICE"
    DISCOUNT = "DISCOUNT"


STATUSES = {"ativo": Status.ACTIVE, "pre contrato": Status.PRE, "pre": Status.PRE}
SERVICE_KINDS = {"servico": Kind.SERVICE, "acrescimo": Kind.SERVICE, "desconto": Kind.DISCOUNT}


@dataclass(frozen=True, slots=True)
class Known:
    """What the contracts of one batch refer to."""

    customers: dict[str, Customer]
    branches: dict[str, Branch]
    plans: dict[str, SalePlan]
    wallets: dict[str, Wallet]
    types: dict[str, BillingType]
    sellers: dict[tuple[int, str], Seller]
    addresses: dict[int, int]
    codes: set[str | None]


def _known(rows: Sequence[GoodRow]) -> Known:
    def words(column: str) -> list[str | None]:
        return [row.values[column] for row in rows]

    found = {
        c.tax_id: c for c in Customer.objects.filter(tax_id__in=[w for w in words("cliente") if w])
    }
    types = BillingType.objects.select_related("payment_terms")
    return Known(
        customers=found,
        branches=by_word(Branch, "code", words("filial")),
        plans=by_word(SalePlan, "code", words("plano")),
        wallets=by_word(Wallet, "name", words("carteira")),
        types={t.name.lower(): t for t in types},
        sellers={(s.branch_id, s.name.lower()): s for s in Seller.objects.all()},
        addresses=dict(
            Address.objects.filter(customer__in=[c.pk for c in found.values()])
            .order_by("is_main", "-pk")
            .values_list("customer_id", "pk")
        ),
        codes=set(Contract.objects.filter(code__in=words("codigo")).values_list("code", flat=True)),
    )


def _write_contracts(rows: Sequence[GoodRow], context: Context) -> list[Problem]:
    known = _known(rows)
    problems: list[Problem] = []
    good: list[tuple[GoodRow, BillingType]] = []
    for row in rows:
        billing_type = _billing_type(row.values, known)
        why = _contract_problems(row, known, billing_type, today=context.today)
        if why or billing_type is None:
            problems += why
        else:
            good.append((row, billing_type))
    own = _own_addresses([row for row, _ in good], known)
    plans = {code: catalog.sale_plan(plan.pk) for code, plan in known.plans.items()}
    drafts = [
        _draft(row.values, kind, known, plans, address_id=own.get(row.line)) for row, kind in good
    ]
    written = contracts.create(drafts, now=context.now)
    active = []
    for contract, (row, billing_type) in zip(written, good, strict=True):
        if row.values["status"] is not Status.PRE:
            _date(contract, row.values, billing_type)
            active.append(contract)
    contracts.bring_in_force(active, at=context.now, by_user_id=context.by.user_id)
    return problems


def _billing_type(values: Values, known: Known) -> BillingType | None:
    if values["tipo_cobranca"]:
        found: BillingType | None = named(known.types, values["tipo_cobranca"])
        return found
    plan = named(known.plans, values["plano"])
    if plan is None:
        return None
    return next((t for t in known.types.values() if t.pk == plan.billing_type_id), None)


def _contract_problems(
    row: GoodRow, known: Known, billing_type: BillingType | None, *, today: date
) -> list[Problem]:
    values = row.values
    problems = [
        missing(row, column, what)
        for column, what, found in (
            ("cliente", "o cliente", known.customers.get(values["cliente"])),
            ("filial", "a filial", named(known.branches, values["filial"])),
            ("plano", "o plano", named(known.plans, values["plano"])),
            ("carteira", "a carteira", named(known.wallets, values["carteira"])),
            ("tipo_cobranca", "o tipo de cobrança", billing_type),
        )
        if found is None and (values[column] or column != "tipo_cobranca")
    ]
    if problems or billing_type is None:
        return problems
    if values["codigo"] in known.codes:
        problems.append(row.problem("codigo", "já é de um contrato cadastrado"))
    customer = known.customers[values["cliente"]]
    if not customer.is_active:
        problems.append(row.problem("cliente", "o cliente está inativo"))
    lacking = address_problem(row)
    if lacking:
        problems.append(lacking)
    branch = known.branches[values["filial"].lower()]
    if values["vendedor"] and (branch.pk, values["vendedor"].lower()) not in known.sellers:
        problems.append(missing(row, "vendedor", "o vendedor"))
    return problems + _date_problems(row, billing_type, today=today)


def _date_problems(row: GoodRow, billing_type: BillingType, *, today: date) -> list[Problem]:
    values, problems = row.values, []
    if _uses_due_day(billing_type) and values["dia"] is None:
        problems.append(row.problem("dia", "este tipo de cobrança precisa do dia de vencimento"))
    if values["status"] is Status.PRE:
        return problems
    activated_on, billed_until = values["ativacao"], values["faturado_ate"]
    if activated_on is None:
        problems.append(row.problem("ativacao", "um contrato ativo tem data de ativação"))
    elif activated_on > today:
        problems.append(row.problem("ativacao", "a ativação não pode estar no futuro"))
    elif billed_until and billed_until < activated_on - timedelta(days=1):
        problems.append(row.problem("faturado_ate", "é anterior à ativação"))
    return problems


def _uses_due_day(billing_type: BillingType) -> bool:
    return schedule.uses_due_day(
        due_rule=DueRule(billing_type.payment_terms.due_rule),
        periodicity=Periodicity(PeriodUnit(billing_type.period_unit), billing_type.period_count),
    )


def _own_addresses(rows: Sequence[GoodRow], known: Known) -> dict[int, int]:
    """Write the installation addresses that rows bring; return their ids by line."""
    with_address = [(row, new) for row in rows if (new := new_address(row.values)) is not None]
    with_a_main_one = set(known.addresses)
    addresses = []
    for row, new in with_address:
        customer_id = known.customers[row.values["cliente"]].pk
        is_main = customer_id not in with_a_main_one
        addresses.append(customers.address(customer_id, new, is_main=is_main))
        with_a_main_one.add(customer_id)
    written = Address.objects.bulk_create(addresses)
    return {row.line: a.pk for (row, _), a in zip(with_address, written, strict=True)}


def _draft(
    values: Values,
    billing_type: BillingType,
    known: Known,
    plans: dict[str, sale.Plan],
    *,
    address_id: int | None,
) -> ContractDraft:
    customer = known.customers[values["cliente"]]
    branch = known.branches[values["filial"].lower()]
    seller = known.sellers.get((branch.pk, (values["vendedor"] or "").lower()))
    plan = plans[values["plano"].lower()]
    drafted = sale.draft(
        plan,
        customer_id=customer.pk,
        branch_id=branch.pk,
        wallet_id=known.wallets[values["carteira"].lower()].pk,
        sold_on=values["ativacao"] or values["assinatura"] or date(2000, 1, 1),
        due_day=values["dia"],
        address_id=address_id or known.addresses.get(customer.pk),
        seller_id=seller.pk if seller else None,
    )
    is_pre = values["status"] is Status.PRE
    return replace(
        drafted,
        code=values["codigo"],
        billing_type_id=billing_type.pk,
        wallet_id=known.wallets[values["carteira"].lower()].pk,
        signed_on=values["assinatura"],
        loyalty_starts_on=values["inicio_fidelidade"],
        items=_priced(drafted.items, values["valor"]),
        activation_fee_cents=drafted.activation_fee_cents if is_pre else 0,
    )


def _priced(items: tuple[ItemDraft, ...], price_cents: int | None) -> tuple[ItemDraft, ...]:
    """Return the plan's items at the contract's own price, which the first one takes up."""
    if price_cents is None or not items:
        return items
    others = sum(item.price_cents for item in items[1:])
    return (replace(items[0], price_cents=max(price_cents - others, 0)), *items[1:])


def _date(contract: Contract, values: Values, billing_type: BillingType) -> None:
    """Fill in when the contract came into force and from when it is billed here."""
    billed_until = values["faturado_ate"]
    starts_on = values["ativacao"] if billed_until is None else billed_until + timedelta(days=1)
    contract.activated_on = values["ativacao"]
    contract.billing_starts_on = starts_on
    contract.valid_until = values["vigencia_ate"]
    if billed_until is not None:
        contract.imported_billed_until = starts_on
        contract.due_anchor_on = (
            schedule.last_due_day(values["dia"], until=starts_on)
            if _uses_due_day(billing_type)
            else starts_on
        )


def _write_services(rows: Sequence[GoodRow], _context: Context) -> list[Problem]:
    found = {
        c.code: c
        for c in Contract.objects.select_related("billing_type").filter(
            code__in=[r.values["contrato"] for r in rows]
        )
    }
    products = by_word(Product, "code", (row.values["produto"] for row in rows))
    problems = []
    drafts: dict[int, list[ItemDraft]] = {}
    for row in rows:
        contract = found.get(row.values["contrato"])
        product = named(products, row.values["produto"])
        why = _service_problem(row, contract, product)
        if why is not None or contract is None:
            problems += [why] if why else []
        else:
            drafts.setdefault(contract.pk, []).append(_service(row.values, product, contract))
    for contract_id, items in drafts.items():
        contracts.add_items(contract_id, items)
    return problems


def _service_problem(
    row: GoodRow, contract: Contract | None, product: Product | None
) -> Problem | None:
    values = row.values
    if contract is None:
        return missing(row, "contrato", "o contrato")
    if product is None:
        return missing(row, "produto", "o produto")
    if (values["valor"] is None) == (values["percentual"] is None):
        return row.problem("valor", "informe o valor ou o percentual, um dos dois")
    if values["percentual"] is not None and values["tipo"] is not Kind.DISCOUNT:
        return row.problem("percentual", "só descontos têm percentual")
    if values["ate_vencimento"] and values["tipo"] is not Kind.DISCOUNT:
        return row.problem("ate_vencimento", "só descontos valem até o vencimento")
    if values["fim"] and values["fim"] < values["inicio"]:
        return row.problem("fim", "é anterior ao início")
    if values["ja_cobradas"] and values["ja_cobradas"] > (values["vezes"] or 0):
        return row.problem("ja_cobradas", "é maior que o número de vezes")
    return None


def _service(values: Values, product: Product, contract: Contract) -> ItemDraft:
    is_counted = values["vezes"] is not None
    price = values["valor"] or 0
    count = contract.billing_type.period_count
    by_days = contract.billing_type.period_unit == PeriodUnit.DAY.value and not is_counted
    return ItemDraft(
        kind=ItemKind.DISCOUNT if values["tipo"] is Kind.DISCOUNT else ItemKind.ADDITIONAL,
        product_id=product.pk,
        description=values["descricao"] or product.name,
        quantity=values["quantidade"] or Decimal(1),
        price_cents=price,
        cycle_price_cents=money.share(price, part=count, whole=DAYS_OF_A_COMMERCIAL_MONTH)
        if by_days
        else None,
        percent=values["percentual"],
        charge=Charge.TIMES if is_counted else Charge.RECURRING,
        times=values["vezes"],
        charges_before=values["ja_cobradas"] or 0,
        starts_on=values["inicio"],
        ends_on=values["fim"] + timedelta(days=1) if values["fim"] else None,
        only_if_paid_by_due=bool(values["ate_vencimento"]),
        origin=ItemOrigin.IMPORT,
    )


def _price_of_days(price_cents: int, days: int) -> int:
    return money.share(price_cents, part=days, whole=DAYS_OF_A_COMMERCIAL_MONTH)


def _write_receivables(rows: Sequence[GoodRow], context: Context) -> list[Problem]:
    found = {
        c.code: c for c in Contract.objects.filter(code__in=[r.values["contrato"] for r in rows])
    }
    rules = facts.branch_rules({c.branch_id for c in found.values()}, on=context.today)
    problems, planned, numbers = [], [], []
    for row in rows:
        contract = found.get(row.values["contrato"])
        why = _receivable_problem(row, contract, rules)
        if why is not None or contract is None:
            problems += [why] if why else []
        else:
            planned.append(_receivable(row.values, contract))
            numbers.append(row.values["numero"])
    billing.issue(
        planned,
        close_plan.group(planned),
        origin=InvoiceOrigin.IMPORT,
        issued_on=context.today,
        numbers=numbers,
    )
    return problems


def _receivable_problem(
    row: GoodRow, contract: Contract | None, rules: dict[int, BranchRules]
) -> Problem | None:
    values = row.values
    if contract is None:
        return missing(row, "contrato", "o contrato")
    if values["saldo"] == 0:
        return row.problem("saldo", "uma conta sem saldo não está em aberto")
    last_due_on = rules[contract.branch_id].last_due_on
    if last_due_on is not None and values["vencimento"] > last_due_on:
        return row.problem("vencimento", f"depois do teto de {last_due_on:%d/%m/%Y}")
    start, end = values["inicio"], values["fim"]
    if (start is None) != (end is None) or (start and end and end < start):
        return row.problem("fim", "informe o período inteiro, do início ao fim")
    return None


def _receivable(values: Values, contract: Contract) -> PlannedInvoice:
    return PlannedInvoice(
        contract_id=contract.pk,
        customer_id=contract.customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
        grouped=False,
        draft=_open_balance(values),
        nominal_due_on=values["vencimento"],
        due_on=values["vencimento"],
    )


def _open_balance(values: Values) -> InvoiceDraft:
    balance = values["saldo"]
    line = Line(
        kind=LineKind.ADDITIONAL,
        description=f"Saldo importado do título {values['numero']}",
        amount_cents=balance,
        explanation=explanation.whole(balance),
        unit_cents=balance,
    )
    return invoicing.balanced([line], service=_service_period(values))


def _service_period(values: Values) -> ServicePeriod | None:
    if values["inicio"] is None:
        return None
    period = Period(values["inicio"], values["fim"] + timedelta(days=1))
    return ServicePeriod(
        period=period,
        cycle=period,
        divisor_days=period.days,
        in_full=False,
        nominal_due_on=values["vencimento"],
    )


def _branches_of_customers(tax_ids: Sequence[str]) -> dict[str, int | None]:
    found = Customer.objects.filter(tax_id__in=tax_ids)
    return dict(found.values_list("tax_id", "branch_id"))


def _branches_of_contracts(codes: Sequence[str]) -> dict[str, int | None]:
    found = Contract.objects.filter(code__in=codes)
    return {str(code): branch_id for code, branch_id in found.values_list("code", "branch_id")}


def _contract_key(values: Values) -> str:
    return str(values["codigo"])


def _service_key(values: Values) -> str:
    told: tuple[Any, ...] = (
        values["contrato"],
        values["tipo"],
        values["produto"],
        values["descricao"] or "",
        values["inicio"],
    )
    return "|".join(str(part) for part in told).lower()


def _receivable_key(values: Values) -> str:
    return f"{values['contrato']}|{values['numero']}"


CONTRACTS = Sheet(
    "contratos",
    "Contratos",
    (
        Column("codigo", "Código", cells.text(40), required=True, also=("contrato", "id")),
        Column(
            "cliente",
            "CPF/CNPJ do cliente",
            cells.tax_id,
            required=True,
            also=("cpf/cnpj", "documento", "cliente"),
        ),
        Column("filial", "Filial", cells.text(20), required=True),
        Column("plano", "Plano", cells.text(40), required=True, also=("plano de venda",)),
        Column("carteira", "Carteira", cells.text(120), required=True),
        Column("tipo_cobranca", "Tipo de cobrança", cells.text(120)),
        Column("dia", "Dia de vencimento", cells.whole(1, 31), also=("vencimento", "dia")),
        Column("valor", "Valor mensal", cells.cents, also=("valor",)),
        Column("status", "Status", cells.one_of(STATUSES), also=("situação",)),
        Column("assinatura", "Assinatura", cells.day, also=("data de assinatura",)),
        Column("ativacao", "Ativação", cells.day, also=("data de ativação",)),
        Column("faturado_ate", "Faturado até", cells.day),
        Column("inicio_fidelidade", "Início da fidelidade", cells.day),
        Column("vigencia_ate", "Vigência até", cells.day),
        Column("vendedor", "Vendedor", cells.text(120)),
        *ADDRESS,
    ),
    _contract_key,
    _write_contracts,
    belongs={
        "cliente": _branches_of_customers,
        "filial": branches_named,
        "plano": branches_of_plans,
        "carteira": branches_of_wallets,
    },
)
_quantity = cells.decimal("0.001", "100000", places=3)
SERVICES = Sheet(
    "servicos",
    "Serviços adicionais e descontos",
    (
        Column("contrato", "Contrato", cells.text(40), required=True),
        Column("tipo", "Tipo", cells.one_of(SERVICE_KINDS), required=True),
        Column("produto", "Produto", cells.text(40), required=True),
        Column("descricao", "Descrição", cells.text(120)),
        Column("quantidade", "Quantidade", _quantity, also=("qtde",)),
        Column("valor", "Valor", cells.cents),
        Column("percentual", "Percentual", cells.decimal("0.0001", "100"), also=("%",)),
        Column("vezes", "Vezes", cells.whole(1, 120), also=("repetições",)),
        Column("ja_cobradas", "Já cobradas", cells.whole(0, 120)),
        Column("inicio", "Início", cells.day, required=True),
        Column("fim", "Fim", cells.day),
        Column("ate_vencimento", "Só até o vencimento", cells.yes_no),
    ),
    _service_key,
    _write_services,
    belongs={"contrato": _branches_of_contracts},
)
RECEIVABLES = Sheet(
    "receber",
    "Contas a receber em aberto",
    (
        Column("numero", "Número", cells.text(40), required=True, also=("nosso número", "título")),
        Column("contrato", "Contrato", cells.text(40), required=True),
        Column("vencimento", "Vencimento", cells.day, required=True),
        Column("saldo", "Saldo", cells.cents, required=True, also=("valor em aberto", "valor")),
        Column("inicio", "Início do período", cells.day),
        Column("fim", "Fim do período", cells.day),
    ),
    _receivable_key,
    _write_receivables,
    belongs={"contrato": _branches_of_contracts},
)
