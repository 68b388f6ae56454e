"""From answers to outcomes: obligations and duties, with their proof, as the assessment has them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import (
    CitationShown,
    Counts,
    DutyOutcome,
    HistoryEntry,
    ItemShown,
    ObligationOutcome,
    ReadingShown,
    RuleFired,
)
from engine.derive import derivation
from engine.judge import Verdict
from engine.outcome import WORST_FIRST, Answer, ItemRef, Past, Status
from engine.past import gaps, successor
from engine.remedy import Asked, remedies
from engine.say import count_words, day_words
from engine.scope import Scope
from engine.shown import Shelf, dated_by, events_of, evidence_columns, listing_columns
from engine.situations import Observed
from engine.unread import suspects, unread_for
from evidence.table import Evidence
from rules.model import Rulebook, Version
from rules.pattern import Standing
from rules.subject import FixedList, Population

_UNMET = (Status.DUE, Status.OVERDUE)


@dataclass(frozen=True, slots=True)
class Told:
    """One duty with all that was said of it: one answer for each observed row, and, where the
    rules engine decided, one verdict each."""

    scope: Scope
    observed: Observed
    answers: Sequence[Answer]
    verdicts: Sequence[Verdict | None]
    earlier: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Setting:
    """What every duty's outcome is made with."""

    rulebook: Rulebook
    evidence: Evidence
    shelf: Shelf
    as_of: datetime.date
    owners: Mapping[str, str]


def obligations(told: Told, setting: Setting) -> tuple[list[ObligationOutcome], list[HistoryEntry]]:
    """The duty's current obligations with their proof, and its history."""
    current: list[ObligationOutcome] = []
    history: list[HistoryEntry] = []
    unread = {n: suspects(told.scope, n) for n in range(len(told.scope.duty.versions))}
    rows = told.observed.table.to_dict("records")
    for answer, verdict, row in zip(told.answers, told.verdicts, rows, strict=True):
        version = told.scope.version(row["version"]).version
        if answer.past is not Past.CURRENT:
            history.append(_history(told, setting, version, answer, row))
            continue
        missing: tuple[ItemRef, ...] = ()
        if answer.status in _UNMET:
            missing = unread_for(told.scope, unread[row["version"]], row)
        current.append(_obligation(told, setting, version, answer, verdict, row, missing))
    history += [_window(told, setting, answer) for answer in told.earlier]
    history += gaps(told.scope)
    return current, sorted(
        history, key=lambda each: (each.deadline or datetime.date.min, each.subject)
    )


def _obligation(
    told: Told,
    setting: Setting,
    version: Version,
    answer: Answer,
    verdict: Verdict | None,
    row: Mapping[str, object],
    unread: tuple[ItemRef, ...],
) -> ObligationOutcome:
    unmet = answer.status in _UNMET
    asked = Asked(version, row, setting.evidence, setting.as_of)
    columns = evidence_columns(version)
    return ObligationOutcome(
        subject=_subject(setting, version, answer, row),
        subject_name=_name(setting, version, row),
        window=answer.key.window if answer.key.row < 0 else "",
        status=answer.status,
        late_days=answer.late_days,
        opens=answer.opens,
        deadline=answer.deadline,
        days=answer.days,
        last_done=answer.last_done,
        version_from=answer.version,
        derivation=derivation(version, answer, row, setting.evidence),
        rule=_rule(verdict),
        listed_at=_listed(setting, version, row),
        evidence=tuple(_items(setting, version, answer.met_by, row)),
        unmet_reason=_reason(told, version, answer, row) if not _is_met(answer) else "",
        would_be_met_by=remedies(asked) if unmet else (),
        unreadable=tuple(setting.shelf.item(ref, columns, dated_by(version)) for ref in unread),
        remarks=_remarks(told, version, answer),
    )


def _is_met(answer: Answer) -> bool:
    return answer.status is Status.MET


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _subject(setting: Setting, version: Version, answer: Answer, row: Mapping[str, object]) -> str:
    """What a person calls the subject: 'office', a key, or the key of the event with it."""
    key = answer.key
    if key.row >= 0:
        place = setting.shelf.table(key.window).place(key.row)
        return f"row {place.row} of {place.sheet}"
    parts = []
    listed = events_of(version)
    if key.event and listed:
        parts.append(_raw_key(setting, listed.register, _whole(row["event_row"])))
    if key.subject:
        parts.append(_raw_subject(setting, version, answer, row))
    return ", ".join(parts) or "office"


def _raw_key(setting: Setting, register: str, row: int) -> str:
    table = setting.shelf.table(register)
    return table.columns[table.register.key or ""].raw[row]


def _raw_subject(
    setting: Setting, version: Version, answer: Answer, row: Mapping[str, object]
) -> str:
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
        columns = listing_columns(version, setting.shelf.table(listed.register), of_event=True)
        return setting.shelf.item(ItemRef(listed.register, at), columns, listed.dated)
    subjects, at = version.subjects, _whole(row["subject_row"])
    if isinstance(subjects, Population) and at >= 0:
        columns = listing_columns(version, setting.shelf.table(subjects.register), of_event=False)
        return setting.shelf.item(ItemRef(subjects.register, at), columns, subjects.joins)
    return None


def _items(
    setting: Setting, version: Version, refs: Iterable[ItemRef], row: Mapping[str, object]
) -> Iterable[ItemShown]:
    columns = evidence_columns(version)
    for ref in refs:
        if version.evidence is not None and ref.register != version.evidence.register:
            nil = ("list", "period", "by post", "given on")
            yield setting.shelf.item(ref, nil, "given on")
        else:
            yield setting.shelf.item(ref, columns, dated_by(version, _whole(row["member"])))


def _reason(told: Told, version: Version, answer: Answer, row: Mapping[str, object]) -> str:
    """Why it is not met, in a sentence."""
    if answer.status is Status.CANNOT_TELL:
        return _untold(told, version, row)
    if answer.status is Status.NOT_APPLICABLE:
        return "The duty's condition does not hold, so it asks nothing here."
    if answer.status is Status.NOT_YET_DUE:
        return f"Its window opens on {day_words(answer.opens)}." if answer.opens else ""
    never = answer.last_done is None
    done = "No qualifying item is on record." if never else ""
    if not never and answer.last_done:
        done = f"Last done on {day_words(answer.last_done)}, which is not enough for this window."
    if answer.status is Status.WAIVED:
        return f"A waiver covers it. {done}"
    if told.observed.run:
        windows = count_words(told.observed.run, "window was", "windows in a row were")
        return f"{done} {windows} missed."
    return done


def _untold(told: Told, version: Version, row: Mapping[str, object]) -> str:
    state = told.observed.expansion.list_state
    if state:
        listing = (
            version.subjects if isinstance(version.subjects, Population) else events_of(version)
        )
        title = told.scope.register(listing.register).table.register.title if listing else ""
        if state == 1:
            return f"No sheet of the register '{title}' was given, which lists what to check."
        return (
            f"The register '{title}' lists nothing of this kind, and no nil return covers the day."
        )
    if row["state"] == 2:
        return "Two rows claim the same key, so it cannot be told which one evidence is about."
    if row["state"] == 1:
        return "Its row cannot be read: its key, its day or a cell that decides."
    return "A cell on which the duty's condition depends cannot be read."


def _remarks(told: Told, version: Version, answer: Answer) -> tuple[str, ...]:
    """What is said beside the status: a successor already on record."""
    if not isinstance(version.pattern, Standing) or answer.status is not Status.DUE:
        return ()
    if answer.deadline is None or version.subjects is not None:
        return ()
    following = successor(told.scope, answer.deadline.toordinal())
    return (f"A successor is recorded to begin on {day_words(following)}.",) if following else ()


def _history(
    told: Told, setting: Setting, version: Version, answer: Answer, row: Mapping[str, object]
) -> HistoryEntry:
    words = "lapsed" if answer.past is Past.LAPSED else ("met late" if answer.late_days else "met")
    return HistoryEntry(
        subject=_subject(setting, version, answer, row),
        window="",
        outcome=words,
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=tuple(_items(setting, version, answer.met_by, row)),
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


def duty_outcome(told: Told, setting: Setting, status: Status) -> DutyOutcome:
    """The outcome of one duty, whose status was decided from its counts."""
    duty = told.scope.duty.duty
    version = told.scope.version(told.scope.current)
    current, history = obligations(told, setting)
    deadline, days, following = _deadlines(current, setting.as_of)
    done = [each.last_done for each in current if each.last_done]
    return DutyOutcome(
        id=duty.id,
        title=duty.title,
        section=setting.rulebook.sections[duty.id],
        bearer=duty.bearer,
        answers=_answers(setting.rulebook, duty.bearer),
        strength=duty.strength,
        owner=setting.owners.get(duty.id, ""),
        status=status,
        counts=counts((each.status, each.late_days) for each in current),
        deadline=deadline,
        days=days,
        next_due=following,
        last_done=max(done) if done else None,
        citations=tuple(CitationShown(each.section, each.phrase) for each in duty.citations),
        version_from=version.begins,
        pattern=duty.versions[-1].pattern.kind,
        nothing_to_check="" if current else _nothing(told, history),
        readings=tuple(
            ReadingShown(each.phrase, each.reading, (duty.id,)) for each in version.version.readings
        ),
        obligations=tuple(current),
        history=tuple(history),
    )


def _answers(rulebook: Rulebook, bearer: str) -> str:
    return next(each.list for each in rulebook.book.bearers if each.name == bearer)


def _nothing(told: Told, history: Sequence[HistoryEntry]) -> str:
    """Why there is nothing to check now: the reasons counted, and what lapsed beside them."""
    reasons = [f"{count} {reason}" for reason, count in told.observed.expansion.left_out.items()]
    lapsed = sum(1 for each in history if each.outcome in ("lapsed", "missed"))
    settled = sum(1 for each in history if each.outcome in ("met", "met late"))
    reasons += [f"{lapsed} lapsed"] if lapsed else []
    reasons += [f"{settled} met more than a year ago"] if settled else []
    return "Nothing to check" + (f": {', '.join(reasons)}." if reasons else ".")


def counts(statuses: Iterable[tuple[Status, int]]) -> Counts:
    """How many of each status; each comes with how many days late it was met."""
    listed = list(statuses)
    tally = Counter(status for status, _ in listed)
    late = sum(1 for status, days in listed if status is Status.MET and days)
    return Counts(
        total=len(listed),
        met=tally[Status.MET],
        met_late=late,
        due=tally[Status.DUE],
        overdue=tally[Status.OVERDUE],
        not_yet_due=tally[Status.NOT_YET_DUE],
        not_applicable=tally[Status.NOT_APPLICABLE],
        waived=tally[Status.WAIVED],
        cannot_tell=tally[Status.CANNOT_TELL],
    )


def _deadlines(
    current: Sequence[ObligationOutcome], as_of: datetime.date
) -> tuple[datetime.date | None, int | None, datetime.date | None]:
    """The deadline to show, its days, and the next due one beside it: the earliest outstanding
    one, else the next to come (semantics.md, From obligations to duties ...). Days over count from
    the first of the windows missed in a row, so the deadline shown is that one's."""
    over = [each for each in current if each.status is Status.OVERDUE]
    due = [each for each in current if each.status is Status.DUE]
    ahead = [each for each in current if each.status in (Status.MET, Status.NOT_YET_DUE)]
    for outstanding in (over + due, ahead):
        dated = [each.days for each in outstanding if each.days is not None]
        if dated:
            days = min(dated)
            following = min((each.deadline for each in due if each.deadline), default=None)
            return as_of + datetime.timedelta(days), days, following if over else None
    return None, None, None


def worst(statuses: Iterable[Status]) -> Status:
    """The worst status; not applicable where there is none."""
    present = set(statuses)
    return next((each for each in WORST_FIRST if each in present), Status.NOT_APPLICABLE)


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value
