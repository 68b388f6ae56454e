"""Lint of registers.yaml: names that cannot be told apart, columns that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from evidence.register import (
    BLANK_NOTHING,
    BLANK_UNREADABLE,
    ColumnSpec,
    DayOf,
    Latest,
    Registers,
    RegisterSpec,
    spaced,
)
from rules.draft import RegistersFile
from rules.hint import did_you_mean, shape
from rules.lint.book import twice
from rules.lint.condition import find_column, lint_column, lint_link
from rules.lint.rows import NIL_RETURNS, evidence_registers
from rules.problem import Problems
from rules.yaml.source import At

#: The columns that each control sheet must have, with their types (semantics.md: Nil return,
#: Waiver; owners sort reports).
_CONTROL = {
    NIL_RETURNS: {"list": "code", "period": "period", "by post": "code", "given on": "day"},
    "waivers": {
        "duty": "text", "subject": "text", "reason": "text", "approved by": "text",
        "from": "day", "until": "day",
    },
    "owners": {"duty": "text", "owner": "text"},
}  # fmt: skip


def lint_registers(at: At, file: RegistersFile) -> Problems:
    """What is wrong with registers.yaml."""
    for name, codes in file.lists.items():
        yield from _lint_codes(at / "lists" / name, codes)
    registers = {spec.id: spec for spec in file.registers}
    numbered = [(spec, at / "registers" / i) for i, spec in enumerate(file.registers)]
    yield from twice("register", ((spec.id, here / "id") for spec, here in numbered))
    sheets = (
        (sheet, here / "sheets" / j)
        for spec, here in numbered
        for j, sheet in enumerate(spec.sheets)
    )
    yield from twice("sheet", sheets)
    for spec, here in numbered:
        yield from _lint_register(here, spec, registers)


def _lint_register(at: At, spec: RegisterSpec, registers: Registers) -> Problems:
    for key, kind in (
        ("key", "key"),
        ("label", "text"),
        ("dated_by", "day"),
        ("cancelled", "yes/no"),
        ("recorded_on", "day"),
        ("one_holder_of", "code"),
    ):
        name = getattr(spec, key)
        if name is not None:
            yield from lint_column(at / spaced(key), spec, name, kind)
    if not spec.sheets:
        yield (at / "sheets").problem("No sheet can hold this register.", "Name at least one.")
    yield from _lint_control(at, spec)
    yield from twice("heading", _headings(at / "columns", spec))
    for index, column in enumerate(spec.columns):
        yield from _lint_column(at / "columns" / index, spec, column, registers)


def _headings(at: At, spec: RegisterSpec) -> list[tuple[str, At]]:
    """The names and spellings of all columns; two spellings of one column are no clash."""
    names = [(column.name, at / i / "name") for i, column in enumerate(spec.columns)]
    for i, column in enumerate(spec.columns):
        others = _apart(column.name, column.spellings)
        names += [(column.spellings[j], at / i / "spellings" / j) for j in others]
    return names


def _apart(name: str, spellings: tuple[str, ...]) -> list[int]:
    """Which of the spellings differ, marks aside, from the name and from each other."""
    shapes = [shape(name), *map(shape, spellings)]
    return [j for j in range(len(spellings)) if shapes.index(shapes[j + 1]) == j + 1]


def _lint_control(at: At, spec: RegisterSpec) -> Problems:
    needed = _CONTROL.get(spec.id)
    if spec.control != (needed is not None):
        message = f"'{spec.id}' is {'no' if spec.control else 'a'} control sheet."
        instead = f"The control sheets are: {', '.join(_CONTROL)}."
        yield (at / "control").problem(message, instead)
    for name, kind in (needed or {}).items():
        column = find_column(spec, name)
        if column is None or column.type != kind:
            message = f"The control sheet '{spec.id}' needs a column '{name}' of type {kind}."
            yield (at / "columns").problem(message, "Add it, or correct its type.")


def _lint_column(at: At, spec: RegisterSpec, column: ColumnSpec, registers: Registers) -> Problems:
    yield from _lint_holds(at, column)
    yield from _lint_blank(at, spec, column)
    for key, kind in (("planned", "day"), ("sensitive", "text")):
        if getattr(column, key) and column.type != kind:
            message = f"Only a column of type {kind} can be marked '{key}'."
            yield (at / key).problem(message, "Leave the mark out.")
    yield from _lint_refers(at, column, registers)
    if column.latest is not None:
        if column.type != "yes/no":
            message = f"A column of type {column.type} cannot say whether something is the latest."
            yield (at / "type").problem(message, "Write 'type: yes/no', or leave 'latest' out.")
        yield from _lint_filled_in(at, column)
        yield from _lint_latest(at / "latest", spec, column.latest, registers)
    if column.day_of is not None:
        if column.type != "day":
            message = f"A column of type {column.type} cannot hold the day of another row."
            yield (at / "type").problem(message, "Write 'type: day', or leave 'day of' out.")
        yield from _lint_filled_in(at, column)
        yield from _lint_day_of(at / "day of", spec, column.day_of, registers)


def _lint_filled_in(at: At, column: ColumnSpec) -> Problems:
    """That a column which the program fills in itself is asked of nobody."""
    if column.required:
        message = "The program fills this column in, so no sheet has to have it."
        yield at.problem(message, "Add 'required: no' and 'blank: nothing'.")
    if column.spellings:
        message = "The program fills this column in, so nobody writes its heading."
        yield (at / "spellings").problem(message, "Leave 'spellings' out.")


def _lint_day_of(at: At, spec: RegisterSpec, day_of: DayOf, registers: Registers) -> Problems:
    known = evidence_registers(registers)
    if day_of.within not in known:
        message = f"There is no register '{day_of.within}' whose rows could be named."
        yield (at / "within").problem(message, did_you_mean(day_of.within, known))
        return
    within = registers[day_of.within]
    yield from lint_link(at / "key", spec, day_of.key, within)
    yield from lint_column(at / "day", within, day_of.day, "day")


def _lint_latest(at: At, spec: RegisterSpec, latest: Latest, registers: Registers) -> Problems:
    yield from lint_column(at / "by", spec, latest.by, "day")
    known = evidence_registers(registers)
    if latest.within not in known:
        message = f"There is no register '{latest.within}' whose rows could be named."
        yield (at / "within").problem(message, did_you_mean(latest.within, known))
        return
    within = registers[latest.within]
    yield from lint_link(at / "key", spec, latest.key, within)
    yield from lint_column(at / "kind", within, latest.kind, "code")
    kind = find_column(within, latest.kind)
    if kind is not None and kind.codes and latest.of not in kind.codes:
        message = f"'{latest.of}' is no code of the column '{latest.kind}' of '{within.id}'."
        yield (at / "of").problem(message, did_you_mean(latest.of, kind.codes))
    yield from lint_column(at / "issued", within, latest.issued, "day")


def _lint_holds(at: At, column: ColumnSpec) -> Problems:
    """Codes for columns of codes, periods for columns of periods, and not elsewhere."""
    for key, types in (("codes", ("code", "codes")), ("periods", ("period",))):
        given, fitting = bool(getattr(column, key)), column.type in types
        if key == "codes" and column.type == "yes/no":
            yield from _lint_yes_no(at / key, column)
        elif given and not fitting:
            message = f"A column of type {column.type} has no '{key}'."
            yield (at / key).problem(message, f"Leave it out, or write 'type: {types[0]}'.")
        elif fitting and not given:
            message = f"The column '{column.name}' does not say which {key} may stand in it."
            yield at.problem(message, f"Add '{key}:'.")
    written_here = any((at / "codes" / code).path in at.source.lines for code in column.codes)
    if written_here:
        yield from _lint_codes(at / "codes", column.codes)


def _lint_yes_no(at: At, column: ColumnSpec) -> Problems:
    """That the words of a yes/no column stand for yes and no alone."""
    for code in column.codes:
        if code not in {"yes", "no"}:
            message = f"A column of type yes/no has no code '{code}'."
            yield (at / code).problem(message, "Give words for 'yes' and 'no' only.")


def _lint_codes(at: At, codes: Mapping[str, tuple[str, ...]]) -> Problems:
    """That each way to write a code means one code only."""
    if not codes:
        yield at.problem("The list names no code.", "Name at least one.")
    words = [(code, at / code) for code in codes]
    for code, synonyms in codes.items():
        words += [(synonyms[j], at / code / j) for j in _apart(code, synonyms)]
    yield from twice("code", words)


def _lint_blank(at: At, spec: RegisterSpec, column: ColumnSpec) -> Problems:
    known = [BLANK_UNREADABLE, BLANK_NOTHING]
    known += ["yes", "no"] if column.type == "yes/no" else []
    known += list(column.codes) if column.type == "code" else []
    if column.blank not in known:
        message = f"A blank cell of '{column.name}' cannot mean '{column.blank}'."
        yield (at / "blank").problem(message, did_you_mean(column.blank, known))
    if not column.required and column.blank == BLANK_UNREADABLE:
        message = "Where this column is missing, none of its cells could be read."
        yield (at / "required").problem(message, "Say what blank means, or make it required.")
    elif not column.required and column.blank != BLANK_NOTHING:
        message = f"Where this column is missing, every cell would read as '{column.blank}'."
        yield (at / "required").problem(message, "Make it required.")
    if column.name == spec.key and column.blank != BLANK_UNREADABLE:
        message = "A row without its key cannot be told from another."
        yield (at / "blank").problem(message, "Leave 'blank' out for the key.")


def _lint_refers(at: At, column: ColumnSpec, registers: Registers) -> Problems:
    named = [(column.refers_to, at / "refers to")] if column.refers_to is not None else []
    named += [(name, at / "refers to any" / i) for i, name in enumerate(column.refers_to_any)]
    if named and column.type not in {"key", "keys"}:
        message = f"A column of type {column.type} refers to nothing."
        yield named[0][1].problem(message, "Leave it out, or write 'type: key'.")
    for name, here in named:
        if name not in registers:
            message = f"There is no register '{name}'."
            yield here.problem(message, did_you_mean(name, registers))
        elif registers[name].key is None:
            message = f"The rows of '{name}' have no key to refer to."
            yield here.problem(message, "Give that register a key.")
        elif registers[name].control:
            message = f"'{name}' is a control sheet; nothing is looked up in it."
            yield here.problem(message, "Name a register of evidence.")
