"""dueregard month: what it writes at once, and that nothing half-written remains where it fails."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cli.commands.month import make
from engine.assessment import Assessment
from evidence import output_file
from record.ledger import database
from record.ledger.chain import export_chain
from record.ledger.database import LEDGER_NAME
from record.office.folder_lock import locked
from reports.ahead.calendar import read_events
from reports.owners.mail import owner_mails
from reports.writing import ALL, FORMATS
from tests.support.desk_office import PEOPLE, Ended, Rows, called, copied, day, rulebook, workbook
from tests.test_record_office import JANE

OFFICE = "version: 1\noffice: OPCC Anyshire\nrulebook: rules\nevidence:\n  - desk.xlsx\n"
FIRST, SECOND = "2026-10-24", "2026-11-24"
STAFF: Rows = [*PEOPLE, ["p2", "Two", day(1, 5), ""]]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's folder with its first month, in which somebody was not shown the desk."""
    folder = tmp_path_factory.mktemp("begun") / "office"
    folder.mkdir()
    rulebook(folder / "rules")
    (folder / "desk.xlsx").write_bytes(workbook(STAFF))
    (folder / "office.yaml").write_text(OFFICE, encoding="utf-8")
    assert called(folder, "month", "--as-of", FIRST, "--by", "Jane").code == 1
    return folder


@pytest.fixture
def office(begun: Path, tmp_path: Path) -> Path:
    """A copy of the folder that a test may change."""
    return Path(shutil.copytree(begun, tmp_path / "office"))


def month(office: Path, *more: str) -> Ended:
    return called(office, "month", "--as-of", SECOND, "--by", "Jane", *more)


def files(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, save the lock's."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".dueregard.lock")
    }


def text_of_paper(office: Path) -> str:
    """The text of the paper of the first month."""
    with zipfile.ZipFile(office / "reports" / FIRST / "paper.docx") as paper:
        return re.sub(r"<[^<>]*>", "", paper.read("word/document.xml").decode())


def save_for_the_ledgers(files: dict[str, str]) -> dict[str, str]:
    """The files without an assessment that no entry names, which 'ledger prune' removes, and
    without SQLite's journal of what was not entered."""
    kept = (".assessments/", ".sqlite-journal")
    return {name: sha for name, sha in files.items() if not any(part in name for part in kept)}


# What it writes -----------------------------------------------------------------------------------


def test_each_file_is_the_one_that_its_own_command_writes(office: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(office, tmp_path / "other"))
    assert month(office).code == 1
    assert called(other, "check", "--as-of", SECOND).code == 1
    for command in ("owners", "calendar", "papers"):
        assert called(other, command).code == 0
    made, single = (files(folder / "reports" / SECOND) for folder in (office, other))
    assert set(made) - set(single) == {"month.json", "pack.zip"}
    assert {name for name in single if made[name] != single[name]} == {"run.json"}
    evidence = ("--evidence", "desk.xlsx", "--rulebook", "rules", "--ledger", LEDGER_NAME)
    pack = called(office, "pack", "p.zip", f"reports/{SECOND}/assessment.json", *evidence)
    assert pack.code == 0
    assert files(office)["p.zip"] == made["pack.zip"]


def test_the_pack_contains_the_entry_of_its_own_check_and_can_be_rechecked(
    office: Path, tmp_path: Path
) -> None:
    assert month(office).code == 1
    reports = office / "reports" / SECOND
    with zipfile.ZipFile(reports / "pack.zip") as pack:
        assert pack.read("ledger.txt") == export_chain(office / LEDGER_NAME)
        pack.extract("recheck.py", tmp_path)
    head = json.loads((reports / "run.json").read_bytes())["head"]
    last = export_chain(office / LEDGER_NAME).splitlines()[-1]
    assert hashlib.sha256(last).hexdigest() == head
    checked = subprocess.run(
        [sys.executable, tmp_path / "recheck.py", reports / "pack.zip"], check=False
    )
    assert checked.returncode == 0


def test_it_names_what_it_wrote_in_the_order_of_reading_and_what_to_do_next(office: Path) -> None:
    ended = month(office)
    assert ended.err == ""
    out = f"reports/{SECOND}"
    pack = files(office)[f"{out}/pack.zip"]
    head = json.loads((office / out / "run.json").read_bytes())["head"]

    def listed(name: str) -> str:
        return f"  {FORMATS[name].title}\n    {out}/{FORMATS[name].file}\n"

    assert ended.out.partition("Compared with ")[2] == (
        "check number 1, of 24 October 2026\n"
        f"Check logged as number 2 in {LEDGER_NAME} (fingerprint {head})\n"
        "\n"
        "Written, in the order in which to read it:\n"
        f"{listed('html')}"
        "  A draft of a mail for each owner\n"
        f"    {out}/owners/no-owner.eml\n"
        "  The dates of the next 12 months, for your calendar\n"
        f"    {out}/calendar.ics\n"
        "  The paper for a meeting\n"
        f"    {out}/paper.docx\n"
        f"{''.join(map(listed, ALL[1:-1]))}"
        "  The pack for an auditor\n"
        f"    {out}/pack.zip\n"
        f"{listed('json')}"
        f"Record the SHA-256 of the pack where it does not go: {pack}\n"
        "\n"
        "What to do next:\n"
        f"  1. Read what changed and why: open {out}/assessment.html\n"
        "  2. Read the drafts of mails, and send them\n"
        "  3. Import calendar.ics into the calendar\n"
        "  4. Read paper.docx, and send it\n"
        '  5. Sign off the report: dueregard sign --by "YOUR POST" --as lead\n'
    )


def test_the_exit_code_is_that_of_the_check(office: Path) -> None:
    (office / "desk.xlsx").write_bytes(workbook())
    assert month(office).code == 0


def test_another_folder_may_be_named(office: Path) -> None:
    ended = called(office.parent, "month", "office", "--as-of", SECOND, "--no-pack")
    assert ended.code == 1
    assert f"    office/reports/{SECOND}/assessment.html\n" in ended.out
    assert "pack" not in ended.out
    assert not (office / "reports" / SECOND / "pack.zip").exists()


def test_reports_without_names_are_made_beside_the_others(office: Path) -> None:
    assert month(office, "--without-names").code == 1
    nameless = office / "reports" / SECOND / "without-names"
    shown = {one.file for one in FORMATS.values() if not one.always_names}
    assert shown >= {"assessment.html", "assessment.xlsx", "summary.txt"}
    assert {path.name for path in nameless.iterdir()} == shown
    assert b"p2" not in (nameless / "summary.txt").read_bytes()
    assert "month.json" in files(office / "reports" / SECOND)


def test_the_calendar_counts_on_from_the_month_before(office: Path) -> None:
    assert month(office).code == 1
    first, second = (
        {event.uid: event for event in read_events(path.read_bytes())}
        for path in sorted((office / "reports").glob("*/calendar.ics"))
    )
    assert first
    assert {uid: event.sequence for uid, event in second.items() if uid in first} == {
        uid: event.sequence for uid, event in first.items()
    }


def test_a_folder_without_an_office_says_how_to_set_one_up(tmp_path: Path) -> None:
    assert called(tmp_path, "month") == Ended(
        2,
        "",
        f"There is no office.yaml in the folder {tmp_path}. To set up a folder for the office, run:"
        " dueregard start\n",
    )


def test_it_is_compared_with_the_month_before_whatever_was_checked_meanwhile(office: Path) -> None:
    (office / "desk.xlsx").write_bytes(workbook())
    for checked_on in ("2026-11-10", SECOND):
        assert called(office, "check", "--as-of", checked_on).code == 0
    first = month(office)
    assert "Compared with check number 1, of 24 October 2026\n" in first.out
    assert month(office).out.partition("Compared")[0] == first.out.partition("Compared")[0]
    shutil.rmtree(office / "reports" / FIRST)
    assert "Compared with check number 2, of 10 November 2026\n" in month(office).out


# A month made again -------------------------------------------------------------------------------


def test_files_of_the_office_remain_and_what_no_longer_applies_goes(office: Path) -> None:
    (office / "reports" / FIRST / "notes.txt").write_text("Ask Ann.", encoding="utf-8")
    (office / "reports" / FIRST / "~$paper.docx").touch()
    (office / "desk.xlsx").write_bytes(workbook())
    ended = called(office, "month", "--as-of", FIRST)
    assert ended.code == 0
    reports = files(office / "reports" / FIRST)
    assert "notes.txt" in reports
    assert not [name for name in reports if name.startswith(("owners/", "~$"))]
    assert "Not written now, and still there from before: notes.txt\n" in ended.out


def test_a_document_that_somebody_changed_is_kept_under_another_name(office: Path) -> None:
    paper = office / "reports" / FIRST / "paper.docx"
    (office / "desk.xlsx").write_bytes(workbook())
    for number, name in enumerate(("paper (changed by hand)", "paper (changed by hand 2)")):
        changed = paper.read_bytes() + bytes([number])
        paper.write_bytes(changed)
        ended = called(office, "month", "--as-of", FIRST)
        assert ended.code == 0
        assert paper.read_bytes() != changed
        assert paper.with_name(f"{name}.docx").read_bytes() == changed
        assert f"{name}.docx" in ended.out
    assert called(office, "month", "--as-of", FIRST).code == 0
    assert len([*paper.parent.glob("paper*")]) == 3


def test_a_sign_off_of_the_report_before_is_said_to_be_replaced(office: Path) -> None:
    assert called(office, "sign", "--by", "Lead", "--as", "lead").code == 0
    same, other = "Looked through by Lead", "That report was replaced by check 4"
    assert called(office, "month", "--as-of", FIRST).code == 1
    assert same in text_of_paper(office)
    assert "replaced" not in text_of_paper(office)
    (office / "desk.xlsx").write_bytes(workbook())
    assert called(office, "month", "--as-of", FIRST).code == 0
    assert same in text_of_paper(office)
    assert other in text_of_paper(office)


# What goes wrong ----------------------------------------------------------------------------------

UNCHANGED = "Nothing was written, and the ledger is unchanged."

#: Ends the process when so many files of the month were written, or at a step of its replacement.
_KILL = """
import os
from pathlib import Path
import cli.commands.month.make as make
from record.office import folder_replacement as replacement
def killed(*arguments, **more):
    os.kill(os.getpid(), 9)
"""
_KILLS_BEFORE = {
    "while the pack is made": "make.pack_of_office = killed",
    "while the mails are written": "make.owner_mails = killed",
    "between the two moves": """
rename = Path.rename
def once(path, target):
    killed() if path.suffix == '.new' else rename(path, target)
Path.rename = once
""",
    "before the old folder is moved": "replacement.FolderReplacement.put_in_place = killed",
    "before the entry is made": "replacement.sync_folder = killed",
}
_KILLS_AFTER = {
    "before the old folder is let go": "replacement.FolderReplacement.complete = killed",
    "before the old folder is removed": """
remove = replacement._remove
def once(path):
    killed() if path.suffix == '.gone' and path.exists() else remove(path)
replacement._remove = once
""",
}


@pytest.mark.one_in(4)
@pytest.mark.parametrize("as_of", [FIRST, SECOND], ids=["made again", "made anew"])
@pytest.mark.parametrize("when", _KILLS_BEFORE)
def test_a_month_that_was_killed_leaves_nothing(office: Path, as_of: str, when: str) -> None:
    before = files(office)
    code = copied(office, ["month", "--as-of", as_of], _KILL + _KILLS_BEFORE[when]).code
    assert code == -9
    # whatever uses the folder next puts it right, also if it fails itself
    assert called(office, "month", "--as-of", "2020-01-01").code == 2
    assert save_for_the_ledgers(files(office)) == save_for_the_ledgers(before)
    assert called(office, "ledger", "verify").code == 0
    assert called(office, "month", "--as-of", as_of).code == 1


@pytest.mark.one_in(2)
@pytest.mark.parametrize(
    ("when", "as_of"), [*zip(_KILLS_AFTER, (FIRST, SECOND), strict=True)], ids=[*_KILLS_AFTER]
)
def test_a_month_that_was_killed_at_its_end_is_complete(
    office: Path, when: str, as_of: str
) -> None:
    code = copied(office, ["month", "--as-of", as_of], _KILL + _KILLS_AFTER[when]).code
    assert code == -9
    assert called(office, "month", "--as-of", "2020-01-01").code == 2
    assert not list((office / "reports").glob(".*"))
    run = json.loads((office / "reports" / as_of / "run.json").read_bytes())
    assert run["entry"] == 2
    last = export_chain(office / LEDGER_NAME).splitlines()[-1]
    assert run["head"] == hashlib.sha256(last).hexdigest()


@pytest.mark.one_in(2)
@pytest.mark.parametrize(
    ("number", "as_of"),
    [(1, SECOND), (5, FIRST), (6, FIRST), (8, SECOND), (9, FIRST)],
    ids=["the first report", "the calendar", "the paper", "the pack", "the last file"],
)
def test_a_full_disk_changes_nothing(
    office: Path, number: int, as_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(office)
    write, numbers = output_file._write, count(1)

    def full(path: Path, *given: Any, **named: Any) -> None:
        if ".new" in str(path.parent) and next(numbers) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, *given, **named)

    monkeypatch.setattr(output_file, "_write", full)
    ended = called(office, "month", "--as-of", as_of)
    assert next(numbers) == number + 1
    assert ended == Ended(
        2,
        "",
        f"The files for reports/{as_of} could not be written (No space left on device). {UNCHANGED}"
        " Free some space, or see who may write there, and run the command again.\n",
    )
    assert files(office) == before


def test_a_report_that_is_open_in_excel_changes_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a folder with an open file cannot be moved."""
    (office / "reports" / FIRST / "~$assessment.xlsx").touch()
    before = files(office)

    def denied(*_: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "rename", denied)
    ended = called(office, "month", "--as-of", FIRST)
    assert ended == Ended(
        2,
        "",
        f"The folder reports/{FIRST} could not be replaced (Permission denied). {UNCHANGED} Close"
        " assessment.xlsx, and run the command again.\n",
    )
    assert files(office) == before
    (office / "reports" / FIRST / "~$assessment.xlsx").unlink()
    ended = called(office, "month", "--as-of", FIRST)
    assert "Close what has a file in it open, such as Excel, and run" in ended.err


def test_two_people_at_once_are_told(office: Path) -> None:
    before = files(office)
    short = (
        "import record.office.folder_lock as lock\nlock.locked.__wrapped__.__defaults__ = (0.2,)"
    )
    with locked(office, JANE):
        ended = copied(office, ["month", "--as-of", SECOND], short)
    assert ended.code == 2
    assert ended.err.startswith("This folder is being checked by Jane, of HR (since 10:05 on 24 ")
    assert files(office) == before


def test_a_ledger_that_cannot_be_added_to_changes_nothing(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reads it all the time, so the entry cannot be made when all else is in place."""
    before = files(office)
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.2)
    with closing(sqlite3.connect(office / LEDGER_NAME)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM entries").fetchall()
        ended = called(office, "month", "--as-of", FIRST)
    assert ended.code == 2
    assert "is being added to by another check" in ended.err
    after = files(office)
    assert {name: after[name] for name in before} == before
    assert not list((office / "reports").glob(".*"))


def test_a_calendar_of_another_program_changes_nothing(office: Path) -> None:
    (office / "reports" / FIRST / "calendar.ics").write_text("BEGIN:VCALENDAR", encoding="utf-8")
    before = files(office)
    assert month(office) == Ended(
        2,
        "",
        f"reports/{FIRST}/calendar.ics is not a calendar of dueregard. Move it out of the folder,"
        f" or put the calendar that it was back. {UNCHANGED}\n",
    )
    assert files(office) == before


def test_evidence_that_changes_meanwhile_is_not_packed(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(office)

    def changed(assessment: Assessment) -> Any:
        (office / "desk.xlsx").write_bytes((office / "desk.xlsx").read_bytes() + b" ")
        return owner_mails(assessment)

    monkeypatch.setattr(make, "owner_mails", changed)
    ended = called(office, "month", "--as-of", SECOND)
    assert ended.code == 2
    assert "its SHA-256 differs" in ended.err
    after = files(office)
    assert {**after, "desk.xlsx": ""} == {**before, "desk.xlsx": ""}
