"""Findings that are acknowledged, and acknowledgements that have no effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.assessment import Assessment
from evidence.problem import ProblemKind
from evidence.table import CellState, Table
from reports.view import exit_code
from rules.model import Duty, Remark
from rules.patterns import EvidenceQuery, Standing
from tests.support import engine_builders as make
from tests.support.engine_builders import Cell, Row, acknowledgement, filled, version
from tests.support.keyed_registers import (
    DOCUMENTS,
    REGISTERS,
    REVIEWS,
    about_meetings,
    at,
    met,
    minuted_yearly,
    review,
)
from tests.support.small_check import checked

ON = "2026-05-20"
LATER, DECISION, CONFLICT = "Dated after the check", "Decision to note", "Dates conflict"
INCOMPLETE, AMBIGUOUS = "Acknowledgement incomplete", "Acknowledgement is ambiguous"
NOTHING, EXPIRED = "Acknowledgement matches nothing", "Acknowledgement expired"


def _yearly() -> Duty:
    """A review each year; one that is published is a decision to note."""
    duty = minuted_yearly(filled("subject"))
    remark = Remark(where=(filled("published on"),), say="It was published")
    changed = duty.versions[0].model_copy(update={"remarks": (remark,)})
    named = {"versions": (changed,), "aliases": ("old-name",), "title": "Review of the model"}
    return duty.model_copy(update=named)


DUTIES = (_yearly(),)


def _check(given: list[Table], *rows: Row, duties: tuple[Duty, ...] = DUTIES) -> Assessment:
    book = make.rulebook((*REGISTERS, make.ACKNOWLEDGEMENTS), *duties)
    return checked(book, ON, *given, make.table(make.ACKNOWLEDGEMENTS, *rows))


def _listed(assessment: Assessment) -> list[tuple[str, str]]:
    """The kinds of the findings to check, each with the rows that it is about."""
    return [(finding.kind, "; ".join(finding.rows)) for finding in assessment.findings]


def _left_out(assessment: Assessment) -> list[tuple[str, str]]:
    return [(e.finding.kind, "; ".join(e.finding.rows)) for e in assessment.acknowledged]


def _message(assessment: Assessment, kind: str) -> str:
    """The only finding of a kind, with its place."""
    (one,) = (finding for finding in assessment.findings if finding.kind == kind)
    return f"{one.message} ({one.places[0].rpartition('!')[2]})"


def _reviews(*rows: Row) -> Table:
    return make.table(REVIEWS, *rows)


def _dated(ref: str, on: str = "2026-06-01", **more: Cell) -> Row:
    """A review; without a day, one after the day of the check."""
    return {**review(on=on, **more), "ref": ref}


TWO = [_reviews(_dated("R-1"), _dated("R-2", "2026-06-02"))]


# What is acknowledged ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [LATER, " dated  after the CHECK", "dated-after-the-check."])
@pytest.mark.parametrize("about", ["R-1", " r-1 ", "Review R-1", "R-1; r-1", "R-1;"])
def test_a_row_is_named_by_its_key_or_as_reports_print_it(kind: str, about: str) -> None:
    assessment = _check(TWO, acknowledgement(kind, about))
    assert _left_out(assessment) == [(LATER, "R-1")]
    assert _listed(assessment) == [(LATER, "R-2")]


@pytest.mark.parametrize(
    "about", ["the-duty", "Old-Name", "review of the MODEL", "1 Review of the model"]
)
def test_a_duty_is_named_by_its_id_or_as_reports_print_it(about: str) -> None:
    assessment = _check(TWO, acknowledgement(LATER, about))
    assert _left_out(assessment) == [(LATER, "R-1"), (LATER, "R-2")]
    assert _listed(assessment) == []


def test_an_acknowledgement_keeps_its_post_end_and_reason() -> None:
    (one,) = _check(TWO, acknowledgement(LATER, "R-1")).acknowledged
    assert one.finding in _check(TWO).findings
    assert (one.by_post, str(one.until)) == ("Prevent Lead", "2026-12-31")
    assert one.reason == "seen by the Board"
    assert one.place == "acknowledgements.csv!acknowledgements!row 2"


def test_a_decision_can_be_acknowledged() -> None:
    given = [_reviews(_dated("R-1", "2026-05-01", published_on="2026-05-02"))]
    assert _listed(_check(given)) == [(DECISION, "R-1")]
    assert _left_out(_check(given, acknowledgement(DECISION, "R-1"))) == [(DECISION, "R-1")]


def test_only_findings_of_its_kind_are_acknowledged() -> None:
    published = {"published_on": "2026-05-02"}
    given = [_reviews(_dated("R-1", "2026-05-01", **published), _dated("R-2"))]
    assessment = _check(given, acknowledgement(DECISION, "the-duty"))
    assert _listed(assessment) == [(LATER, "R-2")]


def test_no_status_deadline_count_or_exit_code_changes() -> None:
    for rows in ((), (acknowledgement(LATER, "the-duty"),), (acknowledgement("x", "y"),)):
        assessment = _check(TWO, *rows)
        assert assessment.duties == _check(TWO).duties
        assert assessment.status == _check(TWO).status
        assert exit_code(assessment) == exit_code(_check(TWO))


def test_its_last_day_is_included() -> None:
    assert _left_out(_check(TWO, acknowledgement(LATER, "R-1", ON))) == [(LATER, "R-1")]
    assert _left_out(_check(TWO, acknowledgement(LATER, "R-1", "2026-05-19"))) == []


def test_of_several_the_one_that_lasts_longest_is_shown_and_it_counts_once() -> None:
    rows = [acknowledgement(LATER, "R-1", f"2026-{month}-30") for month in ("06", "11", "09")]
    (one,) = _check(TWO, *rows, acknowledgement(LATER, "the-duty", "2026-07-01")).acknowledged[:1]
    assert str(one.until) == "2026-11-30"


# The two worst mistakes -------------------------------------------------------------------------


def test_a_finding_of_another_row_is_never_left_out() -> None:
    """Nor one of another row with the same reference, on the same sheet or another one."""
    meeting = met(at("R-1", "2026-05-01"))
    assert _left_out(_check([*TWO, meeting], acknowledgement(LATER, "R-1"))) == []
    twice = _reviews(_dated("R-1"), _dated("R-1", "2026-06-02"))
    assert _left_out(_check([twice], acknowledgement(LATER, "R-1"))) == []
    assert _left_out(_check([twice], acknowledgement(LATER, "Review R-1"))) == []


def test_a_later_finding_about_another_row_is_on_the_list() -> None:
    row = acknowledgement(LATER, "R-1")
    now, later = _reviews(_dated("R-1")), _reviews(_dated("R-1"), _dated("R-3", "2026-07-01"))
    assert _listed(_check([now], row)) == []
    assert _listed(_check([later], row)) == [(LATER, "R-3")]
    corrected = _reviews(_dated("R-1", "2026-05-01"), _dated("R-3", "2026-07-01"))
    assert (LATER, "R-3") in _listed(_check([corrected], row))


def _papers(*rows: tuple[str, str, str]) -> list[Table]:
    cells = [
        {"ref": ref, "kind": "model", "issued on": issued, "ended on": ended}
        for ref, issued, ended in rows
    ]
    return [make.table(DOCUMENTS, *cells)]


STANDING = Standing.model_validate({"kind": "standing", "begins": "issued on", "ends": "ended on"})
PAPERS = make.duty(version(STANDING, evidence=EvidenceQuery(register="documents")))
OLD, NEW = ("D-1", "2025-01-01", "2028-01-01"), ("D-2", "2026-01-01", "2027-01-01")


def test_a_finding_about_two_rows_is_named_by_both() -> None:
    """So that one of them with a third row, another time, is another finding."""
    given = _papers(OLD, NEW)
    assert _listed(_check(given, duties=(PAPERS,))) == [(CONFLICT, "D-2; D-1")]
    for about in ("D-1; D-2", "D-2;d-1", "Document D-2; D-1"):
        assert _listed(_check(given, acknowledgement(CONFLICT, about), duties=(PAPERS,))) == []
    third = _papers(("D-3", "2025-02-01", "2028-02-01"), NEW)
    both = _check(third, acknowledgement(CONFLICT, "D-1; D-2"), duties=(PAPERS,))
    assert (CONFLICT, "D-2; D-3") in _listed(both)
    half = _check(given, acknowledgement(CONFLICT, "D-2"), duties=(PAPERS,))
    assert (CONFLICT, "D-2; D-1") in _listed(half)
    assert _message(half, NOTHING) == (
        "This point is about more rows than 'D-2', so the acknowledgement has no effect. Enter "
        "'D-2; D-1' instead. (B2)"
    )


def test_a_row_of_a_sheet_without_references_is_named_with_its_day() -> None:
    """So that a later waiver for the same person is another row."""
    spec = make.WAIVERS.model_copy(
        update={"key": None, "columns": make.WAIVERS.columns[1:], "dated_by": "from"}
    )
    waiver = {
        k: v for k, v in make.waiver("SG-9", "2026-05-01", "2026-06-30").items() if k != "ref"
    }
    given = [make.table(spec, waiver), met(at("SG-1", "2026-05-01"))]
    book = make.rulebook(
        (*(e for e in REGISTERS if e.id != "waivers"), spec, make.ACKNOWLEDGEMENTS),
        about_meetings(),
    )
    name = "Waiver of 'the-duty' for SG-9 (1 May 2026)"
    row = make.table(make.ACKNOWLEDGEMENTS, acknowledgement("Waiver matches nothing", name))
    assert _left_out(checked(book, ON, *given, row)) == [("Waiver matches nothing", name)]
    replaced = [make.table(spec, {**waiver, "from": "2026-05-02"}), given[1]]
    assert _left_out(checked(book, ON, *replaced, row)) == []


def test_a_row_whose_key_the_program_made_is_named_with_its_day() -> None:
    """As in a sheet that is read through a mapping and has no references (docs/mapping.md)."""

    def made(*rows: Row) -> Table:
        """The reviews without references: each has a key that is in no cell."""
        table = _reviews(*rows)
        keys = [f"row {number:064}" for number in range(len(table))]
        unseen = replace(table.columns["ref"], raw=[""] * len(table), value=keys)
        return replace(table, columns={**table.columns, "ref": unseen})

    name = "Review (1 June 2026)"
    alone = made(_dated("1"), _dated("2", "2026-06-02"))
    assert _listed(_check([alone])) == [(LATER, name), (LATER, "Review (2 June 2026)")]
    row = acknowledgement(LATER, name)
    assert _left_out(_check([alone], row)) == [(LATER, name)]
    same_day = made(_dated("1"), _dated("2", minuted="SG-1"))
    assert _left_out(_check([same_day], row)) == []
    assert "Give each row a reference of its own." in _message(_check([same_day], row), AMBIGUOUS)


# Those without effect ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"reason": CellState.BLANK}, "Fill in 'reason'. (C2)"),
        ({"until": CellState.UNREADABLE}, "Fill in 'until' ('tbc' says nothing). (E2)"),
        (
            {"finding": CellState.BLANK, "duty or row": CellState.BLANK},
            "Fill in 'finding' and 'duty or row'. (A2)",
        ),
        ({"by post": make.Unread("Mx X")}, "Fill in 'by post' ('Mx X' cannot be read). (D2)"),
    ],
)
def test_one_that_lacks_something_does_nothing_and_says_what(cells: Row, words: str) -> None:
    assessment = _check(TWO, {**acknowledgement(LATER, "R-1"), **cells})
    assert assessment.acknowledged == ()
    assert _message(assessment, INCOMPLETE) == (
        f"This acknowledgement is incomplete and has no effect. {words}"
    )


def _unfit(kind: str, about: str, given: list[Table] = TWO) -> str:
    assessment = _check(given, acknowledgement(kind, about))
    assert assessment.acknowledged == ()
    return _message(assessment, NOTHING)


def test_one_that_is_about_nothing_on_the_list_names_the_nearest() -> None:
    assert _unfit(LATER, "R 1") == (
        "No point of this kind is about 'R 1', so the acknowledgement has no effect. Correct the "
        "name, or delete the row if the point was dealt with. The nearest names are 'R-1' and "
        "'R-2'. (B2)"
    )
    assert _unfit("Dated after check", "R-1") == (
        "No point to check is of the kind 'Dated after check', so the acknowledgement has no "
        "effect. Correct the name, or delete the row if the point was dealt with. A point "
        "about 'R-1' is of the kind 'Dated after the check'. (A2)"
    )
    assert _unfit("Dated after check", "R-9").endswith(
        "The nearest name is 'Dated after the check'. (A2)"
    )


def test_the_names_of_duties_are_offered_too() -> None:
    assert _unfit(LATER, "Review of a model").endswith(
        "The nearest name is '1 Review of the model'. (B2)"
    )


def test_a_row_is_not_named_by_its_number() -> None:
    """Rows are sorted and added, and a number would then be that of another row."""
    assert "is about 'row 2'" in _unfit(LATER, "row 2")


def test_the_nearest_names_are_looked_for_a_few_times_only() -> None:
    rows = [acknowledgement(LATER, f"R 1{n}") for n in range(12)]
    messages = [e.message for e in _check(TWO, *rows).findings if e.kind == NOTHING]
    assert [" nearest " in message for message in messages] == [True] * 10 + [False] * 2


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_a_problem_cannot_be_acknowledged(kind: ProblemKind) -> None:
    assert _unfit(kind.value, "R-1") == (
        f"'{kind.value}' is a problem, so the acknowledgement has no effect. A cell or a sheet "
        "that cannot be read cannot be acknowledged. Correct it. (A2)"
    )


def test_a_finding_about_an_acknowledgement_cannot_be_acknowledged() -> None:
    assert _unfit(NOTHING, "R-1") == (
        "'Acknowledgement matches nothing' is about an acknowledgement, so the acknowledgement "
        "has no effect. Correct the row of this sheet that the point is about. (A2)"
    )


def test_an_ambiguous_acknowledgement_names_both_rows_and_what_to_enter() -> None:
    meeting = met(at("R-1", "2026-05-01"))
    assessment = _check([*TWO, meeting], acknowledgement(LATER, "R-1"))
    assert _message(assessment, AMBIGUOUS) == (
        "'R-1' may mean row 2 of the meetings sheet or row 2 of the reviews sheet, so the "
        "acknowledgement has no effect. Enter 'Review R-1' instead. (B2)"
    )
    assert _left_out(_check([*TWO, meeting], acknowledgement(LATER, "Review R-1"))) != []


def test_an_acknowledgement_that_fits_two_rows_of_one_sheet_asks_for_references() -> None:
    twice = _reviews(_dated("R-1"), _dated("R-1", "2026-06-02"))
    assert _message(_check([twice], acknowledgement(LATER, "R-1")), AMBIGUOUS) == (
        "'R-1' may mean row 2 of the reviews sheet or row 3 of the reviews sheet, so the "
        "acknowledgement has no effect. Give each row a reference of its own. (B2)"
    )


def test_an_acknowledgement_that_fits_a_duty_and_a_row_has_no_effect() -> None:
    """Not even where only one of them has such a finding today."""
    given = [*TWO, met(at("the-duty", "2026-05-01"))]
    assessment = _check(given, acknowledgement(LATER, "the-duty"))
    assert assessment.acknowledged == ()
    assert _message(assessment, AMBIGUOUS) == (
        "'the-duty' may mean the duty 1 Review of the model (the-duty) or row 2 of the meetings "
        "sheet, so the acknowledgement has no effect. Enter '1 Review of the model' instead. (B2)"
    )


def test_an_acknowledgement_that_fits_two_duties_has_no_effect() -> None:
    other = DUTIES[0].model_copy(update={"id": "other-duty", "aliases": ()})
    row = acknowledgement(LATER, "Review of the model")
    assessment = _check(TWO, row, duties=(*DUTIES, other))
    assert assessment.acknowledged == ()
    assert _message(assessment, AMBIGUOUS).endswith(
        "Enter 'other-duty' or 'the-duty' instead. (B2)"
    )


def test_an_ended_acknowledgement_says_once_that_its_points_are_back() -> None:
    ended = [acknowledgement(LATER, name, "2026-05-19") for name in ("the-duty", "Old-name")]
    assessment = _check(TWO, *ended, acknowledgement(LATER, "R-1", "2026-04-30"))
    assert [finding.kind for finding in assessment.findings] == [LATER, LATER, EXPIRED]
    assert _message(assessment, EXPIRED) == (
        "This acknowledgement ended on 19 May 2026, so its 2 points are back on the list. If "
        "nothing has to change, enter a later date in 'until'. (E3)"
    )
    (one,) = (finding for finding in assessment.findings if finding.kind == EXPIRED)
    assert one.duty == "the-duty"


def test_an_ended_acknowledgement_is_not_mentioned_if_another_covers_it() -> None:
    ended, now = acknowledgement(LATER, "R-1", "2026-05-19"), acknowledgement(LATER, "R-1")
    assert _listed(_check(TWO, ended, now)) == [(LATER, "R-2")]
    assert _listed(_check(TWO, ended, acknowledgement(LATER, "the-duty"))) == []
    for about in ("R-9", "R-1; R-2"):  # it fits nothing any more
        kinds = [
            kind for kind, _ in _listed(_check(TWO, acknowledgement(LATER, about, "2026-05-19")))
        ]
        assert kinds == [LATER, LATER]


def test_a_rulebook_may_have_no_such_sheet() -> None:
    assert checked(make.rulebook(REGISTERS, *DUTIES), ON, *TWO).acknowledged == ()
