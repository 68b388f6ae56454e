"""Findings about waivers: those that do nothing, match nothing, fit two things or have run out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.evidence import Noted
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
from engine.outcome import ItemRef, ObligationKey, Status
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
    columns: AllColumns, duties: Iterable[Duty], evaluated: Sequence[EvaluatedDuty], on_day: int
) -> Iterator[Noted]:
    """Waivers that do nothing, and those that expired over an unmet duty."""
    rows = waiver_rows(columns)
    fits = fits_of(evaluated, rows, on_day)
    of_name = duty_of(duties)
    for waiver in rows:
        duty = of_name.get(waiver.duty)
        table, ref = columns[REGISTER].table, ItemRef(REGISTER, waiver.row)
        if not waiver.complete:
            yield _incomplete(table, ref, duty.id if duty else "")
        elif duty is None:
            words = "It names no duty of this rulebook, so it does nothing: write the duty's id."
            yield Noted("waiver of no duty", "", words, ((ref, "duty"),))
        elif not duty.waivable:
            words = "This duty cannot be waived, so the waiver does nothing."
            yield Noted("waiver has no effect", duty.id, words, ((ref, "duty"),))
        elif duty.id in fits:
            text = table.columns["subject"].raw[waiver.row]
            yield from _fitting(waiver, fits[duty.id], text)


def _incomplete(table: Table, ref: ItemRef, duty: str) -> Noted:
    """What a waiver lacks; what stands there instead is quoted."""
    lacks = [name for name in ASKED if table.columns[name].state[ref.row] != CellState.READ]
    said = listed([f"'{name}'{_instead(table, name, ref.row)}" for name in lacks])
    words = f"This waiver does nothing: fill in {said}."
    return Noted("waiver incomplete", duty, words, ((ref, lacks[0]),))


def _instead(table: Table, name: str, row: int) -> str:
    raw = table.columns[name].raw[row]
    if not raw:
        return ""
    return f" ({quoted(raw)} {'says nothing' if says_nothing(raw) else 'cannot be read'})"


def _fitting(waiver: WaiverRow, fits: Fits, text: str) -> Iterator[Noted]:
    state, duty = fits.state(waiver), fits.duty.id
    ref = ItemRef(REGISTER, waiver.row)
    if state == FITS_TWO:
        yield Noted("waiver fits two", duty, _two_words(fits, text), ((ref, "subject"),))
    elif state == MATCHES_NOTHING:
        words = _nothing_words(fits, text)
        yield Noted("waiver matches nothing", duty, words, ((ref, "subject"),))
    elif expired(waiver, fits.on_day) and fits.still_unmet(waiver):
        words = f"The waiver ended on {day_words(waiver.last)}, and what it covered is not met."
        yield Noted("waiver expired", duty, words, ((ref, "until"),))


# What it fits -----------------------------------------------------------------------------------


class Fits:
    """What the waivers of one duty fit: what is asked of each of them is looked up once."""

    def __init__(self, duty: EvaluatedDuty, waivers: Sequence[WaiverRow], on_day: int) -> None:
        self.duty = duty
        self.on_day = on_day
        own = duty_names(duty.scope.duty.duty)
        mine = {each.subject for each in waivers if each.duty in own}
        self._things = duty.observed.things_named(duty.scope, mine - {ALL, OFFICE})
        self._near = 0

    def state(self, waiver: WaiverRow) -> str:
        """FITS_TWO where its text fits two things, MATCHES_NOTHING where it covers D and fits none
        of the duty's obligations; otherwise ''."""
        if waiver.subject == ALL or self._not_assessed:
            return ""
        if waiver.subject == OFFICE:
            return MATCHES_NOTHING if waiver.holds(self.on_day) and not self._of_office else ""
        count = len(self.things(waiver))
        if count > 1:
            return FITS_TWO
        if count or not waiver.holds(self.on_day) or waiver.subject in self._unread_names:
            return ""
        return MATCHES_NOTHING

    def things(self, waiver: WaiverRow) -> frozenset[Thing]:
        """What its text fits."""
        return self._things.get(waiver.subject, frozenset())

    def still_unmet(self, waiver: WaiverRow) -> bool:
        """Whether something that it covered is not met."""
        if waiver.subject == ALL:
            return bool(self._unmet)
        if waiver.subject == OFFICE:
            return self._office_unmet
        return not self.things(waiver).isdisjoint(self._unmet_things)

    def nearest(self, text: str) -> tuple[str, ...]:
        """The names that are most like a text that fits nothing; none where so many of the duty's
        waivers were told them already: each is compared with every name."""
        self._near += 1
        if self._near > _TOLD_NEAR:
            return ()
        return nearest_names(text, [each.text for each in self.names(pairs="," in text)], _NEAR)

    def names(self, *, pairs: bool) -> Sequence[_Name]:
        """The names of all that the duty's obligations are about."""
        return self._paired if pairs else self._single

    @cached_property
    def _paired(self) -> Sequence[_Name]:
        return list(_names(self.duty))

    @cached_property
    def _single(self) -> Sequence[_Name]:
        return list(_names(self.duty, pairs=False))

    @cached_property
    def _not_assessed(self) -> bool:
        return any(answer.status is Status.NOT_ASSESSED for answer in self.duty.answers)

    @cached_property
    def _of_office(self) -> bool:
        """Whether the duty has an obligation that is about the office as a whole."""
        keys = (answer.key for answer in (*self.duty.answers, *self.duty.earlier))
        return any(key.row < 0 and named(OFFICE, key) for key in keys)

    @cached_property
    def _office_unmet(self) -> bool:
        return any(named(OFFICE, key) for key in self._unmet)

    @cached_property
    def _unread_names(self) -> set[str]:
        """What reports call the rows of which nothing can be told, and their keys: a waiver for one
        of them changes nothing, but it is about something that this duty asks."""
        found: set[str] = set()
        for key in (answer.key for answer in self.duty.answers if answer.key.row >= 0):
            table = self.duty.scope.register(key.window).table
            place, column = table.place(key.row), table.columns[table.register.key or ""]
            found |= {plain(f"row {place.row} of {place.sheet}"), plain(column.raw[key.row])}
        return found

    @cached_property
    def _unmet(self) -> Sequence[ObligationKey]:
        return [
            answer.key
            for answer in self.duty.answers
            if answer.status in (Status.DUE, Status.OVERDUE) and not answer.past
        ]

    @cached_property
    def _unmet_things(self) -> set[Thing]:
        """What the obligations are about that are not met: subject, event, and the two together."""
        return {
            thing
            for key in self._unmet
            if key.row < 0
            for thing in (
                Thing(key.subject, ""),
                Thing("", key.event),
                Thing(key.subject, key.event),
            )
        }


def fits_of(
    duties: Sequence[EvaluatedDuty], waivers: Sequence[WaiverRow], on_day: int
) -> Mapping[str, Fits]:
    """What waivers fit, by duty."""
    return {each.id: Fits(each, waivers, on_day) for each in duties} if waivers else {}


def duty_of(duties: Iterable[Duty]) -> Mapping[str, Duty]:
    """The duty that a waiver names, by each of its names as texts are compared."""
    found: dict[str, Duty] = {}
    for duty in duties:
        for name in (duty.id, *duty.aliases):
            found.setdefault(plain(name), duty)
    return found


# Names ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as reports print it: of what, whether it is the key or the name, and where that is
    listed."""

    text: str
    thing: Thing
    kind: str
    where: str


def _two_words(fits: Fits, text: str) -> str:
    names = fits.names(pairs=True)
    mine = [each for each in names if plain(each.text) == plain(text)]
    said = dict.fromkeys(f"the {each.kind} of {each.where}" for each in mine)
    alone = _alone(names, {each.thing for each in mine})
    quotes = listed([f"'{each}'" for each in alone], "or")
    instead = f" Write {quotes} instead." if alone else ""
    what = listed(list(said))
    return f"'{text.strip()}' is {what}, so the waiver does nothing.{instead}"


def _alone(names: Iterable[_Name], things: set[Thing]) -> list[str]:
    """For each of the things a name that fits nothing else, if it has one."""
    fits: dict[str, set[Thing]] = {}
    printed: dict[str, str] = {}
    for each in names:
        fits.setdefault(plain(each.text), set()).add(each.thing)
        printed.setdefault(plain(each.text), each.text)
    found: dict[Thing, str] = {}
    for name, fitted in fits.items():
        if len(fitted) == 1 and fitted <= things:
            found.setdefault(next(iter(fitted)), printed[name])
    return sorted(found.values())


def _nothing_words(fits: Fits, text: str) -> str:
    near = fits.nearest(text)
    words = f"Nothing that this duty asks is called '{text.strip()}', so the waiver does nothing."
    if not near:
        return words
    verb, names = "is" if len(near) == 1 else "are", listed([f"'{each}'" for each in near])
    return f"{words} The nearest {verb} {names}."


def _names(duty: EvaluatedDuty, *, pairs: bool = True) -> Iterator[_Name]:
    """The names of all that the duty's obligations are about, in their order."""
    seen: set[tuple[str, Thing]] = set()
    for obligation in duty.observed.obligations:
        if obligation.row >= 0:
            continue
        for each in _names_of(duty.scope, obligation, pairs=pairs):
            if (each.text, each.thing) not in seen:
                seen.add((each.text, each.thing))
                yield each


def _names_of(scope: Scope, obligation: Obligation, *, pairs: bool) -> Iterator[_Name]:
    """The names of what one obligation is about: the rows that list it, or the member of a fixed
    list."""
    version = scope.version(obligation.version).version
    events, population = version.events, version.population
    of_event = _listed(scope, events.register if events else "", obligation.event_row)
    people = population.register if population else ""
    of_subject = _listed(scope, people, obligation.subject_row)
    member = version.member(obligation.member)
    if member:
        where = f"what the rule calls {member.title}"
        of_subject = [(member.title, "name", where), (member.id, "key", where)]
    subject, event = obligation.subject, obligation.event
    yield from (_Name(text, Thing("", event), kind, at) for text, kind, at in of_event)
    yield from (_Name(text, Thing(subject, ""), kind, at) for text, kind, at in of_subject)
    if pairs and of_event and of_subject:
        text = f"{of_event[0][0]}, {of_subject[0][0]}"
        where = f"{of_event[0][2]} with {of_subject[0][2]}"
        yield _Name(text, Thing(subject, event), "name", where)


def _listed(scope: Scope, register: str, row: int) -> list[tuple[str, str, str]]:
    """The key and the name of a listed row, as they stand there."""
    if not register or row < 0:
        return []
    table = scope.register(register).table
    place, spec = table.place(row), table.register
    where = f"row {place.row} of {place.sheet}"
    found = [(table.columns[spec.key or ""].raw[row], "key", where)]
    if spec.label and not spec.column(spec.label).sensitive:
        label = table.columns[spec.label]
        if label.state[row] == CellState.READ:
            found.append((label.raw[row], "name", where))
    return found
