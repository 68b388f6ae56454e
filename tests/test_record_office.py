"""The office's folder: office.yaml, which files are evidence, permissions and the lock."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from evidence.deterministic import save_workbook_bytes
from evidence.filenames import names_of
from evidence.visible import first_hidden
from record.ledger.chain import Stamp
from record.ledger.database import LEDGER_NAME
from record.office import evidence_files
from record.office.allowed_paths import allow_paths, allowed_paths, user_file
from record.office.conflicted_copies import copies_of
from record.office.evidence_files import (
    EvidenceFiles,
    EvidenceStop,
    Reason,
    find_evidence,
    passed_words,
)
from record.office.folder_lock import FolderBusy, locked
from record.office.office_file import NAME, OfficeFile, office_file_text, read_office_file
from record.pack.pack import RECHECK
from reports.html.report import to_html
from reports.json import from_json, to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from reports.xlsx.sheet import ReportBook
from rules.problem import describe
from tests.support import assessment_builders
from tests.support.expected import case_table
from tests.support.needs import ROOT

# office.yaml --------------------------------------------------------------------------------------

WHOLE = OfficeFile(
    version=1,
    office="Anyshire County Council",
    rulebook="rulebook",
    sop=("Prevent SOP.docx",),
    records_begin=datetime.date(2025, 4, 1),
    evidence=("Training matrix 2026.xlsx", "Registers/", "*.xlsx"),
)
WHOLE_TEXT = """\
# What 'dueregard check' uses in this folder. An option that you type in a command overrides it.
# Edit it with any editor. Whatever follows a # is a note.

version: 1
office: Anyshire County Council
rulebook: rulebook
sop: Prevent SOP.docx
records begin: 2025-04-01
evidence:
  - Training matrix 2026.xlsx
  - Registers/
  - "*.xlsx"
"""


def written(folder: Path, text: str) -> Path:
    """office.yaml with that text."""
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_is_plain_to_read_and_edit(tmp_path: Path) -> None:
    assert office_file_text(WHOLE) == WHOLE_TEXT
    assert read_office_file(written(tmp_path, WHOLE_TEXT)) == WHOLE


def test_what_is_left_out_has_a_note_with_an_example(tmp_path: Path) -> None:
    nothing = OfficeFile(version=1)
    text = office_file_text(nothing)
    assert "# records begin: 2025-04-01  # left out: what was missed before you kept" in text
    assert read_office_file(written(tmp_path, text)) == nothing
    examples = text.replace("\n# ", "\n").partition("version")[2]
    assert isinstance(read_office_file(written(tmp_path, f"version{examples}")), OfficeFile)


#: Texts that a person may give: what cannot be seen is refused when the file is read.
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).filter(
    lambda text: text.strip() and first_hidden(text) is None
)
HARD = st.sampled_from(
    ["yes", "2025", "1.5", "null", "- a", "a: b", "a #b", '"', "\\", "~", "a\xa0b"]
)


@given(TEXTS | HARD, st.lists(TEXTS | HARD), st.dates() | st.none())
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, text: str, named: list[str], day: datetime.date | None
) -> None:
    file = OfficeFile(version=1, office=text, sop=(text,), records_begin=day, evidence=tuple(named))
    folder = tmp_path_factory.getbasetemp()
    assert read_office_file(written(folder, office_file_text(file))) == file


WRONG = case_table("office_yaml_faults")


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_it_is_said_with_its_line(tmp_path: Path, name: str) -> None:
    text, says = WRONG[name]
    problems = read_office_file(written(tmp_path, text))
    assert isinstance(problems, tuple)
    assert [describe(problem) for problem in problems] == [says]


@pytest.mark.parametrize("day", ["01/04/2025", "1 April 2025", "2025-04-01", "'1/4/2025'"])
def test_the_day_on_which_records_begin_may_be_written_as_in_a_cell(
    tmp_path: Path, day: str
) -> None:
    office = read_office_file(written(tmp_path, f"version: 1\nrecords begin: {day}\n"))
    assert office == OfficeFile(version=1, records_begin=datetime.date(2025, 4, 1))


def test_a_path_in_single_quotes_is_read_as_it_is(tmp_path: Path) -> None:
    text = "version: 1\nevidence:\n  - 'H:\\Prevent\\registers.xlsx'\n"
    office = read_office_file(written(tmp_path, text))
    assert office == OfficeFile(version=1, evidence=("H:\\Prevent\\registers.xlsx",))


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    problems = read_office_file(tmp_path / NAME)
    assert isinstance(problems, tuple)
    assert [describe(problem) for problem in problems] == [
        "office.yaml: The file is a folder. Give a file."
    ]


# Which files are evidence -------------------------------------------------------------------------


def made(folder: Path, *names: str) -> Path:
    """The folder with files of these names; a name that ends in / is a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.touch()
    return folder


def found(folder: Path, *named: str, allowed: Iterable[Path] | None = ()) -> EvidenceFiles:
    """What these names stand for in a folder."""
    within = None if allowed is None else tuple(allowed)
    return find_evidence([Path(name) for name in named], folder, within)


def names(folder: Path, files: EvidenceFiles) -> list[str]:
    """The names of the files of evidence, from the folder."""
    return [path.relative_to(folder).as_posix() for path in files.files]


def passed(folder: Path, files: EvidenceFiles) -> dict[str, Reason]:
    """Why each file was passed over, by its name from the folder."""
    return {each.path.relative_to(folder).as_posix(): each.reason for each in files.passed_over}


def report_workbook() -> bytes:
    """A workbook as a report writes it."""
    book = ReportBook("")
    book.create_sheet("Duties")
    return save_workbook_bytes(book)


def test_a_folder_stands_for_its_spreadsheets_in_order(tmp_path: Path) -> None:
    folder = made(tmp_path, "b.xlsx", "a/z.ods", "a/B.XLSX", "c.csv", "notes.docx", "e/", "d.xls")
    files = found(folder, ".")
    assert names(folder, files) == ["a/B.XLSX", "a/z.ods", "b.xlsx", "c.csv", "d.xls"]
    assert passed(folder, files) == {"notes.docx": Reason.FORMAT}


def test_what_is_no_evidence_is_passed_over_with_the_reason(tmp_path: Path) -> None:
    lock, other = "~$a.xlsx", ".~lock.a.xlsx#"
    folder = made(tmp_path, "a.xlsx", lock, other, "a.tmp", "~WRL1.tmp", "._a.xlsx", ".git/b.xlsx")
    made(tmp_path, "Thumbs.db", ".dueregard.lock", NAME, LEDGER_NAME)
    files = found(folder, ".")
    assert names(folder, files) == ["a.xlsx"]
    assert passed(folder, files) == {
        **dict.fromkeys((lock, other), Reason.LOCK),
        **dict.fromkeys(("a.tmp", "~WRL1.tmp", "._a.xlsx", ".git", "Thumbs.db"), Reason.TEMPORARY),
    }
    assert passed_words(files.passed_over) == [
        f"{folder}/a.xlsx is open in Excel: changes that are not saved yet are not counted.",
        f"Not read (temporary or hidden): {folder}/._a.xlsx, {folder}/.git, {folder}/Thumbs.db, "
        f"{folder}/a.tmp and {folder}/~WRL1.tmp",
    ]


def test_what_the_program_wrote_is_no_evidence(tmp_path: Path) -> None:
    """Reports, wherever they were moved, unpacked packs and stores; a filled-in template is."""
    reports = made(tmp_path, "reports/2026-11-24/run.json", "reports/2026-11-24/assessment.html")
    (reports / "reports/2026-11-24/assessment.xlsx").write_bytes(report_workbook())
    (reports / "moved.xlsx").write_bytes(report_workbook())
    made(tmp_path, "pack/manifest.json", f"pack/{RECHECK.name}", "pack/evidence/cells.csv")
    made(tmp_path, "dueregard-ledger.sqlite", "dueregard-ledger.assessments/a.csv", "template.xlsx")
    files = found(tmp_path, ".")
    assert names(tmp_path, files) == ["template.xlsx"]
    own = {"moved.xlsx", "reports/2026-11-24/assessment.xlsx"}
    assert passed(tmp_path, files) == dict.fromkeys(own, Reason.OWN)
    with pytest.raises(EvidenceStop, match=r"moved\.xlsx was written by this program, as a report"):
        found(tmp_path, "moved.xlsx")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*.xlsx", ["B.XLSX", "a.xlsx"]),
        ("[ab].xlsx", ["B.XLSX", "a.xlsx"]),
        ("?.csv", ["c.csv"]),
        ("r*/*.xlsx", ["r/d.xlsx"]),
        ("r*", ["r/d.xlsx", "r/s/e.xlsx"]),
        ("**/*.xlsx", ["B.XLSX", "a.xlsx", "r/d.xlsx", "r/s/e.xlsx"]),
        ("r/**", ["r/d.xlsx", "r/s/e.xlsx"]),
    ],
)
def test_patterns_are_expanded_by_the_program(
    tmp_path: Path, pattern: str, fits: list[str]
) -> None:
    folder = made(tmp_path, "a.xlsx", "B.XLSX", "c.csv", "r/d.xlsx", "r/s/e.xlsx", "~$a.xlsx")
    assert names(folder, found(folder, pattern)) == fits


def test_a_name_that_is_there_is_no_pattern(tmp_path: Path) -> None:
    folder = made(tmp_path, "Register [2026].xlsx", "Register 2.xlsx")
    assert names(folder, found(folder, "Register [2026].xlsx")) == ["Register [2026].xlsx"]


def test_a_file_is_evidence_once_however_it_is_found(tmp_path: Path) -> None:
    folder = made(tmp_path, "r/a.xlsx", "b.xlsx")
    (folder / "link").symlink_to(folder / "r")
    (folder / "ring").symlink_to(folder)
    assert names(folder, found(folder, "b.xlsx", "r", ".")) == ["b.xlsx", "r/a.xlsx"]
    assert names(folder, found(folder, ".", "*.xlsx")) == ["b.xlsx", "link/a.xlsx"]


def test_a_file_that_is_not_there_is_left_to_the_reading(tmp_path: Path) -> None:
    assert names(tmp_path, found(tmp_path, "gone.xlsx")) == ["gone.xlsx"]


def test_links_that_lead_out_of_the_folder_are_passed_over(tmp_path: Path) -> None:
    folder, elsewhere = made(tmp_path / "office", "a.xlsx"), made(tmp_path / "else", "b.xlsx")
    (folder / "out.xlsx").symlink_to(elsewhere / "b.xlsx")
    (folder / "outside").symlink_to(elsewhere)
    files = found(folder, ".")
    assert names(folder, files) == ["a.xlsx"]
    assert passed(folder, files) == dict.fromkeys(("out.xlsx", "outside"), Reason.OUTSIDE)
    allowed = found(folder, ".", allowed=[elsewhere])
    assert names(folder, allowed) == ["a.xlsx", "out.xlsx"]
    assert passed(folder, allowed) == {}


@pytest.mark.parametrize("named", ["../else/b.xlsx", "../else", "../else/*.xlsx", "link.xlsx"])
def test_a_path_outside_the_folder_needs_permission(tmp_path: Path, named: str) -> None:
    place = tmp_path / "else" / ("b.xlsx" if named.endswith(("b.xlsx", "link.xlsx")) else "")
    folder, elsewhere = made(tmp_path / "office", "a.xlsx"), made(tmp_path / "else", "b.xlsx")
    (folder / "link.xlsx").symlink_to(elsewhere / "b.xlsx")
    with pytest.raises(EvidenceStop) as stop:
        found(folder, named)
    assert str(stop.value) == (
        f"office.yaml names {named}, which is outside its folder, and nobody has allowed that on"
        f' this computer. If you trust it, run in that folder: dueregard start --allow "{place}"'
    )
    assert len(found(folder, named, allowed=[elsewhere]).files) == 1
    assert len(found(folder, named, allowed=None).files) == 1


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("*.xlsm", "No spreadsheet fits *.xlsm: check the pattern and its folder."),
        (
            "empty",
            "There is no spreadsheet in empty. Give a folder with workbooks (.xlsx) or CSV files.",
        ),
        ("gone/*.xlsx", "No spreadsheet fits gone/*.xlsx: check the pattern and its folder."),
        (
            "notes/*",
            "No spreadsheet fits notes/*: check the pattern and its folder.\nNot read (not a"
            " spreadsheet): {}/notes/a.docx",
        ),
    ],
)
def test_a_name_that_stands_for_nothing_stops(tmp_path: Path, named: str, says: str) -> None:
    folder = made(tmp_path, "a.xlsx", "empty/", "notes/a.docx")
    with pytest.raises(EvidenceStop) as stop:
        found(folder, named)
    assert str(stop.value) == says.format(folder)


def test_no_more_files_are_looked_at_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path, "a/1.xlsx", "b/2.xlsx")
    monkeypatch.setattr(evidence_files, "MOST_ENTRIES", 4)
    assert len(found(folder, ".").files) == 2
    monkeypatch.setattr(evidence_files, "MOST_ENTRIES", 3)
    with pytest.raises(EvidenceStop) as stop:
        found(folder, ".")
    assert str(stop.value) == (
        f"{folder}/b and the other folders of evidence contain more than 3 files and folders: give"
        " the files of evidence themselves."
    )


def test_no_more_files_are_evidence_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path, "a.xlsx", "b.xlsx", "c.xlsx")
    monkeypatch.setattr(evidence_files, "MOST_FILES", 2)
    assert len(found(folder, "a.xlsx", "*b.xlsx", "[c].xlsx").files) == 3
    with pytest.raises(EvidenceStop) as stop:
        found(folder, "*.xlsx")
    assert str(stop.value) == (
        "*.xlsx stands for more than 2 spreadsheets: give those that are evidence, or a folder that"
        " contains nothing else."
    )


# Conflicted copies --------------------------------------------------------------------------------

COPIES = [
    "Training-DESKTOP-AB12.xlsx",
    "Training-DESKTOP-AB12-2.xlsx",
    "training-OPCC-LT0123.xlsx",
    "Training-Janes-MacBook-Pro.xlsx",
    "Training (Jane's conflicted copy 2026-11-24).xlsx",
    "Training (1).xlsx",
    "Training(2).xlsx",
    "Training - Copy.xlsx",
    "Training - Copy (2).xlsx",
    "Training.sync-conflict-20261124-101010-ABCDEFG.xlsx",
]
OTHERS = [
    "Training.xlsx",
    "Training 2026.xlsx",
    "Training-2026.xlsx",
    "Training-FY2026.xlsx",
    "Training-HR.xlsx",
    "Training (HR).xlsx",
    "Training-DESKTOP-AB12.csv",
    "Training matrix (1).xlsx",
]


def test_conflicted_copies_are_known_by_their_names() -> None:
    assert copies_of("Training.xlsx", COPIES + OTHERS) == COPIES


@pytest.mark.parametrize(
    ("own", "copies"),
    [
        (NAME, ["office-DESKTOP-AB12.yaml", "office-jane.yaml", "office (1).yaml"]),
        (NAME, ["office (Jane's conflicted copy 2026-11-24).yaml"]),
        (LEDGER_NAME, ["dueregard-ledger-LAPTOP.sqlite", "dueregard-ledger (1).sqlite"]),
    ],
)
def test_any_computer_may_have_added_its_name_to_a_file_of_the_program(
    own: str, copies: list[str]
) -> None:
    assert copies_of(own, [own, "office.yaml.bak", "office-2025.yaml", *copies], own=True) == copies


@pytest.mark.parametrize("named", [".", "*.xlsx", "Training.xlsx"])
def test_evidence_and_its_conflicted_copy_stop(tmp_path: Path, named: str) -> None:
    folder = made(tmp_path, "Training.xlsx", "Training-DESKTOP-AB12.xlsx")
    with pytest.raises(EvidenceStop) as stop:
        found(folder, named)
    assert str(stop.value) == (
        f"{folder}/Training.xlsx has a conflicted copy, {folder}/Training-DESKTOP-AB12.xlsx:"
        " OneDrive, SharePoint or Dropbox makes one when two people change a file at once. Which"
        " one is right? Keep that one as Training.xlsx, and move the other out of the folder."
    )


def test_a_file_and_its_conflicted_copy_on_the_command_line_stop_as_well(tmp_path: Path) -> None:
    folder = made(tmp_path, "Training.xlsx", "Training (2).xlsx")
    with pytest.raises(EvidenceStop, match=r"Training\.xlsx has a conflicted copy"):
        found(folder, "Training.xlsx", "Training (2).xlsx", allowed=None)


def test_a_workbook_that_is_named_and_open_in_excel_is_reported(tmp_path: Path) -> None:
    folder = made(tmp_path, "a.xlsx", "~$a.xlsx", "~$b.xlsx", "c.xlsx", ".~lock.c.xlsx#")
    files = found(folder, "a.xlsx", "c.xlsx")
    assert names(folder, files) == ["a.xlsx", "c.xlsx"]
    assert passed_words(files.passed_over) == [
        f"{folder}/a.xlsx and {folder}/c.xlsx are open in Excel: changes that are not saved yet are"
        " not counted."
    ]


def test_a_copy_that_a_person_named_or_that_has_no_original_is_evidence(tmp_path: Path) -> None:
    copy = "Training-DESKTOP-AB12.xlsx"
    folder = made(tmp_path, "Training.xlsx", copy)
    assert names(folder, found(folder, "Training.xlsx", copy)) == ["Training.xlsx", copy]
    assert names(folder, found(folder, "Training.xlsx", allowed=None)) == ["Training.xlsx"]
    (folder / "Training.xlsx").unlink()
    assert names(folder, found(folder, ".")) == [copy]


# Permissions and the lock -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "environment", "place"),
    [
        ("linux", {}, "home/.config/dueregard/allowed.json"),
        ("linux", {"XDG_CONFIG_HOME": "conf"}, "conf/dueregard/allowed.json"),
        ("darwin", {}, "home/Library/Application Support/dueregard/allowed.json"),
        ("win32", {"APPDATA": "roaming"}, "roaming/dueregard/allowed.json"),
        ("win32", {}, "home/AppData/Roaming/dueregard/allowed.json"),
    ],
)
def test_permissions_are_kept_with_the_users_settings(
    platform: str, environment: dict[str, str], place: str
) -> None:
    assert user_file(environment, platform, Path("home")).as_posix() == place


def test_a_permission_is_for_one_folder(tmp_path: Path) -> None:
    settings = tmp_path / "settings" / "allowed.json"
    one, two, elsewhere = (made(tmp_path / name) for name in ("one", "two", "else"))
    assert allowed_paths(settings, one) == ()
    allow_paths(settings, one, [elsewhere])
    allow_paths(settings, one, [elsewhere, elsewhere / "b.xlsx"])
    assert allowed_paths(settings, one) == (elsewhere, elsewhere / "b.xlsx")
    assert allowed_paths(settings, two) == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "dueregard-allowed-1"}', "[" * 9999])
def test_permissions_that_cannot_be_read_allow_nothing(tmp_path: Path, text: str) -> None:
    settings = tmp_path / "allowed.json"
    settings.write_text(text)
    assert allowed_paths(settings, tmp_path) == ()


JANE = Stamp(datetime.datetime(2026, 11, 24, 10, 5, tzinfo=datetime.UTC), "Jane, of HR")


def test_the_second_of_two_is_told_who_is_first(tmp_path: Path) -> None:
    with locked(tmp_path, JANE), pytest.raises(FolderBusy) as busy, locked(tmp_path, JANE, 0.1):
        pass
    assert str(busy.value) == (
        "This folder is being checked by Jane, of HR (since 10:05 on 24 November 2026), and still"
        " was after 0 seconds. Nothing was checked. Try again when that check has ended."
    )
    with locked(tmp_path, JANE, 0.1):
        assert len(list(tmp_path.iterdir())) == 2
    assert [path.name for path in tmp_path.iterdir()] == [".dueregard.lock"]


def test_a_killed_process_keeps_no_lock(tmp_path: Path) -> None:
    """The lock ends with its process, and what that wrote about itself is replaced."""
    code = (
        "import sys, time; from pathlib import Path; from record.office.folder_lock import locked\n"
        "import datetime; from record.ledger.chain import Stamp\n"
        "jane = Stamp(datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), 'Jane')\n"
        "with locked(Path(sys.argv[1]), jane): print('locked', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(FolderBusy), locked(tmp_path, JANE, 0.1):
            pass
        process.kill()
    with locked(tmp_path, JANE, 0.1):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [".dueregard.lock"]


def test_a_folder_that_cannot_be_written_is_not_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: FileLock) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    with locked(tmp_path, JANE):
        assert list(tmp_path.iterdir()) == []


# Names and heads of reports -----------------------------------------------------------------------


def test_evidence_is_named_from_the_offices_folder(tmp_path: Path) -> None:
    paths = [tmp_path / "office" / "r" / "a.xlsx", tmp_path / "b.xlsx"]
    assert names_of(paths, tmp_path / "office") == ["r/a.xlsx", "../b.xlsx"]
    assert names_of(paths) == ["office/r/a.xlsx", "b.xlsx"]


def test_the_name_of_the_office_is_at_the_head_of_each_report() -> None:
    named = assessment_builders.assessment((), office="OPCC & Co")
    without = assessment_builders.assessment(())
    assert summary(named).splitlines()[2] == "OPCC & Co"
    assert '<span class="caption">OPCC &amp; Co</span>' in to_html(named).decode()
    sheet = load_workbook(io.BytesIO(to_xlsx(named)))["Summary"]
    assert "OPCC & Co" in [row[0].value for row in sheet.iter_rows(max_row=5)]
    assert from_json(to_json(named)) == named
    assert b'"office":' not in to_json(without).partition(b'"status"')[0]
    assert summary(without) == summary(named).replace("OPCC & Co\n", "")
