"""The JSON report: all of the assessment, by a published schema, and back again."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from engine.assessment import Assessment
from engine.outcome import Status
from reports import json as json_report
from reports import words
from reports.json import from_json, schema, to_json
from tests.assessment_builders import assessment, days, duty, item, large, obligation
from tests.assessment_sample import WAIVERS, sample

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


def test_it_says_what_met_means_and_what_was_not_checked() -> None:
    given = json.loads(to_json(sample("A notice.")))
    assert given["met_means"] == words.MET_MEANS
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
            "'dueregard-assessment-1'. Check the old evidence again with this program.",
        ),
        (
            _changed(as_of="24/11/2026"),
            "It is no whole assessment: at as_of: Input should be a valid date in the format "
            f"YYYY-MM-DD, invalid character in year. {CUT}",
        ),
        (
            _changed(more=1),
            f"It is no whole assessment: at more: Unexpected keyword argument. {CUT}",
        ),
    ],
)
def test_what_is_no_assessment_is_told_in_a_sentence(data: bytes, said: str) -> None:
    assert from_json(data) == said


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7])
def test_made_in_parts_it_is_the_same_to_the_byte(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long one is made in parts, so that it does not stand in memory three times."""
    every = (sample(), small(), large(9), assessment((duty("one", "One"), duty("two", "Two"))))
    whole = [to_json(each) for each in every]
    monkeypatch.setattr(json_report, "_MOST", most or 10**9)
    assert [to_json(each) for each in every] == whole
    assert whole[0].count(b'"derivation"') > 7


def test_a_long_one_is_made_in_parts() -> None:
    made = large(5_000)
    data = to_json(made)
    assert data.count(b'"derivation"') == 5_002
    assert from_json(data) == made
