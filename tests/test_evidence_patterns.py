"""No regular expression takes more than its share of time, whatever a cell holds: each is tried on
the inputs that are worst for it, which grow four times as long and may take 4 ** 1.2 as long."""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from tests.support.needs import ROOT

_MOST = 1.2
_MEASURED = 0.004  # seconds: less is not measured but passed over
_REPEATS = 3
_TRIES = 4

#: For each: how it is asked, and what its worst inputs are made of: how they begin, what is
#: repeated, how they end.
Worst = tuple[str, tuple[tuple[str, str, str], ...]]
WORST: Mapping[str, Worst] = {
    "mapping.cell_parts._DAY": (
        "findall",
        (("", "1/", ""), ("", "1", ""), ("", "1 may ", ""), ("", "1-1-", "x"), ("1", " may", "")),
    ),
    "mapping.cell_parts._NOT_DONE": (
        "search",
        (("", "boo ", ""), ("", "no sho ", ""), ("no", " ", "x"), ("", "no ", "x")),
    ),
    "mapping.cell_parts._SEVERAL": ("split", (("", ";", ""), ("", " / ", ""), ("", " /", "x"))),
    "mapping.cell_parts._MONTH_FIRST": ("fullmatch", (("", "1/", "x"), ("1/1/26 ", "1", "x"))),
    "mapping.propose.kinds._FIGURE": ("fullmatch", (("1", ",1", "x"), ("1", "%", ""))),
    "mapping.propose.kinds._TIME": (
        "match",
        (("1 may", " ", "x"), ("", "1", "x"), ("q1", "1", "")),
    ),
    "mapping.propose.likeness._LETTERS": ("findall", (("", "a", "1"), ("", "a1", ""))),
    "mapping.propose.likeness._PIECE": ("findall", (("", "a", ""), ("", "Aa", ""))),
    "mapping.propose.likeness._TOKEN": ("findall", (("", "a", " "), ("", "a ", ""))),
    "mapping.propose.meanings._NEGATIVE": ("match", (("n", "o", ""), ("no", "n", ""))),
    "mapping.propose.meanings._NO": ("match", (("n", "a", ""), ("not", "n", ""))),
    "mapping.propose.meanings._LESS": (
        "findall",
        (("", "u", ""), ("", "una", ""), ("", "no ", "")),
    ),
    "mapping.propose.meanings._NO_DATE": ("match", (("mat.", " ", "x"), ("not ", "n", ""))),
    "mapping.propose.meanings._NOT_DONE_YET": ("fullmatch", (("mat", " ", ""), ("on ", "h", ""))),
    "mapping.propose.meanings._NOT_KNOWN": ("fullmatch", (("", "?", "x"), ("tbc", ".", "x"))),
    "mapping.propose.meanings._PARTS": ("split", (("", ";", ""), ("", "a,\n\r", ""))),
    "mapping.propose.meanings._SHORT_YEARS": ("search", (("", "25/2", "x"), ("", "2", ""))),
    "mapping.propose.meanings._SURELY_NO_DATE": ("fullmatch", (("not ", "d", ""), ("n", "/", "a"))),
    "mapping.propose.meanings._TO_COME": ("match", (("to", " ", "x"), ("booked", "d", ""))),
    "mapping.propose.meanings._WORD": ("findall", (("", "a", "_"), ("", "a_", ""))),
    "mapping.propose.meanings._YEARS": ("findall", (("", "2025/26 ", ""), ("", "20", ""))),
    "mapping.propose.meanings._YES": ("match", (("y", "e", ""), ("yes", "s", ""))),
    "mapping.propose.pairs._BRACKETED": ("sub", (("", "[", ""), ("", "(a", ""))),
    "mapping.propose.sheets._DATES": ("findall", (("", "1/", ""), ("", "1", ""))),
    "mapping.propose.sheets._TELLING_KEY": ("search", (("", "a", ""), ("", "1\n", ""))),
    "mapping.propose.sheets._WORD": ("findall", (("", "a", ""), ("", "aa ", ""))),
    "mapping.propose.tables._TOTAL_WORDS": ("match", (("", "1", " "), ("1 ", "a", "1"))),
    "mapping.propose.titles._BRACKETED": ("sub", (("", "(", ""), ("", "(a", ""))),
    "mapping.propose.values._NUMBERED": ("match", (("", "1", "X"), ("a-", "1", "_"))),
    "mapping.propose.values._REFERENCE": ("fullmatch", (("", "1", " "), ("", "a ", "1"))),
    "mapping.propose.wide._OF_SEVERAL": ("search", (("", "a", ""), ("", "andy ", ""))),
    "mapping.propose.wide._DIGITS": ("sub", (("", "1", ""), ("", "1a", ""))),
    "mapping.layout._CELL": ("fullmatch", (("A", "1", "x"), ("", "A", "1"))),
    "mapping.layout._SPAN": ("fullmatch", (("A:", "A", "1"), ("", "1", ":"), ("", "A:", ""))),
    "mapping.words._PARTS": ("split", (("", ";", ""), ("", "a,\n\r", ""))),
    "cells.readers._WHOLE": ("fullmatch", (("1", ",111", "x"), ("+", "1", "x"), ("1.", "0", "x"))),
    "cells.readers._PART_BREAK": ("split", (("", ";", ""), ("", "a;\n\r", ""))),
    "cells.readers._SEPARATORS": ("sub", (("", " -", ""), ("", " ", "x"), ("", "a ", ""))),
    "cells.link_text._ADDRESS": ("match", (("", "h", ""), ("https", "s", ""), ("file", "e", ":"))),
    "cells.link_text._LINK": (
        "fullmatch",
        (
            ("https://", "a", "<"),
            ("https://a:", "1", "<"),
            ("https://a", "/?#", "<"),
            ("file://", "a", "<"),
            ("c:/", "a", "|"),
            ("/a", "/", "|"),
            ("", "\\\\a", "|"),
        ),
    ),
    "cells.entry_words._DESCRIPTION": (
        "match",
        (("The", " a", ""), ("A", "a", ""), ("One", " ", ";")),
    ),
    "files.csv_text._NAMED_SEPARATOR": ("match", (("sep=;", "\r", "x"), ("sep=", ";", ""))),
    "cells.day_text._NUMBERS": (
        "fullmatch",
        (("1/1/", "1", "x"), ("1 / 1 / ", "1", "x"), ("", "1/", "")),
    ),
    "cells.day_text._YEAR_FIRST": (
        "fullmatch",
        (("", "1", "x"), ("", "1", "/1/1x"), ("1111/", "1/", "")),
    ),
    "cells.day_text._NAMED": (
        "fullmatch",
        (("1", " ", "x"), ("1 of", " ./,-", "x"), ("1 may", " ", "x"), ("1 may ", "1", "x")),
    ),
    "cells.day_text._NAMED_MONTH_FIRST": (
        "fullmatch",
        (("may", " ", "x"), ("may 1", " ,./-", "x"), ("may 1 ", "1", "x"), ("may", " -", "1x")),
    ),
    "cells.day_text._NO_YEAR": (
        "fullmatch",
        (("1", " ", "x"), ("1 of", " -", "may x"), ("", "1/", "1")),
    ),
    "cells.day_text._NO_DAY": (
        "fullmatch",
        (("may", " ", "x"), ("may", " ,", "1111x"), ("", "1/", "1")),
    ),
    "cells.day_text._NUMBER": ("fullmatch", (("-", "1", "x"), ("1.", "1", "x"), ("", "1.", ""))),
    "cells.day_text._WEEKDAY": ("match", (("mon", " ", "x"), ("monday", "., ", "x"))),
    "cells.day_text._TIME": (
        "search",
        (("", " 1:00", "x"), (" 1:00:00.", "1", "x"), ("", " at ", ""), ("", "1t1:00 ", "x")),
    ),
    "cells.day_words._NOT_PLAIN": ("search", (("", "a", ""), ("", "-", " "))),
    "output_file._LEFT": ("fullmatch", ((".dueregard-", "a", ".new"), (".dueregard-", "1", "x"))),
    "cells.periods._DASHES": ("sub", (("", "\u2013", ""), ("", "a", ""))),
    "cells.periods._QUARTER": (
        "search",
        (("q", "1", "x"), ("", "q 1x ", ""), ("", "1q1x", ""), ("", "quarter. ", "")),
    ),
    "cells.periods._TWO_YEARS": ("fullmatch", (("2025/", "1", ""), ("", "2025 to ", ""))),
    "cells.periods._FY_SHORT": ("fullmatch", (("25/", "1", ""), ("", "25 / ", ""))),
    "cells.periods._FY": ("sub", (("", "fy ", ""), ("", "financial year ", ""))),
    "cells.periods._ONE_YEAR": ("fullmatch", (("", "year ", "2025"), ("2025", "1", ""))),
    "cells.periods._YEAR_MONTH": ("fullmatch", (("2025-", "1", ""),)),
    "cells.periods._MONTH_YEAR": ("fullmatch", (("1/", "1", ""),)),
    "cells.periods._NAMED_MONTH": (
        "fullmatch",
        (("may", " -", "x"), ("may", " ", "1"), ("", "a", "1")),
    ),
    "files.xlsx_sheet._SPAN": ("fullmatch", (("1 ", "1", ""), ("", "1 ", ""))),
    "files.xlsx_sheet._ZERO": ("fullmatch", (("", "0", "x"), ("0.", "0", "x"), ("", "0.", ""))),
    "files.xlsx_sheet._PLAIN_ROW": (
        "findall",
        (
            ("", '<row r="1"><c r="A1"><f>B1</f><v>1</v></c></row>', "x"),
            ('<row r="1">', '<c r="A1" s="1"/>', "x"),
            ('<row r="1"><c r="A1"><v>', "a", ""),
            ('<row r="1"><c r="A1"><v>', "a\N{EN DASH}&amp;", "<"),
            ('<row r="1"><c r="A1"><f>', "a&lt;", "</f><v>1</v></c>"),
            ('<row r="1"><c r="A1"><f>a</f><v>', " ", "0"),
            ("", '<row r="1"><c r="A1"><f>', ""),
            ('<row r="', "1", '"'),
        ),
    ),
    "files.xlsx_sheet._FILLED": (
        "findall",
        (('<c r="', "A", ""), ('<c r="A', " ", "><"), ("", '<c r="A', ""), ("", '<c r="A1"/>', "")),
    ),
    "files.xlsx_strikes._NO_DATE": (
        "sub",
        (
            ("", "[", ""),
            ("[", "a", ""),
            ("", '"', ""),
            ('"', "a", ""),
            ("", "\\", ""),
            ("", "g", ""),
        ),
    ),
    "files.xlsx_strikes._DATE": ("search", (("", "0", ""),)),
    "files.xlsx_strikes._FORMAT": (
        "findall",
        ((' s="', "0", "x"), (' s="', "1", '"'), ("", ' s="', ""), ("", ' s="1"', "")),
    ),
    "files.xlsx_strikes._SHARED": (
        "findall",
        (('t="s"><v>', "0", "x"), ('t="s"><v>', "1", "<"), ("", 't="s"><v>', "")),
    ),
    "sheets.rows._TOTAL": ("fullmatch", (("total 1", ",1", "x"), ("totals ", "1", "x"))),
    "sheets.rows._FIGURE": ("fullmatch", (("1", ",1", "x"), ("1", "%", ""))),
    "visible._ANY": ("search", (("", "a", ""), ("", "a\n", ""))),
    "visible._ANY_BUT_LINES": ("search", (("", "a", ""), ("", "\n", ""))),
    "cells.text._HYPHENS": ("sub", (("", "-", ""), ("", "a_", ""))),
}


#: Those that are used on the first letters of a text alone, with the number of letters.
SHORT: Mapping[str, str] = {
    "mapping.propose.meanings._JOINTS": "_MOST_KEY",
    "mapping.propose.meanings._KEY": "_MOST_KEY",
    "mapping.propose.meanings._KEY_WORDS": "_MOST_KEY",
}


def _dotted(source: Path) -> str:
    """A module of the package, by its name within it."""
    return ".".join(source.relative_to(ROOT / "evidence").with_suffix("").parts)


def patterns() -> dict[str, str]:
    """Each regular expression of the package: where it is kept, and how it is written there."""
    found = {}
    for source in sorted((ROOT / "evidence").rglob("*.py")):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                found[f"{_dotted(source)}:{node.lineno}"] = ast.unparse(node.func)
    return found


def kept() -> set[str]:
    """The names of those that are kept compiled."""
    return {
        f"{_dotted(source)}.{name}"
        for source in sorted((ROOT / "evidence").rglob("*.py"))
        if "re.compile" in source.read_text(encoding="utf-8")
        for name, value in vars(import_module(f"evidence.{_dotted(source)}")).items()
        if isinstance(value, re.Pattern)
    }


def test_every_expression_is_listed_with_its_worst_inputs() -> None:
    assert set(patterns().values()) == {"re.compile"}, "each is compiled once, under a name"
    assert kept() == {*WORST, *SHORT}
    assert len(patterns()) == len(WORST) + len(SHORT)


@pytest.mark.parametrize(("name", "most"), SHORT.items())
def test_other_expressions_meet_short_texts_alone(name: str, most: str) -> None:
    module, _, pattern = name.rpartition(".")
    found = import_module(f"evidence.{module}")
    assert getattr(found, most) <= 2_000
    source = (ROOT / "evidence" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    uses = [line for line in source.splitlines() if f"{pattern}." in line]
    assert uses
    assert f"[:{most}]" in source


def _asked(name: str, how: str) -> Callable[[str], object]:
    module, _, pattern = name.rpartition(".")
    found = getattr(import_module(f"evidence.{module}"), pattern)
    if isinstance(found.pattern, bytes):
        return lambda text: getattr(found, how)(text.encode())
    if how == "sub":
        return lambda text: found.sub("", text)
    asked: Callable[[str], object] = getattr(found, how)
    return asked


def _seconds(asked: Callable[[str], object], text: str) -> float:
    """The least time of several: of one processor, so that other work on it counts little."""
    best = math.inf
    for _ in range(_REPEATS):
        begins = time.process_time()
        asked(text)
        best = min(best, time.process_time() - begins)
    return best


def exponent(asked: Callable[[str], object], begin: str, repeat: str, end: str) -> float:
    """By which power the time grows with the length, at the first length that takes any."""
    for length in (2_000, 8_000, 32_000, 128_000):
        short, long = (begin + repeat * (times * length // len(repeat)) + end for times in (1, 4))
        taken = _seconds(asked, long)
        if taken >= _MEASURED:
            again = (_seconds(asked, long) for _ in range(_TRIES - 1))
            powers = (
                math.log(each / max(_seconds(asked, short), 1e-9), 4)
                for each in chain([taken], again)
            )
            return next((power for power in powers if power <= _MOST), math.inf)
    return 0.0


@pytest.mark.one_in(5)
@pytest.mark.parametrize("name", WORST)
def test_the_time_of_an_expression_grows_with_the_length_of_the_text(name: str) -> None:
    how, inputs = WORST[name]
    for begin, repeat, end in inputs:
        assert exponent(_asked(name, how), begin, repeat, end) <= _MOST, (begin, repeat, end)


def test_an_expression_that_takes_more_than_its_share_is_noticed() -> None:
    assert exponent(re.compile("a+b").search, "", "a", "c") > 1.7
    assert exponent(re.compile("a+b").fullmatch, "", "a", "c") <= _MOST
