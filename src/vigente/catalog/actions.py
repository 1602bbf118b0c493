"""The only writes to what is sold, beside the importer."""

from dataclasses import asdict, dataclass

from vigente.catalog.models import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What is kept of a product; the price is per month, or of one charge."""

    code: str
    name: str
    kind: str
    tax_class: str
    unit: str = "UN"
    price_cents: int = 0
    download_kbps: int | None = None
    upload_kbps: int | None = None
    is_active: bool = True


def product_facts(product: Product) -> ProductFacts:
    """Return what is kept of a product."""
    return ProductFacts(
        **{name: getattr(product, name) for name in ProductFacts.__dataclass_fields__}
    )


def write_product(product: Product | None, facts: ProductFacts) -> Product:
    """Write a product; contracts already sold keep the description and price they have."""
    product = product or Product()
    for name, value in asdict(facts).items():
        setattr(product, name, value)
    product.save()
    return product
