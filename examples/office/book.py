"""How each register looks as a sheet that an office keeps by hand: title, headings, looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from examples.office.made import Office, Row


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``headings`` maps the columns of its rows to the headings that stand over them,
    in order; a row's other cells are not written. ``title`` and ``lines`` stand above the headings,
    with an empty row between. ``hidden_rows`` are numbers of its rows, from 0; ``merged`` pairs of
    column and number of rows, from the first of these numbers on."""

    name: str
    title: str
    lines: tuple[str, ...]
    headings: Mapping[str, str]
    rows: list[Row]
    total: str = ""
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[str, int, int], ...] = ()
    widths: Mapping[str, float] = field(default_factory=dict)


#: Where a sheet's headings are not the columns' own names.
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "people": {"ref": "Staff no", "person": "Name", "starts": "Date joined", "ends": "Date left"},
    "training": {"person": "Staff no", "completed on": "Date completed", "passed": "Passed?"},
    "meetings": {"held on": "Date held"},
    "actions": {"due": "Due date", "owner organisation": "Owner", "completed on": "Done on"},
    "checks": {"event on": "Date of award or hire", "ref": "Reference"},
    "cases": {"ref": "Case ref"},
    "documents": {"covers": "Contents"},
    "communications": {"sent on": "Date sent"},
    "submissions": {"given on": "Date given"},
    "waivers": {"duty": "Duty id"},
    "owners": {"duty": "Duty id"},
}
