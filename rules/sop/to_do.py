"""What a new version of the SOP leaves to do: the duties to look at, each with a draft of its rule.

A draft is for a person to edit. No command reads it, and nothing changes until somebody puts it in
the place of the rule.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rules.model import ABOUT_APPROVAL, Citation, Duty, Rulebook
from rules.sop.compare import ParagraphChange, ParagraphKind, SopComparison
from rules.sop.document import Document, Paragraph, SopSection, all_sentences, sentences
from rules.sop.normal import find_all
from rules.sop.pins import find_exempted
from rules.sop.resolve import duties_by_paragraph, resolve_citations
from rules.yaml.source import YamlFile, read_source

#: In place of the day of a new version that neither the document nor book.yaml gives.
NO_DAY = "DAY"
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """A paragraph that changed or moved and needs something, and the ``duties`` to look at.
    ``requires``: the words by which its new sentences require something that no duty cites yet.
    ``exempt``: the phrases of the exemptions in book.yaml whose sentences are gone from it."""

    kind: ParagraphKind | Literal["moved"]
    old: Paragraph | None
    new: Paragraph | None
    duties: tuple[str, ...]
    requires: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyDraft:
    """A draft of a rule: ``old`` are the lines of its last version, ``new`` those of the version
    that begins with the new SOP or, if it ``ends`` the duty, of its last day. ``text`` is the whole
    file with them."""

    duty: str
    file: str
    ends: bool
    old: str
    new: str
    text: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """Everything to do, in the order of the document. ``begins``: the first day of the new version,
    None where nothing gives it; ``version`` and ``listed``: what it is called, '' where nothing
    says, and whether book.yaml lists it. ``added`` and ``renumbered``: the sections of the new
    version that book.yaml does not have, or has with another number. ``unchanged``: the duties of
    changed paragraphs whose own sentences are word for word the same; they have no draft."""

    begins: datetime.date | None
    version: str
    listed: bool
    tasks: tuple[Task, ...]
    drafts: tuple[DutyDraft, ...]
    unchanged: frozenset[str]
    added: tuple[SopSection, ...]
    renumbered: tuple[SopSection, ...]


def to_do(rulebook: Rulebook, comparison: SopComparison) -> ToDo:
    """What is to be done before the new version comes into force."""
    new, sop = comparison.new, rulebook.book.sop
    begins, version = new.states.in_force, new.states.version
    if version in {known.version for known in sop.versions}:
        version = ""
    listed = bool(new.version) and new.version != comparison.old.version
    if listed:
        version, (begins, _) = new.version, sop.days_of(new.version)
    elif begins is not None and begins <= sop.version_on(begins).in_force:
        begins = None  # the day of the previous version, left on the front page
    kinds = {(change.kind, change.section) for change in comparison.sections}
    printed = {heading.section: heading.printed for heading in rulebook.book.headings}
    drafts, unchanged = [], frozenset(_unchanged(rulebook, comparison))
    for id_ in _touched(rulebook, comparison, begins):
        if id_ in unchanged:
            continue
        drafting = _Drafting(rulebook, comparison, rulebook.duties[id_], begins, version)
        if draft := drafting.draft(rulebook.sources[id_]):
            drafts.append(draft)
    return ToDo(
        begins=begins,
        version=version,
        listed=listed,
        tasks=tuple(_tasks(rulebook, comparison, listed=listed)),
        drafts=tuple(drafts),
        unchanged=unchanged,
        added=tuple(
            section
            for section in new.sections
            if ("added", section.id) in kinds and section.heading and not section.known
        ),
        renumbered=tuple(
            section
            for section in new.sections
            if ("renumbered", section.id) in kinds and printed.get(section.id) != section.printed
        ),
    )


def _unchanged(rulebook: Rulebook, comparison: SopComparison) -> Iterator[str]:
    """The duties of changed paragraphs whose sentences are in the same section of the new version,
    word for word."""
    places, _ = resolve_citations(rulebook, comparison.old)
    kept = {(s.paragraph.section, s.fingerprint) for s in all_sentences(comparison.new)}
    for id_ in comparison.duties:
        citations = rulebook.duties[id_].citations_on(datetime.date.max)
        cited = [places.get((citation.section, citation.phrase)) for citation in citations]
        own = [s for p in cited if p for s in sentences(p.paragraph) if s.overlaps(p)]
        if own and all((s.paragraph.section, s.fingerprint) in kept for s in own):
            yield id_


def _tasks(rulebook: Rulebook, comparison: SopComparison, *, listed: bool) -> Iterator[Task]:
    """The changes in their order, and then what moved."""
    citing = duties_by_paragraph(rulebook, comparison.new) if listed else {}
    known = {sentence.fingerprint for sentence in all_sentences(comparison.old)}
    if listed:
        exempt_now, _ = find_exempted(rulebook, comparison.new)
        known |= {each.sentence.fingerprint for each in exempt_now.values()}
    still = {sentence.fingerprint for sentence in all_sentences(comparison.new)}
    exempted, _ = find_exempted(rulebook, comparison.old)
    gone = [
        each
        for each in exempted.values()
        if each.sentence.fingerprint not in still and each.exempt.last_version is None
    ]
    for change in comparison.paragraphs:
        duties, new = change.duties, change.new
        if change.kind == "added" and new:
            duties = citing.get((new.section, new.number), ())
        requires = _new_duties(change, known) if new and (not duties or change.old) else ()
        phrases = [each.exempt.phrase for each in gone if each.sentence.paragraph == change.old]
        if duties or requires or phrases:
            yield Task(change.kind, change.old, new, duties, requires, tuple(phrases))
    for move in comparison.moves:
        if move.duties:
            yield Task("moved", move.old, move.new, move.duties)


def _new_duties(change: ParagraphChange, known: set[str]) -> tuple[str, ...]:
    """The obliging words of a paragraph's new sentences; none if a duty cites it, and no more of
    its sentences oblige than before."""
    assert change.new is not None
    obliging = [sentence for sentence in sentences(change.new) if sentence.obliging]
    before = [each for each in sentences(change.old) if each.obliging] if change.old else []
    if change.duties and len(obliging) <= len(before):
        return ()
    new = [sentence for sentence in obliging if sentence.fingerprint not in known]
    return tuple(dict.fromkeys(word for sentence in new for word in sentence.obliging))


def _touched(
    rulebook: Rulebook, comparison: SopComparison, begins: datetime.date | None
) -> Iterator[str]:
    """The duties that a change concerns, unless they end before the new version begins or have a
    version for it already."""
    for id_ in comparison.duties:
        duty = rulebook.duties[id_]
        if begins is None or (
            duty.versions[-1].from_ < begins and (duty.until is None or duty.until >= begins)
        ):
            yield id_


@dataclass(frozen=True, slots=True)
class _Drafting:
    """A duty whose draft is made."""

    rulebook: Rulebook
    comparison: SopComparison
    duty: Duty
    begins: datetime.date | None
    version: str

    def draft(self, file: str) -> DutyDraft | None:
        """The draft; None where the lines of the file do not allow one to be made."""
        text = self.rulebook.files[file]
        source = read_source(file, text.encode())
        assert isinstance(source, YamlFile)  # it was read before
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        citations = list(self._citations())
        made = (
            self._end(source, lines) if not citations else self._version(source, lines, citations)
        )
        if made is None:
            return None
        old, new, whole = made
        return DutyDraft(self.duty.id, file, not citations, old, new, "\n".join(whole))

    def _citations(self) -> Iterator[tuple[Citation, bool]]:
        """The citations whose paragraphs the new version has, each with whether it has their words,
        in its section."""
        places, _ = resolve_citations(self.rulebook, self.comparison.old)
        changes = {change.old: change for change in self.comparison.paragraphs if change.old}
        for citation in self.duty.citations_on(datetime.date.max):
            place = places.get((citation.section, citation.phrase))
            change = changes.get(place.paragraph) if place else None
            if change is None:
                yield citation, True
            elif change.new is not None:
                moved = citation.model_copy(update={"section": change.new.section})
                yield moved, bool(find_all(change.new.text, citation.phrase))

    def _end(self, source: YamlFile, lines: Sequence[str]) -> tuple[str, str, list[str]] | None:
        """The last day of a duty whose sentences are gone."""
        new = f"until: {self.begins - _DAY if self.begins else NO_DAY}"
        if number := source.lines.get(("until",)):
            return lines[number - 1], new, [*lines[: number - 1], new, *lines[number:]]
        place = source.lines["versions",] - 1
        return "", new, [*lines[:place], new, *lines[place:]]

    def _version(
        self, source: YamlFile, lines: Sequence[str], citations: Sequence[tuple[Citation, bool]]
    ) -> tuple[str, str, list[str]] | None:
        """A copy of the last version that begins with the new SOP: without who approved it, with
        the citations that change and a comment for each phrase that the new text does not have."""
        last = ("versions", len(self.duty.versions) - 1)
        first = source.lines[last] - 1
        if not lines[first].lstrip().startswith("- "):
            return None  # the versions are written in brackets
        end = _end_of(lines, first)
        dash, key = _indent(lines[first]), _indent(lines[first]) + 2
        left_out = ("citations", *(name.replace("_", " ") for name in ABOUT_APPROVAL))
        skipped = {
            number
            for key_left_out in left_out
            for begin in [source.lines.get((*last, key_left_out), 0) - 1]
            if begin > first
            for number in range(begin, _end_of(lines, begin))
        }
        begins = source.lines[(*last, "from")] - 1
        copy: list[str] = []
        for number in range(first, end):
            if number == begins:
                before = lines[number].partition("from:")[0]
                copy.append(f"{before}from: {self.begins or NO_DAY}")
                copy += self._citation_lines(citations, " " * key)
            elif number not in skipped:
                copy.append(lines[number])
        comments = [f"{' ' * dash}# {comment}" for comment in self._comments(citations)]
        old = "\n".join(lines[first:end])
        return old, "\n".join([*comments, *copy]), [*lines[:end], *comments, *copy, *lines[end:]]

    def _citation_lines(
        self, citations: Sequence[tuple[Citation, bool]], margin: str
    ) -> Iterator[str]:
        """The citations, where they are not those of the previous version, word for word."""
        before = self.duty.citations_on(datetime.date.max)
        if all(found for _, found in citations) and tuple(c for c, _ in citations) == before:
            return
        yield f"{margin}citations:"
        for citation, _ in citations:
            yield f"{margin}  - section: {json.dumps(citation.section, ensure_ascii=False)}"
            yield f"{margin}    phrase: {json.dumps(citation.phrase, ensure_ascii=False)}"

    def _comments(self, citations: Sequence[tuple[Citation, bool]]) -> Iterator[str]:
        of = f"version {self.version}" if self.version else "the new version"
        yield f"Draft for {of} of the SOP: edit it, and delete these comments."
        for citation, found in citations:
            if not found:
                yield f"The new text does not have '{citation.phrase}': cite words that it has."
        for reading in self.duty.versions[-1].readings:
            if not _has(self.comparison.new, reading.phrase):
                yield f"The new text does not have '{reading.phrase}', which a reading explains."


def _has(document: Document, phrase: str) -> bool:
    return any(find_all(paragraph.text, phrase) for paragraph in document.paragraphs)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end_of(lines: Sequence[str], first: int) -> int:
    """The line after the last one of the block that begins on a line; comments and blank lines
    after it are not part of it."""
    end = first + 1
    for number in range(first + 1, len(lines)):
        text = lines[number].strip()
        if text and not text.startswith("#"):
            if _indent(lines[number]) <= _indent(lines[first]):
                break
            end = number + 1
    return end
