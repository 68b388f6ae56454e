"""What follows for the duties if an office does not keep a column, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from evidence.cells.text import listed, some_of
from evidence.mapping.assumptions import ColumnNotKept, columns_not_kept, columns_not_mapped
from evidence.mapping.model import SheetMapping
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE
from rules.condition import Condition, columns_of
from rules.model import Rulebook, Version
from rules.resolve import resolve
from rules.wording.words import titled

#: So many duties are named in a sentence.
_NAMED = 6


def consequences(mapping: Sequence[SheetMapping], rulebook: Rulebook) -> Iterator[str]:
    """What cannot be judged or shown because of what a mapping does not read, in sentences."""
    written = {id_: spec.written for id_, spec in rulebook.registers.items()}
    yield from not_kept_words(columns_not_kept(mapping), rulebook)
    yield from not_mapped_words(columns_not_mapped(mapping, written), rulebook)


def not_kept_words(columns: Sequence[ColumnNotKept], rulebook: Rulebook) -> Iterator[str]:
    """A sentence for the columns without which the same duties cannot be judged or cover nobody."""
    latest = {id_: resolve(rulebook, id_).versions[-1].rule for id_ in rulebook.duties}
    names = {id_: _named(rulebook, id_) for id_ in latest}
    lacking: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
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
            follows = (column.sheet, one if len(duties) == 1 else many, tuple(duties))
            lacking.setdefault(follows, []).append(f"'{spec.usual_heading}'")
    for (sheet, what, named), headings in lacking.items():
        are = "is" if len(headings) == 1 else "are"
        yield (
            f"Because {listed(headings)} {are} not kept on the sheet '{sheet}', {what} for its"
            f" rows: {some_of(named, _NAMED)}."
        )


def not_mapped_words(columns: Sequence[ColumnNotKept], rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each sheet without columns that every record of some duties must have."""
    lacking: dict[tuple[str, str], list[str]] = {}
    for sheet, register, column in columns:
        blank = rulebook.registers[register].column(column).blank
        if blank in (BLANK_NOTHING, BLANK_UNREADABLE):  # otherwise a blank means a value
            lacking.setdefault((sheet, register), []).append(column)
    for (sheet, register), names in lacking.items():
        read: dict[str, None] = {}
        duties: list[str] = []
        for id_ in rulebook.duties:
            version = resolve(rulebook, id_).versions[-1].rule
            needed = [n for n in names if (register, n) in _columns_of_each_record(version)]
            read |= dict.fromkeys(needed)
            duties += [_named(rulebook, id_)] if needed else []
        if duties:
            spec = rulebook.registers[register]
            headings = listed(
                [f"'{spec.column(n).usual_heading}'" for n in names if n in read], "or"
            )
            done = "this duty was" if len(duties) == 1 else "these duties were"
            yield (
                f"No column of the sheet '{sheet}' is read as {headings}, so its rows cannot show"
                f" that {done} done: {some_of(duties, _NAMED)}."
            )


def duties_reading(rulebook: Rulebook) -> dict[tuple[str, str], int]:
    """How many duties read each column, after its register; with '' for the column, how many read
    the register."""
    counts: Counter[tuple[str, str]] = Counter()
    for id_ in rulebook.duties:
        version = resolve(rulebook, id_).versions[-1].rule
        read = _columns_read(version)
        if flag := _flag(version):
            read.add(flag)
        counts.update(read | {(register, "") for register, _ in read})
    return dict(counts)


def _named(rulebook: Rulebook, id_: str) -> str:
    """A duty by its section and title."""
    return titled(rulebook.sections[id_], rulebook.duties[id_].title)


def _columns_of_each_record(version: Version) -> set[tuple[str, str]]:
    """The columns without which no row of evidence counts, after their register."""
    query = version.evidence
    if query is None:
        return set()
    days = version.dating_columns()
    names = [query.event, query.subject, *(days if len(days) == 1 else ())]
    names += [ask.column for ask in query.asks if isinstance(ask, Condition)]
    return {(query.register, name) for name in names if name}


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
