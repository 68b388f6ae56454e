"""From answers to the outcomes of obligations, each with its proof."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.assessment import HistoryEntry, ObligationOutcome, Remedy, RuleFired
from engine.decision.judge import Verdict
from engine.evaluated_duty import Setting, Told
from engine.frames.rowview import RowView, rows
from engine.outcome import Answer, Past, Status
from engine.proof.deadline_words import derivation
from engine.proof.latest_words import LatestWords
from engine.proof.near_rows import NearRows
from engine.proof.phrases import day_words
from engine.proof.succession import gaps, successor
from engine.proof.too_late import too_late
from engine.proof.unmet_words import reason
from engine.proof.unread import Unread, suspects, unread_for
from engine.proof.version_rows import Alike, whole
from engine.remedy.build import Asked
from engine.remedy.remedies import remedies
from engine.remedy.smallest_fix import Fixer, Unmet

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
    """Of an obligation that is not met: why, what would meet it, and the unread rows that might
    have."""

    reason: str
    fix: tuple[Remedy, ...]
    unread: Unread


def obligations(told: Told, setting: Setting) -> tuple[list[ObligationOutcome], list[HistoryEntry]]:
    """The duty's current obligations with their proof, and its history."""
    current: list[ObligationOutcome] = []
    history: list[HistoryEntry] = []
    numbers = range(len(told.scope.duty.versions))
    unread = [suspects(told.scope, n) for n in numbers]
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
    for at, line in enumerate(lines):
        if line.answer.past is not Past.CURRENT:
            history.append(_history(line))
            continue
        missing = (
            unread_for(told.scope, unread[whole(line.row["version"])], line.row)
            if line.answer.status in _UNMET
            else Unread()
        )
        rule = fired[id(line.verdict)]
        version = line.alike.version
        why = reason(told, version, line.answer, line.row, near)
        why = " ".join(filter(None, (why, latest.unclear(version, missing.named))))
        current.append(
            _obligation(told, setting, line, rule, _Unmet(why, fixes.get(at, ()), missing))
        )
    history += [_window(told, alike, answer) for answer in told.earlier]
    history += gaps(told.scope)
    return current, sorted(history, key=_by_deadline)


def _observed(told: Told) -> Iterable[tuple[RowView, Answer, Verdict | None]]:
    return zip(rows(told.observed.table), told.answers, told.verdicts, strict=True)


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
    return Asked(line.alike.version, line.row, setting.shelf, setting.as_of)


def _by_deadline(entry: HistoryEntry) -> tuple[datetime.date, str]:
    return entry.deadline or datetime.date.min, entry.subject


def _obligation(
    told: Told,
    setting: Setting,
    line: Line,
    rule: RuleFired,
    unmet: _Unmet,
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
        unreadable=alike.unreadable(unmet.unread.named),
        remarks=(*_remarks(told, setting, line), *_more_unread(told, unmet.unread)),
        too_late=too_late(version, answer),
    )


def _rule(verdict: Verdict | None) -> RuleFired:
    return RuleFired(verdict.rule, dict(verdict.situation.values)) if verdict else RuleFired("", {})


def _remarks(told: Told, setting: Setting, line: Line) -> tuple[str, ...]:
    """What is said beside the status: a successor already on record."""
    version, answer = line.alike.version, line.answer
    if not version.pattern.in_place or answer.status is not Status.DUE:
        return ()
    if answer.deadline is None or version.population is not None:
        return ()
    member = _asked(setting, line).member
    following = successor(told.scope, member, answer.deadline.toordinal())
    return (f"A successor is recorded to begin on {day_words(following)}.",) if following else ()


def _more_unread(told: Told, unread: Unread) -> Iterator[str]:
    """How many rows that cannot be read might have met it too and are not named with it: each of
    them stands among the problems."""
    if unread.more:
        title = told.scope.register(unread.named[0].register).table.register.title
        rows = "row" if unread.more == 1 else "rows"
        yield (
            f"{unread.more:,} more {rows} of {title} cannot be read and might have met it: "
            "the problems list them."
        )


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
