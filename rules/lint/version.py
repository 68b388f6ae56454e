"""Lint of one version: its subjects, and the evidence that shows that the duty was done."""

from __future__ import annotations

from evidence.register import Registers, RegisterSpec, spaced
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
    meant_column,
    register_of,
)
from rules.patterns import Events, EvidenceQuery, Pattern
from rules.patterns.base import EVENT_KEYS, LintedVersion
from rules.problem import Problems, shape
from rules.subject import FixedList, Member, Population
from rules.yaml.source import YamlNode

#: Words that a waiver uses for all subjects, and for a duty that has none.
_TAKEN = ("all", "office")
_SINGLE = ("number", "code", "text", "key", "period", "day", "yes/no")


def lint_version(node: YamlNode, linted: LintedVersion) -> Problems:
    """What is wrong with a version, where registers.yaml could be read."""
    version, pattern, registers = linted.version, linted.version.pattern, linted.registers
    subjects, kind = version.subjects, f"A duty of the kind '{version.pattern.kind}'"
    if subjects is not None and not pattern.takes_subjects:
        instead = "Leave 'subjects' out, or make the duty rolling or triggered."
        yield (node / "subjects").problem(f"{kind} cannot have subjects.", instead)
    elif isinstance(subjects, Population):
        yield from _lint_population(node / "subjects", subjects, registers)
    elif subjects is not None:
        yield from _lint_fixed_list(node / "subjects", subjects, linted)
    yield from pattern.check(node, linted)
    if version.evidence is None and pattern.takes:
        message = "Nothing says which evidence shows that the duty was done."
        instead = "Add 'evidence:' with a register."
        if node.path[-1] != 0:
            instead = "Copy 'evidence:', and all else that stays, from the version before this one."
        yield (node / "evidence").problem(message, instead)
    elif version.evidence is not None and not pattern.takes:
        yield (node / "evidence").problem(f"{kind} cannot have evidence.", "Leave 'evidence' out.")
    elif version.evidence is not None:
        yield from _lint_evidence(node / "evidence", version.evidence, linted)
    if version.lapse is not None and not pattern.lapses:
        message = f"{kind} cannot lapse, because it is not about an event."
        yield (node / "lapse").problem(message, "Leave 'lapse' out.")
    if version.transition_until is not None and not pattern.lasting and pattern.cuts is None:
        # A window that was met, or an event, stays with the version of its own day.
        message = f"{kind} cannot have a transition: what an earlier version judged stays met."
        instead = "Leave 'transition until' out, or let the version begin later."
        yield (node / "transition until").problem(message, instead)
    if pattern.cuts is None:
        yield from lint_remarks(node, version.remarks, version.rows, registers)
        if version.applies is not None:
            yield from lint_applies(node / "applies", version.applies, registers)


# Subjects ---------------------------------------------------------------------------------------


def _lint_population(node: YamlNode, population: Population, registers: Registers) -> Problems:
    yield from lint_listing(node, population, registers)
    spec = register_of(population, registers)
    if spec is None:
        return
    yield from lint_days(node, spec, population, "joins", "leaves", "flagged")
    harm = "nobody would ever count as having left"
    yield from lint_needed(node / "leaves", spec, population.leaves, harm)
    if population.leaves is not None and spec.begins is None:
        yield (node / "register").problem(
            f"The rows of '{spec.id}' do not say from which day they apply: a person who "
            "leaves and comes back would be read as two rows with one key.",
            f"Write 'begins: {population.joins}' for '{spec.id}' in registers.yaml.",
        )
    harm = "the duty would apply to nobody"
    yield from lint_needed(node / "flagged", spec, population.flagged, harm)


def _lint_fixed_list(node: YamlNode, fixed: FixedList, linted: LintedVersion) -> Problems:
    if not fixed.members:
        yield (node / "members").problem("The list has no members.", "Name at least one.")
    spec = linted.evidence
    yield from lint_column(node / "named in", spec, fixed.named_in, "code", "codes")
    column = meant_column(spec, fixed.named_in, "code", "codes")
    first: dict[str, YamlNode] = {}
    for index, member in enumerate(fixed.members):
        child = node / "members" / index / "id"
        if first.setdefault(shape(member.id), child) is not child:
            message = f"The list has two members with the id '{member.id}'."
            yield child.problem(message, "Give each a different id.", first[shape(member.id)])
        if shape(member.id) in _TAKEN:
            message = (
                f"A member cannot be called '{member.id}': in a waiver it has another meaning."
            )
            yield child.problem(message, "Choose another id.")
        if spec and column and column.codes and member.id not in column.codes:
            message = f"The member '{member.id}' is not a code of '{column.name}' of '{spec.id}'."
            instead = f"Use the code as id, one of: {', '.join(column.codes)}."
            yield child.problem(message, instead)
        if spec is not None:
            yield from _lint_member(node / "members" / index, member, fixed, spec, linted)


def _lint_member(
    node: YamlNode, member: Member, fixed: FixedList, spec: RegisterSpec, linted: LintedVersion
) -> Problems:
    pattern = linted.version.pattern
    yield from lint_where(node / "where", spec, member.where, linted.registers)
    yield from lint_column(node / "dated", spec, member.dated, "day")
    if member.dated is not None and pattern.in_place:
        message = "The date of a standing duty is its 'begins'."
        yield (node / "dated").problem(message, "Leave 'dated' out.")
    if member.within is not None and not pattern.member_spans:
        message = "Only a triggered duty can have a separate span for a member."
        yield (node / "within").problem(message, "Leave 'within' out.")
    if fixed.named_in is None and member.dated is None and not member.where:
        message = f"Nothing says which rows are for the member '{member.id}'."
        instead = "Write 'named in' for the list, or 'where' or 'dated' for the member."
        yield node.problem(message, instead)


# Evidence ---------------------------------------------------------------------------------------


def _lint_evidence(node: YamlNode, query: EvidenceQuery, linted: LintedVersion) -> Problems:
    yield from lint_rows(node, query, linted.registers)
    yield from _lint_keys(node, query, linted.version.pattern)
    yield from _lint_columns(node, query, linted)
    yield from _lint_subject_link(node, query, linted)
    yield from _lint_event_link(node, query, linted)


def _lint_keys(node: YamlNode, query: EvidenceQuery, pattern: Pattern) -> Problems:
    """Checks that the pattern uses the given keys, and that they are compatible."""
    for key in (*EVENT_KEYS, "period"):
        default = EvidenceQuery.model_fields[key].default
        if getattr(query, key) != default and key not in pattern.takes:
            words = spaced(key)
            message = (
                f"'{words}' cannot be used in the evidence of a duty of the kind '{pattern.kind}'."
            )
            yield (node / words).problem(message, "Leave it out.")
    if query.needed < 1:
        yield (node / "needed").problem("At least one item is needed.", "Write 1 or more.")
    if query.needed_from is not None and query.needed != 1:
        message = "'needed' and 'needed from' both say how many rows are needed."
        yield (node / "needed from").problem(message, "Keep one of them.", node / "needed")
    if query.distinct is not None and query.needed_from is None and query.needed <= 1:
        message = "One row is enough, so there are no two rows that must differ."
        instead = "Add 'needed:' or 'needed from:', or leave 'distinct' out."
        yield (node / "distinct").problem(message, instead)


def _lint_columns(node: YamlNode, query: EvidenceQuery, linted: LintedVersion) -> Problems:
    spec, members, pattern = linted.evidence, linted.version.members, linted.version.pattern
    members_dated = members and all(member.dated for member in members)
    if query.dated is None and "dated" in pattern.takes and not members_dated:
        message = "Nothing says on which day the duty was done."
        yield node.problem(message, "Add 'dated:' with a date column.")
    yield from lint_column(node / "dated", spec, query.dated, "day")
    yield from lint_column(node / "distinct", spec, query.distinct, *_SINGLE)
    if pattern.period_kind is None:
        return
    yield from lint_column(node / "period", spec, query.period, "period")
    column = meant_column(spec, query.period, "period")
    if spec and column and column.periods and pattern.period_kind not in column.periods:
        message = (
            f"The column '{column.name}' of '{spec.id}' does not accept a {pattern.period_kind}."
        )
        yield (node / "period").problem(message, f"It accepts: {', '.join(column.periods)}.")


def _lint_subject_link(node: YamlNode, query: EvidenceQuery, linted: LintedVersion) -> Problems:
    """Checks that one key links an item to its subject if, and only if, there is a population."""
    population = linted.version.population
    keys = [key for key in ("subject", "named_by_subject") if getattr(query, key) is not None]
    if population is None:
        for key in map(spaced, keys):
            message = f"'{key}' needs a population as the duty's subjects."
            yield (node / key).problem(message, "Leave it out, or write the subjects.")
        return
    if len(keys) == 2:
        message = "'subject' and 'named by subject' mean the same."
        yield (node / "named by subject").problem(message, "Keep one of them.", node / "subject")
    if not keys and not query.itself:
        message = "Nothing says which subject a row is for."
        instead = (
            "Add 'subject:' with the column that contains the subject's key, or "
            "'named by subject:'."
        )
        yield node.problem(message, instead)
    people = register_of(population, linted.registers)
    yield from lint_link(node / "subject", linted.evidence, query.subject, people, linted.registers)
    yield from lint_link(
        node / "named by subject", people, query.named_by_subject, linted.evidence, linted.registers
    )


def _lint_event_link(node: YamlNode, query: EvidenceQuery, linted: LintedVersion) -> Problems:
    if linted.version.pattern.by_joining:
        for key in ("event", "itself", "needed_from"):
            if getattr(query, key):
                message = f"'{spaced(key)}' is for events in a register, and joining is not one."
                yield (node / spaced(key)).problem(message, "Leave it out.")
    events = linted.version.events
    if events is None:
        return
    spec = register_of(events, linted.registers)
    yield from lint_column(node / "needed from", spec, query.needed_from, "number")
    if query.itself:
        yield from _lint_itself(node, query, events, linted)
    if not query.itself or query.register == events.register:
        yield from lint_link(node / "event", linted.evidence, query.event, spec, linted.registers)


def _lint_itself(
    node: YamlNode, query: EvidenceQuery, events: Events, linted: LintedVersion
) -> Problems:
    """Checks that the event's own row can show more than the event itself."""
    if query.register != events.register:
        message = f"The event's own row is in '{events.register}', not in '{query.register}'."
        yield (node / "register").problem(message, f"Write 'register: {events.register}'.")
    if query.event is not None:
        message = "The event's own row is the evidence, so no column needs to name it."
        instead = "Keep one of 'event' and 'itself'."
        yield (node / "event").problem(message, instead, node / "itself")
    for key in ("needed", "needed_from"):
        if getattr(query, key) not in (1, None):
            instead = f"Leave '{spaced(key)}' out."
            yield (node / spaced(key)).problem("The event has one row of its own.", instead)
    if query.dated != events.dated:
        return
    if linted.version.pattern.ahead:
        message = "The event's own date does not show what was done before it."
        instead = "Name the column with the date on which the duty was done."
        yield (node / "dated").problem(message, instead)
    elif not query.asks and not (
        linted.version.members and all(m.where for m in linted.version.members)
    ):
        message = "Each event would meet the duty simply because it took place."
        instead = "Add 'where:', or name the date on which the duty was done."
        yield (node / "dated").problem(message, instead)
