"""The names by which an acknowledgement may call the rows that findings are about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from engine.columns.arrays import AllColumns
from engine.findings.noted import Noted, rows_of, subject_of, text_of
from engine.outcome import ItemRef
from engine.proof.phrases import day_words, thing_of
from evidence.cells.text import normal_key, sheet_text


class RowNames:
    """The names of the rows that findings are about, and which rows of the evidence have each name.

    A row has three names: its key, its key after the kind of thing ('Document 7'), and what reports
    call it. A row without a key on its sheet has one name: what reports call it, with its day in
    brackets, so that a later row about the same thing has another name. A name that two rows have,
    in whatever register, belongs to neither. Otherwise the findings about one could be taken for
    those about the other, even on a day when only one of them has any.

    ``body``: what reports call the body that the duties bind. ``texts``: other names whose rows are
    to be looked up by their keys.
    """

    def __init__(
        self,
        columns: AllColumns,
        findings: Iterable[Noted],
        body: str,
        texts: Iterable[str] = (),
    ) -> None:
        self._columns, self._body = columns, body
        refs = {ref for finding in findings for ref, _ in finding.refs}
        self._names = {ref: tuple(self._names_of(ref)) for ref in refs}
        wanted = {normal_key(name) for names in self._names.values() for name in names}
        self._bearers: dict[str, set[ItemRef]] = defaultdict(set)
        for register in columns:
            self._look_in(register, wanted.union(map(normal_key, texts)), refs)

    def own(self, finding: Noted) -> tuple[str, ...]:
        """What an acknowledgement calls the rows of a finding: for each row the shortest of its
        names that no other row has; () if a row has no such name."""
        names = [next(iter(self.own_names(ref)), "") for ref in rows_of(finding)]
        return tuple(names) if all(names) else ()

    def own_names(self, ref: ItemRef) -> Iterator[str]:
        """The names of a row of a finding that no other row has."""
        return (name for name in self._names[ref] if len(self.bearers(name)) == 1)

    def bearers(self, name: str) -> Collection[ItemRef]:
        """The rows with a name, as texts are compared; none for a name that was not looked up."""
        return self._bearers.get(normal_key(name), ())

    def where(self, ref: ItemRef) -> str:
        """Which row it is: ``row 4 of the Reviews sheet``."""
        place = self._columns[ref.register].table.place(ref.row)
        return f"row {place.row} of the {sheet_text(place.sheet)} sheet"

    def _look_in(self, register: str, wanted: Collection[str], refs: Collection[ItemRef]) -> None:
        """Adds the rows of a register that have one of the wanted names."""
        table = self._columns[register].table
        key = table.columns[table.register.key] if table.register.key else None
        of_findings = [ref for ref in refs if ref.register == register]
        keys = {key.value[ref.row] for ref in of_findings} if key else set()
        days = {self._day(ref) for ref in of_findings if not self._reference(ref)}
        for row, value in enumerate(key.value if key else ()):
            if value in wanted and isinstance(value, str):
                self._bearers[value].add(ItemRef(register, row))
            if value in keys:
                self._add(ItemRef(register, row))
        for row in range(len(table)) if days else ():
            ref = ItemRef(register, row)
            if self._day(ref) in days and not self._reference(ref):
                self._add(ref)

    def _add(self, ref: ItemRef) -> None:
        for name in self._names_of(ref):
            self._bearers[normal_key(name)].add(ref)

    def _names_of(self, ref: ItemRef) -> Iterator[str]:
        subject = subject_of(self._columns, ref, "", self._body)
        if reference := self._reference(ref):
            yield from (reference, f"{thing_of(ref.register)} {reference}", subject)
        else:
            day = self._day(ref)
            yield f"{subject} ({day_words(day)})" if day else subject

    def _reference(self, ref: ItemRef) -> str:
        """The key that a row has on its sheet; '' where it has none, or the program made one."""
        table = self._columns[ref.register].table
        return text_of(table, ref.row, table.register.key)

    def _day(self, ref: ItemRef) -> datetime.date | None:
        table = self._columns[ref.register].table
        return table.day(ref.row, table.register.dated_by)
