"""Why an obligation is not met, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decision.observations import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.lists import planned_without_day
from engine.needs import group_title
from engine.obligation import Obligation, SubjectState
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
from rules.reads import events_of
from rules.subject import Population


def reason(
    duty: EvaluatedDuty, version: Version, answer: Answer, obligation: Obligation, near: NearRows
) -> str:
    """Why it is not met, in a sentence; '' where it is. ``near``: the duty's rows of evidence that
    lack only a row that counts where a cell has to name one."""
    if answer.status is Status.MET:
        return ""
    if answer.status is Status.NOT_ASSESSED:
        return not_given_words(_lacking(duty))
    if answer.status is Status.CANNOT_TELL:
        return _untold(duty, version, obligation, near)
    if answer.status is Status.NOT_APPLICABLE:
        return "The duty's condition does not hold, so it asks nothing here."
    if answer.status is Status.NOT_YET_DUE:
        return f"Its window opens on {day_words(answer.opens)}." if answer.opens else ""
    if answer.status is Status.WAIVED and duty.observed.expansion.lacking:
        return "A waiver covers it."
    said = [
        "A waiver covers it." if answer.status is Status.WAIVED else "",
        _too_late(duty, version, answer, obligation),
        _holder(duty, version, obligation) or _done(duty, version, answer, obligation),
        near.words(obligation, answer),
    ]
    if duty.observed.run and answer.status is not Status.WAIVED:
        said.append(
            f"{count_words(duty.observed.run, 'window was', 'windows in a row were')} missed."
        )
    return " ".join(each for each in said if each)


def _done(duty: EvaluatedDuty, version: Version, answer: Answer, obligation: Obligation) -> str:
    if answer.last_done is None:
        return f"No qualifying item is on record.{_unnamed(duty, version, obligation)}"
    return f"Last done on {day_words(answer.last_done)}, which is not enough for this window."


def _too_late(duty: EvaluatedDuty, version: Version, answer: Answer, obligation: Obligation) -> str:
    """That nothing that is done now would meet it, and why; and before that, which cells of the
    event's own row may show that it was done, and cannot be read."""
    listed_in = events_of(version)
    if listed_in is None or not too_late(version, answer, obligation.member):
        return ""
    columns, at = duty.scope.register(listed_in.register), obligation.event_row
    asks = own_asks(version, obligation.member)
    first = correct_first(columns, unread_cells(columns, asks, at), at)
    day = day_words(obligation.event_day)
    words = f"can no longer be done: the row in {columns.table.register.title} is dated {day}."
    return f"{first} Otherwise it {words}" if first else f"It {words}"


def _holder(duty: EvaluatedDuty, version: Version, obligation: Obligation) -> str:
    """Who holds the role that it is about; '' where it is about none."""
    role = role_of(duty.scope, version, obligation.version, obligation.member)
    return role.unmet() if role else ""


def _lacking(duty: EvaluatedDuty) -> list[str]:
    """The titles of the registers that were not given, or cannot be read."""
    specs = {name: each.table.register for name, each in duty.scope.columns.items()}
    return [group_title(group, specs) for group in duty.observed.expansion.lacking]


def not_given_words(titles: Sequence[str]) -> str:
    """That no sheet of these registers was provided."""
    sheets = listed([f"'{title}' sheet" for title in titles], "and no")
    return f"No {sheets} was provided, so this duty was not assessed."


def _not_readable_words(titles: Sequence[str]) -> str:
    sheets = listed([f"'{title}'" for title in titles])
    if len(titles) == 1:
        return f"The {sheets} sheet was provided and cannot be read, and this duty needs it."
    return f"The {sheets} sheets were provided and cannot be read, and this duty needs them."


def _unnamed(duty: EvaluatedDuty, version: Version, obligation: Obligation) -> str:
    """Of a subject whose own row should name its evidence: that it does not, or not readably."""
    people, query, at = version.subjects, version.evidence, obligation.subject_row
    if not isinstance(people, Population) or query is None or not query.named_by_subject:
        return ""
    if at < 0:  # it is the whole list of them that is missing or empty
        return ""
    state = duty.scope.register(people.register).state(query.named_by_subject)[at]
    if state == CellState.READ:
        return ""
    says = "says nothing" if state == CellState.NOTHING else "cannot be read"
    return f" The subject's own row should name it in '{query.named_by_subject}', which {says}."


def _untold(duty: EvaluatedDuty, version: Version, obligation: Obligation, near: NearRows) -> str:
    state = duty.observed.expansion.list_state
    if state == ListState.SHEET_UNREADABLE:
        return _not_readable_words(_lacking(duty))
    if state == ListState.EMPTY:
        listing = (
            version.subjects if isinstance(version.subjects, Population) else events_of(version)
        )
        title = duty.scope.register(listing.register).table.register.title if listing else ""
        return (
            f"The register '{title}' lists nothing of this kind, and no nil return covers the day."
        )
    if obligation.state == SubjectState.UNCLEAR_HOLDER:
        role = role_of(duty.scope, version, obligation.version, obligation.member)
        return role.unclear() if role else ""
    if obligation.state == SubjectState.CLAIMED_TWICE:
        return "Two rows claim the same key, so it cannot be told which one evidence is about."
    if obligation.state == SubjectState.UNREAD:
        unread = "Its row cannot be read: its key, its day or a cell that decides."
        at = obligation.event_row
        return _named_without_day(duty, version, at) or _no_day(duty, version, at, near) or unread
    return "A cell on which the duty's condition depends cannot be read."


def _named_without_day(duty: EvaluatedDuty, version: Version, row: int) -> str:
    """Of a planned event without a day: which row names it as held; '' of any other."""
    events = events_of(version)
    if events is None or row < 0:
        return ""
    columns = duty.scope.register(events.register)
    if not planned_without_day(columns, events)[row]:
        return ""
    key = columns.values(columns.table.register.key or "")[row]
    place = min(naming_cells(columns, key), default="") if isinstance(key, str) else None
    return f"It has no day yet, and {place} names it: give it its day." if place else ""


def _no_day(duty: EvaluatedDuty, version: Version, row: int, near: NearRows) -> str:
    """Of an event that takes its day from a row that it names: why that gives none; '' where it
    does, and of any other."""
    events = events_of(version)
    if events is None or row < 0:
        return ""
    columns = duty.scope.register(events.register)
    day_of = columns.table.register.column(events.dated).day_of
    why = near.why_named(columns, row, day_of.key) if day_of else ""
    return f"It has no day: in '{day_of.key}', {why}." if day_of and why else ""
