"""What changed since the check before, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.assessment import Assessment, CauseShown, Changes, DutyChange, RowChange
from engine.outcome import Status
from evidence.cells.text import listed
from reports import words
from reports.compare.inputs import DAY, EVIDENCE, GONE, MAPPING, NAMES, RECORDS, RULEBOOK
from reports.places import place_words

#: The statuses that the headline counts, whether they changed or not.
_ALWAYS = (Status.OVERDUE,)
_COUNTED = (Status.OVERDUE, Status.CANNOT_TELL, Status.NOT_ASSESSED, Status.DUE, Status.MET)

#: The day is in the title, and the notes have whole sentences on the others.
_IN_NOTES = (DAY, MAPPING, RULEBOOK, RECORDS)

#: So many causes of one duty are named.
_FEW = 2


def headline(assessment: Assessment, changes: Changes) -> str:
    """``6 overdue, now 10; 31 met, now 27.``, of the office's duties."""
    now = assessment.status.office.duties
    numbers = [
        (status, getattr(changes.counts, status.value), getattr(now, status.value))
        for status in _COUNTED
    ]
    said = [
        f"{before} {words.STATUS[status]}, now {after}"
        if before != after
        else f"{after} {words.STATUS[status]}, as before"
        for status, before, after in numbers
        if before != after or status in _ALWAYS
    ]
    return f"{'; '.join(said)}."


def row_change(row: RowChange) -> str:
    """A row that met something and is gone, or a cell that can no longer be read."""
    place = place_words(row.file, row.sheet, f"row {row.row}")
    if row.kind == GONE:
        return f"Gone: {place}. It met {listed([*row.met])}"
    return f"Can no longer be read: {place}, {row.words}"


def cause_words(cause: CauseShown) -> str:
    """A cause with its kind: ``a row gone: people.xlsx, Training sheet, row 157``."""
    name = NAMES.get(cause.kind, "")
    return ": ".join(filter(None, (name, cause.words)))


def causes_words(duty: DutyChange) -> str:
    """The causes of a duty's other status: those of its obligations that have that status now, the
    most frequent first."""
    counted = Counter[CauseShown]()
    for one in duty.obligations:
        if one.after is duty.after or duty.after is None:
            counted.update(one.causes)
    if not counted:
        for one in duty.obligations:
            counted.update(one.causes)
    causes = [cause for cause, _ in counted.most_common(_FEW)]
    of_kind: dict[str, list[str]] = {}
    for cause in causes:
        of_kind.setdefault(NAMES.get(cause.kind, ""), []).append(cause.words)
    said = [": ".join(filter(None, (name, "; ".join(texts)))) for name, texts in of_kind.items()]
    more = [f"and {len(counted) - len(causes)} more"] if len(counted) > len(causes) else []
    return "; ".join([*said, *more])


def became_words(duty: DutyChange) -> str:
    """``was met, now 3 days overdue``."""
    was = f"was {duty.was}" if duty.before else "new"
    now = f"now {duty.now}" if duty.after else "gone"
    return f"{was}, {now}" + (f" ({duty.note})" if duty.note else "")


def input_lines(changes: Changes, *, files: bool = True) -> Iterator[str]:
    """What was asked or given otherwise, other than the day; with the ``files`` that changed."""
    yield from changes.notes
    for change in changes.inputs:
        if change.kind not in _IN_NOTES and (files or change.kind != EVIDENCE):
            name = NAMES[change.kind]
            yield f"{name[:1].upper()}{name[1:]}: {change.words}"
