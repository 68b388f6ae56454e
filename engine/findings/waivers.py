"""Findings about waivers: those that do nothing, match nothing, fit two things or have run out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.noted import Noted, at
from engine.frames.scope import Scope
from engine.frames.waivers import (
    ALL,
    ASKED,
    OFFICE,
    REGISTER,
    Thing,
    WaiverRow,
    duty_names,
    expired,
    named,
    waiver_rows,
)
from engine.obligation import Obligation
from engine.outcome import Status
from engine.proof.phrases import day_words
from evidence.cells.silence import says_nothing
from evidence.cells.text import listed, nearest_names, quoted
from evidence.table import CellState, Table
from rules.model import Duty

#: So many of the nearest names are offered.
_NEAR = 3
#: To so many waivers of one duty.
_TOLD_NEAR = 10
FITS_TWO, MATCHES_NOTHING = "fits two", "matches nothing"


def waiver_findings(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Sequence[EvaluatedDuty], as_of_day: int
) -> Iterator[Noted]:
    """Waivers that do nothing, and those that expired over an unmet duty."""
    for waiver, duty, fits, state in waivers_judged(columns, duties, evaluated, as_of_day):
        odd = _odd(columns[REGISTER].table, waiver, duty, fits, state)
        if odd:
            yield odd


def waivers_judged(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Iterable[EvaluatedDuty], as_of_day: int
) -> Iterator[tuple[WaiverRow, Duty | None, Fits | None, str]]:
    """Each waiver with the duty that it names, what that duty's waivers fit, and its state."""
    rows, of_name = waiver_rows(columns), dict[str, Duty]()
    for duty in duties:
        for name in duty_names(duty):
            of_name.setdefault(name, duty)
    by_duty: dict[str, list[WaiverRow]] = defaultdict(list)
    for waiver in rows:
        if waiver.duty in of_name:
            by_duty[of_name[waiver.duty].id].append(waiver)
    fits = {
        each.id: Fits(each, by_duty[each.id], as_of_day) for each in evaluated if each.id in by_duty
    }
    for waiver in rows:
        named = of_name.get(waiver.duty)
        fit = fits.get(named.id) if named else None
        yield waiver, named, fit, _state(waiver, named, fit, as_of_day)


def _state(waiver: WaiverRow, duty: Duty | None, fits: Fits | None, as_of_day: int) -> str:
    if not waiver.complete:
        return "incomplete"
    if duty is None or not duty.waivable:
        return "no effect"
    state = fits.state(waiver) if fits else ""
    if not state and waiver.holds(as_of_day):
        return "in force"
    return state or ("expired" if expired(waiver, as_of_day) else "not yet")


def _odd(
    table: Table, waiver: WaiverRow, duty: Duty | None, fits: Fits | None, state: str
) -> Noted | None:
    """What is odd about a waiver, if anything is, with the cell to point at."""
    id_, place = duty.id if duty else "", partial(at, REGISTER, waiver.row)
    if state == "incomplete":
        lacks = [name for name in ASKED if table.columns[name].state[waiver.row] != CellState.READ]
        said = listed(
            [f"'{name}'{_instead(table.columns[name].raw[waiver.row])}" for name in lacks]
        )
        words = f"This waiver is incomplete and has no effect. Fill in {said}."
        return Noted("waiver incomplete", id_, words, place(lacks[0]))
    if duty is None:
        words = "This waiver names no duty, so it has no effect. Enter the id of a duty."
        return Noted("waiver of no duty", id_, words, place("duty"))
    if state == "no effect":
        words = "This duty cannot be waived, so the waiver has no effect."
        return Noted("waiver has no effect", id_, words, place("duty"))
    text = table.columns["subject"].raw[waiver.row]
    if fits and state == FITS_TWO:
        return Noted("waiver fits two", id_, _two_words(fits, text), place("subject"))
    if fits and state == MATCHES_NOTHING:
        return Noted("waiver matches nothing", id_, _nothing_words(fits, text), place("subject"))
    if fits and state == "expired" and fits.still_unmet(waiver):
        words = f"The waiver ended on {day_words(waiver.last)}, but what it covered is not met."
        return Noted("waiver expired", id_, words, place("until"))
    return None


def _instead(raw: str) -> str:
    """What stands in place of what a waiver lacks."""
    if not raw:
        return ""
    return f" ({quoted(raw)} {'says nothing' if says_nothing(raw) else 'cannot be read'})"


def _two_words(fits: Fits, text: str) -> str:
    mine = [name for name in fits.names if plain(name.text) == plain(text)]
    what = listed(list(dict.fromkeys(f"the {each.kind} of {each.where}" for each in mine)))
    alone = _alone(fits.names, {each.thing for each in mine})
    quotes = listed([f"'{each}'" for each in alone], "or")
    instead = f" Enter {quotes} instead." if alone else ""
    return f"'{text.strip()}' is {what}, so the waiver has no effect.{instead}"


def _alone(names: Iterable[_Name], things: set[Thing]) -> list[str]:
    """For each of the things a name that fits nothing else, if it has one."""
    fitting: dict[str, list[_Name]] = defaultdict(list)
    for name in names:
        fitting[plain(name.text)].append(name)
    found: dict[Thing, str] = {}
    for same in fitting.values():
        fitted = {each.thing for each in same}
        if len(fitted) == 1 and fitted <= things:
            found.setdefault(same[0].thing, same[0].text)
    return sorted(found.values())


def _nothing_words(fits: Fits, text: str) -> str:
    words = f"This duty covers nothing called '{text.strip()}', so the waiver has no effect."
    near = [f"'{each}'" for each in fits.nearest(text)]
    if not near:
        return words
    return f"{words} The nearest name{' is' if len(near) == 1 else 's are'} {listed(near)}."


# What it fits -----------------------------------------------------------------------------------


class Fits:
    """What the waivers of one duty fit: what is asked of each of them is looked up once."""

    def __init__(self, duty: EvaluatedDuty, waivers: Iterable[WaiverRow], as_of_day: int) -> None:
        self.as_of_day = as_of_day
        self._duty = duty
        subjects = {waiver.subject for waiver in waivers} - {ALL, OFFICE}
        self._things = duty.observed.things_named(duty.scope, subjects)
        self._not_assessed = any(answer.status is Status.NOT_ASSESSED for answer in duty.answers)
        keys = [answer.key for answer in (*duty.answers, *duty.earlier) if answer.key.row < 0]
        self._of_office = any(named(OFFICE, key) for key in keys)
        self._unmet = [
            answer.key
            for answer in duty.answers
            if answer.status in (Status.DUE, Status.OVERDUE) and not answer.past
        ]
        self._told_near = 0

    def state(self, waiver: WaiverRow) -> str:
        """FITS_TWO where its text fits two things, MATCHES_NOTHING where it covers D and fits none
        of the duty's obligations; otherwise ''."""
        if waiver.subject == ALL or self._not_assessed:
            return ""
        things = self._things.get(waiver.subject, ())
        if len(things) > 1:
            return FITS_TWO
        office = waiver.subject == OFFICE
        known = self._of_office if office else things or waiver.subject in self._unread_names
        return MATCHES_NOTHING if waiver.holds(self.as_of_day) and not known else ""

    def still_unmet(self, waiver: WaiverRow) -> bool:
        """Whether something that it covered is not met."""
        if waiver.subject in (ALL, OFFICE):
            return any(named(waiver.subject, key) for key in self._unmet)
        return not self._unmet_things.isdisjoint(self._things.get(waiver.subject, ()))

    def nearest(self, text: str) -> Sequence[str]:
        """The names that are most like a text that fits nothing; none where so many of the duty's
        waivers were told them already: each is compared with every name."""
        self._told_near += 1
        if self._told_near > _TOLD_NEAR:
            return ()
        names = [name.text for name in self.names if "," in text or not all(name.thing)]
        return nearest_names(text, names, _NEAR)

    @cached_property
    def names(self) -> Sequence[_Name]:
        """The names of all that the duty's obligations are about, in their order."""
        found: dict[tuple[str, Thing], _Name] = {}
        for obligation in self._duty.observed.obligations:
            for each in _names_of(self._duty.scope, obligation) if obligation.row < 0 else ():
                found.setdefault((each.text, each.thing), each)
        return list(found.values())

    @cached_property
    def _unread_names(self) -> set[str]:
        """What reports call the rows of which nothing can be told, and their keys: a waiver for one
        of them changes nothing, but it is about something that this duty asks."""
        found: set[str] = set()
        for key in (answer.key for answer in self._duty.answers if answer.key.row >= 0):
            rows = _listed(self._duty.scope, key.window, key.row, Thing("", ""))
            found |= {plain(rows[0].text), plain(rows[0].where)}
        return found

    @cached_property
    def _unmet_things(self) -> set[Thing]:
        """What the obligations are about that are not met: subject, event, and the two together."""
        return {
            thing
            for key in self._unmet
            for thing in (
                Thing(key.subject, ""),
                Thing("", key.event),
                Thing(key.subject, key.event),
            )
        }


# Names ------------------------------------------------------------------------------------------


class _Name(NamedTuple):
    """A name as reports print it: of what, whether it is the key or the name, and where that is
    listed."""

    text: str
    thing: Thing
    kind: str
    where: str


def _names_of(scope: Scope, obligation: Obligation) -> Iterator[_Name]:
    """The names of what one obligation is about: the rows that list it, or the member of a fixed
    list; and of an event and a subject together."""
    version = scope.version(obligation.version).version
    events, people, member = version.events, version.population, version.member(obligation.member)
    event, subject = Thing("", obligation.event), Thing(obligation.subject, "")
    of_event = _listed(scope, events.register if events else "", obligation.event_row, event)
    if member:
        where = f"what the rule calls {member.title}"
        texts = ((member.title, "name"), (member.id, "key"))
        of_subject = [_Name(text, subject, kind, where) for text, kind in texts]
    else:
        register = people.register if people else ""
        of_subject = _listed(scope, register, obligation.subject_row, subject)
    yield from of_event
    yield from of_subject
    if of_event and of_subject:
        one, other = of_event[0], of_subject[0]
        both = Thing(obligation.subject, obligation.event)
        where = f"{one.where} with {other.where}"
        yield _Name(f"{one.text}, {other.text}", both, "name", where)


def _listed(scope: Scope, register: str, row: int, thing: Thing) -> list[_Name]:
    """The key and the name of a listed row, as they stand there."""
    if not register or row < 0:
        return []
    table = scope.register(register).table
    place, spec = table.place(row), table.register
    where = f"row {place.row} of {place.sheet}"
    found = [_Name(table.columns[spec.key or ""].raw[row], thing, "key", where)]
    if spec.label and not spec.column(spec.label).sensitive:
        label = table.columns[spec.label]
        if label.state[row] == CellState.READ:
            found.append(_Name(label.raw[row], thing, "name", where))
    return found
