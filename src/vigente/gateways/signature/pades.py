"""The built-in signature: our own page, and a seal of the kind PAdES B-B by pyHanko."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from vigente.gateways.signature import keys
from vigente.gateways.signature.port import Order, SealFailed, Signed

FIELD = "Vigente"


@dataclass(frozen=True, slots=True)
class Pades:
    """Seals with the key in a folder, or with a PKCS #12 file and its password."""

    folder: Path
    pkcs12: Path | None = None
    password: str = ""

    def begin(self, order: Order) -> str:
        """Return our own page: the person signs there."""
        return order.page

    def seal(self, signed: Signed) -> bytes:
        """Return the document, its evidence and a signature over all of it."""
        try:
            writer = IncrementalPdfFileWriter(BytesIO(signed.pdf))
            _append(writer, signed.evidence)
            signer = signers.PdfSigner(
                PdfSignatureMetadata(
                    field_name=FIELD,
                    subfilter=SigSeedSubFilter.PADES,
                    md_algorithm="sha256",
                    certify=True,
                    docmdp_permissions=MDPPerm.NO_CHANGES,
                    reason=f"Assinado eletronicamente por {signed.signer_name}",
                ),
                signer=self._signer(made_at=signed.at),
            )
            done = _alone(lambda: signer.sign_pdf(writer))
        except (PdfError, SigningError) as fault:
            raise SealFailed(f"O documento não pôde ser selado: {fault}") from fault
        sealed: bytes = done.getvalue()
        return sealed

    def is_intact(self, sealed: bytes) -> bool:
        """Tell whether the one signature covers the whole file and was made with this key."""
        try:
            found = PdfFileReader(BytesIO(sealed)).embedded_signatures
            if len(found) != 1:
                return False
            own = self._signer(made_at=None).signing_cert
            assert own is not None
            trusted = ValidationContext(trust_roots=[own])
            status = _alone(lambda: validate_pdf_signature(found[0], trusted))
        except (PdfError, SigningError, SealFailed, ValueError):
            return False
        covers_all = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        is_own = status.signing_cert.dump() == own.dump()
        return bool(status.intact and status.valid and covers_all and is_own)

    def _signer(self, *, made_at: datetime | None) -> SimpleSigner:
        """Return who seals; a key that there is not yet is made, if its moment is told."""
        if self.pkcs12 is not None:
            password = self.password.encode() or None
            loaded = SimpleSigner.load_pkcs12(str(self.pkcs12), passphrase=password)
        else:
            key, certificate = keys.kept_in(self.folder, made_at=made_at)
            loaded = SimpleSigner.load(str(key), str(certificate))
        if not isinstance(loaded, SimpleSigner):
            raise SealFailed("A chave do selo não pôde ser lida. Confira VIGENTE_SEAL_P12.")
        return loaded


def _alone[Result](act: Callable[[], Result]) -> Result:
    """Do it in a thread of its own: the library starts a loop of events, of which one may run."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(act).result()


def _append(writer: IncrementalPdfFileWriter, evidence: bytes) -> None:
    """Put the pages of the evidence at the end, each drawn as one form."""
    source = PdfFileReader(BytesIO(evidence))
    for number in range(int(source.root["/Pages"]["/Count"])):
        form = writer.import_page_as_xobject(source, page_ix=number)
        box = form.get_object()["/BBox"]
        drawn = writer.add_object(StreamObject(stream_data=b"q /Evidence Do Q"))
        writer.insert_page(
            PageObject(
                contents=drawn,
                media_box=ArrayObject(NumberObject(round(float(side))) for side in box),
                resources=DictionaryObject(
                    {pdf_name("/XObject"): DictionaryObject({pdf_name("/Evidence"): form})}
                ),
            )
        )
