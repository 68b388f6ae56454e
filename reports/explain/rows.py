"""Why a row that was looked at counted for an obligation, or did not: in words, from what the
assessment keeps of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from engine.assessment import (
    DutyOutcome,
    ExaminedRow,
    ExaminedSheet,
    ItemShown,
    ObligationOutcome,
)
from engine.outcome import Status
from evidence.cells.text import normal_key
from reports import words

_UNMET = (Status.DUE, Status.OVERDUE, Status.NOT_YET_DUE, Status.WAIVED)
_ABOUT_EVENTS = ("triggered", "before event")

#: Where a row stands: register, file, sheet and row.
Place = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One row as it bears on one obligation. ``counted``: it is among what met it. ``about``: it
    is about that obligation, or says nothing of what it is about. ``why``: why it did not count;
    where that is a condition of the rule, ``failed`` is the condition and ``seen`` what its cell
    says, both '' otherwise."""

    register: str
    file: str
    sheet: str
    row: int
    date: datetime.date | None
    fails: int
    counted: bool
    about: bool
    why: str
    failed: str
    seen: str


def rows_for(duty: DutyOutcome, one: ObligationOutcome, as_of: datetime.date) -> list[ExplainedRow]:
    """Every row that was kept of those looked at for the obligation, sheet by sheet; none where
    nothing was looked for (it has no window)."""
    if one.opens is None:
        return []
    by = {place_of(item) for item in one.evidence}
    return [
        told_of(look, row, one, as_of, (look.register, look.file, look.sheet, row.row) in by)
        for look in looks_for(duty, one)
        for row in look.rows
    ]


def looks_for(duty: DutyOutcome, one: ObligationOutcome) -> Iterator[ExaminedSheet]:
    """The sheets that were looked through for the obligation: by the version that judged it and,
    where that has conditions of its own for each, for its member of the fixed list."""
    for look in duty.looked_at:
        mine = not look.member or ends_with(one.subject, look.member)
        if look.version_from == one.version_from and mine:
            yield look


def place_of(item: ItemShown) -> Place:
    """Where an item stands."""
    return item.register, item.file, item.sheet, item.row


def told_of(
    look: ExaminedSheet,
    row: ExaminedRow,
    one: ObligationOutcome,
    as_of: datetime.date,
    counted: bool,
) -> ExplainedRow:
    """One row as it bears on one obligation."""
    other = "" if counted else about_another(look, row, one)
    why = "" if counted else other or why_not(look, row, one, as_of)
    return told(look, row, why, counted=counted, about=not other)


def told(
    look: ExaminedSheet, row: ExaminedRow, why: str, *, counted: bool, about: bool
) -> ExplainedRow:
    """A row with what is said of it."""
    failed = bool(row.failed) and about
    return ExplainedRow(
        register=look.register,
        file=look.file,
        sheet=look.sheet,
        row=row.row,
        date=row.date,
        fails=row.fails,
        counted=counted,
        about=about,
        why=why,
        failed=row.failed if failed else "",
        seen=seen_words(row) if failed else "",
    )


def why_not(
    look: ExaminedSheet, row: ExaminedRow, one: ObligationOutcome, as_of: datetime.date
) -> str:
    """Why a row that is about the obligation did not count for it."""
    if one.opens is None:
        return failed_words(row) or "nothing is asked of it now"
    return (
        failed_words(row)
        or _after_the_day(row, as_of)
        or _other_period(look, row, one)
        or _out_of_window(look, row, one)
        or _no_longer(row, as_of)
        or _not_needed(look, row, one)
    )


# About something else ---------------------------------------------------------------------------


def about_another(look: ExaminedSheet, row: ExaminedRow, one: ObligationOutcome) -> str:
    """That the row is about something else than the obligation; '' where it is not, or says
    nothing of it."""
    listed = one.listed_at
    if look.own:
        own = listed is not None and place_of(listed) == (
            look.register,
            look.file,
            look.sheet,
            row.row,
        )
        return "" if own else "the row of another"
    event, subject, key = (row.names.get(role, "") for role in ("event", "subject", "key"))
    if event and look.pattern in _ABOUT_EVENTS and not _begins(one.subject, event):
        return f"about another: {event}"
    if subject and not any(ends_with(one.subject, each) for each in subject.split("; ")):
        return f"about another: {subject}"
    if key and listed is not None:
        named = {part for cell in listed.cells for part in _keys(cell.value or "")}
        return "" if normal_key(key) in named else f"not the one that its row names: {key}"
    return ""


def _keys(text: str) -> Iterator[str]:
    return (normal_key(part) for part in text.split(";"))


def _begins(subject: str, part: str) -> bool:
    whole, first = normal_key(subject), normal_key(part)
    return whole == first or whole.startswith(f"{first}, ")


def ends_with(subject: str, part: str) -> bool:
    """Whether that is what a person calls the subject, or its last part."""
    whole, last = normal_key(subject), normal_key(part)
    return whole == last or whole.endswith(f", {last}")


# A condition of the rule ------------------------------------------------------------------------


def failed_words(row: ExaminedRow) -> str:
    """``fails: 'passed' is yes (F19 says 'no')``, with how many conditions more it fails; '' where
    it meets all."""
    if not row.failed:
        return ""
    more = f", and {words.count(row.fails - 1, 'condition')} more" if row.fails > 1 else ""
    seen = seen_words(row)
    return f"fails: {row.failed}{f' ({seen})' if seen else ''}{more}"


def seen_words(row: ExaminedRow) -> str:
    """``F19 says 'no'``: what stands in the cell that decided."""
    cell = row.seen
    if cell is None:
        return ""
    at = cell.cell or f"'{cell.column}'"
    if row.state == "no column":
        return f"the sheet has no column '{cell.column}'"
    if row.state in ("nothing", "blank") or (row.state == "read" and cell.value == ""):
        if cell.value is None:
            return f"{at} is blank, or says nothing"
        return f"{at} says '{cell.value}', which says nothing" if cell.value else f"{at} is blank"
    value = words.SENSITIVE if cell.value is None else f"'{cell.value}'"
    verb = "cannot be read:" if row.state == "unreadable" else "says"
    return f"{at} {verb} {value}"


# Its day ----------------------------------------------------------------------------------------


def _after_the_day(row: ExaminedRow, as_of: datetime.date) -> str:
    late = row.date is not None and row.date > as_of
    return f"dated {words.day(row.date)}, after the day of the check" if late else ""


def _other_period(look: ExaminedSheet, row: ExaminedRow, one: ObligationOutcome) -> str:
    period = row.names.get("period", "")
    if look.pattern != "periodic" or not period or period == one.window:
        return ""
    return f"for another period: {period}"


def _out_of_window(look: ExaminedSheet, row: ExaminedRow, one: ObligationOutcome) -> str:
    if row.date is None or look.pattern not in ("periodic", *_ABOUT_EVENTS):
        return ""
    if one.opens and row.date < one.opens:
        return f"dated {words.day(row.date)}, before the window opened"
    unnamed = look.pattern == "periodic" and not row.names.get("period")
    if not unnamed or one.deadline is None:
        return ""
    if look.unnamed_until and look.unnamed_until < row.date <= one.deadline:
        return f"dated {words.day(row.date)}, after the period, and names none"
    if row.date > one.deadline:
        return f"dated {words.day(row.date)}, when the next window was open"
    return ""


def _no_longer(row: ExaminedRow, as_of: datetime.date) -> str:
    over = row.until is not None and row.until < as_of
    return f"held until {words.day(row.until)}" if over else ""


# What counts, and is not among what met it ------------------------------------------------------


def _not_needed(look: ExaminedSheet, row: ExaminedRow, one: ObligationOutcome) -> str:
    if one.status is Status.MET:
        return "counts too; enough others do"
    if row.until is not None and look.needed == 1:
        return f"holds until {words.day(row.until)}, which is too soon"
    if look.needed != 1:
        needed = f"{look.needed} are" if look.needed else "as many as its row says are"
        return f"counts; {needed} needed"
    return "counts" if one.status in _UNMET else "not asked for"
