"""Each sentence of the definitions has a case that holds it (docs/semantics.md).

``tests/semantics_cases*.yaml`` name the cases: for each sentence of the sections that a file
covers, its first words and the tests and written cases that fail where the program does otherwise.
A test is named as pytest names it (``tests/test_x.py::test_y``), a written case by its duty and its
name (``staff-trained: An empty sheet of people tells nothing``).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from rules.load import CASES, OWN_BOOK, case_files

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
FILES = sorted((ROOT / "tests").glob("semantics_cases*.yaml"))
MOST_WORDS = 12


class Entry(BaseModel):
    """The first words of a sentence, and the cases that hold it."""

    model_config = ConfigDict(extra="forbid")

    sentence: str
    tested_by: list[str] = Field(alias="tested by", min_length=1)


class Mapped(BaseModel):
    """One file: the headings that it covers and its entries, under names of its own."""

    model_config = ConfigDict(extra="forbid")

    covers: list[str]
    cases: dict[str, list[Entry]]

    @property
    def entries(self) -> list[Entry]:
        """Its entries in order."""
        return [entry for entries in self.cases.values() for entry in entries]


def _mapped(path: Path) -> Mapped:
    return Mapped.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


MAPPED = {path.name: _mapped(path) for path in FILES}
of_each_file = pytest.mark.parametrize("mapped", MAPPED.values(), ids=MAPPED.keys())


# The sentences of the page -----------------------------------------------------------------------


def sections(page: str) -> dict[str, str]:
    """The text below each heading, those of the first rank aside."""
    parts = re.split(r"^##+ (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def sentences(section: str) -> list[str]:
    """The sentences of a section, without its bold and code marks and the targets of its links: of
    each paragraph, bullet and table row (``term | meaning``), the parts that a full stop or a
    semicolon ends, but for those in brackets."""
    return [one for block in _blocks(section) for one in _split(_plain(block))]


def _blocks(section: str) -> list[str]:
    """Its paragraphs, bullets and table rows, without the heads of tables."""
    blocks: list[str] = []
    begins = True
    for line in section.splitlines():
        text = line.strip()
        mark = re.match(r"(?:- |\d+\. |\| )", text)
        if mark or begins:
            blocks.append("")
        if not re.match(r"\| (?:---|word \||status \|)", text):
            blocks[-1] += " " + (text[mark.end() :].rstrip(" |") if mark else text)
        begins = not text
    return [block.strip() for block in blocks if block.strip()]


def _plain(block: str) -> str:
    labelled = re.sub(r"^\*\*[^*]+\.\*\* ", "", block)
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", re.sub(r"[*`]", "", labelled))


def _split(block: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(block):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter in ".;" and depth == 0 and block[at + 1 : at + 2] in ("", " "):
            parts.append(block[start : at + 1].strip())
            start = at + 1
    return [part for part in (*parts, block[start:].strip()) if part]


def _begins(sentence: str, entry: str) -> bool:
    return re.match(re.escape(entry) + r"(?!\w)", sentence) is not None


def _covered(mapped: Mapped) -> list[str]:
    headings = sections(PAGE)
    return [sentence for heading in mapped.covers for sentence in sentences(headings[heading])]


def test_a_section_is_split_into_its_sentences() -> None:
    section = """
| word | meaning |
| --- | --- |
| **duty** | one thing (a rule; one). Another; a third |

One runs over
two lines. `Code` and [a link](#there) stay.

- **Label.** A bullet; its
  second part (a day. Or more).
1. **Term**: an item of 1.5.
   - One below it
"""
    assert sentences(section) == [
        "duty | one thing (a rule; one).",
        "Another;",
        "a third",
        "One runs over two lines.",
        "Code and a link stay.",
        "A bullet;",
        "its second part (a day. Or more).",
        "Term: an item of 1.5.",
        "One below it",
    ]


# What the files say of them ----------------------------------------------------------------------


def test_no_heading_is_covered_twice_and_each_is_one_of_the_page() -> None:
    covered = [heading for mapped in MAPPED.values() for heading in mapped.covers]
    assert covered
    assert len(covered) == len(set(covered))
    assert set(covered) == set(sections(PAGE))


@of_each_file
def test_every_sentence_has_its_entry(mapped: Mapped) -> None:
    begun = [entry.sentence for entry in mapped.entries]
    lacking = [one for one in _covered(mapped) if not any(_begins(one, words) for words in begun)]
    assert lacking == []


@of_each_file
def test_every_entry_is_of_one_sentence(mapped: Mapped) -> None:
    covered = _covered(mapped)
    counts = Counter(entry.sentence for entry in mapped.entries)
    assert [words for words, count in counts.items() if count > 1] == []
    assert [words for words in counts if len(words.split()) > MOST_WORDS] == []
    matches = {words: sum(_begins(one, words) for one in covered) for words in counts}
    assert {words: number for words, number in matches.items() if number != 1} == {}


# The cases that they name ------------------------------------------------------------------------


@cache
def _tests(path: str) -> frozenset[str]:
    """The names of the tests that a file defines."""
    if not re.fullmatch(r"tests/(properties/)?test_\w+\.py", path) or not (ROOT / path).is_file():
        return frozenset()
    module = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@cache
def _case_files() -> dict[str, Path]:
    return {path.name.removesuffix(CASES): path for path in case_files(OWN_BOOK)}


@cache
def _written(duty: str) -> frozenset[str]:
    """The names of the cases written for a duty; each is on a line of its own."""
    path = _case_files().get(duty)
    text = path.read_text(encoding="utf-8") if path else ""
    names = re.findall(r"^  - name: (.+(?:\n {6,}.+)*?)(?=\n    \w)", text, re.MULTILINE)
    return frozenset(str(yaml.safe_load(name)) for name in names)


def _exists(case: str) -> bool:
    path, of_test, name = case.partition("::")
    if of_test:
        return name.partition("[")[0] in _tests(path)
    duty, _, name = case.partition(": ")
    return name in _written(duty)


@of_each_file
def test_every_case_that_a_file_names_exists(mapped: Mapped) -> None:
    named = {case for entry in mapped.entries for case in entry.tested_by}
    assert {case for case in named if not _exists(case)} == set()
    repeated = [e.sentence for e in mapped.entries if len(set(e.tested_by)) < len(e.tested_by)]
    assert repeated == []


def test_a_case_that_does_not_exist_is_noticed() -> None:
    here = "tests/test_semantics_cases.py::"
    assert _exists(f"{here}test_every_case_that_a_file_names_exists[semantics_cases.yaml]")
    assert _exists("staff-trained: An empty sheet of people tells nothing")
    for wrong in (
        f"{here}test_of_nothing",
        f"{here}sentences",
        "tests/test_of_nothing.py::test_x",
        "staff-trained: An empty sheet",
        "no-duty: An empty sheet of people tells nothing",
        "An empty sheet of people tells nothing",
    ):
        assert not _exists(wrong), wrong
