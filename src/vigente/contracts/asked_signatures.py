"""Signatures that were asked for on documents of contracts, and those that nobody gave."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from vigente.contracts.models import ContractDocument
from vigente.documents.models import SignatureRequest
from vigente.documents.signatures import NOT_GIVEN
from vigente.domain.signature import SignatureStatus

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AskedPage:
    """Requests with the contracts they are about, the newest first."""

    rows: Sequence[tuple[SignatureRequest, ContractDocument]]
    has_newer: bool
    has_older: bool


def asked_for(
    branch_ids: Sequence[int], *, status: SignatureStatus | None = None
) -> QuerySet[SignatureRequest]:
    """Return the requests about contracts of these branches, of one status or of all."""
    links = ContractDocument.objects.filter(contract__branch_id__in=branch_ids)
    found = SignatureRequest.objects.filter(Exists(links.filter(document=OuterRef("document"))))
    return found if status is None else found.filter(status=status.value)


def not_given(branch_ids: Sequence[int]) -> QuerySet[SignatureRequest]:
    """Return the requests that were refused or expired, with nothing done about them since.

    Asking again for the same document is something done.
    """
    later = SignatureRequest.objects.filter(document=OuterRef("document"), pk__gt=OuterRef("pk"))
    open_ones = asked_for(branch_ids).filter(status__in=NOT_GIVEN, dealt_with=None)
    return open_ones.filter(~Exists(later)).order_by("-pk")


def page(
    found: QuerySet[SignatureRequest], *, newer_than: int | None, older_than: int | None
) -> AskedPage:
    """Return a page of requests; what stands at its edge is a request's id."""
    if newer_than:
        part = list(found.filter(pk__gt=newer_than).order_by("pk")[: ON_A_PAGE + 1])
        shown, has_older, has_newer = part[:ON_A_PAGE][::-1], True, len(part) > ON_A_PAGE
    else:
        if older_than:
            found = found.filter(pk__lt=older_than)
        part = list(found.order_by("-pk")[: ON_A_PAGE + 1])
        shown, has_older, has_newer = part[:ON_A_PAGE], len(part) > ON_A_PAGE, bool(older_than)
    return AskedPage(with_contracts(shown), has_newer, has_older)


def with_contracts(
    requests: Sequence[SignatureRequest],
) -> list[tuple[SignatureRequest, ContractDocument]]:
    """Return each request with its document and the contract that it is about."""
    links = ContractDocument.objects.filter(document__in=[one.document_id for one in requests])
    of_document = {
        link.document_id: link
        for link in links.select_related("document", "contract__customer", "contract__branch")
    }
    return [(one, of_document[one.document_id]) for one in requests]
