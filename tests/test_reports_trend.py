"""The trend in the page, the workbook and the summary."""

from __future__ import annotations

import datetime
from io import BytesIO

from openpyxl import load_workbook

from engine.assessment import Assessment, TrendPoint
from reports.html.report import to_html
from reports.text import summary
from reports.trend import charts, with_trend
from reports.xlsx.report import to_xlsx
from tests.support.assessment_sample import sample
from tests.support.html_page import parsed
from tests.support.trend_points import points

LONG = "Duties overdue for 90 days or longer"


def made(months: int) -> Assessment:
    """The sample with so many months before it."""
    return with_trend(sample(), points(months))


def test_a_first_check_says_nothing_of_a_trend() -> None:
    first = with_trend(sample(), ())
    assert first == sample()
    assert "Trend" not in to_html(first).decode()
    assert "TREND" not in summary(first)
    assert "Trend" not in load_workbook(BytesIO(to_xlsx(first))).sheetnames


def test_the_summary_has_the_first_and_the_last_in_two_lines_at_most() -> None:
    lines = summary(made(35)).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("TREND"))
    assert lines[start : start + 3] == [
        "TREND SINCE DECEMBER 2023: 12 overdue, now 2; 34 due, now 1; 56 met, now 2; 78",
        "duties overdue for 90 days or longer, now 1",
        "",
    ]


def test_the_sheet_has_a_row_for_each_month() -> None:
    sheet = load_workbook(BytesIO(to_xlsx(made(2))))["Trend"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        ["Report", "Duties overdue", LONG, "Duties due", "Duties met"],
        [datetime.datetime(2026, 9, 28), 12, 78, 34, 56],  # noqa: DTZ001
        [datetime.datetime(2026, 10, 28), 12, 78, 34, 56],  # noqa: DTZ001
        [datetime.datetime(2026, 11, 24), 2, 1, 1, 2],  # noqa: DTZ001
    ]


def test_the_page_draws_each_number_and_says_it_in_words() -> None:
    section = parsed(to_html(made(2))).one("section", **{"aria-labelledby": "trend"})
    assert section.one("h2").text() == "Trend since September 2026"
    captions = [each.text() for each in section.all("figcaption")]
    assert captions[1] == f"{LONG} 78 in September 2026, now 1"
    pictures = [each for each in section.all("svg") if each.attributes.get("role") == "img"]
    assert [each.one("title").text() for each in pictures] == [
        "Duties overdue",
        LONG,
        "Duties due",
        "Duties met",
    ]
    assert pictures[0].one("desc").text() == (
        "September 2026: 12; October 2026: 12; November 2026: 2"
    )
    first, *_ = section.one("tbody").all("tr")
    assert [each.text() for each in first.all("td")] == ["12", "78", "34", "56"]


def test_a_month_without_a_report_has_no_bar() -> None:
    some = [point for point in points(4) if point.as_of.month != 9]
    first = next(iter(charts(with_trend(sample(), some).trend)))
    assert [bar.place for bar in first.bars] == [0, 1, 3, 4]
    assert first.places == 5


def test_the_words_name_a_highest_number_that_is_in_between() -> None:
    numbers = (1, 5, 2)
    made = [
        TrendPoint(datetime.date(2026, n, 1), each, 0, 0, 0) for n, each in enumerate(numbers, 1)
    ]
    assert next(iter(charts(made))).words == (
        "1 in January 2026, at most 5 in February 2026, now 2"
    )


def test_many_months_have_no_room_for_their_numbers() -> None:
    assert [chart.is_labelled for chart in charts(made(11).trend)] == [True] * 4
    assert not any(chart.is_labelled for chart in charts(made(35).trend))
