"""The least evidence on which some obligations of one duty can be judged: its own registers and,
of large ones, the rows that may bear on those obligations. Rows of evidence that do not qualify
change nothing, so they are left out (semantics.md: What must always hold)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from engine.columns.arrays import Columns
from engine.columns.conditions import FALSE, TRUE, all_of, comparable_text
from engine.columns.days import Flags
from engine.frames.observe import items_of
from engine.frames.scope import Scope
from engine.frames.waivers import REGISTER as WAIVERS
from engine.frames.waivers import duty_names
from engine.needs import looked_up, registers_read
from engine.obligation import Obligation
from engine.outcome import ItemRef
from engine.proof.naming import name_of, naming_columns
from evidence.register import NIL_RETURNS
from evidence.table import Evidence, Table

#: A register with no more rows than this is kept whole.
_FEW = 60


class EvidenceSlicer:
    """Reduces the evidence of one duty's check."""

    def __init__(self, scope: Scope, evidence: Evidence) -> None:
        self._scope = scope
        self._tables = evidence.tables
        self._versions = [
            version.rule for version in scope.resolved.versions[: scope.version_number + 1]
        ]

    def whole(self) -> Evidence:
        """The duty's own registers, with all their rows."""
        return self._with({*registers_read(self._versions), *self._linked}, {})

    def about(self, obligations: Sequence[Obligation], rows: Iterable[ItemRef] = ()) -> Evidence:
        """The rows that bear on these obligations, and these ``rows``."""
        selections: list[tuple[str, Flags | int]] = [*rows]
        for number in range(len(self._versions)):
            selections += self._bearing(number, obligations)
        flags: dict[str, Flags] = {}
        for register, selection in selections:
            none = np.zeros(len(self._tables[register]), dtype=np.bool_)
            flags.setdefault(register, none)[selection] = True
        return self._with(self._linked, flags)

    def _with(self, whole: Collection[str], flags: Mapping[str, Flags]) -> Evidence:
        """The registers that are kept whole, and others with some of their rows."""
        tables = {name: self._tables[name] for name in whole if name in self._tables}
        for name in flags.keys() - tables.keys():
            tables[name] = _reduced(self._tables[name], np.flatnonzero(flags[name]).tolist())
        if WAIVERS in tables:
            tables[WAIVERS] = self._own_waivers
        return Evidence(tables=tables, files=(), problems=(), notes=())

    @cached_property
    def _linked(self) -> frozenset[str]:
        """Control sheets, registers in which conditions look up rows, those from which the program
        fills columns of others, and those whose rows take turns in a role."""
        specs = {name: table.register for name, table in self._tables.items()}
        linked = {WAIVERS, NIL_RETURNS}
        for version in self._versions:
            linked.update(name for group in looked_up(version, specs) for name in group)
            if version.applies:
                linked.add(version.applies.register)
            for name in registers_read([version]):
                linked.update(spec.looks_in for spec in specs[name].columns if spec.looks_in)
                if specs[name].one_holder_of:
                    linked.add(name)
        return frozenset(linked)

    @cached_property
    def _own_waivers(self) -> Table:
        """The waivers of the duty: those of others change nothing about it."""
        table = self._tables[WAIVERS]
        names = duty_names(self._scope.resolved.duty)
        duties = table.columns["duty"].value
        rows = [row for row, duty in enumerate(duties) if comparable_text(str(duty or "")) in names]
        return _reduced(table, rows)

    # Rows ---------------------------------------------------------------------------------------

    def _bearing(
        self, number: int, obligations: Sequence[Obligation]
    ) -> Iterator[tuple[str, Flags]]:
        """Rows that list what the obligations are about, and evidence that counts and names it."""
        version = self._versions[number]
        events, query = version.events, version.evidence
        for listing, keys in (
            (version.population, {obligation.subject for obligation in obligations}),
            (events, {obligation.event for obligation in obligations}),
        ):
            if listing is not None:
                columns = self._scope.register(listing.register)
                key = columns.table.register.key or ""
                yield listing.register, _naming(columns, key, keys - {""})
        if events is not None and version.pattern.after_previous:
            columns = self._scope.register(events.register)
            yield events.register, np.asarray(all_of(columns, events.asks) != FALSE)
        if query is None or query.itself:  # the events' or records' own rows, kept already
            return
        columns = self._scope.register(query.register)
        members = version.members or (None,)
        truths = [items_of(self._scope, number, member).truth for member in members]
        flags = np.asarray(np.maximum.reduce(truths) == TRUE)
        for role, name in naming_columns(columns, version).items():
            names = {name_of(self._scope, version, role, obligation) for obligation in obligations}
            flags &= _naming(columns, name, names - {None})
        yield query.register, flags


def _naming(columns: Columns, name: str, values: Collection[object]) -> Flags:
    """Which rows have one of these values in a column."""
    return np.asarray(pd.Series(columns.values(name)).isin(list(values)), dtype=np.bool_)


def _reduced(table: Table, rows: Sequence[int]) -> Table:
    """The table of these rows; a small one whole."""
    return table if len(table) <= _FEW else table.some_rows(rows)
