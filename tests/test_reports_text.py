"""The terminal summary: the office's work first, in exactly these words."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape

from engine.assessment import FindingShown
from engine.outcome import Status
from reports import words
from reports.html.report import to_html
from reports.text import LINES, summary
from tests.support.assessment_builders import RULEBOOK, assessment, duty, obligation
from tests.support.assessment_sample import ACKNOWLEDGED, PROBLEMS, sample
from tests.support.html_page import parsed

GOLDEN = Path(__file__).parent / "golden"

NOTICE = "Decided by the plain evaluator alone: the rules engine is not installed."


def test_the_summary_of_a_whole_check_to_the_letter() -> None:
    assert summary(sample(NOTICE)) == (GOLDEN / "summary.txt").read_text(encoding="utf-8")


def test_a_check_with_nothing_left_to_do() -> None:
    made = assessment((duty("own", "Do the thing", obligation(Status.MET)),))
    assert summary(made) == (
        "OFFICIAL-SENSITIVE\n"
        "Prevent duties of a made-up office\n"
        "Position at 24 November 2026\n"
        "\n"
        "No duty of the office is overdue.\n"
        "1 of the office's 1 duty is met.\n"
        "\n"
        "LIMITS OF THIS REPORT\n"
        "  'Met' means that the office's spreadsheets record the duty as done. Nobody has\n"
        "    checked that the records are true. This report does not decide whether the\n"
        "    office had due regard under section 26 of the Counter-Terrorism and Security\n"
        "    Act 2015. That is for people to judge.\n"
        "  It does not check:\n"
        "    Whether what the registers record is true.\n"
        "\n"
        "FOR A COMMITTEE: the Prevent Lead has a two-page paper, which names no one.\n"
        "\n"
        "OFFICIAL-SENSITIVE\n"
    )


@pytest.mark.parametrize("width", [40, 72, 120, 200])
def test_no_line_is_wider_than_asked(width: int) -> None:
    longest = max(len(line) for line in summary(sample(NOTICE), width).splitlines())
    assert longest <= width


def test_what_is_said_does_not_depend_on_the_width() -> None:
    said = {" ".join(summary(sample(NOTICE), width).split()) for width in (65, 80, 200)}
    assert len(said) == 1


def test_duties_of_others_stand_apart_after_the_offices_own() -> None:
    text = summary(sample())
    own, _, others = text.partition("PARTNERS' DUTIES")
    assert "Agree a revised Situational Assessment" not in own
    assert words.partners_mean(RULEBOOK.body) in " ".join(others.split())
    assert "238 days overdue (deadline 31 March 2026); Steering Group" in others


def test_only_the_first_problems_and_findings_are_told_and_all_are_counted() -> None:
    findings = tuple(FindingShown("kind", "", f"Look at {n}.", ()) for n in range(15))
    text = summary(sample(problems=PROBLEMS * 6, findings=findings), 100)
    assert "COULD NOT BE READ: 12 things in the spreadsheets (6 could change a result)\n" in text
    assert "  2 more problems, in assessment.html: " in text
    assert text.index("COULD NOT BE READ") < text.index("OVERDUE")
    assert "POINTS TO CHECK: 15 (effect not known: 15; 1 point" in text
    assert "and 5 more, in assessment.html" in text
    assert "Look at 9." in text
    assert "Look at 10." not in text


def test_what_to_correct_is_written_out_where_no_summary_is_short_enough() -> None:
    """Otherwise a first check, of which most is overdue, would only count it."""
    late = tuple(
        duty(f"d{n}", f"Duty {n}", obligation(Status.OVERDUE, -9, subject=f"s{n}"))
        for n in range(60)
    )
    made = replace(assessment(late), problems=PROBLEMS)
    text = summary(made)
    assert len(text.splitlines()) > LINES
    above = " ".join(text.partition("\nOVERDUE")[0].split())
    assert all(problem.message in above for problem in PROBLEMS)


def test_the_page_lists_what_to_correct_before_what_is_overdue() -> None:
    page = to_html(sample(problems=PROBLEMS)).decode()
    first = page.index("What to correct first")
    assert first < page.index('<h2 id="overdue">')
    message = str(escape(PROBLEMS[0].message))
    assert first < page.index(message) < page.index('<h2 id="overdue">')


def test_more_than_five_corrections_unfold_above_what_is_overdue() -> None:
    page = to_html(sample(problems=PROBLEMS * 3)).decode()
    (folded,) = parsed(page.encode()).all("details", id="to-correct")
    assert folded.one("summary").text().startswith(f"{3 * len(PROBLEMS)} things in the")
    assert "open" not in folded.attributes
    assert page.index('id="to-correct"') < page.index('<h2 id="overdue">')
    aside = tuple(replace(problem, duties=()) for problem in PROBLEMS)
    assert (
        "What to correct first"
        not in to_html(sample(problems=aside)).decode().partition('<h2 id="overdue">')[0]
    )


def test_acknowledged_points_are_counted_after_the_others() -> None:
    tidy = sample(findings=(FindingShown("Rows conflict", "", "Look.", ()),))
    assert "POINTS TO CHECK: 1 (tidying up: 1; 1 point set aside until 31 March 2027)\n" in summary(
        tidy, 100
    )
    three = [replace(ACKNOWLEDGED, until=datetime.date(2027, month, 1)) for month in (4, 1, 2)]
    assert ("POINTS TO CHECK: 0 (3 points set aside until 1 January 2027 or later)\n") in summary(
        sample(findings=(), acknowledged=tuple(three))
    )
    assert "POINTS" not in summary(sample(findings=(), acknowledged=()))


def test_what_was_read_cannot_command_the_terminal() -> None:
    made = duty("own", "a", obligation(Status.OVERDUE, -1), owner="x\x1b[2J\x07\u202ey")
    text = summary(assessment((made,)))
    assert r"; x\u001b[2J\u0007\u202ey" in text
    assert "\x1b" not in text
