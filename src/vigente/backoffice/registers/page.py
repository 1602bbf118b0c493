"""What the list and the form of a register show; one value describes each cadastro."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet

from vigente.domain.permissions import Permission
from vigente.journeys.registers import Register


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: its title, its text and its class (`num`, `c-val`, …)."""

    title: str
    show: Callable[[Any], object]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: a title, a hint and the fields in their order; `wide` take the line."""

    title: str
    names: tuple[str, ...]
    hint: str = ""
    wide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Another page about a row: its words, its address and who may open it."""

    words: str
    address: str
    needs: Permission


@dataclass(frozen=True, slots=True)
class Begun:
    """A beginning for a new row: its name in the address, its words and what it fills in."""

    code: str
    words: str
    filled: Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The fields of a row that no longer change, and the sentence that says why and what to do."""

    names: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A list inside the form (items, addresses): one line is one form, and becomes one fact.

    The facts of the register hold a tuple of `facts` under `name`.
    """

    name: str
    title: str
    form: type[forms.Form]
    facts: Callable[..., Any]
    hint: str = ""
    add: str = "Incluir linha"
    most: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """One cadastro: who may see and change it, what its list shows and what its form asks.

    `rows` returns what the person's branches may see; `search` narrows it by words. `facts` makes
    the facts of the register from the cleaned fields. `promises` gives the field and the sentence
    of each constraint that a person can run into, and `refusals` the errors of the rules. `offer`
    gives the form choices that depend on the row; `frozen` says what of a row is only shown, since
    a promise keeps it; `goes_to` says where saving leads, if not back to the list, and `links` what
    else there is to see of a row.
    `shown` names the page that shows a row, if that is not its form.
    `sheet` names the importer's sheet that the list is taken along as; without one it is taken
    along as it is shown. `beginnings` are what a new row may begin with, instead of nothing.
    `also` names what stands below the fields, `beside` what stands beside them.
    """

    address: str
    title: str
    new: str
    empty: str
    group: str
    see: Permission
    change: Permission
    register: Register[Any, Any]
    rows: Callable[[Sequence[int]], QuerySet[Any]]
    search: Callable[[QuerySet[Any], str], QuerySet[Any]]
    columns: tuple[Column, ...]
    form: type[forms.Form]
    sections: tuple[Section, ...]
    facts: Callable[..., Any]
    lines: tuple[Lines, ...] = ()
    order: str = "name"
    has_inactive: bool = True
    promises: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    refusals: tuple[type[Exception], ...] = ()
    offer: Callable[[forms.Form, Any], None] | None = None
    frozen: Callable[[Any], Frozen | None] | None = None
    goes_to: Callable[[Any], str] | None = None
    links: Callable[[Any], tuple[Link, ...]] = lambda _row: ()
    shown: str = ""
    sheet: str = ""
    also: str = ""
    beside: str = ""
    beginnings: tuple[Begun, ...] = ()

    @property
    def leads_to(self) -> str:
        """Return the name of the page that a row of the list leads to."""
        return self.shown or f"{self.address}-edit"
