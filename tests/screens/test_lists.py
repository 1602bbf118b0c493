"""Lists of registers in a real browser: fit for all, and what a filter leaves is taken along."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.provider import Provider
from tests.screens.test_pages import assert_fit_for_all
from vigente.backoffice.registers.all_pages import PAGES
from vigente.backoffice.registers.exporting import harmless
from vigente.imports import reading


def test_every_list_fits(signed_in: Page, isp: Provider) -> None:
    isp.plan(branch=isp.branch)

    for page in PAGES:
        signed_in.goto(f"/{page.address}/")
        assert_fit_for_all(signed_in)


def test_what_was_typed_into_the_filter_narrows_what_is_taken_along(
    signed_in: Page, isp: Provider
) -> None:
    signed_in.goto("/produtos/")
    signed_in.fill(".find input", "Taxa")
    expect(signed_in.locator("tbody tr")).to_have_count(1)

    with signed_in.expect_download() as taken:
        signed_in.click("[aria-label='Exportar CSV']")

    header, *rows = Path(taken.value.path()).read_text("utf-8-sig").splitlines()
    assert taken.value.suggested_filename == "produtos.csv"
    assert header.startswith("Código;Nome;")
    assert [row.split(";")[1] for row in rows] == [isp.fee.name]


@pytest.mark.parametrize("text", ["=Fibra", "+Fibra", "-5", "@x", "'=x", "''=x", "'x", "Fibra"])
def test_what_was_kept_from_being_a_formula_is_read_as_it_was(text: str) -> None:
    assert harmless(text)[0] not in "=+-@"
    assert reading._trimmed(harmless(text)) == text
