"""What a person confirmed in a mapping that no cell shows, as sentences for the head of reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from evidence.cells.text import listed
from evidence.mapping.model import (
    BLANK,
    NOT_KEPT,
    Constant,
    MatchedName,
    RegisterMapping,
    SheetMapping,
)
from evidence.mapping.words import ANYTHING
from evidence.register import BLANK_UNREADABLE, RegisterSpec


class ColumnNotKept(NamedTuple):
    """A column of a register that the office does not keep on a sheet."""

    sheet: str
    register: str
    column: str


def columns_not_kept(mapping: Sequence[SheetMapping]) -> tuple[ColumnNotKept, ...]:
    """The columns that are not kept, in the order of the mapping."""
    return tuple(
        dict.fromkeys(
            ColumnNotKept(part.sheet or part.file, register_mapping.register_id, name)
            for part in mapping
            for register_mapping in part.gives
            for name, source in register_mapping.columns.items()
            if source == NOT_KEPT
        )
    )


def columns_not_mapped(
    mapping: Sequence[SheetMapping], registers: Mapping[str, RegisterSpec]
) -> tuple[ColumnNotKept, ...]:
    """The columns that no sheet of their register has: a sheet may do without them, or a person
    said that they are always blank, or that they are not kept. Without those that cannot be read
    where they are not kept: ``columns_not_kept`` has them."""
    register_mappings = [
        (part.sheet or part.file, register_mapping)
        for part in mapping
        for register_mapping in part.gives
    ]
    mapped = {
        (register_mapping.register_id, name)
        for _, register_mapping in register_mappings
        for name, source in register_mapping.columns.items()
        if source != Constant(always=BLANK)
        and (
            source != NOT_KEPT or _unreadable_without(registers[register_mapping.register_id], name)
        )
    }
    return tuple(
        dict.fromkeys(
            ColumnNotKept(sheet, register_mapping.register_id, spec.name)
            for sheet, register_mapping in register_mappings
            for spec in registers[register_mapping.register_id].written.columns
            if (register_mapping.register_id, spec.name) not in mapped
        )
    )


def _unreadable_without(register: RegisterSpec, name: str) -> bool:
    return register.written.column(name).blank == BLANK_UNREADABLE


def assumptions(
    mapping: Sequence[SheetMapping], registers: Mapping[str, RegisterSpec]
) -> tuple[str, ...]:
    """Returns what a person confirmed about each sheet, in sentences: first which sheets are not
    evidence; then, in the order of the mapping, the constants and the columns that are not kept of
    each register, and the rows that are left out."""
    sentences: list[str] = []
    unused = [f"'{part.sheet or part.file}'" for part in mapping if not part.gives]
    if unused:
        sentences.append(f"No evidence, as a person confirmed: {listed(unused)}.")
    for part in mapping:
        sheet = f"'{part.sheet or part.file}'"
        for register_mapping in part.gives:
            facts = list(_facts(register_mapping, registers[register_mapping.register_id]))
            if facts:
                title = registers[register_mapping.register_id].title
                sentences.append(f"{title} from the sheet {sheet}: {listed(facts)}.")
        if part.records == "across":
            sentences.append(
                f"The sheet {sheet} is read across: its columns are the rows of this report, so"
                " row 6 is column F."
            )
        if part.struck_through_rows is not None:
            sentences.append(
                f"The sheet {sheet}: rows struck through are {part.struck_through_rows}."
            )
    return tuple(dict.fromkeys(sentences))


def _facts(register_mapping: RegisterMapping, register: RegisterSpec) -> Iterator[str]:
    """What a person confirmed about one register: which rows count, which columns are not kept,
    which are always the same, and which are matched by name."""
    for heading, words in register_mapping.only_rows_where.items():
        yield f"only rows with {_listed(words)} under '{heading}' count"
    for heading, words in register_mapping.except_rows_where.items():
        yield f"rows with {_listed(words)} under '{heading}' do not count"
    not_kept = [
        f"'{register.column(name).usual_heading}'"
        for name, source in register_mapping.columns.items()
        if source == NOT_KEPT
    ]
    if not_kept:
        yield f"{listed(not_kept)} {'is' if len(not_kept) == 1 else 'are'} not kept"
    for name, source in register_mapping.columns.items():
        heading = register.column(name).usual_heading
        if isinstance(source, Constant):
            value = source.always
            text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            yield f"'{heading}' is always {text}"
        elif isinstance(source, MatchedName):
            by = listed([f"'{text}'" for text in source.list_headings])
            turned = ", and 'Jones, Ann' reads as 'Ann Jones'" if source.surname_first else ""
            yield f"'{heading}' is matched by {by} of the list{turned}"


def _listed(words: Sequence[str]) -> str:
    """The words as a sentence names them."""
    return listed(["any entry" if word == ANYTHING else f"'{word}'" for word in words], "or")
