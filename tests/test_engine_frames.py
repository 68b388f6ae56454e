"""The frames of the vectorised evaluator: checked columns, and no pair made that does not count."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pandas as pd
import pytest

from engine.columns.arrays import all_columns
from engine.columns.days import Ints
from engine.day_number import NO_DAY
from engine.decision.rule import decide_plainly
from engine.evaluated_duty import all_answers, judge_all
from engine.frames import items
from engine.frames.observe import observe_all
from engine.frames.schema import (
    ITEMS,
    LISTED,
    MET,
    NAMES_NOTHING,
    OBLIGATIONS,
    RESULTS,
    Names,
    check_frame,
    make_frame,
    stack_frames,
)
from evidence.table import Table
from rules.model import Rulebook
from rules.patterns import Events, EvidenceQuery, Triggered
from tests.support import engine_builders as make
from tests.support.engine_builders import MEETINGS, REVIEWS

SCHEMAS = (LISTED, OBLIGATIONS, RESULTS, ITEMS, MET)
_AS_OF = datetime.date(2027, 6, 30)


# Schemas ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_frame_has_the_columns_of_its_schema_with_their_types(schema: dict[str, str]) -> None:
    for count in (0, 3):
        frame = check_frame(make_frame(schema, count), schema)
        assert list(frame.columns) == list(schema)
        assert len(frame) == count


def test_a_column_left_out_has_its_default() -> None:
    one = make_frame(OBLIGATIONS, 1, duty=4).iloc[0].to_dict()
    assert one["duty"] == 4
    assert {one[name] for name in ("row", "member", "subject_row", "event_row")} == {-1}
    assert one["event_day"] == NO_DAY
    assert (one["state"], one["applies"]) == (0, 2)


def test_a_column_that_no_schema_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no such columns"):
        make_frame(MET, 1, subject=0)


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(TypeError, match="2 values for 3 rows"):
        make_frame(MET, 3, row=np.arange(2))


def test_days_that_are_not_whole_numbers_are_refused() -> None:
    with pytest.raises(TypeError, match="Cannot cast"):
        make_frame(ITEMS, 1, day=np.array([738_000.5]))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda frame: frame.drop(columns="row"), id="a column is gone"),
        pytest.param(lambda frame: frame.assign(more=1), id="one is too many"),
        pytest.param(lambda frame: frame.astype({"row": "float64"}), id="another type"),
    ],
)
def test_a_frame_that_does_not_fit_its_schema_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(TypeError, match="columns"):
        stack_frames([spoil(make_frame(MET, 1)), make_frame(MET, 1)], MET)


def test_names_are_numbers_and_numbers_names() -> None:
    names = Names()
    numbers = np.array([names.number(text) for text in ("b", "a", "b", "")])
    assert numbers.tolist() == [1, 2, 1, 0]
    assert names.texts(numbers) == ["b", "a", "b", ""]
    column = all_columns({"reviews": make.table(REVIEWS, {"about": "a"}, {})}, _AS_OF)["reviews"]
    assert names.column(column, "about").tolist() == [2, NAMES_NOTHING]


# Items and obligations --------------------------------------------------------------------------


def _events(count: int) -> list[make.Row]:
    first = datetime.date(2024, 11, 1)
    days = [first + datetime.timedelta(at % 700) for at in range(count)]
    return [{"ref": f"m{at}", "body": "group", "held on": day} for at, day in enumerate(days)]


def _unlinked(count: int) -> tuple[Rulebook, dict[str, Table]]:
    """Meetings after each of which there has to be a review, whatever it is about."""
    after = Triggered(
        kind="triggered",
        event=Events(register="meetings", dated="held on"),
        within=make.days(30),
    )
    query = EvidenceQuery(register="reviews", dated="reviewed on", needed=2)
    reviews: list[make.Row] = [
        {"ref": f"R{at}", "reviewed on": row["held on"], "subject": "plan"}
        for at, row in enumerate(_events(count))
    ]
    book = make.rulebook([MEETINGS, REVIEWS], make.duty(make.version(after, evidence=query)))
    tables = (make.table(MEETINGS, *_events(count)), make.table(REVIEWS, *reviews))
    return book, {table.register.id: table for table in tables}


def test_events_and_items_that_name_nothing_make_no_more_pairs_than_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four times the events and the items are four times the pairs, not sixteen times."""
    made_of: list[int] = []
    spread = items._spread

    def counted(first: Ints, end: Ints) -> pd.DataFrame:
        days = spread(first, end)
        made_of.append(len(days))
        return days

    monkeypatch.setattr(items, "_spread", counted)
    totals = []
    for count in (60, 240):
        book, tables = _unlinked(count)
        columns = all_columns(tables, _AS_OF)
        made_of.clear()
        days = observe_all(book, columns, _AS_OF, lambda: None)
        answers = all_answers(judge_all(days, decide_plainly))
        assert len(answers) == count
        assert {len(answer.met_by) for answer in answers} <= {0, 2}
        totals.append(sum(made_of))
    few, many = totals
    assert math.log(many / few, 4) < 1.15
    assert many <= 2 * 240
