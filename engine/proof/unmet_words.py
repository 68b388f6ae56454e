"""Why an obligation is not met, in a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from engine.decision.observations import ListState
from engine.evaluated_duty import EvaluatedDuty
from engine.frames.lists import planned_without_day
from engine.frames.scope import Scope
from engine.needs import group_title
from engine.obligation import Obligation, SubjectState
from engine.outcome import Answer, ItemRef, Status
from engine.proof.conditions import own_asks
from engine.proof.deadline_words import too_late
from engine.proof.key_rows import KeyRows, naming_cells
from engine.proof.near_rows import NearRows
from engine.proof.phrases import count_words, day_words
from engine.proof.role_words import role_of
from engine.proof.unread import correct_first
from evidence.cells.text import listed
from evidence.links.latest import Issues
from evidence.register import Latest
from evidence.table import CellState, Table
from rules.condition import Condition, conditions_of
from rules.model import Version

_UNCLEAR = (CellState.UNREADABLE, CellState.BLANK, CellState.NO_COLUMN)
#: So many rows are told of at the most; the others can be put right after these.
MOST_TOLD = 3


class UnmetWords:
    """Says of the obligations of one duty why they are not met."""

    def __init__(self, duty: EvaluatedDuty, keys: KeyRows) -> None:
        self._duty = duty
        self._scope = duty.scope
        self._keys = keys
        self._near = NearRows(duty.scope, keys)
        self._latest = LatestWords(duty.scope)

    def reason(self, obligation: Obligation, answer: Answer, unread: Sequence[ItemRef]) -> str:
        """Why an obligation is not met, in sentences; '' where it is. ``unread``: the rows that
        cannot be read and might have met it."""
        version = self._scope.version(obligation.version).version
        said = self._by_status(version, obligation, answer)
        return " ".join(filter(None, (*said, self._latest.unclear(version, unread))))

    def _by_status(self, version: Version, obligation: Obligation, answer: Answer) -> Iterator[str]:
        status = answer.status
        if status is Status.NOT_ASSESSED:
            sheets = listed([f"'{title}' sheet" for title in self._lacking], "and no")
            yield f"No {sheets} was provided, so this duty was not assessed."
        elif status is Status.CANNOT_TELL:
            yield self._untold(version, obligation)
        elif status is Status.NOT_APPLICABLE:
            yield "The duty's condition does not hold, so it asks nothing here."
        elif status is Status.NOT_YET_DUE and answer.opens:
            yield f"Its window opens on {day_words(answer.opens)}."
        elif status is Status.WAIVED:
            yield "A waiver covers it."
        run = self._duty.observed.run
        waived = status is Status.WAIVED and not self._duty.observed.expansion.lacking
        if waived or status in (Status.DUE, Status.OVERDUE):
            yield self._too_late(version, obligation, answer)
            yield self._done(version, obligation, answer)
            yield self._near.words(obligation, answer)
            if run and not waived:
                yield f"{count_words(run, 'window was', 'windows in a row were')} missed."

    @property
    def _lacking(self) -> list[str]:
        """The titles of the registers that were not given, or cannot be read."""
        specs = {name: each.table.register for name, each in self._scope.columns.items()}
        return [group_title(group, specs) for group in self._duty.observed.expansion.lacking]

    # Not met ------------------------------------------------------------------------------------

    def _too_late(self, version: Version, obligation: Obligation, answer: Answer) -> str:
        """That nothing that is done now would meet it, and why; and before that, which cells of the
        event's own row may show that it was done, and cannot be read."""
        events, row = version.events, obligation.event_row
        if events is None or not too_late(version, obligation, answer, self._scope.as_of):
            return ""
        columns = self._scope.register(events.register)
        first = correct_first(columns, own_asks(version, obligation.member), row)
        day, title = day_words(obligation.event_day), columns.table.register.title
        words = f"can no longer be done: the row in {title} is dated {day}."
        return f"{first} Otherwise it {words}" if first else f"It {words}"

    def _done(self, version: Version, obligation: Obligation, answer: Answer) -> str:
        """When it was done last, or who holds the role that it is about."""
        role = role_of(self._scope, version, obligation.version, obligation.member)
        if role:
            return role.unmet()
        if answer.last_done is None:
            return f"No qualifying item is on record.{self._unnamed(version, obligation)}"
        return f"Last done on {day_words(answer.last_done)}, which is not enough for this window."

    def _unnamed(self, version: Version, obligation: Obligation) -> str:
        """Of a subject whose own row should name its evidence: that it does not, or cannot be
        read."""
        people, query, at = version.population, version.evidence, obligation.subject_row
        if people is None or query is None or not query.named_by_subject:
            return ""
        if at < 0:  # it is the whole list of them that is missing or empty
            return ""
        state = self._scope.register(people.register).state(query.named_by_subject)[at]
        if state == CellState.READ:
            return ""
        says = "says nothing" if state == CellState.NOTHING else "cannot be read"
        return f" The subject's own row should name it in '{query.named_by_subject}', which {says}."

    # Cannot be told -----------------------------------------------------------------------------

    def _untold(self, version: Version, obligation: Obligation) -> str:
        state = self._duty.observed.expansion.list_state
        if state == ListState.SHEET_UNREADABLE:
            return _not_readable_words(self._lacking)
        if state == ListState.EMPTY:
            listing = version.population or version.events
            title = self._scope.register(listing.register).table.register.title if listing else ""
            words = "lists nothing of this kind, and no nil return covers the day."
            return f"The register '{title}' {words}"
        if obligation.state == SubjectState.UNCLEAR_HOLDER:
            role = role_of(self._scope, version, obligation.version, obligation.member)
            return role.unclear() if role else ""
        if obligation.state == SubjectState.CLAIMED_TWICE:
            return "Two rows claim the same key, so it cannot be told which one evidence is about."
        if obligation.state == SubjectState.UNREAD:
            unread = "Its row cannot be read: its key, its day or a cell that decides."
            return self._event_without_day(version, obligation.event_row) or unread
        return "A cell on which the duty's condition depends cannot be read."

    def _event_without_day(self, version: Version, row: int) -> str:
        """Of a planned event without a day: which row names it as held. Of one that takes its day
        from a row that it names: why that gives none. '' of any other."""
        events = version.events
        if events is None or row < 0:
            return ""
        columns = self._scope.register(events.register)
        if planned_without_day(columns, events)[row]:
            key = columns.values(columns.table.register.key or "")[row]
            place = min(naming_cells(columns, key), default="") if isinstance(key, str) else ""
            if place:
                return f"It has no day yet, and {place} names it: give it its day."
        day_of = columns.table.register.column(events.dated).day_of
        if day_of is None:
            return ""
        named = Condition(column=day_of.key, filled=True)
        why = self._keys.why_not(columns, row, named)
        return f"It has no day: in '{day_of.key}', {why}." if why else ""


def _not_readable_words(titles: Sequence[str]) -> str:
    sheets = listed([f"'{title}'" for title in titles])
    if len(titles) == 1:
        return f"The {sheets} sheet was provided and cannot be read, and this duty needs it."
    return f"The {sheets} sheets were provided and cannot be read, and this duty needs them."


# The latest of its kind (semantics.md, Evidence) --------------------------------------------------


def unread_cells_told(table: Table, latest: Latest, rows: Sequence[int]) -> str:
    """The cells of these rows that cannot be read: ``'issued on' in row 4 of Documents``."""
    names = [name for name in (table.register.key, latest.kind, latest.issued) if name]
    cells: list[str] = []
    for row in rows[:MOST_TOLD]:
        odd = [f"'{name}'" for name in names if table.columns[name].state[row] in _UNCLEAR]
        place = table.place(row)
        cells.append(f"{listed(odd)} in row {place.row} of {place.sheet}")
    return listed(cells)


class LatestWords:
    """Says of the rows that might have met an obligation of one duty why it cannot be told whether
    they name the latest of its kind."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._issues: dict[Latest, Issues] = {}

    def unclear(self, version: Version, refs: Sequence[ItemRef]) -> str:
        """Which cells to correct first; '' where that is not why they do not count."""
        names = list(dict.fromkeys(_columns_asked(version))) if refs else []
        said = (self._words(name, ref) for name in names for ref in refs[:MOST_TOLD])
        return " ".join(dict.fromkeys(each for each in said if each))

    def _words(self, name: str, ref: ItemRef) -> str:
        table = self._scope.register(ref.register).table
        specs = (each for each in table.register.columns if each.name == name)
        latest = next((each.latest for each in specs), None)
        if latest is None or table.columns[name].state[ref.row] != CellState.UNREADABLE:
            return ""
        cells = self._in_the_way(table, latest, ref.row)
        place = table.place(ref.row)
        words = f"row {place.row} of {place.sheet} names the latest in '{latest.key}'"
        return (
            f"It cannot be told whether {words}: first correct {cells}, which cannot be read."
            if cells
            else ""
        )

    def _in_the_way(self, table: Table, latest: Latest, row: int) -> str:
        key, by = (table.columns[name].value[row] for name in (latest.key, latest.by))
        if not isinstance(key, str) or not isinstance(by, datetime.date):
            return ""
        within = self._scope.register(latest.within).table
        if latest not in self._issues:
            self._issues[latest] = Issues(within, latest)
        return unread_cells_told(within, latest, self._issues[latest].unread_for(key, by))


def _columns_asked(version: Version) -> Iterator[str]:
    """Every column on which the rule puts a condition to a row of evidence, or to a record."""
    asks = [*(version.evidence.asks if version.evidence else ()), *version.pattern.asks]
    asks += [ask for member in version.members for ask in member.where]
    yield from (each.column for each in conditions_of(asks))
