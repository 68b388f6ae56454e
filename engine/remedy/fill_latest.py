"""What to write where a row has to name the latest row of a kind, as the program tells it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from engine.proof.unmet_words import unread_cells_told
from engine.remedy.fill_row import NO_SUCH_ROW, new_listed
from engine.remedy.row_drafts import RowDraft, holds
from evidence.cells.text import normal_key
from evidence.links.latest import Issues
from evidence.register import Latest
from evidence.table import Table, Typed
from rules.condition import Ask, Condition


def latest_linked(draft: RowDraft, asks: Sequence[Ask]) -> tuple[RowDraft, tuple[Ask, ...]] | str:
    """The draft with the key of the latest row wherever a column that the program fills is to say
    so, and what else is asked; where no row can be named, why not, as a sentence."""
    rest: list[Ask] = []
    for ask in asks:
        latest = draft.spec.column(ask.column).latest if isinstance(ask, Condition) else None
        if latest is None or not isinstance(ask, Condition) or holds(draft, ask):
            rest += [ask] if latest is None else []
            continue
        listed = draft.citations.table(latest.within)
        by = draft.values.get(latest.by, draft.day)
        key = _latest_key(listed, latest, by)
        first = _issued_now(draft, listed, latest) if key is _NoLatest.NONE else None
        if first is not None and by == draft.day:
            key, draft = str(first.values[first.spec.key or ""]), draft.after(first)
        if not isinstance(key, str):
            return _why_none(key, listed, latest, by)
        named = normal_key(str(draft.values.get(latest.key)))
        if not ask.is_ or (latest.key in draft.fixed and named != normal_key(key)):
            return NO_SUCH_ROW
        draft = draft.put({latest.key: key, latest.by: by})
        draft = replace(draft, fixed=draft.fixed | {latest.key, latest.by})
    return draft, tuple(rest)


def _issued_now(draft: RowDraft, table: Table, latest: Latest) -> RowDraft | None:
    """A row of the kind that is issued on the draft's day, to be listed before it is named."""
    (key,) = draft.citations.new_keys(table.register.id, 1)
    kind = Condition(column=latest.kind, equals=latest.of)
    return new_listed(draft, table.register, key, (kind,), latest.issued)


class _NoLatest(Enum):
    """Why no row of a register can be named as the latest of its kind."""

    UNREAD = "First correct {}: until then it cannot be told which row is the latest."
    NONE = "The register '{}' has none that had been issued by then, and one has to be named here."


def _why_none(why: _NoLatest, table: Table, latest: Latest, by: Typed) -> str:
    words: str = why.value
    if why is _NoLatest.NONE or not isinstance(by, datetime.date):
        return words.format(table.register.title)
    return words.format(unread_cells_told(table, latest, Issues(table, latest).unread_by(by)))


def _latest_key(table: Table, latest: Latest, by: Typed) -> str | _NoLatest:
    """The key, as written, of the latest row of the kind that was issued by a day."""
    if not isinstance(by, datetime.date):
        return _NoLatest.NONE
    last = Issues(table, latest).latest_by(by)
    if last is None:
        return _NoLatest.UNREAD
    return max(each.written for each in last) if last else _NoLatest.NONE
