"""Each way to break a rulebook is reported: once, at its line, in words that say what to write."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence, Set
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from engine.cases.case_file import read_cases
from rules.load import is_case_file, read_book
from rules.model import Rulebook
from rules.problem import RuleProblem, describe
from rules.yaml.source import YamlFile, YamlNode, read_source
from tests.support.own_book import book_of

_HERE = Path(__file__).parent
CASES = _HERE / "bad_rules"
BASE = {
    path.relative_to(CASES / "base").as_posix(): path.read_bytes()
    for path in sorted((CASES / "base").rglob("*.yaml"))
}


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the compiled one, where there is one
_READ: Sequence[tuple[str, Mapping[str, Any]]] = [
    (f"{path.stem}: {case['what']}", case)
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)["cases"]
]
BROKEN = dict(_READ)


def edited(case: Mapping[str, Any]) -> dict[str, bytes]:
    files = dict(BASE)
    for edit in (case, case.get("and")):
        if edit is None:
            continue
        name, old, new = edit["file"], edit.get("old"), edit.get("new")
        if old is None:
            files.pop(name, None)
            if new is not None:
                files[name] = new.encode()
        else:
            text = files[name].decode()
            assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
            files[name] = text.replace(old, new or "").encode()
    return files


@cache
def _brought_out(name: str) -> tuple[Sequence[RuleProblem], Set[tuple[str, int]]]:
    """The problems of a broken rulebook, and the file and line of each call that made one."""
    made: set[tuple[str, int]] = set()
    told = YamlNode.problem

    def noted(
        at: YamlNode, message: str, instead: str, *also: YamlNode, words: str = ""
    ) -> RuleProblem:
        frame = sys._getframe(1)
        made.add((frame.f_code.co_filename, frame.f_lineno))
        return told(at, message, instead, *also, words=words)

    with patch.object(YamlNode, "problem", noted):
        return problems_of(BROKEN[name]["file"], edited(BROKEN[name])), made


def problems_of(file: str, files: Mapping[str, bytes]) -> Sequence[RuleProblem]:
    """The problems of a rulebook in which that file is broken; of a case file only its own."""
    if not is_case_file(file):
        read = read_book(files)
        return () if isinstance(read, Rulebook) else read
    rulebook = book_of(BASE)
    cases = read_cases(file, files[file], rulebook)
    return [problem for problem in cases if isinstance(problem, RuleProblem)]


_FORM = [pytest.param(case, id=name) for name, case in BROKEN.items() if name.startswith("form")]


@pytest.mark.parametrize("case", _FORM)
def test_form_by_the_slower_reader(
    case: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML comes without its compiled reader, the form is refused in the same words."""
    monkeypatch.setattr("rules.yaml.source._LOADER", yaml.SafeLoader)
    name = case["file"]
    read = read_source(name, edited(case)[name])
    assert not isinstance(read, YamlFile)
    assert [describe(problem) for problem in read if says(problem, case)]


def says(problem: RuleProblem, case: Mapping[str, Any]) -> bool:
    """Whether the problem is the one of the case."""
    return all(words in describe(problem) for words in case["says"])


def test_the_base_has_nothing_wrong() -> None:
    """What the cases break is whole to begin with."""
    assert isinstance(read_book(BASE), Rulebook)
    for name in filter(is_case_file, BASE):
        assert problems_of(name, BASE) == []


def test_no_two_broken_rulebooks_have_one_name() -> None:
    assert len(BROKEN) == len(_READ)
    assert len(BROKEN) > 300


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rulebook(name: str) -> None:
    """The problem is reported at its line with its words, and nothing else is."""
    case = BROKEN[name]
    files, (problems, _) = edited(case), _brought_out(name)
    told = "\n".join(describe(problem) for problem in problems)
    spot = case.get("spot", case["file"])
    fitting = [problem for problem in problems if problem.file == spot and says(problem, case)]
    assert all(p.message.endswith(".") and p.instead.endswith(".") for p in problems), told
    assert fitting, told or "nothing was reported"
    assert len(problems) == int(case.get("problems", 1)), told
    line = fitting[0].line
    text = files[spot].decode().split("\n")[line - 1] if line else ""
    assert case["on"] in text, f"line {line}: {text}\n{told}"


def _calls() -> set[tuple[str, int, int]]:
    """Each place in rules/ that makes a problem at a line: file, first and last line. Those of
    papers.yaml, which no check reads, have their cases in test_rules_papers."""
    return {
        (str(path), node.lineno, node.end_lineno or node.lineno)
        for path in sorted((_HERE.parent / "rules").glob("*.py"))
        if path.name != "papers.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "problem"
    }


def test_every_message_has_a_case() -> None:
    """No error message is written that no broken rulebook brings out."""
    seen = set().union(*(_brought_out(name)[1] for name in BROKEN))
    silent = [
        f"{Path(file).name}:{first}"
        for file, first, last in sorted(_calls())
        if not any(where == file and first <= line <= last for where, line in seen)
    ]
    assert silent == []
