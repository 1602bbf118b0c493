"""Files of a contract: only harmless types, within the limit, served so that nothing runs."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from tests.provider import provider
from vigente.contracts.models import Contract
from vigente.documents import attachments
from vigente.documents.models import Attachment
from vigente.domain.permissions import Role
from vigente.staff import actions as staff

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 contrato"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def contract() -> Contract:
    return provider().activate()


def person(contract: Contract, *roles: Role) -> Client:
    user = staff.create_user(
        email="caio@example.com",
        name="Caio",
        password="abacate-verde",
        branches=[contract.branch],
        roles=roles,
    )
    client = Client()
    client.force_login(user)
    return client


def attach(client: Client, contract: Contract, content: bytes, name: str = "rg.pdf") -> str:
    """Attach a file; return what the tab says then."""
    answer = client.post(
        f"/contratos/{contract.pk}/documentos/novo/",
        {"kind": "IDENTITY", "file": SimpleUploadedFile(name, content)},
        follow=True,
    )
    return answer.content.decode()


def test_a_file_is_attached_taken_along_and_removed(contract: Contract) -> None:
    client = person(contract, Role.ATTENDANT)

    assert "«rg.pdf» foi anexado" in attach(client, contract, PDF)
    kept = Attachment.objects.get()
    taken = client.get(f"/contratos/{contract.pk}/documentos/{kept.pk}/")
    assert b"".join(taken.streaming_content) == PDF  # type: ignore[attr-defined]
    assert taken["Content-Disposition"] == 'attachment; filename="rg.pdf"'
    assert taken["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert taken["X-Content-Type-Options"] == "nosniff"

    removed = client.post(f"/contratos/{contract.pk}/documentos/{kept.pk}/remover/", follow=True)

    assert "foi removido" in removed.content.decode()
    assert client.get(f"/contratos/{contract.pk}/documentos/{kept.pk}/").status_code == 404
    history = client.get(f"/contratos/{contract.pk}/?aba=historico").content.decode()
    assert "Documento anexado" in history
    assert "Documento removido" in history


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "vazio.pdf", "O arquivo está vazio."),
        (b"MZ\x90\x00", "foto.jpg", "Anexe um PDF ou uma imagem"),
        (b"<html><script>alert(1)</script>", "rg.pdf", "Anexe um PDF ou uma imagem"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "Anexe um PDF ou uma imagem"),
    ],
)
def test_other_files_are_refused_and_leave_nothing(
    contract: Contract, tmp_path: Path, content: bytes, name: str, sentence: str
) -> None:
    shown = attach(person(contract, Role.ATTENDANT), contract, content, name)

    assert sentence in shown
    assert not Attachment.objects.exists()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_file_above_the_limit_is_refused(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 1_000_000)

    shown = attach(person(contract, Role.ATTENDANT), contract, PDF + b"x" * 1_000_000)

    assert "O arquivo passa de 1 MB" in shown


def test_no_file_at_all_is_said(contract: Contract) -> None:
    answer = person(contract, Role.ATTENDANT).post(
        f"/contratos/{contract.pk}/documentos/novo/", {"kind": "IDENTITY"}, follow=True
    )

    assert "Informe arquivo." in answer.content.decode()


def test_names_do_not_lead_out_of_the_folder(contract: Contract, tmp_path: Path) -> None:
    attach(person(contract, Role.ATTENDANT), contract, PDF, "../../../../etc/<b>.pdf")

    kept = Attachment.objects.get()
    assert kept.name == "b.pdf"
    assert attachments.path(kept.stored_as).is_relative_to(tmp_path)


def test_who_may_not_see_documents_sees_none(contract: Contract) -> None:
    client = person(contract, Role.NETWORK)

    assert client.get(f"/contratos/{contract.pk}/documentos/1/").status_code == 403
    shown = client.get(f"/contratos/{contract.pk}/?aba=documentos").content.decode()
    assert "não vê os documentos" in shown


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"kind": "X"}, "attachment_kind"),
        ({"content_type": "text/html"}, "attachment_type"),
        ({"size": 0}, "attachment_not_empty"),
    ],
)
def test_the_database_refuses_what_no_file_is(
    contract: Contract, change: dict[str, str], promise: str
) -> None:
    attach(person(contract, Role.ATTENDANT), contract, PDF)

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Attachment.objects.update(**change)
