"""Case files: what a duty is expected to come to, written by hand from the SOP.

A case file is strict YAML, read as rule files are (rules.yaml.source)::

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

Cells are text, read as cells of a sheet are; ``blank`` is a blank one, and so is any that neither
the row nor ``usual`` names; a column that the program fills itself is not written. A row without
a ref is called by its sheet and number: submissions 1.
``none`` is an expectation as well: that there is no such day or number. What a case does not
expect is not looked at; but ``counts``, ``obligations`` and ``history`` are whole lists.
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
    """What is expected of one obligation, or of a duty; only what was written is looked at.
    ``too late``: whether no row dated the day of the check or later can meet it any more.

    ``days`` is negative when over. ``met by`` are the names of the rows that met it, ``unread``
    those of the unreadable rows that might have.
    """

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
    """One current obligation; ``for`` is what the report calls its subject."""

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
        """The fields that say which entry is meant."""
        return ("for_", "window", "opens") if self.outcome == "gap" else ("for_", "window")


class RuleCase(Declared):
    """One case: the evidence, the as-of date and what is expected then."""

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
    """A whole file of cases of one duty."""

    duty: str
    usual: dict[str, dict[str, Cell]] = Field(default_factory=dict)
    cases: tuple[RuleCase, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One case ready to be run: its duty, its place, and its rows with the usual cells in them."""

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
    """The cases in the bytes of a file, or everything that is wrong with the file, by line."""
    source = read_source(file, data)
    if not isinstance(source, YamlFile):
        return source
    read = read_model(CaseFile, YamlNode(source), source.value)
    if not isinstance(read, CaseFile):
        return read

    def rows_of(case: RuleCase) -> dict[str, tuple[Row, ...]]:
        return {
            register: tuple({**read.usual.get(register, {}), **row} for row in rows)
            for register, rows in case.evidence.items()
        }

    at = YamlNode(source)
    problems = tuple(sorted(_problems(read, at, rulebook)))
    return problems or tuple(
        Placed(read.duty, case, at / "cases" / number, rows_of(case))
        for number, case in enumerate(read.cases)
    )


# What is wrong with a file ----------------------------------------------------------------------


def _problems(read: CaseFile, at: YamlNode, rulebook: Rulebook) -> Iterator[RuleProblem]:
    if read.duty not in rulebook.duties:
        hint = did_you_mean(read.duty, rulebook.duties)
        yield (at / "duty").problem(f"There is no duty '{read.duty}'.", hint)
    for register, row in read.usual.items():
        yield from _row_problems(register, row, at / "usual" / register, rulebook)
    seen: dict[str, YamlNode] = {}
    for number, case in enumerate(read.cases):
        here = at / "cases" / number
        if case.name in seen:
            message = "Another case has the same name."
            yield (here / "name").problem(message, "Say what sets it apart.", seen[case.name])
        seen.setdefault(case.name, here / "name")
        yield from _case_problems(case, here, rulebook)


def _case_problems(case: RuleCase, at: YamlNode, rulebook: Rulebook) -> Iterator[RuleProblem]:
    for said, registers in (("missing", case.missing), ("unreadable", case.unreadable)):
        for number, register in enumerate(registers):
            here = at / said / number
            if register not in rulebook.registers:
                yield _no_register(register, here, rulebook)
            elif register in case.evidence:
                message = f"'{register}' is said to be {said}, and has rows."
                yield here.problem(message, "Leave out one of them.", at / "evidence" / register)
    for register, rows in case.evidence.items():
        for number, row in enumerate(rows):
            here = at / "evidence" / register / number
            yield from _row_problems(register, row, here, rulebook)
    expect = case.expect
    if expect.deadline is None or expect.days is None:
        return
    days = (expect.deadline - case.as_of).days
    if days != expect.days:  # a slip of the pen
        yield (at / "expect" / "days").problem(
            f"From {case.as_of} to {expect.deadline} it is {days} days, not {expect.days}.",
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
            message = f"The cell '{name}' is no single text."
            yield (at / name).problem(message, "Part several words with semicolons.")


def _no_register(register: str, at: YamlNode, rulebook: Rulebook) -> RuleProblem:
    return at.problem(
        f"There is no register '{register}'.", did_you_mean(register, rulebook.registers)
    )
