"""Why cells cannot be read, in words for one cell and for all cells of a column with one fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidence.cells.text import quoted, some_of
from evidence.problem import ProblemKind


class CellFault(NamedTuple):
    """What cells of one column share where they are one problem: ``are`` is what is wrong with
    them, after a subject in the plural, and ``advice`` the sentence on what to enter. ``quotes`` is
    whether the sentences quote what was found, rather than speak of the cells."""

    kind: ProblemKind
    are: str
    advice: str
    quotes: bool = True


class UnreadReason(NamedTuple):
    """Why a cell cannot be read. ``message`` is the whole message where it is the only such cell or
    text, and ``detail`` what sets its text apart from others with the same fault."""

    fault: CellFault
    message: str
    detail: str = ""


class UnreadCell(NamedTuple):
    """A cell that cannot be read, by its row in the sheet. ``text`` is '' where nothing was found
    that may be shown."""

    row: int
    text: str
    why: UnreadReason


def message_of(first: UnreadCell, count: int, shown: Sequence[tuple[str, str]], values: int) -> str:
    """What is wrong with so many cells, of which ``first`` is one, and what to enter. ``shown`` are
    the first of the distinct ``values`` found in them, each with its detail."""
    fault = first.why.fault
    if count == 1 or (fault.quotes and values == 1):
        return first.why.message
    listed = [
        (quoted(text) if fault.quotes else text) + (f" ({detail})" if detail else "")
        for text, detail in shown
    ]
    subject = f"{values:,} values" if fault.quotes else "The cells"
    which = f": {some_of(listed, total=values)}" if listed else ""
    return f"{subject} {fault.are}{which}. {fault.advice}"
