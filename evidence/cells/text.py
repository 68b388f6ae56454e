"""Normalises the texts of cells, and words parts of the messages about problems."""

from __future__ import annotations

import datetime
import difflib
import functools
import re
from collections.abc import Callable, Iterable, Sequence

from evidence.raw_cells import RawValue

#: Marks of no width, which come into cells with texts copied from web pages and Word.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_HYPHENS = re.compile(r"[-_\u2010-\u2014]")
#: Letters that look like digits, with the digit and what it is called.
_ZERO = ("0", "a zero for the letter O")
_ONE = ("1", "a one for the letter I or l")
_LIKE_DIGITS = {"O": _ZERO, "o": _ZERO, "I": _ONE, "l": _ONE}
_BESIDE_A_DIGIT = re.compile(r"(?<=\d)[OoIl]|[OoIl](?=\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[OoIl](?=\d)")
_SHOWN = 40  # characters of a cell's text that a sentence quotes


def spaced_once(text: str) -> str:
    """The text without invisible marks, trimmed, with single spaces."""
    return " ".join((text if text.isascii() else text.translate(_UNSEEN)).split())


def normal_key(text: str) -> str:
    """A key, normalised for comparison: trimmed, with single spaces, in small letters."""
    return spaced_once(text).casefold()


# The headings of a sheet, and the words for its codes, are normalised again for each register
# and column that they might belong to.
@functools.lru_cache(maxsize=4096)
def normal_heading(text: str) -> str:
    """A heading or a sheet's name, normalised for comparison: as a key, with spaces for hyphens and
    underscores, and without punctuation at its end. 'Date_of  Training:' is 'date of training'."""
    worded = spaced_once(_HYPHENS.sub(" ", text))
    return worded.rstrip(" .,:;!?*").casefold()


def is_blank(cell: RawValue) -> bool:
    """Whether nothing can be seen in the cell."""
    if isinstance(cell, str):
        return not (cell.strip() if cell.isascii() else spaced_once(cell))
    return cell is None


def raw_text(cell: RawValue) -> str:
    """A cell's text: a whole number without a point (7), a day as 2025-04-03, TRUE and FALSE."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"  # as many as Excel keeps
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return str(cell)


def quoted(text: str) -> str:
    """The text in single quotes on one line, cut after 40 characters."""
    line = spaced_once(text)
    return f"'{line}'" if len(line) <= _SHOWN else f"'{line[:_SHOWN].rstrip()} …'"


def sheet_text(name: str) -> str:
    """A sheet's name; in quotes if it has spaces that could not be seen otherwise."""
    return name if name == " ".join(name.split()) else f"'{name}'"


def listed(words: Sequence[str], last: str = "and") -> str:
    """The words in a row: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def some_of(words: Sequence[str], most: int = 6, total: int = 0) -> str:
    """At most ``most`` of the words: ``a, b, c and 4 more``. ``total`` is the number of all words,
    if ``words`` are only the first of them."""
    total = max(total, len(words))
    if total <= most + 1 and total == len(words):
        return listed(words)
    return f"{', '.join(words[:most])} and {total - len(words[:most]):,} more"


def row_numbers_text(rows: Sequence[int]) -> str:
    """``row 4``, or ``rows 4, 5 and 9``."""
    return ("row " if len(rows) == 1 else "rows ") + some_of([str(row) for row in rows], most=10)


def column_words(letters: Sequence[str]) -> str:
    """``column D``, or ``columns D, E and I``."""
    return ("column " if len(letters) == 1 else "columns ") + some_of(letters, most=10)


@functools.lru_cache(maxsize=4096)
def _nearest(word: str, among: tuple[str, ...]) -> str | None:
    close = difflib.get_close_matches(word, among, n=1, cutoff=0.72)
    return close[0] if close else None


def nearest(word: str, among: Iterable[str]) -> str | None:
    """The most similar of ``among``, with both normalised as headings; None if none is similar.
    ``nearest('Trainig', ['Training', 'Staff'])`` is 'Training'."""
    shown: dict[str, str] = {}
    for other in among:
        shown.setdefault(normal_heading(other), other)
    similar = _nearest(normal_heading(word), tuple(shown))
    return shown[similar] if similar is not None else None


def with_digits(text: str, is_listed: Callable[[str], bool]) -> tuple[str, str]:
    """A reference with digits for letters that look like them, and which they are: ``S904`` and ``a
    zero for the letter O``, of ``S9O4``. '' and '' where no letter is between two digits and the
    changed reference is not listed."""
    letters = _BESIDE_A_DIGIT.findall(text)
    changed = _BESIDE_A_DIGIT.sub(lambda letter: _LIKE_DIGITS[letter[0]][0], text)
    if not letters or not (_BETWEEN_DIGITS.search(text) or is_listed(changed)):
        return "", ""
    return changed, listed(sorted({_LIKE_DIGITS[letter][1] for letter in letters}))


def is_slip(text: str, word: str) -> bool:
    """Whether a text differs from a word in at most every fourth letter: 'linemanager' is not
    meant for 'itmanager', although most of its letters are there."""
    changes = difflib.SequenceMatcher(None, text, word, autojunk=False).get_opcodes()
    different = sum(max(a2 - a1, b2 - b1) for tag, a1, a2, b1, b2 in changes if tag != "equal")
    return different <= max(1, len(word) // 4)


def nearest_names(name: str, among: Iterable[str], most: int) -> tuple[str, ...]:
    """At most ``most`` names similar to ``name``: names that contain it, then names spelt alike."""
    by_key = {normal_key(other): other for other in among if other}
    key = normal_key(name)
    containing = [other for other in by_key if key and key in other]
    similar = difflib.get_close_matches(key, by_key, n=most, cutoff=0.3)
    return tuple(by_key[other] for other in dict.fromkeys([*containing, *similar]))[:most]
