"""Case files: the results that a duty is expected to have, written by hand from the SOP.

A case file is strict YAML, read like a rule file (rules.yaml.source)::

    duty: it-filter-assurance
    usual:                        # cells that each row of that sheet has unless it says otherwise
      submissions: {from: Warwickshire Police, to: OPCC}
    cases:
      - name: Two days after the year ended with no assurance, the duty is overdue by two days
        as of: 2025-10-03
        missing: [people]         # sheets that were not given at all; all others are there
        unreadable: [roles]       # sheets that were given and cannot be read as such
        records begin: 2025-04-01 # from when the office keeps its registers
        evidence:
          submissions:
            - {given on: 2024-09-15, covers: blank}
        expect: {status: overdue, deadline: 2025-10-01, days: -2}

Cells are text, read like cells of a sheet. ``blank`` is a blank cell, and so is any that neither
the row nor ``usual`` names; a column that the program fills itself is not written. A row without
a ref is named by its sheet and number: submissions 1. ``none`` expects that there is no such day
or number. Fields that a case does not give are not compared; ``counts``, ``obligations`` and
``history`` are whole lists.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from evidence.register import Declared
from rules.model import Rulebook
from rules.problem import RuleProblem, did_you_mean
from rules.yaml.source import YamlFile, YamlNode, read_source
from rules.yaml.validate import read_model

StatusWord = Literal[
    "met", "due", "overdue", "not yet due", "not applicable", "waived", "cannot tell",
    "not assessed", "not in force",
]  # fmt: skip
CountWord = Literal[
    "met", "met late", "due", "overdue", "not yet due", "not applicable", "waived", "cannot tell",
    "not assessed",
]  # fmt: skip
OutcomeWord = Literal["met", "met late", "missed", "lapsed", "before records began", "gap"]
BLANK = "blank"

#: A cell as written: text, or a day, a whole number or a yes or no, written as its text.
Cell = object
Row = Mapping[str, Cell]


def _none(value: object) -> object:
    return None if value == "none" else value


Day = Annotated[datetime.date | None, BeforeValidator(_none)]
Number = Annotated[int | None, BeforeValidator(_none)]


class Expected(Declared):
    """The expectations of one obligation, or of a duty; only the fields that are given count.
    ``too late``: whether no row dated the day of the check or later can meet it any more.
    ``days`` is negative if it is overdue. ``met by`` are the names of the rows that met it,
    ``unread`` those of the unreadable rows that might have."""

    status: StatusWord
    window: str = ""
    opens: Day = None
    deadline: Day = None
    days: Number = None
    late_by: int = 0
    last_done: Day = None
    met_by: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    too_late: bool = False


class ExpectedDuty(Expected):
    """``window``, ``opens`` and ``late by`` are those of its one obligation; ``deadline`` and
    ``days`` those that the report shows: the earliest outstanding, else the next to come.
    ``counts`` are the current obligations by status; 'met late' ones are among the met."""

    next_due: Day = None
    counts: dict[CountWord, int] = Field(default_factory=dict)
    nothing_to_check: bool = False


class ExpectedPart(Expected):
    """One current obligation; ``for`` is its subject as the report names it."""

    known_by: ClassVar = ("for_",)

    for_: str = "office"


class ExpectedPast(Declared):
    """One entry of the history; a gap has its first and last day as ``opens`` and ``deadline``."""

    for_: str = "office"
    window: str = ""
    outcome: OutcomeWord
    opens: Day = None
    deadline: Day = None
    late_by: int = 0

    @property
    def known_by(self) -> tuple[str, ...]:
        """The fields that identify the entry."""
        return ("for_", "window", "opens") if self.outcome == "gap" else ("for_", "window")


class RuleCase(Declared):
    """One case: the evidence, the as-of date and the expectations."""

    name: str
    as_of: datetime.date
    missing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    records_begin: datetime.date | None = None
    evidence: dict[str, tuple[dict[str, Cell], ...]] = Field(default_factory=dict)
    expect: ExpectedDuty
    obligations: tuple[ExpectedPart, ...] | None = None
    history: tuple[ExpectedPast, ...] | None = None


class CaseFile(Declared):
    """A file of cases of one duty."""

    duty: str
    usual: dict[str, dict[str, Cell]] = Field(default_factory=dict)
    cases: tuple[RuleCase, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One case ready to run: its duty, its place, and its rows with the usual cells in them."""

    duty: str
    case: RuleCase
    at: YamlNode
    rows: Mapping[str, tuple[Row, ...]]

    @property
    def line(self) -> int:
        """The line of its file on which it begins."""
        return self.at.spot.line


def read_cases(
    file: str, data: bytes, rulebook: Rulebook
) -> tuple[Placed, ...] | tuple[RuleProblem, ...]:
    """The cases in the bytes of a file, or all the problems of the file, by line."""
    source = read_source(file, data)
    if not isinstance(source, YamlFile):
        return source
    at = YamlNode(source)
    cases = read_model(CaseFile, at, source.value)
    if not isinstance(cases, CaseFile):
        return cases
    problems = tuple(sorted(_problems(cases, at, rulebook)))
    return problems or tuple(
        Placed(cases.duty, case, at / "cases" / number, _usual_filled(case, cases.usual))
        for number, case in enumerate(cases.cases)
    )


def _usual_filled(case: RuleCase, usual: Mapping[str, Row]) -> dict[str, tuple[Row, ...]]:
    return {
        register: tuple({**usual.get(register, {}), **row} for row in rows)
        for register, rows in case.evidence.items()
    }


# Problems of a file -----------------------------------------------------------------------------


def _problems(cases: CaseFile, at: YamlNode, rulebook: Rulebook) -> Iterator[RuleProblem]:
    if cases.duty not in rulebook.duties:
        hint = did_you_mean(cases.duty, rulebook.duties)
        yield (at / "duty").problem(f"There is no duty '{cases.duty}'.", hint)
    for register, row in cases.usual.items():
        yield from _row_problems(register, row, at / "usual" / register, rulebook)
    seen: dict[str, YamlNode] = {}
    for number, case in enumerate(cases.cases):
        place = at / "cases" / number
        first = seen.setdefault(case.name, place / "name")
        if first != place / "name":
            message = "Another case has the same name."
            yield (place / "name").problem(message, "Say what sets it apart.", first)
        yield from _case_problems(case, place, rulebook)


def _case_problems(case: RuleCase, at: YamlNode, rulebook: Rulebook) -> Iterator[RuleProblem]:
    for key, registers in (("missing", case.missing), ("unreadable", case.unreadable)):
        for number, register in enumerate(registers):
            place = at / key / number
            if register not in rulebook.registers:
                yield _no_register(register, place, rulebook)
            elif register in case.evidence:
                message = f"'{register}' is said to be {key}, and has rows."
                yield place.problem(message, "Leave out one of them.", at / "evidence" / register)
    for register, rows in case.evidence.items():
        for number, row in enumerate(rows):
            yield from _row_problems(register, row, at / "evidence" / register / number, rulebook)
    deadline, days = case.expect.deadline, case.expect.days
    if deadline and days is not None and days != (deadline - case.as_of).days:  # a slip of the pen
        yield (at / "expect" / "days").problem(
            f"From {case.as_of} to {deadline} it is {(deadline - case.as_of).days} days, "
            f"not {days}.",
            "Correct the days, the deadline or the as-of date.",
        )


def _row_problems(
    register: str, row: Row, at: YamlNode, rulebook: Rulebook
) -> Iterator[RuleProblem]:
    spec = rulebook.registers.get(register)
    if spec is None:
        yield _no_register(register, at, rulebook)
        return
    columns = [column.name for column in spec.written.columns]
    for name, cell in row.items():
        if name not in columns:
            message = f"The register '{register}' has no column '{name}'."
            yield (at / name).problem(message, did_you_mean(name, columns))
        elif isinstance(cell, dict | tuple):
            message = f"The cell '{name}' is not a single text."
            yield (at / name).problem(message, "Part several words with semicolons.")


def _no_register(register: str, at: YamlNode, rulebook: Rulebook) -> RuleProblem:
    return at.problem(
        f"There is no register '{register}'.", did_you_mean(register, rulebook.registers)
    )
