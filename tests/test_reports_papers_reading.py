"""What a chair who has only a paper must be able to see in it."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from matplotlib.figure import Figure

from engine.assessment import CellToWrite, ComingDate, FindingShown, HistoryEntry
from engine.outcome import HistoryOutcome, Status
from reports.brief import DECISION
from reports.compare.changes import compared
from reports.papers.paper import paper_fields
from reports.papers.picture import picture
from reports.papers.shared import anonymous, spelled_out, whole
from reports.papers.statement import statement_fields
from tests.support.assessment_builders import assessment, days, duty, item, obligation, remedy
from tests.test_reports_papers import DAY, STATED, TITLES, longest, paper, statement

STEPS = "Enter the date in G14. If it is not known, ask the HR Officer. Then check again."


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (80, STEPS),
        (79, "Enter the date in G14. If it is not known, ask the HR Officer."),
        (5, "Enter the date in G14."),
    ],
)
def test_no_sentence_of_what_to_do_is_cut(most: int, shown: str) -> None:
    rest = "" if shown == STEPS else " The report says the rest."
    assert whole(STEPS, most) == shown + rest
    assert whole(STEPS.replace(".", ","), 9) == STEPS.replace(".", ",")


def test_what_to_do_about_what_is_not_known_is_whole_however_little_room_there_is() -> None:
    step = "Ask for the certificate of the course and enter its date in the row of the person. " * 6
    unclear = obligation(Status.CANNOT_TELL, to_tell=(f"The list is not complete. {step}",))
    made = longest()
    made = replace(made, duties=(duty("a", "A", unclear), *made.duties))
    fields = paper_fields(made, TITLES, (), causes=True)
    assert 0 < len(fields.overdue) < 12
    assert [line.step for line in fields.unknown] == [step]


def test_an_overdue_duty_has_its_deadline() -> None:
    late = obligation(Status.OVERDUE, -55)
    run = replace(obligation(Status.OVERDUE, -147), deadline=days(37))
    made = assessment((duty("a", "A", late, section="4.6"), duty("b", "B", run, section="3")))
    fields = paper_fields(made, TITLES, (), causes=True)
    assert [(line.status, line.deadline) for line in fields.overdue] == [
        ("147 days overdue", "Overdue since 30 June 2026"),
        ("55 days overdue", "Deadline 30 September 2026"),
    ]
    stated = statement_fields(made, STATED, ())
    assert stated.overdue == ("4.6 A: 55 days overdue, deadline 30 September 2026, Head of People",)
    assert stated.others_overdue == ("3 B: 147 days overdue, since 30 June 2026, Head of People",)


def test_every_duty_that_was_met_late_is_named() -> None:
    late = obligation(Status.MET, 9, subject="S1", late_days=11)
    once = obligation(Status.MET, 9, late_days=14)
    made = assessment(
        (
            duty("a", "A", late, replace(late, late_days=0), section="4.6"),
            duty("b", "B", once, section="4.8"),
            duty("c", "C", once, section="4.2", answers="others", bearer="Steering Group"),
        )
    )
    fields = paper_fields(made, TITLES, (), causes=True)
    assert fields.headline[0] == "The office's 2 duties: 2 met (2 late, see below)."
    assert fields.met_late == (
        "B (by 14 days); A (S1, 11 days late); C (Steering Group, by 14 days)."
    )


def test_the_statement_names_whatever_was_not_kept_in_time() -> None:
    met = obligation(Status.MET, 9, subject="S9")
    late = [replace(met, subject=f"S{n}", late_days=n, deadline=days(-100)) for n in range(1, 6)]
    missed = HistoryEntry("office", "2026/27 Q1", HistoryOutcome.MISSED, None, days(-147), 0, ())
    before = HistoryEntry("office", "2024/25", HistoryOutcome.MISSED, None, days(-600), 0, ())
    made = assessment(
        (
            duty("a", "A", met, *late, section="4.6"),
            duty("b", "B", met, section="4.6", history=(missed, before)),
            duty("c", "C", replace(met, subject="office", late_days=1), section="4.6"),
        )
    )
    fields = statement_fields(made, STATED, ())
    on = "16 August 2026"
    assert fields.breaches == (
        f"4.6 A: done 5 days after the deadline of {on} for S5.",
        f"4.6 A: done 4 days after the deadline of {on} for S4.",
        f"4.6 A: done 3 days after the deadline of {on} for S3.",
        "4.6 A: 2 more were done late, by 2 days at most.",
        "4.6 B: 2026/27 Q1 was missed.",
        "4.6 C: done 1 day after the deadline of 3 December 2026.",
    )
    assert fields.parts[0].facts[0].status == ("Met late: 6 of 6 done, 5 of them up to 5 days late")
    assert fields.parts[0].facts[0].reasons[0] == f"Done 5 days after the deadline of {on} for S5."
    assert fields.headline == "3 duties: 3 met (2 late)."


def test_what_is_from_before_the_year_of_the_statement_is_marked() -> None:
    first, last = datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)
    due = obligation(Status.DUE, 127, window="2026/27", opens=first, deadline=last)
    old = datetime.date(2026, 3, 16)
    row = item("training", 14, old)
    late = obligation(
        Status.MET, subject="S1", deadline=old, late_days=7, evidence=(row,), last_done=old
    )
    on_time = obligation(Status.MET, subject="S2", deadline=days(0), evidence=(row,))
    soon = obligation(Status.NOT_YET_DUE, subject="S3", deadline=last)
    in_year = replace(late, deadline=datetime.date(2026, 3, 26))  # and done on 2 April
    missed = HistoryEntry("office", "2025/26", HistoryOutcome.MISSED, None, old, 0, ())
    made = assessment(
        (
            duty("yearly", "Yearly statement", due),
            duty("a", "A", late, on_time, soon, section="4.6", status=Status.MET, last_done=old),
            duty("b", "B", in_year, section="4.6", status=Status.MET, history=(missed,)),
        )
    )
    fields = statement_fields(made, STATED.model_copy(update={"duty": "yearly"}), ())
    assert fields.breaches == ("4.6 B: done 7 days after the deadline of 26 March 2026.",)
    assert "2 met (both late, 1 of them before April 2026)" in fields.headline
    facts = {fact.title: fact for fact in fields.parts[0].facts}
    assert facts["4.6 A"].status == "Met late: 2 of 3 done, one of them 7 days late; 1 not yet due"
    assert facts["4.6 A"].reasons == (
        "Before the year: done 7 days after the deadline of 16 March 2026 for S1.",
        "Last done on 16 March 2026, before the year.",
    )
    assert "Before the year: 2025/26 was missed." in facts["4.6 B"].reasons
    assert [row.words.endswith(" (before the year)") for row in fields.annex] == [True]
    assert {fact.evidence for fact in facts.values() if fact.evidence} == {
        "Evidence 1 in the annex"
    }


def test_a_statement_is_a_draft_until_its_year_is_over() -> None:
    first, last = datetime.date(2026, 4, 1), datetime.date(2027, 3, 31)
    due = obligation(Status.DUE, 127, window="2026/27", opens=first, deadline=last)
    made = assessment((duty("yearly", "Yearly statement", due, section="4.6"),))
    contents = STATED.model_copy(update={"duty": "yearly"})
    draft = statement_fields(made, contents, ())
    assert draft.title == "Yearly statement (draft)"
    assert draft.notices[0] == (
        "Draft. The statement year ends on 31 March 2027, 127 days after this check. What is done "
        "or missed until then is not in it. Check again after that day, before anybody signs."
    )
    final = statement_fields(replace(made, as_of=last), contents, ())
    assert (final.title, final.notices) == ("Yearly statement", ())


def test_an_abbreviation_has_its_meaning_where_it_is_first() -> None:
    late = obligation(Status.OVERDUE, -9, unmet_reason="The unit's (CTIRU) terms are missing.")
    made = assessment(
        (
            duty("a", "OPCC actions", late),
            duty("b", "OPCC plan", late),
            duty("c", "Meeting of the SWPB", late, in_brief="Attend the Safer Board (SWPB)."),
            duty("d", "Another duty", late),
        )
    )
    known = (
        ("CTIRU", "Counter Terrorism Internet Referral Unit, for online content"),
        ("OPCC", "Office of the Police and Crime Commissioner, 'the office'"),
        ("PCC", "Police and Crime Commissioner"),
        ("SWPB", "Safer Board"),
    )
    made = replace(made, rulebook=replace(made.rulebook, abbreviations=known))
    fields = paper_fields(made, TITLES, (), causes=True)
    assert [line.title for line in fields.overdue] == [
        "4.6 OPCC (Office of the Police and Crime Commissioner) actions",
        "4.6 OPCC plan",
        "4.6 Meeting of the SWPB (Safer Board)",
        "4.6 Another duty",
    ]
    assert "(CTIRU, Counter Terrorism Internet Referral Unit)" in fields.overdue[0].why
    assert "(CTIRU)" in fields.overdue[1].why
    assert "PCC: Police" not in fields.abbreviations.replace("OPCC: ", "")
    one = spelled_out(made, ("SWPB's plan", "the SWPB"))
    assert one == ("SWPB's plan", "the SWPB (Safer Board)")
    (fact,) = (f for f in statement_fields(made, STATED, ()).parts[0].facts if "SWPB" in f.title)
    assert (fact.title, fact.requires) == (
        "4.6 Meeting of the SWPB",
        "Attend the Safer Board (SWPB).",
    )


def test_the_numbers_before_the_duties_are_explained() -> None:
    made = assessment(
        (
            duty("a", "A", obligation(Status.OVERDUE, -9), section="4.6"),
            duty("b", "B", obligation(Status.OVERDUE, -9), section="3"),
        )
    )
    assert paper_fields(made, TITLES, (), causes=True).abbreviations == (
        "The number before a duty is that of its section of the SOP: 3 What the duty asks; 4.6 "
        "Training."
    )


def test_where_no_duty_was_assessed_none_is_said_to_be_overdue() -> None:
    missing = obligation(Status.NOT_ASSESSED)
    one = duty("a", "A", missing, not_given=("Training",))
    fields = paper_fields(assessment((one, replace(one, id="c"))), TITLES, (), causes=True)
    assert fields.verdict == "None of the office's 2 duties was assessed."
    late = duty("b", "B", obligation(Status.OVERDUE, -99))
    fields = paper_fields(assessment((one, late)), TITLES, (), causes=True)
    assert fields.verdict == (
        "1 of the office's 2 duties was assessed: 1 duty is overdue, 1 of them for 90 days or "
        "longer. The work is not shown to be done as required."
    )


def test_many_missing_sheets_are_one_line() -> None:
    missing = obligation(Status.NOT_ASSESSED)
    titles = ("Training", "Meetings", "Minutes", "Reviews")
    duties = tuple(duty(f"d{n}", "D", missing, not_given=titles[n:]) for n in range(4))
    fields = paper_fields(assessment(duties), TITLES, (), causes=True)
    assert fields.asked == ("note 4 duties not assessed (see What is not known).",)
    assert [(line.why, line.duties) for line in fields.unknown] == [
        (
            "Not assessed: 4 sheets are missing",
            "4 duties need Reviews (4), Minutes (3), Meetings (2), Training (1)",
        )
    ]
    few = tuple(replace(one, not_given=one.not_given[:1]) for one in duties[:2])
    assert [
        line.why for line in paper_fields(assessment(few), TITLES, (), causes=True).unknown
    ] == [
        "Not assessed: no 'Meetings' sheet",
        "Not assessed: no 'Training' sheet",
    ]


def test_a_correction_that_is_one_sentence_is_what_to_do() -> None:
    unclear = obligation(
        Status.CANNOT_TELL,
        unmet_reason="The 'Documents' sheet lists nothing of this kind.",
        to_tell=("Add a row to Documents.",),
    )
    (line,) = paper_fields(assessment((duty("a", "A", unclear),)), TITLES, (), causes=True).unknown
    assert (line.why, line.step) == (
        "Could not be judged: the 'Documents' sheet lists nothing of this kind",
        "Add a row to Documents.",
    )


def test_the_meeting_is_told_what_was_overdue_for_long_since_and_the_next_deadline() -> None:
    old, new = (
        replace(assessment((duty("a", "A", obligation(Status.OVERDUE, -n)),)), as_of=days(n - 91))
        for n in (60, 91)
    )
    assert paper_fields(compared(old, new), TITLES, (), causes=True).crossed == (
        "Overdue for 90 days or longer since then: A (91 days overdue).",
    )
    assert paper_fields(compared(new, new), TITLES, (), causes=True).crossed == ()


def test_short_tables_stay_on_one_page_and_long_ones_repeat_their_heads() -> None:
    unclear = duty("u", "U", obligation(Status.CANNOT_TELL, unmet_reason="It is not known."))
    made = assessment((unclear, duty("o", "O", obligation(Status.OVERDUE, -9))))
    document = docx.Document(io.BytesIO(paper(made)))
    overdue, unknown = document.tables[:2]
    assert unknown.rows[0].cells[0].text == "What"
    for row in unknown.rows:
        for cell in row.cells:
            assert all(p.paragraph_format.keep_with_next for p in cell.paragraphs)
    assert not overdue.rows[1].cells[0].paragraphs[0].paragraph_format.keep_with_next
    for table in (*document.tables, docx.Document(io.BytesIO(statement(made))).tables[0]):
        assert [*table.rows[0]._tr.iter(qn("w:tblHeader"))]
        assert [*table.rows[1]._tr.iter(qn("w:cantSplit"))]


@pytest.mark.parametrize(("met", "shown"), [(70, ["70", "1", "1"]), (199, ["199"])])
def test_a_number_on_a_bar_is_never_clipped(
    met: int, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is inside its part of the bar, and the last part is not at the edge of the picture."""
    figures = list[Figure]()
    draw = Figure.draw

    def drawn(figure: Figure, *given: object) -> None:
        figures.append(figure)
        draw(figure, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "draw", drawn)
    statuses = [Status.MET] * met + [Status.OVERDUE, Status.NOT_APPLICABLE]
    picture(assessment(tuple(duty(f"d{n}", "D", obligation(s)) for n, s in enumerate(statuses))))
    (axes,) = figures[-1].axes
    bars = [bar.get_window_extent() for bar in axes.patches]
    texts = [text for text in axes.texts if text.get_text()]
    assert [text.get_text() for text in texts] == shown
    for text in texts:
        box = text.get_window_extent()
        assert any(bar.x0 <= box.x0 and box.x1 <= bar.x1 for bar in bars)
    assert max(bar.x1 for bar in bars) < axes.get_window_extent().x1 - 20


# For a committee --------------------------------------------------------------------------------


def test_decisions_come_first_and_refer_to_no_case() -> None:
    row = replace(item("cases", 8, DAY, opened_on=DAY.isoformat()), key="CASE-07")
    kept = duty("kept", "Records kept", obligation(Status.MET, evidence=(row,)))
    late = duty("b", "B", obligation(Status.MET, 9, subject="CASE-07", late_days=3, listed_at=row))
    decision = FindingShown(
        DECISION,
        "kept",
        "A referral was not proportionate. Decided by: Chief Executive",
        ("registers.xlsx!cases!A8",),
        "Case CASE-07",
    )
    made = replace(assessment((kept, late)), findings=(decision,))
    shown = (
        "A referral was not proportionate ({}, opened on 24 November 2026). It is recorded as "
        "decided by the Chief Executive."
    )
    fields = paper_fields(made, TITLES, (), causes=True, private={"cases"})
    assert fields.matters == (shown.format("one case"),)
    assert "CASE-07" not in repr(fields)
    assert paper_fields(made, TITLES, (), causes=True).matters == (shown.format("case CASE-07"),)
    texts = [p.text for p in docx.Document(io.BytesIO(paper(made))).paragraphs]
    assert texts.index(f"For the {made.rulebook.body.head}") < texts.index("Summary")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "A member of staff (3) and a member of staff (24) are late.",
            "Two members of staff are late.",
        ),
        ("for a member of staff (3) alone", "for one member of staff alone"),
        ("an owner (1), an owner (2) and an owner (4)", "three owners"),
        ("Training record T00226 of 4 May 2026", "One training record of 4 May 2026"),
        ("Training record 12 is one of 12", "One training record is one of 12"),
        ("for T00226, and T00227", "for two training records"),
        ("T002 and T00226-7", "T002 and T00226-7"),
    ],
)
def test_no_person_and_no_record_of_one_is_referred_to(text: str, shown: str) -> None:
    things = dict.fromkeys(("T00226", "T00227", "12"), "training record")
    assert anonymous((text,), things) == (shown,)


def test_work_not_done_is_apart_from_an_incomplete_record() -> None:
    row = item("training", 14, days(-99), course="")
    fix = replace(remedy("Complete the row.", "training"), row=14, file="registers.xlsx")
    fix = replace(fix, sheet="training", cells=(CellToWrite("course", "awareness", "Course", ""),))
    own = obligation(Status.OVERDUE, -50, listed_at=row, would_be_met_by=(fix,))
    blank = replace(own, unreadable=())
    made = assessment(
        (
            duty("a", "A", obligation(Status.OVERDUE, -9)),
            duty("b", "B", blank),
            duty("c", "C", obligation(Status.OVERDUE, -70)),
        )
    )
    fields = paper_fields(made, TITLES, (), causes=True)
    assert fields.verdict == (
        "3 duties are overdue. In 2, the work is not shown to be done as required; in 1, only a "
        "record is incomplete or unreadable."
    )
    assert [(line.title, line.kind) for line in fields.overdue] == [
        ("4.6 C", "no record"),
        ("4.6 B", "record incomplete"),
        ("4.6 A", "no record"),
    ]
    assert "Record falls short" not in fields.kinds


def test_what_has_no_room_of_what_is_coming_is_counted_with_the_statement() -> None:
    late = obligation(Status.OVERDUE, -9, unmet_reason="A long reason. " * 20)
    many = [duty(f"o{n}", f"Duty {n} " * 9, late) for n in range(60)]
    due = duty("yearly", "Yearly statement", obligation(Status.DUE, 127, deadline=days(127)))
    dates = [
        ComingDate(id_, "office", f"W{n}", overdue=days(n + 1), deadline=days(n))
        for n, id_ in (*((n, "o1") for n in range(1, 41)), (127, "yearly"))
    ]
    made = replace(assessment((due, *many)), year_ahead=tuple(dates))
    fields = paper_fields(made, TITLES, (), causes=True, statement="yearly")
    shown = len(fields.coming)
    assert shown < len(dates)
    assert fields.more_coming.startswith(
        f"{len(dates) - shown} more deadlines until 31 March 2027, among them Yearly statement on "
        "31 March 2027."
    )


def test_why_a_duty_is_overdue_names_no_cell() -> None:
    first = "Correct G14 of training: 'Sept 2026' has no day of the month."
    late = obligation(Status.OVERDUE, -9, unmet_reason="There is no course.", to_tell=(first,))
    (line,) = paper_fields(assessment((duty("a", "A", late),)), TITLES, (), causes=True).overdue
    assert line.why == "There is no course."
