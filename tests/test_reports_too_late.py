"""What is too late to do stands apart from what can still be done, in every report."""

from __future__ import annotations

import io
import json

from openpyxl import load_workbook

from engine.outcome import Status
from reports import view
from reports.explain.explanation import Explanation, explain
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import assessment, duty, obligation
from tests.support.assessment_states import late
from tests.support.html_page import Element, parsed


def captioned(root: Element, caption: str) -> list[str]:
    """The duties that a table lists."""
    (found,) = [t for t in root.all("table") if t.one("caption").text() == caption]
    return [row.one("th").text() for row in found.one("tbody").all("tr")]


def test_a_duty_is_apart_where_nothing_that_it_asks_can_be_done() -> None:
    gone = obligation(Status.OVERDUE, -9, too_late=True)
    for other, apart in (
        (obligation(Status.MET), True),
        (obligation(Status.NOT_YET_DUE, 40), True),
        (obligation(Status.OVERDUE, -2), False),
        (obligation(Status.DUE, 2), False),
        (obligation(Status.CANNOT_TELL), False),
    ):
        assert view.is_too_late(duty("own", "t", gone, other)) is apart
    assert not view.is_too_late(duty("own", "t", obligation(Status.MET)))
    assert not view.is_too_late(duty("own", "t", obligation(Status.OVERDUE, -9)))


def test_no_duty_stands_in_both_lists() -> None:
    duties = late().duties
    assert [one.id for one in view.outstanding(duties)] == ["group-attendance"]
    assert [one.id for one in view.too_late(duties)] == ["board-attendance", "channel-attendance"]


def test_what_is_too_late_stays_overdue() -> None:
    made = late()
    assert view.verdict(made, view.OFFICE).endswith(" 2 are overdue.")
    only = assessment(tuple(d for d in made.duties if d.id == "board-attendance"))
    assert view.exit_code(only) == 1


def test_the_terminal_lists_it_after_what_can_be_done() -> None:
    lines = summary(late(), 90).splitlines()
    start = lines.index("OVERDUE: 1 duty")
    assert lines[start : start + 10] == [
        "OVERDUE: 1 duty",
        "  4.2 Steering Group attendance: no record",
        "    40 days overdue (deadline 15 October 2026); Head of People",
        "    Why: 2 of 3 are overdue.",
        "    What to do: meeting SG-2: say so in the assurance statement, or record a waiver.",
        "",
        "TOO LATE TO DO: 1 duty",
        "  Say so in the assurance statement, or record a waiver.",
        "  3 Board attendance",
        "    90 days overdue (deadline 26 August 2026); Head of People",
    ]
    start = lines.index("  4.2 Channel attendance: no record")
    assert lines[start + 1 : start + 5] == [
        "    40 days overdue (deadline 15 October 2026); Channel Chair",
        "    Why: This can no longer be done for meeting SG-2.",
        "    What to do: Say so in the assurance statement, or record a waiver.",
        "",
    ]


def test_the_page_lists_it_apart() -> None:
    root = parsed(to_html(late()))
    assert captioned(root, "Overdue duties") == ["Steering Group attendance"]
    assert captioned(root, "Overdue duties that can no longer be done") == ["Board attendance"]
    assert captioned(root, "Partners' duties that need action") == ["Channel attendance"]
    (section,) = [
        each for each in root.all("section") if each.attributes["aria-labelledby"] == "overdue"
    ]
    assert section.one("h3").text() == "Too late to do"
    assert section.all("p")[-1].text() == "Say so in the assurance statement, or record a waiver."


def test_the_workbook_lists_it_on_its_first_sheet_and_counts_it() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(late())))
    cells = [row[0] for row in book["Summary"].iter_rows(values_only=True) if row[0]]
    start = cells.index("TOO LATE TO DO: 1 duty")
    assert cells[start + 1 : start + 4] == [
        "Say so in the assurance statement, or record a waiver.",
        "3 Board attendance",
        "90 days overdue (deadline 26 August 2026); Head of People",
    ]
    for name, told in (("Duties", [2, 1, 1]), ("Checks", ["yes", "yes", None, "yes"])):
        heads, *rows = book[name].iter_rows(min_row=2, values_only=True)
        at = heads.index("Too late to do")
        assert [row[at] for row in rows][: len(told)] == told


def test_the_json_marks_each_obligation() -> None:
    told = json.loads(to_json(late()))
    assert [one.get("too_late", False) for one in told["duties"][1]["obligations"]] == [
        True,
        False,
        False,
    ]


def test_an_explanation_says_what_is_left_to_do() -> None:
    found = explain(late(), "group-attendance")
    assert isinstance(found, Explanation)
    lines = explain_text(found, 100).splitlines()
    assert "│  ├─ Too late to do: Say so in the assurance statement, or record a waiver." in lines
    assert sum("Too late to do" in line for line in lines) == 1
