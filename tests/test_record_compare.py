"""What is otherwise in a second check, and why: evidence, a rule, the day alone, the program."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from engine.assessment import (
    Assessment,
    EvidenceStamp,
    HistoryEntry,
    ItemShown,
    MappingStamp,
    ObligationOutcome,
    Program,
    SopStamp,
    UnreadPointer,
    UnreadRows,
    WaiverShown,
)
from engine.outcome import HistoryOutcome, Status
from record.ledger.comparison import Comparison, compare, compare_words
from reports.compare.causes import CITED
from reports.compare.inputs import (
    DAY,
    EVIDENCE,
    KNOWN,
    MAPPING,
    PROGRAM,
    RECORDS,
    RULEBOOK,
    SOP,
)
from reports.compare.row_pairs import beside, cells_changed
from tests.support.assessment_builders import assessment, days, duty, elsewhere, item, obligation

LATER = EvidenceStamp("registers.xlsx", "ee" * 32)
NEWER = Program("dueregard", "0.2.0", "durable-rules and the plain evaluator", "")
TRAINED = item(row=14, date=days(-40), person="S-1", completed_on="2026-10-15")
PERSON = item("people", 3, person="S-1", starts="2025-01-06")


def one(status: Status, left: int | None = None, **changes: object) -> ObligationOutcome:
    """The obligation of S-1."""
    return obligation(status, left, **{"subject": "S-1", **changes})


def of(*obligations: ObligationOutcome, **changes: object) -> Assessment:
    """An assessment with one duty of these obligations; its other parts changed so."""
    return assessment((duty("trained", "Train staff", *obligations),), "", **changes)


def in_words(comparison: Comparison, **more: bool) -> str:
    """The comparison of the two as entries 1 and 2."""
    return compare_words(comparison, (1, 2), **more)


def causes(old: Assessment, new: Assessment) -> list[tuple[str, str]]:
    """Every cause found, in order."""
    found = compare(old, new).duties
    assert found is not None
    flat = [
        cause for duty in found for difference in duty.differences for cause in difference.causes
    ]
    return [(cause.kind, cause.words) for cause in flat]


# What was asked or given otherwise ---------------------------------------------------------------


def test_one_assessment_twice_is_the_same() -> None:
    made = of(one(Status.MET, 9))
    found = compare(made, made)
    assert (found.inputs, found.same, found.duties) == ((), True, ())
    assert in_words(found) == (
        "Entry 1, as of 24 November 2026; beside it entry 2, as of 24 November 2026.\n"
        "Nothing was asked or given otherwise.\n"
        "The two are one and the same assessment."
    )


def test_every_stamp_that_differs_is_named() -> None:
    old = of(one(Status.MET, 9))
    new = replace(
        old,
        as_of=days(54),
        known_by=days(3),
        records_begin=days(-200),
        evidence=(LATER, EvidenceStamp("more.csv", "aa" * 32)),
        rulebook=replace(old.rulebook, version="1.1.0", sha256="ee" * 32),
        program=NEWER,
        mapping=MappingStamp("bb" * 32, ()),
    )
    found = compare(old, replace(new, sop=SopStamp("SOP.docx", "ee" * 32, "1.0")))
    assert [(stamp.kind, stamp.words) for stamp in found.inputs] == [
        (DAY, "as of 24 November 2026, then as of 17 January 2027, 54 days later"),
        (KNOWN, "all rows, then rows recorded by 27 November 2026"),
        (RECORDS, "no day given, then 8 May 2026"),
        (EVIDENCE, "registers.xlsx was changed; more.csv was not given before"),
        (MAPPING, "used now and not before"),
        (RULEBOOK, "made-up-office 1.0.0, then made-up-office 1.1.0"),
        (SOP, "given now and not before"),
        (
            PROGRAM,
            "0.1.0 (durable-rules and the plain evaluator), then 0.2.0 (durable-rules and the"
            " plain evaluator)",
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha256": "ee" * 32}, "made-up-office 1.0.0 in both, and its files are not the same"),
        (
            {"id": "other", "sha256": "ee" * 32},
            "made-up-office 1.0.0, then other 1.0.0",
        ),
    ],
)
def test_a_rulebook_that_differs(changes: dict[str, Any], words: str) -> None:
    old = of(one(Status.MET, 9))
    found = compare(old, replace(old, rulebook=replace(old.rulebook, **changes)))
    assert [(stamp.kind, stamp.words) for stamp in found.inputs] == [(RULEBOOK, words)]


def test_the_same_files_in_another_order() -> None:
    files = (LATER, EvidenceStamp("more.csv", "aa" * 32))
    old = of(one(Status.MET, 9), evidence=files)
    found = compare(old, replace(old, evidence=files[::-1]))
    assert [stamp.words for stamp in found.inputs] == ["the same files in another order"]


def test_a_difference_that_follows_from_nothing_is_called_so() -> None:
    found = compare(of(one(Status.MET, 9)), of(one(Status.DUE, 9)))
    assert in_words(found).splitlines()[1:3] == [
        "Nothing was asked or given otherwise.",
        "And yet the two assessments are not the same, which must not be: send both to whoever"
        " keeps the program for you.",
    ]


# The day alone -----------------------------------------------------------------------------------


def test_the_day_alone() -> None:
    old = of(one(Status.DUE, 12))
    new = of(one(Status.OVERDUE, deadline=days(12), days=-3), as_of=days(15))
    found = compare(old, new)
    assert [change.kind for change in found.inputs] == [DAY]
    assert in_words(found) == (
        "Entry 1, as of 24 November 2026; beside it entry 2, as of 9 December 2026.\n"
        "Asked or given otherwise:\n"
        "  the day: as of 24 November 2026, then as of 9 December 2026, 15 days later\n"
        "Only the day differs, so whatever came out otherwise follows from the day alone.\n"
        "Came out otherwise: 1 duty\n"
        "4.6 Train staff [trained]: due, then overdue\n"
        "  S-1: due in 12 days, then 3 days overdue\n"
        "    the day: its deadline, 6 December 2026, passed between the two days"
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            one(Status.MET, 70),
            one(Status.DUE, deadline=days(70), days=55),
            "notice of its deadline, 2 February 2027, began between them",
        ),
        (
            one(Status.NOT_YET_DUE, 90, opens=days(5)),
            one(Status.DUE, deadline=days(90), days=75, opens=days(5)),
            "it opened on 29 November 2026, between the two days",
        ),
        (
            one(Status.MET, 127, window="2026/27"),
            one(Status.DUE, 492, window="2027/28"),
            "the window 2027/28 took the place of 2026/27",
        ),
        (
            one(Status.DUE, 12),
            one(Status.MET, 377, last_done=days(3)),
            "it was done on 27 November 2026, between the two days",
        ),
        (
            one(Status.DUE, 12),
            one(Status.MET, 377, evidence=(replace(TRAINED, date=days(3)),), last_done=days(3)),
            "registers.xlsx, training sheet, row 14, is dated 27 November 2026, between the two"
            " days",
        ),
        (
            one(Status.WAIVED, 12),
            one(Status.DUE, deadline=days(12), days=2),
            "a waiver covers it on one of the two days alone",
        ),
        (one(Status.DUE, 12), one(Status.CANNOT_TELL), "nothing else differs than the day"),
    ],
)
def test_what_of_it_lies_between_the_two_days(
    before: ObligationOutcome, after: ObligationOutcome, words: str
) -> None:
    """Either way round."""
    old, new = of(before), of(after, as_of=days(15))
    assert causes(old, new) == [(DAY, words)]
    if "took the place" not in words:
        assert causes(new, old) == [(DAY, words)]


def test_an_obligation_that_came_or_went_with_the_day() -> None:
    old = of(one(Status.MET, 9), one(Status.MET, 3, subject="S-2", window="w"))
    came = one(Status.DUE, 30, subject="S-3", opens=days(4))
    past = HistoryEntry("S-2", "w", HistoryOutcome.MET_LATE, None, days(3), 2, ())
    new = replace(of(one(Status.MET, 9), came, as_of=days(15)))
    new = replace(new, duties=(replace(new.duties[0], history=(past,)),))
    assert causes(old, new) == [
        (DAY, "it opened on 28 November 2026, between the two days"),
        (DAY, "its period is over: met late by 2 days"),
    ]
    text = in_words(compare(old, new))
    assert "  S-3: not in the first, then due in 30 days\n" in text
    assert "  S-2, w: met, then no longer there\n" in text


def test_a_version_that_began_between_two_days() -> None:
    begins = datetime.date(2026, 12, 1)
    old, new = of(one(Status.MET, 70)), of(one(Status.DUE, 60, version_from=begins), as_of=days(15))
    assert causes(old, new) == [
        (
            DAY,
            "judged by the rule in force from 1 December 2026, before by that from 1 October 2024",
        )
    ]


def test_only_the_count_of_days_is_no_difference() -> None:
    old = of(one(Status.DUE, 12))
    new = of(one(Status.DUE, deadline=days(12), days=2), as_of=days(10))
    assert compare(old, new).duties == ()
    assert in_words(compare(old, new)).endswith("\nNo duty came out otherwise.")


# The evidence ------------------------------------------------------------------------------------


def changed_to(*evidence: ItemShown, **more: object) -> tuple[Assessment, Assessment]:
    """S-1 met by TRAINED, and by this evidence in another workbook."""
    old = of(one(Status.MET, 100, evidence=(TRAINED,), listed_at=PERSON))
    new = of(one(Status.MET, 100, evidence=evidence, listed_at=PERSON), evidence=(LATER,), **more)
    return old, new


def test_a_row_that_only_moved_is_no_difference() -> None:
    assert causes(*changed_to(replace(TRAINED, row=19))) == []


def test_a_cell_that_was_changed() -> None:
    other = item(row=14, date=days(-39), person="S-1", completed_on="2026-10-16")
    assert causes(*changed_to(other)) == [
        (
            EVIDENCE,
            "registers.xlsx, training sheet, row 14 was changed: B14 completed on: 15/10/2026, now"
            " 16/10/2026",
        )
    ]


def test_rows_that_one_alone_cites() -> None:
    other = item(row=20, date=days(-3), person="S-1", completed_on="2026-11-21")
    assert causes(*changed_to(other)) == [
        (
            EVIDENCE,
            "cited before and not now: registers.xlsx, training sheet, row 14 (A14 person: S-1; B14"
            " completed on: 15/10/2026)",
        ),
        (
            EVIDENCE,
            "cited now and not before: registers.xlsx, training sheet, row 20 (A20 person: S-1;"
            " B20 completed on: 21/11/2026)",
        ),
    ]


def unsure(which: str, cells: str, other: str) -> tuple[str, str]:
    """That a row is cited in one alone, and that nobody can tell whether the other has it."""
    return (
        "",
        f"{CITED[which]}: registers.xlsx, training sheet, {cells}; the two do not tell"
        f" whether the files of the {other} have it",
    )


TRAINED_CELLS = "row 14 (A14 person: S-1; B14 completed on: 15/10/2026)"


@pytest.mark.parametrize("differs", [{"as_of": days(1)}, {"program": NEWER}])
def test_where_more_than_the_evidence_differs_nobody_can_tell_whether_a_row_is_in_both(
    differs: dict[str, object],
) -> None:
    other = item(row=20, date=days(-3), person="S-1", completed_on="2026-11-21")
    found = causes(*changed_to(other, **differs))
    assert found[0][1].startswith("one of these: the")
    assert found[1:] == [
        unsure("first", TRAINED_CELLS, "second"),
        unsure("second", "row 20 (A20 person: S-1; B20 completed on: 21/11/2026)", "first"),
    ]


def test_a_row_that_the_other_one_cites_elsewhere_is_in_both() -> None:
    """By another obligation, or in its history; not so one that has no fingerprint."""
    marked = replace(TRAINED, fingerprint="aa")
    old = of(one(Status.MET, 100, evidence=(marked,)))
    now = one(Status.OVERDUE, -2)
    else_where = one(Status.MET, 9, subject="S-2", evidence=(replace(marked, row=15),))
    new = of(now, else_where, as_of=days(1), evidence=(LATER,))
    told = compare(old, new).duties
    assert told is not None
    (pair, _) = told[0].differences
    assert [cause.kind for cause in pair.causes] == [""]
    assert pair.causes[0].words.startswith("one of these: the day and the evidence")
    past = HistoryEntry(
        "S-1", "w", HistoryOutcome.MET, None, days(3), 0, (replace(marked, row=15),)
    )
    new = of(now, as_of=days(1), evidence=(LATER,))
    kept = replace(new, duties=(replace(new.duties[0], history=(past,)),))
    assert unsure("first", TRAINED_CELLS, "second") not in causes(old, kept)
    assert unsure("first", TRAINED_CELLS, "second") in causes(old, new)


def test_a_row_of_a_file_that_both_were_given_is_in_both() -> None:
    old = of(one(Status.MET, 100, evidence=(TRAINED,)))
    more = EvidenceStamp("more.csv", "aa" * 32)
    new = of(one(Status.OVERDUE, -2), as_of=days(1), evidence=(*old.evidence, more))
    assert [kind for kind, _ in causes(old, new)] == [""]
    assert "one of these: the day and the evidence" in causes(old, new)[0][1]


def test_a_row_that_was_put_in_above_is_no_change_of_the_row_below() -> None:
    marked = replace(TRAINED, fingerprint="aa")
    put_in = item(row=14, date=days(-1), person="S-1", completed_on="2026-11-23")
    put_in = replace(put_in, fingerprint="bb")
    moved = one(Status.MET, 9, subject="S-2", evidence=(replace(marked, row=15),))
    old = of(one(Status.MET, 100, evidence=(marked,)), moved)
    new = of(one(Status.MET, 200, evidence=(put_in,)), moved, evidence=(LATER,))
    assert not [words for _, words in causes(old, new) if "was changed" in words]


def test_a_row_dated_between_the_days_counts_from_its_day_on() -> None:
    other = item(row=20, date=days(3), person="S-1", completed_on="2026-11-27")
    assert causes(*changed_to(other, as_of=days(15))) == [
        unsure("first", TRAINED_CELLS, "second"),
        (
            DAY,
            "registers.xlsx, training sheet, row 20, is dated 27 November 2026, between the two"
            " days",
        ),
    ]


def test_what_is_undone_is_not_overdue_because_its_deadline_passed() -> None:
    met = one(Status.MET, 12, evidence=(TRAINED,), last_done=days(-40))
    undone = one(Status.OVERDUE, deadline=days(12), days=-3)
    found = causes(of(met), of(undone, as_of=days(15), evidence=(LATER,)))
    assert not [words for _, words in found if "its deadline" in words]
    again = replace(undone, last_done=days(-40))
    found = causes(of(met), of(again, as_of=days(15), evidence=(LATER,)))
    assert (DAY, "its deadline, 6 December 2026, passed between the two days") in found


def test_a_sheet_that_was_provided_for_one_alone() -> None:
    old, new = of(one(Status.NOT_ASSESSED)), of(one(Status.MET, 9), evidence=(LATER,))
    old = replace(old, duties=(replace(old.duties[0], not_given=("Training", "Staff")),))
    assert causes(old, new) == [
        (EVIDENCE, "no 'Training' sheet was provided for the first"),
        (EVIDENCE, "no 'Staff' sheet was provided for the first"),
    ]
    assert causes(new, old)[0] == (EVIDENCE, "no 'Training' sheet was provided for the second")


def test_the_register_of_waivers_says_otherwise() -> None:
    old = of(one(Status.OVERDUE, -2))
    waiver = WaiverShown("trained", "S-1", "r", "CEx", days(-9), days(9), "in force", "w")
    new = of(one(Status.WAIVED, -2), waivers=(waiver,), evidence=(LATER,))
    assert causes(old, new) == [(EVIDENCE, "the register of waivers says otherwise of it")]


def test_a_sensitive_cell_is_compared_by_the_fingerprint_of_its_row_alone() -> None:
    """Without one it is not compared."""
    hidden = item(row=14, person="S-1", reason=None)
    assert not beside([hidden], [replace(hidden, row=19)])
    old, new = replace(hidden, fingerprint="aa"), replace(hidden, fingerprint="bb")
    assert not beside([old], [replace(old, row=19)])
    assert beside([old], [new]).changed == ((old, new),)
    assert cells_changed(old, new) == "a cell that is not shown here"


def test_a_cell_that_no_rule_reads_is_no_difference() -> None:
    old = replace(TRAINED, fingerprint="aa")
    assert not beside([old], [replace(old, fingerprint="bb")])


def test_rows_of_one_fingerprint_are_alike_whatever_is_shown_of_them() -> None:
    old = replace(TRAINED, fingerprint="aa")
    assert not beside([old], [elsewhere(replace(PERSON, fingerprint="aa"), register="training")])


def test_the_rows_that_are_set_beside_each_other() -> None:
    """One stands still, one moved to where one was changed, one went and one came."""
    old = [item(row=row, a=text) for row, text in ((1, "x"), (2, "y"), (3, "z"), (4, "w"))]
    new = [item(row=row, a=text) for row, text in ((1, "x"), (3, "y"), (4, "v"), (5, "u"))]
    found = beside(old, new)
    assert found.changed == ((old[3], new[2]),)
    assert (found.gone, found.come) == ((old[2],), (new[3],))


# What was known, the rulebook, the program -------------------------------------------------------


def test_what_was_known_alone() -> None:
    old = of(one(Status.MET, 100, evidence=(TRAINED,)))
    new = of(one(Status.DUE, 9), known_by=days(-50))
    assert causes(old, new) == [
        (
            KNOWN,
            "registers.xlsx, training sheet, row 14 (A14 person: S-1; B14 completed on: 15/10/2026)"
            " counts in one of the two alone",
        )
    ]


def test_the_day_on_which_records_begin_alone() -> None:
    unmet = one(Status.OVERDUE, -300, subject="meeting SG-1")
    past = HistoryEntry(
        "meeting SG-1", "", HistoryOutcome.BEFORE_RECORDS, days(-328), days(-300), 0, ()
    )
    met = one(Status.MET, 9)
    old, new = of(unmet, met), of(met, records_begin=days(-100))
    new = replace(new, duties=(replace(new.duties[0], history=(past,)),))
    said = "its deadline, 28 January 2026, was before 16 August 2026, when records begin in the"
    assert causes(old, new) == [(RECORDS, f"{said} second")]
    assert causes(new, old) == [(RECORDS, f"{said} first")]
    assert [change.kind for change in compare(old, new).inputs] == [RECORDS]


def test_missed_windows_from_before_records_began_are_the_cause() -> None:
    old = of(one(Status.OVERDUE, -147, window="2026/27 Q3", deadline=days(37)))
    new = of(one(Status.DUE, 37, window="2026/27 Q3"), records_begin=days(-100), evidence=(LATER,))
    assert causes(old, new) == [
        (
            RECORDS,
            "windows that were missed before 16 August 2026, when records begin in the second, "
            "do not count there",
        )
    ]


def test_an_earlier_day_of_records_is_no_cause_of_what_lies_after_it() -> None:
    old = of(one(Status.OVERDUE, -5, subject="meeting SG-1"))
    new = of(one(Status.MET, subject="meeting SG-1"), records_begin=days(-100))
    assert causes(old, new) == [
        (RECORDS, "nothing else differs than the day on which records begin")
    ]


def test_another_mapping_reads_a_row_in_another_way() -> None:
    first, second = (MappingStamp(digit * 64, ()) for digit in "ab")
    read = item(row=14, date=days(-39), person="S-1", completed_on="2026-10-16")
    old = of(one(Status.MET, 100, evidence=(TRAINED,), listed_at=PERSON), mapping=first)
    new = of(one(Status.MET, 100, evidence=(read,), listed_at=PERSON), mapping=second)
    assert [(stamp.kind, stamp.words) for stamp in compare(old, new).inputs] == [
        (MAPPING, "another one")
    ]
    cells = "B14 completed on: 15/10/2026, now 16/10/2026"
    assert causes(old, new) == [
        (MAPPING, f"registers.xlsx, training sheet, row 14 is read in another way: {cells}")
    ]
    both = replace(new, evidence=(LATER,))
    assert causes(old, both) == [
        (
            "",
            "one of these: the evidence and the mapping of your own sheets; the two do not"
            " tell which",
        ),
        ("", f"registers.xlsx, training sheet, row 14 was changed: {cells}"),
    ]


def test_the_rulebook_alone() -> None:
    old = of(one(Status.MET, 100))
    book = replace(old.rulebook, sha256="ee" * 32)
    new = of(one(Status.DUE, 30, version_from=datetime.date(2026, 4, 1)), rulebook=book)
    new = replace(new, duties=(replace(new.duties[0], pattern="rolling, every 6 months"),))
    assert causes(old, new) == [
        (
            RULEBOOK,
            "judged by the rule in force from 1 April 2026, before by that from 1 October 2024",
        ),
        (RULEBOOK, "the rule asks for: rolling, every 6 months; before: rolling, every 12 months"),
    ]


def test_a_duty_that_is_in_one_rulebook_alone() -> None:
    old = of(one(Status.MET, 100))
    new = replace(old, duties=(), rulebook=replace(old.rulebook, sha256="ee" * 32))
    assert causes(old, new) == [(RULEBOOK, "the duty is in one of the two assessments alone")]
    assert "Train staff [trained]: met, then not in the second\n" in in_words(compare(old, new))


def test_the_program_alone() -> None:
    old, new = of(one(Status.MET, 100)), of(one(Status.DUE, 100), program=NEWER)
    assert causes(old, new) == [(PROGRAM, "nothing else differs than the program")]


def test_where_nothing_was_seen_the_two_do_not_tell_which() -> None:
    old = of(one(Status.MET, 100))
    new = of(one(Status.CANNOT_TELL), program=NEWER, as_of=days(3), evidence=(LATER,))
    assert causes(old, new) == [
        ("", "one of these: the day, the evidence and the program; the two do not tell which")
    ]
    assert "    one of these: the day" in in_words(compare(old, new))


# Many --------------------------------------------------------------------------------------------


def test_many_obligations_are_counted_unless_all_are_asked_for() -> None:
    numbers = range(50)
    old = of(*(one(Status.DUE, 12, subject=f"S-{n:02}") for n in numbers))
    late = [one(Status.OVERDUE, deadline=days(12), days=-3, subject=f"S-{n:02}") for n in numbers]
    found = compare(old, of(*late, as_of=days(15)))
    text = in_words(found)
    assert text.count(": due in 12 days, then 3 days overdue\n") == 20
    assert text.endswith("\n  and 30 more obligations (--all tells them)")
    assert in_words(found, whole=True).count("then 3 days overdue") == 50


def test_several_of_one_subject_and_window_are_paired_in_their_order() -> None:
    old = of(one(Status.CANNOT_TELL), one(Status.CANNOT_TELL), one(Status.MET, 3, window="w"))
    assert compare(old, replace(old, program=NEWER)).duties == ()


def test_a_cause_is_told_once() -> None:
    old = of(one(Status.DUE, 12, evidence=()))
    twice = replace(TRAINED, date=days(3))
    new = of(one(Status.MET, 377, evidence=(twice, twice)), as_of=days(15))
    assert len(causes(old, new)) == 1


def test_what_would_act_on_a_terminal_is_shown_and_does_not_act() -> None:
    old = of(one(Status.DUE, 12, subject="S\x1b[2J"))
    new = of(one(Status.OVERDUE, deadline=days(12), days=-3, subject="S\x1b[2J"), as_of=days(15))
    text = in_words(compare(old, new))
    assert "\x1b" not in text
    assert "S\\u001b[2J" in text


# Unread rows that several obligations point to -------------------------------------------------


def _unread(*rows: ItemShown) -> UnreadRows:
    return UnreadRows("trained-unread-1", "training", "Training", "person", rows)


def _pointing(status: Status, *rows: ItemShown, **changes: object) -> Assessment:
    """S-1, and S-2 who is overdue: any of the rows might be about them."""
    pointers = (UnreadPointer("trained-unread-1", len(rows)),)
    own = one(status, 9, **changes)
    mine = own if status is Status.MET else replace(own, unread_groups=pointers)
    other = obligation(Status.OVERDUE, -9, subject="S-2", unread_groups=pointers)
    made = duty("trained", "Train staff", mine, other, unread_rows=(_unread(*rows),))
    return assessment((made,))


def _nobody(row: int, day: str = "2026-10-15") -> ItemShown:
    return item(row=row, date=days(-40), person="", completed_on=day)


def test_a_row_that_said_nobody_and_says_somebody_now_was_changed() -> None:
    old = _pointing(Status.OVERDUE, _nobody(14), _nobody(15))
    new = replace(_pointing(Status.MET, _nobody(15), evidence=(TRAINED,)), evidence=(LATER,))
    assert causes(old, new) == [
        (EVIDENCE, "registers.xlsx, training sheet, row 14 was changed: A14 person: blank, now S-1")
    ]
    text = in_words(compare(old, new))
    assert text.endswith(
        "  Rows that cannot be read and might meet several of its obligations, in the first alone: "
        "registers.xlsx, training sheet, row 14"
    )


def test_where_only_such_rows_differ_the_duty_says_so_and_no_obligation_does() -> None:
    old = _pointing(Status.OVERDUE, _nobody(14), _nobody(15))
    rows = _nobody(14, "3 May"), _nobody(15), _nobody(16, "4 May"), _nobody(17, "5 May")
    new = replace(_pointing(Status.OVERDUE, *rows), evidence=(LATER,))
    found = compare(old, new).duties
    assert found is not None
    assert [each.differences for each in found] == [()]
    about = "  Rows that cannot be read and might meet several of its obligations"
    place = "registers.xlsx, training sheet"
    assert in_words(compare(old, new)).splitlines()[-2:] == [
        f"{about}, in the second alone: {place}, rows 16 to 17",
        f"{about}, with other cells in the second: {place}, row 14",
    ]


def test_such_rows_that_only_moved_are_no_difference() -> None:
    old = _pointing(Status.OVERDUE, _nobody(14), _nobody(15, "2026-10-16"))
    new = replace(
        _pointing(Status.OVERDUE, _nobody(24), _nobody(14, "2026-10-16")), evidence=(LATER,)
    )
    assert compare(old, new).duties == ()


def test_a_row_that_might_meet_one_alone_and_then_several_is_no_difference() -> None:
    old = of(
        one(Status.OVERDUE, -9, unreadable=(_nobody(14),)), obligation(Status.MET, 9, subject="S-2")
    )
    pointers = (UnreadPointer("trained-unread-1", 1),)
    mine = one(Status.OVERDUE, -9, unread_groups=pointers)
    other = obligation(Status.DUE, 9, subject="S-2", unread_groups=pointers)
    shared = duty("trained", "Train staff", mine, other, unread_rows=(_unread(_nobody(14)),))
    (found,) = compare(old, replace(assessment((shared,)), evidence=(LATER,))).duties or ()
    assert [difference.pair.shown.subject for difference in found.differences] == ["S-2"]


def test_many_rows_that_moved_are_found_again() -> None:
    old = [_nobody(row, str(row)) for row in range(2, 2002)]
    new = [replace(each, row=each.row + 5000) for each in old]
    assert not beside(old, new)
    assert beside(old, new[1:]).gone == (old[0],)
    assert beside(old[1:], new).come == (new[0],)
