"""What follows for the duties if an office does not keep a column, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.cells.text import some_of
from evidence.mapping.assumptions import ColumnNotKept
from evidence.register import BLANK_UNREADABLE
from rules.condition import columns_of
from rules.model import Rulebook, Version
from rules.resolve import resolve

#: So many duties are named in a sentence.
_NAMED = 6


def not_kept_words(columns: Sequence[ColumnNotKept], rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each column without which duties cannot be judged, or cover nobody."""
    latest = {id_: resolve(rulebook, id_).versions[-1].rule for id_ in rulebook.duties}
    names = {id_: f"{rulebook.sections[id_]} {rulebook.duties[id_].title}" for id_ in latest}
    for column in columns:
        register = rulebook.registers[column.register]
        spec, read = register.column(column.column), (register.id, column.column)
        if spec.name == register.key:  # each row has a key of its own
            continue
        beside = {(one.register, one.column) for one in columns if one.sheet == column.sheet}
        if spec.blank == BLANK_UNREADABLE:
            duties = [
                names[id_]
                for id_, version in latest.items()
                if read in _columns_read(version) and _flag(version) not in beside
            ]
            one, many = "this duty cannot be judged", "these duties cannot be judged"
        else:
            duties = [names[id_] for id_, version in latest.items() if read == _flag(version)]
            one, many = "this duty covers nobody", "these duties cover nobody"
        if duties:
            yield (
                f"Because '{spec.usual_heading}' is not kept on the sheet '{column.sheet}',"
                f" {one if len(duties) == 1 else many} for its rows: {some_of(duties, _NAMED)}."
            )


def _columns_read(version: Version) -> set[tuple[str, str]]:
    """The columns that decide on a duty, after their registers."""
    read = {(id_, name) for id_, asks in version.row_conditions for name in columns_of(asks)}
    read |= set(version.date_columns)
    if version.population is not None:
        days = version.population.days
        read |= {(version.population.register, name) for name in days if name}
    if version.evidence is not None:
        read |= {(version.evidence.register, name) for name in version.evidence_columns}
    return read


def _flag(version: Version) -> tuple[str, str] | None:
    """The column without a day in which a duty covers nobody, after its register."""
    population = version.population
    if population is None or population.flagged is None:
        return None
    return population.register, population.flagged
