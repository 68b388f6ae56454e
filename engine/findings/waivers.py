"""Findings about waivers without effect, and about those that expired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
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
from evidence.table import CellState, Table
from rules.model import Duty

FITS_TWO, MATCHES_NOTHING = "fits two", "matches nothing"


def waiver_findings(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Sequence[EvaluatedDuty], as_of_day: int
) -> Iterator[Noted]:
    """Waivers without effect, and those that expired although the duty is not met."""
    rules, nearest = list(duties), NearestNames()
    for waiver, duty, fits, state in waivers_judged(columns, rules, evaluated, as_of_day):
        table = columns[REGISTER].table
        kind, words, column = _finding(table, waiver, duty, fits, state)
        if kind and duty is None and table.columns["duty"].raw[waiver.row].strip():
            text = spaced_once(table.columns["duty"].raw[waiver.row])
            words = f"{words} {_no_such_duty(text, rules, nearest)}".lstrip()
        if kind and waiver.complete and waiver.last < waiver.first:
            words += (
                f" It ends on {day_words(waiver.last)}, before it begins on"
                f" {day_words(waiver.first)}: correct the date that is wrong."
            )
        if kind:
            yield Noted(kind, duty.id if duty else "", words, cell(REGISTER, waiver.row, column))


def waivers_judged(
    columns: AllColumns, duties: Iterable[Duty], evaluated: Iterable[EvaluatedDuty], as_of_day: int
) -> Iterator[tuple[WaiverRow, Duty | None, Fits | None, str]]:
    """Each waiver with the duty that it names, what that duty's waivers fit, and its state."""
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
    fits = {id_: Fits(duty, by_duty[id_], as_of_day) for id_, duty in by_id.items()}
    for waiver in rows:
        waived = of_name.get(waiver.duty)
        fit = fits.get(waived.id) if waived else None
        yield waiver, waived, fit, _state(waiver, waived, fit, as_of_day)


def _state(waiver: WaiverRow, duty: Duty | None, fits: Fits | None, as_of_day: int) -> str:
    if not waiver.complete:
        return "incomplete"
    if duty is None or not duty.waivable:
        return "no effect"
    state = fits.state(waiver) if fits else ""
    if not state and waiver.covers(as_of_day):
        return "in force"
    return state or ("expired" if has_expired(waiver, as_of_day) else "not yet")


def _finding(
    table: Table, waiver: WaiverRow, duty: Duty | None, fits: Fits | None, state: str
) -> tuple[str, str, str]:
    """The kind and the words of the finding about a waiver, with the column to point at; all '' if
    there is no finding."""
    if state == "incomplete":
        blank = [
            name for name in REQUIRED if table.columns[name].state[waiver.row] != CellState.READ
        ]
        fill = to_fill_in(table, waiver.row, blank)
        words = f"Incomplete, so it has no effect. Fill in {fill}."
        return "Waiver incomplete", words, blank[0]
    if duty is None:
        return "Waiver has no effect", "", "duty"
    if state == "no effect":
        words = "This duty cannot be waived, so it has no effect."
        return "Duty cannot be waived", words, "duty"
    text = table.columns["subject"].raw[waiver.row]
    if fits and state == FITS_TWO:
        return "Waiver is ambiguous", _two_words(fits, text), "subject"
    if fits and state == MATCHES_NOTHING:
        words = f"This duty covers nothing called '{text.strip()}', so it has no effect."
        return "Waiver matches nothing", words + fits.nearest(text), "subject"
    if fits and state == "expired" and fits.still_unmet(waiver):
        words = (
            f"Ended on {day_words(waiver.last)}, and what it covered is still not met. It moved no"
            " deadline."
        )
        return "Waiver expired", words, "until"
    reason = table.columns["reason"].raw[waiver.row]
    if state in ("in force", "not yet") and not_decided(normal_key(reason)):
        words = f"Has the reason {quoted(reason)}. Delete this row if the waiver was not approved."
        return "Waiver is ambiguous", words, "reason"
    return "", "", ""


def _no_such_duty(text: str, duties: Iterable[Duty], nearest: NearestNames) -> str:
    """The sentence that a text is not the short name of a duty, and which duty may be meant."""
    by_title = {plain(duty.title): duty.id for duty in duties}
    words = f"{quoted(text)} is not the short name of a duty, so this waiver has no effect."
    if plain(text) in by_title:
        return f"{words} Enter '{by_title[plain(text)]}'."
    return f"{words} Enter the short name of a duty.{nearest.words(text, by_title.values())}"


def _two_words(fits: Fits, text: str) -> str:
    """The sentence that the text fits two things, and which other names fit only one of them."""
    meanings = [name for name in fits.names if plain(name.text) == plain(text)]
    where = list(dict.fromkeys((name.kind, name.where) for name in meanings))
    rows = [place.partition(" of ") for _, place in where]
    kinds, sheets = {kind for kind, _ in where}, {sheet for _, _, sheet in rows}
    if len(where) == 2 and len(kinds) == len(sheets) == 1 and "" not in sheets:
        numbers = listed([row.removeprefix("row ") for row, _, _ in rows])
        what = f"Rows {numbers} of the {sheets.pop()} sheet have the same {kinds.pop()}"
    else:
        what = f"'{text.strip()}' is {listed([f'the {kind} of {place}' for kind, place in where])}"
    fitting: dict[str, list[_Name]] = defaultdict(list)
    for name in fits.names:
        fitting[plain(name.text)].append(name)
    things = {name.thing for name in meanings}
    unambiguous: dict[Thing, str] = {}
    for names in fitting.values():
        fitted = {name.thing for name in names}
        if len(fitted) == 1 and fitted <= things:
            unambiguous.setdefault(names[0].thing, names[0].text)
    quotes = listed([f"'{name}'" for name in sorted(unambiguous.values())], "or")
    instead = f" Enter {quotes} instead." if unambiguous else ""
    return f"{what}, so it has no effect.{instead}"


# What it fits -----------------------------------------------------------------------------------


class Fits:
    """What the waivers of one duty fit. The names of the duty's obligations are looked up once."""

    def __init__(self, duty: EvaluatedDuty, waivers: Iterable[WaiverRow], as_of_day: int) -> None:
        self.as_of_day = as_of_day
        self._duty = duty
        subjects = {waiver.subject for waiver in waivers} - {ALL, OFFICE}
        self._things = duty.observed.things_named(duty.scope, subjects)
        self._not_assessed = any(answer.status is Status.NOT_ASSESSED for answer in duty.answers)
        keys = [answer.key for answer in (*duty.answers, *duty.earlier) if answer.key.row < 0]
        self._of_office = any(names_obligation(OFFICE, key) for key in keys)
        self._unmet = [answer.key for answer in duty.answers if answer.is_unmet]
        self._nearest = NearestNames()

    def state(self, waiver: WaiverRow) -> str:
        """FITS_TWO if the text of the waiver fits two things; MATCHES_NOTHING if the waiver covers
        D and fits none of the duty's obligations; otherwise ''."""
        if waiver.subject == ALL or self._not_assessed:
            return ""
        things = self._things.get(waiver.subject, ())
        if len(things) > 1:
            return FITS_TWO
        office = waiver.subject == OFFICE
        known = self._of_office if office else things or waiver.subject in self._unread_names
        return MATCHES_NOTHING if waiver.covers(self.as_of_day) and not known else ""

    def still_unmet(self, waiver: WaiverRow) -> bool:
        """Whether an obligation that the waiver covered is not met."""
        if waiver.subject in (ALL, OFFICE):
            return any(names_obligation(waiver.subject, key) for key in self._unmet)
        return not self._unmet_things.isdisjoint(self._things.get(waiver.subject, ()))

    def nearest(self, text: str) -> str:
        """The names that are most like a text that fits nothing, in words."""
        names = (name.text for name in self.names if "," in text or not all(name.thing))
        return self._nearest.words(text, names)

    @cached_property
    def names(self) -> Sequence[_Name]:
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
            rows = _listed(self._duty.scope, key.register, key.row, Thing("", ""))
            names |= {plain(rows[0].text), plain(rows[0].where)}
        return names

    @cached_property
    def _unmet_things(self) -> set[Thing]:
        """What the unmet obligations are about: subject, event, and both together."""
        pairs = {(key.subject, key.event) for key in self._unmet}
        parts = {part for who, what in pairs for part in ((who, ""), ("", what))}
        return {Thing(who, what) for who, what in pairs | parts}


# Names ------------------------------------------------------------------------------------------


class _Name(NamedTuple):
    """A name as reports print it. ``kind`` is 'key' or 'name', and ``where`` says which row lists
    the thing."""

    text: str
    thing: Thing
    kind: str
    where: str


def _names_of(scope: Scope, obligation: Obligation) -> Iterator[_Name]:
    """The names of what one obligation is about: its event, its subject or member of a fixed list,
    and both together."""
    version = scope.version(obligation.version_number).rule
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
        (first, *_), (second, *_) = of_event, of_subject
        both = Thing(obligation.subject, obligation.event)
        where = f"{first.where} with {second.where}"
        yield _Name(f"{first.text}, {second.text}", both, "name", where)


def _listed(scope: Scope, register: str, row: int, thing: Thing) -> list[_Name]:
    """The key and the name of a listed row, as they are written there."""
    if not register or row < 0:
        return []
    table = scope.register(register).table
    where, spec = table.place(row).row_words, table.register
    names = [_Name(table.columns[spec.key or ""].raw[row], thing, "key", where)]
    if spec.label and not spec.column(spec.label).sensitive:
        label = table.columns[spec.label]
        if label.state[row] == CellState.READ:
            names.append(_Name(label.raw[row], thing, "name", where))
    return names
