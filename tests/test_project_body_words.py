"""The code outside a rulebook has no word of the body for which the program's own was written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.needs import ROOT
from tests.test_project_quality import PACKAGES

#: Words that only the rulebook may say, in code and comments, templates and schemas.
_BODY = re.compile(
    r"\bPrevent\b|\bprevent\b(?=[\"'])|OPCC|\bPCC\b|\bCTLP\b|\bSWPB\b|Steering Group|Channel"
    r"|CONTEST|[Ss]ection 26|Counter-Terrorism|[Pp]olice\b|Commissioner|Home Office|home office"
)
#: What a report, a page of results or a document calls the body: the rulebook says it.
_CALLED = re.compile(
    r"\b(?:[Tt]he|[Tt]hat|an) office\b|\b[Oo]ffice (?:duties|checks)\b|[Dd]ue regard"
)
#: The packages and pages that speak of the body in reports; elsewhere 'the office' is whoever has
#: the folder with office.yaml.
_SPEAKS = (
    "engine",
    "reports",
    "rules",
    "record/ledger/comparison",
    "record/pack",
    "record/recheck",
)

#: Files in which such words are right, and why.
ALLOWED = {
    "evidence/mapping/propose/likeness.py": "abbreviations that people use in headings",
    "rules/sop/document.py": "'due regard' is among the words that oblige",
    "record/pack/pack.py": "names office.yaml and its folder, and the program",
}
_SUFFIXES = {".py", ".jinja", ".js", ".css", ".json", ".md", ".yaml"}


def _files() -> Iterator[tuple[str, str]]:
    """The files of the program outside its own rulebook, by their paths, with their texts."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in _SUFFIXES and not name.startswith("rules/prevent-opcc/"):
                yield name, path.read_text(encoding="utf-8").replace("prevent-opcc", "")


def _said(name: str, text: str) -> Iterator[str]:
    """What a file says to people: a template whole, and the strings of code without docstrings."""
    if name.endswith(".jinja"):
        yield text
    if name.endswith(".py"):
        nodes = list(ast.walk(ast.parse(text)))
        silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield "" if id(node) in silent else node.value


def _found() -> dict[str, set[str]]:
    """The words of the body in each file."""
    found = dict[str, set[str]]()
    for name, text in _files():
        words = set(_BODY.findall(text))
        if name.startswith(_SPEAKS):
            words.update(word for said in _said(name, text) for word in _CALLED.findall(said))
        if words:
            found[name] = words
    return found


def test_no_file_outside_a_rulebook_has_a_word_of_its_body() -> None:
    found = _found()
    assert {name: words for name, words in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "a file is allowed words that it does not have"
