"""Made-up offices, written and checked, for the tests of the examples and of what crosses them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.assessment import Assessment, Program
from engine.check import CheckRequest, assess
from engine.decision.durable import available, decide
from evidence.read import read_evidence
from evidence.table import Evidence
from examples.office.book import plain_sheets
from examples.office.kinds import KINDS, rows_of
from examples.office.made import AS_OF, Office
from examples.office.write import write_plain
from tests.support.own_book import own_book


def office_of(kind: str, staff: int = 60, seed: int = 1) -> Office:
    """The rows of an office of that kind, with as many rows of training as its people make."""
    return rows_of(kind, replace(KINDS[kind].size, staff=staff, training=None, monthly=1), seed)


def read(office: Office, folder: Path) -> Evidence:
    """The office as a workbook of values alone, read again."""
    write_plain(plain_sheets(office), folder / "office.xlsx")
    return read_evidence([folder / "office.xlsx"], own_book().registers)


def assessed(evidence: Evidence) -> Assessment:
    """The check of it, by both evaluators where the engine is installed; they must agree. It leaves
    out the year ahead, which no test of these offices asks about and takes longest."""
    by = decide if available() is None else None
    program = Program("dueregard", "0", "", "")
    return assess(CheckRequest(own_book(), evidence, AS_OF, program, by, ahead=False))
