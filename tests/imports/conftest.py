"""A provider, and a way to import spreadsheets into it."""

from pathlib import Path

import pytest

from tests.imports.spreadsheets import CONTEXT, Import
from tests.provider import Provider, provider
from vigente.imports import actions
from vigente.imports.actions import Report
from vigente.imports.all_sheets import SHEETS


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    """Import a text, or a file, as a sheet."""

    def bring_in(sheet: str, content: str | bytes | Path, **more) -> Report:
        path = content if isinstance(content, Path) else tmp_path / f"{sheet}.csv"
        if isinstance(content, str):
            path.write_text(content, encoding=more.pop("encoding", "utf-8"))
        elif isinstance(content, bytes):
            path.write_bytes(content)
        return actions.import_file(SHEETS[sheet], path, context=CONTEXT, **more)

    return bring_in
