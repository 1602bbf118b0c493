"""The only writes to what is sold, beside the importer."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from vigente.catalog.models import Product, SalePlan, Wallet


class WalletRefused(ValueError):
    """A carteira não pode ser só desta filial: outras a usam."""

    field = "branch_id"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletFacts:
    """What is kept of a wallet; without a branch it serves all of them."""

    name: str
    branch_id: int | None = None
    payment_form: str
    pix_key: str = ""
    fine_percent: Decimal
    interest_percent_month: Decimal
    is_active: bool = True


def wallet_facts(wallet: Wallet) -> WalletFacts:
    """Return what is kept of a wallet."""
    return WalletFacts(
        name=wallet.name,
        branch_id=wallet.branch_id,
        payment_form=wallet.payment_form,
        pix_key=wallet.pix_key,
        fine_percent=as_written(wallet.fine_percent),
        interest_percent_month=as_written(wallet.interest_percent_month),
        is_active=wallet.is_active,
    )


def write_wallet(wallet: Wallet | None, facts: WalletFacts) -> Wallet:
    """Write a wallet; an inactive one is offered no more, and stays where it is in use.

    :raises WalletRefused: where it would be one branch's while plans of others name it.
    """
    wallet = wallet or Wallet()
    if wallet.pk and facts.branch_id is not None:
        plan = SalePlan.objects.filter(wallet=wallet).exclude(branch=facts.branch_id).first()
        if plan is not None:
            raise WalletRefused(
                f"O plano {plan.name} usa esta carteira em outras filiais: troque a carteira dele "
                "antes, ou deixe-a para todas."
            )
    for name, value in asdict(facts).items():
        setattr(wallet, name, value)
    wallet.save()
    return wallet


def as_written(number: Decimal) -> Decimal:
    """Return a number without the zeros that its column adds, so that equal ones read the same.

    >>> as_written(Decimal("100.50")), as_written(Decimal("1000.000"))
    (Decimal('100.5'), Decimal('1000'))
    """
    return Decimal(f"{number.normalize():f}")
