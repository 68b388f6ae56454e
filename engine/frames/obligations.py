"""From duties to their obligations: which subjects, events and records they ask about at D.

All duties that list alike are expanded at once: what their versions ask is set beside the rows of
each distinct list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints
from engine.decision.observations import Applying, ListState
from engine.frames.lists import LeftOut, applies_on, list_events, list_state, list_subjects
from engine.frames.schema import LISTED, OBLIGATIONS, flags, ints, made, stacked
from engine.frames.scope import Editions, Scope
from engine.needs import Group, needed_registers, not_given, not_readable
from engine.obligation import SubjectState
from rules.model import Version
from rules.patterns import Events, Triggered
from rules.subject import Population

#: The parts of a duty's list, within a version; and those that stand after every version's.
_UNREAD, _LEFT_OUT, _ASKED, _PARTS = 0, 1, 2, 3
_LAST = 1_000
Kind = Literal["subject", "event"]
#: The columns that say which subject of a population an obligation is about.
_WHO = ["subject", "subject_row", "joined"]
#: What obligations call the columns of LISTED.
_AS_LISTED = {
    "subject": {"key": "subject", "row": "subject_row", "day": "joined"},
    "event": {"key": "event", "row": "event_row", "day": "event_day"},
}


@dataclass(frozen=True, slots=True)
class Expansion:
    """How the list of one duty stands. ``left_out`` counts, by reason, the listed rows that ask
    nothing. ``lacking``: the registers that were not given, or cannot be read; of those in one
    group one would do."""

    list_state: ListState
    left_out: dict[str, int]
    lacking: tuple[Group, ...] = ()


def expand(editions: Editions) -> tuple[pd.DataFrame, list[Expansion]]:
    """The obligations of all duties at D (a frame OBLIGATIONS, by duty and in the order in which
    the duty lists them), each with its subject, its event and the version that judges it
    (semantics.md, Subjects; Versions and clocks), and how each duty's list stands. A duty of which
    nothing is listed, because a sheet or a row is lacking, has one obligation."""
    expansions = [_standing(scope) for scope in editions.scopes]
    work = _Expanding(editions, expansions)
    alike: dict[Callable[[list[int]], list[pd.DataFrame]], list[int]] = {}
    for duty, current in enumerate(editions.current.tolist()):
        unread = expansions[duty].list_state != ListState.READ
        how = work.nothing if unread else work.how(editions.version[current])
        alike.setdefault(how, []).append(duty)
    frame = stacked([part for how, duties in alike.items() for part in how(duties)], OBLIGATIONS)
    by = ("subject_row", "event_row", "member", "part", "duty")
    order = np.lexsort([ints(frame, name) for name in by])
    states = np.array([expansion.list_state for expansion in expansions], dtype=np.int64)
    frame = frame.assign(list_state=states[ints(frame, "duty")])
    return frame.take(order).reset_index(drop=True), expansions


def _standing(scope: Scope) -> Expansion:
    state, lacking = sheets_state(scope)
    version = scope.version(scope.current).version
    for listing in (version.population, version.events):
        if listing is not None and state == ListState.READ:
            state = list_state(scope, listing)
    return Expansion(state, {}, lacking)


def sheets_state(scope: Scope) -> tuple[ListState, tuple[Group, ...]]:
    """Whether the sheets that the duty needs, by the versions begun by D, were given and can be
    read, and which were not, or cannot (semantics.md, An obligation's status: not assessed)."""
    begun = [scope.version(number).version for number in range(scope.current + 1)]
    tables = {name: each.table for name, each in scope.columns.items()}
    groups = needed_registers(begun, {name: each.register for name, each in tables.items()})
    absent = not_given(groups, tables)
    if absent:
        return ListState.SHEET_NOT_GIVEN, absent
    unread = not_readable(groups, tables)
    return (ListState.SHEET_UNREADABLE if unread else ListState.READ), unread


class _Expanding:
    """The expansion of duties that list alike; each method returns frames OBLIGATIONS."""

    def __init__(self, editions: Editions, expansions: list[Expansion]) -> None:
        self._editions = editions
        self._expansions = expansions
        self._lists: dict[Population | Events, pd.DataFrame] = {}

    def how(self, version: Version) -> Callable[[list[int]], list[pd.DataFrame]]:
        """How duties that list as this version does are expanded."""
        if version.events is not None:
            return self.of_events
        if version.pattern.by_joining:
            return self.of_joinings
        return self.of_office if version.population is None else self.of_subjects

    # The office and its subjects, by the version on D -------------------------------------------

    def nothing(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each duty of which nothing can be listed."""
        return [self._made(pd.DataFrame({"edition": self._editions.current[duties]}), _ASKED)]

    def of_office(self, duties: list[int]) -> list[pd.DataFrame]:
        """The office, or the members of the fixed list."""
        current = self._editions.current[duties]
        rows = pd.DataFrame({"edition": current, "joined": self._editions.in_force[current]})
        return [self._on_the_day(self._members(self._made(rows, _ASKED)))]

    def of_subjects(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject of a population."""
        people = self._asked(self._people(self._editions.current[duties].tolist()))
        return [self._unread(people, "subject"), self._on_the_day(self._each(people))]

    # Joinings, by the version of each one's day -------------------------------------------------

    def of_joinings(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject's joining as its event; a day that is unknown is judged by the version on
        D."""
        of = self._editions
        joining = [e for e in of.of_duties(duties) if of.version[e].pattern.by_joining]
        people = self._asked(self._people(joining))
        edition, began = ints(people, "edition"), ints(people, "joined")
        unknown, in_force = began == NO_DAY, of.in_force[edition]
        day = np.where(unknown, NO_DAY, np.maximum(began, in_force))
        early = ~unknown & (began < in_force) & ~of.which(_there_count)[edition]
        reason = np.where(early, LeftOut.THERE_BEFORE_IT_WAS_IN_FORCE, LeftOut.NO)
        mine = np.where(unknown, of.is_current[edition], of.judges(edition, day))
        people = self._asked(people.assign(event_day=day, reason=reason)[mine])
        each = self._each(people)
        each["applies"] = self._applies(ints(each, "edition"), ints(each, "event_day"))
        twice = each.duplicated(["duty", "subject"], keep=False).to_numpy()
        # Through the lists of different versions two rows may claim one person: that stands last.
        odd = each[twice]
        untold = odd.assign(
            subject=0,
            applies=int(Applying.YES),
            state=int(SubjectState.CLAIMED_TWICE),
            window=self._registers("subject")[of.current[ints(odd, "duty")]],
            row=odd["subject_row"],
            part=odd["part"] + _LAST * _PARTS,
        )
        return [self._unread(people, "subject"), each[~twice], untold]

    # Events, by the version of each one's day ---------------------------------------------------

    def of_events(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each event and subject; an event that the condition leaves out, or of
        which that cannot be told, is one (semantics.md, Subjects)."""
        happened = self._happened(duties)
        each = self._each(happened)
        edition = ints(each, "edition")
        applies = self._applies(edition, ints(each, "event_day"))
        yes = applies == Applying.YES
        part = ints(each, "part") + np.where(yes, 0, _LEFT_OUT - _ASKED)
        each = each.assign(applies=applies, part=part)
        peopled = self._editions.which(lambda version: version.population is not None)
        crossed = peopled[edition]
        parts = [
            self._unread(happened, "event"),
            each[~yes],
            self._members(each[yes & ~crossed]),
        ]
        if peopled.any():
            parts += self._with_people(each[yes & crossed], duties, edition)
        return parts

    def _happened(self, duties: list[int]) -> pd.DataFrame:
        """The events that each version judges and asks about (_listed); rows that claim one key are
        marked, also those of lists of different versions."""
        of = self._editions
        found = self._listed({e: of.version[e].events for e in of.of_duties(duties)}, "event")
        edition, day, dated = (
            ints(found, "edition"),
            ints(found, "event_day"),
            flags(found, "dated"),
        )
        mine = np.where(dated, of.judges(edition, day), of.is_current[edition])
        found, edition, day, dated = found[mine], edition[mine], day[mine], dated[mine]
        reason, waits = ints(found, "reason"), of.which(lambda version: version.pattern.waits)
        early = (reason == LeftOut.NO) & dated & (day < of.in_force[edition])
        reason = np.where(early, LeftOut.BEFORE_IT_WAS_IN_FORCE, reason)
        to_come = dated & (day > of.as_of_day) & waits[edition]
        reason = np.where((reason == LeftOut.NO) & to_come, LeftOut.STILL_TO_COME, reason)
        twice = flags(found, "claims").copy()
        claimed = found.assign(duty=of.duty[edition])[twice]
        twice[twice] = claimed.duplicated(["duty", "event"], keep=False)
        state = np.where(twice, SubjectState.CLAIMED_TWICE, ints(found, "state"))
        return self._asked(found.assign(reason=reason, state=state))

    def _with_people(
        self, events: pd.DataFrame, duties: list[int], judged: Ints
    ) -> list[pd.DataFrame]:
        """Each event with each subject that was there on its day; and a person whose row is unread,
        who is one obligation, of the latest version that asks."""
        of = self._editions
        people = self._people([e for e in of.of_duties(duties) if of.version[e].events])
        people = people[ints(people, "reason") == LeftOut.NO]
        there = people[_readable(people)][["edition", *_WHO, "until"]]
        both = events[["edition", "event_day"]].assign(place=np.arange(len(events)))
        both = both.merge(there, on="edition")
        day = ints(both, "event_day")
        both = both[(ints(both, "joined") <= day) & (day < ints(both, "until"))]
        who = {name: ints(both, name) for name in _WHO}
        crossed = events.take(ints(both, "place")).assign(**who)
        unread = self._unread(people, "subject")
        edition = ints(unread, "edition")
        unread = unread[of.is_current[edition] | np.isin(edition, judged)]
        unread = unread.drop_duplicates(["duty", "window", "row"], keep="last")
        return [crossed, unread.assign(part=unread["part"] + _LAST * _PARTS)]

    # What they share ----------------------------------------------------------------------------

    def _people(self, asking: Sequence[int]) -> pd.DataFrame:
        """The rows of the populations that these editions ask (_listed)."""
        return self._listed({e: self._editions.version[e].population for e in asking}, "subject")

    def _listed(self, wanted: Mapping[int, Population | Events | None], kind: Kind) -> pd.DataFrame:
        """The rows of the list that each edition asks: ``edition`` and the columns of LISTED, those
        that obligations have too by the names that these give them."""
        lists = {e: self._rows(listing) for e, listing in wanted.items() if listing is not None}
        counts = np.array([len(rows) for rows in lists.values()], dtype=np.int64)
        edition = np.repeat(np.array(list(lists), dtype=np.int64), counts)
        rows = stacked(lists.values(), LISTED).rename(columns=_AS_LISTED[kind])
        return rows.assign(edition=edition)

    def _rows(self, listing: Population | Events) -> pd.DataFrame:
        """The rows of a list; each distinct one is made once."""
        if listing not in self._lists:
            of, columns = self._editions, self._editions.columns[listing.register]
            if isinstance(listing, Population):
                rows = list_subjects(columns, listing, of.names, of.as_of_day)
            else:
                rows = list_events(columns, listing, of.names)
            self._lists[listing] = rows
        return self._lists[listing]

    def _asked(self, listed: pd.DataFrame) -> pd.DataFrame:
        """The listed rows that ask something. The others are counted; of several versions of a duty
        that leave out for one reason, the most."""
        reason = ints(listed, "reason")
        asked = np.asarray(reason == LeftOut.NO)
        codes = ints(listed, "edition") * len(LeftOut) + reason
        for code, count in zip(*np.unique(codes[~asked], return_counts=True), strict=True):
            edition, why = divmod(int(code), len(LeftOut))
            left_out = self._expansions[self._editions.duty[edition]].left_out
            words = LeftOut(why).words
            left_out[words] = max(int(count), left_out.get(words, 0))
        return listed[asked]

    def _each(self, listed: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each listed row that can be read."""
        return self._made(listed[_readable(listed)], _ASKED)

    def _unread(self, listed: pd.DataFrame, kind: Kind) -> pd.DataFrame:
        """An obligation of its own for each listed row that cannot be read or is claimed twice."""
        odd = listed[~_readable(listed)]
        rows = odd.assign(row=odd[f"{kind}_row"], window=self._registers(kind)[odd["edition"]])
        untold = {"subject": ["subject"], "event": ["event", "event_day"]}
        return self._made(rows.drop(columns=untold[kind]), _UNREAD)

    def _made(self, rows: pd.DataFrame, part: int) -> pd.DataFrame:
        """An obligation of each row, in this part of its duty's list, with what the row says."""
        of, edition = self._editions, ints(rows, "edition")
        said = {name: ints(rows, name) for name in OBLIGATIONS if name in rows.columns}
        said |= {"duty": of.duty[edition], "part": of.number[edition] * _PARTS + part}
        return made(OBLIGATIONS, len(rows), **said)

    def _registers(self, kind: Kind) -> Ints:
        """The number of the register that lists each edition's subjects, or its events."""

        def number(version: Version) -> int:
            listing = version.events if kind == "event" else version.population
            return self._editions.names.number(listing.register if listing else "")

        return self._editions.each(number)

    def _members(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each member of the version's fixed list, if it has one."""
        rows = [
            (edition, n, self._editions.names.number(member.id))
            for edition, version in enumerate(self._editions.version)
            for n, member in enumerate(version.members)
        ]
        members = pd.DataFrame(rows, columns=["edition", "member", "subject"], dtype=np.int64)
        alone = frame[~np.isin(ints(frame, "edition"), ints(members, "edition"))]
        each = frame.drop(columns=["member", "subject"]).merge(members, on="edition")
        return stacked([alone, each[list(OBLIGATIONS)]], OBLIGATIONS)

    def _on_the_day(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with whether the duty applies on D."""
        days = np.full(len(frame), self._editions.as_of_day, dtype=np.int64)
        return frame.assign(applies=self._applies(ints(frame, "edition"), days))

    def _applies(self, edition: Ints, days: Ints) -> Ints:
        """Whether the duty applies to each obligation, on the day given for it."""
        of = self._editions
        result = np.full(len(edition), Applying.YES, dtype=np.int64)
        conditions = [version.applies for version in of.version]
        for condition in dict.fromkeys(filter(None, conditions)):
            holders = np.array([other == condition for other in conditions], dtype=np.bool_)[
                edition
            ]
            result[holders] = applies_on(of.columns, condition, days[holders])
        return result


def _there_count(version: Version) -> bool:
    """Whether people who were there before the duty was in force are asked."""
    return isinstance(version.pattern, Triggered) and version.pattern.already_there


def _readable(listed: pd.DataFrame) -> Flags:
    return np.asarray(ints(listed, "state") == SubjectState.READABLE)
