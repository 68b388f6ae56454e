"""Every file that a command is given or writes: no pipe, device, long name or full disk makes it
hang, overwrite an input or fail without a sentence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.desk_office import (
    BOOK,
    PROGRAM,
    Ended,
    asked,
    called,
    copied,
    ended,
    reports,
    rulebook,
    workbook,
)
from tests.support.sop_builders import HALL, HALL_TEXT

LONG = "a" * 256
LONG_NAME = "has a longer name than a file can have: check the name, or give it a shorter one."
NO_FILE = "is a device or a pipe, not a file: give a file."
FOLDER = "is a folder: give a file."
BAD: Mapping[str, str] = {
    LONG: LONG_NAME,
    "pipe": NO_FILE,
    "/dev/zero": NO_FILE,
    "folder": FOLDER,
}
CHECK = asked("office.xlsx")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with evidence, an assessment that was entered in a ledger, a SOP and a rulebook."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "office.xlsx").write_bytes(workbook())
    (folder / "hall.txt").write_text(HALL_TEXT, encoding="utf-8")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    assert called(folder, *asked("office.xlsx", ledger="l.sqlite")).code == 0
    rulebook(folder / "rules")
    return folder


@pytest.fixture
def desk(office: Path, tmp_path: Path) -> Path:
    """A copy of it to be written in."""
    for path in office.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
        elif path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def run(folder: Path, *arguments: str) -> Ended:
    """The command as a process of its own, ended where it takes a minute."""
    return copied(folder, arguments, "import signal; signal.alarm(60)")


# Where the program is installed -------------------------------------------------------------------

#: Makes every attempt to write where the program lies, but for Python's own compiled modules, fail.
_WATCHED = """
import os, pathlib, cli
own = str(pathlib.Path(cli.__file__).parent.parent)
def watched(event, given):
    if event not in ("open", "os.mkdir", "os.rename") or not str(given[0]).startswith(own):
        return
    writes = event != "open" or given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes and "__pycache__" not in str(given[0]):
        raise RuntimeError(f"{event} {given}")
sys.addaudithook(watched)
"""


def test_a_check_writes_nothing_where_the_program_is_installed(desk: Path) -> None:
    watched, done = copied(desk, CHECK, _WATCHED), called(desk, *CHECK)
    assert (watched.code, watched.err) == (done.code, done.err)
    assert watched.out.split() == done.out.split()  # lines are as long as each terminal is wide
    names = {"assessment.html", "assessment.json", "assessment.xlsx", "summary.txt"}
    assert names <= set(reports(desk / "out"))


# What a command reads -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """A command that reads a file, in whose place {} stands, and what it says before the reason."""

    arguments: tuple[str, ...]
    says: str = "{} "


READS: Mapping[str, Read] = {
    "since": Read((*CHECK, "--since", "{}"), "--since {} "),
    "explain": Read(("explain", "{}", "desk-checked")),
    "review": Read(("review", "{}", "desk-checked", "--agree")),
    "locate": Read(("locate", "{}", "office.xlsx", "--rulebook", str(BOOK))),
    "key": Read(
        ("locate", "out/assessment.json", "office.xlsx", "--rulebook", str(BOOK), "--key", "{}"),
        "--key {} ",
    ),
    "pack": Read(("pack", "new.zip", "{}", "--rulebook", str(BOOK))),
    "pack's evidence": Read(
        ("pack", "new.zip", "out/assessment.json", "--rulebook", str(BOOK), "--evidence", "{}")
    ),
    "pack's SOP": Read(
        ("pack", "new.zip", "out/assessment.json", "--rulebook", str(BOOK), "--sop", "{}")
    ),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", READS)
def test_what_is_no_file_is_refused_in_a_sentence(office: Path, command: str, name: str) -> None:
    read = READS[command]
    arguments = [argument.replace("{}", name) for argument in read.arguments]
    done = called(office, *arguments)
    reason = BAD[name]
    if name == "folder" and command in ("since", "explain", "review", "locate"):
        give = "Use assessment.json from the folder of reports of your last check, for example:"
        named = {"since": "--since {}", "explain": "dueregard explain {} refresher-training"}
        example = named.get(command, "{}").format("dueregard-report/assessment.json")
        reason = f"is a folder. {give} {example}"
    if name == "folder" and command == "pack's evidence":
        none = f"There is no spreadsheet in {name}. Give a folder with workbooks (.xlsx) or CSV"
        assert done == Ended(2, "", f"{none} files.\n")
        return
    says = f"{read.says.replace('{}', name)}{reason}\n"
    assert done == Ended(2, "", says)


@pytest.mark.parametrize("command", READS)
def test_a_pipe_makes_no_process_wait(office: Path, command: str) -> None:
    arguments = [argument.replace("{}", "pipe") for argument in READS[command].arguments]
    done = run(office, *arguments)
    assert (done.code, NO_FILE in done.err) == (2, True)


SOPS: Mapping[str, tuple[str, ...]] = {
    "check": (*CHECK, "--sop", "{}"),
    "read": ("sop", "read", "{}", "--rulebook", str(HALL.parent / "rulebook")),
    "pin": ("sop", "pin", "{}", "--rulebook", str(HALL.parent / "rulebook")),
    "coverage": ("sop", "coverage", "{}", "--rulebook", str(HALL.parent / "rulebook")),
    "compare": ("sop", "compare", "hall.txt", "{}", "--rulebook", str(HALL.parent / "rulebook")),
}


@pytest.mark.parametrize("command", SOPS)
def test_a_sop_that_is_no_file_is_refused(office: Path, command: str) -> None:
    for name, says in BAD.items():
        done = called(office, *[each.replace("{}", name) for each in SOPS[command]])
        assert done.code == 2
        assert f"{Path(name).name}: The file {says}" in done.err


RULES: Mapping[str, tuple[str, ...]] = {
    "check": ("check", "office.xlsx", "--out", "out", "--rulebook", "{}"),
    "rules check": ("rules", "check", "{}"),
    "rules test": ("rules", "test", "./{}"),  # a folder, and not the id of a duty
    "rules docs": ("rules", "docs", "new.html", "--rulebook", "{}"),
    "template": ("template", "new.xlsx", "--rulebook", "{}"),
    "sop read": ("sop", "read", "hall.txt", "--rulebook", "{}"),
    "locate": ("locate", "out/assessment.json", "office.xlsx", "--rulebook", "{}"),
}


@pytest.mark.parametrize("command", RULES)
def test_a_rulebook_that_is_no_folder_or_holds_no_files_is_refused(
    desk: Path, command: str
) -> None:
    for name in (LONG, "pipe", "/dev/zero", "office.xlsx"):
        done = called(desk, *[each.replace("{}", name) for each in RULES[command]])
        assert (done.code, "There is no such folder of rules." in done.err + done.out) == (
            2,
            True,
        )
    os.mkfifo(desk / "rules" / "a.yaml")
    (desk / "rules" / "b.yaml").symlink_to("/dev/zero")
    done = run(desk, *[each.replace("{}", "rules") for each in RULES[command]])
    assert done.code == 2
    for name in ("a.yaml", "b.yaml"):
        assert f"{name}: The file {NO_FILE} No rule was read from it." in done.err + done.out


def test_a_rulebook_is_bounded(desk: Path) -> None:
    path = desk / "rules" / "large.yaml"
    with path.open("wb") as file:
        file.truncate(1024 * 1024 + 1)
    done = called(desk, "rules", "check", "rules")
    assert done == Ended(
        2,
        "large.yaml: The file is 1.1 MB, and the limit is 1 MB: check that it is a file of"
        " rules. No rule was read from it.\n",
        "",
    )
    path.unlink()
    for number in range(2001):
        (desk / "rules" / f"{number}.md").touch()
    done = called(desk, "rules", "check", "rules")
    assert done == Ended(
        2,
        "rules: The folder contains more than 2,000 files, which no rulebook has. Give the"
        " folder that contains only the rulebook.\n",
        "",
    )


def test_cases_that_are_no_files_are_refused(desk: Path) -> None:
    (desk / "cases").mkdir()
    os.mkfifo(desk / "cases" / "a.yaml")
    done = run(desk, "rules", "test", str(BOOK), "--cases", "cases")
    assert done == Ended(2, "", f"cases/a.yaml {NO_FILE}\n")
    done = called(desk, "rules", "test", str(BOOK), "--cases", LONG)
    assert done == Ended(
        2, "", f"There is no case file in {LONG}: give their folder with --cases.\n"
    )


LEDGERS: Mapping[str, tuple[str, ...]] = {
    "check": asked("office.xlsx", ledger="{}"),  # type: ignore[dict-item]
    "list": ("ledger", "list", "--ledger", "{}"),
    "show": ("ledger", "show", "1", "--ledger", "{}"),
    "verify": ("ledger", "verify", "--ledger", "{}"),
    "compare": ("ledger", "compare", "1", "1", "--ledger", "{}"),
    "export": ("ledger", "export", "new.txt", "--ledger", "{}"),
    "prune": ("ledger", "prune", "--before", "1 May 2026", "--ledger", "{}"),
    "review": ("review", "out/assessment.json", "desk-checked", "--agree", "--ledger", "{}"),
    "pack": (
        "pack", "new.zip", "out/assessment.json", "--rulebook", str(BOOK), "--ledger", "{}",
    ),
    "locate": (
        "locate", "out/assessment.json", "office.xlsx", "--rulebook", str(BOOK), "--ledger", "{}",
    ),
}  # fmt: skip


@pytest.mark.one_in(5)
@pytest.mark.parametrize("command", LEDGERS)
def test_a_ledger_that_is_no_file_is_refused(desk: Path, command: str) -> None:
    reasons = {
        LONG: "File name too long",
        "/dev/zero": "zero is a device or a pipe, not a file",
        "folder": "folder is a folder, not a file",
        "pipe": "pipe is a device or a pipe, not a file",
    }
    for name, reason in reasons.items():
        done = called(desk, *[each.replace("{}", name) for each in LEDGERS[command]])
        assert done.code == 2
        assert done.err.startswith(f"The ledger {name} cannot be used ({reason}). ")
    done = run(desk, *[each.replace("{}", "pipe") for each in LEDGERS[command]])
    assert done.code == 2
    (desk / "l.sqlite-journal").unlink(missing_ok=True)
    os.mkfifo(desk / "l.sqlite-journal")
    done = run(desk, *[each.replace("{}", "l.sqlite") for each in LEDGERS[command]])
    assert (done.code, "l.sqlite-journal is a device or a pipe" in done.err) == (2, True)


def test_a_deep_or_broken_assessment_is_refused(desk: Path) -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000, "1" * 100_000, '{"format": 1e999999}', ""):
        (desk / "a.json").write_text(text)
        for command in (
            ["explain", "a.json", "desk-checked"],
            ["review", "a.json", "desk-checked", "--agree"],
            ["pack", "new.zip", "a.json", "--rulebook", str(BOOK)],
            [*CHECK, "--since", "a.json"],
        ):
            done = called(desk, *command)
            assert done.code == 2
            assert "Give an assessment.json that an" in done.err or "format is no text" in done.err
        (desk / "out" / "run.json").write_text(text)
        done = called(desk, "review", "out/assessment.json", "desk-checked", "--agree")
        assert (done.code, "There is no ledger" in done.err) == (2, True)


# What a command writes ----------------------------------------------------------------------------

OVERWRITTEN = "and would be overwritten. Give another name or folder.\n"


@pytest.mark.parametrize("link", ["", "soft", "hard"])
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("office.xlsx", "evidence"),
        ("l.sqlite", "the ledger"),
        ("rules/book.yaml", "a file of the rulebook"),
        ("hall.txt", "the SOP"),
        ("old.json", "the old assessment"),
    ],
)
def test_timings_overwrite_nothing_that_is_read(
    desk: Path, name: str, what: str, link: str
) -> None:
    shutil.copy(desk / "out" / "assessment.json", desk / "old.json")
    before = (desk / name).read_bytes()
    target = name
    if link:
        target = "link"
        (os.symlink if link == "soft" else os.link)(desk / name, desk / "link")
    sop = ["--sop", "hall.txt"] if name == "hall.txt" else []
    arguments = ["check", "office.xlsx", "--as-of", "24/11/2026", "--ledger", "l.sqlite", *sop]
    done = called(
        desk, *arguments, "--rulebook", "rules", "--since", "old.json", "--timings", target
    )
    if name != "hall.txt":  # which is refused before, as of another rulebook
        also = f" ({name})" if link else ""
        assert done.err == (f"Nothing was done: --timings {target} is {what}{also}, {OVERWRITTEN}")
    assert (done.code, (desk / name).read_bytes()) == (2, before)
    assert not (desk / "dueregard-report").exists()


def test_two_outputs_are_never_one_file(desk: Path) -> None:
    for name in ("out/assessment.html", "out/../out/run.json", "l.sqlite"):
        done = called(desk, *asked("office.xlsx", ledger="l.sqlite"), "--timings", name)
        assert (done.code, "Nothing was done: " in done.err) == (2, True)
    done = called(desk, *asked("office.xlsx", ledger="out/summary.txt"))
    assert done == Ended(
        2,
        "",
        "Nothing was done: the report out/summary.txt is the ledger, " + OVERWRITTEN,
    )


def test_a_new_report_may_replace_the_old_one_that_it_is_compared_with(desk: Path) -> None:
    (desk / "out" / "soft").symlink_to("assessment.json")
    arguments = [*CHECK, "--since", "out/soft"]
    done = called(desk, *arguments)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("rules", "docs", "{}.html", "--owners", "own.html"), "the workbook of owners"),
        (("sop", "compare", "own.html", "hall.txt", "--html", "{}.html"), "one of the two"),
        (("rules", "docs", "rules/{}.html", "--rulebook", "rules"), "a file of the rulebook"),
    ],
)
def test_a_page_replaces_nothing_that_is_read(
    desk: Path, command: tuple[str, ...], says: str
) -> None:
    (desk / "own.html").write_bytes(b"mine")
    (desk / "rules" / "own.html").write_bytes(b"mine")
    (desk / "link.html").symlink_to("own.html")
    (desk / "rules" / "link.html").symlink_to("own.html")
    for name in ("own", "link"):
        done = called(desk, *[each.replace("{}", name) for each in command])
        assert (done.code, f"is {says}" in done.err) == (2, True)
    assert (desk / "own.html").read_bytes() == b"mine"


def test_reports_are_not_written_through_links(desk: Path) -> None:
    before = (desk / "office.xlsx").read_bytes()
    for name in (*reports(desk / "out"), ".assessment.html.new", ".run.json.new"):
        (desk / "out" / name).unlink(missing_ok=True)
        (desk / "out" / name).symlink_to("../hall.txt")
    (desk / "page.html").symlink_to("hall.txt")
    (desk / "t.json").symlink_to("hall.txt")
    done = called(desk, *asked("office.xlsx", ledger="l.sqlite"), "--timings", "t.json")
    assert (done.code, done.err) == (0, "")
    assert called(desk, "rules", "docs", "page.html", "--rulebook", str(BOOK)).code == 0
    assert (desk / "hall.txt").read_text(encoding="utf-8") == HALL_TEXT
    assert (desk / "office.xlsx").read_bytes() == before
    assert not (desk / "page.html").is_symlink()
    assert not (desk / "out" / "assessment.html").is_symlink()


WRITES: Mapping[str, tuple[str, ...]] = {
    "template": ("template", "{}.xlsx", "--rulebook", str(BOOK)),
    "rules docs": ("rules", "docs", "{}.html", "--rulebook", str(BOOK)),
    "export": ("ledger", "export", "{}", "--ledger", "l.sqlite"),
    "show": ("ledger", "show", "1", "--ledger", "l.sqlite", "--html", "{}"),
    "pack": ("pack", "{}", "out/assessment.json", "--rulebook", str(BOOK)),
    "check": (*asked("office.xlsx", out="{}"),),
}


@pytest.mark.parametrize("command", WRITES)
def test_a_name_that_no_file_can_have_is_said(desk: Path, command: str) -> None:
    done = called(desk, *[each.replace("{}", LONG) for each in WRITES[command]])
    assert (done.code, "(File name too long)" in done.err) == (2, True)


# Standard output ----------------------------------------------------------------------------------

UNSAID = (
    "The output could not be written in full (No space left on device): free some space, or send"
    " the output elsewhere.\n"
)
has_full_disk = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="only Linux has /dev/full, a disk that is always full"
)


def run_on_full_disk(folder: Path, arguments: Sequence[str], streams: str) -> Ended:
    """The command with these of its streams on a full disk."""
    return ended(["sh", "-c", f'exec "$@" {streams}', "sh", PROGRAM, *arguments], folder)


@pytest.mark.campaign
@has_full_disk
@pytest.mark.parametrize("arguments", [CHECK, ["rules", "check", "rules"], ["--help"]])
def test_a_full_disk_under_what_is_printed_is_said(desk: Path, arguments: list[str]) -> None:
    (desk / "out" / "assessment.json").unlink()
    assert run_on_full_disk(desk, arguments, ">/dev/full") == Ended(2, "", UNSAID)
    assert (desk / "out" / "assessment.json").is_file() is (arguments is CHECK)


@pytest.mark.campaign
@has_full_disk
def test_a_full_disk_under_errors_still_ends_with_2(desk: Path) -> None:
    for arguments in (["check", "none.xlsx"], ["check"]):
        assert run_on_full_disk(desk, arguments, ">/dev/full 2>&1").code == 2


# What is echoed -----------------------------------------------------------------------------------


def test_no_name_commands_the_terminal(desk: Path) -> None:
    odd = "a\x1b[2J\u202e\nEverything is met.\x9b.xlsx"
    shown = r"a\u001b[2J\u202e\u000aEverything is met.\u009b.xlsx"
    (desk / odd).write_bytes(b"no workbook")
    done = called(desk, *asked(odd))
    assert (done.code, f"\n  {shown} has a name that ends in .xlsx" in done.err) == (2, True)
    done = called(desk, "explain", odd, "desk-checked")
    assert done.err.startswith(f"{shown} is not an assessment. Use assessment.json")
    done = called(desk, "explain", "out/assessment.json", "\x1b[2J\u202e")
    assert "\x1b" not in done.err
    assert r"\u001b[2J\u202e" in done.err
    done = run(desk, "check", "office.xlsx", "--nothing\u202e\x1b")
    assert (done.code, r"--nothing\u202e\u001b" in done.err) == (2, True)
    assert not {"\x1b", "\u202e"} & set(done.err)


def test_hidden_letters_in_a_rule_are_refused(desk: Path) -> None:
    path = desk / "rules" / "book.yaml"
    text = path.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    for written, mark in (
        ("a\u202eb", r"\u202e"),
        ("a\u2066b", r"\u2066"),
        ("a\u00a0b", r"\u00a0"),
    ):
        path.write_text(text.replace(title, f"title: {written}"), encoding="utf-8")
        done = called(desk, "rules", "check", "rules")
        assert (done.code, f"that cannot be seen ({mark})" in done.out) == (2, True)
        path.write_text(text.replace(title, f'title: "a{mark}b"'), encoding="utf-8")
        done = called(desk, "rules", "check", "rules")
        held = f"The text contains a character that cannot be seen ({mark})" in done.out
        assert (done.code, held) == ((2, True) if mark != r"\u00a0" else (0, False))


@pytest.mark.campaign
def test_many_problems_of_one_kind_are_a_few_lines(desk: Path) -> None:
    path = desk / "rules" / "book.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\t\n" * 300_000, encoding="utf-8")
    done = called(desk, "rules", "check", "rules")
    tabs = [line for line in done.out.splitlines() if "tab" in line]
    assert tabs == [
        f"book.yaml, line {text.count(chr(10)) + 1}: There is a tab on this line and on 299,999"
        " others. Write spaces instead."
    ]
    path.write_text("".join(f"k{number}: ~\n" for number in range(100_000)), encoding="utf-8")
    done = called(desk, "rules", "check", "rules")
    assert (done.code, len(done.out.splitlines()) < 210) == (2, True)
