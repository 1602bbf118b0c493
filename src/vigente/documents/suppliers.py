"""Which supplier takes signatures; another is added here and to the parameter of the branch."""

from pathlib import Path
from typing import assert_never

from django.conf import settings

from vigente.domain.signature import SignatureProvider
from vigente.gateways.signature.fake import FolderSignatures
from vigente.gateways.signature.port import Signatures


def signatures(provider: SignatureProvider) -> Signatures:
    """Return the supplier."""
    match provider:
        case SignatureProvider.BUILT_IN:
            # its library takes a second to load, and most processes sign nothing
            from vigente.gateways.signature.pades import Pades  # noqa: PLC0415

            own = Path(settings.SEAL_P12) if settings.SEAL_P12 else None
            return Pades(Path(settings.SEAL_FOLDER), own, settings.SEAL_PASSWORD)
        case SignatureProvider.SIMULATED:
            return FolderSignatures(Path(settings.SEAL_FOLDER).with_name("simulated-signatures"))
    assert_never(provider)
