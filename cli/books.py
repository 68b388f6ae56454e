"""Loading a rulebook for a command, with everything that is wrong with it shown at once."""

from __future__ import annotations

from pathlib import Path

from cli.exits import Stop
from rules.model import Rulebook
from rules.problem import RuleProblem, describe_all

Found = Rulebook | tuple[RuleProblem, ...]


def rulebook_in(folder: Path | None) -> Rulebook:
    """The rulebook of a folder, or the program's own. Raises Stop, listing every problem, if
    anything is wrong with it."""
    return faultless(found_in(folder), folder)


def found_in(folder: Path | None) -> Found:
    """The rulebook of that folder, or everything that is wrong with it."""
    # what reads rules is loaded only by the process that reads them
    from rules.load import OWN_BOOK, load_rulebook  # noqa: PLC0415

    return load_rulebook(folder or OWN_BOOK)


def faultless(found: Found, folder: Path | None) -> Rulebook:
    """The rulebook that was found in a folder. Raises Stop as rulebook_in does."""
    if isinstance(found, Rulebook):
        return found
    from rules.load import OWN_BOOK  # noqa: PLC0415

    lines = "\n".join(f"  {line}" for line in describe_all(found))
    many = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
    where = folder or OWN_BOOK
    raise Stop(f"Stopped: {many} wrong in the rulebook {where}.\n{lines}")
