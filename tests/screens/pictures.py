"""Pictures of the manual, taken of the pages that tests open; only when they are asked for."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

WIDTHS = (1440, 400)
ASKED_FOR = os.environ.get("VIGENTE_SCREENSHOTS") == "1"
FOLDER = Path(__file__).parents[2] / "docs" / "manual" / "imagens"
MOST_BYTES = 200_000


def take(page: Page, name: str, *, at: str = "") -> None:
    """Keep what the page shows as a picture of its width, or hold that there is one.

    `at` names what is to be seen of a page longer than the picture.
    """
    width = (page.viewport_size or {"width": 0})["width"]
    file = FOLDER / f"{name}-{width}.png"
    if ASKED_FOR:
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        if at:
            page.locator(at).evaluate(
                "seen => seen.scrollIntoView({block: 'center', behavior: 'instant'})"
            )
        small = _small(page.screenshot(caret="initial"))
        if not file.exists() or file.read_bytes() != small:
            file.write_bytes(small)
    assert file.exists(), f"Falta {file.name}: tire as imagens com make screenshots."


def take_both(page: Page, name: str) -> None:
    """Keep what the page shows as pictures of a desk's width and of a phone's."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        take(page, name)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def _small(png: bytes) -> bytes:
    """Return the picture in 128 colours, which is all that our pages have."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as seen:
        seen.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
