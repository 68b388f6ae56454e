"""The day on which records begin, and what lies before it, in every report."""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment
from engine.outcome import Status
from record.pack.pack import readme
from reports.compare.changes import changes
from reports.explain.explanation import Explanation, explain
from reports.explain.json import explain_json
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import from_json, to_json
from reports.provided import records_words
from reports.text import summary
from reports.xlsx.report import to_xlsx
from tests.support.assessment_sample import sample
from tests.support.assessment_states import APRIL, from_april
from tests.support.html_page import parsed

HEAD = "Records begin on 1 April 2026: 3 obligations from before then are not counted."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (sample(), ""),
        (from_april(), HEAD[:-1]),
        (
            replace(from_april(), duties=from_april().duties[1:]),
            "Records begin on 1 April 2026: 1 obligation from before then is not counted",
        ),
        (
            sample(records_begin=APRIL),
            "Records begin on 1 April 2026: nothing from before then was left out. 1 duty is"
            " overdue from before then, because what is lacking now is lacking whenever records"
            " began: if it was done earlier, record that too",
        ),
    ],
)
def test_the_day_is_told_with_what_is_not_counted(made: Assessment, said: str) -> None:
    assert records_words(made) == said


@pytest.mark.parametrize(("days", "said"), [(365, False), (366, True)])
def test_no_day_is_told_where_a_duty_has_been_overdue_for_more_than_a_year(
    days: int, said: bool
) -> None:
    """Then the office may not have kept its sheets from the day that the check assumes."""
    made = sample()
    overdue, *others = made.duties
    assert overdue.status is Status.OVERDUE
    deadline = made.as_of - datetime.timedelta(days=days)
    words = records_words(replace(made, duties=(replace(overdue, deadline=deadline), *others)))
    assert words.startswith("1 duty has been overdue for more than a year, and no day") is said
    assert not words or said


def test_the_terminal_says_it_at_its_head_and_beside_each_duty() -> None:
    lines = summary(from_april(), 200).splitlines()
    assert lines.index(HEAD) == 6
    assert (
        "    5 days overdue (deadline 19 November 2026); Head of People; "
        "2 older deadlines not counted"
    ) in lines


def test_the_page_says_it_at_its_head_beside_each_duty_and_in_its_history() -> None:
    root = parsed(to_html(from_april()))
    assert HEAD in [line.text() for line in root.one("main").all("p")]
    block = root.one("details", id="duty-minutes-sent")
    assert "; 2 older deadlines not counted" in block.all("summary")[0].text()
    assert [row.text() for row in block.one("tbody").all("tr")] == [
        "meeting SG-1 31 December 2025 to 28 January 2026 before records began",
        "meeting SG-2 20 January 2026 to 17 February 2026 before records began",
    ]


def test_the_workbook_says_it_at_its_head_and_counts_it() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(from_april())))
    assert HEAD in [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    heads, *rows = book["Duties"].iter_rows(min_row=2, values_only=True)
    assert [row[heads.index("Before records began")] for row in rows] == [2, 1]


def test_the_json_carries_the_day() -> None:
    made = from_april()
    assert json.loads(to_json(made))["records_begin"] == "2026-04-01"
    assert from_json(to_json(made)) == made


def test_an_explanation_says_it() -> None:
    found = explain(from_april(), "minutes-sent")
    assert isinstance(found, Explanation)
    assert explain_text(found, 100).splitlines()[2] == (
        "├─ Records begin on 1 April 2026: 2 obligations from before then are not counted"
    )
    assert json.loads(explain_json(found))["records_begin"] == "2026-04-01"


def test_what_changed_since_says_that_the_day_is_another() -> None:
    old = replace(from_april(), records_begin=None)
    assert changes(old, from_april()).notes == (
        "Records begin on 1 April 2026 in this assessment and on no given day in the earlier one, "
        "so an obligation from before then may count in one of them alone.",
    )
    assert changes(from_april(), from_april()).notes == ()


def test_a_pack_says_it() -> None:
    assert "as of 2026-11-24, with records that begin on 2026-04-01, with" in readme(
        from_april(), ["assessment.json"]
    )
    assert "records that begin" not in readme(sample(), ["assessment.json"])
