"""The mapping reads what twenty offices keep: all of it that it can, and nothing that is wrong."""

from __future__ import annotations

import functools

import pytest

from evidence.files.apart import opened
from evidence.raw_cells import RawWorkbook
from evidence.table import Evidence
from tests.support.mapped_sheets import must_agree
from tests.support.offices import (
    FOLDERS,
    cells_beside,
    mapping_in,
    office_files,
    read_office,
    read_records,
    right_records,
)
from tests.support.own_book import own_book
from tests.support.verifier import packed_book

#: Of each office: the records that are right, those that were read, and those in both.
FIGURES = {
    "action-log": (18, 18, 18),
    "attendance-grid": (26, 26, 26),
    "comms-log": (17, 17, 17),
    "it-assurance-emails": (11, 11, 11),
    "minutes-log": (29, 29, 29),
    "plan-tracker": (33, 33, 33),
    "policy-register": (15, 15, 15),
    "referral-log": (32, 32, 32),
    "room-bookings": (17, 17, 17),
    "starters-leavers": (19, 14, 14),
    "training-matrix": (50, 51, 50),
    "venue-cards": (11, 11, 11),
    # not seen by whoever made the mapping
    "evidence-2026": (130, 130, 130),
    "hr-export-and-plan": (62, 62, 62),
    "monthly-monitoring": (82, 82, 82),
    "sharepoint-export": (51, 51, 51),
    # nor by whoever made any of the offices above
    "arley": (172, 172, 172),
    "burton": (153, 153, 153),
    "corley": (179, 179, 179),
    "dunsmore": (156, 156, 156),
}
#: The cells whose problem is the reason why a record that was read lacks a value.
IN_DOUBT = {"training-matrix": ("E25",)}
#: The cells in which a value is missing that nobody knows: who made a nil return, the days of a
#: block booking and of an award not yet made, and the references of rows added by hand.
UNKNOWN = {
    "monthly-monitoring": ("C20", "E16", "E25"),
    "sharepoint-export": ("A32:A34",),
}
#: Values with the cell of the band above, where the person's Team tells more: a joined text has the
#: first of its cells.
BESIDE = {"evidence-2026": ["people, kind: Training!A24, not Training!C26"]}


@functools.cache
def evidence_of(name: str) -> Evidence:
    """The evidence of an office."""
    return read_office(FOLDERS[name], own_book().registers)


def test_every_office_is_counted() -> None:
    assert set(FOLDERS) == set(FIGURES)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", FIGURES)
def test_an_office_is_read_and_nothing_is_read_wrongly(name: str) -> None:
    right = right_records(FOLDERS[name])
    read = read_records(evidence_of(name))
    assert (right.total(), read.total(), (right & read).total()) == FIGURES[name]


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", FIGURES)
def test_a_record_that_is_not_right_has_a_problem_in_place_of_a_value(
    name: str,
) -> None:
    evidence = evidence_of(name)
    right, read = right_records(FOLDERS[name]), read_records(evidence)
    cells = {cell for problem in evidence.problems for cell in problem.cells}
    assert {*IN_DOUBT.get(name, ()), *UNKNOWN.get(name, ())} <= cells
    assert (read - right).total() == len(IN_DOUBT.get(name, ()))


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", FIGURES)
def test_each_value_of_an_office_is_in_its_own_cell(name: str) -> None:
    assert cells_beside(FOLDERS[name], evidence_of(name)) == BESIDE.get(name, [])


@pytest.mark.parametrize("name", FIGURES)
def test_the_verifier_reads_the_same(name: str) -> None:
    with opened({path.name: path for path in office_files(FOLDERS[name])}) as given:
        books = [book for book in given if isinstance(book, RawWorkbook)]
    must_agree(evidence_of(name), books, mapping_in(FOLDERS[name]), packed_book(own_book()))


@pytest.mark.parametrize("name", FIGURES)
def test_the_mapping_of_an_office_fits_the_registers(name: str) -> None:
    """What must be under ``columns`` is there: a required column, and what ends or undoes."""
    for part in mapping_in(FOLDERS[name]):
        for item in part.gives:
            register = own_book().registers[item.register_id]
            known = {spec.name for spec in register.columns}
            assert set(item.columns) <= known
            assert set(item.words) <= set(item.columns)
            needed = {
                spec.name
                for spec in register.written.columns
                if spec.required or spec.ends_or_undoes
            }
            assert needed - set(item.columns) == set()
