"""What every printer does; each new one is added to the list and passes the same."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from vigente.gateways.pdf.fake import PlainPrinter
from vigente.gateways.pdf.port import Printer, PrintFailed
from vigente.gateways.pdf.weasyprint import WeasyPrint

PAGE = """<!doctype html><html lang="pt-BR"><head><title>Contrato</title><style>
body { font-family: "Liberation Sans", sans-serif; }</style></head>
<body><h1>Contrato nº 1042</h1><p>Instalação em São João (MG).</p></body></html>"""


@pytest.fixture(params=[PlainPrinter, WeasyPrint])
def printer(request: pytest.FixtureRequest) -> Printer:
    made: Printer = request.param()
    return made


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF has, which only a whole one can tell."""
    count: int = PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"]
    return count


def test_a_page_becomes_a_pdf(printer: Printer) -> None:
    printed = printer.pdf(PAGE)

    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")
    assert pages(printed) == 1


def test_the_same_page_gives_the_same_bytes(printer: Printer) -> None:
    assert printer.pdf(PAGE) == printer.pdf(PAGE)
    assert printer.pdf(PAGE) != printer.pdf(PAGE.replace("1042", "1043"))


def test_an_empty_page_is_refused(printer: Printer) -> None:
    with pytest.raises(PrintFailed):
        printer.pdf(" \n")


@pytest.mark.parametrize(
    "reach",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/hostname">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        "<style>@import url(file:///etc/passwd);</style>",
    ],
)
def test_nothing_outside_the_page_is_fetched(printer: Printer, reach: str) -> None:
    """The page is printed without it, as if it were not there."""
    printed = printer.pdf(PAGE.replace("</h1>", f"</h1>{reach}"))

    assert pages(printed) == 1
    assert b"root:" not in printed


def test_letters_of_the_named_typeface_are_in_the_file() -> None:
    """Without it the file would be printed in another, and look different on each machine."""
    printed = WeasyPrint().pdf(PAGE)

    page = PdfFileReader(BytesIO(printed)).root["/Pages"]["/Kids"][0]
    fonts = [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]
    assert [font for font in fonts if "Liberation" not in font] == []
    assert fonts
