"""The document of an alteration: its plan as it was confirmed, printed once and never changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.journeys.altering import alter, begin, choose, the_manuals, to_plan
from tests.provider import Provider, provider
from vigente.contracts.models import ContractDocument
from vigente.documents import issuing
from vigente.documents.storage import FileChanged
from vigente.domain.codes import DifferencePolicy, DocumentKind
from vigente.journeys import printed_alteration
from vigente.journeys.printed_alteration import NothingToPrint
from vigente.outbox import jobs
from vigente.worker import tasks

pytestmark = pytest.mark.django_db
LATER = datetime(2025, 7, 13, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def isp() -> Provider:
    return provider()


def test_the_manuals_upgrade_is_printed_with_each_sum(isp: Provider) -> None:
    choose(isp, DifferencePolicy.MANUAL)
    altered = alter(the_manuals(isp, 4990), to_plan(isp.plan(price_cents=8990)))

    document = printed_alteration.issue(altered.pk, now=LATER)

    # 49,90 ÷ 31 × 3 + 89,90 ÷ 31 × 28 = 4,83 + 81,20 = 86,03; − 49,90 = 36,13
    for figure in ("4,83", "81,20", "86,03", "−49,90", "36,13"):
        assert f">{figure}<" in document.html
    assert "UP: " in document.html
    assert "de R$ 49,90 para R$ 89,90" in document.html
    assert issuing.pdf_of(document).startswith(b"%PDF")


def test_it_is_printed_once_in_the_name_of_who_confirmed_and_listed_with_the_contract(
    isp: Provider,
) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    altered = alter(the_manuals(isp, 4990), to_plan(isp.plan(price_cents=8990)))
    [job] = ProcrastinateJob.objects.filter(task_name=jobs.PRINT_ALTERATION)

    tasks.print_alteration(**job.args)
    tasks.print_alteration(**job.args)

    [listed] = ContractDocument.objects.select_related("document")
    assert listed.contract_id == altered.contract_id
    assert listed.document.kind == DocumentKind.ALTERATION.value
    assert listed.document.by_name == altered.confirmed_by_name


def test_what_is_not_concluded_has_no_document(isp: Provider) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    draft = begin(the_manuals(isp, 4990))

    with pytest.raises(NothingToPrint, match="conclua-a antes"):
        printed_alteration.issue(draft.pk, now=LATER)
    assert not ContractDocument.objects.exists()


def test_a_file_that_was_changed_is_not_given_out(isp: Provider, tmp_path: Path) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    altered = alter(the_manuals(isp, 4990), to_plan(isp.plan(price_cents=8990)))
    document = printed_alteration.issue(altered.pk, now=LATER)
    [kept] = [one for one in (tmp_path / "media").rglob("*") if one.is_file()]

    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b" ")

    with pytest.raises(FileChanged):
        issuing.pdf_of(document)
