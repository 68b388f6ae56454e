"""Row labels and citations, cached for each version of a duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.assessment import ItemShown
from engine.obligation import Obligation
from engine.outcome import ItemRef, ObligationKey
from engine.proof.citations import CitationCache, CitedRows
from evidence.table import Table
from rules.model import Version

_NIL = ("list", "period", "by post", "given on")


class VersionRows:
    """A version, and what is looked up once for all the obligations that it judges."""

    def __init__(self, version: Version, citations: CitationCache) -> None:
        self.version = version
        self._citations = citations
        self._columns = version.evidence_columns
        self._shown: dict[tuple[str, int], CitedRows] = {}
        self._events = version.events
        self._population, self._members = version.population, version.members
        if self._events is not None:
            table = citations.table(self._events.register)
            self._event_keys, self._event_labels = _keys(table), _labels(table)
            columns = citations.listing_columns(version, of_event=True)
            self._listed_events = citations.shown(
                self._events.register, columns, self._events.dated
            )
        if self._population is not None:
            table = citations.table(self._population.register)
            self._subject_keys, self._subject_labels = _keys(table), _labels(table)
            columns = citations.listing_columns(version, of_event=False)
            register = self._population.register
            self._listed_subjects = citations.shown(register, columns, self._population.joins)

    def subject(self, key: ObligationKey, obligation: Obligation) -> str:
        """What a person calls the subject: 'office', a key, or the key of the event with it."""
        if key.row >= 0:
            place = self._citations.table(key.window).place(key.row)
            return f"row {place.row} of {place.sheet}"
        parts = []
        if key.event and self._events is not None:
            parts.append(self._event_keys[obligation.event_row])
        if key.subject and self._population is not None:
            parts.append(self._subject_keys[obligation.subject_row])
        elif key.subject:
            parts.append(self._members[obligation.member].title)
        return ", ".join(parts) or "office"

    def name(self, obligation: Obligation) -> str:
        """The label of the subject's or event's row, unless its column is sensitive."""
        if self._population is not None and (at := obligation.subject_row) >= 0:
            return self._subject_labels[at] if self._subject_labels else ""
        if self._events is not None and (at := obligation.event_row) >= 0:
            return self._event_labels[at] if self._event_labels else ""
        return ""

    def listed_at(self, obligation: Obligation) -> ItemShown | None:
        """The row that lists the event, or the subject."""
        if self._events is not None and (at := obligation.event_row) >= 0:
            return self._listed_events.row(at)
        if self._population is not None and (at := obligation.subject_row) >= 0:
            return self._listed_subjects.row(at)
        return None

    def evidence(self, refs: Iterable[ItemRef], member: int) -> tuple[ItemShown, ...]:
        """Items of evidence, or nil returns, for a member of the fixed list (-1: for none)."""
        return tuple([self._of(register, member).row(row) for register, row in refs])

    def _of(self, register: str, member: int) -> CitedRows:
        found = self._shown.get((register, member))
        if found is None:
            query, columns = self.version.evidence, self._columns
            dated = self.version.dating_columns(member)
            if query is not None and register != query.register:
                columns, dated = _NIL, ("given on",)
            found = self._citations.shown(register, columns, *dated)
            self._shown[register, member] = found
        return found


def _keys(table: Table) -> Sequence[str]:
    key = table.register.key
    return table.columns[key].raw if key else ()


def _labels(table: Table) -> Sequence[str]:
    """The labels of a table's rows; none where their column is sensitive."""
    label = table.register.label
    if not label or table.register.column(label).sensitive:
        return ()
    return table.columns[label].raw
