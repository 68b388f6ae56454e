"""A rule begun from questions, a rulebook begun from a small one, and one that is looked at while
it is written."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.commands.rules.new_duty import KINDS, STARTERS, NewDuty, duty_files
from cli.exits import Stop
from engine.cases.case_file import PlacedCase, read_cases
from engine.cases.run import run_cases
from evidence.cells.day_text import Day, read_day
from rules.editor import schema_copies, schema_line
from rules.load import OWN_BOOK, read_book, read_folder
from rules.model import Rulebook
from rules.resolve import resolve
from tests.support.desk_office import PROGRAM, Ended, around, called, copied, dueregard
from tests.support.expected import case_table
from tests.support.own_book import book_of

HALL = STARTERS / "village-hall"
#: What 'rules check' says of its rulebook.
NO_ERRORS = (
    "No errors in Safety in the village hall, version 1.0.0: 7 duties. Next, run 'dueregard rules "
    "test' and, after a change, 'dueregard rules impact'.\n"
)

#: Every answer but the pattern and the register.
ANSWERS = {
    "section": "3",
    "title": "Fire drill: all of us",
    "phrase": "shown the fire exits",
    "bearer": "The trust",
    "strength": "must",
    "first-day": "1 April 2027",
    "where": "none",
}
#: A register of the village hall that fits each pattern; for a content duty, another duty.
FITTING = {
    "periodic": "checks",
    "rolling": "roles",
    "triggered": "incidents",
    "before event": "hirings",
    "standing": "roles",
    "completeness": "incidents",
    "content": "boiler-serviced",
}
#: Whose missed obligations could leave the counts.
EVENT_KINDS = ("triggered", "before event", "completeness")


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A village hall's rulebook, as the command writes it."""
    assert called(tmp_path, "rules", "new-book", "hall").code == 0
    return tmp_path / "hall"


def options(kind: str, **changed: str) -> list[str]:
    """The answers as options; an empty one is left out."""
    register = "of" if kind == "content" else "register"
    answers = {**ANSWERS, "pattern": kind, register: FITTING[kind]}
    answers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return [word for name, value in answers.items() if value for word in (f"--{name}", value)]


def new(hall: Path, *more: str, duty: str = "fire-drill") -> Ended:
    return called(hall.parent, "rules", "new", duty, "hall", *more)


# A duty ------------------------------------------------------------------------------------------


@pytest.mark.one_in(3)
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_duty_of_each_pattern_passes_at_once(hall: Path, kind: str) -> None:
    done = new(hall, *options(kind))
    assert (done.code, done.err) == (0, "")
    assert "Saved: hall/3-events/fire-drill.yaml\n" in done.out
    assert "Saved: hall/3-events/fire-drill.cases.yaml\n" in done.out
    rule = (hall / "3-events" / "fire-drill.yaml").read_text()
    assert f"kind: {kind}\n" in rule
    # a waiver that the procedure does not have is only suggested
    assert ("    # lapse: 12 months\n" in rule) == (kind in EVENT_KINDS)
    assert "\n    lapse:" not in rule
    checked = called(hall.parent, "rules", "check", "hall")
    assert (checked.code, checked.err) == (0, "")
    tested = called(hall.parent, "rules", "test", "fire-drill", "hall")
    assert (tested.code, tested.err) == (0, "")
    assert tested.out.endswith("cases of 1 duty.\n")
    assert called(hall.parent, "rules", "test", "hall").code == 0


@pytest.mark.parametrize(
    ("kind", "every", "rule"),
    [
        ("rolling", "6 months", "      every: 6 months\n    evidence"),
        ("rolling", "1 month", "      every: 1 month\n      notice: 7 days\n"),
        ("rolling", "3 days", "      every: 3 days\n      notice: 0 days\n"),
        ("periodic", "quarter", "      period: quarter\n"),
        ("periodic", "calendar year", "      period: calendar year\n"),
    ],
)
def test_how_often_a_new_duty_is_required(hall: Path, kind: str, every: str, rule: str) -> None:
    assert new(hall, *options(kind, every=every, first_day="17 May 2027")).code == 0
    text = (hall / "3-events" / "fire-drill.yaml").read_text()
    assert rule in text
    assert every in text.split("readings:")[1]
    assert called(hall.parent, "rules", "check", "hall").code == 0
    tested = called(hall.parent, "rules", "test", "fire-drill", "hall")
    assert (tested.code, tested.err) == (0, "")


@pytest.mark.parametrize(
    ("kind", "every", "words"),
    [
        ("rolling", "half a year", "Write a whole number of days or months, such as 28 days or"),
        ("periodic", "6 months", "There is no period '6 months'. Write one of: financial year, "),
        ("standing", "6 months", "A standing duty has no interval. Leave --every out."),
        (
            "triggered",
            "28 days",
            "A triggered duty has no interval. Leave --every out, and change 'within' in the rule.",
        ),
        (
            "before event",
            "5 days",
            "A before event duty has no interval. Leave --every out, and change 'by' in the rule.",
        ),
    ],
)
def test_how_often_it_cannot_be_required(hall: Path, kind: str, every: str, words: str) -> None:
    done = new(hall, *options(kind, every=every))
    assert done.code == 2
    assert done.err.startswith(f"--every: {words}")
    assert not (hall / "3-events" / "fire-drill.yaml").exists()


def test_a_last_day_that_is_not_marked_as_one_ends_a_new_standing_duty(hall: Path) -> None:
    """Without it, a role that somebody gave up would count as held for good."""
    registers = hall / "registers.yaml"
    text = registers.read_text()
    marked = "        ends or undoes: yes\n"
    assert marked in text
    registers.write_text(text.replace(marked, ""))
    assert new(hall, *options("standing")).code == 0
    rule = (hall / "3-events" / "fire-drill.yaml").read_text()
    assert "      begins: from\n      ends: to\n" in rule
    tested = called(hall.parent, "rules", "test", "fire-drill", "hall")
    assert (tested.code, tested.err) == (0, "")


def test_the_patterns_that_can_be_chosen_are_all_seven() -> None:
    assert set(KINDS) == set(FITTING)
    assert len(KINDS) == 7


DAYS = ("2027-04-01", "2028-03-31", "2028-02-29")


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_duty_passes_with_any_register_that_has_what_it_needs(kind: str) -> None:
    """Those of the rulebook that comes with the program, whose columns are of every kind."""
    files = read_folder(OWN_BOOK)
    book = read_book(files) if not isinstance(files, tuple) else files
    assert isinstance(book, Rulebook)
    assert not isinstance(files, tuple)
    if kind == "content":
        duties = (
            "it-filter-assurance",
            "designated-lead",
            "actions-well-formed",
            "ctlp-workshop-q4",
        )
        of = {duty: resolve(book, duty).versions[-1].rule.rows for duty in duties}
        places = [(rows.register, duty) for duty, rows in of.items() if rows]
    else:
        places = [(spec.id, "") for spec in book.registers.values() if not spec.control]
    written, refused = 0, list[str]()
    for number, (register, other) in enumerate(places):
        day = read_day(DAYS[number % len(DAYS)])
        assert isinstance(day, Day)
        section, bearer = book.book.sections[1].headings[0].section, book.book.bearers[0].name
        answers = ("fire-drill", section, "A drill", "a few words", bearer, "must", kind)
        try:
            made = duty_files(NewDuty(*answers, register, other, day.day), book, files)
        except Stop as stop:
            refused.append(str(stop))
            continue
        (rule, text), (cases, case_text) = made.items()
        with_it = book_of({**files, rule: text})
        placed = [
            one for one in read_cases(cases, case_text, with_it) if isinstance(one, PlacedCase)
        ]
        assert len(placed) >= 4, (register, other)
        results = run_cases(placed, with_it, None)
        assert [each.differences for each in results if not each.passed] == [], (register, other)
        written += 1
    assert written >= 3
    assert [words for words in refused if "' has none. Give another register." not in words] == []


def test_what_no_option_gives_is_asked_again_until_it_can_be_used(hall: Path) -> None:
    answers = [
        *("9", "3"),
        *("", "Fire drill"),
        *("one two three four five six seven eight nine", "in good time"),
        *("The trusst", "The trust"),
        "should",
        *("yearly", "periodic"),
        *("cheks", "checks"),
        *("inspection", "boiler service"),
        *("soon", "", "1 April 2027"),
    ]
    lines = "".join(f"{line}\n" for line in answers)
    done = copied(hall.parent, ["rules", "new", "fire-drill", "hall"], answers=lines)
    assert (done.code, done.err) == (0, "")
    for words in (
        "There is no '9' here. Write one of: 1, 2, 3.",
        "Give a title.",
        "Give between one and 8 words, enough to find the sentence.",
        "There is no 'The trusst' here. Write 'The trust' if that is what you mean.",
        "There is no 'yearly' here.",
        "There is no 'cheks' here. Write 'checks' if that is what you mean.",
        "There is no 'inspection' here. Write 'building inspection' if that is what you mean.",
        "'soon' is not a date.",
        "Give a date, such as 1 April 2027.",
    ):
        assert words in done.out
    text = (hall / "3-events" / "fire-drill.yaml").read_text()
    assert "strength: should\n" in text
    assert "  - from: 2027-04-01\n" in text
    assert called(hall.parent, "rules", "test", "hall").code == 0


@pytest.mark.parametrize(("changed", "message"), case_table("rules_new_answers"))
def test_a_wrong_answer_is_named_and_nothing_is_written(
    hall: Path, changed: Mapping[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        done = new(hall, *options("rolling", **changed))
    assert done.code == 2
    assert done.err.startswith(message)
    assert list(hall.rglob("fire-drill*")) == []


@pytest.mark.parametrize(
    ("duty", "message"),
    [
        (
            "Fire drill",
            "'Fire drill' is not a valid id. Use only small letters, digits and hyphens.",
        ),
        (
            "safety-trustee",
            "There is a duty 'safety-trustee' already (2-people/safety-trustee.yaml), and it was"
            " not changed: give another id.",
        ),
    ],
)
def test_an_id_that_cannot_be_used_is_refused(hall: Path, duty: str, message: str) -> None:
    before = (hall / "2-people" / "safety-trustee.yaml").read_bytes()
    done = new(hall, *options("rolling"), duty=duty)
    assert (done.code, done.err) == (2, f"{message}\n")
    assert (hall / "2-people" / "safety-trustee.yaml").read_bytes() == before


def test_a_file_of_that_name_is_not_written_over(hall: Path) -> None:
    (hall / "3-events" / "fire-drill.md").write_text("a note")
    folder = hall / "3-events" / "fire-drill.yaml"
    folder.mkdir()
    done = new(hall, *options("rolling"))
    message = "hall/3-events/fire-drill.yaml already exists and was not changed: give another name."
    assert (done.code, done.err) == (2, f"{message}\n")
    assert not (hall / "3-events" / "fire-drill.cases.yaml").exists()


def test_a_rulebook_with_an_error_gets_no_duty(hall: Path) -> None:
    (hall / "book.yaml").write_text("id: [\n")
    done = new(hall, *options("rolling"))
    assert done.code == 2
    assert done.err.startswith("Stopped: 1 error in the rulebook hall.\n")


# For each, and which rows -------------------------------------------------------------------------

#: A list of the trustees, and what each of them signed.
_TRUSTEES = """
  - id: trustees
    title: Trustees
    about: One row for each trustee.
    sheets: [Trustees]
    key: ref
    begins: appointed
    ends: retired
    columns:
      - {name: ref, type: key, example: TR-1}
      - {name: appointed, type: day, planned: yes, example: 01/02/2024}
      - {name: retired, type: day, blank: nothing, planned: yes, ends or undoes: yes}
  - id: declarations
    title: Declarations
    about: One row for each declaration.
    sheets: [Declarations]
    key: ref
    dated by: signed on
    cancelled: withdrawn
    columns:
      - {name: ref, type: key, example: D-1}
      - {name: trustee, type: key, refers to: trustees, example: TR-1}
      - {name: kind, type: code, codes: {interests: [], gifts: []}, example: interests}
      - {name: signed on, type: day, example: 01/02/2026}
      - {name: withdrawn, type: yes/no, blank: "no", ends or undoes: yes, example: "no"}
"""


@pytest.fixture
def trust(hall: Path) -> Path:
    with (hall / "registers.yaml").open("a") as registers:
        registers.write(_TRUSTEES)
    return hall


@pytest.mark.parametrize("kind", ["rolling", "standing"])
def test_a_duty_for_each_trustee_counts_only_the_rows_of_that_trustee(
    trust: Path, kind: str
) -> None:
    chosen = {"register": "declarations", "for_each": "trustees", "where": "kind=interests"}
    done = new(trust, *options(kind, **chosen))
    assert (done.code, done.err) == (0, "")
    rule = (trust / "3-events" / "fire-drill.yaml").read_text()
    subjects = "register: trustees\n      joins: appointed\n      leaves: retired\n"
    where = "where:\n        - column: withdrawn\n          is: no\n"
    where += "        - column: kind\n          equals: interests\n"
    assert subjects in rule
    assert where in rule
    assert "      subject: trustee\n" in rule
    cases = (trust / "3-events" / "fire-drill.cases.yaml").read_text()
    assert "What one has done does not serve another" in cases
    assert "What was cancelled does not count" in cases
    tested = called(trust.parent, "rules", "test", "fire-drill", "hall")
    assert (tested.code, tested.err) == (0, "")
    assert called(trust.parent, "rules", "check", "hall").code == 0


@pytest.mark.parametrize(("kind", "changed", "message"), case_table("rules_new_rows"))
def test_for_whom_and_which_rows_is_never_guessed(
    trust: Path,
    kind: str,
    changed: Mapping[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        done = new(trust, *options(kind, register="declarations", **changed))
    assert (done.code, done.err) == (2, f"{message}\n")


def test_a_cancelled_event_is_no_evidence(hall: Path) -> None:
    done = new(hall, *options("periodic", register="hirings"))
    assert (done.code, done.err) == (0, "")
    rule = (hall / "3-events" / "fire-drill.yaml").read_text()
    assert "        - column: cancelled\n          is: no\n" in rule
    assert called(hall.parent, "rules", "test", "fire-drill", "hall").code == 0


def test_a_duty_that_was_not_changed_yet_is_named(hall: Path) -> None:
    new(hall, *options("rolling"))
    checked = called(hall.parent, "rules", "check", "hall")
    note = "3-events/fire-drill.yaml is as 'dueregard rules new' wrote it: "
    assert (checked.code, checked.out.count(note)) == (0, 1)
    rule = hall / "3-events" / "fire-drill.yaml"
    rule.write_text(rule.read_text().replace('# in brief: "Say here', 'in brief: "Say'))
    assert note not in called(hall.parent, "rules", "check", "hall").out


def test_a_rulebook_without_duties_and_with_stale_pins_gets_its_first_duty(hall: Path) -> None:
    for path in hall.glob("*/*.yaml"):
        path.unlink()
    for name, stated, renumbered in (
        ("book.yaml", '- version: "1.0"', '- version: "2.0"'),
        ("safety-procedure.md", "This is version 1.0 of", "This is version 2.0 of"),
    ):
        text = (hall / name).read_text()
        assert text.count(stated) == 1
        (hall / name).write_text(text.replace(stated, renumbered))
    done = new(hall, *options("rolling"))
    assert (done.code, done.err) == (0, "")
    sop = "hall/safety-procedure.md"
    checked = called(hall.parent, "rules", "check", "hall")
    assert (
        "lists no version 1.0 of the SOP. Run 'dueregard sop pin --rulebook hall' with"
        in checked.out
    )
    pinned = called(hall.parent, "sop", "pin", sop, "--rulebook", "hall")
    assert (pinned.code, pinned.err) == (0, "")
    assert pinned.out.startswith("1 pinned; 1 new.\nRemoved, because book.yaml names no such ")
    assert "  version 1.0: 1, 'serviced at suitable intervals'\n" in pinned.out
    checked = called(hall.parent, "rules", "check", "hall")
    assert checked.out.startswith("No errors in Safety in the village hall, version 1.0.0: 1 duty.")


# A rulebook --------------------------------------------------------------------------------------


@pytest.mark.campaign
def test_the_small_rulebook_is_used_at_once(tmp_path: Path) -> None:
    """As its page says, with the command as it was installed."""
    assert dueregard(tmp_path, "rules", "new-book", "hall").code == 0
    checked = dueregard(tmp_path, "rules", "check", "hall")
    assert checked.out == NO_ERRORS
    tested = dueregard(tmp_path, "rules", "test", "hall")
    assert (tested.code, tested.err) == (0, "")
    assert tested.out.endswith("cases of 7 duties.\n")
    assert "No case was run" not in tested.out
    book = ("--rulebook", "hall")
    assert dueregard(tmp_path, "rules", "docs", "rules.html", *book).code == 0
    assert dueregard(tmp_path, "template", "registers.xlsx", *book).code == 0
    sop = "hall/safety-procedure.md"
    day = ("--as-of", "2026-06-30", "--ledger", "none")
    done = dueregard(tmp_path, "check", "registers.xlsx", *book, "--sop", sop, *day)
    assert (done.code, done.err) == (1, "")  # no sheet is filled in yet
    report = (tmp_path / "dueregard-report" / "assessment.json").read_text(encoding="utf-8")
    assert "Each hirer must be shown the fire exits in good time before a hiring begins." in report
    covered = dueregard(tmp_path, "sop", "coverage", sop, *book)
    assert (covered.code, covered.err) == (0, "")


def test_every_printed_command_names_the_rulebook(hall: Path) -> None:
    folder, book = hall.parent, ("--rulebook", "hall")
    assert "'dueregard sop pin SOP --rulebook hall' records" in new(hall, *options("rolling")).out
    assert called(folder, "template", "registers.xlsx", *book).code == 0
    sheet = load_workbook(folder / "registers.xlsx").worksheets[0]
    assert "dueregard check registers.xlsx --rulebook hall" in [row[0].value for row in sheet.rows]
    old = (hall / "safety-procedure.md").read_text()
    (folder / "new.md").write_text(old.replace("every fire exit", "each fire exit"))
    page = ("--html", "page.html")
    done = called(folder, "sop", "compare", "hall/safety-procedure.md", "new.md", *book, *page)
    html = (folder / "page.html").read_text()
    text = " ".join(done.out.split())
    for command in (
        "dueregard sop pin new.md --rulebook hall",
        "dueregard sop coverage new.md --rulebook hall",
        "dueregard rules check hall",
    ):
        assert f"'{command}'" in text
        assert command in html
    logged = called(folder, "rules", "log", *book)
    assert logged.err.endswith("dueregard rules log boiler-serviced --rulebook hall\n")
    assert called(folder, "start", "office", *book, "--yes").code == 0
    started = " ".join(called(folder, "start", "office").out.split())
    assert "'dueregard template registers.xlsx --rulebook " in started


def test_the_small_rulebook_has_a_duty_of_each_pattern_and_nothing_of_an_opcc() -> None:
    book = book_of({k: v for k, v in _files(HALL).items() if not k.endswith(".cases.yaml")})
    kinds = [version.pattern.kind for duty in book.duties.values() for version in duty.versions]
    assert sorted(kinds) == sorted(KINDS)
    text = b"".join(_files(HALL).values()).decode().casefold()
    assert [word for word in ("prevent", "opcc", "commissioner") if word in text] == []


def test_the_page_of_the_small_rulebook_names_its_commands_and_files(hall: Path) -> None:
    page = (hall / "README.md").read_text(encoding="utf-8")
    for duty in hall.glob("*/*.yaml"):
        if not duty.name.endswith(".cases.yaml"):
            assert f"`{duty.relative_to(hall).as_posix()}`" in page
    assert len(page.splitlines()) < 45


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_small_rulebook_is_written_as_it_comes(hall: Path) -> None:
    written = _files(hall)
    copies = {name: written.pop(name) for name in schema_copies()}
    assert copies == schema_copies()
    lines = {name: schema_line(data) for name, data in written.items()}
    assert all(lines[name] for name in written if name.endswith(".yaml"))
    assert {name: data[len(lines[name]) :] for name, data in written.items()} == _files(HALL)


def test_a_folder_with_anything_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    done = called(tmp_path, "rules", "new-book", "full")
    message = "full is not empty and was not changed: give another folder.\n"
    assert (done.code, done.err) == (2, message)
    assert _files(tmp_path / "full") == {"note.txt": b"mine"}


def test_a_file_in_place_of_the_folder_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    assert called(tmp_path, "rules", "new-book", "note.txt").code == 2
    assert called(tmp_path, "rules", "new-book", "note.txt/hall").code == 2
    assert (tmp_path / "note.txt").read_text() == "mine"


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "hall").mkdir()
    assert called(tmp_path, "rules", "new-book", "hall").code == 0


# One duty's cases --------------------------------------------------------------------------------


def test_the_cases_of_one_duty_are_run_alone(hall: Path) -> None:
    folder = hall.parent
    done = called(folder, "rules", "test", "safety-trustee", "hall")
    assert (done.code, done.out) == (0, "All as expected: 3 cases of 1 duty.\n")
    both = called(folder, "rules", "test", "hall", "safety-trustee", "boiler-serviced")
    assert (both.code, both.out) == (0, "All as expected: 7 cases of 2 duties.\n")


def test_a_duty_of_the_programs_own_rulebook_needs_no_folder(tmp_path: Path) -> None:
    done = called(tmp_path, "rules", "test", "refresher-training")
    assert done.code == 0
    assert done.out.endswith(" cases of 1 duty.\n")


def test_another_duty_with_an_error_in_its_cases_does_not_matter(hall: Path) -> None:
    (hall / "1-building" / "boiler-serviced.cases.yaml").write_text("duty: [\n")
    assert called(hall.parent, "rules", "test", "safety-trustee", "hall").code == 0
    assert called(hall.parent, "rules", "test", "boiler-serviced", "hall").code == 2


def test_a_duty_without_cases_is_named(hall: Path) -> None:
    (hall / "2-people" / "safety-trustee.cases.yaml").unlink()
    done = called(hall.parent, "rules", "test", "safety-trustee", "hall")
    assert done.out.startswith("No case was run for: safety-trustee.\n")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ("safety-truste", "hall"),
            "There is no duty 'safety-truste', and no folder of that name. Write 'safety-trustee'"
            " if that is what you mean.",
        ),
        (
            ("./nowhere",),
            "Stopped: 1 error in the rulebook nowhere.\n  nowhere: There is no such folder of"
            " rules. Check its name.",
        ),
        (
            ("hall", "./hall"),
            "'hall' and './hall' are both folders: give one rulebook, and the ids of its duties.",
        ),
    ],
)
def test_a_name_that_is_neither_is_said_so(
    hall: Path, names: tuple[str, ...], message: str
) -> None:
    done = called(hall.parent, "rules", "test", *names)
    assert (done.code, done.err) == (2, f"{message}\n")


# Watching ----------------------------------------------------------------------------------------


def _wait(path: Path, words: str, times: int = 1) -> str:
    """What a file holds, once it holds the words so many times."""
    ends = time.monotonic() + 60
    while (text := path.read_text(encoding="utf-8")).count(words) < times:
        assert time.monotonic() < ends, text
        time.sleep(0.05)
    return text


def test_a_watched_rulebook_is_checked_whenever_a_file_is_saved(hall: Path) -> None:
    out, watching = hall.parent / "out", "Watching for changes. Press Ctrl-C to stop.\n"
    with out.open("wb") as written, (hall.parent / "err").open("wb") as complaints:
        process = subprocess.Popen(
            [PROGRAM, "rules", "check", "hall", "--watch"],
            cwd=hall.parent,
            env=around(),
            stdout=written,
            stderr=complaints,
        )
        try:
            assert _wait(out, watching) == f"{NO_ERRORS}{watching}"
            rule = hall / "2-people" / "safety-trustee.yaml"
            text = rule.read_text()
            rule.write_text(text.replace("bearer: The trust", "bearer: The trusst"))
            assert "book.yaml has no bearer 'The trusst'" in _wait(out, watching, 2)
            rule.write_text(text)
            assert _wait(out, watching, 3).count(NO_ERRORS) == 2
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait(30)
    assert out.read_text().endswith(f"{watching}Stopped watching.\n")
    assert (hall.parent / "err").read_text() == ""


def test_a_watched_rulebook_is_not_printed_as_json(hall: Path) -> None:
    done = called(hall.parent, "rules", "check", "hall", "--json", "--watch")
    assert done.code == 2
    assert done.err.startswith("Give --json or --watch, not both.\n")
