"""A comparison in words for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import ObligationOutcome
from engine.outcome import Status
from record.compare.compare import Comparison, Difference, DutyDifference
from record.compare.input_changes import NAMES, Side
from record.compare.row_pairs import RowsBeside
from record.ledger.text import joined
from reports import view, words
from reports.examined import rows_words
from reports.obligation_pairs import Pair

#: How many obligations of one duty are told, unless all are asked for.
FEW = 20

_CANNOT_BE_READ = "Rows that cannot be read and might meet several of its obligations"


def compare_words(found: Comparison, *, whole: bool = False) -> str:
    """What was asked or given otherwise, what came out otherwise, and why; with ``whole`` every
    obligation, otherwise at most FEW of each duty."""
    return joined((*_stamps(found), *_outcome(found, whole)))


def _stamps(found: Comparison) -> Iterator[str]:
    yield f"Entry {_side(found.one)}; beside it entry {_side(found.two)}."
    if not found.stamps:
        yield "Nothing was asked or given otherwise."
        return
    yield "Asked or given otherwise:"
    yield from (f"  {NAMES[each.kind]}: {each.words}" for each in found.stamps)
    if found.alone:
        name = NAMES[found.alone]
        yield f"Only {name} differs, so whatever came out otherwise follows from {name} alone."


def _side(side: Side) -> str:
    return f"{side.entry.number}, as of {words.day(side.entry.as_of)}"


def _outcome(found: Comparison, whole: bool) -> Iterator[str]:
    if found.same:
        yield "The two are one and the same assessment."
    elif found.duties is None:
        gone = [s.entry.number for s in (found.one, found.two) if s.assessment is None]
        of = " and ".join(f"that of entry {number}" for number in gone)
        yield f"What came out otherwise cannot be told: an assessment was pruned, {of}."
    elif not found.stamps:
        yield (
            "And yet the two assessments are not the same, which must not be: send both to whoever "
            "keeps the program for you."
        )
    if found.duties:
        yield f"Came out otherwise: {words.duties(len(found.duties))}"
        for duty in found.duties:
            yield from _duty(duty, whole)
    elif found.duties is not None and not found.same:
        yield "No duty came out otherwise."


def _duty(duty: DutyDifference, whole: bool) -> Iterator[str]:
    yield f"{duty.title} [{duty.id}]: {_statuses(duty.before, duty.after)}"
    told = duty.differences if whole else duty.differences[:FEW]
    for each in told:
        yield from _difference(each)
    if len(told) < len(duty.differences):
        yield f"  and {len(duty.differences) - len(told):,} more obligations (--all tells them)"
    yield from (f"  {line}" for line in _unread(duty.unread))


def _unread(found: RowsBeside) -> Iterator[str]:
    """What is different among the unread rows that several obligations point to."""
    for rows, which in ((found.gone, "first"), (found.come, "second")):
        if rows:
            yield f"{_CANNOT_BE_READ}, in the {which} alone: {rows_words(rows)}"
    if found.changed:
        now = [two for _, two in found.changed]
        yield f"{_CANNOT_BE_READ}, with other cells in the second: {rows_words(now)}"


def _statuses(before: Status | None, after: Status | None) -> str:
    old = words.STATUS[before] if before else "not in the first"
    new = words.STATUS[after] if after else "not in the second"
    return f"{old} in both" if before is after else f"{old}, then {new}"


def _difference(each: Difference) -> Iterator[str]:
    shown = each.pair.shown
    window = f", {shown.window}" if shown.window else ""
    yield f"  {view.subject_words(shown)}{window}: {_became(each.pair)}"
    for cause in each.causes:
        name = f"{NAMES[cause.kind]}: " if cause.kind else ""
        yield f"    {name}{cause.words}"


def _became(pair: Pair) -> str:
    if pair.before is None:
        return f"not in the first, then {_words(pair.after)}"
    if pair.after is None:
        return f"{_words(pair.before)}, then no longer there"
    old, new = _words(pair.before), _words(pair.after)
    if old != new:
        return f"{old}, then {new}"
    return f"{new} in both{_days(pair.before, pair.after)}"


def _words(one: ObligationOutcome | None) -> str:
    return view.obligation_words(one) if one else ""


def _days(before: ObligationOutcome, after: ObligationOutcome) -> str:
    told = [
        f"; {name} {words.day(old) or 'none'}, then {words.day(new) or 'none'}"
        for name, old, new in (
            ("opens", before.opens, after.opens),
            ("deadline", before.deadline, after.deadline),
            ("last done", before.last_done, after.last_done),
        )
        if old != new
    ]
    return "".join(told)
