"""Documents of a contract: filled, printed and kept as they are, whatever changes later."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests.provider import ATTENDANT, Provider, provider
from vigente.audit.models import AuditEntry
from vigente.contracts.models import Contract, ContractDocument
from vigente.documents import issuing, ready_made, storage
from vigente.documents.issuing import KindRefused
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.documents.storage import FileChanged
from vigente.domain.codes import DocumentKind, TemplateKind
from vigente.domain.templates import OF_A_CONTRACT, SAMPLES, VariableMissing
from vigente.journeys import documents

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)
OF_AN_ALTERATION = {name: text for name, text in SAMPLES.items() if name.startswith("alteracao.")}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate()


def template(kind: TemplateKind = TemplateKind.CONTRACT, body: str | None = None) -> int:
    ready = next(one for one in ready_made.ALL if one.kind is kind)
    made = DocumentTemplate.objects.create(name="Modelo", kind=kind.value, body=body or ready.body)
    return made.pk


def issue(contract: Contract, template_id: int, **more) -> IssuedDocument:
    return documents.issue(
        contract.pk,
        **{"kind": DocumentKind.CONTRACT, "template_id": template_id, "by": ATTENDANT} | more,
        now=NOW,
    )


def test_a_contract_is_filled_printed_and_kept(contract: Contract) -> None:
    issued = issue(contract, template())

    assert issued.title == f"Contrato nº {contract.pk}"
    assert "Marina Alves" in issued.html
    assert "R$ 90,00" in issued.html
    assert "12 de março de 2026" in issued.html
    assert issued.text_sha256 == storage.digest(issued.html.encode())
    pdf = issuing.pdf_of(issued)
    assert pdf.startswith(b"%PDF-")
    assert (issued.pdf_sha256, issued.size) == (storage.digest(pdf), len(pdf))
    assert ContractDocument.objects.get().contract == contract
    assert AuditEntry.objects.get(action="document issued").detail["document"] == issued.pk


def test_every_variable_of_a_contract_is_filled(isp: Provider) -> None:
    """A contract that says nothing but what it must: what is unknown is a dash."""
    bare = isp.sell()
    body = "\n\n".join(f"{name} {{{{ {name} }}}}" for name in OF_A_CONTRACT)

    issued = issue(bare, template(body=body))

    assert "{{" not in issued.html
    assert "contrato.ativacao —" in issued.html


def test_printing_leaves_the_contract_as_it_is(contract: Contract) -> None:
    before = Contract.objects.values().get()

    issue(contract, template())

    assert Contract.objects.values().get() == before


def test_what_was_issued_outlives_its_template(contract: Contract) -> None:
    issued = issue(contract, template())

    DocumentTemplate.objects.update(body="Outro texto.")
    contract.customer.name = "Outra pessoa"
    contract.customer.save()

    issued.refresh_from_db()
    assert "Marina Alves" in issued.html
    assert issuing.pdf_of(issued)


def test_an_addendum_takes_what_only_the_alteration_knows(contract: Contract) -> None:
    addendum = template(TemplateKind.ADDENDUM)

    with pytest.raises(VariableMissing, match=r"alteracao\.data"):
        issue(contract, addendum, kind=DocumentKind.ADDENDUM)
    issued = issue(
        contract,
        addendum,
        kind=DocumentKind.ADDENDUM,
        extra_values={**OF_AN_ALTERATION, "plano.nome": "Fibra 600"},
    )

    assert issued.title == f"Termo aditivo ao contrato nº {contract.pk}"
    assert "R$ 49,90 ÷ 31 × 3 dias" in issued.html
    assert [one.document_id for one in ContractDocument.objects.all()] == [issued.pk]


@pytest.mark.parametrize("kind", TemplateKind)
def test_an_alteration_is_printed_as_a_contract_or_as_an_addendum(
    contract: Contract, kind: TemplateKind
) -> None:
    issued = issue(
        contract, template(kind), kind=DocumentKind.ALTERATION, extra_values=OF_AN_ALTERATION
    )

    assert issued.kind == "ALTERATION"


def test_a_template_of_another_kind_is_refused(contract: Contract) -> None:
    with pytest.raises(KindRefused, match="outro tipo"):
        issue(contract, template(), kind=DocumentKind.ADDENDUM)

    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("change", [b"", b"x", None])
def test_a_file_that_is_no_longer_the_same_is_not_given_out(
    contract: Contract, change: bytes | None
) -> None:
    issued = issue(contract, template())
    place = storage.path(issued.stored_as)
    place.chmod(0o600)
    if change is None:
        place.unlink()
    else:
        place.write_bytes(change)

    with pytest.raises(FileChanged, match="não é mais o que foi emitido"):
        issuing.pdf_of(issued)


@pytest.mark.parametrize("change", [{"html": "outro"}, {"pdf_sha256": "0" * 64}, {"title": "x"}])
def test_the_database_refuses_to_change_an_issued_document(
    contract: Contract, change: dict[str, str]
) -> None:
    issue(contract, template())

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        IssuedDocument.objects.update(**change)


@pytest.mark.parametrize("model", [ContractDocument, IssuedDocument])
def test_the_database_refuses_to_forget_an_issued_document(
    contract: Contract, model: type[ContractDocument | IssuedDocument]
) -> None:
    issue(contract, template())

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"kind": "X"}, "issued_document_kind"),
        ({"pdf_sha256": "x"}, "issued_document_digests"),
        ({"size": 0}, "issued_document_not_empty"),
        ({"html": ""}, "issued_document_not_empty"),
    ],
)
def test_the_database_refuses_what_no_document_is(
    contract: Contract, change: dict[str, object], promise: str
) -> None:
    issued = issue(contract, template())
    issued.pk, issued.stored_as = None, "outro"
    for name, value in change.items():
        setattr(issued, name, value)

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        issued.save(force_insert=True)
