"""What changed between two assessments: the duties and obligations that have another status, are
new or are gone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from engine.assessment import (
    Assessment,
    CauseShown,
    Changes,
    DutyChange,
    DutyOutcome,
    ItemShown,
    ObligationChange,
    RowChange,
)
from engine.outcome import WORST_FIRST, Status
from reports import view, words
from reports.compare.differences import DutyDifference, duty_differences
from reports.compare.inputs import GIVEN, GONE, NOT_GIVEN, UNREADABLE, stamped
from reports.compare.row_index import RowIndex
from reports.compare.row_pairs import Place, place_of
from reports.places import cell_messages, cell_words


def changes(old: Assessment, new: Assessment) -> Changes:
    """The differences of ``new`` from ``old``, with their causes."""
    before = {duty.id: duty for duty in old.duties}
    after = {duty.id: duty for duty in new.duties}
    asides = {aside.id: aside.words for aside in (*old.not_in_force, *new.not_in_force)}
    index = RowIndex(old, new)
    inputs = stamped(old, new, index.renamed())
    kinds = frozenset(change.kind for change in inputs)
    found = {duty.id: duty for duty in duty_differences(old, new, kinds, index)}
    differences = [
        _duty(before.get(id_), after.get(id_), asides.get(id_, ""), found.get(id_))
        for id_ in dict.fromkeys((*after, *before))
    ]
    changed = [duty for duty in differences if duty.status_changed or duty.obligations]
    changed.sort(key=lambda change: (not change.status_changed, _rank(change.after)))
    return Changes(
        since=old.as_of,
        counts=old.status.office.duties,
        notes=tuple(_notes(old, new)),
        duties=tuple(changed),
        inputs=(*inputs, *_sheets(old, new)),
        rows=(*_rows_gone(old, index), *_cells_unreadable(index)),
    )


def _sheets(old: Assessment, new: Assessment) -> Iterator[CauseShown]:
    """The sheets that only one of the two had, of those that a duty of both needs."""
    before, after = ({duty.id: duty.not_given for duty in one.duties} for one in (old, new))
    both = before.keys() & after.keys()
    first = dict.fromkeys(title for id_ in before if id_ in both for title in before[id_])
    second = dict.fromkeys(title for id_ in after if id_ in both for title in after[id_])
    yield from (CauseShown(NOT_GIVEN, title) for title in second if title not in first)
    yield from (CauseShown(GIVEN, title) for title in first if title not in second)


def compared(old: Assessment, new: Assessment) -> Assessment:
    """``new`` with what changed since ``old``."""
    return replace(new, changes=changes(old, new))


def _rows_gone(old: Assessment, index: RowIndex) -> Iterator[RowChange]:
    """The rows that met something and that no file has now, in the order of their places."""
    met: dict[Place, tuple[ItemShown, dict[str, None]]] = {}
    for duty in old.duties:
        items = [item for one in duty.obligations for item in one.evidence]
        items += [item for entry in duty.history for item in entry.evidence]
        for item in items:
            kind, _ = index.became(item.register, item.fingerprint, later=False)
            if kind == GONE and item.register in index.new.registers:
                met.setdefault(place_of(item), (item, {}))[1][view.named(duty)] = None
    for place in sorted(met):
        item, titles = met[place]
        said = ": ".join(filter(None, (item.key, cell_words(item))))
        yield RowChange(GONE, item.file, item.sheet, item.row, said, tuple(titles))


def _cells_unreadable(index: RowIndex) -> Iterator[RowChange]:
    """The cells that can no longer be read."""
    messages: dict[int, dict[str, str]] = {}
    for problem, row, cell in index.unreadable_cells:
        if id(problem) not in messages:
            messages[id(problem)] = cell_messages(problem)
        message = messages[id(problem)].get(cell, problem.message)
        said = f"{cell} ({problem.heading or problem.column}): {message}"
        yield RowChange(UNREADABLE, row.file, row.sheet, row.number, said)


def _rank(status: Status | None) -> int:
    return len(WORST_FIRST) if status is None else WORST_FIRST.index(status)


def _notes(old: Assessment, new: Assessment) -> Iterator[str]:
    if old.as_of > new.as_of:
        yield "The assessment given as the earlier one speaks for a later day than this one."
    if old.records_begin != new.records_begin:
        yield (
            f"Records begin {_on(new.records_begin)} in this assessment and "
            f"{_on(old.records_begin)} in the earlier one, so an obligation from before then may "
            "count in one of them alone."
        )
    if _mapping(old) != _mapping(new):
        yield (
            f"The mapping of the {new.rulebook.body.called}'s own sheets changed, so a status may "
            "differ because a sheet is read in another way."
        )
    if old.rulebook.id != new.rulebook.id:
        yield f"The earlier assessment used another rulebook, {old.rulebook.title}."
    elif old.rulebook.sha256 != new.rulebook.sha256:
        was, now = old.rulebook.version, new.rulebook.version
        versions = f"still version {now}" if was == now else f"version {was}, now {now}"
        yield (
            f"The rulebook itself changed ({versions}), so a status may differ because a rule does."
        )


def _mapping(assessment: Assessment) -> str:
    return assessment.mapping.sha256 if assessment.mapping else ""


def _on(day: datetime.date | None) -> str:
    return f"on {words.day(day)}" if day else "on no given day"


def _duty(
    old: DutyOutcome | None,
    new: DutyOutcome | None,
    note: str,
    difference: DutyDifference | None,
) -> DutyChange:
    shown = new or old
    assert shown is not None, "a duty is in at least one of the two"
    changed = _obligations(new, difference) if old and new and difference else ()
    return DutyChange(
        id=shown.id,
        title=view.named(shown),
        answers=shown.answers,
        bearer=shown.bearer,
        before=old.status if old else None,
        after=new.status if new else None,
        was=view.duty_words(old) if old else "",
        now=view.duty_words(new) if new else "",
        note="" if old and new else note,
        obligations=tuple(
            sorted(changed, key=lambda change: (_rank(change.after), change.subject, change.window))
        ),
    )


def _obligations(new: DutyOutcome, difference: DutyDifference) -> Iterator[ObligationChange]:
    became = {(entry.subject, entry.window): entry.outcome for entry in new.history}
    for found in difference.differences:
        pair = found.pair
        before = pair.before.status if pair.before else None
        after = pair.after.status if pair.after else None
        if before is not after:
            obligation = pair.shown
            history = "" if after else became.get((obligation.subject, obligation.window), "")
            yield ObligationChange(
                obligation.subject,
                obligation.window,
                before,
                after,
                view.obligation_words(pair.before) if pair.before else "",
                view.obligation_words(pair.after) if pair.after else "",
                history,
                found.causes,
            )
