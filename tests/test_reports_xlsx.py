"""The workbook report: real dates, words beside colours, links to cells, and never a formula."""

import datetime
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.assessment import Assessment
from engine.outcome import Status
from reports import words
from reports.xlsx.report import to_xlsx
from reports.xlsx.sheet import COLOURS, cell_text
from tests.support.assessment_builders import (
    MARKING,
    RULEBOOK,
    assessment,
    duty,
    elsewhere,
    item,
    obligation,
)
from tests.support.assessment_sample import duties, sample
from tests.support.assessment_states import waiting
from tests.support.hostile_texts import FORMULAS, everywhere

SHEETS = [
    "Summary",
    "Duties",
    "Checks",
    "Owners",
    "Coming up",
    "Coming",
    "Records to correct",
    "Could not be read",
    "Points to check",
    "Acknowledged",
    "How we read the SOP",
]


def book(made: Assessment, evidence_at: str = "") -> Workbook:
    return load_workbook(io.BytesIO(to_xlsx(made, evidence_at)))


def sheet(made: Assessment, name: str, evidence_at: str = "") -> Worksheet:
    found = book(made, evidence_at)[name]
    assert isinstance(found, Worksheet)
    return found


def rows(made: Assessment, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their heads."""
    heads, *below = sheet(made, name).iter_rows(min_row=2, values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in below]


def members(made: Assessment, pattern: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(made))) as file:
        return [file.read(n).decode() for n in file.namelist() if re.fullmatch(pattern, n)]


def test_it_has_its_sheets_in_order() -> None:
    assert book(sample()).sheetnames == SHEETS


def test_the_summary_says_what_met_means_and_what_was_not_checked() -> None:
    made = sample("A notice.")
    cells = [row[0] for row in sheet(made, "Summary").iter_rows(values_only=True)]
    assert cells[:3] == [MARKING, "NOTICE: A notice.", made.rulebook.title]
    assert cells[3] == "Position at 24 November 2026"
    assert words.met_means(RULEBOOK.body) in cells
    assert set(made.not_checked) <= set(cells)
    assert "4.2 Report to the regional hub: not in force until 1 April 2027" in cells


def test_the_summary_counts_both_lists() -> None:
    counted = {
        str(row[0]): row[1:]
        for row in sheet(sample(), "Summary").iter_rows(values_only=True)
        if isinstance(row[1], int)
    }
    assert counted["overdue"] == (2, 2, 1, 1)
    assert counted["met"] == (2, 6, 1, 1)
    assert counted["met, of them late"] == (1, 1, 0, 0)
    assert counted["all"] == (9, 13, 2, 3)
    assert set(words.STATUS.values()) <= set(counted)


def test_the_summary_counts_each_status_in_its_colour() -> None:
    statuses = {
        cell.value: cell.fill.start_color.rgb
        for (cell,) in sheet(sample(), "Summary").iter_rows(max_col=1)
        if cell.value in words.STATUS.values()
    }
    assert statuses == {words.STATUS[s]: f"00{fill}" for s, (fill, _) in COLOURS.items()}


def test_a_duty_is_a_row_with_real_dates() -> None:
    row = rows(sample(), "Duties")[1]
    assert row == {
        "Section": "4.6",
        "Duty": "Refresh each member of staff's Prevent training at set intervals",
        "What has to be done": None,
        "Status": "overdue",
        "Owner": "Head of People",
        "Deadline": datetime.datetime(2026, 9, 30),  # noqa: DTZ001 - what the library gives
        "Days left": -55,
        "Duties of": "office",
        "Responsible": "OPCC",
        "Strength": "must",
        "Next due": datetime.datetime(2026, 12, 6),  # noqa: DTZ001
        "Last done": None,
        "Days late": None,
        "Checks": "3 of 5 met, 1 overdue, 1 due",
        "Rule": "refresher-training",
        "SOP reference": "4.6, 'at suitable intervals'; 5, 'training kept up'",
        "Pattern": "rolling, every 12 months",
        "Rule from": datetime.datetime(2024, 10, 1),  # noqa: DTZ001
        "Sheets not provided": None,
        "Too late to do": None,
        "Before records began": None,
    }


def test_an_obligation_is_a_row_with_its_proof() -> None:
    row = rows(sample(), "Checks")[1]
    assert row["Item"] == "P-014"
    assert row["What to do"] == (
        "Add a record only once the work has been done.\n"
        "If its record shows that cell D41 of training is wrong, correct it. If not, have "
        "it put right, then record a new training record on the training sheet.\n"
        "The new row: person: P-014; course: refresher; "
        "completed on: 24 November 2026; passed: yes."
    )
    assert row["Records that may count once corrected"] == (
        "training sheet, row 52: A52 person: P-014; B52 completed on: Sept 2026; "
        "C52 course: (not shown: sensitive)"
    )
    assert row["Decided by"] == "made-up.overdue"


def test_every_obligation_is_a_row_however_many_are_met() -> None:
    met = [obligation(Status.MET, subject=f"P-{n}") for n in range(300)]
    assert len(rows(assessment((duty("own", "t", *met),)), "Checks")) == 300


def test_statuses_stand_in_words_and_in_colour() -> None:
    made = assessment((*duties(), waiting("own", "t", "Reviews")))
    cells = {cell.value: cell for (cell,) in sheet(made, "Duties")["C3:C14"]}
    assert {cell.fill.start_color.rgb for cell in cells.values()} == {
        "00942514", "004C2C92", "00FBE6F0", "00FFF1C2", "00DCF2E4", "00E3EEF9", "00E6F0F0",
        "00F3F4F5",
    }  # fmt: skip
    assert set(cells) == {*words.STATUS.values(), "met late"}


def test_what_a_lead_needs_is_printed_and_what_an_auditor_needs_is_not() -> None:
    one = sheet(sample(), "Duties")
    heads = [cell.value for cell in one[2]]
    assert one.print_area == "'Duties'!$A$1:$H$13"
    assert heads[7] == "Checks"
    assert sheet(sample(), "Checks").print_area.startswith("'Checks'!$A$1:$J$")


def test_heads_stay_in_sight_and_filter() -> None:
    found = book(sample())
    for name in SHEETS[1:]:
        one = found[name]
        assert one.freeze_panes == "A3"
        assert str(one.auto_filter.ref).startswith("A2:")
        assert one.print_title_rows == "$1:$2"
    assert found["Duties"].auto_filter.ref == "A2:U13"


def test_it_prints_on_a4_across_with_the_marking_on_every_page() -> None:
    made = replace(sample(), rulebook=replace(sample().rulebook, marking="R&D: OFFICIAL"))
    for one in book(made):
        assert (one.page_setup.paperSize, one.page_setup.orientation) == (9, "landscape")
    for xml in members(made, r"xl/worksheets/sheet\d\.xml"):
        assert "<oddHeader>&amp;CR&amp;&amp;D: OFFICIAL</oddHeader>" in xml
        assert "&amp;CR&amp;&amp;D: OFFICIAL&amp;R&amp;P of &amp;N</oddFooter>" in xml


def test_evidence_links_to_its_cell_by_a_relative_path() -> None:
    shown = elsewhere(item("it's", 6, None, ref="X"), file="my registers.xlsx")
    made = assessment((duty("own", "t", obligation(Status.MET, evidence=(shown,))),))
    link = sheet(made, "Checks", "../the evidence")["P3"].hyperlink
    assert link is not None
    assert link.target == "../the%20evidence/my%20registers.xlsx"
    assert link.location == "'it''s'!A6"
    beside = sheet(made, "Checks")["P3"].hyperlink
    assert beside is not None
    assert beside.target == "my%20registers.xlsx"


def test_problems_and_findings_link_to_their_places() -> None:
    problem = sheet(sample(), "Could not be read")["A3"]
    assert problem.value == "training sheet, cell C52"
    assert problem.hyperlink is not None
    assert problem.hyperlink.location == "'training'!C52"
    finding = sheet(sample(), "Points to check")["C4"]
    assert finding.value == "waivers sheet, cell F3"
    assert finding.hyperlink is not None
    assert finding.hyperlink.location == "'waivers'!F3"


def test_acknowledged_points_are_listed_apart() -> None:
    listed = [row | {"Until": str(row["Until"])} for row in rows(sample(), "Acknowledged")]
    assert listed == [
        {
            "Point": "There is no row on the meetings sheet with the reference 'SG-9'.",
            "About": "Minute M-7",
            "Reason": "The meeting was before the registers began.",
            "Acknowledged by": "Prevent Lead",
            "Until": "2027-03-31 00:00:00",
            "Duty": None,
            "Acknowledgement": "acknowledgements sheet, row 2",
            "Kind": "Reference not found",
            "Rows": "M-7",
            "Rule": None,
        }
    ]
    assert all("SG-9" not in row["Point"] for row in rows(sample(), "Points to check"))
    empty = assessment((duty("own", "t", obligation(Status.MET)),))
    assert sheet(empty, "Acknowledged")["A3"].value == "Nothing was acknowledged."


def test_an_empty_list_says_so() -> None:
    made = assessment((duty("own", "t", obligation(Status.MET)),))
    assert sheet(made, "Points to check")["A3"].value == "There is nothing to check."
    assert (
        sheet(made, "Could not be read")["A3"].value == "There is nothing that could not be read."
    )


@pytest.mark.one_in(3)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_or_an_error_whatever_was_read(text: str) -> None:
    made = everywhere(sample("A notice."), lambda was: text + was)
    for xml in members(made, r"xl/worksheets/sheet\d\.xml"):
        assert "<f>" not in xml
        assert "<f " not in xml
        assert set(re.findall(r"<c [^>]*\bt=\"(\w+)\"", xml)) <= {"inlineStr", "s", "n"}
    owner = sheet(made, "Duties")["F4"]
    assert owner.value == text + "Head of People"
    assert owner.data_type == "s"
    assert owner.quotePrefix == (text[0] in "=+-@\t\r")


def test_text_that_a_cell_cannot_hold_is_made_to_fit() -> None:
    assert cell_text("a\x00b\x1bc\ud800") == r"a\u0000b\u001bc\ud800"
    assert cell_text("_x0041_") == "_x005F_x0041_"
    assert cell_text("x" * 40_000) == "x" * 32_755 + " ... (cut)"
    assert len(cell_text("x" * 40_000)) <= 32_767
    assert cell_text("Zoë\tline\nline") == "Zoë\tline\nline"


def test_a_date_before_the_formats_first_is_text() -> None:
    early = obligation(Status.MET, opens=datetime.date(25, 4, 15))
    row = rows(assessment((duty("own", "t", early),)), "Checks")[0]
    assert row["Opens"] == "0025-04-15"


def test_it_is_the_same_bytes_twice_and_holds_no_clock() -> None:
    data = to_xlsx(sample())
    assert data == to_xlsx(sample())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert {info.date_time for info in file.infolist()} == {(2026, 11, 24, 0, 0, 0)}
        core = file.read("docProps/core.xml").decode()
    assert re.findall(r">([^<]+)</dcterms:", core) == ["2026-11-24T00:00:00Z"] * 2


def test_it_opens_and_prints_elsewhere(
    convert: Callable[[str, Path, list[Path]], None], pdftoppm: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(to_xlsx(sample()))
    convert("pdf", tmp_path, [tmp_path / "a.xlsx"])
    to_text: list[str | Path] = [pdftoppm.with_name("pdftotext"), tmp_path / "a.pdf", "-"]
    text = subprocess.run(to_text, check=True, capture_output=True, timeout=60).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) > len(SHEETS)
    assert [page.count(MARKING) >= 2 for page in pages] == [True] * len(pages)
