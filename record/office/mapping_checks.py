"""What is wrong in the mapping of office.yaml, before any sheet is read with it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from evidence.cells.day_text import Day, read_day
from evidence.cells.entry_words import entry_words
from evidence.cells.readers import reader_for
from evidence.cells.text import listed, normal_heading, normal_key
from evidence.mapping.model import (
    BLANK,
    NOT_DONE,
    NOT_KEPT,
    BandCell,
    Constant,
    FixedCell,
    Joined,
    MatchedName,
    OfficeMapping,
    PartOfCell,
    RegisterMapping,
    SheetMapping,
    UnheadedColumn,
    WideCell,
    cells_of_source,
    mapping_json,
)
from evidence.mapping.words import ANYTHING
from evidence.raw_cells import FORMATS, column_number
from evidence.register import BLANK_UNREADABLE, ColumnSpec, RegisterSpec
from rules.problem import Problems, did_you_mean
from rules.yaml.source import YamlNode

_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_CELL = re.compile(r"([A-Za-z]{1,3})[1-9][0-9]{0,6}")
_SPAN = re.compile(r"([A-Za-z]{1,3}):([A-Za-z]{1,3})")
_ROWS = re.compile(r"([1-9][0-9]{0,6}):([1-9][0-9]{0,6})")
_LAST_COLUMN = column_number("XFD")


def mapping_problems(
    mapping: OfficeMapping, registers: Mapping[str, RegisterSpec], place: YamlNode
) -> Problems:
    """Everything in a mapping that does not fit the registers, in its order. ``place`` is the place
    of the mapping in its file."""
    written = {id_: spec.written for id_, spec in registers.items()}
    first: dict[Hashable, YamlNode] = {}  # of each register that a table gives
    for number, part in enumerate(mapping):
        node = place / number
        yield from _TableChecks(part, node).problems()
        for count, item in enumerate(part.gives):
            inside = node / "gives" / count
            register = written.get(item.register_id)
            if register is None:
                message = f"There is no register '{item.register_id}'."
                instead = did_you_mean(item.register_id, written)
                yield (inside / "register").problem(message, instead)
                continue
            yield from _RegisterChecks(part, item, register, registers, inside).problems()
            same = first.setdefault(_identity(part, item), inside)
            if same is not inside:
                message = f"The same columns of this table give '{item.register_id}' twice."
                yield inside.problem(message, "Delete one of the two.", same)


def _identity(part: SheetMapping, item: RegisterMapping) -> Hashable:
    """What is equal where the same columns of the same table give the same register."""
    table = part.model_copy(update={"gives": (item.model_copy(update={"words": {}}),)})
    return mapping_json([table.model_copy(update={"file": part.file.casefold()})])


class _TableChecks:
    """What is wrong in where a table is."""

    def __init__(self, part: SheetMapping, node: YamlNode) -> None:
        self._part, self._node = part, node
        self._across = part.records == "across"

    def problems(self) -> Problems:
        part, node = self._part, self._node
        suffix = PurePosixPath(part.file).suffix.lower()[1:]
        if part.gives and part.sheet is None and suffix in FORMATS and suffix != "csv":
            message = f"The sheet of '{part.file}' is not named."
            yield node.problem(message, "Add a line 'sheet: ' with the name of the sheet.")
        if part.only_columns is not None and not self._is_span(part.only_columns):
            kind, example = ("row", '"3:9"') if self._across else ("column", "A:F")
            yield (node / "only columns").problem(
                f"'only columns' cannot be '{part.only_columns}'.",
                f"Write the first and the last {kind}, such as {example}.",
            )
        if part.headings is not None and not self._are_headings(part.headings):
            one, two = ("B", "[A, B]") if self._across else ("5", "[4, 5]")
            kind = "column" if self._across else "row"
            yield (node / "headings").problem(
                f"'headings' cannot be '{_shown(part.headings)}'.",
                f"Write the {kind}, such as {one}, or two {kind}s, such as {two}.",
            )

    def _is_span(self, text: str) -> bool:
        match = (_ROWS if self._across else _SPAN).fullmatch(text)
        if match is None:
            return False
        first, last = (int(end) if self._across else column_number(end) for end in match.groups())
        return first <= last <= (10_000_000 if self._across else _LAST_COLUMN)

    def _are_headings(self, headings: int | str | Sequence[int | str]) -> bool:
        rows = [headings] if isinstance(headings, int | str) else headings
        fits = (
            isinstance(row, str) and _LETTERS.fullmatch(row) is not None
            if self._across
            else isinstance(row, int) and row > 0
            for row in rows
        )
        return all(fits) and len(rows) in (1, 2) and len(set(rows)) == len(rows)


class _RegisterChecks:
    """What is wrong in what a table gives of one register."""

    def __init__(
        self,
        part: SheetMapping,
        item: RegisterMapping,
        register: RegisterSpec,
        registers: Mapping[str, RegisterSpec],
        node: YamlNode,
    ) -> None:
        self._part, self._item, self._register, self._node = part, item, register, node
        self._whole = registers[register.id]
        self._sheets = {id_: spec.sheets[0] for id_, spec in registers.items()}
        self._specs = {spec.name: spec for spec in register.columns}

    def problems(self) -> Problems:
        """All of them: the rows that count, then columns, wide columns and words."""
        for key, conditions in (
            ("only rows where", self._item.only_rows_where),
            ("except rows where", self._item.except_rows_where),
        ):
            for heading, words in conditions.items():
                node = self._node / key / heading
                if not words:
                    message = f"'{key}' has no word for '{heading}'."
                    yield node.problem(message, "Write one in brackets, such as [yes].")
                yield from _word_problems(dict.fromkeys(words, ""), node)
        for name, source in self._item.columns.items():
            yield from self._column(name, source)
        for spec in self._specs.values():
            yield from self._missing(spec)
        yield from self._wide()
        for name, meanings in self._item.words.items():
            yield from self._words(name, meanings)

    def _unknown(self, name: str, node: YamlNode) -> Problems:
        filled = {spec.name for spec in self._whole.columns} - self._specs.keys()
        if name in filled:
            message = f"The program fills the column '{name}' itself, from another sheet."
            yield node.problem(message, "Delete this line.")
        elif name not in self._specs:
            message = f"The register '{self._register.id}' has no column '{name}'."
            yield node.problem(message, did_you_mean(name, self._specs))

    # Columns -------------------------------------------------------------------------------------

    def _column(self, name: str, source: object) -> Problems:
        node = self._node / "columns" / name
        if name not in self._specs:
            yield from self._unknown(name, node)
            return
        spec = self._specs[name]
        if source == NOT_KEPT:
            if spec.ends_or_undoes:
                yield node.problem(*_ends_or_undoes(name, "is 'not kept'"))
            return
        if isinstance(source, Constant):
            if source.always != BLANK and not is_taken(spec, source.always):
                message = f"'{name}' cannot always be '{_shown(source.always)}'."
                yield node.problem(message, self._instead(spec, source.always, BLANK))
            return
        if isinstance(source, MatchedName):
            yield from self._matched(spec, source, node)
            source = source.from_
        joined = source.from_ if isinstance(source, PartOfCell) else source
        if isinstance(joined, Joined) and not joined.join:
            yield node.problem("'join' is empty.", "Write headings in it, such as [Body, Date].")
        for cell in dict.fromkeys(cells_of_source(self._item.columns[name])):
            yield from self._cell(name, cell, node)

    def _matched(self, spec: ColumnSpec, source: MatchedName, node: YamlNode) -> Problems:
        """What is wrong in how a column is matched by names."""
        if spec.type != "key" or not spec.named:
            message = f"'{spec.name}' does not name one row of a list, so it cannot be matched."
            yield node.problem(message, "Write the heading alone.")
        by = source.matched_by
        parts = (by,) if isinstance(by, str) else by.join
        if not parts or not all(isinstance(part, str) for part in parts):
            yield (node / "matched by").problem(
                "'matched by' has to name headings of the list.",
                "Write a heading such as Name, or several such as {join: [Forename, Surname]}.",
            )

    def _cell(self, name: str, cell: object, node: YamlNode) -> Problems:
        if isinstance(cell, BandCell) and not self._part.bands:
            message = f"'{name}' comes from a band, and the table has no 'bands: yes'."
            yield node.problem(message, "Add a line 'bands: yes' above 'gives'.")
        elif isinstance(cell, WideCell) and self._item.wide is None:
            yield node.problem(
                f"'{name}' comes from a wide column, and 'wide' is missing.",
                "Add a line 'wide: {columns: [...]}' with their headings above 'columns'.",
            )
        elif isinstance(cell, FixedCell):
            match = _CELL.fullmatch(cell.cell)
            if match is None or column_number(match[1]) > _LAST_COLUMN:
                message = f"'cell' cannot be '{cell.cell}'."
                yield node.problem(message, "Write a column and a row, such as B2.")
        elif isinstance(cell, UnheadedColumn) and not self._is_line(cell.column):
            across = self._part.records == "across"
            instead = "Write a row, such as 4." if across else "Write a column, such as A."
            yield node.problem(f"'column' cannot be '{cell.column}'.", instead)

    def _is_line(self, line: str | int) -> bool:
        if self._part.records == "across":
            return isinstance(line, int) and line > 0
        return isinstance(line, str) and _LETTERS.fullmatch(line) is not None

    def _missing(self, spec: ColumnSpec) -> Problems:
        """The problem of a column that the mapping has to name, and does not."""
        name, node = spec.name, self._node / "columns"
        if name in self._item.columns:
            return
        if spec.ends_or_undoes:
            yield node.problem(*_ends_or_undoes(name, "is missing"))
        elif name == self._register.key or spec.required:
            kind = "reference" if name == self._register.key else "required column"
            yield node.problem(
                f"The {kind} '{name}' of '{self._register.id}' is missing.",
                f"Add a line '{name}: ' with its heading, or '{name}: {NOT_KEPT}'.",
            )

    def _wide(self) -> Problems:
        wide, node = self._item.wide, self._node / "wide"
        if wide is None:
            return
        if wide.columns and wide.after:
            message = "'wide' has both 'columns' and 'after'."
            yield node.problem(message, "Keep one of them.")
        elif not wide.columns and not wide.after:
            message = "'wide' names no column."
            yield node.problem(message, "Write 'columns: ' with headings, or 'after: ' with one.")
        twice = [
            text
            for number, text in enumerate(wide.columns)
            if normal_heading(text) in map(normal_heading, wide.columns[:number])
        ]
        for heading in twice:
            message = f"The wide column '{heading}' is named twice."
            yield node.problem(message, "Keep one of them.")
        if not any(cell == _WIDE_CELL for cell in self._cells):
            yield node.problem(
                "No column comes from the cells of the wide columns.",
                "Write {wide: cell} for the column that they fill, or delete 'wide'.",
            )

    @cached_property
    def _cells(self) -> list[object]:
        return [cell for source in self._item.columns.values() for cell in cells_of_source(source)]

    # Words ---------------------------------------------------------------------------------------

    def _words(self, name: str, words: Mapping[str, str | bool]) -> Problems:
        node = self._node / "words" / name
        if name not in self._specs:
            yield from self._unknown(name, node)
            return
        source = self._item.columns.get(name, NOT_KEPT)
        if source == NOT_KEPT:
            yield node.problem(
                f"'{name}' has words, but no cells in which they could be.",
                f"Add a line '{name}: ' with its heading under 'columns', or delete these words.",
            )
            return
        yield from _word_problems(words, node)
        spec = self._specs[name]
        stays = self._register.stays_without(name) and _WIDE_CELL not in cells_of_source(source)
        for word, meaning in words.items():
            if meaning == NOT_DONE and stays:
                yield (node / word).problem(
                    f"In '{name}', '{NOT_DONE}' would leave out the whole row, although only this"
                    " was not done.",
                    f"Write {BLANK}. To leave out rows, use 'except rows where'.",
                )
            elif meaning not in (BLANK, NOT_DONE) and not is_taken(spec, meaning):
                yield (node / word).problem(
                    f"In '{name}', the word '{word}' cannot mean '{_shown(meaning)}'.",
                    self._instead(spec, meaning, BLANK, NOT_DONE),
                )

    def _instead(self, spec: ColumnSpec, value: object, *others: str) -> str:
        """What to write instead of a value that the column does not take."""
        if spec.codes:
            return did_you_mean(_shown(value), [*spec.codes, *others])
        plain = spec.model_copy(update={"blank": BLANK_UNREADABLE})
        return f"Write {entry_words(plain, self._sheets)}, or {listed(others, 'or')}."


_WIDE_CELL = WideCell(wide="cell")


def _ends_or_undoes(name: str, fault: str) -> tuple[str, str]:
    return (
        f"'{name}' can say that a record no longer counts, and {fault}.",
        f"Write its heading or, if the office does not have it, '{name}: {{always: {BLANK}}}'.",
    )


def _word_problems(words: Mapping[str, str | bool], node: YamlNode) -> Problems:
    """Words with … in the middle, and words that are equal but for capitals and spaces."""
    first: dict[str, str] = {}
    for word, meaning in words.items():
        if ANYTHING in word.replace("...", ANYTHING).strip(f" {ANYTHING}"):
            message = f"The word '{word}' has '{ANYTHING}' in the middle."
            yield (node / word).problem(
                message, f"Write '{ANYTHING}' only at its beginning or end."
            )
        other = first.setdefault(normal_key(word), word)
        if other != word and words[other] != meaning:
            message = f"'{word}' and '{other}' count as the same word, with two meanings."
            yield (node / word).problem(message, "Delete one of them.", node / other)


def is_taken(spec: ColumnSpec, value: str | bool | int) -> bool:
    """Whether the column takes a value, as if it were typed in a cell."""
    text = _shown(value)
    if spec.type == "day":
        return isinstance(read_day(text), Day)
    return reader_for(spec, hints=False)(text).value is not None


def _shown(value: object) -> str:
    """A value as it is written in office.yaml."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value)
