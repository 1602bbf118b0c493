"""A QR code as a drawing inside the page."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(text: str, *, title: str) -> SafeString:
    """Return a text as a QR code in SVG, which scales with the place that it stands in."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=2,
        light="#fff",
        title=title,
        nl=False,
    )
    # the library escapes the title; the rest is its own drawing
    return mark_safe(out.getvalue().decode())  # noqa: S308
