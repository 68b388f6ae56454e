"""What would meet an obligation where the day of a row that a key names has to fit: the row to
name, and the one to list first. Each is tried by both evaluators."""

from __future__ import annotations

import pytest

from engine.assessment import Remedy
from engine.outcome import Status
from evidence.keys.latest import fill_columns
from evidence.register import BLANK_NOTHING, ColumnSpec, DayOf
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty, Rulebook
from rules.patterns import BeforeEvent, Completeness, Events, EvidenceQuery, Triggered
from rules.span import Span
from tests.support import engine_builders as make
from tests.support.engine_builders import Row, days, equals, version
from tests.support.keyed_registers import (
    MEETINGS,
    MINUTED,
    ON,
    REGISTERS,
    REVIEWS,
    at,
    minuted_yearly,
)
from tests.support.remedied_evidence import remedied
from tests.support.small_check import checked

MET_ON = ColumnSpec(
    name="met on",
    type="day",
    required=False,
    blank=BLANK_NOTHING,
    day_of=DayOf(key="minuted at", within="meetings", day="held on"),
)
DATED = REVIEWS.model_copy(update={"columns": (*REVIEWS.columns, MET_ON)})
IN_TIME = Condition(column="met on", on_or_before="reviewed on", within=days(28))


def book_of(duty: Duty) -> Rulebook:
    others = (register for register in REGISTERS if register.id != "reviews")
    return make.rulebook((*others, DATED), duty)


def reviewed(*rows: Row) -> Table:
    return make.table(DATED.written, *rows)


def met(*rows: Row) -> Table:
    return make.table(MEETINGS, *rows)


def fix(duty: Duty, *given: Table) -> list[Remedy]:
    """What a check shows as the fix of the one obligation; with it the obligation is met."""
    book = book_of(duty)
    tables = {name: make.table(spec.written) for name, spec in book.registers.items()}
    tables |= {table.register.id: table for table in given}
    whole = fill_columns(tables, book.registers)
    (found,) = checked(book, ON, *whole.values()).duties
    (only,) = found.obligations
    assert only.status in (Status.DUE, Status.OVERDUE)
    if all(remedy.possible for remedy in only.would_be_met_by):
        after = remedied(make.shown(*whole.values()), only.would_be_met_by, book)
        (again,) = checked(book, ON, *after.tables.values()).duties
        assert again.status is Status.MET
    return list(only.would_be_met_by)


def cells(remedy: Remedy) -> dict[str, str]:
    assert remedy.possible
    return {cell.column: cell.value for cell in remedy.cells}


def test_the_latest_meeting_that_fits_is_named_and_its_day_is_not_written() -> None:
    held = met(
        at("SG-1", "2026-04-01"),
        at("SG-2", "2026-04-22"),
        at("SG-3", "2026-05-06"),
        {**at("SG-4", "2026-05-10"), "cancelled": True},
        at("B-1", "2026-05-15", "board"),
        at("SG-5", "2026-06-01"),
    )
    (one,) = fix(minuted_yearly(MINUTED, IN_TIME), held)
    assert cells(one) == {
        "ref": "new-1",
        "reviewed on": ON,
        "subject": "model",
        "minuted at": "SG-3",
    }


@pytest.mark.parametrize(("held", "named"), [("2026-04-22", "SG-1"), ("2026-04-21", "new-1")])
def test_a_meeting_too_long_ago_is_not_named(held: str, named: str) -> None:
    *first, then = fix(minuted_yearly(MINUTED, IN_TIME), met(at("SG-1", held)))
    assert cells(then)["minuted at"] == named
    assert len(first) == (named != "SG-1")


def test_where_none_fits_a_meeting_of_the_day_is_listed_first() -> None:
    first, then = fix(minuted_yearly(MINUTED, IN_TIME), met(at("SG-1", "2026-03-01")))
    assert cells(first) == {"ref": "new-1", "held on": ON, "body": "group"}
    assert first.words == "First add the row that it names."
    assert cells(then)["minuted at"] == "new-1"
    assert "met on" not in cells(then)


def test_a_meeting_that_only_has_to_be_of_a_day_need_not_be_one_of_a_body() -> None:
    (one,) = fix(minuted_yearly(IN_TIME), met(at("B-1", "2026-05-15", "board")))
    assert cells(one)["minuted at"] == "B-1"


def test_two_rows_name_one_new_meeting() -> None:
    first, *both = fix(minuted_yearly(MINUTED, IN_TIME, needed=2))
    assert cells(first)["ref"] == "new-1"
    assert [cells(remedy)["minuted at"] for remedy in both] == ["new-1", "new-1"]


def _recorded(*must: Condition) -> Duty:
    records = Events(register="reviews", dated="reviewed on")
    pattern = Completeness(kind="completeness", records=records, must=must, within=days(7))
    return make.duty(version(pattern))


def test_a_record_that_names_a_meeting_of_long_ago_names_another() -> None:
    row: Row = {
        "ref": "R1", "subject": "model", "reviewed on": "2026-05-01", "minuted at": "SG-1",
    }  # fmt: skip
    held = met(at("SG-1", "2026-03-01"), at("SG-2", "2026-04-20"), at("SG-3", "2026-05-02"))
    (one,) = fix(_recorded(MINUTED, IN_TIME), reviewed(row), held)
    assert (one.register, one.row, cells(one)) == ("reviews", 2, {"minuted at": "SG-2"})


def test_what_names_the_event_itself_must_fit_its_day() -> None:
    query = EvidenceQuery(
        register="reviews", where=(IN_TIME,), dated="reviewed on", event="minuted at"
    )
    meetings = Events(register="meetings", where=(equals("body", "group"),), dated="held on")
    after = Triggered(kind="triggered", event=meetings, within=days(28))
    (one,) = fix(make.duty(version(after, evidence=query)), met(at("SG-1", "2026-05-01")))
    assert cells(one)["minuted at"] == "SG-1"
    (late,) = fix(make.duty(version(after, evidence=query)), met(at("SG-1", "2026-04-01")))
    assert not late.possible
    assert late.words == (
        "A row here must name 'SG-1', but the rule requires that 'minuted at: held on' is on or "
        "before 'reviewed on' and at most 28 days before it."
    )
    ahead = BeforeEvent(kind="before event", event=meetings, no_earlier=Span(2, "months"))
    (early,) = fix(make.duty(version(ahead, evidence=query)), met(at("SG-1", "2026-06-01")))
    assert not early.possible


def test_a_row_that_the_meeting_dates_names_one_of_the_day() -> None:
    dated = minuted_yearly(MINUTED, dated="met on")
    (one,) = fix(dated, met(at("SG-1", "2025-01-01"), at("SG-2", ON)))
    assert cells(one)["minuted at"] == "SG-2"
    assert "met on" not in cells(one)
    first, then = fix(dated, met(at("SG-1", "2025-01-01")))
    assert (cells(first)["held on"], cells(then)["minuted at"]) == (ON, "new-1")


@pytest.mark.parametrize("held", [CellState.UNREADABLE, "2026-06-01"])
def test_a_meeting_without_a_day_by_then_is_not_named(held: str | CellState) -> None:
    *_, then = fix(minuted_yearly(IN_TIME), met(at("SG-1", held)))
    assert cells(then)["minuted at"] == "new-1"


# Why not ----------------------------------------------------------------------------------------


def why(duty: Duty, *given: Table) -> str:
    """Why the one obligation is not met."""
    book = book_of(duty)
    tables = {name: make.table(spec.written) for name, spec in book.registers.items()}
    tables |= {table.register.id: table for table in given}
    (found,) = checked(book, ON, *fill_columns(tables, book.registers).values()).duties
    (only,) = found.obligations
    assert only.status is not Status.MET
    return only.unmet_reason


REVIEW: Row = {
    "ref": "R1", "subject": "model", "reviewed on": "2026-05-01", "minuted at": "SG-1",
}  # fmt: skip
_NONE = "No record shows that it was done. Row 2 of reviews does not count: in 'minuted at', "


@pytest.mark.parametrize(
    ("meeting", "words"),
    [
        (at("SG-2", "2026-04-20"), "'SG-1' is not on the meetings sheet."),
        ({**at("SG-1", "2026-04-20"), "cancelled": True}, "'SG-1' was cancelled."),
        (
            at("SG-1", "2026-04-02"),
            "'SG-1' is dated 2 April 2026, but the rule requires that 'minuted at: held on' is on "
            "or before 'reviewed on' and at most 28 days before it.",
        ),
        (
            at("SG-1", "2026-05-02"),
            "'SG-1' is dated 2 May 2026, but the rule requires that 'minuted at: held on' is on "
            "or before 'reviewed on' and at most 28 days before it.",
        ),
    ],
)
@pytest.mark.parametrize("where", [(IN_TIME,), (MINUTED, IN_TIME)])
def test_the_reason_names_the_row_and_why_its_day_does_not_fit(
    where: tuple[Condition, ...], meeting: Row, words: str
) -> None:
    assert why(minuted_yearly(*where), reviewed(REVIEW), met(meeting)) == _NONE + words


def test_the_day_of_a_row_of_another_body_is_not_mentioned_if_it_fits() -> None:
    held = met(at("SG-1", "2026-04-20", "board"))
    assert why(minuted_yearly(MINUTED, IN_TIME), reviewed(REVIEW), held) == (
        f"{_NONE}'SG-1' has 'board' in 'body', but the rule requires that 'body' is group."
    )


@pytest.mark.parametrize(
    ("meeting", "words"),
    [
        (
            at("SG-2", "2026-04-20"),
            "It has no date: in 'minuted at', 'SG-1' is not on the meetings sheet.",
        ),
        (
            {**at("SG-1", "2026-04-20"), "cancelled": True},
            "It has no date: in 'minuted at', 'SG-1' was cancelled.",
        ),
        (
            at("SG-1", CellState.UNREADABLE),
            "It has no date: in 'minuted at', 'SG-1' cannot be used until C2 of meetings is"
            " corrected.",
        ),
    ],
)
def test_an_event_dated_by_a_row_that_does_not_count_is_cannot_tell(
    meeting: Row, words: str
) -> None:
    events = Events(register="reviews", dated="met on")
    query = EvidenceQuery(register="documents", dated="issued on")
    pattern = Triggered(kind="triggered", event=events, within=days(28))
    duty = make.duty(version(pattern, evidence=query))
    assert why(duty, reviewed(REVIEW), met(meeting)) == words
