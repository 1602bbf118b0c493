"""The text of a template becomes HTML: headings, lists, tables, bold; never what a value holds.

The text is markdown without links, images, code and HTML. Variables are kept out of its reading
and put in at the end, so that a customer's name with asterisks or angle brackets stays a name.
"""

import re
from collections.abc import Callable, Mapping
from html import escape

from markdown_it import MarkdownIt

IN_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
NOT_READ = (
    *("link", "image", "autolink", "html_inline", "html_block", "reference"),
    *("code", "fence", "backticks", "lheading"),
)
# Variables stand as a number between two characters that no text has.
_BEGIN, _END = "\ue000", "\ue001"
_KEPT = re.compile(f"{_BEGIN}(\\d+){_END}")
_ALIGNED = re.compile(r'style="text-align:(left|center|right)"')

_READER = (
    MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(NOT_READ)
)


def html(body: str, values: Mapping[str, str]) -> str:
    r"""Return a text as HTML with its variables filled in; lines of a value stay lines.

    >>> html("# Contrato\n\nDe **{{ nome }}**.", {"nome": "Ana <b> & *Cia*"})
    '<h1>Contrato</h1>\n<p>De <strong>Ana &lt;b&gt; &amp; *Cia*</strong>.</p>\n'

    :raises KeyError: for a variable without a value.
    """
    return marked(body, lambda name: shown(values[name]))


def marked(body: str, filled: Callable[[str], str]) -> str:
    """Return a text as HTML, each of its variables as `filled` makes it, in HTML already."""
    named: list[str] = []

    def keep(found: re.Match[str]) -> str:
        named.append(found[1].strip())
        return f"{_BEGIN}{len(named) - 1}{_END}"

    read: str = _READER.render(IN_BRACES.sub(keep, re.sub(f"[{_BEGIN}{_END}]", "", body)))
    aligned = _ALIGNED.sub(r'class="to-\1"', read)  # pages take no style of their own
    return _KEPT.sub(lambda kept: filled(named[int(kept[1])]), aligned)


def shown(value: str) -> str:
    """Return a value as HTML: its text, line by line."""
    return "<br>".join(escape(value).splitlines())


def names(body: str) -> tuple[str, ...]:
    """Return the variables that a text names, each once.

    >>> names("{{ b }} {{a}} {{ b }}")
    ('b', 'a')
    """
    return tuple(dict.fromkeys(name.strip() for name in IN_BRACES.findall(body)))
