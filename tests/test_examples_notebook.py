"""The example notebook: its cells run in order, and show what it says that they show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.tables.writers import write_tables
from tests.notebook import MONTHS, NOTEBOOK, executed, monthly_parts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of twelve months."""
    made = tmp_path_factory.mktemp("months")
    counts = write_tables(monthly_parts(), "parquet", made / "tables")
    assert counts["checks"] == len(MONTHS) == 12
    return made


@pytest.mark.campaign
def test_its_cells_show_what_it_says(folder: Path) -> None:
    """After a change of the tables or of the example: python -m tests.notebook."""
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert executed(text, folder) == text


def test_it_asks_five_questions() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    headings = [cell["source"][0] for cell in cells if cell["source"][0].startswith("## ")]
    assert [heading[:5] for heading in headings] == [f"## {number}." for number in range(1, 6)]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) == 6
    assert all(cell["outputs"] for cell in code)
