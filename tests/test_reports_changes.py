"""What changed since an earlier assessment, and nothing that did not."""

from dataclasses import replace
from io import BytesIO

from openpyxl import load_workbook

from engine.assessment import (
    Assessment,
    DutyAside,
    DutyChange,
    EvidenceStamp,
    HistoryEntry,
    ItemShown,
    MappingStamp,
    ObligationChange,
    ObligationOutcome,
    SheetRows,
)
from engine.outcome import HistoryOutcome, Status
from reports.compare.change_words import cause_words, causes_words, headline, row_change
from reports.compare.changes import changes, compared
from reports.json import from_json, to_json
from reports.text import summary
from reports.xlsx.report import to_xlsx
from tests.support.assessment_builders import assessment, days, duty, item, obligation
from tests.support.assessment_sample import sample

LATER = EvidenceStamp("registers.xlsx", "ee" * 32)


def uncaused(duty: DutyChange) -> tuple[ObligationChange, ...]:
    """What changed under a duty, without the causes."""
    return tuple(replace(change, causes=()) for change in duty.obligations)


def check(*obligations: ObligationOutcome, id_: str = "own", **other: object) -> Assessment:
    made = assessment((duty(id_, "Do the thing", *obligations),))
    return replace(made, **other)  # type: ignore[arg-type]


def test_nothing_changed_between_a_check_and_itself() -> None:
    assert changes(sample(), sample()).duties == ()


def test_a_duty_that_turned_overdue_and_its_obligation() -> None:
    old = check(obligation(Status.DUE, 3), as_of=days(-10))
    told = changes(old, check(obligation(Status.OVERDUE, -7)))
    assert told.since == days(-10)
    assert told.notes == ()
    (one,) = told.duties
    assert (one.id, one.before, one.after) == ("own", Status.DUE, Status.OVERDUE)
    was, now = "due in 3 days", "7 days overdue"
    assert uncaused(one) == (
        ObligationChange("office", "", Status.DUE, Status.OVERDUE, was, now, ""),
    )


def test_a_new_duty_and_one_that_is_gone_say_why_where_they_can() -> None:
    aside = DutyAside("old", "t", "4.6", "ended on 31 October 2026")
    old = check(obligation(Status.MET), id_="old")
    told = changes(old, check(obligation(Status.DUE, 3), id_="new", not_in_force=(aside,)))
    new, gone = told.duties
    assert (new.id, new.before, new.after, new.note) == ("new", None, Status.DUE, "")
    assert (gone.id, gone.before, gone.after) == ("old", Status.MET, None)
    assert gone.note == "ended on 31 October 2026"


def test_obligations_that_come_and_go_under_a_duty_of_the_same_status() -> None:
    old = check(obligation(Status.MET, subject="P-1"), obligation(Status.MET, subject="P-2"))
    new = check(obligation(Status.MET, subject="P-2"), obligation(Status.MET, subject="P-3"))
    (one,) = changes(old, new).duties
    assert not one.status_changed
    assert uncaused(one) == (
        ObligationChange("P-3", "", None, Status.MET, "", "met", ""),
        ObligationChange("P-1", "", Status.MET, None, "met", "", ""),
    )


def test_a_later_window_takes_the_earlier_ones_place() -> None:
    old = check(obligation(Status.MET, window="2025/26"))
    new = check(obligation(Status.DUE, 3, window="2026/27"))
    (one,) = changes(old, new).duties
    assert uncaused(one) == (
        ObligationChange("office", "2026/27", Status.MET, Status.DUE, "met", "due in 3 days", ""),
    )
    assert changes(old, check(obligation(Status.MET, window="2026/27"))).duties == ()


def test_an_obligation_that_went_into_history_says_what_became_of_it() -> None:
    old = check(obligation(Status.OVERDUE, -3, subject="meeting 1"), obligation(Status.MET))
    entry = HistoryEntry("meeting 1", "", HistoryOutcome.LAPSED, None, None, 0, ())
    new = duty("own", "Do the thing", obligation(Status.MET), history=(entry,))
    (one,) = changes(old, assessment((new,))).duties
    assert uncaused(one) == (
        ObligationChange("meeting 1", "", Status.OVERDUE, None, "3 days overdue", "", "lapsed"),
    )


def test_two_obligations_that_share_a_name_are_not_taken_for_each_other() -> None:
    twice = obligation(Status.CANNOT_TELL, subject="row 8")
    old, new = check(twice, twice), check(twice, replace(twice, status=Status.MET))
    (one,) = changes(old, new).duties
    assert uncaused(one) == (
        ObligationChange("row 8", "", Status.CANNOT_TELL, Status.MET, "cannot tell", "met", ""),
    )
    (fewer,) = changes(old, check(twice)).duties
    assert uncaused(fewer) == (
        ObligationChange("row 8", "", Status.CANNOT_TELL, None, "cannot tell", "", ""),
    )


def test_what_is_met_late_now_is_said_to_be() -> None:
    late = obligation(Status.MET, late_days=7)
    (one,) = changes(check(obligation(Status.OVERDUE, -3)), check(late)).duties
    assert (one.was, one.now) == ("3 days overdue", "met late by 7 days")
    assert [change.now for change in one.obligations] == ["met late by 7 days"]


def test_duties_that_changed_come_before_those_that_did_not_and_the_worst_first() -> None:
    def whole(*statuses: Status) -> Assessment:
        had = [duty(f"d{n}", "t", obligation(s, -1)) for n, s in enumerate(statuses)]
        return assessment((*had, duty("inner", "t", obligation(Status.MET, subject=str(statuses)))))

    old = whole(Status.MET, Status.MET, Status.OVERDUE)
    told = changes(old, whole(Status.DUE, Status.OVERDUE, Status.MET))
    assert [one.id for one in told.duties] == ["d1", "d0", "d2", "inner"]


def test_it_says_what_makes_two_checks_hard_to_compare() -> None:
    old, new = sample(as_of=days(5)), sample()
    rules = replace(old.rulebook, version="0.9.0", sha256="ef" * 32)
    assert changes(replace(old, rulebook=rules), new).notes == (
        "The assessment given as the earlier one speaks for a later day than this one.",
        "The rulebook itself changed (version 0.9.0, now 1.0.0), so a status may differ because a "
        "rule does.",
    )
    edited = replace(new.rulebook, sha256="ef" * 32)
    assert changes(replace(new, rulebook=edited), new).notes == (
        "The rulebook itself changed (still version 1.0.0), so a status may differ because a rule "
        "does.",
    )
    other = replace(old.rulebook, id="other", title="Another office")
    assert changes(replace(new, rulebook=other), new).notes == (
        "The earlier assessment used another rulebook, Another office.",
    )


# Rows matched by what they say -------------------------------------------------------------------


def row(number: int, print_: str, key: str = "") -> ItemShown:
    return replace(item(row=number, person="S-1"), fingerprint=print_, key=key)


def rows(*numbered: tuple[int, str, str], file: str = "registers.xlsx") -> tuple[SheetRows, ...]:
    """The rows of one sheet: number, fingerprint and key of each."""
    numbers, prints, keys = zip(*numbered, strict=True)
    return (SheetRows(file, "training", "training", numbers, prints, keys),)


def met(print_: str, number: int = 14, rows: tuple[SheetRows, ...] = ()) -> Assessment:
    return check(obligation(Status.MET, 9, evidence=(row(number, print_, "T-1"),)), rows=rows)


def test_a_row_that_met_something_and_is_gone_is_named_though_no_status_changed() -> None:
    old = met("aa", rows=rows((14, "aa", "ka"), (15, "bb", "kb")))
    new = replace(met("bb", 14), rows=rows((14, "bb", "kb")), evidence=(LATER,))
    found = changes(old, new)
    assert found.duties == ()
    (gone,) = found.rows
    assert (gone.kind, gone.row, gone.met) == ("row gone", 14, ("4.6 Do the thing",))
    assert row_change(gone) == (
        "Gone: registers.xlsx, training sheet, row 14. It met 4.6 Do the thing"
    )


def test_a_row_that_moved_in_a_file_that_was_renamed_is_no_change() -> None:
    old = met("aa", rows=rows((14, "aa", "ka"), (15, "bb", "kb")))
    other = EvidenceStamp("2026.xlsx", "ee" * 32)
    moved = rows((2, "bb", "kb"), (3, "aa", "ka"), file="2026.xlsx")
    found = changes(old, replace(met("aa", 3), rows=moved, evidence=(other,)))
    assert (found.rows, found.duties) == ((), ())
    assert [change.words for change in found.inputs] == ["registers.xlsx is now called 2026.xlsx"]


def test_a_row_with_the_same_key_was_changed_and_is_not_gone() -> None:
    old = met("aa", rows=rows((14, "aa", "ka"), (15, "bb", "kb")))
    edited = replace(
        check(obligation(Status.OVERDUE, -9)),
        rows=rows((20, "cc", "ka"), (15, "bb", "kb")),
        evidence=(LATER,),
    )
    found = changes(old, edited)
    assert found.rows == ()
    (cause,) = found.duties[0].obligations[0].causes
    assert cause_words(cause) == (
        "a row changed: registers.xlsx, training sheet, row 20: a cell that is not shown here"
    )
    assert headline(edited, found) == "0 overdue, now 1; 1 met, now 0."
    assert causes_words(found.duties[0]) == cause_words(cause)


def test_a_row_of_an_earlier_window_is_why_windows_were_missed() -> None:
    """The minutes of a quarter no longer count, because their meeting is gone."""
    minutes = replace(item(row=14, meeting="SG-3"), fingerprint="aa", key="M-1")
    meeting = replace(item(row=15, ref="SG-3"), fingerprint="bb", key="SG-3")
    quarter = HistoryEntry("office", "Q2", HistoryOutcome.MET, None, days(-55), 0, (minutes,))
    gone = replace(quarter, outcome=HistoryOutcome.MISSED, evidence=())
    due = obligation(Status.DUE, 37, window="Q3")
    late = replace(obligation(Status.OVERDUE, -55, window="Q3"), deadline=days(37))
    attended = duty("attended", "Attend", obligation(Status.MET, evidence=(meeting,)))
    numbered = [(14, "aa", "ka"), (15, "bb", "SG-3"), (16, "cc", "kc")]
    old, new = (
        replace(
            assessment(
                (replace(duty("own", "a", one), history=(entry,), reads=("training",)), attended)
            ),
            rows=rows(*numbered[: 3 if entry is quarter else 1]),
            evidence=(stamp,),
        )
        for one, entry, stamp in (
            (due, quarter, EvidenceStamp("registers.xlsx", "dd" * 32)),
            (late, gone, LATER),
        )
    )
    (own,) = [one for one in changes(old, new).duties if one.id == "own"]
    (cause,) = own.obligations[0].causes
    assert cause_words(cause) == "a row gone: registers.xlsx, training sheet, row 15"


def test_the_row_that_a_reason_names_is_the_cause_and_not_another_mapping() -> None:
    """A meeting is gone: its minutes have no day, and count under another name."""
    minutes = replace(item("minutes", 14, ref="SG-1/7"), fingerprint="aa", key="M-1")
    meeting = replace(item(row=15, ref="SG-1"), fingerprint="bb", key="SG-1")
    planned = obligation(Status.MET, subject="SG-1/7", listed_at=minutes)
    unclear = obligation(
        Status.CANNOT_TELL,
        subject="row 14 of Minutes",
        listed_at=minutes,
        unmet_reason="It has no date: in 'Meeting', 'SG-1' is not on the Meetings sheet.",
    )
    numbered = [(15, "bb", "SG-1"), (16, "cc", "kc")]
    sheet = SheetRows("registers.xlsx", "minutes", "minutes", (14,), ("aa",), ("ka",))
    old, new = (
        replace(
            assessment(
                (
                    duty("own", "Plan", one, reads=("training", "minutes")),
                    duty("attended", "Attend", obligation(Status.MET, evidence=(meeting,))),
                )
            ),
            rows=(*rows(*numbered[first:]), sheet),
            mapping=MappingStamp(digit * 64, (), registers=(("minutes", digit * 64),)),
            as_of=day,
        )
        for one, first, digit, day in (
            (planned, 0, "a", days(-31)),
            (unclear, 1, "b", days(0)),
        )
    )
    (own,) = [one for one in changes(old, new).duties if one.id == "own"]
    assert {
        change.subject: causes_words(replace(own, obligations=(change,)))
        for change in own.obligations
    } == {
        "SG-1/7": "a row gone: registers.xlsx, training sheet, row 15",
        "row 14 of Minutes": "a row gone: registers.xlsx, training sheet, row 15",
    }


def test_what_went_into_history_as_it_was_did_so_by_the_day() -> None:
    """Its row was changed as well, but not in what decides."""
    numbered = [(14, "aa", "ka"), (15, "bb", "kb")]
    issue = replace(item(row=14, ref="I-2"), fingerprint="aa", key="I-2")
    one = obligation(Status.MET, subject="I-2", listed_at=issue)
    old = check(one, obligation(Status.MET), rows=rows(*numbered), as_of=days(-31))
    entry = HistoryEntry("I-2", "", HistoryOutcome.MET, None, days(-200), 0, ())
    edited = [(14, "cc", "ka"), numbered[1]]
    new = check(obligation(Status.MET), rows=rows(*edited), evidence=(LATER,))
    for history, said in (
        ((entry,), "the day: its period is over: met"),
        (
            (),
            "a row changed: registers.xlsx, training sheet, row 14: a cell that is not shown here",
        ),
    ):
        made = replace(new, duties=(replace(new.duties[0], history=history),))
        (own,) = changes(old, made).duties
        assert causes_words(own) == said


def test_a_number_that_stayed_is_given_once() -> None:
    same = met("aa", rows=rows((14, "aa", "ka")))
    assert headline(same, changes(same, same)) == "0 overdue, as before."


def test_the_summary_and_the_workbook_say_what_changed() -> None:
    old = met("aa", rows=rows((14, "aa", "ka"), (15, "bb", "kb")))
    new = check(obligation(Status.OVERDUE, -9), rows=rows((15, "bb", "kb")), evidence=(LATER,))
    made = compared(old, new)
    assert from_json(to_json(made)) == made
    text = summary(made, 100)
    start = text.index("CHANGED SINCE")
    assert text[start : text.index("\n\n", start)].splitlines() == [
        "CHANGED SINCE 24 NOVEMBER 2026. 0 overdue, now 1; 1 met, now 0.",
        "  The evidence: registers.xlsx was changed",
        "  Gone: registers.xlsx, training sheet, row 14. It met 4.6 Do the thing",
        "  4.6 Do the thing: was met, now 9 days overdue. Why: a row gone: registers.xlsx,"
        " training sheet,",
        "    row 14 (A14 person: S-1)",
    ]
    book = load_workbook(BytesIO(to_xlsx(made, "")))
    lines = [[cell.value for cell in line if cell.value] for line in book["Changes"].iter_rows()]
    assert lines[-1][:4] == ["4.6 Do the thing", "office", "met", "9 days overdue"]
    assert any(str(line[1]).startswith("Gone: ") for line in lines if len(line) > 1)
    assert "Changes" not in load_workbook(BytesIO(to_xlsx(new, ""))).sheetnames
