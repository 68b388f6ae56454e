"""The values to write in the cells of one row so that it meets conditions.

Nothing is guessed about what was done: if a rule leaves a choice, the first is taken.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count

from engine.columns.conditions import test_of
from engine.columns.periods import period_of
from engine.remedy.row_draft import RowDraft, texts_in
from evidence.cells.silence import says_nothing
from evidence.cells.text import normal_key
from evidence.keys.latest import Issue, IssuedRows, days_by_key
from evidence.register import BLANK_UNREADABLE, ColumnSpec, DayOf, Latest, RegisterSpec
from evidence.table import READ_OR_NOTHING, Table, Typed
from rules.condition import AnyOf, Ask, Condition, columns_of, conditions_of

NO_SUCH_ROW = "No row that could be entered now would meet everything that the rule requires here."
#: How the row is named that is filled in.
THIS_ROW = "in this row"
_UNCLEAR = "Until then it is not clear which {} is the latest."
_NONE = (
    "The '{}' sheet lists no {} that was issued by then. List it there, and enter its reference"
    f" {THIS_ROW}."
)
#: At most this many rows are named that may be the latest.
_MOST = 3
#: What stands for words that only the office can know.
_AS_RECORDED = "(as recorded)"
#: What a link is tried as, which nobody is to copy.
_A_LINK = "https://example.invalid/"
#: How many new keys are tried where some are taken by rows that are proposed as well.
_SPARE = 20


def fill_row(draft: RowDraft) -> RowDraft | str:
    """The draft with what it lacks to meet all of its conditions, and the rows to be listed first;
    or a sentence that says why there is no such row. A fixed cell stays as it is.

    If the row must name the latest of a kind (``Latest``), it names that. If the day of a row that
    a key names counts (``DayOf``), the draft names the latest row that fits or, if none does, a new
    one of its own day.
    """
    distinct = [Condition(column=draft.distinct, filled=True)] if draft.distinct else []
    rest: list[Ask] = []
    fixed_before = draft.fixed
    for ask in (*draft.asks, *distinct):
        latest = draft.spec.column(ask.column).latest if isinstance(ask, Condition) else None
        if latest is None or not isinstance(ask, Condition):
            rest.append(ask)
        elif not draft.meets(ask):
            named = _draft_naming_latest(draft, latest)
            if isinstance(named, str):
                return named
            key = named.values[latest.key]
            before = draft.values.get(latest.key)
            fixed = latest.key in draft.fixed and normal_key(str(before)) != normal_key(str(key))
            if fixed or not ask.is_:
                return NO_SUCH_ROW
            draft = replace(named, fixed=draft.fixed | {latest.key, latest.by})
    days = {column.name: column.day_of for column in draft.spec.columns if column.day_of}
    read = {*columns_of(rest), *draft.values}
    whole = _fill_days(draft, rest, [(name, of) for name, of in days.items() if name in read])
    if whole is None:
        return NO_SUCH_ROW
    # Such a day is in no sheet: it is as the row has it now, or is left out.
    values = {name: value for name, value in whole.values.items() if name not in days}
    for name, of in days.items():
        if name in draft.values and of.key in draft.values:
            values[name] = draft.values[name]
    return replace(whole, values=values, fixed=fixed_before)


def _fill(draft: RowDraft, asks: Sequence[Ask]) -> RowDraft | None:
    """The draft with what it lacks to meet all of ``asks``; None if no row could, or only with
    another value in a fixed cell."""
    several = [ask for ask in asks if isinstance(ask, AnyOf)]
    single = [ask for ask in asks if isinstance(ask, Condition)]
    if several:
        rest: list[Ask] = [*single, *several[1:]]
        # Alternatives that hold already come first.
        choices = sorted(several[0].any_of, key=lambda choice: not draft.meets(choice))
        return next(filter(None, (_fill(draft, [*rest, choice]) for choice in choices)), None)
    for condition in single:
        if not draft.meets(condition):
            changed = _meet(draft, condition, single)
            if changed is None:
                return None
            draft = changed
    return draft if all(map(draft.meets, single)) else None


def _meet(draft: RowDraft, condition: Condition, where: Sequence[Condition]) -> RowDraft | None:
    """The draft changed so that it meets one more condition, by the first choice there is; None if
    it cannot."""
    if condition.on_or_before is not None:
        return _meet_by_days(draft, condition, condition.on_or_before)
    name = condition.column
    if name in draft.fixed:
        return None
    of_column = [other for other in where if other.column == name]
    spec = draft.spec.column(name)
    if spec.names_rows and any(other.filled for other in of_column):
        return next(_drafts_naming_a_row(draft, spec, of_column), None)
    tests = [test_of(other) for other in of_column if not other.filled]
    used = draft.used if name == draft.distinct else ()
    worded = spec.type in ("text", "key")
    for value in _candidates(draft, spec, of_column):
        silent = worded and says_nothing(str(value))  # such a text is read as a blank
        if not silent and value not in used and all(test(value) for test in tests):
            return draft.put({name: value})
    return None


def _meet_by_days(draft: RowDraft, condition: Condition, other: str) -> RowDraft | None:
    """The draft in which one of two days, or both, are its own day, or one is the other."""
    name, day = condition.column, draft.day
    choices: tuple[dict[str, Typed], ...] = (
        {name: day},
        {name: draft.values.get(other)},
        {other: day},
        {name: day, other: day},
    )
    possible = (draft.put(days) for days in choices if not draft.fixed.intersection(days))
    return next((changed for changed in possible if changed.meets(condition)), None)


def _candidates(draft: RowDraft, spec: ColumnSpec, where: Sequence[Condition]) -> Iterator[Typed]:
    """Values for a column, beginning with those that conditions name. There may be infinitely
    many."""
    if spec.type == "day":
        return iter((draft.day,))
    if spec.type == "yes/no":
        return iter((True, False))
    if spec.type == "link":
        return iter((_A_LINK,))
    if spec.type == "number":
        return count(max((condition.at_least or 1 for condition in where), default=1))
    if spec.type in ("codes", "keys"):
        before = draft.values.get(spec.name)
        codes = frozenset((*_included(where), *(before if isinstance(before, frozenset) else ())))
        return iter((codes or frozenset([next(iter(spec.codes), _AS_RECORDED)]),))
    if spec.type == "period":
        kind = spec.periods[0] if spec.periods else "financial year"
        return chain(_words_named(where), (period_of(kind, draft.day.toordinal()),))
    # Words that only say that something was recorded, as many as have to differ.
    more = (f"(as recorded, {number})" for number in range(2, 3 + len(draft.used)))
    return chain(_words_named(where), spec.codes or (_AS_RECORDED, *more))


def _words_named(where: Sequence[Condition]) -> Iterator[str]:
    """The words that the conditions name."""
    for condition in where:
        yield from condition.one_of or ()
        if condition.equals is not None:
            yield condition.equals


def _included(where: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(code for condition in where for code in condition.includes or ())


# Rows that a key names --------------------------------------------------------------------------


def _drafts_naming_a_row(
    draft: RowDraft, spec: ColumnSpec, conditions: Sequence[Condition]
) -> Iterator[RowDraft]:
    """The draft with the key of each row that counts: the latest rows first, new rows last."""
    where = tuple(
        inner for condition in conditions if condition.filled for inner in condition.where
    )
    others = [test_of(condition) for condition in conditions if not condition.filled]
    used = {normal_key(str(value)) for value in draft.used if spec.name == draft.distinct}
    before = draft.values.get(spec.name)
    for new in _subject_rows(draft, spec, where):
        if all(test(before) for test in others):
            yield draft.after(new)
    for key, first in _keys(draft, spec, conditions, where):
        value: Typed = key
        read: Typed = key
        if spec.type == "keys":  # beside those that are there and those that conditions want
            value = frozenset({key, *texts_in(before), *_included(conditions)})
            read = frozenset(map(normal_key, value))
        if normal_key(key) not in used and all(test(read) for test in others):
            yield draft.put({spec.name: value}).after(*first)


def _keys(
    draft: RowDraft, spec: ColumnSpec, conditions: Sequence[Condition], where: tuple[Condition, ...]
) -> Iterator[tuple[str, tuple[RowDraft, ...]]]:
    """The keys that a cell may name, each with the rows to be listed first."""
    yield from ((key, ()) for key in draft.citations.counting(spec, where, draft.day))
    first = {(row.spec.id, row.key): row for row in draft.first}
    for (register, key), row in first.items():
        if register in spec.named and all(map(row.meets, where)):
            yield key, ()
    named = tuple(_words_named(conditions)) or _included(conditions)
    for register in spec.named:
        table = draft.citations.table(register)
        for key in named or draft.citations.new_keys(register, _SPARE) if table.found else ():
            new = _new_row(draft, table.register, key, where)
            if new is not None and (register, key) not in first:
                yield key, (new,)


def _subject_rows(
    draft: RowDraft, spec: ColumnSpec, where: Sequence[Condition]
) -> Iterator[RowDraft]:
    """New rows that list the subject that the cell names, if no row does. The cell itself stays as
    it is."""
    before = draft.values.get(spec.name)
    text = draft.texts.get(spec.name, "")
    for register in spec.named if isinstance(before, str) and text else ():
        table = draft.citations.table(register)
        begins = table.found and table.register.begins
        if begins and not draft.citations.has_key(register, before):
            new = _new_row(draft, table.register, text, where)
            if new is not None:
                yield new


def _new_row(
    draft: RowDraft, spec: RegisterSpec, key: str, where: Sequence[Condition], *dated: str
) -> RowDraft | None:
    """A new row that counts where it is named, dated on the draft's day, also in the columns
    ``dated``; None if no row could."""
    values: dict[str, Typed] = {spec.key or "": key, **dict.fromkeys(dated, draft.day)}
    if spec.id == draft.spec.id and draft.values.get(spec.key or "") == key:
        return None
    if spec.dated_by:
        values[spec.dated_by] = draft.day
    if spec.cancelled and spec.column(spec.cancelled).blank == BLANK_UNREADABLE:
        values[spec.cancelled] = False
    return _fill(RowDraft.new(spec, draft.day, draft.citations, values, tuple(where)), where)


# Rows that the program looks up itself ----------------------------------------------------------


def _draft_naming_latest(draft: RowDraft, latest: Latest) -> RowDraft | str:
    """The draft that names the latest row, or a new one of its day; or the sentence that says why
    there is none."""
    table = draft.citations.table(latest.within)
    by = draft.values.get(latest.by, draft.day)
    issued: tuple[Issue, ...] = ()
    if isinstance(by, datetime.date):
        issues = IssuedRows(table, latest)
        last = issues.latest_by(by)
        if last is None:
            return _unread(draft, table, latest, issues.unread_by(by))
        issued = last
    if issued:
        return draft.put({latest.key: max(issue.written for issue in issued), latest.by: by})
    if by == draft.day:
        (key,) = draft.citations.new_keys(table.register.id, 1)
        kind = Condition(column=latest.kind, equals=latest.of)
        first = _new_row(draft, table.register, key, (kind,), latest.issued)
        if first is not None:
            return draft.after(first).put({latest.key: first.key, latest.by: by})
    return _NONE.format(table.register.title, latest.of or "row")


def _unread(draft: RowDraft, within: Table, latest: Latest, rows: Sequence[int]) -> str:
    """What to correct in these rows before it is clear which is the latest."""
    names = [name for name in (within.register.key, latest.kind, latest.issued) if name]
    corrections = [
        correction
        for row in rows[:_MOST]
        for name in names
        if within.columns[name].state[row] not in READ_OR_NOTHING
        for correction in draft.citations.corrections.sentences_for(within, row, name)
    ]
    first, *others = corrections or [f"Correct the {within.title} sheet."]
    first = f"First {first[:1].lower()}{first[1:]}"
    return " ".join([first, *others, _UNCLEAR.format(latest.of or "row")])


def _fill_days(
    draft: RowDraft, asks: Sequence[Ask], days: Sequence[tuple[str, DayOf]]
) -> RowDraft | None:
    """As ``_fill``, if these columns have the days of the rows that keys name."""
    if not days:
        return _fill(draft, asks)
    (name, of), *rest = days
    drafts = (_fill_days(named, asks, rest) for named in _drafts_with_day(draft, asks, name, of))
    return next(filter(None, drafts), None)


def _drafts_with_day(
    draft: RowDraft, asks: Sequence[Ask], name: str, of: DayOf
) -> Iterator[RowDraft]:
    """The draft as it is, and with each other key that it may name, each with the day of the named
    row."""

    def naming(key: Typed, day: Typed) -> RowDraft:
        return replace(draft.put({of.key: key, name: day}), fixed=draft.fixed | {of.key, name})

    within = draft.citations.table(of.within)
    days = {key: day for key, (_, day, _) in days_by_key(within, of.day).items()}
    before = texts_in(draft.values.get(of.key))
    day_wanted = draft.values.get(name)
    for key in before:
        yield naming(draft.values[of.key], days.get(normal_key(key)))
    if of.key in draft.fixed:
        return
    conditions = (ask for ask in conditions_of(asks) if ask.column == of.key and ask.filled)
    where = tuple(inner for condition in conditions for inner in condition.where)
    fits = None if before else day_wanted
    for key in draft.citations.counting(draft.spec.column(of.key), where, draft.day):
        day = days.get(normal_key(key))
        if day is not None and fits in (None, day):
            yield naming(key, day)
    for key in draft.citations.new_keys(of.within, 1) if within.found else ():
        new = _new_row(draft, within.register, key, where, of.day)
        if new is not None and fits in (None, draft.day):
            yield naming(key, draft.day).after(new)
