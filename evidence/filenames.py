"""The names of files in messages and reports, as visible text."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain, count
from pathlib import Path

from evidence.visible import visible

#: REPLACEMENT CHARACTER, which replaces bytes in a name that are not text.
NO_TEXT = "\ufffd"


def names_of(paths: Sequence[Path], root: Path | None = None) -> list[str]:
    """A name for each file, as text: its path from ``root``, or within the common folder, with
    slashes and visible letters.

    Equal paths have one name, and different paths have different names. Of names that differ only
    in bytes that are not text, the second gets ``(2)``, and so on. The order of their bytes decides
    which is the second, so that the order of the paths makes no difference.
    """
    within = _within(paths, root)
    names: dict[str, str] = {}
    for path in sorted(set(within), key=lambda path: (as_text(path) != path, os.fsencode(path))):
        names[path] = _untaken(visible(as_text(path)), names.values())
    return [names[path] for path in within]


def by_name(paths: Sequence[Path], root: Path | None = None) -> dict[str, Path]:
    """The files by their names. A path that is given twice is included once."""
    return dict(zip(names_of(paths, root), paths, strict=True))


def repeated_names(paths: Sequence[Path], root: Path | None = None) -> set[str]:
    """The names of files that are given more than once."""
    return {name for name, times in Counter(names_of(paths, root)).items() if times > 1}


def as_text(name: str) -> str:
    """A name that the system gives, as text: bytes that are not UTF-8 become replacement
    characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def stays_inside(name: str) -> bool:
    """Whether a name, with slashes between its parts, is that of a file inside its folder, on every
    system."""
    return not (set(name) & set("\\:\0") or {"..", ""} & set(name.split("/")))


def _within(paths: Sequence[Path], root: Path | None) -> list[str]:
    absolute = [os.path.normpath(path.absolute()) for path in paths]
    folders = [Path(path).parent for path in absolute]
    try:
        common = root.absolute() if root else os.path.commonpath(folders) if folders else ""
        return [Path(os.path.relpath(path, common)).as_posix() for path in absolute]
    except ValueError:  # on different drives
        return [Path(path).as_posix() for path in absolute]


def _untaken(name: str, taken: Collection[str]) -> str:
    numbered = (f"{name} ({number})" for number in count(2))
    return next(candidate for candidate in chain([name], numbered) if candidate not in taken)
