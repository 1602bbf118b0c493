"""What forms offer to choose from: active rows, of all branches or of the person's."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from vigente.catalog.models import BillingType, Product, Wallet
from vigente.contracts.models import CancellationReason
from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import TemplateKind
from vigente.staff.models import Branch, Seller


def branches(branch_ids: Sequence[int]) -> QuerySet[Branch]:
    """Return the person's branches."""
    return Branch.objects.filter(pk__in=branch_ids, is_active=True).order_by("name")


def sellers(branch_ids: Sequence[int]) -> QuerySet[Seller]:
    """Return the sellers of the person's branches."""
    return Seller.objects.filter(branch_id__in=branch_ids, is_active=True).order_by("name")


def wallets(branch_ids: Sequence[int]) -> QuerySet[Wallet]:
    """Return the wallets of the person's branches, and those of all branches."""
    of_all = Q(branch=None) | Q(branch_id__in=branch_ids)
    return Wallet.objects.filter(of_all, is_active=True).order_by("name")


def billing_types(_branch_ids: Sequence[int]) -> QuerySet[BillingType]:
    """Return the billing types."""
    return BillingType.objects.filter(is_active=True).order_by("name")


def cancellation_reasons(_branch_ids: Sequence[int]) -> QuerySet[CancellationReason]:
    """Return the reasons for cancelling a contract."""
    return CancellationReason.objects.filter(is_active=True).order_by("name")


def products(_branch_ids: Sequence[int]) -> QuerySet[Product]:
    """Return the products that may be sold."""
    return Product.objects.filter(is_active=True).order_by("name")


def contract_templates(_branch_ids: Sequence[int]) -> QuerySet[DocumentTemplate]:
    """Return the templates that contracts are printed from."""
    contracts_only = DocumentTemplate.objects.filter(kind=TemplateKind.CONTRACT.value)
    return contracts_only.filter(is_active=True).order_by("name")


def templates(_branch_ids: Sequence[int]) -> QuerySet[DocumentTemplate]:
    """Return the templates of contracts and of addenda."""
    return DocumentTemplate.objects.filter(is_active=True).order_by("name")
