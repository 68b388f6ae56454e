"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import (
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    Remedy,
    RuleFired,
)
from engine.derive import derivation
from engine.judge import Verdict
from engine.outcome import Answer, ItemRef, Past, Status
from engine.past import gaps, successor
from engine.reasons import reason
from engine.remedy import remedies
from engine.remedy_said import Asked
from engine.rowview import RowView, rows
from engine.say import day_words
from engine.shown import dated_by, events_of
from engine.smallest_fix import Fixer, Unmet
from engine.told import Setting, Told
from engine.unread import suspects, unread_for
from rules.model import Version
from rules.pattern import Standing
from rules.subject import FixedList, Population

_UNMET = (Status.DUE, Status.OVERDUE)


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation: what was found of it, the version that judged it, its answer and verdict."""

    version: Version
    row: Mapping[str, object]
    answer: Answer
    verdict: Verdict | None


def obligations(told: Told, setting: Setting) -> tuple[list[ObligationOutcome], list[HistoryEntry]]:
    """The duty's current obligations with their proof, and its history."""
    current: list[ObligationOutcome] = []
    history: list[HistoryEntry] = []
    unread = [suspects(told.scope, n) for n in range(len(told.scope.duty.versions))]
    lines = [_line(told, *each) for each in _observed(told)]
    fired = {id(each): _rule(each) for each in told.verdicts}  # many share one
    fixes = _fixes(told, setting, lines)
    for at, line in enumerate(lines):
        if line.answer.past is not Past.CURRENT:
            history.append(_history(setting, line))
            continue
        missing = (
            unread_for(told.scope, unread[_whole(line.row["version"])], line.row)
            if line.answer.status in _UNMET
            else ()
        )
        rule = fired[id(line.verdict)]
        current.append(_obligation(told, setting, line, rule, missing, fixes.get(at, ())))
    history += [_window(told, setting, answer) for answer in told.earlier]
    history += gaps(told.scope)
    return current, sorted(history, key=_by_deadline)


def _observed(told: Told) -> Iterable[tuple[Answer, Verdict | None, RowView]]:
    return zip(told.answers, told.verdicts, rows(told.observed.table), strict=True)


def _line(told: Told, answer: Answer, verdict: Verdict | None, row: RowView) -> Line:
    return Line(told.scope.version(_whole(row["version"])).version, row, answer, verdict)


def _fixes(told: Told, setting: Setting, lines: Sequence[Line]) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each line that is due or overdue, by its place among them."""
    places = [
        at
        for at, line in enumerate(lines)
        if line.answer.status in _UNMET and line.answer.past is Past.CURRENT
    ]
    unmet = [
        Unmet(lines[at].answer, lines[at].row, remedies(_asked(setting, lines[at])))
        for at in places
    ]
    if setting.explained and unmet:
        fixer = Fixer(told.scope, setting.evidence, setting.rulebook)
        return dict(zip(places, fixer.fixes(unmet), strict=True))
    return {at: each.remedies for at, each in zip(places, unmet, strict=True)}


def _asked(setting: Setting, line: Line) -> Asked:
    return Asked(line.version, line.row, setting.shelf, setting.as_of)


def _by_deadline(entry: HistoryEntry) -> tuple[datetime.date, str]:
    return entry.deadline or datetime.date.min, entry.subject


def _obligation(
    told: Told,
    setting: Setting,
    line: Line,
    rule: RuleFired,
    unread: tuple[ItemRef, ...],
    fix: tuple[Remedy, ...],
) -> ObligationOutcome:
    version, answer = line.version, line.answer
    columns = setting.shelf.evidence_columns(version)
    return ObligationOutcome(
        subject=_subject(setting, line),
        subject_name=_name(setting, version, line.row),
        window=answer.key.window if answer.key.row < 0 else "",
        status=answer.status,
        late_days=answer.late_days,
        opens=answer.opens,
        deadline=answer.deadline,
        days=answer.days,
        last_done=answer.last_done,
        version_from=answer.version,
        derivation=derivation(version, answer, line.row, setting.evidence),
        rule=rule,
        listed_at=_listed(setting, version, line.row),
        evidence=tuple(_items(setting, version, answer.met_by, line.row)),
        unmet_reason=reason(told, version, answer, line.row),
        would_be_met_by=fix,
        unreadable=tuple(setting.shelf.item(ref, columns, dated_by(version)) for ref in unread),
        remarks=_remarks(told, _asked(setting, line), answer),
    )


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _subject(setting: Setting, line: Line) -> str:
    """What a person calls the subject: 'office', a key, or the key of the event with it."""
    key = line.answer.key
    if key.row >= 0:
        place = setting.shelf.table(key.window).place(key.row)
        return f"row {place.row} of {place.sheet}"
    parts = []
    listed = events_of(line.version)
    if key.event and listed:
        parts.append(_raw_key(setting, listed.register, _whole(line.row["event_row"])))
    if key.subject:
        parts.append(_raw_subject(setting, line.version, line.row))
    return ", ".join(parts) or "office"


def _raw_key(setting: Setting, register: str, row: int) -> str:
    table = setting.shelf.table(register)
    return table.columns[table.register.key or ""].raw[row]


def _raw_subject(setting: Setting, version: Version, row: Mapping[str, object]) -> str:
    subjects = version.subjects
    if isinstance(subjects, Population):
        return _raw_key(setting, subjects.register, _whole(row["subject_row"]))
    assert isinstance(subjects, FixedList)
    return subjects.members[_whole(row["member"])].title


def _name(setting: Setting, version: Version, row: Mapping[str, object]) -> str:
    """The label of the subject's or event's row, unless its column is sensitive."""
    subjects, listed = version.subjects, events_of(version)
    register, at = "", _whole(row["subject_row"])
    if isinstance(subjects, Population) and at >= 0:
        register = subjects.register
    elif listed and _whole(row["event_row"]) >= 0:
        register, at = listed.register, _whole(row["event_row"])
    if not register:
        return ""
    table = setting.shelf.table(register)
    label = table.register.label
    if not label or table.register.column(label).sensitive:
        return ""
    return table.columns[label].raw[at]


def _listed(setting: Setting, version: Version, row: Mapping[str, object]) -> ItemShown | None:
    listed = events_of(version)
    at = _whole(row["event_row"])
    if listed and at >= 0:
        columns = setting.shelf.listing_columns(version, of_event=True)
        return setting.shelf.item(ItemRef(listed.register, at), columns, listed.dated)
    subjects, at = version.subjects, _whole(row["subject_row"])
    if isinstance(subjects, Population) and at >= 0:
        columns = setting.shelf.listing_columns(version, of_event=False)
        return setting.shelf.item(ItemRef(subjects.register, at), columns, subjects.joins)
    return None


def _items(
    setting: Setting, version: Version, refs: Iterable[ItemRef], row: Mapping[str, object]
) -> Iterable[ItemShown]:
    columns = setting.shelf.evidence_columns(version)
    for ref in refs:
        if version.evidence is not None and ref.register != version.evidence.register:
            nil = ("list", "period", "by post", "given on")
            yield setting.shelf.item(ref, nil, "given on")
        else:
            yield setting.shelf.item(ref, columns, dated_by(version, _whole(row["member"])))


def _remarks(told: Told, asked: Asked, answer: Answer) -> tuple[str, ...]:
    """What is said beside the status: a successor already on record."""
    version = asked.version
    if not isinstance(version.pattern, Standing) or answer.status is not Status.DUE:
        return ()
    if answer.deadline is None or isinstance(version.subjects, Population):
        return ()
    following = successor(told.scope, asked.member, answer.deadline.toordinal())
    return (f"A successor is recorded to begin on {day_words(following)}.",) if following else ()


def _history(setting: Setting, line: Line) -> HistoryEntry:
    answer = line.answer
    words = "met late" if answer.late_days else "met"
    return HistoryEntry(
        subject=_subject(setting, line),
        window="",
        outcome="lapsed" if answer.past is Past.LAPSED else words,
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=tuple(_items(setting, line.version, answer.met_by, line.row)),
    )


def _window(told: Told, setting: Setting, answer: Answer) -> HistoryEntry:
    """An earlier window of a periodic duty."""
    number = told.scope.version_at(answer.version.toordinal())
    version = told.scope.version(number).version
    words = "missed" if answer.past is Past.MISSED else ("met late" if answer.late_days else "met")
    evidence = tuple(_items(setting, version, answer.met_by, {"member": -1}))
    return HistoryEntry(
        "office",
        answer.key.window,
        words,
        answer.opens,
        answer.deadline,
        answer.late_days,
        evidence,
    )


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
