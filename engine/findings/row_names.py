"""The names by which an acknowledgement may call the rows that findings are about."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from engine.columns.arrays import AllColumns
from engine.findings.noted import Noted, rows_of, subject_of, thing_of
from engine.outcome import ItemRef
from engine.proof.phrases import day_words
from evidence.cells.text import normal_key, sheet_text, spaced_once
from evidence.table import CellState


class RowNames:
    """The names of the rows of findings, and which rows of the evidence have each of them.

    A row has three names: its key, its key after the kind of thing ('Document 7'), and what reports
    call it. A row of a register without keys has one: what it is, with its day in brackets, so that
    a later row about the same is another. A name that two
    rows have, in whatever register, belongs to neither: the findings of one must not be taken for
    those of the other, not even once only one of them has findings. ``texts``: other names whose
    rows are to be looked up by their keys."""

    def __init__(
        self, columns: AllColumns, findings: Iterable[Noted], texts: Iterable[str] = ()
    ) -> None:
        self._columns = columns
        refs = {ref for finding in findings for ref, _ in finding.refs}
        self._names = {ref: tuple(self._names_of(ref)) for ref in refs}
        wanted = {normal_key(name) for names in self._names.values() for name in names}
        self._bearers: dict[str, set[ItemRef]] = defaultdict(set)
        for register in columns:
            self._look_in(register, wanted.union(map(normal_key, texts)), refs)

    def own(self, finding: Noted) -> tuple[str, ...]:
        """What an acknowledgement calls the rows of a finding, each by the shortest of its names
        that no other row has; () where one has none."""
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
        table = self._columns[ref.register].table
        return (
            f"row {table.place(ref.row).row} of the {sheet_text(table.place(ref.row).sheet)} sheet"
        )

    def _look_in(self, register: str, wanted: Collection[str], refs: Collection[ItemRef]) -> None:
        """Adds the rows of a register that have one of the wanted names."""
        table = self._columns[register].table
        keys = table.columns[table.register.key].value if table.register.key else ()
        own = {keys[ref.row] for ref in refs if ref.register == register} if keys else set()
        for row, key in enumerate(keys):
            if key in wanted and isinstance(key, str):
                self._bearers[key].add(ItemRef(register, row))
            if key in own:
                self._add(ItemRef(register, row))
        if not table.register.key and any(ref.register == register for ref in refs):
            for row in range(len(table)):
                self._add(ItemRef(register, row))

    def _add(self, ref: ItemRef) -> None:
        for name in self._names_of(ref):
            self._bearers[normal_key(name)].add(ref)

    def _names_of(self, ref: ItemRef) -> Iterator[str]:
        table = self._columns[ref.register].table
        if table.register.key is None:
            day = table.columns[table.register.dated_by or ""].value[ref.row]
            dated = f" ({day_words(day)})" if isinstance(day, datetime.date) else ""
            yield f"{subject_of(self._columns, ref, '')}{dated}"
            return
        key = table.columns[table.register.key]
        if key.state[ref.row] == CellState.READ:
            text = spaced_once(key.raw[ref.row])
            yield text
            yield f"{thing_of(ref.register)} {text}"
            yield subject_of(self._columns, ref, "")
