"""The JSON report: all of the assessment, by a published schema, and back again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from engine.assessment import Assessment
from engine.outcome import Status
from reports import words
from reports.json import from_json, schema, to_json, write
from tests.support.assessment_builders import (
    RULEBOOK,
    assessment,
    days,
    duty,
    item,
    large,
    obligation,
    remedy,
)
from tests.support.assessment_sample import WAIVERS, sample

GOLDEN = Path(__file__).parent / "golden"

SCHEMA_FILE = files("reports") / "assessment.schema.json"


def small() -> Assessment:
    """One met duty, one waiver, one section: little enough to read."""
    shown = item("communications", 12, days(-30), sent_on="25 October 2026", note=None)
    made = duty("staff-update", "Update staff", obligation(Status.MET, 127, evidence=(shown,)))
    whole = assessment((made,), waivers=WAIVERS[:1])
    return replace(whole, sections=tuple(s for s in whole.sections if s.section == "4.6"))


def test_a_small_assessment_to_the_byte() -> None:
    assert to_json(small()) == (GOLDEN / "assessment.json").read_bytes()


def test_the_published_schema_is_that_of_the_types() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == schema()


def test_what_is_written_is_valid_by_the_published_schema() -> None:
    published = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(
        published, format_checker=jsonschema.FormatChecker()
    )
    validator.check_schema(published)
    given = json.loads(to_json(sample("A notice.")))
    assert [error.message for error in validator.iter_errors(given)] == []
    given["duties"][0]["status"] = "fine"
    assert [list(error.path) for error in validator.iter_errors(given)] == [["duties", 0, "status"]]


def _objects(schema: object) -> Iterator[dict[str, object]]:
    """Every object that a schema declares by its properties."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        schema = list(schema.values())
    for each in schema if isinstance(schema, list) else ():
        yield from _objects(each)


def test_the_schema_refuses_keys_that_it_does_not_declare() -> None:
    declared = list(_objects(schema()))
    assert len(declared) > 20
    assert [each for each in declared if each["additionalProperties"] is not False] == []


def test_it_says_what_met_means_and_what_was_not_checked() -> None:
    given = json.loads(to_json(sample("A notice.")))
    assert given["met_means"] == words.met_means(RULEBOOK.body)
    assert given["not_checked"] == list(sample().not_checked)
    assert given["program"]["notice"] == "A notice."


def test_a_waivers_first_day_is_called_from() -> None:
    waiver = json.loads(to_json(sample()))["waivers"][0]
    assert waiver["from"] == "2026-09-01"
    assert "from_" not in waiver


def test_it_is_read_back_as_it_was() -> None:
    for made in (sample("A notice."), small(), large(5)):
        assert from_json(to_json(made)) == made


def test_it_is_the_same_bytes_twice() -> None:
    assert to_json(sample()) == to_json(sample())
    assert to_json(sample()).endswith(b"}\n")


def _changed(**changes: object) -> bytes:
    return json.dumps(json.loads(to_json(small())) | changes).encode()


NOT_JSON = "It is not JSON. Give an assessment.json that an earlier check wrote."
NO_ASSESSMENT = (
    "It is JSON, but no assessment. Give an assessment.json that an earlier check wrote."
)
CUT = "Give an assessment.json as an earlier check wrote it, unchanged."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", NOT_JSON),
        (b"\xff\xfe", NOT_JSON),
        (b"PK\x03\x04", NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b"[1]", NO_ASSESSMENT),
        (b'{"a": 1}', NO_ASSESSMENT),
        (
            _changed(format="dueregard-assessment-9"),
            "Its format is 'dueregard-assessment-9' and this program reads "
            "'dueregard-assessment-2'. Check the old evidence again with this program.",
        ),
        (
            _changed(as_of="24/11/2026"),
            "It is not a whole assessment: at as_of: Input should be a valid date in the format "
            f"YYYY-MM-DD, invalid character in year. {CUT}",
        ),
        (
            _changed(more=1),
            f"It is not a whole assessment: at more: Unexpected keyword argument. {CUT}",
        ),
    ],
)
def test_what_is_no_assessment_is_told_in_a_sentence(data: bytes, said: str) -> None:
    assert from_json(data) == said


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_rows_written_in_parts_are_the_same_to_the_byte(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many rows are written in parts, so that they are not in memory three times."""
    every = (sample(), small(), large(9), assessment((duty("one", "One"), duty("two", "Two"))))
    whole = [to_json(each) for each in every]
    monkeypatch.setattr(write, "_MOST", most)
    assert [to_json(each) for each in every] == whole
    assert len(json.loads(whole[2])["sheets"]["s1"]["rows"]) == 9


def test_a_long_one_is_read_back() -> None:
    made = large(5_000)
    data = to_json(made)
    assert len(json.loads(data)["sheets"]["s1"]["rows"]) == 5_000
    assert from_json(data) == made


def test_it_is_written_for_people_with_pretty() -> None:
    data = to_json(sample(), pretty=True)
    assert data.startswith(b'{\n "format": "dueregard-assessment-2",\n')
    assert json.loads(data) == json.loads(to_json(sample()))
    assert from_json(data) == sample()


def test_a_row_is_in_it_once_however_it_is_cited() -> None:
    """By two duties that show other cells of it and date it otherwise, and by a fix."""
    row = item(row=7, date=days(-3), person="P-1", course="refresher")
    look = replace(row.look, letters=row.look.letters[1:], columns=row.look.columns[1:])
    other = replace(row, date=None, look=look, values=row.values[1:])
    repair = remedy("Correct the row.", "training", 7, course="awareness")
    made = assessment(
        (
            duty("one", "One", obligation(Status.MET, evidence=(row,), listed_at=other)),
            duty("two", "Two", obligation(Status.DUE, would_be_met_by=(repair,))),
        )
    )
    told = json.loads(to_json(made))
    (first,), (second,) = (each["obligations"] for each in told["duties"])
    assert (first["evidence"], first["listed_at"]) == (["s1.7"], "s1.7.1")
    assert second["would_be_met_by"][0]["changes"] == "s1.7"
    assert told["sheets"]["s1"] == {
        "file": "registers.xlsx",
        "sheet": "training",
        "register": "training",
        "columns": {"A": "person", "B": "course"},
        "views": [["B"]],
        "rows": {
            "7": {
                "date": "2026-11-21",
                "cells": {"A": "P-1", "B": "refresher"},
                "dates": {"1": None},
            }
        },
    }
    assert from_json(to_json(made)) == made


def test_one_situation_is_in_it_once() -> None:
    told = json.loads(to_json(large(3)))
    ids = {each["situation"] for each in told["duties"][0]["obligations"]}
    assert len(told["duties"][0]["obligations"]) == 5
    assert ids == set(told["situations"]) == {"q1", "q2"}


@pytest.mark.parametrize("id_", ["s9.12", "s1.99", "s1.12.9"])
def test_an_id_that_nothing_has_is_told_in_a_sentence(id_: str) -> None:
    told = json.loads(to_json(small()))
    told["duties"][0]["obligations"][0]["evidence"] = [id_]
    said = f"It is not a whole assessment: nothing in it has the id '{id_}'. {CUT}"
    assert from_json(json.dumps(told).encode()) == said
