"""Every address of the back office with something of the person's own branch to show."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from tests.provider import Provider
from tests.screens.other_branch import ids_of_each
from vigente.backoffice import urls
from vigente.catalog.models import BillingType, PriceIndex
from vigente.contracts.models import CancellationReason
from vigente.documents.models import DocumentTemplate
from vigente.staff import actions as staff
from vigente.staff.models import User


def patterns() -> Iterator[URLPattern]:
    """Walk over every address of the back office."""
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from (p for p in pattern.url_patterns if isinstance(p, URLPattern))


GUARDED = {str(p.name): p for p in patterns() if getattr(p.callback, "login_required", True)}


def administrator() -> User:
    """Make somebody who may do everything."""
    return staff.create_user(
        email="renata@example.com",
        name="Renata Lobo",
        password="serra-clara",
        branches=[],
        administrator=True,
    )


def ids_of_own(isp: Provider, user: User) -> dict[str, int | str]:
    """Make something of each kind in the branch, and return the ids."""
    reason = CancellationReason.objects.create(name="Mudou de cidade")
    template = DocumentTemplate.objects.create(name="Contrato padrão", kind="CONTRACT", body="Olá")
    index = PriceIndex.objects.create(code="IPCA", month=date(2026, 1, 1), percent="0.33")
    return ids_of_each(isp) | {
        "price_index_id": index.pk,
        "user_id": user.pk,
        "product_id": isp.internet.pk,
        "cancellation_reason_id": reason.pk,
        "document_template_id": template.pk,
        "payment_terms_id": isp.terms.pk,
        "billing_type_id": BillingType.objects.order_by("pk")[0].pk,
    }


def address(name: str, ids: dict[str, int | str]) -> str:
    """Return the address with the ids that it takes."""
    converters = GUARDED[name].pattern.converters
    return reverse(name, kwargs={wanted: ids[wanted] for wanted in converters})


def addresses(isp: Provider, user: User) -> dict[str, str]:
    """Return every address by its name."""
    ids = ids_of_own(isp, user)
    return {name: address(name, ids) for name in GUARDED}


def pages(client: Client, found: dict[str, str]) -> dict[str, str]:
    """Return those addresses that lead to a page: not to a file, elsewhere or to a refusal."""
    return {name: at for name, at in found.items() if _is_page(client.get(at))}


def _is_page(answer: HttpResponse) -> bool:
    if answer.streaming:
        answer.getvalue()  # to its end, which closes the file
    return answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]
