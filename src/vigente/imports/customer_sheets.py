"""The sheet of customers."""

from collections.abc import Sequence

from vigente.customers import actions as customers
from vigente.customers.actions import NewAddress, NewCustomer
from vigente.customers.models import Customer
from vigente.imports import cells, telling
from vigente.imports.provider_sheets import branches_named, by_word, missing, named
from vigente.imports.sheets import Column, Context, GoodRow, Problem, Sheet, Values
from vigente.staff.models import Branch

ADDRESS = (
    Column("rua", "Endereço", cells.text(160), also=("rua", "logradouro")),
    Column("numero", "Número", cells.text(20), also=("nº", "num")),
    Column("complemento", "Complemento", cells.text(80)),
    Column("bairro", "Bairro", cells.text(80)),
    Column("cidade", "Cidade", cells.text(80), also=("município",)),
    Column("uf", "UF", cells.uf, also=("estado",)),
    Column("cep", "CEP", cells.postal_code),
)


def new_address(values: Values) -> NewAddress | None:
    """Return the row's address; None where it has no street."""
    if not values["rua"]:
        return None
    return NewAddress(
        street=values["rua"],
        number=values["numero"] or "",
        complement=values["complemento"] or "",
        district=values["bairro"] or "",
        city=values["cidade"] or "",
        uf=values["uf"] or "",
        postal_code=values["cep"] or "",
    )


def address_problem(row: GoodRow) -> Problem | None:
    """Return what an address lacks."""
    if row.values["rua"] and not (row.values["cidade"] and row.values["uf"]):
        return row.problem("cidade", "um endereço precisa de cidade e UF")
    return None


def _write(rows: Sequence[GoodRow], context: Context) -> list[Problem]:
    branches = by_word(Branch, "code", (row.values["filial"] for row in rows))
    taken = set(
        Customer.objects.filter(tax_id__in=[row.values["documento"] for row in rows]).values_list(
            "tax_id", flat=True
        )
    )
    problems, good = [], []
    for row in rows:
        branch = named(branches, row.values["filial"])
        lacking = address_problem(row)
        if branch is None:
            problems.append(missing(row, "filial", "a filial"))
        elif row.values["documento"] in taken:
            problems.append(row.problem("documento", "já é de um cliente cadastrado"))
        elif lacking:
            problems.append(lacking)
        else:
            good.append(_new(row.values, branch_id=branch.pk))
    customers.create(good, now=context.now)
    return problems


def _new(values: Values, *, branch_id: int) -> NewCustomer:
    return NewCustomer(
        branch_id=branch_id,
        tax_id=values["documento"],
        name=values["nome"],
        trade_name=values["fantasia"] or "",
        code=values["codigo"],
        address=new_address(values),
        phones=tuple(p for p in (values["telefone"], values["celular"]) if p),
        emails=(values["email"],) if values["email"] else (),
        is_active=values["ativo"] is not False,
    )


def _key(values: Values) -> str:
    return str(values["documento"])


CUSTOMERS = Sheet(
    "clientes",
    "Clientes",
    (
        Column("codigo", "Código", cells.text(40), also=("cod", "id")),
        Column(
            "documento",
            "CPF/CNPJ",
            cells.tax_id,
            required=True,
            also=("cpf", "cnpj", "documento", "cpf cnpj"),
        ),
        Column("nome", "Nome", cells.text(160), required=True, also=("razão social", "cliente")),
        Column("fantasia", "Nome fantasia", cells.text(160), also=("fantasia",)),
        Column("filial", "Filial", cells.text(20), required=True),
        Column("telefone", "Telefone", cells.phone, also=("fone",)),
        Column("celular", "Celular", cells.phone, also=("whatsapp",)),
        Column("email", "E-mail", cells.email, also=("email",)),
        *ADDRESS,
        Column("ativo", "Ativo", cells.yes_no, later=True),
    ),
    _key,
    _write,
    telling.CUSTOMERS,
    belongs={"filial": branches_named},
)
