"""Loading a rulebook for a command, with everything that is wrong with it shown at once."""

from __future__ import annotations

from pathlib import Path

from cli.exits import Stop
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from rules.problem import describe_all


def rulebook_in(folder: Path | None) -> Rulebook:
    """The rulebook of a folder, or the program's own. Raises Stop, listing every problem, if
    anything is wrong with it."""
    where = folder or OWN_BOOK
    found = load_rulebook(where)
    if isinstance(found, Rulebook):
        return found
    lines = "\n".join(f"  {line}" for line in describe_all(found))
    many = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
    raise Stop(f"Stopped: {many} wrong in the rulebook {where}.\n{lines}")
