"""A duty in words says what its rule says: all of it, and nothing else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from evidence.register import Declared
from rules.condition import Applies, Condition
from rules.model import ABOUT_APPROVAL, Duty, Rulebook, Version
from rules.patterns import EvidenceQuery, Joining, Periodic, Standing
from rules.resolve import resolve
from rules.span import Span
from rules.subject import Population
from rules.wording.duty import ending_text, sentence, version_texts
from tests.support.case_generator import case
from tests.support.expected import case_table
from tests.support.needs import ROOT
from tests.support.own_book import book_in, own_book

DAY = datetime.date(2025, 1, 1)


OWN = own_book()
SMALL = book_in(ROOT / "tests" / "bad_rules" / "base")


def said(book: Rulebook, duty: str, versions: int | None = None) -> str:
    """All that is said of a duty in sentences, one a line; of its first versions, or of each."""
    lines: list[str] = []
    for told in version_texts(book, duty)[:versions]:
        lines += [told.sentence, *(f"- {each}" for each in (*told.also, *told.remarks))]
    return "\n".join(lines)


def test_duties_in_words() -> None:
    """Each of the first duties as it began, word for word but for its numbers, which are the rule's
    own."""
    text = (ROOT / "tests" / "golden" / "sentences.txt").read_text(encoding="utf-8")
    expected = dict(block.split("\n", 1) for block in text.rstrip("\n").split("\n\n"))
    assert len(expected) == 22
    assert {duty: without_numbers(said(OWN, duty, 1)) for duty in expected} == {
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
        for span in spans(held.rule)
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
        "In the financial year before each financial year begins (for 2027/28: "
        "1 April 2026 to 31 March 2027), there ",
    ),
    (
        {"before": True, "period": "calendar year"},
        "In the calendar year before each calendar year begins (for 2027: "
        "1 January to 31 December 2026), there ",
    ),
    (
        {"before": True, "period": "quarter"},
        "In the quarter before each quarter begins (for July to September: "
        "1 April to 30 June), there ",
    ),
    (
        {"before": True, "period": "month"},
        "In the month before each month begins (for July: 1 to 30 June), there ",
    ),
]


@pytest.mark.parametrize(("fields", "begins"), WINDOWS)
def test_the_window_of_a_periodic_duty(fields: dict[str, object], begins: str) -> None:
    assert sentence(periodic(**fields), "quarterly", DAY).startswith(begins)


NAMES_GROUP = Condition(
    column="meeting", filled=True, where=(Condition(column="board", equals="group"),)
)
OPTIONS: list[tuple[str, str, dict[str, object]]] = [
    (
        "yearly",
        "First within 6 months after 1 October 2024 and then at most 12 months after the last "
        "time, there must be each time at least 2 rows in Minutes whose 'topics' includes plan;",
        {"pattern__first_deadline": None},
    ),
    (
        "yearly",
        "First within 12 months after 1 October 2024 and then at most 12 months after the last",
        {"pattern__first_deadline": None, "pattern__first": None},
    ),
    (
        "per-meeting",
        " must have, on the date in its 'held on', a row",
        {"pattern__within": Span(0, "days")},
    ),
    ("per-meeting", "at least 3 rows in Minutes that name it in", {"evidence__needed": 3}),
    (
        "per-meeting",
        "If Meetings has no such row, there is not enough information.",
        {"pattern__event__nil_return": None},
    ),
    (
        "per-meeting",
        "If Meetings has no such row, nothing is required; a nil return for 'meetings', "
        "given for each quarter, may confirm it.",
        {"pattern__event__empty": "fair"},
    ),
    ("before-meeting", "must show, by the date in its 'held on' and", {"pattern__by": None}),
    (
        "before-meeting",
        "must show, by the date in its 'held on' and after the date of the previous one, that 'pa",
        {"pattern__by": None, "pattern__no_earlier": None, "pattern__since_previous": True},
    ),
    ("trained", "The duty applies from that day.", {"subjects__leaves": None}),
    (
        "trained",
        "Those already there before 1 October 2024 are exempt.",
        {"pattern__already_there": False},
    ),
    ("agreement", "up to and including the date in 'ended on'.", {"pattern__review_by": None}),
    (
        "agreement",
        "A row without an end date is in place indefinitely.",
        {"pattern__end_needed": False, "pattern__review_within": None},
    ),
    (
        "agreement",
        "for at most 24 months: a later end date, or none, counts as 24 months after 'begins'.",
        {"pattern__end_needed": False},
    ),
    (
        "trained",
        "Anything done up to 24 months before the day of joining counts too, but it is required "
        "only from that day on.",
        {"pattern__accepted_before": Span(24, "months")},
    ),
    (
        "quarterly",
        "'meeting' must name a row in Meetings that can be read.",
        {"evidence__where": (Condition(column="meeting", filled=True),)},
    ),
    (
        "quarterly",
        "whose 'meeting' names a row whose 'board' is group.",
        {"evidence__where": (NAMES_GROUP,)},
    ),
    (
        "per-meeting",
        "The duty applies only if there is, on the date of the event, a row in Actions, in place "
        "from the date in 'agreed on' to the day before the one in 'done on'.",
        {"applies": Applies(register="actions", begins="agreed on", ends="done on")},
    ),
    (
        "delivered",
        " must show, within 7 days after the date in its 'agreed on', that ",
        {"pattern__deadline": None, "pattern__within": Span(7, "days")},
    ),
    (
        "delivered",
        " must show, by the date in its 'agreed on', that ",
        {"pattern__deadline": None, "pattern__within": Span(0, "days")},
    ),
    (
        "delivered",
        "It is done on the latest of the dates in 'done on' and 'told on'.",
        {"pattern__done_on": ("done on", "told on")},
    ),
    (
        "delivered",
        "No column says when this was done, so a complete row counts as in time.",
        {"pattern__done_on": ()},
    ),
]


@pytest.mark.parametrize(("duty", "words", "parts"), OPTIONS)
def test_an_option_in_words(duty: str, words: str, parts: dict[str, object]) -> None:
    assert words in said(changed(duty, **parts), duty)


@pytest.mark.parametrize(("duty", "words"), case_table("sentences"))
def test_a_duty_in_words(duty: str, words: str) -> None:
    assert words in said(SMALL, duty)


def test_a_key_that_must_name_a_row_and_a_role_in_words() -> None:
    """What counts as named, and who holds a role, is a sentence of its own."""
    assert (
        "'minuted at' must name a row in Meetings that can be read, was not cancelled and is not "
        "dated after the day of the check."
    ) in said(OWN, "spr-contribution")
    assert (
        "Each 'role' has one holder at a time: the row with the latest 'from' that is not in "
        "the future. An earlier row ends on the day before the next one begins."
    ) in said(OWN, "designated-lead")


def test_a_row_that_names_both_its_event_and_its_subject_says_which() -> None:
    query = EvidenceQuery(register="minutes", dated="minuted on", event="meeting", subject="about")
    people = SMALL.duties["trained"].versions[0].subjects
    text = said(changed("per-meeting", evidence=query, subjects=people), "per-meeting")
    assert "names the row in Meetings in 'meeting' and names the row in People in 'about'" in text
    assert text.startswith(
        "For each row in People whose 'kind' is staff or agency, each row in Meetings whose "
    )


def test_those_there_on_the_first_day_may_have_a_day_of_their_own() -> None:
    rolling = SMALL.duties["yearly"].versions[0].pattern
    people, evidence = (
        getattr(SMALL.duties["trained"].versions[0], n) for n in ("subjects", "evidence")
    )
    book = changed("yearly", pattern=rolling, subjects=people, evidence=evidence, remarks=())
    assert (
        "must have, first within 6 months after joining (by 31 March 2025 for those already there "
        "on 1 October 2024) and then at most 12 months after the last time, a row"
    ) in said(book, "yearly")
    later = rolling.model_copy(update={"first_deadline": None})
    assert (
        "For those already there before 1 October 2024, the first time counts from that day."
    ) in said(changed("yearly", pattern=later, subjects=people, evidence=evidence), "yearly")


def test_a_later_version_is_not_told_with_a_first_deadline_before_its_own_day() -> None:
    """A version moves no deadline to before its own first day (semantics.md, Versions)."""
    yearly, trained = (SMALL.duties[name] for name in ("yearly", "trained"))

    def later(**fields: object) -> str:
        first = yearly.versions[0]
        second = first.model_copy(update={"from_": datetime.date(2027, 5, 1), **fields})
        duty = yearly.model_copy(update={"versions": (first, second)})
        book = SMALL.model_copy(update={"duties": {**SMALL.duties, "yearly": duty}})
        return said(book, "yearly").split("\n- It becomes due", 1)[1]

    rolling = yearly.versions[0].pattern
    joins = trained.versions[0].subjects
    undated = rolling.model_copy(update={"first_deadline": None})
    assert "First by 1 May 2027 and then" in later()
    assert "after 1 October 2024, or by 1 May 2027 if that is later, and then" in later(
        pattern=undated
    )
    assert (
        "after joining, or by 1 May 2027 if that is later, (by 1 May 2027 for those already there "
        "on 1 October 2024) and then"
    ) in later(subjects=joins)
    assert "- A deadline that passed before 1 May 2027 does not change." in later()


def test_what_no_waiver_reaches_and_when_it_ends() -> None:
    yearly = SMALL.duties["yearly"]
    held = yearly.model_copy(update={"waivable": False})
    book = SMALL.model_copy(update={"duties": {**SMALL.duties, "yearly": held}})
    assert "It cannot be waived." in said(book, "yearly")
    assert "waived" not in said(SMALL, "yearly")
    assert ending_text(yearly) == "It applies up to and including 31 March 2030."
    assert ending_text(SMALL.duties["quarterly"]) == ""


# Versions ---------------------------------------------------------------------------------------


def test_each_version_is_told_with_its_first_day() -> None:
    told = version_texts(SMALL, "yearly")
    assert [each.begins.isoformat() for each in told] == ["2024-10-01", "2026-04-01"]
    assert told[0].sentence.startswith("First by 31 March 2025 and then at most 12 months")
    assert told[1].sentence.startswith("First within 6 months after 1 October 2024, or by 1 ")
    days = ("2020-01-01", "2026-03-31", "2026-04-01", "2040-01-01")
    by_day = [sentence(SMALL, "yearly", datetime.date.fromisoformat(day)) for day in days]
    assert by_day == [told[0].sentence, told[0].sentence, told[1].sentence, told[1].sentence]


def test_a_duty_that_adds_to_another_changes_with_it() -> None:
    told = version_texts(SMALL, "long-paper")
    assert [each.begins.isoformat() for each in told] == ["2024-10-01", "2026-04-01"]
    assert [each.also[0].partition("as in that duty: ")[2] for each in told] == [
        each.sentence for each in version_texts(SMALL, "yearly")
    ]
    assert told[0].sentence == told[1].sentence


# Where it is read from --------------------------------------------------------------------------


def columns(book: Rulebook, duty: str) -> list[tuple[str, str, dict[str, str]]]:
    (told, *_) = version_texts(book, duty)
    return [
        (register.title, register.role, {column.name: column.words for column in register.columns})
        for register in told.registers
    ]


def test_each_register_stands_with_what_it_is_read_for() -> None:
    assert columns(OWN, "opcc-actions-monitored") == [
        (
            "Reviews",
            "shows that it was done",
            {"subject": "is OPCC actions", "reviewed on": "the date that counts"},
        ),
        (
            "Meetings",
            "lists what the duty is about",
            {
                "body": "is Steering Group",
                "held on": "the date from which the deadline is counted",
                "cancelled": "nothing is required where it is yes",
            },
        ),
        (
            "Actions",
            "says when the duty applies",
            {
                "owner organisation": "is OPCC",
                "cancelled": "is no",
                "agreed on": "the first day",
                "completed on": "the day on which it ends",
            },
        ),
    ]


def test_a_column_that_the_program_fills_in_says_from_what() -> None:
    words = columns(SMALL, "papers")[0][2]["newest paper"]
    assert words == "is yes; filled in by the program from 'paper' and 'minuted on'"


# Nothing goes unsaid ----------------------------------------------------------------------------

#: What decides nothing (and stands on the page beside the sentences), or is no choice.
NOT_TOLD = (
    "id", "aliases", "title", "in_brief", "to_do", "bearer", "citations", "readings", "kind",
    "joining", "of", *ABOUT_APPROVAL,
)  # fmt: skip
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
    return version_texts(book, duty.id), ending_text(duty)


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


def test_a_transition_is_told_with_its_days() -> None:
    duty = SMALL.duties["yearly"]
    until = datetime.date(2026, 12, 31)
    later = duty.versions[1].model_copy(update={"transition_until": until})
    changed = duty.model_copy(update={"versions": (duty.versions[0], later)})
    book = SMALL.model_copy(update={"duties": {**SMALL.duties, "yearly": changed}})
    (told,) = set(version_texts(book, "yearly")[1].also) - set(
        version_texts(SMALL, "yearly")[1].also
    )
    assert told == (
        "What was met on 1 April 2026 under the previous version is judged by that version until "
        "31 December 2026. This version must be met by then, or by the deadline under the version "
        "before if that is earlier."
    )


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
