"""All that is wrong in one file is reported at once, errors of form and of keys included."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest
import yaml

from rules.problem import RuleProblem, describe
from tests.support.expected import case_table
from tests.support.needs import CAMPAIGN
from tests.test_rules_bad import BASE, BROKEN, CASES, problems_of, says

Case = Mapping[str, Any]

#: Several edits of one file, and the beginning of each line that is reported.
SEVERAL: Mapping[str, tuple[str, Mapping[str, str], list[str]]] = case_table("rules_at_once")


@pytest.mark.parametrize("name", SEVERAL)
def test_several_mistakes_are_reported_together(name: str) -> None:
    file, edits, expected = SEVERAL[name]
    text = BASE[file].decode()
    for old, new in edits.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    told = [describe(each) for each in problems_of(file, {**BASE, file: text.encode()})]
    assert len(told) == len(expected), "\n".join(told)
    assert [words for words, line in zip(expected, told, strict=True) if words not in line] == []


@pytest.mark.parametrize("id_", ["''", "'a/b'", "/etc", "..", "[a]", "yearly", "1"])
def test_a_second_duty_with_any_id_is_read(id_: str) -> None:
    file = "1-office/yearly.yaml"
    second = BASE[file].replace(b"id: yearly", f"id: {id_}".encode())
    found = problems_of(file, {**BASE, file: BASE[file] + b"---\n" + second})
    assert any(problem.message == "A second document starts here." for problem in found)


def test_a_file_without_a_byte_is_reported() -> None:
    file = "1-office/yearly.yaml"
    assert any(
        each.message == "The file is empty." for each in problems_of(file, {**BASE, file: b""})
    )


def _pairs() -> Iterator[tuple[str, Case, Case, bytes]]:
    """Every two mistakes on different lines of one file: the file, the mistakes, and its bytes."""
    by_file: dict[str, list[Case]] = defaultdict(list)
    for case in BROKEN.values():
        alone = case.get("spot", case["file"]) == case["file"] and "and" not in case
        if alone and case.get("old") and case.get("problems", "1") == "1":
            by_file[case["file"]].append(case)
    for file, cases in by_file.items():
        text = BASE[file].decode()
        for pair in combinations(cases, 2):
            first, second = sorted(pair, key=lambda case: text.index(case["old"]))
            start = text.index(first["old"]) + len(first["old"])
            between = text[start : text.index(second["old"])]
            if "\n" in between:
                changed = text.replace(second["old"], second.get("new", ""))
                changed = changed.replace(first["old"], first.get("new", ""), 1)
                yield file, first, second, changed.encode()


@pytest.mark.campaign
@pytest.mark.long
def test_two_mistakes_in_one_file_are_reported_together() -> None:
    """Unless one of them decides what the other would be: ``bad_rules/pairs`` lists each kind of
    mistake that another hides, with the reason. At most one in 1,000 pairs brings out something
    else."""
    listed = {
        (hidden, by)
        for each in yaml.safe_load((CASES / "pairs" / "hidden.yaml").read_text(encoding="utf-8"))
        for hidden, hiding in each["pairs"].items()
        for by in hiding
    }
    pairs = list(_pairs())[::STEP]
    seen, hidden, more = set(), set(), []
    for file, first, second, data in pairs:
        found = problems_of(file, {**BASE, file: data})
        lines = data.decode().split("\n")
        for case, other in ((first, second), (second, first)):
            names = (case["what"], other["what"])
            seen.add(names)
            if not any(_reports(problem, case, other, lines) for problem in found):
                hidden.add(names)
        if len(found) > 2:
            more.append(f"{first['what']} | {second['what']}")
    assert len(pairs) > 100
    assert hidden == listed & seen
    assert STEP > 1 or listed <= seen
    assert len(more) <= max(1, len(pairs) / 1000), more


def _reports(problem: RuleProblem, case: Case, other: Case, lines: list[str]) -> bool:
    """Whether a problem is the one of the case, or is at its line and not the one of the other:
    the other mistake may change a name or a number in its words."""
    at_line = case["on"] in lines[problem.line - 1]
    return _says(problem, case) or (at_line and not _says(problem, other))


def _says(problem: RuleProblem, case: Case) -> bool:
    # A line that is named in the words may be another one now.
    words = [each for each in case["says"] if not LINES.search(each)]
    return says(problem, {**case, "says": words})


LINES = re.compile(r"\blines? [0-9]")
STEP = 1 if CAMPAIGN else 25
