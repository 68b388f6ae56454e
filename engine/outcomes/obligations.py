"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from engine.assessment import (
    HistoryEntry,
    ObligationOutcome,
    RejectedRows,
    Remedy,
    RuleFired,
    UnreadRows,
)
from engine.decision.judge import Verdict
from engine.evaluated_duty import Setting, Told
from engine.frames.rowview import RowView, rows
from engine.outcome import Answer, ItemRef, Past, Status
from engine.proof.deadline_words import derivation
from engine.proof.latest_words import MOST_TOLD, LatestWords
from engine.proof.near_rows import NearRows
from engine.proof.phrases import day_words
from engine.proof.rejected import Rejected
from engine.proof.succession import gaps, successor
from engine.proof.too_late import too_late
from engine.proof.unmet_words import reason
from engine.proof.unread import Unread, UnreadSet
from engine.proof.unread_shown import UnreadShown
from engine.proof.version_rows import Alike, whole
from engine.remedy.build import Asked
from engine.remedy.remedies import remedies
from engine.remedy.smallest_fix import Fixer, Unmet
from rules.pattern import Standing
from rules.subject import Population

_UNMET = (Status.DUE, Status.OVERDUE)

#: What history says of an unmet obligation whose deadline lies before the day records begin.
BEFORE_RECORDS = "before records began"

_UNMET_IN_HISTORY = {
    Past.MISSED: "missed",
    Past.LAPSED: "lapsed",
    Past.BEFORE_RECORDS: BEFORE_RECORDS,
}


class Line(NamedTuple):
    """One obligation: what is alike in all that its version judged, what was found of it, its
    answer and verdict."""

    alike: Alike
    row: RowView
    answer: Answer
    verdict: Verdict | None


class _Unmet(NamedTuple):
    """Of an obligation that is not met: why, what would meet it, the unread rows that might have,
    and the rows that came near."""

    reason: str
    fix: tuple[Remedy, ...]
    unread: Sequence[UnreadSet]
    rejected: tuple[RejectedRows, ...]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The current obligations of a duty with their proof, its history, and the unread rows that
    might have met several of them."""

    current: tuple[ObligationOutcome, ...]
    history: tuple[HistoryEntry, ...]
    unread_rows: tuple[UnreadRows, ...]


def obligations(told: Told, setting: Setting) -> Assembled:
    """The duty's obligations, current and past."""
    current: list[ObligationOutcome] = []
    history: list[HistoryEntry] = []
    numbers = range(len(told.scope.duty.versions))
    alike = [Alike(told.scope.version(n).version, setting.shelf) for n in numbers]
    lines = [
        Line(alike[whole(row["version"])], row, answer, verdict)
        for row, answer, verdict in _observed(told)
    ]
    once = {id(each): each for each in told.verdicts}  # many share one
    fired = {at: _rule(verdict) for at, verdict in once.items()}
    fixes = _fixes(told, setting, lines)
    near = NearRows(told.scope, setting.shelf.key_rows(setting.as_of))
    latest = LatestWords(told.scope)
    rejected = Rejected(told.scope, setting.shelf)
    unread = _unread(told, lines)
    shown = UnreadShown(told.scope.duty.duty.id, unread.values(), setting.shelf)
    for at, line in enumerate(lines):
        if line.answer.past is not Past.CURRENT:
            history.append(_history(line))
            continue
        missing = unread.get(at, ())
        rule = fired[id(line.verdict)]
        version = line.alike.version
        why = reason(told, version, line.answer, line.row, near)
        why = " ".join(filter(None, (why, latest.unclear(version, _first(missing)))))
        near_rows = rejected.of(line.row, line.answer, missing) if setting.explained else ()
        unmet = _Unmet(why, fixes.get(at, ()), missing, near_rows)
        current.append(_obligation(told, setting, line, rule, unmet, shown))
    history += [_window(told, alike, answer) for answer in told.earlier]
    history += gaps(told.scope)
    return Assembled(tuple(current), tuple(sorted(history, key=_by_deadline)), shown.groups)


def _unread(told: Told, lines: Sequence[Line]) -> dict[int, tuple[UnreadSet, ...]]:
    """The unread rows that might have met each line that is due or overdue, by its place."""
    unread = Unread(told.scope)
    return {at: unread.sets_for(lines[at].row) for at in _places_unmet(lines)}


def _first(sets: Sequence[UnreadSet]) -> list[ItemRef]:
    """As many of the unread rows as words are said of."""
    refs = (ItemRef(each.register, at) for each in sets for at in each.rows)
    return list(islice(refs, MOST_TOLD))


def _places_unmet(lines: Sequence[Line]) -> list[int]:
    return [
        at
        for at, line in enumerate(lines)
        if line.answer.status in _UNMET and line.answer.past is Past.CURRENT
    ]


def _observed(told: Told) -> Iterable[tuple[RowView, Answer, Verdict | None]]:
    return zip(rows(told.observed.table), told.answers, told.verdicts, strict=True)


def _fixes(told: Told, setting: Setting, lines: Sequence[Line]) -> dict[int, tuple[Remedy, ...]]:
    """What would meet each line that is due or overdue, by its place among them."""
    places = _places_unmet(lines)
    unmet = [
        Unmet(lines[at].answer, lines[at].row, remedies(_asked(setting, lines[at])))
        for at in places
    ]
    if setting.explained and unmet:
        fixer = Fixer(told.scope, setting.evidence, setting.rulebook)
        return dict(zip(places, fixer.fixes(unmet), strict=True))
    return {at: each.remedies for at, each in zip(places, unmet, strict=True)}


def _asked(setting: Setting, line: Line) -> Asked:
    return Asked(line.alike.version, line.row, setting.shelf, setting.as_of)


def _by_deadline(entry: HistoryEntry) -> tuple[datetime.date, str]:
    return entry.deadline or datetime.date.min, entry.subject


def _obligation(
    told: Told,
    setting: Setting,
    line: Line,
    rule: RuleFired,
    unmet: _Unmet,
    shown: UnreadShown,
) -> ObligationOutcome:
    alike, row, answer, _ = line
    version = alike.version
    return ObligationOutcome(
        subject=alike.subject(answer.key, row),
        subject_name=alike.name(row),
        window=answer.key.window if answer.key.row < 0 else "",
        status=answer.status,
        late_days=answer.late_days,
        opens=answer.opens,
        deadline=answer.deadline,
        days=answer.days,
        last_done=answer.last_done,
        version_from=answer.version,
        derivation=derivation(version, answer, row, setting.evidence),
        rule=rule,
        listed_at=alike.listed_at(row),
        evidence=alike.evidence(answer.met_by, whole(row["member"])),
        unmet_reason=unmet.reason,
        would_be_met_by=unmet.fix,
        unreadable=shown.rows(unmet.unread),
        unread_groups=shown.pointers(unmet.unread),
        rejected=unmet.rejected,
        remarks=_remarks(told, setting, line),
        too_late=too_late(version, answer, row, told.scope.as_of),
    )


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _remarks(told: Told, setting: Setting, line: Line) -> tuple[str, ...]:
    """What is said beside the status: a successor already on record."""
    version, answer = line.alike.version, line.answer
    if not isinstance(version.pattern, Standing) or answer.status is not Status.DUE:
        return ()
    query = version.evidence
    if answer.deadline is None or query is None or query.named_by_subject:
        return ()  # the subject's own row names one alone
    member = _asked(setting, line).member
    person = answer.key.subject if isinstance(version.subjects, Population) else None
    following = successor(told.scope, member, answer.deadline.toordinal(), person)
    return (f"A successor is recorded to begin on {day_words(following)}.",) if following else ()


def _history(line: Line) -> HistoryEntry:
    alike, row, answer, _ = line
    return HistoryEntry(
        subject=alike.subject(answer.key, row),
        window="",
        outcome=_outcome(answer),
        opens=answer.opens,
        deadline=answer.deadline,
        late_days=answer.late_days,
        evidence=alike.evidence(answer.met_by, whole(row["member"])),
    )


def _outcome(answer: Answer) -> str:
    """What became of it, in the words of a history."""
    return _UNMET_IN_HISTORY.get(answer.past) or ("met late" if answer.late_days else "met")


def _window(told: Told, alike: Sequence[Alike], answer: Answer) -> HistoryEntry:
    """An earlier window of a periodic duty."""
    number = told.scope.version_at(answer.version.toordinal())
    return HistoryEntry(
        "office",
        answer.key.window,
        _outcome(answer),
        answer.opens,
        answer.deadline,
        answer.late_days,
        alike[number].evidence(answer.met_by, -1),
    )
