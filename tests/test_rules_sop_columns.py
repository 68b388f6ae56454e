"""Every column that any part of a rule reads is known, so that none is kept for nothing."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from evidence.register import Closes, Declared, Latest, Succession
from rules import condition, patterns, subject
from rules.model import Version
from rules.sop.coverage import columns_read, coverage, unread_columns
from rules.sop.problem import describe
from tests.support.sop_builders import hall, hall_book

BOOK = hall_book()
COLUMN = "      - name: done on\n        type: day\n"


def test_a_column_that_no_rule_reads_is_told_of() -> None:
    unread = COLUMN + "      - name: weather\n        type: text\n"
    book = hall_book(("registers.yaml", COLUMN, unread))
    assert unread_columns(book) == (("acts", "weather"),)
    (problem,) = coverage(book, hall()).problems
    assert problem.kind == "column"
    assert describe(problem) == (
        "registers.yaml, register 'acts': No rule reads the column 'weather'. Add a rule that "
        "uses it, name it as 'label' of the register if it says what a row is, or remove it: no "
        "duty needs it. One that is only for readers may stay, and is listed."
    )


def test_which_duties_read_a_column() -> None:
    readers = columns_read(BOOK)
    assert set(readers) == {("acts", "kind"), ("acts", "done on")}
    assert set(readers["acts", "kind"]) == set(BOOK.duties)


def test_what_a_register_declares_of_itself_is_read() -> None:
    """What closes what, what follows what, and from when to when a row stands."""
    declared = (
        "      - name: closed\n        type: key\n        refers to: acts\n        closes:\n"
        "          column: outcome\n          code: over\n          fills: over on\n"
        "      - name: outcome\n        type: code\n        codes:\n          over: []\n"
        "      - name: over on\n        type: day\n"
    )
    book = hall_book(("registers.yaml", COLUMN, COLUMN + declared))
    assert unread_columns(book) == ()
    spec = book.registers["acts"].model_copy(
        update={
            "ends": "over on",
            "succession": Succession(kind="outcome", year="closed", dated=("over on",)),
            "columns": tuple(
                column.model_copy(update={"closes": None})
                for column in book.registers["acts"].columns
            ),
        }
    )
    assert unread_columns(book.model_copy(update={"registers": {"acts": spec}})) == ()


#: Every field of a rule that holds text, and so might name a column: those that do, and those that
#: do not. A field that is on neither list makes the test fail that asks for it to be put on one.
NAMES_A_COLUMN = {
    "Condition": {"column", "on_or_before"},
    "Events": {"dated", "cancelled"},
    "Population": {"joins", "leaves", "flagged"},
    "FixedList": {"named_in"},
    "Member": {"dated"},
    "Applies": {"begins", "ends"},
    "Standing": {"begins", "ends", "review_by"},
    "Completeness": {"done_on"},
    "Carried": {"due", "re_agreed_to", "re_agreed_on"},
    "EvidenceQuery": {
        "dated", "period", "event", "subject", "named_by_subject", "needed_from", "distinct"
    },
}  # fmt: skip
NAMES_NONE = {
    "Condition": {"equals", "one_of", "none_of", "includes"},
    "NilReturn": {"list", "each"},
    "Content": {"of"},
    "Member": {"id", "title"},
    "Remark": {"say"},
    "Reading": {"phrase", "reading"},
    **{name: {"register", "empty"} for name in ("Events", "Population")},
    **{name: {"register"} for name in ("RowsOf", "Applies", "EvidenceQuery")},
    "Listing": {"register", "empty"},
    "Periodic": {"period", "part"},
}


def _models() -> list[type[BaseModel]]:
    held = [v for m in (condition, patterns, subject) for v in vars(m).values()]
    models = {
        v for v in held if isinstance(v, type) and issubclass(v, Declared) and v is not Declared
    }
    return sorted(models, key=lambda each: each.__name__)


def _holds_text(annotation: Any) -> bool:
    """Whether a field of this type holds a text anywhere; what an Annotated type says of itself,
    such as that a length of time is written as a string, is none."""
    if get_origin(annotation) is Annotated:
        return _holds_text(annotation.__origin__)
    if get_origin(annotation) is Literal:
        return any(isinstance(each, str) for each in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, str):
        return True
    return any(_holds_text(each) for each in get_args(annotation))


def test_every_field_that_may_name_a_column_is_known() -> None:
    """Else a new kind of rule could read a column that coverage calls unread."""
    unknown = {
        f"{model.__name__}.{name}"
        for model in _models()
        for name, field in model.model_fields.items()
        if _holds_text(field.annotation) and name != "kind"
        if name not in NAMES_A_COLUMN.get(model.__name__, set())
        if name not in NAMES_NONE.get(model.__name__, set())
    }
    assert unknown == set()


REGISTERS = """\
registers:
  - id: events
    title: Events
    about: What happens
    sheets: [Events]
    key: ref
    columns:
{events}
  - id: acts
    title: Acts
    about: What was done
    sheets: [Acts]
    key: ref
    columns:
{acts}
"""
FULL: dict[str, tuple[dict[str, Any], set[str], set[str]]] = {
    # a version, and the columns of events and of acts that it reads
    "triggered": (
        {
            "pattern": {
                "kind": "triggered",
                "event": {
                    "register": "events",
                    "where": ({"column": "e1", "equals": "x"},),
                    "any of": ({"column": "e2", "is": True},),
                    "dated": "e3",
                    "cancelled": "e4",
                },
                "within": "1 month",
            },
            "evidence": {
                "register": "acts",
                "where": ({"column": "a1", "on or before": "a2"},),
                "any of": ({"column": "a3", "filled": True},),
                "dated": "a4",
                "event": "a5",
                "period": "a6",
                "subject": "a7",
                "distinct": "a8",
                "needed from": "e5",
            },
            "subjects": {
                "kind": "fixed list",
                "named in": "a9",
                "members": (
                    {
                        "id": "m", "title": "M", "dated": "a10",
                        "where": ({"column": "a11", "filled": True},),
                    },
                ),
            },
            "remarks": ({"where": ({"column": "a12", "filled": True},), "say": "Look"},),
            "applies": {
                "register": "events",
                "where": ({"column": "e6", "filled": True},),
                "begins": "e7",
                "ends": "e8",
            },
        },
        {f"e{n}" for n in range(1, 9)},
        {f"a{n}" for n in range(1, 13)},
    ),
    "standing": (
        {
            "pattern": {"kind": "standing", "begins": "a1", "ends": "a2", "review by": "a3"},
            "evidence": {"register": "acts", "named by subject": "e1"},
            "subjects": {
                "kind": "population", "register": "events", "joins": "e2", "leaves": "e3",
                "flagged": "e4", "where": ({"column": "e5", "filled": True},),
            },
        },
        {f"e{n}" for n in range(1, 6)},
        {"a1", "a2", "a3"},
    ),
    "completeness": (
        {
            "pattern": {
                "kind": "completeness",
                "records": {"register": "events", "dated": "e1", "cancelled": "e2"},
                "must": ({"column": "e3", "filled": True},),
                "must any": ({"column": "e4", "filled": True},),
                "done on": ("e5",),
                "deadline": {"due": "e6", "re agreed to": "e7", "re agreed on": "e8"},
            },
            "remarks": ({"where": ({"column": "e9", "filled": True},), "say": "Look"},),
        },
        {f"e{n}" for n in range(1, 10)},
        set(),
    ),
    "before event": (
        {
            "pattern": {"kind": "before event", "event": {"register": "events", "dated": "e1"}},
            "evidence": {"register": "acts", "dated": "a1"},
        },
        {"e1"},
        {"a1"},
    ),
    "periodic": (
        {
            "pattern": {"kind": "periodic", "period": "quarter"},
            "evidence": {"register": "acts", "dated": "a1", "period": "a2"},
        },
        set(),
        {"a1", "a2"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FULL)
def test_each_part_of_a_rule_that_names_a_column_reads_it(kind: str) -> None:
    written, events, acts = FULL[kind]

    version = Version.model_validate(
        {"from": datetime.date(2024, 10, 1), **written}, by_alias=True, by_name=False
    )
    duty = next(iter(BOOK.duties.values())).model_copy(update={"versions": (version,)})
    registers = {
        name: BOOK.registers["acts"].model_copy(
            update={
                "id": name,
                "columns": tuple(
                    BOOK.registers["acts"].columns[1].model_copy(update={"name": f"{name[0]}{n}"})
                    for n in range(1, 14)
                ),
            }
        )
        for name in ("events", "acts")
    }
    book = BOOK.model_copy(update={"registers": registers, "duties": {duty.id: duty}})
    assert set(columns_read(book)) == {("events", event) for event in events} | {
        ("acts", act) for act in acts
    }


def test_a_column_that_the_program_fills_is_read_with_those_it_is_filled_from() -> None:
    filled = Latest(
        key="ref", within="acts", kind="kind", of="loan", issued="words", by="recorded on"
    )
    spec = BOOK.registers["acts"]
    columns = tuple(
        column.model_copy(update={"latest": filled}) if column.name == "done on" else column
        for column in spec.columns
    )
    book = BOOK.model_copy(
        update={"registers": {"acts": spec.model_copy(update={"columns": columns})}}
    )
    read_ = {name for _, name in columns_read(book)}
    assert read_ == {"kind", "done on", "ref", "words", "recorded on"}


def test_what_closes_a_row_is_declared_in_one_shape() -> None:
    """The names that coverage takes from a declaration are all that it has."""
    assert set(Closes.model_fields) == {"column", "code", "fills"}
    assert set(Succession.model_fields) == {"kind", "year", "dated"}
    assert set(Latest.model_fields) == {"key", "within", "kind", "of", "issued", "by"}
