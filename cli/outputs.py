"""The files that a command writes: never over its input, and each complete or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

from cli.exits import Stop
from cli.inputs import path_words
from evidence.output_file import reason_words, same_file, taken, write_files, write_new_file
from rules.draft import BOOK

#: The option or word that names a file in a message, and the path to write.
Output: TypeAlias = tuple[str, Path]


def write_over(files: Mapping[Path, bytes]) -> None:
    """Writes every file, over older ones, or none. Raises Stop if one cannot be written."""
    try:
        write_files(files)
    except OSError as error:
        raise _cannot(files, error) from None


def write_into(
    folder: Path, files: Mapping[str, bytes], option: str = "", instead: str = ""
) -> list[Path]:
    """Writes files by their names into a folder, over older ones: all of them, or none. Makes the
    folder as :func:`make_folder` does. Returns their paths. Raises Stop if one cannot be
    written."""
    make_folder(folder, option, instead)
    paths = {folder / name: data for name, data in files.items()}
    write_over(paths)
    return list(paths)


def make_folder(folder: Path, option: str = "", instead: str = "") -> None:
    """Makes a folder that was named with ``option``, or without one, unless it is there. Raises
    Stop, with what to give ``instead``, if that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        advice = f" Give another {instead}." if instead else ""
        place = path_words(folder, option)
        raise Stop(f"{place} could not be made{reason_words(error)}.{advice}") from None


def write_new(path: Path, data: bytes) -> None:
    """Writes a file with a free name. Raises Stop if it exists already, or cannot be written."""
    try:
        write_new_file(path, data)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _cannot([path], error) from None


def must_be_free(path: Path) -> None:
    """Raises Stop if a file with the name exists already."""
    if taken(path):
        raise _exists(path)


def must_replace_no_input(outputs: Sequence[Output], inputs: Mapping[str, Iterable[Path]]) -> None:
    """Raises Stop if an output is an input, under any name or link, or if two outputs are one file.
    ``inputs``: by their names in a message."""
    for name, path in outputs:
        for kind, paths in inputs.items():
            other = same_file(path, paths)
            if other is not None:
                also = "" if other == path else f" ({path_words(other)})"
                raise Stop(
                    f"Nothing was done: {path_words(path, name)} is {kind}{also}, and would be "
                    "overwritten. Give another name or folder."
                )
    for (name, path), (other_name, other_path) in combinations(outputs, 2):
        if _real_path(path) == _real_path(other_path):
            both = f"{path_words(path, name)} and {path_words(other_path, other_name)}"
            raise Stop(
                f"Nothing was done: {both} are the same file. Give one of them another name."
            )


def files_in(folder: Path) -> list[Path]:
    """Every file in a folder and its folders; none if they cannot be read."""
    with suppress(OSError, ValueError):
        return [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return []


def files_in_book(folder: Path) -> list[Path]:
    """Every file in the folder of a rulebook; none of a folder that is none, since its files are
    the office's own, and what is wrong with it is said when it is read."""
    with suppress(OSError, ValueError):
        return files_in(folder) if (folder / BOOK).is_file() else []
    return []


def must_be_no_file(folder: Path) -> None:
    """Raises Stop if a folder for reports cannot be made, because a file has its name or that of a
    folder around it: before a check is made, and entered in a ledger."""
    place = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    if os.path.lexists(place) and not place.is_dir():
        has = "its name" if place == folder else f"the name {path_words(place)}"
        raise Stop(
            f"The folder {path_words(folder)} cannot be made: a file has {has}. Nothing was"
            " checked. Choose another folder with --out."
        )


def _real_path(path: Path) -> str:
    """The path of the file itself, with its folders' links resolved."""
    return os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118


def _exists(path: Path) -> Stop:
    return Stop(f"{path_words(path)} already exists and was not changed: give another name.")


def _cannot(paths: Iterable[Path], error: OSError) -> Stop:
    names = " and ".join(map(path_words, paths))
    return Stop(f"{names} could not be written{reason_words(error)}. Give another place.")
