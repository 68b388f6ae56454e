"""The trend: the last check of each month in the ledger, of one office and rulebook."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import Assessment, TrendPoint
from engine.outcome import Status
from record.ledger.checks import enter
from record.ledger.earlier_checks import earlier_points
from record.ledger.prune import prune
from record.ledger.verify import verify
from record.pack.pack import pack
from reports.json import from_json, outline_from_json, to_json
from reports.trend import LONG_DAYS, MOST_MONTHS, point_of, with_trend
from tests.support.assessment_builders import assessment, duty, obligation
from tests.support.desk_office import BOOK as BOOK_FOLDER
from tests.support.desk_office import workbook
from tests.support.ledgers import at, copied, memory
from tests.support.verifier import assessed, rechecked

BOOK = "made-up-office"


@pytest.fixture
def ledger() -> Iterator[Path]:
    with memory() as folder:
        yield folder / "office.sqlite"


def check(day: str, *overdue: int) -> Assessment:
    """A check with a duty for each number of days overdue, and one that is met."""
    duties = [duty(f"d{n}", "Late", obligation(Status.OVERDUE, -n)) for n in overdue]
    met = duty("met", "Met", obligation(Status.MET, 9))
    return assessment((*duties, met), as_of=datetime.date.fromisoformat(day))


def entered(ledger: Path, checks: Sequence[Assessment]) -> None:
    for number, each in enumerate(checks):
        enter(ledger, each, at(number))


def trend(ledger: Path, last: Assessment) -> list[tuple[str, int, int]]:
    """The day, the duties overdue and the duties long overdue of each point."""
    earlier = earlier_points(ledger, BOOK, last.office, last.as_of)
    points = with_trend(last, earlier).trend
    return [(str(point.as_of), point.overdue, point.long_overdue) for point in points]


def test_a_point_counts_duties_and_those_that_are_long_overdue() -> None:
    late = (LONG_DAYS - 1, LONG_DAYS, LONG_DAYS + 1)
    assert point_of(check("2026-11-24", *late)) == TrendPoint(
        as_of=datetime.date(2026, 11, 24), overdue=3, due=0, met=1, long_overdue=2
    )


def test_a_duty_is_long_overdue_once_however_many_of_its_obligations_are() -> None:
    late = [obligation(Status.OVERDUE, -n) for n in (LONG_DAYS + 9, LONG_DAYS, 1)]
    assert point_of(assessment((duty("d", "Late", *late),))).long_overdue == 1


def test_the_last_check_of_each_month_is_a_point(ledger: Path) -> None:
    days = ("2026-09-30", "2026-10-02", "2026-10-24", "2026-11-01")
    entered(ledger, [check(day, *range(1, n + 1)) for n, day in enumerate(days, 1)])
    assert trend(ledger, check("2026-11-24", 200)) == [
        ("2026-09-30", 1, 0),
        ("2026-10-24", 3, 0),
        ("2026-11-24", 1, 1),
    ]


def test_the_last_entry_of_a_day_counts_whenever_it_was_made(ledger: Path) -> None:
    first, again = check("2026-09-30", 1), check("2026-09-30", 1, 2)
    entered(ledger, [first, check("2026-10-24"), again])
    now = check("2026-11-24")
    points = [("2026-09-30", 2, 0), ("2026-10-24", 0, 0), ("2026-11-24", 0, 0)]
    assert trend(ledger, now) == points
    entered(ledger, [now])  # checked again, it has the same trend
    assert trend(ledger, now) == points


def test_what_is_not_comparable_is_left_out(ledger: Path) -> None:
    other = check("2026-08-31", 1)
    later = check("2026-12-01", 1)
    known = replace(check("2026-07-31", 1), known_by=datetime.date(2026, 7, 1))
    book = replace(other, rulebook=replace(other.rulebook, id="another"))
    entered(ledger, [later, known, book, replace(other, office="Another office")])
    assert trend(ledger, check("2026-11-24")) == []
    assert len(trend(ledger, replace(check("2026-11-24"), office="Another office"))) == 2


def test_the_trend_is_of_three_years_at_most(ledger: Path) -> None:
    days = [f"{2023 + n // 12}-{n % 12 + 1:02}-28" for n in range(46)]
    entered(ledger, [check(day) for day in days])
    points = trend(ledger, check("2026-11-24"))
    assert len(points) == MOST_MONTHS
    assert points[0][0] == "2023-12-28"


def test_pruning_leaves_the_trend_and_the_ledger_is_intact(ledger: Path) -> None:
    entered(ledger, [check("2026-09-30", 1), check("2026-10-24")])
    prune(ledger, at(2).at.date(), at(3))
    assert trend(ledger, check("2026-11-24"))[0] == ("2026-09-30", 1, 0)
    assert verify(ledger).faults == ()


def test_a_trend_is_read_back_from_the_json() -> None:
    earlier = TrendPoint(datetime.date(2026, 10, 24), 1, 2, 3, 4)
    made = with_trend(check("2026-11-24"), [earlier])
    outline = outline_from_json(to_json(made))
    assert from_json(to_json(made)) == made
    assert isinstance(outline, Assessment)
    assert outline.trend == made.trend


def test_rechecking_a_pack_finds_a_trend_that_the_ledger_does_not_tell(
    tmp_path: Path, ledger: Path
) -> None:
    book = tmp_path / "office.xlsx"
    book.write_bytes(workbook())
    now = assessed([book], folder=BOOK_FOLDER)
    for number, day in enumerate(("2023-11-30", "2026-09-30", "2026-10-02", "2026-10-24")):
        earlier = replace(now, as_of=datetime.date.fromisoformat(day))
        enter(ledger, earlier, at(number))
    points = earlier_points(ledger, now.rulebook.id, now.office, now.as_of)
    right = with_trend(now, points)
    wrong = replace(right, trend=(replace(right.trend[0], overdue=9), *right.trend[1:]))
    assert len(right.trend) == 3
    for number, (made, code) in enumerate(((right, 0), (now, 1), (wrong, 1))):
        own = copied(ledger, tmp_path / str(number))
        enter(own, made, at(9))
        (tmp_path / "assessment.json").write_bytes(to_json(made))
        data = pack(tmp_path / "assessment.json", (book,), BOOK_FOLDER, (), own)
        (tmp_path / "pack.zip").write_bytes(data)
        ended = rechecked(tmp_path / "pack.zip")
        assert (ended.code, "trend: it is not that" in ended.out) == (code, code == 1)
