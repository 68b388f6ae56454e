"""Assessments fetched from the store."""

from __future__ import annotations

from pathlib import Path

from engine.assessment import Assessment
from record.compare.input_changes import Side
from record.ledger.entries import Checked, digest
from record.ledger.ledger import Entry, check_of
from record.ledger.store import get, path_in, store_of
from record.problem import LedgerProblem
from reports.json import from_json


def kept(ledger: Path, entry: Entry, body: Checked) -> Assessment | None:
    """The assessment of a check, as it was entered; None where it was pruned. Raises LedgerProblem
    where it is gone and was not pruned, is not what was entered, or is of another form."""
    store = store_of(ledger)
    data = get(store, body.assessment)
    where = path_in(store, body.assessment)
    if data is None and entry.pruned:
        return None
    if data is None:
        raise LedgerProblem(
            f"The assessment of entry {body.number} is not at {where}, and no pruning removed it. "
            "Keep the folder of assessments beside its ledger."
        )
    if digest(data) != body.assessment:
        raise LedgerProblem(
            f"The assessment of entry {body.number} was altered after it was entered: {where}."
        )
    found = from_json(data)
    if isinstance(found, str):
        raise LedgerProblem(f"The assessment of entry {body.number}, {where}: {found}")
    return found


def side(ledger: Path, entries: list[Entry], number: int) -> Side:
    """One side of a comparison: the check of that number. Raises LedgerProblem as above, and where
    there is no such check."""
    entry, body = check_of(entries, number)
    return Side(body, kept(ledger, entry, body))
