"""Rows that name others which say something else: each finding is seeded in an office in which
nothing is wrong, where there was none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.findings.crosschecks import cross_findings
from engine.findings.noted import Noted
from evidence.table import Evidence
from examples.office.changes import add, found, named
from examples.office.made import AS_OF, Office, Row, day, later
from examples.office.training import day_in
from tests.support.example_offices import office_of, read


def unlisted_meeting(office: Office) -> None:
    row: Row = {"meeting": "SG-2026-9", "item": "other item", "outcome": "noted"}
    add(office, "minutes", "SG-2026-9/", [row | {"minuted on": day("2026-08-27")}])


def unlisted_person(office: Office) -> None:
    office["training"][-1]["person"] = "S9O4"


def unlisted_thing(office: Office) -> None:
    """A column that may name a document, a meeting or a minute names none of them."""
    office["communications"][-1]["about"] = "SA-2O27"


def leaver_trained(office: Office) -> None:
    leaver = next(row for row in office["people"] if row.get("ends"))
    row = found(office, "training", person=leaver["ref"])
    row["completed on"] = row["recorded on"] = later(day_in(leaver, "ends"), 30)


def old_assessment_cited(office: Office) -> None:
    row = found(office, "reviews", subject="SOP", reviewed_on=day("2026-07-28"))
    row["assessment"] = "HOA-1"


def old_agreement_cited(office: Office) -> None:
    found(office, "cases", agreement="ISA-2")["agreement"] = "ISA-1"


def closed_and_open(office: Office) -> None:
    """The minutes of November close an action that the plan still holds to be open."""
    row = found(office, "minutes", outcome="completed", meeting="SG-2026-4")
    named(office, "actions", str(row["action"]))["completed on"] = None


NOT_LISTED = "Reference not found"
GONE = "Dated after the other row ended"
REPLACED = "Older version named"
OPEN = "Rows conflict"

#: What is changed in the office, the finding that follows, and the sheet and column of each place.
SEEDED: dict[Callable[[Office], None], tuple[str, list[tuple[str, str]]]] = {
    unlisted_meeting: (NOT_LISTED, [("Minutes", "meeting")]),
    unlisted_person: (NOT_LISTED, [("Training", "person")]),
    unlisted_thing: (NOT_LISTED, [("Comms", "about")]),
    leaver_trained: (GONE, [("Training", "person"), ("Staff", "ends")]),
    old_assessment_cited: (REPLACED, [("Reviews", "assessment"), ("Documents", "ref")]),
    old_agreement_cited: (REPLACED, [("Case log", "agreement"), ("Documents", "ref")]),
    closed_and_open: (OPEN, [("Minutes", "action"), ("Action log", "completed on")]),
}


def _found_in(evidence: Evidence) -> list[Noted]:
    assert evidence.problems == ()
    return list(cross_findings(evidence.tables, AS_OF))


def _places(noted: Noted, tables: Evidence) -> list[tuple[str, str]]:
    shown = []
    for ref, column in noted.refs:
        own = tables.tables[ref.register]
        place = own.place(ref.row, column)
        assert place.cell != ""
        shown.append((place.sheet, column))
    return shown


@pytest.mark.parametrize("change", SEEDED, ids=lambda change: change.__name__)
def test_what_is_seeded_is_found_and_nothing_else(
    change: Callable[[Office], None], tmp_path: Path
) -> None:
    office = office_of("spotless", staff=20)
    assert _found_in(read(office, tmp_path)) == []
    change(office)
    evidence = read(office, tmp_path)
    (noted,) = _found_in(evidence)
    kind, places = SEEDED[change]
    assert noted.kind == kind
    assert noted.duty == ""
    assert _places(noted, evidence) == places


def test_both_rows_of_an_action_are_shown(tmp_path: Path) -> None:
    office = office_of("spotless", staff=20)
    closed_and_open(office)
    evidence = read(office, tmp_path)
    (noted,) = _found_in(evidence)
    keys = [evidence.tables[ref.register].columns["ref"].raw[ref.row] for ref, _ in noted.refs]
    assert keys[0].startswith("SG-2026-4/")
    assert keys[1].startswith("A-")
    assert noted.message == (
        f"It says 'completed', but 'Date completed' is blank in the row of {keys[1]} on the Action "
        "log sheet. Fill it in, or correct this row."
    )


@pytest.mark.parametrize("kind", ["spotless", "neglected", "large"])
def test_an_office_whose_rows_agree_has_no_such_finding(kind: str, tmp_path: Path) -> None:
    assert _found_in(read(office_of(kind, staff=300), tmp_path)) == []
