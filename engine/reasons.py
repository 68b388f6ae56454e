"""Why an obligation is not met, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from engine.listing import (
    CLAIMED_TWICE,
    LIST_EMPTY,
    SHEET_NOT_GIVEN,
    SHEET_UNREADABLE,
    UNCLEAR_HOLDER,
    UNREAD,
)
from engine.needed import Group
from engine.outcome import Answer, Status
from engine.say import count_words, day_words
from engine.shown import events_of
from engine.told import Told
from evidence.table import CellState
from rules.model import Version
from rules.subject import Population


def reason(told: Told, version: Version, answer: Answer, row: Mapping[str, object]) -> str:
    """Why it is not met, in a sentence; '' where it is."""
    if answer.status is Status.MET:
        return ""
    if answer.status in (Status.CANNOT_TELL, Status.NOT_ASSESSED):
        return _untold(told, version, row)
    if answer.status is Status.NOT_APPLICABLE:
        return "The duty's condition does not hold, so it asks nothing here."
    if answer.status is Status.NOT_YET_DUE:
        return f"Its window opens on {day_words(answer.opens)}." if answer.opens else ""
    never = answer.last_done is None
    done = f"No qualifying item is on record.{_unnamed(told, version, row)}" if never else ""
    if not never and answer.last_done:
        done = f"Last done on {day_words(answer.last_done)}, which is not enough for this window."
    if answer.status is Status.WAIVED:
        return f"A waiver covers it. {done}"
    if told.observed.run:
        windows = count_words(told.observed.run, "window was", "windows in a row were")
        return f"{done} {windows} missed."
    return done


def _unnamed(told: Told, version: Version, row: Mapping[str, object]) -> str:
    """Of a subject whose own row should name its evidence: that it does not, or not readably."""
    people, query, at = version.subjects, version.evidence, row["subject_row"]
    if not isinstance(people, Population) or query is None or not query.named_by_subject:
        return ""
    assert isinstance(at, int)
    if at < 0:  # it is the whole list of them that is missing or empty
        return ""
    state = told.scope.register(people.register).state(query.named_by_subject)[at]
    if state == CellState.READ:
        return ""
    says = "says nothing" if state == CellState.NOTHING else "cannot be read"
    return f" The subject's own row should name it in '{query.named_by_subject}', which {says}."


def _untold(told: Told, version: Version, row: Mapping[str, object]) -> str:
    state = told.observed.expansion.list_state
    if state in (SHEET_NOT_GIVEN, SHEET_UNREADABLE):
        was = "was not given" if state == SHEET_NOT_GIVEN else "cannot be read"
        return " ".join(
            f"{_sheet(told, group)} {was}." for group in told.observed.expansion.lacking
        )
    if state == LIST_EMPTY:
        people, events = version.subjects, events_of(version)
        listing = people if isinstance(people, Population) else events
        title = told.scope.register(listing.register).table.register.title if listing else ""
        return (
            f"The register '{title}' lists nothing of this kind, and no nil return covers the day."
        )
    if row["state"] == UNCLEAR_HOLDER:
        return "It cannot be told which row holds this role on the day."
    if row["state"] == CLAIMED_TWICE:
        return "Two rows claim the same key, so it cannot be told which one evidence is about."
    if row["state"] == UNREAD:
        return "Its row cannot be read: its key, its day or a cell that decides."
    return "A cell on which the duty's condition depends cannot be read."


def _sheet(told: Told, group: Group) -> str:
    """The sheet of a register that is lacking; of several that would serve, all of them."""
    names = (f"'{told.scope.columns[name].table.register.title}'" for name in group)
    return f"The sheet {' or '.join(names)}"
