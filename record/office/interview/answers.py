"""The answers about a sheet in words, before they are saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.cells.text import listed, quoted
from evidence.mapping.assumptions import assumptions
from evidence.mapping.model import (
    BLANK,
    BLANK_LINE,
    NOT_DONE,
    NOT_KEPT,
    Constant,
    RegisterMapping,
    SheetMapping,
)
from evidence.register import Registers, RegisterSpec
from record.office.interview.columns import own_words
from reports.words import cell_value

_MEANINGS = {
    True: "yes",
    False: "no",
    BLANK: "nothing",
    NOT_DONE: "not done, so its row is left out",
}


def answers_in_words(parts: Sequence[SheetMapping], registers: Registers) -> list[str]:
    """One line for each thing that the mapping of a sheet says, in the order of its tables."""
    written = {id_: spec.written for id_, spec in registers.items()}
    lines: list[str] = []
    for part in parts:
        for item in part.gives:
            register = written[item.register_id]
            lines += [f"{register.sheets[0]}:", *_columns(item, register), *_words(item, register)]
        lines += _layout(part)
    return [*lines, *assumptions(parts, written)]


def _columns(item: RegisterMapping, register: RegisterSpec) -> Iterator[str]:
    for name, source in item.columns.items():
        if source != NOT_KEPT and not isinstance(source, Constant):
            heading = register.column(name).usual_heading
            yield f"  {own_words(source, item.wide)} gives {quoted(heading)}"
    if item.wide:
        columns = listed([quoted(text) for text in item.wide.columns])
        last = f"the columns after {quoted(item.wide.after)}" if item.wide.after else columns
        yield f"  each filled cell of {last} is a row of its own"


def _words(item: RegisterMapping, register: RegisterSpec) -> Iterator[str]:
    for name, words in item.words.items():
        heading = register.column(name).usual_heading
        for word, meaning in words.items():
            yield f"  {quoted(word)} in {quoted(heading)} means {_MEANINGS.get(meaning, meaning)}"


def _layout(part: SheetMapping) -> Iterator[str]:
    """How the table lies in its sheet, as far as the mapping says."""
    line = "column" if part.records == "across" else "row"
    if part.headings is not None:
        rows = part.headings if isinstance(part.headings, tuple) else (part.headings,)
        yield f"The headings are in {line}{'s' * (len(rows) > 1)} {listed([str(r) for r in rows])}."
    if part.only_columns:
        yield f"Only {part.only_columns} is read."
    if part.ends_at == BLANK_LINE:
        yield f"The rows end at the first blank {line}."
    elif part.ends_at:
        begins = quoted(cell_value(part.ends_at))
        yield f"The rows end before the {line} that begins with {begins}."
    if part.bands:
        yield f"A {line} with one filled cell is a title over the {line}s below it."
