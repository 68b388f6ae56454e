"""From duties to their obligations at D: one for each subject, event and record that they cover.

Duties with lists of one kind are expanded at once: their versions are merged with the rows of each
distinct list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from engine.columns.days import Flags, Ints
from engine.day_number import NO_DAY
from engine.decision.codes import Applying, ListState
from engine.frames.lists import applies_on, list_events, list_state, list_subjects
from engine.frames.schema import LISTED, OBLIGATIONS, flags, ints, make_frame, stack_frames
from engine.frames.scope import Scope, VersionTable
from engine.needs import Group, needed_registers, not_given, not_readable
from engine.obligation import LeftOut, SubjectState
from rules.model import Version
from rules.patterns import Events, Triggered
from rules.subject import Population

#: The parts of a duty's list under one version.
_UNREAD = 0
_LEFT_OUT = 1
_COVERED = 2
_PARTS = 3
#: Added to the parts that come after those of every version: there is room for 1,000 versions.
_LAST = 1_000 * _PARTS
Kind = Literal["subject", "event"]
#: The columns that say which subject of a population an obligation is about.
_SUBJECT = ["subject", "subject_row", "joined"]
#: The names of the columns of LISTED in OBLIGATIONS.
_AS_LISTED = {
    "subject": {"key": "subject", "row": "subject_row", "day": "joined"},
    "event": {"key": "event", "row": "event_row", "day": "event_day"},
}


@dataclass(frozen=True, slots=True)
class Expansion:
    """The state of one duty's list. ``left_out`` counts, by reason, the listed rows without an
    obligation. ``lacking``: the registers that were not given, or cannot be read; one of each group
    would do."""

    list_state: ListState
    left_out: dict[LeftOut, int]
    lacking: tuple[Group, ...] = ()


def expand(versions: VersionTable) -> tuple[pd.DataFrame, list[Expansion]]:
    """The obligations of all duties at D and the state of each duty's list
    (semantics.md: Subjects; Versions and clocks). The frame OBLIGATIONS is ordered by duty and then
    as the duty lists them, each with its subject, its event and the version that judges it. A duty
    whose list is unknown, because a sheet or a row is lacking, has one obligation."""
    expansions = [_expansion(scope) for scope in versions.scopes]
    expander = _Expander(versions, expansions)
    duties_by_list: dict[Callable[[list[int]], list[pd.DataFrame]], list[int]] = {}
    for duty, current in enumerate(versions.latest_rows.tolist()):
        was_read = expansions[duty].list_state == ListState.READ
        expand_list = expander.of_list(versions.rules[current]) if was_read else expander.nothing
        duties_by_list.setdefault(expand_list, []).append(duty)
    parts = [part for expand_list, duties in duties_by_list.items() for part in expand_list(duties)]
    frame = stack_frames(parts, OBLIGATIONS)
    by = ("subject_row", "event_row", "member", "part", "duty")  # lexsort: the last decides first
    order = np.lexsort([ints(frame, name) for name in by])
    states = np.array([expansion.list_state for expansion in expansions], dtype=np.int64)
    frame = frame.assign(list_state=states[ints(frame, "duty")])
    return frame.take(order).reset_index(drop=True), expansions


def _expansion(scope: Scope) -> Expansion:
    state, lacking = sheets_state(scope)
    version = scope.version(scope.version_number).rule
    for listing in (version.population, version.events):
        if listing is not None and state == ListState.READ:
            state = list_state(scope, listing)
    return Expansion(state, {}, lacking)


def sheets_state(scope: Scope) -> tuple[ListState, tuple[Group, ...]]:
    """Whether the sheets that the duty needs under its versions were given and can be read, and the
    groups of registers of which none was or can (semantics.md: An obligation's status at D)."""
    begun = [version.rule for version in scope.resolved.versions[: scope.version_number + 1]]
    tables = {name: columns.table for name, columns in scope.columns.items()}
    groups = needed_registers(begun, {name: table.register for name, table in tables.items()})
    absent = not_given(groups, tables)
    if absent:
        return ListState.SHEET_NOT_GIVEN, absent
    unreadable = not_readable(groups, tables)
    return (ListState.SHEET_UNREADABLE if unreadable else ListState.READ), unreadable


class _Expander:
    """The expansion of duties with lists of one kind; each method returns frames OBLIGATIONS."""

    def __init__(self, versions: VersionTable, expansions: list[Expansion]) -> None:
        self._versions = versions
        self._expansions = expansions
        self._lists: dict[Population | Events, pd.DataFrame] = {}

    def of_list(self, version: Version) -> Callable[[list[int]], list[pd.DataFrame]]:
        """The method that expands duties with the kind of list that this version has."""
        if version.events is not None:
            return self.of_events
        if version.pattern.by_joining:
            return self.of_joinings
        return self.of_office if version.population is None else self.of_subjects

    # The office and its subjects, by the version on D -------------------------------------------

    def nothing(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each duty whose list is unknown."""
        current = self._versions.latest_rows[duties]
        return [self._obligations(pd.DataFrame({"version_index": current}), _COVERED)]

    def of_office(self, duties: list[int]) -> list[pd.DataFrame]:
        """The office, or the members of the fixed list."""
        current = self._versions.latest_rows[duties]
        in_force_from = self._versions.in_force_from[current]
        rows = pd.DataFrame({"version_index": current, "joined": in_force_from})
        return [self._applied_on_d(self._members(self._obligations(rows, _COVERED)))]

    def of_subjects(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject of a population."""
        people = self._covered(self._people(self._versions.latest_rows[duties].tolist()))
        return [self._unread(people, "subject"), self._applied_on_d(self._readable(people))]

    # Joinings, by the version of each one's day -------------------------------------------------

    def of_joinings(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject's joining as its event; the version on D judges one whose day is unknown."""
        table = self._versions
        joining = [v for v in table.of_duties(duties) if table.rules[v].pattern.by_joining]
        people = self._covered(self._people(joining))
        index = ints(people, "version_index")
        joined = ints(people, "joined")
        unknown = joined == NO_DAY
        in_force_from = table.in_force_from[index]
        day = np.where(unknown, NO_DAY, np.maximum(joined, in_force_from))
        early = ~unknown & (joined < in_force_from) & ~table.flags(_counts_people_there)[index]
        reason = np.where(early, LeftOut.THERE_BEFORE_IT_WAS_IN_FORCE, LeftOut.NO)
        judged = np.where(unknown, table.is_latest[index], table.judges(index, day))
        people = self._covered(people.assign(event_day=day, reason=reason)[judged])
        readable = self._readable(people)
        readable["applies"] = self._applies(
            ints(readable, "version_index"), ints(readable, "event_day")
        )
        twice = readable.duplicated(["duty", "subject"], keep=False).to_numpy()
        # The lists of two versions may each have a row of one person: these rows come last.
        claims = readable[twice]
        unclear = claims.assign(
            subject=0,
            applies=int(Applying.YES),
            state=int(SubjectState.CLAIMED_TWICE),
            register=self._registers("subject")[table.latest_rows[ints(claims, "duty")]],
            row=claims["subject_row"],
            part=claims["part"] + _LAST,
        )
        return [self._unread(people, "subject"), readable[~twice], unclear]

    # Events, by the version of each one's day ---------------------------------------------------

    def of_events(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each event and subject. An event that the duty's condition leaves out,
        or may leave out, is one obligation (semantics.md: Subjects)."""
        events = self._events(duties)
        readable = self._readable(events)
        index = ints(readable, "version_index")
        applies = self._applies(index, ints(readable, "event_day"))
        yes = applies == Applying.YES
        part = ints(readable, "part") + np.where(yes, 0, _LEFT_OUT - _COVERED)
        readable = readable.assign(applies=applies, part=part)
        peopled = self._versions.flags(lambda rule: rule.population is not None)
        crossed = peopled[index]
        parts = [
            self._unread(events, "event"),
            readable[~yes],
            self._members(readable[yes & ~crossed]),
        ]
        if peopled.any():
            parts += self._with_people(readable[yes & crossed], duties, index)
        return parts

    def _events(self, duties: list[int]) -> pd.DataFrame:
        """The events that each version judges and covers; those claimed twice are marked."""
        table = self._versions
        lists = ((v, table.rules[v].events) for v in table.of_duties(duties))
        listed = self._listed(lists, "event")
        index = ints(listed, "version_index")
        dated = flags(listed, "dated")
        judged = table.judges(index, ints(listed, "event_day"))
        listed = listed[np.where(dated, judged, table.is_latest[index])]
        index = ints(listed, "version_index")
        dated = flags(listed, "dated")
        day = ints(listed, "event_day")
        reason = ints(listed, "reason")
        early = (reason == LeftOut.NO) & dated & (day < table.in_force_from[index])
        reason = np.where(early, LeftOut.BEFORE_IT_WAS_IN_FORCE, reason)
        waits = table.flags(lambda rule: rule.pattern.waits)[index]
        to_come = (reason == LeftOut.NO) & dated & (day > table.as_of_day) & waits
        reason = np.where(to_come, LeftOut.STILL_TO_COME, reason)
        twice = flags(listed, "claims").copy()
        claims = listed.assign(duty=table.duty[index])[twice]
        twice[twice] = claims.duplicated(["duty", "event"], keep=False)
        state = np.where(twice, SubjectState.CLAIMED_TWICE, ints(listed, "state"))
        return self._covered(listed.assign(reason=reason, state=state))

    def _with_people(
        self, events: pd.DataFrame, duties: list[int], judging: Ints
    ) -> list[pd.DataFrame]:
        """Each event with each subject who is covered on its day; and each unread person once."""
        table = self._versions
        people = self._people([v for v in table.of_duties(duties) if table.rules[v].events])
        people = people[ints(people, "reason") == LeftOut.NO]
        there = people[_is_readable(people)][["version_index", *_SUBJECT, "leaves"]]
        pairs = events[["version_index", "event_day"]].assign(position=np.arange(len(events)))
        pairs = pairs.merge(there, on="version_index")
        day = ints(pairs, "event_day")
        pairs = pairs[(ints(pairs, "joined") <= day) & (day < ints(pairs, "leaves"))]
        subject = {name: ints(pairs, name) for name in _SUBJECT}
        crossed = events.take(ints(pairs, "position")).assign(**subject)
        unread = self._unread(people, "subject")
        index = ints(unread, "version_index")
        unread = unread[table.is_latest[index] | np.isin(index, judging)]
        unread = unread.drop_duplicates(["duty", "register", "row"], keep="last")
        return [crossed, unread.assign(part=unread["part"] + _LAST)]

    # What they share ----------------------------------------------------------------------------

    def _people(self, indices: Iterable[int]) -> pd.DataFrame:
        """The rows of these versions' populations (_listed)."""
        return self._listed(((v, self._versions.rules[v].population) for v in indices), "subject")

    def _listed(
        self, listings: Iterable[tuple[int, Population | Events | None]], kind: Kind
    ) -> pd.DataFrame:
        """The rows of each version's list, with the columns as OBLIGATIONS names them."""
        lists = {v: self._rows(listing) for v, listing in listings if listing is not None}
        counts = np.array([len(rows) for rows in lists.values()], dtype=np.int64)
        index = np.repeat(np.array(list(lists), dtype=np.int64), counts)
        rows = stack_frames(lists.values(), LISTED).rename(columns=_AS_LISTED[kind])
        return rows.assign(version_index=index)

    def _rows(self, listing: Population | Events) -> pd.DataFrame:
        """The rows of a list; each distinct one is made once."""
        if listing not in self._lists:
            table = self._versions
            columns = self._versions.columns[listing.register]
            if isinstance(listing, Population):
                rows = list_subjects(columns, listing, table.names, table.as_of_day)
            else:
                rows = list_events(columns, listing, table.names)
            self._lists[listing] = rows
        return self._lists[listing]

    def _covered(self, listed: pd.DataFrame) -> pd.DataFrame:
        """The listed rows that have an obligation; the others are counted by reason."""
        reason = ints(listed, "reason")
        covered = np.asarray(reason == LeftOut.NO)
        codes = ints(listed, "version_index") * len(LeftOut) + reason
        for code, count in zip(*np.unique(codes[~covered], return_counts=True), strict=True):
            index, number = divmod(int(code), len(LeftOut))
            left_out = self._expansions[self._versions.duty[index]].left_out
            # Not the sum: each version of the duty lists the same rows again.
            left_out[LeftOut(number)] = max(int(count), left_out.get(LeftOut(number), 0))
        return listed[covered]

    def _readable(self, listed: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each listed row that can be read."""
        return self._obligations(listed[_is_readable(listed)], _COVERED)

    def _unread(self, listed: pd.DataFrame, kind: Kind) -> pd.DataFrame:
        """An obligation of its own for each listed row that cannot be read or is claimed twice."""
        unread = listed[~_is_readable(listed)]
        registers = self._registers(kind)[unread["version_index"]]
        rows = unread.assign(row=unread[f"{kind}_row"], register=registers)
        unknown = {"subject": ["subject"], "event": ["event", "event_day"]}
        return self._obligations(rows.drop(columns=unknown[kind]), _UNREAD)

    def _obligations(self, rows: pd.DataFrame, part: int) -> pd.DataFrame:
        """An obligation for each row, in this part of its duty's list, with the row's columns."""
        table = self._versions
        index = ints(rows, "version_index")
        columns = {name: ints(rows, name) for name in OBLIGATIONS if name in rows.columns}
        columns |= {"duty": table.duty[index], "part": table.number[index] * _PARTS + part}
        return make_frame(OBLIGATIONS, len(rows), **columns)

    def _registers(self, kind: Kind) -> Ints:
        """The number of the register that lists each version's subjects, or its events."""

        def number(version: Version) -> int:
            listing = version.events if kind == "event" else version.population
            return self._versions.names.number(listing.register if listing else "")

        return self._versions.values(number)

    def _members(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each member of the version's fixed list, if it has one."""
        rows = [
            (index, position, self._versions.names.number(member.id))
            for index, rule in enumerate(self._versions.rules)
            for position, member in enumerate(rule.members)
        ]
        columns = ["version_index", "member", "subject"]
        members = pd.DataFrame(rows, columns=columns, dtype=np.int64)
        without_list = frame[~np.isin(ints(frame, "version_index"), ints(members, "version_index"))]
        crossed = frame.drop(columns=["member", "subject"]).merge(members, on="version_index")
        return stack_frames([without_list, crossed[list(OBLIGATIONS)]], OBLIGATIONS)

    def _applied_on_d(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with whether the duty applies on D."""
        days = np.full(len(frame), self._versions.as_of_day, dtype=np.int64)
        return frame.assign(applies=self._applies(ints(frame, "version_index"), days))

    def _applies(self, index: Ints, days: Ints) -> Ints:
        """Whether the duty of each obligation (by its version's row) applies on its own day."""
        table = self._versions
        result = np.full(len(index), Applying.YES, dtype=np.int64)
        conditions = [rule.applies for rule in table.rules]
        for condition in dict.fromkeys(filter(None, conditions)):
            rows = np.array([other == condition for other in conditions], dtype=np.bool_)[index]
            result[rows] = applies_on(table.columns, condition, days[rows])
        return result


def _counts_people_there(version: Version) -> bool:
    """Whether a version covers people who were there before the duty was in force."""
    return isinstance(version.pattern, Triggered) and version.pattern.already_there


def _is_readable(listed: pd.DataFrame) -> Flags:
    return np.asarray(ints(listed, "state") == SubjectState.READABLE)
