"""The files that a command writes: never over one that it reads, and each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

from cli.exits import Stop
from cli.inputs import named
from evidence.output_file import same_file, taken, write_files, write_new_file

#: A file that is to be written, behind the option or word that names it in a message.
Output: TypeAlias = tuple[str, Path]


def write_over(files: Mapping[Path, bytes]) -> None:
    """Writes every file, over older ones, or none. Raises Stop where one cannot be written."""
    try:
        write_files(files)
    except OSError as error:
        raise _cannot(files, error) from None


def write_new(path: Path, data: bytes) -> None:
    """Writes a file of a name that is free. Raises Stop where it is not, or cannot be written."""
    try:
        write_new_file(path, data)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise _cannot([path], error) from None


def must_be_free(path: Path) -> None:
    """Raises Stop where a file of that name is there already."""
    if taken(path):
        raise _there(path)


def must_replace_no_input(outputs: Sequence[Output], inputs: Mapping[str, Iterable[Path]]) -> None:
    """Raises Stop where a file that is to be written is one that is read, under whichever name or
    link, or where two are to be written in one place. Inputs are by what a message calls them."""
    for name, path in outputs:
        for what, paths in inputs.items():
            other = same_file(path, paths)
            if other is not None:
                also = "" if other == path else f" ({named(other)})"
                raise Stop(
                    f"Nothing was done: {named(path, name)} is {what}{also}, and would be "
                    "overwritten. Give another name or folder."
                )
    for (one, first), (other_name, second) in combinations(outputs, 2):
        if _whole(first) == _whole(second):
            raise Stop(
                f"Nothing was done: {named(first, one)} and {named(second, other_name)} are the "
                "same file. Give one of them another name."
            )


def files_in(folder: Path) -> list[Path]:
    """Every file in a folder and its folders, as far as it can be looked at."""
    found: list[Path] = []
    with suppress(OSError, ValueError):
        found = [Path(at, name) for at, _, names in os.walk(folder) for name in names]
    return found


def _whole(path: Path) -> str:
    """The path of the file itself, in folders that may be links."""
    return os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118


def _there(path: Path) -> Stop:
    return Stop(f"{named(path)} already exists and was not changed: give another name.")


def _cannot(paths: Iterable[Path], error: OSError) -> Stop:
    names, reason = " and ".join(map(named, paths)), error.strerror or error
    return Stop(f"{names} could not be written ({reason}): give another place.")
