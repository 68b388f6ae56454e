"""Each kind of finding is raised by what it is about, and by nothing that only looks like it."""

from __future__ import annotations

import pytest

from engine.proof.phrases import thing_of
from evidence.table import CellState, Table
from rules.model import Duty, Remark
from rules.patterns import Content, EvidenceQuery, Pattern, Rolling, Standing
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    BY_DATE,
    GROUP,
    NIL,
    REVIEW,
    complete,
    documents,
    meeting,
    reviews,
    standing,
    triggered,
    yearly,
)
from tests.support.engine_builders import Row, days, equals, filled, version
from tests.support.small_check import assessed, checked

Found = list[tuple[str, str, tuple[str, ...]]]
ON = "2026-05-20"
NAMED = BY_DATE.model_copy(update={"period": "for period"})
QUARTERLY = yearly(NAMED, period="quarter", grace=days(28), nil_return=NIL)


def found(kind: str, *duties: Duty, on: str = ON, given: tuple[Table, ...] = ()) -> Found:
    """The findings of a kind: duty, message and places."""
    assessment = assessed(*duties, on=on, given=given)
    return [
        (finding.duty, finding.message, finding.places)
        for finding in assessment.findings
        if finding.kind == kind
    ]


def kinds(*duties: Duty, on: str = ON, given: tuple[Table, ...] = ()) -> set[str]:
    """The kinds of all findings."""
    return {finding.kind for finding in assessed(*duties, on=on, given=given).findings}


@pytest.mark.parametrize(
    ("register", "thing"),
    [
        ("reviews", "Review"),
        ("tenancies", "Tenancy"),
        ("fire watches", "Fire watch"),
        ("premises", "Premises"),
        ("minutes", "Minute"),
        ("fire access", "Fire access record"),
        ("training", "Training record"),
    ],
)
def test_a_row_is_called_by_the_singular_of_its_register(register: str, thing: str) -> None:
    assert thing_of(register) == thing


# Items ------------------------------------------------------------------------------------------


def test_a_register_that_was_not_given_gives_a_status_and_no_finding() -> None:
    assert kinds(yearly(), given=(make.missing(make.REVIEWS),)) == set()
    assert kinds(triggered(), given=(make.missing(make.MEETINGS),)) == set()


def test_an_item_dated_after_the_check_is_pointed_out() -> None:
    (one,) = found("Dated after the check", yearly(), given=(reviews("2026-05-21"),))
    assert one[1].startswith("Dated 21 May 2026")
    assert one[2] == ("reviews.csv!reviews!C2",)
    assert found("Dated after the check", yearly(), given=(reviews(ON),)) == []


def test_an_item_that_does_not_qualify_is_not_pointed_out() -> None:
    other: Row = {**REVIEW, "subject": "another", "reviewed on": "2026-05-21"}
    given = (make.table(make.REVIEWS, other),)
    assert found("Dated after the check", yearly(), given=given) == []


def test_a_record_done_after_the_check_is_pointed_out() -> None:
    row: Row = {
        "ref": "A1", "owner": "OPCC", "agreed on": "2026-05-01", "due": "2026-06-01",
        "measure": "x",
    }  # fmt: skip
    later = make.table(make.ACTIONS, {**row, "completed on": "2026-05-21"})
    (one,) = found("Dated after the check", complete(dated=True), given=(later,))
    assert one[2] == ("actions.csv!actions!H2",)
    done = make.table(make.ACTIONS, {**row, "completed on": ON})
    assert found("Dated after the check", complete(dated=True), given=(done,)) == []


def test_an_item_that_names_a_period_of_another_kind_is_pointed_out() -> None:
    quarter = (reviews(("2026-05-01", "2026/27 Q1")),)
    (one,) = found("Another kind of period", yearly(NAMED), given=quarter)
    assert "is not a financial year" in one[1]
    assert one[2] == ("reviews.csv!reviews!D2",)
    year = (reviews(("2026-05-01", "2026/27"), "2026-05-02"),)
    assert found("Another kind of period", yearly(NAMED), given=year) == []


@pytest.mark.parametrize("day", [CellState.UNREADABLE, CellState.BLANK])
def test_an_undated_item_that_names_a_fitting_period_is_not_pointed_out(
    day: CellState,
) -> None:
    row: Row = {**REVIEW, "for period": "2026/27", "reviewed on": day}
    given = (make.table(make.REVIEWS, row),)
    assert found("Another kind of period", yearly(NAMED), given=given) == []
    wrong = (make.table(make.REVIEWS, {**row, "for period": "2026/27 Q1"}),)
    assert len(found("Another kind of period", yearly(NAMED), given=wrong)) == 1


def test_an_item_that_came_after_its_window_is_pointed_out() -> None:
    last_quarter = yearly(part="Q4")
    (one,) = found("Counted for an earlier period", last_quarter, given=(reviews("2026-04-09"),))
    assert one[2] == ("reviews.csv!reviews!A2",)
    given = (reviews("2026-03-31"),)
    assert found("Counted for an earlier period", last_quarter, given=given) == []


def _remarked(duty: Duty) -> Duty:
    remark = Remark(where=(filled("note"),), say="A note stands beside it")
    changed = duty.versions[0].model_copy(update={"remarks": (remark,)})
    return duty.model_copy(update={"versions": (changed,)})


def test_a_rule_remarks_on_the_items_that_met_it() -> None:
    noted: Row = {**REVIEW, "reviewed on": "2026-05-01", "note": "seen"}
    (one,) = found(
        "Decision to note", _remarked(yearly()), given=(make.table(make.REVIEWS, noted),)
    )
    assert one[1:] == ("A note stands beside it", ("reviews.csv!reviews!H2",))
    bare: Row = {**REVIEW, "reviewed on": "2026-05-01"}
    assert (
        found("Decision to note", _remarked(yearly()), given=(make.table(make.REVIEWS, bare),))
        == []
    )


def test_a_remark_names_the_code_of_a_column_that_it_only_requires_to_be_filled() -> None:
    """Who decided is a code; what a person wrote is not repeated."""
    noted: Row = {**REVIEW, "reviewed on": "2026-05-01", "note": "seen"}
    where = (filled("note"), filled("subject"))
    changed = (
        yearly()
        .versions[0]
        .model_copy(update={"remarks": (Remark(where=where, say="Who decided"),)})
    )
    duty = yearly().model_copy(update={"versions": (changed,)})
    (one,) = found("Decision to note", duty, given=(make.table(make.REVIEWS, noted),))
    assert one[1:] == (f"Who decided: {REVIEW['subject']}", ("reviews.csv!reviews!H2",))


def test_a_rule_remarks_on_no_item_that_met_nothing() -> None:
    later: Row = {**REVIEW, "reviewed on": "2026-05-21", "note": "seen"}
    assert (
        found("Decision to note", _remarked(yearly()), given=(make.table(make.REVIEWS, later),))
        == []
    )


def test_a_nil_return_that_met_it_is_remarked_on_by_no_rule() -> None:
    duty = _remarked(QUARTERLY)
    given = (
        make.table(make.NIL_RETURNS, make.nil_return("referrals", "2026/27 Q1", "2026-06-30")),
    )
    assert kinds(duty, on="2026-06-30", given=given) == set()


# Rows beside one another ------------------------------------------------------------------------

AGREED = standing(end_needed=False)


def test_a_newer_row_that_ends_earlier_is_pointed_out() -> None:
    long: Row = {"review by": "2030-01-01"}
    given = (documents(("2025-01-01", long), ("2026-01-01", {"review by": "2027-01-01"})),)
    (one,) = found("Dates conflict", AGREED, given=given)
    assert "1 January 2027" in one[1]
    assert "until 1 January 2030" in one[1]
    assert one[2] == ("documents.csv!documents!C3", "documents.csv!documents!C2")
    renewed = (documents(("2025-01-01", {"review by": "2027-01-01"}), ("2026-01-01", long)),)
    assert found("Dates conflict", AGREED, given=renewed) == []


def test_each_newer_row_that_ends_earlier_is_pointed_out() -> None:
    given = (
        documents(
            ("2025-01-01", {}),
            ("2026-01-01", {"review by": "2027-01-01"}),
            ("2026-02-01", {"review by": "2028-01-01"}),
        ),
    )
    findings = found("Dates conflict", AGREED, given=given)
    assert [row[2] for row in findings] == [
        ("documents.csv!documents!C3", "documents.csv!documents!C2"),
        ("documents.csv!documents!C4", "documents.csv!documents!C2"),
    ]
    assert "in place indefinitely" in findings[0][1]


def test_a_row_that_is_over_or_to_come_is_not_pointed_out() -> None:
    given = (
        documents(
            ("2025-01-01", {"ended on": "2026-01-01"}),
            ("2026-01-01", {"review by": "2027-01-01"}),
            ("2026-09-01", {"review by": "2026-10-01"}),
        ),
    )
    assert found("Dates conflict", AGREED, given=given) == []


def _each(pattern: Pattern, query: EvidenceQuery, *members: Member) -> Duty:
    subjects = FixedList(kind="fixed list", members=members)
    return make.duty(version(pattern, evidence=query, subjects=subjects))


def test_a_newer_row_is_compared_with_rows_of_the_same_member() -> None:
    pattern = Standing(kind="standing", begins="issued on", review_by="review by")
    plan, atlas = (
        Member(id=kind, title=kind, where=(equals("kind", kind),)) for kind in ("plan", "atlas")
    )
    duty = _each(pattern, EvidenceQuery(register="documents"), plan, atlas)

    def given(second: str) -> tuple[Table, ...]:
        rows: list[Row] = [
            {"ref": "D1", "kind": "plan", "issued on": "2025-01-01", "review by": "2030-01-01"},
            {"ref": "D2", "kind": second, "issued on": "2026-01-01", "review by": "2027-01-01"},
        ]
        return (make.table(make.DOCUMENTS, *rows),)

    assert len(found("Dates conflict", duty, given=given("plan"))) == 1
    assert found("Dates conflict", duty, given=given("atlas")) == []


def _action(
    agreed_to: str | CellState = "", agreed_on: str = "", due: str | CellState = ""
) -> tuple[Table, ...]:
    row: dict[str, str | CellState] = {
        "ref": "A1", "owner": "OPCC", "agreed on": "2025-05-01", "due": due or "2026-06-01",
    }  # fmt: skip
    row |= {"re-agreed to": agreed_to} if agreed_to else {}
    row |= {"re-agreed on": agreed_on} if agreed_on else {}
    return (make.table(make.ACTIONS, row),)


def test_a_new_date_that_was_not_agreed_in_time_is_pointed_out() -> None:
    kind, duty = "New date has no effect", complete(carried=True)
    (one,) = found(kind, duty, given=_action("2026-09-01"))
    assert "'re-agreed on'" in one[1]
    assert one[2] == ("actions.csv!actions!E2",)
    late = _action("2026-09-01", "2026-06-02")
    ((_, message, _),) = found(kind, duty, given=late)
    assert message == (
        "The new date was agreed on 2 June 2026, after the old one of 1 June 2026, which therefore "
        "still applies."
    )
    unread = _action(CellState.UNREADABLE, "2026-05-01")
    assert len(found(kind, duty, given=unread)) == 1
    in_time = _action("2026-09-01", "2026-06-01")
    assert found(kind, duty, given=in_time) == []
    assert found(kind, duty, given=_action()) == []


def test_a_new_date_beside_an_unreadable_one_is_not_a_finding() -> None:
    given = _action("2026-09-01", "2026-05-01", CellState.UNREADABLE)
    assert found("New date has no effect", complete(carried=True), given=given) == []


def _with_note(base: Duty) -> tuple[Duty, Duty]:
    more = Content(kind="content", of="the-duty", where=(filled("note"),))
    return base, make.duty(version(more), id="extra")


def test_an_item_that_meets_the_other_duty_and_not_this_is_pointed_out() -> None:
    duties = _with_note(yearly())
    bare: Row = {**REVIEW, "reviewed on": "2026-05-01"}
    (one,) = found("Record incomplete", *duties, given=(make.table(make.REVIEWS, bare),))
    assert one[0] == "extra"
    assert one[1] == (
        "Does not count for this duty: 'note' is not filled in. Correct the row, if it is wrong."
    )
    assert one[2] == ("reviews.csv!reviews!H2",)
    noted = make.table(make.REVIEWS, {**bare, "note": "seen"})
    assert found("Record incomplete", *duties, given=(noted,)) == []


def test_an_item_that_does_not_meet_the_other_duty_lacks_nothing_here() -> None:
    duties = _with_note(yearly())
    rows: list[Row] = [
        {**REVIEW, "ref": "R1", "subject": "another"},
        {**REVIEW, "ref": "R2", "reviewed on": "2026-05-21"},
        {**REVIEW, "ref": "R3", "reviewed on": CellState.UNREADABLE},
    ]
    assert found("Record incomplete", *duties, given=(make.table(make.REVIEWS, *rows),)) == []


def test_a_document_that_begins_after_the_check_lacks_nothing_yet() -> None:
    more = Content(kind="content", of="the-duty", where=(filled("ended on"),))
    duties = AGREED, make.duty(version(more), id="extra")
    begun, to_come = documents(("2026-05-20", {})), documents(("2026-05-21", {}))
    assert len(found("Record incomplete", *duties, given=(begun,))) == 1
    assert found("Record incomplete", *duties, given=(to_come,)) == []


# Nil returns and waivers ------------------------------------------------------------------------


def _nil(**cells: str | CellState) -> Table:
    named = {name.replace("_", " "): value for name, value in cells.items()}
    return make.table(
        make.NIL_RETURNS, {**make.nil_return("referrals", "2026/27 Q1", "2026-07-01"), **named}
    )


LISTED = triggered(events=GROUP.model_copy(update={"nil_return": NIL}))


def test_a_nil_return_beside_a_row_of_its_period_is_pointed_out() -> None:
    kind, on = "Nil return contradicted", "2026-07-20"
    held = make.table(make.MEETINGS, meeting("m1", "2026-06-30"))
    (one,) = found(kind, LISTED, on=on, given=(held, _nil()))
    assert one[2] == ("nil returns.csv!nil returns!C2", "meetings.csv!meetings!A2")
    later = make.table(make.MEETINGS, meeting("m1", "2026-07-01"))
    assert found(kind, LISTED, on=on, given=(later, _nil())) == []
    called_off = make.table(make.MEETINGS, {**meeting("m1", "2026-06-30"), "cancelled": True})
    assert found(kind, LISTED, on=on, given=(called_off, _nil())) == []
    assert found(kind, LISTED, on=on, given=(held, _nil(list="else"))) == []


def test_a_nil_return_beside_an_item_of_its_period_is_pointed_out() -> None:
    kind, on = "Nil return contradicted", "2026-07-20"
    same = reviews(("2026-07-02", "2026/27 Q1"))
    assert len(found(kind, QUARTERLY, on=on, given=(same, _nil()))) == 1
    other = reviews(("2026-07-02", "2025/26 Q4"))
    assert found(kind, QUARTERLY, on=on, given=(other, _nil())) == []


def test_an_incomplete_nil_return_is_pointed_out() -> None:
    (one,) = found("Nil return incomplete", given=(_nil(by_post=CellState.BLANK),))
    assert "by post" in one[1]
    assert one[2] == ("nil returns.csv!nil returns!D2",)
    assert found("Nil return incomplete", given=(_nil(),)) == []


def test_a_nil_return_given_before_its_period_was_over_is_pointed_out() -> None:
    (one,) = found("Nil return too early", given=(_nil(given_on="2026-06-29"),))
    assert one[2] == ("nil returns.csv!nil returns!E2",)
    assert found("Nil return too early", given=(_nil(given_on="2026-06-30"),)) == []


def _waiver(subject: str = "all", **cells: str | CellState) -> Table:
    row = make.waiver(subject, "2026-05-01", "2026-05-19")
    named = {name.replace("_", " ").strip(): value for name, value in cells.items()}
    return make.table(make.WAIVERS, {**row, **named})


def test_an_incomplete_waiver_is_pointed_out() -> None:
    given = (_waiver(reason=CellState.BLANK),)
    (one,) = found("Waiver incomplete", yearly(), given=given)
    assert one[0] == "the-duty"
    assert "reason" in one[1]
    assert one[2] == ("waivers.csv!waivers!D2",)
    assert found("Waiver incomplete", yearly(), given=(_waiver(),)) == []


def test_a_waiver_of_no_duty_is_pointed_out() -> None:
    assert len(found("Waiver has no effect", yearly(), given=(_waiver(duty="a-duty"),))) == 1
    renamed = yearly().model_copy(update={"aliases": ("a-duty",)})
    assert found("Waiver has no effect", renamed, given=(_waiver(duty=" A-Duty "),)) == []


def test_a_waiver_of_a_duty_that_cannot_be_waived_is_pointed_out() -> None:
    strict = yearly().model_copy(update={"waivable": False})
    assert len(found("Duty cannot be waived", strict, given=(_waiver(),))) == 1
    assert found("Duty cannot be waived", yearly(), given=(_waiver(),)) == []


def test_a_waiver_that_ended_over_an_unmet_duty_is_pointed_out() -> None:
    (one,) = found("Waiver expired", yearly(), given=(_waiver(),))
    assert one[1] == ("Ran out on 19 May 2026, and what it covered is still not met.")
    assert one[2] == ("waivers.csv!waivers!G2",)
    done = reviews("2026-05-01")
    assert found("Waiver expired", yearly(), given=(_waiver(), done)) == []
    assert found("Waiver expired", yearly(), given=(_waiver(until=ON),)) == []
    assert len(found("Waiver expired", yearly(), given=(_waiver("office"),))) == 1


def test_a_waiver_that_ended_is_about_what_it_covered_only() -> None:
    given = (make.table(make.MEETINGS, meeting("m1", "2026-05-01"), meeting("m2", "2026-05-02")),)
    about = make.table(
        make.REVIEWS, {**REVIEW, "subject": "model", "reviewed on": "2026-05-03", "about": "m1"}
    )
    kind = "Waiver expired"
    assert found(kind, triggered(), given=(*given, about, _waiver("M1"))) == []
    assert len(found(kind, triggered(), given=(*given, about, _waiver(" M2 ")))) == 1
    assert found(kind, triggered(), given=(*given, about, _waiver("office"))) == []


def test_a_waiver_that_ended_for_one_of_a_list_is_pointed_out() -> None:
    desk = Member(id="Desk", title="The desk", where=(equals("note", "desk"),))
    duty = _each(Rolling(kind="rolling", every=make.months(12)), BY_DATE, desk)
    assert len(found("Waiver expired", duty, given=(_waiver("desk"),))) == 1
    assert found("Waiver expired", duty, given=(_waiver("chair"),)) == []


@pytest.mark.parametrize("duty", [QUARTERLY, LISTED])
def test_a_nil_return_for_another_kind_of_period_is_pointed_out(duty: Duty) -> None:
    kind, on = "Nil return has no effect", "2026-07-20"
    given = (_nil(period="2025/26", given_on="2026-04-01"),)
    (one,) = found(kind, duty, on=on, given=given)
    assert one[1] == (
        "For a financial year, so it has no effect. It must be for a quarter, such as 2025/26 Q4. "
        "Enter that in 'period'."
    )
    assert one[2] == ("nil returns.csv!nil returns!C2",)
    assert found(kind, duty, on=on, given=(_nil(),)) == []


def test_the_period_to_enter_was_over_on_the_day_of_the_nil_return() -> None:
    given = (_nil(period="2025/26", given_on="2026-06-30"),)
    (one,) = found("Nil return has no effect", QUARTERLY, given=given)
    assert "such as 2026/27 Q1." in one[1]
    right = (_nil(period="2026/27 Q1", given_on="2026-06-30"),)
    assert kinds(QUARTERLY, on="2026-06-30", given=right) == set()


def test_a_nil_return_given_after_the_check_is_pointed_out() -> None:
    given = (_nil(given_on="2026-07-01"),)
    (one,) = found("Dated after the check", QUARTERLY, on="2026-06-30", given=given)
    assert one[1].startswith("Dated 1 July 2026, after the day of the check")
    assert one[2] == ("nil returns.csv!nil returns!E2",)
    assert found("Dated after the check", QUARTERLY, on="2026-07-01", given=given) == []


def test_a_nil_return_that_no_duty_takes_is_pointed_out() -> None:
    kind, on = "Nil return has no effect", "2026-07-20"
    (one,) = found(kind, yearly(), on=on, given=(_nil(),))
    assert one[1:] == (
        "No duty takes one for referrals, so it has no effect. Correct 'list'.",
        ("nil returns.csv!nil returns!B2",),
    )
    assert found(kind, QUARTERLY, on=on, given=(_nil(),)) == []


# Whom or what they are about --------------------------------------------------------------------


def about(kind: str, *duties: Duty, on: str = ON, given: tuple[Table, ...] = ()) -> list[str]:
    """What the findings of a kind are about."""
    shown = assessed(*duties, on=on, given=given).findings
    return [point.subject for point in shown if point.kind == kind]


def test_a_finding_names_the_row_that_it_is_about() -> None:
    assert about("Dated after the check", yearly(), given=(reviews("2026-05-21"),)) == ["Review R0"]
    held = make.table(make.MEETINGS, meeting("m1", "2026-06-30"))
    on, given = "2026-07-20", (held, _nil())
    assert about("Nil return contradicted", LISTED, on=on, given=given) == [
        "Nil return for referrals, 2026/27 Q1"
    ]
    assert about(
        "Waiver matches nothing", triggered(), given=(held, _waiver("M9", until="2026-06-30"))
    ) == ["Waiver for M9"]


def test_the_text_of_a_sensitive_column_is_not_shown() -> None:
    ref = make.REVIEWS.column("ref").model_copy(update={"sensitive": True})
    columns = tuple(ref if column.name == "ref" else column for column in make.REVIEWS.columns)
    spec = make.REVIEWS.model_copy(update={"columns": columns})
    row: Row = {"ref": "R0", "subject": "model", "reviewed on": "2026-05-21"}
    others = [register for register in make.REGISTERS if register.id != "reviews"]
    book = make.rulebook((*others, spec), yearly())
    (one,) = checked(book, ON, make.table(spec, row)).findings
    assert (one.kind, one.subject) == ("Dated after the check", "Review")
