"""Blocked rows: which row a key names, and why it does not count (engine/proof/blocked_rows.py and
key_rows.py)."""

from __future__ import annotations

import pytest

from engine.outcome import Status
from evidence.table import CellState
from rules.condition import Condition
from rules.model import Duty
from rules.patterns import Completeness, Events
from tests.support import engine_builders as make
from tests.support.engine_builders import Row, days, filled, version
from tests.support.keyed_registers import (
    at,
    findings,
    met,
    minuted_yearly,
    only,
    outcome,
    review,
    reviewed,
)

_NONE = "No record shows that it was done."


@pytest.mark.parametrize(
    ("meeting", "why"),
    [
        (at("SG-2", "2026-04-01"), "'SG-1' is not on the meetings sheet"),
        ({**at("SG-1", "2026-04-01"), "cancelled": True}, "'SG-1' was cancelled"),
        (
            {**at("SG-1", "2026-04-01"), "cancelled": CellState.UNREADABLE},
            "'SG-1' cannot be used until D2 of meetings is corrected",
        ),
        (at("SG-1", "2027-04-01"), "'SG-1' is dated 1 April 2027, after the day of the check"),
        (at("SG-1", CellState.NOTHING), "'SG-1' has no date in 'held on'"),
        (
            at("SG-1", CellState.UNREADABLE),
            "'SG-1' cannot be used until C2 of meetings is corrected",
        ),
        (
            at("SG-1", "2026-04-01", "board"),
            "'SG-1' has 'board' in 'body', but the rule requires that 'body' is group",
        ),
        (
            at("SG-1", "2026-04-01", CellState.UNREADABLE),
            "'SG-1' cannot be used until B2 of meetings is corrected",
        ),
        (
            at("SG-1", "2026-04-01", CellState.BLANK),
            "'SG-1' has nothing in 'body', but the rule requires that 'body' is group",
        ),
    ],
)
def test_an_obligation_says_which_row_a_key_names_and_why_it_does_not_count(
    meeting: Row, why: str
) -> None:
    obligation = only(minuted_yearly(), reviewed(review("SG-1")), met(meeting))
    assert obligation.status is Status.OVERDUE
    assert (
        obligation.unmet_reason
        == f"{_NONE} Row 2 of reviews does not count: in 'minuted at', {why}."
    )


def test_a_row_whose_key_counts_is_not_mentioned() -> None:
    given = reviewed(review("SG-1")), met(at("SG-1", "2026-04-01"))
    assert only(minuted_yearly(), *given).status is Status.MET
    assert only(minuted_yearly(), reviewed(review()), given[1]).unmet_reason == _NONE


def test_the_latest_rows_are_named_and_the_others_counted() -> None:
    rows = [{**review("X", f"2026-0{n}-01"), "ref": f"R{n}"} for n in (1, 2, 3, 4)]
    words = only(minuted_yearly(), reviewed(*rows), met(at("SG-1", "2026-04-01"))).unmet_reason
    assert words.startswith(f"{_NONE} Row 5 of reviews does not count: ")
    assert " Row 4 of reviews does not count: " in words
    assert words.endswith("The same applies to 2 other rows.")
    assert "Row 3 " not in words


def test_a_row_before_the_last_completion_is_not_mentioned() -> None:
    early = {**review("X", "2023-01-01"), "ref": "R0"}
    done = review("SG-1", "2025-01-10")
    given = reviewed(early, done), met(at("SG-1", "2025-01-01"))
    words = only(minuted_yearly(), *given).unmet_reason
    assert words == "Last completed on 10 January 2025. It was needed again by 10 January 2026."


def test_a_row_counts_if_one_of_its_keys_counts() -> None:
    several = Condition(column="also at", filled=True)
    held = met(at("SG-1", "2026-04-01"))
    one = reviewed(review(also_at="SG-1; SG-9"))
    assert only(minuted_yearly(several), one, held).status is Status.MET
    none = only(minuted_yearly(several), reviewed(review(also_at="SG-8; SG-9")), held)
    assert none.unmet_reason.endswith(
        "in 'also at', 'SG-8' is not on the meetings sheet and 'SG-9' is not on the meetings sheet."
    )


def _recorded() -> Duty:
    records = Events(register="reviews", dated="reviewed on")
    must = (filled("minuted at"),)
    pattern = Completeness(kind="completeness", records=records, must=must, within=days(7))
    return make.duty(version(pattern))


def test_a_record_that_names_no_row_is_not_complete() -> None:
    obligation = only(_recorded(), reviewed(review("SG-9")))
    assert obligation.unmet_reason == (
        "Row 2 of reviews is not complete: in 'minuted at', 'SG-9' is not on the meetings sheet."
    )


def test_an_alternative_that_names_no_row_is_mentioned() -> None:
    either = (filled("minuted at"), filled("published on"))
    duty = minuted_yearly(filled("subject"), any_of=either)
    words = only(duty, reviewed(review("SG-9"))).unmet_reason
    assert "'SG-9' is not on the meetings sheet" in words
    published = reviewed(review("SG-9", published_on="2026-05-02"))
    assert only(duty, published).status is Status.MET


def test_many_keys_in_reasons_are_not_also_findings() -> None:
    kind = "Reference not found"
    assert len(findings(minuted_yearly(), kind, reviewed(review("SG-9")))) == 1
    many = [{**review(f"SG-{number}"), "ref": f"R{number}"} for number in range(100, 112)]
    points = findings(minuted_yearly(), kind, reviewed(*many))
    assert 0 < len(points) < len(many)
    held, done = met(at("SG-1", "2026-04-01")), {**review("SG-1"), "ref": "R2"}
    (one,) = findings(minuted_yearly(), kind, reviewed(review("SG-9"), done), held)
    assert one[1] == "reviews.csv!reviews!D2"


def test_a_rejected_row_says_why_its_key_does_not_count() -> None:
    (one,) = outcome(minuted_yearly(), reviewed(review("SG-9"))).obligations
    ((row,),) = (group.rows for group in one.rejected)
    assert row.why == (
        "'minuted at' does not name a row whose 'body' is group: "
        "'SG-9' is not on the meetings sheet"
    )
