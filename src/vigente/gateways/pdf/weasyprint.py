"""PDF by WeasyPrint; it needs the libraries of Pango, see `setup/debian-packages`.

The library is loaded with the first document: it takes as long as a start of all the rest, and a
machine without Pango still serves every other page.
"""

import hashlib
from functools import cache
from importlib import import_module
from types import ModuleType

from vigente.gateways.pdf.port import PrintFailed


class WeasyPrint:
    """Prints in this process; a contract takes some tenths of a second."""

    def pdf(self, page: str) -> bytes:
        """Return the page as a PDF, identified by its own digest."""
        if not page.strip():
            raise PrintFailed("A página está vazia.")
        library = _library()
        nothing = library.urls.URLFetcher(allowed_protocols=())
        html = library.HTML(string=page, url_fetcher=nothing)
        printed: bytes = html.write_pdf(pdf_identifier=hashlib.sha256(page.encode()).digest()[:16])
        return printed


@cache
def _library() -> ModuleType:
    try:
        return import_module("weasyprint")
    except OSError as missing:
        raise PrintFailed(
            "Falta a biblioteca Pango nesta máquina: instale-a com «make setup» e tente de novo."
        ) from missing
