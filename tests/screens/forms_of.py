"""Reads the forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

type Sent = dict[str, str | list[str]]


@dataclass
class Form:
    """A form: where it goes, how, and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def sent(self) -> Sent:
        """Return what the form would send as it stands."""
        return {name: list(values) for name, values in self.fields.items() if values}

    def typed(self) -> list[str]:
        """Return the names of the fields that people fill in."""
        return [name for name, kind in self.kinds.items() if kind != "hidden"]


class _Reader(HTMLParser):
    """Collects forms; fields outside a form name theirs by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.selected: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self.inside)
        elif self.inside is not None:
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self.inside is not None
        name, kind = told.get("name", ""), told.get("type", tag)
        if tag == "option":
            if self.selected is not None and "selected" in told:
                self.inside.fields[self.selected].append(told.get("value", ""))
        elif name and tag in ("input", "select", "textarea"):
            self.inside.kinds[name] = kind
            values = self.inside.fields.setdefault(name, [])
            self.selected = name if tag == "select" else None
            self.area = name if tag == "textarea" else None
            if kind in ("checkbox", "radio"):
                values += [told.get("value", "on")] if "checked" in told else []
            elif tag == "input":
                values.append(told.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.inside is not None:
            self.inside.fields[self.area].append(data)
            self.area = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "select":
            self.selected = None
        elif tag == "textarea":
            self.area = None


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page, in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
