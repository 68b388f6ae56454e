"""What the words of an office mean in a column of a register."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from evidence.cells.day_text import Day, DayReason, read_day
from evidence.cells.periods import NoPeriod, read_period
from evidence.cells.readers import reader_for
from evidence.cells.silence import says_nothing
from evidence.cells.text import normal_heading, normal_key, quoted, spaced_once
from evidence.mapping.cell_parts import find_not_done_words, part_of_cell
from evidence.mapping.model import BLANK, NOT_DONE, CellPart
from evidence.mapping.propose.likeness import (
    codes_alike,
    headings_alike,
    misspelt,
    same_words,
    shortened,
    turned,
    turning,
)
from evidence.mapping.propose.proposals import Certainty
from evidence.register import BLANK_NOTHING, ColumnSpec, ColumnType, PeriodKind
from evidence.table import Typed

_WORD = re.compile(r"[^\W_]+")

#: Texts in a column of dates that say that there is no date. An exact word, or the beginning.
_NO_DATE = re.compile(
    r"(?:n/?a|lts|not (?:needed|required|applicable|due|done|started)|exempt|rolling|ongoing"
    r"|long[- ]term sick|maternity|mat\.? leave|dna|tick|none|never|deferred|defd|on hold)\b"
)
_SURELY_NO_DATE = re.compile(r"n/?a|none|never|exempt|not (?:needed|required|applicable|done)")
#: Those that say so of what was to be done; of an end or a deadline, a person has to say it.
_NOT_DONE_YET = re.compile(
    r"lts|long[- ]term sick|maternity(?: leave)?|mat\.? leave|dna|defd|deferred|on hold|not started"
)
_BRACKETS = re.compile(r"[()\[\]]")
#: 'Districts and boroughs'.
_TWO = re.compile(r"(\w+) (?:and|&) (\w+)")
_DASHES = ("-", "–", "—", "--")
_TO_COME = re.compile(r"(?:booked|due|planned|to be|awaiting|pending|enrolled|invited|overdue)\b")
_PARTS = re.compile(r"[;,\n\r]")
_JOINTS = re.compile(r"\s*(?:[;,\n\r/+&]|\band\b)\s*")
#: 'P = present, S = substitute sent', or with two spaces between 'A apologies   C cancelled'.
_KEY = re.compile(
    r"(?:^|[\s,;.:(])([^\s=,;]{1,12}) = ([^=]+?)(?=[,;.)\s]\s*[^\s=,;]{1,12} = |[.;)]|$)"
)
_KEY_WORDS = re.compile(
    r"(?:^|[:,;(]|\s{2,})\s*([^\s=,;:(]{1,4}) ([a-z][^=,;]{2,40}?)(?=,|;|\.|\)|\s{2,}|$)"
)
_MOST_KEY = 500  # characters of a text that may be a key
_YES = re.compile(r"(?:y|yes)(?![\w/-])|[✓✔]")
_NO = re.compile(r"(?:n|no|fail|failed)(?![\w/-])|[✗✘]|not\b")
_CROSSES = ("n", "no", "✗", "✘")
#: Words that say that nobody knows yet, which is not an answer in any column.
_NOT_KNOWN = re.compile(r"\?+|(?:tb[acd]|n/?k|unknown|not known|to be (?:confirmed|advised))[.?]*")
#: Words by which a text says less than the word beside them: 'Unsigned', 'Yes, but not yet'.
_LESS = re.compile(r"\b(?:no|but|part|ex|pre|un[a-z]{3,}|subject to|in principle)\b|^to\b")
_NEGATIVE = re.compile(r"(?:no|not|none|never|nothing|absent)\b")
_SHORT_YEARS = re.compile(r"(?<![0-9/])(2[0-9])[/-](2[0-9])(?![0-9/])")
_YEARS = re.compile(r"(?<![0-9/])20[0-9]{2}[/-][0-9]{2}(?![0-9/-])")
_MOST_KNOWN = 2048  # words of a column whose meanings are kept
_LIKELY = 0.84
_POSSIBLE = 0.66


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means, how certain that is, and why."""

    meaning: str
    certainty: Certainty
    reason: str


def key_of_words(texts: Iterable[str]) -> dict[str, str]:
    """The explanations in a sheet's own key, such as 'P = present', by the normal form of the
    word."""
    explanations: dict[str, str] = {}
    for text in texts:
        short = text[:_MOST_KEY]
        pairs = _KEY.findall(short) if " = " in short else _KEY_WORDS.findall(short)
        for word, explanation in pairs:
            explanations.setdefault(normal_key(word), spaced_once(explanation))
    return explanations


def may_say_less(spec: ColumnSpec, word: str, meaning: str) -> bool:
    """Whether a text may say less than a meaning: it has a word such as 'not', 'pending' or 'un-',
    or a question mark, and no accepted word with that meaning has it."""
    if meaning in ("no", BLANK, NOT_DONE):
        return False
    codes = meaning.split("; ") if spec.type == "codes" else [meaning]
    accepted = [text for code in codes for text in (code, *spec.codes.get(code, ()))]
    if spec.type == "yes/no":
        accepted = list(spec.headings)
    text = normal_key(word)
    known = normal_key(" ; ".join(accepted))
    less = [*find_not_done_words(text), *_LESS.findall(text)]
    return not all(part in known for part in less) or turned(word, tuple(accepted))


def joined(word: str) -> list[str]:
    """The parts of a text with 'and', a stroke or another joint."""
    return [part for part in _JOINTS.split(word[:_MOST_KEY]) if part]


class _CodeWords(NamedTuple):
    """The normal forms of a code and its synonyms, the words of those of two, such as 'districts
    and boroughs', and all of their words."""

    code: str
    texts: Sequence[str]
    halves: Collection[str]
    words: Collection[str]

    @classmethod
    def of(cls, code: str, synonyms: Iterable[str]) -> Self:
        """Those of a code with these synonyms."""
        texts = [normal_heading(text) for text in (code, *synonyms)]
        twos = filter(None, map(_TWO.fullmatch, texts))
        halves = {half for two in twos for half in two.groups()}
        return cls(code, texts, halves, {word for text in texts for word in _WORD.findall(text)})


class Meanings:
    """Finds what words mean in one column."""

    def __init__(self, spec: ColumnSpec, key: Mapping[str, str], *, wide: bool = False) -> None:
        """``key`` is the sheet's own; ``wide``: the column is in the cells of wide columns, so
        that a cell without a date is not a record."""
        self._spec, self._key, self._wide = spec, key, wide
        self._reader = reader_for(spec, hints=False) if spec.type != "day" else None
        self._codes = [_CodeWords.of(code, words) for code, words in spec.codes.items()]
        self.accepted = functools.lru_cache(maxsize=_MOST_KNOWN)(self._accepted)
        self.of = functools.lru_cache(maxsize=_MOST_KNOWN)(self._of)

    def parts(self, text: str) -> list[str]:
        """The words of a cell: a column that takes several has each of them looked up."""
        if self._spec.type != "codes" or self.accepted(text) is not None:
            return [text]
        return [part.strip() for part in _PARTS.split(text) if part.strip()]

    def _accepted(self, word: str) -> str | None:
        """What an accepted word means; None of any other."""
        if self._reader is None:
            return None
        value = self._reader(word).value
        return None if value is None else _written(value)

    def _of(self, word: str, part: CellPart | None = None) -> Meaning | None:
        """What a word means; None if nothing shows it, or if the word is read as it is. A meaning
        is only possible where the word may say the opposite: a person is then asked about it by
        itself."""
        if self._spec.type == "day":
            return self._of_no_day(word, part)
        if self._spec.type == "period":
            return self._of_period(word)
        meaning = self._of_word(word)
        if meaning is None or self.accepted(word) is not None:
            return meaning
        if not may_say_less(self._spec, word, meaning.meaning):
            return meaning
        return replace(meaning, certainty=Certainty.POSSIBLE)

    def _of_word(self, word: str) -> Meaning | None:
        """The meaning of a word in a column of codes, periods or yes and no; None if none is
        likely. The surest way to find it is tried first."""
        spec = self._spec
        accepted = self.accepted(word)
        if accepted is not None:
            return Meaning(accepted, Certainty.CERTAIN, f"{quoted(word)} is an accepted word.")
        if spec.type == "yes/no" and (meaning := self._of_yes_no(word)) is not None:
            return meaning
        if says_nothing(word) and normal_key(word) not in self._key:
            return self._blank(word)
        if spec.type == "yes/no":
            return None
        if self._names_two(word):
            return None
        return (
            self._same(word)
            or self._said_twice(word)
            or self._before_brackets(word)
            or self._explained(word)
            or self._several(word)
            or self._like_code(word)
        )

    # Codes ---------------------------------------------------------------------------------------

    def _same(self, word: str) -> Meaning | None:
        """The one code with an accepted word that has the same words, but for abbreviations, and
        for a year or a number: 'Situational Assmt 25-26', 'GDP-101 Data awareness'."""
        plain = " ".join(part for part in word.split() if not any(map(str.isdigit, part)))
        plain = self._without_own_name(plain)
        whole = self._spelled_out(plain)
        codes = [
            code
            for code, synonyms in self._spec.codes.items()
            if any(
                same_words(whole, spelling) or misspelt(plain, spelling)
                for spelling in (code, *synonyms)
            )
        ]
        if len(codes) != 1:
            return None
        return Meaning(
            codes[0], Certainty.CERTAIN, f"{quoted(word)} is another form of '{codes[0]}'."
        )

    def _without_own_name(self, text: str) -> str:
        """A text without the words of the column's heading: 'Awareness' for 'Awareness course'
        under 'Course'. The text itself if it has no other words."""
        codes = {word for code in self._spec.codes for word in normal_heading(code).split()}
        heading_words = {*self._spec.headings} - codes
        words = [
            word for word in text.split() if normal_heading(word).strip(":") not in heading_words
        ]
        return " ".join(words) if words else text

    def _spelled_out(self, text: str) -> str:
        """A text of several words with the name of each code that is the first letters of a synonym
        replaced by that: 'the Human Resources desk' for 'HR's desk'."""
        words = text.replace("’", "'").replace("'s", "").split()
        if len(words) < 2:
            return text
        names = {code.casefold(): code for code in self._spec.codes if code.isupper()}
        for number, word in enumerate(words):
            synonyms = self._spec.codes.get(names.get(word.casefold(), ""), ())
            words[number] = next((s for s in synonyms if codes_alike(word, s) == 0.85), word)
        return " ".join(words)

    def _before_brackets(self, word: str) -> Meaning | None:
        """The code of an accepted name of several words before brackets that name no other:
        'Prevention Officer (acting)'."""
        name, _, more = (part.strip() for part in word.partition("("))
        code = self.accepted(name) if more and " " in name else None
        if code is None or set(spelled_in(more, self._spec)) - {code}:
            return None
        return Meaning(code, Certainty.CERTAIN, f"{quoted(name)} is an accepted word.")

    def _said_twice(self, word: str) -> Meaning | None:
        """The one code of which a text has two accepted words: 'Temp (agency)'."""
        parts = [part for part in _BRACKETS.split(word) if part.strip()]
        codes = {self.accepted(part.strip()) for part in parts}
        if len(parts) < 2 or len(codes) > 1 or None in codes:
            return None
        (code,) = codes
        assert code is not None
        return Meaning(code, Certainty.CERTAIN, f"Both parts of {quoted(word)} are '{code}'.")

    def _explained(self, word: str) -> Meaning | None:
        """What a word means by the sheet's own key."""
        explanation = self._key.get(normal_key(word))
        if explanation is None:
            return None
        accepted = self.accepted(explanation)
        if accepted is not None:
            meaning: Meaning | None = Meaning(accepted, Certainty.CERTAIN, "")
        else:
            meaning = self._same(explanation) or self._like_code(explanation)
        if meaning is None:
            return None
        reason = f"The key on the sheet says that {quoted(word)} is {quoted(explanation)}."
        is_plain = spelled_in(explanation, self._spec) == [meaning.meaning]
        sure = is_plain and not turning(explanation)
        certainty = Certainty.CERTAIN if sure else meaning.certainty
        return Meaning(meaning.meaning, certainty, reason)

    def _like_code(self, word: str) -> Meaning | None:
        """The code whose words are most like a word, if no other is nearly as like."""
        scores = sorted(((score, code) for code, score in _scores(self._spec, word)), reverse=True)
        if len(codes := self._halves(word)) == 1:
            return Meaning(codes[0], Certainty.LIKELY, f"{quoted(word)} is a part of '{codes[0]}'.")
        if not scores or scores[0][0] < _POSSIBLE:
            return self._initial(word)
        best, code = scores[0]
        second = scores[1][0] if len(scores) > 1 else 0.0
        if best - second < 0.05:
            return None
        likely = best >= _LIKELY and best - second >= 0.1
        certainty = Certainty.LIKELY if likely else Certainty.POSSIBLE
        if second < _POSSIBLE and any(
            shortened(word, spelling) for spelling in (code, *self._spec.codes[code])
        ):
            certainty = Certainty.CERTAIN
        return Meaning(code, certainty, f"{quoted(word)} is like '{code}'.")

    def _halves(self, word: str) -> list[str]:
        """The codes of which a word is a part: one of two words, as 'boroughs' of 'districts and
        boroughs', or the capitals at the beginning, as ABC of ABCWM, 'ABC West Midlands'. None if
        an accepted word of another code has the word."""
        key = normal_heading(word)
        capitals = len(word) > 2 and word.isupper()
        codes = []
        for code in self._codes:
            begun = capitals and code.code.startswith(word)
            if key in code.halves or (
                begun and any(text.startswith(f"{key} ") for text in code.texts)
            ):
                codes.append(code.code)
            elif key in code.words:
                return []
        return codes

    def _initial(self, word: str) -> Meaning | None:
        """The one code that begins with a letter."""
        if len(word) != 1:
            return None
        codes = [code for code in self._spec.codes if code[:1].casefold() == word.casefold()]
        if len(codes) != 1 or len(self._spec.codes) > 8:
            return None
        reason = f"{quoted(word)} is the first letter of '{codes[0]}' alone."
        return Meaning(codes[0], Certainty.POSSIBLE, reason)

    def _several(self, word: str) -> Meaning | None:
        """The codes of a text with several words, in a column that takes several."""
        parts = joined(word)
        if self._spec.type != "codes" or len(parts) < 2:
            return None
        meanings = [self.of(part) for part in parts]
        codes = [meaning.meaning for meaning in meanings if meaning is not None]
        if len(codes) < len(parts) or BLANK in codes:
            return None
        order = (Certainty.POSSIBLE, Certainty.LIKELY, Certainty.CERTAIN)
        certainty = min((m.certainty for m in meanings if m is not None), key=order.index)
        text = "; ".join(dict.fromkeys(codes))
        return Meaning(text, certainty, f"Each part of {quoted(word)} is like an accepted word.")

    def _names_two(self, word: str) -> bool:
        """Whether a text names two codes, where the column takes one."""
        parts = joined(word)
        if self._spec.type != "code" or len(parts) < 2:
            return False
        meanings = [self._same(part) or self._like_code(part) for part in parts]
        return len({m.meaning for m in meanings if m is not None}) > 1

    # Other columns -------------------------------------------------------------------------------

    def _of_yes_no(self, word: str) -> Meaning | None:
        key = normal_key(word)
        explanation = normal_key(self._key.get(key, ""))
        if _YES.match(key):
            return Meaning("yes", Certainty.LIKELY, f"{quoted(word)} says yes.")
        if key in ("fail", "failed") and "passed" in self._spec.headings:
            return Meaning("no", Certainty.CERTAIN, f"{quoted(word)} says no.")
        if _NO.match(key) or key == "x":
            certainty = Certainty.POSSIBLE if key == "x" else Certainty.LIKELY
            certainty = Certainty.CERTAIN if key in ("✗", "✘") else certainty
            return Meaning("no", certainty, f"{quoted(word)} says no.")
        return self.of_status(word) or (self.of_status(explanation) if explanation else None)

    def of_status(self, word: str) -> Meaning | None:
        """The meaning yes, if a word is like the name of a yes/no column, such as Withdrawn;
        otherwise None."""
        alike = headings_alike(word, self._spec.headings)
        if alike < 0.8:
            return None
        name = self._spec.usual_heading
        certainty = Certainty.CERTAIN if alike == 1 else Certainty.LIKELY
        return Meaning("yes", certainty, f"{quoted(word)} is like '{name}'.")

    def is_tick(self, word: str) -> bool:
        """Whether a word says yes in a list of who was there, by itself or by the sheet's key."""
        key = normal_key(word)
        return bool(_YES.match(key)) or key == "x" or (key == "p" and key not in self._key)

    def is_cross(self, word: str) -> bool:
        """Whether a word says no in a list of who was there."""
        return normal_key(word) in _CROSSES

    def _may_be_nothing(self) -> bool:
        """Whether a cell may say nothing: the column may be blank, or the cell is then not a
        record."""
        return self._wide or self._spec.blank == BLANK_NOTHING

    def _of_no_day(self, word: str, part: CellPart | None) -> Meaning | None:
        """The meaning of a text in a column of dates that has no date, such as 'booked' or 'n/a';
        None if it has a date, or may be one that is misspelt."""
        none = NOT_DONE if self._wide else BLANK
        sure = Certainty.CERTAIN if self._may_be_nothing() else Certainty.LIKELY
        if _TO_COME.match(normal_key(word)) and not self._spec.planned:
            return Meaning(none, sure, f"{quoted(word)} has not happened yet.")
        taken = part_of_cell(word, part) if part is not None else word
        day = read_day(taken) if isinstance(taken, str) else None
        if day is None or isinstance(day, Day):
            return None
        key = normal_key(word)
        shown = f"{quoted(word)} says that there is no date."
        if says_nothing(word):
            return self._blank(word)
        done = not self._spec.ends_or_undoes and not self._spec.planned
        if _SURELY_NO_DATE.fullmatch(key) or (done and _NOT_DONE_YET.fullmatch(key)):
            return Meaning(none, sure, shown)
        if _NO_DATE.match(key) or _TO_COME.match(key):
            return Meaning(none, Certainty.LIKELY, shown)
        explanation = normal_key(self._key.get(key, ""))
        if explanation and (_NO_DATE.match(explanation) or _TO_COME.match(explanation)):
            return Meaning(none, Certainty.LIKELY, shown)
        if day.reason == DayReason.NOT_A_DAY and not any(map(str.isdigit, word)):
            return Meaning(none, Certainty.POSSIBLE, shown)
        return None

    def _of_period(self, word: str) -> Meaning | None:
        if self.accepted(word) is not None:
            return None
        if says_nothing(word):
            return self._blank(word)
        period = read_period(word, self._spec.periods)
        meant = period.meant if isinstance(period, NoPeriod) else ""
        if not meant and (years := _SHORT_YEARS.search(word)):
            longer = f"{word[: years.start()]}20{years[1]}/{years[2]}{word[years.end() :]}"
            meant = self.accepted(longer) or ""
        if not meant:
            return self._of_year_in(word)
        return Meaning(meant, Certainty.CERTAIN, f"{quoted(word)} can only be {meant}.")

    def _of_year_in(self, word: str) -> Meaning | None:
        """The one financial year that a longer text names, such as Training plan 2025/26."""
        years = {self.accepted(years) for years in _YEARS.findall(word[:_MOST_KEY])} - {None}
        if len(years) != 1 or "financial year" not in self._spec.periods:
            return None
        (year,) = years
        assert year is not None
        return Meaning(year, Certainty.LIKELY, f"{quoted(word)} names {year}.")

    def _blank(self, word: str) -> Meaning:
        meaning = NOT_DONE if self._wide else BLANK
        spec = self._spec
        # where a code says no, 'not reached', a dash may mean it
        plain = spec.type in ("code", "codes") and not any(map(_NEGATIVE.match, spec.codes))
        sure = self._may_be_nothing() or spec.type == "day" or plain
        sure = sure and (any(map(str.isalpha, word)) or word in _DASHES)
        sure = sure or (not self._wide and bool(_NOT_KNOWN.fullmatch(normal_key(word))))
        certainty = Certainty.CERTAIN if sure else Certainty.LIKELY
        return Meaning(meaning, certainty, f"{quoted(word)} says that there is nothing.")


def meanings_by(spec: ColumnSpec, key: Mapping[str, str]) -> Meanings:
    """The meanings of words in a column of a sheet with this key."""
    return Meanings(spec, key) if key else plain_meanings(spec)


def plain_meanings(spec: ColumnSpec) -> Meanings:
    """The meanings of words in a column, without a sheet's own key: made once for equal columns."""
    codes = tuple(spec.codes.items())
    names = (spec.name, spec.heading, *spec.spellings)
    flags = {"planned": spec.planned, "ends_or_undoes": spec.ends_or_undoes}
    return _plain(spec.type, spec.blank, names, spec.periods, codes, **flags)


@functools.lru_cache(maxsize=1024)
def _plain(
    type_: ColumnType,
    blank: str,
    names: tuple[str, ...],
    periods: tuple[PeriodKind, ...],
    codes: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    planned: bool,
    ends_or_undoes: bool,
) -> Meanings:
    """The meanings in a column of this kind without a key of the sheet. Columns that differ in
    nothing else share them."""
    spec = ColumnSpec(
        name=names[0],
        heading=names[1],
        type=type_,
        blank=blank,
        planned=planned,
        ends_or_undoes=ends_or_undoes,
        spellings=names[2:],
        periods=periods,
        codes=dict(codes),
    )
    return Meanings(spec, {})


def _written(value: Typed) -> str:
    """A value as it is written in a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _scores(spec: ColumnSpec, word: str) -> Iterator[tuple[str, float]]:
    """How like a word is to each code of a column, by the nearest of its words."""
    for code, synonyms in spec.codes.items():
        yield code, _code_score(normal_heading(word), word, (code, *synonyms))


@functools.lru_cache(maxsize=65536)
def _code_score(_normal: str, word: str, spellings: tuple[str, ...]) -> float:
    return max(codes_alike(word, spelling) for spelling in spellings)


def spelled_in(text: str, spec: ColumnSpec) -> Sequence[str]:
    """The codes of a column whose accepted words are in a longer text, such as a title. If one
    accepted word is a part of another, only the longer one counts."""
    plain = f" {_spread_out(text)} "
    longest: dict[str, str] = {}  # the longest accepted word for each code
    for code, synonyms in spec.codes.items():
        for spelling in (code, *synonyms):
            words = _spread_out(spelling)
            long = len(words) > 4 or (spelling.isupper() and len(words) > 2)
            if long and f" {words} " in plain and len(words) > len(longest.get(code, "")):
                longest[code] = words
    return [
        code
        for code, words in longest.items()
        if not any(words != other and words in other for other in longest.values())
    ]


@functools.lru_cache(maxsize=16384)
def _spread_out(text: str) -> str:
    words = _WORD.findall(normal_heading(text))
    return " ".join(word.removesuffix("s") if len(word) > 4 else word for word in words)
