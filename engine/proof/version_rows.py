"""Row labels and citations, cached for each version of a duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.assessment import OFFICE, ItemShown
from engine.obligation import Obligation
from engine.outcome import ItemRef, ObligationKey
from engine.proof.citations import CitationCache, CitedRows, texts_shown
from rules.model import Version

_NIL = ("list", "period", "by post", "given on")


class _ListedRows(NamedTuple):
    """The rows that list events or subjects: their keys, their labels (none where their column is
    sensitive) and their citations."""

    keys: Sequence[str]
    labels: Sequence[str]
    cited: CitedRows


class VersionRows:
    """A version of a duty, with the listed rows and the evidence of all the obligations that it
    judges."""

    def __init__(self, version: Version, citations: CitationCache) -> None:
        self.version = version
        self._citations = citations
        self._evidence: dict[tuple[str, int], CitedRows] = {}
        events, population = version.events, version.population
        self._events = self._listed(events.register, True, events.dated) if events else None
        self._people = (
            self._listed(population.register, False, population.joins) if population else None
        )

    def _listed(self, register: str, of_event: bool, dated: str) -> _ListedRows:
        table = self._citations.table(register)
        columns = self._citations.listing_columns(self.version, of_event=of_event)
        key = table.register.key
        label = texts_shown(table, table.register.label)
        texts = table.columns[key].raw if key else ()
        # A row whose key the program made is called by its number.
        keys = [text or f"row {row}" for text, row in zip(texts, table.row_of, strict=False)]
        return _ListedRows(keys, label, self._citations.shown(register, columns, dated))

    def subject(self, key: ObligationKey, obligation: Obligation) -> str:
        """What a person calls the subject: 'office', a key, or the key of the event with it."""
        if key.row >= 0:
            return self._citations.table(key.register).place(key.row).row_words
        event = self._events.keys[obligation.event_row] if key.event and self._events else ""
        if key.subject and self._people:
            subject = self._people.keys[obligation.subject_row]
        else:
            subject = self.version.members[obligation.member].title if key.subject else ""
        return f"{event}, {subject}" if event and subject else event or subject or OFFICE

    def name(self, obligation: Obligation) -> str:
        """The label of the subject's or event's row, unless its column is sensitive."""
        if self._people and (row := obligation.subject_row) >= 0:
            return self._people.labels[row] if self._people.labels else ""
        if self._events and (row := obligation.event_row) >= 0:
            return self._events.labels[row] if self._events.labels else ""
        return ""

    def listed_at(self, obligation: Obligation) -> ItemShown | None:
        """The row that lists the event, or the subject."""
        if self._events and (row := obligation.event_row) >= 0:
            return self._events.cited.row(row)
        if self._people and (row := obligation.subject_row) >= 0:
            return self._people.cited.row(row)
        return None

    def evidence(self, refs: Iterable[ItemRef], member: int) -> tuple[ItemShown, ...]:
        """Items of evidence, or nil returns, for a member of the fixed list, or NO_MEMBER."""
        return tuple([self._cited(register, member).row(row) for register, row in refs])

    def _cited(self, register: str, member: int) -> CitedRows:
        cited = self._evidence.get((register, member))
        if cited is None:
            query = self.version.evidence
            columns = self.version.evidence_columns
            dated = self.version.dating_columns(member)
            if query is not None and register != query.register:
                columns, dated = _NIL, ("given on",)
            cited = self._citations.shown(register, columns, *dated)
            self._evidence[register, member] = cited
        return cited
