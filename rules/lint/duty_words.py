"""Lint of the words of a duty: numbers and lengths of time that are not those of its rule."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evidence.cells.day_words import long_day
from evidence.cells.text import listed
from rules.draft import Draft, DutyFile
from rules.model import ABOUT_APPROVAL, Duty, Version
from rules.problem import Problems, RuleProblem
from rules.span import Span
from rules.yaml.source import YamlNode

_LONGEST_BRIEF = 200
_TOO_LONG = 10_000  # for a length of time in any unit
_NUMBER = re.compile(r"\d+")
_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
#: Lengths of time in days or months: those that rules write, and their words.
_UNITS = {
    "day": Span(1, "days"),
    "week": Span(7, "days"),
    "month": Span(1, "months"),
    "quarter": Span(3, "months"),
    "year": Span(12, "months"),
}
_WORD_LENGTHS = {
    "daily": Span(1, "days"),
    "weekly": Span(7, "days"),
    "fortnightly": Span(14, "days"),
    "monthly": Span(1, "months"),
    "quarterly": Span(3, "months"),
    **dict.fromkeys(("yearly", "annual", "annually"), Span(12, "months")),
}
_LENGTH = re.compile(
    rf"(?i)\b(?P<number>\d+|{'|'.join(_NUMBER_WORDS)})[ -](?P<unit>{'|'.join(_UNITS)})s?\b"
)
_OFTEN = re.compile(
    rf"(?i)(?<![\w-])(?:(?P<word>{'|'.join(_WORD_LENGTHS)})"
    rf"|(?:every|each) (?:financial |calendar )?(?P<unit>{'|'.join(_UNITS)}))\b"
)
_PERIOD_LENGTHS: Mapping[str | None, Span] = {
    "month": _UNITS["month"],
    "quarter": _UNITS["quarter"],
    **dict.fromkeys(("financial year", "calendar year"), _UNITS["year"]),
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_LIKE = re.compile(r"\d+([./ -])\w+\1\d+")
_SPAN = re.compile(r'"count":(\d+),"unit":"(days|months)"')
#: The fields of a version that are words for people.
_WORDS = {"citations", "readings", "remarks", *ABOUT_APPROVAL}


def lint_words(file: DutyFile, duty: Duty, draft: Draft) -> Problems:
    """Numbers in the words of a duty that are not those of its rule. The title, 'in brief' and 'to
    do' are compared with every version, and a reading with its own. The versions of a duty that it
    adds a condition to are looked at as well."""
    cut = [draft.file_of(version.pattern.cuts) for version in duty.versions if version.pattern.cuts]
    others = [version for each in cut if each and each.duty for version in each.duty.versions]
    every = (*duty.versions, *others)
    for key, sentence in (("in brief", duty.in_brief), ("to do", duty.to_do)):
        if sentence:
            yield from _lint_in_brief(file.node / key, sentence, every)
    if file.node.source.doubled:
        return  # the words may be about the other value of a key that appears twice
    yield from _lint_lengths(file.node / "title", duty.title, every)
    yield from _lint_often(file.node / "title", duty.title, every)
    for index, version in enumerate(duty.versions):
        for number, reading in enumerate(version.readings):
            place = file.node / "versions" / index / "readings" / number / "reading"
            yield from _lint_lengths(place, reading.reading, (version, *others))


def _lint_in_brief(node: YamlNode, brief: str, versions: Sequence[Version]) -> Problems:
    """What is wrong with a sentence that says what has to be done: its length, its full stop, and
    numbers that no version of the duty contains."""
    if len(brief) > _LONGEST_BRIEF:
        message = f"The sentence is longer than {_LONGEST_BRIEF} characters."
        yield node.problem(message, "Shorten it.")
    if not brief.endswith("."):
        yield node.problem("The sentence has no full stop at its end.", "Add a full stop.")
    numbers = _numbers_of(versions)
    lengths = list(_LENGTH.finditer(brief))
    for match in _NUMBER.finditer(brief):
        if int(match[0]) not in numbers:
            within = [each for each in lengths if each.start("number") == match.start()]
            yield _contradiction(node, (within or [match])[0][0], versions if within else ())
    # A number with a unit that is not in the rule has its problem above.
    left = _LENGTH.sub(
        lambda m: m[0] if not m["number"].isdigit() or int(m["number"]) in numbers else "", brief
    )
    yield from _lint_lengths(node, left, versions)
    yield from _lint_often(node, brief, versions)


def _lint_often(node: YamlNode, text: str, versions: Sequence[Version]) -> Problems:
    """How often a text says that something is done, where no version requires it so often."""
    often, intervals = list(_OFTEN.finditer(text)), _intervals(versions)
    if not often or not intervals:
        return
    lengths = [*map(_often, often), *map(_length, _LENGTH.finditer(text))]
    if not any(_alike(length, interval) for length in lengths for interval in intervals):
        yield _contradiction(node, often[0][0], versions)


def _contradiction(node: YamlNode, words: str, versions: Sequence[Version]) -> RuleProblem:
    """The problem that a text has a number or a length of time that the versions do not have. It
    says what they have instead."""
    key = str(node.path[-1])
    text = {"title": "The title", "reading": "The reading"}.get(key, f"'{key}'")
    lengths = _lengths_instead(words, versions)
    says = f"says {listed(lengths)}" if lengths else "does not"
    message = f"{text} says '{words}', but the rule {says}."
    own = listed([f"'{length}'" for length in lengths], "or") or "what the rule says"
    if words.isdigit():
        return node.problem(message, f"Write {own}.", words=words)
    instead = (
        f"If '{words}' was right until now, put it back in the rule and add a version that begins "
        f"on a later day. Otherwise write {own} here."
    )
    return node.problem(message, instead, words=words)


def _lengths_instead(words: str, versions: Sequence[Version]) -> list[str]:
    """The lengths of time that may belong where a text has these words: how often the versions
    require it, and where the words are a length, such as ``28 days``, every length in its unit."""
    length = _LENGTH.fullmatch(words)
    alike = [span for span in _spans_of(versions) if length and span.unit == _length(length).unit]
    return list(dict.fromkeys(map(str, [*filter(None, map(_interval, versions)), *alike])))


def stale_words(duty: Duty) -> Iterator[str]:
    """Sentences on lengths of time in the title, 'in brief' and 'to do' that the last version does
    not have: ``The title says '24 months', which is true only until 31 December 2026.``"""
    texts = {"The title": duty.title, "'in brief'": duty.in_brief, "'to do'": duty.to_do}
    for name, text in texts.items():
        for words in dict.fromkeys(match[0] for match in _lengths_in(text)):
            true = [not _untrue(words, version) for version in duty.versions]
            if any(true) and not true[-1]:
                ends = max(i for i, is_true in enumerate(true) if is_true) + 1
                last = duty.versions[ends].from_ - datetime.timedelta(days=1)
                yield f"{name} says '{words}', which is true only until {long_day(last)}."


def _lengths_in(text: str) -> list[re.Match[str]]:
    """The lengths of time in a text, and how often it says that something is done."""
    return sorted((*_LENGTH.finditer(text), *_OFTEN.finditer(text)), key=re.Match.start)


def _untrue(words: str, version: Version) -> bool:
    """Whether a version has neither this length of time nor requires it so often."""
    often, intervals = _OFTEN.fullmatch(words), _intervals([version])
    if often:
        return not any(_alike(_often(often), interval) for interval in intervals)
    return any(_lengths_not_in(words, [version]))


def without_lost(duty: Duty, lost: Iterable[object] | None) -> Duty:
    """A duty whose words lack the numbers of these values, as ``_without_numbers`` says."""
    lost = None if lost is None else list(lost)
    versions = [
        version.model_copy(
            update={
                "readings": tuple(
                    each.model_copy(update={"reading": _without_numbers(each.reading, lost)})
                    for each in version.readings
                )
            }
        )
        for version in duty.versions
    ]
    words = {
        "title": _without_numbers(duty.title, lost),
        "in_brief": _without_numbers(duty.in_brief, lost),
        "to_do": _without_numbers(duty.to_do, lost),
    }
    return duty.model_copy(update={**words, "versions": tuple(versions)})


def _without_numbers(brief: str, lost: Iterable[object] | None) -> str:
    """The sentence without the numbers of these values, and without their units: a value that could
    not be read may be the one that it has. It loses all where a value has no number, or if the rule
    may lack any (None)."""
    found = [set(_numbers_in(str(value))) for value in lost or ()]
    numbers = None if lost is None or not all(found) else set().union(*found)

    def left(match: re.Match[str]) -> str:
        number = _count(match.groupdict().get("number") or match[0])
        return "" if numbers is None or number in numbers else match[0]

    return _NUMBER.sub(left, _LENGTH.sub(left, brief))


def _numbers_in(text: str) -> Iterator[int]:
    """The numbers of a value whose meaning is plain, although it cannot be read: a date in another
    order, a whole number in words, or a length of time in other units. None of any other value."""
    length = _LENGTH.fullmatch(text)
    if _DATE_LIKE.fullmatch(text):
        yield from map(int, _NUMBER.findall(text))
    elif text.lower() in _NUMBER_WORDS:
        yield _count(text)
    elif length is not None and (number := _count(length["number"])) < _TOO_LONG:
        yield from (number, number * _UNITS[length["unit"].lower()].count)


def _lint_lengths(node: YamlNode, text: str, versions: Sequence[Version]) -> Problems:
    for words in _lengths_not_in(text, versions):
        yield _contradiction(node, words, versions)


def _lengths_not_in(text: str, versions: Sequence[Version]) -> Iterator[str]:
    """The lengths of time in a text, each a number with its unit, that no version contains."""
    texts = [version.model_dump_json(exclude=_WORDS) for version in versions]
    undated = {int(number) for text in texts for number in _NUMBER.findall(_DATE.sub("", text))}
    spans = _spans_of(versions)
    intervals = _intervals(versions)
    for match in _LENGTH.finditer(text):
        length = _length(match)
        bare = _count(match["number"]) in undated and not any(
            _count(match["number"]) == span.count for span in spans
        )
        if not bare and not any(_alike(length, span) for span in (*spans, *intervals)):
            yield match[0]


def _spans_of(versions: Sequence[Version]) -> list[Span]:
    """Every length of time that a version contains, apart from its words for people."""
    texts = [version.model_dump_json(exclude=_WORDS) for version in versions]
    return [Span(int(n), unit) for text in texts for n, unit in _SPAN.findall(text)]


def _often(match: re.Match[str]) -> Span:
    """How often a match of _OFTEN says that something is done."""
    return _WORD_LENGTHS[match["word"].lower()] if match["word"] else _UNITS[match["unit"].lower()]


def _length(match: re.Match[str]) -> Span:
    """The length that a match of _LENGTH is about."""
    unit = _UNITS[match["unit"].lower()]
    return Span(_count(match["number"]) * unit.count, unit.unit)


def _intervals(versions: Sequence[Version]) -> list[Span]:
    """How often the versions require it. None if one needs several items: the words may then say
    how often they are done one by one."""
    if any(version.evidence and version.evidence.needed != 1 for version in versions):
        return []
    return [*filter(None, map(_interval, versions))]


def _interval(version: Version) -> Span | None:
    """How often a version requires it; None where it has neither an interval nor periods."""
    return version.pattern.interval or _PERIOD_LENGTHS.get(version.pattern.period_kind)


def _count(number: str) -> int:
    """A number in figures or in words."""
    return int(number) if number.isdigit() else _NUMBER_WORDS.index(number.lower()) + 1


def _alike(one: Span, other: Span) -> bool:
    """Whether two lengths are the same, or may be where one is in days and the other in months."""
    if one.unit == other.unit:
        return one.count == other.count
    return one.least_days <= other.most_days and other.least_days <= one.most_days


def _numbers_of(versions: Sequence[Version]) -> set[int]:
    """Every number that a version contains, apart from its words for people."""
    texts = (version.model_dump_json(exclude=_WORDS) for version in versions)
    return {int(number) for text in texts for number in _NUMBER.findall(text)}
