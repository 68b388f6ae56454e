"""A part of the project's own rulebook, where fewer duties show the same in less time."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from rules.load import OWN_BOOK

#: The duties about the group and about training, and the one on which they count.
PART = ("4.1-partnership-group", "4.6-training", "assurance-statement.yaml")


def part_of_book(folder: Path, names: Collection[str]) -> Path:
    """A copy of the rulebook in ``folder`` with the duties alone whose file, or the folder in
    which it lies, has one of these names."""
    for path in OWN_BOOK.rglob("*.yaml"):
        name = path.relative_to(OWN_BOOK)
        if len(name.parts) == 1 or not set(name.parts).isdisjoint(names):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
    return folder
