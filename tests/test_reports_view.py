"""What reports share: the order of work, what is listed, places, and the exit code."""

import datetime
from dataclasses import replace

import pytest

from engine.assessment import EvidenceStamp, Overall, Remedy, RuleFired, SheetHeadings
from engine.outcome import Status
from reports import view
from reports.places import Places, cell_words, place_words
from tests.support.assessment_builders import (
    AS_OF,
    assessment,
    days,
    duty,
    elsewhere,
    item,
    large,
    obligation,
    remedy,
    remedy_words,
)
from tests.support.assessment_sample import sample


def test_work_comes_overdue_first_then_cannot_tell_then_due_by_deadline() -> None:
    made = (
        duty("due-later", "a", obligation(Status.DUE, 20)),
        duty("met", "a", obligation(Status.MET, 20)),
        duty("over-short", "a", obligation(Status.OVERDUE, -1)),
        duty("unreadable", "a", obligation(Status.CANNOT_TELL)),
        duty("due-soon", "a", obligation(Status.DUE, 2)),
        duty("over-long", "a", obligation(Status.OVERDUE, -300)),
        duty("waived", "a", obligation(Status.WAIVED, -3)),
        duty("over-run", "a", obligation(Status.OVERDUE, -40), deadline=days(90)),
    )
    told = [one.id for one in view.outstanding(made)]
    assert told == ["over-long", "over-run", "over-short", "unreadable", "due-soon", "due-later"]


OFFICE_CODE = [
    (Status.MET, 0),
    (Status.DUE, 0),
    (Status.NOT_YET_DUE, 0),
    (Status.WAIVED, 0),
    (Status.NOT_APPLICABLE, 0),
    (Status.OVERDUE, 1),
    (Status.CANNOT_TELL, 1),
]


@pytest.mark.parametrize(("status", "code"), OFFICE_CODE)
def test_the_exit_code_is_by_what_the_office_answers_for(status: Status, code: int) -> None:
    own = duty("own", "a", obligation(status, -1))
    assert view.exit_code(assessment((own,))) == code
    assert view.exit_code(assessment((replace(own, answers="others"),))) == 0


def test_one_overdue_obligation_among_met_ones_is_enough_for_exit_code_1() -> None:
    own = duty("own", "a", obligation(Status.MET), obligation(Status.OVERDUE, -1))
    assert view.exit_code(assessment((own,))) == 1


def test_no_single_part_that_says_met_hides_another_that_does_not() -> None:
    """Should the parts of an assessment ever disagree, the worst of them decides."""
    fine = assessment((duty("own", "a", obligation(Status.MET)),))
    bad = assessment((duty("own", "a", obligation(Status.CANNOT_TELL)),))
    both = Overall(replace(fine.status.office, obligations=bad.status.office.obligations),
                   fine.status.others)  # fmt: skip
    assert view.exit_code(replace(fine, status=both)) == 1
    assert view.exit_code(replace(fine, duties=bad.duties)) == 1


def test_all_unmet_obligations_are_listed_and_met_ones_up_to_200() -> None:
    many = view.listed(large(201).duties[0])
    assert [one.subject for one in many.obligations] == ["P-LATE", "P-SOON"]
    assert many.left_out == ((Status.MET, 201),)
    few = view.listed(large(200).duties[0])
    assert len(few.obligations) == 202
    assert few.left_out == ()


def test_however_many_are_overdue_all_are_listed() -> None:
    over = [obligation(Status.OVERDUE, -n, subject=f"P-{n}") for n in range(1, 500)]
    assert len(view.listed(duty("own", "a", *over)).obligations) == 499


def test_overdue_since_is_told_only_where_it_is_not_the_deadline_shown() -> None:
    assert view.overdue_since(AS_OF, days(-3), -3) is None
    assert view.overdue_since(AS_OF, days(30), -147) == datetime.date(2026, 6, 30)
    assert view.overdue_since(AS_OF, days(30), 30) is None
    assert view.overdue_since(AS_OF, None, None) is None


def test_a_verdict_gives_the_first_day_by_which_to_act() -> None:
    late = [duty(f"d{n}", "t", obligation(Status.DUE, n)) for n in (5, 3, 3)]
    assert view.verdict(assessment(tuple(late)), "office").endswith(
        " 3 are due between 27 November 2026 and 29 November 2026."
    )
    assert view.verdict(assessment(tuple(late[1:])), "office").endswith(
        " 2 are due by 27 November 2026."
    )


def test_a_met_duty_says_how_many_were_late() -> None:
    late = obligation(Status.MET, late_days=3)
    assert view.duty_words(duty("own", "a", late)) == "met late by 3 days"
    one = duty("own", "a", late, obligation(Status.MET))
    assert view.duty_words(one) == "met late (1 of 2, by 3 days)"
    two = duty("own", "a", late, obligation(Status.MET, late_days=1))
    assert view.duty_words(two) == "met late (2 of 2, by up to 3 days)"
    due = duty("own", "a", late, obligation(Status.DUE, 4))
    assert view.duty_words(due) == "due in 4 days"
    nothing = duty("own", "a", nothing_to_check="All left.")
    assert view.duty_words(nothing) == "not applicable"


def test_a_verdict_counts_the_duties_by_status() -> None:
    made = sample()
    assert view.verdict(made, view.OFFICE) == (
        "8 of the office's 9 duties were assessed: 2 are met (1 late), 2 are overdue, 1 is due by "
        "24 November 2026, 1 is not yet due, 1 is waived and 1 does not apply. For 1 the records "
        "cannot tell."
    )
    assert view.verdict(made, view.OTHERS) == (
        "1 of the 2 duties of partners is met. 1 is overdue."
    )
    fine = assessment((duty("own", "a", obligation(Status.MET)),))
    assert view.verdict(fine, view.OFFICE) == "1 of the office's 1 duty is met."
    assert view.verdict(fine, view.OTHERS) == "No duty of a partner is in force."


def test_sections_count_one_list_and_leave_out_empty_ones() -> None:
    rows = view.section_rows(sample(), view.OTHERS)
    assert [(row.section, row.total, row.counts) for row in rows] == [
        ("4.2", 2, ((Status.OVERDUE, 1), (Status.MET, 1)))
    ]


def test_places_and_cells() -> None:
    assert place_words("a.xlsx", "training", "row 14") == "a.xlsx, training sheet, row 14"
    assert place_words("a.csv", "", "row 14") == "a.csv, row 14"
    assert place_words("a.csv", "") == "a.csv"
    assert place_words("a.xlsx", "people ", "row 14") == "a.xlsx, 'people ' sheet, row 14"
    assert place_words("a.xlsx", "the  people") == "a.xlsx, 'the  people' sheet"
    shown = cell_words(item(row=3, sent_on="2026-05-02", note=None))
    assert shown == "A3 sent on: 02/05/2026; B3 note: (not shown: sensitive)"


def test_the_only_file_is_not_named_and_one_of_several_is() -> None:
    one = assessment(())
    two = replace(one, evidence=(*one.evidence, EvidenceStamp("other.csv", "ef" * 32)))
    row = item("training", 14)
    assert Places(one).item(row) == "training sheet, row 14"
    assert Places(two).item(row) == "registers.xlsx, training sheet, row 14"
    derivation = "done on 1 July 2025 (registers.xlsx!the training!C23) + 12 months"
    assert Places(one).text(derivation) == (
        "done on 1 July 2025 (the training sheet, cell C23) + 12 months"
    )
    assert Places(two).text("other.csv!A3; nowhere.xlsx!x!A3; registers.xlsx!x!row 3") == (
        "other.csv, cell A3; nowhere.xlsx!x!A3; registers.xlsx, x sheet, row 3"
    )


def test_a_column_has_the_heading_of_its_own_sheet() -> None:
    headings = (("person", "Staff no"),)
    sheets = tuple(
        SheetHeadings("registers.xlsx", sheet, "training", own)
        for sheet, own in (("training", headings), ("old training", ()))
    )
    made = assessment((), sheet_headings=sheets)
    shown = Places(made).cells(item("training", 14, person="P-1", course="refresher"))
    assert shown == "A14 Staff no: P-1; B14 course: refresher"
    assert Places(made).heading(item("old training", 3), "person") == "person"


def test_a_column_of_two_lists_in_one_sheet_has_the_heading_of_its_own_list() -> None:
    """A sheet of meetings and their minutes has a heading for the reference of each."""
    sheets = (
        SheetHeadings("registers.xlsx", "log", "meetings", (("ref", "Ref"),)),
        SheetHeadings("registers.xlsx", "log", "minutes", (("ref", "Para ref"),)),
    )
    places = Places(assessment((), sheet_headings=sheets))
    meeting = elsewhere(item("meetings", 28, ref="SB/26/3"), sheet="log")
    minute = elsewhere(item("minutes", 28, ref="SB/26/3 (1)"), sheet="log")
    assert places.cells(meeting) == "A28 Ref: SB/26/3"
    assert places.cells(minute) == "A28 Para ref: SB/26/3 (1)"


def test_a_remedy_says_where_to_write_what() -> None:
    new = remedy("A passed course.", "training", person="P-1", completed_on="2026-05-01")
    assert remedy_words(new) == (
        "A passed course. Add a row to training with: person: P-1; completed on: 01/05/2026."
    )
    change = remedy("The day.", "checks", 8, checked_on="1 May 2026")
    assert remedy_words(change) == ("The day. In row 8 of checks, enter: checked on: 1 May 2026.")
    assert remedy_words(replace(change, words="Complete row 8 of checks.")) == (
        "Complete row 8 of checks. Enter: checked on: 1 May 2026."
    )
    never = Remedy(False, "It can no longer be done.", "checks", "", "", 0, ())
    assert remedy_words(never) == "It can no longer be done."


def test_a_rule_is_named_without_the_integers_that_it_saw() -> None:
    fired = RuleFired("staff-trained/met", {"in_time": 1, "late": 0})
    assert view.rule_name(fired) == "staff-trained/met"
    assert view.rule_name(RuleFired("", {})) == "the plain evaluator alone"
