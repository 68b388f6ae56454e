"""What a person is told to enter: values only where the rule or the obligation fixes them."""

from __future__ import annotations

import pytest

from engine.remedy.cell_words import cell_words
from evidence.register import ColumnSpec, RegisterSpec
from rules.condition import Condition
from tests.support.engine_builders import equals, filled
from tests.support.own_book import own_book


def register(name: str) -> RegisterSpec:
    """A register of the office's own rulebook."""
    return own_book().registers[name]


STEERING_GROUP = (equals("body", "Steering Group"),)
REASONS = Condition(column="outcome", one_of=("satisfactory", "changes made"))


@pytest.mark.parametrize(
    ("name", "column", "value", "conditions", "words"),
    [
        ("reviews", "subject", "SOP", (equals("subject", "SOP"),), ""),
        (
            "reviews",
            "considered",
            frozenset({"access"}),
            (Condition(column="considered", includes=("access",)),),
            "",
        ),
        ("training", "passed", True, (Condition(column="passed", is_=True),), ""),
        (
            "training",
            "person",
            "S052",
            (filled("person"),),
            "the reference of the person trained (often the staff number)",
        ),
        (
            "submissions",
            "minuted at",
            "SG-2026-4",
            (filled("minuted at", *STEERING_GROUP),),
            "the reference of the Steering Group meeting that minuted it",
        ),
        (
            "communications",
            "recorded at",
            "new-1",
            (filled("recorded at", *STEERING_GROUP),),
            "the reference of the Steering Group meeting that recorded it",
        ),
        (
            "reviews",
            "outcome",
            "satisfactory",
            (REASONS,),
            "the result of the review, either satisfactory or changes made",
        ),
        ("training", "level", "basic", (filled("level"),), "either basic or higher"),
        (
            "reviews",
            "by post",
            "PCC",
            (filled("by post"),),
            "the job title of the person who carried out the review, from the list",
        ),
        ("cases", "proportionate", True, (filled("proportionate"),), "yes or no"),
        (
            "reviews",
            "assessment",
            "HOA-2",
            (),
            "the reference of the Home Office assessment that was taken into account (the latest "
            "is HOA-2)",
        ),
        ("cases", "purpose", "(as recorded)", (filled("purpose"),), "in your own words"),
    ],
)
def test_a_value_is_shown_only_where_the_rule_fixes_it(
    name: str,
    column: str,
    value: str | bool | frozenset[str],
    conditions: tuple[Condition, ...],
    words: str,
) -> None:
    assert cell_words(register(name), column, value, conditions, "Meetings") == words


def test_a_key_without_a_note_names_the_sheet_to_look_in() -> None:
    key = ColumnSpec(name="held at", type="key", refers_to="meetings")
    spec = RegisterSpec(id="a", title="A", about="", sheets=("A",), columns=(key,))
    assert cell_words(spec, "held at", "M-1", (), "Meetings") == "a reference from Meetings"
