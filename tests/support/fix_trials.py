"""Fixes for the tests: made-up cases whose sheets take the words that their rules use, what a check
shows as the fix of each obligation, and whether some of it meets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import get_args

from engine.assessment import CellToWrite, ObligationOutcome, Remedy
from engine.outcome import Answer, Status
from engine.outcomes.context import OutcomeContext
from engine.outcomes.obligations import obligation_outcomes
from engine.plain.evaluate import evaluate_duty
from engine.proof.citations import CitationCache
from evidence.register import ColumnSpec, PeriodKind, RegisterSpec
from evidence.table import Typed
from rules.condition import AnyOf, Ask, RowsOf
from rules.patterns import Completeness
from rules.subject import FixedList
from tests.support.case_generator import Case
from tests.support.promise_cases import traced, versions
from tests.support.remedied_evidence import remedied

#: A word that no made-up rule asks for or refuses.
_OTHER = "another word"
UNMET = (Status.DUE, Status.OVERDUE)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An obligation that is not met, with what the check shows of it."""

    answer: Answer
    shown: ObligationOutcome

    @property
    def fix(self) -> tuple[Remedy, ...]:
        return self.shown.would_be_met_by


def fixed(given: Case) -> Iterator[Fixed]:
    """Every obligation of a case that is due or overdue, as a check shows it."""
    citations = CitationCache(given.evidence)
    context = OutcomeContext(
        given.rulebook, given.evidence, citations, given.as_of, {}, {}, explained=True
    )
    for duty in traced(given):
        shown = obligation_outcomes(duty, context).current
        current = [answer for answer in duty.answers if answer.is_current]
        for answer, outcome in zip(current, shown, strict=True):
            if answer.status in UNMET:
                yield Fixed(answer, outcome)


def meets(given: Case, answer: Answer, fix: Sequence[Remedy]) -> bool:
    """Whether the obligation is met by these remedies, all of the evidence judged again."""
    evidence = remedied(given.evidence, fix, given.rulebook)
    after = evaluate_duty(given.rulebook, evidence, given.as_of, answer.key.duty)
    same = [other.status for other in after if other.key == answer.key]
    return bool(same) and set(same) == {Status.MET}


#: A part of a fix: which remedy, and which of its cells (None: all of the row that it adds).
Part = tuple[int, CellToWrite | None]


def parts(given: Case, fix: Sequence[Remedy]) -> list[Part]:
    """All that could be left out of a fix: its rows, and each cell that does not say which row it
    is (a new row's key, and the period that it names)."""
    periods = {version.evidence.period for version in versions(given) if version.evidence}
    fix_parts: list[Part] = [(at, None) for at, row in enumerate(fix) if not row.row]
    for at, row in enumerate(fix):
        key = given.rulebook.registers[row.register].key
        stays = set() if row.row else {key, *periods}
        fix_parts += [(at, cell) for cell in row.cells if cell.column not in stays]
    return fix_parts


def leaving_out(fix: Sequence[Remedy], out: Sequence[Part]) -> list[Remedy]:
    """The fix without some of its parts."""
    kept = []
    for at, each in enumerate(fix):
        cells = tuple(cell for cell in each.cells if (at, cell) not in out)
        if (at, None) not in out and cells:
            kept.append(replace(each, cells=cells))
    return kept


def smaller(given: Case, fix: Sequence[Remedy]) -> Iterator[list[Remedy]]:
    """Every smaller set of what the fix proposes, the empty one first."""
    every = parts(given, fix)
    for count in range(len(every), 0, -1):
        for out in combinations(every, count):
            yield leaving_out(fix, out)


# Words ------------------------------------------------------------------------------------------


def declared(given: Case) -> Case:
    """The case with the words declared that its rules and its evidence use, so that its sheets take
    them as a rulebook's sheets do."""
    words = _words(given)
    registers = {name: _taking(spec, words) for name, spec in given.rulebook.registers.items()}
    tables = {
        name: replace(table, register=registers[name])
        for name, table in given.evidence.tables.items()
    }
    return replace(
        given,
        rulebook=given.rulebook.model_copy(update={"registers": registers}),
        evidence=replace(given.evidence, tables=tables),
    )


def _taking(spec: RegisterSpec, words: set[str]) -> RegisterSpec:
    columns = tuple(_column(column, words) for column in spec.columns)
    return spec.model_copy(update={"columns": columns})


def _column(spec: ColumnSpec, words: set[str]) -> ColumnSpec:
    if spec.type in ("code", "codes"):
        return spec.model_copy(update={"codes": dict.fromkeys(sorted(words), ())})
    return (
        spec.model_copy(update={"periods": get_args(PeriodKind)}) if spec.type == "period" else spec
    )


def _words(given: Case) -> set[str]:
    words = {_OTHER}
    for table in given.evidence.tables.values():
        for spec in table.register.columns:
            if spec.type in ("code", "codes"):
                words |= {word for value in table.columns[spec.name].value for word in _in(value)}
    for version in versions(given):
        if isinstance(version.subjects, FixedList):
            words |= {member.id for member in version.subjects.members}
        rows = (version.subjects, version.applies, version.evidence)
        listed = getattr(version.pattern, "event", None), getattr(version.pattern, "records", None)
        for rows_of in (*rows, *listed):
            words |= _of_asks(rows_of.asks) if isinstance(rows_of, RowsOf) else set()
        if isinstance(version.pattern, Completeness):
            words |= _of_asks(version.pattern.asks)
        if isinstance(version.subjects, FixedList):
            words |= {w for member in version.subjects.members for w in _of_asks(member.where)}
    return words


def _in(value: Typed) -> set[str]:
    if isinstance(value, frozenset):
        return set(value)
    return {value} if isinstance(value, str) else set()


def _of_asks(asks: Sequence[Ask]) -> set[str]:
    columns: set[str] = set()
    for ask in asks:
        for condition in ask.any_of if isinstance(ask, AnyOf) else (ask,):
            columns |= {
                *(condition.one_of or ()),
                *(condition.none_of or ()),
                *(condition.includes or ()),
            }
            columns |= {condition.equals} if condition.equals is not None else set()
            columns |= _of_asks(condition.where)
    return columns
