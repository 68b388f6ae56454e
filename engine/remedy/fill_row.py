"""What to write in the cells of one row so that it meets conditions: values that fit together.

Nothing is guessed about what was done: where a rule leaves a choice, the first is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count

from engine.columns.conditions import names_rows, test_of
from engine.columns.periods import period_of
from engine.remedy.row_drafts import RowDraft, computed, texts_in
from evidence.cells.silence import says_nothing
from evidence.cells.text import normal_key
from evidence.register import BLANK_UNREADABLE, ColumnSpec, RegisterSpec
from evidence.table import Typed
from rules.condition import AnyOf, Ask, Condition

NO_SUCH_ROW = "No row that could be entered now would meet everything that the rule requires here."
#: What stands for words that only the office can know.
_AS_RECORDED = "(as recorded)"
#: So many new keys are tried where some are taken by rows that are proposed as well.
_SPARE = 20


def fill(draft: RowDraft, asks: Sequence[Ask]) -> RowDraft | None:
    """The draft with what it lacks to meet every one of ``asks``; None where no row could, or
    only one in which a fixed cell were another."""
    several = [ask for ask in asks if isinstance(ask, AnyOf)]
    single = [ask for ask in asks if isinstance(ask, Condition)]
    if several:
        rest: list[Ask] = [*single, *several[1:]]
        choices = sorted(several[0].any_of, key=lambda each: not draft.holds(each))
        tried = (fill(draft, [*rest, choice]) for choice in choices)  # what holds comes first
        return next((each for each in tried if each is not None), None)
    for condition in single:
        if not draft.holds(condition):
            changed = _changed(draft, condition, single)
            if changed is None:
                return None
            draft = changed
    return draft if all(map(draft.holds, single)) else None


def _changed(draft: RowDraft, condition: Condition, where: Sequence[Condition]) -> RowDraft | None:
    """The draft with one condition met that was not, by the first choice there is."""
    if condition.on_or_before is not None:
        return _with_days(draft, condition, condition.on_or_before)
    name = condition.column
    if name in draft.fixed:
        return None
    mine = [each for each in where if each.column == name]
    spec = draft.spec.column(name)
    if names_rows(spec) and any(each.filled for each in mine):
        return next(_naming(draft, spec, mine), None)
    tests = [test_of(each) for each in mine if not each.filled]
    used = draft.used if name == draft.distinct else ()
    worded = spec.type in ("text", "key")
    for value in _candidates(draft, spec, mine):
        silent = worded and says_nothing(str(value))  # such a text is read as a blank
        if not silent and value not in used and all(test(value) for test in tests):
            return draft.put({name: value})
    return None


def _with_days(draft: RowDraft, condition: Condition, other: str) -> RowDraft | None:
    """One of the two days, or both, written as the draft's own day, or as one another."""
    name, day = condition.column, draft.day
    tried: tuple[dict[str, Typed], ...] = (
        {name: day},
        {name: draft.values.get(other)},
        {other: day},
        {name: day, other: day},
    )
    possible = (draft.put(each) for each in tried if not draft.fixed.intersection(each))
    return next((each for each in possible if each.holds(condition)), None)


def _candidates(draft: RowDraft, spec: ColumnSpec, where: Sequence[Condition]) -> Iterator[Typed]:
    """Values for a column, those first that conditions name; there may be no end of them."""
    if spec.type == "day":
        return iter((draft.day,))
    if spec.type == "yes/no":
        return iter((True, False))
    if spec.type == "number":
        return count(max((each.at_least or 1 for each in where), default=1))
    if spec.type in ("codes", "keys"):
        there = frozenset((*_included(where), *_several(draft.values.get(spec.name))))
        return iter((there or frozenset([next(iter(spec.codes), _AS_RECORDED)]),))
    if spec.type == "period":
        kind = spec.periods[0] if spec.periods else "financial year"
        return chain(_named(where), (period_of(kind, draft.day.toordinal()),))
    # Words that only say that something was recorded, as many as have to differ.
    more = (f"(as recorded, {number})" for number in range(2, 3 + len(draft.used)))
    return chain(_named(where), spec.codes or (_AS_RECORDED, *more))


def _named(where: Sequence[Condition]) -> Iterator[str]:
    """The words that conditions name themselves."""
    for condition in where:
        yield from condition.one_of or ()
        if condition.equals is not None:
            yield condition.equals


def _included(where: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(code for each in where for code in each.includes or ())


def _several(value: Typed) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


# Rows that a key names --------------------------------------------------------------------------


def _naming(draft: RowDraft, spec: ColumnSpec, mine: Sequence[Condition]) -> Iterator[RowDraft]:
    """The draft with the key of a row that counts: the latest ones first, new ones last."""
    where = tuple(asked for each in mine if each.filled for asked in each.where)
    others = [test_of(each) for each in mine if not each.filled]
    used = {normal_key(str(value)) for value in draft.used if spec.name == draft.distinct}
    stands = draft.values.get(spec.name)
    for new in _subject_listed(draft, spec, where):
        if all(test(stands) for test in others):
            yield draft.after(new)
    for key, first in _keys(draft, spec, mine, where):
        value: Typed = key
        read: Typed = key
        if spec.type == "keys":  # beside those that are there and those that conditions want
            value = frozenset({key, *texts_in(stands), *_included(mine)})
            read = frozenset(map(normal_key, value))
        if normal_key(key) not in used and all(test(read) for test in others):
            yield draft.put({spec.name: value}).after(*first)


def _keys(
    draft: RowDraft, spec: ColumnSpec, mine: Sequence[Condition], where: tuple[Condition, ...]
) -> Iterator[tuple[str, tuple[RowDraft, ...]]]:
    """The keys that a cell may name, each with the rows to be listed first."""
    yield from ((key, ()) for key in draft.citations.counting(spec, where, draft.day))
    first = {(each.spec.id, each.key): each for each in draft.first}
    for (register, key), each in first.items():
        if register in spec.named and all(map(each.holds, where)):
            yield key, ()
    named = tuple(_named(mine)) or _included(mine)
    for register in spec.named:
        table = draft.citations.table(register)
        for key in named or draft.citations.new_keys(register, _SPARE) if table.found else ():
            new = new_listed(draft, table.register, key, where)
            if new is not None and (register, key) not in first:
                yield key, (new,)


def _subject_listed(
    draft: RowDraft, spec: ColumnSpec, where: Sequence[Condition]
) -> Iterator[RowDraft]:
    """The subject that the cell names and that is not listed: whom it is about is not changed."""
    stands, text = draft.values.get(spec.name), draft.texts.get(spec.name, "")
    for register in spec.named if isinstance(stands, str) and text else ():
        table = draft.citations.table(register)
        begins = table.found and table.register.begins
        if begins and not draft.citations.has_key(register, stands):
            new = new_listed(draft, table.register, text, where)
            if new is not None:
                yield new


def new_listed(
    draft: RowDraft, spec: RegisterSpec, key: str, where: Sequence[Condition], *dated: str
) -> RowDraft | None:
    """A new row that counts where it is named, dated on the draft's day; so are the columns
    ``dated``."""
    values: dict[str, Typed] = {spec.key or "": key, **dict.fromkeys(dated, draft.day)}
    if spec.id == draft.spec.id and draft.values.get(spec.key or "") == key:
        return None
    if spec.dated_by:
        values[spec.dated_by] = draft.day
    if spec.cancelled and spec.column(spec.cancelled).blank == BLANK_UNREADABLE:
        values[spec.cancelled] = False
    fixed = frozenset((*values, *computed(spec)))
    return fill(RowDraft(spec, draft.day, draft.citations, values, fixed), where)
