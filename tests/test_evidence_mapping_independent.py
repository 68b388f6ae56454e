"""The mapping reads four offices whose workbooks were made by somebody who had not seen it. They
measure the mapping and its proposals, neither of which may be changed for them."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from evidence.register import RegisterSpec
from evidence.table import Evidence
from rules.load import load_rulebook
from rules.model import Rulebook
from tests.support.needs import ROOT
from tests.support.offices import (
    cells_beside,
    mapping_in,
    read_office,
    read_records,
    right_records,
)

OFFICES = ROOT / "tests" / "offices-independent"
#: Of each office: the records that are right, those that were read, and those in both.
FIGURES = {
    "evidence-2026": (130, 130, 130),
    "hr-export-and-plan": (62, 62, 62),
    "monthly-monitoring": (82, 82, 82),
    "sharepoint-export": (51, 51, 51),
}
#: The cells in which a value is missing that nobody knows: who made a nil return, the days of a
#: block booking and of an award not yet made, and the references of rows added by hand.
UNKNOWN = {
    "monthly-monitoring": {"C20", "E16", "E25"},
    "sharepoint-export": {"A32:A34"},
}
#: Values with the cell of the band above, where the person's Team tells more: a joined text has the
#: first of its cells.
BESIDE = {"evidence-2026": ["people, kind: Training!A24, not Training!C26"]}


@functools.cache
def registers() -> Mapping[str, RegisterSpec]:
    """The registers of the program's own rulebook."""
    book = load_rulebook()
    assert isinstance(book, Rulebook), book
    return book.registers


@functools.cache
def evidence_of(name: str) -> Evidence:
    """The evidence of an office."""
    return read_office(OFFICES / name, registers())


def test_every_office_is_counted() -> None:
    assert {folder.name for folder in OFFICES.iterdir()} == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_an_office_is_read(name: str) -> None:
    right, read = right_records(OFFICES / name), read_records(evidence_of(name))
    assert (right.total(), read.total(), (right & read).total()) == FIGURES[name]


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_read_that_is_not_right(name: str) -> None:
    assert read_records(evidence_of(name)) - right_records(OFFICES / name) == {}


@pytest.mark.parametrize("name", FIGURES)
def test_a_problem_names_each_value_that_nobody_knows(name: str) -> None:
    cells = {cell for problem in evidence_of(name).problems for cell in problem.cells}
    assert cells == UNKNOWN.get(name, set())


@pytest.mark.parametrize("name", FIGURES)
def test_each_value_of_an_office_is_in_its_own_cell(name: str) -> None:
    assert cells_beside(OFFICES / name, evidence_of(name)) == BESIDE.get(name, [])


@pytest.mark.parametrize("name", FIGURES)
def test_the_mapping_of_an_office_fits_the_registers(name: str) -> None:
    """What must be under ``columns`` is there: a required column, and what ends or undoes."""
    for part in mapping_in(OFFICES / name):
        for item in part.gives:
            register = registers()[item.register_id]
            assert set(item.columns) <= {spec.name for spec in register.columns}
            assert set(item.words) <= set(item.columns)
            needed = {spec.name for spec in register.written.columns if spec.required}
            assert needed - set(item.columns) == set()
