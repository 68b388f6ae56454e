"""One cell of each type of column, read: its value, or a sentence that says why there is none.

Days are read a column at a time (evidence.cells.types), since a column decides on its order.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from evidence.cells.periods import Period, kinds_words, period_words, read_period
from evidence.cells.silence import key_says_nothing, says_nothing
from evidence.cells.text import listed, nearest, normal_key, quoted, raw_text, spaced_once
from evidence.raw_cells import RawValue
from evidence.register import BLANK_NOTHING, ColumnSpec
from evidence.table import Typed


class CellReading(NamedTuple):
    """The value of a cell, or why it has none.

    The cell ``04/25/2026`` in a column of days has this reading::

        CellReading(
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
    means that ``instruction`` is right for all such cells. The reading of ``yes`` in a yes/no
    column is ``CellReading(True)``: with a value, nothing else is needed.
    """

    value: Typed
    message: str = ""
    instruction: str = ""
    predicate: str = ""
    detail: str = ""
    shared_instruction: str = ""


Reader = Callable[[RawValue], CellReading]

#: The reading of a text or key that says nothing; :mod:`evidence.cells.types` reads it as a blank.
_SILENT = CellReading(None, predicate="say nothing")

_YES = frozenset({"yes", "y", "true", "✓", "✔", "☑", "✅"})
_NO = frozenset({"no", "n", "false"})
_WHOLE = re.compile(r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4}))(?:\.0{1,9})?")
_PARTED = re.compile(r"[;\n\r]")
#: How a note begins that says what to enter: 'The job title of the person ...', 'Why nothing ...'.
_NOUN_PHRASE = re.compile(r"(?:The|An?|One|All|Either|What|Why)\b[^;.?]*(?![^;.]*\?)")
_LISTED = 12  # options at most that a sentence lists
_JOINTS = re.compile(r"[\s\-_\u2010-\u2015\u2212]+")


def reader_for(spec: ColumnSpec, hints: bool = True) -> Reader:
    """The reader of single cells for a column of any type but day. Without ``hints`` an unknown
    code is not compared with the known ones, which is slow."""
    if spec.type in ("code", "codes", "yes/no"):
        words = code_words(spec)
        if spec.type == "yes/no":
            return functools.partial(_yes_no, words)
        return functools.partial(_codes if spec.type == "codes" else _code, words, hints)
    if spec.type == "period":
        return functools.partial(_period, spec)
    readers: dict[str, Reader] = {"number": _number, "text": _text, "key": _key, "keys": _keys}
    return readers[spec.type]


# Codes ------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4096)  # the words of a column's codes come again with every sheet
def _joined(text: str) -> str:
    """A code as it is compared: capitals, spaces and hyphens make no difference."""
    return _JOINTS.sub("", spaced_once(text)).casefold()


def code_words(spec: ColumnSpec) -> Mapping[str, str]:
    """The code for each accepted word, without words of two codes. The codes of a yes/no column
    are yes and no, with the register's words or the usual ones (semantics.md: Evidence)."""
    if spec.type != "yes/no":
        return _words_of(spec.codes, _joined)
    if not spec.codes:
        return dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no")
    return _words_of({"yes": (), "no": (), **spec.codes}, normal_key)


def _words_of(codes: Mapping[str, Sequence[str]], plain: Callable[[str], str]) -> Mapping[str, str]:
    claims: dict[str, set[str]] = {}
    for code, synonyms in codes.items():
        for word in (code, *synonyms):
            claims.setdefault(plain(word), set()).add(code)
    for code in codes:
        claims[plain(code)] = {code}
    return {word: claimed.pop() for word, claimed in claims.items() if len(claimed) == 1}


def _code(words: Mapping[str, str], hints: bool, cell: RawValue) -> CellReading:
    text = raw_text(cell)
    if code := words.get(_joined(text)):
        return CellReading(code)
    near = nearest(_joined(text), words) if hints and not says_nothing(text) else None
    hint = f" Did you mean {words[near]}?" if near else ""
    return CellReading(
        None,
        f"{quoted(text)} is not an option in this column.{hint}",
        predicate="are not options in this column",
        detail=f"did you mean {words[near]}?" if near else "",
    )


def _codes(words: Mapping[str, str], hints: bool, cell: RawValue) -> CellReading:
    """Several codes: separated by semicolons or lines, or by commas where each part is a code."""
    codes: set[str] = set()
    for part in _parts(cell):
        commas = [_joined(piece) for piece in part.split(",")]
        if _joined(part) not in words and all(piece in words for piece in commas):
            codes.update(words[piece] for piece in commas)
            continue
        answer = _code(words, hints, part)
        if not isinstance(answer.value, str):
            return answer
        codes.add(answer.value)
    return CellReading(frozenset(codes)) if codes else _code(words, False, cell)


def _parts(cell: RawValue) -> list[str]:
    return [part for part in _PARTED.split(raw_text(cell)) if spaced_once(part)]


def _yes_no(words: Mapping[str, str], cell: RawValue) -> CellReading:
    text = raw_text(cell)
    word = words.get(normal_key(text), "").casefold()
    if word in ("yes", "no"):
        return CellReading(word == "yes")
    return CellReading(None, f"{quoted(text)} is not yes or no.", predicate="are not yes or no")


# Periods, numbers, texts and keys ---------------------------------------------------------------


def _period(spec: ColumnSpec, cell: RawValue) -> CellReading:
    if isinstance(cell, datetime.date):
        return _period_of_day(spec, cell)
    answer = read_period(raw_text(cell), spec.periods)
    if isinstance(answer, Period):
        return CellReading(answer.label)
    return _no_period(spec, answer.message, f"did you mean {answer.meant}?" if answer.meant else "")


def _no_period(spec: ColumnSpec, message: str, detail: str = "") -> CellReading:
    kinds = listed([f"{kind}s" for kind in spec.periods], "or") or "periods"
    return CellReading(None, message, predicate=f"are not {kinds}", detail=detail)


def _period_of_day(spec: ColumnSpec, day: datetime.date) -> CellReading:
    """Excel makes a day of a month that is typed in: July 2025 becomes 1 July 2025."""
    if day.day == 1 and "month" in spec.periods and raw_text(day) == day.isoformat()[:10]:
        return CellReading(day.isoformat()[:7])
    return _no_period(
        spec, f"{quoted(raw_text(day))} is a date, not a {kinds_words(spec.periods)}."
    )


def _number(cell: RawValue) -> CellReading:
    text = raw_text(cell)
    if isinstance(cell, bool | datetime.date | datetime.time | datetime.timedelta):
        return _no_number(text)
    plain = spaced_once(text)
    if match := _WHOLE.fullmatch(plain):
        return CellReading(int(match[1].replace(",", "")))
    return _no_number(text)


def _no_number(text: str) -> CellReading:
    return CellReading(
        None, f"{quoted(text)} is not a whole number.", predicate="are not whole numbers"
    )


def _text(cell: RawValue) -> CellReading:
    text = raw_text(cell)
    return _SILENT if says_nothing(text) else CellReading(text.strip())


def _key(cell: RawValue) -> CellReading:
    key = normal_key(raw_text(cell))
    return _SILENT if key_says_nothing(key) else CellReading(key)


def _keys(cell: RawValue) -> CellReading:
    """The keys in a cell; a part that says nothing is as blank, and names none."""
    keys = frozenset(normal_key(part) for part in _parts(cell) if not says_nothing(part))
    return CellReading(keys) if keys else _SILENT


# What to write instead --------------------------------------------------------------------------


def entry_words(spec: ColumnSpec, sheets: Mapping[str, str] = MappingProxyType({})) -> str:
    """What to enter in a cell of the column, as the end of a sentence that begins with Enter.

    ``sheets`` are the names of the office's sheets, by their registers.
    """
    named = listed([sheets.get(id_, id_.capitalize()) for id_ in spec.named], "or")
    codes, some, phrase = tuple(spec.codes), "", _phrase(spec).partition(",")[0]
    if len(codes) > _LISTED:
        every = "every option is on the Options sheet of the blank workbook"
        some = f"such as {listed(codes[:3], 'or')} ({every})"
    row = f"{phrase}, as on" if phrase else "a ref from"
    expected = {
        "day": "the date, such as 25/04/2026",
        "period": period_words(spec.periods),
        "code": f"{phrase or 'an option'}, {some}"
        if some
        else f"one of these: {listed(codes, 'or')}",
        "codes": f"one or more options, separated by semicolons, {some}"
        if some
        else f"one or more of these, separated by semicolons: {listed(codes, 'or')}",
        "yes/no": "yes or no",
        "number": "a whole number such as 12",
        "text": "text",
        "key": f"{row} the {named} sheet" if named else "a ref",
        "keys": f"refs from the {named} sheet, separated by semicolons"
        if named
        else "refs, separated by semicolons",
    }[spec.type]
    return f"{expected}, or leave the cell blank" if spec.blank == BLANK_NOTHING else expected


def note_of(spec: ColumnSpec) -> str:
    """What to enter in a column of texts, from the register's note on it: 'the post that approved
    it'; '' if the note does not begin with a noun phrase."""
    return _phrase(spec) if spec.type in ("text", "key") and not spec.named else ""


def _phrase(spec: ColumnSpec) -> str:
    """What the column's note says it contains, in the middle of a sentence; '' if it asks."""
    match = _NOUN_PHRASE.match(spec.note)
    return f"{match[0][0].lower()}{match[0][1:]}" if match else ""
