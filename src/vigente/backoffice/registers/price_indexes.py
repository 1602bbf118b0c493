"""Índices de reajuste: what an index came to, month by month, as it was published."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from vigente.backoffice.fields import Cell, Number, Text
from vigente.backoffice.registers.page import Column, RegisterPage, Section
from vigente.catalog import price_indexes
from vigente.catalog.models import PriceIndex
from vigente.catalog.price_indexes import PriceIndexFacts
from vigente.domain.permissions import Permission
from vigente.domain.readjustment import percent_words
from vigente.imports import cells
from vigente.imports.cells import BadCell
from vigente.journeys.registers import Register


def month(cell: str) -> date:
    """Read mm/aaaa, or aaaa-mm as browsers send it."""
    found = re.fullmatch(r"(?:(\d{1,2})/(\d{4})|(\d{4})-(\d{2}))", cell)
    if found is None:
        raise BadCell("mês: escreva como 12/2026")
    m, y, y2, m2 = found.groups()
    return cells.day(f"01/{m or m2}/{y or y2}")


def change(cell: str) -> Decimal:
    """Read a percent that may be below zero."""
    if cell[:1] in ("-", "−"):
        return -cells.decimal("0", "50")(cell[1:].strip())
    return cells.decimal("0", "100")(cell)


class Month(Cell):
    """A month, chosen or written."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, month, widget=forms.DateInput({"type": "month"}), **kw)

    def prepare_value(self, value: Any) -> Any:
        """Return a month as browsers take it."""
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class Change(Number):
    """A percent that may be below zero."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label, "0", "100", **kw)
        self.read = change


class PriceIndexForm(forms.Form):
    """What is asked of one month of an index."""

    code = Text("Índice", 12, help_text="Como no contrato: IPCA, IGP-M…")
    month = Month("Mês")
    percent = Change(
        "Variação no mês (%)", help_text="Como foi publicada; abaixo de zero com sinal de menos."
    )


def rows(_branch_ids: Sequence[int]) -> QuerySet[PriceIndex]:
    """Return all months of all indexes: every branch readjusts by the same."""
    return PriceIndex.objects.all()


def search(found: QuerySet[PriceIndex], words: str) -> QuerySet[PriceIndex]:
    """Find months by a part of the index's name."""
    return found.filter(code__icontains=words)


PRICE_INDEXES = RegisterPage(
    address="indices-de-reajuste",
    title="Índices de reajuste",
    new="Novo mês de índice de reajuste",
    empty="Cadastre a variação de cada mês: o reajuste anual acumula os últimos 12.",
    group="Cadastros",
    see=Permission.SEE_CATALOG,
    change=Permission.CHANGE_CATALOG,
    register=Register(
        kind="price_index",
        model=PriceIndex,
        facts=price_indexes.price_index_facts,
        write=price_indexes.write_price_index,
        branch_id=lambda _index: None,
    ),
    rows=rows,
    search=search,
    columns=(
        Column("Mês", lambda i: f"{i.month:%m/%Y}", "name"),
        Column("Índice", lambda i: i.code),
        Column("Variação", lambda i: percent_words(int(i.percent * 10_000)), "num"),
    ),
    form=PriceIndexForm,
    facts=PriceIndexFacts,
    sections=(
        Section(
            "Variação de um mês",
            ("code", "month", "percent"),
            "Mudar um mês não muda reajustes já feitos: cada um guarda o percentual que usou.",
        ),
    ),
    order="-month",
    has_inactive=False,
    promises={
        "price_index_once_a_month": (
            "month",
            "Este mês do índice já está cadastrado. Altere-o em vez de cadastrar outro.",
        ),
        "price_index_code": (
            "code",
            "Escreva o índice com letras sem acento, algarismos e hífen, como IPCA ou IGP-M.",
        ),
    },
)
