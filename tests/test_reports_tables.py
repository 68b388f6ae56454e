"""The flat tables of assessments: their types, their counts, and what they leave out."""

from __future__ import annotations

import csv
import datetime
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, Counts, DutyOutcome
from engine.check import CheckRequest, assess
from engine.outcome import Status
from evidence.cells.text import normal_key
from evidence.formula_guard import guarded
from evidence.read import read_evidence
from examples.office.made import AS_OF
from reports.json import to_json
from reports.names import NOT_SHOWN
from reports.tables import check_fingerprint, frames
from reports.tables.schema import BODIES, COUNTED, DUTIES, TABLES, ColumnKind, arrow_schema
from reports.tables.writers import WRITERS, TablePart, arrow_part, write_tables
from tests.support.assessment_sample import sample
from tests.support.case_generator import case
from tests.support.example_offices import assessed, office_of, read
from tests.support.needs import ROOT
from tests.support.own_book import own_book
from tests.support.small_check import BOTH
from tests.test_reports_without_names import SEED, seeded

OFFICE = ROOT / "examples" / "office.xlsx"
PAGE = ROOT / "docs" / "tables.md"
KINDS = {
    ColumnKind.TEXT: "text",
    ColumnKind.YES_NO: "yes/no",
    ColumnKind.NUMBER: "number",
    ColumnKind.DAY: "day",
}
#: A text with a seed; two letters alone may be in compressed bytes by chance.
SEEDED = re.compile(rf"{SEED}(?:fore|sur|owner|number|nobody|known|secret|-\d)".encode())
#: Tables of which several checks give the same row.
SHARED = (BODIES, DUTIES)


def described() -> str:
    """Every table with its columns, as docs/tables.md has them."""
    parts = []
    for table in TABLES:
        keys = ", ".join(f"`{key}`" for key in table.keys)
        parts.append(f"### {table.name}\n\n{table.words}. No two rows have the same {keys}.\n")
        parts.append("| column | type | meaning |\n| --- | --- | --- |")
        for column in table.columns:
            kind = KINDS[column.kind] + (", may be missing" if column.nullable else "")
            parts.append(f"| `{column.name}` | {kind} | {column.words} |")
        parts.append("")
    return "\n".join(parts)


def counted(counts: Counts) -> dict[str, int]:
    """The counts of an assessment that are not 0, by name."""
    return {name: number for name in COUNTED if (number := getattr(counts, name))}


def unread_places(duty: DutyOutcome) -> set[tuple[object, ...]]:
    """The rows that cannot be read and may concern several obligations of a duty."""
    return {
        (row.file, row.sheet, row.register, row.look.part, row.row)
        for group in duty.unread_rows
        for row in group.rows
    }


def must_agree(assessment: Assessment) -> None:
    """Fails unless joins of the tables give the assessment's own counts, in pandas and DuckDB."""
    made = frames(assessment)
    for table in TABLES:
        frame = made[table.name]
        assert not frame.duplicated(list(table.keys)).any(), table.name
        assert {n: str(d) for n, d in frame.dtypes.items()} == {
            column.name: column.dtype for column in table.columns
        }
        missing = {column.name for column in table.columns if not column.nullable}
        assert not frame[list(missing)].isna().any(axis=None), table.name
    duties = made["duty_outcomes"].merge(made["duties"].drop(columns="duty"), on="duty_key")
    assert len(duties) == len(assessment.duties)
    office = duties[duties["answers"] == "office"]
    of_status = {name: int(n) for name, n in office["status"].value_counts().items()}
    shown = counted(assessment.status.office.duties)
    shown.pop("met_late", 0)
    assert of_status == shown
    (check,) = made["checks"].to_dict("records")
    assert check["duties"] == assessment.status.office.duties.total
    assert {n: check[f"duties_{n}"] for n in counted(assessment.status.office.duties)} == counted(
        assessment.status.office.duties
    )
    with duckdb.connect() as database:
        for name, frame in made.items():
            database.register(name, frame)
        rows = database.execute(
            "SELECT answers, status, count(*) FROM obligations JOIN duties USING (duty_key) "
            "GROUP BY ALL"
        ).fetchall()
        for answers, outcome in (
            ("office", assessment.status.office),
            ("others", assessment.status.others),
        ):
            expected = counted(outcome.obligations)
            late = expected.pop("met_late", 0)
            assert {status: n for of, status, n in rows if of == answers} == expected
            assert database.execute(
                "SELECT count(*) FROM obligations JOIN duties USING (duty_key) "
                f"WHERE answers = '{answers}' AND late_days > 0 AND status = 'met'"
            ).fetchone() == (late,)
        cited = database.execute(
            "SELECT use, count(*) FROM cited_rows LEFT JOIN obligations "
            "USING (check_id, duty, obligation) GROUP BY use"
        ).fetchall()
        lost = database.execute(
            "SELECT count(*) FROM cited_rows ANTI JOIN obligations "
            "USING (check_id, duty, obligation) WHERE obligation > 0"
        ).fetchone()
    assert lost == (0,)
    obligations = [one for duty in assessment.duties for one in duty.obligations]
    expected = Counter(
        {
            "listed": sum(one.listed_at is not None for one in obligations),
            "evidence": sum(len(one.evidence) for one in obligations),
            "unreadable": sum(len(one.unreadable) for one in obligations)
            + sum(len(unread_places(duty)) for duty in assessment.duties),
        }
    )
    assert Counter(dict(cited)) == +expected
    assert made["problems"]["cells"].sum() == sum(each.count for each in assessment.problems)
    assert len(made["problems"]) == len(assessment.problems)


# What the tables say ------------------------------------------------------------------------------


def test_the_page_lists_every_table_and_column() -> None:
    assert described() in PAGE.read_text(encoding="utf-8")


def test_the_query_of_the_page_counts_overdue_duties(example: Assessment) -> None:
    (query,) = re.findall(r"^```text\n(SELECT .*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    made = frames(example)
    with duckdb.connect() as database:
        for name, frame in made.items():
            database.register(name, frame)
        found = database.execute(query).fetchall()
    overdue = sorted(duty.title for duty in example.duties if duty.status is Status.OVERDUE)
    assert found == [(title, 1) for title in overdue]


def test_no_name_needs_quotes_in_sql() -> None:
    asked = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    with duckdb.connect() as database:
        reserved = {word for (word,) in database.execute(asked).fetchall()}
    names = {name for table in TABLES for name in (table.name, *(c.name for c in table.columns))}
    assert names & reserved == set()


@pytest.fixture(scope="module")
def example() -> Assessment:
    """The check of the example, with fingerprints of its rows."""
    evidence = read_evidence([OFFICE], own_book().registers)
    return assess(CheckRequest(own_book(), evidence, AS_OF, BOTH, None, key=b"k" * 32, ahead=False))


def test_the_counts_of_the_example_are_its_own(example: Assessment) -> None:
    must_agree(example)


@pytest.mark.campaign
def test_the_counts_of_a_neglected_office_are_its_own(tmp_path: Path) -> None:
    must_agree(assessed(read(office_of("neglected"), tmp_path)))


def test_the_counts_of_an_office_of_two_sheets_are_its_own(tmp_path: Path) -> None:
    workbook = load_workbook(OFFICE)
    for name in {*workbook.sheetnames} - {"Training", "Staff"}:
        del workbook[name]
    workbook.save(tmp_path / "two.xlsx")
    must_agree(assessed(read_evidence([tmp_path / "two.xlsx"], own_book().registers)))


@pytest.mark.one_in(8)
@pytest.mark.parametrize("part", range(8))
def test_the_counts_of_generated_offices_are_their_own(part: int) -> None:
    for seed in range(part * 5, part * 5 + 5):
        given = case(seed)
        request = CheckRequest(
            given.rulebook, given.evidence, given.as_of, BOTH, None,
            records_begin=given.records_begin, key=b"k" * 32, ahead=False,
        )  # fmt: skip
        must_agree(assess(request))


def test_every_status_of_the_sample_is_counted() -> None:
    must_agree(sample())


def test_a_check_is_named_by_its_assessment(example: Assessment) -> None:
    made = frames(example, body="Anyshire")
    assert set(made["obligations"]["check_id"]) == {check_fingerprint(to_json(example))}
    assert set(made["bodies"]["body"]) == {"Anyshire"}
    named = frames(replace(example, office="The Office"), check="abc")
    assert set(named["checks"]["body"]) == {"The Office"}
    assert set(named["checks"]["check_id"]) == {"abc"}


def test_a_subject_has_one_fingerprint_in_all_checks(example: Assessment) -> None:
    """It is that of the key of its row, which no edit of other cells changes."""
    made = frames(example, with_names=True)["obligations"]
    people = made[made["subject"].str.fullmatch(r"S\d{3}")]
    assert len(people) > 100
    assert (people.groupby("subject")["subject_fingerprint"].nunique() == 1).all()
    assert (people["subject_fingerprint"].str.len() == 16).all()
    assert set(made.loc[made["subject"] == "office", "subject_fingerprint"]) == {""}


# The files ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def parts(example: Assessment) -> list[TablePart]:
    """The example of two days."""
    days = (example.as_of - datetime.timedelta(30), example.as_of)
    return [arrow_part(frames(replace(example, as_of=day))) for day in days]


def test_each_form_has_the_same_tables(parts: list[TablePart], tmp_path: Path) -> None:
    counts = [write_tables(parts, form, tmp_path / form) for form in WRITERS]
    assert counts[0] == counts[1] == counts[2]
    with duckdb.connect(tmp_path / "duckdb", read_only=True) as database:
        for table in TABLES:
            file = tmp_path / "parquet" / f"{table.name}.parquet"
            rows = pq.read_table(file)
            assert rows.schema.equals(arrow_schema(table))
            assert rows.num_rows == counts[0][table.name]
            own = rows.to_pylist()
            if table not in SHARED:
                both = pa.concat_tables([part[table.name] for part in parts])
                assert own == both.to_pylist()
            found = database.execute(f"FROM {table.name}")
            names = [column.name for column in table.columns]
            assert [column[0] for column in found.description or ()] == names
            assert [dict(zip(names, row, strict=True)) for row in found.fetchall()] == own
            described = database.execute(f"DESCRIBE {table.name}").fetchall()
            types = {name: kind for name, kind, *_ in described}
            path = tmp_path / "csv" / f"{table.name}.csv"
            read_back = duckdb.read_csv(str(path), header=True, dtype=types).fetchall()
            for row, other in zip(read_back, own, strict=True):
                texts = [
                    cell or "" if types[n] == "VARCHAR" else cell
                    for n, cell in zip(names, row, strict=True)
                ]
                assert texts == [
                    guarded(cell) if isinstance(cell, str) else cell for cell in other.values()
                ]


def test_the_same_assessments_give_the_same_bytes(parts: list[TablePart], tmp_path: Path) -> None:
    for form in ("parquet", "csv"):
        for turn in ("one", "two"):
            write_tables(parts, form, tmp_path / f"{form}-{turn}")
        for table in TABLES:
            one, two = (
                tmp_path / f"{form}-{turn}" / f"{table.name}.{form}" for turn in ("one", "two")
            )
            assert one.read_bytes() == two.read_bytes()


def test_row_groups_do_not_depend_on_the_parts(
    parts: list[TablePart], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.tables.writers._ROW_GROUP", 100)
    write_tables(parts, "parquet", tmp_path / "whole")
    few = [
        {name: rows.slice(at, 7)}
        for part in parts
        for name, rows in part.items()
        for at in range(0, rows.num_rows, 7)
    ]
    write_tables(few, "parquet", tmp_path / "few")
    for table in TABLES:
        whole, small = (tmp_path / name / f"{table.name}.parquet" for name in ("whole", "few"))
        assert whole.read_bytes() == small.read_bytes()
        groups = pq.ParquetFile(whole).metadata
        assert groups.num_row_groups == max(1, -(-groups.num_rows // 100))


def test_no_text_runs_in_a_spreadsheet_or_is_hidden(tmp_path: Path) -> None:
    made = arrow_part(frames(sample(office="=cmd|' /C calc'!A0\n\u202eend")))
    write_tables([made], "csv", tmp_path / "csv")
    with (tmp_path / "csv" / "bodies.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["body"] == row["name"] == "'=cmd|' /C calc'!A0\\u000a\\u202eend"


def test_pandas_reads_csv_as_the_page_says(parts: list[TablePart], tmp_path: Path) -> None:
    write_tables(parts, "csv", tmp_path / "csv")
    for table in TABLES:
        days = [column.name for column in table.columns if column.kind is ColumnKind.DAY]
        numbers = {c.name: c.dtype for c in table.columns if c.kind is ColumnKind.NUMBER}
        missing = {column.name: [""] for column in table.columns if column.nullable}
        frame = pd.read_csv(
            tmp_path / "csv" / f"{table.name}.csv", keep_default_na=False, na_values=missing,
            parse_dates=days, dtype=numbers,
        )  # fmt: skip
        assert list(frame) == [column.name for column in table.columns]
        assert len(frame) == sum(part[table.name].num_rows for part in parts) or table in SHARED
        for column in table.columns:
            kind = frame[column.name].dtype.kind
            assert (
                kind == {"text": "O", "yes/no": "b", "number": "i", "day": "M"}[KINDS[column.kind]]
            )


# People -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_seeds(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A check of the example with seeded names in personal columns and other cells, in the name of
    the file, and with other seeds in columns that are sensitive."""
    folder = tmp_path_factory.mktemp("seeds")
    path = folder / "Zqforename Zqsurname.xlsx"
    seeded(path)
    book = load_workbook(path)
    sensitive = {
        normal_key(name)
        for register in own_book().registers.values()
        for spec in register.columns
        if spec.sensitive
        for name in (spec.name, spec.heading, *spec.spellings)
    }
    planted = 0
    for sheet in book:
        for heading in (cell for row in sheet.iter_rows(max_row=6) for cell in row):
            if isinstance(heading.value, str) and normal_key(heading.value) in sensitive:
                for row in range(heading.row + 1, heading.row + 6):
                    sheet.cell(row, heading.column).value = f"{SEED}secret {row}"
                    planted += 1
    assert planted
    book["Training"].cell(5, 2).value = "Zqforename Zqsurname"
    book.save(path)
    evidence = read_evidence([path], own_book().registers)
    made = assess(CheckRequest(own_book(), evidence, AS_OF, BOTH, None, key=b"k" * 32, ahead=False))
    assert made.problems
    return made


def texts(folder: Path) -> dict[str, bytes]:
    """Every byte of the files of each form, and every value of the compressed ones."""
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with duckdb.connect(folder / "duckdb", read_only=True) as database:
        for table in TABLES:
            rows = database.execute(f"FROM {table.name}").fetchall()
            found[f"duckdb {table.name}"] = repr(rows).encode()
            values = pq.read_table(folder / "parquet" / f"{table.name}.parquet").to_pylist()
            found[f"parquet {table.name}"] = repr(values).encode()
    return {name: data.lower() for name, data in found.items()}


def test_no_table_names_a_person(of_seeds: Assessment, tmp_path: Path) -> None:
    for form in WRITERS:
        write_tables([arrow_part(frames(of_seeds))], form, tmp_path / form)
    assert {
        name: found for name, data in texts(tmp_path).items() if (found := SEEDED.search(data))
    } == {}
    owners = frames(of_seeds)["duty_outcomes"]["owner"]
    assert NOT_SHOWN in set(owners)


def test_with_names_no_table_has_what_is_sensitive(of_seeds: Assessment, tmp_path: Path) -> None:
    made = frames(of_seeds, with_names=True)
    for form in WRITERS:
        write_tables([arrow_part(made)], form, tmp_path / form)
    every = texts(tmp_path)
    assert not [name for name, data in every.items() if b"zqsecret" in data]
    assert made["obligations"]["subject"].str.startswith("ZQ-").any()
    assert made["duty_outcomes"]["owner"].str.startswith("Zqowner").any()
    assert not made["problems"]["words"].str.lower().str.contains(SEED).any()
    personal = {c.name for table in TABLES for c in table.columns if c.personal}
    assert personal == {"subject"}


# Without pyarrow ----------------------------------------------------------------------------------

_WITHOUT = """
import sys
if sys.argv[2] == "without":
    sys.modules["pyarrow"] = None  # as if it were not installed
import hashlib, pandas
from pathlib import Path
from cli.main import main
from reports.json import from_json
from reports.tables import frames
main(["check", "examples/office.xlsx", "--as-of", "2026-11-24", "--ledger", "none",
      "--formats", "json", "--out", sys.argv[1]])
data = Path(sys.argv[1], "assessment.json").read_bytes()
text = "".join(frame.to_csv() for frame in frames(from_json(data)).values())
hashes = [hashlib.sha256(each).hexdigest() for each in (data, text.encode())]
print("with" if sys.modules.get("pyarrow") else "without", *hashes)
"""


@pytest.mark.campaign
def test_a_check_gives_the_same_with_pyarrow_and_without(tmp_path: Path) -> None:
    """pandas uses pyarrow where it is installed."""
    used, made = list[str](), list[list[str]]()
    for which in ("with", "without"):
        done = subprocess.run(
            [sys.executable, "-c", _WITHOUT, str(tmp_path / which), which],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        with_arrow, *hashes = done.stdout.splitlines()[-1].split()
        used.append(with_arrow)
        made.append(hashes)
    assert used == ["with", "without"]
    assert made[0] == made[1]
