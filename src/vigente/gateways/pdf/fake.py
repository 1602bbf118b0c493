"""A printer without libraries, for tests that want many documents: it prints the bare text."""

import hashlib
import re
from html import unescape

from vigente.gateways.pdf.port import PrintFailed

LETTERS = ("latin-1", "replace")


class PlainPrinter:
    """Writes the words of a page, one under the other, into the smallest PDF there can be."""

    def pdf(self, page: str) -> bytes:
        """Return the page's words as a PDF."""
        if not page.strip():
            raise PrintFailed("A página está vazia.")
        said = re.sub(r"<(style|head|title)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL)
        return _file([line.strip() for line in unescape(said).splitlines() if line.strip()])


def _file(lines: list[str]) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _quoted(line) for line in lines)
    content = b"BT /F1 11 Tf 50 780 Td 14 TL\n%sET" % shown
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    written, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    digest = hashlib.sha256(content).hexdigest()[:32].encode()
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /ID [<%s> <%s>] >>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (len(parts) + 1, table, len(parts) + 1, digest, digest, len(written))


def _quoted(line: str) -> bytes:
    shown = line.encode(*LETTERS)
    return shown.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
