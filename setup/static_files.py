#!/usr/bin/env python3
"""Bring other projects' styles, letters, icons and htmx into our static files, at fixed versions.

Run it from the root of the project when a version changes here or a page draws a new icon.
It needs npm and its registry; nothing else of the project does.
"""

import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

BACKOFFICE = Path("src/vigente/backoffice")
STATIC = BACKOFFICE / "static/vigente"

STYLES = "@tabler/core@1.6.1"
LETTERS = "@fontsource-variable/inter@5.3.0"
ICONS = "@tabler/icons@3.48.0"
PARTS = "htmx.org@2.0.10"

# {% icon "name" %} in a template, Group("Title", "name", …) in the menu.
DRAWN = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)"|Group\("[^"]+",\s*"([a-z0-9-]+)\"""")
SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=.*?\*/\s*$")
DRAWING = re.compile(r"<path(?! stroke=\"none\")[^>]*/>")
SYMBOL = (
    '<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-linecap="round" stroke-linejoin="round">{drawing}</symbol>'
)


def fetch(package: str, *, into: Path) -> tarfile.TarFile:
    """Fetch a package of npm; npm checks its digest."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(into), package]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return tarfile.open(into / told.stdout.strip())


def read(package: tarfile.TarFile, path: str) -> bytes:
    """Return a file of a package; one that is not there stops everything."""
    found = package.extractfile(f"package/{path}")
    if found is None:
        raise FileNotFoundError(path)
    return found.read()


def drawn_icons() -> list[str]:
    """Return the names of the icons that pages and the menu draw."""
    sources = [*BACKOFFICE.rglob("*.html"), BACKOFFICE / "menu.py"]
    pairs = [pair for source in sources for pair in DRAWN.findall(source.read_text())]
    return sorted({in_page or in_menu for in_page, in_menu in pairs})


def sprite(icons: tarfile.TarFile) -> str:
    """Return one drawing that holds every icon in use, each under its name."""
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in drawn_icons():
        drawing = DRAWING.findall(read(icons, f"icons/outline/{name}.svg").decode())
        lines.append(SYMBOL.format(name=name, drawing="".join(drawing)))
    return "\n".join([*lines, "</svg>", ""])


def bring_in() -> None:
    """Write all of them anew."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = (STYLES, LETTERS, ICONS, PARTS)
        styles, letters, icons, parts = (fetch(package, into=Path(folder)) for package in wanted)
        css = SOURCE_MAP.sub(b"", read(styles, "dist/css/tabler.min.css"))
        (STATIC / "tabler.min.css").write_bytes(css)
        for alphabet in ("latin", "latin-ext"):
            font = read(letters, f"files/inter-{alphabet}-wght-normal.woff2")
            (STATIC / f"fonts/inter-{alphabet}.woff2").write_bytes(font)
        (STATIC / "htmx.min.js").write_bytes(read(parts, "dist/htmx.min.js"))
        (STATIC / "icons.svg").write_text(sprite(icons))


if __name__ == "__main__":
    bring_in()
