"""Why a duty has its status: the rows that came near, as a tree, as JSON and in the page."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    CitationShown,
    DutyOutcome,
    FindingShown,
    Program,
    ReadingShown,
    Remedy,
    WaiverShown,
)
from engine.evaluated_duty import EvaluatedDuty
from engine.outcome import Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.outcomes.obligations import obligation_outcomes
from engine.proof.citations import CitationCache
from reports import words
from reports.examined import others_words, reject_words
from reports.explain.explanation import Explanation, NotFound, explain
from reports.explain.json import explain_json
from reports.explain.text import PLAIN, explain_text, not_found_text
from reports.html.report import to_html
from reports.places import Places
from tests.support.assessment_builders import (
    RULEBOOK,
    assessment,
    days,
    duty,
    item,
    near_row,
    obligation,
    rejected,
    remedy,
)
from tests.support.assessment_sample import sample
from tests.support.hostile_texts import MARKUP, everywhere
from tests.support.html_page import parsed
from tests.support.promise_cases import cases, traced

PLACES = Places(assessment(()))
TWICE = "The program worked the results out twice, by two methods. This does not test the records."

GOLDEN = Path(__file__).parent / "golden" / "explain.txt"


def explained(
    made: Assessment, id_: str, subject: str = "", most: int | None = None
) -> Explanation:
    found = explain(made, id_, subject, most)
    assert isinstance(found, Explanation)
    return found


# The tree ---------------------------------------------------------------------------------------


def training() -> Assessment:
    """One duty of which a person is overdue, another due and many met; the SOP was given."""
    late = obligation(
        Status.OVERDUE,
        -55,
        subject="P-014",
        subject_name="Caseworker",
        derivation="last done on 30 September 2024 (registers.xlsx!training!C14) + 24 months = "
        "30 September 2026",
        last_done=datetime.date(2024, 9, 30),
        listed_at=item("people", 9, person="P-014", ends="", risk=None),
        unmet_reason="Last done on 30 September 2024. It had to be done again in this window.",
        would_be_met_by=(
            remedy(
                "A row in Training, dated 24 November 2026.",
                "training",
                ref="new-1",
                person="P-014",
                course="refresher",
            ),
        ),
        rejected=(
            rejected(
                near_row(42, days(9), "dated 3 December 2026, after the day of the check"),
                near_row(41, days(-20), "'passed' is not yes"),
                near_row(14, datetime.date(2024, 9, 30), "valid until 30 September 2026"),
                near_row(52, None, "'completed on' is not a date", "unreadable", "soon"),
                others=((31, "'course' is not refresher"), (1, "")),
            ),
            rejected(silent="person", others=((1_200, "'passed' is not yes"), (3, ""))),
        ),
        remarks=("A successor is recorded.",),
    )
    met = obligation(
        Status.MET,
        640,
        subject="P-002",
        evidence=(item(row=40, date=days(-90), person="P-002", passed="yes"),),
    )
    one = duty(
        "refresher-training",
        "Refresh training at set intervals",
        late,
        met,
        replace(met, subject="P-003", evidence=()),
        citations=(CitationShown("4.6", "at suitable", "Train at suitable intervals.", 6, 17),),
        readings=(ReadingShown("suitable", "every 24 months", ("refresher-training",)),),
        rule_words="From 1 October 2024: At most 24 months after the last time.\nFrom 1 October "
        "2026: At most 12 months after the last time.",
    )
    finding = FindingShown("waiver", one.id, "The waiver has ended.", ())
    return assessment((one,), findings=(finding, replace(finding, duty="other")))


def test_a_duty_as_a_tree_to_the_letter() -> None:
    assert explain_text(explained(training(), "refresher-training"), 90) == GOLDEN.read_text(
        "utf-8"
    )


def test_an_acknowledged_point_of_the_duty_is_told_apart() -> None:
    finding = FindingShown("waiver", "refresher-training", "The waiver has ended", ())
    by = datetime.date(2027, 3, 31), "registers.xlsx!acknowledgements!row 2"
    one = AcknowledgedFinding(finding, "It is renewed in May", "Prevent Lead", *by)
    other = replace(one, finding=replace(finding, duty="other"))
    found = explained(replace(training(), acknowledged=(one, other)), "refresher-training")
    text = " ".join(explain_text(found, 200).split())
    assert text.count("Acknowledged") == 2
    assert (
        "Acknowledged points │ └─ The waiver has ended. Acknowledged by Prevent Lead until "
        "31 March 2027: It is renewed in May"
    ) in text
    assert [each["by_post"] for each in json.loads(explain_json(found))["acknowledged"]] == [
        "Prevent Lead"
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 80, 132):
        text = explain_text(explained(training(), "refresher-training"), width)
        assert max(map(len, text.splitlines())) <= width


def test_a_terminal_without_lines_is_given_plain_marks() -> None:
    text = explain_text(explained(training(), "refresher-training"), 90, PLAIN)
    drawn = GOLDEN.read_text("utf-8")
    for mark, plain in (("├─ ", "|- "), ("└─ ", "`- "), ("│", "|")):
        drawn = drawn.replace(mark, plain)
    assert text == drawn
    text.encode("ascii")


def test_one_subject_alone_and_what_is_not_shown_is_counted() -> None:
    text = explain_text(explained(training(), "refresher-training", "p-002"), 100)
    assert "P-002: met" in text
    assert "Evidence: training sheet, row 40: A40 person: P-002; B40 passed: yes" in text
    assert "P-014 (Caseworker)" not in text
    assert "2 more checks not shown here (1 overdue, 1 met): name one with --subject" in text


def test_where_all_is_met_all_is_explained() -> None:
    met = [obligation(Status.MET, 100, subject=f"P-{at}") for at in range(3)]
    found = explained(assessment((duty("d", "Do it", *met),)), "d")
    assert [each.subject for each in found.obligations] == ["P-0", "P-1", "P-2"]


def test_a_waived_obligation_names_the_waivers_in_force() -> None:
    until = datetime.date(2026, 12, 31)
    ours = WaiverShown(
        *("d", "P-1", "Unwell", "Chief Executive", days(-9), until, "in force"),
        "registers.xlsx!waivers!row 7",
    )
    others = replace(ours, duty="other"), replace(ours, state="expired")
    waived = duty("d", "Do it", obligation(Status.WAIVED, -3, subject="P-1"))
    one = replace(assessment((waived,)), waivers=(ours, *others))
    text = " ".join(explain_text(explained(one, "d"), 200).split())
    period = words.window_days(days(-9), until)
    row = f"For P-1, {period}, approved by Chief Executive (waivers sheet, row 7)"
    assert f"Waivers in force │ └─ {row}" in text
    assert (text.count(period), "Unwell" in text) == (1, False)
    assert "Waivers" not in explain_text(
        explained(replace(one, duties=training().duties), "refresher-training"), 200
    )


def test_so_many_are_explained_at_the_most_and_the_worst_come_first() -> None:
    found = explained(sample(), "refresher-training", most=1)
    assert [each.status for each in found.obligations] == [Status.OVERDUE]
    assert found.not_shown == 4


def test_the_second_evaluator_agreed_or_decided_alone() -> None:
    made = training()
    assert explained(made, "refresher-training").second == TWICE
    alone = Program("dueregard", "1", "the plain evaluator alone", "No rules engine is here.")
    assert explained(replace(made, program=alone), "refresher-training").second == (
        "There was no second calculation. No rules engine is here."
    )


def test_what_cannot_be_made_good_says_so_and_gets_no_fix() -> None:
    never = Remedy(False, "This can no longer be done.", "reviews", "", "", 0, ())
    made = assessment(
        (duty("d", "Do it", obligation(Status.OVERDUE, -3, would_be_met_by=(never,))),)
    )
    text = explain_text(explained(made, "d"), 90)
    assert "└─ What to do\n│     └─ This can no longer be done.\n" in text
    assert words.RECORD_ONLY not in text
    assert json.loads(explain_json(explained(made, "d")))["obligations"][0]["smallest_fix"] == {
        "note": "",
        "remedies": [],
    }


def test_a_fix_begins_with_the_warning() -> None:
    text = explain_text(explained(training(), "refresher-training"), 90)
    assert f"├─ What to do. {words.RECORD_ONLY}\n" in text


def test_the_rule_that_decided_is_told_where_it_is_asked_for() -> None:
    made = training()
    traced = explain(made, "refresher-training", traced=True)
    assert isinstance(traced, Explanation)
    assert "Decided by: made-up.overdue (closed 1)\n" in explain_text(traced, 90)
    found = explained(made, "refresher-training")
    assert "Decided by" not in explain_text(found, 90)
    assert "closed" not in explain_json(found)
    assert '"closed": 1' in explain_json(traced)


def test_rows_that_do_not_say_what_they_are_about_are_told_once() -> None:
    group = rejected(silent="person", others=((4, "'passed' is not yes"),))
    many = [obligation(Status.DUE, 5, subject=f"P-{at}", rejected=(group,)) for at in range(9)]
    found = explained(assessment((duty("d", "Do it", *many),)), "d")
    assert explain_text(found, 100).count("4 rows with nothing to read in 'person'") == 1
    given = json.loads(explain_json(found))
    assert [each["title"] for each in given["silent_rows"]] == ["Training"]
    assert [each["outcome"]["rejected"] for each in given["obligations"]] == [[]] * 9


def test_nothing_read_from_a_cell_is_more_than_text_in_a_terminal() -> None:
    odd = rejected(near_row(3, None, "'passed' is not yes", text="\x1b[2J\u202e"))
    one = obligation(Status.DUE, 5, rejected=(odd,))
    made = assessment((duty("d", "Do it", one),))
    text = explain_text(explained(made, "d"), 100)
    assert "D3 says '\\u001b[2J\\u202e'" in text
    assert "\x1b" not in text


# Names ------------------------------------------------------------------------------------------


def test_an_unknown_duty_is_answered_with_the_nearest_names() -> None:
    found = explain(sample(), "refresher-trainin")
    assert isinstance(found, NotFound)
    assert found.nearest[0] == "refresher-training"
    assert not_found_text(found) == (
        "There is no duty 'refresher-trainin' in this assessment. Did you mean refresher-training?"
    )


def test_a_part_of_a_name_finds_what_holds_it() -> None:
    found = explain(sample(), "referrals")
    assert isinstance(found, NotFound)
    assert found.nearest[0] == "referrals-reviewed"


def test_an_unknown_subject_too() -> None:
    found = explain(sample(), "refresher-training", "P-0140")
    assert isinstance(found, NotFound)
    assert (found.kind, found.nearest[0]) == ("subject", "P-014")
    assert not_found_text(replace(found, nearest=("P-014",))) == (
        "There is no subject 'P-0140' of this duty. Did you mean P-014?"
    )
    assert not_found_text(replace(found, nearest=())) == (
        "There is no subject 'P-0140' of this duty."
    )


@pytest.mark.parametrize("name", ["p-014", "caseworker", " P-014 "])
def test_a_subject_goes_by_its_key_or_its_label_however_it_is_written(name: str) -> None:
    found = explained(sample(), "refresher-training", name)
    assert [each.subject for each in found.obligations] == ["P-014"]


def test_a_duty_goes_by_its_title_too() -> None:
    assert explained(training(), "refresh training at set  intervals").duty.id == (
        "refresher-training"
    )


def test_a_part_of_what_a_person_calls_it_and_a_window_are_enough() -> None:
    both = obligation(Status.DUE, 5, subject="M-1, P-1", window="2026/27")
    made = assessment((duty("d", "Do it", both, replace(both, subject="M-2, P-1", window="")),))
    assert len(explained(made, "d", "P-1").obligations) == 2
    assert len(explained(made, "d", "m-2").obligations) == 1
    assert len(explained(made, "d", "2026/27").obligations) == 1


# Why a row did not count ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "text", "said"),
    [
        ("", "no", "D5 says 'no'"),
        ("unreadable", "perhaps", "D5 cannot be read: 'perhaps'"),
        ("nothing", "", "D5 is blank"),
        ("blank", "", "D5 is blank"),
        ("blank", "tbc", "D5 says 'tbc', which says nothing"),
        ("nothing", None, "D5 is blank, or says nothing"),
        ("", "", "D5 is blank"),
        ("no column", "", "the sheet has no column 'passed'"),
        ("", None, "D5 says (not shown: sensitive)"),
    ],
)
def test_a_row_that_came_near_says_what_stands_in_the_cell_that_decided(
    state: str, text: str | None, said: str
) -> None:
    row = near_row(5, days(-3), "'passed' is not yes", state, text)
    assert reject_words(row, PLACES) == (
        f"training sheet, row 5, 21 November 2026: 'passed' is not yes ({said})"
    )


def test_a_row_that_is_not_in_time_says_its_day_once() -> None:
    row = near_row(5, days(1), "dated 25 November 2026, after the day of the check")
    assert reject_words(row, PLACES) == (
        "training sheet, row 5: dated 25 November 2026, after the day of the check"
    )
    assert reject_words(near_row(5, None, "for another period: 2025/26"), PLACES) == (
        "training sheet, row 5: for another period: 2025/26"
    )


def test_the_others_are_counted_by_what_they_fail() -> None:
    counts = ((31, "'from' is not Warwickshire Police"), (1, ""))
    alone = obligation(Status.DUE, 5, rejected=(rejected(others=counts),))
    assert others_words(alone) == (
        "Training: 31 rows: 'from' is not Warwickshire Police",
        "Training: 1 row: not in time",
    )
    beside = rejected(near_row(5, None, "for another period: 2025/26"), others=counts)
    assert others_words(replace(alone, rejected=(beside,)))[0] == (
        "Training: 31 other rows: 'from' is not Warwickshire Police"
    )


# Whole checks -----------------------------------------------------------------------------------


def _duties(percent: int) -> Iterator[tuple[DutyOutcome, EvaluatedDuty]]:
    for given in cases(120, 4_000, percent):
        citations = CitationCache(given.evidence)
        context = OutcomeContext(
            given.rulebook, given.evidence, citations, given.as_of, {}, {}, explained=True
        )
        for each in traced(given):
            yield duty_outcome(each, context, Status.MET), each


@pytest.mark.long
@pytest.mark.parametrize("percent", [40, pytest.param(100, marks=pytest.mark.campaign)])
def test_the_rule_is_told_in_words_with_its_versions(percent: int) -> None:
    for made, it in _duties(percent):
        lines = made.rule_words.splitlines()
        begins = {one.version_from for one in made.obligations} | {made.version_from}
        assert all(line.startswith("From ") for line in lines)
        for day in begins:
            assert any(line.startswith(f"From {words.day(day)}: ") for line in lines)
        assert made.version_from == it.scope.version(it.scope.version_number).begins


def test_outside_a_check_nothing_of_it_is_worked_out() -> None:
    for given in cases(20, 20):
        context = OutcomeContext(
            given.rulebook, given.evidence, CitationCache(given.evidence), given.as_of, {}, {}
        )
        for each in traced(given):
            made = duty_outcome(each, context, Status.MET)
            assert made.rule_words == ""
            assert not any(one.rejected for one in made.obligations)
            assert obligation_outcomes(each, context).current == made.obligations


# As JSON ----------------------------------------------------------------------------------------


def test_the_same_as_json() -> None:
    given = json.loads(explain_json(explained(training(), "refresher-training")))
    assert given["format"] == "dueregard-explanation-2"
    assert given["duty"] == "refresher-training"
    assert given["citations"][0]["quote"] == "Train at suitable intervals."
    (one,) = given["obligations"]
    assert one["outcome"]["rule"] == {"name": "", "situation": {}}
    (group,) = one["outcome"]["rejected"]
    assert [(row["item"]["row"], row["why"]) for row in group["rows"]] == [
        (42, "dated 3 December 2026, after the day of the check"),
        (41, "'passed' is not yes"),
        (14, "valid until 30 September 2026"),
        (52, "'completed on' is not a date"),
    ]
    assert group["others"][0] == {"count": 31, "failed": "'course' is not refresher"}
    assert [each["silent"] for each in given["silent_rows"]] == ["person"]
    assert one["smallest_fix"]["note"] == words.RECORD_ONLY
    assert one["smallest_fix"]["remedies"][0]["register"] == "training"
    assert given["met_means"] == words.met_means(RULEBOOK.body)


# In the page ------------------------------------------------------------------------------------


def test_the_page_shows_the_rows_that_came_near_and_counts_the_others() -> None:
    root = parsed(to_html(training()))
    (found,) = [li for li in root.all("li") if li.text().startswith("Closest records:")]
    place = "training sheet, row"
    assert [each.text() for each in found.all("li")] == [
        f"{place} 42: dated 3 December 2026, after the day of the check",
        f"{place} 41, 4 November 2026: 'passed' is not yes (D41 says 'no')",
        f"{place} 14, 30 September 2024: valid until 30 September 2026",
        f"{place} 52: 'completed on' is not a date (B52 cannot be read: 'soon')",
        "Training: 31 other rows: 'course' is not refresher",
        "Training: 1 other row: not in time",
    ]
    assert root.text().count("Training: 1,203 rows with nothing to read in 'person'") == 1
    assert "Decided by" not in root.text()


def test_the_page_says_the_rule_in_words_and_what_the_second_evaluator_said() -> None:
    text = parsed(to_html(training())).text()
    assert (
        "What the rule requires From 1 October 2024: At most 24 months after the last time." in text
    )
    assert text.count(TWICE) == 1


@pytest.mark.parametrize("markup", MARKUP)
def test_no_text_of_a_row_is_more_than_text_in_the_page(markup: str) -> None:
    made = everywhere(training(), lambda text: f"{text}{markup}")
    odd = rejected(near_row(3, None, f"'passed' is not {markup}", text=markup))
    one = made.duties[0]
    late = replace(one.obligations[0], rejected=(odd,))
    duties = (replace(one, obligations=(late, *one.obligations[1:])),)
    root = parsed(to_html(replace(made, duties=duties)))
    assert [each.attributes.get("src") for each in root.all("img")] == []
    assert len(root.all("script")) == 1
