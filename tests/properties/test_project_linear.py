"""No shape of workbook makes the work of a check, or its reports, grow faster than the workbook."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import Status
from evidence.table import Evidence
from examples.office.made import AS_OF
from examples.office.shapes import SHAPES, write_shape
from reports.examined import pointer_words
from reports.explain.explanation import Explanation, explain
from reports.explain.json import explain_json
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from rules.model import Rulebook
from tests.support.needs import CAMPAIGN
from tests.support.opened_files import read_here
from tests.support.own_book import book_in, own_book
from tests.support.rulebook_part import PART, part_of_book
from tests.support.work_counter import Lines, Work, checked, shaped

#: What may grow at the most, from so many people to so many times as many.
_MOST = 1.15
_FEW, _TIMES = 100, 3
_FEWER = 40  # in make test, of one shape, by the duties of PART

#: More unread rows than a person would want to read with each obligation.
_MANY = 20

#: Shapes with many rows that cannot be read: of these every report is made.
_UNREAD = ("a fifth of the keys blank", "all keys blank", "one text in place of all dates")

#: Shapes that the long campaign tries as well: in an ordinary run another, which grows more by the
#: same counts, is tried in place of each.
_LONG = {
    "a fifth of the keys blank": "all keys blank",
    "many meetings": "keys that two rows bear",
    "nobody named, nothing passed": "many events",
    "nothing done": "many events",
    "one person": "one key",
    "without a column that a duty requires": "without a required column",
}
_SHAPES = [name for name in SHAPES if CAMPAIGN or name not in _LONG]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return own_book()


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("without a required column", _FEWER),
        *(pytest.param(name, _FEW, marks=pytest.mark.campaign) for name in _SHAPES),
    ],
)
def test_work_and_reports_grow_no_faster_than_the_workbook(
    name: str, size: int, tmp_path: Path, rulebook: Rulebook
) -> None:
    """Each count by itself. One of them grows by the square where a column is judged again for each
    record, a key looked up anew for each draft, a list gone through for each reference that is not
    on it, a fix of each obligation tried on all rows, names
    compared for each waiver, all unread rows shown or listed with each obligation, those that name
    nobody counted anew for each, or, in what is read, all cells of a column looked through for each
    of them."""
    book = book_in(part_of_book(tmp_path / "rules", PART)) if size == _FEWER else rulebook
    few, many = (_taken(name, count, tmp_path, book) for count in (size, _TIMES * size))
    assert few["problems"] == many["problems"]
    assert few["rows judged"] > size
    grown = {
        what: math.log(max(count, 1) / max(few.get(what, 0), size), _TIMES)
        for what, count in many.items()
    }
    assert {what: power for what, power in grown.items() if power > _MOST} == {}


def _taken(name: str, count: int, folder: Path, rulebook: Rulebook) -> dict[str, int]:
    path = folder / f"{count}.xlsx"
    write_shape(name, count, path)
    with Lines("evidence") as lines:
        evidence = read_here([path], rulebook.registers, AS_OF)
    with pytest.MonkeyPatch.context() as patch:
        work = Work(patch)
        made = checked(evidence, rulebook, ahead=True)
    named = sum(
        len(obligation.unreadable) for duty in made.duties for obligation in duty.obligations
    )
    shared = sum(len(rows.rows) for duty in made.duties for rows in duty.unread_rows)
    texts = sum(len(problem.message) + sum(map(len, problem.values)) for problem in made.problems)
    sizes = {"JSON": len(to_json(made)), "HTML": len(to_html(made))}
    sizes |= _other_sizes(made) if name in _UNREAD else {}
    rows = {"unread rows named": named, "unread rows shared": shared, "said of them": _said(made)}
    near = [
        group
        for duty in made.duties
        for obligation in duty.obligations
        for group in obligation.rejected
    ]
    different = {id(group): group for group in near}.values()
    rows |= {
        "rows that came near": sum(len(group.rows) for group in different),
        "counts of others": sum(len(group.others) for group in different),
    }
    problems = {"problems": len(made.problems), "their words": texts}
    return work.done | sizes | rows | problems | lines.done


def _said(made: Assessment) -> int:
    """How many letters the obligations say of unread rows that they share."""
    said = {id_: words for duty in made.duties for id_, words in pointer_words(duty).items()}
    every = (obligation for duty in made.duties for obligation in duty.obligations)
    return sum(len(said[group.id]) for one in every for group in one.unread_groups)


def _other_sizes(made: Assessment) -> dict[str, int]:
    """How many bytes the other reports have."""
    explained = [explain(made, duty.id) for duty in made.duties if duty.unread_rows]
    told = [each for each in explained if isinstance(each, Explanation)]
    return {
        "text": len(summary(made)),
        "XLSX": len(to_xlsx(made)),
        "explained": sum(len(explain_text(each)) for each in told),
        "explained as JSON": sum(len(explain_json(each)) for each in told),
    }


def _refresher(made: Assessment) -> DutyOutcome:
    return next(duty for duty in made.duties if duty.id == "refresher-training")


def _blank_and_passed(evidence: Evidence) -> Iterator[int]:
    """The rows that would count for the person whom they do not name."""
    columns = evidence.tables["training"].columns
    names = ("person", "course", "passed", "completed on")
    for at, (person, course, passed, day) in enumerate(
        zip(*(columns[name].value for name in names), strict=True)
    ):
        done = isinstance(day, datetime.date) and day <= AS_OF
        if person is None and course in ("awareness", "refresher") and passed is True and done:
            yield at


@pytest.mark.one_in(2)
@pytest.mark.parametrize("name", ["a fifth of the keys blank", "all keys blank"])
def test_unread_rows_that_name_nobody_stand_once_and_each_obligation_points_to_them(
    name: str, tmp_path: Path, rulebook: Rulebook
) -> None:
    evidence = shaped(name, 100, tmp_path / "b.xlsx", rulebook)
    duty = _refresher(checked(evidence, rulebook))
    place = evidence.tables["training"].place
    (shared,) = duty.unread_rows
    assert (shared.title, shared.column) == ("Training", "person")
    rows = [item.row for item in shared.rows]
    assert rows == sorted(set(rows))
    assert set(rows) == {place(at).row for at in _blank_and_passed(evidence)}
    assert len(rows) > _MANY
    unmet = [
        obligation
        for obligation in duty.obligations
        if obligation.status in (Status.DUE, Status.OVERDUE)
    ]
    assert len(unmet) > 1
    for one in unmet:
        assert [(group.id, group.count) for group in one.unread_groups] == [(shared.id, len(rows))]
        assert one.unreadable == ()
    assert not any(
        obligation.unread_groups
        for obligation in duty.obligations
        if obligation.status is Status.MET
    )


def test_rows_that_name_somebody_and_cannot_be_read_all_stand_with_the_obligation(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    evidence = shaped("one text in place of all dates", 50, tmp_path / "b.xlsx", rulebook)
    duty = _refresher(checked(evidence, rulebook))
    assert duty.unread_rows == ()
    unmet = [obligation for obligation in duty.obligations if obligation.unreadable]
    assert len(unmet) > 1
    cells = [
        {cell.column: cell.value for cell in item.cells} for one in unmet for item in one.unreadable
    ]
    subjects = [one.subject for one in unmet for _ in one.unreadable]
    assert [cell["person"] for cell in cells] == subjects
    assert {cell["completed on"] for cell in cells} == {"soon"}


def test_rows_that_name_nobody_and_could_not_count_are_in_the_json_once(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    """They are counted once, with their duty, and each obligation points to the count."""
    evidence = shaped("nobody named, nothing passed", 100, tmp_path / "b.xlsx", rulebook)
    made = checked(evidence, rulebook)
    duty = _refresher(made)
    (told,) = (
        duty_json for duty_json in json.loads(to_json(made))["duties"] if duty_json["id"] == duty.id
    )
    unmet = [one for one in told["obligations"] if "rejected" in one]
    assert len(unmet) > _MANY
    (pointer,) = {tuple(one["rejected"]) for one in unmet}
    silent = [told["rejected"][id_] for id_ in pointer]
    assert [each["silent"] for each in silent] == ["Staff no"]
    assert sum(each["count"] for each in silent[0]["others"]) == 700
    assert list(told["rejected"]) == list(pointer)
