"""dueregard tables: what it takes, what it writes, and what stops it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from record.ledger.chain import Entry
from record.ledger.checks import fetch_data
from record.ledger.database import LEDGER_NAME
from record.ledger.entries import Checked
from reports.json import from_json
from reports.tables import frames
from reports.tables.schema import CHECKS, TABLES
from reports.tables.writers import arrow_part, write_tables
from tests.support.desk_office import Ended, asked, called, workbook
from tests.support.expected import case_table

DAYS = ("2026-01-05", "2026-01-20")
CSV = sorted(f"{table.name}.csv" for table in TABLES)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two checks in its ledger and in its folder of reports."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "office.xlsx").write_bytes(workbook())
    for as_of in DAYS:
        out = f"reports/{as_of}"
        ended = called(folder, *asked("office.xlsx", out=out, as_of=as_of, ledger=LEDGER_NAME))
        assert ended.code < 2, ended
    return folder


@pytest.fixture
def folder(once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(once, tmp_path / "office")


def days(folder: Path) -> list[str]:
    """The days of the checks in a folder of CSV files."""
    return pd.read_csv(folder / "checks.csv")["as_of"].tolist()


def test_an_office_gives_every_check_of_its_ledger(folder: Path) -> None:
    ended = called(folder, "tables", ".", "--to", "csv", "--out", "tables")
    assert ended == Ended(0, "Wrote tables: 2 checks of 1 body, with 6 obligations.\n", "")
    assert sorted(path.name for path in (folder / "tables").iterdir()) == CSV
    assert days(folder / "tables") == list(DAYS)


def test_folders_of_reports_give_the_same_bytes_as_the_ledger(folder: Path) -> None:
    ways: dict[str, list[str]] = {
        "ledger": ["."],
        "reports": ["reports"],
        "days": [f"reports/{day}" for day in reversed(DAYS)],
        "files": [f"reports/{day}/assessment.json" for day in DAYS],
    }
    for form in ("csv", "parquet"):
        for way, given in ways.items():
            out = f"{form}-{way}"
            assert called(folder, "tables", *given, "--to", form, "--out", out).code == 0
        for table in TABLES:
            name = f"{table.name}.{form}"
            (one,) = {(folder / f"{form}-{way}" / name).read_bytes() for way in ways}
            assert one


def test_a_check_that_is_given_twice_is_one(folder: Path) -> None:
    one = folder / "reports" / DAYS[0] / "assessment.json"
    pretty = json.dumps(json.loads(one.read_bytes()), indent=1)
    (folder / "pretty.json").write_text(f"{pretty}\n", encoding="utf-8")
    ended = called(folder, "tables", one, one.parent, "pretty.json", "--to", "csv", "--out", "out")
    assert ended.out.splitlines()[1] == "Left out: 2 assessments of a check given before."
    assert days(folder / "out") == [DAYS[0]]


def test_what_was_pruned_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(ledger: Path, entry: Entry, body: Checked) -> bytes | None:
        return fetch_data(ledger, entry, body) if body.number > pruned else None

    monkeypatch.setattr("cli.commands.tables.fetch_data", fetch)
    pruned = 1
    ended = called(folder, "tables", ".", "--to", "csv", "--out", "out")
    assert ended.out == (
        "Wrote out: 1 check of 1 body, with 3 obligations.\nLeft out: 1 pruned check.\n"
    )
    pruned = 2
    ended = called(folder, "tables", ".", "--to", "csv", "--out", "other")
    assert ended.err == "Nothing was written: every check of the ledger was pruned.\n"


def test_a_database_has_the_tables_with_their_meanings(folder: Path) -> None:
    for _ in range(2):  # over itself
        ended = called(folder, "tables", ".", "--to", "duckdb", "--out", "checks.duckdb")
        assert ended.code == 0, ended
    with duckdb.connect(folder / "checks.duckdb", read_only=True) as database:
        assert database.execute(
            "SELECT as_of, count(*) FROM obligations JOIN checks USING (check_id, as_of) "
            "GROUP BY as_of ORDER BY as_of"
        ).fetchall() == [(pd.Timestamp(day).date(), 3) for day in DAYS]
        comments = database.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() "
            "WHERE comment IS NOT NULL"
        ).fetchall()
    assert set(comments) == {(t.name, c.name, c.words) for t in TABLES for c in t.columns}
    assert not list(folder.glob(".dueregard*"))


def test_names_only_if_asked(folder: Path) -> None:
    for options in ([], ["--with-names"]):
        called(folder, "tables", ".", "--to", "csv", "--out", "out", *options)
        subjects = pd.read_csv(folder / "out" / "obligations.csv")["subject"].dropna()
        assert set(subjects) == ({"p1", "office"} if options else set())


def run_of(folder: Path, out: Path) -> Path:
    """The folder of a run over an estate, with the checks of the folder as its two days."""
    for day in DAYS:
        data = (folder / "reports" / day / "assessment.json").read_bytes()
        assessment = from_json(data)
        assert not isinstance(assessment, str)
        write_tables(
            [arrow_part(frames(assessment, body="Anyshire"))], "parquet", folder / f"made-{day}"
        )
        for table in TABLES:
            place = out / day / table.name
            place.mkdir(parents=True)
            (folder / f"made-{day}" / f"{table.name}.parquet").rename(place / "bucket-0001.parquet")
    return out


def test_a_run_over_an_estate_becomes_one_set_of_tables(folder: Path) -> None:
    run_of(folder, folder / "run")
    ended = called(folder, "tables", "run", "--to", "duckdb", "--out", "run.duckdb")
    assert ended == Ended(0, "Wrote run.duckdb: 2 checks of 1 body, with 6 obligations.\n", "")
    assert called(folder, "tables", f"run/{DAYS[1]}", "--to", "csv", "--out", "day").code == 0
    assert days(folder / "day") == [DAYS[1]]
    with duckdb.connect(folder / "run.duckdb", read_only=True) as database:
        assert database.execute("SELECT body FROM bodies").fetchall() == [("Anyshire",)]
    refused = called(folder, "tables", "run", "--to", "csv", "--out", "x", "--with-names")
    assert refused.err == "--with-names: the tables of an estate contain no names.\n"
    refused = called(folder, "tables", "run", "reports", "--to", "csv", "--out", "x")
    assert refused.err == (
        "Give the folder of a run over an estate alone, without another argument.\n"
    )


def test_a_run_of_another_version_is_refused(folder: Path) -> None:
    run = run_of(folder, folder / "run")
    file = run / DAYS[0] / CHECKS.name / "bucket-0001.parquet"
    pd.DataFrame({"check_id": ["a"]}).to_parquet(file)
    refused = called(folder, "tables", "run", "--to", "csv", "--out", "x")
    assert refused.code == 2
    assert "has other columns than this version of the program writes. Run" in refused.err
    file.write_bytes(b"no such file")
    refused = called(folder, "tables", "run", "--to", "csv", "--out", "x")
    assert refused.code == 2
    assert "bucket-0001.parquet is not a Parquet file. Run 'dueregard estate' again" in refused.err
    assert not (folder / "x").exists()


# What stops it ------------------------------------------------------------------------------------


def test_another_format_stops_it_and_earlier_tables_stay(folder: Path) -> None:
    assert called(folder, "tables", ".", "--to", "csv", "--out", "out").code == 0
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    (folder / "old.json").write_text('{"format": "dueregard-assessment-1"}', encoding="utf-8")
    ended = called(folder, "tables", ".", "old.json", "--to", "csv", "--out", "out")
    assert ended.code == 2
    assert ended.err.startswith("old.json: Its format is 'dueregard-assessment-1' and this")
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == before


@pytest.mark.parametrize(("arguments", "message"), case_table("tables_faults"))
def test_what_is_wrong_is_said(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "empty").mkdir()
    before = sorted(folder.rglob("*"))
    ended = called(folder, "tables", *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert sorted(folder.rglob("*")) == before


def test_without_the_extra_it_says_how_to_install_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    ended = called(folder, "tables", ".", "--to", "csv", "--out", "x")
    assert ended.code == 2
    assert ended.err.startswith("The tables need the package duckdb, which is not installed.")


def test_a_disk_that_is_full_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr("reports.tables.writers._texts", full)
    ended = called(folder, "tables", ".", "--to", "csv", "--out", "x")
    assert ended.err == "x could not be written (No space left on device).\n"
    assert sorted(folder.rglob("*")) == before
