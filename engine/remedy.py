"""What would meet an obligation that is due or overdue, as rows and cells of a register.

Adding exactly that, dated D, gives met or met late (semantics.md, What must always hold, 7).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import CellToWrite, Remedy
from engine.calendar import add_one, as_date
from engine.cells import Draft, latest_linked, standing_row, text_of, written
from engine.say import day_words
from engine.shown import Shelf, dated_by, events_of, query_of
from evidence.register import BLANK_UNREADABLE, RegisterSpec
from evidence.table import Table, Typed
from rules.condition import Ask, Condition
from rules.model import Version
from rules.pattern import Completeness, Events, EvidenceQuery, Periodic, Standing
from rules.span import Span
from rules.subject import FixedList, Member, Population

Row = Mapping[str, object]
#: How long ahead a review-by day is proposed where a rule or a sheet asks for one and caps none.
_AHEAD = Span(12, "months")


@dataclass(frozen=True, slots=True)
class Asked:
    """An unmet obligation to be met on D: its version, what was found of it, and the tables."""

    version: Version
    row: Row
    shelf: Shelf
    as_of: datetime.date

    @property
    def member(self) -> Member | None:
        """The member of the fixed list that it is about, if any."""
        number = self.whole("member")
        subjects = self.version.subjects
        return subjects.members[number] if isinstance(subjects, FixedList) and number >= 0 else None

    @property
    def dated(self) -> str:
        """The column that dates an item for it."""
        return dated_by(self.version, self.whole("member"))

    def whole(self, name: str) -> int:
        """One of the numbers found of it."""
        value = self.row[name]
        assert isinstance(value, int)
        return value


def remedies(asked: Asked) -> tuple[Remedy, ...]:
    """The rows to add, or the cells to change, that would meet the obligation on D; or one that
    says that it cannot be done, or not any more."""
    pattern = asked.version.pattern
    if isinstance(pattern, Completeness):
        missing = asked.whole("event_row") < 0
        return _first_record(asked, pattern) if missing else _record(asked, pattern)
    query = query_of(asked.version)
    return _own_row(asked, query) if query.itself else _new_rows(asked, query)


# New rows ---------------------------------------------------------------------------------------


def _new_rows(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    needed, used = _still_needed(asked, query)
    if query.named_by_subject and needed > 1:
        return (
            _never(query.register, "A subject names one item only, and the rule asks for more."),
        )
    asks = (*query.asks, *(asked.member.where if asked.member else ()))
    if query.distinct:
        asks = (*asks, Condition(column=query.distinct, filled=True))
    keys = asked.shelf.new_keys(query.register, needed)
    found: list[Remedy] = []
    for key in keys:
        draft = _new(asked, query.register, key, _item(asked, query))
        draft = _differing(draft, query.distinct or "", used)
        made = _fitting(asked, draft, asks)
        if isinstance(made, Remedy):
            return (made,)
        used += [made.values[query.distinct]] if query.distinct else []
        found.append(_added(asked, made, "A row"))
    return (*found, *_naming(asked, query, keys))


def _still_needed(asked: Asked, query: EvidenceQuery) -> tuple[int, list[Typed]]:
    """How many items are lacking, and, where they have to differ, what those that count hold."""
    listed, counted = events_of(asked.version), asked.row["met_rows"]
    assert isinstance(counted, tuple)
    if listed is None:
        return query.needed, []
    needed: Typed = query.needed
    if query.needed_from:
        column = asked.shelf.table(listed.register).columns[query.needed_from]
        needed = column.value[asked.whole("event_row")]
    assert isinstance(needed, int)
    table = asked.shelf.table(query.register)
    held = [table.columns[query.distinct].value[at] for at in counted] if query.distinct else []
    return needed - len(counted), held


def _new(asked: Asked, register: str, key: str, values: Mapping[str, Typed]) -> Draft:
    """A new row of a register with these values, which may not be others."""
    spec = asked.shelf.table(register).register
    own = {spec.key: key} if spec.key else {}
    return Draft(spec, asked.as_of, {**own, **values}, frozenset({*own, *values, *_computed(spec)}))


def _differing(draft: Draft, distinct: str, used: Sequence[Typed]) -> Draft:
    return Draft(draft.spec, draft.day, draft.values, draft.fixed, draft.blank, used, distinct)


def _item(asked: Asked, query: EvidenceQuery) -> dict[str, Typed]:
    """What an item is dated by and about: its day, period, event, subject and member."""
    version, shelf = asked.version, asked.shelf
    listed, subjects = events_of(version), version.subjects
    values: dict[str, Typed] = {asked.dated: asked.as_of}
    if isinstance(version.pattern, Standing):
        values |= _ends(asked, version.pattern, shelf.table(query.register).register)
    if query.period and isinstance(version.pattern, Periodic):
        values[query.period] = str(asked.row["window"])
    if query.event and listed:
        values[query.event] = _key(shelf.table(listed.register), asked.whole("event_row"))
    if query.subject and isinstance(subjects, Population):
        values[query.subject] = _key(shelf.table(subjects.register), asked.whole("subject_row"))
    return values | _member_named(asked, query, {})


def _member_named(
    asked: Asked, query: EvidenceQuery, values: Mapping[str, Typed]
) -> dict[str, Typed]:
    """The cell that names the member of a fixed list, beside whatever it names already."""
    member, subjects = asked.member, asked.version.subjects
    name = subjects.named_in if isinstance(subjects, FixedList) else None
    if member is None or name is None:
        return {}
    column = asked.shelf.table(query.register).register.column(name)
    if column.type != "codes":
        return {name: member.id}
    now = values.get(name)
    asks = (each for each in query.where if each.column == name)
    also = {code for each in asks for code in each.includes or ()}
    return {name: frozenset({member.id, *also, *(now if isinstance(now, frozenset) else ())})}


def _key(table: Table, row: int) -> str:
    return table.columns[table.register.key or ""].raw[row]


def _ends(asked: Asked, pattern: Standing, spec: RegisterSpec) -> dict[str, Typed]:
    """The days until which something new would stand, where one has to be given."""
    ahead = _ahead(pattern, asked.as_of)
    names = [name for name in (pattern.review_by, pattern.ends) if name]
    asked_for = {each.column for each in query_of(asked.version).where}
    wanted = [
        name for name in names if name in asked_for or spec.column(name).blank == BLANK_UNREADABLE
    ]
    if not wanted and (pattern.end_needed or pattern.review_within):
        wanted = names[:1]
    return dict.fromkeys(wanted, ahead)


def _ahead(pattern: Standing, day: datetime.date) -> datetime.date:
    span = pattern.review_within
    start = day.toordinal() if span else add_one(day.toordinal(), pattern.notice)
    found = as_date(add_one(start, span or _AHEAD))
    assert found is not None
    return found


def _naming(asked: Asked, query: EvidenceQuery, keys: Sequence[str]) -> tuple[Remedy, ...]:
    """The change to the subject's own row, so that it names the new item."""
    subjects, name = asked.version.subjects, query.named_by_subject
    if not name or not isinstance(subjects, Population):
        return ()
    words = f"With it, the subject's own row, which names it in '{name}'."
    row = asked.whole("subject_row")
    return (_changed(asked, subjects.register, row, words, {name: keys[0]}),)


# Rows that stand there --------------------------------------------------------------------------


def _own_row(asked: Asked, query: EvidenceQuery) -> tuple[Remedy, ...]:
    """Changes to the event's own row."""
    listed, row = events_of(asked.version), asked.whole("event_row")
    assert listed is not None
    held = as_date(asked.whole("event_day"))
    if asked.dated == listed.dated and held != asked.as_of:
        return (_not_now(asked, query.register, held),)
    values = standing_row(asked.shelf.table(query.register), row)[0]
    new = _member_named(asked, query, values)
    done, opens = values.get(asked.dated), as_date(asked.whole("opens"))
    if not isinstance(done, datetime.date) or not opens or not opens <= done <= asked.as_of:
        new[asked.dated] = asked.as_of
    asks = (*query.asks, *(asked.member.where if asked.member else ()))
    return _row_changed(asked, listed, asks, new, (asked.dated,))


def _record(asked: Asked, pattern: Completeness) -> tuple[Remedy, ...]:
    """Changes to a record that lacks something."""
    table = asked.shelf.table(pattern.records.register)
    values = standing_row(table, asked.whole("event_row"))[0]
    new: dict[str, Typed] = {}
    for name in pattern.done_on:
        done = values.get(name)
        if not isinstance(done, datetime.date) or done > asked.as_of:
            new[name] = asked.as_of
    carried = pattern.deadline
    own = (carried.due, carried.re_agreed_to, carried.re_agreed_on) if carried else ()
    fixed = (*pattern.done_on, *(name for name in own if name))
    return _row_changed(asked, pattern.records, pattern.asks, new, fixed)


def _row_changed(
    asked: Asked,
    listed: Events,
    asks: Sequence[Ask],
    new: Mapping[str, Typed],
    fixed: Sequence[str],
) -> tuple[Remedy, ...]:
    """The listed row of the obligation with ``new`` in it and whatever else ``asks`` ask; what
    lists it, and the columns ``fixed``, stay as they are."""
    table, row = asked.shelf.table(listed.register), asked.whole("event_row")
    before, blank = standing_row(table, row)
    kept = {table.register.key, listed.dated, listed.cancelled, *fixed, *_computed(table.register)}
    names = frozenset(name for name in kept if name)
    draft = Draft(table.register, asked.as_of, before, names, blank).put(new)
    made = _fitting(asked, draft, (*asks, *listed.asks))
    if isinstance(made, Remedy):
        return (made,)
    cells = {name: value for name, value in made.values.items() if before.get(name) != value}
    cells |= {name: made.values[name] for name in blank - made.blank}
    words = f"This in the row itself, by {day_words(asked.as_of)}."
    return (_changed(asked, listed.register, row, words, cells),)


def _first_record(asked: Asked, pattern: Completeness) -> tuple[Remedy, ...]:
    """A first record of a register that is missing, with all that it must carry."""
    listed = pattern.records
    spec = asked.shelf.table(listed.register).register
    values: dict[str, Typed] = dict.fromkeys((listed.dated, *pattern.done_on), asked.as_of)
    if pattern.deadline:
        values[pattern.deadline.due] = asked.as_of
    if listed.cancelled and spec.column(listed.cancelled).blank == BLANK_UNREADABLE:
        values[listed.cancelled] = False
    (key,) = asked.shelf.new_keys(listed.register, 1)
    made = _fitting(asked, _new(asked, listed.register, key, values), (*listed.asks, *pattern.asks))
    words = f"A sheet of {spec.title}, its records filled in whole, such as a row"
    return (made if isinstance(made, Remedy) else _added(asked, made, words),)


# What is said -----------------------------------------------------------------------------------


def _fitting(asked: Asked, draft: Draft, asks: Sequence[Ask]) -> Draft | Remedy:
    """The draft with all that is asked, or a remedy that says that there is no such row."""
    linked = latest_linked(draft, asks, asked.shelf.table)
    made = written(*linked) if linked else None
    if made is not None:
        return made
    words = "Nothing that could be written by now would meet all that is asked of a row here."
    return _never(draft.spec.id, words)


def _not_now(asked: Asked, register: str, held: datetime.date | None) -> Remedy:
    """It is shown by the event's own row, on the event's own day."""
    if held is not None and held > asked.as_of:
        return _never(register, f"It can be done on {day_words(held)} only, the day of the event.")
    words = "This can no longer be done. If it was done on the day, correct the row."
    return _never(register, words)


def _never(register: str, words: str) -> Remedy:
    return Remedy(False, words, register, "", "", 0, ())


def _added(asked: Asked, made: Draft, what: str) -> Remedy:
    words = f"{what} in {made.spec.title}, dated {day_words(asked.as_of)}."
    return Remedy(True, words, made.spec.id, "", "", 0, _cells(made.values))


def _changed(
    asked: Asked, register: str, row: int, words: str, values: Mapping[str, Typed]
) -> Remedy:
    place = asked.shelf.table(register).place(row)
    return Remedy(True, words, register, place.file, place.sheet, place.row, _cells(values))


def _cells(values: Mapping[str, Typed]) -> tuple[CellToWrite, ...]:
    return tuple(CellToWrite(name, text_of(value)) for name, value in values.items())


def _computed(spec: RegisterSpec) -> list[str]:
    """The columns that the program fills itself."""
    return [each.name for each in spec.columns if each.latest]
