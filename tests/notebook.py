"""Runs the example notebook and writes its outputs into it: ``python -m tests.notebook``."""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from engine.check import CheckRequest, assess
from evidence.read import read_evidence
from reports.tables import frames
from reports.tables.writers import TablePart, arrow_part, write_tables
from tests.support.needs import ROOT
from tests.support.own_book import own_book
from tests.support.small_check import BOTH

NOTEBOOK = ROOT / "examples" / "tables.ipynb"
#: The last days of the twelve months that the notebook asks about.
MONTHS = tuple(
    datetime.date(year, month, 1) - datetime.timedelta(1)
    for year, month in [(2026, month) for month in range(1, 13)]
)


def monthly_parts() -> Iterator[TablePart]:
    """The tables of the example at the end of each month. Its rows have fingerprints, as those of a
    check with a ledger."""
    evidence = read_evidence([ROOT / "examples" / "office.xlsx"], own_book().registers)
    # the dates of the year ahead take most of a check, and are in no table
    with patch("engine.check.year_ahead", return_value=()):
        for day in MONTHS:
            request = CheckRequest(own_book(), evidence, day, BOTH, None, key=b"k" * 32)
            yield arrow_part(frames(assess(request)))


def executed(notebook: str, folder: Path) -> str:
    """The notebook after its code cells were run in ``folder``, one after another, each with the
    text of its last expression as its output."""
    made = json.loads(notebook)
    names: dict[str, object] = {}
    with contextlib.chdir(folder), pd.option_context("display.width", 96):
        for number, cell in enumerate(made["cells"], 1):
            if cell["cell_type"] == "code":
                shown = _shown("".join(cell["source"]), f"cell {number}", names)
                text = repr(shown).splitlines(keepends=True)
                output = {"data": {"text/plain": text}, "execution_count": None, "metadata": {}}
                result = {**output, "output_type": "execute_result"}
                cell["outputs"] = [] if shown is None else [result]
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _shown(source: str, name: str, names: dict[str, object]) -> object:
    """The value of the last expression of a cell, after its other statements; None if it ends with
    none."""
    *statements, last = ast.parse(source).body
    body = statements if isinstance(last, ast.Expr) else [*statements, last]
    exec(compile(ast.Module(body, []), name, "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), name, "eval"), names)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        write_tables(monthly_parts(), "parquet", Path(made) / "tables")
        text = executed(NOTEBOOK.read_text(encoding="utf-8"), Path(made))
        NOTEBOOK.write_text(text, encoding="utf-8")
