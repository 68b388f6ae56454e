"""Why a duty has its status: every row with its reason, as a tree, as JSON and in the page."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import (
    Assessment,
    CellShown,
    CitationShown,
    DutyOutcome,
    ExaminedRow,
    FindingShown,
    ObligationOutcome,
    Program,
    ReadingShown,
    Remedy,
)
from engine.evaluated_duty import EvaluatedDuty
from engine.outcome import Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.duties import duty_outcome
from engine.outcomes.obligations import obligations
from engine.proof.citations import CitationCache
from reports import words
from reports.explain.explanation import Explanation, NotFound, explain
from reports.explain.json import explain_json
from reports.explain.page import SHOWN, rows_of
from reports.explain.rows import failed_words, rows_for
from reports.explain.text import MOST_ROWS, PLAIN, explain_text, not_found_text
from reports.html.report import to_html
from tests.assessment_builders import (
    AS_OF,
    IN_FORCE,
    assessment,
    days,
    duty,
    item,
    looked,
    obligation,
    remedy,
    row_looked,
)
from tests.assessment_sample import sample
from tests.hostile import MARKUP, everywhere
from tests.page import parsed
from tests.promised import cases, traced

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
        unmet_reason="Last done on 30 September 2024, which is not enough for this window.",
        would_be_met_by=(
            remedy(
                "A row in Training, dated 24 November 2026.",
                "training",
                ref="new-1",
                person="P-014",
                course="refresher",
            ),
        ),
        remarks=("A successor is recorded.",),
    )
    met = obligation(
        Status.MET,
        640,
        subject="P-002",
        evidence=(item(row=40, date=days(-90), person="P-002", passed="yes"),),
    )
    old = datetime.date(2024, 9, 30)
    rows = (
        row_looked(14, old, until=datetime.date(2026, 9, 30), names={"subject": "P-014"}),
        row_looked(40, days(-90), until=days(640), names={"subject": "p-002 "}),
        row_looked(41, days(-20), "'passed' is yes", names={"subject": "P-014"}),
        row_looked(42, days(9), names={"subject": "P-014"}),
        row_looked(52, None, "'completed on' holds a day", state="unreadable", fails=2),
    )
    one = duty(
        "refresher-training",
        "Refresh training at set intervals",
        late,
        met,
        replace(met, subject="P-003", evidence=()),
        looked_at=(looked(*rows, left_out=1_200),),
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
    text = explain_text(explained(training(), "refresher-training", "p-002"), 90)
    assert "P-002: met" in text
    assert "Row 40, 26 August 2026: counted: A40 person: P-002; B40 passed: yes" in text
    assert "P-014 (Caseworker)" not in text
    assert "2 obligations more not shown here (1 overdue, 1 met): name one with --subject" in text


def test_where_all_is_met_all_is_explained() -> None:
    met = [obligation(Status.MET, 100, subject=f"P-{at}") for at in range(3)]
    found = explained(assessment((duty("d", "Do it", *met),)), "d")
    assert [each.outcome.subject for each in found.obligations] == ["P-0", "P-1", "P-2"]


def test_so_many_are_explained_at_the_most_and_the_worst_come_first() -> None:
    found = explained(sample(), "refresher-training", most=1)
    assert [each.outcome.status for each in found.obligations] == [Status.OVERDUE]
    assert found.not_shown == 4


def test_the_second_evaluator_agreed_or_decided_alone() -> None:
    made = training()
    assert explained(made, "refresher-training").second == (
        "agreed, on its status, window, deadline, days and items"
    )
    alone = Program("dueregard", "1", "the second evaluator alone", "No rules engine is here.")
    assert explained(replace(made, program=alone), "refresher-training").second == (
        "decided alone. No rules engine is here."
    )


def test_what_cannot_be_made_good_says_so_and_gets_no_fix() -> None:
    never = Remedy(False, "This can no longer be done.", "reviews", "", "", 0, ())
    made = assessment(
        (duty("d", "Do it", obligation(Status.OVERDUE, -3, would_be_met_by=(never,))),)
    )
    text = explain_text(explained(made, "d"), 90)
    assert "   └─ No fix\n      └─ This can no longer be done.\n" in text
    assert words.RECORD_ONLY not in text
    assert json.loads(explain_json(explained(made, "d")))["obligations"][0]["smallest_fix"] == {
        "note": "",
        "remedies": [],
    }


def test_a_fix_begins_with_the_warning() -> None:
    text = explain_text(explained(training(), "refresher-training"), 90)
    assert f"└─ The smallest fix. {words.RECORD_ONLY}\n" in text


def test_many_rows_that_fail_the_same_are_told_together_and_others_are_limited() -> None:
    same = [row_looked(at, None, "'kind' is plan") for at in range(2, 9)]
    two = [row_looked(at, None, "'kind' is plan", fails=2) for at in range(10, 100)]
    one = obligation(Status.DUE, 5)
    made = assessment((duty("d", "Do it", one, looked_at=(looked(*same, *two),)),))
    text = explain_text(explained(made, "d"), 100)
    assert "7 rows that each fail: 'kind' is plan\n" in text
    assert "D2 says 'no'; D3 says 'no'; D4 says 'no'" in text
    assert text.count("and 1 condition more") == MOST_ROWS
    assert "30 rows more that failed: see --json" in text


def test_nothing_read_from_a_cell_is_more_than_text_in_a_terminal() -> None:
    odd = row_looked(3, None, "'kind' is plan", seen=CellShown("D3", "kind", "\x1b[2J\u202e"))
    made = assessment((duty("d", "Do it", obligation(Status.DUE, 5), looked_at=(looked(odd),)),))
    text = explain_text(explained(made, "d"), 100)
    assert "D3 says '\\u001b[2J\\u202e'" in text
    assert "\x1b" not in text


# Names ------------------------------------------------------------------------------------------


def test_an_unknown_duty_is_answered_with_the_nearest_names() -> None:
    found = explain(sample(), "refresher-trainin")
    assert isinstance(found, NotFound)
    assert found.nearest[0] == "refresher-training"
    assert not_found_text(found).startswith(
        "There is no duty 'refresher-trainin' in this assessment. The nearest are: refresher-"
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
        "There is no subject 'P-0140' of this duty. The nearest is: P-014."
    )
    assert not_found_text(replace(found, nearest=())) == (
        "There is no subject 'P-0140' of this duty."
    )


@pytest.mark.parametrize("name", ["p-014", "caseworker", " P-014 "])
def test_a_subject_goes_by_its_key_or_its_label_however_it_is_written(name: str) -> None:
    found = explained(sample(), "refresher-training", name)
    assert [each.outcome.subject for each in found.obligations] == ["P-014"]


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


def told(row: ExaminedRow, one: ObligationOutcome, **look: object) -> tuple[bool, bool, str]:
    """Whether a row counted, whether it is about the obligation, and what is said of it."""
    (each,) = rows_for(duty("d", "Do it", one, looked_at=(looked(row, **look),)), one, AS_OF)
    return each.counted, each.about, each.why


DUE = obligation(Status.DUE, 5, opens=days(-30), subject="P-1", listed_at=item("people", 9))
IN_TIME = days(-10)


def of(**names: str) -> ExaminedRow:
    """A row dated in time that names these."""
    return row_looked(5, IN_TIME, names=names)


BEFORE = "dated 24 October 2026, before the window opened"


@pytest.mark.parametrize(
    ("row", "look", "why"),
    [
        (row_looked(5, days(1)), {}, "dated 25 November 2026, after the day of the check"),
        (row_looked(5, days(-31)), {"pattern": "triggered"}, BEFORE),
        (row_looked(5, days(-31)), {"pattern": "before event"}, BEFORE),
        (row_looked(5, days(-31)), {"pattern": "periodic"}, BEFORE),
        (row_looked(5, days(-31)), {"pattern": "completeness"}, "counts"),
        (of(period="2024/25"), {"pattern": "periodic"}, "for another period: 2024/25"),
        (
            row_looked(5, IN_TIME),
            {"pattern": "periodic", "unnamed_until": days(-11)},
            "dated 14 November 2026, after the period, and names none",
        ),
        (row_looked(5, days(-1), until=days(-1)), {}, "held until 23 November 2026"),
        (
            row_looked(5, days(-1), until=days(3)),
            {},
            "holds until 27 November 2026, which is too soon",
        ),
        (row_looked(5, IN_TIME), {"pattern": "triggered", "needed": 3}, "counts; 3 are needed"),
        (
            row_looked(5, IN_TIME),
            {"pattern": "triggered", "needed": 0},
            "counts; as many as its row says are needed",
        ),
    ],
)
def test_its_day_and_its_period(row: ExaminedRow, look: dict[str, object], why: str) -> None:
    assert told(row, DUE, **look) == (False, True, why)


def test_a_row_of_a_time_when_the_next_window_was_open() -> None:
    over = obligation(Status.OVERDUE, -20, opens=days(-80))
    said = "dated 14 November 2026, when the next window was open"
    assert told(row_looked(5, IN_TIME), over, pattern="periodic") == (False, True, said)


@pytest.mark.parametrize(
    ("row", "look", "why"),
    [
        (of(subject="P-2"), {}, "about another: P-2"),
        (of(subject="p-1 "), {}, ""),
        (of(subject="P-0; P-1"), {}, ""),
        (of(event="M-2"), {"pattern": "triggered"}, "about another: M-2"),
        (of(event="M-2"), {}, ""),
        (of(key="D-7"), {}, "not the one that its row names: D-7"),
        (of(), {"own": True}, "the row of another"),
    ],
)
def test_what_a_row_is_about(row: ExaminedRow, look: dict[str, object], why: str) -> None:
    _, about, said = told(row, DUE, **look)
    assert about is (why == "")
    assert (said == why) is (why != "")


def test_an_event_and_a_subject_are_told_apart() -> None:
    both = replace(DUE, subject="M-1, P-1")
    events = {"pattern": "before event"}
    assert told(of(event="m-1", subject="P-1"), both, **events)[1] is True
    assert told(of(event="P-1", subject="P-1"), both, **events)[1] is False
    assert told(of(event="M-1", subject="M-1"), both, **events)[1] is False


def test_the_item_that_the_subjects_row_names() -> None:
    listed = item("people", 9, policy="D-6; d-7")
    assert told(of(key="D-7"), replace(DUE, listed_at=listed))[1] is True


def test_its_own_row() -> None:
    own = replace(DUE, listed_at=item("training", 5))
    assert told(of(), own, own=True)[1] is True


def test_what_met_it_is_told_by_its_place_and_others_were_enough_without() -> None:
    met = obligation(Status.MET, 100, subject="P-1", evidence=(item(row=5),))
    assert told(of(), met) == (True, True, "")
    assert told(row_looked(6, IN_TIME), met) == (False, True, "counts too; enough others do")


def test_a_look_for_another_member_or_by_another_version_is_not_for_it() -> None:
    one = replace(DUE, subject="M-1, The first")
    sheets = (
        looked(of(), member="The first"),
        looked(of(), member="The second"),
        looked(of(), version_from=days(-5)),
    )
    made = duty("d", "Do it", one, looked_at=sheets)
    assert len(rows_for(made, one, AS_OF)) == 1


def test_nothing_was_looked_for_where_there_is_no_window() -> None:
    one = obligation(Status.CANNOT_TELL, opens=None)
    made = duty("d", "Do it", one, looked_at=(looked(of()),))
    assert rows_for(made, one, AS_OF) == []


FAILED = "'passed' is yes"
NO_COLUMN = "no column"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, " (D5 says 'no')"),
        ({"fails": 3}, " (D5 says 'no'), and 2 conditions more"),
        ({"state": "unreadable"}, " (D5 cannot be read: 'no')"),
        ({"state": "nothing", "seen": CellShown("D5", "passed", "")}, " (D5 is blank)"),
        ({"state": "blank", "seen": CellShown("D5", "passed", "")}, " (D5 is blank)"),
        (
            {"state": "blank", "seen": CellShown("D5", "passed", "tbc")},
            " (D5 says 'tbc', which says nothing)",
        ),
        (
            {"state": "nothing", "seen": CellShown("D5", "passed", None)},
            " (D5 is blank, or says nothing)",
        ),
        ({"seen": CellShown("D5", "passed", "")}, " (D5 is blank)"),
        (
            {"state": NO_COLUMN, "seen": CellShown("", "passed", "")},
            " (the sheet has no column 'passed')",
        ),
        ({"seen": CellShown("D5", "passed", None)}, " (D5 says (not shown: sensitive))"),
        ({"seen": CellShown("", "latest", "no")}, " ('latest' says 'no')"),
        ({"seen": None}, ""),
    ],
    ids=str,
)
def test_the_condition_that_it_failed_with_the_value_seen(
    changes: dict[str, object], said: str
) -> None:
    row = row_looked(5, None, FAILED, **changes)
    assert failed_words(row) == f"fails: {FAILED}{said}"


def test_of_a_row_that_meets_every_condition_nothing_is_said_of_them() -> None:
    assert failed_words(row_looked(5, None)) == ""


# Whole checks -----------------------------------------------------------------------------------


def _duties() -> Iterator[tuple[datetime.date, DutyOutcome, EvaluatedDuty]]:
    for given in cases(250, 4_000):
        citations = CitationCache(given.evidence)
        book = given.rulebook
        context = OutcomeContext(
            book, given.evidence, citations, given.as_of, {}, {}, explained=True
        )
        for each in traced(given):
            it = EvaluatedDuty(each.scope, each.observed, each.answers, each.verdicts, each.earlier)
            yield given.as_of, duty_outcome(it, context, Status.MET), it


@pytest.mark.long
def test_of_what_is_not_met_each_row_says_why_it_did_not_count() -> None:
    """Where one item is enough and it is due or overdue, no row may be said to count; what holds
    and is due again holds for too short a time."""
    said: Counter[str] = Counter()
    for as_of, made, it in _duties():
        current = [each for each in it.answers if not each.past]
        for one, answer in zip(made.obligations, current, strict=True):
            rows = rows_for(made, one, as_of)
            assert {t.row for t in rows if t.counted and t.register != "nil returns"} == {
                i.row for i in one.evidence if i.register != "nil returns"
            }, (made.id, answer)
            if all(look.needed == 1 for look in made.looked_at):
                never = {Status.OVERDUE: ("counts", "holds"), Status.DUE: ("counts",)}
                odd = [t for t in rows if t.why.startswith(never.get(one.status, ("\0",)))]
                assert odd == [], (answer, odd)
            said.update(t.why.split(":")[0].split(" ")[0] for t in rows if t.why)
    assert {"fails", "about", "dated", "held", "the", "for"} <= set(said)


@pytest.mark.long
def test_the_rule_is_told_in_words_with_its_versions() -> None:
    for _, made, it in _duties():
        lines = made.rule_words.splitlines()
        begins = {look.version_from for look in made.looked_at}
        assert len(lines) >= 1
        assert all(line.startswith("From ") for line in lines)
        for day in begins:
            assert any(line.startswith(f"From {words.day(day)}: ") for line in lines)
        assert made.version_from == it.scope.version(it.scope.current).begins


def test_outside_a_check_nothing_of_it_is_worked_out() -> None:
    for given in cases(20, 20):
        context = OutcomeContext(
            given.rulebook, given.evidence, CitationCache(given.evidence), given.as_of, {}, {}
        )
        for each in traced(given):
            made = duty_outcome(each, context, Status.MET)
            assert (made.rule_words, made.looked_at) == ("", ())
            assert obligations(each, context).current == made.obligations


# As JSON ----------------------------------------------------------------------------------------


def test_the_same_as_json() -> None:
    given = json.loads(explain_json(explained(training(), "refresher-training")))
    assert given["format"] == "dueregard-explanation-1"
    assert given["duty"] == "refresher-training"
    assert given["citations"][0]["quote"] == "Train at suitable intervals."
    (one,) = given["obligations"]
    assert one["outcome"]["rule"] == {"name": "made-up.overdue", "situation": {"closed": 1}}
    assert one["looked_at"] == [
        {
            "register": "training", "file": "registers.xlsx", "sheet": "training",
            "kept": 5, "left_out": 1200,
        }
    ]  # fmt: skip
    assert [(row["row"], row["why"]) for row in one["rows"]] == [
        (14, "held until 30 September 2026"),
        (42, "dated 3 December 2026, after the day of the check"),
        (41, "fails: 'passed' is yes (D41 says 'no')"),
        (
            52,
            "fails: 'completed on' holds a day (D52 cannot be read: 'no'), and 1 condition more",
        ),
    ]
    assert one["rows_about_others"] == 1
    assert one["smallest_fix"]["note"] == words.RECORD_ONLY
    assert one["smallest_fix"]["remedies"][0]["register"] == "training"
    assert given["met_means"] == words.MET_MEANS


# In the page ------------------------------------------------------------------------------------


def page_rows(made: Assessment) -> tuple[str, list[str], list[str]]:
    """The heading of the rows looked at, each of them, and the paragraphs beside them."""
    (found,) = parsed(to_html(made)).all("details", class_="looked")
    (heading,) = found.all("summary")
    texts = [each.text() for each in found.all("li")]
    return heading.text(), texts, [each.text() for each in found.all("p")]


def test_the_page_unfolds_the_rows_that_were_looked_at_those_that_nearly_counted_first() -> None:
    heading, rows, beside = page_rows(training())
    assert heading == "Rows looked at: 1,205"
    assert rows == [
        "Row 14, 30 September 2024: P-014: held until 30 September 2026",
        "Row 41, 4 November 2026: fails: 'passed' is yes (D41 says 'no')",
        "Row 42, 3 December 2026: P-014: dated 3 December 2026, after the day of the check",
        "Row 40, 26 August 2026: counted for P-002",
        "Row 52: fails: 'completed on' holds a day (D52 cannot be read: 'no'), "
        "and 1 condition more",
    ]
    assert beside == [
        "registers.xlsx, sheet training",
        "1,200 rows more not listed here: those that nearly counted and those that did come first.",
    ]


def test_of_a_duty_with_one_obligation_the_page_says_why_for_that_one() -> None:
    one = replace(DUE, subject="office", listed_at=None)
    rows = (of(period="2024/25"), row_looked(6, IN_TIME, "'kind' is plan"))
    made = assessment((duty("d", "Do it", one, looked_at=(looked(*rows, pattern="periodic"),)),))
    assert page_rows(made)[1] == [
        "Row 5, 14 November 2026: for another period: 2024/25",
        "Row 6, 14 November 2026: fails: 'kind' is plan (D6 says 'no')",
    ]


def test_a_page_shows_no_more_than_so_many_rows_of_a_duty() -> None:
    far = [row_looked(at, None, "'kind' is plan", fails=2) for at in range(2, 100)]
    near = [row_looked(at, None, "'kind' is plan") for at in range(100, 110)]
    made = duty("d", "Do it", DUE, looked_at=(looked(*far, *near),))
    listed = rows_of(made, AS_OF)
    ((place, rows),) = listed.sheets
    assert place == "registers.xlsx, sheet training"
    assert [told.row for told in rows] == [*range(100, 110), *range(2, 52)]
    assert (len(rows), listed.left_out, listed.looked) == (SHOWN, 48, 108)


def test_a_row_about_nothing_that_is_asked_says_so() -> None:
    pair = (DUE, replace(DUE, subject="P-2"))
    made = duty("d", "Do it", *pair, looked_at=(looked(of(subject="P-9")),))
    ((_, rows),) = rows_of(made, AS_OF).sheets
    assert rows[0].why == "about nothing that is asked now"


def test_a_row_that_met_many_says_how_many() -> None:
    met = [
        obligation(Status.MET, 100, subject=f"P-{at}", evidence=(item(row=5),)) for at in range(5)
    ]
    made = duty("d", "Do it", *met, looked_at=(looked(of()),))
    assert rows_of(made, AS_OF).sheets[0][1][0].why == "counted for 5 of them"
    few = duty("d", "Do it", *met[:2], looked_at=(looked(of()),))
    assert rows_of(few, AS_OF).sheets[0][1][0].why == "counted for P-0, P-1"


def test_the_page_says_the_rule_in_words_and_what_the_second_evaluator_said() -> None:
    text = parsed(to_html(training())).text()
    assert "The rule in words From 1 October 2024: At most 24 months after the last time." in text
    assert "The second evaluator agreed, on its status, window, deadline, days and items" in text


@pytest.mark.parametrize("markup", MARKUP)
def test_no_text_of_a_row_is_more_than_text_in_the_page(markup: str) -> None:
    made = everywhere(training(), lambda text: f"{text}{markup}")
    names = {"subject": f"P-9{markup}", "event": markup}
    odd = looked(row_looked(3, None, names=names), version_from=IN_FORCE)
    one = replace(made.duties[0], looked_at=(*made.duties[0].looked_at, odd))
    root = parsed(to_html(replace(made, duties=(one,))))
    assert [each.attributes.get("src") for each in root.all("img")] == []
    assert len(root.all("script")) == 1
