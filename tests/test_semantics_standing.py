"""What semantics.md says of rolling and standing duties, roles, versions, waivers and the whole,
and no other case holds: small cases that both evaluators and the verifier have to judge alike."""

from __future__ import annotations

import datetime

import pytest

from evidence.register import BLANK_NOTHING
from evidence.table import Table
from rules.model import Duty
from rules.pattern import BeforeEvent, EvidenceQuery, Standing, Triggered
from rules.subject import FixedList, Member
from tests.all_three import answers, lines, outcome, whole
from tests.engine_builders import (
    MEETINGS,
    PEOPLE,
    REVIEWS,
    WAIVERS,
    Row,
    column,
    day,
    days,
    duty,
    equals,
    months,
    register,
    table,
    unreadable,
    version,
    waiver,
)
from tests.second_cases import (
    ABOUT,
    BY_DATE,
    COURSE,
    FLAGGED,
    GROUP,
    NOTHING,
    REVIEW,
    STAFF,
    UNREADABLE,
    about,
    ahead,
    briefing_each,
    documents,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    trained,
    triggered,
    yearly,
)

# Rolling -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "joined", "deadline"),
    [
        ({"every": months(12)}, "2020-01-01", "2025-10-01"),  # in force + the interval
        ({"every": months(12)}, "2025-02-01", "2026-02-01"),  # joining + the interval
        ({"every": months(12), "first": days(28)}, "2025-02-01", "2025-03-01"),
        ({"every": months(12), "first_deadline": day("2025-03-31")}, "2024-10-01", "2025-03-31"),
        ({"every": months(12), "first_deadline": day("2025-03-31")}, "2024-10-02", "2025-10-02"),
    ],
)
def test_the_first_deadline_of_those_who_joined_or_were_flagged(
    more: dict[str, object], joined: str, deadline: str
) -> None:
    asked = each_person(**more)  # type: ignore[arg-type]
    on, opens = "2025-02-15", max(joined, "2024-10-01")
    (one,) = answers(asked, on, table(PEOPLE, person("ann", joined)))
    assert (str(one.opens), str(one.deadline)) == (opens, deadline)
    flagged = each_person(FLAGGED, **more)  # type: ignore[arg-type]
    since = table(PEOPLE, person("ann", "2020-01-01", flagged_from=joined))
    (one,) = answers(flagged, on, since)
    assert (str(one.opens), str(one.deadline)) == (opens, deadline)


def test_whatever_was_late_before_what_counts_is_the_last_time() -> None:
    """Done 100 days too late, it is met, and never met late."""
    done = reviews("2024-11-01", "2026-02-09")
    assert lines(rolling(), "2026-02-08", done) == ["overdue 2024-10-01..2025-11-01 -99"]
    (one,) = answers(rolling(), "2026-02-09", done)
    assert (one.status, one.late_days, str(one.deadline)) == ("met", 0, "2027-02-09")


# Standing ----------------------------------------------------------------------------------------


def test_within_the_notice_of_its_end_it_is_due_and_on_its_last_day_still_in_place() -> None:
    for ends in ("ended on", "review by"):
        held = documents(("2025-01-01", {ends: "2025-12-31"}))
        assert lines(standing(), "2025-11-01", held) == ["due 2024-10-01..2025-12-31 +60"]
        assert lines(standing(), "2025-10-31", held) == ["met 2024-10-01..2025-12-31 +61"]
        assert lines(standing(), "2025-12-31", held) == ["due 2024-10-01..2025-12-31 +0"]
        assert lines(standing(), "2026-01-01", held) == ["overdue 2024-10-01..2025-12-31 -1"]


def test_a_rule_that_asks_for_an_end_and_caps_it_takes_none_without_one() -> None:
    """The cap is no end; without that demand neither end nor review is met up to the cap."""
    held = documents(("2025-01-01", {}))
    capped = standing(review_within=months(12))
    assert lines(capped, "2025-06-01", held) == ["met 2024-10-01..2026-01-01 +214"]
    asking = standing(review_within=months(12), end_needed=True)
    assert lines(asking, "2025-06-01", held) == ["overdue 2024-10-01..2024-10-01 -243"]
    far = documents(("2025-01-01", {"ended on": "2035-01-01"}))
    assert lines(asking, "2025-06-01", far) == ["met 2024-10-01..2026-01-01 +214"]


def test_of_several_the_latest_end_is_the_deadline_also_once_all_are_past() -> None:
    several = documents(
        ("2024-01-01", {"ended on": "2025-06-30"}), ("2024-06-01", {"ended on": "2025-03-31"})
    )
    assert lines(standing(), "2025-04-15", several) == ["met 2024-10-01..2025-06-30 +76"]
    assert lines(standing(), "2025-07-02", several) == ["overdue 2024-10-01..2025-06-30 -2"]
    (found,) = [
        each
        for each in whole(standing(), "2025-03-01", several).findings
        if each.kind == "newer one ends earlier"
    ]
    assert "31 March 2025" in found.message


# Roles -------------------------------------------------------------------------------------------

ROLES = register(
    "roles",
    column("role", "code"),
    column("from", "day"),
    column("to", "day", blank=BLANK_NOTHING),
).model_copy(update={"one_holder_of": "role"})
TERM = Standing(kind="standing", begins="from", ends="to")


def _chair() -> Duty:
    query = EvidenceQuery(register="roles", where=(equals("role", "chair"),))
    return duty(version(TERM, evidence=query))


def _roles(*rows: Row) -> Table:
    return table(ROLES, *({"ref": f"H{at}", "role": "chair", **row} for at, row in enumerate(rows)))


def _gaps(of: Duty, on: str, *tables: Table) -> list[tuple[str, str, str]]:
    return [
        (each.subject, str(each.opens), str(each.deadline))
        for each in outcome(of, on, *tables).history
        if each.outcome == "gap"
    ]


def test_gaps_between_the_holders_of_a_role_are_history_with_their_dates() -> None:
    first: Row = {"from": "2024-01-01", "to": "2025-01-31"}
    second: Row = {"from": "2025-02-11", "to": "2025-06-30"}
    third: Row = {"from": "2025-07-01"}
    on = "2025-09-01"
    gap = [("office", "2025-02-01", "2025-02-10")]
    assert _gaps(_chair(), on, _roles(first, second, third)) == gap
    assert _gaps(_chair(), on, _roles(third, first, second)) == gap
    assert outcome(_chair(), on, _roles(first, second, third)).status == "met"
    # A holder who ended between two that have no gap; one to come; and one with no end.
    assert _gaps(_chair(), on, _roles(first, {"from": "2025-02-01"})) == []
    assert _gaps(_chair(), on, _roles(first, {"from": "2025-10-01"})) == []
    assert _gaps(_chair(), on, _roles({"from": "2024-01-01"}, third)) == []
    # Nobody held it before the first did, nor after the last: neither is between two.
    assert _gaps(_chair(), on, _roles(second)) == []
    # What lies before the duty was in force is no part of it.
    early: Row = {"from": "2023-01-01", "to": "2024-06-30"}
    assert _gaps(_chair(), on, _roles(early, {"from": "2024-10-03"})) == [
        ("office", "2024-10-01", "2024-10-02")
    ]
    assert _gaps(_chair(), on, _roles(early, {"from": "2024-10-01"})) == []


def test_each_of_two_roles_has_its_own_gaps() -> None:
    posts = FixedList(
        kind="fixed list",
        named_in="role",
        members=(Member(id="chair", title="Chair"), Member(id="vice", title="Vice-chair")),
    )
    asked = duty(version(TERM, evidence=EvidenceQuery(register="roles"), subjects=posts))
    rows = _roles(
        {"from": "2024-01-01", "to": "2025-01-31"},
        {"from": "2025-02-03"},
        {"role": "vice", "from": "2024-01-01", "to": "2025-03-31"},
        {"role": "vice", "from": "2025-05-01"},
    )
    assert _gaps(asked, "2025-09-01", rows) == [
        ("Chair", "2025-02-01", "2025-02-02"),
        ("Vice-chair", "2025-04-01", "2025-04-30"),
    ]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([{"from": "2025-03-01", "to": "2025-04-30"}], "overdue 2024-10-01..2025-04-30 -32"),
        ([{"from": "2025-03-01"}, {"from": "2025-03-01", "to": "2025-04-01"}], "cannot_tell"),
        ([{"from": UNREADABLE}], "cannot_tell"),
        ([{"from": NOTHING}, {"from": "2025-03-01"}], "cannot_tell"),
        ([{"from": UNREADABLE, "to": "2025-04-01"}, {"from": "2025-03-01"}], "met 2024-10-01.."),
        ([{"from": "2025-07-01"}, {"from": "2025-03-01"}], "met 2024-10-01.."),
    ],
)
def test_who_holds_a_role(rows: list[Row], line: str) -> None:
    assert lines(_chair(), "2025-06-01", _roles(*rows)) == [line]


# Versions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status", "deadline"),
    [
        ("2026-05-31", "met", "2027-02-01"),
        ("2026-06-01", "due", "2026-06-01"),
        ("2026-06-02", "overdue", "2026-06-01"),
    ],
)
def test_a_new_version_moves_no_deadline_to_before_its_own_first_day(
    on: str, status: str, deadline: str
) -> None:
    slow, quick = rolling(months(24)).versions[0], rolling(months(12)).versions[0]
    asked = duty(slow, quick.model_copy(update={"from_": day("2026-06-01")}))
    (one,) = answers(asked, on, reviews("2025-02-01"))
    assert (one.status, str(one.deadline)) == (status, deadline)


def test_a_deadline_that_had_passed_before_the_new_version_stays() -> None:
    """Of a rolling, a standing and a periodic duty, and of one before an event."""
    begins = {"from_": day("2026-06-01")}
    slow, quick = rolling().versions[0], rolling(months(6)).versions[0]
    asked = duty(slow, quick.model_copy(update=begins))
    assert lines(asked, "2026-06-10", reviews("2025-02-01")) == [
        "overdue 2024-10-01..2026-02-01 -129"
    ]
    loose, capped = standing().versions[0], standing(review_within=months(6)).versions[0]
    asked = duty(loose, capped.model_copy(update=begins))
    ended = documents(("2025-11-01", {"ended on": "2026-05-30"}))
    assert lines(asked, "2026-06-10", ended) == ["overdue 2024-10-01..2026-05-30 -11"]
    going_on = documents(("2025-11-01", {}))
    assert lines(asked, "2026-06-10", going_on) == ["overdue 2024-10-01..2026-06-01 -9"]
    on_day, sooner = ahead().versions[0], ahead(by=days(30)).versions[0]
    asked = duty(on_day, sooner.model_copy(update=begins))
    held = table(MEETINGS, meeting("m1", "2026-05-20"), meeting("m2", "2026-06-20"))
    assert lines(asked, "2026-06-10", held) == [
        "m1 overdue 2024-10-01..2026-05-20 -21",
        "m2 overdue 2024-10-01..2026-06-01 -9",
    ]


@pytest.mark.parametrize(("on", "first"), [("2025-08-31", 28), ("2025-09-01", 7)])
def test_the_version_on_the_day_of_the_check_judges_what_is_still_to_come(
    on: str, first: int
) -> None:
    """An event that has passed is judged by the version of its own day, whatever the check's."""
    slow, quick = (
        Triggered(kind="triggered", event=GROUP, within=days(count)) for count in (28, 7)
    )
    asked = duty(version(slow, evidence=ABOUT), version(quick, evidence=ABOUT, begins=day(on)))
    held = table(MEETINGS, meeting("m1", "2025-08-31"), meeting("m2", "2025-09-02"))
    found = {each.key.event: each for each in answers(asked, "2025-09-03", held)}
    begun = {name: str(one.version) for name, one in found.items()}
    assert begun == {"m1": "2024-10-01" if on > "2025-08-31" else on, "m2": on}
    after = datetime.date(2025, 8, 31) + datetime.timedelta(28 if first == 7 else 7)
    assert found["m1"].deadline == after


# The whole ---------------------------------------------------------------------------------------


def test_a_met_one_before_an_event_goes_into_history_but_for_a_person_still_there() -> None:
    held = table(MEETINGS, meeting("m1", "2025-01-10"))
    met = "m1 met 2024-10-01..2025-01-10"
    assert lines(ahead(), "2026-01-11", held, reviews("2025-01-03")) == [f"{met} settled"]
    people = table(PEOPLE, person("ann", "2020-01-01"))
    pattern = BeforeEvent(kind="before event", event=GROUP)
    asked = duty(version(pattern, evidence=COURSE, subjects=STAFF))
    assert lines(asked, "2030-01-11", held, people, trained(("ann", "2025-01-03"))) == [
        f"ann {met}"
    ]


@pytest.mark.parametrize("gone", [{"ends": "2025-06-01"}, {"starts": "2026-01-01"}])
def test_where_nobody_is_left_it_is_not_applicable_and_says_why(gone: dict[str, str]) -> None:
    people = table(PEOPLE, person("ann", **{"starts": "2020-01-01", **gone}))
    found = outcome(each_person(), "2025-06-01", people)
    assert (found.status, found.counts.total) == ("not_applicable", 0)
    assert found.nothing_to_check.startswith("Nothing to check: 1 ")
    (entry,) = whole(triggered(lapse=days(30)), "2025-06-01", *_LAPSED).duties
    assert entry.nothing_to_check == "Nothing to check: 1 lapsed."
    assert [each.outcome for each in entry.history] == ["lapsed"]
    assert outcome(each_person(), "2025-06-01", unreadable(PEOPLE)).status == "cannot_tell"


_LAPSED = (table(MEETINGS, meeting("m1", "2025-01-10")), about())


# Waivers -----------------------------------------------------------------------------------------

OVERDUE = "overdue 2024-10-01..2025-10-01 -4"


@pytest.mark.parametrize(
    "lacking", ["duty", "subject", "reason", "approved by", "from", "until", ""]
)
def test_a_waiver_in_which_something_is_lacking_does_nothing(lacking: str) -> None:
    row = {**waiver("all", "2025-10-02", "2025-10-31")}
    row.pop(lacking, None)
    given = table(WAIVERS, row)
    assert lines(rolling(), "2025-10-05", given) == [
        OVERDUE if lacking else OVERDUE.replace("overdue", "waived")
    ]
    kinds = [each.kind for each in whole(rolling(), "2025-10-05", given).findings]
    assert ("waiver incomplete" in kinds) is bool(lacking)


@pytest.mark.parametrize(
    ("on", "status", "left"),
    [
        ("2025-10-01", "due", 0),
        ("2025-10-02", "waived", -1),
        ("2025-10-31", "waived", -30),
        ("2025-11-01", "overdue", -31),
    ],
)
def test_a_waiver_holds_from_its_first_day_to_its_last_and_moves_no_deadline(
    on: str, status: str, left: int
) -> None:
    given = table(WAIVERS, waiver("office", "2025-10-02", "2025-10-31"))
    (one,) = answers(rolling(), on, given)
    assert (one.status, str(one.deadline), one.days) == (status, "2025-10-01", left)
    (done,) = answers(rolling(), on, given, reviews("2025-09-30"))
    assert done.status == "met"


def test_a_waiver_for_one_subject_covers_nothing_that_cannot_be_told() -> None:
    people = table(PEOPLE, person("ann", "2020-01-01"), person("bea", UNREADABLE))
    held = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", UNREADABLE))
    for subject, told, about_ann in (("ann", "cannot_tell", "waived"), ("all", "waived", "waived")):
        given = table(WAIVERS, waiver(subject, "2025-01-01", "2025-12-31"))
        assert lines(briefing_each(), "2025-01-20", people, held, given) == [
            f"meetings row 1 {told}",
            f"people row 1 {told}",
            f"ann m1 {about_ann} 2025-01-10..2025-02-07 +18",
        ]


def test_not_yet_due_is_waived_and_not_applicable_is_not() -> None:
    given = table(WAIVERS, waiver("all", "2024-10-01", "2025-01-01"))
    assert lines(yearly(part="Q4"), "2024-11-01", given) == [
        "2024/25 waived 2025-01-01..2025-03-31 +150"
    ]
    late = table(REVIEWS, {**REVIEW, "reviewed on": "2025-01-02"})
    assert lines(yearly(BY_DATE), "2025-01-02", given, late)[0].split()[1] == "met"
