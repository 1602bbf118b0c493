"""Produtos: what is sold, with the class that decides its taxes."""

from collections.abc import Sequence

from django import forms
from django.db.models import Q, QuerySet

from vigente.backoffice.fields import Cents, Code, Text, Whole, YesNo
from vigente.backoffice.registers.page import Column, RegisterPage, Section
from vigente.catalog import actions
from vigente.catalog.models import Product
from vigente.domain.codes import ProductKind, TaxClass
from vigente.domain.money import amount
from vigente.domain.permissions import Permission
from vigente.journeys.registers import Register

KINDS = {
    ProductKind.INTERNET: "Internet",
    ProductKind.TELEPHONY: "Telefonia",
    ProductKind.TV: "TV",
    ProductKind.SVA: "SVA (valor adicionado)",
    ProductKind.SERVICE: "Serviço",
    ProductKind.RENTAL: "Locação",
    ProductKind.FEE: "Taxa",
}
TAXES = {
    TaxClass.SCM: "SCM · internet",
    TaxClass.STFC: "STFC · telefonia",
    TaxClass.SEAC: "SeAC · TV por assinatura",
    TaxClass.SVA: "SVA · valor adicionado",
    TaxClass.ISS: "ISS · serviços",
    TaxClass.RENTAL: "Locação de bens",
    TaxClass.NONE: "Sem tributo",
}
MOST_KBPS = 100_000_000


class ProductForm(forms.Form):
    """What is asked of a product."""

    code = Text("Código", 40)
    name = Text("Nome", 120)
    kind = Code("Tipo", KINDS)
    tax_class = Code("Classe fiscal", TAXES)
    unit = Text("Unidade", 6, initial="UN")
    price_cents = Cents("Valor", help_text="Por mês, ou por cobrança se for pontual.")
    download_kbps = Whole("Download (kbit/s)", 0, MOST_KBPS, required=False)
    upload_kbps = Whole("Upload (kbit/s)", 0, MOST_KBPS, required=False)
    is_active = YesNo("Ativo", initial=True)


def rows(_branch_ids: Sequence[int]) -> QuerySet[Product]:
    """Return all products: every branch sells from one catalog."""
    return Product.objects.all()


def search(found: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Find products by a part of the name or of the code."""
    return found.filter(Q(name__icontains=words) | Q(code__icontains=words))


PRODUCTS = RegisterPage(
    address="produtos",
    title="Produtos",
    new="Novo produto",
    empty="Cadastre o que o provedor vende: internet, TV, telefonia, serviços e taxas.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=Register(
        kind="product",
        model=Product,
        facts=actions.product_facts,
        write=actions.write_product,
        branch_id=lambda _product: None,
    ),
    rows=rows,
    search=search,
    columns=(
        Column("Código", lambda p: p.code, "code soft"),
        Column("Nome", lambda p: p.name, "name"),
        Column("Tipo", lambda p: KINDS[ProductKind(p.kind)]),
        Column("Classe fiscal", lambda p: TAXES[TaxClass(p.tax_class)]),
        Column("Valor", lambda p: amount(p.price_cents), "num"),
    ),
    form=ProductForm,
    facts=actions.ProductFacts,
    sections=(
        Section("Identificação", ("code", "name", "kind", "tax_class", "is_active")),
        Section(
            "Valor",
            ("price_cents", "unit"),
            "Sugerido na venda. Contratos já vendidos ficam com o valor deles.",
        ),
        Section("Velocidade", ("download_kbps", "upload_kbps"), "Só para internet."),
    ),
    promises={"product_code_once": ("code", "Já existe um produto com este código.")},
    sheet="produtos",
)
