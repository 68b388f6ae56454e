"""Lint of one version: whom or what it asks, and what shows that it was done."""

from __future__ import annotations

from evidence.register import spaced
from rules.condition import find_column
from rules.lint.rows import (
    lint_applies,
    lint_column,
    lint_days,
    lint_link,
    lint_listing,
    lint_needed,
    lint_remarks,
    lint_rows,
    lint_where,
    register_of,
)
from rules.patterns import Events, EvidenceQuery, Pattern
from rules.patterns.base import LintedVersion
from rules.patterns.rows import EVENT_KEYS
from rules.problem import Problems, shape
from rules.subject import FixedList, Member, Population
from rules.yaml.source import At

#: Words that a waiver uses for all subjects, and for a duty that has none.
_TAKEN = ("all", "office")
_SINGLE = ("number", "code", "text", "key", "period", "day", "yes/no")


def lint_version(at: At, one: LintedVersion) -> Problems:
    """What is wrong with a version, given registers that could be read."""
    version, pattern = one.version, one.version.pattern
    yield from _lint_subjects(at / "subjects", one)
    yield from pattern.check(at, one)
    yield from _lint_evidence(at, one)
    if version.lapse is not None and not pattern.lapses:
        message = (
            f"A duty of the kind '{pattern.kind}' cannot lapse, because it is not about an event."
        )
        yield (at / "lapse").problem(message, "Leave 'lapse' out.")
    if pattern.cuts is None:
        yield from lint_remarks(at, version.remarks, version.rows, one.registers)
        if version.applies is not None:
            yield from lint_applies(at / "applies", version.applies, one.registers)


# Subjects ---------------------------------------------------------------------------------------


def _lint_subjects(at: At, one: LintedVersion) -> Problems:
    """That the pattern takes subjects at all, and that those named can be found."""
    subjects, pattern = one.version.subjects, one.version.pattern
    if subjects is None:
        return
    if not pattern.takes_subjects:
        message = f"A duty of the kind '{pattern.kind}' cannot have subjects."
        instead = "Leave 'subjects' out, or make the duty rolling or triggered."
        yield at.problem(message, instead)
    elif isinstance(subjects, Population):
        yield from _lint_population(at, subjects, one)
    else:
        yield from _lint_fixed_list(at, subjects, one)


def _lint_population(at: At, population: Population, one: LintedVersion) -> Problems:
    yield from lint_listing(at, population, one.registers)
    spec = register_of(population, one.registers)
    if spec is None:
        return
    yield from lint_days(at, spec, population, "joins", "leaves", "flagged")
    yield from lint_needed(
        at / "leaves", spec, population.leaves, "nobody would ever count as having left"
    )
    if population.leaves is not None and spec.begins is None:
        yield (at / "register").problem(
            f"The rows of '{spec.id}' do not say from which day they apply: a person who "
            "leaves and comes back would be read as two rows with one key.",
            f"Write 'begins: {population.joins}' for '{spec.id}' in registers.yaml.",
        )
    yield from lint_needed(
        at / "flagged", spec, population.flagged, "the duty would apply to nobody"
    )


def _lint_fixed_list(at: At, fixed: FixedList, one: LintedVersion) -> Problems:
    if not fixed.members:
        yield (at / "members").problem("The list has no members.", "Name at least one.")
    yield from lint_column(at / "named in", one.evidence, fixed.named_in, "code", "codes")
    column = find_column(one.evidence, fixed.named_in)
    codes = column.codes if column is not None else {}
    taken: dict[str, At] = {}
    for index, member in enumerate(fixed.members):
        here = at / "members" / index / "id"
        first = taken.setdefault(shape(member.id), here)
        if first is not here:
            message = f"The list has two members with the id '{member.id}'."
            yield here.problem(message, "Give each a different id.", first)
        if shape(member.id) in _TAKEN:
            message = (
                f"A member cannot be called '{member.id}': in a waiver it has another meaning."
            )
            yield here.problem(message, "Choose another id.")
        if codes and one.evidence and member.id not in codes:
            message = (
                f"The member '{member.id}' is not a code of '{fixed.named_in}' of "
                f"'{one.evidence.id}'."
            )
            yield here.problem(message, f"Use the code as id, one of: {', '.join(codes)}.")
        yield from _lint_member(at / "members" / index, member, fixed, one)


def _lint_member(at: At, member: Member, fixed: FixedList, one: LintedVersion) -> Problems:
    spec, pattern = one.evidence, one.version.pattern
    if spec is None:
        return
    yield from lint_where(at / "where", spec, member.where, one.registers)
    yield from lint_column(at / "dated", spec, member.dated, "day")
    if member.dated is not None and pattern.in_place:
        message = "The date of a standing duty is its 'begins'."
        yield (at / "dated").problem(message, "Leave 'dated' out.")
    if member.within is not None and not pattern.member_spans:
        message = "Only a triggered duty can have a separate span for a member."
        yield (at / "within").problem(message, "Leave 'within' out.")
    if fixed.named_in is None and member.dated is None and not member.where:
        message = f"Nothing says which rows are for the member '{member.id}'."
        instead = "Write 'named in' for the list, or 'where' or 'dated' for the member."
        yield at.problem(message, instead)


# Evidence ---------------------------------------------------------------------------------------


def _lint_evidence(at: At, one: LintedVersion) -> Problems:
    here, query, pattern = at / "evidence", one.version.evidence, one.version.pattern
    if query is None:
        if pattern.takes:
            message = "Nothing says which evidence shows that the duty was done."
            yield at.problem(message, "Add 'evidence:' with a register.")
        return
    if not pattern.takes:
        message = f"A duty of the kind '{pattern.kind}' cannot have evidence."
        yield here.problem(message, "Leave 'evidence' out.")
        return
    yield from lint_rows(here, query, one.registers)
    yield from _lint_keys(here, query, pattern)
    yield from _lint_columns(here, query, one)
    yield from _lint_subject_link(here, query, one)
    yield from _lint_event_link(here, query, one)


def _lint_keys(at: At, query: EvidenceQuery, pattern: Pattern) -> Problems:
    """That the keys given mean something to the pattern, and go together."""
    for key in (*EVENT_KEYS, "period"):
        default = EvidenceQuery.model_fields[key].default
        if getattr(query, key) != default and key not in pattern.takes:
            words = spaced(key)
            message = (
                f"'{words}' cannot be used in the evidence of a duty of the kind '{pattern.kind}'."
            )
            yield (at / words).problem(message, "Leave it out.")
    if query.needed < 1:
        yield (at / "needed").problem("At least one item is needed.", "Write 1 or more.")
    if query.needed_from is not None and query.needed != 1:
        message = "'needed' and 'needed from' both say how many rows are needed."
        yield (at / "needed from").problem(message, "Keep one of them.", at / "needed")
    if query.distinct is not None and query.needed_from is None and query.needed <= 1:
        message = "One row is enough, so there are no two rows that must differ."
        instead = "Add 'needed:' or 'needed from:', or leave 'distinct' out."
        yield (at / "distinct").problem(message, instead)


def _lint_columns(at: At, query: EvidenceQuery, one: LintedVersion) -> Problems:
    spec, members, pattern = one.evidence, one.version.members, one.version.pattern
    members_dated = members and all(member.dated for member in members)
    if query.dated is None and "dated" in pattern.takes and not members_dated:
        message = "Nothing says on which day the duty was done."
        yield at.problem(message, "Add 'dated:' with a date column.")
    yield from lint_column(at / "dated", spec, query.dated, "day")
    yield from lint_column(at / "distinct", spec, query.distinct, *_SINGLE)
    if pattern.period_kind is None:
        return
    yield from lint_column(at / "period", spec, query.period, "period")
    column = find_column(spec, query.period)
    if spec and column and column.periods and pattern.period_kind not in column.periods:
        message = (
            f"The column '{query.period}' of '{spec.id}' does not accept a {pattern.period_kind}."
        )
        yield (at / "period").problem(message, f"It accepts: {', '.join(column.periods)}.")


def _lint_subject_link(at: At, query: EvidenceQuery, one: LintedVersion) -> Problems:
    """How an item names its subject: only for a population, and then by one of two columns."""
    population = one.version.population
    given = [key for key in ("subject", "named_by_subject") if getattr(query, key) is not None]
    if population is None:
        for key in map(spaced, given):
            message = f"'{key}' needs a population as the duty's subjects."
            yield (at / key).problem(message, "Leave it out, or write the subjects.")
        return
    if len(given) == 2:
        message = "'subject' and 'named by subject' mean the same."
        yield (at / "named by subject").problem(message, "Keep one of them.", at / "subject")
    if not given and not query.itself:
        message = "Nothing says which subject a row is for."
        instead = (
            "Add 'subject:' with the column that contains the subject's key, or "
            "'named by subject:'."
        )
        yield at.problem(message, instead)
    people = register_of(population, one.registers)
    yield from lint_link(at / "subject", one.evidence, query.subject, people)
    yield from lint_link(at / "named by subject", people, query.named_by_subject, one.evidence)


def _lint_event_link(at: At, query: EvidenceQuery, one: LintedVersion) -> Problems:
    if one.version.pattern.by_joining:
        for key in ("event", "itself", "needed_from"):
            if getattr(query, key):
                message = f"'{spaced(key)}' is for events in a register, and joining is not one."
                yield (at / spaced(key)).problem(message, "Leave it out.")
    if one.version.events is None:
        return
    events = one.version.events
    listed = register_of(events, one.registers)
    yield from lint_column(at / "needed from", listed, query.needed_from, "number")
    if query.itself:
        yield from _lint_itself(at, query, events, one)
    if not query.itself or query.register == events.register:
        yield from lint_link(at / "event", one.evidence, query.event, listed)


def _lint_itself(at: At, query: EvidenceQuery, events: Events, one: LintedVersion) -> Problems:
    """That the event's own row can show that the duty was done, and not only that there was an
    event."""
    if query.register != events.register:
        message = f"The event's own row is in '{events.register}', not in '{query.register}'."
        yield (at / "register").problem(message, f"Write 'register: {events.register}'.")
    if query.event is not None:
        message = "The event's own row is the evidence, so no column needs to name it."
        yield (at / "event").problem(message, "Keep one of 'event' and 'itself'.", at / "itself")
    for key in ("needed", "needed_from"):
        if getattr(query, key) not in (1, None):
            instead = f"Leave '{spaced(key)}' out."
            yield (at / spaced(key)).problem("The event has one row of its own.", instead)
    if query.dated != events.dated:
        return
    if one.version.pattern.ahead:
        message = "The event's own date does not show what was done before it."
        yield (at / "dated").problem(
            message, "Name the column with the date on which the duty was done."
        )
    elif not query.asks and not (one.version.members and all(m.where for m in one.version.members)):
        message = "Each event would meet the duty simply because it took place."
        yield (at / "dated").problem(
            message, "Add 'where:', or name the date on which the duty was done."
        )
