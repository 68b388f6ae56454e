"""Why an obligation is not met, in words: which row a key names, who holds a role, which sheets
were not given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.outcome import Status
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Completeness, Events, EvidenceQuery, Triggered
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

# A key that does not count ----------------------------------------------------------------------

_NONE = "No record shows that it was done."


@pytest.mark.parametrize(
    ("meeting", "why"),
    [
        (at("SG-2", "2026-04-01"), "'SG-1' is not on the meetings sheet"),
        ({**at("SG-1", "2026-04-01"), "cancelled": True}, "'SG-1' was cancelled"),
        (
            {**at("SG-1", "2026-04-01"), "cancelled": CellState.UNREADABLE},
            "'SG-1' cannot be read in 'cancelled'",
        ),
        (at("SG-1", "2027-04-01"), "'SG-1' is dated 1 April 2027, after the day of the check"),
        (at("SG-1", CellState.NOTHING), "'SG-1' has no date in 'held on'"),
        (at("SG-1", CellState.UNREADABLE), "'SG-1' cannot be read in 'held on'"),
        (
            at("SG-1", "2026-04-01", "board"),
            "'SG-1' has 'board' in 'body', but the rule requires that 'body' is group",
        ),
        (at("SG-1", "2026-04-01", CellState.UNREADABLE), "'SG-1' cannot be read in 'body'"),
        (
            at("SG-1", "2026-04-01", CellState.BLANK),
            "'SG-1' has nothing in 'body', but the rule requires that 'body' is group",
        ),
    ],
)
def test_an_obligation_says_which_row_a_key_names_and_why_it_does_not_count(
    meeting: Row, why: str
) -> None:
    found = only(minuted_yearly(), reviewed(review("SG-1")), met(meeting))
    assert found.status is Status.OVERDUE
    assert found.unmet_reason == f"{_NONE} Row 2 of reviews does not count: in 'minuted at', {why}."


def test_a_key_that_counts_is_not_told_of() -> None:
    given = reviewed(review("SG-1")), met(at("SG-1", "2026-04-01"))
    assert only(minuted_yearly(), *given).status is Status.MET
    assert only(minuted_yearly(), reviewed(review()), given[1]).unmet_reason == _NONE


def test_the_latest_rows_are_named_and_the_others_counted() -> None:
    rows = [{**review("X", f"2026-0{n}-01"), "ref": f"R{n}"} for n in (1, 2, 3, 4)]
    words = only(minuted_yearly(), reviewed(*rows), met(at("SG-1", "2026-04-01"))).unmet_reason
    assert words.startswith(f"{_NONE} Row 5 of reviews does not count: ")
    assert " Row 4 of reviews does not count: " in words
    assert words.endswith("The same applies to 2 other rows.")
    assert "Row 3 " not in words


def test_a_row_before_the_last_time_is_not_near() -> None:
    early = {**review("X", "2023-01-01"), "ref": "R0"}
    done = review("SG-1", "2025-01-10")
    given = reviewed(early, done), met(at("SG-1", "2025-01-01"))
    words = only(minuted_yearly(), *given).unmet_reason
    assert words == "Last completed on 10 January 2025. It was needed again by 10 January 2026."


def test_where_one_of_several_keys_counts_it_does() -> None:
    several = Condition(column="also at", filled=True)
    held = met(at("SG-1", "2026-04-01"))
    one = reviewed(review(also_at="SG-1; SG-9"))
    assert only(minuted_yearly(several), one, held).status is Status.MET
    none = only(minuted_yearly(several), reviewed(review(also_at="SG-8; SG-9")), held)
    assert none.unmet_reason.endswith(
        "in 'also at', 'SG-8' is not on the meetings sheet and 'SG-9' is not on the meetings sheet."
    )


def _recorded() -> Duty:
    records = Events(register="reviews", dated="reviewed on")
    must = (filled("minuted at"),)
    pattern = Completeness(kind="completeness", records=records, must=must, within=days(7))
    return make.duty(version(pattern))


def test_a_record_says_the_same_of_itself() -> None:
    found = only(_recorded(), reviewed(review("SG-9")))
    assert found.unmet_reason == (
        "Row 2 of reviews is not complete: in 'minuted at', 'SG-9' is not on the meetings sheet."
    )


def test_an_alternative_that_names_no_row_is_told_of() -> None:
    either = (filled("minuted at"), filled("published on"))
    duty = minuted_yearly(filled("subject"), any_of=either)
    words = only(duty, reviewed(review("SG-9"))).unmet_reason
    assert "'SG-9' is not on the meetings sheet" in words
    published = reviewed(review("SG-9", published_on="2026-05-02"))
    assert only(duty, published).status is Status.MET


def test_what_an_obligation_says_is_no_finding_as_well() -> None:
    kind = "Reference not found"
    assert findings(minuted_yearly(), kind, reviewed(review("SG-9"))) == []
    held, done = met(at("SG-1", "2026-04-01")), {**review("SG-1"), "ref": "R2"}
    (one,) = findings(minuted_yearly(), kind, reviewed(review("SG-9"), done), held)
    assert one[1] == "reviews.csv!reviews!D2"


def test_a_row_that_came_near_says_why_its_key_does_not_count() -> None:
    (one,) = outcome(minuted_yearly(), reviewed(review("SG-9"))).obligations
    ((row,),) = (group.rows for group in one.rejected)
    assert row.why == (
        "'minuted at' does not name a row whose 'body' is group: "
        "'SG-9' is not on the meetings sheet"
    )


# Sheets that were not given ---------------------------------------------------------------------


def _given(duty: Duty, *tables: Table) -> list[str]:
    (found,) = checked(make.rulebook(REGISTERS, duty), ON, *tables).duties
    (one,) = found.obligations
    return [one.status.value, one.unmet_reason]


def test_what_was_not_assessed_names_the_sheets_that_were_not_given() -> None:
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


def test_a_planned_event_without_a_day_is_to_be_given_one() -> None:
    kind = "Planned meeting has no date"
    for cell in (CellState.NOTHING, CellState.BLANK, CellState.UNREADABLE):
        planned = met(at("SG-1", "2026-05-01"), at("SG-2", cell))
        assert findings(about_meetings(), kind, planned) == [
            ("Has no date yet, so nothing is required. Enter its date in 'held on'.",
             "meetings.csv!meetings!C3"),
        ]  # fmt: skip


def test_one_that_is_cancelled_or_of_another_kind_is_not() -> None:
    kind = "Planned meeting has no date"
    other = at("SG-2", CellState.NOTHING, "board")
    called_off = {**at("SG-3", CellState.NOTHING), "cancelled": True}
    assert findings(about_meetings(), kind, met(other, called_off)) == []


def test_one_that_another_row_names_cannot_be_told_and_says_which_does() -> None:
    planned, named = met(at("SG-2", CellState.NOTHING)), reviewed(review("SG-2"))
    assert findings(about_meetings(), "Planned meeting has no date", planned, named) == []
    found = only(about_meetings(), planned, named)
    assert found.status is Status.CANNOT_TELL
    assert found.unmet_reason == (
        "It has no date yet, but row 2 of reviews ('minuted at') names it. Enter its date."
    )


# Roles ------------------------------------------------------------------------------------------

OLD: Row = {"from": "2024-01-01", "trained on": "2024-02-01"}
NEW: Row = {"from": "2026-03-10"}


def test_who_holds_a_role_is_said_and_what_the_holder_lacks() -> None:
    found = only(lead(TRAINED), holders(OLD, NEW))
    assert found.status is Status.OVERDUE
    assert found.unmet_reason == (
        "It has been held since 10 March 2026 (row 3 of roles), but 'trained on' is not filled in. "
        "The previous holder (row 2 of roles) counts until 9 March 2026."
    )


def test_a_holder_who_ended_before_the_next_began_is_not_told_of() -> None:
    found = only(lead(TRAINED), holders({**OLD, "to": "2026-03-01"}, NEW))
    assert found.unmet_reason.endswith("'trained on' is not filled in.")


def test_that_nobody_holds_it_is_said_and_since_when() -> None:
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
def test_why_it_is_unclear_who_holds_it_is_said(rows: tuple[Row, ...], why: str) -> None:
    found = only(lead(), holders(*rows))
    assert found.status is Status.CANNOT_TELL
    assert found.unmet_reason == f"It is not clear who holds it: {why}"


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


def test_of_a_role_no_newer_one_that_ends_earlier_is_told() -> None:
    given = holders({**OLD, "to": "2030-01-01"}, {**NEW, "to": "2027-01-01"})
    assert findings(lead(), "Dates conflict", given) == []


def test_until_when_an_earlier_holder_counts_is_derived() -> None:
    found = only(lead(TRAINED), holders(OLD, NEW))
    assert found.derivation == "counts until 9 March 2026, the day before the next holder began"


# Too late ---------------------------------------------------------------------------------------


def test_what_can_no_longer_be_done_says_so_first() -> None:
    event = Events(register="meetings", dated="held on")
    pattern = Triggered(kind="triggered", event=event, within=days(1))
    query = EvidenceQuery(
        register="meetings", itself=True, where=(filled("present"),), dated="held on"
    )
    found = only(make.duty(version(pattern, evidence=query)), met(at("SG-1", "2026-05-03")))
    assert found.too_late
    assert found.unmet_reason.startswith(
        "It can no longer be done: the row in meetings is dated 3 May 2026. "
    )
    (one,) = found.would_be_met_by
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
    found = only(_attended(filled("present")), met(unread))
    assert found.too_late
    assert found.unmet_reason.startswith(
        "First correct 'present' in row 2 of meetings, which cannot be read. Otherwise it can no "
        "longer be done: the row in meetings is dated 3 May 2026."
    )
    (one,) = found.would_be_met_by
    assert one.words.startswith("First correct 'present' in row 2 of meetings")


def test_one_that_could_not_have_met_it_is_not() -> None:
    duty = _attended(filled("present"), make.equals("body", "board"))
    unread = {**at("SG-1", "2026-05-03"), "present": CellState.UNREADABLE}
    found = only(duty, met(unread))
    assert found.unmet_reason.startswith("It can no longer be done: ")


def test_a_planned_event_without_a_day_is_counted_as_planned() -> None:
    found = outcome(about_meetings(), met(at("SG-2", CellState.NOTHING)))
    assert found.nothing_to_check == "Nothing to check: 1 without a date (counted as planned)."


def test_the_roles_register_of_these_tests_is_one_of_roles() -> None:
    assert ROLES.one_holder_of == "role"
    assert check(lead(), holders(OLD)).duties[0].status is Status.MET
