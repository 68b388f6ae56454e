"""Lint of registers.yaml: names that clash, columns that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.cells.entry_words import entry_words
from evidence.cells.types import type_cells
from evidence.register import (
    BLANK_NOTHING,
    BLANK_UNREADABLE,
    NIL_RETURNS,
    ColumnSpec,
    DayOf,
    Latest,
    Registers,
    RegisterSpec,
    spaced,
)
from evidence.table import READ_OR_NOTHING
from rules.condition import find_column
from rules.draft import RegistersFile
from rules.lint.book import twice
from rules.lint.rows import evidence_registers, lint_column, lint_link, meant_column
from rules.problem import Problems, did_you_mean, nearest, shape
from rules.yaml.source import YamlNode

#: The columns that each control sheet must have, with their types (semantics.md: Nil return;
#: Waiver) (reading-semantics.md: Acknowledgements).
_CONTROL = {
    NIL_RETURNS: {"list": "code", "period": "period", "by post": "code", "given on": "day"},
    "waivers": {
        "duty": "text", "subject": "text", "reason": "text",
        "approved by": "code or text",
        "from": "day", "until": "day",
    },
    "owners": {"duty": "text", "owner": "text"},
    "acknowledgements": {
        "finding": "text", "duty or row": "text", "reason": "text", "by post": "code",
        "until": "day",
    },
}  # fmt: skip


_KEYS = {  # the keys of a register that name a column, with the column's type
    "key": "key", "label": "text", "dated_by": "day", "cancelled": "yes/no", "recorded_on": "day",
    "one_holder_of": "code",
}  # fmt: skip


def lint_registers(node: YamlNode, file: RegistersFile) -> Problems:
    """What is wrong with registers.yaml."""
    for name, codes in file.lists.items():
        yield from _lint_codes(node / "lists" / name, codes)
    registers = {
        spec.id: spec.model_copy(update={"control": spec.id in _CONTROL}) for spec in file.registers
    }
    numbered = [(spec, node / "registers" / i) for i, spec in enumerate(file.registers)]
    yield from twice("register", ((spec.id, child / "id") for spec, child in numbered))
    sheets = (
        (sheet, child / "sheets" / j)
        for spec, child in numbered
        for j, sheet in enumerate(spec.sheets)
    )
    yield from twice("sheet", sheets)
    for spec, child in numbered:
        yield from _lint_register(child, spec, registers)


def _lint_register(node: YamlNode, spec: RegisterSpec, registers: Registers) -> Problems:
    for key, kind in _KEYS.items():
        yield from lint_column(node / spaced(key), spec, getattr(spec, key), kind)
    if not spec.sheets:
        message = "No sheet is named for this register."
        yield (node / "sheets").problem(message, "Name at least one.")
    needed = _CONTROL.get(spec.id)
    if spec.control != (needed is not None):
        message = f"'{spec.id}' is {'not a' if spec.control else 'a'} control sheet."
        instead = "Leave 'control' out" if spec.control else "Write 'control: yes' for it"
        instead += f". The control sheets are: {', '.join(_CONTROL)}."
        yield (node / "control").problem(message, instead)
    for name, kind in (needed or {}).items():
        control = find_column(spec, name)
        if control is None or control.type not in kind.split(" or "):
            message = f"The control sheet '{spec.id}' needs a column '{name}' of type {kind}."
            yield (node / "columns").problem(message, "Add it, or correct its type.")
    columns = [(column, node / "columns" / i) for i, column in enumerate(spec.columns)]
    headings = [(column.name, child / "name") for column, child in columns]
    for column, child in columns:
        if column.heading and column.heading != column.name:
            headings.append((column.heading, child / "heading"))
        own = (column.name, column.heading) if column.heading else (column.name,)
        headings += _apart(child / "spellings", own, column.spellings)
        yield from _lint_column(child, spec, column, registers)
    yield from twice("heading", headings)


def _apart(
    node: YamlNode, names: tuple[str, ...], spellings: tuple[str, ...]
) -> list[tuple[str, YamlNode]]:
    """The spellings that clash, marks aside, with neither the names nor each other."""
    shapes = [*map(shape, names), *map(shape, spellings)]
    return [
        (word, node / j)
        for j, word in enumerate(spellings)
        if shape(word) not in shapes[: j + len(names)]
    ]


def _lint_column(
    node: YamlNode, spec: RegisterSpec, column: ColumnSpec, registers: Registers
) -> Problems:
    yield from _lint_holds(node, column)
    yield from _lint_blank(node, spec, column)
    for key, kind in (("planned", "day"), ("sensitive", "text")):
        if getattr(column, key) and column.type != kind:
            message = f"Only a column of type {kind} can be marked '{key}'."
            yield (node / key).problem(message, "Leave the mark out.")
    if column.fault and column.type != "yes/no":
        message = "Only a column of type yes/no can have words for a no."
        yield (node / "fault").problem(message, "Leave 'fault' out.")
    yield from _lint_not_before(node / "not before", spec, column)
    yield from _lint_refers(node, column, registers)
    if column.example:
        yield from _lint_example(node / "example", column)
    for key, kind, use in (
        ("latest", "yes/no", "say whether something is the latest"),
        ("day_of", "day", "contain the date of another row"),
    ):
        filled: Latest | DayOf | None = getattr(column, key)
        if filled is None:
            continue
        if column.type != kind:
            message = f"A column of type {column.type} cannot {use}."
            instead = f"Write 'type: {kind}', or leave '{spaced(key)}' out."
            yield (node / "type").problem(message, instead)
        if column.required:
            message = "The program fills in this column, so no sheet needs it."
            yield node.problem(message, "Add 'required: no' and 'blank: nothing'.")
        for own in ("heading", "spellings"):
            if getattr(column, own):
                message = "The program fills in this column, so it needs no other heading."
                yield (node / own).problem(message, f"Leave '{own}' out.")
        yield from _lint_filled(node / spaced(key), spec, filled, registers)


def _lint_not_before(node: YamlNode, spec: RegisterSpec, column: ColumnSpec) -> Problems:
    """Checks that a date, or the date of a row that is named, is compared with the dates of other
    columns."""
    if column.not_before and column.type != "day" and not column.refers_to:
        message = f"A column of type {column.type} has no date to compare."
        yield node.problem(message, "Leave 'not before' out.")
    for i, name in enumerate(column.not_before):
        yield from lint_column(node / i, spec, name, "day")
        if name == column.name:
            message = "The column is compared with itself."
            yield (node / i).problem(message, "Name another date column.")


def _lint_filled(
    node: YamlNode, spec: RegisterSpec, filled: Latest | DayOf, registers: Registers
) -> Problems:
    if isinstance(filled, Latest):
        yield from lint_column(node / "by", spec, filled.by, "day")
    evidence = evidence_registers(registers)
    if filled.within not in evidence:
        message = f"There is no register '{filled.within}' whose rows could be named."
        yield (node / "within").problem(message, did_you_mean(filled.within, evidence))
    near = nearest(filled.within, evidence)
    if near is None:
        return
    within = registers[near]
    yield from lint_link(node / "key", spec, filled.key, within, registers)
    if isinstance(filled, DayOf):
        yield from lint_column(node / "day", within, filled.day, "day")
        return
    yield from lint_column(node / "kind", within, filled.kind, "code")
    kind = meant_column(within, filled.kind, "code")
    if kind is not None and kind.codes and filled.of not in kind.codes:
        message = f"'{filled.of}' is not a code of the column '{kind.name}' of '{within.id}'."
        yield (node / "of").problem(message, did_you_mean(filled.of, kind.codes))
    yield from lint_column(node / "issued", within, filled.issued, "day")


def _lint_holds(node: YamlNode, column: ColumnSpec) -> Problems:
    """Checks that columns of codes have codes, that columns of periods have periods, and that no
    other columns have either."""
    for key, types in (("codes", ("code", "codes")), ("periods", ("period",))):
        filled, fitting = bool(getattr(column, key)), column.type in types
        if key == "codes" and column.type == "yes/no":
            for code in column.codes.keys() - {"yes", "no"}:
                message = f"A column of type yes/no has no code '{code}'."
                instead = "Give words for 'yes' and 'no' only."
                yield (node / "codes" / code).problem(message, instead)
        elif filled and not fitting:
            message = f"A column of type {column.type} has no '{key}'."
            yield (node / key).problem(message, f"Leave it out, or write 'type: {types[0]}'.")
        elif fitting and not filled:
            message = f"The column '{column.name}' does not say which {key} it accepts."
            yield node.problem(message, f"Add '{key}:'.")
    if any((node / "codes" / code).path in node.source.lines for code in column.codes):
        yield from _lint_codes(node / "codes", column.codes)  # written here, not in a named list


def _lint_codes(node: YamlNode, codes: Mapping[str, tuple[str, ...]]) -> Problems:
    """Checks that each way to write a code means one code only."""
    if not codes:
        yield node.problem("The list contains no code.", "Name at least one.")
    words = [(code, node / code) for code in codes]
    for code, synonyms in codes.items():
        words += _apart(node / code, (code,), synonyms)
    yield from twice("code", words)


def _lint_blank(node: YamlNode, spec: RegisterSpec, column: ColumnSpec) -> Problems:
    meanings = [BLANK_UNREADABLE, BLANK_NOTHING]
    meanings += ["yes", "no"] if column.type == "yes/no" else []
    meanings += list(column.codes) if column.type == "code" else []
    if column.blank not in meanings:
        message = f"A blank cell of '{column.name}' cannot mean '{column.blank}'."
        yield (node / "blank").problem(message, did_you_mean(column.blank, meanings))
    if not column.required and column.blank == BLANK_UNREADABLE:
        message = "If this column is missing, none of its cells can be read."
        instead = "Say what a blank cell means, or make the column required."
        yield (node / "required").problem(message, instead)
    elif not column.required and column.blank != BLANK_NOTHING:
        message = f"If this column is missing, every cell is read as '{column.blank}'."
        yield (node / "required").problem(message, "Make the column required.")
    named = spec.key and nearest(spec.key, [each.name for each in spec.columns])
    if column.name == named and column.blank != BLANK_UNREADABLE:
        message = "A row without a key cannot be told from another row."
        yield (node / "blank").problem(message, "Leave 'blank' out for the key.")


def _lint_example(node: YamlNode, column: ColumnSpec) -> Problems:
    """Checks that the example can be read as a cell of its column."""
    cells = type_cells(column, [column.example])
    if cells.state[0] not in READ_OR_NOTHING:
        message = f"'{column.example}' cannot be read in the column '{column.name}'."
        yield node.problem(message, f"Enter {entry_words(column)}.")


def _lint_refers(node: YamlNode, column: ColumnSpec, registers: Registers) -> Problems:
    targets = [(column.refers_to, node / "refers to")] if column.refers_to is not None else []
    targets += [(name, node / "refers to any" / i) for i, name in enumerate(column.refers_to_any)]
    if targets and column.type not in {"key", "keys"}:
        message = f"A column of type {column.type} cannot refer to rows."
        yield targets[0][1].problem(message, "Leave it out, or write 'type: key'.")
    for name, child in targets:
        if name not in registers:
            yield child.problem(f"There is no register '{name}'.", did_you_mean(name, registers))
        elif registers[name].key is None:
            message = f"The rows of '{name}' have no key, so nothing can refer to them."
            yield child.problem(message, "Give that register a key.")
        elif registers[name].control:
            message = f"'{name}' is a control sheet, and no row is looked up in it."
            yield child.problem(message, "Name a register of evidence.")
