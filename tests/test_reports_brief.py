"""The first words of a report are true of the record, never kinder than it, and name no person."""

from __future__ import annotations

import datetime
from dataclasses import replace

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    CellToWrite,
    ComingDate,
    FindingShown,
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    ProblemShown,
    ReadingShown,
    UnusedSheet,
    WaiverShown,
)
from engine.findings.collect import UNDATED
from engine.outcome import HistoryOutcome, Status
from engine.remedy.cell_words import DAY_DONE
from evidence.problem import UnreadValue
from reports import words
from reports.brief import LATE_ENTRY, MISSED_BELOW, brief, finding_words, findings_of, points_of
from reports.by_post import post_tasks
from reports.html.report import to_html
from reports.names import NOT_SHOWN, PersonNames, events_of, is_personal, unquoted
from reports.next_step import Cause
from reports.owners.tasks import owner_tasks
from reports.places import Places, cell_messages
from reports.text import summary
from tests.support.assessment_builders import (
    AS_OF,
    assessment,
    days,
    duty,
    item,
    near_row,
    obligation,
    rejected,
    remedy,
)
from tests.support.assessment_states import waiting
from tests.support.html_page import parsed


def overdue(subject: str, why: str = "", state: str = "", text: str = "no") -> ObligationOutcome:
    """An overdue obligation about a person, with a recent record that fails one condition."""
    rows = (rejected(near_row(41, days(-20), why, state, text)),) if why else ()
    return obligation(
        Status.OVERDUE,
        -5,
        subject=subject,
        subject_name=f"{subject} Name",
        listed_at=item("people", 9),
        rejected=rows,
        would_be_met_by=(remedy("Pass a course.", "training", course="refresher"),),
    )


def row_of(text: str) -> ItemShown:
    """A row of training whose day of completion has this text."""
    return near_row(41, None, "'completed on' is not a date", "unreadable", text).item


def person(key: str, name: str) -> ObligationOutcome:
    return obligation(
        Status.MET, subject=key, subject_name=name, listed_at=item("people", 9, ref=key)
    )


NO = "'passed' is not yes"
UNREAD = overdue("S1", "'completed on' is not a date", "unreadable", "soon")
BLANK = overdue("S2", "'passed' is not filled in", "blank", "")
FAILED = overdue("S3", NO)
NONE = overdue("S4")


def test_a_duty_is_of_the_worst_kind_among_its_outstanding_checks() -> None:
    for outstanding, cause in (
        ((UNREAD,), Cause.UNREADABLE),
        ((UNREAD, FAILED), Cause.NOT_MET),
        ((FAILED, BLANK), Cause.NOT_MET),
        ((UNREAD, NONE), Cause.NO_RECORD),
        ((UNREAD, BLANK), Cause.INCOMPLETE),
    ):
        (action,) = brief(assessment((duty("own", "a", *outstanding),))).overdue
        assert action.cause is cause


def test_the_heading_of_a_duty_says_what_the_records_show_of_each_of_its_checks() -> None:
    """An entry that cannot be read is not called 'no record' because there is none of another."""
    for outstanding, recorded in (
        ((UNREAD, BLANK), ("record incomplete",)),
        (
            (UNREAD, BLANK, FAILED, NONE),
            (
                "no record (1, 5 days overdue)",
                "record falls short (1, 5 days overdue)",
                "record incomplete (2, up to 5 days overdue)",
            ),
        ),
    ):
        made = assessment((duty("own", "a", *outstanding),))
        (action,) = brief(made).overdue
        assert action.recorded == recorded
        told = " ".join(summary(made, 100).split())
        assert f" 4.6 a: {', '.join(recorded)} " in told
        assert f" overdue {' '.join(recorded)} Why:" in " ".join(
            parsed(to_html(made)).text().split()
        )


def test_a_few_people_have_each_their_own_cause_and_days() -> None:
    """The longest delay is not said of a cause that is another person's."""
    late = replace(UNREAD, subject="S1", days=-33, deadline=days(-33))
    made = assessment((duty("own", "a", late, replace(NONE, subject="S2")),))
    (action,) = brief(made).overdue
    assert action.recorded == (
        "S2: no record, 5 days overdue",
        "S1: record incomplete, 33 days overdue",
    )
    assert f"    {'; '.join(action.recorded)}\n" in summary(made, 100)
    row = next(t for t in parsed(to_html(made)).all("table") if "S2: no record" in t.text())
    assert f"{' '.join(action.recorded)} Why:" in " ".join(row.text().split())


def test_the_first_sentence_says_what_the_records_show_of_what_is_overdue() -> None:
    """A slip of record-keeping is not to be read as work that was not done, nor the reverse."""
    one, two, three = (
        duty("one", "First", UNREAD),
        duty("two", "Second", FAILED),
        duty("three", "Third", NONE),
    )
    assert brief(assessment((one, two, three))).answer == (
        "3 of the office's 3 duties are overdue. In 1, the work was recorded but did not meet the "
        "requirement; in 2 (both Training), records are missing or unreadable."
    )
    blank = duty("four", "Fourth", BLANK)
    assert brief(assessment((one, blank))).answer == (
        "2 of the office's 2 duties are overdue: in each, the record is incomplete or unreadable."
    )
    met = duty("met", "Met", obligation(Status.MET))
    assert brief(assessment((three, met))).answer == (
        "1 of the office's 2 duties is overdue: no record shows that it was done."
    )
    assert brief(assessment(())).answer == ""


def test_a_slip_of_record_keeping_comes_after_work_that_was_not_done() -> None:
    slip = duty("slip", "Slip", replace(UNREAD, days=-236, deadline=days(-236)))
    blank = duty("blank", "Blank", replace(BLANK, days=-300, deadline=days(-300)))
    short = duty("short", "Short", replace(FAILED, days=-9, deadline=days(-9)))
    none = duty("none", "None", replace(NONE, days=-1, deadline=days(-1)))
    made = assessment((slip, blank, short, none))
    assert [one.duty.id for one in brief(made).overdue] == ["none", "short", "blank", "slip"]
    (owner,) = owner_tasks(made, brief(made).next_steps)
    assert [task.duty.id for task in owner.tasks] == ["none", "short", "blank", "slip"]
    causes = [row.text() for row in parsed(to_html(made)).all("tr", class_="cause")]
    assert causes == ["No record", "Record falls short", "Record incomplete"]
    assert parsed(to_html(assessment((none,)))).all("tr", class_="cause") == []
    lines = summary(made, 100).splitlines()
    assert [line for line in lines if line.startswith("  4.6 ")] == [
        "  4.6 None: no record",
        "  4.6 Short: record falls short",
        "  4.6 Blank: record incomplete",
        "  4.6 Slip: record incomplete",
    ]


def test_a_blank_day_of_completion_is_no_slip_of_record_keeping() -> None:
    fix = replace(remedy("Do it.", "training", 41, completed_on="2026-11-24"), cells=(
        CellToWrite("completed on", "2026-11-24", says=DAY_DONE),
    ))  # fmt: skip
    row = item("training", 41, days(-20), completed_on="")
    one = replace(NONE, would_be_met_by=(fix,), listed_at=row)
    (action,) = brief(assessment((duty("own", "a", one),))).overdue
    assert (action.cause, action.step) == (
        Cause.NO_RECORD,
        "Once it is done, enter the date in cell A41 of training.",
    )


def test_the_summary_gives_the_reasons_without_places() -> None:
    fix = replace(remedy("Correct E7.", "training", passed="yes"), row=41, sheet="training")
    one = replace(FAILED, would_be_met_by=(fix,))
    (action,) = brief(assessment((duty("own", "a", one),))).overdue
    assert "(training sheet, row 41)" in action.why
    assert action.short == "A record does not have what is needed under 'passed'."
    assert f"Why: {action.short}" in " ".join(summary(assessment((duty("own", "a", one),))).split())


def test_a_record_that_names_a_row_which_does_not_count_says_why_that_row_does_not() -> None:
    fixes = (
        remedy("Review the policy.", "documents", kind="venue policy"),
        remedy("Then name it in A3.", "venues", 3, policy="new-1"),
    )
    named = near_row(6, days(-90), "'kind' is not venue policy", text="other document")
    named = replace(named, item=replace(named.item, key="POL-1"))
    one = obligation(
        Status.OVERDUE,
        -5,
        subject="V-1",
        listed_at=item("venues", 3, days(-300), policy="POL-1"),
        rejected=(rejected(named),),
        would_be_met_by=fixes,
    )
    (action,) = brief(assessment((duty("own", "a", one),))).overdue
    assert action.why.endswith(
        " (venues sheet, cell A3) names POL-1, and its 'kind' is not venue policy (E6 of training)."
    )
    assert action.step == (
        "If the record of POL-1 shows that E6 of training is wrong, correct it. If not, review the"
        " policy; then add a row to the documents sheet."
    )
    counted = replace(one, rejected=())
    (action,) = brief(assessment((duty("own", "a", counted),))).overdue
    assert action.why.endswith(" (venues sheet, cell A3) names POL-1, which does not count.")
    assert action.step == "Review the policy; then add a row to the documents sheet."


def test_of_two_dates_in_the_wrong_order_the_wrong_one_is_to_be_corrected() -> None:
    why = "'minutes on' (D2, 1 May 2026) is before 'held on' (C2, 1 June 2026)"
    near = replace(near_row(2, days(-20), why), column="", done_too_early=True)
    made = obligation(
        Status.OVERDUE,
        -5,
        listed_at=near.item,
        rejected=(rejected(near),),
        would_be_met_by=(remedy("Do it.", "training", 2, **{"completed on": "2026-06-02"}),),
    )
    (action,) = brief(assessment((duty("own", "a", made),))).overdue
    assert action.step == "Correct the date that is wrong."


def test_the_head_names_the_heading_under_which_missed_periods_are() -> None:
    """The summary on the screen counts them there and does not list them."""
    gaps = tuple(
        HistoryEntry("office", f"{n}", HistoryOutcome.MISSED, days(-n - 9), days(-n), 0, ())
        for n in range(10, 20)
    )
    made = assessment((replace(duty("one", "First", NONE), history=gaps),))
    heading = "Missed in the last 12 months"
    for text in (summary(made), summary(made, 100, commands=True)):
        assert f"(see '{heading}')." in " ".join(text.split())
        assert heading.upper() in text
    assert f'<h2 id="missed">{heading}</h2>' in to_html(made).decode()


def test_up_to_three_outstanding_checks_are_all_named_and_of_more_the_first() -> None:
    (action,) = brief(assessment((duty("own", "a", UNREAD, FAILED, NONE),))).overdue
    assert action.why == (
        "3 of 3 people are overdue: S1 (B41 of training cannot be read), S3 (D41 of training says "
        "'no') and S4 (no record)."
    )
    assert [word for word in ("S1: ", "S3: ", "Once S4 has done it,") if word in action.step] == [
        "S1: ",
        "S3: ",
        "Once S4 has done it,",
    ]
    four = duty("own", "a", *(replace(NONE, subject=f"S{number}") for number in range(4)))
    (action,) = brief(assessment((four,))).overdue
    assert action.why.startswith("4 of 4 people are overdue. The most urgent: ")
    assert action.step.endswith(" The other 3 need action too.")


SHOWS = "If its record shows that"


def test_a_record_that_says_no_is_checked_before_it_is_changed() -> None:
    for why, text, step in (
        (
            NO,
            "no",
            f"{SHOWS} cell D41 of training is wrong, correct it. If not, have it put right",
        ),
        (
            "was not passed",
            "no",
            "If the training record was passed, correct row 41 of training. If not, have it done "
            "again, then record ",
        ),
        (
            "was not based on the latest one (HOA-2)",
            "no",
            "If the training record was based on the latest one (HOA-2), correct row 41 of "
            "training. If not, repeat the training record using HOA-2, then record ",
        ),
        ("'passed' is not yes", "changes needed", "Ask the person who made the training record "),
    ):
        one = overdue("S1", why, text=text)
        if not why.startswith("'"):
            (group,) = one.rejected
            row = replace(group.rows[0], column="passed")
            one = replace(one, rejected=(replace(group, rows=(row,)),))
        (action,) = brief(assessment((duty("own", "a", one),))).overdue
        assert action.step.startswith(step)
        assert "Once it is true" not in action.step


def test_a_waiver_without_effect_is_said_beside_what_it_does_not_cover() -> None:
    waiver = WaiverShown("own", "office", "Why", "", None, AS_OF, "incomplete", "a!b!C1")
    made = replace(assessment((duty("own", "a", NONE),)), waivers=(waiver,))
    (action,) = brief(made).overdue
    assert action.why.endswith(" A waiver of this duty has no effect: a!b!C1 (incomplete).")
    assert action.short.endswith(" A waiver of this duty has no effect (incomplete).")
    assert action.step.endswith(
        " Or, if the waiver was approved, fill in 'approved by' and 'from' (a!b!C1)."
    )
    other = replace(waiver, state="matches nothing", place="a!b!C2")
    (action,) = brief(replace(made, waivers=(waiver, other))).overdue
    assert action.why.endswith(
        " 2 waivers of this duty have no effect: a!b!C1 (incomplete) and a!b!C2 (for nothing that "
        "this duty covers)."
    )
    held = replace(made, waivers=(replace(waiver, state="in force"),))
    assert "waiver" not in brief(held).overdue[0].why


def test_a_waiver_for_somebody_else_is_no_cause_and_one_that_ran_out_is_said() -> None:
    waiver = WaiverShown("own", "office", "Why", "", None, AS_OF, "incomplete", "a!b!C1")
    held = obligation(Status.MET, subject="S9")
    another = replace(waiver, subject="S9", place="a!b!C2")
    ended = replace(waiver, subject=NONE.subject, state="expired", until=days(-3))
    of = assessment((duty("own", "a", NONE, held),))
    (action,) = brief(replace(of, waivers=(waiver, another, ended))).overdue
    assert action.why.endswith(
        " A waiver of this duty has no effect: a!b!C1 (incomplete). The waiver for"
        f" {NONE.subject} ran out on 21 November 2026, and this was still not done."
    )


def test_the_message_of_a_cell_is_about_its_own_value() -> None:
    enter = "Enter the date, such as 25/04/2026."
    each = (
        UnreadValue(("B40",), f"'soon' is not a date. {enter}"),
        UnreadValue(("B41:B42",), f"'LTS' is not a date. {enter}"),
    )
    problem = ProblemShown(
        kind="cell unreadable",
        register="training",
        file="registers.xlsx",
        sheet="training",
        message="2 values are not dates: 'soon' and 'LTS'. Enter the date, such as 25/04/2026.",
        column="completed on",
        cells=("B40:B42", "C9"),
        count=4,
        values=("soon", "LTS"),
        more_values=0,
        heading="Date completed",
        duties=("own",),
        each_value=each,
    )
    messages = cell_messages(problem)
    assert {cell: message.partition(".")[0] for cell, message in messages.items()} == {
        "B40": "'soon' is not a date",
        "B41": "'LTS' is not a date",
        "B42": "'LTS' is not a date",
        "C9": "2 values are not dates: 'soon' and 'LTS'",
    }
    fix = remedy("Correct it.", "training", 41, completed_on="2026-11-20")
    wrong = overdue("S1", "'completed on' is not a date", "unreadable", "LTS")
    wrong = replace(wrong, would_be_met_by=(fix,), rejected=(), unreadable=(row_of("LTS"),))
    made = replace(assessment((duty("own", "a", wrong),)), problems=(problem,))
    (action,) = brief(made).overdue
    assert "where 'LTS' is not a date" in action.why


def test_what_is_due_is_listed_beside_what_cannot_be_told() -> None:
    unclear = obligation(Status.CANNOT_TELL, subject="S9")
    due = obligation(Status.DUE, 7, subject="S1", deadline=days(7))
    one = replace(duty("own", "Training", unclear, due), status=Status.CANNOT_TELL)
    parts = brief(assessment((one,)))
    assert [(listed.id, listed.deadline, listed.days) for listed in parts.soon] == [
        ("own", days(7), 7)
    ]
    assert [listed.id for group in parts.untold for listed in group.duties] == ["own"]
    assert brief(assessment((replace(one, obligations=(unclear,)),))).soon == ()


def test_only_what_was_done_after_its_event_is_said_to_be() -> None:
    event = days(-30)

    def late(deadline: datetime.date, late_days: int) -> Assessment:
        one = obligation(
            Status.MET,
            subject="DD-1",
            deadline=deadline,
            late_days=late_days,
            listed_at=item("checks", 3, event),
        )
        return assessment((duty("own", "Check", one, pattern="before event"),))

    after = "DD-1, 7 days after its event"
    assert brief(late(event, 7)).late == f"Done late: 4.6 Check ({after})."
    assert brief(late(event, 7)).longest_late == f"4.6 Check ({after})"
    assert brief(late(event, 7)).for_head == (
        "DD-1 was done 7 days after its event of 25 October 2026: 4.6 Check.",
    )
    assert brief(late(days(-31), 2)).late == (
        "Done late: 4.6 Check (DD-1, 1 day after its event, 2 days after its deadline)."
    )
    on_the_day = brief(late(days(-37), 7)).late
    assert on_the_day == "Done late: 4.6 Check (by 7 days).", "due a week before, done on the day"
    assert brief(late(event, 0)).late == ""


def test_a_late_row_of_two_duties_is_told_once_with_its_day() -> None:
    row = item("checks", 33, days(-30), award_date=days(-30).isoformat())
    one = obligation(Status.MET, subject="DD-29", deadline=days(-30), late_days=7, listed_at=row)
    rest = obligation(Status.MET, subject="DD-30")
    both = [duty(id_, id_, one, rest, pattern="before event") for id_ in ("A", "B")]
    made = assessment((*both, duty("C", "C", replace(one, listed_at=None))))
    assert brief(made).late == (
        "Done late: 4.6 A and 4.6 B (DD-29, 7 days after its award date); 4.6 C (by 7 days)."
    )
    assert brief(made).late_number == 3
    assert brief(made).for_head == (
        "DD-29 was done 7 days after its award date of 25 October 2026: 4.6 A and 4.6 B.",
    )


def test_what_was_late_of_a_duty_that_is_not_met_is_told() -> None:
    """The longest delay may be of a duty that is due again."""
    late = [obligation(Status.MET, subject=f"A-{n}", late_days=n) for n in (8, 44)]
    made = assessment(
        (
            duty("due", "Actions", *late, obligation(Status.DUE, 24)),
            duty("met", "Course", replace(person("S1", "Ann Lee"), late_days=28), person("S2", "")),
        )
    )
    assert brief(made).late == (
        "Done late: 4.6 Actions (A-44, 44 days late; A-8, 8 days late; now due); 4.6 Course (1 of "
        "2 people, by 28 days)."
    )
    many = [obligation(Status.MET, subject=f"A-{n}", late_days=n) for n in range(1, 5)]
    assert brief(assessment((duty("met", "Actions", *many),))).longest_late == (
        "4.6 Actions (4 of 4 checks, by up to 4 days)"
    )


def test_a_post_with_a_waiver_is_not_said_to_be_filled() -> None:
    post = duty("lead", "Lead", obligation(Status.WAIVED), roles=("Prevent Lead",))
    said = " ".join(brief(assessment((post,))).for_head)
    assert "Leadership posts that need not be filled now, by a waiver: Prevent Lead." in said
    assert "No leadership post is vacant" not in said


def test_decisions_are_named_in_the_box_unless_they_were_acknowledged() -> None:
    finding = FindingShown(
        "Decision to note", "own", "A deputy came.", (), "Meeting SG-1", ("SG-1",)
    )
    role = replace(
        finding, duty="lead", subject="Role R-1, Prevent Lead", message="Another holds it."
    )
    other = replace(finding, kind="Rows conflict", message="Not a decision.")
    lead = duty("lead", "Lead", obligation(Status.MET), roles=("Prevent Lead",))
    made = assessment((duty("own", "a", obligation(Status.MET)), lead))
    held = replace(made, findings=(finding, role, other, replace(finding, subject="")))
    assert brief(held).for_head == (
        "Prevent Lead: another holds it. The Commissioner is asked to confirm this.",
        "A deputy came (meeting SG-1). For information.",
        "A deputy came. For information.",
    )
    many = replace(made, findings=tuple(replace(finding, subject=f"SG-{n}") for n in range(8)))
    assert brief(many).for_head[5:7] == (
        "A deputy came (SG-5). For information.",
        "2 more decisions to note: see 'Points to check'.",
    )
    seen = [AcknowledgedFinding(one, "r", "p", AS_OF, "a!b!C1") for one in (finding, role)]
    assert brief(replace(made, acknowledged=tuple(seen))).for_head[0] == (
        "Prevent Lead: another holds it."
    )


def test_a_decision_has_the_day_of_its_row_and_the_latest_is_first() -> None:
    def noted(subject: str, row: int) -> FindingShown:
        place = f"registers.xlsx!checks!F{row}"
        return FindingShown(
            "Decision to note", "own", "A concern. Who decided: CE", (place,), subject
        )

    rows = [
        item("checks", row, days(-number), award_date=days(-number).isoformat())
        for row, number in ((3, 90), (4, 30))
    ]
    own = duty("own", "a", *(obligation(Status.MET, listed_at=row) for row in rows))
    made = replace(assessment((own,)), findings=(noted("Check DD-1", 3), noted("Check DD-2", 4)))
    assert brief(made).for_head == (
        "A concern (check DD-2, award date 25 October 2026). Who decided: CE.",
        "A concern (check DD-1, award date 26 August 2026). Who decided: CE.",
    )


def held_by_another(acknowledged: bool = False) -> Assessment:
    """An office where the post of another role is the Prevent Lead, by row 9 of the roles."""
    row = item("roles", 9, days(-141), role="Prevent Lead", post="Chief Executive")
    lead = duty("lead", "Lead", obligation(Status.MET, evidence=(row,)), roles=("Prevent Lead",))
    due = duty("due", "Guidance", obligation(Status.DUE, 20), owner="prevent lead")
    own = duty("own", "Report", obligation(Status.OVERDUE, -2), owner="Chief Executive")
    other = duty("hr", "Training", obligation(Status.OVERDUE, -2), owner="HR Officer")
    said = "The SOP gives it to the Head. It is held by another post: Chief Executive"
    finding = FindingShown(
        "Decision to note", "lead", said, ("registers.xlsx!roles!B9",), "Role R-8, Prevent Lead"
    )
    made = assessment((lead, due, own, other))
    if acknowledged:
        noted = AcknowledgedFinding(finding, "r", "p", AS_OF, "a!b!C1")
        return replace(made, acknowledged=(noted,))
    return replace(made, findings=(finding,))


def test_who_holds_a_role_is_said_with_its_day_and_row() -> None:
    said = (
        "Prevent Lead: the SOP gives it to the Head. It is held by another post: Chief Executive, "
        "since 6 July 2026 (roles sheet, row 9)."
    )
    assert brief(held_by_another()).for_head[0] == (
        as_recorded := "Row 9 of roles names the Chief Executive as Prevent Lead since 6 July "
        "2026. The SOP gives it to the Head. The Commissioner is asked to say which is right."
    )
    sender = "Questions about this report go to the person who sent it to you."
    told = [" ".join(summary(held_by_another()).split()), parsed(to_html(held_by_another())).text()]
    assert all(as_recorded in text for text in told)
    assert sender in told[1]
    assert brief(held_by_another(acknowledged=True)).for_head[0] == said
    seen = parsed(to_html(held_by_another(acknowledged=True))).text()
    assert as_recorded not in seen
    assert sender not in seen


def test_the_tasks_of_a_role_stand_beside_the_post_that_holds_it() -> None:
    made = held_by_another()
    assert [(post.name, post.words) for post in post_tasks(made, brief(made))] == [
        (
            "Chief Executive (also prevent lead)",
            "1 overdue (4.6 Report); by 14 December 2026: 4.6 Guidance; confirm who is Prevent "
            "Lead",
        ),
        ("HR Officer", "1 overdue (4.6 Training)"),
    ]
    seen = held_by_another(acknowledged=True)
    (tasks, _) = post_tasks(seen, brief(seen))
    assert tasks.words == "1 overdue (4.6 Report); by 14 December 2026: 4.6 Guidance"
    root = parsed(to_html(made))
    (line,) = [each for each in root.all("li") if "confirm who is" in each.text()]
    assert [link.attributes["href"] for link in line.all("a")] == [
        "#owner-chief-executive",
        "#owner-prevent-lead",
    ]
    (due,) = [
        each for each in root.all("table") if each.one("caption").text().startswith("Due within")
    ]
    assert "prevent lead (held by the Chief Executive)" in due.text()
    (owners,) = [
        section
        for section in parsed(to_html(made)).all("section")
        if section.attributes == {"aria-labelledby": "owners"}
    ]
    assert [head.text() for head in owners.all("h3")] == [
        "Chief Executive",
        "prevent lead (held by the Chief Executive)",
        "HR Officer",
        "Head of People",
    ][: len(owners.all("h3"))]


def test_a_post_with_many_dates_has_the_first_and_how_many_more() -> None:
    due = [duty(f"d{n}", f"t{n}", obligation(Status.DUE, n)) for n in range(1, 7)]
    unclear = duty("x", "x", obligation(Status.CANNOT_TELL, to_tell=("Correct B2.",)))
    missing = waiting("w", "w", "Reviews")
    partner = replace(unclear, id="p", answers="others")
    made = assessment((*due, unclear, missing, partner))
    (post,) = post_tasks(made, brief(made))
    assert post.words == (
        "2 cannot tell (1 of them of partners), 1 not assessed (no 'Reviews' sheet); by 25 "
        "November 2026: 4.6 t1; by 26 November 2026: 4.6 t2; by 27 November 2026: 4.6 t3; by 28 "
        "November 2026: 4.6 t4; 2 more dates"
    )
    nobody = assessment((duty("own", "a", NONE, owner=""),))
    assert [post.name for post in post_tasks(nobody, brief(nobody))] == ["No owner recorded"]


def coming_dates(*dates: ComingDate) -> Assessment:
    """A duty that is due in 20 days, one that is met, one that is overdue, and a partner's."""
    made = assessment(
        (
            duty("due", "Guidance", obligation(Status.DUE, 20)),
            duty("met", "Attendance", obligation(Status.MET), owner="Chief Executive"),
            duty("late", "Training", obligation(Status.OVERDUE, -3)),
            duty("partner", "Chair", obligation(Status.MET), answers="others", bearer="Board"),
        )
    )
    return replace(made, year_ahead=dates)


def date_of(duty_id: str, left: int, status: Status | None = None, due: int = 0) -> ComingDate:
    """A last day of a duty at a meeting, which turns due on another."""
    overdue_on = days(left + 1)
    return ComingDate(
        duty_id, "M-4", "", status, days(due), overdue_on, days(left), at_meeting=True
    )


def test_every_date_within_30_days_is_listed_that_of_a_meeting_too() -> None:
    made = coming_dates(
        date_of("met", 16),
        date_of("met", 31),
        date_of("due", 20, Status.DUE),
        date_of("due", 27),
        date_of("late", -3, Status.OVERDUE),
        date_of("late", 9, Status.DUE),
        date_of("partner", 16),
    )
    assert [(line.duty_id, line.date.last_day) for line in brief(made).soon_dates] == [
        ("met", days(16)),
        ("due", days(27)),
    ]
    text = summary(made, 100)
    assert "DUE WITHIN 30 DAYS: 1 duty; also 2 meetings\n" in text
    assert "  Chief Executive: by 10 December 2026: 4.6 Attendance (at a meeting)\n" in text
    page = parsed(to_html(made)).text()
    assert "10 December 2026: 4.6 Attendance: M-4 (at a meeting); Chief Executive" in page


def test_that_a_late_entry_counts_stands_beside_what_met_means() -> None:
    made = replace(assessment(()), not_checked=("Whether it is true.", UNDATED))
    means = words.met_means(made.rulebook.body)
    assert brief(made).met_means == f"{means} {LATE_ENTRY}"
    assert brief(made).limits == ("Whether it is true.",)
    assert LATE_ENTRY in " ".join(summary(made).split())
    assert LATE_ENTRY in parsed(to_html(made)).text()
    assert brief(assessment(())).met_means == means


def test_records_of_the_last_12_months_are_called_that_where_older_ones_were_met() -> None:
    old = HistoryEntry("T1", "", HistoryOutcome.MET, None, days(-500), 0, ())
    late = [
        obligation(Status.OVERDUE, -n, subject=f"T{n}", listed_at=item("training", n))
        for n in (3, 4)
    ]

    def why(*more: ObligationOutcome, history: tuple[HistoryEntry, ...]) -> str:
        made = assessment((replace(duty("own", "a", *late, *more), history=history),))
        return brief(made).overdue[0].why.partition(" are overdue")[0]

    assert why(history=(old,)) == "2 of 2 records of the last 12 months"
    assert why(history=()) == "2 of 2 records"
    ancient = obligation(
        Status.OVERDUE, -400, subject="T9", listed_at=item("training", 9), last_done=None
    )
    assert why(ancient, history=(old,)) == "3 of 3 records"


def test_the_page_says_that_it_names_staff_and_what_it_cannot_say() -> None:
    named, nameless = (
        parsed(to_html(assessment((duty("own", "a", one),)))).text()
        for one in (person("S1", "Ann Lee"), obligation(Status.MET))
    )
    says = "The details below name members of staff. The printed copy uses staff numbers only."
    assert says in named
    assert says not in nameless
    assert "Questions about this report go to the Prevent Lead." in nameless
    assert "does not say what has changed, because it was not compared with an earlier" in nameless


def test_an_office_s_own_words_announce_no_list_of_missed_periods() -> None:
    finding = FindingShown("Decision to note", "own", f"A deputy came, {MISSED_BELOW}.", ())
    made = assessment((duty("own", "a", obligation(Status.MET)),))
    made = replace(made, findings=(finding,))
    assert brief(made).for_head[-1] == f"A deputy came, {MISSED_BELOW}. For information."
    assert "MISSED IN THE LAST 12 MONTHS" not in summary(made)
    assert b"#missed" not in to_html(made)


def test_the_box_names_the_readings_behind_what_is_overdue_or_of_many_the_first() -> None:
    readings = tuple(ReadingShown(f"phrase {n}", f"Reading {n}.", ("own",)) for n in range(11))
    own = replace(duty("own", "a", NONE), readings=readings[:1])
    made = assessment((own, duty("met", "b", obligation(Status.MET))))
    other = ReadingShown("other", "r", ("met",))
    (said,) = brief(replace(made, readings=(other, *readings))).for_head
    assert said == (
        "What is overdue depends on 11 readings of the SOP, such as that 'phrase 0' is reading 0. "
        "See 'How we read the SOP'."
    )
    tables = [
        [row.attributes["id"] for row in table.all("tr")[1:]]
        for table in parsed(to_html(replace(made, readings=(other, *readings[:2])))).all("table")
        if table.one("caption").text() == "How we read the SOP"
    ]
    assert tables == [["reading-2", "reading-3"], ["reading-1"]]
    (one,) = brief(replace(made, readings=readings[:1])).for_head
    assert "1 reading of the SOP: 'phrase 0' is reading 0. See" in one
    page = to_html(replace(made, readings=readings)).decode()
    assert '<a href="#readings">See &#39;How we read the SOP&#39;</a>' in page
    assert brief(replace(made, readings=(other,))).for_head == ()


def test_the_head_says_how_many_could_not_be_assessed_when_none_is_overdue() -> None:
    """Otherwise the head of the office reads that all is in time."""
    unclear = obligation(Status.CANNOT_TELL, to_tell=("Correct B2.",))
    one, two = (duty(f"d{n}", "t", unclear) for n in range(2))
    met = duty("met", "t", obligation(Status.MET, 90))
    made = brief(assessment((one, met)))
    assert made.answer == "No duty of the office that was assessed is overdue."
    assert made.verdict.endswith(" For 1 the records cannot tell.")
    assert brief(assessment((one, two))).verdict.endswith(" For 2 the records cannot tell.")
    assert brief(assessment((one, two))).answer == "No duty of the office was assessed."
    assert brief(assessment((met,))).answer == "No duty of the office is overdue."


def test_up_to_six_duties_that_were_met_late_are_named() -> None:
    late = [duty(f"d{n}", f"t{n}", obligation(Status.MET, late_days=n)) for n in range(1, 8)]
    six = "; ".join(f"4.6 t{n} (by {n} days)" for n in range(7, 1, -1))
    assert brief(assessment(tuple(late[1:]))).late == f"Done late: {six}."
    assert brief(assessment(tuple(late))).late == f"Done late: {six}; 1 more."


def test_sheets_that_were_not_read_are_in_one_list() -> None:
    problem = ProblemShown(
        kind="sheet twice",
        register="issues",
        file="registers.xlsx",
        sheet="A",
        message="Move all the rows to one of them.",
        sheets=("A", "a"),
        column="",
        cells=(),
        count=0,
        values=(),
        more_values=0,
        heading="",
        duties=(),
    )
    bare = replace(problem, kind="no headings", sheet="Log", message="The headings were not found.")
    made = replace(
        assessment(()),
        problems=(problem, bare, replace(bare, kind="cell blank")),
        unused_sheets=(
            UnusedSheet("registers.xlsx", "Read me", "Not read."),
            UnusedSheet("registers.xlsx", "Log 2", "Not read.", "Log"),
        ),
    )
    assert brief(made).not_read == (
        "Read me (unknown name)",
        "Log 2 (unknown name; if it is the 'Log' sheet, rename it to 'Log')",
        "'A' and 'a' (almost the same name)",
        "Log (no headings found)",
    )


def test_the_lead_is_told_of_a_sheet_only_where_no_name_is_suggested() -> None:
    suggested = UnusedSheet("registers.xlsx", "Log 2", "Not read.", "Log")
    other = UnusedSheet("registers.xlsx", "Read me", "Not read.")
    for sheets, told in (((suggested,), False), ((suggested, other), True)):
        text = " ".join(summary(replace(assessment(()), unused_sheets=sheets)).split())
        assert "if it is the 'Log' sheet, rename it to 'Log'" in text
        assert ("If one of these sheets holds evidence, tell" in text) == told


def test_a_name_becomes_the_staff_number_or_is_not_shown() -> None:
    made = assessment(
        (
            duty(
                "own",
                "a",
                person("S1", "Ann Lee"),
                person("S2", "Ann Lee Gray"),
                person("S3", "Bo Fay"),
                person("S4", "Bo Fay"),
            ),
        )
    )
    waivers = tuple(
        WaiverShown("own", subject, "", "", None, None, "", "")
        for subject in ("Anne Leigh", "SG 2026-4", "all", "")
    )
    names = PersonNames(replace(made, waivers=waivers))
    assert names.without("Ann Lee, Ann Lee Gray and Ann Leeson") == "S1, S2 and Ann Leeson"
    assert names.without("Bo Fay; Anne Leigh; SG 2026-4") == f"{NOT_SHOWN}; {NOT_SHOWN}; SG 2026-4"
    finding = FindingShown("kind", "own", "Ann Lee is late.", (), "Waiver for Ann Lee")
    assert finding_words(finding, Places(made)) == "Waiver for S1: S1 is late."


def test_a_row_to_change_that_the_obligation_does_not_show_is_a_record() -> None:
    """A row that might meet several obligations is shown with the duty, not with each of them."""
    fix = replace(remedy("Correct E7.", "training", course="refresher"), row=7, sheet="Training")
    late = obligation(Status.OVERDUE, -5, subject="S1", would_be_met_by=(fix,))
    (action,) = brief(assessment((duty("own", "a", late),))).overdue
    assert action.why.startswith("A record (")


def test_an_overdue_duty_says_what_else_of_it_falls_due_within_30_days() -> None:
    soon = [obligation(Status.DUE, left, subject=f"S{left}") for left in (5, 30, 31)]
    mixed = duty("mixed", "Mixed", NONE, *soon)
    late = duty("late", "Late", NONE, obligation(Status.DUE, 31, subject="S7"))
    made = assessment((mixed, late, duty("due", "Due", obligation(Status.DUE, 9))))
    line = f"4.6 Mixed: overdue, and 2 more checks are due, the first by {words.day(days(5))}"
    assert [(also.words, also.number) for also in brief(made).also_due] == [(line, 2)]
    text = summary(made, 100)
    assert "DUE WITHIN 30 DAYS: 1 duty; also 2 checks for an overdue duty\n" in text
    assert (
        " Head of People: 2 overdue; by 29 November 2026: 4.6 Mixed (2 more checks); by 3 December"
        " 2026: 4.6 Due "
    ) in " ".join(text.split())
    assert f"\n  {line}\n" in text
    assert line in to_html(made).decode()
    alone = summary(assessment((duty("mixed", "Mixed", NONE, soon[0]),)))
    assert "DUE WITHIN 30 DAYS: 1 check for an overdue duty" in alone


def test_a_point_about_a_row_that_keeps_a_duty_from_being_met_is_of_that_duty() -> None:
    row = item("reviews", 50, days(-9))
    unmet = obligation(Status.OVERDUE, -5, subject="R-48", listed_at=row)
    met = obligation(Status.MET, subject="R-49", listed_at=item("reviews", 51, days(-9)))
    made = assessment((duty("late", "Late", unmet), duty("kept", "Kept", met)))
    place = "registers.xlsx!reviews!{}"
    points = [
        FindingShown("Older version named", "", "Names an older one.", (place.format(cell),))
        for cell in ("I50", "row 50", "I51", "I5")
    ]
    found = {
        one.places[0].rpartition("!")[2]: (points.title, of)
        for points in points_of(replace(made, findings=tuple(points)))
        for one, of in zip(points.findings, points.duties, strict=True)
    }
    assert found == {
        "I50": ("Could change a result", "late"),
        "row 50": ("Could change a result", "late"),
        "I51": ("Tidying up", ""),
        "I5": ("Tidying up", ""),
    }
    assert [
        one.places[0] for one in findings_of(replace(made, findings=tuple(points)))["late"]
    ] == [
        place.format("I50"),
        place.format("row 50"),
    ]


def test_a_waiver_for_a_meeting_is_not_personal_and_for_a_number_of_no_meeting_is() -> None:
    met = obligation(Status.MET, subject="SG-2026-4", listed_at=item("meetings", 3, days(-9)))
    made = assessment((duty("own", "a", met, person("S024", "Ann Lee")),))
    for subject, personal in (
        ("SG 2026-4", False),
        ("sg-2026-4", False),
        ("all", False),
        ("S024", True),
        ("SG-2026-5", True),
    ):
        waiver = WaiverShown("own", subject, "", "", None, None, "", "")
        assert is_personal(waiver, events_of(made)) is personal


def test_advice_that_needs_a_name_is_given_without_it() -> None:
    hidden = f"Waiver for {NOT_SHOWN}: Rows 20 and 34 of the Staff sheet have the same name"
    enter = "Enter 'a member of staff (16)' or 'a member of staff (30)' instead."
    assert unquoted(f"{hidden}, so it has no effect. {enter}") == (
        f"Waiver for a person {NOT_SHOWN}: Rows 20 and 34 of the Staff sheet have the same name, so"
        " it has no effect. Enter the reference of the one that is meant."
    )
    assert unquoted(f"B212 of Training: '{NOT_SHOWN}' is not on the Staff sheet") == (
        "B212 of Training: this entry is not on the Staff sheet"
    )
    assert unquoted("Enter 'an owner (2)' instead.") == (
        "Enter the reference of the one that is meant."
    )
    assert unquoted("Enter 'S016' instead.") == "Enter 'S016' instead."
