"""A new version of the SOP from the command line: the to-do list, drafts, and checks that quote
the version of their day."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from record.recheck.recheck import main as recheck
from rules.load import load_rulebook
from tests.support.expected import golden
from tests.support.own_book import book_in
from tests.support.sop_builders import HALL, HALL_21, HALL_BOOK, versions_files

ACTS = """ref,words,kind,done on,recorded on
a1,gone through,list gone through,2026-03-01,2026-03-01
a2,signed,signed,2026-03-01,2026-03-01
"""

TO_DO = golden("to-do.txt")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with both versions of the procedure, the rulebook of the old one
    ('book'), that of both ('both'), and evidence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(HALL_BOOK, tmp_path / "book")
    for name, data in versions_files().items():
        path = tmp_path / "both" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in (HALL, HALL_21):
        shutil.copy(path, tmp_path)
    (tmp_path / "Acts.csv").write_text(ACTS, encoding="utf-8")
    return tmp_path


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """The exit code of the command, and what it printed."""
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def checked(
    capsys: pytest.CaptureFixture[str], as_of: str, *sop: str, ledger: str = "none"
) -> dict[str, Any]:
    """The assessment of a check with these documents of the SOP."""
    options = [option for name in sop for option in ("--sop", name)]
    command = ["check", "Acts.csv", "--as-of", as_of, "--rulebook", "both", "--formats", "json"]
    code, _, err = called(capsys, *command, *options, "--ledger", ledger)
    assert code in (0, 1), err
    made: dict[str, Any] = json.loads(Path("dueregard-report/assessment.json").read_text("utf-8"))
    return made


def quoted(assessment: dict[str, Any], duty: str) -> list[tuple[str, str]]:
    """The section and the paragraph of each citation of a duty."""
    (found,) = (each for each in assessment["duties"] if each["id"] == duty)
    return [(each["section"], each.get("quote", "")) for each in found["citations"]]


# The to-do list ----------------------------------------------------------------------------------


def test_comparing_ends_in_a_list_of_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = called(
        capsys, "sop", "compare", "hall.txt", "hall-2.1.txt", "--rulebook", "book"
    )
    assert (code, err) == (1, "")
    assert out[out.index("To do before") :] == TO_DO


def test_the_list_has_nothing_that_needs_nothing_and_quotes_the_name_of_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HALL.read_text(encoding="utf-8").replace("The kinds of key are", "The kinds are")
    (folder / "the hall.txt").write_text(text, encoding="utf-8")
    _, out, err = called(
        capsys, "sop", "compare", "hall.txt", "the hall.txt", "--rulebook", "book", "--html", "o"
    )
    assert err == ""
    assert "To do\n  No duty cites a paragraph that changed, and none requires anything new." in out
    assert "'dueregard sop pin \"the hall.txt\" --rulebook book'" in " ".join(out.split())
    page = (folder / "o").read_text(encoding="utf-8")
    assert "<p>No duty cites a paragraph that changed" in page


def test_drafts_are_written_beside_the_rules_and_never_live(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load_rulebook(folder / "book")
    command = ("sop", "compare", "hall.txt", "hall-2.1.txt", "--rulebook", "book")
    code, out, _ = called(capsys, *command, "--write", "drafts")
    names = ["to-do.txt", "list-gone-through.yaml", "loans-read-out.yaml", "book-signed.yaml"]
    assert code == 1
    assert out.splitlines()[-4:] == [f"Saved: drafts/{name}" for name in names]
    assert (folder / "drafts" / "to-do.txt").read_text(encoding="utf-8") == TO_DO
    assert load_rulebook(folder / "book") == before
    # each is a whole rule, which may be put in the place of the old one
    shutil.copy(folder / "drafts" / "list-gone-through.yaml", folder / "book" / "4.1-locking")
    shutil.copy(folder / "drafts" / "book-signed.yaml", folder / "book" / "4.2-lending")
    after = book_in(folder / "book")
    assert [str(each.from_) for each in after.duties["list-gone-through"].versions] == [
        "2024-10-01",
        "2027-01-01",
    ]
    assert str(after.duties["book-signed"].until) == "2026-12-31"


def test_a_draft_is_not_approved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = folder / "book" / "4.1-locking" / "list-gone-through.yaml"
    approved = (
        "    changed by: Keeper\n    why: >-\n      It is asked for\n      yearly\n"
        "    approved by: Warden\n    approved on: 2024-10-01\n"
        '    approved version: "0123456789abcdef"\n'
    )
    rule.write_text(rule.read_text(encoding="utf-8") + approved, encoding="utf-8")
    command = ("sop", "compare", "hall.txt", "hall-2.1.txt", "--rulebook", "book")
    called(capsys, *command, "--write", "drafts")
    old, _, new = (
        (folder / "drafts" / rule.name).read_text(encoding="utf-8").partition("# Draft for")
    )
    assert approved in old
    assert "approved" not in new
    assert "why" not in new


def test_drafts_overwrite_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ("sop", "compare", "hall.txt", "hall-2.1.txt", "--rulebook", "book", "--write")
    (folder / "drafts").mkdir()
    (folder / "drafts" / "book-signed.yaml").write_text("mine", encoding="utf-8")
    code, out, err = called(capsys, *command, "drafts")
    assert (code, out) == (2, "")
    assert err == (
        "drafts/book-signed.yaml already exists and was not changed: give another name.\n"
    )
    assert [path.name for path in (folder / "drafts").iterdir()] == ["book-signed.yaml"]
    code, out, err = called(capsys, *command, "book/drafts")
    assert (code, out) == (2, "")
    assert err == (
        "Nothing was done: --write book/drafts is in the folder of the rulebook, where drafts would"
        " be read as rules. Give another folder.\n"
    )
    code, _, err = called(capsys, *command, "hall.txt")
    assert code == 2
    assert err == "--write hall.txt could not be made: a file has its name.\n"


def test_what_was_done_is_not_drafted_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = called(capsys, "sop", "compare", "hall.txt", "hall-2.1.txt", "--rulebook", "both")
    out = " ".join(out.split())
    has = "it has a version from 1 January 2027. Compare the texts with that one."
    assert f"(list-gone-through): {has}" in out
    assert "(book-signed): it ends on 31 December 2026, so there is nothing to do." in out
    assert "Add the new version to" not in out


def test_without_a_day_the_drafts_say_where_to_write_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HALL_21.read_text(encoding="utf-8").replace("In force from\t1 January 2027\n", "")
    (folder / "new.txt").write_text(text, encoding="utf-8")
    _, out, _ = called(capsys, "sop", "compare", "hall.txt", "new.txt", "--rulebook", "book")
    assert "\n\nTo do\n  1. Section 1 Lamps" in out
    assert "| until: DAY\n" in out
    assert (
        "- new.txt does not say from which day it is in force. Write that day wherever a draft has"
        " DAY, and the day before after 'until:'."
    ) in " ".join(out.split())


def test_a_moved_paragraph_and_an_unchanged_sentence_need_no_edit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HALL.read_text(encoding="utf-8").replace("within two days", "within five days")
    keys = "The hall has a well-kept list of keys, which will be gone through at least yearly."
    text = text.replace(f"{keys}\n\n", "").replace("This will be", f"{keys}\n\nThis will be")
    (folder / "new.txt").write_text(text, encoding="utf-8")
    _, out, _ = called(capsys, "sop", "compare", "hall.txt", "new.txt", "--rulebook", "book")
    out = " ".join(out.split())
    assert (
        "The doors are tried (doors-tried): the sentence that it cites is the same. Look at the"
        " others of the paragraph."
    ) in out
    assert (
        "Section 4.1, paragraph 2, now section 5, paragraph 2: moved"
        " The list of keys is gone through every year (list-gone-through): its words are the"
        " same. Pinning the new version records where they are now."
    ) in out


# Pinning -----------------------------------------------------------------------------------------


def test_pinning_a_new_version_carries_what_only_moved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = folder / "both" / "pins.yaml"
    whole = pins.read_bytes()
    pins.write_bytes((HALL_BOOK / "pins.yaml").read_bytes())
    code, out, _ = called(capsys, "sop", "pin", "hall-2.1.txt", "--rulebook", "both", "--accept")
    assert code == 2  # an exempt sentence is gone
    assert out.startswith(
        "Version 2.1 of the SOP: 9 pinned; 1 new, 7 as in the previous version. 1 pinned again:\n"
        "  4.2, 'loans will be read out'\n"
        "Found in another section, or under another number:\n"
        "  4.1, now 4.2: 2 citations\n"
        "  4.2, now 4.3: 2 citations\n"
        "  4.2 Lost keys, now 4.3 Lost keys: 1 citation\n"
        "Not pinned:\n  book.yaml, exempt 4: "
    )
    assert pins.read_bytes() == whole


def test_nothing_is_pinned_to_a_version_that_is_not_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "book" / "pins.yaml").read_bytes()
    code, out, err = called(capsys, "sop", "pin", "hall-2.1.txt", "--rulebook", "book")
    assert (code, out) == (2, "")
    assert err.startswith("hall-2.1.txt: The document states that it is version 2.1, and book.yaml")
    assert (folder / "book" / "pins.yaml").read_bytes() == before
    code, out, _ = called(capsys, "sop", "read", "hall-2.1.txt", "--rulebook", "book")
    assert code == 2
    assert "The document states that it is version 2.1, and book.yaml lists version 2.0." in out


# Checks ------------------------------------------------------------------------------------------


def test_a_check_quotes_the_version_of_its_day(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Finding 2: with both given, 2026 says 'yearly' and 2027 'every six months'."""
    for sop in (("hall.txt", "hall-2.1.txt"), ("hall-2.1.txt", "hall.txt")):
        old, new = (checked(capsys, day, *sop) for day in ("2026-11-24", "2027-01-02"))
        ((section, text),) = quoted(old, "list-gone-through")
        assert section == "4.1"
        assert text.endswith("gone through at least yearly.")
        ((section, text),) = quoted(new, "list-gone-through")
        assert section == "4.2"
        assert text.endswith("gone through every six months.")
        assert (old["sop"]["version"], old["sop"]["file"]) == ("2.0", "hall.txt")
        assert (new["sop"]["version"], new["sop"]["file"]) == ("2.1", "hall-2.1.txt")
        assert old["rulebook"]["sop"] == "Keys and Lamps Working Procedure, version 2.0"
        assert new["rulebook"]["sop"] == "Keys and Lamps Working Procedure, version 2.1"


def test_a_duty_that_ended_refuses_no_check(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Finding 1: its sentence is gone from the new version, alone or with the old one."""
    for sop in (("hall-2.1.txt",), ("hall.txt", "hall-2.1.txt")):
        new = checked(capsys, "2027-01-02", *sop)
        assert [each["words"] for each in new["not_in_force"]] == ["ended on 31 December 2026"]
    old = checked(capsys, "2026-12-31", "hall.txt")
    assert quoted(old, "book-signed") == [("5", "The Warden will sign the key book once a year.")]


def test_without_the_version_of_its_day_a_check_quotes_nothing_and_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = checked(capsys, "2026-11-24", "hall-2.1.txt")
    assert quoted(old, "list-gone-through") == [("4.1", "")]
    assert "sop" not in old
    says = "What version 2.0 of the SOP says, because that document was not given."
    assert says in old["not_checked"]
    assert not [each for each in checked(capsys, "2026-11-24")["not_checked"] if "SOP" in each]
    both = checked(capsys, "2026-11-24", "hall.txt", "hall-2.1.txt")
    assert says not in both["not_checked"]


@pytest.mark.parametrize(
    ("given", "edit", "says"),
    [
        (
            ("hall.txt", "copy.txt"),
            ("", ""),
            "copy.txt: hall.txt is version 2.0 of the SOP too. Give one document for each version.",
        ),
        (
            ("copy.txt",),
            ("Version\t2.0", "Version\t2.2"),
            "copy.txt: The document states that it is version 2.2, and book.yaml lists versions 2.0"
            " and 2.1. Give the document of a version",
        ),
        (
            ("copy.txt",),
            ("Version\t2.0\n", ""),
            "copy.txt: The document does not state its version, and book.yaml lists versions 2.0"
            " and 2.1. If it is one of them, write its SHA-256",
        ),
    ],
)
def test_documents_that_do_not_fit_stop_the_check(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    given: tuple[str, ...],
    edit: tuple[str, str],
    says: str,
) -> None:
    text = HALL.read_text(encoding="utf-8").replace(*edit)
    (folder / "copy.txt").write_text(text, encoding="utf-8")
    options = [option for name in given for option in ("--sop", name)]
    command = ("check", "Acts.csv", "--as-of", "2026-11-24", "--rulebook", "both", "--ledger")
    code, out, err = called(capsys, *command, "none", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"Stopped: the SOP and the rules do not agree.\n  {says}")


def test_office_yaml_may_list_the_versions(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "office.yaml").write_text(
        "version: 1\nrulebook: both\nsop:\n  - hall.txt\n  - hall-2.1.txt\nevidence:\n"
        "  - Acts.csv\n",
        encoding="utf-8",
    )
    for day, version in (("2026-11-24", "2.0"), ("2027-01-02", "2.1")):
        assert called(capsys, "check", "--as-of", day)[0] in (0, 1)
        data = (folder / "reports" / day / "assessment.json").read_text(encoding="utf-8")
        assert json.loads(data)["sop"]["version"] == version


def test_the_ledger_a_pack_and_the_verifier_name_the_version(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = checked(capsys, "2027-01-02", "hall.txt", "hall-2.1.txt", ledger="l.sqlite")
    _, out, _ = called(capsys, "ledger", "show", "1", "--ledger", "l.sqlite")
    assert f"\n  SOP: version 2.1, SHA-256 {new['sop']['sha256']}\n" in out
    command = ("dueregard-report/assessment.json", "--evidence", "Acts.csv", "--rulebook", "both")
    documents = ("--sop", "hall.txt", "--sop", "hall-2.1.txt")
    assert called(capsys, "pack", "p.zip", *command, *documents)[0] == 0
    assert recheck(["p.zip"]) == 0
    assert "does not contain the SOP" not in capsys.readouterr().out
    code, _, err = called(capsys, "pack", "q.zip", *command, "--sop", "hall.txt")
    assert code == 2
    assert "hall.txt is not the document that the assessment quotes (hall-2.1.txt)" in err


def test_the_history_of_a_duty_quotes_each_version(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("rules", "log", "list-gone-through", "--rulebook", "both")
    code, out, _ = called(capsys, *command, "--sop", "hall-2.1.txt", "--sop", "hall.txt")
    assert code == 0
    keys = "'The hall has a well-kept list of keys, which will be gone through"
    assert " ".join(out.split()).endswith(
        f"Version 2.0 of the SOP says: 4.1: {keys} at least yearly.' "
        f"Version 2.1 of the SOP says: 4.2: {keys} every six months.'"
    )
