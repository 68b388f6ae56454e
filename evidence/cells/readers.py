"""Readers of single cells, one for each type of column but day. A reader gives the cell's value, or
a sentence that says why it has none.

Days are read a column at a time (evidence.cells.types), since one cell may show that the column has
the month before the day.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from evidence.cells.link_text import is_link
from evidence.cells.periods import Period, kinds_words, read_period
from evidence.cells.silence import key_says_nothing, says_nothing
from evidence.cells.text import is_slip, listed, nearest, normal_key, quoted, raw_text, spaced_once
from evidence.raw_cells import RawValue
from evidence.register import ColumnSpec
from evidence.table import Typed


class CellResult(NamedTuple):
    """The value of a cell, or why it has none.

    The cell ``04/25/2026`` in a column of days has this result::

        CellResult(
            value=None,
            message="'04/25/2026' has the month before the day.",
            instruction="If 25 April 2026 is meant, enter 25/04/2026.",
            predicate="have the month before the day",
            detail="25 April 2026?",
            shared_instruction="Enter the day before the month, such as 25/04/2026.",
        )

    If it is the only such cell in the column, the reported problem is ``message`` and
    ``instruction``. If ``April 26, 2026`` is there too, one problem reports both cells, and needs
    the other three fields::

        2 values have the month before the day: '04/25/2026' (25 April 2026?) and 'April 26, 2026'
        (26 April 2026?). Enter the day before the month, such as 25/04/2026.

    An empty ``instruction`` means the usual one for the column, and an empty ``shared_instruction``
    means that ``instruction`` is right for all such cells. The result of ``yes`` in a yes/no
    column is ``CellResult(True)``: with a value, nothing else is needed.
    """

    value: Typed
    message: str = ""
    instruction: str = ""
    predicate: str = ""
    detail: str = ""
    shared_instruction: str = ""


Reader = Callable[[RawValue], CellResult]

#: The result of a text or key that says nothing; evidence.cells.types treats it as a blank.
_SILENT = CellResult(None, predicate="say nothing")

_YES = frozenset({"yes", "y", "true", "✓", "✔", "☑", "✅"})
_NO = frozenset({"no", "n", "false"})
#: A whole number of at most 15 digits, as many as Excel keeps, with commas between thousands or
#: without any, and with zeros after a point.
_WHOLE = re.compile(r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?")
#: The letters that a part of a word needs, so that it is not found in another by chance.
_LONG_PART = 5
_PART_BREAK = re.compile(r"[;\n\r]")
#: What people write between codes, in place of semicolons.
_JOINTS = re.compile(r"[,/&+]|\band\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-_\u2010-\u2015\u2212]+")


def reader_for(spec: ColumnSpec, *, hints: bool = True) -> Reader:
    """The reader of single cells for a column of any type but day. Without ``hints`` an unknown
    code is not compared with the known ones, which is slow."""
    if spec.type in ("code", "codes", "yes/no"):
        words = code_words(spec)
        if spec.type == "yes/no":
            return functools.partial(_yes_no, words)
        read = _codes if spec.type == "codes" else _code
        return functools.partial(read, words, hints=hints)
    if spec.type == "period":
        return functools.partial(_period, spec)
    readers: dict[str, Reader] = {
        "number": _number,
        "text": _text,
        "link": _link,
        "key": _key,
        "keys": _keys,
    }
    return readers[spec.type]


# Codes ------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4096)  # the words of a column's codes recur with every sheet
def _comparable(text: str) -> str:
    """A code as it is compared: capitals, spaces and hyphens make no difference."""
    return _SEPARATORS.sub("", spaced_once(text)).casefold()


def code_words(spec: ColumnSpec) -> Mapping[str, str]:
    """The code for each word that a column accepts, as words are compared. The codes of a yes/no
    column are yes and no, with the register's words or the usual ones (semantics.md: Evidence)."""
    if spec.type != "yes/no":
        return _words_of(spec.codes, _comparable)
    if not spec.codes:
        return dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no")
    return _words_of({"yes": (), "no": (), **spec.codes}, normal_key)


def _words_of(
    codes: Mapping[str, Sequence[str]], normalise: Callable[[str], str]
) -> Mapping[str, str]:
    """The code for each word, which is the code itself or one of its synonyms. A word that is one
    code and a synonym of another means the first; a synonym of two codes means neither. Two codes
    are never compared as one: the lint refuses them (rules/lint/registers.py: _lint_codes)."""
    claims: dict[str, set[str]] = {}
    for code, synonyms in codes.items():
        for word in (code, *synonyms):
            claims.setdefault(normalise(word), set()).add(code)
    for code in codes:
        claims[normalise(code)] = {code}
    return {word: claimed.pop() for word, claimed in claims.items() if len(claimed) == 1}


def _code(words: Mapping[str, str], cell: RawValue, *, hints: bool) -> CellResult:
    """One code. If the word is unknown, the message names the code that is probably meant."""
    text = raw_text(cell)
    if code := words.get(_comparable(text)):
        return CellResult(code)
    if len(codes := _codes_in(words, _parts(text))) > 1:
        return CellResult(
            None,
            f"{quoted(text)} is several options, and this column takes one.",
            f"Enter {listed(codes, 'or')}. If the row needs another as well, add a row for it.",
            predicate="are several options, and this column takes one",
            shared_instruction="Enter one of them. If the row needs another, add a row for it.",
        )
    meant = _meant(words, _comparable(text)) if hints and not says_nothing(text) else ""
    hint = f" Did you mean {meant}?" if meant else ""
    return CellResult(
        None,
        f"{quoted(text)} is not an option in this column.{hint}",
        predicate="are not options in this column",
        detail=f"did you mean {meant}?" if meant else "",
    )


def _meant(words: Mapping[str, str], text: str) -> str:
    """The code that an unknown word probably means, because it is misspelt, or is a part of the
    words for one code only ('pathway', of 'referral pathway'); '' if there is none."""
    near = nearest(text, words)
    if near and is_slip(text, near):
        return words[near]
    whole = {code for word, code in words.items() if len(text) >= _LONG_PART and text in word}
    return whole.pop() if len(whole) == 1 else ""


def _codes(words: Mapping[str, str], cell: RawValue, *, hints: bool) -> CellResult:
    """Several codes: separated by semicolons or lines, or by commas where each part is a code."""
    codes: set[str] = set()
    for part in _parts(cell):
        pieces = [_comparable(piece) for piece in part.split(",")]
        if _comparable(part) not in words and all(piece in words for piece in pieces):
            codes.update(words[piece] for piece in pieces)
            continue
        result = _code(words, part, hints=hints)
        if not isinstance(result.value, str):
            return _joined(words, part) or result
        codes.add(result.value)
    if not codes:  # the cell contains nothing but separators, which are like no code
        return _code(words, cell, hints=False)
    return CellResult(frozenset(codes))


def _joined(words: Mapping[str, str], text: str) -> CellResult | None:
    """What to enter where a text is several codes with another mark or 'and' between them."""
    codes = _codes_in(words, _JOINTS.split(text))
    if len(codes) < 2:
        return None
    return CellResult(
        None,
        f"{quoted(text.strip())} is several options.",
        f"Put semicolons between them: {'; '.join(codes)}.",
        predicate="are several options",
        shared_instruction="Put semicolons between the options.",
    )


def _codes_in(words: Mapping[str, str], pieces: Sequence[str]) -> list[str]:
    """The codes that the pieces of a text are, without blank pieces; [] if one is unknown."""
    codes = [words.get(_comparable(piece), "") for piece in pieces if piece.strip()]
    return codes if all(codes) else []


def _parts(cell: RawValue) -> list[str]:
    """The texts between semicolons or line breaks, without blank ones."""
    return [part for part in _PART_BREAK.split(raw_text(cell)) if spaced_once(part)]


def _yes_no(words: Mapping[str, str], cell: RawValue) -> CellResult:
    text = raw_text(cell)
    code = words.get(normal_key(text), "").casefold()  # a register may write them as Yes and No
    if code in ("yes", "no"):
        return CellResult(code == "yes")
    return CellResult(None, f"{quoted(text)} is not yes or no.", predicate="are not yes or no")


# Periods, numbers, texts and keys ---------------------------------------------------------------


def _period(spec: ColumnSpec, cell: RawValue) -> CellResult:
    if isinstance(cell, datetime.date):
        return _month_of_day(spec, cell)
    period = read_period(raw_text(cell), spec.periods)
    if isinstance(period, Period):
        return CellResult(period.label)
    detail = f"did you mean {period.meant}?" if period.meant else ""
    return _not_a_period(spec, period.message, detail)


def _not_a_period(spec: ColumnSpec, message: str, detail: str = "") -> CellResult:
    kinds = listed([f"{kind}s" for kind in spec.periods], "or") or "periods"
    return CellResult(None, message, predicate=f"are not {kinds}", detail=detail)


def _month_of_day(spec: ColumnSpec, day: datetime.date) -> CellResult:
    """The month of a date, in a column of months, if the date is the first of it: Excel changes
    July 2025 to 1 July 2025 as it is typed."""
    if day.day == 1 and "month" in spec.periods and raw_text(day) == day.isoformat()[:10]:
        return CellResult(day.isoformat()[:7])
    return _not_a_period(
        spec, f"{quoted(raw_text(day))} is a date, not a {kinds_words(spec.periods)}."
    )


def _number(cell: RawValue) -> CellResult:
    text = raw_text(cell)
    if isinstance(cell, bool | datetime.date | datetime.time | datetime.timedelta):
        return _not_a_number(text)
    if match := _WHOLE.fullmatch(spaced_once(text)):
        return CellResult(int(match[1].replace(",", "")))
    return _not_a_number(text)


def _not_a_number(text: str) -> CellResult:
    pounds = _WHOLE.fullmatch(spaced_once(text).removeprefix("£").strip())
    meant = f" Did you mean {pounds[1].replace(',', '')}?" if pounds else ""
    return CellResult(
        None, f"{quoted(text)} is not a whole number.{meant}", predicate="are not whole numbers"
    )


def _text(cell: RawValue) -> CellResult:
    text = raw_text(cell)
    return _SILENT if says_nothing(text) else CellResult(text.strip())


def _link(cell: RawValue) -> CellResult:
    text = raw_text(cell).strip()
    if says_nothing(text):
        return _SILENT
    if is_link(text):
        return CellResult(text)
    return CellResult(None, f"{quoted(text)} is not a link.", predicate="are not links")


def _key(cell: RawValue) -> CellResult:
    key = normal_key(raw_text(cell))
    return _SILENT if key_says_nothing(key) else CellResult(key)


def _keys(cell: RawValue) -> CellResult:
    """The keys in a cell; a part that says nothing counts as blank."""
    keys = frozenset(map(normal_key, _parts(cell)))
    named = frozenset(key for key in keys if not key_says_nothing(key))
    return CellResult(named) if named else _SILENT
