"""What every supplier of signatures does; each new one is added to the list and passes the same."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from vigente.gateways.pdf.fake import PlainPrinter
from vigente.gateways.pdf.weasyprint import WeasyPrint
from vigente.gateways.signature import keys
from vigente.gateways.signature.fake import FolderSignatures
from vigente.gateways.signature.pades import Pades
from vigente.gateways.signature.port import Order, SealFailed, Signatures, Signed

NOW = datetime(2026, 3, 12, 15, tzinfo=UTC)
PDF = WeasyPrint().pdf("<html lang='pt-BR'><title>c</title><p>Contrato</p></html>")
EVIDENCE = WeasyPrint().pdf("<html lang='pt-BR'><title>e</title><p>Evidências</p></html>")
ORDER = Order(
    key="pedido 1",
    title="Contrato nº 1",
    pdf=PDF,
    signer_name="Ana",
    signer_tax_id="52998224725",
    page="https://provedor.example/assinar/abc/",
    expires_at=NOW,
)
SIGNED = Signed(key="pedido 1", pdf=PDF, evidence=EVIDENCE, signer_name="Ana Conceição", at=NOW)


@pytest.fixture(params=[FolderSignatures, Pades])
def supplier(request: pytest.FixtureRequest, tmp_path: Path) -> Signatures:
    made: Signatures = request.param(tmp_path / "selo")
    return made


def test_the_same_key_begins_once(supplier: Signatures) -> None:
    first = supplier.begin(ORDER)

    assert first.startswith("https://")
    assert supplier.begin(ORDER) == first


def test_a_sealed_document_begins_with_what_was_signed(supplier: Signatures) -> None:
    sealed = supplier.seal(SIGNED)

    assert sealed.startswith(PDF)
    assert supplier.is_intact(sealed)


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8, 0.97])
def test_a_changed_byte_shows(supplier: Signatures, place: float) -> None:
    sealed = bytearray(supplier.seal(SIGNED))
    sealed[int(len(sealed) * place)] ^= 1

    assert not supplier.is_intact(bytes(sealed))


@pytest.mark.parametrize("other", [b"", PDF, b"%PDF-1.7", b"x" * 100])
def test_what_was_never_sealed_is_not_intact(supplier: Signatures, other: bytes) -> None:
    assert not supplier.is_intact(other)


def test_what_was_added_after_the_seal_shows(supplier: Signatures) -> None:
    assert not supplier.is_intact(supplier.seal(SIGNED) + b"\n% x")


def test_what_is_no_pdf_is_refused(supplier: Signatures) -> None:
    with pytest.raises(SealFailed):
        supplier.seal(replace(SIGNED, pdf=b"contrato"))


@pytest.mark.parametrize("printed", [PDF, PlainPrinter().pdf("<p>Contrato</p>")])
def test_the_evidence_is_the_last_page_and_the_seal_is_pades(
    tmp_path: Path, printed: bytes
) -> None:
    sealed = Pades(tmp_path / "selo").seal(replace(SIGNED, pdf=printed))

    read = PdfFileReader(BytesIO(sealed))
    assert read.root["/Pages"]["/Count"] == 2
    [signature] = read.embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == "Assinado eletronicamente por Ana Conceição"


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, other = Pades(tmp_path / "selo"), Pades(tmp_path / "selo")

    assert other.is_intact(first.seal(SIGNED))
    kept = sorted((tmp_path / "selo").iterdir())
    assert [f"{file.stat().st_mode & 0o777:o}" for file in kept] == ["600", "600"]
    assert [file.name for file in tmp_path.iterdir()] == ["selo"]


def test_another_key_does_not_pass_for_ours(tmp_path: Path) -> None:
    assert not Pades(tmp_path / "meu").is_intact(Pades(tmp_path / "outro").seal(SIGNED))


def test_a_certificate_of_the_provider_seals_instead(tmp_path: Path) -> None:
    key, certificate = keys.kept_in(tmp_path / "icp", made_at=NOW)
    file = tmp_path / "empresa.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"empresa",
            serialization.load_pem_private_key(key.read_bytes(), None),  # type: ignore[arg-type]
            load_pem_x509_certificate(certificate.read_bytes()),
            None,
            serialization.BestAvailableEncryption(b"abacate"),
        )
    )
    supplier = Pades(tmp_path / "selo", file, "abacate")

    assert supplier.is_intact(supplier.seal(SIGNED))
    assert not (tmp_path / "selo").exists()
    with pytest.raises(SealFailed, match="VIGENTE_SEAL_P12"):
        Pades(tmp_path / "selo", file, "errada").seal(SIGNED)


def test_a_loop_of_events_that_runs_is_no_hindrance(supplier: Signatures) -> None:
    async def seal() -> bytes:
        return supplier.seal(SIGNED)

    with ThreadPoolExecutor(max_workers=1) as thread:  # a browser's test may have one here too
        assert supplier.is_intact(thread.submit(lambda: asyncio.run(seal())).result())
