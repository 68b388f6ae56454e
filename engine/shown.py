"""Items as reports show them: the place, and the cells that the rule reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from itertools import count as count_from
from itertools import islice

from engine.assessment import CellShown, ItemShown
from engine.fingerprint import printer
from engine.outcome import ItemRef
from evidence.naming import SharedKeys
from evidence.register import ColumnSpec
from evidence.table import Evidence, Table, Typed
from evidence.wording import normal_key
from rules.condition import AnyOf, Ask
from rules.model import Version
from rules.pattern import (
    BeforeEvent,
    Completeness,
    Events,
    EvidenceQuery,
    Standing,
    Triggered,
)
from rules.subject import FixedList, Population

#: A column of a source: its letters there, its name, its raw texts (None where it is sensitive),
#: and its cells that were shown already, by row.
_Look = tuple[str, str, Sequence[str] | None, dict[int, CellShown]]


class Shelf:
    """Items shown, each made once; with fingerprints where there is a ``key`` for them."""

    def __init__(self, evidence: Evidence, key: bytes | None = None) -> None:
        self._evidence = evidence
        self._key = key
        self._made: dict[tuple[str, int, tuple[str, ...], str], ItemShown] = {}
        self._looks: dict[tuple[str, int, tuple[str, ...]], tuple[_Look, ...]] = {}
        self._cells: dict[tuple[str, int, str], dict[int, CellShown]] = {}
        self._keys: dict[str, frozenset[Typed]] = {}
        self._columns: dict[tuple[int, bool | None], tuple[Version, tuple[str, ...]]] = {}
        self._printers: dict[str, Callable[[int], str]] = {}
        self._prints: dict[ItemRef, str] = {}
        self._shared = SharedKeys(evidence.tables)

    def table(self, register: str) -> Table:
        """The table of a register."""
        return self._evidence.tables[register]

    def new_keys(self, register: str, count: int) -> tuple[str, ...]:
        """So many keys that no row of the register has."""
        table = self.table(register)
        if register not in self._keys:
            key = table.register.key
            self._keys[register] = frozenset(table.columns[key].value if key else ())
        free = (f"new-{at}" for at in count_from(1) if f"new-{at}" not in self._keys[register])
        return tuple(islice(free, count))

    def names_two(self, spec: ColumnSpec, value: Typed) -> bool:
        """Whether this value, in a cell of that column, could name either of two rows."""
        return isinstance(value, str) and normal_key(value) in self._shared.of(spec)

    def item(self, ref: ItemRef, columns: tuple[str, ...], dated: str = "") -> ItemShown:
        """The item with the cells of these columns; ``dated`` names the one that dates it."""
        key = (ref.register, ref.row, columns, dated)
        if key not in self._made:
            self._made[key] = self._shown(ref, columns, dated)
        return self._made[key]

    def evidence_columns(self, version: Version) -> tuple[str, ...]:
        """evidence_columns of a version, worked out once for all its obligations."""
        key = (id(version), None)
        if key not in self._columns:  # the version is held beside, so that no other takes its id
            self._columns[key] = (version, evidence_columns(version))
        return self._columns[key][1]

    def listing_columns(self, version: Version, *, of_event: bool) -> tuple[str, ...]:
        """listing_columns of a version, worked out once for all its obligations."""
        key = (id(version), of_event)
        if key not in self._columns:
            found = listing_columns(version, self._evidence, of_event=of_event)
            self._columns[key] = (version, found)
        return self._columns[key][1]

    def _shown(self, ref: ItemRef, columns: tuple[str, ...], dated: str) -> ItemShown:
        table, at = self.table(ref.register), ref.row
        number = table.row_of[at]
        source = table.sources[table.source_of[at]]
        value = table.columns[dated].value[at] if dated in table.columns else None
        cells = []
        for letters, name, raw, made in self._look(ref.register, table.source_of[at], columns):
            if at not in made:
                text = raw[at] if raw is not None else None
                made[at] = CellShown(f"{letters}{number}", name, text)
            cells.append(made[at])
        date = value if isinstance(value, datetime.date) else None
        print_ = self._fingerprint(ref)
        shown = tuple(cells)
        return ItemShown(source.file, source.sheet, number, ref.register, date, shown, print_)

    def _look(self, register: str, source: int, columns: tuple[str, ...]) -> tuple[_Look, ...]:
        """How these columns of a source are shown: those that it has, in their order."""
        key = (register, source, columns)
        if key not in self._looks:
            table = self.table(register)
            letters = table.sources[source].letters
            sensitive = {spec.name for spec in table.register.columns if spec.sensitive}
            self._looks[key] = tuple(
                (
                    letters[name],
                    name,
                    None if name in sensitive else table.columns[name].raw,
                    self._cells.setdefault((register, source, name), {}),
                )
                for name in columns
                if name in letters
            )
        return self._looks[key]

    def _fingerprint(self, ref: ItemRef) -> str:
        if self._key is None:
            return ""
        if ref not in self._prints:
            if ref.register not in self._printers:
                self._printers[ref.register] = printer(self.table(ref.register), self._key)
            self._prints[ref] = self._printers[ref.register](ref.row)
        return self._prints[ref]


def _of_conditions(where: Sequence[Ask]) -> list[str]:
    plain = [each for ask in where for each in (ask.any_of if isinstance(ask, AnyOf) else (ask,))]
    return [name for each in plain for name in (each.column, each.on_or_before) if name]


def evidence_columns(version: Version) -> tuple[str, ...]:
    """The columns of the evidence that a version reads, in the order in which it names them."""
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Completeness):
        return record_columns(pattern)
    if query is None:
        return ()
    names = [query.dated, query.period, query.event, query.subject, query.distinct]
    names += _of_conditions(query.asks)
    if isinstance(pattern, Standing):
        names = [pattern.begins, pattern.ends, pattern.review_by, *names]
    if isinstance(version.subjects, FixedList):
        names.append(version.subjects.named_in)
        for member in version.subjects.members:
            names += [member.dated, *_of_conditions(member.where)]
    return _once(names)


def record_columns(pattern: Completeness) -> tuple[str, ...]:
    """The columns that a duty of completeness reads of each record."""
    carried = pattern.deadline
    dates = (carried.due, carried.re_agreed_on, carried.re_agreed_to) if carried else ()
    names = [pattern.records.dated, *dates, *pattern.done_on, *_of_conditions(pattern.asks)]
    return _once([*names, *_of_conditions(pattern.records.asks)])


def listing_columns(version: Version, evidence: Evidence, *, of_event: bool) -> tuple[str, ...]:
    """The columns of a listed row (an event's, or a subject's) that a version reads."""
    listing = events_of(version) if of_event else None
    if listing is not None:
        key = evidence.tables[listing.register].register.key
        names = [key, listing.dated, listing.cancelled]
        return _once([*names, *_of_conditions(listing.asks)])
    subjects = version.subjects
    if not isinstance(subjects, Population):
        return ()
    key = evidence.tables[subjects.register].register.key
    names = [key, subjects.joins, subjects.leaves, subjects.flagged]
    named = version.evidence.named_by_subject if version.evidence else None
    return _once([*names, named, *_of_conditions(subjects.asks)])


def events_of(version: Version) -> Events | None:
    """The events or records that a version lists, if it does."""
    pattern = version.pattern
    if isinstance(pattern, Completeness):
        return pattern.records
    if isinstance(pattern, Triggered | BeforeEvent) and isinstance(pattern.event, Events):
        return pattern.event
    return None


def dated_by(version: Version, member: int = -1) -> str:
    """The column that dates an item of evidence under a version; '' if none does."""
    pattern, query = version.pattern, version.evidence
    if isinstance(pattern, Standing):
        return pattern.begins
    if isinstance(pattern, Completeness):
        return pattern.done_on[0] if pattern.done_on else pattern.records.dated
    if member >= 0 and isinstance(version.subjects, FixedList):
        own = version.subjects.members[member].dated
        if own:
            return own
    return (query.dated or "") if query else ""


def query_of(version: Version) -> EvidenceQuery:
    """The version's evidence. Raises ValueError for a pattern that has none."""
    if version.evidence is None:
        raise ValueError("this pattern has no evidence of its own")
    return version.evidence


def _once(names: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
