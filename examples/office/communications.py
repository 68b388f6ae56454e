"""Briefings, staff updates, engagement and messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examples.office.made import AS_OF, Row, choose, day, later, months_later, numbered, table
from examples.office.meetings import held
from examples.office.training import day_in

_EVERYBODY = "all staff; PCC; Deputy PCC"


def communication_rows(meetings: Sequence[Row], every: int, seed: int) -> list[Row]:
    """Every communication, by day, keyed C-1, C-2 …; ``every``: messages in each month."""
    groups = held(meetings, "Steering Group")
    rows = [*_briefings(groups), *_of_documents(), *_updates(), *_engagement()]
    carrying = [row | _carrying(row, groups, seed) for row in rows]
    others = [*_messages(every, seed)]
    return numbered("C-", sorted(carrying + others, key=lambda row: str(row["sent on"])))


def _briefings(groups: Sequence[Row]) -> Iterator[Row]:
    """Everybody is briefed after each meeting; after the last one, only some have been so far."""
    covers = "group work; local impact; why Prevent matters"
    for meeting in groups[:-1]:
        yield {
            "kind": "briefing",
            "sent on": later(day_in(meeting, "held on"), 12),
            "audience": _EVERYBODY,
            "about": meeting["ref"],
            "covers": covers,
        }
    last: Row = {"kind": "briefing", "about": groups[-1]["ref"], "covers": covers}
    yield last | {"sent on": later(day_in(groups[-1], "held on"), 8), "audience": "all staff; PCC"}


def _of_documents() -> list[Row]:
    return table(
        "kind | sent on | audience | about | covers",
        "message | 2025-03-11 | all staff | SA-2025 | assessment priorities; local issues",
        "message | 2026-03-10 | all staff | SA-2026 | assessment priorities; local issues",
        "message | 2025-05-20 | all staff; Deputy PCC | PLAN-2025 | group work",
        "message | 2026-05-26 | all staff; Deputy PCC | PLAN-2026 | group work",
    )


def _updates() -> list[Row]:
    local = "local issues; assessment priorities; why Prevent matters"
    return table(
        "kind | sent on | audience | covers",
        f"staff update | 2025-03-18 | all staff | {local}",
        f"staff update | 2026-03-17 | all staff | {local}",
        "staff update | 2026-10-13 | all staff | local issues",
    )


def _engagement() -> list[Row]:
    return table(
        "kind | sent on | audience | topic | about | on plan | Prevent considered",
        "engagement | 2025-01-25 | community | Prevent | | Yes | Yes",
        "engagement | 2025-07-12 | community; partners | Prevent; safeguarding | | Yes | Yes",
        "engagement | 2025-10-04 | community | exploitation | | Yes | Yes",
        "engagement | 2026-03-07 | community | Prevent | | Yes | Yes",
        "engagement | 2026-06-20 | community; partners | Prevent; safeguarding | | Yes | Yes",
        "engagement | 2026-09-12 | community | Prevent | | Yes | Yes",
        "assistance | 2026-02-26 | partners | Prevent | SG-2026-1/8 | Yes | Yes",
    )


def _carrying(row: Row, groups: Sequence[Row], seed: int) -> Row:
    """What a communication with a Prevent message says of it, and who recorded it."""
    sent = day_in(row, "sent on")
    after = [group["ref"] for group in groups if day_in(group, "held on") > sent]
    use = choose(("not used", "not used", "used", "feedback given"), seed, "toolkit", sent)
    if use == "feedback given" and later(sent, 10) > AS_OF:
        use = "feedback needed"
    return {
        "topic": row.get("topic", "Prevent"),
        "carries Prevent": "Yes",
        "addresses": choose(("main threats", "main threats; ideology"), seed, "aim", sent),
        "proportionate": "Yes",
        "recorded at": after[0] if after else None,
        "toolkit": use,
    }


_MESSAGES = (
    ("safeguarding", "public"),
    ("other topic", "all staff"),
    ("exploitation", "public; community"),
    ("other topic", "partners"),
)


def _messages(every: int, seed: int) -> Iterator[Row]:
    """The office's other messages, month by month; those on safeguarding were considered."""
    for number in range(25 * every):
        topic, audience = _MESSAGES[number % len(_MESSAGES)]
        first = months_later(day("2024-11-01"), number // every)
        sent = later(first, choose(range(2, 20), seed, "message", number))
        if sent <= AS_OF:
            yield {
                "kind": "message",
                "sent on": sent,
                "audience": audience,
                "topic": topic,
                "carries Prevent": "No",
                "Prevent considered": None if topic == "other topic" else "Yes",
                "toolkit": "not used",
            }
