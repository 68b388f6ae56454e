"""Workbooks of unusual shapes, of any size, and how much work a check of each of them takes."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.columns import conditions as truth
from engine.columns.arrays import Columns
from engine.columns.days import Flags
from engine.findings import unknown_name_cells
from engine.findings import words as findings_words
from engine.frames.observe import Observed
from engine.frames.scope import Scope
from engine.proof import key_rows
from engine.proof.key_rows import KeyRows
from engine.remedy import smallest_fix
from evidence.cells import text as wording
from evidence.read import read_evidence
from evidence.table import Evidence, Table
from examples.office.made import AS_OF
from examples.office.shapes import write_shape
from rules.condition import Condition
from rules.model import Rulebook
from tests.support.needs import ROOT

#: What a file runs for its own sake, whatever it reads.
_FEW_LINES = 2_000

TraceFunction = Callable[[FrameType, str, Any], Any]


def shaped(name: str, count: int, path: Path, rulebook: Rulebook) -> Evidence:
    """The evidence of an office of so many people, in this shape."""
    write_shape(name, count, path)
    return read_evidence([path], rulebook.registers, None)


def checked(evidence: Evidence, rulebook: Rulebook, *, ahead: bool = False) -> Assessment:
    """The assessment, decided by the plain evaluator alone; with the year ahead if it is said."""
    program = Program("dueregard", "0", "the plain evaluator alone", "")
    return assess(CheckRequest(rulebook, evidence, AS_OF, program, None, ahead=ahead))


class Lines:
    """Counts the lines that run in each Python file of some folders of the project, each turn of a
    loop anew, while it is entered."""

    def __init__(self, *folders: str) -> None:
        self._done: Counter[str] = Counter()
        self._folders = tuple(f"{ROOT / folder}{os.sep}" for folder in folders)
        self._before: Any = None

    def __enter__(self) -> Lines:
        for name, module in [*sys.modules.items()]:
            if name.startswith("evidence."):  # what is remembered from before would not run
                for value in vars(module).values():
                    getattr(value, "cache_clear", lambda: None)()
        self._before = sys.gettrace()
        sys.settrace(self._entered)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _entered(self, frame: FrameType, _: str, __: object) -> TraceFunction | None:
        return self._line if frame.f_code.co_filename.startswith(self._folders) else None

    def _line(self, frame: FrameType, event: str, _: object) -> TraceFunction:
        if event == "line":
            self._done[frame.f_code.co_filename] += 1
        return self._line

    @property
    def done(self) -> dict[str, int]:
        """How often a line ran, by file; the first time that a file runs for so few is rounded up,
        so that what it does once weighs nothing."""
        return {
            f"lines of {Path(file).relative_to(ROOT)}": max(count, _FEW_LINES)
            for file, count in self._done.items()
        }


class Work:
    """Counts what a check does: rows judged by a condition, rows that a key may name, rows on which
    fixes are tried, obligations whose names are looked up, names compared, and rows of lists gone
    through for the names of people or a row without a key."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.done: dict[str, int] = {}
        judge, rows, names, nearest, answers, near = (
            truth._one,
            truth.counting_rows,
            Observed.things_named,
            wording.nearest_names,
            smallest_fix.SmallestFixes._statuses,
            KeyRows.counting,
        )

        def one(columns: Columns, condition: Condition) -> truth.Truth:
            self._add("rows judged", len(columns))
            return judge(columns, condition)

        def counting(columns: Columns, where: tuple[Condition, ...]) -> Flags:
            self._add("rows that a key may name", len(columns))
            return rows(columns, where)

        def things_named(observed: Observed, scope: Scope, wanted: set[str]) -> object:
            self._add("obligations named", len(observed.obligations))
            return names(observed, scope, wanted)

        def nearest_names(name: str, among: Iterable[str], most: int) -> tuple[str, ...]:
            names = list(among)
            self._add("names compared", len(names))
            return nearest(name, names, most)

        def tried(fixes: smallest_fix.SmallestFixes, evidence: Evidence) -> object:
            self._add("rows tried", sum(map(len, evidence.tables.values())))
            return answers(fixes, evidence)

        def listed(keys: KeyRows, *asked: object) -> tuple[str, ...]:
            found: tuple[str, ...] = near(keys, *asked)  # type: ignore[arg-type]
            self._add("keys listed", len(found))
            return found

        for module, name in (
            (key_rows, "names_of_people"),
            (key_rows, "row_without_key"),
            (unknown_name_cells, "names_of_people"),
            (unknown_name_cells, "row_without_key"),
        ):
            patch.setattr(module, name, self._each_row(getattr(module, name)))
        patch.setattr(truth, "_one", one)
        patch.setattr(truth, "counting_rows", counting)
        patch.setattr(Observed, "things_named", things_named)
        patch.setattr(findings_words, "nearest_names", nearest_names)
        patch.setattr(smallest_fix.SmallestFixes, "_statuses", tried)
        patch.setattr(KeyRows, "counting", listed)

    def _each_row(self, of: Callable[[Any], object]) -> Callable[[Any], object]:
        def gone_through(lists: Table | Sequence[Table]) -> object:
            tables = [lists] if isinstance(lists, Table) else lists
            self._add("rows of lists gone through", sum(map(len, tables)))
            return of(lists)

        return gone_through

    def _add(self, what: str, count: int) -> None:
        self.done[what] = self.done.get(what, 0) + count
