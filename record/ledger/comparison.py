"""Two checks of the ledger compared: what differs in their inputs and results, and why, in words
for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.assessment import Assessment, CauseShown
from engine.obligation_pairs import Pair
from record.ledger.text import joined
from reports import view, words
from reports.compare.differences import Difference, DutyDifference, duty_differences
from reports.compare.inputs import NAMES, stamped
from reports.compare.row_index import RowIndex
from reports.examined import rows_words

#: How many obligations of one duty are listed, unless all are requested.
FEW = 20

_CANNOT_BE_READ = "Rows that cannot be read and might meet several of its obligations"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of the inputs of two assessments, and of their duties, the worst of the
    second first. ``same``: the two say the same."""

    one: Assessment
    two: Assessment
    inputs: tuple[CauseShown, ...]
    same: bool
    duties: tuple[DutyDifference, ...]


def compare(one: Assessment, two: Assessment) -> Comparison:
    """The first assessment compared with the second."""
    index = RowIndex(one, two)
    inputs = stamped(one, two, index.renamed())
    # which assessment each was compared with is no result of its own
    same = replace(one, changes=None) == replace(two, changes=None)
    kinds = frozenset(change.kind for change in inputs)
    return Comparison(one, two, inputs, same, duty_differences(one, two, kinds, index))


def compare_words(comparison: Comparison, numbers: tuple[int, int], *, whole: bool = False) -> str:
    """The differences of the inputs and results of two entries, and their causes; with ``whole``
    every obligation, otherwise at most FEW of each duty."""
    return joined((*_inputs(comparison, numbers), *_outcome(comparison, whole)))


def _inputs(comparison: Comparison, numbers: tuple[int, int]) -> Iterator[str]:
    one, two = (
        f"{number}, as of {words.day(assessment.as_of)}"
        for number, assessment in zip(numbers, (comparison.one, comparison.two), strict=True)
    )
    yield f"Entry {one}; beside it entry {two}."
    if not comparison.inputs:
        yield "Nothing was asked or given otherwise."
        return
    yield "Asked or given otherwise:"
    yield from (f"  {NAMES[change.kind]}: {change.words}" for change in comparison.inputs)
    if len(comparison.inputs) == 1:
        name = NAMES[comparison.inputs[0].kind]
        yield f"Only {name} differs, so whatever came out otherwise follows from {name} alone."


def _outcome(comparison: Comparison, whole: bool) -> Iterator[str]:
    if comparison.same:
        yield "The two are one and the same assessment."
    elif not comparison.inputs:
        yield (
            "And yet the two assessments are not the same, which must not be: send both to whoever "
            "keeps the program for you."
        )
    if comparison.duties:
        yield f"Came out otherwise: {words.duties(len(comparison.duties))}"
        for duty in comparison.duties:
            yield from _duty(duty, whole, comparison.two.rulebook.body.called)
    elif not comparison.same:
        yield "No duty came out otherwise."


def _duty(duty: DutyDifference, whole: bool, called: str) -> Iterator[str]:
    old = words.STATUS[duty.before] if duty.before else "not in the first"
    new = words.STATUS[duty.after] if duty.after else "not in the second"
    became = f"{old} in both" if duty.before is duty.after else f"{old}, then {new}"
    yield f"{duty.title} [{duty.id}]: {became}"
    shown = duty.differences if whole else duty.differences[:FEW]
    for difference in shown:
        yield from _difference(difference, called)
    if len(shown) < len(duty.differences):
        yield f"  and {len(duty.differences) - len(shown):,} more obligations (--all tells them)"
    for rows, which in ((duty.unread.gone, "first"), (duty.unread.come, "second")):
        if rows:
            yield f"  {_CANNOT_BE_READ}, in the {which} alone: {rows_words(rows)}"
    if duty.unread.changed:
        now = [two for _, two in duty.unread.changed]
        yield f"  {_CANNOT_BE_READ}, with other cells in the second: {rows_words(now)}"


def _difference(difference: Difference, called: str) -> Iterator[str]:
    shown = difference.pair.shown
    window = f", {shown.window}" if shown.window else ""
    yield f"  {view.subject_words(shown, called)}{window}: {_became(difference.pair)}"
    for cause in difference.causes:
        name = f"{NAMES[cause.kind]}: " if cause.kind else ""
        yield f"    {name}{cause.words}"


def _became(pair: Pair) -> str:
    before, after = pair.before, pair.after
    old = view.obligation_words(before) if before else "not in the first"
    new = view.obligation_words(after) if after else "no longer there"
    if before is None or after is None or old != new:
        return f"{old}, then {new}"
    days = (
        ("opens", before.opens, after.opens),
        ("deadline", before.deadline, after.deadline),
        ("last done", before.last_done, after.last_done),
    )
    return f"{new} in both" + "".join(
        f"; {name} {words.day(one) or 'none'}, then {words.day(two) or 'none'}"
        for name, one, two in days
        if one != two
    )
