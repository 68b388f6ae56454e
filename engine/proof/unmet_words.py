"""Why an obligation is not met, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.evaluated_duty import Told
from engine.frames.lists import (
    CLAIMED_TWICE,
    LIST_EMPTY,
    SHEET_UNREADABLE,
    UNCLEAR_HOLDER,
    UNREAD,
    planned_without_day,
)
from engine.needs import group_title
from engine.outcome import Answer, Status
from engine.proof.key_rows import naming_cells
from engine.proof.near_rows import NearRows
from engine.proof.phrases import count_words, day_words
from engine.proof.role_words import role_of
from engine.proof.too_late import own_asks, too_late
from engine.proof.unread import correct_first, unread_cells
from evidence.cells.text import listed
from evidence.table import CellState
from rules.model import Version

Row = Mapping[str, object]


def reason(told: Told, version: Version, answer: Answer, row: Row, near: NearRows) -> str:
    """Why it is not met, in a sentence; '' where it is. ``near``: the duty's rows of evidence that
    lack only a row that counts where a cell has to name one."""
    if answer.status is Status.MET:
        return ""
    if answer.status is Status.NOT_ASSESSED:
        return not_given_words(_lacking(told))
    if answer.status is Status.CANNOT_TELL:
        return _untold(told, version, row, near)
    if answer.status is Status.NOT_APPLICABLE:
        return "The duty's condition does not hold, so it asks nothing here."
    if answer.status is Status.NOT_YET_DUE:
        return f"Its window opens on {day_words(answer.opens)}." if answer.opens else ""
    if answer.status is Status.WAIVED and told.observed.expansion.lacking:
        return "A waiver covers it."
    said = [
        "A waiver covers it." if answer.status is Status.WAIVED else "",
        _too_late(told, version, answer, row),
        _holder(told, version, row) or _done(told, version, answer, row),
        near.words(row, answer),
    ]
    if told.observed.run and answer.status is not Status.WAIVED:
        said.append(
            f"{count_words(told.observed.run, 'window was', 'windows in a row were')} missed."
        )
    return " ".join(each for each in said if each)


def _done(told: Told, version: Version, answer: Answer, row: Row) -> str:
    if answer.last_done is None:
        return f"No qualifying item is on record.{_unnamed(told, version, row)}"
    return f"Last done on {day_words(answer.last_done)}, which is not enough for this window."


def _too_late(told: Told, version: Version, answer: Answer, row: Row) -> str:
    """That nothing that is done now would meet it, and why; and before that, which cells of the
    event's own row may show that it was done, and cannot be read."""
    listed_in = version.events
    if listed_in is None or not too_late(version, answer):
        return ""
    columns, at = told.scope.register(listed_in.register), _whole(row["event_row"])
    asks = own_asks(version, _whole(row["member"]))
    first = correct_first(columns, unread_cells(columns, asks, at), at)
    day = day_words(_whole(row["event_day"]))
    words = f"can no longer be done: the row in {columns.table.register.title} is dated {day}."
    return f"{first} Otherwise it {words}" if first else f"It {words}"


def _holder(told: Told, version: Version, row: Row) -> str:
    """Who holds the role that it is about; '' where it is about none."""
    role = role_of(told.scope, version, _whole(row["version"]), _whole(row["member"]))
    return role.unmet() if role else ""


def _lacking(told: Told) -> list[str]:
    """The titles of the registers that were not given, or cannot be read."""
    specs = {name: each.table.register for name, each in told.scope.columns.items()}
    return [group_title(group, specs) for group in told.observed.expansion.lacking]


def not_given_words(titles: Sequence[str]) -> str:
    """That no sheet of these registers was provided."""
    sheets = listed([f"'{title}' sheet" for title in titles], "and no")
    return f"No {sheets} was provided, so this duty was not assessed."


def _not_readable_words(titles: Sequence[str]) -> str:
    sheets = listed([f"'{title}'" for title in titles])
    if len(titles) == 1:
        return f"The {sheets} sheet was provided and cannot be read, and this duty needs it."
    return f"The {sheets} sheets were provided and cannot be read, and this duty needs them."


def _unnamed(told: Told, version: Version, row: Row) -> str:
    """Of a subject whose own row should name its evidence: that it does not, or not readably."""
    people, query, at = version.population, version.evidence, row["subject_row"]
    if people is None or query is None or not query.named_by_subject:
        return ""
    assert isinstance(at, int)
    if at < 0:  # it is the whole list of them that is missing or empty
        return ""
    state = told.scope.register(people.register).state(query.named_by_subject)[at]
    if state == CellState.READ:
        return ""
    says = "says nothing" if state == CellState.NOTHING else "cannot be read"
    return f" The subject's own row should name it in '{query.named_by_subject}', which {says}."


def _untold(told: Told, version: Version, row: Row, near: NearRows) -> str:
    state = told.observed.expansion.list_state
    if state == SHEET_UNREADABLE:
        return _not_readable_words(_lacking(told))
    if state == LIST_EMPTY:
        listing = version.population or version.events
        title = told.scope.register(listing.register).table.register.title if listing else ""
        return (
            f"The register '{title}' lists nothing of this kind, and no nil return covers the day."
        )
    if row["state"] == UNCLEAR_HOLDER:
        role = role_of(told.scope, version, _whole(row["version"]), _whole(row["member"]))
        return role.unclear() if role else ""
    if row["state"] == CLAIMED_TWICE:
        return "Two rows claim the same key, so it cannot be told which one evidence is about."
    if row["state"] == UNREAD:
        unread = "Its row cannot be read: its key, its day or a cell that decides."
        at = _whole(row["event_row"])
        return _named_without_day(told, version, at) or _no_day(told, version, at, near) or unread
    return "A cell on which the duty's condition depends cannot be read."


def _named_without_day(told: Told, version: Version, row: int) -> str:
    """Of a planned event without a day: which row names it as held; '' of any other."""
    events = version.events
    if events is None or row < 0:
        return ""
    columns = told.scope.register(events.register)
    if not planned_without_day(columns, events)[row]:
        return ""
    key = columns.values(columns.table.register.key or "")[row]
    place = min(naming_cells(columns, key), default="") if isinstance(key, str) else None
    return f"It has no day yet, and {place} names it: give it its day." if place else ""


def _no_day(told: Told, version: Version, row: int, near: NearRows) -> str:
    """Of an event that takes its day from a row that it names: why that gives none; '' where it
    does, and of any other."""
    events = version.events
    if events is None or row < 0:
        return ""
    columns = told.scope.register(events.register)
    day_of = columns.table.register.column(events.dated).day_of
    why = near.why_named(columns, row, day_of.key) if day_of else ""
    return f"It has no day: in '{day_of.key}', {why}." if day_of and why else ""


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
