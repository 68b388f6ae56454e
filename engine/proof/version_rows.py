"""What is the same for all obligations that one version judges: which rows say what they are about,
and how the rows are shown that they point to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.assessment import ItemShown
from engine.outcome import ItemRef, ObligationKey
from engine.proof.citations import Shelf, Shown
from evidence.table import Table
from rules.model import Version
from rules.reads import dating_columns, events_of, evidence_columns
from rules.subject import FixedList, Population

Row = Mapping[str, object]

_NIL = ("list", "period", "by post", "given on")


class Alike:
    """A version, and what is looked up once for all its obligations."""

    def __init__(self, version: Version, shelf: Shelf) -> None:
        self.version = version
        self._shelf = shelf
        self._columns = evidence_columns(version)
        self._shown: dict[tuple[str, int], Shown] = {}
        self._events = events_of(version)
        subjects = version.subjects
        self._population = subjects if isinstance(subjects, Population) else None
        self._members = subjects.members if isinstance(subjects, FixedList) else ()
        if self._events is not None:
            table = shelf.table(self._events.register)
            self._event_keys, self._event_labels = _keys(table), _labels(table)
            columns = shelf.listing_columns(version, of_event=True)
            self._listed_events = shelf.shown(self._events.register, columns, self._events.dated)
        if self._population is not None:
            table = shelf.table(self._population.register)
            self._subject_keys, self._subject_labels = _keys(table), _labels(table)
            columns = shelf.listing_columns(version, of_event=False)
            register = self._population.register
            self._listed_subjects = shelf.shown(register, columns, self._population.joins)

    def subject(self, key: ObligationKey, row: Row) -> str:
        """What a person calls the subject: 'office', a key, or the key of the event with it."""
        if key.row >= 0:
            place = self._shelf.table(key.window).place(key.row)
            return f"row {place.row} of {place.sheet}"
        parts = []
        if key.event and self._events is not None:
            parts.append(self._event_keys[whole(row["event_row"])])
        if key.subject and self._population is not None:
            parts.append(self._subject_keys[whole(row["subject_row"])])
        elif key.subject:
            parts.append(self._members[whole(row["member"])].title)
        return ", ".join(parts) or "office"

    def name(self, row: Row) -> str:
        """The label of the subject's or event's row, unless its column is sensitive."""
        if self._population is not None and (at := whole(row["subject_row"])) >= 0:
            return self._subject_labels[at] if self._subject_labels else ""
        if self._events is not None and (at := whole(row["event_row"])) >= 0:
            return self._event_labels[at] if self._event_labels else ""
        return ""

    def listed_at(self, row: Row) -> ItemShown | None:
        """The row that lists the event, or the subject."""
        if self._events is not None and (at := whole(row["event_row"])) >= 0:
            return self._listed_events.row(at)
        if self._population is not None and (at := whole(row["subject_row"])) >= 0:
            return self._listed_subjects.row(at)
        return None

    def evidence(self, refs: Iterable[ItemRef], member: int) -> tuple[ItemShown, ...]:
        """Items of evidence, or nil returns, for a member of the fixed list (-1: for none)."""
        return tuple([self._of(register, member).row(row) for register, row in refs])

    def _of(self, register: str, member: int) -> Shown:
        found = self._shown.get((register, member))
        if found is None:
            found = self._shown[register, member] = self._looked_up(register, member)
        return found

    def _looked_up(self, register: str, member: int) -> Shown:
        query = self.version.evidence
        if query is not None and register != query.register:
            return self._shelf.shown(register, _NIL, "given on")
        return self._shelf.shown(register, self._columns, *dating_columns(self.version, member))


def _keys(table: Table) -> Sequence[str]:
    key = table.register.key
    return table.columns[key].raw if key else ()


def _labels(table: Table) -> Sequence[str]:
    """The labels of a table's rows; none where their column is sensitive."""
    label = table.register.label
    if not label or table.register.column(label).sensitive:
        return ()
    return table.columns[label].raw


def whole(value: object) -> int:
    """One of the numbers found of an obligation."""
    assert isinstance(value, int)
    return value
