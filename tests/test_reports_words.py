"""The words of the reports: each status, date, count and span says one thing, one way."""

import datetime

import pytest

from engine.assessment import HistoryEntry
from engine.outcome import WORST_FIRST, HistoryOutcome, Status
from reports import words
from tests.support.assessment_builders import counts


@pytest.mark.parametrize(
    ("status", "days", "late", "said"),
    [
        (Status.MET, 127, 0, "met"),
        (Status.MET, None, 3, "met late by 3 days"),
        (Status.MET, None, 1, "met late by 1 day"),
        (Status.DUE, 12, 0, "due in 12 days"),
        (Status.DUE, 1, 0, "due in 1 day"),
        (Status.DUE, 0, 0, "due today"),
        (Status.DUE, None, 0, "due"),
        (Status.OVERDUE, -3, 0, "3 days overdue"),
        (Status.OVERDUE, -1, 0, "1 day overdue"),
        (Status.OVERDUE, -1234, 0, "1,234 days overdue"),
        (Status.OVERDUE, None, 0, "overdue"),
        (Status.NOT_YET_DUE, 40, 0, "not yet due"),
        (Status.NOT_APPLICABLE, None, 0, "not applicable"),
        (Status.WAIVED, -5, 0, "waived"),
        (Status.CANNOT_TELL, None, 0, "cannot tell"),
    ],
)
def test_a_status_in_words(status: Status, days: int | None, late: int, said: str) -> None:
    assert words.status_words(status, days, late) == said


def test_every_status_has_a_word_of_its_own_from_the_worst() -> None:
    assert tuple(words.STATUS) == WORST_FIRST
    assert len(set(words.STATUS.values())) == len(WORST_FIRST)


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, ""), (0, "today"), (1, "in 1 day"), (12, "in 12 days"), (-1, "1 day overdue")],
)
def test_days_in_words(days: int | None, said: str) -> None:
    assert words.days_words(days) == said


def test_a_date_has_its_month_in_english() -> None:
    said = [words.day(datetime.date(2026, month, 1)) for month in range(1, 13)]
    assert said[0] == "1 January 2026"
    assert said[10] == "1 November 2026"
    assert len(set(said)) == 12
    assert words.day(None) == ""


def test_counts_tell_the_met_first_and_the_rest_from_the_worst() -> None:
    had = [Status.MET] * 57 + [Status.DUE] * 2 + [Status.OVERDUE, Status.CANNOT_TELL]
    said = "57 of 61 met, 1 overdue, 1 cannot tell, 2 due"
    assert words.counts_words(counts(had)) == said
    assert words.counts_words(counts([Status.MET] * 3, late=2)) == "3 of 3 met (2 late)"
    assert words.counts_words(counts([])) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [("2026-04-02", "02/04/2026"), ("2 May 2026", "2 May 2026"), ("2026-04", "2026-04"), ("", "")],
)
def test_a_date_in_a_cell_is_written_as_people_write_it(value: str, said: str) -> None:
    assert words.cell_value(value) == said


def test_a_sentence_becomes_a_part_of_another() -> None:
    said = [words.lower_first(text) for text in ("The row", "OPCC staff", "A row", "", "within")]
    assert said == ["the row", "OPCC staff", "a row", "", "within"]


@pytest.mark.parametrize(
    "who", ["Steering Group", "Warwickshire County Council", "Chief Executive"]
)
def test_who_has_to_do_something_keeps_its_capital(who: str) -> None:
    assert words.lower_first(f"{who}: report to the board.") == f"{who}: report to the board."
    assert words.lower_first("Action plan: report on it.") == "action plan: report on it."


def test_plurals() -> None:
    assert (words.duties(1), words.duties(2), words.duties(0)) == ("1 duty", "2 duties", "0 duties")
    assert words.count(1200, "problem") == "1,200 problems"


@pytest.mark.parametrize(
    ("outcome", "late", "said"),
    [("met late", 3, "met late by 3 days"), ("met", 0, "met"), ("missed", 0, "missed")],
)
def test_history_in_words(outcome: str, late: int, said: str) -> None:
    assert (
        words.history_words(
            HistoryEntry("office", "", HistoryOutcome(outcome), None, None, late, ())
        )
        == said
    )


def test_a_window_in_words() -> None:
    first, last = datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)
    assert words.window_days(first, last) == "1 April 2026 to 31 March 2027"
    assert words.window_days(first, first) == "1 April 2026"
    assert words.window_days(first, None) == "from 1 April 2026"
    assert words.window_days(None, last) == "by 31 March 2027"
    assert words.window_days(None, None) == ""


@pytest.mark.parametrize(
    ("window", "said"), [("2027-05", "May 2027"), ("2026/27 Q2", "2026/27 Q2"), ("", "")]
)
def test_a_month_is_named_in_words(window: str, said: str) -> None:
    assert words.period(window) == said


def test_a_check_is_named_by_its_subject_and_its_period() -> None:
    assert words.check("office", "2027-05", "association") == "association, May 2027"
    assert words.check("S001", "", "association") == "S001"


def test_a_path_with_a_space_is_quoted_in_a_command() -> None:
    assert words.in_command("SOP 1.1.txt") == '"SOP 1.1.txt"'
    assert words.in_command("sop.txt") == "sop.txt"


def test_text_from_a_cell_can_command_nothing() -> None:
    """An escape sequence, a turned direction of writing or a line break is shown, not obeyed."""
    assert words.shown("a\x1b[2Jb") == r"a\u001b[2Jb"
    assert words.shown("a\u202eb\u2066c") == r"a\u202eb\u2066c"
    assert words.shown("one\r\ntwo\tthree") == "one two three"
    assert words.shown("Zoë Ńowak, 50% – ‘fine’") == "Zoë Ńowak, 50% – ‘fine’"
