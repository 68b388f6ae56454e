"""dueregard rules docs, rules test and template; and the guide of who owns the rules."""

from __future__ import annotations

import datetime
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

import rules.load
from cli import inputs as books
from cli.commands import rules as rules_test
from cli.commands.rules.new_duty import STARTERS
from engine.assessment import Program
from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.run import run_cases
from engine.check import CheckRequest, assess
from evidence.read import read_evidence
from evidence.sheets.rows import EXAMPLE
from record.ledger.database import LEDGER_NAME
from reports.rulebook.page import rules_html
from reports.rulebook.template import (
    duties_served,
    nil_meanings,
    option_notes,
    owner_rows,
    reader_notes,
    record_notes,
    sheet_order,
)
from reports.view import verdict
from rules.load import OWN_BOOK, read_book
from rules.model import Rulebook
from rules.patterns import Rolling
from rules.problem import describe
from rules.span import Span
from rules.wording.duty import APPLIES, version_texts
from tests.support.desk_office import BOOK, Ended, called, copied, rulebook
from tests.support.expected import case_table
from tests.support.needs import ROOT
from tests.support.own_book import book_in, book_of, own_book
from tests.support.rulebook_part import part_of_book

OWN = own_book()


# rules docs -------------------------------------------------------------------------------------


def test_the_page_is_written_and_written_anew(tmp_path: Path) -> None:
    done = copied(tmp_path, ["rules", "docs", "rules.html"])
    assert done == Ended(0, "Saved: rules.html\n", "")
    page, expected = tmp_path / "rules.html", rules_html(OWN)
    assert page.read_bytes() == expected
    page.write_bytes(b"an older page")
    assert called(tmp_path, "rules", "docs", "rules.html").code == 0
    assert page.read_bytes() == expected


def test_another_rulebook_and_its_owners(tmp_path: Path) -> None:
    done = called(tmp_path, "rules", "docs", "a.htm", "--rulebook", BOOK)
    assert done.out == "Saved: a.htm\n"
    text = (tmp_path / "a.htm").read_text(encoding="utf-8")
    assert "The desk is looked at once a year" in text
    assert "<dt>Owner" not in text


def test_the_owners_of_a_workbook_stand_beside_their_duties(tmp_path: Path) -> None:
    office = ROOT / "examples" / "office.xlsx"
    assert called(tmp_path, "rules", "docs", "a.html", "--owners", office).code == 0
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert text.count("<dt>Owner</dt>") == len(OWN.duties)
    assert "IT Manager" in text


WRONG = {
    "another kind of file": (
        ["rules.pdf"],
        "rules.pdf would not open in a browser: give a name that ends in .html.\n",
    ),
    "nowhere to write it": (
        ["nowhere/a.html"],
        "nowhere/a.html could not be written: there is no such folder. Give another place.\n",
    ),
    "a workbook that is none": (
        ["rules.html", "--owners", "rules.txt"],
        "rules.txt is a .txt file, which cannot be read: ",
    ),
    "a workbook without owners": (
        ["rules.html", "--owners", "blank.xlsx"],
        "blank.xlsx: its sheet of owners names no owner of a duty in the rulebook.\n",
    ),
}


@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    (tmp_path / "rules.txt").write_text("no workbook")
    if "blank.xlsx" in arguments:
        called(tmp_path, "template", "blank.xlsx")
    done = called(tmp_path, "rules", "docs", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(says)
    assert list(tmp_path.glob("*.html")) == []


# rules test -------------------------------------------------------------------------------------

#: What a failed case may say of a duty that has one version.
IN_PLACE = (
    "If you have changed a rule that was right until now, put it back and add a version that "
    "begins on a later day."
)
CASES = """\
duty: desk-checked
cases:
  - name: With a look in March it is met in November
    as of: 2026-11-24
    evidence:
      checks:
        - {kind: desk, done on: 2026-03-01}
    expect: {status: met, deadline: 2027-03-01}
  - name: With a look long ago it is met too
    as of: 2026-11-24
    evidence:
      checks:
        - {kind: desk, done on: 2024-12-01}
    expect:
      status: met
      deadline: 2025-12-01
      days: -358
"""


def cases(folder: Path, **files: str) -> Path:
    """A folder of case files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_cases_that_come_out_as_expected(tmp_path: Path) -> None:
    kept = CASES.partition("  - name: With a look long ago")[0]
    cases(tmp_path / "cases", a=kept)
    done = called(tmp_path, "rules", "test", BOOK, "--cases", "cases")
    assert done == Ended(
        0,
        "No case was run for: council-told, person-shown.\nAll as expected: 1 case of 1 duty.\n",
        "",
    )


def test_cases_that_were_run_without_the_rules_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(tmp_path / "cases", a=CASES.partition("  - name: With a look long ago")[0])
    monkeypatch.setattr("cli.commands.rules.available", lambda: "The rules engine is away.")
    asked = ("rules", "test", BOOK, "--cases", "cases")
    notice = "The rules engine is away. The cases were run without it."
    assert called(tmp_path, *asked).out.endswith(f"1 case of 1 duty.\n{notice}\n")
    assert json.loads(called(tmp_path, *asked, "--json").out)["notice"] == notice


def test_a_case_that_comes_out_otherwise_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    cases(tmp_path / "cases", a=CASES)
    done = called(tmp_path, "rules", "test", BOOK, "--cases", "cases")
    assert done == Ended(
        2,
        "cases/a.yaml\n"
        "  line 9: With a look long ago it is met too\n"
        "    line 15: status: expected met, got overdue.\n"
        "No case was run for: council-told, person-shown.\n"
        f"1 of 2 cases of 1 duty gave another result.\n{IN_PLACE}\n",
        "",
    )


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    cases(tmp_path / "cases", a=CASES, b="duty: desk-chekced\ncases: []\n")
    done = called(tmp_path, "rules", "test", BOOK, "--cases", "cases")
    assert done.code == 2
    first, *_, count, last = done.out.splitlines()
    assert first == (
        "cases/b.yaml, line 1 (duty): There is no duty 'desk-chekced'. "
        "Write 'desk-checked' if that is what you mean."
    )
    assert count == "1 of 2 cases of 1 duty gave another result; 1 file could not be read."
    assert last == IN_PLACE


def test_a_version_that_no_case_is_about_is_reported(tmp_path: Path) -> None:
    """A new version passes the cases of the old one, whatever it says."""
    book = rulebook(tmp_path / "book")
    (rule,) = book.rglob("desk-checked.yaml")
    text = rule.read_text(encoding="utf-8")
    later = text[text.index("  - from: ") :].replace("from: 2024-10-01", "from: 2026-11-25")
    rule.write_text(text + later, encoding="utf-8")
    beside, kept = rule.with_suffix(".cases.yaml"), CASES.partition("  - name: With a look long")[0]
    beside.write_text(kept, encoding="utf-8")
    line = "No case of desk-checked is as of a day in its version from 25 November 2026. Add one.\n"
    passed = "All as expected: 1 case of 1 duty.\n"
    done = called(tmp_path, "rules", "test", "book", "desk-checked")
    assert done == Ended(0, passed + line, "")
    moved = kept.replace("as of: 2026-11-24", "as of: 2026-11-25").replace("With", "And with")
    beside.write_text(kept + moved[moved.index("  - name") :], encoding="utf-8")
    done = called(tmp_path, "rules", "test", "book", "desk-checked")
    assert done == Ended(0, passed.replace("1 case", "2 cases"), "")


def test_the_cases_as_json(tmp_path: Path) -> None:
    cases(tmp_path / "cases", a=CASES, b="duty: desk-chekced\ncases: []\n")
    done = called(tmp_path, "rules", "test", BOOK, "--cases", "cases", "--json")
    told = json.loads(done.out)
    assert [(each["file"], each["line"], each["passed"]) for each in told["cases"]] == [
        ("cases/a.yaml", 3, True),
        ("cases/a.yaml", 9, False),
    ]
    assert told["cases"][1]["differences"] == ["line 15: status: expected met, got overdue."]
    assert told["cases"][1]["duty"] == "desk-checked"
    assert [(each["file"], each["line"]) for each in told["problems"]] == [("cases/b.yaml", 1)]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_without_cases_it_says_so(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = called(tmp_path, "rules", "test", BOOK, "--cases", folder)
    said = f"There is no case file in {folder}: give their folder with --cases.\n"
    assert done == Ended(2, "", said)


def test_a_broken_rulebook_runs_no_case(tmp_path: Path) -> None:
    cases(tmp_path / "cases", a=CASES)
    (tmp_path / "book").mkdir()
    done = called(tmp_path, "rules", "test", "book", "--cases", "cases")
    assert done.code == 2
    assert "book.yaml" in done.err


def test_the_programs_own_cases_are_those_beside_its_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without an option, here of a part of the rulebook for time's sake."""
    names = {"model-annual-review.yaml", "model-annual-review.cases.yaml"}
    monkeypatch.setattr(rules.load, "OWN_BOOK", part_of_book(tmp_path / "own", names))
    monkeypatch.setattr(books, "OWN_BOOK", tmp_path / "own")
    monkeypatch.setattr(rules_test, "OWN_BOOK", tmp_path / "own")
    done = called(tmp_path, "rules", "test")
    assert re.fullmatch(r"All as expected: [0-9]+ cases of 1 duty\.\n", done.out)
    assert done.code == 0


def test_the_cases_of_another_rulebook_are_those_beside_its_rules(tmp_path: Path) -> None:
    book = rulebook(tmp_path / "book")
    done = called(tmp_path, "rules", "test", "book")
    said = "There is no case file in book: give their folder with --cases.\n"
    assert done == Ended(2, "", said)
    (rule,) = book.rglob("desk-checked.yaml")
    beside = rule.with_suffix(".cases.yaml")
    beside.write_text(CASES, encoding="utf-8")
    done = called(tmp_path, "rules", "test", "book")
    assert done == Ended(
        2,
        f"{beside.relative_to(book).as_posix()}\n"
        "  line 9: With a look long ago it is met too\n"
        "    line 15: status: expected met, got overdue.\n"
        "No case was run for: council-told, person-shown.\n"
        f"1 of 2 cases of 1 duty gave another result.\n{IN_PLACE}\n",
        "",
    )
    assert called(tmp_path, "rules", "check", "book").code == 0


# template ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "registers.xlsx"
    assert called(path.parent, "template", path.name).code == 0
    return path


def sheet(path: Path, name: str) -> Worksheet:
    found = load_workbook(path)[name]
    assert isinstance(found, Worksheet)
    return found


def test_a_heading_says_which_duties_its_column_is_for(template: Path) -> None:
    notes = {
        str(cell.value): cell.comment.text for cell in sheet(template, "Roles")[2] if cell.comment
    }
    *about, used = notes["role"].split("\n")
    assert about == ["The Prevent role.", "Required.", "Choose one option from the list."]
    post = notes["held by (job title)"].split("\n")
    assert "Choose one option from the list; if none fits, other post." in post
    titles = used.removeprefix("Used for: ").removesuffix(".").split("; ")
    assert {"Designated senior lead for Prevent", "Channel chair and vice-chair trained"} <= {
        *titles
    }
    used = notes["held by (job title)"].split("\n")[-1]
    assert used.startswith("Used for: ")
    assert "Designated senior lead for Prevent" in used
    assert notes["recorded on"] == (
        "The date on which you finished filling in this row.\nEnter a date, such as 25/04/2026.\n"
        "No duty needs it: without it, a complete row counts as recorded in time. A check of what"
        " was recorded by an earlier date (--known-by) leaves out rows in which it is blank."
    )


def test_a_note_names_at_most_three_duties() -> None:
    notes = reader_notes(OWN)
    titles = {duty.title for duty in OWN.duties.values()}
    told = [
        note.removeprefix("Used for: ").removesuffix(".").split("; ")
        for note in notes.values()
        if note.startswith("Used for: ")
    ]
    assert all(1 <= len(named) <= 3 and titles.issuperset(named) for named in told)
    assert notes["training", "completed on"] == "Used for 8 duties (sections 4.4, 4.6 and 4.7)."
    assert notes["documents", "review by"].startswith(
        "Used for 8 duties (front page and sections 3,"
    )
    assert notes["people", "higher level from"] == ("Used for: Higher-level training where needed.")


def test_every_duty_stands_in_the_sheet_of_owners(template: Path) -> None:
    """With what has to be done, where to record it, and buttons to filter by."""
    owners = sheet(template, "Owners")
    assert owners["A1"].value == (
        "About this sheet: Every duty, what has to be done, where to record it, and who is"
        " responsible.\nHover over a cell of 'where to record it' to see what an entry must say to"
        " count."
    )
    rows = list(owners.iter_rows(min_row=2, values_only=True))
    at = {str(name): number for number, name in enumerate(rows[0])}
    duties = OWN.duties
    assert list(at) == [
        "title", "owner", "email", "where to record it", "what has to be done", "short name"
    ]  # fmt: skip
    assert [row[at["short name"]] for row in rows[1:]] == list(duties)
    assert [row[at["title"]] for row in rows[1:]] == [
        f"{OWN.sections[duty.id]} {duty.title}".replace("Header ", "(front page) ")
        for duty in duties.values()
    ]
    assert [row[at["what has to be done"]] for row in rows[1:]] == [
        duty.in_brief for duty in duties.values()
    ]
    assert {row[at["owner"]] for row in rows[1:]} == {None}
    assert owners.freeze_panes == "B3"
    assert str(owners.auto_filter.ref) == "A2:F1048576"
    notes = [cell.comment.text for cell in owners[2] if cell.comment]
    assert [note == "For information. Do not change." for note in notes] == [
        True, False, False, False, True, True
    ]  # fmt: skip
    assert notes[3] == "Hover over a cell to see what an entry must say to count."
    told = [cell.comment.text for cell in owners["D"][2:] if cell.comment]
    assert told == record_notes(OWN)
    widest = max(len(duty) for duty in OWN.duties)
    assert owners.column_dimensions["F"].width >= widest
    assert sheet(template, "Waivers").column_dimensions["A"].width >= widest


@pytest.mark.parametrize(("duty", "words"), case_table("where_to_record"))
def test_a_duty_says_where_to_record_it(duty: str, words: str) -> None:
    """Word for word, but for the numbers of the rule."""
    told = dict(zip(OWN.duties, record_notes(OWN), strict=True))
    found = told[duty].replace("\n", " | ")
    assert re.sub(r"\d+", "…", found) == re.sub(r"\d+", "…", words)


#: What may stay blank in a row that meets a duty.
_LATER = ("the last day", "the day on which it ends", "nothing is required", "filled in by")


def test_where_to_record_a_duty_names_every_sheet_and_column_that_it_needs() -> None:
    book = OWN
    told = dict(zip(book.duties, record_notes(book), strict=True))
    for duty in book.duties:
        for register in version_texts(book, duty)[-1].registers:
            spec = book.registers[register.register]
            assert spec.sheets[0] in told[duty], (duty, register)
            for use in register.columns:
                column = spec.column(use.name)
                later = any(words in use.words for words in _LATER)
                if register.role == APPLIES and column.name == spec.cancelled:
                    continue
                if not later and column.name != spec.cancelled and column.looks_in is None:
                    assert column.usual_heading in told[duty], (duty, column.name)


def test_the_owners_can_be_filtered_by_the_sheet_of_their_records() -> None:
    """It names the sheets that the words about the record begin a line with, or are about."""
    recorded = {row["duty"]: row["where to record it"] for row in owner_rows(OWN)}
    assert recorded["no-extremist-funding"] == "Checks; Nil returns"
    assert recorded["venue-staff-trained"] == "People; Training; Venues"
    sheets = {spec.sheets[0] for spec in OWN.registers.values()}
    for text, note in zip(recorded.values(), record_notes(OWN), strict=True):
        named = text.split("; ")
        assert sheets.issuperset(named)
        lines = note.split("\n")
        assert {line[:-1] for line in lines if line[:-1] in sheets} <= set(named)
        assert all(name in note for name in named)


def test_an_option_says_which_duties_it_counts_for(template: Path) -> None:
    """Also one that is on a duty's fixed list."""
    columns = list(sheet(template, "Options").iter_cols(values_only=True))
    notes = {
        str(option): (synonyms, note)
        for at in range(0, len(columns), 4)
        for option, synonyms, note in zip(*columns[at : at + 3], strict=True)
    }
    for option, synonyms in (
        ("induction", "induction training, Prevent induction"),
        ("venue policy", "venue hire policy, hire policy"),
    ):
        duties = [d.title for d in OWN.duties.values() if f'"{option}"' in d.model_dump_json()]
        assert notes[option] == (synonyms, f"Used for: {'; '.join(sorted(duties))}.")
    # several columns have the options of its list
    assert notes["Data Protection Officer"] == ("DPO, Data Protection Lead", None)
    options_of = option_notes(OWN)
    assert options_of["documents", "kind"]["partnership plan"] == (
        "Used for 5 duties (sections 4.2 and 4.3)."
    )
    roles = options_of["roles", "role"]
    assert roles["Channel vice-chair"] == "Used for: Channel chair and vice-chair trained."


def test_a_nil_return_says_which_sheets_it_is_for() -> None:
    """One for each option of the list, and no other."""
    meanings = nil_meanings(OWN)
    assert set(meanings) == set(OWN.registers["nil returns"].column("list").codes)
    assert meanings["referrals"] == "Nothing to record on Reviews or Cases, for each quarter"


def test_a_waiver_offers_the_duties_and_the_posts(template: Path) -> None:
    waivers = sheet(template, "Waivers")
    ranges = {
        str(found.sqref)[0]: str(found.formula1)
        for found in waivers.data_validations.dataValidation
        if found.type == "list"
    }
    assert ranges["A"] == f"'Owners'!$F$3:$F${len(OWN.duties) + 2}"
    assert ranges["D"].startswith("'Options'!")
    link = sheet(template, "Owners")["F2"].hyperlink
    assert link is not None
    assert link.location == "'Waivers'!A1"


def test_the_first_sheet_explains_the_workbook_in_a_page(template: Path) -> None:
    book = load_workbook(template)
    about = book.worksheets[0]
    assert book.active is about
    texts = [str(row[0]) for row in about.iter_rows(values_only=True)]
    advice = texts[: texts.index("Abbreviations")]
    assert "Prevent" in advice[0]
    begin = advice.index("Start with these three")
    lists = {bearer.name: bearer.list for bearer in OWN.book.bearers}
    office = [duty for duty in OWN.duties.values() if lists[duty.bearer] == "office"]
    assert re.match(
        rf"With these alone, a check can judge \d\d of the office's {len(office)} duties\. Each "
        "report names the",
        advice[begin + 1],
    )
    first = [OWN.registers[name].title for name in sheet_order(OWN)[:3]]
    assert advice[begin + 2 : begin + 5] == first
    assert book.sheetnames[1:4] == first
    assert book.sheetnames[-5:] == [
        "Nil returns", "Waivers", "Acknowledgements", "Owners", "Options"
    ]  # fmt: skip
    assert "dueregard check registers.xlsx" in advice
    assert advice.count(
        "Some duties begin with who must do them, such as 'Steering Group:'. If a duty does not say"
        " who, it is for the office."
    ) == 1  # fmt: skip
    assert advice.count(
        "Some duties must be recorded within a set time, such as 28 days. The check cannot tell"
        " when a row was filled in, so it treats a complete row as being on time, whatever its"
        " 'recorded on' says."
    ) == 1  # fmt: skip
    assert any("required" in text for text in advice)
    finish = next(text for text in advice if text.startswith("When it finishes, "))
    assert f"the file {LEDGER_NAME} and the folders " in finish
    assert "keep a record of your checks: leave them there." in finish
    assert any("--records-begin 01/04/2026" in text for text in advice)
    others = len(OWN.duties) - len(office)
    assert any(f"{len(office)} of the office and {others} of partners" in text for text in advice)
    assert sum(len(text) for text in advice) < 4300
    told = {row[0]: row[1] for row in about.iter_rows(values_only=True)}
    assert set(book.sheetnames) - {about.title} < set(told)
    assert told["CTLP"] == "Counter-Terrorism Local Profile"


def test_the_first_three_sheets_are_those_that_a_report_on_nothing_asks_for() -> None:
    evidence = read_evidence([], OWN.registers)
    day = datetime.date(2026, 11, 30)
    request = CheckRequest(OWN, evidence, day, Program("t", "0", "t", ""), None, ahead=False)
    assert verdict(assess(request), "office").endswith(
        "Provide first: Reviews (9 duties), Documents (6) and Submissions (6)."
    )
    assert sheet_order(OWN)[:6] == (
        "reviews", "documents", "submissions", "people", "training", "meetings"
    )  # fmt: skip


def test_a_sheet_names_the_sections_and_duties_that_it_serves(template: Path) -> None:
    hall = book_in(STARTERS / "village-hall")
    served = duties_served(hall)
    assert served["checks"] == (
        "For 3 duties of the SOP (section 1): 1 Boiler service (every 12 months); 1 Annual"
        " inspection of the building; 1 Fire exits in the annual inspection."
    )
    assert served["incidents"] == (
        "For 2 duties of the SOP (section 3): 3 Complete records of incidents; 3 Review of each"
        " incident."
    )
    served = duties_served(OWN)
    assert str(sheet(template, "Venues")["A1"].value).split("\n")[1] == served["venues"]
    assert re.search(r"section 4\.7.*; and \d+ more\.$", served["venues"])
    assert set(OWN.registers) - set(served) == {"waivers", "acknowledgements", "owners"}


def test_every_sheet_but_the_list_of_duties_has_an_example_that_can_be_read(
    template: Path, tmp_path: Path
) -> None:
    """Without the mark, each example is a row that reads without a problem, and names only rows
    that are there."""
    book = load_workbook(template)
    marked = [sheet for sheet in book if str(sheet["A3"].value).startswith(f"{EXAMPLE}: ")]
    assert [sheet.title for sheet in marked] == book.sheetnames[1:-2]
    for made in marked:
        made["A3"].value = str(made["A3"].value).removeprefix(f"{EXAMPLE}: ")
    book.save(tmp_path / "examples.xlsx")
    without = {  # as rows of its own, since an example without its mark is not counted
        name: spec.model_copy(
            update={"columns": [c.model_copy(update={"example": ""}) for c in spec.columns]}
        )
        for name, spec in OWN.registers.items()
    }
    evidence = read_evidence([tmp_path / "examples.xlsx"], without)
    assert evidence.problems == ()
    assert {name: len(table) for name, table in evidence.tables.items()} == {
        name: len(OWN.duties) if name == "owners" else 1 for name in OWN.registers
    }
    keys = {
        name: table.columns[table.register.key].value[0]
        for name, table in evidence.tables.items()
        if table.register.key
    }
    for name, table in evidence.tables.items():
        for spec in table.register.columns:
            value = table.columns[spec.name].value[0]
            if spec.named and value is not None:
                assert value in {keys[other] for other in spec.named}, (name, spec.name)


@pytest.mark.campaign
def test_each_sheet_prints_on_a_page_but_the_two_to_look_up(
    template: Path,
    convert: Callable[[str, Path, list[Path]], None],
    pdftoppm: Path,
    tmp_path: Path,
) -> None:
    convert("pdf", tmp_path, [template])
    pdf = tmp_path / f"{template.stem}.pdf"
    subprocess.run([pdftoppm, "-r", "5", "-png", pdf, tmp_path / "page"], check=True, timeout=120)
    sheets = len(load_workbook(template).sheetnames)
    assert sheets < len(list(tmp_path.glob("page*.png"))) <= sheets + 10


@pytest.mark.parametrize(("name", "orientation", "most"), [
    ("Owners", "landscape", 220), ("Options", "portrait", 130),
])  # fmt: skip
def test_a_sheet_to_look_up_is_not_too_wide_to_be_read_in_print(
    template: Path, name: str, orientation: str, most: int
) -> None:
    """A page of A4 has some 90 letters in a line of print of the usual size, or 150 across."""
    printed = sheet(template, name)
    assert (printed.page_setup.orientation, printed.page_setup.paperSize) == (orientation, 9)
    widths = [
        printed.column_dimensions[get_column_letter(number)].width
        for number in range(1, printed.max_column + 1)
    ]
    assert sum(widths) <= most


def test_dates_do_not_touch_the_text_beside_them(template: Path) -> None:
    meetings = sheet(template, "Meetings")
    at = next(cell for cell in meetings[2] if cell.value == "held on")
    for held in (meetings.column_dimensions[at.column_letter], meetings.cell(3, at.column)):
        assert held.alignment.horizontal == "center"


def test_the_template_reads_without_a_problem(template: Path) -> None:
    evidence = read_evidence([template], OWN.registers)
    assert evidence.fatal == ()
    assert evidence.problems == ()
    filled = {name: len(table) for name, table in evidence.tables.items() if len(table)}
    assert filled == {"owners": len(OWN.duties)}


def test_a_rulebook_that_keeps_no_owners_has_no_sheet_of_them(tmp_path: Path) -> None:
    assert called(tmp_path, "template", "a.xlsx", "--rulebook", BOOK).code == 0
    book = load_workbook(tmp_path / "a.xlsx")
    assert "Owners" not in book.sheetnames
    assert not any("Owners" in str(row[0]) for row in book.worksheets[0].values)


# The guide --------------------------------------------------------------------------------------

GUIDE = (ROOT / "docs" / "policy-owner.md").read_text(encoding="utf-8")
FILTERS = "4.7-permissive-environments/it-filter-assurance.yaml"
DEPUTY = "3-strategic-themes/deputy-lead.yaml"
TRAINING = "4.6-training/refresher-training.yaml"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def files(edits: dict[str, str]) -> dict[str, bytes]:
    """The own rulebook's files, some of them with another text."""
    held = {
        path.relative_to(OWN_BOOK).as_posix(): path.read_bytes()
        for path in OWN_BOOK.rglob("*.yaml")
    }
    return held | {name: text.encode() for name, text in edits.items()}


def own_text(name: str) -> str:
    return (OWN_BOOK / name).read_text(encoding="utf-8")


def loaded(edits: dict[str, str]) -> Rulebook:
    return book_of(files(edits))


(
    _,
    VERSION,
    NEW_CASES,
    TRANSITION,
    MET_CASE,
    DEPUTY_RULE,
    DEPUTY_CASE,
    UNTIL,
    BODY,
    OWNERS,
) = blocks("yaml")
#: The rule as it was, also where the guide's change was made in the own rulebook.
UNCHANGED = own_text(FILTERS).partition(VERSION)[0]
FILTER_CASES = FILTERS.replace(".yaml", ".cases.yaml")
FILTER_TEXT = own_text(FILTER_CASES).partition(f"\n{NEW_CASES}")[0]
CHANGED = {FILTERS: UNCHANGED + VERSION}


def folder_of(edits: dict[str, str], folder: Path) -> Path:
    """The own rulebook with these files, in a folder."""
    shutil.copytree(OWN_BOOK, folder)
    for name, text in edits.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_book_says_what_reports_call_the_body(tmp_path: Path) -> None:
    text = (BOOK / "book.yaml").read_text(encoding="utf-8")
    old = text[text.index("body:\n") : text.index("sections:\n")]
    made = book_in(rulebook(tmp_path, {"book.yaml": (old, BODY)}))
    body = made.book.body
    assert (body.called, body.head, body.lead) == ("school", "governors", "safeguarding lead")
    assert body.met_does_not_mean.startswith("This report does not decide whether pupils are safe.")


def test_the_register_of_owners_is_read_in_any_rulebook(tmp_path: Path) -> None:
    folder = rulebook(tmp_path)
    registers = folder / "registers.yaml"
    registers.write_text(registers.read_text(encoding="utf-8") + OWNERS, encoding="utf-8")
    made = book_in(folder)
    assert made.registers["owners"].control


def test_a_number_is_changed_from_a_day_on() -> None:
    book = loaded(CHANGED)
    patterns = [version.pattern for version in book.duties["it-filter-assurance"].versions]
    spans = [pattern.every for pattern in patterns if isinstance(pattern, Rolling)]
    assert spans == [Span(12, "months"), Span(6, "months")]
    old, new = book.duties["it-filter-assurance"].versions
    assert old.evidence is not None
    assert new.evidence is not None
    assert old.evidence.where[:3] == new.evidence.where[:3]


def with_cases(folder: Path, edits: Mapping[str, str] | None = None) -> Path:
    """The own rulebook, changed as the guide says: the version and the cases are added at the ends
    of their files. ``edits`` are of the cases."""
    text = f"{FILTER_TEXT}\n{NEW_CASES}"
    for old, new in (edits or {}).items():
        assert old in text
        text = text.replace(old, new)
    return folder_of({**CHANGED, FILTER_CASES: text}, folder)


#: The cases for December 2028, worked out again.
LATER = {
    "status: due\n      deadline: 2029-02-28\n      days: 60": (
        "status: overdue\n      deadline: 2028-08-29\n      days: -123"
    ),
    "status: met\n      deadline: 2029-02-28\n      days: 61": (
        "status: overdue\n      deadline: 2028-08-29\n      days: -122"
    ),
}


@pytest.mark.campaign
def test_the_guide_is_followed_from_the_change_to_its_cases(tmp_path: Path) -> None:
    """With the cases of the new version in the duty's own file, it prints what the guide shows."""
    book = with_cases(tmp_path / "book")
    assert called(tmp_path, "rules", "check", book).code == 0
    test = ("rules", "test", "it-filter-assurance")
    assert called(tmp_path, *test, book) == Ended(2, blocks("text")[0], "")
    corrected = with_cases(tmp_path / "corrected", LATER)
    assert called(tmp_path, *test, corrected).out == "All as expected: 47 cases of 1 duty.\n"
    cases(tmp_path / "new", a=FILTER_TEXT.partition("  - name:")[0] + NEW_CASES)
    before = folder_of({FILTERS: UNCHANGED}, tmp_path / "before")
    assert called(tmp_path, "rules", "test", before, "--cases", "new").code == 2


def test_the_case_that_the_guide_shows_failing_is_reported(tmp_path: Path) -> None:
    right = "expect: {status: met, deadline: 2027-12-02}"
    book = with_cases(tmp_path / "book", LATER | {right: right.replace("12-02", "06-02")})
    done = called(tmp_path, "rules", "test", "it-filter-assurance", book)
    assert done == Ended(2, blocks("text")[6], "")


@pytest.mark.parametrize("text", ["title", "reading"])
def test_words_that_repeat_the_old_number_are_reported(text: str) -> None:
    """The guide says that 'rules check' looks at the title and the readings."""
    rule = (OWN_BOOK / TRAINING).read_text(encoding="utf-8")
    edited = rule.replace("every: 24 months", "every: 18 months").replace(
        "  24 months.", "  18 months."
    )
    other = {"title": "at least every 24", "reading": "(every 24"}[text]
    edited = edited.replace(other, other.replace("24", "18"))
    found = read_book(files({TRAINING: edited}))
    assert not isinstance(found, Rulebook)
    (problem,) = found
    assert problem.where.rpartition(" > ")[2] == text
    assert problem.message.endswith(" says '24 months', but the rule says 18 months.")
    assert "Otherwise write '18 months' here." in problem.instead


def test_a_number_that_was_changed_in_place_is_reported_line_by_line(tmp_path: Path) -> None:
    """The old number in the title, 'in brief' and the reading, each with what to do instead."""
    rule = own_text(TRAINING).replace("every: 24 months", "every: 18 months")
    book = folder_of({TRAINING: rule}, tmp_path / "book")
    done = called(tmp_path, "rules", "check", book)
    assert done.code == 2
    lines = done.out.splitlines()
    assert re.findall(r"line (\d+) ", done.out) == ["3", "6", "38"]
    for line, text in zip(lines, ("The title", "'in brief'", "The reading"), strict=True):
        assert f"{text} says '24 months', but the rule says 18 months." in line
        assert "add a version that begins on a later day. Otherwise" in line
        assert line.endswith("Otherwise write '18 months' here.")


def test_words_that_are_true_only_of_an_older_version_are_a_note(tmp_path: Path) -> None:
    book = folder_of(CHANGED, tmp_path / "book")
    done = called(tmp_path, "rules", "check", book)
    assert done.code == 0
    assert done.out.partition("\n")[2] == blocks("text")[2]
    neutral = {"title: Annual IT": "title: IT", "every 12 months": "as often as the rule says"}
    text = CHANGED[FILTERS]
    for old, new in neutral.items():
        assert old in text
        text = text.replace(old, new, 1)
    other = folder_of({FILTERS: text}, tmp_path / "other")
    assert called(tmp_path, "rules", "check", other).out.count("\n") == 1


def test_those_who_met_the_old_version_are_given_time(tmp_path: Path) -> None:
    version = VERSION.replace("\n", f"\n{TRANSITION}", 1)
    changed = UNCHANGED + version
    book = folder_of({FILTERS: changed}, tmp_path / "book")
    head = FILTER_TEXT.partition("  - name:")[0]
    days = {"2027-04-02": "met", "2027-07-02": "due", "2027-09-01": "overdue"}
    made = [
        MET_CASE.replace("name: What", f"name: {status}, what")
        .replace("2027-04-02", on)
        .replace("status: met", f"status: {status}")
        for on, status in days.items()
    ]
    cases(tmp_path / "new", a=head + "".join(made))
    done = called(tmp_path, "rules", "test", book, "--cases", "new")
    assert (done.code, done.out.splitlines()[-1]) == (0, "All as expected: 3 cases of 1 duty.")


def test_the_old_cases_come_out_as_before_but_for_later_days() -> None:
    book = loaded(CHANGED)
    read = read_cases(FILTER_CASES, FILTER_TEXT.encode(), book)
    old = [each for each in read if isinstance(each, PlacedCase)]
    results = run_cases(old, book, None)
    assert len(old) == len(read)
    assert len(old) > 20
    otherwise = [
        placed.case.as_of for placed, result in zip(old, results, strict=True) if not result.passed
    ]
    assert {(day.year, day.month) for day in otherwise} <= {(2028, 12)}
    assert len(otherwise) < len(old) / 5


SLIPS = [
    ({"Warwickshire Police": "Warwickshire Polce", "column: covers": "column: covrs"}, 4),
    ({"every: 6 months": "every: half a year"}, 5),
]


@pytest.mark.parametrize(("slips", "block"), SLIPS)
def test_the_slips_that_the_guide_shows_are_told_so(slips: dict[str, str], block: int) -> None:
    version = VERSION
    for right, wrong in slips.items():
        assert version.count(right) == 1
        version = version.replace(right, wrong)
    found = read_book(files({FILTERS: UNCHANGED + version}))
    assert not isinstance(found, Rulebook)
    assert "".join(f"{describe(each)}\n" for each in found) == blocks("text")[block]


def with_deputy(folder: Path) -> Path:
    """A copy of the own rulebook in which the guide's duty was added as the guide says."""
    book = folder_of({}, folder / "rules" / "prevent-opcc")
    for path in book.rglob("deputy-lead.*"):  # added to the own rulebook as well
        path.unlink()
    words = shlex.split(blocks("text")[3].replace("\\\n", " "))
    assert words[:2] == ["dueregard", "rules"]
    added = called(folder, *words[1:])
    assert (added.code, added.err) == (0, "")
    rule = (book / DEPUTY).read_text(encoding="utf-8")
    rewritten = [line for line in DEPUTY_RULE.splitlines() if line not in rule.splitlines()]
    assert [line.split(":")[0].strip() for line in rewritten] == ["in brief", "reading"]
    (book / DEPUTY).write_text(DEPUTY_RULE, encoding="utf-8")
    path = (book / DEPUTY).with_suffix(".cases.yaml")
    text = path.read_text(encoding="utf-8")
    assert "\nusual:\n  roles: {role: Deputy Prevent Lead}\n" in text
    path.write_text(f"{text}\n{DEPUTY_CASE}", encoding="utf-8")
    return book


def test_a_duty_is_added_with_its_cases(tmp_path: Path) -> None:
    book = with_deputy(tmp_path)
    checked = called(tmp_path, "rules", "check", book)
    assert (checked.code, checked.err) == (0, "")
    done = called(tmp_path, "rules", "test", "deputy-lead", book)
    assert (done.code, done.out) == (0, "All as expected: 9 cases of 1 duty.\n")


@pytest.mark.campaign
def test_a_rulebook_with_another_duty_is_used_like_the_own_one(tmp_path: Path) -> None:
    book = with_deputy(tmp_path)
    assert called(tmp_path, "rules", "test", book).code == 0
    assert called(tmp_path, "template", "a.xlsx", "--rulebook", book).code == 0
    assert "Deputy Prevent Lead" in str(list(sheet(tmp_path / "a.xlsx", "Owners").values))
    office = ROOT / "examples" / "office.xlsx"
    asked = ("--rulebook", book, "--as-of", "2027-04-02", "--ledger", "none", "--out", "out")
    done = called(tmp_path, "check", office, *asked)
    assert (done.code, done.err) == (1, "")
    report = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    statuses = {duty["id"]: duty["status"] for duty in report["duties"]}
    assert statuses["deputy-lead"] == "met"


def test_a_duty_is_ended() -> None:
    duty = "toolkit-considered"
    name = OWN.sources[duty]
    text = own_text(name).replace("\nversions:", f"\n{UNTIL}\nversions:")
    assert str(loaded({name: text}).duties[duty].until) == "2027-03-31"


def test_ending_a_duty_that_others_add_to_names_them() -> None:
    name = OWN.sources["assurance-statement"]
    text = own_text(name).replace("\nversions:", f"\n{UNTIL}\nversions:")
    found = read_book(files({name: text}))
    assert not isinstance(found, Rulebook)
    added = [d for d, rule in OWN.duties.items() if "assurance-statement" in str(rule.versions)]
    assert len(added) >= 3
    told = " ".join(describe(each) for each in found)
    assert all(duty in told for duty in added if duty != "assurance-statement")


def test_the_patterns_that_the_guide_lists_are_those_of_the_rules() -> None:
    listed = re.findall(r"^\| `([a-z ]+)` \| .* \| `([a-z-]+)` \|$", GUIDE, re.MULTILINE)
    kinds = {kind for kind, _ in listed}
    assert kinds == {
        version.pattern.kind for duty in OWN.duties.values() for version in duty.versions
    }
    for kind, duty in listed:
        assert OWN.duties[duty].versions[0].pattern.kind == kind
