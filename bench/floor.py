"""The least that any check with these libraries takes: python -m bench.floor WORKBOOK

Imports pandas and python-calamine and reads every sheet into a frame, and does nothing with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas
from python_calamine import CalamineWorkbook


def read_all(path: Path) -> dict[str, pandas.DataFrame]:
    """Every sheet of the workbook as a frame, by name."""
    book = CalamineWorkbook.from_path(path)
    return {
        name: pandas.DataFrame(book.get_sheet_by_name(name).to_python())
        for name in book.sheet_names
    }


if __name__ == "__main__":
    read_all(Path(sys.argv[1]))
