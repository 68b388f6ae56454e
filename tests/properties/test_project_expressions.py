"""Each regular expression takes time that grows no faster than its input, whatever a cell holds.

Every use of the module re is listed with the inputs that are worst for it, which begin to fit for
long and do not fit in the end. They grow four times as long and may take 4 ** 1.2 as long. The list
must fit the code.
"""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, cached_property
from importlib import import_module
from itertools import chain
from typing import Any

import pytest

from record.recheck import recheck
from rules.sop.document import OBLIGING
from tests.support.expected import case_table
from tests.support.needs import ROOT

PACKAGES = ("evidence", "rules", "engine", "reports", "record", "cli")
USES = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
MOST = 1.2
MEASURED = 0.004  # seconds: less is not measured but passed over
REPEATS, TRIES = 3, 4
#: The shorter of two lengths that are compared. A cell may be the longest text of all; beyond what
#: the caches of a processor hold, a longer one takes more than its share, whatever is done with it.
LENGTHS = (2_000, 8_000, 32_000)
LENGTHS_OF_CELLS = (*LENGTHS, 128_000)
RECHECK = "record/recheck/recheck.py"

Input = tuple[str, str, str]  # how it begins, what is repeated, how it ends
Key = str | int
WORST: Mapping[str, Mapping[Key, tuple[str, *tuple[Input, ...]]]] = case_table("expressions")

#: The patterns of uses that name none themselves.
PATTERNS: Mapping[tuple[str, Key], Sequence[str]] = {
    ("rules/lint/rows.py", 1): (
        r"[0-9]{4}/[0-9]{2}", r"[0-9]{4}", r"[0-9]{4}/[0-9]{2} Q[1-4]", r"[0-9]{4}-[0-9]{2}",
    ),
    ("rules/sop/document.py", 4): tuple(rf"\b(?:{forms})\b" for _, forms in OBLIGING),
    ("reports/papers/shared.py", 9): (r"(?<![\w.])4\.7 [A-Z]",),
    ("rules/yaml/source.py", 7): (r"at\s+least\s+every\s+24\s+months",),
    ("reports/places.py", 3): (r"(a\.xlsx)!(?:([^!()]*)!)?([A-Z]+\d+|row \d+)",),
    ("record/office/evidence_files.py", 3): (translate("*a*a*.xlsx"),),
    (RECHECK, "number"): (
        r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?",
    ),
    (RECHECK, "pattern"): tuple(chain.from_iterable(recheck.FORMS.values())),
    (RECHECK, "f'{corner}"): (r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})",),
}  # fmt: skip

#: Those that are used on the first letters of a text alone, with the number of letters.
SHORT: Mapping[tuple[str, Key], str] = {
    ("evidence/mapping/propose/meanings.py", name): "_MOST_KEY"
    for name in ("_JOINTS", "_KEY", "_KEY_WORDS")
}


@dataclass(frozen=True)
class Use:
    """One call of the module re: its file, its number there, and the name that its result is kept
    under, if it has one."""

    file: str
    number: int
    name: str
    call: ast.Call

    @cached_property
    def key(self) -> Key:
        """By what it is listed."""
        if self.file == RECHECK:
            written = ast.unparse(self.call.args[0])
            found = [key for key in WORST[RECHECK] if written.startswith(str(key))]
            return found[0] if len(found) == 1 else written
        return self.name or self.number

    def compiled(self) -> list[re.Pattern[Any]]:
        """Its expressions, worked out where the use stands."""
        names = vars(import_module(self.file.removesuffix(".py").replace("/", ".")))
        if self.name:
            return [names[self.name]]
        flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(self.call) else re.NOFLAG
        given = PATTERNS.get((self.file, self.key))
        patterns = given or [eval(ast.unparse(self.call.args[0]), dict(names))]
        return [re.compile(pattern, flags) for pattern in patterns]


def uses() -> Iterator[Use]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "import re\n" not in text:  # to parse each of the others as well takes a second
                continue
            tree, file = ast.parse(text), path.relative_to(ROOT).as_posix()
            names = {
                each.value: ast.unparse(
                    each.target if isinstance(each, ast.AnnAssign) else each.targets[0]
                )
                for each in tree.body
                if isinstance(each, ast.Assign | ast.AnnAssign)
            }
            calls = [
                each for each in ast.walk(tree) if isinstance(each, ast.Call) and _is_use(each)
            ]
            calls.sort(key=lambda call: (call.lineno, call.col_offset))
            for number, call in enumerate(calls, 1):
                yield Use(file, number, names.get(call, ""), call)


def _is_use(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in USES
    )


@cache
def all_uses() -> dict[tuple[str, Key], Use]:
    """Each use by its file and what it is listed by; to find them takes a third of a second."""
    return {(use.file, use.key): use for use in uses()}


LISTED = [(file, key) for file, found in WORST.items() for key in found]


def test_every_expression_is_listed_with_its_worst_inputs() -> None:
    assert sorted(map(str, all_uses())) == sorted(map(str, [*LISTED, *SHORT]))
    assert len([*uses()]) == len(all_uses())
    of_cells = [use for use in all_uses().values() if use.file.startswith("evidence/")]
    assert [use for use in of_cells if not use.name] == [], "each is compiled once, under a name"


@pytest.mark.parametrize(("file", "name", "most"), [(*key, most) for key, most in SHORT.items()])
def test_other_expressions_meet_short_texts_alone(file: str, name: str, most: str) -> None:
    assert getattr(import_module(file.removesuffix(".py").replace("/", ".")), most) <= 2_000
    source = (ROOT / file).read_text(encoding="utf-8")
    assert [line for line in source.splitlines() if f"{name}." in line]
    assert f"[:{most}]" in source


def _asked(pattern: re.Pattern[Any], how: str) -> Callable[[str], object]:
    def ask(text: str) -> object:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        arguments = (given[:0], given) if how == "sub" else (given,)
        found = getattr(pattern, how)(*arguments)
        return [*found] if how == "finditer" else found

    return ask


def _seconds(asked: Callable[[str], object], text: str) -> float:
    """The least time of several: of one processor, so that other work on it counts little."""
    best = math.inf
    for _ in range(REPEATS):
        begins = time.process_time()
        asked(text)
        best = min(best, time.process_time() - begins)
    return best


def exponent(
    asked: Callable[[str], object],
    begin: str,
    repeat: str,
    end: str,
    lengths: Sequence[int] = LENGTHS,
) -> float:
    """By which power the time grows with the length, at the first length that takes any. What else
    the machine does can only make it larger, so the least of several is taken."""
    for length in lengths:
        short, long = (begin + repeat * (times * length // len(repeat)) + end for times in (1, 4))
        taken = _seconds(asked, long)
        if taken >= MEASURED:
            again = (_seconds(asked, long) for _ in range(TRIES - 1))
            powers = (
                math.log(each / max(_seconds(asked, short), 1e-9), 4)
                for each in chain([taken], again)
            )
            return next((power for power in powers if power <= MOST), math.inf)
    return 0.0


@pytest.mark.one_in(6)
@pytest.mark.parametrize(("file", "key"), LISTED)
def test_the_time_of_an_expression_grows_with_the_length_of_the_text(file: str, key: Key) -> None:
    how, *inputs = WORST[file][key]
    lengths = LENGTHS_OF_CELLS if file.startswith("evidence/") else LENGTHS
    for pattern in all_uses()[file, key].compiled():
        for worst in inputs:
            assert exponent(_asked(pattern, how), *worst, lengths) <= MOST, worst


@pytest.mark.one_in(2)
@pytest.mark.parametrize(
    ("pattern", "repeat", "end"),
    [("a+b", "a", "c"), ("[0-9]+$", "1", "y"), ("<[^>]*>", "<", "x"), ("(?:1+)x$", "1", "y")],
)
def test_what_is_quadratic_is_noticed(pattern: str, repeat: str, end: str) -> None:
    assert exponent(re.compile(pattern).search, "", repeat, end) > 1.7
    assert exponent(re.compile(pattern).fullmatch, "", repeat, end) <= MOST
