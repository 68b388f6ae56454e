"""Lint of one duty's file: its names, citations, and versions beside each other."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from rules.draft import Draft, DutyFile
from rules.lint.book import ID, lint_fingerprint, lint_phrase
from rules.lint.duty_words import lint_words
from rules.lint.version import lint_version
from rules.model import Book, Citation, Duty, Version
from rules.patterns.base import LintedVersion
from rules.problem import Problems, did_you_mean
from rules.yaml.source import YamlNode

_LONGEST_TITLE = 120
#: For how long at the most the previous version judges what it found met.
LONGEST_TRANSITION = datetime.timedelta(days=3 * 365)
#: Words by which a SOP leaves a number, or a judgement, to whoever applies it.
_VAGUE = re.compile(
    r"(?i)\b(?:routinely|regular(?:ly)?|periodic(?:ally)?|frequent(?:ly)?|ongoing|appropriate(?:ly)?|"
    r"suitabl[ey]|sufficient(?:ly)?|adequate(?:ly)?|reasonabl[ey]|(?:as|so) (?:soon|far) as|"
    r"timely|in good time|promptly|from time to time|where necessary)\b"
)
_FIRST = ("citations", 0)


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
    yield from lint_words(file, file.duty, draft)
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
