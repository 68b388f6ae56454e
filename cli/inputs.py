"""The files that a command is given, read with words for whoever gave them."""

from __future__ import annotations

from pathlib import Path

from cli.exits import Stop
from engine.assessment import Assessment
from evidence.regular_file import FileStop, read_regular
from evidence.visible import visible
from reports.json import LIMIT_BYTES, from_json
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from rules.problem import describe_all


def read_input(path: Path, limit_bytes: int, option: str = "") -> bytes:
    """The bytes of a file that was given, with that ``option`` or without one. Raises Stop where
    it is no file, or holds more than that."""
    try:
        return read_regular(path, limit_bytes)
    except FileStop as stop:
        raise Stop(f"{named(path, option)} {stop.words}") from None


def read_assessment(path: Path, option: str = "") -> tuple[Assessment, bytes]:
    """The assessment in a file, and its bytes. Raises Stop where there is none in it."""
    data = read_input(path, LIMIT_BYTES, option)
    found = from_json(data)
    if isinstance(found, str):
        raise Stop(f"{named(path, option)}: {found}")
    return found, data


def named(path: Path, option: str = "") -> str:
    """The path as a message names it, behind the option that it was given with."""
    return visible(f"{option} {path}".lstrip())


def rulebook_in(folder: Path | None) -> Rulebook:
    """The rulebook of a folder, or the program's own. Raises Stop, listing every problem, if
    anything is wrong with it."""
    where = folder or OWN_BOOK
    found = load_rulebook(where)
    if isinstance(found, Rulebook):
        return found
    lines = "\n".join(f"  {line}" for line in describe_all(found))
    many = "1 error" if len(found) == 1 else f"{len(found)} errors"
    raise Stop(f"Stopped: {many} in the rulebook {where}.\n{lines}")
