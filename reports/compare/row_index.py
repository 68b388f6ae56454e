"""What became of each row of evidence between two assessments.

Rows are matched by what they say: first by the fingerprint of all their cells, then by that of
their key. Neither the file, nor the sheet, nor the number of a row matters, so a row that moved and
a file that was renamed are no changes. A row without a key is matched with the other one in its
place.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from engine.assessment import Assessment, DutyOutcome, ItemShown, ProblemShown
from engine.cited_rows import rows_of
from evidence.cells.text import listed
from reports.compare.inputs import ADDED, CHANGED, GONE
from reports.places import place_words


class IndexedRow(NamedTuple):
    """A row of an assessment, by its place and its fingerprints."""

    register: str
    file: str
    sheet: str
    number: int
    fingerprint: str
    key: str


#: A row that was added, changed or removed, after which of these it was.
RowChanged = tuple[str, IndexedRow]


class _Rows:
    """The rows of one assessment: by fingerprint and by place."""

    def __init__(self, assessment: Assessment) -> None:
        self.by_print: dict[tuple[str, str], IndexedRow] = {}
        self.by_place: dict[tuple[str, str, int], list[IndexedRow]] = defaultdict(list)
        self.registers = {sheet.register for sheet in assessment.rows}
        for sheet in assessment.rows:
            keys = sheet.keys or ("",) * len(sheet.numbers)
            for number, print_, key in zip(sheet.numbers, sheet.fingerprints, keys, strict=True):
                row = IndexedRow(sheet.register, sheet.file, sheet.sheet, number, print_, key)
                self.by_print[row.register, print_] = row
                self.by_place[row.register, row.sheet, number].append(row)
        self.assessment = assessment

    def shown(self, row: IndexedRow) -> Collection[ItemShown]:
        """Every way in which the assessment shows a row."""
        return self._shown.get((row.register, row.fingerprint), {}).values()

    @cached_property
    def _shown(self) -> Mapping[tuple[str, str], Mapping[int, ItemShown]]:
        """The items by their fingerprints. Thousands of obligations may cite one and the same item,
        so each is there once, by its id."""
        shown: dict[tuple[str, str], dict[int, ItemShown]] = defaultdict(dict)
        for duty in self.assessment.duties:
            for item in _items_of(duty):
                shown[item.register, item.fingerprint][id(item)] = item
        return shown

    def alone(self, other: _Rows) -> dict[tuple[object, ...], IndexedRow]:
        """The first row of each key and in each place of a sheet that the other one does not
        have."""
        found: dict[tuple[object, ...], IndexedRow] = {}
        for place, rows in self.by_place.items():
            for row in rows:
                if (row.register, row.fingerprint) not in other.by_print:
                    found.setdefault(place, row)
                    if row.key:
                        found.setdefault((row.register, row.key), row)
        return found


class RowIndex:
    """The rows of two assessments. ``known`` is False where they cannot be compared: one lists no
    rows, or the fingerprints of the two were made with different keys. ``remapped`` are the
    registers that another mapping reads in another way."""

    def __init__(self, old: Assessment, new: Assessment) -> None:
        self.old, self.new = _Rows(old), _Rows(new)
        self._alone = self.old.alone(self.new), self.new.alone(self.old)
        self.remapped: frozenset[str] = frozenset()
        self.known = not self.old.by_print.keys().isdisjoint(self.new.by_print)
        self.remapped = frozenset(self._remapped()) if self.known else frozenset()
        self.all_changes = tuple(self._changes()) if self.known else ()
        self.unreadable_cells = tuple(self._unreadable()) if self.known else ()
        self._unread: dict[IndexedRow, list[str]] = defaultdict(list)
        for _, row, cell in self.unreadable_cells:
            self._unread[row].append(cell)

    def became(self, register: str, print_: str, *, later: bool) -> tuple[str, IndexedRow | None]:
        """What happened to a row of the earlier assessment (or of the ``later`` one): '' if both
        have it, GONE or ADDED if one has it, or CHANGED, with the other's row."""
        own, other = (self.new, self.old) if later else (self.old, self.new)
        row = own.by_print.get((register, print_))
        if row is None or (register, print_) in other.by_print:
            return "", None
        place = (register, row.key) if row.key else (register, row.sheet, row.number)
        if changed := self._alone[not later].get(place):
            return ("" if register in self.remapped else CHANGED), changed
        return ADDED if later else GONE, None

    def shown(self, row: IndexedRow) -> list[ItemShown]:
        """Every way in which one of the two shows a row, as it is there, and the other what it was
        or became."""
        own, other = self.old, self.new
        if later := (row.register, row.fingerprint) in self.new.by_print:
            own, other = other, own
        _, changed = self.became(row.register, row.fingerprint, later=later)
        return [*own.shown(row), *(other.shown(changed) if changed else ())]

    def renamed(self) -> dict[str, str]:
        """The new names of the files that only the earlier assessment has, and of which most rows
        are in one file that only the later one has."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        names = {row.file for row in self.new.by_print.values()}
        other = {row.file for row in self.old.by_print.values()}
        for name, row in self.old.by_print.items():
            if row.file not in names:
                now = self.new.by_print.get(name)
                counts[row.file][now.file if now and now.file not in other else ""] += 1
        found = {file: count.most_common(1)[0][0] for file, count in counts.items()}
        return {file: name for file, name in found.items() if name}

    def changes_of(self, registers: Iterable[str]) -> Iterator[RowChanged]:
        """The rows of these registers that were added, changed or removed."""
        return self._in_order(self._of_register.get(register, ()) for register in registers)

    def related(
        self, registers: Iterable[str], keys: Iterable[str], texts: Iterable[str]
    ) -> Iterator[RowChanged]:
        """The rows of these registers that were added, changed or removed and that name one of the
        ``keys``, or whose own key is among the ``texts``."""
        naming, named = self._by_text
        return self._in_order(
            places
            for register in registers
            for index, names in ((naming, keys), (named, texts))
            for name in names
            if (places := index.get((register, name)))
        )

    def _in_order(self, places: Iterable[Sequence[int]]) -> Iterator[RowChanged]:
        """The changes at these places, each once; a caller that needs only the first few does not
        wait for the others."""
        return (self.all_changes[place] for place, _ in groupby(merge(*places)))

    @cached_property
    def _of_register(self) -> Mapping[str, Sequence[int]]:
        """The places in ``all_changes`` of the changes of each register."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, (_, row) in enumerate(self.all_changes):
            found[row.register].append(place)
        return found

    @cached_property
    def _by_text(self) -> tuple[Mapping[tuple[str, str], Sequence[int]], ...]:
        """The places in ``all_changes`` of the rows of a register that name a text, and of those
        that have it as their key."""
        naming: dict[tuple[str, str], list[int]] = defaultdict(list)
        named: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, (_, row) in enumerate(self.all_changes):
            shown = self.shown(row)
            for text in {text for item in shown for text in texts_of(item)}:
                naming[row.register, text].append(place)
            for key in {item.key for item in shown}:
                named[row.register, key].append(place)
        return naming, named

    def unread_cells(self, row: IndexedRow) -> Sequence[str]:
        """The cells of a row that can no longer be read."""
        return self._unread.get(row, ())

    def row_words(self, row: IndexedRow) -> str:
        """The place of a row, with which cell of it can no longer be read."""
        cells = self.unread_cells(row)
        unread = f": {listed(cells)} can no longer be read" if cells else ""
        return place_words(row.file, row.sheet, f"row {row.number}") + unread

    def _remapped(self) -> Iterator[str]:
        """The registers with another mapping of which most rows that both have say something else:
        whether somebody edited one of them too cannot be told."""
        first, second = mapped(self.old.assessment), mapped(self.new.assessment)
        for register in first.keys() | second.keys():
            if first.get(register) != second.get(register):
                kinds = Counter(
                    self.became(register, print_, later=True)[0]
                    for of, print_ in self.new.by_print
                    if of == register
                )
                if kinds[CHANGED] > kinds[""]:
                    yield register

    def _changes(self) -> Iterator[RowChanged]:
        """Every row that was added, changed or removed, each once. Rows of a
        register that only one of the two has are left out."""
        both = self.old.registers & self.new.registers
        for rows, later in ((self.old, False), (self.new, True)):
            for row in rows.by_print.values():
                if row.register in both:
                    kind, _ = self.became(row.register, row.fingerprint, later=later)
                    if kind and (later or kind == GONE):
                        yield kind, row

    def _unreadable(self) -> Iterator[tuple[ProblemShown, IndexedRow, str]]:
        """The cells of rows that both assessments have and that only the later one cannot read."""
        before = {
            (row.register, row.fingerprint, problem.column)
            for problem, row, _ in _problem_cells(self.old)
        }
        for problem, row, cell in _problem_cells(self.new):
            kind, other = self.became(row.register, row.fingerprint, later=True)
            was = other or row
            if kind != ADDED and (row.register, was.fingerprint, problem.column) not in before:
                yield problem, row, cell


def texts_of(item: ItemShown) -> Iterator[str]:
    """The words of the cells of an item, each of which may list several."""
    for value in item.values:
        yield from filter(None, (text.strip() for text in (value or "").split(";")))


def mapped(assessment: Assessment) -> dict[str, str]:
    """The SHA-256 of what the mapping says of each register."""
    return dict(assessment.mapping.registers) if assessment.mapping else {}


def registers_of(duty: DutyOutcome | None) -> frozenset[str]:
    """The registers that a duty reads; where an assessment does not say so, those that it is known
    to read."""
    if duty is None or duty.reads:
        return frozenset(duty.reads if duty else ())
    found = {item.register for item in _items_of(duty)}
    for one in duty.obligations:
        found |= {group.register for group in one.rejected}
        found |= {remedy.register for remedy in one.would_be_met_by}
    return frozenset(found | {group.register for group in duty.unread_rows})


def _items_of(duty: DutyOutcome) -> Iterator[ItemShown]:
    for one in duty.obligations:
        yield from rows_of(one)
        yield from (row.item for group in one.rejected for row in group.rows)
    yield from (item for group in duty.unread_rows for item in group.rows)
    yield from (item for entry in duty.history for item in entry.evidence)


def _problem_cells(rows: _Rows) -> Iterator[tuple[ProblemShown, IndexedRow, str]]:
    """Each cell that an assessment cannot read, with its row and its address."""
    for problem in rows.assessment.problems:
        for cells in problem.cells:
            match = re.fullmatch(r"([A-Z]+)(\d+)(?::[A-Z]+(\d+))?", cells)
            if match:
                letters, first, last = match[1], int(match[2]), int(match[3] or match[2])
                for number in range(first, last + 1):
                    for row in rows.by_place.get((problem.register, problem.sheet, number), ()):
                        if row.file == problem.file:
                            yield problem, row, f"{letters}{number}"
