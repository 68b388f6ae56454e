"""dueregard rules approve and rules log, and what a check says of unapproved versions."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.commands.rules import approvals
from record.ledger.chain import entries, writing
from record.ledger.database import LEDGER_NAME as LEDGER
from record.ledger.database import LedgerProblem
from record.ledger.entries import Approved
from record.ledger.rulebooks import rulebooks_of
from record.ledger.verify import verify
from rules.approval import Approval, approval_of
from rules.load import OWN_BOOK
from tests.support.browser_pages import site_of, visit
from tests.support.desk_office import BOOK, PROGRAM, Ended, around, called, workbook
from tests.support.own_book import book_in, own_book

DESK = "1-desk/desk-checked.yaml"
BY = ("--by", "Chief Executive", "--on", "2026-11-24")
WHY = ("--changed-by", "Policy Officer", "--why", "The first version")
KEYS = """\
    changed by: "Policy Officer"
    why: "The first version"
    approved by: "Chief Executive"
    approved on: 2026-11-24
    approved version: "b084273c7a621aef"
"""
FROM = "  - from: 2024-10-01\n"
SECOND = """\
  - from: 2026-04-01
    # twice a year from then on
    pattern:
      kind: rolling
      every: 6 months
    evidence:
      register: checks
      where:
        - column: kind
          equals: desk
      dated: done on
    readings:
      - phrase: yearly
        reading: Within six months of the last look
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small rulebook in 'rules', and evidence that meets it."""
    shutil.copytree(BOOK, tmp_path / "rules")
    (tmp_path / "registers.xlsx").write_bytes(workbook())
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "rules" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def approve(folder: Path, *options: str, duty: str = "desk-checked") -> Ended:
    return called(folder, "rules", "approve", duty, "--rulebook", "rules", *options)


def log(folder: Path, *options: str) -> Ended:
    return called(folder, "rules", "log", *options, "--rulebook", "rules")


def check(folder: Path, *options: str, out: str = "report") -> Ended:
    command = ("check", "registers.xlsx", "--rulebook", "rules", "--as-of", "2026-11-24")
    return called(folder, *command, "--out", out, *options)


def rule(folder: Path) -> str:
    return (folder / "rules" / DESK).read_text(encoding="utf-8")


def head(text: str) -> str:
    return re.sub("[0-9a-f]{64}", "#", text)


# Approving ---------------------------------------------------------------------------------------


def test_an_approval_is_written_into_the_rule_and_entered(folder: Path) -> None:
    before = rule(folder)
    done = approve(folder, *BY, *WHY)
    assert (done.code, done.err) == (0, "")
    assert head(done.out) == (
        "Approved: The desk is looked at once a year, the version from 1 October 2024\n"
        "Saved: rules/1-desk/desk-checked.yaml\n"
        f"Approval logged as number 1 in {LEDGER} (fingerprint #)\n"
    )
    assert rule(folder) == before.replace(FROM, FROM + KEYS)
    body = entries(folder / LEDGER)[1].body
    assert isinstance(body, Approved)
    assert (body.duty, body.version.isoformat(), body.on.isoformat()) == (
        "desk-checked",
        "2024-10-01",
        "2026-11-24",
    )
    assert body.fingerprint.startswith("b084273c7a621aef")
    book = book_in(folder / "rules")
    assert body.rulebook.sha256 == book.sha256
    shown = called(folder, "ledger", "show", "1").out.splitlines()
    assert shown[1:4] == [
        "  Duty: desk-checked, the version from 1 October 2024",
        "  Approved by: Chief Executive on 24 November 2026",
        f"  Fingerprint of the version: {body.fingerprint}",
    ]
    listed = called(folder, "ledger", "list").out.splitlines()[1]
    assert "approval  desk-checked, the version from 1 October 2024; by " in listed


@pytest.mark.parametrize("line", ['# in brief: "Say here what', 'in brief: "Say here what'])
def test_a_rule_that_nobody_has_finished_cannot_be_approved(folder: Path, line: str) -> None:
    """The numbers of such a rule are examples. The sentence may lose its # and stay as it was."""
    title = "title: The desk is looked at once a year\n"
    edit(folder, DESK, title, f'{title}{line} has to be done, and how often."\n')
    before = rule(folder)
    done = approve(folder, *BY, *WHY)
    number = before.partition(line)[0].count("\n") + 1
    assert done.err == (
        f"Nothing was approved: {DESK}, line {number} is as 'dueregard rules new' wrote it. Change "
        "its numbers, conditions and readings to those of the SOP, and write 'in brief'.\n"
    )
    assert (done.code, rule(folder)) == (2, before)
    assert not (folder / LEDGER).exists()
    edit(
        folder, DESK, "Say here what has to be done, and how often.", "Look at the desk each year."
    )
    edit(folder, DESK, line[: line.index("in brief")] + "in brief", "in brief")
    assert approve(folder, *BY, *WHY).code == 0


def test_an_approval_again_replaces_the_one_before(folder: Path) -> None:
    approve(folder, *BY, *WHY)
    once = rule(folder)
    done = approve(folder, "--by", "Commissioner", "--on", "25/11/2026")
    assert done.code == 0
    assert rule(folder) == once.replace('"Chief Executive"', '"Commissioner"').replace(
        "2026-11-24", "2026-11-25"
    )
    assert len(entries(folder / LEDGER)) == 3


def test_several_duties_are_approved_at_once(folder: Path) -> None:
    done = called(
        folder, "rules", "approve", "desk-checked", "person-shown", "--rulebook", "rules", *BY, *WHY
    )
    assert head(done.out).splitlines()[-1] == (
        f"Approval logged as number 1 to 2 in {LEDGER} (fingerprint #)"
    )
    assert len(list(rulebooks_of(folder / LEDGER).iterdir())) == 1


def test_the_last_version_is_approved_unless_another_is_named(folder: Path) -> None:
    path = folder / "rules" / DESK
    path.write_text(rule(folder) + SECOND, encoding="utf-8")
    before = rule(folder)
    done = approve(folder, *BY, *WHY, "--ledger", "none")
    assert done.out.splitlines()[0].endswith("the version from 1 April 2026")
    line = "  - from: 2026-04-01\n"
    assert rule(folder).startswith(before.partition(line)[0] + line + '    changed by: "Policy')
    assert "\n    # twice a year from then on\n    pattern:" in rule(folder)
    approve(folder, *BY, *WHY, "--ledger", "none", "--version", "01/10/2024")
    assert FROM + KEYS in rule(folder)
    assert not (folder / LEDGER).exists()


@pytest.mark.one_in(4)
@pytest.mark.parametrize("first", range(4))
def test_approving_a_duty_of_the_rulebook_changes_only_these_lines(
    first: int, tmp_path: Path
) -> None:
    """Each fourth file of the real rulebook, comments and quotes included."""
    shutil.copytree(OWN_BOOK, tmp_path / "rules")
    duties = dict(islice(own_book().duties.items(), first, None, 4))
    options = ("--rulebook", "rules", "--ledger", "none", *BY, *WHY)
    assert called(tmp_path, "rules", "approve", *duties, *options).code == 0
    keys = re.compile(r"    (changed by|why|approved by|approved on|approved version): \S.*\n")
    for duty in duties.values():
        name = own_book().sources[duty.id]
        before = (OWN_BOOK / name).read_bytes().decode()
        after = (tmp_path / "rules" / name).read_bytes().decode()
        assert len(keys.findall(after)) == 5, name
        assert keys.sub("", after) == before, name
    book = book_in(tmp_path / "rules")
    states = {approval_of(duty, duty.versions[-1]) for duty in map(book.duties.get, duties) if duty}
    assert states == {Approval.APPROVED}


def test_what_is_missing_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = "\nChief Executive\n24/11/2026\nPolicy Officer\nThe first version\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    done = approve(folder)
    assert done.code == 0
    post = "Enter a post, such as Chief Executive, and not a person's name."
    assert done.out.startswith(
        f"Which post approved this? {post}\n> Which post approved this? {post}\n"
        "> On which day, such as 24/11/2026?\n"
        f"> Which post changed the rule? {post}\n"
        "> Why was the rule changed?\n> Approved: "
    )
    assert FROM + KEYS in rule(folder)


WRONG = [
    (("--by", "x", "--on", "2026-11-24", "--rulebook", "rules"), "no-duty",
     "There is no duty 'no-duty'. Write one of: council-told, desk-checked, person-shown.\n"),
    ((*BY, *WHY, "--version", "2025-01-01"), "desk-checked",
     "desk-checked has no version from 1 January 2025. It has: 1 October 2024.\n"),
    ((*BY, *WHY, "--version", "soon"), "desk-checked",
     "--version: 'soon' is not a date. Enter the date, such as 25/04/2026.\n"),
    (("--by", " ", "--on", "2026-11-24", *WHY), "desk-checked",
     "--by is empty. Enter a post, such as Chief Executive, and not a person's name.\n"),
    (("--by", "Chief\u202eExecutive", "--on", "2026-11-24", *WHY), "desk-checked",
     "--by contains a character that cannot be seen (\\u202e). Type it again.\n"),
    (("--by", "C" * 121, "--on", "2026-11-24", *WHY), "desk-checked",
     "--by is longer than 120 characters. Shorten it.\n"),
    ((*BY, "--changed-by", "Officer", "--why", "y" * 501), "desk-checked",
     "--why is longer than 500 characters. Shorten it.\n"),
    (("--by", "Chief Executive", "--on", "2098-11-24", *WHY), "desk-checked",
     "--on: 24 November 2098 has not come yet. Give the day of the approval.\n"),
    (("--by", "Chief Executive", "--on", "when", *WHY), "desk-checked",
     "--on: 'when' is not a date. Enter the date, such as 25/04/2026.\n"),
    ((), "desk-checked",
     "Stopped: there was no answer, and nothing was approved. To be asked nothing, give --by, --on,"
     " --changed-by and --why.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "duty", "says"), WRONG)
def test_what_cannot_be_approved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], duty: str, says: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    before = rule(folder)
    done = approve(folder, *options, duty=duty)
    assert (done.code, done.err) == (2, says)
    assert rule(folder) == before
    assert not (folder / LEDGER).exists()


def test_a_reason_may_have_any_marks(folder: Path) -> None:
    why = 'yes: "2027" # \\ \' - [x] & *'
    assert approve(folder, *BY, "--changed-by", "no", "--why", why).code == 0
    book = book_in(folder / "rules")
    version = book.duties["desk-checked"].versions[0]
    assert (version.changed_by, version.why) == ("no", why)


def test_a_rulebook_with_errors_is_left(folder: Path) -> None:
    edit(folder, "1-desk/person-shown.yaml", "bearer: Office", "bearer: Nobody")
    before = rule(folder)
    done = approve(folder, *BY, *WHY)
    assert done.code == 2
    assert done.err.startswith("Stopped: 1 error in the rulebook rules.\n")
    assert rule(folder) == before


def test_a_ledger_that_cannot_be_used_leaves_the_rule(folder: Path) -> None:
    before = rule(folder)
    (folder / LEDGER).write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    done = approve(folder, *BY, *WHY)
    assert done.code == 2
    assert LEDGER in done.err
    assert rule(folder) == before
    (folder / LEDGER).write_text("not a ledger of any kind, and long enough to be read as one")
    assert approve(folder, *BY, *WHY).err == (
        f"{LEDGER} is not a ledger of this program, and was left as it is: give another name with "
        "--ledger.\n"
    )
    assert rule(folder) == before


def test_an_entry_that_fails_at_its_end_leaves_the_rule(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def full(*given: object) -> Iterator[object]:
        with writing(*given) as writer:  # type: ignore[arg-type]
            yield writer
        raise LedgerProblem("The disk is full.")

    monkeypatch.setattr(approvals, "writing", full)
    before = rule(folder)
    done = approve(folder, *BY, *WHY)
    assert (done.code, done.err) == (2, "The disk is full.\n")
    assert rule(folder) == before


@pytest.mark.campaign
def test_two_approvals_at_once_are_both_made(folder: Path) -> None:
    """Those of two versions of one duty as well."""
    (folder / "rules" / DESK).write_text(rule(folder) + SECOND, encoding="utf-8")
    wanted = [
        ("council-told", "2024-10-01"),
        ("desk-checked", "2024-10-01"),
        ("desk-checked", "2026-04-01"),
        ("person-shown", "2024-10-01"),
    ]
    options = ("--rulebook", "rules", *BY, *WHY)
    running = [
        subprocess.Popen(
            [PROGRAM, "rules", "approve", duty, "--version", version, *options],
            cwd=folder,
            env=around(),
            stdout=subprocess.PIPE,
        )
        for duty, version in wanted
    ]
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0, 0, 0, 0]
    bodies = [entry.body for entry in entries(folder / LEDGER)]
    approved = [body for body in bodies if isinstance(body, Approved)]
    assert sorted((body.duty, body.version.isoformat()) for body in approved) == wanted
    book = book_in(folder / "rules")
    states = {approval_of(duty, v) for duty in book.duties.values() for v in duty.versions}
    assert states == {Approval.APPROVED}
    # the last one was entered with the approvals of the others in its rulebook
    assert approved[-1].rulebook.sha256 == book.sha256
    assert verify(folder / LEDGER).faults == ()


# Reports -----------------------------------------------------------------------------------------


def test_a_rulebook_that_does_not_ask_is_checked_as_before(folder: Path) -> None:
    assert "APPROVED" not in check(folder).out
    assert b"unapproved" not in (folder / "report" / "assessment.json").read_bytes()


def test_a_check_names_what_nobody_approved(folder: Path) -> None:
    edit(folder, "book.yaml", "marking:", "approvals: required\nmarking:")
    approve(folder, *BY, *WHY)
    approve(folder, *BY, *WHY, duty="person-shown")
    edit(folder, DESK, "every: 12 months", "every: 13 months")
    done = check(folder)
    assert done.code == 0
    council = "4.10 The council is told of the desk every year, the version from 1 October 2024"
    desk = (
        "4.10 The desk is looked at once a year, the version from 1 October 2024 (edited since it "
        "was approved)"
    )
    says = "2 versions of duties behind this report. This changes no status."
    line = f"NOT APPROVED: {says} {council}; {desk}."
    assert line in " ".join(done.out.split())
    report = folder / "report"
    assert line in " ".join((report / "summary.txt").read_text(encoding="utf-8").split())
    page = (report / "assessment.html").read_text(encoding="utf-8")
    assert f"<p><strong>Not approved:</strong> {says}</p>" in page
    assert f"<li>{council}</li><li>{desk}</li>" in page
    sheet = load_workbook(report / "assessment.xlsx").worksheets[0]
    assert line in [sheet.cell(row, 1).value for row in range(1, 5)]
    assert json.loads((report / "assessment.json").read_bytes())["unapproved"] == [
        {
            "id": "council-told",
            "title": "The council is told of the desk every year",
            "section": "4.10",
            "version_from": "2024-10-01",
        },
        {
            "id": "desk-checked",
            "title": "The desk is looked at once a year",
            "section": "4.10",
            "version_from": "2024-10-01",
            "edited": True,
        },
    ]


def test_once_all_is_approved_nothing_is_said(folder: Path) -> None:
    edit(folder, "book.yaml", "marking:", "approvals: required\nmarking:")
    options = ("--rulebook", "rules", *BY, *WHY)
    called(folder, "rules", "approve", "council-told", "desk-checked", "person-shown", *options)
    assert "APPROVED" not in (done := check(folder)).out
    assert "not in the ledger" not in done.out
    other = check(folder, "--ledger", "other.sqlite").out
    assert (
        "Approved in the rules, and not in the ledger other.sqlite: council-told (1 October 2024), "
        "desk-checked (1 October 2024), person-shown (1 October 2024)\n" in other
    )
    assert "ledger" not in check(folder, "--ledger", "none").out


def test_a_version_that_only_judged_a_window_of_history_counts(folder: Path) -> None:
    edit(folder, "book.yaml", "marking:", "approvals: required\nmarking:")
    council = "1-desk/council-told.yaml"
    text = (folder / "rules" / council).read_text(encoding="utf-8")
    later = text.partition("versions:\n")[2].replace("2024-10-01", "2026-04-01")
    (folder / "rules" / council).write_text(text + later, encoding="utf-8")
    options = ("--rulebook", "rules", *BY, *WHY, "--ledger", "none")
    called(folder, "rules", "approve", "council-told", "desk-checked", "person-shown", *options)
    out = " ".join(check(folder, "--ledger", "none").out.split())
    assert "NOT APPROVED: 1 version of a duty behind this report." in out
    assert "every year, the version from 1 October 2024." in out


def test_many_are_counted_on_the_terminal_and_named_on_the_page(tmp_path: Path) -> None:
    shutil.copytree(OWN_BOOK, tmp_path / "rules")
    edit(tmp_path, "book.yaml", "marking:", "approvals: required\nmarking:")
    called(tmp_path, "template", "registers.xlsx", "--rulebook", "rules")
    done = check(tmp_path, "--ledger", "none")
    out = " ".join(done.out.split())
    found = re.search(r"NOT APPROVED: ([0-9]+) versions .*?; and ([0-9]+) more\.", out)
    assert found
    assert int(found[1]) == int(found[2]) + 10
    page = (tmp_path / "report" / "assessment.html").read_text(encoding="utf-8")
    assert f"<details><summary>{found[1]} versions</summary>" in page


# The history -------------------------------------------------------------------------------------


def test_the_history_of_a_duty(folder: Path) -> None:
    approve(folder, *BY, *WHY)
    (folder / "rules" / DESK).write_text(rule(folder) + SECOND, encoding="utf-8")
    done = log(folder, "desk-checked", "--ledger", LEDGER)
    assert (
        done.out
        == """\
4.10 The desk is looked at once a year (desk-checked)

1 October 2024 to 31 March 2026
  Changed by: Policy Officer
  Why: The first version
  Approved by: Chief Executive on 24 November 2026 (entry 1)
  First within 12 months after 1 October 2024 and then at most 12 months after the last time, there
    must be a row in Checks whose 'kind' is desk.
  It becomes due 60 days before the deadline.
  The date that counts is the one in 'done on'.
  We read 'yearly' as: Within a year of the last look

From 1 April 2026
  Changed by: not recorded
  Why: not recorded
  Approved by: nobody
  Until then: First within 12 months after 1 October 2024 and then at most 12 months after the last
    time, there must be a row in Checks whose 'kind' is desk.
  Until then: We read 'yearly' as: Within a year of the last look
  Since then: First within 6 months after 1 October 2024, or by 1 April 2026 if that is later, and
    then at most 6 months after the last time, there must be a row in Checks whose 'kind' is desk.
  Since then: A deadline that passed before 1 April 2026 does not change.
  Since then: We read 'yearly' as: Within six months of the last look
"""
    )


def test_a_duty_changes_with_the_one_to_which_it_adds_conditions(tmp_path: Path) -> None:
    base = Path(__file__).parent / "bad_rules" / "base"
    done = called(tmp_path, "rules", "log", "long-paper", "--rulebook", base)
    assert (
        done.out.partition("1 April 2026 to 31 March 2030\n")[2]
        == """\
  Changed because the duty 'Once a year' changed
  Until then: Everything else is as in that duty: First by 31 March 2025 and then at most 12 months
    after the last time, there must be each time at least 2 rows in Minutes whose 'topics' includes
    plan; 'pages' is at least 1; and 'minuted on' is on or before 'sent on' and at most 28 days
    before it.
  Until then: A row whose 'pages' is at least 100 is a point to check: It is long.
  Since then: Everything else is as in that duty: First within 6 months after 1 October 2024, or by
    1 April 2026 if that is later, and then at most 6 months after the last time, there must be a
    row in Minutes.
"""
    )


def test_the_history_says_what_was_edited_and_what_is_not_in_a_ledger(folder: Path) -> None:
    approve(folder, *BY, *WHY, "--ledger", "none")
    approve(folder, *BY, *WHY, duty="council-told")
    assert (
        "24 November 2026 (not in this ledger)"
        in log(folder, "desk-checked", "--ledger", LEDGER).out
    )
    edit(folder, DESK, "every: 12 months", "every: 13 months")
    assert (
        "  Approved by: nobody. It was edited since the approval by Chief Executive on 24 November "
        "2026\n" in log(folder, "desk-checked").out
    )
    everything = log(folder, "--all").out
    assert everything.count("Approved by: ") == 3
    assert everything.count("\n\n4.10 ") == 2


def test_the_history_quotes_the_sop(folder: Path) -> None:
    (folder / "sop.txt").write_text(
        "4.10 Desk\n\nSomebody looks at the desk yearly. It is told of.\n", encoding="utf-8"
    )
    done = log(folder, "desk-checked", "--sop", "sop.txt")
    assert done.out.endswith(
        "\nThe SOP says:\n  4.10: 'Somebody looks at the desk yearly. It is told of.'\n"
    ), done
    edit(
        folder,
        DESK,
        "citations:\n",
        'citations:\n  - section: "4.10"\n    phrase: looks at the desk\n',
    )
    again = log(folder, "desk-checked", "--sop", "sop.txt")
    assert again.out == done.out, "two phrases of one paragraph are one quote"
    done = log(folder, "council-told", "--sop", "sop.txt")
    assert done.out.endswith("\nThe SOP says:\n  4.10: 'told of the desk' is not in this SOP\n")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "Say which duty, by its id, or --all, for example: dueregard rules log "
             "council-told --rulebook rules\n"),
        (("desk-checked", "--all"), "Say which duty, by its id, or --all, for example: dueregard "
                                    "rules log desk-checked --rulebook rules\n"),
        (("desk-check",), "There is no duty 'desk-check'. Write 'desk-checked' if that is what you "
                          "mean.\n"),
        (("desk-checked", "--ledger", "none.sqlite"), "There is no ledger none.sqlite. A check "
         "begins one beside its folder of reports; where it lies elsewhere, give it with "
         "--ledger.\n"),
    ],
)  # fmt: skip
def test_what_has_no_history(folder: Path, options: tuple[str, ...], says: str) -> None:
    assert log(folder, *options) == Ended(2, "", says)


def test_the_page_of_the_office_names_them_too(folder: Path) -> None:
    edit(folder, "book.yaml", "marking:", "approvals: required\nmarking:")
    (folder / "office.yaml").write_text(
        "version: 1\nrulebook: rules\nevidence: [registers.xlsx]\n", encoding="utf-8"
    )
    called(folder, "rules", "approve", "council-told", "desk-checked", *BY, *WHY)
    assert called(folder, "check", "--as-of", "2026-11-24").code == 0
    page = visit(site_of(folder), "GET", "/reports/2026-11-24").data.decode()
    assert "<strong>Not approved:</strong> 1 version of a duty behind this report." in page
    assert "Whoever comes is shown the desk within a month, the version from 1 October 2024" in page
