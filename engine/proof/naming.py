"""Rows of evidence by the event or subject that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.columns.arrays import Columns
from engine.columns.days import Flags
from engine.frames.scope import Scope
from engine.obligation import Obligation
from rules.model import Version

#: The role of the event's or record's own row, which is the only one that is about it.
ITSELF = "itself"


class NamedRows(NamedTuple):
    """The ``rows`` of a register by what they name in a ``role``. The rows under None name nothing
    in it, so they may be about anything."""

    role: str
    rows: Mapping[object, Sequence[int]]


def naming_columns(columns: Columns, version: Version) -> dict[str, str]:
    """The columns in which a row of evidence says what it is about, by their role. They name its
    'event' or its 'subject', or contain the 'key' by which the subject's own row names the row."""
    query = version.evidence
    of_people = version.population is not None
    if query is None or query.itself:
        return {}
    key = columns.table.register.key if query.named_by_subject else None
    roles = {
        "event": query.event if version.events else None,
        "subject": query.subject if of_people else None,
        "key": key if of_people else None,
    }
    return {role: name for role, name in roles.items() if name}


def name_of(scope: Scope, version: Version, role: str, obligation: Obligation) -> object:
    """What a row about the obligation names in this role; None where no row can name it."""
    if role == ITSELF:
        return obligation.event_row if obligation.event_row >= 0 else None
    if role != "key":
        return {"event": obligation.event, "subject": obligation.subject}.get(role)
    subjects = version.population
    query = version.evidence
    row = obligation.subject_row
    if subjects is None or query is None or not query.named_by_subject or row < 0:
        return None
    return scope.register(subjects.register).values(query.named_by_subject)[row]


def named_rows(columns: Columns, version: Version, which: Flags) -> NamedRows:
    """These rows of evidence, by what they name in the first role that they have."""
    rows = np.flatnonzero(which).tolist()
    if version.evidence is None or version.evidence.itself:
        return NamedRows(ITSELF, {row: (row,) for row in rows})
    role, column = next(iter(naming_columns(columns, version).items()), ("", ""))
    names = columns.values(column)[rows].tolist() if column else [None] * len(rows)
    by_name: dict[object, list[int]] = defaultdict(list)
    for name, row in zip(names, rows, strict=True):
        by_name[name].append(row)
    return NamedRows(role, dict(by_name))
