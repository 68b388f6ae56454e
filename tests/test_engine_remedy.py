"""What would meet an obligation: which rows, which cells, and when it says that nothing can."""

from __future__ import annotations

import pytest

from engine.assessment import Remedy
from engine.outcome import Status
from engine.plain.evaluate import evaluate
from engine.remedy.remedies import remedies
from evidence.keys.latest import fill_columns
from evidence.register import BLANK_NOTHING, ColumnSpec, Latest, RegisterSpec
from evidence.table import CellState, Table
from rules.condition import Condition
from rules.model import Duty, Rulebook
from rules.patterns import (
    BeforeEvent,
    Carried,
    Completeness,
    Events,
    EvidenceQuery,
    Rolling,
    Standing,
    Triggered,
)
from rules.subject import FixedList, Member, Population
from tests.support import engine_builders as make
from tests.support.agreed_answers import (
    ABOUT,
    BY_DATE,
    GROUP,
    REVIEW,
    complete,
    each_person,
    meeting,
    person,
    reviews,
    rolling,
    standing,
    triggered,
    yearly,
)
from tests.support.altered_evidence import with_table
from tests.support.case_generator import Case
from tests.support.engine_builders import Row, column, days, equals, filled, months, says, version
from tests.support.promise_cases import asked_of
from tests.support.remedied_evidence import remedied
from tests.support.small_check import checked

ON = "2026-05-20"
_UNMET = (Status.DUE, Status.OVERDUE)
Cells = dict[str, str]


def _book(*duties: Duty, also: tuple[RegisterSpec, ...] = ()) -> Rulebook:
    ids = {register.id for register in also}
    kept = [register for register in make.REGISTERS if register.id not in ids]
    return make.rulebook((*kept, *also), *duties)


def said(duty: Duty, *given: Table, also: tuple[RegisterSpec, ...] = ()) -> list[Remedy]:
    """What would meet the one obligation that is due or overdue; where anything would, adding
    exactly that has met it."""
    book = _book(duty, also=also)
    tables = {name: make.table(spec) for name, spec in book.registers.items()}
    evidence = with_table(make.shown(*tables.values()), *given)
    unmet = asked_of(Case(0, "one duty", book, evidence, make.day(ON)))
    ((answer, one),) = [pair for pair in unmet if pair[0].status in _UNMET and pair[0].is_current]
    offers = remedies(one)
    if all(item.possible for item in offers):
        after = evaluate(book, remedied(evidence, offers, book), make.day(ON))
        same = [other.status for other in after if other.key == answer.key]
        assert same == [Status.MET]
    return list(offers)


def cells(remedy: Remedy) -> Cells:
    """The cells of a remedy that can be."""
    assert remedy.possible
    return {cell.column: cell.value for cell in remedy.cells}


def only(remedies: list[Remedy]) -> Cells:
    """The cells of the only one."""
    (one,) = remedies
    return cells(one)


def cannot(remedies: list[Remedy]) -> str:
    """The words of the only one, which offers nothing."""
    (one,) = remedies
    assert not one.possible
    assert one.cells == ()
    assert one.row == 0
    return one.words


# New rows ---------------------------------------------------------------------------------------


def test_a_new_row_is_dated_by_the_day_of_the_check_and_has_a_key_of_its_own() -> None:
    (one,) = said(yearly())
    assert one.words == "Do what the duty requires."
    assert (one.register, one.file, one.sheet, one.row) == ("reviews", "", "reviews", 0)
    assert cells(one) == {"ref": "new-1", "reviewed on": ON, "subject": "model"}


def test_a_key_that_is_taken_is_not_proposed() -> None:
    taken: list[Row] = [{**REVIEW, "ref": ref, "subject": "another"} for ref in ("NEW-1", "new-3")]
    two = yearly(BY_DATE.model_copy(update={"needed": 2}))
    offers = said(two, make.table(make.REVIEWS, *taken))
    assert [cells(item)["ref"] for item in offers] == ["new-2", "new-4"]


def test_an_item_names_the_period_of_its_window() -> None:
    named = BY_DATE.model_copy(update={"period": "for period"})
    assert only(said(yearly(named)))["for period"] == "2026/27"
    assert only(said(yearly(named, part="Q4")))["for period"] == "2025/26"
    assert only(said(yearly(named, before=True)))["for period"] == "2027/28"
    assert only(said(yearly(named, grace=days(60))))["for period"] == "2025/26"


def test_an_item_names_its_event_and_its_subject_as_they_are_written() -> None:
    held = make.table(make.MEETINGS, meeting("SG-1", "2026-05-01"))
    assert only(said(triggered(), held))["about"] == "SG-1"
    people = make.table(make.PEOPLE, person("S 012", "2022-01-01"))
    assert only(said(each_person(), people))["person"] == "S 012"


def _listed(pattern: Rolling, query: EvidenceQuery, *members: Member, named_in: str = "") -> Duty:
    subjects = FixedList(kind="fixed list", members=members, named_in=named_in or None)
    return make.duty(version(pattern, evidence=query, subjects=subjects))


YEARLY = Rolling(kind="rolling", every=months(12))


def test_an_item_names_its_member_beside_all_else_that_it_must_cover() -> None:
    query = BY_DATE.model_copy(
        update={"where": (*BY_DATE.where, Condition(column="covers", includes=("two", "three")))}
    )
    duty = _listed(YEARLY, query, Member(id="one", title="One"), named_in="covers")
    assert only(said(duty))["covers"] == "one; three; two"


def test_a_member_has_conditions_and_a_day_of_its_own() -> None:
    member = Member(id="m", title="M", dated="issued on", where=(equals("kind", "plan"),))
    obligation = only(said(_listed(YEARLY, EvidenceQuery(register="documents"), member)))
    assert obligation == {"ref": "new-1", "issued on": ON, "kind": "plan"}


def test_conditions_on_one_column_are_met_together() -> None:
    where = (
        Condition(column="subject", one_of=("plan", "model", "risk")),
        Condition(column="subject", none_of=("plan",)),
        Condition(column="subject", one_of=("risk", "plan")),
        Condition(column="score", at_least=2),
        Condition(column="score", at_least=4),
        filled("note"),
    )
    obligation = only(said(yearly(BY_DATE.model_copy(update={"where": where}))))
    assert (obligation["subject"], obligation["score"], obligation["note"]) == (
        "risk",
        "4",
        "(as recorded)",
    )


def test_of_several_conditions_the_first_that_can_be_met_is() -> None:
    query = BY_DATE.model_copy(
        update={"any_of": (equals("subject", "another"), Condition(column="score", at_least=3))}
    )
    obligation = only(said(yearly(query)))
    assert (obligation["subject"], obligation["score"]) == ("model", "3")


def test_days_that_are_compared_are_the_day_of_the_check() -> None:
    query = EvidenceQuery(
        register="documents",
        where=(Condition(column="review by", on_or_before="issued on", within=months(3)),),
        dated="issued on",
    )
    obligation = only(said(yearly(query)))
    assert (obligation["issued on"], obligation["review by"]) == (ON, ON)


def test_conditions_that_no_row_can_meet_are_said_to_be_so() -> None:
    query = BY_DATE.model_copy(update={"where": (equals("subject", "a"), equals("subject", "b"))})
    assert cannot(said(yearly(query))).startswith("No row that could be entered now")


def test_only_as_many_items_as_are_lacking_are_asked_of_an_event() -> None:
    query = ABOUT.model_copy(update={"needed": 3})
    held = make.table(make.MEETINGS, meeting("m", "2026-05-01"))
    one: Row = {**REVIEW, "reviewed on": "2026-05-02", "about": "m"}
    assert len(said(triggered(query), held)) == 3
    assert len(said(triggered(query), held, make.table(make.REVIEWS, one))) == 2


def test_items_that_have_to_differ_differ_from_those_that_count() -> None:
    query = ABOUT.model_copy(update={"needed_from": "topics", "distinct": "score"})
    held = make.table(make.MEETINGS, {**meeting("m", "2026-05-01"), "topics": 4})
    rows: list[Row] = [
        {**REVIEW, "ref": f"R{n}", "reviewed on": "2026-05-02", "about": "m", "score": score}
        for n, score in enumerate((2, 2, 5))
    ]
    offers = said(triggered(query), held, make.table(make.REVIEWS, *rows))
    assert [cells(item)["score"] for item in offers] == ["1", "3"]


def test_texts_that_have_to_differ_differ() -> None:
    query = ABOUT.model_copy(update={"needed": 2, "distinct": "note"})
    held = make.table(make.MEETINGS, meeting("m", "2026-05-01"))
    offers = said(triggered(query), held)
    assert len({cells(item)["note"] for item in offers}) == 2


# What stands ------------------------------------------------------------------------------------


def test_a_new_standing_item_begins_on_the_day_and_needs_no_end() -> None:
    assert only(said(standing())) == {"ref": "new-1", "issued on": ON, "kind": "pathway"}


def test_an_end_that_the_rule_asks_for_lies_well_ahead() -> None:
    assert only(said(standing(end_needed=True)))["review by"] == "2027-07-19"
    capped = standing(end_needed=True, review_within=months(24))
    assert only(said(capped))["review by"] == "2028-05-20"


def test_what_serves_no_longer_than_a_cap_needs_no_end_of_its_own() -> None:
    capped = standing(review_within=months(24))
    assert only(said(capped)) == {"ref": "new-1", "issued on": ON, "kind": "pathway"}


def test_an_end_is_given_where_a_blank_one_cannot_be_read() -> None:
    spec = make.register(
        "documents",
        column("kind", "code"),
        column("issued on", "day"),
        column("ended on", "day"),
        column("review by", "day", blank=BLANK_NOTHING),
    )
    obligation = only(said(standing(), make.table(spec), also=(spec,)))
    assert obligation["ended on"] == "2027-07-19"
    assert "review by" not in obligation


def test_a_subject_that_names_its_item_is_told_to_name_the_new_one() -> None:
    who = Population(
        kind="population", register="people", where=(equals("kind", "staff"),), joins="starts"
    )
    query = EvidenceQuery(
        register="documents", where=(equals("kind", "pathway"),), named_by_subject="policy"
    )
    pattern = Standing(kind="standing", begins="issued on", ends="ended on")
    duty = make.duty(version(pattern, evidence=query, subjects=who))
    people = make.table(make.PEOPLE, person("p1", "2025-01-01"))
    new, naming = said(duty, people)
    assert cells(new)["ref"] == "new-1"
    assert (naming.register, naming.file, naming.row) == ("people", "people.csv", 2)
    assert cells(naming) == {"policy": "new-1"}


# The event's own row ----------------------------------------------------------------------------


def _own(pattern: Triggered | BeforeEvent, *where: Condition, dated: str, **more: object) -> Duty:
    query = EvidenceQuery.model_validate(
        {"register": "meetings", "itself": True, "where": where, "dated": dated, **more}
    )
    return make.duty(version(pattern, evidence=query))


MINUTED = Triggered(kind="triggered", event=GROUP, within=days(28))
PRESENT = Condition(column="present", one_of=("lead", "deputy"))


def test_the_own_row_of_an_event_gets_the_cells_that_it_lacks() -> None:
    held = make.table(make.MEETINGS, meeting("m", "2026-03-01"))
    (one,) = said(_own(MINUTED, PRESENT, dated="minutes on"), held)
    assert one.words == "Do what the duty requires."
    assert (one.file, one.sheet, one.row) == ("meetings.csv", "meetings", 2)
    assert cells(one) == {"minutes on": ON, "present": "lead"}


def test_a_cell_that_is_right_already_is_not_asked_for_again() -> None:
    held = make.table(make.MEETINGS, meeting("m", "2026-03-01", minutes_on="2026-03-05"))
    assert only(said(_own(MINUTED, PRESENT, dated="minutes on"), held)) == {"present": "lead"}
    row = {**meeting("m", "2026-03-01"), "present": "deputy"}
    there = make.table(make.MEETINGS, row)
    assert only(said(_own(MINUTED, PRESENT, dated="minutes on"), there)) == {"minutes on": ON}


def test_a_day_that_does_not_count_is_written_anew() -> None:
    for other in ("2026-05-21", "2026-02-28", CellState.UNREADABLE):
        held = make.table(make.MEETINGS, meeting("m", "2026-03-01", minutes_on=other))
        assert only(said(_own(MINUTED, dated="minutes on"), held)) == {"minutes on": ON}


def test_a_blank_that_stands_for_a_word_is_still_to_be_filled() -> None:
    spec = make.register(
        "meetings", *make.MEETINGS.columns[1:5], column("present", "code", blank="none")
    )
    held = make.table(spec, meeting("m", "2026-03-01", minutes_on="2026-03-05"))
    duty = _own(MINUTED, filled("present"), dated="minutes on")
    assert only(said(duty, held, also=(spec,))) == {"present": "(as recorded)"}


def test_what_is_covered_already_stays_beside_what_is_added() -> None:
    spec = make.register(
        "meetings", *make.MEETINGS.columns[1:5], column("covered", "codes", blank=BLANK_NOTHING)
    )
    row = {**meeting("m", "2026-03-01"), "covered": "one; two", "minutes on": "2026-03-05"}
    duty = _own(MINUTED, Condition(column="covered", includes=("three",)), dated="minutes on")
    obligation = only(said(duty, make.table(spec, row), also=(spec,)))
    assert obligation == {"covered": "one; three; two"}


def test_what_happens_on_the_day_of_the_event_can_be_done_on_no_other() -> None:
    duty = _own(MINUTED, PRESENT, dated="held on")
    past = make.table(make.MEETINGS, meeting("m", "2026-05-01"))
    assert cannot(said(duty, past)) == (
        "It can no longer be done: the row in meetings is dated 1 May 2026. If it was done on that "
        "day, correct the row."
    )
    unread = {**meeting("m", "2026-05-01"), "present": CellState.UNREADABLE}
    assert cannot(said(duty, make.table(make.MEETINGS, unread))) == (
        "First correct 'present' in row 2 of meetings, which cannot be read. If it was not done on "
        "that day, it can no longer be done: the row in meetings is dated 1 May 2026."
    )
    today = make.table(make.MEETINGS, meeting("m", ON))
    assert only(said(duty, today)) == {"present": "lead"}
    ahead = _own(BeforeEvent(kind="before event", event=GROUP), PRESENT, dated="held on")
    to_come = make.table(make.MEETINGS, meeting("m", "2026-06-01"))
    assert cannot(said(ahead, to_come)) == (
        "It can be done only on 1 June 2026, the date of the event."
    )


def test_what_has_to_be_by_the_day_of_the_event_can_be_done_until_then() -> None:
    days_of = (column(name, "day", blank=BLANK_NOTHING) for name in ("checked on", "papers on"))
    spec = make.register("meetings", *make.MEETINGS.columns[1:4], *days_of)
    in_time = Condition(column="checked on", on_or_before="held on", within=days(30))
    ahead = BeforeEvent(kind="before event", event=GROUP)
    soon = make.table(spec, meeting("m", "2026-06-01"))
    assert only(said(_own(ahead, in_time, dated="checked on"), soon, also=(spec,))) == {
        "checked on": ON
    }
    over = make.table(spec, meeting("m", "2026-05-01"))
    words = cannot(said(_own(ahead, in_time, dated="checked on"), over, also=(spec,)))
    assert words.startswith("No row that could be entered now")
    papers = Condition(column="papers on", on_or_before="held on")
    assert only(said(_own(MINUTED, papers, dated="checked on"), over, also=(spec,))) == {
        "checked on": ON,
        "papers on": "2026-05-01",
    }


def test_what_lists_an_event_stays_as_it_is() -> None:
    body = Condition(column="body", equals="another")
    held = make.table(make.MEETINGS, meeting("m", "2026-03-01"))
    words = cannot(said(_own(MINUTED, body, dated="minutes on"), held))
    assert words.startswith("No row that could be entered now")


def test_an_event_that_is_listed_by_a_day_to_come_stays_listed() -> None:
    events = GROUP.model_copy(update={"where": (*GROUP.where, filled("held on"))})
    ahead = BeforeEvent(kind="before event", event=events)
    to_come = make.table(make.MEETINGS, meeting("m", "2026-06-01"))
    assert only(said(_own(ahead, PRESENT, dated="minutes on"), to_come)) == {
        "minutes on": ON,
        "present": "lead",
    }


def test_an_event_has_one_row_only() -> None:
    held = make.table(make.MEETINGS, meeting("m", "2026-03-01"))
    words = cannot(said(_own(MINUTED, dated="minutes on", needed=2), held))
    assert words == "Only one item can be recorded here, but the rule requires more."


# Records ----------------------------------------------------------------------------------------

ACTION: Row = {"ref": "A1", "owner": "OPCC", "agreed on": "2026-03-01", "due": "2026-04-01"}


def _action(**more: str | CellState) -> Table:
    row = {name.replace("_", " "): cell for name, cell in more.items()}
    return make.table(make.ACTIONS, {**ACTION, **row})


def test_a_record_gets_what_it_lacks() -> None:
    (one,) = said(complete(), _action())
    assert (one.register, one.row) == ("actions", 2)
    assert cells(one) == {"measure": "(as recorded)"}
    assert only(said(complete(dated=True), _action())) == {
        "completed on": ON,
        "measure": "(as recorded)",
    }
    assert only(said(complete(dated=True), _action(completed_on="2026-03-09"))) == {
        "measure": "(as recorded)"
    }
    later = _action(completed_on="2026-05-21", measure="x")
    assert only(said(complete(dated=True), later)) == {"completed on": ON}


def test_the_deadline_that_a_record_carries_is_never_rewritten() -> None:
    pattern = Completeness(
        kind="completeness",
        records=Events(register="actions", dated="agreed on"),
        must_any=(filled("re-agreed to"), filled("measure")),
        deadline=Carried(due="due", re_agreed_to="re-agreed to", re_agreed_on="re-agreed on"),
    )
    assert only(said(make.duty(version(pattern)), _action())) == {"measure": "(as recorded)"}


# Columns that the program fills -----------------------------------------------------------------

_LATEST = Latest(
    key="note", within="documents", kind="kind", of="plan", issued="issued on", by="reviewed on"
)


def _latest_book() -> tuple[RegisterSpec, Duty]:
    latest_plan = ColumnSpec(name="latest plan", type="yes/no", blank=BLANK_NOTHING, latest=_LATEST)
    own = [
        column("note", "key", blank=BLANK_NOTHING) if spec.name == "note" else spec
        for spec in make.REVIEWS.columns
    ]
    spec = make.REVIEWS.model_copy(update={"columns": (*own, latest_plan)})
    records = Events(register="reviews", dated="reviewed on")
    pattern = Completeness(
        kind="completeness", records=records, must=(says("latest plan"),), within=days(28)
    )
    return spec, make.duty(version(pattern))


def _plans(*issued: tuple[str, str | CellState]) -> Table:
    rows = [{"ref": ref, "kind": "plan", "issued on": on} for ref, on in issued]
    return make.table(make.DOCUMENTS, *rows)


@pytest.mark.parametrize(
    ("plans", "name"),
    [
        ((("P1", "2025-01-01"), ("P2", "2026-04-30"), ("P3", "2026-05-10")), "P2"),
        ((("P1", "2025-01-01"),), "P1"),
        ((("P2", "2026-04-30"), ("P1", "2026-04-30")), "P2"),  # either would do
    ],
)
def test_where_the_program_says_which_is_the_latest_its_key_is_written(
    plans: tuple[tuple[str, str], ...], name: str
) -> None:
    spec, duty = _latest_book()
    row: Row = {"ref": "R1", "subject": "plan", "reviewed on": "2026-05-01"}
    tables = {"documents": _plans(*plans), "reviews": make.table(spec, row)}
    book = _book(duty, also=(spec,))
    filled_tables = fill_columns(tables, book.registers)
    assert only(said(duty, *filled_tables.values(), also=(spec,))) == {"note": name}


_NONE = (
    "The 'documents' sheet lists no plan that was issued by then. List it there, and enter its"
    " reference in H2 of reviews."
)


@pytest.mark.parametrize(
    ("plans", "why"),
    [
        ((("P1", "2026-05-02"),), _NONE),
        ((), _NONE),
        (
            (("P1", "2025-01-01"), ("P2", CellState.UNREADABLE)),
            "First correct C3 of documents, which cannot be read. Until then it is not clear "
            "which plan is the latest.",
        ),
    ],
)
def test_without_a_readable_latest_the_remedy_says_why_it_offers_nothing(
    plans: tuple[tuple[str, str | CellState], ...], why: str
) -> None:
    spec, duty = _latest_book()
    row: Row = {"ref": "R1", "subject": "plan", "reviewed on": "2026-05-01"}
    tables = {"documents": _plans(*plans), "reviews": make.table(spec, row)}
    filled_tables = fill_columns(tables, _book(duty, also=(spec,)).registers)
    assert cannot(said(duty, *filled_tables.values(), also=(spec,))) == why


def _unread_plans(*plans: Row, reviewed: Row) -> str:
    spec, duty = _latest_book()
    row: Row = {"ref": "R1", "subject": "plan", "reviewed on": "2026-05-01", **reviewed}
    listed = make.table(make.DOCUMENTS, *({"kind": "plan", **plan} for plan in plans))
    tables = {"documents": listed, "reviews": make.table(spec, row)}
    filled_tables = fill_columns(tables, _book(duty, also=(spec,)).registers)
    (outcome,) = checked(_book(duty, also=(spec,)), ON, *filled_tables.values()).duties
    (one,) = outcome.obligations
    return one.unmet_reason


@pytest.mark.parametrize(
    ("plan", "cells"),
    [
        ({"issued on": CellState.UNREADABLE}, "'issued on' in row 3 of documents"),
        ({"issued on": "2026-04-01", "kind": CellState.UNREADABLE}, "'kind' in row 3 of documents"),
    ],
)
def test_the_reason_names_the_cells_that_leave_the_latest_unknown(plan: Row, cells: str) -> None:
    plans: tuple[Row, ...] = ({"ref": "P1", "issued on": "2025-01-01"}, {"ref": "P2", **plan})
    words = _unread_plans(*plans, reviewed={"note": "P1"})
    assert words.endswith(
        " It is not clear whether row 2 of reviews names the latest in 'note'. First correct"
        f" {cells}, which cannot be read."
    )
    assert "It cannot be told" not in _unread_plans(*plans, reviewed={})


def test_the_reason_names_no_row_that_may_not_be_a_later_one() -> None:
    late: Row = {"ref": "P2", "issued on": "2026-06-01", "kind": CellState.UNREADABLE}
    words = _unread_plans({"ref": "P1", "issued on": "2026-05-02"}, late, reviewed={"note": "P1"})
    assert "It cannot be told" not in words


# When nothing is offered ------------------------------------------------------------------------


def test_no_remedy_is_offered_if_met_waived_or_cannot_tell() -> None:
    book = _book(rolling())
    for given in (
        (reviews("2026-05-01"),),
        (make.table(make.WAIVERS, make.waiver("all", "2026-01-01", "2026-12-31")),),
    ):
        (found,) = checked(book, ON, *given).duties
        assert found.obligations[0].would_be_met_by == ()
    (found,) = checked(_book(triggered()), ON).duties
    assert found.status is Status.CANNOT_TELL
    assert found.obligations[0].would_be_met_by == ()
