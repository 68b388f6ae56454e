"""Workbooks of unusual shapes, of any size, and how much work a check of each of them takes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.columns import conditions as truth
from engine.columns import named_rows
from engine.columns.arrays import Columns
from engine.columns.days import Flags
from engine.findings import waivers as findings_waivers
from engine.frames.scope import Scope
from engine.frames.situations import Observed
from engine.proof.key_rows import KeyRows
from engine.remedy import smallest_fix
from evidence.cells import text as wording
from evidence.read import read_evidence
from evidence.table import Evidence
from examples.office.book import TITLES, Sheet, plain_sheets
from examples.office.build import Size
from examples.office.kinds import rows_of
from examples.office.made import AS_OF, Office, Row
from examples.office.write import write_plain
from rules.condition import Condition
from rules.model import Rulebook

#: Changes the rows of an office of so many people; returns the columns that its sheets lack.
Shape = Callable[[Office, int], Iterable[tuple[str, str]]]


def _without_level(_: Office, __: int) -> Iterable[tuple[str, str]]:
    return [("training", "level")]


def _without_course(_: Office, __: int) -> Iterable[tuple[str, str]]:
    return [("training", "course")]


def _blank_persons(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"][::5]:
        row["person"] = None
    return []


def _no_persons(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"]:
        row["person"] = None
    return []


def _nobody_passed(office: Office, _: int) -> Iterable[tuple[str, str]]:
    """Nobody is named, and nothing could count if somebody were."""
    for row in office["training"]:
        row["person"], row["passed"] = None, "no"
    return []


def _no_days(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for row in office["training"]:
        row["completed on"] = "some day"
    return []


def _unknown_words(office: Office, _: int) -> Iterable[tuple[str, str]]:
    for at, row in enumerate(office["training"]):
        row["level"] = f"word {at}"
    return []


def _many_meetings(office: Office, count: int) -> Iterable[tuple[str, str]]:
    group = next(row for row in office["meetings"] if row["body"] == "Steering Group")
    first, minute = datetime.date(2024, 10, 2), office["minutes"][0]
    office["meetings"] = [
        group | {"ref": f"SG-{at}", "held on": first + datetime.timedelta(days=at % 780)}
        for at in range(count)
    ]
    office["minutes"] = [
        minute | {"ref": f"M-{at}", "meeting": f"SG-{at // 3}"} for at in range(3 * count)
    ]
    return []


def _wrong_waivers(office: Office, count: int) -> Iterable[tuple[str, str]]:
    waiver: Row = {
        "duty": "staff-trained",
        "reason": "long leave",
        "approved by": "Chief Executive",
        "from": datetime.date(2026, 1, 1),
        "until": datetime.date(2027, 1, 1),
    }
    office["waivers"] = [waiver | {"subject": f"Nobody {at}"} for at in range(count)]
    return []


SHAPES: Mapping[str, Shape] = {
    "without a column that a duty asks": _without_level,
    "without a required column": _without_course,
    "a fifth of the keys blank": _blank_persons,
    "all keys blank": _no_persons,
    "nobody named, nothing passed": _nobody_passed,
    "no day to read": _no_days,
    "no word known": _unknown_words,
    "many meetings": _many_meetings,
    "many wrong waivers": _wrong_waivers,
}


def shaped(shape: Shape, count: int, path: Path, rulebook: Rulebook) -> Evidence:
    """The evidence of an office of so many people, in this shape."""
    office = rows_of("large", Size(staff=count, training=7 * count, monthly=1, care=0.97), 1)
    lacks = set(shape(office, count))
    sheets = [_without(sheet, lacks) for sheet in plain_sheets(office)]
    write_plain(sheets, path)
    return read_evidence([path], rulebook.registers, None)


def _without(sheet: Sheet, lacks: set[tuple[str, str]]) -> Sheet:
    register = next((name for name, title in TITLES.items() if title[0] == sheet.name), "")
    return replace(
        sheet, columns=tuple(each for each in sheet.columns if (register, each[0]) not in lacks)
    )


def checked(evidence: Evidence, rulebook: Rulebook) -> Assessment:
    """The assessment, decided by the second evaluator alone."""
    program = Program("dueregard", "0", "the second evaluator alone", "")
    return assess(CheckRequest(rulebook, evidence, AS_OF, program, None))


class Work:
    """Counts what a check does: rows judged by a condition, rows that a key may name, rows on which
    fixes are tried, obligations whose names are looked up, and names compared."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.done: dict[str, int] = {}
        judge, rows, names, nearest, answers, near = (
            truth._one,
            named_rows.counting_rows,
            Observed.things_named,
            wording.nearest_names,
            smallest_fix.Fixer._answers,
            KeyRows.counting,
        )

        def one(columns: Columns, condition: Condition) -> truth.Truth:
            self._add("rows judged", len(columns))
            return judge(columns, condition)

        def counting(columns: Columns, where: tuple[Condition, ...], by: named_rows.Judge) -> Flags:
            self._add("rows that a key may name", len(columns))
            return rows(columns, where, by)

        def things_named(observed: Observed, scope: Scope, wanted: set[str]) -> object:
            self._add("obligations named", len(observed.obligations))
            return names(observed, scope, wanted)

        def nearest_names(name: str, among: Sequence[str], most: int) -> tuple[str, ...]:
            self._add("names compared", len(among))
            return nearest(name, among, most)

        def tried(fixer: smallest_fix.Fixer, evidence: Evidence) -> object:
            self._add("rows tried", sum(map(len, evidence.tables.values())))
            return answers(fixer, evidence)

        def listed(keys: KeyRows, *asked: object) -> tuple[str, ...]:
            found: tuple[str, ...] = near(keys, *asked)  # type: ignore[arg-type]
            self._add("keys listed", len(found))
            return found

        patch.setattr(truth, "_one", one)
        patch.setattr(named_rows, "counting_rows", counting)
        patch.setattr(Observed, "things_named", things_named)
        patch.setattr(findings_waivers, "nearest_names", nearest_names)
        patch.setattr(smallest_fix.Fixer, "_answers", tried)
        patch.setattr(KeyRows, "counting", listed)

    def _add(self, what: str, count: int) -> None:
        self.done[what] = self.done.get(what, 0) + count
