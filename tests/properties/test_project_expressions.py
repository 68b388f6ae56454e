"""Each regular expression that is left takes time that grows no faster than its input.

Every use of the module re in the rules, the evaluators, the reports, the record and the command
line is listed with the input that is worst for it; that list is held against the code.
"""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from importlib import import_module
from pathlib import Path

import pytest

from record.office.conflicted_copies import _TO_EVIDENCE, _TO_OWN
from record.office.own_files import _CREATOR
from record.recheck import recheck, recheck_mapping
from reports.without_names import _NO_NAME
from rules.sop.document import OBLIGING
from tests.support.needs import ROOT

PACKAGES = ("rules", "engine", "reports", "record", "cli")
USES = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
SMALL, LARGE = 20_000, 80_000
MOST_EXPONENT = 1.2
NEGLIGIBLE = 0.002  # seconds for the large input, of which no exponent can be told
REPEATS, TRIALS = 7, 4


@dataclass(frozen=True)
class Worst:
    """How an expression is used, and the input of about n letters that is worst for it: what
    begins to fit for long and does not fit in the end. ``patterns`` are those of a use that names
    no pattern itself."""

    use: str
    text: Callable[[int], str]
    patterns: tuple[str, ...] = ()


def again(part: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """``part`` over and over, between two others."""
    return lambda n: before + part * (n // len(part)) + after


DIGITS = again("1", after="x")
SPACES = again(" ", after="x")
WORST: dict[tuple[str, int], Worst] = {
    ("rules/lint/book.py", 1): Worst("fullmatch", again("a-", after="_")),
    ("rules/lint/book.py", 2): Worst("fullmatch", again("1", "1.", ".x")),
    ("rules/lint/book.py", 3): Worst("fullmatch", again("a-", after="_")),
    ("rules/lint/book.py", 4): Worst("fullmatch", again("a")),
    ("rules/lint/book.py", 5): Worst("fullmatch", again("a")),
    ("rules/lint/duty.py", 1): Worst("findall", again("1 ")),
    ("rules/lint/duty.py", 2): Worst("finditer", again("twelve-")),
    ("rules/lint/duty.py", 3): Worst("finditer", again("every financial ")),
    ("rules/lint/duty.py", 4): Worst("search", again("as soon ")),
    ("rules/lint/duty.py", 5): Worst("sub", again("1-")),
    ("rules/lint/duty.py", 6): Worst("findall", again("1", '"count":')),
    ("rules/lint/rows.py", 1): Worst(
        "fullmatch",
        DIGITS,
        (r"[0-9]{4}/[0-9]{2}", r"[0-9]{4}", r"[0-9]{4}/[0-9]{2} Q[1-4]", r"[0-9]{4}-[0-9]{2}"),
    ),
    ("rules/yaml/validate.py", 1): Worst("findall", again("a", before="'")),
    ("rules/yaml/source.py", 1): Worst("fullmatch", DIGITS),
    ("rules/yaml/source.py", 2): Worst("fullmatch", DIGITS),
    ("rules/yaml/source.py", 3): Worst("fullmatch", again("1", after="e+x")),
    ("rules/yaml/source.py", 4): Worst("match", SPACES),
    ("rules/yaml/source.py", 5): Worst("match", again("a")),
    ("rules/yaml/source.py", 6): Worst("fullmatch", again(" ", "a:")),
    ("rules/yaml/source.py", 7): Worst("match", again("a", "- ")),
    ("rules/yaml/source.py", 8): Worst("match", again("\u2022")),
    ("rules/yaml/source.py", 9): Worst("match", again("-")),
    ("rules/yaml/source.py", 10): Worst("match", again("a")),
    ("rules/yaml/source.py", 11): Worst("sub", again("\t")),
    ("rules/yaml/mend.py", 1): Worst("findall", DIGITS),
    ("rules/yaml/layout.py", 1): Worst("fullmatch", again("a: ")),  # a line without a break
    ("rules/yaml/layout.py", 2): Worst("search", again(" |", after="x")),
    ("rules/yaml/layout.py", 3): Worst("search", SPACES),
    ("rules/span.py", 1): Worst("fullmatch", DIGITS),
    ("rules/sop/pins.py", 1): Worst("match", SPACES),
    ("rules/sop/versions.py", 1): Worst("finditer", again("1.", "version ", "x")),
    ("rules/sop/versions.py", 2): Worst("finditer", again(", effective ")),
    ("rules/sop_files/read.py", 1): Worst("match", again("1.", after="x")),
    ("rules/sop_files/pieces.py", 1): Worst("match", again("1.", after="x")),
    ("rules/sop_files/pieces.py", 2): Worst("search", again(".')")),
    ("rules/sop_files/pieces.py", 3): Worst("fullmatch", again("A ", "OFFICIAL - ", "x")),
    ("rules/sop_files/pieces.py", 4): Worst("fullmatch", again("1", "page ")),
    ("rules/sop_files/pieces.py", 5): Worst("fullmatch", again("1 ")),
    ("rules/sop_files/pieces.py", 6): Worst("match", again("</b")),
    ("rules/sop_files/pieces.py", 7): Worst("sub", again(" \t")),
    ("rules/sop_files/pieces.py", 8): Worst("match", again(" ", "1")),
    ("rules/sop/document.py", 1): Worst("finditer", again(".')  ((")),
    ("rules/sop/document.py", 2): Worst("search", again(" (e.g")),
    ("rules/sop/document.py", 3): Worst("sub", again("aim ")),
    ("rules/sop/document.py", 4): Worst(
        "search",
        again("requirement responsibilit duty of no one "),
        tuple(rf"\b(?:{forms})\b" for _, forms in OBLIGING),
    ),
    ("rules/sop_files/text.py", 1): Worst("match", again(" ", "#", "x")),
    ("rules/sop_files/text.py", 2): Worst("fullmatch", again("|-", after="x")),
    ("rules/sop_files/text.py", 3): Worst("sub", again("1.", after="x")),
    ("rules/sop_files/text.py", 4): Worst("split", again("\\|")),
    ("engine/decision/rule.py", 1): Worst("fullmatch", again("a", after="-")),
    ("engine/plain/days.py", 1): Worst("fullmatch", DIGITS),
    ("reports/html/page.py", 1): Worst("sub", again("<a")),
    ("reports/html/page.py", 2): Worst("search", again("a" * 20 + " ")),
    ("reports/html/page.py", 3): Worst("sub", again("<")),
    ("reports/rulebook/example.py", 1): Worst("search", again("such as  ")),
    ("reports/words.py", 1): Worst("fullmatch", DIGITS),
    ("reports/words.py", 2): Worst("fullmatch", DIGITS),
    ("reports/words.py", 3): Worst("sub", again("\t a")),
    ("reports/papers/shared.py", 1): Worst("findall", again("a ")),
    ("reports/papers/shared.py", 2): Worst("finditer", again(" ", ".")),
    ("reports/papers/shared.py", 3): Worst("sub", again("A", after="x")),
    ("reports/papers/shared.py", 4): Worst("search", again("4.7 a "), (r"(?<![\w.])4\.7 [A-Z]",)),
    ("reports/papers/template.py", 1): Worst("finditer", again("{{")),
    ("reports/papers/template.py", 2): Worst("match", again("t")),
    ("reports/papers/template.py", 3): Worst("search", again("{")),
    ("reports/next_step.py", 1): Worst("fullmatch", again("a", "is not ", "\n")),
    ("reports/next_step.py", 2): Worst("match", again("a ", "Last completed on ")),
    ("reports/next_step.py", 3): Worst("sub", again("1", "enter the date, such as ")),
    ("reports/next_step.py", 4): Worst("match", again("a", "Did you mean ")),
    ("reports/names.py", 1): Worst("finditer", again("surname ")),
    ("reports/compare/causes.py", 1): Worst("findall", again("A1 of a, ")),
    ("reports/compare/causes.py", 2): Worst("findall", again("'a' cannot ")),
    ("reports/compare/row_index.py", 1): Worst("fullmatch", again("1", "A", ":A")),
    ("reports/owners/tasks.py", 1): Worst("sub", again("a-")),
    ("reports/without_names.py", 1): Worst("sub", again(". a member of staff ")),
    ("reports/without_names.py", 2): Worst(
        "split", again("1,", "row 1.", "1 May "), (_NO_NAME.pattern,)
    ),
    ("reports/without_names.py", 3): Worst("finditer", again("surname ")),
    ("reports/without_names.py", 4): Worst("split", again(", ")),
    ("reports/without_names.py", 5): Worst("fullmatch", DIGITS),
    ("reports/html/report.py", 1): Worst("findall", again('<h2 id="a">')),
    ("reports/places.py", 1): Worst("fullmatch", again("A", after="x")),
    ("reports/places.py", 2): Worst("fullmatch", again("1", "A1:A", "x")),
    ("reports/places.py", 3): Worst(
        "sub", again("a.xlsx!A"), (r"(a\.xlsx)!(?:([^!()]*)!)?([A-Z]+\d+|row \d+)",)
    ),
    ("engine/remedy/cell_words.py", 1): Worst("search", again(" in the a", "the ref of a")),
    ("engine/remedy/cell_words.py", 2): Worst("match", again("the a")),
    ("reports/xlsx/sheet.py", 1): Worst("sub", again("_x004")),
    ("reports/xlsx/sheet.py", 2): Worst("sub", again("\ufffe")),
    ("record/recheck/recheck_mapping.py", 1): Worst("fullmatch", again("\n1.1", "total", "x")),
    ("record/recheck/recheck_mapping.py", 2): Worst("search", again("boo no sho ")),
    ("record/recheck/recheck_mapping.py", 3): Worst(
        "finditer",
        again("1 of . may . "),
        (recheck_mapping.DATE.pattern, recheck_mapping.DATE_MONTH_FIRST.pattern),
    ),
    ("record/pack/pack.py", 1): Worst("sub", again("<")),
    ("record/ledger/chain.py", 1): Worst("fullmatch", again("a")),
    ("record/ledger/store.py", 1): Worst("fullmatch", again("a")),
    ("record/office/conflicted_copies.py", 1): Worst(
        "fullmatch", again("conflicted copy-MACBOOK", " ("), (_TO_EVIDENCE.pattern,)
    ),
    ("record/office/conflicted_copies.py", 2): Worst(
        "fullmatch", again("a", "-", "_"), (_TO_OWN.pattern,)
    ),
    ("record/office/evidence_files.py", 1): Worst("search", again("a")),
    ("record/office/evidence_files.py", 2): Worst("match", again("a"), (translate("*a*a*.xlsx"),)),
    ("record/office/mapping_checks.py", 1): Worst("fullmatch", again("a")),
    ("record/office/mapping_checks.py", 2): Worst("fullmatch", again("1", "A", "x")),
    ("record/office/mapping_checks.py", 3): Worst("fullmatch", again("a", "A:")),
    ("record/office/mapping_checks.py", 4): Worst("fullmatch", again("1", "1:")),
    ("record/office/yaml_text.py", 1): Worst("fullmatch", again("a ", after=":")),
    ("record/office/own_files.py", 1): Worst(
        "search", again("<dc:creator "), (_CREATOR.pattern.decode(),)
    ),
    ("cli/browser/application.py", 1): Worst("fullmatch", DIGITS),
    ("cli/browser/guidebook.py", 1): Worst("split", again("# a ")),
    ("cli/browser/guidebook.py", 2): Worst("split", again("## a ")),
    ("cli/browser/guidebook.py", 3): Worst("findall", again("![")),
    ("cli/browser/guidebook.py", 4): Worst("sub", again("a-")),
    ("cli/browser/past_checks.py", 1): Worst("sub", again(", and ")),
    ("cli/inputs.py", 1): Worst("sub", again("'dueregard sop ")),
    ("cli/office_folder.py", 1): Worst("fullmatch", DIGITS),
    ("cli/browser/uploads.py", 1): Worst("search", again("a. ", after="a")),
    ("cli/browser/uploads.py", 2): Worst("match", again("com1")),
    ("cli/browser/uploads.py", 3): Worst("split", again("/")),
    ("cli/commands/record/ledger.py", 1): Worst("fullmatch", again("a")),
    ("cli/arguments.py", 1): Worst(
        "match", again("a", "the following arguments are required: ")
    ),
    ("cli/arguments.py", 2): Worst("match", again("a", "argument COMMAND: invalid choice: '")),
    ("cli/arguments.py", 3): Worst("match", again(" is", "one of the arguments ")),
    ("cli/arguments.py", 4): Worst("match", again(": not allowed", "argument ")),
    ("cli/arguments.py", 5): Worst("match", again(": expected", "argument ")),
    ("cli/arguments.py", 6): Worst("match", again("'", "argument N: invalid int value: '")),
    ("cli/arguments.py", 7): Worst("match", again(" could", "ambiguous option: ")),
}  # fmt: skip

#: recheck.py is one file of many expressions: each by what it begins with.
RECHECK: dict[str, Worst] = {
    "'[-_\u2010-\u2014]'": Worst("sub", again("-")),
    "'(?s)rulebook/.*": Worst("fullmatch", again(".yaml", "rulebook/", "x")),
    "f'[\\\\s\\\\-_{DASHES}]+'": Worst("sub", again(" -a")),
    "number": Worst(
        "fullmatch",
        again(",111", "1", "x"),
        (r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?",),
    ),
    "'https://[": Worst("fullmatch", again("a", "https://", "<")),
    "'[;\\\\n\\\\r]'": Worst("split", again(";")),
    "'(?:(?<=[0-9])t|": Worst("search", again(", at 12:00:00.1")),
    "'[\\x00-\\x1f": Worst("sub", again("\u202e")),
    "pattern": Worst(
        "fullmatch",
        again(" ", "1 a", "x"),
        tuple(pattern for patterns in recheck.FORMS.values() for pattern in patterns),
    ),
    "f\"({'|'.join(WEEKDAY)})": Worst("match", again(" ", "monday", "x")),
    "f'[{DASHES}]'": Worst("sub", again("\u2010")),
    "'\\\\b(?:quarter|": Worst("search", again("q1", after="x")),
    "f'{TOTAL}(?:": Worst("fullmatch", again("\n1.1", "total", "x")),
    "f'{corner}": Worst(
        "fullmatch", again("A"), (r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})",)
    ),
    "'([A-Z]+)(\\\\d+):": Worst("fullmatch", again("A", after="1:")),
    "'([A-Z]{1,3})(\\\\d+):": Worst("fullmatch", again("1", "A", ":A")),
    "'(?i)\\\\Asep": Worst("sub", again("sep=,")),
    "'![A-Z]+'": Worst("sub", again("!A!")),
}  # fmt: skip


@dataclass(frozen=True)
class Use:
    """One call of the module re: its file, its number there, and its pattern as it is written."""

    file: str
    number: int
    pattern: ast.expr
    flags: str

    @property
    def written(self) -> str:
        """The pattern as it is written."""
        return ast.unparse(self.pattern)

    def patterns(self) -> tuple[str | bytes, ...]:
        """The pattern's text, worked out where it stands; none where it is in a variable there."""
        module = import_module(self.file.removesuffix(".py").replace("/", "."))
        try:
            value = eval(ast.unparse(self.pattern), dict(vars(module)))
        except NameError:
            return ()
        return (value,)


def uses() -> Iterator[Use]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text()
            if "import re\n" not in text:  # to parse each of the others as well takes a second
                continue
            calls = [each for each in ast.walk(ast.parse(text)) if _is_use(each)]
            calls.sort(key=lambda call: (call.lineno, call.col_offset))  # type: ignore[attr-defined]
            for number, call in enumerate(calls, 1):
                assert isinstance(call, ast.Call)
                file = path.relative_to(ROOT).as_posix()
                yield Use(file, number, call.args[0], ast.unparse(call))


def _is_use(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in USES
    )


def worst_of(use: Use) -> Worst | None:
    """What is listed of a use; None where nothing is."""
    if Path(use.file).name != "recheck.py":
        return WORST.get((use.file, use.number))
    found = [worst for begins, worst in RECHECK.items() if use.written.startswith(begins)]
    return found[0] if len(found) == 1 else None


ALL = list(uses())


def test_every_expression_is_listed_with_its_worst_input() -> None:
    assert [each.flags for each in ALL if worst_of(each) is None] == []
    assert len([each for each in ALL if each.file.endswith("recheck.py")]) == len(RECHECK)
    assert {(e.file, e.number) for e in ALL if not e.file.endswith("recheck.py")} == set(WORST)


@pytest.mark.one_in(8)
@pytest.mark.parametrize("use", ALL, ids=lambda use: f"{use.file}-{use.number}")
def test_an_expression_takes_time_as_its_input_grows(use: Use) -> None:
    worst = worst_of(use)
    assert worst is not None
    patterns = worst.patterns or use.patterns()
    assert patterns
    flags = re.IGNORECASE if "IGNORECASE" in use.flags else re.NOFLAG
    for pattern in patterns:
        assert exponent(pattern, flags, worst) <= MOST_EXPONENT


def exponent(pattern: str | bytes, flags: re.RegexFlag, worst: Worst) -> float:
    """The power of its length with which the time for an input grows; 0 where it takes none. What
    else the machine does can only make it larger, so the least of several is taken."""
    compiled = re.compile(pattern, flags)
    found = math.inf
    for _ in range(TRIALS):
        if found > MOST_EXPONENT:
            small, large = (least_time(compiled, worst, n) for n in (SMALL, LARGE))
            grown = math.log(large / small, LARGE / SMALL) if large >= NEGLIGIBLE else 0.0
            found = min(found, grown)
    return found


def least_time(compiled: re.Pattern[str] | re.Pattern[bytes], worst: Worst, n: int) -> float:
    text: str | bytes = worst.text(n)
    if isinstance(compiled.pattern, bytes):
        text = worst.text(n).encode()
    arguments = ("", text) if worst.use == "sub" else (text,)
    if worst.use == "sub" and isinstance(text, bytes):
        arguments = (b"", text)  # type: ignore[assignment]
    method = getattr(compiled, worst.use)
    times = []
    for _ in range(REPEATS):
        began = time.thread_time()
        list(method(*arguments)) if worst.use == "finditer" else method(*arguments)
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("pattern", ["[0-9]+$", "<[^>]*>", "(?:1+)x$"])
def test_what_is_quadratic_is_noticed(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "SMALL", 1_000)
    monkeypatch.setitem(globals(), "LARGE", 4_000)
    text = again("<", after="x") if "<" in pattern else again("1", after="y")
    assert exponent(pattern, re.NOFLAG, Worst("search", text)) > 1.5
