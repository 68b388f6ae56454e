"""The causes of an obligation's other result, as far as two assessments show them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome, HistoryEntry, ObligationOutcome
from engine.outcome import HistoryOutcome, Status
from record.compare.input_changes import (
    DAY,
    EVIDENCE,
    KNOWN,
    MAPPING,
    NAMES,
    RECORDS,
    RULEBOOK,
    InputChange,
)
from record.compare.row_pairs import KnownRows, PairWithRows, beside, cells_changed, row_words
from reports import view, words
from reports.places import item_place


@dataclass(frozen=True, slots=True)
class Both:
    """The two assessments, with one duty in each, the kinds of inputs that differ, and the rows
    that each is known to have had."""

    old: Assessment
    new: Assessment
    before: DutyOutcome | None
    after: DutyOutcome | None
    kinds: frozenset[str]
    known: tuple[KnownRows, KnownRows]

    def passed(self, day: datetime.date | None) -> bool:
        """Whether that day was over on one as-of date, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first <= day < second

    def came(self, day: datetime.date | None) -> bool:
        """Whether that day had come on one as-of date, and not on the other."""
        first, second = sorted((self.old.as_of, self.new.as_of))
        return day is not None and first < day <= second


def causes(both: Both, pair: PairWithRows) -> tuple[InputChange, ...]:
    """The possible causes of the difference. If only one kind of input differs, that is the cause,
    whatever was found."""
    seen = tuple(dict.fromkeys(_seen(both, pair)))
    if len(both.kinds) == 1:
        (kind,) = both.kinds
        return tuple(InputChange(kind, cause.words) for cause in seen) or (
            InputChange(kind, f"nothing else differs than {NAMES[kind]}"),
        )
    if any(cause.kind for cause in seen):
        return seen
    names = [name for kind, name in NAMES.items() if kind in both.kinds]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    return (InputChange("", f"one of these: {listed}; the two do not tell which"), *seen)


def _seen(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    yield from _rule(both, pair)
    if EVIDENCE in both.kinds:
        yield from _sheets(both)
    yield from _rows(both, pair)
    yield from _waiver(both, pair)
    if RECORDS in both.kinds:
        yield from _records(both, pair)
    if DAY in both.kinds:
        yield from _day(both, pair)


def _rule(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    kind = RULEBOOK if RULEBOOK in both.kinds else DAY
    if pair.before and pair.after and pair.before.version_from != pair.after.version_from:
        yield InputChange(
            kind,
            f"judged by the rule in force from {words.day(pair.after.version_from)}, before by "
            f"that from {words.day(pair.before.version_from)}",
        )
    old, new = both.before, both.after
    if kind == RULEBOOK and old and new and old.pattern != new.pattern:
        yield InputChange(kind, f"the rule asks for: {new.pattern}; before: {old.pattern}")
    if kind == RULEBOOK and (old is None or new is None):
        yield InputChange(kind, "the duty is in one of the two assessments alone")


def _sheets(both: Both) -> Iterator[InputChange]:
    """The sheets that the duty needs and that only one of the two had."""
    old = both.before.not_given if both.before else ()
    new = both.after.not_given if both.after else ()
    for missing, there, which in ((old, new, "first"), (new, old, "second")):
        for title in missing:
            if title not in there:
                yield InputChange(EVIDENCE, f"no '{title}' sheet was provided for the {which}")


def _rows(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    """The causes that the rows show. If the files are the same, a row that only one of the two
    cites was there in both. If more than the evidence differs, the day may be why only one cites a
    row, or the row may be in only one file. The assessments show that only for the rows that they
    cite (docs/ledger.md). Another mapping may read another text, or other rows, from the same
    file."""
    rows, (old, new) = beside(*pair.rows), both.known
    read_otherwise = both.kinds & {EVIDENCE, MAPPING}
    files_differ = bool(read_otherwise)
    kind = next(iter(read_otherwise)) if len(read_otherwise) == 1 else ""
    for one, two in rows.changed if files_differ else ():
        if not (old.among(new, one) or new.among(old, two)):  # otherwise it moved
            fault = "was changed" if EVIDENCE in read_otherwise else "is read in another way"
            yield InputChange(kind, f"{item_place(two)} {fault}: {cells_changed(one, two)}")
    later = "second" if both.old.as_of < both.new.as_of else "first"
    alone = [(item, "first") for item in rows.gone] + [(item, "second") for item in rows.come]
    for item, which in alone:
        here, there, other = (old, new, "second") if which == "first" else (new, old, "first")
        dated_between = DAY in both.kinds and both.came(item.date)
        if both.kinds in ({EVIDENCE}, {MAPPING}):
            yield InputChange(kind, f"cited in the {which} alone: {row_words(item)}")
        elif dated_between and (which == later or not files_differ):
            place, date = item_place(item), words.day(item.date)
            yield InputChange(DAY, f"{place}, is dated {date}, between the two days")
        elif files_differ and not here.among(there, item):
            yield InputChange(
                "",
                f"cited in the {which} alone: {row_words(item)}; the two do not tell whether the "
                f"files of the {other} have it",
            )
        elif not files_differ and DAY not in both.kinds and KNOWN in both.kinds:
            yield InputChange(KNOWN, f"{row_words(item)} counts in one of the two alone")


def _waiver(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    statuses = {one.status for one in (pair.before, pair.after) if one}
    if Status.WAIVED in statuses and len(statuses) > 1:
        if both.old.waivers == both.new.waivers or EVIDENCE not in both.kinds:
            yield InputChange(DAY, "a waiver covers it on one of the two days alone")
        else:
            yield InputChange(EVIDENCE, "the register of waivers says otherwise of it")


def _records(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    """Windows before the day on which records begin, in only one of the two."""
    for here, duty, there, as_of, which in (
        (both.old, both.before, pair.after, both.new.as_of, "first"),
        (both.new, both.after, pair.before, both.old.as_of, "second"),
    ):
        begin = here.records_begin
        if begin is None or there is None:
            continue
        before = f"before {words.day(begin)}, when records begin in the {which}"
        past = _past(duty, there.subject, there.window)
        since = view.overdue_since(as_of, there.deadline, there.days)
        if past is not None and past.outcome is HistoryOutcome.BEFORE_RECORDS:
            yield InputChange(RECORDS, f"its deadline, {words.day(there.deadline)}, was {before}")
        elif since is not None and since < begin:
            yield InputChange(RECORDS, f"windows that were missed {before}, do not count there")


def _day(both: Both, pair: PairWithRows) -> Iterator[InputChange]:
    one, two, rows = pair.before, pair.after, pair.rows
    if one is None or two is None:
        shown = pair.shown
        if both.came(shown.opens):
            yield InputChange(DAY, f"it opened on {words.day(shown.opens)}, between the two days")
        past = None if two else _past(both.after, shown.subject, shown.window)
        if past is not None:
            yield InputChange(DAY, f"it is history now: {words.history_words(past)}")
        return
    if both.old.as_of > both.new.as_of:
        one, two, rows = two, one, rows[::-1]
    if one.window != two.window:
        yield InputChange(DAY, f"the window {two.window} took the place of {one.window}")
    dated = {item.date for item in beside(*rows).come}
    if two.last_done != one.last_done and both.came(two.last_done) and two.last_done not in dated:
        yield InputChange(DAY, f"it was done on {words.day(two.last_done)}, between the two days")
    if one.status is not two.status:
        yield from _step(both, one, two)


def _step(both: Both, one: ObligationOutcome, two: ObligationOutcome) -> Iterator[InputChange]:
    """The days of its window between the two as-of dates; ``one`` is as of the earlier one."""
    if one.status is Status.NOT_YET_DUE and both.came(two.opens):
        yield InputChange(DAY, f"it opened on {words.day(two.opens)}, between the two days")
    undone = one.status is Status.MET and one.last_done != two.last_done
    if two.status is Status.OVERDUE and both.passed(one.deadline) and not undone:
        yield InputChange(
            DAY, f"its deadline, {words.day(one.deadline)}, passed between the two days"
        )
    if (one.status, two.status) == (Status.MET, Status.DUE) and one.deadline == two.deadline:
        yield InputChange(
            DAY, f"notice of its deadline, {words.day(two.deadline)}, began between them"
        )


def _past(duty: DutyOutcome | None, subject: str, window: str) -> HistoryEntry | None:
    history = duty.history if duty else ()
    return next((e for e in history if (e.subject, e.window) == (subject, window)), None)
