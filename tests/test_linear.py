"""No shape of workbook makes the work of a check, or its reports, grow faster than the workbook."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.proof.unread import MOST_NAMED
from evidence.read import read_evidence
from examples.office.made import AS_OF
from examples.office.shapes import SHAPES, write_shape
from reports.html.report import to_html
from reports.json import to_json
from rules.load import OWN_BOOK, load_rulebook
from rules.model import Rulebook
from tests.shapes import Lines, Work, checked, shaped

#: What may grow at the most, from so many people to four times as many.
_MOST = 1.15
_FEW = 100


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    found = load_rulebook(OWN_BOOK)
    assert isinstance(found, Rulebook)
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_work_and_reports_grow_no_faster_than_the_workbook(
    name: str, tmp_path: Path, rulebook: Rulebook
) -> None:
    """Each count by itself. One of them grows by the square where a column is judged again for each
    record, a key looked up anew for each draft, a fix of each obligation tried on all rows, names
    compared for each waiver, all unread rows shown with each obligation, or, in what is read, all
    cells of a column looked through for each of them."""
    taken = [_taken(name, count, tmp_path, rulebook) for count in (_FEW, 4 * _FEW)]
    few, many = taken
    assert few["problems"] == many["problems"]
    assert few["rows judged"] > _FEW
    grown = {
        what: math.log(max(count, 1) / max(few.get(what, 0), _FEW), 4)
        for what, count in many.items()
    }
    assert {what: power for what, power in grown.items() if power > _MOST} == {}


def _taken(name: str, count: int, folder: Path, rulebook: Rulebook) -> dict[str, int]:
    path = folder / f"{count}.xlsx"
    write_shape(name, count, path)
    with Lines("evidence") as lines:
        evidence = read_evidence([path], rulebook.registers, AS_OF)
    with pytest.MonkeyPatch.context() as patch:
        work = Work(patch)
        made = checked(evidence, rulebook)
    sizes = {"JSON": len(to_json(made)), "HTML": len(to_html(made, None))}
    named = sum(len(one.unreadable) for duty in made.duties for one in duty.obligations)
    texts = sum(len(each.message) + sum(map(len, each.values)) for each in made.problems)
    shown = {"unread rows named": named, "problems": len(made.problems), "their words": texts}
    return work.done | sizes | shown | lines.done


def test_of_many_unread_rows_ten_are_named_and_the_others_counted(
    tmp_path: Path, rulebook: Rulebook
) -> None:
    evidence = shaped("a fifth of the keys blank", 100, tmp_path / "b.xlsx", rulebook)
    blank = sum(value is None for value in evidence.tables["training"].columns["person"].value)
    assert blank > MOST_NAMED + 1
    duties = {each.id: each for each in checked(evidence, rulebook).duties}
    unmet = [one for one in duties["refresher-training"].obligations if one.unreadable]
    assert unmet
    for one in unmet:
        assert len(one.unreadable) == MOST_NAMED
        assert one.unreadable == tuple(sorted(one.unreadable, key=lambda item: item.row))
        (words,) = one.remarks
        assert words.endswith(
            "more rows of Training cannot be read and might have met it: the problems list them."
        )
        assert 0 < int(words.split()[0]) <= blank - MOST_NAMED
