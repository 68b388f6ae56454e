"""What semantics.md says of versions, of the whole, of readings and of waivers, and no other case
holds: small cases that both evaluators and the verifier have to judge alike."""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from engine.assessment import ReadingShown
from engine.outcome import Status
from reports.explain.explanation import Explanation, explain
from reports.explain.json import explain_json
from reports.explain.text import explain_text
from reports.html.report import to_html
from reports.json import to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from rules.patterns import BeforeEvent, Triggered
from tests.support.agreed_answers import (
    ABOUT,
    ACTION,
    BY_DATE,
    COURSE,
    GROUP,
    HIREABLE,
    REVIEW,
    STAFF,
    UNREADABLE,
    about,
    ahead,
    briefing_each,
    complete,
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
from tests.support.assessment_builders import duty as duty_shown
from tests.support.assessment_builders import obligation as met
from tests.support.assessment_sample import sample
from tests.support.engine_builders import (
    ACTIONS,
    MEETINGS,
    PEOPLE,
    REVIEWS,
    VENUES,
    WAIVERS,
    day,
    days,
    duty,
    months,
    table,
    unreadable,
    version,
    waiver,
)
from tests.support.html_page import parsed
from tests.support.three_evaluators import answers, lines, outcome, whole
from tests.support.written_cases import BOOK

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
    the_duty = duty(slow, quick.model_copy(update={"from_": day("2026-06-01")}))
    (one,) = answers(the_duty, on, reviews("2025-02-01"))
    assert (one.status, str(one.deadline)) == (status, deadline)


def test_a_deadline_that_had_passed_before_the_new_version_stays() -> None:
    """Of a rolling, a standing and a periodic duty, and of one before an event."""
    begins = {"from_": day("2026-06-01")}
    slow, quick = rolling().versions[0], rolling(months(6)).versions[0]
    the_duty = duty(slow, quick.model_copy(update=begins))
    assert lines(the_duty, "2026-06-10", reviews("2025-02-01")) == [
        "overdue 2024-10-01..2026-02-01 -129"
    ]
    loose, capped = standing().versions[0], standing(review_within=months(6)).versions[0]
    the_duty = duty(loose, capped.model_copy(update=begins))
    ended = documents(("2025-11-01", {"ended on": "2026-05-30"}))
    assert lines(the_duty, "2026-06-10", ended) == ["overdue 2024-10-01..2026-05-30 -11"]
    going_on = documents(("2025-11-01", {}))
    assert lines(the_duty, "2026-06-10", going_on) == ["overdue 2024-10-01..2026-06-01 -9"]
    on_day, sooner = ahead().versions[0], ahead(by=days(30)).versions[0]
    the_duty = duty(on_day, sooner.model_copy(update=begins))
    held = table(MEETINGS, meeting("m1", "2026-05-20"), meeting("m2", "2026-06-20"))
    assert lines(the_duty, "2026-06-10", held) == [
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
    the_duty = duty(version(slow, evidence=ABOUT), version(quick, evidence=ABOUT, begins=day(on)))
    held = table(MEETINGS, meeting("m1", "2025-08-31"), meeting("m2", "2025-09-02"))
    answer_of = {answer.key.event: answer for answer in answers(the_duty, "2025-09-03", held)}
    begun = {name: str(one.version_from) for name, one in answer_of.items()}
    assert begun == {"m1": "2024-10-01" if on > "2025-08-31" else on, "m2": on}
    after = datetime.date(2025, 8, 31) + datetime.timedelta(28 if first == 7 else 7)
    assert answer_of["m1"].deadline == after


# The whole ---------------------------------------------------------------------------------------


def test_a_met_one_before_an_event_goes_into_history_but_for_a_person_still_there() -> None:
    held = table(MEETINGS, meeting("m1", "2025-01-10"))
    met = "m1 met 2024-10-01..2025-01-10"
    assert lines(ahead(), "2026-01-11", held, reviews("2025-01-03")) == [f"{met} settled"]
    people = table(PEOPLE, person("ann", "2020-01-01"))
    pattern = BeforeEvent(kind="before event", event=GROUP)
    the_duty = duty(version(pattern, evidence=COURSE, subjects=STAFF))
    assert lines(the_duty, "2030-01-11", held, people, trained(("ann", "2025-01-03"))) == [
        f"ann {met}"
    ]


@pytest.mark.parametrize("gone", [{"ends": "2025-06-01"}, {"starts": "2026-01-01"}])
def test_where_nobody_is_left_it_is_not_applicable_and_says_why(gone: dict[str, str]) -> None:
    people = table(PEOPLE, person("ann", **{"starts": "2020-01-01", **gone}))
    result = outcome(each_person(), "2025-06-01", people)
    assert (result.status, result.counts.total) == ("not_applicable", 0)
    assert result.nothing_to_check.startswith("Nothing to check: 1 ")
    (entry,) = whole(triggered(lapse=days(30)), "2025-06-01", *_LAPSED).duties
    assert entry.nothing_to_check == "Nothing to check: 1 lapsed."
    assert [obligation.outcome for obligation in entry.history] == ["lapsed"]
    assert outcome(each_person(), "2025-06-01", unreadable(PEOPLE)).status == "cannot_tell"


_LAPSED = (table(MEETINGS, meeting("m1", "2025-01-10")), about())


def test_where_all_of_a_register_is_history_what_was_missed_is_named() -> None:
    """Missed by the last window of a duty that ends, which lies before records begin."""
    the_duty = yearly(part="Q4").model_copy(update={"until": day("2025-12-31")})
    result = outcome(the_duty, "2025-06-01", records_begin="2025-04-01")
    assert (result.status, result.counts.total) == ("not_applicable", 0)
    assert result.nothing_to_check == "Nothing to check: 1 from before records began."
    assert [obligation.outcome for obligation in result.history] == ["before records began"]
    assert outcome(the_duty, "2025-06-01").status == "overdue"


def test_a_window_and_an_event_from_before_records_began_enter_no_count_and_no_worst_of() -> None:
    held = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-05-10"))
    result = outcome(triggered(), "2025-05-20", held, records_begin="2025-02-08")
    assert (result.status, result.counts.total, result.counts.overdue) == ("due", 1, 0)
    assert outcome(triggered(), "2025-05-20", held).counts.overdue == 1


def test_an_event_that_the_condition_leaves_out_is_still_the_one_before() -> None:
    """The list has it, whatever is asked about it: the next window opens on the day after it."""
    the_duty = ahead(since_previous=True).versions[0].model_copy(update={"applies": HIREABLE})
    venues = table(VENUES, {"ref": "v1", "hireable": True, "from": "2025-02-01"})
    held = table(MEETINGS, meeting("m1", "2025-01-10"), meeting("m2", "2025-03-10"))
    for done, line in (
        ("2025-01-10", "m2 due 2025-01-11..2025-03-10 +9"),
        ("2025-01-11", "m2 met 2025-01-11..2025-03-10"),
    ):
        answer_lines = lines(duty(the_duty), "2025-03-01", held, venues, reviews(done))
        assert answer_lines == ["m1 not_applicable", line]


# Readings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id_", "phrase"),
    [
        ("office-briefed", "routinely briefed"),
        ("referrals-reviewed", "routinely review and assess"),
        ("board-officer-attendance", "routinely attend SWPB"),
        ("refresher-training", "at appropriate intervals"),
        ("model-review-on-guidance", "as soon as possible after"),
    ],
)
def test_a_rule_says_beside_a_vague_phrase_which_number_it_picked(id_: str, phrase: str) -> None:
    """The number that it asks for."""
    (one,) = BOOK.duties[id_].versions
    (reading,) = [reading.reading for reading in one.readings if phrase in reading.phrase]
    pattern = one.pattern.model_dump()
    span = pattern.get("every") or pattern.get("within") or {}
    interval = f"{span.get('count')} {span.get('unit')}" if span else pattern["period"]
    assert {"0 days": "whenever"}.get(interval, interval) in reading


def test_each_report_lists_the_readings_that_it_relied_on() -> None:
    """The page and the workbook under the numbers by which the summary lists them all."""
    kept = duty_shown("kept", "Keep it", met(Status.MET), section="5")
    more = [ReadingShown(f"phrase {n}", f"meaning {n}", ("kept",)) for n in (2, 3, 4)]
    assessment = sample()
    assessment = replace(
        assessment, duties=(*assessment.duties, kept), readings=(*assessment.readings, *more)
    )
    short = " ".join(summary(assessment, 100).split())
    assert "HOW WE READ THE SOP (readings by section, in assessment.html): 4.6: 1; 5: 2–4" in short
    page = parsed(to_html(assessment))
    annex = [t for t in page.all("table") if t.one("caption").text() == "How we read the SOP"]
    listed = [
        [cell.text() for cell in (*row.all("td"), row.one("th"))]
        for table in annex
        for row in table.one("tbody").all("tr")
    ]
    sheet = load_workbook(io.BytesIO(to_xlsx(assessment)))["How we read the SOP"]
    cells = [row[:3] for row in sheet.iter_rows(min_row=3, values_only=True)]
    stored = json.loads(to_json(assessment))["readings"]
    assert len(listed) == len(cells) == len(stored) == 4
    for number, reading in enumerate(assessment.readings, 1):
        in_page, in_json = listed[number - 1], stored[number - 1]
        assert in_page[:2] == [str(number), reading.reading]
        assert in_page[-1] == f"'{reading.phrase}'"
        assert cells[number - 1] == (number, reading.phrase, reading.reading)
        assert (in_json["phrase"], in_json["reading"]) == (reading.phrase, reading.reading)
    sentence = "1. We took 'suitable intervals' to mean every 24 months."
    assert sentence in page.text()
    explanation = explain(assessment, "refresher-training")
    assert isinstance(explanation, Explanation)
    assert sentence in explain_text(explanation, 100)
    assert json.loads(explain_json(explanation))["reading_numbers"] == [1]


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
    kinds = [finding.kind for finding in whole(rolling(), "2025-10-05", given).findings]
    assert ("Waiver incomplete" in kinds) is bool(lacking)


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


@pytest.mark.parametrize(("subject", "status"), [("A1", "cannot_tell"), ("all", "waived")])
def test_nor_does_it_cover_one_that_it_names_and_that_cannot_be_told(
    subject: str, status: str
) -> None:
    """Here a record whose own deadline cannot be read; one that can is covered by its name."""
    given = table(WAIVERS, waiver(subject, "2025-01-01", "2025-12-31"))
    for due, expected in ((UNREADABLE, f"a1 {status}"), ("2025-06-01", "a1 waived")):
        rows = table(ACTIONS, {**ACTION, "due": due})
        (line,) = lines(complete(carried=True), "2025-06-05", rows, given)
        assert line.startswith(expected)


def test_not_yet_due_is_waived_and_not_applicable_is_not() -> None:
    given = table(WAIVERS, waiver("all", "2024-10-01", "2025-01-01"))
    assert lines(yearly(part="Q4"), "2024-11-01", given) == [
        "2024/25 waived 2025-01-01..2025-03-31 +150"
    ]
    late = table(REVIEWS, {**REVIEW, "reviewed on": "2025-01-02"})
    assert lines(yearly(BY_DATE), "2025-01-02", given, late)[0].split()[1] == "met"
