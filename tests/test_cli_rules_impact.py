"""dueregard rules impact: what it prints and writes, what stops it, and what it costs."""

from __future__ import annotations

import datetime
import json
import re
import resource
import shutil
from pathlib import Path

import pytest

from reports.impact.json import impact_schema
from rules.load import OWN_BOOK
from tests.support.changed_rules import changed_rules
from tests.support.desk_office import BOOK, Ended, called, dueregard, rulebook, workbook
from tests.support.expected import golden
from tests.support.needs import ROOT
from tests.support.own_book import own_book

RULE = "1-desk/desk-checked.yaml"
AT = ("--today", "2026-11-24")

_PRINTED = golden("impact.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the evidence, and a rulebook in which the desk is looked at twice a year from
    1 January 2027."""
    (tmp_path / "office.xlsx").write_bytes(workbook())
    text = (BOOK / RULE).read_text(encoding="utf-8")
    begins = text.index("  - from: 2024-10-01")
    later = text[begins:].replace("2024-10-01", "2027-01-01").replace("12 months", "6 months")
    new = rulebook(tmp_path / "new")
    (new / RULE).write_text(text + later, encoding="utf-8")
    return tmp_path


def of_small(folder: Path, *arguments: str | Path) -> Ended:
    """The impact of the change to the small rulebook."""
    return called(folder, "rules", "impact", "new", "office.xlsx", "--old", BOOK, *arguments)


@pytest.mark.campaign
def test_it_prints_and_writes_the_same_on_each_run(folder: Path) -> None:
    assert of_small(folder, *AT, "--out", "out") == Ended(0, _PRINTED, "")
    written = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert sorted(written) == ["impact.html", "impact.json"]
    ended = dueregard(
        folder, "rules", "impact", "new", "office.xlsx", "--old", BOOK, *AT, "--out", "out"
    )
    assert ended == Ended(0, _PRINTED, "")
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == written
    page = written["impact.html"].decode()
    assert "pattern &gt; every: 12 months, now 6 months" in page
    assert "2 January 2027 to 28 February 2027" in page
    found = json.loads(written["impact.json"])
    assert found["as_of"] == "2026-11-24"
    assert found["duties"][0]["phases"][0] == {
        "first": "2027-01-01",
        "last": "2027-01-01",
        "before": {"status": "due", "deadline": "2027-03-01"},
        "after": {"status": "due", "deadline": "2027-01-01"},
        "versions": ["2024-10-01", "2027-01-01"],
    }
    assert found.keys() <= impact_schema()["properties"].keys()  # type: ignore[attr-defined]


def test_the_schema_in_the_project_is_made_from_the_types() -> None:
    text = json.dumps(impact_schema(), ensure_ascii=False, indent=1) + "\n"
    assert (ROOT / "reports" / "impact.schema.json").read_text(encoding="utf-8") == text


def test_the_days_that_are_given_are_the_only_ones(folder: Path) -> None:
    ended = of_small(folder, *AT, "--as-of", "2027-01-02", "--as-of", "2026-12-31")
    assert "Compared on 2 days, 31 December 2026 to 2 January 2027." in ended.out
    assert ended.out.endswith(
        "  2 January 2027: 1 duty and 1 obligation differ; 1 overdue only by the new rulebook\n"
    )


def test_the_same_rulebook_has_no_impact(folder: Path) -> None:
    copy = rulebook(folder / "copy")
    ended = called(folder, "rules", "impact", copy, "office.xlsx", "--old", BOOK, *AT)
    assert ended.code == 0
    assert "The two rulebooks say the same about every duty." in ended.out


def test_in_an_offices_folder_only_the_new_rulebook_is_named(folder: Path) -> None:
    rulebook(folder / "rules")
    text = "version: 1\nevidence:\n  - office.xlsx\nrulebook: rules\nrecords begin: 2026-06-01\n"
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    ended = called(folder, "rules", "impact", "new", *AT)
    assert "Compared on 20 days, 30 June 2026 to 31 October 2027." in ended.out, ended


_SOON = "is not a date. Enter the date, such as 25/04/2026.\n"


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["new"],
            "There is no office.yaml in this folder, so say which workbook to use, for example: "
            "dueregard rules impact new evidence.xlsx\n",
        ),
        (
            ["nowhere", "office.xlsx"],
            "Stopped: 1 error in the rulebook nowhere.\n"
            "  nowhere: There is no such folder of rules. Check its name.\n",
        ),
        (
            ["new", "office.xlsx", "--old", "nix"],
            "Stopped: 1 error in the rulebook nix.\n"
            "  nix: There is no such folder of rules. Check its name.\n",
        ),
        (
            ["new", "office.xlsx"],
            f"new is the rulebook 'small', and --old {ROOT}/rules/prevent-opcc is 'prevent-opcc': "
            "give two versions of one rulebook.\n",
        ),
        (
            ["new", "office.xlsx", "--old", "./new/"],
            "new is the rulebook in use, which cannot be compared with itself. Give a copy from "
            "before the change with --old FOLDER, or change a copy.\n",
        ),
        (
            ["new", "none.xlsx", "--old", str(BOOK)],
            "Nothing was compared, because this file could not be read:\n"
            "  none.xlsx was not found: check its name and its folder.\n",
        ),
        (["new", "office.xlsx", "--old", str(BOOK), "--as-of", "soon"], f"--as-of: 'soon' {_SOON}"),
        (["new", "office.xlsx", "--old", str(BOOK), "--today", "soon"], f"--today: 'soon' {_SOON}"),
        (
            ["new", "office.xlsx", "--old", str(BOOK), *AT, "--records-begin", "2027-01-01"],
            "Stopped: records begin on 1 January 2027, which is after 24 November 2026. Give "
            "another day with --records-begin, --as-of or --today.\n",
        ),
        (
            ["new", "office.xlsx", "--old", str(BOOK), *AT, "--out", "office.xlsx"],
            "--out office.xlsx could not be made: a file has its name. Give another place.\n",
        ),
    ],
)
def test_what_stops_it(folder: Path, arguments: list[str], message: str) -> None:
    assert called(folder, "rules", "impact", *arguments) == Ended(2, "", message)


def test_it_does_not_overwrite_what_it_reads(folder: Path) -> None:
    shutil.copy(folder / "office.xlsx", folder / "impact.json")
    ended = called(folder, "rules", "impact", "new", "impact.json", "--old", BOOK, "--out", ".")
    assert ended.code == 2
    assert "the impact.json impact.json is evidence" in ended.err


def test_the_page_of_the_docs_shows_what_it_prints(tmp_path: Path) -> None:
    changed_rules(tmp_path / "new-rules")
    shutil.copy(ROOT / "examples" / "office.xlsx", tmp_path)
    days = [text for day in ("2026-12-31", "2027-01-02", "2027-01-31") for text in ("--as-of", day)]
    ended = called(tmp_path, "rules", "impact", "new-rules", "office.xlsx", *AT, *days)
    page = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    version = own_book().book.version  # a new one needs no change of the page
    assert re.sub(r"(?<=, version )[0-9.]+$", version, shown, flags=re.MULTILINE) == ended.out


@pytest.mark.campaign
def test_24_months_cost_no_more_than_a_few_checks(tmp_path: Path) -> None:
    """The change of the IT filter assurance to one every nine months, over the made-up office:
    both evaluators on 27 days take about as long as one check with its reports."""
    shutil.copytree(OWN_BOOK, tmp_path / "new")
    rule = tmp_path / "new" / "4.7-permissive-environments" / "it-filter-assurance.yaml"
    text = rule.read_text(encoding="utf-8")
    last = text[text.rindex("  - from: ") :]
    after = datetime.date.fromisoformat(last.split()[2]) + datetime.timedelta(1)
    begins = max(datetime.date(2027, 1, 1), after)
    version = re.sub(r"(?<=from: )\S+", begins.isoformat(), last, count=1)
    version = re.sub(r"(?<=every: )\d+", "9", version)
    rule.write_text(text + version, encoding="utf-8")
    office = ROOT / "examples" / "office.xlsx"
    check = ("check", office, "--as-of", "2026-11-24", "--ledger", "none")
    of_check = _processor_seconds(tmp_path, *check)
    assert _processor_seconds(tmp_path, "rules", "impact", "new", office, *AT) < 4 * of_check


def _processor_seconds(folder: Path, *arguments: str | Path) -> float:
    """The processor time of a command, with that of the processes that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert dueregard(folder, *arguments).code <= 1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
