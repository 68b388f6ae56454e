"""What is done by several dates is dated by the latest of them wherever it is shown."""

from __future__ import annotations

import datetime

import pytest

from engine.outcome import Status
from evidence.table import CellState, Table
from rules.model import Duty
from rules.patterns import Completeness, Events
from tests.support import engine_builders as make
from tests.support.engine_builders import Row, days, filled, version
from tests.support.small_check import outcome

LAST = datetime.date(2026, 3, 20)
BOTH = ("completed on", "re-agreed on")
AGREED = Events(register="actions", dated="agreed on")


def by_two_dates() -> Duty:
    """Something that is done on the later of two days, within 28 days of each action."""
    pattern = Completeness(
        kind="completeness",
        records=AGREED,
        must=tuple(filled(name) for name in BOTH),
        done_on=BOTH,
        within=days(28),
    )
    return make.duty(version(pattern))


def action(*dates: str | CellState) -> Table:
    row: Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2026-03-02", "due": "2026-06-01"}
    return make.table(make.ACTIONS, {**row, **dict(zip(BOTH, dates, strict=True))})


@pytest.mark.parametrize("dates", [("2026-03-09", "2026-03-20"), ("2026-03-20", "2026-03-09")])
def test_evidence_by_two_dates_is_dated_by_the_latest(dates: tuple[str, str]) -> None:
    result = outcome(by_two_dates(), "2026-05-20", action(*dates))
    (one,) = result.obligations
    assert one.last_done == LAST
    assert [item.date for item in one.evidence] == [LAST]


def test_a_record_with_one_of_two_dates_is_not_done() -> None:
    (one,) = outcome(
        by_two_dates(), "2026-05-20", action("2026-03-09", CellState.NOTHING)
    ).obligations
    assert one.status is Status.OVERDUE
    (group,) = one.rejected
    assert [(other.count, other.failed) for other in group.others] == [
        (1, "'re-agreed on' is not filled in")
    ]
