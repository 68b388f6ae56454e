"""The rows that an assessment cites, and the evidence as it was checked."""

from __future__ import annotations

from collections import defaultdict

from engine.assessment import Assessment, ItemShown
from engine.fingerprint import printer
from evidence.table import Evidence, Table

#: Under which rows are compared where the old evidence is at hand: it gives nothing away, since no
#: fingerprint made with it is kept.
NO_KEY = b"rows compared with one another"


class CannotLocate(Exception):
    """The rows cannot be looked for; ``str()`` of it is the whole message."""


def cited_rows(assessment: Assessment) -> list[tuple[ItemShown, tuple[str, ...]]]:
    """Each cited row once, in order, with the duties that cite it."""
    found: dict[tuple[str, str, int, str], ItemShown] = {}
    by: dict[tuple[str, str, int, str], dict[str, None]] = defaultdict(dict)
    for duty in assessment.duties:
        items: list[ItemShown] = []
        for one in duty.obligations:
            items += [*one.evidence, *one.unreadable]
            items += [one.listed_at] if one.listed_at else []
        items += [item for group in duty.unread_rows for item in group.rows]
        items += [item for entry in duty.history for item in entry.evidence]
        for item in items:
            place = (item.file, item.sheet, item.row, item.register)
            found.setdefault(place, item)
            by[place][duty.id] = None
    return [(found[place], tuple(by[place])) for place in sorted(found)]


class Before:
    """The evidence as it was checked, its rows by the places that the assessment gives them.
    Raises CannotLocate where it is not what was checked."""

    def __init__(self, assessment: Assessment, old: Evidence) -> None:
        names = {each.sha256: each.file for each in assessment.evidence}
        strange = [each.file for each in old.files if each.sha256 not in names]
        if strange:
            raise CannotLocate(
                f"{', '.join(strange)}: that is no file of this assessment as it was checked "
                "(its SHA-256 is another). Give the old file unchanged, or leave --old out."
            )
        self._tables = old.tables
        self._names = {each.file: names[each.sha256] for each in old.files}
        self._print = {name: printer(table, NO_KEY) for name, table in old.tables.items()}
        self._rows: dict[str, dict[tuple[str, int], list[int]]] = {}
        self._prints: dict[str, frozenset[str]] = {}

    def at(self, item: ItemShown) -> tuple[Table, int] | None:
        """The table and the row that an item is, if its file is there."""
        table = self._tables.get(item.register)
        if table is None:
            return None
        if item.register not in self._rows:
            places = self._rows[item.register] = defaultdict(list)
            for row in range(len(table)):
                place = table.place(row)
                places[self._names[place.file], place.row].append(row)
        rows = self._rows[item.register].get((item.file, item.row), [])
        mine = [row for row in rows if table.place(row).sheet == item.sheet]
        chosen = mine or (rows if len(rows) == 1 else [])
        return (table, chosen[0]) if chosen else None

    def print_of(self, item: ItemShown) -> str:
        """The fingerprint of the row that an item is; '' if its file is not there."""
        at = self.at(item)
        return self._print[item.register](at[1]) if at else ""

    def prints(self, register: str) -> frozenset[str]:
        """The fingerprints of all rows of a register."""
        if register not in self._prints:
            rows = range(len(self._tables[register]))
            self._prints[register] = frozenset(map(self._print[register], rows))
        return self._prints[register]
