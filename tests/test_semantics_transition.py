"""What semantics.md says of transitions: small cases that both evaluators and the verifier have to
judge alike."""

from __future__ import annotations

import pytest

from evidence.table import Table
from reports.explain.explanation import Explanation, explain
from reports.explain.text import explain_text
from rules.model import Duty, Version
from rules.patterns import Content, EvidenceQuery, Standing
from rules.resolve import resolve
from rules.subject import FixedList, Member
from tests.support.agreed_answers import (
    BY_DATE,
    HIREABLE,
    documents,
    each_person,
    person,
    reviews,
    rolling,
    standing,
    trained,
)
from tests.support.engine_builders import (
    PEOPLE,
    REGISTERS,
    REVIEWS,
    VENUES,
    WAIVERS,
    column,
    day,
    days,
    duty,
    equals,
    filled,
    months,
    register,
    rulebook,
    table,
    version,
    waiver,
)
from tests.support.expected import case_table
from tests.support.three_evaluators import answers, lines, outcome, whole


def _later(new: Duty, begins: str = "2026-01-01", until: str | None = "2026-06-30") -> Version:
    dates = {"from_": day(begins), "transition_until": day(until) if until else None}
    return new.versions[0].model_copy(update=dates)


def _changed(old: Duty, new: Duty, until: str | None = "2026-06-30") -> Duty:
    """What the first duty asks, and from 1 January 2026 what the second does."""
    return duty(old.versions[0], _later(new, until=until))


def _judged(of: Duty, on: str, *given: Table) -> list[str]:
    """The answers of a duty, each with its items where the previous version judged it."""
    newest = [version.from_ for version in of.versions if version.from_ <= day(on)][-1]
    return [
        line
        if answer.version_from == newest
        else f"{line} by the previous version: {', '.join(str(ref.row) for ref in answer.met_by)}"
        for line, answer in zip(lines(of, on, *given), answers(of, on, *given), strict=True)
    ]


#: Every 12 months; from 1 January 2026 every 6, and until 30 June for those who met it by then.
SHORTER = _changed(rolling(), rolling(months(6)))

# Rolling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ("2025-12-31", "met 2024-10-01..2026-06-10 +161"),
        ("2026-01-01", "met 2024-10-01..2026-06-10 +160 by the previous version: 0"),
        ("2026-01-02", "met 2024-10-01..2026-06-10 +159 by the previous version: 0"),
        ("2026-04-10", "met 2024-10-01..2026-06-10 +61 by the previous version: 0"),
        ("2026-04-11", "due 2024-10-01..2026-06-10 +60"),
        ("2026-06-10", "due 2024-10-01..2026-06-10 +0"),
        ("2026-06-11", "overdue 2024-10-01..2026-06-10 -1"),
        ("2026-06-30", "overdue 2024-10-01..2026-06-10 -20"),
        ("2026-07-01", "overdue 2024-10-01..2026-06-10 -21"),
    ],
)
def test_the_version_before_judges_with_its_own_deadline_where_that_is_earlier(
    on: str, line: str
) -> None:
    assert _judged(SHORTER, on, reviews("2025-06-10")) == [line]


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ("2025-12-31", "met 2024-10-01..2026-08-01 +213"),
        ("2026-01-01", "met 2024-10-01..2026-06-30 +180 by the previous version: 0"),
        ("2026-04-30", "met 2024-10-01..2026-06-30 +61 by the previous version: 0"),
        ("2026-05-01", "due 2024-10-01..2026-06-30 +60"),
        ("2026-06-30", "due 2024-10-01..2026-06-30 +0"),
        ("2026-07-01", "overdue 2024-10-01..2026-06-30 -1"),
        ("2026-08-02", "overdue 2024-10-01..2026-06-30 -33"),
    ],
)
def test_the_last_day_is_the_latest_deadline_before_and_after_it(on: str, line: str) -> None:
    """The six months after 1 August ended on 1 February, in the time that is given."""
    assert _judged(SHORTER, on, reviews("2025-08-01")) == [line]


def test_without_a_notice_it_is_met_to_the_last_day() -> None:
    none = days(0)
    the_duty = _changed(rolling(notice=none), rolling(months(6), notice=none))
    for on, line in {
        "2026-06-29": "met 2024-10-01..2026-06-30 +1 by the previous version: 0",
        "2026-06-30": "due 2024-10-01..2026-06-30 +0",
        "2026-07-01": "overdue 2024-10-01..2026-06-30 -1",
    }.items():
        assert _judged(the_duty, on, reviews("2025-08-01")) == [line]


def test_what_is_due_within_its_notice_on_the_first_day_is_not_met() -> None:
    """Sixty days before its deadline it is due; sixty-one days before it is met."""
    assert _judged(SHORTER, "2026-01-02", reviews("2025-03-02")) == [
        "overdue 2024-10-01..2026-01-01 -1"
    ]
    assert _judged(SHORTER, "2026-01-02", reviews("2025-03-03")) == [
        "due 2024-10-01..2026-03-03 +60"
    ]


def test_what_was_done_after_the_first_day_alone_gives_no_time() -> None:
    """Late under the previous version, then done in its way, which the new one does not accept."""
    noted = BY_DATE.model_copy(update={"where": (*BY_DATE.where, filled("note"))})
    new = duty(rolling().versions[0].model_copy(update={"evidence": noted}))
    the_duty = _changed(rolling(), new)
    assert _judged(the_duty, "2026-02-01", reviews("2026-01-02")) == [
        "overdue 2024-10-01..2026-01-01 -31"
    ]
    both = reviews("2025-04-01", "2026-02-20")
    assert _judged(the_duty, "2026-03-01", both) == [
        "met 2024-10-01..2026-06-30 +121 by the previous version: 0, 1"
    ]
    assert _judged(the_duty, "2026-07-01", both) == ["overdue 2024-10-01..2026-06-30 -1"]


def test_what_meets_the_new_version_is_judged_by_it_at_once() -> None:
    assert _judged(SHORTER, "2026-02-01", reviews("2025-08-01", "2026-01-20")) == [
        "met 2024-10-01..2026-07-20 +169"
    ]
    # Within the notice of the new one, the previous version finds it met again.
    later = reviews("2025-11-20")
    assert _judged(SHORTER, "2026-03-20", later) == ["met 2024-10-01..2026-05-20 +61"]
    assert _judged(SHORTER, "2026-03-21", later) == [
        "met 2024-10-01..2026-06-30 +101 by the previous version: 0"
    ]
    assert _judged(SHORTER, "2026-06-30", later) == ["due 2024-10-01..2026-06-30 +0"]


def test_who_joined_after_the_first_day_has_no_time() -> None:
    """p1 was there and met it, p2 was there and did not, p3 joined on the second day."""
    the_duty = duty(each_person().versions[0], _later(each_person(every=months(12))))
    people = table(
        PEOPLE,
        person("p1", "2024-12-01"),
        person("p2", "2024-12-01"),
        person("p3", "2026-01-02"),
    )
    given = trained(("p1", "2024-12-10"), ("p3", "2024-12-10"))
    assert _judged(the_duty, "2026-01-02", people, given) == [
        "p1 met 2024-12-01..2026-06-30 +179 by the previous version: 0",
        "p2 overdue 2024-12-01..2026-01-01 -1",
        "p3 due 2026-01-02..2027-01-02 +365",
    ]


def test_a_member_that_the_version_before_did_not_have_has_no_time() -> None:
    """The members change places, and a third comes in."""
    first, second, third = (
        Member(id=name, title=name.title(), where=(equals("note", name),))
        for name in ("first", "second", "third")
    )
    old = rolling().versions[0].model_copy(update={"subjects": _fixed(first, second)})
    new = rolling(months(6)).versions[0].model_copy(update={"subjects": _fixed(third, second)})
    rows = [
        {"ref": f"R{at}", "subject": "model", "reviewed on": "2025-06-01", "note": each}
        for at, each in enumerate(("first", "second", "third"))
    ]
    assert _judged(duty(old, _later(duty(new))), "2026-01-02", table(REVIEWS, *rows)) == [
        "second met 2024-10-01..2026-06-01 +150 by the previous version: 1",
        "third overdue 2024-10-01..2026-01-01 -1",
    ]


def _fixed(*members: Member) -> FixedList:
    return FixedList(kind="fixed list", members=members)


def test_a_waiver_makes_nothing_met_on_the_first_day() -> None:
    waived = table(WAIVERS, waiver("office", "2025-12-01", "2026-01-31"))
    assert _judged(SHORTER, "2026-01-31", reviews("2025-03-02"), waived) == [
        "waived 2024-10-01..2026-01-01 -30"
    ]
    assert _judged(SHORTER, "2026-02-01", reviews("2025-03-02"), waived) == [
        "overdue 2024-10-01..2026-01-01 -31"
    ]


def test_a_duty_that_did_not_apply_on_the_first_day_gives_no_time() -> None:
    the_duty = duty(
        *(version.model_copy(update={"applies": HIREABLE}) for version in SHORTER.versions)
    )
    given = reviews("2025-06-01")
    for begins, line in {
        "2026-01-01": "met 2024-10-01..2026-06-01 +120 by the previous version: 0",
        "2026-01-02": "overdue 2024-10-01..2026-01-01 -31",
    }.items():
        venue = table(VENUES, {"ref": "V1", "hireable": True, "from": begins})
        assert _judged(the_duty, "2026-02-01", given, venue) == [line]


def test_a_third_version_leaves_a_deadline_that_has_passed() -> None:
    """The deadline under the second version is the last day of its transition."""
    third = rolling(months(3)).versions[0].model_copy(update={"from_": day("2026-09-01")})
    the_duty = duty(*SHORTER.versions, third)
    assert lines(the_duty, "2026-09-02", reviews("2025-08-01")) == [
        "overdue 2024-10-01..2026-06-30 -64"
    ]


def test_versions_may_have_transitions_one_after_the_other() -> None:
    third = _later(rolling(months(3)), "2026-09-01", "2026-12-31")
    the_duty = duty(*SHORTER.versions, third)
    done = reviews("2025-08-01", "2026-08-15")
    assert _judged(the_duty, "2026-09-01", done) == ["met 2024-10-01..2026-11-15 +75"]
    assert _judged(the_duty, "2026-10-01", done) == [
        "met 2024-10-01..2026-12-31 +91 by the previous version: 1"
    ]


# Standing ---------------------------------------------------------------------------------------

#: In place; from 1 January 2026 on no longer than six months without a review.
CAPPED = _changed(standing(), standing(review_within=months(6)))


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ("2026-01-01", "met 2024-10-01..2026-06-30 +180 by the previous version: 0"),
        ("2026-04-30", "met 2024-10-01..2026-06-30 +61 by the previous version: 0"),
        ("2026-05-01", "due 2024-10-01..2026-06-30 +60"),
        ("2026-06-30", "due 2024-10-01..2026-06-30 +0"),
        ("2026-07-01", "overdue 2024-10-01..2026-06-30 -1"),
    ],
)
def test_what_was_in_place_on_the_first_day_has_time(on: str, line: str) -> None:
    assert _judged(CAPPED, on, documents(("2025-02-01", {}))) == [line]


def test_what_began_on_the_first_day_was_in_place_on_it_and_what_began_later_was_not() -> None:
    signed = (
        standing()
        .versions[0]
        .model_copy(
            update={
                "evidence": EvidenceQuery(
                    register="documents", where=(equals("kind", "pathway"), filled("review by"))
                )
            }
        )
    )
    the_duty = duty(standing().versions[0], _later(duty(signed)))
    assert _judged(the_duty, "2026-02-01", documents(("2026-01-01", {}))) == [
        "met 2024-10-01..2026-06-30 +149 by the previous version: 0"
    ]
    assert _judged(the_duty, "2026-02-01", documents(("2026-01-02", {}))) == [
        "overdue 2024-10-01..2026-01-01 -31"
    ]


_ROLES = register(
    "roles",
    column("role", "code"),
    column("from", "day"),
    column("to", "day", blank="nothing"),
    column("trained on", "day", blank="nothing"),
).model_copy(update={"one_holder_of": "role"})


def _holder(*where: str) -> Duty:
    pattern = Standing(kind="standing", begins="from", ends="to")
    query = EvidenceQuery(register="roles", where=(equals("role", "lead"), *map(filled, where)))
    return duty(version(pattern, evidence=query))


def test_the_holder_of_a_role_has_time_and_a_new_holder_has_not() -> None:
    the_duty = duty(_holder().versions[0], _later(_holder("trained on")))
    first = {"ref": "H1", "role": "lead", "from": "2025-01-01"}
    assert _judged(the_duty, "2026-03-01", table(_ROLES, first)) == [
        "met 2024-10-01..2026-06-30 +121 by the previous version: 0"
    ]
    then = {"ref": "H2", "role": "lead", "from": "2026-02-01"}
    twice = {**then, "ref": "H3"}
    assert _judged(the_duty, "2026-03-01", table(_ROLES, first, then, twice)) == ["cannot_tell"]


# Content ----------------------------------------------------------------------------------------


def test_a_content_duty_takes_the_transition_of_the_duty_that_it_cuts() -> None:
    more = Content(kind="content", of="the-duty", where=(filled("note"),))
    extra = duty(version(more), id="extra")
    noted = {"ref": "R1", "subject": "model", "reviewed on": "2025-08-01", "note": "full"}
    assert lines(extra, "2026-03-01", table(REVIEWS, noted), others=(SHORTER,)) == [
        "met 2024-10-01..2026-06-30 +121"
    ]


def test_not_where_a_version_of_its_own_begins_on_that_day() -> None:
    more = Content(kind="content", of="the-duty", where=(filled("note"),))
    for begins, until in (("2026-01-01", None), ("2025-12-31", "2026-06-30")):
        extra = duty(version(more), version(more, begins=day(begins)), id="extra")
        resolved = resolve(rulebook(REGISTERS, SHORTER, extra), "extra")
        transition_until = resolved.version_on(day("2026-01-01")).rule.transition_until
        assert transition_until == (day(until) if until else None)


# Words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "on", "words"), case_table("transition_reasons"))
def test_the_reasons_say_which_version_judged_and_why(done: str, on: str, words: str) -> None:
    (one,) = outcome(SHORTER, on, reviews(done)).obligations
    assert one.derivation == words


def test_explain_says_it_word_for_word() -> None:
    explanation = explain(whole(SHORTER, "2026-03-01", reviews("2025-08-01")), "the-duty")
    assert isinstance(explanation, Explanation)
    text = explain_text(explanation, 200)
    assert (
        "Deadline: judged by the previous version until 30 June 2026, because it was met on "
        "1 January 2026" in text
    )
    assert "From 1 October 2024: " in text
    assert "From 1 January 2026: " in text
