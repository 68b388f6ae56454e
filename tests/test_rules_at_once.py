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
from tests.support.needs import CAMPAIGN
from tests.test_rules_bad import BASE, BROKEN, CASES, problems_of, says

Case = Mapping[str, Any]

#: Several edits of one file, and the beginning of each line that is reported.
SEVERAL: Mapping[str, tuple[str, Mapping[str, str], list[str]]] = {
    "form, values, keys and columns": (
        "1-office/yearly.yaml",
        {
            "title: Once a year": "title Once a year",
            "every: 12 months": "every: 12 weeks",
            "first deadline: 2025-03-31": "first deadline: 31/03/2025",
            "column: topics": "colum: topics",
            "dated: minuted on\n      needed": "dated: minutd on\n      needed",
            "say: It is long": "say: It is: long",
            "- from: 2026-04-01": "- from:2026-04-01",
        },
        [
            "line 3: The key on this line has no colon.",
            "line 14 (versions 1 > pattern > every): 'every' cannot be '12 weeks'.",
            "line 16 (versions 1 > pattern > first deadline): 'first deadline' must be a date",
            "line 21 (versions 1 > evidence > where 1 > colum): There is no key 'colum' here.",
            "line 28 (versions 1 > evidence > dated): The register 'minutes' has no column 'minutd",
            "line 37: There is a second colon on this line.",
            "line 38: There is no space after the colon of 'from'.",
        ],
    ),
    "words that are not known": (
        "1-office/yearly.yaml",
        {
            "kind: rolling\n      every: 12": "kind: roling\n      every: 12",
            "strength: must": "strength: shall",
            "register: minutes\n      where": "register: minuets\n      where",
            "needed: 2": "needed: two",
            "at least: 100": "at most: 100",
        },
        [
            "line 5 (strength): 'strength' cannot be 'shall'.",
            "line 13 (versions 1 > pattern > kind): There is no kind 'roling'.",
            "line 19 (versions 1 > evidence > register): There is no register 'minuets'.",
            "line 29 (versions 1 > evidence > needed): 'needed' must be a whole number, not 'two'.",
            "line 36 (versions 1 > remarks 1 > where 1 > at most): There is no key 'at most' here.",
        ],
    ),
    "a key that is misspelt is not also missing": (
        "1-office/workshop.yaml",
        {"bearer: Office": "bearrer: Office"},
        ["line 3 (bearrer): There is no key 'bearrer' here."],
    ),
    "brackets, quotes and indents": (
        "1-office/yearly.yaml",
        {
            "aliases: [old-yearly]": "aliases: [old-yearly",
            "bearer: Office": "bearer: @Office",
            "      first: 6 months": "       first: 6 months",
            "      needed: 2": "     needed: 2",
            'section: "1"': 'section: "1',
            "includes: [plan]": "includes: [plann]",
        },
        [
            "line 2: A bracket is opened here",
            "line 4: A word on this line begins with a mark that has a special meaning.",
            "line 7: A quote or a bracket is opened here and never closed.",
            "line 15: There is a second colon on this line.",
            "line 22 (versions 1 > evidence > where 1 > includes 1): 'plann' is not a code",
            "line 29: This line does not line up with the lines above it.",
        ],
    ),
    "tabs in indents": (
        "1-office/yearly.yaml",
        {
            "strength: must": "strength: shall",
            "      first: 6 months": "\t\t\tfirst: 6 months",
            "notice: 28 days": "notice: 4 weeks",
            "      where:\n        - column: topics": "      where:\n\t\t\t\t- colum: topics",
            "          includes: [plan]": "\t\t\t\t  includes: [plann]",
            "needed: 2": "needed: two",
            "    evidence:\n      register: minutes\n      dated: minuted on\n":
                "\t\tevidence:\n\t\t\tregister: minuets\n",
        },
        [
            "line 5 (strength): 'strength' cannot be 'shall'.",
            "line 15: There is a tab on this line and on 4 others. Write spaces instead.",
            "line 17 (versions 1 > pattern > notice): 'notice' cannot be '4 weeks'.",
            "line 21 (versions 1 > evidence > where 1 > colum): There is no key 'colum' here.",
            "line 22 (versions 1 > evidence > where 1 > includes 1): 'plann' is not a code",
            "line 29 (versions 1 > evidence > needed): 'needed' must be a whole number, not 'two'.",
            "line 42 (versions 2 > evidence): Nothing says on which day the duty was done.",
            "line 43 (versions 2 > evidence > register): There is no register 'minuets'.",
        ],
    ),
    "tabs that fit at no depth": (
        "1-office/yearly.yaml",
        {
            "strength: must": "strength: shall",
            "      kind: rolling\n      every: 12 months": "\t\tkind: rolling\n\t  every: 12 weeks",
            "needed: 2": "needed: two",
        },
        [
            "line 5 (strength): 'strength' cannot be 'shall'.",
            "line 13: There is a tab on this line and on 1 other. Write spaces instead.",
        ],
    ),
    "tabs in cases": (
        "1-office/yearly.cases.yaml",
        {
            "topics: plan": "topcs: plan",
            "    as of: 2025-06-30": "\tas of: 2025-06-30",
            "days: 194": "dayz: 194",
        },
        [
            "line 5 (usual > minutes > topcs): The register 'minutes' has no column 'topcs'.",
            "line 10: There is a tab on this line. Write spaces instead.",
            "line 20 (cases 1 > expect > dayz): There is no key 'dayz' here.",
        ],
    ),
    "a stray line of hyphens": (
        "1-office/yearly.yaml",
        {"strength: must": "strength: shall\n---", "needed: 2": "needed: two"},
        [
            "line 5 (strength): 'strength' cannot be 'shall'.",
            "line 6: A second document starts here. Keep one in each file.",
            "line 30 (versions 1 > evidence > needed): 'needed' must be a whole number, not 'two'.",
        ],
    ),
    "two duties": (
        "1-office/yearly.yaml",
        {
            "strength: must": "strength: shall",
            "      register: minutes\n      dated: minuted on\n":
                "      register: minutes\n      dated: minuted on\n---\nid: second\ntitel: Second\n"
                "bearer: Office\nstrength: must\ncitations: [{section: '1', phrase: quick brown}]\n"
                "versions:\n  - from: 2024-10-01\n    pattern: {kind: rolling, every: 12 weeks}\n"
                "    evidence: {register: minutes, dated: minuted on}\n",
        },
        [
            "line 5 (strength): 'strength' cannot be 'shall'.",
            "line 45: A second document starts here. Keep one in each file.",
            "line 47 (titel): There is no key 'titel' here.",
            "line 53 (versions 1 > pattern > every): 'every' cannot be '12 weeks'.",
        ],
    ),
    "behind a key that is left out, a column and a merge": (
        "1-office/yearly.yaml",
        {
            "title: Once a year":
                "title: Once a year\nin brief: Do it within 6 months, or 77 days.",
            "first: 6 months": "grace: 6 months",
            "notice: 28 days": "notice: 12 months",
            "column: topics\n          includes: [plan]":
                "column: topcs\n          includes: [plann]",
            "needed: 2": "<<: {needed: 2}",
        },
        [
            "line 4 (in brief): The number 77 is not in the rule.",
            "line 16 (versions 1 > pattern > grace): There is no key 'grace' here.",
            "line 18 (versions 1 > pattern > notice): The notice of 12 months is not shorter",
            "line 22 (versions 1 > evidence > where 1 > column): The register 'minutes' has no",
            "line 23 (versions 1 > evidence > where 1 > includes 1): 'plann' is not a code",
            "line 30 (versions 1 > evidence): '<<' copies keys.",
        ],
    ),
    "several on one line": (
        "1-office/agreement.yaml",
        {
            "ends: ended on": "ends: review by",
            "review by: review by": "review_by: &column review by",
            "    evidence:\n      register: documents\n":
                "    evidence: {register: documents, dated: begins, needed: two, distinct: srt}\n",
        },
        [
            "line 14 (versions 1 > pattern > review by): 'ends' and 'review by' name the same",
            "line 14 (versions 1 > pattern > review_by): A '&' names this place.",
            "line 14 (versions 1 > pattern > review_by): There is no key 'review_by' here.",
            "line 18 (versions 1 > evidence > dated): 'dated' cannot be used in the evidence",
            "line 18 (versions 1 > evidence > distinct): 'distinct' cannot be used in the evidence",
            "line 18 (versions 1 > evidence > distinct): The register 'documents' has no column",
            "line 18 (versions 1 > evidence > needed): 'needed' must be a whole number, not 'two'.",
        ],
    ),
    "both values of a key that appears twice": (
        "1-office/yearly.yaml",
        {
            "every: 12 months\n": "every: 12 weeks\n      every: half a year\n",
            "          - column: pages\n            at least: 100":
                "          - {column: pags, at least: 100, column: pagess}",
        },
        [
            "line 14 (versions 1 > pattern > every): 'every' cannot be '12 weeks'.",
            "line 15 (versions 1 > pattern): The key 'every' appears twice, on lines 14 and 15.",
            "line 15 (versions 1 > pattern > every): 'every' cannot be 'half a year'.",
            "line 36 (versions 1 > remarks 1 > where 1): The key 'column' appears twice, "
            "on one line. Keep one of them.",

            "line 36 (versions 1 > remarks 1 > where 1 > column): The register 'minutes' has no "
            "column 'pagess'.",
            "line 36 (versions 1 > remarks 1 > where 1 > column): The register 'minutes' has no "
            "column 'pags'.",
        ],
    ),
    "both values of a key of a case": (
        "1-office/yearly.cases.yaml",
        {"    as of: 2025-06-30": "    as of: 30/06/2025\n    as of: 30.6.2025"},
        [
            "line 10 (cases 1 > as of): 'as of' must be a date, not '30/06/2025'.",
            "line 11 (cases 1): The key 'as of' appears twice, on lines 10 and 11.",
            "line 11 (cases 1 > as of): 'as of' must be a date, not '30.6.2025'.",
        ],
    ),
    "numbers that no value has, not even one that cannot be read": (
        "1-office/yearly.yaml",
        {
            "title: Once a year":
                "title: Once a year\nin brief: Do two in 28 days, or in 77, by day 30.",
            "first deadline: 2025-03-31": "first deadline: 2025-02-30",
            "notice: 28 days": "notice: 4 weeks",
            "needed: 2": "needed: two",
        },
        [
            "line 4 (in brief): The number 77 is not in the rule.",
            "line 17 (versions 1 > pattern > first deadline): 2025-02-30 is not a date.",
            "line 18 (versions 1 > pattern > notice): 'notice' cannot be '4 weeks'.",
            "line 30 (versions 1 > evidence > needed): 'needed' must be a whole number",
        ],
    ),
    "a key without a colon above one that has it": (
        "registers.yaml",
        {"    key: ref\n    label: person": "    key ref\n    labl: person"},
        [
            "line 13: The key on this line has no colon.",
            "line 14 (registers 1 > labl): There is no key 'labl' here. Write 'label'",
        ],
    ),
    "a key that is missing beside a line that cannot be read": (
        "1-office/yearly.yaml",
        {"title: Once a year": "title Once a year", "bearer: Office\n": ""},
        ["line 1: The key 'bearer' is missing.", "line 3: The key on this line has no colon."],
    ),
    "a key that is missing beside a line with a tab": (
        "1-office/agreement.yaml",
        {"      begins: begins\n": "", "      review by:": "\treview by:"},
        [
            "line 10 (versions 1 > pattern): The key 'begins' is missing.",
            "line 13: There is a tab on this line.",
        ],
    ),
    "a version that is indented like its keys": (
        "1-office/yearly.yaml",
        {"  - from: 2026-04-01": "    - from: 2026-04-01", "every: 6 months": "every: 6 weeks"},
        [
            "line 38: This line does not line up with the lines above it.",
            "line 41 (versions 2 > pattern > every): 'every' cannot be '6 weeks'.",
        ],
    ),
    "a version and a condition without their hyphens": (
        "1-office/yearly.yaml",
        {
            "        - column: pages\n          at least: 1\n": "          column: pages\n"
            "          at least: 0x\n",
            "  - from: 2026-04-01": "    from: 2026-04-01",
            "every: 6 months": "every: 6 weeks",
        },
        [
            "line 23 (versions 1 > evidence > where 1): The key 'column' appears twice, on lines "
            "21 and 23. Keep one of them, or begin this line with '- ' if the next item of",
            "line 24 (versions 1 > evidence > where 2 > at least): 'at least' must be a whole",
            "line 38 (versions 1): The key 'from' appears twice, on lines 11 and 38. Keep one of "
            "them, or begin this line with '- '",
            "line 41 (versions 2 > pattern > every): 'every' cannot be '6 weeks'.",
        ],
    ),
    "a bullet of a word processor, and a dash": (
        "1-office/yearly.yaml",
        {
            '  - section: "1"': '  \u2022 section: "1"',
            "  - from: 2026-04-01": "  \u2013 from: 2026-04-01",
            "every: 6 months": "every: 6 weeks",
        },
        [
            "line 7: This line begins with '\u2022', which is not a hyphen. Write '- ' instead.",
            "line 38: This line begins with '\u2013', which is not a hyphen. Write '- ' instead.",
            "line 41 (versions 2 > pattern > every): 'every' cannot be '6 weeks'.",
        ],
    ),
    "a length in words, and a date with its number": (
        "1-office/yearly.yaml",
        {
            "title: Once a year": "title: Once a year\nin brief: Do it every nine months.",
            "first deadline: 2025-03-31": "first deadline: 2024-09-30",
        },
        [
            "line 4 (in brief): 'nine months' is not a length of time in the rule.",
            "line 17 (versions 1 > pattern > first deadline): The first deadline, 2024-09-30, is",
        ],
    ),
    "keys of a pattern without a kind": (
        "1-office/yearly.yaml",
        {"      kind: rolling\n      every: 12 months": "      every: 12 weeks",
         "first: 6 months": "frist: 6 months"},
        [
            "line 12 (versions 1 > pattern): The key 'kind' is missing.",
            "line 13 (versions 1 > pattern > every): 'every' cannot be '12 weeks'.",
            "line 14 (versions 1 > pattern > frist): There is no key 'frist' here.",
        ],
    ),
    "columns that the program fills in": (
        "registers.yaml",
        {
            "within: documents": "within: document",
            "of: paper": "of: papers",
            "within: meetings": "within: meeting",
            "day: held on": "day: board",
            "    key: ref\n    label: person": "    key: reff\n    label: person",
            "        spellings: [staff number]": "        blank: nothing",
        },
        [
            "(registers 1 > key): The register 'people' has no column 'reff'.",
            "A row without a key cannot be told from another row.",
            "day of > within): There is no register 'meeting' whose rows",
            "day of > day): The column 'board' of 'meetings' is of type code",
            "latest > within): There is no register 'document' whose rows",
            "latest > of): 'papers' is not a code of the column 'sort' of 'documents'.",
        ],
    ),
    "a usual register that is misspelt, and a case without a result": (
        "1-office/yearly.cases.yaml",
        {
            "usual:\n  minutes:": "usual:\n  minuets:",
            "topics: plan": "topcs: plan",
            "name: Without minutes it is overdue": "name: Two minutes are enough",
            "    expect: {status: overdue, deadline: 2025-03-31, days: -1, "
            "counts: {overdue: 1}}": "",
        },
        [
            "line 4 (usual > minuets): There is no register 'minuets'.",
            "line 5 (usual > minuets > topcs): The register 'minutes' has no column 'topcs'.",
            "(cases 2): The key 'expect' is missing.",
            "(cases 2 > name): Another case has the same name.",
        ],
    ),
    "registers": (
        "registers.yaml",
        {
            "type: yes/no": "type: yesno",
            "codes: courses": "codes: course",
            "sheets: [": "sheet: [",
            "key: ref": "key: rf",
        },
        [
            "line 12 (registers 1 > sheet): There is no key 'sheet' here.",
            "line 13 (registers 1 > key): The register 'people' has no column 'rf'.",
            "line 66 (registers 2 > columns 3 > codes): There is no list of codes 'course'.",
            "line 71 (registers 2 > columns 5 > type): 'type' cannot be 'yesno'.",
        ],
    ),
    "book": (
        "book.yaml",
        {"id: made-up": "id: Made up", "marking: OFFICIAL": 'marking: ""',
         "list: office": "list: own"},
        ["(id): 'Made up' is not", "The text is empty.", "'list' cannot be 'own'."],
    ),
    "cases": (
        "1-office/yearly.cases.yaml",
        {
            "topics: plan": "topcs: plan",
            "as of: 2025-06-30": "as of: 30/06/2025",
            "days: 194": "dayz: 194",
            "missing: [people]": "missing: people",
            "counts: {overdue: 1}}": "counts: {overdue: 1}",
        },
        [
            "line 5 (usual > minutes > topcs): The register 'minutes' has no column 'topcs'.",
            "line 10 (cases 1 > as of): 'as of' must be a date, not '30/06/2025'.",
            "line 12 (cases 1 > missing): 'missing' must be a list, not 'people'.",
            "line 20 (cases 1 > expect > dayz): There is no key 'dayz' here.",
            "line 26: A bracket is opened here",
        ],
    ),
}  # fmt: skip


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
