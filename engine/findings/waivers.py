"""What each waiver does on the day of the check, and the findings about those that do nothing, have
ended while what they covered is not met, or may not have been approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from engine.assessment import WaiverState
from engine.columns.arrays import AllColumns
from engine.columns.conditions import comparable_text
from engine.evaluated_duty import EvaluatedDuty
from engine.findings.noted import Noted, cell
from engine.findings.words import NearestNames, to_fill_in
from engine.frames.scope import Scope
from engine.frames.waivers import (
    ALL,
    OFFICE,
    REGISTER,
    REQUIRED,
    Thing,
    WaiverRow,
    duty_names,
    has_expired,
    names_obligation,
    waiver_rows,
)
from engine.obligation import Obligation
from engine.outcome import Status
from engine.proof.phrases import day_words
from evidence.cells.text import listed, normal_key, quoted, spaced_once
from evidence.cells.undone import not_decided
from evidence.table import CellState, Place, Table
from rules.model import Duty
from rules.subject import Member


class JudgedWaiver(NamedTuple):
    """A waiver with the duty that it names (None: no duty has that name), the names that the duty's
    waivers may give (None: the duty was not evaluated), and its state on D."""

    waiver: WaiverRow
    duty: Duty | None
    names: DutyNames | None
    state: WaiverState


def waiver_findings(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Sequence[EvaluatedDuty], as_of_day: int
) -> Iterator[Noted]:
    """A finding for each waiver that a person has to look at."""
    rules, nearest = list(duties), NearestNames()
    for judged in waivers_judged(columns, rules, evaluated, as_of_day):
        table, waiver = columns[REGISTER].table, judged.waiver
        finding = _finding(table, judged)
        if finding is None:
            continue
        words = [finding.message] if finding.message else []
        text = spaced_once(table.columns["duty"].raw[waiver.row])
        if judged.duty is None and text:
            words.append(_no_such_duty(text, rules, nearest))
        if _ends_before_it_begins(waiver) and judged.state is not WaiverState.DATES_REVERSED:
            words.append(
                f"It ends on {day_words(waiver.last)}, before it begins on"
                f" {day_words(waiver.first)}: correct the date that is wrong."
            )
        yield finding._replace(message=" ".join(words))


def waivers_judged(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Iterable[EvaluatedDuty], as_of_day: int
) -> Iterator[JudgedWaiver]:
    """Each waiver on record, in the order of the rows."""
    rows = waiver_rows(columns)
    of_name: dict[str, Duty] = {}
    for duty in duties:
        for name in duty_names(duty):
            of_name.setdefault(name, duty)
    by_duty: dict[str, list[WaiverRow]] = defaultdict(list)
    for waiver in rows:
        if waiver.duty in of_name:
            by_duty[of_name[waiver.duty].id].append(waiver)
    by_id = {duty.id: duty for duty in evaluated if duty.id in by_duty}
    names_by_id = {id_: DutyNames(duty, by_duty[id_], as_of_day) for id_, duty in by_id.items()}
    for waiver in rows:
        waived = of_name.get(waiver.duty)
        names = names_by_id.get(waived.id) if waived else None
        yield JudgedWaiver(waiver, waived, names, _state(waiver, waived, names, as_of_day))


def _state(
    waiver: WaiverRow, duty: Duty | None, names: DutyNames | None, as_of_day: int
) -> WaiverState:
    """The state of a waiver on D. The first that applies counts: a waiver whose dates are reversed
    would otherwise be 'not yet' or 'expired'."""
    if not waiver.complete:
        return WaiverState.INCOMPLETE
    if duty is None or not duty.waivable:
        return WaiverState.NO_EFFECT
    if names and (misfit := names.misfit(waiver)):
        return misfit
    if _ends_before_it_begins(waiver):
        return WaiverState.DATES_REVERSED
    if waiver.covers(as_of_day):
        return WaiverState.IN_FORCE
    return WaiverState.EXPIRED if has_expired(waiver, as_of_day) else WaiverState.NOT_YET


def _ends_before_it_begins(waiver: WaiverRow) -> bool:
    return waiver.complete and waiver.last < waiver.first


def _finding(table: Table, judged: JudgedWaiver) -> Noted | None:
    """The finding about a waiver by its state; None if a person need not look at it. The caller
    adds that no duty has the name it gives, because the nearest names are compared with every
    duty."""
    waiver, duty, names, state = judged
    text = table.columns["subject"].raw[waiver.row]

    def finding(kind: str, column: str, words: str) -> Noted:
        duty_id = duty.id if duty else ""
        return Noted(kind, duty_id, words, cell(REGISTER, waiver.row, column))

    if state is WaiverState.INCOMPLETE:
        states = {name: table.columns[name].state[waiver.row] for name in REQUIRED}
        blank = [name for name in REQUIRED if states[name] != CellState.READ]
        fill = to_fill_in(table, waiver.row, blank)
        words = f"Incomplete, so it has no effect. Fill in {fill}."
        return finding("Waiver incomplete", blank[0], words)
    if duty is None:
        return finding("Waiver has no effect", "duty", "")
    if state is WaiverState.NO_EFFECT:
        words = "This duty cannot be waived, so it has no effect."
        return finding("Duty cannot be waived", "duty", words)
    if names and state is WaiverState.FITS_TWO:
        return finding("Waiver is ambiguous", "subject", _two_words(names, text))
    if names and state is WaiverState.MATCHES_NOTHING:
        words = (
            f"This duty covers nothing called '{text.strip()}', so it has no effect. Enter the ref"
            f" of what it covers, or all.{names.nearest(text)}"
        )
        return finding("Waiver matches nothing", "subject", words)
    if state is WaiverState.DATES_REVERSED:
        words = (
            f"Ends on {day_words(waiver.last)}, before it begins on {day_words(waiver.first)}, so"
            " it has no effect. Correct the date that is wrong."
        )
        return finding("Waiver dates the wrong way round", "until", words)
    if names and state is WaiverState.EXPIRED and names.still_unmet(waiver):
        words = f"Ran out on {day_words(waiver.last)}, and what it covered is still not met."
        return finding("Waiver expired", "until", words)
    reason = table.columns["reason"].raw[waiver.row]
    applies = state in (WaiverState.IN_FORCE, WaiverState.NOT_YET)
    if applies and not_decided(normal_key(reason)):
        words = f"Has the reason {quoted(reason)}. Delete this row if the waiver was not approved."
        return finding("Waiver may not be approved", "reason", words)
    return None


def _no_such_duty(text: str, duties: Iterable[Duty], nearest: NearestNames) -> str:
    """The sentence that a text is not the short name of a duty, and which duty may be meant."""
    by_title = {comparable_text(duty.title): duty.id for duty in duties}
    words = f"{quoted(text)} is not the short name of a duty, so this waiver has no effect."
    if comparable_text(text) in by_title:
        return f"{words} Enter '{by_title[comparable_text(text)]}'."
    return f"{words} Enter the short name of a duty.{nearest.words(text, by_title.values())}"


def _two_words(names: DutyNames, text: str) -> str:
    """The sentence that a text means two things, with the other names that mean one of them."""
    by_text: dict[str, list[_Name]] = defaultdict(list)
    for name in names.all:
        by_text[comparable_text(name.text)].append(name)
    meanings = by_text[comparable_text(text)]
    things = {name.thing for name in meanings}
    unambiguous: dict[Thing, str] = {}
    for same in by_text.values():
        meant = {name.thing for name in same}
        if len(meant) == 1 and meant <= things:
            unambiguous.setdefault(same[0].thing, same[0].text)
    quotes = listed([f"'{name}'" for name in sorted(unambiguous.values())], "or")
    instead = f" Enter {quotes} instead." if unambiguous else ""
    return f"{_meanings_words(text, meanings)}, so it has no effect.{instead}"


def _meanings_words(text: str, meanings: Sequence[_Name]) -> str:
    """What a text means: ``Rows 2 and 3 of the Meetings sheet have the same name``, or ``'SG-1' is
    the key of row 2 of Meetings and the name of row 3 of Meetings``."""
    match list(dict.fromkeys((name.kind, name.places) for name in meanings)):
        case [(kind, (Place() as one,)), (kind2, (Place() as two,))] if (
            kind == kind2 and one[:2] == two[:2]  # Both are in one sheet.
        ):
            return f"Rows {one.row} and {two.row} of the {one.sheet} sheet have the same {kind}"
        case kinds:
            what = [f"the {kind} of {_places_words(places)}" for kind, places in kinds]
            return f"'{text.strip()}' is {listed(what)}"


# The names that a waiver may give -----------------------------------------------------------------


class DutyNames:
    """The names of what the obligations of one duty are about, and what the names that its waivers
    give mean. Names are looked up once for all waivers."""

    def __init__(self, duty: EvaluatedDuty, waivers: Iterable[WaiverRow], as_of_day: int) -> None:
        self._as_of_day = as_of_day
        self._duty = duty
        subjects = {waiver.subject for waiver in waivers} - {ALL, OFFICE}
        self._things = duty.observed.things_named(duty.scope, subjects)
        self._not_assessed = any(answer.status is Status.NOT_ASSESSED for answer in duty.answers)
        keys = [answer.key for answer in (*duty.answers, *duty.earlier) if answer.key.row < 0]
        self._of_office = any(names_obligation(OFFICE, key) for key in keys)
        self._unmet = [answer.key for answer in duty.answers if answer.is_unmet]
        self._nearest = NearestNames()

    def misfit(self, waiver: WaiverRow) -> WaiverState | None:
        """FITS_TWO if the text of the waiver means two things; MATCHES_NOTHING if the waiver covers
        D and means none of the duty's obligations; otherwise None."""
        if waiver.subject == ALL or self._not_assessed:
            return None
        things = self._things.get(waiver.subject, ())
        if len(things) > 1:
            return WaiverState.FITS_TWO
        office = waiver.subject == OFFICE
        known = self._of_office if office else things or waiver.subject in self._unread_names
        unknown = waiver.covers(self._as_of_day) and not known
        return WaiverState.MATCHES_NOTHING if unknown else None

    def still_unmet(self, waiver: WaiverRow) -> bool:
        """Whether an obligation that the waiver covered is not met."""
        if waiver.subject in (ALL, OFFICE):
            return any(names_obligation(waiver.subject, key) for key in self._unmet)
        return not self._unmet_things.isdisjoint(self._things.get(waiver.subject, ()))

    def nearest(self, text: str) -> str:
        """The names that are most like a text that fits nothing, in words."""
        names = (name.text for name in self.all if "," in text or not all(name.thing))
        return self._nearest.words(text, names)

    @cached_property
    def all(self) -> Sequence[_Name]:
        """The names of all that the duty's obligations are about, in their order."""
        names: dict[tuple[str, Thing], _Name] = {}
        for obligation in self._duty.observed.obligations:
            for name in _names_of(self._duty.scope, obligation) if obligation.row < 0 else ():
                names.setdefault((name.text, name.thing), name)
        return list(names.values())

    @cached_property
    def _unread_names(self) -> set[str]:
        """The keys of unreadable rows, and what reports call these rows. A waiver for such a row
        has no effect, but the duty covers the row."""
        names: set[str] = set()
        for key in (answer.key for answer in self._duty.answers if answer.key.row >= 0):
            name = _row_names(self._duty.scope, key.register, key.row, Thing("", ""))[0]
            names |= {comparable_text(name.text), comparable_text(_places_words(name.places))}
        return names

    @cached_property
    def _unmet_things(self) -> set[Thing]:
        """What the unmet obligations are about: subject, event, and both together."""
        pairs = {(key.subject, key.event) for key in self._unmet}
        parts = {part for who, what in pairs for part in ((who, ""), ("", what))}
        return {Thing(who, what) for who, what in pairs | parts}


# Names ------------------------------------------------------------------------------------------


class _Name(NamedTuple):
    """A name as reports print it. ``kind`` is 'key' or 'name'. ``places`` has the row that lists
    the thing, or the member of a fixed list; for an event and a subject together, one of each."""

    text: str
    thing: Thing
    kind: str
    places: tuple[Place | Member, ...]


def _places_words(places: Iterable[Place | Member]) -> str:
    """``row 2 of Meetings``, ``what the rule calls The plan``, or both with 'with' between them."""
    return " with ".join(
        place.row_words if isinstance(place, Place) else f"what the rule calls {place.title}"
        for place in places
    )


def _names_of(scope: Scope, obligation: Obligation) -> Iterator[_Name]:
    """The names of what one obligation is about: its event, its subject or member of a fixed list,
    and both together."""
    version = scope.version(obligation.version_number).rule
    events = version.events
    people = version.population
    member = version.member(obligation.member)
    event = Thing("", obligation.event)
    subject = Thing(obligation.subject, "")
    of_event = _row_names(scope, events.register if events else "", obligation.event_row, event)
    if member:
        texts = ((member.title, "name"), (member.id, "key"))
        of_subject = [_Name(text, subject, kind, (member,)) for text, kind in texts]
    else:
        register = people.register if people else ""
        of_subject = _row_names(scope, register, obligation.subject_row, subject)
    yield from of_event
    yield from of_subject
    if of_event and of_subject:
        (first, *_), (second, *_) = of_event, of_subject
        both = Thing(obligation.subject, obligation.event)
        yield _Name(f"{first.text}, {second.text}", both, "name", first.places + second.places)


def _row_names(scope: Scope, register: str, row: int, thing: Thing) -> list[_Name]:
    """The key and then the name of a listed row, as they are written there; none if ``row`` is
    negative, for no row."""
    if not register or row < 0:
        return []
    table = scope.register(register).table
    places, spec = (table.place(row),), table.register
    names = [_Name(table.columns[spec.key or ""].raw[row], thing, "key", places)]
    if spec.label and not spec.column(spec.label).sensitive:
        label = table.columns[spec.label]
        if label.state[row] == CellState.READ:
            names.append(_Name(label.raw[row], thing, "name", places))
    return names
