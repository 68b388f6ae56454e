"""From duties to their obligations: which subjects, events and records they ask about at D.

All duties that list alike are expanded at once: a frame of what their versions ask is merged with
the rows of each distinct list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from engine.columns.days import NO_DAY, Flags, Ints
from engine.decision.observations import Applying, ListState
from engine.frames.lists import (
    LEFT_OUT,
    LeftOut,
    Listed,
    applies_on,
    list_events,
    list_state,
    list_subjects,
)
from engine.frames.schema import EVENTS, LISTED, OBLIGATIONS, Names, flags, ints, made, stacked
from engine.frames.scope import Editions, Scope
from engine.needs import Group, needed_registers, not_given, not_readable
from engine.obligation import SubjectState
from rules.model import Version
from rules.patterns import Events, Joining, Triggered
from rules.subject import FixedList, Population

L = TypeVar("L", Events, Population)
#: The parts of a duty's list, within a version; and those that stand after every version's.
_UNREAD, _LEFT_OUT, _ASKED, _PARTS = 0, 1, 2, 3
_LAST = 1_000
#: The columns that say which subject of a population an obligation is about.
_WHO = ("subject", "subject_row", "joined")


@dataclass(frozen=True, slots=True)
class Expansion:
    """How the list of one duty stands. ``left_out`` counts, by reason, the listed rows that ask
    nothing. ``lacking``: the registers that were not given, or cannot be read; of those in one
    group one would do."""

    list_state: ListState
    left_out: dict[str, int]
    lacking: tuple[Group, ...] = ()

    def leave_out(self, reason: str, count: int) -> None:
        """Notes rows that ask nothing; of several versions that leave out, the most."""
        if count:
            self.left_out[reason] = max(count, self.left_out.get(reason, 0))


def expand(editions: Editions, names: Names) -> tuple[pd.DataFrame, list[Expansion]]:
    """The obligations of all duties at D (a frame OBLIGATIONS, by duty and in the order in which
    the duty lists them), each with its subject, its event and the version that judges it
    (semantics.md, Subjects; Versions and clocks), and how each duty's list stands. A duty of which
    nothing is listed, because a sheet or a row is lacking, has one obligation."""
    expansions = [_standing(scope) for scope in editions.scopes]
    work = _Expanding(editions, names, expansions)
    alike: dict[Callable[[list[int]], list[pd.DataFrame]], list[int]] = {}
    for duty, scope in enumerate(editions.scopes):
        unread = expansions[duty].list_state != ListState.READ
        how = work.nothing if unread else work.how(scope.version(scope.current).version)
        alike.setdefault(how, []).append(duty)
    frame = stacked([part for how, duties in alike.items() for part in how(duties)], OBLIGATIONS)
    by = ("subject_row", "event_row", "member", "part", "duty")
    order = np.lexsort([ints(frame, name) for name in by])
    return frame.take(order).reset_index(drop=True), expansions


def _standing(scope: Scope) -> Expansion:
    state, lacking = sheets_state(scope)
    version = scope.version(scope.current).version
    for listing in (population(version), version.events):
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


def population(version: Version) -> Population | None:
    """The population that a version asks, if it asks one."""
    return version.subjects if isinstance(version.subjects, Population) else None


def _joins(version: Version) -> bool:
    return isinstance(version.pattern, Triggered) and isinstance(version.pattern.event, Joining)


class _Expanding:
    """The expansion of duties that list alike; each method returns frames OBLIGATIONS."""

    def __init__(self, editions: Editions, names: Names, expansions: list[Expansion]) -> None:
        self._editions = editions
        self._names = names
        self._expansions = expansions

    def how(self, version: Version) -> Callable[[list[int]], list[pd.DataFrame]]:
        """How duties that list as this version does are expanded."""
        if version.events is not None:
            return self.of_events
        if _joins(version):
            return self.of_joinings
        return self.of_office if population(version) is None else self.of_subjects

    # The office and its subjects, by the version on D -------------------------------------------

    def nothing(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each duty of which nothing can be listed."""
        return [self._made(np.array(self._editions.current_of(duties), dtype=np.int64), _ASKED)]

    def of_office(self, duties: list[int]) -> list[pd.DataFrame]:
        """The office, or the members of the fixed list."""
        current = np.array(self._editions.current_of(duties), dtype=np.int64)
        joined = self._editions.in_force[current]
        return [self._on_the_day(self._members(self._made(current, _ASKED, joined=joined)))]

    def of_subjects(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject of a population."""
        people = self._people(self._editions.current_of(duties), tell=True)
        return [self._unread(people, "subject_row"), self._on_the_day(self._each(people))]

    # Joinings, by the version of each one's day -------------------------------------------------

    def of_joinings(self, duties: list[int]) -> list[pd.DataFrame]:
        """Each subject's joining as its event; a day that is unknown is judged by the version on
        D."""
        of = self._editions
        people = self._people([e for e in of.of_duties(duties) if _joins(of.version[e])], tell=True)
        edition, began = ints(people, "edition"), ints(people, "day")
        day = np.where(began == NO_DAY, NO_DAY, np.maximum(began, of.in_force[edition]))
        mine = np.where(day == NO_DAY, of.is_current[edition], of.judges(edition, day))
        early = mine & (began != NO_DAY) & (began < of.in_force[edition])
        early &= ~np.array([_there_count(each) for each in of.version])[edition]
        for each, its in of.parts(edition):
            count = int((its & early).sum())
            self._expansions[of.duty[each]].leave_out("there before it was in force", count)
        asked = people.assign(event_day=day)[mine & ~early]
        each_one = self._each(asked)
        applies = self._applies(ints(each_one, "edition"), ints(each_one, "event_day"))
        judged = each_one.assign(applies=applies.astype(np.int8))
        return self._claimed_once(self._unread(asked, "subject_row"), judged)

    def _claimed_once(self, unread: pd.DataFrame, each: pd.DataFrame) -> list[pd.DataFrame]:
        """The joinings, where no two rows claim one person through the lists of different versions:
        those that do cannot be told, and stand last."""
        twice = each.duplicated(["duty", "subject"], keep=False).to_numpy()
        if not twice.any():
            return [unread, each]
        of, odd = self._editions, each[twice]
        current = of.current_of(ints(odd, "duty").tolist())
        told = odd.assign(
            subject=0,
            applies=np.int8(Applying.YES),
            state=np.int8(SubjectState.CLAIMED_TWICE),
            window=np.array([self._register(e) for e in current], dtype=np.int64),
            row=odd["subject_row"],
            part=odd["part"] + _LAST * _PARTS,
        )
        return [unread, each[~twice], told]

    # Events, by the version of each one's day ---------------------------------------------------

    def of_events(self, duties: list[int]) -> list[pd.DataFrame]:
        """One obligation for each event and subject; an event that the condition leaves out, or of
        which that cannot be told, is one (semantics.md, Subjects)."""
        happened = self._happened(duties)
        events = happened[_readable(happened)]
        edition, day = ints(events, "edition"), ints(events, "day")
        applies = self._applies(edition, day)
        bare = self._made(
            edition,
            _ASKED,
            event=ints(events, "key"),
            event_row=ints(events, "row"),
            event_day=day,
            applies=applies,
        )
        yes = applies == Applying.YES
        left_out = bare[~yes].assign(part=bare["part"][~yes] - _ASKED + _LEFT_OUT)
        peopled = np.array([population(each) is not None for each in self._editions.version])
        crossed = peopled[edition]
        parts = [self._unread(happened, "event_row"), left_out]
        parts.append(self._members(bare[yes & ~crossed]))
        if peopled.any():
            parts += self._with_people(bare[yes & crossed], duties, edition)
        return parts

    def _happened(self, duties: list[int]) -> pd.DataFrame:
        """The events that each version judges and asks about: ``edition`` and the columns of
        EVENTS; rows that claim one key are marked, also those of lists of different versions."""
        of = self._editions
        lists = {e: of.version[e].events for e in of.of_duties(duties)}
        found = self._merged(
            {e: each for e, each in lists.items() if each is not None},
            lambda events: list_events(of.columns[events.register], events, self._names),
        )
        edition, day = ints(found, "edition"), ints(found, "day")
        found = found[np.where(flags(found, "dated"), of.judges(edition, day),
                               of.is_current[edition])]  # fmt: skip
        duty, key = of.duty[ints(found, "edition")], ints(found, "key")
        claims = flags(found, "claims")
        claimed = pd.DataFrame({"duty": duty[claims], "key": key[claims]})
        state, reason = ints(found, "state").copy(), self._reasons(found)
        twice = np.flatnonzero(claims)[claimed.duplicated(keep=False).to_numpy()]
        state[twice] = SubjectState.CLAIMED_TWICE
        found = found.assign(state=state.astype(np.int8), reason=reason)
        asked = np.asarray(reason == LeftOut.NO)
        counted = found[~asked].groupby(["edition", "reason"]).size()
        for each, why, count in counted.reset_index().to_numpy().tolist():
            self._expansions[of.duty[each]].leave_out(LEFT_OUT[LeftOut(why)], count)
        return found[asked]

    def _reasons(self, found: pd.DataFrame) -> Ints:
        """Why each event asks nothing (a LeftOut), by the version that judges it."""
        of = self._editions
        edition, day, dated = ints(found, "edition"), ints(found, "day"), flags(found, "dated")
        reason = ints(found, "reason")
        early = (reason == LeftOut.NO) & dated & (day < of.in_force[edition])
        reason = np.where(early, LeftOut.NOT_IN_FORCE, reason)
        past_only = np.array([isinstance(each.pattern, Triggered) for each in of.version])
        to_come = (reason == LeftOut.NO) & dated & (day > of.as_of) & past_only[edition]
        return np.where(to_come, LeftOut.TO_COME, reason).astype(np.int64)

    def _with_people(
        self, events: pd.DataFrame, duties: list[int], judged: Ints
    ) -> list[pd.DataFrame]:
        """Each event with each subject that was there on its day; and a person whose row is unread,
        who is one obligation, of the latest version that asks."""
        of = self._editions
        people = self._people([e for e in of.of_duties(duties) if of.version[e].events])
        each, until = self._each(people), ints(people[_readable(people)], "until")
        days, joined = ints(events, "event_day"), ints(each, "joined")
        both = pd.DataFrame({"edition": ints(events, "edition"), "event": np.arange(len(events))})
        both = both.merge(
            pd.DataFrame({"edition": ints(each, "edition"), "person": np.arange(len(each))})
        )
        event, person = ints(both, "event"), ints(both, "person")
        there = (joined[person] <= days[event]) & (days[event] < until[person])
        who = {name: ints(each, name)[person[there]] for name in _WHO}
        crossed = events.take(event[there]).assign(**who)
        unread = self._unread(people, "subject_row")
        edition = ints(unread, "edition")
        unread = unread[of.is_current[edition] | np.isin(edition, judged)]
        unread = unread.drop_duplicates(["duty", "window", "row"], keep="last")
        return [crossed, unread.assign(part=unread["part"] + _LAST * _PARTS)]

    # What they share ----------------------------------------------------------------------------

    def _made(self, edition: Ints, part: int, **said: object) -> pd.DataFrame:
        """Obligations of these editions, in this part of their duties' lists."""
        of = self._editions
        said |= {"edition": edition, "duty": of.duty[edition]}
        return made(OBLIGATIONS, len(edition), part=of.number[edition] * _PARTS + part, **said)

    def _merged(self, wanted: Mapping[int, L], listed: Callable[[L], pd.DataFrame]) -> pd.DataFrame:
        """Each edition with the rows of its list; each distinct list is made once."""
        numbers = {listing: n for n, listing in enumerate(dict.fromkeys(wanted.values()))}
        frames = [listed(listing) for listing in numbers]
        asked = {"edition": list(wanted), "listing": [numbers[each] for each in wanted.values()]}
        requests = pd.DataFrame(asked, dtype=np.int64)
        if not frames:
            return requests.assign(**{name: [] for name in (*LISTED, *EVENTS)})
        rows = pd.concat(frames, ignore_index=True)
        rows["listing"] = np.repeat(np.arange(len(frames)), [len(each) for each in frames])
        return requests.merge(rows, on="listing")

    def _people(self, wanted: list[int], *, tell: bool = False) -> pd.DataFrame:
        """The rows of the populations that these editions ask: ``edition`` and the columns of
        LISTED. ``tell``: notes how many of them are not asked."""
        of = self._editions
        lists = {e: asked for e in wanted if (asked := population(of.version[e])) is not None}
        made_of = {each: self._subjects(each) for each in lists.values()}
        for edition, asked in lists.items() if tell else ():
            for reason, count in made_of[asked].left_out.items():
                self._expansions[of.duty[edition]].leave_out(reason, count)
        return self._merged(lists, lambda asked: made_of[asked].rows)

    def _subjects(self, asked: Population) -> Listed:
        of = self._editions
        return of.once(
            ("subjects", asked),
            lambda: list_subjects(of.columns[asked.register], asked, self._names, of.as_of),
        )

    def _each(self, people: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each subject that can be read."""
        there = people[_readable(people)]
        who = {"subject": "key", "subject_row": "row", "joined": "day"}
        said = {to: ints(there, given) for to, given in who.items()}
        return self._made(ints(there, "edition"), _ASKED, **said, **_event_day(there))

    def _unread(self, listed: pd.DataFrame, which: str) -> pd.DataFrame:
        """An obligation of its own for each listed row that cannot be read or is claimed twice."""
        odd = listed[~_readable(listed)]
        edition, rows = ints(odd, "edition"), ints(odd, "row")
        of_event = which == "event_row"
        registers = {e: self._register(e, of_event=of_event) for e in np.unique(edition).tolist()}
        window = np.array([registers[each] for each in edition.tolist()], dtype=np.int64)
        said = {which: rows, "row": rows, "window": window, "state": ints(odd, "state")}
        said |= {"joined": ints(odd, "day")} | _event_day(odd)
        return self._made(edition, _UNREAD, **said)

    def _register(self, edition: int, *, of_event: bool = False) -> int:
        """The number of the register that lists an edition's subjects, or its events."""
        version = self._editions.version[edition]
        listing = version.events if of_event else population(version)
        return self._names.number(listing.register if listing else "")

    def _members(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One obligation for each member of the version's fixed list, if it has one."""
        of = self._editions
        rows = [
            (edition, n, self._names.number(member.id))
            for edition in np.unique(ints(frame, "edition")).tolist()
            if isinstance(subjects := of.version[edition].subjects, FixedList)
            for n, member in enumerate(subjects.members)
        ]
        if not rows:
            return frame
        members = pd.DataFrame(rows, columns=["edition", "member", "subject"], dtype=np.int64)
        alone = frame[~np.isin(ints(frame, "edition"), ints(members, "edition"))]
        each = frame.drop(columns=["member", "subject"]).merge(members, on="edition")
        return stacked([alone, each[list(OBLIGATIONS)]], OBLIGATIONS)

    def _on_the_day(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with whether the duty applies on D."""
        days = np.full(len(frame), self._editions.as_of, dtype=np.int64)
        return frame.assign(applies=self._applies(ints(frame, "edition"), days).astype(np.int8))

    def _applies(self, edition: Ints, days: Ints) -> Ints:
        """Whether the duty applies to each obligation, on the day given for it."""
        of = self._editions
        result = np.full(len(edition), Applying.YES, dtype=np.int64)
        asked = [of.version[each].applies for each in range(len(of.version))]
        for applies in dict.fromkeys(each for each in asked if each is not None):
            mine = np.array([each == applies for each in asked], dtype=np.bool_)[edition]
            result[mine] = applies_on(of.columns, applies, days[mine])
        return result


def _there_count(version: Version) -> bool:
    """Whether people who were there before the duty was in force are asked."""
    return isinstance(version.pattern, Triggered) and version.pattern.already_there


def _readable(listed: pd.DataFrame) -> Flags:
    return np.asarray(ints(listed, "state") == SubjectState.READABLE)


def _event_day(listed: pd.DataFrame) -> dict[str, Ints]:
    """The event's day of each listed row, where the row itself makes the event."""
    return {"event_day": ints(listed, "event_day")} if "event_day" in listed.columns else {}
