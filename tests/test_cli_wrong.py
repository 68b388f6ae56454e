"""Whatever is wrong in what it is given, it says so in words, writes nothing and ends with 2."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path

import pytest

import cli.arguments
from cli.arguments import Parser, parser
from cli.exits import Stop
from cli.main import main
from evidence.cells.text import listed
from evidence.files.opening import open_file
from evidence.limits import LIMITS, Limits
from evidence.raw_cells import OpeningCode, Unopened
from reports.writing import ALL
from tests.support import file_builders as made
from tests.support.desk_office import (
    BOOK,
    Ended,
    asked,
    called,
    limited,
    reports,
    rulebook,
    workbook,
)
from tests.support.expected import case_table

NOT_READ = "Nothing was checked, because this file could not be read:\n"
COPY = "open it in Excel (or in the program that it came from) and save a copy"


def _write(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1)


#: What stands in the folder of each case, by name; each is made where a case names it.
FILES: Mapping[str, Callable[[Path], object]] = {
    "good.xlsx": _write(workbook()),
    "words.xlsx": _write(b"these are words, and no workbook"),
    "locked.xlsx": _write(made.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000})),
    "large.xlsx": _large,
    "cut.xlsx": _write(workbook()[:300]),
    "empty.xlsx": _write(b""),
    "letter.docx": _write(b"PK"),
    "folder": Path.mkdir,
    "book.xlsx": Path.mkdir,
}


@dataclass(frozen=True)
class Case:
    """One command with something wrong in it, and all that it must say."""

    arguments: list[str]
    says: str


def _check(*arguments: str) -> list[str]:
    return [*asked("good.xlsx"), *arguments]


#: The first of these is run as a process of its own, as a person would, and as the first of the
#: broken rulebooks is. The others are run within this process, which is quicker.
CASES: Mapping[str, Case] = {
    "no workbook": Case(
        asked("words.xlsx"),
        f"{NOT_READ}  words.xlsx has a name that ends in .xlsx but is plain text: {COPY}"
        " as Excel Workbook (.xlsx).",
    ),
    "password": Case(
        asked("locked.xlsx"),
        f"{NOT_READ}  locked.xlsx is protected by a password: open it in Excel, remove the password"
        " (File, Info, Protect Workbook) and save a copy.",
    ),
    "too large": Case(
        asked("large.xlsx"),
        f"{NOT_READ}  large.xlsx is 100.1 MB, and the limit is 100 MB: save a copy that"
        " contains only the registers.",
    ),
    "no rule in force": Case(
        _check("--as-of", "30/09/2024"),
        "Stopped: no duty of the rulebook is in force on 30 September 2024 (the first"
        " is from 1 October 2024). Give another day with --as-of.",
    ),
    "out is a file": Case(
        _check("--out", "good.xlsx"),
        "The folder good.xlsx cannot be made: a file has its name. Nothing was checked. Choose"
        " another folder with --out.",
    ),
    "out is in a file": Case(
        _check("--out", "good.xlsx/reports"),
        "The folder good.xlsx/reports cannot be made: a file has the name good.xlsx. Nothing was"
        " checked. Choose another folder with --out.",
    ),
    "a folder that is named like a workbook": Case(
        asked("book.xlsx"),
        "book.xlsx is a folder, and there is no spreadsheet in it. Give the workbook itself.",
    ),
    "damaged": Case(
        asked("cut.xlsx"),
        f"{NOT_READ}  cut.xlsx is damaged (it cannot be unpacked): open it in Excel, let Excel"
        " repair it and save a copy, or fetch the file again.",
    ),
    "empty": Case(
        asked("empty.xlsx"),
        f"{NOT_READ}  empty.xlsx is empty (0 bytes): save it again, or fetch the file again.",
    ),
    "another kind": Case(
        asked("letter.docx"),
        f"{NOT_READ}  letter.docx is not a spreadsheet. Give an Excel workbook (.xlsx) or a CSV"
        " file.",
    ),
    "no file, and all the other files that are wrong": Case(
        asked("absent.xlsx", "empty.xlsx", "good.xlsx"),
        "Nothing was checked, because these files could not be read:\n"
        "  absent.xlsx was not found: check its name and its folder.\n"
        "  empty.xlsx is empty (0 bytes): save it again, or fetch the file again.",
    ),
    "a folder": Case(
        asked("folder"),
        "There is no spreadsheet in folder. Give a folder with workbooks (.xlsx) or CSV files.",
    ),
    "a name without an ending that is not there": Case(
        asked("registers", "(2).xlsx"),
        "Nothing was checked, because these files could not be read:\n"
        "  registers was not found: check its name and its folder. Put a name that contains spaces"
        " in quotation marks.\n"
        "  (2).xlsx was not found: check its name and its folder.",
    ),
    "a name without its ending": Case(
        asked("good"),
        f"{NOT_READ}  good was not found. Did you mean good.xlsx?",
    ),
    "a name with a slip in its ending": Case(
        asked("good.xlxs"),
        f"{NOT_READ}  good.xlxs was not found. Did you mean good.xlsx?",
    ),
    "a name with a slip": Case(
        asked("god.xlsx"),
        f"{NOT_READ}  god.xlsx was not found. Did you mean good.xlsx?",
    ),
    "a folder that is not there": Case(asked("/nowhere/a.xlsx"), "There is no folder /nowhere."),
    "a long dash": Case(
        ["check", "good.xlsx", "\u2014as-of", "01/04/2026"],
        "'\u2014as-of' begins with a long dash. Type two hyphens: --as-of\n"
        "For help: dueregard check --help",
    ),
    "a date in several words": Case(
        ["check", "--records-begin", "1", "April", "2026", "good.xlsx"],
        'Give the date as 01/04/2026, or in quotation marks: --records-begin "1 April 2026"\n'
        "For help: dueregard check --help",
    ),
    "a short option": Case(
        ["check", "good.xlsx", "-o", "folder"],
        "dueregard check has no option '-o'. Did you mean --out?\nFor help: dueregard check --help",
    ),
    "a workbook in place of a command": Case(
        ["good.xlsx"],
        "To check a file: dueregard check good.xlsx\nFor help: dueregard --help",
    ),
    "as of nothing": Case(
        _check("--as-of", ""),
        "--as-of has no date. Enter the date, such as --as-of 25/04/2026",
    ),
    "as of no day": Case(
        _check("--as-of", "tomorrow"),
        "--as-of: 'tomorrow' is not a date. Enter the date, such as 25/04/2026.",
    ),
    "as of a day that is none": Case(
        _check("--as-of", "31/11/2026"),
        "--as-of: '31/11/2026' is a date that does not exist: November 2026 has 30 days."
        " Enter the date, such as 25/04/2026.",
    ),
    "a format that is none": Case(
        _check("--formats", "html,pdf"),
        f"'pdf' is not a format. Choose from {listed(ALL)}.",
    ),
    "no format": Case(_check("--formats", ""), f"'' is not a format. Choose from {listed(ALL)}."),
    "since a file that is not there": Case(
        _check("--since", "absent.json"),
        "--since absent.json was not found: check its name and its folder.",
    ),
    "since a workbook": Case(
        _check("--since", "good.xlsx"),
        "--since good.xlsx is not an assessment. Use assessment.json from the folder of"
        " reports of your last check, for example: --since dueregard-report/assessment.json",
    ),
    "a folder in the place of an assessment": Case(
        ["explain", "folder", "desk-checked"],
        "folder is a folder. Use assessment.json from the folder of reports of your last check, for"
        " example: dueregard explain dueregard-report/assessment.json refresher-training",
    ),
    "a workbook in the place of an assessment": Case(
        ["explain", "good.xlsx", "desk-checked"],
        "good.xlsx is not an assessment. Use assessment.json from the folder of reports of your"
        " last check, for example: dueregard explain dueregard-report/assessment.json"
        " refresher-training",
    ),
    "no such rulebook": Case(
        _check("--rulebook", "nowhere"),
        "Stopped: 1 error in the rulebook nowhere.\n"
        "  nowhere: There is no such folder of rules. Check its name.",
    ),
    "a template over a file": Case(
        ["template", "good.xlsx"],
        "good.xlsx already exists and was not changed: give another name.",
    ),
    "a template of another kind": Case(
        ["template", "registers.csv"],
        "registers.csv would not open in Excel: give a name that ends in .xlsx.",
    ),
    "a template where nothing can be written": Case(
        ["template", "nowhere/registers.xlsx"],
        "nowhere/registers.xlsx could not be written: there is no such folder. Give another place.",
    ),
}

VERSION = """versions:
  - from: 2024-10-01
    pattern:
      kind: rolling
      every: 6 months
    evidence:
      register: checks
      dated: done on
"""

#: What was wrong, the edit to desk-checked.yaml that makes it so, and what must be said of it.
BROKEN: Mapping[str, tuple[str, str, str]] = {
    "a key twice": (
        "strength: must\n",
        "strength: must\nstrength: should\n",
        "line 5: The key 'strength' appears twice, on lines 4 and 5. Keep one of them."
        " See also 1-desk/desk-checked.yaml, line 4.",
    ),
    "two versions from one day": (
        "versions:\n",
        VERSION,
        "line 16 (versions 2 > from): Two versions begin on 2024-10-01. Keep one of them."
        " See also 1-desk/desk-checked.yaml, line 9.",
    ),
    "an unknown register": (
        "register: checks",
        "register: cheques",
        "line 14 (versions 1 > evidence > register): There is no register 'cheques'."
        " Write 'checks' if that is what you mean.",
    ),
    "a section without quotes": (
        'section: "4.10"',
        "section: 4.10",
        "line 6 (citations 1 > section): 4.10 would be read as a number, which would change a"
        ' section or version. Write it in quotes: "4.10".',
    ),
}
DUTY = "1-desk/desk-checked.yaml"


def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for words in (["help", "check"], ["check", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1].strip() + "\n"
    assert "usage: dueregard check" in shown[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all the files in it."""
    folder = tmp_path_factory.mktemp("wrong")
    for name, make in FILES.items():
        make(folder / name)
    for number, (old, new, _) in enumerate(BROKEN.values()):
        rulebook(folder / f"book{number}", {DUTY: (old, new)})
    return folder


def _ended(folder: Path, arguments: list[str]) -> Ended:
    """How a case ended, which may write nothing."""
    before = sorted(path.name for path in folder.iterdir())
    told = called(folder, *arguments)
    assert sorted(path.name for path in folder.iterdir()) == before, "something was written"
    return told


@pytest.mark.parametrize("name", CASES)
def test_it_says_what_is_wrong_and_stops(name: str, folder: Path) -> None:
    told = _ended(folder, CASES[name].arguments)
    assert told == Ended(2, "", f"{CASES[name].says}\n")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_by_file_and_line(name: str, folder: Path) -> None:
    """No check is made by a rulebook with anything wrong in it."""
    book = f"book{list(BROKEN).index(name)}"
    first = f"Stopped: 1 error in the rulebook {book}.\n"
    told = _ended(folder, _check("--rulebook", book))
    assert told == Ended(2, "", f"{first}  {DUTY}, {BROKEN[name][2]}\n")


def test_the_version_is_told_without_loading_a_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli.arguments, "import_module", None)
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert (end.value.code, capsys.readouterr().out) == (0, f"dueregard {version('dueregard')}\n")


CHECK_HELP = "For help: dueregard check --help"
#: What is written on the command line, and what is said of it.
WRITTEN: Mapping[str, tuple[list[str], str]] = case_table("command_lines")


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_wrongly_is_said_in_sentences(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, says = WRITTEN[name]
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"{says}\n"


def _parsers(one: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _parsers(command)


def _required(one: argparse.ArgumentParser) -> bool:
    """Whether a command cannot do without an argument."""
    return any(action.required for action in one._actions if action.dest != "help")


@pytest.mark.parametrize("one", [*filter(_required, _parsers(parser()))], ids=attrgetter("prog"))
def test_a_command_without_its_arguments_says_what_to_type(one: Parser) -> None:
    """In a sentence, with an example that the command takes."""
    with pytest.raises(Stop) as stop:
        one.parse_args([])
    sentence, _ = str(stop.value).split("\n")
    said, example = sentence.split(f", for example: {one.prog} ")
    assert re.fullmatch(r"Say (\w+,? |\w+\.json |\(--\w+\),? ?)+", f"{said} "), said
    assert sentence.endswith(one.example())
    words = shlex.split(example)
    if not any(isinstance(action, argparse._SubParsersAction) for action in one._actions):
        one.parse_args(words)
    elif one.prog == "dueregard":
        parser(words[0]).parse_args(words)


def test_the_limit_is_the_readers_to_set(tmp_path: Path) -> None:
    path = tmp_path / "good.xlsx"
    size = path.write_bytes(workbook())
    refused = open_file(path, "good.xlsx", limits=Limits(file_bytes=size - 1))
    assert isinstance(refused, Unopened)
    assert refused.code is OpeningCode.TOO_LARGE
    assert not isinstance(open_file(path, "good.xlsx", limits=Limits(file_bytes=size)), Unopened)


# Reports that cannot be written ------------------------------------------------------------------


@pytest.fixture
def old_report(tmp_path: Path) -> dict[str, bytes]:
    """A folder ``out`` with reports of an earlier check in it."""
    (tmp_path / "good.xlsx").write_bytes(workbook())
    assert called(tmp_path, *asked("good.xlsx", as_of="2026-11-20")).code == 0
    return reports(tmp_path / "out")


def test_a_folder_of_a_reports_name_leaves_the_old_report_whole(
    old_report: dict[str, bytes], tmp_path: Path
) -> None:
    in_the_way = tmp_path / "out" / "assessment.xlsx"
    in_the_way.unlink()
    in_the_way.mkdir()
    done = called(tmp_path, *asked("good.xlsx"))
    assert done == Ended(
        2,
        "",
        "The folder out cannot be written to: a folder in it has the name of a report. No report"
        " was saved; the earlier one is unchanged. Choose another folder with --out.\n",
    )
    in_the_way.rmdir()
    assert reports(tmp_path / "out") == {
        name: data for name, data in old_report.items() if name != "assessment.xlsx"
    }


@pytest.mark.campaign
def test_a_full_disk_leaves_the_old_report_whole(
    old_report: dict[str, bytes], tmp_path: Path
) -> None:
    """No file may grow beyond some kilobytes: the first reports fit and the others do not."""
    done = limited(tmp_path, 4096, asked("good.xlsx"))
    assert done.code == 2
    assert done.err == (
        "The folder out cannot be written to: the disk is full. No report was saved; the earlier"
        " one is unchanged. Choose another folder with --out.\n"
    )
    assert reports(tmp_path / "out") == old_report


def test_a_report_never_takes_the_place_of_evidence(tmp_path: Path) -> None:
    evidence = workbook()
    (tmp_path / "assessment.xlsx").write_bytes(evidence)
    done = called(tmp_path, *asked("assessment.xlsx", out="."))
    assert done == Ended(
        2,
        "",
        "Nothing was done: the report assessment.xlsx is evidence, and would be overwritten."
        " Give another name or folder.\n",
    )
    assert reports(tmp_path) == {"assessment.xlsx": evidence}


def test_a_report_is_no_evidence_and_the_message_says_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "good.xlsx").write_bytes(workbook())
    assert called(tmp_path, *asked("good.xlsx")).code == 0
    again = called(tmp_path, *asked("out/assessment.xlsx", out="more"))
    assert again == Ended(
        2,
        "",
        "out/assessment.xlsx was written by this program, as a report or a record. Give the"
        " workbook with the evidence.\n",
    )


def test_a_folder_that_is_no_rulebook_is_called_so_and_its_files_are_no_files_of_one(
    tmp_path: Path,
) -> None:
    """Its reports may be replaced: it is the office's own folder."""
    (tmp_path / "good.xlsx").write_bytes(workbook())
    assert called(tmp_path, *asked("good.xlsx")).code == 0
    again = called(tmp_path, *asked("good.xlsx"), "--rulebook", ".")
    assert again.code == 2
    assert "book.yaml: The rulebook has no such file." in again.err


def test_where_the_reports_cannot_go_no_check_is_entered(tmp_path: Path) -> None:
    (tmp_path / "good.xlsx").write_bytes(workbook())
    done = called(tmp_path, *asked("good.xlsx", out="good.xlsx"), "--ledger", "own.sqlite")
    assert done.code == 2
    assert not (tmp_path / "own.sqlite").exists()


# dueregard rules check ---------------------------------------------------------------------------


def test_a_broken_rulebook_is_told_without_any_evidence(folder: Path) -> None:
    done = called(folder, "rules", "check", "book0")
    assert done == Ended(2, f"{DUTY}, {BROKEN['a key twice'][2]}\n", "")


def test_a_rulebook_without_fault_is_called_so(folder: Path) -> None:
    done = called(folder, "rules", "check", BOOK)
    assert done == Ended(
        0,
        "No errors in A small rulebook, version 1.0.0: 3 duties. Next, run 'dueregard rules test' "
        "and, after a change, 'dueregard rules impact'.\n",
        "",
    )
