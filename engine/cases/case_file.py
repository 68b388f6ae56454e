"""Case files: the results that a duty is expected to have, written by hand from the SOP.

A case file is strict YAML, read like a rule file (rules.yaml.source)::

    duty: it-filter-assurance
    usual:                        # cells that each row of that sheet has unless it says otherwise
      submissions: {from: supplier, to: school}
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
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from evidence.register import Declared
from rules.model import Rulebook
from rules.problem import RuleProblem, did_you_mean, nearest
from rules.yaml.doubled import problems_of_first_values
from rules.yaml.mend import apart_from, mend
from rules.yaml.source import YamlNode, read_partly
from rules.yaml.tabs import problems_at_any_depth, tabbed_files
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
Cell: TypeAlias = Annotated[object, WithJsonSchema({"type": ["string", "integer"]})]
Row = Mapping[str, Cell]


def _none(value: object) -> object:
    return None if value == "none" else value


_NONE: Mapping[str, object] = {"const": "none"}
Day = Annotated[
    datetime.date | None,
    BeforeValidator(_none),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, _NONE]}),
]
Number = Annotated[
    int | None, BeforeValidator(_none), WithJsonSchema({"anyOf": [{"type": "integer"}, _NONE]})
]


class Expected(Declared):
    """The expectations of one obligation, or of a duty; only the fields that are given count.
    ``too late``: whether no row dated the day of the check or later can meet it any more.
    ``days`` is negative if it is overdue. ``met by`` are the names of the rows that met it,
    ``unread`` those of the unreadable rows that might have."""

    status: StatusWord
    """The status of the obligation, or of the whole duty."""
    window: str = ""
    """The period or event that the obligation is about, as the report names it. Example: 2024/25"""
    opens: Day = None
    """The first day of the window, or 'none'. Example: 2024-10-01"""
    deadline: Day = None
    """The deadline, or 'none'. Example: 2025-10-01"""
    days: Number = None
    """The days left until the deadline, below zero once it has passed, or 'none'. Example: -2"""
    late_by: int = 0
    """How many days late it was done. Example: 3"""
    last_done: Day = None
    """The day on which it was last done, or 'none'. Example: 2024-11-04"""
    met_by: tuple[str, ...] = ()
    """The rows that met it. A row without a ref is named by its register and number. Example: [T-1]
    """
    unread: tuple[str, ...] = ()
    """The rows that cannot be read and might have met it. Example: [T-1]"""
    too_late: bool = False
    """'yes' if no row dated the day of the check or later can meet it any more."""


class ExpectedDuty(Expected):
    """``window``, ``opens`` and ``late by`` are those of its one obligation; ``deadline`` and
    ``days`` those that the report shows: the earliest outstanding, else the next to come.
    ``counts`` are the current obligations by status; 'met late' ones are among the met."""

    next_due: Day = None
    """The earliest deadline of what is due, beside something overdue; otherwise 'none'. Example:
    2028-06-01"""
    counts: dict[CountWord, int] = Field(default_factory=dict)
    """How many current obligations have each status. Those met late are among the met as well.
    Example: {met: 1, overdue: 2}"""
    nothing_to_check: bool = False
    """'yes' if nobody and nothing is subject to the duty on that day."""


class ExpectedObligation(Expected):
    """One current obligation; ``for`` is its subject as the report names it."""

    identified_by: ClassVar = ("for_",)  #: The fields that identify it.

    for_: str = "office"
    """The subject, as the report names it. Without it, the office. Example: P-1"""


class ExpectedHistoryEntry(Declared):
    """One entry of the history; a gap has its first and last day as ``opens`` and ``deadline``."""

    for_: str = "office"
    """The subject, as the report names it. Without it, the office. Example: P-1"""
    window: str = ""
    """The period or event that the entry is about, as the report names it. Example: 2024/25"""
    outcome: OutcomeWord
    """What became of it."""
    opens: Day = None
    """The first day of the window, or 'none'. Of a gap, its first day. Example: 2024-10-01"""
    deadline: Day = None
    """The deadline, or 'none'. Of a gap, its last day. Example: 2025-10-01"""
    late_by: int = 0
    """How many days late it was done. Example: 3"""

    @property
    def identified_by(self) -> tuple[str, ...]:
        """The fields that identify the entry."""
        return ("for_", "window", "opens") if self.outcome == "gap" else ("for_", "window")


class RuleCase(Declared):
    """One case: the evidence, the as-of date and the expectations."""

    name: str
    """What the case shows, as a sentence. No two cases have the same name. Example: The day after
    the deadline it is overdue"""
    as_of: datetime.date
    """The day of the check. Example: 2026-11-05"""
    missing: tuple[str, ...] = ()
    """Registers whose sheets were not provided. Example: [training]"""
    unreadable: tuple[str, ...] = ()
    """Registers whose sheets were provided and cannot be read. Example: [training]"""
    records_begin: datetime.date | None = None
    """The day from which the office keeps its registers. Example: 2025-04-01"""
    evidence: dict[str, tuple[dict[str, Cell], ...]] = Field(default_factory=dict)
    """The rows of each register, as a list. A cell that neither the row nor 'usual' gives is blank.
    Example: {training: [{ref: T-1, course: refresher}]}"""
    expect: ExpectedDuty
    """What the check must say of the duty. Keys that are left out are not compared."""
    obligations: tuple[ExpectedObligation, ...] | None = None
    """Each current obligation. All of them must be listed."""
    history: tuple[ExpectedHistoryEntry, ...] | None = None
    """Each entry of the history. All of them must be listed."""


class CaseFile(Declared):
    """A file of cases of one duty."""

    duty: str
    """The id of the duty. Example: refresher-training"""
    usual: dict[str, dict[str, Cell]] = Field(default_factory=dict)
    """For each register, the cells that every row of it has unless the row says otherwise. Example:
    {training: {course: refresher, passed: yes}}"""
    cases: tuple[RuleCase, ...]
    """The cases, one after another."""


@dataclass(frozen=True, slots=True)
class PlacedCase:
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
) -> tuple[PlacedCase, ...] | tuple[RuleProblem, ...]:
    """The cases in the bytes of a file, or all the problems of the file, by line."""
    source, form_problems = read_partly(file, data)

    def problems_in(files: Mapping[str, bytes]) -> list[RuleProblem]:
        read = read_cases(file, files[file], rulebook)
        return [problem for problem in read if isinstance(problem, RuleProblem)]

    if tabbed := tabbed_files({file: data}):
        return tuple(sorted({*form_problems, *problems_at_any_depth(tabbed, problems_in)}))
    if source is None:
        return form_problems
    at = YamlNode(source)
    cases = read_model(CaseFile, at, source.value)
    if not form_problems and isinstance(cases, CaseFile):
        return tuple(sorted(_problems(cases, at, rulebook))) or tuple(
            PlacedCase(cases.duty, case, at / "cases" / number, _usual_filled(case, cases.usual))
            for number, case in enumerate(cases.cases)
        )
    # With a fault of form, no case is run; what the mended file says is still checked, so that one
    # reading names every problem.
    model_problems = cases if isinstance(cases, tuple) else ()
    problems = [*form_problems, *apart_from(form_problems, model_problems)]
    mended = mend(CaseFile, at)
    if mended is not None and isinstance(mended.model, CaseFile):
        more = _problems(mended.model, mended.node, rulebook)
        problems += list(mended.also(more, problems))
    problems += problems_of_first_values({file: data}, [source], problems_in)
    return tuple(sorted(set(problems)))


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
    """What is wrong with a case: registers that do not exist, or are missing and have rows; rows
    with unknown columns; and days that do not fit the deadline."""
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
    """What is wrong with a row of a case: a register or a column that does not exist, or a cell
    that is not one text."""
    if register not in rulebook.registers:
        yield _no_register(register, at, rulebook)
    spec = rulebook.registers.get(nearest(register, rulebook.registers) or "")
    if spec is None:
        return
    columns = [column.name for column in spec.written.columns]
    for name, cell in row.items():
        if name not in columns:
            message = f"The register '{spec.id}' has no column '{name}'."
            yield (at / name).problem(message, did_you_mean(name, columns))
        elif isinstance(cell, dict | tuple):
            message = f"The cell '{name}' is not a single text."
            yield (at / name).problem(message, "Part several words with semicolons.")


def _no_register(register: str, at: YamlNode, rulebook: Rulebook) -> RuleProblem:
    return at.problem(
        f"There is no register '{register}'.", did_you_mean(register, rulebook.registers)
    )
