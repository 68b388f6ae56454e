"""Why one obligation became another, as far as two assessments and their stamps can tell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome, HistoryEntry
from engine.outcome import Status
from record.pairs import Pair, rows_of
from record.rows import RowsBeside, beside, cells_changed, row_words
from record.stamps import DAY, EVIDENCE, KNOWN, NAMES, RULEBOOK
from reports import view, words


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that could have made the difference: ``kind`` is a key of NAMES, '' where several
    could have; ``words`` say what was seen."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Both:
    """The two assessments, with one duty in each, and the kinds of stamps that differ."""

    old: Assessment
    new: Assessment
    before: DutyOutcome | None
    after: DutyOutcome | None
    kinds: frozenset[str]

    def passed(self, day: datetime.date | None) -> bool:
        """Whether that day was over on one of the two days, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first <= day < second

    def came(self, day: datetime.date | None) -> bool:
        """Whether that day had come on one of the two days, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first < day <= second


def causes(both: Both, pair: Pair) -> tuple[Cause, ...]:
    """What could have made the difference, what was seen of it first. Where only one stamp
    differs it is the cause, whatever was seen."""
    seen = tuple(dict.fromkeys(_seen(both, pair)))
    if len(both.kinds) == 1:
        (kind,) = both.kinds
        return tuple(Cause(kind, each.words) for each in seen) or (
            Cause(kind, f"nothing else differs than {NAMES[kind]}"),
        )
    return seen or (Cause("", f"one of these: {listed(both.kinds)}; the two do not tell which"),)


def listed(kinds: frozenset[str]) -> str:
    """``the day, the evidence and the program``."""
    names = [name for kind, name in NAMES.items() if kind in kinds]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _seen(both: Both, pair: Pair) -> Iterator[Cause]:
    yield from _rule(both, pair)
    yield from _rows(both, pair)
    yield from _waiver(both, pair)
    if DAY in both.kinds:
        yield from _day(both, pair)


# The rule ---------------------------------------------------------------------------------------


def _rule(both: Both, pair: Pair) -> Iterator[Cause]:
    kind = RULEBOOK if RULEBOOK in both.kinds else DAY
    if pair.before and pair.after and pair.before.version_from != pair.after.version_from:
        yield Cause(
            kind,
            f"judged by the rule as it stands from {words.day(pair.after.version_from)}, before by "
            f"that from {words.day(pair.before.version_from)}",
        )
    old, new = both.before, both.after
    if RULEBOOK in both.kinds and old and new and old.pattern != new.pattern:
        yield Cause(kind, f"the rule asks for: {new.pattern}; before: {old.pattern}")
    if RULEBOOK in both.kinds and (old is None or new is None):
        yield Cause(kind, "the duty is in one of the two assessments alone")


# Rows -------------------------------------------------------------------------------------------


def _rows(both: Both, pair: Pair) -> Iterator[Cause]:
    """What is said of rows, whatever made the difference: where the files are the same, a row that
    counts in one alone was there in both."""
    found = beside(
        rows_of(pair.before) if pair.before else (), rows_of(pair.after) if pair.after else ()
    )
    if EVIDENCE in both.kinds:
        yield from _altered(both, found)
    elif DAY in both.kinds:
        yield from _of_the_day(both, found)
    elif KNOWN in both.kinds:
        for item in (*found.come, *found.gone):
            yield Cause(KNOWN, f"{row_words(item)} counts in one of the two alone")


def _altered(both: Both, found: RowsBeside) -> Iterator[Cause]:
    for one, two in found.changed:
        yield Cause(EVIDENCE, f"{view.item_place(two)} was changed: {cells_changed(one, two)}")
    for item in found.gone:
        yield Cause(EVIDENCE, f"only in the first: {row_words(item)}")
    for item in found.come:
        also = ", dated between the two days" if both.came(item.date) else ""
        yield Cause(EVIDENCE, f"only in the second: {row_words(item)}{also}")


def _of_the_day(both: Both, found: RowsBeside) -> Iterator[Cause]:
    for item in (*found.come, *found.gone):
        if both.came(item.date):
            yield Cause(DAY, f"{row_words(item)} is dated between the two days")


# Waivers ----------------------------------------------------------------------------------------


def _waiver(both: Both, pair: Pair) -> Iterator[Cause]:
    statuses = {one.status for one in (pair.before, pair.after) if one}
    if Status.WAIVED not in statuses or len(statuses) == 1:
        return
    same = both.old.waivers == both.new.waivers or EVIDENCE not in both.kinds
    kind = DAY if same else EVIDENCE
    yield Cause(
        kind,
        "a waiver covers it on one of the two days alone"
        if same
        else ("the register of waivers says otherwise of it"),
    )


# The day ----------------------------------------------------------------------------------------


def _day(both: Both, pair: Pair) -> Iterator[Cause]:
    if pair.before is None or pair.after is None:
        yield from _came_or_went(both, pair)
        return
    before, after = pair.before, pair.after
    if before.window != after.window:
        yield Cause(DAY, f"the window {after.window} took the place of {before.window}")
    if before.status is after.status:
        return
    for day in (after.deadline, before.deadline):
        if both.passed(day):
            yield Cause(DAY, f"its deadline, {words.day(day)}, passed between the two days")
    if both.came(after.opens):
        yield Cause(DAY, f"it opened on {words.day(after.opens)}, between the two days")
    if before.deadline == after.deadline and {before.status, after.status} == {
        Status.MET,
        Status.DUE,
    }:
        yield Cause(DAY, f"notice of its deadline, {words.day(after.deadline)}, began between them")


def _came_or_went(both: Both, pair: Pair) -> Iterator[Cause]:
    shown = pair.shown
    if both.came(shown.opens):
        yield Cause(DAY, f"it opened on {words.day(shown.opens)}, between the two days")
    past = _past(both.after, shown.subject, shown.window) if pair.after is None else None
    if past is not None:
        yield Cause(DAY, f"it is history now: {words.history_words(past)}")


def _past(duty: DutyOutcome | None, subject: str, window: str) -> HistoryEntry | None:
    history = duty.history if duty else ()
    return next((e for e in history if (e.subject, e.window) == (subject, window)), None)
