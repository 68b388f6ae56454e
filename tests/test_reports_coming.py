"""What is coming: the versions that begin within a year, in an assessment and in every report."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from engine.assessment import Assessment, ComingObligation, ComingVersion
from engine.outcome import Status
from evidence.table import Table
from reports import view
from reports.brief import brief
from reports.coming import coming_words, kind_words, rule_change
from reports.html.report import to_html
from reports.json import from_json, to_json
from reports.text import Room, blocks, summary
from reports.xlsx.report import to_xlsx
from rules.model import Duty, Version
from rules.patterns import Content, Rolling
from tests.support import engine_builders as make
from tests.support.agreed_answers import COURSE, STAFF, person, reviews, rolling, trained
from tests.support.engine_builders import day, equals, months, version
from tests.support.small_check import assessed

ON = "2026-11-24"
YEARLY = rolling(months(12))
BEGINS = day("2027-01-01")
#: Met on 31 December, and needed again by 2 June 2027.
REVIEWED = reviews("2025-12-02", "2026-06-20")


def later(duty: Duty, begins: str, every: int = 6) -> Duty:
    """The duty with a version from that day on, of another interval."""
    pattern = Rolling(kind="rolling", every=months(every))
    update = {"from_": day(begins), "pattern": pattern}
    return duty.model_copy(
        update={"versions": (*duty.versions, duty.versions[-1].model_copy(update=update))}
    )


def coming(*duties: Duty, on: str = ON, given: tuple[Table, ...] = (REVIEWED,)) -> Assessment:
    return assessed(*duties, on=on, given=given)


def one(*duties: Duty, on: str = ON, given: tuple[Table, ...] = (REVIEWED,)) -> ComingVersion:
    (found,) = coming(*duties, on=on, given=given).coming
    return found


def test_what_a_new_version_makes_due_on_its_first_day() -> None:
    whole = coming(later(YEARLY, "2027-01-01"))
    (found,) = whole.coming
    assert (found.duty, found.begins, found.is_new) == ("the-duty", BEGINS, False)
    assert (found.status, found.status_without, found.checks) == (Status.DUE, Status.MET, 1)
    assert found.obligations == (
        ComingObligation("office", "", Status.DUE, BEGINS, 0, Status.MET, day("2027-06-20")),
    )
    assert found.rule_words.startswith("From 1 January 2027: ")
    assert "at most 6 months after the last time" in found.rule_words
    change = rule_change(found, whole)
    assert change == (
        "From then: first within 6 months after 1 October 2024; then at most 6 months after the "
        "last time. Until then: first within 12 months after 1 October 2024 and then at most 12 "
        "months after the last time."
    )
    assert coming_words(found, whole) == (
        "On its first day it is due by the end of that day; by the previous version, met (deadline "
        f"20 June 2027). {change}"
    )


def test_a_check_of_the_second_day_finds_it_overdue() -> None:
    (duty,) = coming(later(YEARLY, "2027-01-01"), on="2027-01-02").duties
    assert (duty.status, duty.deadline) == (Status.OVERDUE, BEGINS)


@pytest.mark.parametrize(
    ("on", "number"),
    [("2025-12-31", 0), ("2026-01-01", 1), ("2026-12-31", 1), ("2027-01-01", 0)],
)
def test_only_what_begins_after_the_day_and_within_a_year(on: str, number: int) -> None:
    assert len(coming(later(YEARLY, "2027-01-01"), on=on).coming) == number


def test_a_version_after_the_end_of_its_duty_never_comes() -> None:
    ended = later(YEARLY, "2027-01-01").model_copy(update={"until": day("2026-12-31")})
    assert coming(ended).coming == ()


def test_a_version_that_makes_nothing_due() -> None:
    whole = coming(later(YEARLY, "2027-01-01", every=24))
    (found,) = whole.coming
    assert (found.status, found.obligations) == (Status.MET, ())
    assert coming_words(found, whole).startswith(
        "It makes nothing more due or overdue: on its first day the duty is met. From then: "
    )
    unclear = replace(found, status=Status.CANNOT_TELL)
    assert " on its first day the duty cannot be assessed. " in coming_words(unclear, whole)


def test_a_new_duty() -> None:
    first = YEARLY.versions[0].model_copy(update={"from_": BEGINS})
    new = YEARLY.model_copy(update={"id": "new", "versions": (first,)})
    whole = coming(YEARLY, new, given=())
    (found,) = whole.coming
    assert (found.duty, found.is_new, found.status_without) == ("new", True, None)
    assert kind_words(found) == "new duty"
    assert coming_words(found, whole) == "On its first day it is due by 1 January 2028."


def test_a_duty_that_adds_a_condition_comes_with_the_one_that_it_cuts() -> None:
    content = make.duty(
        version(Content(kind="content", of="the-duty", where=(equals("note", "signed"),))),
        id="signed",
    )
    found = coming(later(YEARLY, "2027-01-01"), content).coming
    assert [(each.duty, each.begins) for each in found] == [
        ("the-duty", BEGINS),
        ("signed", BEGINS),
    ]


def test_versions_come_in_the_order_of_their_days() -> None:
    two = later(later(YEARLY, "2027-01-01"), "2027-10-01", every=3)
    found = coming(two).coming
    assert [each.begins for each in found] == [BEGINS, day("2027-10-01")]
    # the second is compared with the first, by which it is overdue already
    assert (found[1].status_without, found[1].obligations) == (Status.OVERDUE, ())


def _courses(every: int, begins: str = "2024-10-01") -> Version:
    pattern = Rolling(kind="rolling", every=months(every))
    return version(pattern, evidence=COURSE, subjects=STAFF, begins=day(begins))


PEOPLE = make.table(
    make.PEOPLE, *(person(name, "2024-01-01") for name in ("ann", "bob", "cay", "dan"))
)
TRAINED = trained(("ann", "2025-12-01"), ("bob", "2025-11-01"), ("cay", "2026-10-01"))
COURSES = make.duty(_courses(24), _courses(12, "2027-01-01"))


def test_people_are_counted_and_named_by_their_keys() -> None:
    whole = coming(COURSES, given=(PEOPLE, TRAINED))
    (found,) = whole.coming
    # dan was never trained and is overdue with or without the version
    assert [each.subject for each in found.obligations] == ["ann", "bob"]
    assert coming_words(found, whole).startswith(
        "Because of it, on its first day 2 of 4 people are due, the first by the end of that day "
        "(ann and bob). From then: "
    )


def test_a_version_that_changes_much_of_its_rule_is_not_told_part_by_part() -> None:
    whole = coming(COURSES, given=(PEOPLE, TRAINED))
    (found,) = whole.coming
    assert rule_change(found, whole) == (
        "From then: first within 12 months after joining; then at most 12 months after the last "
        "time. Until then: first within 24 months after joining and then at most 24 months after "
        "the last time."
    )
    other = replace(found, rule_words="From 1 January 2027: One, two, three; four.")
    assert rule_change(other, whole) == ""
    assert rule_change(replace(found, is_new=True), whole) == ""


def test_a_duty_of_a_partner_names_the_partner() -> None:
    found = one(later(YEARLY, "2027-01-01"))
    assert view.responsible(found) == "no owner recorded"
    assert view.responsible(replace(found, answers="others", bearer="Council")) == "Council"


def test_every_report_shows_it() -> None:
    assessment = coming(COURSES, given=(PEOPLE, TRAINED))
    text = summary(assessment)
    assert (
        "COMING WITHIN A YEAR: 1 change. Each result is that of the first day, as if\n"
        "nothing more were done until then.\n"
        "  1 January 2027: 1 the-duty (no owner recorded), new version\n"
        "    Because of it, on its first day 2 of 4 people are due, the first by the end\n"
        "      of that day (ann and bob). From then: first within 12 months after\n"
        "      joining; then at most 12 months after the last time. Until then: first\n"
        "      within 24 months after joining and then at most 24 months after the last\n"
        "      time.\n"
    ) in text
    page = to_html(assessment).decode()
    assert '<h2 id="coming">Coming within a year</h2>' in page
    assert '<a href="#coming">Coming within a year</a>' in page
    assert "due by the end of that day; by the previous version, met (deadline " in page
    rows = list(
        load_workbook(io.BytesIO(to_xlsx(assessment)))["Coming"].iter_rows(values_only=True)
    )
    assert [row[5] for row in rows[2:]] == ["ann", "bob"]
    read = from_json(to_json(assessment))
    assert isinstance(read, Assessment)
    assert read.coming == assessment.coming


def test_reports_without_it_do_not_mention_it() -> None:
    assessment = coming(YEARLY)
    assert assessment.coming == ()
    assert b'"coming"' not in to_json(assessment)
    assert "COMING WITHIN" not in summary(assessment)
    assert b"coming" not in to_html(assessment)
    assert "Coming" not in load_workbook(io.BytesIO(to_xlsx(assessment))).sheetnames


# The end of a duty -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "named"),
    [("2027-03-31", True), ("2026-11-24", True), ("2027-11-24", False), (None, False)],
)
def test_the_end_of_a_duty_is_coming_for_a_year(until: str | None, named: bool) -> None:
    duty = YEARLY.model_copy(update={"until": day(until) if until else None})
    assessment = coming(duty)
    read = from_json(to_json(assessment))
    assert isinstance(read, Assessment)
    assert read.duties[0].until == duty.until
    assert ("last day of the duty" in summary(read)) is named
    book = load_workbook(io.BytesIO(to_xlsx(assessment)))
    rows = [*book["Coming"].iter_rows(values_only=True)][2:] if "Coming" in book.sheetnames else []
    shown = [(str(row[0]), *row[1:5], row[-1]) for row in rows]
    owner = "no owner recorded"
    last = (f"{until} 00:00:00", "1", duty.title, "last day of the duty", owner, duty.id)
    assert shown == ([last] if named else [])


def test_the_end_of_a_duty_is_a_change_beside_those_of_versions() -> None:
    duty = later(YEARLY, "2027-01-01").model_copy(update={"until": day("2027-03-31")})
    text = summary(coming(duty), 100)
    assert "COMING WITHIN A YEAR: 2 changes. Each result is" in text
    assert "  31 March 2027: 1 the-duty (no owner recorded), last day of the duty\n" in text, text
    book = load_workbook(io.BytesIO(to_xlsx(coming(duty))))
    kinds = [row[3] for row in book["Coming"].iter_rows(min_row=3, values_only=True)]
    assert kinds == ["new version", "last day of the duty"]
    page = to_html(coming(duty)).decode()
    assert "31 March 2027: 1 the-duty (no owner recorded), last day of the duty" in page


def test_where_a_summary_has_least_room_changes_to_come_are_counted() -> None:
    assessment = coming(later(YEARLY, "2027-01-01"))
    parts, room = (
        brief(assessment),
        Room(
            few=0,
            problems=-1,
            dated=False,
            limited=False,
            listed_next=False,
            listed=False,
            heads=5,
            changes=2,
        ),
    )

    def beside(least: Room) -> tuple[str, list[str]]:
        (block,) = [b for b in blocks(assessment, parts, least) if any("1 change," in n for n in b)]
        at = next(n for n, line in enumerate(block) if "1 change," in line)
        return block[at], [line for line in block[at + 1 :] if "1 January 2027" in line]

    title, lines = beside(room)
    assert title.endswith(": 1 change, in assessment.html")
    assert len(lines) == 1
    assert beside(room.less()) == (title, [])
