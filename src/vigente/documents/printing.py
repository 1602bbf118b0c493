"""The printed page: our letterhead and our styles around the text of a document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from vigente.gateways.pdf.port import Printer
from vigente.gateways.pdf.weasyprint import WeasyPrint


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues: what the head and the foot of every page say."""

    name: str
    tax_id: str
    place: str
    note: str = ""


def printer() -> Printer:
    """Return the printer of this installation."""
    return WeasyPrint()


def page(title: str, html: str, head: Letterhead) -> str:
    """Return a whole page for the printer; `html` is safe as it stands."""
    return _page("documents/print.html", title, head, {"body": mark_safe(html)})  # noqa: S308


def alteration_text(told: Mapping[str, object]) -> str:
    """Return the text of an alteration's own document, for `page`."""
    return render_to_string("documents/alteration.html", told)


def evidence_page(title: str, facts: Sequence[tuple[str, str]], head: Letterhead) -> str:
    """Return the page that tells how a document was signed."""
    return _page("documents/evidence.html", title, head, {"facts": facts})


def _page(template: str, title: str, head: Letterhead, more: Mapping[str, object]) -> str:
    context = {"title": title, "head": asdict(head), "styles": _styles(), **more}
    return render_to_string(template, context)


@cache
def _styles() -> str:
    kept = Path(__file__).with_name("print.css").read_text(encoding="utf-8")
    return mark_safe(kept)  # noqa: S308  a file of ours
