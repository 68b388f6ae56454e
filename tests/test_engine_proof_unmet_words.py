"""Why an obligation is not met, in words: sheets that were not given, holders of roles, what is too
late (engine/proof/unmet_words.py and role_words.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.outcome import Status
from evidence.register import BLANK_NOTHING
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.load import OWN_BOOK
from rules.model import Duty
from rules.patterns import Events, EvidenceQuery, Triggered
from tests.support import engine_builders as make
from tests.support.engine_builders import Row, days, filled, version
from tests.support.keyed_registers import (
    ON,
    REGISTERS,
    REVIEWS,
    ROLES,
    TRAINED,
    about_meetings,
    at,
    check,
    findings,
    holders,
    lead,
    met,
    minuted_yearly,
    only,
    outcome,
    review,
    reviewed,
)
from tests.support.small_check import checked
from tests.support.table_builders import csv_file
from tests.support.verifier import assessed as read_and_assessed

# Sheets that were not given ---------------------------------------------------------------------


def _given(duty: Duty, *tables: Table) -> list[str]:
    (found,) = checked(make.rulebook(REGISTERS, duty), ON, *tables).duties
    (one,) = found.obligations
    return [one.status.value, one.unmet_reason]


def test_a_duty_that_was_not_assessed_names_the_missing_sheets() -> None:
    nothing = make.missing(REVIEWS)
    assert _given(minuted_yearly(), nothing) == [
        "not_assessed",
        "No 'Reviews' sheet was provided, so this duty was not assessed.",
    ]
    both = _given(minuted_yearly(), nothing, make.missing(met().register))
    assert both[1] == (
        "No 'Reviews' sheet and no 'Meetings' sheet was provided, so this duty was not assessed."
    )


def test_a_sheet_that_cannot_be_read_is_named_once_for_the_duty() -> None:
    unread = replace(make.missing(REVIEWS), given=True)
    assert _given(minuted_yearly(), unread) == [
        "cannot_tell",
        "The 'Reviews' sheet was provided but cannot be read, and this duty needs it.",
    ]


# Planned events ---------------------------------------------------------------------------------


def test_a_planned_event_without_a_day_is_a_finding() -> None:
    kind = "Planned meeting has no date"
    for cell in (CellState.NOTHING, CellState.BLANK, CellState.UNREADABLE):
        planned = met(at("SG-1", "2026-05-01"), at("SG-2", cell))
        assert findings(about_meetings(), kind, planned) == [
            ("Has no date yet, so nothing is required. Enter its date in 'held on'.",
             "meetings.csv!meetings!C3"),
        ]  # fmt: skip


def test_a_note_below_the_events_is_not_one_without_a_day() -> None:
    note = {"ref": CellState.BLANK, "held on": CellState.BLANK}
    assert findings(about_meetings(), "Planned meeting has no date", met(note)) == []
    whole = {**at("SG-3", CellState.BLANK), "ref": CellState.BLANK, "minutes on": "2026-05-01"}
    whole |= {"present": "chair"}
    assert len(findings(about_meetings(), "Planned meeting has no date", met(whole))) == 1


def test_a_cancelled_event_without_a_day_is_not_a_finding() -> None:
    kind = "Planned meeting has no date"
    other = at("SG-2", CellState.NOTHING, "board")
    called_off = {**at("SG-3", CellState.NOTHING), "cancelled": True}
    assert findings(about_meetings(), kind, met(other, called_off)) == []


def test_a_planned_event_that_another_row_names_cannot_be_told() -> None:
    planned, named = met(at("SG-2", CellState.NOTHING)), reviewed(review("SG-2"))
    assert findings(about_meetings(), "Planned meeting has no date", planned, named) == []
    obligation = only(about_meetings(), planned, named)
    assert obligation.status is Status.CANNOT_TELL
    assert obligation.unmet_reason == (
        "It has no date yet, but row 2 of reviews ('minuted at') names it. Enter its date."
    )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("guidance", ", so no duty follows from it. Enter the date."),
        (CellState.UNREADABLE, ", and 'kind' cannot be read, so nothing shows whether a duty"
         " follows from it. First correct 'kind'."),
    ],
)  # fmt: skip
def test_a_document_without_a_date_asks_for_what_cannot_be_read_first(
    kind: str | CellState, says: str
) -> None:
    """A hire policy needs no date of issue, and so may a document of an unknown kind."""
    planned = {"planned": True, "blank": BLANK_NOTHING}
    columns = [
        column.model_copy(update=planned) if column.name == "issued on" else column
        for column in make.DOCUMENTS.columns
    ]
    papers = make.DOCUMENTS.model_copy(update={"columns": tuple(columns)})
    where = (Condition(column="kind", equals="guidance"),)
    issued = Events(register="documents", where=where, dated="issued on")
    read = EvidenceQuery(register="reviews", dated="reviewed on", event="minuted at")
    asked = make.duty(
        version(Triggered(kind="triggered", event=issued, within=days(90)), evidence=read)
    )
    row: Row = {
        "ref": "NG-1",
        "kind": kind,
        **dict.fromkeys(("issued on", "ended on", "review by"), CellState.NOTHING),
    }
    (found,) = findings(asked, "Document has no date", make.table(papers, row))
    assert found[0] == f"'issued on' is blank{says}"


# Roles ------------------------------------------------------------------------------------------

OLD: Row = {"from": "2024-01-01", "trained on": "2024-02-01"}
NEW: Row = {"from": "2026-03-10"}


def test_the_reason_names_the_holder_and_what_the_holder_lacks() -> None:
    obligation = only(lead(TRAINED), holders(OLD, NEW))
    assert obligation.status is Status.OVERDUE
    assert obligation.unmet_reason == (
        "It has been held since 10 March 2026 (row 3 of roles), but 'trained on' is not filled in. "
        "The previous holder (row 2 of roles) counts until 9 March 2026."
    )


def test_a_holder_who_ended_before_the_next_began_is_not_mentioned() -> None:
    obligation = only(lead(TRAINED), holders({**OLD, "to": "2026-03-01"}, NEW))
    assert obligation.unmet_reason.endswith("'trained on' is not filled in.")


def test_the_reason_says_since_when_nobody_holds_the_role() -> None:
    ended = holders({**OLD, "to": "2026-03-01"})
    words = only(lead(), ended).unmet_reason
    assert words == "Nobody holds it: the last holder (row 2 of roles) ended on 1 March 2026."
    never = only(lead(), holders({"from": "2026-06-01"})).unmet_reason
    assert never == "Nobody has held it by the day of the check."


@pytest.mark.parametrize("name", ["to", "review by"])
def test_an_end_that_cannot_be_read_is_why_nobody_holds_it(name: str) -> None:
    row: Row = {**OLD, name: CellState.UNREADABLE}
    assert only(lead(), holders(row)).unmet_reason == (
        f"'{name}' in row 2 of roles cannot be read, so the role counts as ended. First "
        f"correct '{name}'."
    )
    lacking: Row = {"from": "2024-01-01", name: CellState.UNREADABLE}
    assert only(lead(TRAINED), holders(lacking)).unmet_reason == (
        f"'{name}' in row 2 of roles cannot be read, so the role counts as ended, and "
        f"'trained on' is not filled in. First correct '{name}'."
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((NEW, NEW), "rows 2 and 3 of roles both begin on 10 March 2026."),
        (
            (OLD, {"from": CellState.UNREADABLE}),
            "'from' cannot be read in row 3 of roles, and it has not ended.",
        ),
        (
            (OLD, {**NEW, "role": CellState.UNREADABLE}),
            "'role' cannot be read in row 3 of roles.",
        ),
    ],
)
def test_the_reason_says_why_the_holder_is_unclear(rows: tuple[Row, ...], why: str) -> None:
    obligation = only(lead(), holders(*rows))
    assert obligation.status is Status.CANNOT_TELL
    assert obligation.unmet_reason == f"It is not clear who holds it: {why}"


def test_a_holder_whose_end_is_missing_or_too_late_is_pointed_out() -> None:
    kind = "Role still held"
    (one,) = findings(lead(), kind, holders(OLD, NEW))
    assert one == (
        "The next holder began on 10 March 2026, but this row has no end date. It counts until "
        "9 March 2026. Enter that date in 'to'.",
        "roles.csv!roles!D2",
    )
    (late,) = findings(lead(), kind, holders({**OLD, "to": "2026-03-10"}, NEW))
    assert "this row ends on 10 March 2026. " in late[0]
    assert findings(lead(), kind, holders({**OLD, "to": "2026-03-09"}, NEW)) == []
    assert findings(lead(), kind, holders(OLD, {"from": "2026-06-01"})) == []


def test_a_newer_holder_who_ends_earlier_is_not_a_finding() -> None:
    given = holders({**OLD, "to": "2030-01-01"}, {**NEW, "to": "2027-01-01"})
    assert findings(lead(), "Dates conflict", given) == []


def test_the_derivation_says_until_when_an_earlier_holder_counts() -> None:
    obligation = only(lead(TRAINED), holders(OLD, NEW))
    assert (
        obligation.derivation == "counts until 9 March 2026, the day before the next holder began"
    )


# Too late ---------------------------------------------------------------------------------------


def test_the_reason_begins_with_what_can_no_longer_be_done() -> None:
    event = Events(register="meetings", dated="held on")
    pattern = Triggered(kind="triggered", event=event, within=days(1))
    query = EvidenceQuery(
        register="meetings", itself=True, where=(filled("present"),), dated="held on"
    )
    obligation = only(make.duty(version(pattern, evidence=query)), met(at("SG-1", "2026-05-03")))
    assert obligation.too_late
    assert obligation.unmet_reason.startswith(
        "It can no longer be done: the row in meetings is dated 3 May 2026. "
    )
    (one,) = obligation.would_be_met_by
    assert not one.possible
    assert one.words == (
        "It can no longer be done: the row in meetings is dated 3 May 2026. If it was done on "
        "that day, correct the row."
    )


def _attended(*where: Condition) -> Duty:
    event = Events(register="meetings", dated="held on")
    pattern = Triggered(kind="triggered", event=event, within=days(1))
    query = EvidenceQuery(register="meetings", itself=True, where=where, dated="held on")
    return make.duty(version(pattern, evidence=query))


def test_a_cell_that_may_show_that_it_was_done_is_to_be_corrected_first() -> None:
    unread = {**at("SG-1", "2026-05-03"), "present": CellState.UNREADABLE}
    obligation = only(_attended(filled("present")), met(unread))
    assert obligation.too_late
    assert obligation.unmet_reason.startswith(
        "First correct 'present' in row 2 of meetings, which cannot be read. Otherwise it can no "
        "longer be done: the row in meetings is dated 3 May 2026."
    )
    (one,) = obligation.would_be_met_by
    assert one.words.startswith("First correct 'present' in row 2 of meetings")


def test_a_cell_that_could_not_have_met_it_is_not_mentioned() -> None:
    duty = _attended(filled("present"), make.equals("body", "board"))
    unread = {**at("SG-1", "2026-05-03"), "present": CellState.UNREADABLE}
    obligation = only(duty, met(unread))
    assert obligation.unmet_reason.startswith("It can no longer be done: ")


def test_a_planned_event_without_a_day_is_counted_as_planned() -> None:
    result = outcome(about_meetings(), met(at("SG-2", CellState.NOTHING)))
    assert result.nothing_to_check == "Nothing to check: 1 without a date (counted as planned)."


def test_the_roles_register_of_these_tests_is_one_of_roles() -> None:
    assert ROLES.one_holder_of == "role"
    assert check(lead(), holders(OLD)).duties[0].status is Status.MET


# The subject's own row --------------------------------------------------------------------------


def test_the_reason_says_that_the_subjects_own_row_names_no_evidence(tmp_path: Path) -> None:
    head = ["ref", "venue", "hireable", "from", "policy"]
    rows = [["V1", "Hall", "yes", "2024-11-01", "#REF!"], ["V2", "Annex", "yes", "2024-11-01", ""]]
    path = csv_file(tmp_path / "Venues.csv", [head, *rows])
    other = csv_file(tmp_path / "Documents.csv", [["ref", "kind", "issued on", "review by"]])
    (duty,) = [
        duty
        for duty in read_and_assessed([path, other], folder=OWN_BOOK).duties
        if duty.id == "venue-policy"
    ]
    never = (
        "No record shows that it was done. Its own row should name one in 'policy', but that cell "
    )
    says = [f"{never}cannot be read.", f"{never}says nothing."]
    assert [obligation.unmet_reason for obligation in duty.obligations] == says
