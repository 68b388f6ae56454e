"""Cited rows found again in a later copy: at the same place, moved, changed or gone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import Assessment, EvidenceStamp, ItemShown
from engine.fingerprint import LENGTH, prints_of, row_prints
from engine.outcome import Status
from engine.proof.citations import CitationCache
from evidence.table import CellState, Evidence, EvidenceFile, Source, Table
from record.ledger.chain import key_of, new_key
from record.locate.locate import CannotLocate, CellChanged, Found, Located, locate
from record.locate.text import located_text
from reports.json import from_json
from tests.support import engine_builders as make
from tests.support import file_builders as made
from tests.support.altered_evidence import kept, read, with_cells
from tests.support.assessment_builders import assessment, duty, obligation
from tests.support.desk_office import (
    COUNCIL,
    DESK,
    HEADINGS,
    PEOPLE,
    SHOWN,
    Ended,
    Rows,
    asked,
    called,
    sheet,
    workbook,
)
from tests.support.ledgers import memory

KEY = b"k" * 32
OLD = "ab" * 32
BOOK = str(Path(__file__).parent / "small_book")

TRAINING: tuple[make.Row, ...] = tuple(
    {
        "ref": f"T{number}",
        "person": f"P{number % 4}",
        "course": "awareness",
        "completed on": f"2026-0{1 + number % 6}-1{number % 8}",
        "passed": True,
        "note": f"said {number}",
    }
    for number in range(12)
)


def evidence(table: Table, sha256: str = OLD) -> Evidence:
    """Evidence of one file, which holds one table."""
    return replace(make.shown(table), files=(EvidenceFile("training.csv", sha256),))


def trained(rows: Sequence[make.Row] = TRAINING) -> Table:
    return make.table(make.TRAINING, *rows)


def citing(table: Table, rows: Sequence[int], key: bytes | None = KEY) -> Assessment:
    """A check that cites these rows of training, by two duties."""
    citations = CitationCache(make.shown(table), prints_of({"training": table}, key).rows)
    cited = citations.shown("training", ("person",), "completed on")
    items = [cited.row(row) for row in rows]
    met = obligation(Status.MET, 100, evidence=tuple(items[1:]), listed_at=items[0])
    other = obligation(Status.OVERDUE, -3, unreadable=tuple(items[:1]))
    stamps = (EvidenceStamp("training.csv", OLD),)
    return assessment((duty("one", "One", met), duty("two", "Two", other)), evidence=stamps)


def whats(found: Sequence[Located]) -> list[tuple[int, Found, int]]:
    """Which row each was, what became of it, and which it is now."""
    return [(each.row, each.found, each.now_row) for each in found]


def moved_to(table: Table, order: Sequence[int]) -> Table:
    """The same rows in another order, numbered as they stand."""
    shuffled = kept(table, list(order))
    return replace(shuffled, row_of=list(range(2, len(order) + 2)))


# Fingerprints -----------------------------------------------------------------------------------


def test_a_fingerprint_is_of_the_register_the_columns_and_the_cells() -> None:
    table = trained()
    prints = row_prints(table, KEY)
    assert len(set(prints)) == len(table)
    assert {len(each) for each in prints} == {LENGTH}
    assert prints[0] == row_prints(moved_to(table, [3, 0]), KEY)[1]
    renamed = replace(table, register=table.register.model_copy(update={"id": "other"}))
    assert row_prints(renamed, KEY)[0] != prints[0]
    assert row_prints(table, b"other")[0] != prints[0]
    noted = with_cells(table, 0, {"note": read(make.column("note"), "x")})
    assert row_prints(noted, KEY)[0] != prints[0]


def test_where_columns_stand_and_what_sheets_are_called_makes_no_difference() -> None:
    table = trained()
    columns = dict(reversed(list(table.columns.items())))
    letters = dict.fromkeys(columns, "Z")
    other = replace(table, columns=columns, sources=(Source("b.xlsx", "Other", letters),))
    assert row_prints(other, KEY)[5] == row_prints(table, KEY)[5]


def test_the_end_of_one_cell_and_the_beginning_of_the_next_are_told_apart() -> None:
    first = {**TRAINING[0], "course": "ab", "person": "c"}
    second = {**TRAINING[0], "course": "b", "person": "ca"}
    both = trained([first, second])
    assert row_prints(both, KEY)[0] != row_prints(both, KEY)[1]


def test_a_cell_that_is_blank_and_a_column_that_is_not_there_are_alike() -> None:
    blank = trained([{**TRAINING[0], "note": CellState.NOTHING}])
    absent = trained([{**TRAINING[0], "note": CellState.NO_COLUMN}])
    assert row_prints(blank, KEY)[0] == row_prints(absent, KEY)[0]


def test_without_a_key_items_have_none() -> None:
    assert {item.fingerprint for item in items(citing(trained(), [0, 1], None))} == {""}


def items(given: Assessment) -> Iterator[ItemShown]:
    for each in given.duties:
        for one in each.obligations:
            yield from (*one.evidence, *one.unreadable)


# Sorted, changed, taken out ---------------------------------------------------------------------


def test_in_the_same_copy_every_row_is_at_its_place() -> None:
    found = locate(citing(trained(), [0, 4, 7]), evidence(trained()), KEY)
    assert whats(found) == [(2, Found.SAME, 2), (6, Found.SAME, 6), (9, Found.SAME, 9)]
    assert [each.cited_by for each in found] == [("one", "two"), ("one",), ("one",)]


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_found_wherever_sorting_has_put_them(seed: int) -> None:
    order = list(range(12))
    random.Random(seed).shuffle(order)
    new = evidence(moved_to(trained(), order))
    found = locate(citing(trained(), range(12)), new, KEY)
    assert [each.now_row for each in found] == [order.index(at) + 2 for at in range(12)]
    for each in found:
        assert each.found is (Found.SAME if each.now_row == each.row else Found.MOVED)


def changed(row: int, **cells: str) -> Table:
    """The table with other cells in one row, and the first row taken out."""
    written = {
        name.replace("_", " "): read(make.TRAINING.column(name.replace("_", " ")), text)
        for name, text in cells.items()
    }
    whole = with_cells(trained(), row, written)
    return moved_to(whole, range(1, 12))


def test_a_changed_row_is_told_with_its_cells_where_the_old_evidence_is_at_hand() -> None:
    new = evidence(changed(4, passed="no", note=""))
    before = evidence(trained())
    found = locate(citing(trained(), [0, 4, 5]), new, KEY, before)
    assert whats(found) == [(2, Found.GONE, 0), (6, Found.CHANGED, 5), (7, Found.MOVED, 6)]
    assert found[1].changes == (
        CellChanged("passed", "True", "no"),
        CellChanged("note", "said 4", ""),
    )


def test_without_it_a_row_that_is_not_as_it_was_is_changed_or_gone() -> None:
    found = locate(citing(trained(), [0, 4]), evidence(changed(4, passed="no")), KEY)
    assert whats(found) == [(2, Found.NOT_FOUND, 0), (6, Found.NOT_FOUND, 0)]
    assert {each.note for each in found} == {"changed or gone: --old would tell which"}


def test_the_old_evidence_needs_no_key() -> None:
    for given in (citing(trained(), [0, 4], None), citing(trained(), [0, 4])):
        found = locate(given, evidence(changed(4, passed="no")), None, evidence(trained()))
        assert whats(found) == [(2, Found.GONE, 0), (6, Found.CHANGED, 5)]


def test_a_sensitive_cell_is_said_to_be_changed_and_not_shown() -> None:
    columns = tuple(
        column.model_copy(update={"sensitive": column.name == "note"})
        for column in make.TRAINING.columns
    )
    spec = make.TRAINING.model_copy(update={"columns": columns})
    old, new = (replace(each, register=spec) for each in (trained(), changed(4, note="other")))
    (found,) = locate(citing(old, [4]), evidence(new), KEY, evidence(old))
    assert found.changes == (CellChanged("note", None, None),)
    assert "  note: changed (not shown: sensitive)" in located_text(assessment(()), [found])


def test_a_row_whose_key_another_bears_now_is_gone() -> None:
    """The other row stood there before, as it is: it is no later state of the one that is gone."""
    twice = [{**TRAINING[0], "ref": "T1"}, *TRAINING[1:]]
    old = trained(twice)
    found = locate(citing(old, [0]), evidence(moved_to(old, range(1, 12))), KEY, evidence(old))
    assert whats(found) == [(2, Found.GONE, 0)]


def test_of_several_rows_with_its_key_the_one_with_fewest_changes_is_taken() -> None:
    near = {**TRAINING[0], "note": "x"}
    far = {**TRAINING[0], "note": "y", "passed": False}
    new = trained([far, near])
    found = locate(citing(trained(), [0]), evidence(new), KEY, evidence(trained()))
    assert whats(found) == [(2, Found.CHANGED, 3)]


def test_rows_that_are_equal_but_for_what_is_not_declared_are_paired_off() -> None:
    """Their fingerprints are equal: each stands for one, those at their places first."""
    double = kept(trained(), [0, 0, 1, 0])
    old = replace(double, row_of=[2, 3, 4, 9])
    new = replace(kept(trained(), [0, 1, 0]), row_of=[3, 4, 8])
    found = locate(citing(old, [0, 1, 3]), evidence(new), KEY)
    assert whats(found) == [(2, Found.MOVED, 8), (3, Found.SAME, 3), (9, Found.NOT_FOUND, 0)]


def test_a_register_without_a_key_cannot_tell_changed_from_gone() -> None:
    spec = make.TRAINING.model_copy(update={"key": None})
    old, new = (replace(each, register=spec) for each in (trained(), changed(4, note="other")))
    (found,) = locate(citing(old, [4]), evidence(new), KEY, evidence(old))
    assert (found.found, found.note) == (
        Found.NOT_FOUND,
        "changed or gone: it has no key to find it by",
    )


def test_where_no_sheet_of_its_register_was_given_its_rows_are_gone() -> None:
    for new in (evidence(make.missing(make.TRAINING)), make.shown()):
        (found,) = locate(citing(trained(), [4]), new, KEY)
        assert (found.found, found.note) == (Found.GONE, "no sheet of its register was given")


def test_where_nothing_is_cited_nothing_is_looked_for() -> None:
    assert locate(assessment(()), evidence(trained())) == ()
    assert located_text(assessment(()), ()) == "0 rows cited by the check as of 24 November 2026."


# Files and keys ---------------------------------------------------------------------------------


def test_another_file_name_is_no_other_place() -> None:
    table = trained()
    letters = table.sources[0].letters
    new = replace(table, sources=(Source("later.csv", "training", letters),))
    (found,) = locate(citing(table, [4]), evidence(new), KEY)
    assert (found.found, found.now_file) == (Found.SAME, "later.csv")


def test_an_old_file_that_was_not_checked_is_refused() -> None:
    with pytest.raises(
        CannotLocate, match=r"training\.csv: the assessment names no file with that SHA-256"
    ):
        locate(citing(trained(), [4]), evidence(trained()), KEY, evidence(trained(), "cd" * 32))


def test_what_stood_in_an_old_file_that_was_not_given_cannot_be_told() -> None:
    none = replace(make.shown(make.missing(make.TRAINING)), files=())
    (found,) = locate(citing(trained(), [4]), evidence(changed(4, note="x")), None, none)
    assert (found.found, found.note) == (
        Found.NOT_FOUND,
        "the file that contained it was not given with --old",
    )


def test_another_key_is_found_out_where_the_old_evidence_is_at_hand() -> None:
    with pytest.raises(CannotLocate, match="The key is not the one"):
        locate(citing(trained(), [4]), evidence(trained()), b"other", evidence(trained()))


def test_with_neither_key_nor_old_evidence_it_says_what_it_needs() -> None:
    with pytest.raises(CannotLocate, match="need the key of the ledger"):
        locate(citing(trained(), [4]), evidence(trained()))
    with pytest.raises(CannotLocate, match="has no fingerprints of its rows"):
        locate(citing(trained(), [4], None), evidence(trained()), KEY)


# From the command line --------------------------------------------------------------------------


@pytest.fixture
def office() -> Iterator[Path]:
    """A folder with a check that was entered in its ledger."""
    with memory() as folder:
        (folder / "office.xlsx").write_bytes(workbook())
        assert called(folder, *asked("office.xlsx", ledger="")).code == 0
        yield folder


def located(folder: Path, *arguments: str) -> Ended:
    return called(folder, "locate", "out/assessment.json", *arguments, "--rulebook", BOOK)


def later(folder: Path, checks: Rows, name: str = "later.xlsx", people: Rows = PEOPLE) -> str:
    """A later copy of the workbook."""
    (folder / name).write_bytes(workbook(people, checks))
    return name


SORTED: Rows = [HEADINGS, COUNCIL, SHOWN, DESK]
ALTERED: Rows = [HEADINGS, COUNCIL, [*SHOWN[:3], "desk"]]


def test_a_sorted_copy_under_another_name(office: Path) -> None:
    done = located(office, later(office, SORTED))
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "4 rows cited by the check as of 24 November 2026:\n"
        "  2 at the same place\n"
        "  2 moved\n"
        "\n"
        "MOVED\n"
        "  office.xlsx, Checks sheet: was row 2, now row 4 in later.xlsx; cited by desk-checked\n"
        "  office.xlsx, Checks sheet: was row 4, now row 2 in later.xlsx; cited by council-told\n"
    )


def test_a_changed_row_and_a_row_that_is_gone(office: Path) -> None:
    done = located(office, later(office, ALTERED), "--old", "office.xlsx")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "4 rows cited by the check as of 24 November 2026:\n"
        "  1 at the same place\n"
        "  1 moved\n"
        "  1 changed\n"
        "  1 gone\n"
        "\n"
        "MOVED\n"
        "  office.xlsx, Checks sheet: was row 4, now row 2 in later.xlsx; cited by council-told\n"
        "\n"
        "CHANGED\n"
        "  office.xlsx, Checks sheet: was row 3, now row 3 in later.xlsx; cited by person-shown\n"
        "    kind: 'shown', now 'desk'\n"
        "\n"
        "GONE\n"
        "  office.xlsx, Checks sheet, row 2: gone; cited by desk-checked\n"
    )


def test_without_the_old_evidence_it_says_what_would_tell_more(office: Path) -> None:
    done = located(office, later(office, ALTERED))
    assert done.code == 1
    note = "not found as it was (changed or gone: --old would tell which)"
    assert done.out.splitlines()[-3:] == [
        "NOT FOUND AS THEY WERE",
        f"  office.xlsx, Checks sheet, row 2: {note}; cited by desk-checked",
        f"  office.xlsx, Checks sheet, row 3: {note}; cited by person-shown",
    ]


def test_as_json(office: Path) -> None:
    done = located(office, later(office, ALTERED), "--old", "office.xlsx", "--json")
    given = json.loads(done.out)
    assert done.code == 1
    assert given["format"] == "dueregard-located-1"
    assert given["counts"] == {"same": 1, "moved": 1, "changed": 1, "gone": 1, "not found": 0}
    assert [each["file"] for each in given["looked_in"]] == ["later.xlsx"]
    assert given["looked_in"][0]["sha256"] != given["checked"][0]["sha256"]
    (one,) = [each for each in given["rows"] if each["found"] == "changed"]
    assert one["changes"] == [{"column": "kind", "was": "shown", "now": "desk"}]
    assert (one["row"], one["now_row"], one["cited_by"]) == (3, 3, ["person-shown"])


def test_another_kind_of_file_too(office: Path) -> None:
    """A sheet of its own as CSV: its texts are the same, so its rows are."""
    (office / "people.csv").write_text("ref,name,starts,ends\np1,One,2026-01-05,\n", "utf-8")
    (office / "later.xlsx").write_bytes(made.xlsx(sheet("Checks", SORTED)))
    done = located(office, "later.xlsx", "people.csv", "--json")
    rows = json.loads(done.out)["rows"]
    assert [(row["found"], row["now_file"]) for row in rows] == [
        ("moved", "later.xlsx"),
        ("same", "later.xlsx"),
        ("moved", "later.xlsx"),
        ("moved", "people.csv"),
    ]
    assert rows[3]["now_sheet"] == "people"


def test_the_key_may_be_given_by_itself(office: Path) -> None:
    key = key_of(office / "dueregard-ledger.sqlite")
    assert key is not None
    (office / "key.txt").write_text(f"{key.hex()}\n", "ascii")
    (office / "dueregard-ledger.sqlite").unlink()
    name = later(office, SORTED)
    assert located(office, name, "--key", "key.txt").code == 0
    (office / "key.txt").write_text(new_key().hex(), "ascii")
    assert located(office, name, "--key", "key.txt").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key", "none.txt"], "--key none.txt was not found: check its name"),
        (["--key", "later.xlsx"], "--key later.xlsx does not contain 64 hexadecimal digits."),
        (["--ledger", "none.sqlite"], "--ledger none.sqlite: there is no ledger with this name."),
        (["--old", "later.xlsx"], "later.xlsx: the assessment names no file with that "),
        (["--old", "none.xlsx"], "Nothing was located, because this file could not be read:"),
    ],
)
def test_what_cannot_be_used_is_said(office: Path, arguments: list[str], said: str) -> None:
    done = located(office, later(office, SORTED), *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


def test_a_check_entered_nowhere_has_nothing_to_go_by_but_the_old_evidence(office: Path) -> None:
    assert called(office, *asked("office.xlsx", out="out")).code == 0
    done = located(office, later(office, SORTED))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("This assessment has no fingerprints of its rows")
    assert located(office, "later.xlsx", "--old", "office.xlsx").code == 0


def test_the_fingerprints_tell_nobody_without_the_key_what_stands_in_a_row(office: Path) -> None:
    given = from_json((office / "out" / "assessment.json").read_bytes())
    assert isinstance(given, Assessment)
    prints = {item.fingerprint for item in items(given)}
    assert all(len(each) == LENGTH for each in prints)
    key = key_of(office / "dueregard-ledger.sqlite")
    assert key is not None
    assert key.hex() not in (office / "out" / "assessment.json").read_text("utf-8")
