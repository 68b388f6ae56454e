"""The rows that an assessment cites, and the evidence as it was checked."""

from __future__ import annotations

from engine.assessment import Assessment, ItemShown
from engine.fingerprint import printer
from evidence.table import Evidence, Table


class CannotLocate(Exception):
    """The rows cannot be looked for; ``str()`` of it is the whole message."""


# What is cited ----------------------------------------------------------------------------------


def cited_rows(assessment: Assessment) -> list[tuple[ItemShown, tuple[str, ...]]]:
    """Each cited row once, in order, with the duties that cite it."""
    found: dict[tuple[str, str, int, str], ItemShown] = {}
    by: dict[tuple[str, str, int, str], dict[str, None]] = {}
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
            by.setdefault(place, {})[duty.id] = None
    return [(found[place], tuple(by[place])) for place in sorted(found)]


# The old evidence -------------------------------------------------------------------------------


class Before:
    """The evidence as it was checked, its rows by the places that the assessment gives them."""

    def __init__(self, assessment: Assessment, old: Evidence) -> None:
        self._tables = old.tables
        names = {each.sha256: each.file for each in assessment.evidence}
        strange = [each.file for each in old.files if each.sha256 not in names]
        if strange:
            raise CannotLocate(
                f"{', '.join(strange)}: that is no file of this assessment as it was checked "
                "(its SHA-256 is another). Give the old file unchanged, or leave --old out."
            )
        self._names = {each.file: names[each.sha256] for each in old.files}
        self._rows: dict[str, dict[tuple[str, int], list[int]]] = {}
        self._prints: dict[str, frozenset[str]] = {}

    def at(self, item: ItemShown) -> tuple[Table, int] | None:
        """The table and the row that an item is, if its file is there."""
        table = self._tables.get(item.register)
        if table is None:
            return None
        rows = self._of(table).get((item.file, item.row), [])
        mine = [row for row in rows if table.place(row).sheet == item.sheet]
        chosen = mine or (rows if len(rows) == 1 else [])
        return (table, chosen[0]) if chosen else None

    def _of(self, table: Table) -> dict[tuple[str, int], list[int]]:
        register = table.register.id
        if register not in self._rows:
            rows: dict[tuple[str, int], list[int]] = {}
            for row in range(len(table)):
                place = table.place(row)
                rows.setdefault((self._names[place.file], place.row), []).append(row)
            self._rows[register] = rows
        return self._rows[register]

    def prints(self, register: str, key: bytes) -> frozenset[str]:
        """The fingerprints of all rows of a register."""
        if register not in self._prints:
            table = self._tables[register]
            self._prints[register] = frozenset(map(printer(table, key), range(len(table))))
        return self._prints[register]
