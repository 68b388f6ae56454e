"""Findings about waivers: those that do nothing, match nothing, fit two things or have run out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.columns import AllColumns
from engine.findings import Noted
from engine.outcome import ItemRef, ObligationKey, Status
from engine.say import day_words
from engine.shown import events_of
from engine.told import Told
from engine.truth import plain
from engine.waiver_names import Thing, names_of
from engine.waivers import (
    ALL,
    ASKED,
    OFFICE,
    REGISTER,
    WaiverRow,
    covers,
    expired,
    named,
    waiver_rows,
)
from evidence.silence import says_nothing
from evidence.table import CellState, Table
from evidence.wording import listed, nearest_names, quoted
from rules.model import Duty
from rules.subject import FixedList, Population

#: So many of the nearest names are offered.
_NEAR = 3
FITS_TWO, MATCHES_NOTHING = "fits two", "matches nothing"


def waiver_findings(
    columns: AllColumns, duties: Sequence[Duty], told: Sequence[Told], as_of: int
) -> Iterator[Noted]:
    """Waivers that do nothing, and those that expired over an unmet duty."""
    known = {each.scope.duty.duty.id: each for each in told}
    for waiver in waiver_rows(columns):
        duty = next((each for each in duties if covers(waiver, each)), None)
        table, ref = columns[REGISTER].table, ItemRef(REGISTER, waiver.row)
        if not waiver.complete:
            yield _incomplete(table, ref, duty.id if duty else "")
        elif duty is None:
            words = "It names no duty of this rulebook, so it does nothing: write the duty's id."
            yield Noted("waiver of no duty", "", words, ((ref, "duty"),))
        elif not duty.waivable:
            words = "This duty cannot be waived, so the waiver does nothing."
            yield Noted("waiver has no effect", duty.id, words, ((ref, "duty"),))
        elif duty.id in known:
            text = table.columns["subject"].raw[waiver.row]
            yield from _fitting(waiver, known[duty.id], text, as_of)


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


def _fitting(waiver: WaiverRow, told: Told, text: str, as_of: int) -> Iterator[Noted]:
    state, duty = fit_of(waiver, told, as_of), told.scope.duty.duty.id
    ref = ItemRef(REGISTER, waiver.row)
    if state == FITS_TWO:
        yield Noted("waiver fits two", duty, _two_words(told, text), ((ref, "subject"),))
    elif state == MATCHES_NOTHING:
        words = _nothing_words(told, text)
        yield Noted("waiver matches nothing", duty, words, ((ref, "subject"),))
    elif expired(waiver, as_of) and _still_unmet(waiver, told):
        words = f"The waiver ended on {day_words(waiver.last)}, and what it covered is not met."
        yield Noted("waiver expired", duty, words, ((ref, "until"),))


# What it fits -----------------------------------------------------------------------------------


def fit_of(waiver: WaiverRow, told: Told, as_of: int) -> str:
    """FITS_TWO where its text fits two things, MATCHES_NOTHING where it covers D and fits none of
    the duty's obligations; otherwise ''."""
    if waiver.subject == ALL or _not_assessed(told):
        return ""
    if waiver.subject == OFFICE:
        keys = [answer.key for answer in (*told.answers, *told.earlier)]
        fits = any(key.row < 0 and named(waiver, key) for key in keys)
        return MATCHES_NOTHING if waiver.holds(as_of) and not fits else ""
    count = len(_things(waiver, told))
    if count > 1:
        return FITS_TWO
    if count or not waiver.holds(as_of) or waiver.subject in _unread_names(told):
        return ""
    return MATCHES_NOTHING


def _unread_names(told: Told) -> set[str]:
    """What reports call the rows of which nothing can be told, and their keys: a waiver for one
    of them changes nothing, but it is about something that this duty asks."""
    found: set[str] = set()
    for key in (answer.key for answer in told.answers if answer.key.row >= 0):
        table = told.scope.register(key.window).table
        place, column = table.place(key.row), table.columns[table.register.key or ""]
        found |= {plain(f"row {place.row} of {place.sheet}"), plain(column.raw[key.row])}
    return found


def _not_assessed(told: Told) -> bool:
    return any(answer.status is Status.NOT_ASSESSED for answer in told.answers)


def _things(waiver: WaiverRow, told: Told) -> frozenset[Thing]:
    names = names_of(told.scope, told.observed.table, {waiver.subject})
    return names.get(waiver.subject, frozenset())


def _still_unmet(waiver: WaiverRow, told: Told) -> bool:
    unmet = [
        answer.key
        for answer in told.answers
        if answer.status in (Status.DUE, Status.OVERDUE) and not answer.past
    ]
    if waiver.subject in (ALL, OFFICE):
        return any(named(waiver, key) for key in unmet)
    return any(_about(thing, key) for thing in _things(waiver, told) for key in unmet)


def _about(thing: Thing, key: ObligationKey) -> bool:
    return key.row < 0 and thing.subject in ("", key.subject) and thing.event in ("", key.event)


# Names ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as reports print it: of what, whether it is the key or the name, and where that is
    listed."""

    text: str
    thing: Thing
    kind: str
    where: str


def _two_words(told: Told, text: str) -> str:
    names = list(_names(told))
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


def _nothing_words(told: Told, text: str) -> str:
    pairs = "," in text
    near = nearest_names(text, [each.text for each in _names(told, pairs=pairs)], _NEAR)
    words = f"Nothing that this duty asks is called '{text.strip()}', so the waiver does nothing."
    if not near:
        return words
    verb, names = "is" if len(near) == 1 else "are", listed([f"'{each}'" for each in near])
    return f"{words} The nearest {verb} {names}."


def _names(told: Told, *, pairs: bool = True) -> Iterator[_Name]:
    """The names of all that the duty's obligations are about, in the order of the rows."""
    table = told.observed.table
    columns = ("row", "version", "subject", "event", "subject_row", "event_row", "member")
    seen: set[tuple[str, Thing]] = set()
    for row, number, subject, event, who, what, member in zip(
        *(table.cells(name) for name in columns), strict=True
    ):
        if row >= 0:
            continue
        about = _About(told, int(number), int(who), int(what), int(member))
        for each in about.names(str(subject), str(event), pairs=pairs):
            if (each.text, each.thing) not in seen:
                seen.add((each.text, each.thing))
                yield each


@dataclass(frozen=True, slots=True)
class _About:
    """What one obligation is about: the rows that list it, or the member of a fixed list."""

    told: Told
    number: int
    subject_row: int
    event_row: int
    member: int

    def names(self, subject: str, event: str, *, pairs: bool) -> Iterator[_Name]:
        version = self.told.scope.version(self.number).version
        events, subjects = events_of(version), version.subjects
        of_event = self._listed(events.register if events else "", self.event_row)
        people = subjects.register if isinstance(subjects, Population) else ""
        of_subject = self._listed(people, self.subject_row)
        if isinstance(subjects, FixedList) and self.member >= 0:
            one = subjects.members[self.member]
            where = f"what the rule calls {one.title}"
            of_subject = [(one.title, "name", where), (one.id, "key", where)]
        yield from (_Name(text, Thing("", event), kind, at) for text, kind, at in of_event)
        yield from (_Name(text, Thing(subject, ""), kind, at) for text, kind, at in of_subject)
        if pairs and of_event and of_subject:
            text = f"{of_event[0][0]}, {of_subject[0][0]}"
            where = f"{of_event[0][2]} with {of_subject[0][2]}"
            yield _Name(text, Thing(subject, event), "name", where)

    def _listed(self, register: str, row: int) -> list[tuple[str, str, str]]:
        """The key and the name of a listed row, as they stand there."""
        if not register or row < 0:
            return []
        table = self.told.scope.register(register).table
        place, spec = table.place(row), table.register
        where = f"row {place.row} of {place.sheet}"
        found = [(table.columns[spec.key or ""].raw[row], "key", where)]
        if spec.label and not spec.column(spec.label).sensitive:
            label = table.columns[spec.label]
            if label.state[row] == CellState.READ:
                found.append((label.raw[row], "name", where))
        return found
