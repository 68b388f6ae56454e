"""What follows for the duties if an office does not keep a column."""

from __future__ import annotations

from evidence.mapping.assumptions import ColumnNotKept
from evidence.mapping.model import ColumnSource, Constant, RegisterMapping, SheetMapping
from rules.not_kept import consequences, duties_reading, not_kept_words, not_mapped_words
from tests.support.own_book import own_book


def _words(*columns: tuple[str, str]) -> list[str]:
    return [*not_kept_words([ColumnNotKept("Staff", *column) for column in columns], own_book())]


def test_the_duties_that_need_an_unreadable_column_cannot_be_judged() -> None:
    (words,) = _words(("people", "starts"))
    assert words.startswith(
        "Because 'starts' is not kept on the sheet 'Staff', these duties cannot be judged for its"
        " rows: "
    )
    assert "4.6 Induction training for new starters" in words


def test_columns_without_which_the_same_duties_cannot_be_judged_are_one_sentence() -> None:
    checks = [ColumnNotKept("Awards", "checks", name) for name in ("kind", "event on")]
    (words,) = not_kept_words(checks, own_book())
    assert words.startswith(
        "Because 'kind' and 'award or hire date' are not kept on the sheet 'Awards', these duties"
        " cannot be judged for its rows: "
    )


def test_a_column_that_a_person_said_is_always_blank_shows_nothing() -> None:
    """'no' to the question about 'passed' means that no course of the sheet counts."""
    columns: dict[str, ColumnSource] = {
        "person": "Name",
        "course": "Course",
        "level": "Level",
        "source": "Provider",
        "completed on": "Date",
        "passed": Constant(always="blank"),
    }
    gives = (RegisterMapping(register_id="training", columns=columns),)
    (words,) = consequences([SheetMapping(file="Log.csv", gives=gives)], own_book())
    assert words.startswith(
        "No column of the sheet 'Log.csv' is read as 'passed', so its rows cannot show that these"
        " duties were done: "
    )
    assert "4.6 Refresher training (every 24 months)" in words


def test_a_duty_whose_people_a_column_names_covers_nobody_without_it() -> None:
    assert _words(("people", "starts"), ("people", "manages bookings from"))[1:] == [
        "Because 'manages bookings from' is not kept on the sheet 'Staff', this duty covers nobody"
        " for its rows: 4.7 Venue booking staff trained."
    ]
    first, _ = _words(("people", "starts"), ("people", "manages bookings from"))
    assert "4.7 Venue booking staff trained" not in first


def test_a_reference_and_a_column_on_which_nothing_hangs_need_no_words() -> None:
    assert _words(("training", "ref"), ("training", "role")) == []


def _not_mapped(*columns: tuple[str, str]) -> list[str]:
    return [*not_mapped_words([ColumnNotKept("Log", *column) for column in columns], own_book())]


def test_the_duties_that_need_a_column_that_is_not_mapped_are_named() -> None:
    (words,) = _not_mapped(("communications", "about"), ("communications", "toolkit"))
    assert words.startswith(
        "No column of the sheet 'Log' is read as 'about', so its rows cannot show that these duties"
        " were done: 4.1 Briefing after each Steering Group, "
    )
    (words,) = _not_mapped(("documents", "issued on"))
    assert words.endswith(": Front page: SOP reviewed before its next review date.")
    (words,) = _not_mapped(("documents", "published on"))
    assert "'published on'" in words


def test_a_column_that_no_record_must_have_needs_no_words() -> None:
    """Minutes may stand for a publication, and a blank may mean 'no'."""
    assert _not_mapped(("submissions", "published"), ("documents", "superseded")) == []


def test_the_duties_that_read_a_column_or_a_register_are_counted() -> None:
    book = own_book()
    counts = duties_reading(book)
    assert counts["people", "manages bookings from"] == 1
    assert counts["training", ""] >= counts["training", "completed on"] > 1
    assert ("people", "recorded on") not in counts
    assert max(counts.values()) <= len(book.duties)


def test_what_follows_from_one_mapping_is_what_is_not_kept_and_not_mapped() -> None:
    columns: dict[str, ColumnSource] = {
        "person": "Name",
        "course": "Course",
        "source": "not kept",
        "completed on": "Date",
    }
    part = SheetMapping(
        file="Log.csv", gives=(RegisterMapping(register_id="training", columns=columns),)
    )
    assert [words.partition(":")[0] for words in consequences([part], own_book())][-1] == (
        "No column of the sheet 'Log.csv' is read as 'level', 'source' or 'passed', so its rows"
        " cannot show that these duties were done"
    )
