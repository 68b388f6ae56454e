"""The least evidence on which some obligations of one duty can be judged: its own registers and,
of large ones, the rows that may bear on those obligations. Rows of evidence that do not qualify
change nothing (semantics.md, What must always hold, 4), so they are left out first."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, all_of, plain
from engine.columns.days import Flags
from engine.frames.evaluate import items_of
from engine.frames.scope import Scope
from engine.frames.waivers import REGISTER as WAIVERS
from engine.frames.waivers import duty_names
from engine.needs import looked_up, registers_read
from engine.obligation import Obligation
from engine.outcome import ItemRef
from evidence.table import Evidence, Table
from evidence.table_slice import some_rows
from rules.condition import Listing
from rules.model import Version

#: A register with no more rows than this is kept whole.
_FEW = 60

#: From so many questions on it pays to note where each value of a column stands.
_OFTEN = 5

_CONTROL = (WAIVERS, "nil returns")


@dataclass(slots=True)
class _Wanted:
    """Which rows of each register are kept: all of them where a register stands in ``whole``."""

    rows: dict[str, Flags] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def add(self, register: str, flags: Flags) -> None:
        """Keeps these rows of a register too."""
        had = self.rows.get(register)
        self.rows[register] = flags if had is None else had | flags


class EvidenceSlicer:
    """Reduces the evidence of one duty's check; what it looks up for many it looks up once."""

    def __init__(self, scope: Scope, evidence: Evidence) -> None:
        self._scope = scope
        self._evidence = evidence
        self._index: dict[tuple[str, str], dict[object, list[int]]] = {}
        self._times: Counter[tuple[str, str]] = Counter()

    def whole(self) -> Evidence:
        """The duty's own registers, with all their rows."""
        versions = [
            self._scope.version(number).version for number in range(self._scope.current + 1)
        ]
        return self._with(_Wanted(whole={*registers_read(versions), *self._linked()}))

    def about(self, obligations: Sequence[Obligation], rows: Iterable[ItemRef] = ()) -> Evidence:
        """What bears on these obligations, and these rows."""
        wanted = _Wanted(whole=set(self._linked()))
        for register, row in rows:
            flags = np.zeros(len(self._evidence.tables[register]), dtype=np.bool_)
            flags[row] = True
            wanted.add(register, flags)
        for number in range(self._scope.current + 1):
            version = self._scope.version(number).version
            self._lists(wanted, version, obligations)
            self._evidence_of(wanted, number, version, obligations)
        return self._with(wanted)

    # Registers ----------------------------------------------------------------------------------

    def _linked(self) -> Iterator[str]:
        """Control sheets, registers in which conditions look up rows, those from which the program
        fills columns of others, and those whose rows take turns in a role."""
        yield from _CONTROL
        specs = {name: table.register for name, table in self._evidence.tables.items()}
        for number in range(self._scope.current + 1):
            version = self._scope.version(number).version
            for group in looked_up(version, specs):
                yield from group
            if version.applies:
                yield version.applies.register
            for name in registers_read([version]):
                if specs[name].one_holder_of:
                    yield name
                for spec in specs[name].columns:
                    if spec.looks_in:
                        yield spec.looks_in

    def _with(self, wanted: _Wanted) -> Evidence:
        tables = self._evidence.tables
        kept: dict[str, Table] = {name: tables[name] for name in wanted.whole if name in tables}
        for name, flags in wanted.rows.items():
            if name not in kept:
                table = tables[name]
                few = len(table) <= _FEW
                kept[name] = table if few else some_rows(table, np.flatnonzero(flags).tolist())
        if WAIVERS in kept:
            kept[WAIVERS] = self._own_waivers
        return Evidence(tables=kept, files=(), problems=(), notes=())

    @functools.cached_property
    def _own_waivers(self) -> Table:
        """The waivers of the duty: those of others change nothing about it."""
        table, own = self._evidence.tables[WAIVERS], duty_names(self._scope.duty.duty)
        named = table.columns["duty"].value
        rows = [row for row, duty in enumerate(named) if plain(str(duty or "")) in own]
        return table if len(table) <= _FEW else some_rows(table, rows)

    # Rows ---------------------------------------------------------------------------------------

    def _lists(self, wanted: _Wanted, version: Version, obligations: Sequence[Obligation]) -> None:
        subjects, events = version.population, version.events
        if subjects is not None:
            keys = {each.subject for each in obligations} - {""}
            wanted.add(subjects.register, self._of_keys(subjects, keys))
        if events is not None:
            flags = self._of_keys(events, {each.event for each in obligations} - {""})
            if version.pattern.after_previous:
                flags = flags | (
                    all_of(self._scope.register(events.register), events.asks) != FALSE
                )
            wanted.add(events.register, flags)

    def _of_keys(self, listing: Listing, keys: Collection[object]) -> Flags:
        columns = self._scope.register(listing.register)
        return self._naming(columns, columns.table.register.key or "", keys)

    def _naming(self, columns: Columns, name: str, wanted: Collection[object]) -> Flags:
        """Which rows have one of these values in a column."""
        at = columns.table.register.id, name
        self._times[at] += 1
        if self._times[at] <= _OFTEN:
            found = (value in wanted for value in columns.values(name).tolist())
            return np.fromiter(found, np.bool_, len(columns))
        if at not in self._index:
            index: dict[object, list[int]] = {}
            for row, value in enumerate(columns.values(name).tolist()):
                index.setdefault(value, []).append(row)
            self._index[at] = index
        flags = np.zeros(len(columns), dtype=np.bool_)
        for value in wanted:
            flags[self._index[at].get(value, [])] = True
        return flags

    def _evidence_of(
        self, wanted: _Wanted, number: int, version: Version, obligations: Sequence[Obligation]
    ) -> None:
        query = version.evidence
        if query is None or query.itself:  # the events' or records' own rows, kept already
            return
        columns = self._scope.register(query.register)
        flags = np.zeros(len(columns), dtype=np.bool_)
        members = version.members or (None,)
        for member in members:
            flags |= items_of(self._scope, number, member).truth == TRUE
        for name, values in _naming_values(self._scope, version, obligations):
            flags &= self._naming(columns, name, values)
        wanted.add(query.register, flags)


def _naming_values(
    scope: Scope, version: Version, obligations: Sequence[Obligation]
) -> Iterator[tuple[str, set[object]]]:
    """The columns by which a row of evidence names what it is about, each with what names one of
    the obligations."""
    query, subjects = version.evidence, version.population
    if query is None:
        return
    if query.event and version.events:
        yield query.event, {each.event for each in obligations}
    if query.subject and subjects:
        yield query.subject, {each.subject for each in obligations}
    key = scope.register(query.register).table.register.key
    if query.named_by_subject and key and subjects:
        keys = scope.register(subjects.register).values(query.named_by_subject)
        rows = {each.subject_row for each in obligations} - {-1}
        yield key, {keys[row] for row in rows} - {None}
