"""Lint of whom or what a duty asks: populations, fixed lists, and how items name them."""

from __future__ import annotations

from evidence.register import Registers, RegisterSpec, spaced
from rules.hint import shape
from rules.lint.condition import find_column, lint_column, lint_where
from rules.lint.rows import lint_days, lint_listing, lint_needed, register_of
from rules.model import Version
from rules.patterns import EvidenceQuery
from rules.problem import Problems
from rules.subject import FixedList, Population
from rules.yaml.source import At

#: Words that a waiver uses for all subjects, and for a duty that has none.
_TAKEN = ("all", "office")


def lint_subjects(at: At, version: Version, registers: Registers) -> Problems:
    """That the pattern takes subjects at all, and that those named can be found."""
    here, subjects = at / "subjects", version.subjects
    if subjects is None:
        return
    if not version.pattern.takes_subjects:
        yield here.problem(
            f"A duty of the kind '{version.pattern.kind}' takes no subjects.",
            "Leave 'subjects' out, or write the duty as rolling or triggered.",
        )
    elif isinstance(subjects, Population):
        yield from _lint_population(here, subjects, registers)
    else:
        yield from _lint_fixed_list(here, subjects, version, registers)


def _lint_population(at: At, population: Population, registers: Registers) -> Problems:
    yield from lint_listing(at, population, registers)
    spec = register_of(population, registers)
    if spec is None:
        return
    yield from lint_days(at, spec, population, "joins", "leaves", "flagged")
    if population.leaves is not None:
        harm = "nobody would ever have left"
        yield from lint_needed(at / "leaves", spec, population.leaves, harm)
        if spec.begins is None:
            yield (at / "register").problem(
                f"The rows of '{spec.id}' do not say from which day they stand: somebody who "
                "leaves and comes back would be taken for two of one key.",
                f"Write 'begins: {population.joins}' for '{spec.id}' in registers.yaml.",
            )
    yield from lint_needed(at / "flagged", spec, population.flagged, "nobody would be asked")


def _lint_fixed_list(at: At, fixed: FixedList, version: Version, registers: Registers) -> Problems:
    if not fixed.members:
        yield (at / "members").problem("The list has no members.", "Name at least one.")
    yield from _lint_member_ids(at / "members", fixed)
    query = version.evidence
    spec = register_of(query, registers) if query is not None else None
    if spec is None:
        return
    if fixed.named_in is not None:
        yield from _lint_named_in(at, spec, fixed, fixed.named_in)
    yield from _lint_members(at / "members", fixed, spec, version, registers)


def _lint_member_ids(at: At, fixed: FixedList) -> Problems:
    seen: dict[str, int] = {}
    for index, member in enumerate(fixed.members):
        here = at / index / "id"
        first = seen.setdefault(shape(member.id), index)
        if first != index:
            message = f"The list has two members '{member.id}'."
            yield here.problem(message, "Give each an id of its own.", at / first / "id")
        if shape(member.id) in _TAKEN:
            message = (
                f"A member cannot be called '{member.id}': a waiver means something else by it."
            )
            yield here.problem(message, "Choose another id.")


def _lint_named_in(at: At, spec: RegisterSpec, fixed: FixedList, name: str) -> Problems:
    yield from lint_column(at / "named in", spec, name, "code", "codes")
    column = find_column(spec, name)
    if column is None or not column.codes:
        return
    for index, member in enumerate(fixed.members):
        if member.id not in column.codes:
            message = f"The member '{member.id}' is no code of '{name}' of '{spec.id}'."
            instead = f"Use the code as id, one of: {', '.join(column.codes)}."
            yield (at / "members" / index / "id").problem(message, instead)


def _lint_members(
    at: At, fixed: FixedList, spec: RegisterSpec, version: Version, registers: Registers
) -> Problems:
    pattern = version.pattern
    for index, member in enumerate(fixed.members):
        here = at / index
        yield from lint_where(here / "where", spec, member.where, registers)
        if member.dated is not None:
            yield from lint_column(here / "dated", spec, member.dated, "day")
            if pattern.in_place:
                message = "A standing duty is dated by its 'begins'."
                yield (here / "dated").problem(message, "Leave 'dated' out.")
        if member.within is not None and not pattern.member_spans:
            message = "Only a triggered duty has a span of its own for a member."
            yield (here / "within").problem(message, "Leave 'within' out.")
        if fixed.named_in is None and member.dated is None and not member.where:
            message = f"Nothing says which items are for the member '{member.id}'."
            instead = "Write 'named in' for the list, or 'where' or 'dated' for the member."
            yield here.problem(message, instead)


def lint_subject_link(
    at: At, query: EvidenceQuery, version: Version, registers: Registers
) -> Problems:
    """How an item names its subject: only for a population, and then by one of two columns."""
    population = version.population
    given = [key for key in ("subject", "named_by_subject") if getattr(query, key) is not None]
    if population is None:
        for key in given:
            yield (at / spaced(key)).problem(
                f"'{spaced(key)}' needs a population as the duty's subjects.",
                "Leave it out, or write the subjects.",
            )
        return
    if len(given) == 2:
        message = "'subject' and 'named by subject' are two ways to say the same."
        yield (at / "named by subject").problem(message, "Keep one of them.", at / "subject")
    if not given and not query.itself:
        message = "Nothing says which subject an item is for."
        instead = (
            "Add 'subject:' with the column that holds the subject's key, or 'named by subject:'."
        )
        yield at.problem(message, instead)
    yield from _lint_links(at, query, population, registers)


def _lint_links(
    at: At, query: EvidenceQuery, population: Population, registers: Registers
) -> Problems:
    evidence, people = register_of(query, registers), register_of(population, registers)
    if evidence is None or people is None:
        return
    if query.subject is not None:
        yield from lint_link(at / "subject", evidence, query.subject, people)
    if query.named_by_subject is not None:
        yield from lint_link(at / "named by subject", people, query.named_by_subject, evidence)


def lint_link(at: At, spec: RegisterSpec, name: str, target: RegisterSpec) -> Problems:
    """That the column named at ``at`` holds keys, and those of ``target``."""
    yield from lint_column(at, spec, name, "key")
    column = find_column(spec, name)
    if column is None or column.type != "key":
        return
    named = column.named
    if target.key is None:
        message = f"The rows of '{target.id}' have no key, so '{name}' cannot name them."
        yield at.problem(message, "Give the register a key in registers.yaml.")
    elif not named:
        message = f"The column '{name}' of '{spec.id}' does not say whose keys stand in it."
        yield at.problem(message, f"Add 'refers to: {target.id}' to it in registers.yaml.")
    elif target.id not in named:
        message = (
            f"The column '{name}' of '{spec.id}' names rows of {' or '.join(map(repr, named))}, "
            f"not of '{target.id}'."
        )
        fitting = [each.name for each in spec.columns if target.id in each.named]
        yield at.problem(
            message, f"Name a column that does: {', '.join(fitting) or 'there is none'}."
        )
