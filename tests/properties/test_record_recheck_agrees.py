"""The verifier's own reading of the definitions agrees with the evaluators on every obligation."""

from __future__ import annotations

import datetime
import string
from collections import Counter

import pytest

from engine.plain.evaluate import evaluate
from evidence.read import read_evidence
from evidence.table import Evidence
from record.pack.pack import RECHECK
from record.recheck import recheck
from rules.load import OWN_BOOK
from tests.support import needs
from tests.support.case_generator import PATTERNS, as_read, case
from tests.support.judged_cases import plain_answers
from tests.support.own_book import book_in
from tests.support.verifier import (
    OFFICE,
    found,
    found_in,
    on_edge,
    packed_book,
    tables_of,
    told,
)

#: Where the made-up cases begin: others than the two evaluators are compared on.
SEED = 20_272_100

DAYS = (
    "2024-10-01", "2024-12-31", "2025-03-31", "2025-04-01", "2025-09-30", "2025-10-01",
    "2026-02-28", "2026-04-28", "2026-11-24", "2026-11-25", "2027-03-31", "2028-02-29",
)  # fmt: skip


@pytest.mark.long
def test_it_agrees_on_made_up_cases() -> None:
    count, statuses, patterns = 10_000 if needs.CAMPAIGN else 300, Counter[str](), Counter[str]()
    differing = []
    for seed in range(SEED, SEED + count):
        given = on_edge(seed)
        answers = plain_answers(given)
        statuses.update(answer.status.value for answer in answers if answer.is_current)
        patterns[given.pattern] += 1
        if found_in(given) != told(answers):
            differing.append(seed)
    assert differing == []
    assert set(patterns) == set(PATTERNS)
    assert min(statuses.values()) >= sum(statuses.values()) / 20


@pytest.mark.campaign
def test_it_finds_the_same_cells_that_could_name_either_of_two_rows() -> None:
    """Among keys that two meetings bear, that two documents bear, and that one of each bears."""
    columns: Counter[str] = Counter()
    for seed in range(SEED, SEED + 300):
        given, told = as_read(seed), case(seed).evidence.problems
        book = packed_book(given.rulebook)
        lost = recheck.lose_names(tables_of(given.evidence, book))
        at = {(row.register["id"], row.line, name) for row, name in lost}
        assert at == {
            (each.register, int(cell.lstrip(string.ascii_uppercase)), each.column)
            for each in told
            for cells in each.cells
            for cell in recheck.cells_in(cells)
        }, f"case {seed}"
        columns.update(
            f"{each.column}{'' if 'and of' in each.message else ' in one'}" for each in told
        )
    in_one = {f"{name} in one" for name in ("about", "policy", "minuted at", "person")}
    assert set(columns) == {"about", *in_one}


@pytest.fixture(scope="module")
def office() -> Evidence:
    return read_evidence([OFFICE], book_in(OWN_BOOK).registers)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("day", DAYS)
def test_it_agrees_on_the_office(office: Evidence, day: str) -> None:
    book, as_of, evidence = book_in(OWN_BOOK), datetime.date.fromisoformat(day), office
    answers = told(evaluate(book, evidence, as_of))
    assert found(book, evidence, as_of) == answers
    assert len(answers) > 100


def test_it_shares_no_code_with_the_program() -> None:
    lines = RECHECK.read_text(encoding="utf-8").splitlines()
    imports = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    standard = {
        "__future__", "calendar", "contextlib", "csv", "datetime", "functools", "hashlib", "io",
        "itertools", "json", "os", "re", "stat", "sys", "types", "warnings", "zipfile", "zlib",
        "collections", "collections.abc", "dataclasses", "pathlib", "typing", "xml.parsers",
    }  # fmt: skip
    assert imports == standard
    assert [line.strip() for line in lines if "    from " in line or "    import " in line] == [
        "from openpyxl import load_workbook  # noqa: PLC0415 (it need not be there)"
    ]
