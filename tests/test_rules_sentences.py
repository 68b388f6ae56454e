"""A duty in words says what its rule says: all of it, and nothing else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from evidence.register import Declared
from rules.condition import Applies, Condition
from rules.load import load_rulebook
from rules.model import Duty, Rulebook, Version
from rules.patterns import EvidenceQuery, Joining, Periodic, Standing
from rules.resolve import resolve
from rules.span import Span
from rules.subject import Population
from rules.wording.duty import ending_told, sentence, versions_told
from tests.generated import case
from tests.needs import ROOT

DAY = datetime.date(2025, 1, 1)


def _book(folder: Path) -> Rulebook:
    book = load_rulebook(folder)
    assert isinstance(book, Rulebook), book
    return book


OWN = _book(ROOT / "rules" / "prevent-opcc")
SMALL = _book(ROOT / "tests" / "bad_rules" / "base")


def said(book: Rulebook, duty: str) -> str:
    """All that is said of a duty in sentences, one a line."""
    lines: list[str] = []
    for told in versions_told(book, duty):
        lines += [told.sentence, *(f"- {each}" for each in (*told.also, *told.remarks))]
    return "\n".join(lines)


def test_duties_in_words() -> None:
    """Each of the first duties, word for word but for its numbers, which are the rule's own."""
    text = (ROOT / "tests" / "golden" / "sentences.txt").read_text(encoding="utf-8")
    expected = dict(block.split("\n", 1) for block in text.rstrip("\n").split("\n\n"))
    assert len(expected) == 22
    assert {duty: without_numbers(said(OWN, duty)) for duty in expected} == {
        duty: without_numbers(words) for duty, words in expected.items()
    }


def without_numbers(text: str) -> str:
    return re.sub(r"\d+", "…", text)


def test_every_length_of_time_in_a_rule_is_said() -> None:
    """But for no time at all, which is said as the day itself."""
    unsaid_spans = [
        (duty, str(span))
        for duty in OWN.duties
        for held in resolve(OWN, duty).versions
        for span in spans(held.version)
        if span.count and str(span) not in said(OWN, duty)
    ]
    assert unsaid_spans == []


def spans(declared: object) -> Iterator[Span]:
    """Every length of time in a declaration, whatever it is a part of."""
    if isinstance(declared, Span):
        yield declared
    elif isinstance(declared, BaseModel):
        for name in type(declared).model_fields:
            yield from spans(getattr(declared, name))
    elif isinstance(declared, tuple):
        for each in declared:
            yield from spans(each)


# Options ----------------------------------------------------------------------------------------


def changed(duty: str, **parts: object) -> Rulebook:
    """The small rulebook with something changed in the duty's first version: in the version, or,
    by ``pattern__name``, ``evidence__name`` and the like, in a part of it."""
    held = SMALL.duties[duty]
    version = held.versions[0]
    for path, value in parts.items():
        *inner, name = path.split("__")
        if not inner:
            version = version.model_copy(update={name: value})
            continue
        part = getattr(version, inner[0])
        if len(inner) == 2:
            deeper = getattr(part, inner[1]).model_copy(update={name: value})
            part = part.model_copy(update={inner[1]: deeper})
        else:
            part = part.model_copy(update={name: value})
        version = version.model_copy(update={inner[0]: part})
    duties = {**SMALL.duties, duty: held.model_copy(update={"versions": (version,)})}
    return SMALL.model_copy(update={"duties": duties})


def periodic(**fields: object) -> Rulebook:
    """A periodic duty of the small rulebook with these fields."""
    made = {"kind": "periodic", "period": "financial year", **fields}
    return changed("quarterly", pattern=Periodic.model_validate(made))


WINDOWS = [
    ({}, "Once in every financial year, between 1 April and 31 March, "),
    ({"part": "Q1"}, "Once in every financial year, between 1 April and 30 June, "),
    ({"part": "Q2"}, "Once in every financial year, between 1 July and 30 September, "),
    ({"part": "Q3"}, "Once in every financial year, between 1 October and 31 December, "),
    ({"part": "Q4"}, "Once in every financial year, between 1 January and 31 March, "),
    ({"period": "calendar year"}, "Once in every calendar year, between 1 January and 31 December"),
    (
        {"period": "quarter"},
        "Once in every quarter (April to June, July to September, October to De",
    ),
    ({"period": "month"}, "Once in every month, between its first day and its last, there "),
    (
        {"before": True},
        "Before every financial year begins, in the financial year before it (for 2027/28 from "
        "1 April 2026 to 31 March 2027), there ",
    ),
    (
        {"before": True, "period": "calendar year"},
        "Before every calendar year begins, in the calendar year before it (for 2027 from "
        "1 January to 31 December 2026), there ",
    ),
    (
        {"before": True, "period": "quarter"},
        "Before every quarter begins, in the quarter before it (for July to September from "
        "1 April to 30 June), there ",
    ),
    (
        {"before": True, "period": "month"},
        "Before every month begins, in the month before it (for July from 1 to 30 June), there ",
    ),
]


@pytest.mark.parametrize(("fields", "begins"), WINDOWS)
def test_the_window_of_a_periodic_duty(fields: dict[str, object], begins: str) -> None:
    assert sentence(periodic(**fields), "quarterly", DAY).startswith(begins)


NAMES_GROUP = Condition(
    column="meeting", filled=True, where=(Condition(column="board", equals="group"),)
)
OPTIONS: list[tuple[str, str, dict[str, object]]] = [
    ("quarterly", "A row that names it may be dated before it begins.", {}),
    ("quarterly", "A row that names it may be dated up to 28 days after its end.", {}),
    ("quarterly", "A nil return for 'meetings' for the quarter counts too.", {}),
    ("yearly", "At most 12 months after the last time, and the first time by 31 March 2025,", {}),
    (
        "yearly",
        "and the first time within 6 months after 1 October 2024, there must each time be at "
        "least 2 rows in Minutes where 'topics' includes plan;",
        {"pattern__first_deadline": None},
    ),
    (
        "yearly",
        "and the first time within 12 months after 1 October 2024,",
        {"pattern__first_deadline": None, "pattern__first": None},
    ),
    ("yearly", "It turns due 28 days before the deadline.", {}),
    ("yearly", "'minuted on' is on or before 'sent on' and at most 28 days before it.", {}),
    ("yearly", "A row where 'pages' is at least 100 is pointed out: It is long.", {}),
    (
        "workshop",
        "there should be a row in Meetings where 'board' is anything but other and 'cancelled' is",
        {},
    ),
    ("per-meeting", "within 28 days after the day in its 'held on', there must be a row in", {}),
    ("per-meeting", ": on the day in its 'held on',", {"pattern__within": Span(0, "days")}),
    ("per-meeting", "What was done up to 7 days before that day counts too.", {}),
    ("per-meeting", "a row in Minutes that names it in 'meeting'.", {}),
    ("per-meeting", "at least 3 rows in Minutes that name it in", {"evidence__needed": 3}),
    ("per-meeting", "Still not done 12 months after its deadline, it lapses: it stays in", {}),
    ("per-meeting", "A row whose 'cancelled' says yes asks nothing.", {}),
    (
        "per-meeting",
        "With no such row in Meetings it cannot be told, unless a nil return for 'meetings', "
        "given for each quarter, says so.",
        {},
    ),
    (
        "per-meeting",
        "With no such row in Meetings it cannot be told.",
        {"pattern__event__nil_return": None},
    ),
    (
        "per-meeting",
        "To have no such row in Meetings is a fair answer; so is a nil return for 'meetings', "
        "given for each quarter.",
        {"pattern__event__empty": "fair"},
    ),
    (
        "papers",
        "as many rows in Minutes as its 'papers asked' says that name it in 'meeting', wh",
        {},
    ),
    ("papers", "Of rows with the same 'pages' only the earliest counts.", {}),
    ("papers", "each row in Meetings where either 'board' is group or 'present' is filled:", {}),
    ("papers", "'newest paper' is yes; and either 'topics' includes plan or 'pages' is at lea", {}),
    (
        "before-meeting",
        "at least 5 days before the day in its 'held on', and no earlier than 28",
        {},
    ),
    (
        "before-meeting",
        "that row must show: 'paper sent on' holds a day and 'present' is filled.",
        {},
    ),
    ("before-meeting", ": by the day in its 'held on', and", {"pattern__by": None}),
    (
        "before-meeting",
        ": by the day in its 'held on', and after the day of the one before it, that row",
        {"pattern__by": None, "pattern__no_earlier": None, "pattern__since_previous": True},
    ),
    ("before-meeting", "To have no such row in Meetings is a fair answer.", {}),
    ("contacts", "For each of Advisor and Team, and each row in Actions: within a time of its", {}),
    ("contacts", "Advisor (The advisor): within 7 days; on the day in 'told on'.", {}),
    ("topics", "For each of plan and people: at most 12 months after the last time, and the", {}),
    ("topics", "a row in Minutes that names it in 'topics'.", {}),
    ("trained", "For each row in People where 'kind' is staff or agency: within 90 days after", {}),
    (
        "trained",
        "within 90 days after the day of joining, there must be a row in Training that",
        {},
    ),
    (
        "trained",
        "Joining is the day in 'starts': each is asked from that day to the day before",
        {},
    ),
    ("trained", "each is asked from that day.", {"subjects__leaves": None}),
    (
        "trained",
        "Each is asked only where a day stands in 'refers from'; the later of that and 'starts' is "
        "then the day of joining.",
        {},
    ),
    ("trained", "Whoever was there before 1 October 2024 counts as joining on that day.", {}),
    (
        "trained",
        "Whoever was there before 1 October 2024 is not asked.",
        {"pattern__already_there": False},
    ),
    ("agreement", "At all times, a row in Documents must be in place.", {}),
    ("agreement", "to the earlier of those in 'ended on' and 'review by', that day included.", {}),
    ("agreement", "to the one in 'ended on', that day included.", {"pattern__review_by": None}),
    ("agreement", "A row with no such last day does not count.", {}),
    (
        "agreement",
        "A row with no such last day is in place for good.",
        {"pattern__end_needed": False, "pattern__review_within": None},
    ),
    (
        "agreement",
        "It is in place for at most 24 months without a review: a later last day counts as "
        "24 months after 'begins'.",
        {},
    ),
    (
        "agreement",
        "without a review: a later last day, or none, counts as 24 months after 'begins'.",
        {"pattern__end_needed": False},
    ),
    (
        "trained",
        "What was done earlier is accepted, up to 24 months before that day; it is asked for only "
        "from that day on.",
        {"pattern__accepted_before": Span(24, "months")},
    ),
    (
        "quarterly",
        "'meeting' must name a row in Meetings that can be read.",
        {"evidence__where": (Condition(column="meeting", filled=True),)},
    ),
    (
        "quarterly",
        "where 'meeting' names a row where 'board' is group.",
        {"evidence__where": (NAMES_GROUP,)},
    ),
    (
        "agreement",
        "It is asked only where there is, on the day of the check, a row in Meetings where 'board' "
        "is group, in place from the day in 'held on'.",
        {},
    ),
    (
        "per-meeting",
        "It is asked only where there is, on the event's day, a row in Actions, in place from the "
        "day in 'agreed on' to the day before the one in 'done on'.",
        {"applies": Applies(register="actions", begins="agreed on", ends="done on")},
    ),
    ("desk-policy", "a row in Documents must be in place that it names in its 'policy'.", {}),
    (
        "delivered",
        "For each row in Actions: by the day in its 'due', that row must show: 'done",
        {},
    ),
    ("delivered", "'done on' holds a day; 'due' is filled; and either 'told on' is filled or", {}),
    (
        "delivered",
        "The day in 'later due' takes the place of that deadline if the one in 'later due agreed "
        "on', when it was agreed, is not after it.",
        {},
    ),
    (
        "delivered",
        ": within 7 days after the day in its 'agreed on', that row",
        {"pattern__deadline": None, "pattern__within": Span(7, "days")},
    ),
    (
        "delivered",
        ": by the day in its 'agreed on', that row",
        {"pattern__deadline": None, "pattern__within": Span(0, "days")},
    ),
    (
        "delivered",
        "It is done on the latest of the days in 'done on' and 'told on'.",
        {"pattern__done_on": ("done on", "told on")},
    ),
    (
        "delivered",
        "No column says when it was filled in, so a row that holds it all counts as in time.",
        {"pattern__done_on": ()},
    ),
    (
        "minuted-paper",
        "Each row in Minutes that counts for 'Once a quarter' must say this too: 'to",
        {},
    ),
    (
        "minuted-paper",
        "All else is as that duty has it: Once in every quarter (April to June, J",
        {},
    ),
]


@pytest.mark.parametrize(("duty", "words", "parts"), OPTIONS)
def test_an_option_in_words(duty: str, words: str, parts: dict[str, object]) -> None:
    assert words in said(changed(duty, **parts) if parts else SMALL, duty)


def test_a_key_that_must_name_a_row_and_a_role_in_words() -> None:
    """What counts as named, and who holds a role, is a sentence of its own."""
    assert (
        "'minuted at' must name a row in Meetings that can be read, was not cancelled and has its "
        "day by the day of the check."
    ) in said(OWN, "spr-contribution")
    assert (
        "Each 'role' has one holder at a time: of the rows that have begun, the one with the "
        "latest 'from'. An earlier row ends on the day before the next one begins."
    ) in said(OWN, "designated-lead")


def test_a_row_that_names_both_its_event_and_its_subject_says_which() -> None:
    query = EvidenceQuery(register="minutes", dated="minuted on", event="meeting", subject="about")
    people = SMALL.duties["trained"].versions[0].subjects
    text = said(changed("per-meeting", evidence=query, subjects=people), "per-meeting")
    assert "names the row of Meetings in 'meeting' and names the row of People in 'about'" in text
    assert text.startswith(
        "For each row in People where 'kind' is staff or agency, and each row in Meetings where "
    )


def test_those_there_on_the_first_day_may_have_a_day_of_their_own() -> None:
    rolling = SMALL.duties["yearly"].versions[0].pattern
    people, evidence = (
        getattr(SMALL.duties["trained"].versions[0], n) for n in ("subjects", "evidence")
    )
    book = changed("yearly", pattern=rolling, subjects=people, evidence=evidence, remarks=())
    assert (
        "the first time within 6 months after joining (by 31 March 2025 for those there on "
        "1 October 2024), there"
    ) in said(book, "yearly")
    later = rolling.model_copy(update={"first_deadline": None})
    assert (
        "For those there before 1 October 2024 the first time is reckoned from that day."
    ) in said(changed("yearly", pattern=later, subjects=people, evidence=evidence), "yearly")


def test_a_later_version_is_not_told_with_a_first_deadline_before_its_own_day() -> None:
    """A version moves no deadline to before its own first day (semantics.md, Versions)."""
    yearly, trained = (SMALL.duties[name] for name in ("yearly", "trained"))

    def later(**fields: object) -> str:
        first = yearly.versions[0]
        second = first.model_copy(update={"from_": datetime.date(2027, 5, 1), **fields})
        duty = yearly.model_copy(update={"versions": (first, second)})
        book = SMALL.model_copy(update={"duties": {**SMALL.duties, "yearly": duty}})
        return said(book, "yearly").split("\n- It turns due", 1)[1]

    rolling = yearly.versions[0].pattern
    joins = trained.versions[0].subjects
    undated = rolling.model_copy(update={"first_deadline": None})
    assert "and the first time by 1 May 2027, there" in later()
    assert "after 1 October 2024, or by 1 May 2027 if that is later, there" in later(
        pattern=undated
    )
    assert (
        "after joining, or by 1 May 2027 if that is later (by 1 May 2027 for those there on "
        "1 October 2024), there"
    ) in later(subjects=joins)
    assert "- A deadline that had passed before 1 May 2027 stays." in later()


def test_what_no_waiver_reaches_and_when_it_ends() -> None:
    yearly = SMALL.duties["yearly"]
    held = yearly.model_copy(update={"waivable": False})
    book = SMALL.model_copy(update={"duties": {**SMALL.duties, "yearly": held}})
    assert "No waiver does anything to it." in said(book, "yearly")
    assert "No waiver" not in said(SMALL, "yearly")
    assert ending_told(yearly) == "It ends on 31 March 2030, that day included."
    assert ending_told(SMALL.duties["quarterly"]) == ""


# Versions ---------------------------------------------------------------------------------------


def test_each_version_is_told_with_its_first_day() -> None:
    told = versions_told(SMALL, "yearly")
    assert [each.begins.isoformat() for each in told] == ["2024-10-01", "2026-04-01"]
    assert told[0].sentence.startswith("At most 12 months")
    assert told[1].sentence.startswith("At most 6 months")
    days = ("2020-01-01", "2026-03-31", "2026-04-01", "2040-01-01")
    by_day = [sentence(SMALL, "yearly", datetime.date.fromisoformat(day)) for day in days]
    assert by_day == [told[0].sentence, told[0].sentence, told[1].sentence, told[1].sentence]


def test_a_duty_that_adds_to_another_changes_with_it() -> None:
    told = versions_told(SMALL, "long-paper")
    assert [each.begins.isoformat() for each in told] == ["2024-10-01", "2026-04-01"]
    assert [each.also[0].partition("has it: ")[2] for each in told] == [
        each.sentence for each in versions_told(SMALL, "yearly")
    ]
    assert told[0].sentence == told[1].sentence


# Where it is read from --------------------------------------------------------------------------


def columns(book: Rulebook, duty: str) -> list[tuple[str, str, dict[str, str]]]:
    (told, *_) = versions_told(book, duty)
    return [
        (each.title, each.role, {one.name: one.words for one in each.columns})
        for each in told.registers
    ]


def test_each_register_stands_with_what_it_is_read_for() -> None:
    assert columns(OWN, "opcc-actions-monitored") == [
        (
            "Reviews",
            "shows that it was done",
            {"subject": "is OPCC actions", "reviewed on": "the day on which it counts"},
        ),
        (
            "Meetings",
            "lists what it is about",
            {
                "body": "is Steering Group",
                "held on": "the day from which it is reckoned",
                "cancelled": "asks nothing where it says yes",
            },
        ),
        (
            "Actions",
            "says when it is asked",
            {
                "owner organisation": "is OPCC",
                "cancelled": "is no",
                "agreed on": "the first day",
                "completed on": "the day on which it is over",
            },
        ),
    ]


def test_a_column_that_the_program_fills_in_says_from_what() -> None:
    words = columns(SMALL, "papers")[0][2]["newest paper"]
    assert words == "is yes; the program fills it in, from 'paper' and 'minuted on'"


# Nothing goes unsaid ----------------------------------------------------------------------------

#: What decides nothing (and stands on the page beside the sentences), or is no choice.
NOT_TOLD = ("id", "aliases", "title", "bearer", "citations", "readings", "kind", "joining", "of")
#: Where other words must stand, one of those that may.
CHOICES: dict[str, tuple[str, ...]] = {
    "register": ("waivers", "nil returns"),
    "empty": ("fair", "cannot tell"),
    "part": ("Q2", "Q3"),
    "each": ("quarter", "financial year"),
    "period": ("month", "quarter"),
    "strength": ("must", "should"),
}


def changes(value: object, path: str = "", name: str = "") -> Iterator[tuple[str, object]]:
    """The value with one thing in it changed, for each thing in it, with the way to it."""
    if isinstance(value, Declared):
        for field in type(value).model_fields:
            inside = name == "members" and field in ("id", "title")
            if field in NOT_TOLD and not inside:
                continue
            for way, other in changes(getattr(value, field), f"{path} {field}", field):
                yield way, value.model_copy(update={field: other})
    elif isinstance(value, tuple):
        for number, held in enumerate(value):
            if len(value) > 1:
                yield f"{path} without {number}", value[:number] + value[number + 1 :]
            for way, other in changes(held, f"{path} {number}", name):
                yield way, (*value[:number], other, *value[number + 1 :])
    else:
        yield from ((path, other) for other in _other(value, name))


def _other(value: object, name: str) -> Iterator[object]:
    if isinstance(value, bool):
        yield from () if name == "filled" else (not value,)
    elif isinstance(value, Span):
        yield Span(value.count + 1, value.unit)
        if value.count:
            yield Span(value.count, "months" if value.unit == "days" else "days")
    elif isinstance(value, datetime.date):
        yield value + datetime.timedelta(1)
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield next((word for word in CHOICES.get(name, ()) if word != value), f"{value}x")


def means_nothing(duty: Duty, way: str) -> bool:
    """Whether what was changed decides nothing in this duty."""
    found = re.match(r" versions ([0-9]+) ", way)
    version: Version = duty.versions[int(found[1]) if found else 0]
    pattern, query = version.pattern, version.evidence
    itself = query is not None and query.itself
    if way.endswith(" evidence needed") and query is not None:
        return itself or query.needed_from is not None or pattern.kind == "standing"
    if way.endswith(" evidence register"):
        return itself  # it is the event's own
    if way.endswith(" already_there"):
        return not isinstance(getattr(pattern, "event", None), Joining)
    if re.search(r" pattern first$", way):
        joins = isinstance(version.subjects, Population)
        return getattr(pattern, "first_deadline", None) is not None and not joins
    if way.endswith((" notice", " end_needed")) and isinstance(pattern, Standing):
        return pattern.ends is None and pattern.review_by is None
    return False


def everything(book: Rulebook, duty: Duty) -> object:
    return versions_told(book, duty.id), ending_told(duty)


def unsaid(book: Rulebook) -> tuple[int, list[str]]:
    """How many changes were tried, and those that left every word as it was."""
    tried, found = 0, []
    for duty in book.duties.values():
        before = everything(book, duty)
        for way, other in changes(duty):
            if means_nothing(duty, way):
                continue
            assert isinstance(other, Duty)
            tried += 1
            after = book.model_copy(update={"duties": {**book.duties, duty.id: other}})
            if everything(after, other) == before:
                found.append(f"{duty.id}:{way}")
    return tried, found


@pytest.mark.parametrize("book", [OWN, SMALL], ids=["own", "small"])
def test_any_change_to_a_rule_changes_its_words(book: Rulebook) -> None:
    """Two rules that differ in anything that decides are never told alike."""
    tried, found = unsaid(book)
    assert found == []
    assert tried > 10 * len(book.duties)


def test_made_up_rules_are_told_whole() -> None:
    """Combinations that no rulebook here has: patterns with people and events and conditions."""
    total = 0
    for seed in range(140):
        tried, found = unsaid(case(seed).rulebook)
        assert found == [], seed
        total += tried
    assert total > 2000
