"""Why an obligation is not met, in a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from engine.columns.arrays import Columns
from engine.columns.conditions import TRUE
from engine.decision.codes import ListState
from engine.evaluated_duty import EvaluatedDuty, too_late
from engine.frames.lists import planned_without_day
from engine.needs import group_title
from engine.obligation import Obligation, SubjectState
from engine.outcome import UNMET, Answer, ItemRef, Status
from engine.proof.blocked_rows import BlockedRows
from engine.proof.conditions import ConditionResult, condition_results, own_asks
from engine.proof.key_rows import KeyRows, naming_cells
from engine.proof.phrases import INCOMPLETE, NO_RECORD, NOT_RECORDED, count_words, day_words
from engine.proof.role_words import role_of
from engine.proof.unread import correct_first
from evidence.cells.text import listed
from evidence.keys.latest import IssuedRows
from evidence.register import Latest
from evidence.table import CellState, Table
from rules.condition import Condition, conditions_of
from rules.model import Version

#: How many rows are mentioned at most; the others can be corrected after these.
MOST_TOLD = 3

_BY_SUBJECT = {
    SubjectState.READABLE: "Whether this duty applies depends on a cell that cannot be read.",
    SubjectState.UNREAD: (
        "Its row cannot be used, because its reference, its date or another cell that decides "
        "cannot be read."
    ),
    SubjectState.CLAIMED_TWICE: (
        "Two rows have the same reference, so it is not clear which of them the evidence is about."
    ),
}


class UnmetWords:
    """The reasons why the obligations of one duty are not met."""

    def __init__(self, duty: EvaluatedDuty, keys: KeyRows) -> None:
        self._duty = duty
        self._scope = duty.scope
        self._keys = keys
        self._blocked = BlockedRows(duty.scope, keys)
        self._issues: dict[Latest, IssuedRows] = {}
        self._results: dict[tuple[int, int], Sequence[ConditionResult]] = {}

    def reason(self, obligation: Obligation, answer: Answer, unread: Iterable[ItemRef]) -> str:
        """Why an obligation is not met, in sentences; '' where it is. ``unread``: the rows that
        cannot be read and might have met it."""
        version = self._scope.version(obligation.version_number).rule
        sentences = self._by_status(version, obligation, answer)
        return " ".join(filter(None, (*sentences, self._latest_unclear(version, unread))))

    def _by_status(self, version: Version, obligation: Obligation, answer: Answer) -> Iterator[str]:
        """The sentences of the reason, some of them '': first what the status means, then, for an
        unmet or waived obligation, what was done and why it is not enough."""
        status, observed = answer.status, self._duty.observed
        if status is Status.NOT_ASSESSED:
            sheets = listed([f"'{title}' sheet" for title in self._lacking], "and no")
            yield f"No {sheets} was provided, so this duty was not assessed."
        elif status is Status.CANNOT_TELL:
            yield self._not_clear(version, obligation)
        elif status is Status.NOT_APPLICABLE:
            yield "The duty does not apply here: its condition does not hold."
        elif status is Status.NOT_YET_DUE and answer.opens:
            yield f"The period for it begins on {day_words(answer.opens)}."
        elif status is Status.WAIVED:
            yield "A waiver covers it."
        waived = status is Status.WAIVED and not observed.expansion.lacking
        if waived or status in UNMET:
            yield self._too_late(version, obligation, answer)
            blocked = self._blocked.words(obligation, answer)
            incomplete = self._incomplete(version, obligation, blocked)
            yield self._done(version, obligation, answer) if incomplete is None else incomplete
            yield blocked
            run = observed.windows.run
            if run and not waived:
                yield self._missed(obligation, run)

    @property
    def _lacking(self) -> list[str]:
        """The titles of the registers that were not given, or cannot be read."""
        tables = {name: columns.table for name, columns in self._scope.columns.items()}
        return [group_title(group, tables) for group in self._duty.observed.expansion.lacking]

    # Not met ------------------------------------------------------------------------------------

    def _missed(self, obligation: Obligation, run: int) -> str:
        """How many periods in a row were missed, the last of them perhaps the obligation's own, and
        which."""
        own = [obligation.window] if obligation.deadline < self._scope.as_of_day else []
        earlier = sorted(
            self._duty.earlier, key=lambda answer: answer.deadline or datetime.date.min
        )
        labels = [answer.key.window for answer in earlier] + own
        last = labels[-run:]
        which = listed(last) if run <= MOST_TOLD else f"{last[0]} to {last[-1]}"
        return f"{count_words(run, 'period was', 'periods in a row were')} missed ({which})."

    def _too_late(self, version: Version, obligation: Obligation, answer: Answer) -> str:
        """The sentence that nothing done now would meet it; '' if something would. Unread cells of
        the event's own row come first."""
        events, row = version.events, obligation.event_row
        if events is None or not too_late(version, obligation, answer, self._scope.as_of_day):
            return ""
        columns = self._scope.register(events.register)
        first = correct_first(columns, own_asks(version, obligation.member), row)
        day = day_words(obligation.event_day)
        title = columns.table.title
        words = f"can no longer be done: the row in {title} is dated {day}."
        return f"{first} Otherwise it {words}" if first else f"It {words}"

    def _incomplete(self, version: Version, obligation: Obligation, blocked: str) -> str | None:
        """The sentence on what the obligation's own row lacks; '' if the words on ``blocked`` rows
        say it already, and None if other rows can meet the obligation."""
        query, row = version.evidence, obligation.event_row
        if row < 0 or (query is not None and not query.itself):
            return None
        if blocked:
            return ""
        cached = obligation.version_number, obligation.member
        columns = self._scope.register(version.evidence_register)
        if cached not in self._results:
            self._results[cached] = condition_results(columns, version, obligation.member)
        failed = [
            self._lacking_words(columns, result, row)
            for result in self._results[cached]
            if result.truth[row] != TRUE
        ]
        return f"{INCOMPLETE}{listed(failed)}." if failed else None

    def _lacking_words(self, columns: Columns, result: ConditionResult, row: int) -> str:
        """Which condition the row does not meet."""
        if not result.column:
            return result.failed
        if columns.state(result.column)[row] == CellState.UNREADABLE:
            heading = columns.table.heading(row, result.column)
            latest = columns.table.register.column(result.column).latest
            if latest and columns.state(latest.key)[row] == CellState.READ:
                return f"it is not clear which {latest.of or 'row'} is the latest"
            return f"'{heading}' cannot be read"
        words = result.lacks(columns, row)
        return f"it {words}" if result.fault and words.startswith(result.fault) else words

    def _done(self, version: Version, obligation: Obligation, answer: Answer) -> str:
        """The sentence on when it was last done, on who holds the role, or that the subject's row
        names no item."""
        role = role_of(self._scope, obligation.version_number, obligation.member)
        if role:
            return role.unmet_words()
        if answer.last_done is not None:
            return f"Last completed on {day_words(answer.last_done)}.{self._again(answer)}"
        passed = answer.deadline is not None and answer.deadline.toordinal() < self._scope.as_of_day
        none = NO_RECORD if passed else NOT_RECORDED
        people = version.population
        query = version.evidence
        row = obligation.subject_row
        name = query.named_by_subject if query else None
        if people is None or not name or row < 0:  # below 0 the whole list is missing or empty
            return none
        columns = self._scope.register(people.register)
        state = columns.state(name)[row]
        heading = columns.table.heading(row, name)
        if state == CellState.READ:
            return none
        says = "says nothing" if state == CellState.NOTHING else "cannot be read"
        return f"{none} Its own row should name one in '{heading}', but that cell {says}."

    def _again(self, answer: Answer) -> str:
        """The sentence on the day by which it is needed after the last time."""
        if answer.deadline is None:
            return ""
        last = answer.last_done
        if last is not None and answer.deadline <= last:
            return (
                f" By its dates, it was needed again by {day_words(answer.deadline)}: check them."
            )
        needed = "is" if answer.deadline.toordinal() >= self._scope.as_of_day else "was"
        return f" It {needed} needed again by {day_words(answer.deadline)}."

    # Not enough information ---------------------------------------------------------------------

    def _not_clear(self, version: Version, obligation: Obligation) -> str:
        """Why it cannot be told whether an obligation is met: an unreadable or an empty sheet, an
        unknown holder of a role, or a row that cannot be read."""
        list_state = self._duty.observed.expansion.list_state
        state = obligation.state
        if list_state == ListState.SHEET_UNREADABLE:
            sheets = listed([f"'{title}'" for title in self._lacking])
            one = len(self._lacking) == 1
            words = "sheet was provided" if one else "sheets were provided"
            these = "it" if one else "them"
            return f"The {sheets} {words} but cannot be read, and this duty needs {these}."
        if list_state == ListState.EMPTY:
            listing = version.population or version.events
            title = self._scope.register(listing.register).table.title if listing else ""
            words = "has no row for this duty, and no nil return covers the day of the check."
            return f"The '{title}' sheet {words}"
        if state == SubjectState.UNCLEAR_HOLDER:
            role = role_of(self._scope, obligation.version_number, obligation.member)
            return role.unclear_words() if role else ""
        no_day = state == SubjectState.UNREAD and self._event_without_day(version, obligation)
        return no_day or _BY_SUBJECT[SubjectState(state)]

    def _event_without_day(self, version: Version, obligation: Obligation) -> str:
        """The sentence that another row names a planned event as held, or why the row that should
        date an event gives it no day."""
        events, row = version.events, obligation.event_row
        if events is None or row < 0:
            return ""
        columns = self._scope.register(events.register)
        if planned_without_day(columns, events)[row]:
            key = columns.values(columns.table.register.key or "")[row]
            place = min(naming_cells(columns, key), default="") if isinstance(key, str) else ""
            if place:
                return f"It has no date yet, but {place} names it. Enter its date."
        day_of = columns.table.register.column(events.dated).day_of
        if day_of is None:
            return ""
        why = self._keys.why_not(columns, row, Condition(column=day_of.key, filled=True))
        heading = columns.table.heading(row, day_of.key)
        return f"It has no date: in '{heading}', {why}." if why else ""

    # The latest of its kind (semantics.md: Evidence) --------------------------------------------

    def _latest_unclear(self, version: Version, unread: Iterable[ItemRef]) -> str:
        """The sentence on the cells to correct if it is not clear whether rows name the latest of
        its kind."""
        refs = list(islice(unread, MOST_TOLD))
        if not refs:
            return ""
        asks = [*(version.evidence.asks if version.evidence else ()), *version.pattern.asks]
        asks += [ask for member in version.members for ask in member.where]
        names = dict.fromkeys(condition.column for condition in conditions_of(asks))
        sentences = (self._find_unclear_latest(name, ref) for name in names for ref in refs)
        return " ".join(filter(None, dict.fromkeys(sentences)))

    def _find_unclear_latest(self, name: str, ref: ItemRef) -> str:
        """Why a cell that names the latest document is unreadable: rows of the other sheet cannot
        be read. '' for any other cell."""
        table = self._scope.register(ref.register).table
        column, row = table.columns.get(name), ref.row
        latest = table.register.column(name).latest if column else None
        if column is None or latest is None or column.state[row] != CellState.UNREADABLE:
            return ""
        key, by = (table.columns[name].value[row] for name in (latest.key, latest.by))
        if not isinstance(key, str) or not isinstance(by, datetime.date):
            return ""
        within = self._scope.register(latest.within).table
        if latest not in self._issues:
            self._issues[latest] = IssuedRows(within, latest)
        cells = unread_cells_told(within, latest, self._issues[latest].unread_for(key, by))
        if not cells:
            return ""
        heading = table.heading(row, latest.key)
        words = f"{table.place(row).row_words} names the latest in '{heading}'"
        return f"It is not clear whether {words}. First correct {cells}, which cannot be read."


def unread_cells_told(table: Table, latest: Latest, rows: Sequence[int]) -> str:
    """The cells of these rows that cannot be read: ``'issued on' in row 4 of Documents``."""
    names = [name for name in (table.register.key, latest.kind, latest.issued) if name]
    sure = (CellState.READ, CellState.NOTHING)
    cells: list[str] = []
    for row in rows[:MOST_TOLD]:
        headings = [
            f"'{table.heading(row, name)}'"
            for name in names
            if table.columns[name].state[row] not in sure
        ]
        cells.append(f"{listed(headings)} in {table.place(row).row_words}")
    return listed(cells)
