"""The terminal summary: the office's work first, in exactly these words."""

from pathlib import Path

import pytest

from engine.assessment import FindingShown
from engine.outcome import Status
from reports import words
from reports.text import summary
from tests.assessment_builders import assessment, duty, obligation
from tests.assessment_sample import PROBLEMS, sample

GOLDEN = Path(__file__).parent / "golden"

NOTICE = "Decided by the second evaluator alone: the rules engine is not installed."


def test_the_summary_of_a_whole_check_to_the_letter() -> None:
    assert summary(sample(NOTICE)) == (GOLDEN / "summary.txt").read_text(encoding="utf-8")


def test_a_check_with_nothing_left_to_do() -> None:
    made = assessment((duty("own", "Do the thing", obligation(Status.MET)),))
    assert summary(made) == (
        "OFFICIAL-SENSITIVE\n"
        "Prevent duties of a made-up office, as of 24 November 2026\n"
        "The office: nothing overdue or due, of 1 duty.\n"
        "\n"
        "THE OFFICE'S DUTIES IN NUMBERS\n"
        "  Duties: 1 of 1 met\n"
        "  Obligations: 1 of 1 met\n"
        "\n"
        "NOT CHECKED\n"
        "  Whether what the registers record is true.\n"
        "\n"
        "'Met' means that the registers record that it was done. Nobody checked that the\n"
        "record is true. This is not a finding on whether due regard was had, as section\n"
        "26 of the Counter-Terrorism and Security Act 2015 asks: that is for people to\n"
        "judge.\n"
        "\n"
        "OFFICIAL-SENSITIVE\n"
    )


@pytest.mark.parametrize("width", [40, 72, 120, 200])
def test_no_line_is_wider_than_asked(width: int) -> None:
    longest = max(len(line) for line in summary(sample(NOTICE), width).splitlines())
    assert longest <= width


def test_what_is_said_does_not_depend_on_the_width() -> None:
    said = {" ".join(summary(sample(NOTICE), width).split()) for width in (50, 80, 200)}
    assert len(said) == 1


def test_duties_of_others_stand_apart_after_the_offices_own() -> None:
    text = summary(sample())
    own, _, others = text.partition("DUTIES OF OTHERS")
    assert "situational-assessment-agreed" not in own
    assert words.OTHERS_MEAN in others
    assert "overdue by 238 days; Steering Group" in others


def test_only_the_first_problems_and_findings_are_told_and_all_are_counted() -> None:
    findings = tuple(FindingShown("kind", "", f"Look at {n}.", ()) for n in range(5))
    text = summary(sample(problems=PROBLEMS * 3, findings=findings))
    assert "COULD NOT BE READ: 6 problems" in text
    assert "and 3 more, in assessment.html" in text
    assert "POINTS TO CHECK: 5" in text
    assert "and 2 more, in assessment.html" in text
    assert "Look at 2." in text
    assert "Look at 3." not in text


def test_what_was_read_cannot_command_the_terminal() -> None:
    made = duty("own", "a", obligation(Status.OVERDUE, -1), owner="x\x1b[2J\x07\u202ey")
    text = summary(assessment((made,)))
    assert r"owner: x\u001b[2J\u0007\u202ey" in text
    assert "\x1b" not in text
