"""The registers that a duty needs (semantics.md, An obligation's status at D: not assessed)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.outcome import Status
from engine.plain.case import Case
from engine.plain.lists import events_of
from engine.plain.sheet import Sheets
from rules.condition import AnyOf, Ask, Condition
from rules.pattern import Completeness
from rules.resolve import Resolved
from rules.subject import FixedList, Population

Group = tuple[str, ...]  # registers that may serve in each other's place: one of them is needed
_Asked = tuple[str, tuple[Ask, ...]]  # a register, and what a rule asks of its rows


def without_registers(case: Case) -> Status | None:
    """Not assessed where a register that the duty needs was not given; cannot tell where one was
    given and cannot be read; None where all can be read."""
    sheets = case.sheets
    groups = {group for version in case.versions for group in _needed(sheets, version)}
    if any(not any(sheets.of(each).given for each in group) for group in groups):
        return Status.NOT_ASSESSED
    if any(not any(sheets.of(each).found for each in group) for group in groups):
        return Status.CANNOT_TELL
    return None


def _needed(sheets: Sheets, version: Resolved) -> Iterable[Group]:
    """What one version needs, by the rule alone; a control sheet is never needed."""
    for group in _named(sheets, version):
        registers = tuple(each for each in group if not _control(sheets, each))
        if registers:
            yield registers


def _control(sheets: Sheets, register: str) -> bool:
    spec = sheets.of(register).spec
    return spec is not None and spec.control


def _named(sheets: Sheets, version: Resolved) -> Iterable[Group]:
    for register, asks in _asked(version):
        yield (register,)
        for condition in _conditions(asks):
            yield from _looked_up(sheets, register, condition)
    events, query = events_of(version.version.pattern), version.version.evidence
    for listed, dated in ((events, events and events.dated), (query, query and query.dated)):
        spec = sheets.of(listed.register).column_spec(dated) if listed and dated else None
        if spec is not None and spec.looks_in is not None:
            yield (spec.looks_in,)


def _asked(version: Resolved) -> Iterable[_Asked]:
    """The registers that list a version's subjects, events or records, hold its evidence, or
    decide whether it applies, with the conditions on their rows."""
    rule = version.version
    events, query = events_of(rule.pattern), rule.evidence
    if isinstance(rule.subjects, Population):
        yield rule.subjects.register, rule.subjects.asks
    if events is not None:
        yield events.register, events.asks
    if isinstance(rule.pattern, Completeness):
        yield rule.pattern.records.register, rule.pattern.asks
    if query is not None:
        yield query.register, query.asks
        if isinstance(rule.subjects, FixedList):
            for member in rule.subjects.members:
                yield query.register, member.where
    if rule.applies is not None:
        yield rule.applies.register, rule.applies.asks


def _conditions(asks: Sequence[Ask]) -> Iterable[Condition]:
    for ask in asks:
        if isinstance(ask, AnyOf):
            yield from ask.any_of
        else:
            yield ask


def _looked_up(sheets: Sheets, register: str, condition: Condition) -> Iterable[Group]:
    """The registers in which a condition on a row of ``register`` looks up another row: where a
    key is filled, where one is the latest of its kind, and what is asked there in turn."""
    spec = sheets.of(register).column_spec(condition.column)
    if spec is None:
        return
    if spec.looks_in is not None:
        yield (spec.looks_in,)
    if condition.filled and spec.named:
        yield spec.named
        for named in spec.named:
            for nested in condition.where:
                yield from _looked_up(sheets, named, nested)
