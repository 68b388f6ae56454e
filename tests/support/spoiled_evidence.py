"""Ways to spoil the evidence of a met duty, one condition at a time, read off its rule."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.cases.case_file import BLANK, Cell, Row
from evidence.register import BLANK_NOTHING, BLANK_UNREADABLE, ColumnSpec, RegisterSpec
from rules.condition import Condition
from rules.model import Version
from rules.patterns import Completeness, EvidenceQuery, Standing
from rules.subject import FixedList, Member, Population

UNREADABLE = "tbc"
Change = Callable[[Row], Mapping[str, Cell]]


@dataclass(frozen=True)
class Spoilt:
    """Cells to be changed in every row of a register (None: no row is left), in words. The duty is
    not met then; where ``subject`` is given, not for that member of a fixed list."""

    words: str
    register: str
    cells: Change | None
    subject: str = ""


def spoilt_cells(
    version: Version, registers: Mapping[str, RegisterSpec], as_of: datetime.date
) -> Iterator[Spoilt]:
    """Each way to spoil the evidence that a version asks for."""
    pattern, query = version.pattern, version.evidence
    register = _register(version)
    yield Spoilt(f"no row of {register}", register, None)
    for condition in pattern.must if isinstance(pattern, Completeness) else _query(version).where:
        for words, change in _conditions(condition, registers[register]):
            yield Spoilt(words, register, change)
        yield from _named_rows(condition, registers[register], registers, as_of)
        yield from _days_looked_up(condition, registers[register], as_of)
    if several := pattern.must_any if isinstance(pattern, Completeness) else _query(version).any_of:
        yield from _all_of(several, registers[register])
    for name, member in _days(version):
        for day in (BLANK, UNREADABLE, as_of + datetime.timedelta(1)):
            yield _set(register, {name: day}, member.id if member else "")
    if query is not None:
        yield from _links(version, query, registers)
    if isinstance(pattern, Standing):
        yield from _ends(pattern, register, as_of)


def _query(version: Version) -> EvidenceQuery:
    assert version.evidence is not None
    return version.evidence


def _register(version: Version) -> str:
    if isinstance(version.pattern, Completeness):
        return version.pattern.records.register
    return _query(version).register


def _set(register: str, cells: Mapping[str, Cell], subject: str = "") -> Spoilt:
    words = ", ".join(f"{name} is {cell}" for name, cell in cells.items())
    return Spoilt(words, register, lambda _: cells, subject)


# Conditions -------------------------------------------------------------------------------------


def _conditions(condition: Condition, register: RegisterSpec) -> Iterator[tuple[str, Change]]:
    spec = register.column(condition.column)
    if spec.latest is not None:  # filled by the program, from what the row names
        for named in (BLANK, UNREADABLE, "something else"):
            yield f"{spec.latest.key} is {named}", _constant(spec.latest.key, named)
        return
    if spec.day_of is not None:  # the same
        for named in (BLANK, UNREADABLE, "no such row"):
            yield f"{spec.day_of.key} is {named}", _constant(spec.day_of.key, named)
        return
    wrong: list[Cell] = [UNREADABLE, *_wrong(condition, spec)]
    if spec.blank in (BLANK_NOTHING, BLANK_UNREADABLE):
        wrong.append(BLANK)
    for cell in wrong:
        yield f"{spec.name} is {cell}", _constant(spec.name, cell)
    if condition.on_or_before is not None:
        yield from _wrong_days(condition, condition.on_or_before)


def _named_rows(
    condition: Condition,
    register: RegisterSpec,
    registers: Mapping[str, RegisterSpec],
    as_of: datetime.date,
) -> Iterator[Spoilt]:
    """Ways to spoil the row that a key must name: it is not there, was cancelled, is dated after
    the check, or is not one of those that may be named."""
    for name in register.column(condition.column).named if condition.filled else ():
        named = registers[name]
        yield Spoilt(f"no row of {name}", name, None)
        if named.cancelled is not None:
            yield _set(name, {named.cancelled: True})
        if named.dated_by is not None:
            yield _set(name, {named.dated_by: as_of + datetime.timedelta(1)})
        for each in condition.where:
            for words, change in _conditions(each, named):
                yield Spoilt(words, name, change)


def _days_looked_up(
    condition: Condition, register: RegisterSpec, as_of: datetime.date
) -> Iterator[Spoilt]:
    """Ways to spoil the day of the row that a key names, where the condition is on that day."""
    of = register.column(condition.column).day_of
    if of is None:
        return
    wrong: list[Cell] = [UNREADABLE, as_of + datetime.timedelta(1)]
    if condition.within is not None:
        wrong.append(datetime.date(2001, 1, 1))
    for cell in wrong:
        yield _set(of.within, {of.day: cell})


def _constant(name: str, cell: Cell) -> Change:
    return lambda _: {name: cell}


def _wrong(condition: Condition, spec: ColumnSpec) -> list[Cell]:
    """Cells that can be read and do not meet the condition."""
    if condition.includes is not None:
        return [_without(left_out, spec) for left_out in condition.includes]
    if condition.is_ is not None:
        return [not condition.is_]
    if condition.at_least is not None:
        return [condition.at_least - 1]
    if condition.none_of is not None:
        return list(condition.none_of)
    if condition.filled:  # whatever can be read there fills it, but for a key of no row
        return ["no such row"] if spec.named else []
    taken = condition.one_of or (condition.equals,)
    return [code for code in spec.codes if code not in taken]


def _all_of(several: tuple[Condition, ...], register: RegisterSpec) -> Iterator[Spoilt]:
    """All of several conditions of which one would do."""
    columns = dict.fromkeys(each.column for each in several)
    yield _set(register.id, dict.fromkeys(columns, UNREADABLE))
    asked = {name: [each for each in several if each.column == name] for name in columns}
    yield _set(
        register.id, {name: _meets_none(asked[name], register.column(name)) for name in columns}
    )


def _meets_none(conditions: list[Condition], spec: ColumnSpec) -> Cell:
    """A cell that meets none of the conditions on its column."""
    if any(condition.filled for condition in conditions):
        return BLANK
    if spec.type != "codes":
        wrong = [_wrong(condition, spec) for condition in conditions]
        return next(cell for cell in wrong[0] if all(cell in cells for cells in wrong))
    asked = {code for condition in conditions for code in condition.includes or ()}
    return "; ".join(code for code in spec.codes if code not in asked)


def _without(left_out: str, spec: ColumnSpec) -> str:
    """A set that lacks one code only, and holds every other that the column takes."""
    return "; ".join(code for code in spec.codes if code != left_out)


def _wrong_days(condition: Condition, other: str) -> Iterator[tuple[str, Change]]:
    def moved(row: Row, days: int) -> Mapping[str, Cell]:
        day = row[other]
        assert isinstance(day, datetime.date)
        return {condition.column: day + datetime.timedelta(days)}

    yield f"{condition.column} is the day after {other}", lambda row: moved(row, 1)
    if condition.within is not None:
        longest = condition.within.count * (31 if condition.within.unit == "months" else 1)
        yield f"{condition.column} is too old", lambda row: moved(row, -longest - 1)


# Days, names and ends ---------------------------------------------------------------------------


def _days(version: Version) -> Iterator[tuple[str, Member | None]]:
    """The day columns that date the evidence, and the member whose own it is."""
    pattern = version.pattern
    if isinstance(pattern, Completeness):
        yield from ((name, None) for name in pattern.done_on)
    elif isinstance(pattern, Standing):
        yield pattern.begins, None
    elif (dated := _query(version).dated) is not None:
        yield dated, None
    if isinstance(version.subjects, FixedList):
        yield from ((member.dated, member) for member in version.subjects.members if member.dated)


def _links(
    version: Version, query: EvidenceQuery, registers: Mapping[str, RegisterSpec]
) -> Iterator[Spoilt]:
    """What an item is about: another event, person or period, or none that can be read."""
    for name in (query.event, query.subject):
        if name is not None:
            yield _set(query.register, {name: BLANK})
            yield _set(query.register, {name: "somebody else's"})
    if query.period is not None:
        kinds = registers[query.register].column(query.period).periods
        far = "2040/41 Q1" if "quarter" in kinds else "2040/41"
        yield _set(query.register, {query.period: far})
        yield _set(query.register, {query.period: UNREADABLE})
    subjects = version.subjects
    if isinstance(subjects, Population) and query.named_by_subject is not None:
        for cell in (BLANK, UNREADABLE, "something else"):
            yield _set(subjects.register, {query.named_by_subject: cell})
    if isinstance(subjects, FixedList) and subjects.named_in is not None:
        ids = tuple(member.id for member in subjects.members)
        spec = registers[query.register].column(subjects.named_in)
        for duty_id_ in ids:
            yield _set(query.register, {spec.name: _without(duty_id_, spec)}, duty_id_)


def _ends(pattern: Standing, register: str, as_of: datetime.date) -> Iterator[Spoilt]:
    names = [name for name in (pattern.ends, pattern.review_by) if name is not None]
    for name in names:
        for cell in (UNREADABLE, as_of - datetime.timedelta(1)):
            yield _set(register, {name: cell})
    if pattern.end_needed:
        yield _set(register, dict.fromkeys(names, BLANK))
