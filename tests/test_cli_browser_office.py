"""The pages for files, the office and the check: what they save, and what they say to bad input."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from filelock import FileLock
from openpyxl import Workbook

from cli.browser import contents, uploads
from cli.browser.check_run import CheckRun
from cli.browser.guard import Session
from cli.browser.settings import SEEN, seen
from cli.browser.site import Site
from evidence.limits import Limits
from evidence.raw_cells import Book
from record.office import folder_lock
from reports.words import WORKBOOK_CREATOR
from tests.support.browser_pages import Answer, folder_hashes, followed, opened_here, site_of, visit
from tests.support.desk_office import workbook
from tests.test_cli_mapping import PEOPLE

WHEN = "24 November 2026"
_NOTICE = re.compile(r'<p class="inset said(?: refused)?" role="(?:status|alert)">(.*?)</p>')
_FAULT = re.compile(r'<p class="fault" id="fault-(\w+)" role="alert">(.*?)</p>')


@pytest.fixture(autouse=True)
def without_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opens the office's files in this process, which is quicker."""
    monkeypatch.setattr(contents, "opened", opened_here)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The pages of an empty folder, in which nothing else may be changed."""
    folder = tmp_path / "office"
    folder.mkdir()
    return site_of(folder)


def notices(answer: Answer) -> list[str]:
    """What a page says first, of what was just done."""
    return [unescape(text) for text in _NOTICE.findall(answer.text)]


def faults(answer: Answer) -> dict[str, str]:
    """What a page says is wrong, by field."""
    return {name: unescape(text) for name, text in _FAULT.findall(answer.text)}


def added(site: Site, *files: tuple[str, bytes]) -> list[str]:
    """What the pages say when these files are added."""
    return notices(followed(site, visit(site, "POST", "/files/add", {}, files)))


def evidence_of(site: Site) -> tuple[str, ...]:
    """The evidence that office.yaml names."""
    office = site.office()
    return office.file.evidence if office else ()


def save_office(site: Site, name: str = "", begin: str = "", sop: str = "none") -> Answer:
    """Sends the form about the office."""
    fields = {SEEN: seen(site.folder), "office": name, "records_begin": begin, "sop": sop}
    return visit(site, "POST", "/office", fields)


def tick(site: Site, names: Sequence[str]) -> Answer:
    """Sends the form in which these files are ticked."""
    return visit(site, "POST", "/files", {SEEN: seen(site.folder), "file": names})


def ended_check(site: Site) -> Answer:
    """The page of a check once it has ended."""
    for _ in range(600):
        if site.check_run is None or site.check_run.ended:
            return visit(site, "GET", "/check")
        time.sleep(0.1)
    raise AssertionError("The check did not end.")


# Adding files -----------------------------------------------------------------------------------


def test_a_file_is_added_and_named_as_evidence(site: Site) -> None:
    data = workbook()
    assert added(site, ("Staff.xlsx", data)) == ["'Staff.xlsx' was added."]
    assert (site.folder / "Staff.xlsx").read_bytes() == data
    assert evidence_of(site) == ("Staff.xlsx",)


def test_the_same_file_again_changes_nothing(site: Site) -> None:
    added(site, ("Staff.csv", b"a,b\n"))
    before = folder_hashes(site.folder)
    twice = ("Staff.csv", b"a,b\n"), ("Staff.csv", b"a,b\n")
    assert added(site, *twice) == ["'Staff.csv' is in the folder already."] * 2
    assert folder_hashes(site.folder) == before


def test_a_file_of_the_same_name_never_replaces_another(site: Site) -> None:
    added(site, ("Staff.csv", b"a,b\n"))
    assert added(site, ("Staff.csv", b"c,d\n")) == [
        "'Staff.csv' is in the folder already, with other contents. The program never changes your "
        "files: replace it in the folder yourself, or give this one another name."
    ]
    assert (site.folder / "Staff.csv").read_bytes() == b"a,b\n"


def test_a_file_dropped_twice_in_one_form_is_added_once(site: Site) -> None:
    assert added(site, ("A.csv", b"1\n"), ("A.csv", b"1\n"), ("A.csv", b"2\n")) == [
        "'A.csv' is in the folder already, with other contents. The program never changes your "
        "files: replace it in the folder yourself, or give this one another name.",
        "'A.csv' was added.",
        "'A.csv' is in the folder already.",
    ]
    assert evidence_of(site) == ("A.csv",)


_KINDS = (
    "was not added. Add spreadsheets (.csv, .ods, .xls, .xlsb, .xlsm, .xlsx), or the SOP (.docx, "
    ".md or .txt)."
)
_NAME = "cannot be the name of a file. Rename it, and add it again."


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Picture.png", f"'Picture.png' {_KINDS}"),
        ("SOP.pdf", f"'SOP.pdf' {_KINDS}"),
        ("office.yaml", f"'office.yaml' {_KINDS}"),
        (".dueregard-answers.json", f"'.dueregard-answers.json' {_KINDS}"),
        ("dueregard-ledger.sqlite", f"'dueregard-ledger.sqlite' {_KINDS}"),
        ("no ending", f"'no ending' {_KINDS}"),
        (".csv", f"'.csv' {_KINDS}"),
        ("..", f"'..' {_KINDS}"),
        ("a.csv/", f"'' {_KINDS}"),
        ("NUL.xlsx", f"'NUL.xlsx' {_NAME}"),
        ("com1.old.csv", f"'com1.old.csv' {_NAME}"),
        ("~$Staff.xlsx", f"'~$Staff.xlsx' {_NAME}"),
        (".hidden.xlsx", f"'.hidden.xlsx' {_NAME}"),
        ("a?.csv", f"'a?.csv' {_NAME}"),
        ("a:b.csv", f"'a:b.csv' {_NAME}"),
        ("bell\x07.csv", rf"'bell\u0007.csv' {_NAME}"),
        ("nothing\0.csv", rf"'nothing\u0000.csv' {_NAME}"),
        ("turned\u202e.csv", rf"'turned\u202e.csv' {_NAME}"),
        ("dueregard-ledger.sqlite.csv", None),
        (f"{'long' * 75}.csv", f"'{'long' * 10} …' {_NAME}"),
    ],
    ids=ascii,
)
def test_a_file_that_cannot_be_kept_says_why(site: Site, name: str, words: str | None) -> None:
    expected = words or f"'{name}' has the name of a file that the program writes. Rename it."
    page = followed(site, visit(site, "POST", "/files/add", {}, [(name, b"a,b\n")]))
    assert notices(page) == [expected]
    assert page.text.count('<p class="inset said refused" role="alert">') == 1
    assert folder_hashes(site.folder.parent) == {}


@pytest.mark.parametrize(
    "path", ["../Staff.csv", "..\\Staff.csv", "/etc/Staff.csv", "C:\\Staff.csv", "a/b/../Staff.csv"]
)
def test_a_file_is_kept_in_the_folder_whatever_path_is_sent(site: Site, path: str) -> None:
    assert added(site, (path, b"a,b\n")) == ["'Staff.csv' was added."]
    files = {name for name in folder_hashes(site.folder.parent) if ".dueregard" not in name}
    assert files == {"office/Staff.csv", "office/office.yaml"}


def test_a_report_of_ours_is_not_added(site: Site) -> None:
    book = Workbook()
    book.properties.creator = WORKBOOK_CREATOR
    report = BytesIO()
    book.save(report)
    words = "'Mine.xlsx' is a report of this program, and no evidence."
    assert added(site, ("Mine.xlsx", report.getvalue())) == [words]
    assert folder_hashes(site.folder) == {}


def test_a_form_without_a_file_says_so(site: Site) -> None:
    for fields, files in (({}, []), ({"added": "a text"}, []), ({}, [("", b"")])):
        answer = visit(site, "POST", "/files/add", fields, files)
        assert notices(followed(site, answer)) == ["No file was chosen."]


def test_a_file_that_is_too_large_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LIMITS", Limits(file_bytes=1024 * 1024))
    most = b"a" * (1024 * 1024)
    assert added(site, ("Large.csv", most + b"a"), ("Full.csv", most)) == [
        "'Large.csv' has more than 1 MB: save a copy that has only the registers.",
        "'Full.csv' was added.",
    ]
    assert evidence_of(site) == ("Full.csv",)


def test_too_many_files_or_fields_are_refused_with_words(site: Site) -> None:
    many = [(f"{number}.csv", b"a\n") for number in range(101)]
    answer = visit(site, "POST", "/files/add", {}, many)
    assert answer.status == 400
    assert answer.text == (
        "The form could not be read: Too many files. Maximum number of files is 100. Send it "
        "again with less in it.\n"
    )
    assert folder_hashes(site.folder) == {}


def test_the_sop_is_added_and_is_no_evidence(site: Site) -> None:
    assert added(site, ("SOP.md", b"# Prevent\n")) == ["'SOP.md' was added."]
    assert evidence_of(site) == ()


def test_a_damaged_workbook_is_shown_with_what_to_do(site: Site) -> None:
    added(site, ("Bad.xlsx", b"PK\x03\x04broken"))
    page = visit(site, "GET", "/files").words
    assert "Bad.xlsx is damaged (it cannot be unpacked): open it in Excel, let Excel" in page


# Naming files -----------------------------------------------------------------------------------


def test_an_empty_folder_has_no_problem(site: Site) -> None:
    for path in ("/", "/files", "/office", "/sheets", "/check"):
        answer = visit(site, "GET", path)
        assert answer.status == 200
        assert "notice" not in answer.text
    assert "There is no spreadsheet in the folder yet." in visit(site, "GET", "/files").words
    assert "Add the files first." in visit(site, "GET", "/sheets").words
    assert folder_hashes(site.folder) == {}


def test_ticked_files_are_evidence_and_others_are_not(site: Site) -> None:
    for name in ("A.csv", "B.csv"):
        (site.folder / name).write_text("a,b\n1,2\n", encoding="utf-8")
    page = followed(site, tick(site, ["B.csv", "B.csv"]))
    assert notices(page) == ["Saved: 1 file is named as evidence."]
    assert evidence_of(site) == ("B.csv",)
    assert notices(followed(site, tick(site, []))) == ["Saved: 0 files are named as evidence."]
    assert evidence_of(site) == ()


@pytest.mark.parametrize("name", ["../A.csv", "/etc/passwd", "gone.csv", "*.csv", "a\x07.csv"])
def test_a_ticked_file_that_is_not_there_is_not_named(site: Site, name: str) -> None:
    (site.folder / "A.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    first, second = notices(followed(site, tick(site, [name, "A.csv"])))
    assert first == "Saved: 1 file is named as evidence."
    assert second.endswith("is not in the folder under this name: rename it, and tick it again.")
    assert evidence_of(site) == ("A.csv",)


def test_a_file_with_an_invisible_letter_in_its_name_does_not_spoil_office_yaml(site: Site) -> None:
    """Linux has such names; office.yaml may not."""
    (site.folder / "a\x07.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for name in ("a\x07.csv", "a\\u0007.csv"):
        followed(site, tick(site, [name]))
        assert visit(site, "GET", "/").status == 200


def test_ticks_on_an_office_yaml_that_was_changed_meanwhile_are_asked_again(site: Site) -> None:
    (site.folder / "A.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    before = seen(site.folder)
    followed(site, save_office(site, "Ours"))
    answer = visit(site, "POST", "/files", {SEEN: before, "file": "A.csv"})
    assert notices(followed(site, answer)) == [
        "office.yaml was changed since the page was shown. Tick the files again.",
    ]
    assert evidence_of(site) == ()


def test_evidence_outside_the_folder_stays_named(site: Site) -> None:
    """A pattern or a folder that a person wrote into office.yaml is left as it is."""
    (site.folder / "More").mkdir()
    for name in ("A.csv", "More/B.csv"):
        (site.folder / name).write_text("a,b\n1,2\n", encoding="utf-8")
    text = "version: 1\nevidence: [More]  # all of them\n"
    (site.folder / "office.yaml").write_text(text, encoding="utf-8")
    page = visit(site, "GET", "/files")
    assert "Named through a folder or a pattern in office.yaml." in page.words
    tick(site, ["A.csv"])
    assert evidence_of(site) == ("More", "A.csv")


def test_evidence_elsewhere_is_shown_where_the_folder_has_none(tmp_path: Path) -> None:
    """The folder's own files cannot be told, or there are none: the evidence is shown all the
    same."""
    site = site_of(tmp_path)
    for name in ("A.csv", "A (conflicted copy).csv"):
        (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "office.yaml").write_text(
        "version: 1\nevidence: [A.csv, A (conflicted copy).csv]\n", encoding="utf-8"
    )
    words = visit(site, "GET", "/files").words
    assert "A (conflicted copy).csv Not known yet" in words


# The office -------------------------------------------------------------------------------------


def test_the_office_is_described(site: Site) -> None:
    assert save_office(site, "  Ours  ", "1 April 2025").goes_to == "/"
    office = site.office()
    assert office is not None
    assert (office.file.office, str(office.file.records_begin)) == ("Ours", "2025-04-01")
    page = visit(site, "GET", "/office").text
    assert 'value="Ours"' in page
    assert 'value="1 April 2025"' in page
    save_office(site)
    office = site.office()
    assert office is not None
    assert (office.file.office, office.file.records_begin) == (None, None)


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("records_begin", ("", "soon"), "'soon' is not a date. Enter the date, such as 25/04/2026"),
        (
            "records_begin",
            ("", "31/02/2026"),
            "'31/02/2026' is a date that does not exist: February 2026 has 28 days. Enter the "
            "date, such as 25/04/2026",
        ),
        ("records_begin", ("", "2026"), "'2026' has no day of the month. Enter the date, such"),
        (
            "records_begin",
            ("", "1 January 2099"),
            "1 January 2099 has not come yet. Give an earlier day.",
        ),
        (
            "office",
            ("bell\x07", ""),
            r"The name contains a character that cannot be seen (\u0007). Leave it out.",
        ),
        (
            "office",
            ("two\nlines", ""),
            r"The name contains a character that cannot be seen (\u000a). Leave it out.",
        ),
        ("office", ("x" * 201, ""), "The name has more than 200 letters. Give a shorter one."),
        ("sop", ("", "", "../SOP.docx"), "Choose one of these files."),
        ("sop", ("", "", "/etc/passwd"), "Choose one of these files."),
        ("sop", ("", "", "gone.docx"), "Choose one of these files."),
        (
            "sop",
            ("", "", "Broken.docx"),
            "This is not the SOP from which the rules were written.<br>Broken.docx: The file is "
            "not a Word document that can be read (.docx): open it in Word and save it again as "
            "one, without a password.",
        ),
        ("sop", ("", "", "Other.md"), "This is not the SOP from which the rules were written.<br>"),
    ],
)
def test_each_fault_about_the_office_has_its_words(
    site: Site, field: str, values: tuple[str, ...], words: str
) -> None:
    (site.folder / "Broken.docx").write_bytes(b"PK")
    (site.folder / "Other.md").write_text("# Another document\n", encoding="utf-8")
    before = folder_hashes(site.folder)
    answer = save_office(site, *values)
    assert answer.status == 422
    assert faults(answer).keys() == {field}
    assert faults(answer)[field].startswith(words)
    assert "<title>Error: The office" in answer.text
    assert folder_hashes(site.folder) == before


def test_several_versions_of_the_sop_are_kept_or_replaced(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """office.yaml lists them; the page offers them together, and each document alone."""
    monkeypatch.setattr("cli.browser.pages.office.sop_problems", lambda *_: ())
    for name in ("1.0.md", "1.1.md"):
        (site.folder / name).write_text("# Prevent\n", encoding="utf-8")
    text = "version: 1\nsop:\n  - 1.0.md\n  - 1.1.md\n"
    (site.folder / "office.yaml").write_text(text, encoding="utf-8")
    page = visit(site, "GET", "/office")
    assert "All versions that office.yaml lists: 1.0.md, 1.1.md" in page.words
    assert re.findall(r'value="([^"]*)" checked', page.text) == ["all"]
    for choice, kept in (("all", ("1.0.md", "1.1.md")), ("1.1.md", ("1.1.md",)), ("none", ())):
        assert save_office(site, "Ours", "", choice).status == 303
        office = site.office()
        assert office is not None
        assert office.file.sop == kept
    assert "office.yaml lists" not in visit(site, "GET", "/office").words


def test_several_faults_are_said_at_once_and_nothing_typed_is_lost(site: Site) -> None:
    answer = save_office(site, "x" * 201, "soon", "gone.docx")
    assert faults(answer).keys() == {"office", "records_begin", "sop"}
    assert "x" * 201 in answer.text
    assert 'value="soon"' in answer.text


def test_an_office_yaml_that_was_changed_meanwhile_is_not_overwritten_at_once(site: Site) -> None:
    before = seen(site.folder)
    save_office(site, "Theirs")
    text = (site.folder / "office.yaml").read_bytes()
    fields = {SEEN: before, "office": "Ours", "records_begin": "", "sop": "none"}
    answer = visit(site, "POST", "/office", fields)
    assert faults(answer) == {
        "changed": "office.yaml was changed since this page was shown: save once more."
    }
    assert (site.folder / "office.yaml").read_bytes() == text
    assert 'value="Ours"' in answer.text
    save_office(site, "Ours")
    office = site.office()
    assert office is not None
    assert office.file.office == "Ours"


def test_notes_in_office_yaml_are_kept(site: Site) -> None:
    text = "# Ours\nversion: 1\noffice: Old  # its name\nevidence: [A.csv]  # from HR\n"
    (site.folder / "office.yaml").write_text(text, encoding="utf-8")
    save_office(site, "New")
    saved = (site.folder / "office.yaml").read_text(encoding="utf-8")
    assert saved.startswith("# Ours\nversion: 1\n")
    assert "evidence: [A.csv]  # from HR\n" in saved
    assert "office: New" in saved


# The check --------------------------------------------------------------------------------------


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("as_of", "soon", "'soon' is not a date. Enter the date, such as 25/04/2026."),
        (
            "as_of",
            "24/11/1066",
            "'24/11/1066' has the year 1066, which is outside 1900 to 2099. Enter the date, such "
            "as 25/04/2026.",
        ),
        ("as_of", "--out=/", "'--out=/' is not a date. Enter the date, such as 25/04/2026."),
        (
            "by",
            "nothing\0",
            r"The name contains a character that cannot be seen (\u0000). Leave it out.",
        ),
    ],
)
def test_each_fault_of_the_form_of_a_check_has_its_words(
    site: Site, field: str, text: str, words: str
) -> None:
    added(site, ("A.csv", b"a,b\n1,2\n"))
    answer = visit(site, "POST", "/check", {"as_of": WHEN, field: text})
    assert (answer.status, faults(answer)) == (422, {field: words})
    assert site.check_run is None


def test_a_check_without_evidence_is_not_started(site: Site) -> None:
    answer = visit(site, "POST", "/check", {"as_of": WHEN})
    assert answer.status == 422
    assert "No file is named as evidence yet. Add your spreadsheets first." in answer.words
    save_office(site, "Ours")
    assert visit(site, "POST", "/check", {"as_of": WHEN}).status == 422
    assert site.check_run is None


@pytest.mark.usefixtures("light_checks")
def test_a_check_that_is_stopped_says_what_stopped_it(site: Site) -> None:
    """And the office can be checked once that is mended."""
    added(site, ("Bad.xlsx", b"PK\x03\x04broken"))
    assert visit(site, "POST", "/check", {"as_of": WHEN}).goes_to == "/check"
    page = ended_check(site)
    assert "The check stopped" in page.words
    assert "Nothing was checked, because this file could not be read:" in page.words
    assert "Bad.xlsx is damaged" in page.words
    assert "Check now" in page.words


@pytest.mark.usefixtures("light_checks")
def test_a_check_that_the_system_ends_is_not_passed_over(site: Site) -> None:
    """As one that needed more memory than there is: it could say nothing itself."""
    added(site, ("People.csv", PEOPLE.encode()))
    visit(site, "POST", "/check", {"as_of": WHEN})
    assert site.check_run is not None
    site.check_run.stop()
    words = "The check stopped It was ended before it had finished, and did not say why."
    assert words in ended_check(site).words


@pytest.mark.usefixtures("light_checks")
def test_what_stops_a_check_is_said_without_options(site: Site) -> None:
    """The folder for reports cannot be made. The page has no option for another one."""
    added(site, ("People.csv", PEOPLE.encode()))
    shutil.rmtree(site.folder / "reports")
    (site.folder / "reports").write_text("", encoding="utf-8")
    visit(site, "POST", "/check", {"as_of": WHEN})
    words = ended_check(site).words
    assert "cannot be made: a file has the name reports. Nothing was checked." in words
    assert "--" not in words


def test_a_name_that_looks_like_an_option_is_a_name(site: Site) -> None:
    """Nothing that a form sends becomes an option of the command."""
    added(site, ("People.csv", PEOPLE.encode()))
    visit(site, "POST", "/check", {"as_of": WHEN, "by": f"--out={site.folder.parent}"})
    checking = visit(site, "GET", "/check")
    assert "Checking This page goes on by itself." in checking.words
    assert visit(site, "POST", "/check", {"as_of": "1 May 2026"}).goes_to == "/check"  # one runs
    page = ended_check(site)
    assert page.goes_to == "/reports/2026-11-24", page.words
    report = followed(site, page)
    assert "Position at 24 November 2026" in report.words
    assert {path.name for path in site.folder.parent.iterdir()} == {"office"}
    assert visit(site, "GET", "/check").status == 200
    assert "last check for 24 November 2026" in visit(site, "GET", "/").words


@pytest.mark.usefixtures("light_checks")
def test_closing_the_program_ends_a_check(site: Site) -> None:
    added(site, ("A.csv", b"a,b\n1,2\n"))
    run = CheckRun(site.folder, "2026-11-24", "")
    run.stop()
    for _ in range(100):
        if run.ended:
            break
        time.sleep(0.05)
    assert run.ended
    assert not run.reported
    assert not (site.folder / "reports" / "2026-11-24").exists()


def test_closing_says_that_the_window_can_be_closed(site: Site) -> None:
    answer = visit(site, "POST", "/close")
    assert "The program is closed Everything that was saved is in the folder." in answer.words
    assert site.stopping


# A folder that changes --------------------------------------------------------------------------

ALL_PAGES = ("/", "/files", "/office", "/sheets", "/check")
ALL_FORMS = ("/files", "/files/add", "/office", "/sheets/forget", "/check", "/launcher")


def test_a_folder_that_is_gone_is_said_on_every_page(site: Site) -> None:
    added(site, ("A.csv", b"a,b\n1,2\n"))
    shutil.rmtree(site.folder)
    gone = "is not there any more, or cannot be read. Put it back, and load this page again."
    answers = [visit(site, "GET", path) for path in ALL_PAGES]
    answers += [visit(site, "POST", path, {}, [("B.csv", b"a\n")]) for path in ALL_FORMS]
    for answer in answers:
        assert answer.status == 409
        assert gone in answer.words
    assert not site.folder.exists()
    site.folder.mkdir()
    assert visit(site, "GET", "/").status == 200


def test_an_error_in_office_yaml_is_said_on_every_page_and_never_overwritten(site: Site) -> None:
    text = "version: 1\nevidenc: [A.csv]\n"
    (site.folder / "office.yaml").write_text(text, encoding="utf-8")
    before = folder_hashes(site.folder)
    words = (
        "office.yaml, line 2 (evidenc): There is no key 'evidenc' here. Open office.yaml in "
        "Notepad and change evidenc to evidence."
    )
    answers = [visit(site, "GET", path) for path in ALL_PAGES]
    answers += [visit(site, "POST", path, {}, [("B.csv", b"a\n")]) for path in ALL_FORMS]
    for answer in answers:
        assert answer.status == 409
        assert words in answer.words
    assert folder_hashes(site.folder) == before


def make_read_only(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Lets nothing be written in a folder, for any user: the tests may run as one who may write
    everywhere."""
    open_file, make_folder = os.open, os.mkdir

    def refuse(path: object) -> None:
        if str(path).startswith(str(folder)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def open_to_read(path: str, flags: int, *rest: int, **named: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            refuse(path)
        return open_file(path, flags, *rest, **named)

    def make_no_folder(path: str, *rest: int, **named: int) -> None:
        refuse(path)
        make_folder(path, *rest, **named)

    monkeypatch.setattr(os, "open", open_to_read)
    monkeypatch.setattr(os, "mkdir", make_no_folder)


def test_a_folder_that_became_read_only_is_said_where_something_is_saved(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(site, ("A.csv", b"a,b\n1,2\n"))
    before = folder_hashes(site.folder)
    with monkeypatch.context() as patched:
        make_read_only(patched, site.folder)
        for path in ALL_PAGES:
            assert visit(site, "GET", path).status == 200
        for answer in (save_office(site, "Ours"), tick(site, []), visit(site, "POST", "/launcher")):
            assert answer.status == 409
            assert "could not be written (Permission denied)" in answer.words
        (words,) = added(site, ("B.csv", b"a\n"))
        assert "B.csv could not be written (Permission denied)" in words
    assert folder_hashes(site.folder) == before


def test_a_read_only_folder_is_said_where_office_yaml_is_new(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        make_read_only(patched, site.folder)
        answer = save_office(site, "Ours")
    assert answer.status == 409
    assert "office.yaml could not be written (Permission denied)" in answer.words
    assert folder_hashes(site.folder) == {}


def test_a_file_named_as_the_folder_for_reports_does_not_stop_the_settings(site: Site) -> None:
    (site.folder / "reports").write_text("", encoding="utf-8")
    assert save_office(site, "Ours").goes_to == "/"
    assert visit(site, "GET", "/").status == 200


def test_a_folder_that_somebody_else_uses_is_said(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_office(site, "Ours")
    monkeypatch.setattr(folder_lock, "FileLock", lambda path, **_: FileLock(path, timeout=0))
    with FileLock(site.folder / ".dueregard.lock"):
        answer = save_office(site, "Theirs")
    assert answer.status == 409
    assert "This folder is being checked by somebody else" in answer.words
    office = site.office()
    assert office is not None
    assert office.file.office == "Ours"


def test_a_page_of_the_run_before_changes_nothing(site: Site) -> None:
    save_office(site, "Ours")
    now = Site(site.folder, Session(8000))
    answer = visit(now, "POST", "/office", {"office": "Old"}, token=site.session.form)
    assert answer.status == 403
    assert "the program was started again" in answer.words
    office = now.office()
    assert office is not None
    assert office.file.office == "Ours"


def test_the_file_for_a_double_click_is_put_into_the_folder(site: Site) -> None:
    assert "Put a file for that into the folder" in visit(site, "GET", "/").words
    page = followed(site, visit(site, "POST", "/launcher"))
    (name,) = folder_hashes(site.folder)
    assert notices(page) == [f"Double-click '{name}' in the folder to open these pages again."]
    assert "Put a file for that" not in page.words
    assert os.access(site.folder / name, os.X_OK)


def test_a_file_is_read_again_only_when_it_or_the_mapping_changed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def opened_and_noted(named: dict[str, Path]) -> AbstractContextManager[list[Book]]:
        read.extend(named)
        return opened_here(named)

    monkeypatch.setattr(contents, "opened", opened_and_noted)
    added(site, ("A.csv", b"a,b\n1,2\n"), ("B.csv", b"a,b\n1,2\n"))
    assert read == ["A.csv", "B.csv"]
    tick(site, ["A.csv"])
    save_office(site, "Ours")
    for path in ALL_PAGES:
        assert visit(site, "GET", path).status == 200
    assert read == ["A.csv", "B.csv"]
    (site.folder / "B.csv").write_text("a,b,c\n", encoding="utf-8")
    visit(site, "GET", "/files")
    assert read == ["A.csv", "B.csv", "B.csv"]
    text = "mapping:\n  - file: A.csv\n    gives: []\n"
    with (site.folder / "office.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    visit(site, "GET", "/files")
    assert read[3:] == ["A.csv", "B.csv"]
