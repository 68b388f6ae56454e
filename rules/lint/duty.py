"""Lint of one duty's file: its names, citations, and versions beside each other."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from evidence.cells.text import listed
from rules.draft import Draft, DutyFile
from rules.lint.book import ID, lint_fingerprint, lint_phrase
from rules.lint.version import lint_version
from rules.model import ABOUT_APPROVAL, Book, Citation, Duty, Version
from rules.patterns.base import LintedVersion
from rules.problem import Problems, did_you_mean
from rules.span import Span
from rules.yaml.source import YamlNode

_LONGEST_TITLE = 120
_LONGEST_BRIEF = 200
_TOO_LONG = 10_000  # for a length of time in any unit
#: For how long at the most the version before judges what it found met.
LONGEST_TRANSITION = datetime.timedelta(days=3 * 365)
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
#: Words by which a SOP leaves a number, or a judgement, to whoever applies it.
_VAGUE = re.compile(
    r"(?i)\b(?:routinely|regular(?:ly)?|periodic(?:ally)?|frequent(?:ly)?|ongoing|appropriate(?:ly)?|"
    r"suitabl[ey]|sufficient(?:ly)?|adequate(?:ly)?|reasonabl[ey]|(?:as|so) (?:soon|far) as|"
    r"timely|in good time|promptly|from time to time|where necessary)\b"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_LIKE = re.compile(r"\d+([./ -])\w+\1\d+")
_SPAN = re.compile(r'"count":(\d+),"unit":"(days|months)"')
_FIRST = ("citations", 0)
#: The fields of a version that are words for people.
_WORDS = {"citations", "readings", "remarks", *ABOUT_APPROVAL}


def lint_duty(file: DutyFile, draft: Draft) -> Problems:
    """What is wrong with one duty, its file's name and folder included."""
    if draft.book is not None:
        folders = [section.folder for section in draft.book[1].sections]
        folder = file.path.parent.as_posix()
        if folder not in folders and len(folders) == len(set(folders)):
            message = "A duty belongs in the folder of its section. This folder is not one."
            yield YamlNode(file.node.source).problem(message, did_you_mean(folder, folders))
    if file.id and file.id != file.path.stem:
        message = f"The file is called '{file.path.stem}' and contains the duty '{file.id}'."
        instead = f"Call the file {file.id}.yaml, or change the id."
        yield (file.node / "id").problem(message, instead)
    if file.duty is None:
        return
    yield from _lint_head(file.node, file.duty)
    yield from _lint_words(file, file.duty, draft)
    if draft.book is not None:
        yield from _lint_against_book(file, file.duty, draft.book[1])
    yield from _lint_versions(file.node / "versions", file.duty)
    if draft.registers is not None:  # no column can be checked without it
        for index, version in enumerate(file.duty.versions):
            linted = LintedVersion(file.duty, version, draft)
            yield from lint_version(file.node / "versions" / index, linted)


def _lint_head(node: YamlNode, duty: Duty) -> Problems:
    names = [(duty.id, node / "id")]
    names += [(alias, node / "aliases" / i) for i, alias in enumerate(duty.aliases)]
    for name, child in names:
        if not ID.fullmatch(name):
            message = f"'{name}' is not a valid id."
            yield child.problem(message, "Use only small letters, digits and hyphens.")
    if duty.title.endswith((".", ";", ":")):
        message = "A title is not a sentence."
        yield (node / "title").problem(message, "Leave out the mark at its end.")
    if len(duty.title) > _LONGEST_TITLE:
        message = f"The title is longer than {_LONGEST_TITLE} characters."
        yield (node / "title").problem(message, "Shorten it.")
    if not duty.citations:
        message = "No citation says where the SOP requires this."
        instead = "Add a citation, with its section and a phrase."
        yield (node / "citations").problem(message, instead)
    for child, citation in _citations(node, duty):
        yield from lint_phrase(child / "phrase", citation.phrase)


def _citations(node: YamlNode, duty: Duty) -> Iterator[tuple[YamlNode, Citation]]:
    """The citations of the duty and of each of its versions, with their places."""
    lists = [(node / "citations", duty.citations)]
    lists += [
        (node / "versions" / i / "citations", v.citations) for i, v in enumerate(duty.versions)
    ]
    for place, cited in lists:
        yield from ((place / index, citation) for index, citation in enumerate(cited))


def _lint_words(file: DutyFile, duty: Duty, draft: Draft) -> Problems:
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
    for number in _NUMBER.findall(brief):
        if int(number) not in numbers:
            message = f"The number {number} is not in the rule."
            yield node.problem(message, "Write the number of the rule.", words=number)
    # A number with a unit that is not in the rule has its problem above.
    lengths = _LENGTH.sub(
        lambda m: m[0] if not m["number"].isdigit() or int(m["number"]) in numbers else "", brief
    )
    yield from _lint_lengths(node, lengths, versions)
    yield from _lint_often(node, brief, versions)


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
    """Which lengths of time in the text, each a number with its unit, no version contains."""
    texts = [version.model_dump_json(exclude=_WORDS) for version in versions]
    undated = {int(number) for text in texts for number in _NUMBER.findall(_DATE.sub("", text))}
    spans = [Span(int(n), unit) for text in texts for n, unit in _SPAN.findall(text)]
    intervals = _intervals(versions)
    for match in _LENGTH.finditer(text):
        length = _length(match)
        bare = _count(match["number"]) in undated and not any(
            _count(match["number"]) == span.count for span in spans
        )
        if not bare and not any(_alike(length, span) for span in (*spans, *intervals)):
            message = f"'{match[0]}' is not a length of time in the rule."
            yield node.problem(message, "Write the length of the rule.", words=match[0])


def _lint_often(node: YamlNode, brief: str, versions: Sequence[Version]) -> Problems:
    """Whether a sentence that says how often something is done gives no interval of the rule."""
    often, intervals = list(_OFTEN.finditer(brief)), _intervals(versions)
    if not often or not intervals:
        return
    said = [
        _WORD_LENGTHS[m["word"].lower()] if m["word"] else _UNITS[m["unit"].lower()] for m in often
    ]
    said += map(_length, _LENGTH.finditer(brief))
    if not any(_alike(length, interval) for length in said for interval in intervals):
        words = listed(list(dict.fromkeys(map(str, intervals))))
        message = f"'{often[0][0]}' is not how often the rule requires it: {words}."
        instead = "Write the interval or the period of the rule."
        yield node.problem(message, instead, words=often[0][0])


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


def _lint_against_book(file: DutyFile, duty: Duty, book: Book) -> Problems:
    bearers = [bearer.name for bearer in book.bearers]
    if duty.bearer not in bearers:
        message = f"book.yaml has no bearer '{duty.bearer}'."
        yield (file.node / "bearer").problem(message, did_you_mean(duty.bearer, bearers))
    headings = [heading.section for section in book.sections for heading in section.headings]
    folder = file.path.parent.as_posix()
    own = next((section for section in book.sections if section.folder == folder), None)
    for place, citation in _citations(file.node, duty):
        child = place / "section"
        if citation.section not in headings:
            message = f"book.yaml has no section '{citation.section}'."
            yield child.problem(message, did_you_mean(citation.section, headings))
        elif (
            place.path == _FIRST
            and own
            and citation.section not in {h.section for h in own.headings}
        ):
            message = (
                f"The file is in the folder of section {own.number}, and its first citation is of "
                f"{citation.section}."
            )
            instead = "Move the file, or put the citation of its own section first."
            yield child.problem(message, instead)


def _lint_versions(node: YamlNode, duty: Duty) -> Problems:
    if not duty.versions:
        yield node.problem("The duty has no version.", "Add one, with 'from:' and a date.")
        return
    for index, (earlier, later) in enumerate(pairwise(duty.versions)):
        yield from _lint_pair(node / index, earlier, node / (index + 1), later)
    for index, version in enumerate(duty.versions):
        yield from version.pattern.check_duty(node / index, duty)
        yield from version.pattern.check_window(node / index, duty, version.from_)
        if version.transition_until is not None and version.pattern.lasting:
            yield from _lint_transition(node, duty, index, version.transition_until)
        yield from _lint_approval(node / index, version, duty.id)
        yield from _lint_vague(node / index, version, duty)
        yield from _lint_readings(node / index / "readings", version)
    patterns = [(node / i / "pattern", version.pattern) for i, version in enumerate(duty.versions)]
    for (earlier_node, earlier_pattern), (later_node, later_pattern) in combinations(patterns, 2):
        yield from later_pattern.check_beside(later_node, earlier_pattern, earlier_node)
    last = duty.versions[-1].from_
    if duty.until is not None and duty.until < last:
        message = f"The duty ends on {duty.until}, before its last version begins."
        begins = node / (len(duty.versions) - 1) / "from"
        until = YamlNode(node.source) / "until"
        yield until.problem(message, f"Write {last} or a later date.", begins)


def _lint_transition(node: YamlNode, duty: Duty, index: int, until: datetime.date) -> Problems:
    child, first = node / index / "transition until", duty.versions[index].from_
    following = duty.versions[index + 1].from_ if index + 1 < len(duty.versions) else None
    if index == 0:
        message = "The first version has no version before it, so nobody met that one."
        yield child.problem(message, "Leave 'transition until' out.")
    elif until <= first:
        message = f"The transition ends on {until}, and the version begins on {first}."
        yield child.problem(message, "Write a later date.", node / index / "from")
    elif following is not None and until >= following:
        message = f"The transition ends on {until}, and the next version begins on {following}."
        yield child.problem(message, "Write an earlier date.", node / (index + 1) / "from")
    elif duty.until is not None and until > duty.until:
        message = f"The transition ends on {until}, after the duty ends."
        instead = f"Write {duty.until} or an earlier date."
        yield child.problem(message, instead, YamlNode(node.source) / "until")
    elif until - first > LONGEST_TRANSITION:
        message = f"The transition until {until} is longer than three years."
        yield child.problem(message, f"Write {first + LONGEST_TRANSITION} or an earlier date.")


def _lint_vague(node: YamlNode, version: Version, duty: Duty) -> Problems:
    """A vague phrase where nothing says how it was interpreted (semantics.md: Reading)."""
    for citation in () if version.readings else duty.citations_on(version.from_):
        vague = _VAGUE.search(citation.phrase)
        if vague is not None:
            message = f"The phrase '{citation.phrase}' leaves open what '{vague[0]}' means."
            instead = "Add 'readings:' with this phrase, and say how you interpret it."
            yield node.problem(message, instead)
            return


def _lint_readings(node: YamlNode, version: Version) -> Problems:
    for index, reading in enumerate(version.readings):
        if reading.reading.endswith((".", ";", ":")):
            message = "A reading completes the sentence 'We took … to mean …'."
            instead = "Leave out the mark at its end."
            yield (node / index / "reading").problem(message, instead)


def _lint_approval(node: YamlNode, version: Version, duty_id: str) -> Problems:
    """Checks that an approval has a post and a date."""
    dated = version.approved_on is not None
    if dated is not bool(version.approved_by):
        key, missing = ("on", "by") if dated else ("by", "on")
        yield (node / f"approved {key}").problem(
            f"'approved {key}' is here and 'approved {missing}' is not.",
            f"Leave both to 'dueregard rules approve {duty_id}', which writes them.",
        )
    if version.approved_version:
        child = node / "approved version"
        yield from lint_fingerprint(child, version.approved_version, "rules approve")


def _lint_pair(
    earlier_node: YamlNode, earlier: Version, later_node: YamlNode, later: Version
) -> Problems:
    begins, before = later_node / "from", earlier_node / "from"
    if earlier.from_ == later.from_:
        yield begins.problem(f"Two versions begin on {later.from_}.", "Keep one of them.", before)
    elif earlier.from_ > later.from_:
        message = f"The version from {later.from_} comes after the one from {earlier.from_}."
        yield begins.problem(message, "Put the earliest first.", before)
    old, new = (
        version.pattern.shape(f" with a {version.subjects.kind}" if version.subjects else "")
        for version in (earlier, later)
    )
    if old != new:
        yield (later_node / "pattern").problem(
            f"A duty cannot change from {old} to {new}, because earlier evidence could not be "
            "carried over.",
            "End this duty with 'until:' and write a new one with a new id.",
            earlier_node / "pattern",
        )
