"""Findings about waivers: what lacks, what fits nothing or two things, and what is said of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.table import CellState, Table
from rules.model import Duty
from rules.patterns import EvidenceQuery
from rules.subject import FixedList, Member
from tests.support import engine_builders as make
from tests.support.engine_builders import Row, version
from tests.support.keyed_registers import (
    PLANNED,
    REVIEWS,
    about_meetings,
    at,
    check,
    findings,
    met,
    minuted_yearly,
    review,
    reviewed,
)

NOTHING, TWO = "Waiver matches nothing", "Waiver is ambiguous"
REFUSED, REVERSED = "Waiver may not be approved", "Waiver dates the wrong way round"
HELD = met(at("SG-2026-1", "2026-04-01"), at("SG-2026-2", "2026-05-01", present="May group"))


def waived(subject: str, **cells: str | CellState) -> Table:
    """A waiver that covers the day of the check, unless the cells say otherwise."""
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    row: Row = {**make.waiver(subject, "2026-05-01", "2026-06-30"), **named}
    return make.table(make.WAIVERS, row)


def state(duty: Duty, *given: Table) -> str:
    (shown,) = check(duty, *given).waivers
    return shown.state


def test_a_waiver_that_matches_nothing_names_the_nearest() -> None:
    given = HELD, waived("SG 2026-1")
    assert findings(about_meetings(), NOTHING, *given) == [
        (
            "This duty covers nothing called 'SG 2026-1', so it has no effect. Enter the ref of"
            " what it covers, or all. "
            "The nearest names are 'SG-2026-1' and 'SG-2026-2'.",
            "waivers.csv!waivers!C2",
        )
    ]
    assert state(about_meetings(), *given) == "matches nothing"


@pytest.mark.parametrize(
    "reason",
    ["Refused", "NOT AGREED", "Withdrawn 3/5", "Cancelled", "Declined by the Board", "requested"],
)
def test_a_reason_that_says_no_is_a_point_to_check(reason: str) -> None:
    """It is filled in, so it has effect (semantics.md: Waiver)."""
    given = HELD, waived("all", reason=reason)
    assert findings(about_meetings(), REFUSED, *given) == [
        (
            f"Has the reason '{reason}'. Delete this row if the waiver was not approved.",
            "waivers.csv!waivers!D2",
        )
    ]
    assert state(about_meetings(), *given) == "in force"


@pytest.mark.parametrize(
    "reason", ["long-term sickness", "Cancelled course, no other before June", "Not possible"]
)
def test_a_reason_that_says_why_is_not_a_point_to_check(reason: str) -> None:
    given = HELD, waived("all", reason=reason)
    assert findings(about_meetings(), REFUSED, *given) == []


def test_at_most_three_names_are_offered() -> None:
    many = met(*(at(f"SG-{n}", "2026-04-01") for n in range(1, 9)))
    ((words, _),) = findings(about_meetings(), NOTHING, many, waived("SG-99"))
    assert words.count("SG-") == 1 + 3


@pytest.mark.parametrize("subject", ["SG-2026-2", " sg-2026-2 ", "May  Group", "all"])
def test_a_waiver_that_fits_one_thing_has_its_effect(subject: str) -> None:
    given = HELD, waived(subject)
    assert findings(about_meetings(), NOTHING, *given) == []
    assert findings(about_meetings(), TWO, *given) == []
    assert state(about_meetings(), *given) == "in force"


def test_a_waiver_for_the_office_fits_what_has_no_subject_only() -> None:
    assert state(minuted_yearly(), waived("office"), HELD) == "in force"
    assert state(about_meetings(), waived("office"), HELD) == "matches nothing"


def test_a_waiver_that_does_not_cover_the_day_of_the_check_gives_no_finding() -> None:
    over = waived("SG 9", until="2026-05-19")
    later = waived("SG 9", **{"from": "2026-05-21"})
    assert findings(about_meetings(), NOTHING, HELD, over) == []
    assert findings(about_meetings(), NOTHING, HELD, later) == []
    assert state(about_meetings(), HELD, later) == "not yet"


def test_a_duty_that_was_not_assessed_gives_no_finding() -> None:
    given = HELD, waived("SG 9"), make.missing(REVIEWS)
    assert findings(about_meetings(), NOTHING, *given) == []
    assert state(about_meetings(), *given) == "in force"


def test_a_waiver_may_match_an_obligation_in_history() -> None:
    old = met(at("SG-2024-1", "2024-11-01"))
    done = reviewed(review("SG-2024-1", "2024-11-02"))
    given = old, done, waived("SG-2024-1")
    assert findings(about_meetings(), NOTHING, *given) == []


def test_a_waiver_that_fits_two_things_names_both_and_what_to_write() -> None:
    both = met(
        at("SG-1", "2026-04-01", present="April group"), at("SG-2", "2026-05-01", present="SG-1")
    )
    given = both, waived("SG-1")
    assert findings(about_meetings(), TWO, *given) == [
        (
            "'SG-1' is the key of row 2 of meetings and the name of row 3 of meetings, so "
            "it has no effect. Enter 'April group' or 'SG-2' instead.",
            "waivers.csv!waivers!C2",
        )
    ]
    assert state(about_meetings(), *given) == "fits two"


def test_two_rows_of_one_sheet_with_the_same_name_are_named_together() -> None:
    both = met(
        at("SG-1", "2026-04-01", present="The group"), at("SG-2", "2026-05-01", present="the group")
    )
    assert findings(about_meetings(), TWO, both, waived("The  group")) == [
        (
            "Rows 2 and 3 of the meetings sheet have the same name, so it has no effect. "
            "Enter 'SG-1' or 'SG-2' instead.",
            "waivers.csv!waivers!C2",
        )
    ]


def test_a_sheet_name_with_the_words_row_and_of_is_given_whole() -> None:
    both = met(
        at("SG-1", "2026-04-01", present="The group"), at("SG-2", "2026-05-01", present="the group")
    )
    source = replace(both.sources[0], sheet="row of Meetings of 2026")
    given = replace(both, sources=(source,)), waived("The group")
    ((words, _),) = findings(about_meetings(), TWO, *given)
    assert words.startswith("Rows 2 and 3 of the row of Meetings of 2026 sheet have the same name,")


TOPICS = FixedList(
    kind="fixed list",
    named_in="subject",
    members=(Member(id="model", title="The model"), Member(id="plan", title="The plan")),
)


def _briefed() -> Duty:
    query = EvidenceQuery(register="reviews", dated="reviewed on", event="minuted at")
    return make.duty(version(PLANNED, evidence=query, subjects=TOPICS))


def test_an_event_and_a_subject_are_named_together_as_reports_print_them() -> None:
    held = met(at("SG-1", "2026-05-01"))
    whole = check(_briefed(), held, waived("SG-1, The plan"))
    assert [str(obligation.status) for obligation in whole.duties[0].obligations] == [
        "due",
        "waived",
    ]
    assert state(_briefed(), held, waived("SG-1, The plan")) == "in force"
    ((words, _),) = findings(_briefed(), NOTHING, held, waived("SG-1, The plans"))
    assert words.endswith(
        "The nearest names are 'SG-1, The plan', 'SG-1, The model' and 'The plan'."
    )


def test_a_member_of_a_fixed_list_is_named_by_what_the_rule_calls_it() -> None:
    held = met(at("SG-1", "2026-05-01", present="The plan"))
    assert findings(_briefed(), TWO, held, waived("The plan")) == [
        (
            "'The plan' is the name of row 2 of meetings and the name of what the rule calls The"
            " plan, so it has no effect. Enter 'SG-1' or 'plan' instead.",
            "waivers.csv!waivers!C2",
        )
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2027-05-01", "2026-12-01", "Ends on 1 December 2026, before it begins on 1 May 2027"),
        ("2026-06-30", "2026-05-01", "Ends on 1 May 2026, before it begins on 30 June 2026"),
        ("2026-05-10", "2026-05-01", "Ends on 1 May 2026, before it begins on 10 May 2026"),
    ],
)
@pytest.mark.parametrize("subject", ["all", "SG-2026-1", "SG 9"])
def test_reversed_dates_are_a_state_of_their_own(
    subject: str, first: str, last: str, words: str
) -> None:
    """Whether both days are to come, both are over, or the check is between them."""
    given = HELD, waived(subject, until=last, reason="Refused", **{"from": first})
    made = check(about_meetings(), *given)
    (found,) = made.findings
    assert (found.kind, found.places[0]) == (REVERSED, "waivers.csv!waivers!G2")
    assert found.message == f"{words}, so it has no effect. Correct the date that is wrong."
    (shown,) = made.waivers
    assert shown.state == "dates the wrong way round"


def test_a_waiver_of_one_day_has_dates_in_the_right_order() -> None:
    given = HELD, waived("all", until="2026-05-20", **{"from": "2026-05-20"})
    assert findings(about_meetings(), REVERSED, *given) == []
    assert state(about_meetings(), *given) == "in force"


def test_a_waiver_that_fits_two_things_with_reversed_dates_gets_both_faults() -> None:
    both = met(
        at("SG-1", "2026-04-01", present="The group"), at("SG-2", "2026-05-01", present="the group")
    )
    given = both, waived("The group", until="2026-04-01")
    ((words, _),) = findings(about_meetings(), TWO, *given)
    assert words.endswith(
        " It ends on 1 April 2026, before it begins on 1 May 2026: correct the date that is wrong."
    )
    assert findings(about_meetings(), REVERSED, *given) == []


def test_an_expired_one_is_about_what_it_names_in_either_way() -> None:
    held = met(at("SG-1", "2026-04-01"), at("SG-2", "2026-04-02", present="April group"))
    done = reviewed(review("SG-1", "2026-04-03"))
    for subject, count in (("SG-1", 0), ("SG-2", 1), ("April group", 1), ("all", 1), ("x", 0)):
        over = waived(subject, until="2026-05-19")
        shown = findings(about_meetings(), "Waiver expired", held, done, over)
        assert len(shown) == count, subject


def test_a_waiver_with_the_title_of_a_duty_gets_its_short_name_and_every_fault() -> None:
    duty = minuted_yearly().model_copy(update={"title": "Annual review"})
    given = waived("all", duty=duty.title, until="2026-04-01", **{"from": "2026-05-01"})
    assert findings(duty, "Waiver has no effect", given) == [
        (
            f"'{duty.title}' is not the short name of a duty, so this waiver has no effect. Enter"
            f" '{duty.id}'. It ends on 1 April 2026, before it begins on 1 May 2026: correct the"
            " date that is wrong.",
            "waivers.csv!waivers!B2",
        )
    ]


def test_an_incomplete_waiver_says_what_it_lacks() -> None:
    given = waived("all", approved_by=CellState.UNREADABLE, reason=CellState.BLANK)
    assert findings(minuted_yearly(), "Waiver incomplete", given) == [
        (
            "Incomplete, so it has no effect. Fill in 'reason' and 'approved by' "
            "('tbc' says nothing).",
            "waivers.csv!waivers!D2",
        )
    ]


def test_an_incomplete_nil_return_says_what_it_lacks() -> None:
    row = {**make.nil_return("referrals", "2026/27 Q1", "2026-06-30"), "by post": CellState.BLANK}
    given = make.table(make.NIL_RETURNS, row)
    assert findings(minuted_yearly(), "Nil return incomplete", given) == [
        (
            "Incomplete, so it has no effect. Fill in 'by post'.",
            "nil returns.csv!nil returns!D2",
        )
    ]
