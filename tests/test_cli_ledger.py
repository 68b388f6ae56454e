"""The ledger from the command line: what is entered, shown, verified, compared and pruned."""

from __future__ import annotations

import datetime
import getpass
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli import ledger_entry as entering
from cli.commands.record import ledger as ledger_command
from cli.commands.record import review
from cli.ledger_entry import NEW_LEDGER
from cli.main import main
from cli.progress import Progress
from engine import check
from engine.assessment import Assessment
from engine.check import CheckRequest, assess
from record.ledger.chain import Stamp, entries, key_of
from record.ledger.checks import enter
from record.ledger.entries import digest
from record.ledger.store import store_of, stored
from record.ledger.verify import LIMITS, verify
from reports.writing import FILES
from tests.support import html_page
from tests.support.desk_office import (
    COUNCIL,
    DESK,
    HEADINGS,
    SHOWN,
    Ended,
    Rows,
    asked,
    called,
    day,
    reports,
    rulebook,
    workbook,
)
from tests.support.ledgers import at, memory, opened

LEDGER = "dueregard-ledger.sqlite"
HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """One in memory."""
    with memory() as folder:
        (folder / "office.xlsx").write_bytes(workbook())
        yield folder


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is nine o'clock on 25 November 2026, and Les Lead is logged in."""
    _set_clock(monkeypatch)


def _set_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC)
    # all are loaded by now: one that were loaded while another is patched would keep the patch
    for module in (entering, ledger_command, review):
        monkeypatch.setattr(module, "stamp", lambda by: Stamp(moment, by or "Les Lead"))


@pytest.fixture(scope="module")
def _twice() -> Iterator[Path]:
    with memory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        _set_clock(monkeypatch)
        (folder / "office.xlsx").write_bytes(workbook())
        assert checked(folder, as_of="2026-10-01", out="first").code == 0
        (folder / "office.xlsx").write_bytes(workbook(checks=[HEADINGS, SHOWN, COUNCIL]))
        assert checked(folder, out="second").code == 1
        yield folder


@pytest.fixture
def twice(_twice: Path, tmp_path: Path) -> Path:
    """A folder with two checks: of 1 October; and of 24 November, with the desk's check gone from
    the workbook."""
    return Path(shutil.copytree(_twice, tmp_path / "twice"))


def checked(folder: Path, *more: str, as_of: str = "2026-11-24", out: str = "out") -> Ended:
    """A check of the office's workbook that is entered where the program says."""
    return called(folder, *asked("office.xlsx", as_of=as_of, out=out, ledger=""), *more)


def ledger(folder: Path, *arguments: str) -> Ended:
    """A command on the ledger, with each hash it prints as #."""
    done = called(folder, "ledger", *arguments)
    return Ended(done.code, HASH.sub("#", done.out), HASH.sub("#", done.err))


# A check is entered ------------------------------------------------------------------------------


def test_a_check_says_where_it_was_entered_and_with_which_head(tmp_path: Path) -> None:
    done = checked(tmp_path)
    (_, entry) = entries(tmp_path / LEDGER)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(
        f"Saved: out/{FILES['json']}\n"
        "Saved: out/run.json\n"
        f"Check logged as number 1 in the new ledger {LEDGER} (fingerprint {entry.row.hash})\n"
        f"{NEW_LEDGER}\n"
        "Open this file first: out/assessment.html\n"
    )
    assert json.loads((tmp_path / "out" / "run.json").read_bytes()) == {
        "format": "dueregard-run-1",
        "ledger": f"../{LEDGER}",
        "entry": 1,
        "head": entry.row.hash,
        "assessment": digest((tmp_path / "out" / "assessment.json").read_bytes()),
        "entered_at": "2026-11-25T09:00:00+00:00",
    }
    again = checked(tmp_path).out.splitlines()[-2]
    assert again.startswith(f"Check logged as number 2 in {LEDGER} (fingerprint ")
    assert verify(tmp_path / LEDGER).faults == ()


def test_the_same_evidence_gives_the_same_bytes_in_one_ledger(tmp_path: Path) -> None:
    for out in ("one", "two"):
        checked(tmp_path, out=out)
    one, two = reports(tmp_path / "one"), reports(tmp_path / "two")
    assert sorted(one) == sorted([*FILES.values(), "run.json"])
    assert one.pop("run.json") != two.pop("run.json")
    assert one == two


def test_entered_nowhere_it_lacks_the_fingerprints_and_nothing_else(tmp_path: Path) -> None:
    checked(tmp_path, out="one")
    done = checked(tmp_path, "--ledger", "none", out="none")
    assert "Entered" not in done.out
    one, none = reports(tmp_path / "one"), reports(tmp_path / "none")
    prints = re.compile(rb'"fingerprint":"[0-9a-f]+",')
    assert len(prints.findall(one["assessment.json"])) > 3
    rows = re.compile(rb'"rows":\[\{"file":.*?\]\}\],')
    assert len(rows.findall(one["assessment.json"])) == 1
    assert {name: rows.sub(b"", prints.sub(b"", one[name])) for name in none} == none


def test_checks_whose_reports_lie_side_by_side_share_a_ledger(tmp_path: Path) -> None:
    checked(tmp_path, out="reports/october", as_of="2026-10-01")
    checked(tmp_path, out="reports/november/")
    path = tmp_path / "reports" / LEDGER
    assert len(entries(path)) == 3
    assert len(stored(store_of(path))) == 2


def test_a_check_entered_nowhere_leaves_nothing_that_says_otherwise(tmp_path: Path) -> None:
    checked(tmp_path)
    checked(tmp_path, "--ledger", "NONE", as_of="2026-11-20")
    assert sorted(reports(tmp_path / "out")) == sorted(FILES.values())
    assert len(entries(tmp_path / LEDGER)) == 2


def test_a_run_json_of_somebody_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text('{"format": "theirs"}', encoding="utf-8")
    checked(tmp_path, "--ledger", "none")
    assert (tmp_path / "out" / "run.json").read_text(encoding="utf-8") == '{"format": "theirs"}'


def test_who_did_it_is_the_systems_user_unless_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    checked(tmp_path)
    checked(tmp_path, "--by", "Ann Auditor")
    (_, one, two) = entries(tmp_path / LEDGER)
    assert one.details is not None and two.details is not None  # noqa: PT018
    assert (one.details.by, two.details.by) == (getpass.getuser(), "Ann Auditor")
    assert before <= one.body.at <= datetime.datetime.now(datetime.UTC)


def test_where_nobody_is_logged_in_the_entry_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.undo()
    monkeypatch.setattr(getpass, "getuser", nobody)
    checked(tmp_path)
    entry = entries(tmp_path / LEDGER)[-1]
    assert entry.details is not None
    assert entry.details.by == "unknown user"


def test_nothing_is_reported_where_it_cannot_be_entered(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_text("words, and no ledger " * 9, encoding="utf-8")
    assert checked(tmp_path) == Ended(
        2,
        "",
        f"{LEDGER} is not a ledger of this program, and was left as it is: give another name with"
        " --ledger.\n"
        "No report was written. Old reports are unchanged. With --ledger none the check is reported"
        " and not recorded.\n",
    )
    assert not (tmp_path / "out").exists()


def test_evidence_is_never_taken_for_a_ledger(tmp_path: Path) -> None:
    before = (tmp_path / "office.xlsx").read_bytes()
    done = checked(tmp_path, "--ledger", "office.xlsx")
    assert (done.code, (tmp_path / "office.xlsx").read_bytes()) == (2, before)
    assert done.err.startswith(
        "office.xlsx is not a ledger of this program, and was left as it is:"
    )


def test_a_check_whose_reports_cannot_be_written_stands_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "out" / FILES["html"]).mkdir(parents=True)
    done = checked(tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("The folder out cannot be written to")
    assert done.err.endswith(f"The check is recorded in the ledger {LEDGER} as entry 1.\n")
    assert verify(tmp_path / LEDGER).faults == ()


def test_a_check_that_fails_leaves_no_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger is begun with its first entry, and not before there is one to make."""
    monkeypatch.setattr(check, "assess", lambda *_: 1 // 0)
    assert checked(tmp_path).code == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office.xlsx"]


def test_a_check_that_fails_leaves_a_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(tmp_path).code == 0
    before = (tmp_path / LEDGER).read_bytes()
    monkeypatch.setattr(check, "assess", lambda *_: 1 // 0)
    assert checked(tmp_path).code == 3
    assert (tmp_path / LEDGER).read_bytes() == before


def test_a_ledger_that_another_check_begins_meanwhile_gives_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprints in both assessments are then made under the one key."""
    keys: list[bytes | None] = []

    def during(
        question: CheckRequest, progress: Progress, meanwhile: Callable[[Assessment], None]
    ) -> Assessment:
        keys.append(question.key)
        if len(keys) == 1:
            monkeypatch.setattr(check, "assess", assess)
            assert called(tmp_path, *asked("office.xlsx", out="other", ledger="")).code == 0
            monkeypatch.setattr(check, "assess", during)
        return assess(question, progress, meanwhile)

    monkeypatch.setattr(check, "assess", during)
    done = checked(tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "Check logged as number 2 in" in done.out
    assert len(keys) == 2
    assert keys[0] != keys[1] == key_of(tmp_path / LEDGER)
    one, other = (tmp_path / out / "assessment.json" for out in ("out", "other"))
    assert one.read_bytes() == other.read_bytes()
    assert verify(tmp_path / LEDGER).faults == ()


def test_a_ledger_that_takes_the_place_of_another_meanwhile_is_not_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checked(tmp_path).code == 0

    def during(
        question: CheckRequest, progress: Progress, meanwhile: Callable[[Assessment], None]
    ) -> Assessment:
        (tmp_path / LEDGER).unlink()
        enter(tmp_path / LEDGER, assess(question, progress), at(0))
        return assess(question, progress, meanwhile)

    monkeypatch.setattr(check, "assess", during)
    done = checked(tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        f"The ledger {LEDGER} was begun anew while this was checked, with another key. Nothing was"
        " entered. Check again.\n"
    )


def test_what_is_not_assessed_is_not_entered(tmp_path: Path) -> None:
    assert called(tmp_path, *asked("absent.xlsx", ledger="")).code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["office.xlsx"]


# Looking at it -----------------------------------------------------------------------------------


def test_list(twice: Path) -> None:
    called(twice, "review", "second/assessment.json", "desk-checked", "--agree")
    ids = [entry.body.assessment[:12] for entry in entries(twice / LEDGER)[1:3]]  # type: ignore[union-attr]
    assert ledger(twice, "list") == Ended(
        0,
        "    0  2026-11-25 09:00  begun     by Les Lead\n"
        f"    1  2026-11-25 09:00  check     as of 1 October 2026; small 1.0.0; {ids[0]};"
        " by Les Lead\n"
        f"    2  2026-11-25 09:00  check     as of 24 November 2026; small 1.0.0; {ids[1]}"
        " (1 review); by Les Lead\n"
        "    3  2026-11-25 09:00  review    desk-checked: agrees, in entry 2; by Les Lead\n",
        "",
    )


def test_show_and_its_report(twice: Path) -> None:
    called(twice, "review", "second/assessment.json", "person-shown", "--disagree",
           "--by", "Ann Auditor", "--subject", "p1", "--note", "<b>unsigned</b>")  # fmt: skip
    done = ledger(twice, "show", "2", "--html", "again.html")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(
        "1 of the office's 2 duties is met. 1 is overdue.\n"
        "Reviewed, of 3 duties: 0 agreed, 1 disagreed, 2 not yet looked at.\n"
        "  disagreed: 4.10 Whoever comes is shown the desk within a month [person-shown], met\n"
        "    Ann Auditor disagrees about p1: <b>unsigned</b>. (entry 3, 25 November 2026)\n"
        "  not yet looked at: 4.10 The council is told of the desk every year [council-told], met\n"
        "  not yet looked at: 4.10 The desk is looked at once a year [desk-checked], 419 days"
        " overdue\n"
        "Saved: again.html\n"
    )
    root = html_page.parsed((twice / "again.html").read_bytes())
    assert root.all("b") == []
    text = root.text()
    assert "review: disagreed" in text
    assert text.count("review: not yet looked at") == 2
    assert "Ann Auditor disagrees about p1: <b>unsigned</b>. (entry 3, 25 November 2026)" in text
    again = ledger(twice, "show", "2", "--html", "again.html")
    assert again.err == "again.html already exists and was not changed: give another name.\n"
    assert ledger(twice, "show", "3", "--html", "x.html").err == (
        "--html: entry 3 records no assessment, so it has no report.\n"
    )


def test_verify(twice: Path) -> None:
    head = entries(twice / LEDGER)[-1].row.hash
    assert ledger(twice, "verify", "--head", head.upper()) == Ended(
        0,
        f"The ledger {LEDGER} is intact: its chain of 3 entries is complete.\n"
        "Head: #\n"
        "Assessments: 2 kept and unaltered, 0 pruned.\n"
        "Rulebooks: 1 kept and unaltered.\n"
        "The head given is that of entry 2: up to it nothing was altered, removed or put in since"
        f" it was noted. Of what was entered later it says nothing.\n{LIMITS}\n",
        "",
    )
    with opened(twice / LEDGER, bare=True) as connection:
        connection.execute("UPDATE entries SET body = replace(body, '1.0.0', '1.0.1')")
    assert ledger(twice, "verify", "--head", head) == Ended(
        1,
        f"The ledger {LEDGER} is not intact: 2 faults.\n"
        "  Entry 1 was altered: its hash does not match its content.\n"
        "  Entry 2 was altered: its hash does not match its content.\n"
        f"{LIMITS}\n",
        "",
    )


def test_help_says_what_verifying_cannot_show(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ledger", "verify", "--help"])
    assert LIMITS in " ".join(capsys.readouterr().out.split())


def test_compare(twice: Path) -> None:
    assert ledger(twice, "compare", "1", "2") == Ended(
        0,
        "Entry 1, as of 1 October 2026; beside it entry 2, as of 24 November 2026.\n"
        "Asked or given otherwise:\n"
        "  the day: as of 1 October 2026, then as of 24 November 2026, 54 days later\n"
        "  the evidence: office.xlsx was changed\n"
        "Came out otherwise: 1 duty\n"
        "4.10 The desk is looked at once a year [desk-checked]: met, then overdue\n"
        "  office: met, then 419 days overdue\n"
        "    a row gone: office.xlsx, Checks sheet, row 2 (C2 done on: 01/03/2026; D2 kind:"
        " desk)\n",
        "",
    )


def test_export(twice: Path) -> None:
    assert ledger(twice, "export", "chain.txt") == Ended(0, "Saved: chain.txt\n", "")
    lines = (twice / "chain.txt").read_text(encoding="ascii").splitlines()
    assert [json.loads(line)["previous"] for line in lines[1:]] == [
        digest(line) for line in lines[:-1]
    ]
    assert digest(lines[-1]) == entries(twice / LEDGER)[-1].row.hash
    again = ledger(twice, "export", "chain.txt")
    assert again.err == "chain.txt already exists and was not changed: give another name.\n"
    nowhere = ledger(twice, "export", "no/chain.txt")
    assert (
        nowhere.err
        == "no/chain.txt could not be written: there is no such folder. Give another place.\n"
    )


def test_prune(twice: Path) -> None:
    assert ledger(twice, "prune", "--before", "25/11/2026") == Ended(
        0, "There is nothing from before 25 November 2026 to prune.\n", ""
    )
    assert ledger(twice, "prune", "--before", "26/11/2026") == Ended(
        2, "", "--before: 26 November 2026 has not come yet. Give an earlier day.\n"
    )
    assert ledger(twice, "prune", "--before", "tbc").err.startswith("--before: ")


def test_what_was_pruned_is_shown_so(twice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called(twice, "review", "second/assessment.json", "desk-checked", "--agree")
    moment = datetime.datetime(2028, 1, 2, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr(
        "cli.commands.record.ledger.stamp", lambda by: Stamp(moment, by or "Les Lead")
    )
    assert ledger(twice, "prune", "--before", "2027-01-01") == Ended(
        0,
        "Pruned, from before 1 January 2027: the details of 4 entries, 2 assessments\n"
        "Pruning logged as number 4 (fingerprint #)\n",
        "",
    )
    assert "by (pruned)\n" in ledger(twice, "list").out
    shown = ledger(twice, "show", "2").out
    assert "entered on 25 November 2026 at 09:00 (+00:00) by (pruned)\n" in shown
    assert "  Assessment: SHA-256 #, pruned\n" in shown
    assert shown.endswith("(pruned) agrees (entry 3, 25 November 2026)\n")
    assert ledger(twice, "compare", "1", "2") == Ended(
        2, "", "Entry 1 was pruned, so nothing can be compared with it.\n"
    )
    assert ledger(twice, "verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "9"], "There is no entry 9: the last of this ledger is 2."),
        (
            ["compare", "0", "1"],
            "Entry 0 is not a check (begun): 'dueregard ledger list' shows which entries are "
            "checks.",
        ),
        (["verify", "--head", "1234"], "--head 1234: give all 64 letters and digits of the head."),
        (
            ["list", "--ledger", "other.sqlite"],
            "There is no ledger other.sqlite. A check begins one beside its folder of reports;"
            " where it lies elsewhere, give it with --ledger.",
        ),
        (
            ["prune", "--ledger", "other.sqlite", "--before", "2026-01-01"],
            "There is no ledger other.sqlite, so there is nothing to prune.",
        ),
    ],
)
def test_what_it_cannot_do_it_says(arguments: list[str], says: str, twice: Path) -> None:
    assert ledger(twice, *arguments) == Ended(2, "", f"{says}\n")
    assert not (twice / "other.sqlite").exists()


def test_an_assessment_taken_out_of_the_store(tmp_path: Path) -> None:
    checked(tmp_path)
    (kept,) = store_of(tmp_path / LEDGER).iterdir()
    kept.unlink()
    assert ledger(tmp_path, "show", "1").err == (
        "The assessment of entry 1 is not at dueregard-ledger.assessments/#.json, and no pruning"
        " removed it. Keep the folder of assessments beside its ledger.\n"
    )
    kept.write_bytes(b"{}")
    assert ledger(tmp_path, "show", "1").err == (
        "The assessment of entry 1 was altered after it was entered:"
        " dueregard-ledger.assessments/#.json.\n"
    )


# Review ------------------------------------------------------------------------------------------


def test_a_review_finds_the_ledger_by_the_run_json_beside_it(tmp_path: Path) -> None:
    checked(tmp_path, "--ledger", "elsewhere/office.sqlite")
    before = reports(tmp_path / "out")
    done = called(tmp_path, "review", "out/assessment.json", "desk-checked", "--agree")
    head = entries(tmp_path / "elsewhere" / "office.sqlite")[-1].row.hash
    assert done == Ended(
        0,
        f"View logged as number 2 in elsewhere/office.sqlite (fingerprint {head})."
        " The outcome itself is unchanged.\n",
        "",
    )
    assert reports(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.json", "desk-checked", "--agree"], "absent.json was not found: check"),
        (["office.xlsx", "desk-checked", "--agree"], "office.xlsx is not an assessment."),
        (["first/assessment.json", "desk", "--agree"], "The assessment has no duty 'desk'."),
        (
            ["first/assessment.json", "desk-checked", "--disagree"],
            "Say with --note why you disagree",
        ),
        (
            ["first/assessment.json", "desk-checked", "--agree", "--ledger", "no.sqlite"],
            "There is no ledger no.sqlite.",
        ),
    ],
)
def test_a_review_of_what_is_not_there(arguments: list[str], says: str, twice: Path) -> None:
    done = called(twice, "review", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(says)
    assert len(entries(twice / LEDGER)) == 3


def test_a_review_agrees_or_disagrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "a.json", "desk-checked"]) == 2
    assert capsys.readouterr().err.startswith("Say --agree or --disagree, for example: ")


# Known by ----------------------------------------------------------------------------------------

CLOCKED: Rows = [
    [*HEADINGS, "recorded on"],
    [*DESK, day(3, 2)],
    [*SHOWN, day(1, 12)],
    [*COUNCIL, day(5, 4)],
]
LATER: Rows = [
    ["c4", "", day(5, 20), "desk", day(11, 10)],
    ["c5", "p1", day(1, 8), "shown", day(11, 12)],
]
FIRST = """
    columns:
      - name: ref
        type: key
      - name: person
"""
WITH_A_CLOCK = """
    recorded on: recorded on
    columns:
      - name: recorded on
        type: day
        required: no
        blank: nothing
      - name: ref
        type: key
      - name: person
"""


def test_an_old_check_asked_again_gives_its_old_answer(tmp_path: Path) -> None:
    """Though rows were recorded since that say of earlier days what nobody knew then."""
    book = str(rulebook(tmp_path / "book", {"registers.yaml": (FIRST, WITH_A_CLOCK)}))
    more = ["--rulebook", book, "--formats", "json", "--ledger", "none"]
    (tmp_path / "office.xlsx").write_bytes(workbook(checks=CLOCKED))
    assert checked(tmp_path, *more, as_of="2026-11-01", out="then").code == 0
    (tmp_path / "office.xlsx").write_bytes(workbook(checks=[*CLOCKED, *LATER]))
    assert checked(tmp_path, *more, as_of="2026-11-01", out="now").code == 0
    known = [*more, "--known-by", "1 November 2026"]
    assert checked(tmp_path, *known, as_of="2026-11-01", out="again").code == 0
    then, now, again = (
        json.loads((tmp_path / out / "assessment.json").read_bytes())
        for out in ("then", "now", "again")
    )
    assert again["duties"] == then["duties"] != now["duties"]
    assert (then.get("known_by"), again["known_by"]) == (None, "2026-11-01")
    assert again["not_checked"][-2:] == [
        "office.xlsx, People: The register 'People' has no column for the day on which a row was"
        " recorded, so all its rows counted, whenever they were recorded.",
        "office.xlsx, Checks: Rows that did not count: 2 recorded after 1 November 2026.",
    ]


@pytest.mark.parametrize("option", ["--known-by", "--records-begin"])
def test_a_day_that_is_none(tmp_path: Path, option: str) -> None:
    done = checked(tmp_path, option, "31 November")
    assert done.code == 2
    assert done.err.startswith(f"{option}: ")


def test_records_that_begin_after_the_check_stop_it(tmp_path: Path) -> None:
    done = checked(tmp_path, "--records-begin", "25 November 2026", as_of="2026-11-24")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Stopped: records begin on 25 November 2026, which is after the day of the check, "
        "24 November 2026. Give another day with --records-begin or --as-of.\n"
    )


def test_the_day_on_which_records_begin_is_kept_wherever_the_check_is(tmp_path: Path) -> None:
    assert checked(tmp_path, as_of="2026-11-24", out="all").code == 0
    begin = ["--records-begin", "24 November 2026"]
    done = checked(tmp_path, *begin, as_of="2026-11-24", out="begin")
    assert done.code == 0
    assert "Records begin on 24 November 2026: " in done.out
    told = json.loads((tmp_path / "begin" / "assessment.json").read_bytes())
    assert told["records_begin"] == "2026-11-24"
    listed = called(tmp_path, "ledger", "list").out
    assert listed.count("as of 24 November 2026, records begin on 24 November 2026; ") == 1
    shown = called(tmp_path, "ledger", "show", "2").out
    assert "  Records begin on: 24 November 2026\n" in shown
    compared = called(tmp_path, "ledger", "compare", "1", "2").out
    assert "  the day on which records begin: no day given, then 24 November 2026\n" in compared
