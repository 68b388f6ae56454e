"""What docs/reading-semantics.md says is what the evaluators do, and the verifier of packs."""

from __future__ import annotations

import pytest

from engine.outcome import ItemRef
from evidence.table import CellState
from rules.condition import Applies
from rules.model import Duty
from rules.patterns import BeforeEvent, EvidenceQuery, Joining, Periodic, Triggered
from tests.support.agreed_answers import (
    ABOUT,
    BLANK,
    BY_DATE,
    FLAGGED,
    GROUP,
    HIREABLE,
    NOTHING,
    STAFF,
    UNREADABLE,
    about,
    documents,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    triggered,
    yearly,
)
from tests.support.duty_answers import answers, lines
from tests.support.engine_builders import (
    DOCUMENTS,
    MEETINGS,
    PEOPLE,
    REVIEWS,
    TRAINING,
    VENUES,
    Row,
    day,
    days,
    duty,
    equals,
    filled,
    missing,
    table,
    version,
)
from tests.support.small_check import outcome

# Ties -------------------------------------------------------------------------------------------


def _met_by(of: Duty, on: str, *tables: object) -> tuple[ItemRef, ...]:
    (found,) = answers(of, on, *tables)  # type: ignore[arg-type]
    return found.met_by


def test_of_a_day_that_two_items_share_the_latest_is_the_last_of_them() -> None:
    """Where the latest counts; where the first counts, it is the first of them."""
    shared = reviews("2026-03-01", "2026-03-01")
    assert _met_by(rolling(), "2026-04-01", shared) == (ItemRef("reviews", 1),)
    assert _met_by(yearly(begins="2025-04-01"), "2026-03-31", shared) == (ItemRef("reviews", 0),)
    later: Row = {"ref": "R9", "subject": "model", "reviewed on": "2026-03-01"}
    turned = table(REVIEWS, later, {**later, "ref": "R1"})
    assert _met_by(rolling(), "2026-04-01", turned) == (ItemRef("reviews", 0),)
    meetings = table(MEETINGS, meeting("M1", "2026-02-20"))
    twice = about(("2026-03-01", "M1"), ("2026-03-01", "M1"))
    assert _met_by(triggered(), "2026-03-02", meetings, twice) == (ItemRef("reviews", 0),)


def test_of_what_is_in_place_alike_the_last_is_named() -> None:
    alike: Row = {"review by": "2027-01-01"}
    shared = documents(("2026-01-01", alike), ("2026-01-01", alike))
    assert _met_by(standing(), "2026-03-01", shared) == (ItemRef("documents", 1),)
    longer = documents(("2026-01-01", {"review by": "2027-06-01"}), ("2026-01-01", alike))
    assert _met_by(standing(), "2026-03-01", longer) == (ItemRef("documents", 0),)


# People and events ------------------------------------------------------------------------------


def _briefing(**more: object) -> Duty:
    """Each person is briefed after each meeting; nobody on the list is a fair answer."""
    people = STAFF.model_copy(update={"empty": "fair"})
    query = EvidenceQuery(register="training", dated="completed on", subject="person")
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    return duty(version(pattern, evidence=query, subjects=people, **more))  # type: ignore[arg-type]


def test_an_empty_but_fair_population_does_not_silence_events() -> None:
    """Nobody is asked about an event that can be read; one that cannot be is told all the same, and
    so is a list of events that was not given."""
    nobody, none = table(PEOPLE), table(TRAINING)
    meetings = table(MEETINGS, meeting("M1", "2026-02-20"), meeting("M2", UNREADABLE))
    assert lines(_briefing(), "2026-03-01", nobody, none, meetings) == [
        "meetings row 1 cannot_tell"
    ]
    assert lines(_briefing(), "2026-03-01", nobody, none, missing(MEETINGS)) == ["not_assessed"]
    hirer = _briefing(applies=HIREABLE)
    unclear = table(VENUES, {"ref": "V1", "hireable": UNREADABLE, "from": "2025-01-01"})
    assert lines(hirer, "2026-03-01", nobody, none, meetings, unclear) == [
        "meetings row 1 cannot_tell",
        "m1 cannot_tell",
    ]


# Versions ---------------------------------------------------------------------------------------


def test_a_new_version_moves_no_grace_to_before_its_first_day() -> None:
    """The grace of the old version still ran: the new one, without any, is due on its first day,
    and what names no period is in time until then."""
    graced = Periodic(kind="periodic", period="financial year", grace=days(28))
    plain = Periodic(kind="periodic", period="financial year")
    query = BY_DATE.model_copy(update={"period": "for period"})
    the_duty = duty(
        version(graced, evidence=query), version(plain, evidence=query, begins=day("2025-04-10"))
    )
    assert lines(the_duty, "2025-04-09", reviews()) == ["2024/25 due 2024-10-01..2025-04-28 +19"]
    done = reviews(("2025-04-10", "2024/25"))
    assert lines(the_duty, "2025-04-10", done)[0] == ("2024/25 met 2024-10-01..2025-04-10 " + "met")
    late = reviews(("2025-04-12", "2024/25"))
    assert lines(the_duty, "2025-04-12", late)[0] == "2024/25 met 2024-10-01..2025-04-10 late 2 met"


def test_a_new_version_moves_no_day_before_an_event_to_before_its_first_day() -> None:
    the_duty = duty(
        version(BeforeEvent(kind="before event", event=GROUP), evidence=BY_DATE),
        version(
            BeforeEvent(kind="before event", event=GROUP, by=days(28)),
            evidence=BY_DATE,
            begins=day("2026-02-01"),
        ),
    )
    meetings = table(MEETINGS, meeting("m1", "2026-02-10"))
    assert lines(the_duty, "2026-02-01", meetings, reviews()) == [
        "m1 due 2024-10-01..2026-02-01 +0"
    ]


_BOARD = GROUP.model_copy(update={"where": (equals("body", "Board"),)})


def test_a_key_that_the_lists_of_two_versions_claim_cannot_be_told() -> None:
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    other = pattern.model_copy(update={"event": _BOARD})
    the_duty = duty(
        version(pattern, evidence=ABOUT),
        version(other, evidence=ABOUT, begins=day("2026-01-01")),
    )
    group = meeting("M1", "2025-12-01")
    board: Row = {"ref": "M1", "body": "Board", "held on": "2026-02-01"}
    assert lines(the_duty, "2026-03-01", table(MEETINGS, group, board), about()) == [
        "meetings row 0 cannot_tell",
        "meetings row 1 cannot_tell",
    ]
    alone = lines(the_duty, "2026-03-01", table(MEETINGS, board), about())
    assert alone == ["m1 due 2026-02-01..2026-03-01 +0"]


def _joiners() -> Duty:
    """Who joins is trained: staff at first, then agency."""
    joining = Triggered(kind="triggered", event=Joining(joining=True), within=days(28))
    query = EvidenceQuery(register="training", dated="completed on", subject="person")
    agency = STAFF.model_copy(update={"where": (equals("kind", "agency"),)})
    return duty(
        version(joining, evidence=query, subjects=STAFF),
        version(joining, evidence=query, subjects=agency, begins=day("2026-01-01")),
    )


def test_a_person_on_the_lists_of_two_versions_is_cannot_tell() -> None:
    staff = person("p1", "2025-06-01")
    agent = {**person("p1", "2026-02-01"), "kind": "agency"}
    assert lines(_joiners(), "2026-03-01", table(PEOPLE, staff, agent), table(TRAINING)) == [
        "people row 0 cannot_tell",
        "people row 1 cannot_tell",
    ]
    alone = lines(_joiners(), "2026-03-01", table(PEOPLE, agent), table(TRAINING))
    assert alone == ["p1 due 2026-02-01..2026-03-01 +0"]


def test_a_row_that_can_be_told_is_not_lost_to_one_that_cannot() -> None:
    """The two versions claim one key, but of one of the rows it cannot be told when they joined."""
    agent = {**person("p1", UNREADABLE), "kind": "agency"}
    people = table(PEOPLE, person("p1", "2025-06-01"), agent)
    assert lines(_joiners(), "2026-03-01", people, table(TRAINING)) == [
        "people row 1 cannot_tell",
        "p1 overdue 2025-06-01..2025-06-29 -245",
    ]


@pytest.mark.parametrize(
    ("by", "on"),
    [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-15"), ("2026-01-01", "2026-03-15")],
    ids=["the one on the day", "the one on the day, without an event", "the last with people"],
)
def test_people_who_cannot_be_read_are_reported_once_by_the_latest_version(
    by: str, on: str
) -> None:
    query = EvidenceQuery(register="training", dated="completed on", subject="person")
    pattern = Triggered(kind="triggered", event=GROUP, within=days(28))
    versions = [
        version(pattern, evidence=query, subjects=STAFF),
        version(pattern, evidence=query, subjects=STAFF, begins=day("2026-01-01")),
    ]
    if on == "2026-02-15":
        versions.append(version(pattern, evidence=query, subjects=STAFF, begins=day("2026-02-01")))
    if on == "2026-03-15":
        versions.append(version(pattern, evidence=ABOUT, begins=day("2026-03-01")))
    meetings = table(MEETINGS, meeting("M1", "2025-12-01"), meeting("M2", "2026-01-15"))
    people = table(PEOPLE, person("p1", UNREADABLE))
    judged = answers(duty(*versions), on, people, table(TRAINING), meetings, reviews())
    assert [(item.key.register, item.key.row, str(item.version_from)) for item in judged] == [
        ("people", 0, by)
    ]


# What fills a cell ------------------------------------------------------------------------------


def test_a_day_to_come_fills_no_cell_of_evidence() -> None:
    """What is done is not known to be done before its day."""
    query = BY_DATE.model_copy(update={"register": "meetings", "where": (filled("minutes on"),)})
    the_duty = yearly(query.model_copy(update={"dated": "held on"}))
    minuted = table(MEETINGS, meeting("M1", "2026-01-10", minutes_on="2026-02-10"))
    assert lines(the_duty, "2026-02-09", minuted)[0].startswith("2025/26 ")
    assert " met " not in lines(the_duty, "2026-02-09", minuted)[0]
    assert " met " in lines(the_duty, "2026-02-10", minuted)[0]


def test_a_day_to_come_fills_a_cell_by_which_rows_are_listed() -> None:
    """A list holds what is still to come: the meeting is one of those that are minuted."""
    listed = GROUP.model_copy(update={"where": (filled("minutes on"),)})
    minuted = table(MEETINGS, meeting("m1", "2026-01-10", minutes_on="2026-02-20"))
    assert lines(triggered(events=listed), "2026-02-09", minuted, about()) == [
        "m1 overdue 2026-01-10..2026-02-07 -2"
    ]
    people = FLAGGED.model_copy(update={"where": (filled("flagged from"),), "flagged": None})
    the_duty = duty(
        version(
            rolling().versions[0].pattern,
            evidence=EvidenceQuery(register="training", dated="completed on", subject="person"),
            subjects=people,
        )
    )
    there = table(PEOPLE, person("p1", "2025-01-01", flagged_from="2026-09-01"))
    assert [line.split()[:2] for line in lines(the_duty, "2026-03-01", there, table(TRAINING))] == [
        ["p1", "overdue"]
    ]


def test_a_day_to_come_does_not_fill_a_cell_on_which_a_duty_depends() -> None:
    """That is no list: whether the duty applies is asked of what stands on the day."""
    applies = Applies(register="venues", where=(filled("to"),), begins="from")
    the_duty = duty(
        version(
            Periodic(kind="periodic", period="financial year"), evidence=BY_DATE, applies=applies
        )
    )
    venues = table(
        VENUES, {"ref": "V1", "hireable": True, "from": "2025-01-01", "to": "2026-06-01"}
    )
    assert lines(the_duty, "2026-03-01", venues, reviews()) == ["not_applicable"]
    assert lines(the_duty, "2026-06-01", venues, reviews()) == [
        "2025/26 overdue 2025-04-01..2026-03-31 missed",
        "2026/27 overdue 2026-04-01..2027-03-31 -62",
    ]


# What stands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("begins", [NOTHING, BLANK, UNREADABLE])
def test_what_has_no_beginning_counts_for_nothing_and_is_named(begins: CellState) -> None:
    """It might have met the duty, were its beginning written."""
    row: Row = {"ref": "D1", "kind": "pathway", "issued on": begins}
    rows = table(DOCUMENTS, row)
    assert lines(standing(), "2026-03-01", rows) == ["overdue 2024-10-01..2024-10-01 -516"]
    (one,) = outcome(standing(), "2026-03-01", rows).obligations
    assert [item.row for item in one.unreadable] == [2]


@pytest.mark.parametrize("begins", [NOTHING, BLANK, UNREADABLE])
def test_a_condition_without_a_readable_beginning_is_cannot_tell(
    begins: CellState,
) -> None:
    pattern = Periodic(kind="periodic", period="financial year")
    the_duty = duty(version(pattern, evidence=BY_DATE, applies=HIREABLE))
    venues = table(VENUES, {"ref": "V1", "hireable": True, "from": begins})
    assert lines(the_duty, "2026-03-01", venues, reviews()) == ["cannot_tell"]
