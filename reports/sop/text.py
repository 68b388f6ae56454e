"""What `dueregard sop` prints: a document as read, its coverage, and two versions side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from reports import words
from rules.model import Rulebook
from rules.sop.compare import Move, ParagraphChange, SectionChange, SopComparison, Words
from rules.sop.coverage import Coverage, Covered
from rules.sop.document import Document, Paragraph
from rules.sop.problem import SopProblem, describe

#: The reason for a sentence that is a duty, but not one of the rulebook yet.
NOT_CHECKED = "not checked"

#: What became of a section, where the kind of the change does not say it.
_SECTION_WORDS = {"renamed": "has another heading", "renumbered": "has another number"}


def read_text(document: Document, width: int = 100) -> str:
    """Each section with its paragraphs, numbered, with their fingerprints."""
    sections = words.count(len(document.sections), "section")
    paragraphs = words.count(len(list(document.paragraphs)), "paragraph")
    lines = [f"{document.file}: {sections}, {paragraphs}."]
    for section in document.sections:
        named = "" if section.known else " (book.yaml does not name it)"
        title = f": {section.title}" if section.title else ""
        lines += ["", f"Section {section.id}{title}{named}, {document.unit} {section.place}"]
        for paragraph in section.paragraphs:
            head = f"{paragraph.number:>3} {paragraph.fingerprint} "
            lines += _wrapped(paragraph.text, width, head)
    problems = _problems(document.all_problems, "Not as book.yaml says")
    return words_only("\n".join([*lines, *problems]))


def coverage_text(rulebook: Rulebook, coverage: Coverage, *, every: bool = False) -> str:
    """The figures, everything that is not covered, and with ``every`` each obliging sentence."""
    obliging = coverage.obliging
    cited = sum(bool(sentence.duties) for sentence in obliging)
    unchecked = [s for s in obliging if s.exempt and s.exempt.reason == NOT_CHECKED]
    exempt = sum(sentence.exempt is not None for sentence in obliging) - len(unchecked)
    others = [sentence for sentence in coverage.sentences if not sentence.obliging]
    reasons = ", ".join(
        f"{number} {reason}"
        for reason, number in sorted(coverage.reasons.items())
        if reason != NOT_CHECKED
    )
    later = f"{len(unchecked)} not checked yet, " if unchecked else ""
    lines = [
        f"{words.count(len(obliging), 'sentence')} with a word that obliges: {cited} cited, "
        f"{exempt} exempt{f' ({reasons})' if reasons else ''}, "
        f"{later}{len(obliging) - cited - exempt - len(unchecked)} in neither.",
        f"{words.count(len(others), 'sentence')} without one: "
        f"{sum(bool(sentence.duties) for sentence in others)} cited.",
        f"{words.count(coverage.citations, 'citation')} of {words.duties(len(rulebook.duties))}: "
        f"{coverage.resolved} in exactly one paragraph.",
    ]
    if every:
        lines += ["", *(line for sentence in obliging for line in _covered(sentence))]
    elif unchecked:
        lines += ["", "Duties that are not checked yet"]
        lines += [line for sentence in unchecked for line in _covered(sentence)]
    lines += _problems(coverage.problems, "Not covered, or not as it should be")
    return words_only("\n".join(lines))


def compare_text(rulebook: Rulebook, comparison: SopComparison, width: int = 100) -> str:
    """What changed, each paragraph with both texts side by side: '[-' and '-]' stand around words
    that only the old one has, '{+' and '+}' around those of the new."""
    lines = [
        f"Old: {comparison.old.file}",
        f"New: {comparison.new.file}",
        "",
        headline(rulebook, comparison),
    ]
    if comparison.sections:
        lines += [
            "",
            "Sections",
            *(f"  {section_words(section)}" for section in comparison.sections),
        ]
    for change in comparison.paragraphs:
        lines += ["", change_words(change), *_beside(change, width)]
        lines += _wrapped(duties_words(rulebook, change.duties), width, "  ")
    if comparison.moves:
        lines += ["", "Moved word for word, which is no change"]
        lines += [f"  {move_words(move)}" for move in comparison.moves]
    lines += _problems(comparison.problems, "Duties may be missed, since in the old version")
    return words_only("\n".join(lines))


def headline(rulebook: Rulebook, comparison: SopComparison) -> str:
    """What changed in a sentence or two."""
    if not comparison.changed:
        return "Nothing changed."
    kinds = {
        kind: sum(paragraph.kind == kind for paragraph in comparison.paragraphs)
        for kind in ("reworded", "removed", "added")
    }
    numbers = ", ".join(f"{number} {kind}" for kind, number in kinds.items() if number)
    paragraphs = f"Paragraphs: {numbers}." if numbers else "No paragraph changed."
    touched = f"{len(comparison.duties)} of {words.duties(len(rulebook.duties))}"
    return f"{paragraphs} They touch {touched}." if numbers else paragraphs


def section_words(change: SectionChange) -> str:
    """What became of a section: '4.7 Venue Hire: reworded'."""
    if change.kind not in _SECTION_WORDS:
        return f"{change.section}: {change.kind}"
    words_of_change = f"{change.section}: {_SECTION_WORDS[change.kind]}"
    return f"{words_of_change}, '{change.new}' instead of '{change.old}'"


def change_words(change: ParagraphChange) -> str:
    """Which paragraph changed, and how: 'Section 4.1, paragraph 2 (now 3): reworded'."""
    if change.old is None:
        return f"{_place(change.new)}: {change.kind}"
    now = change.new
    if now is None or (now.section, now.number) == (change.old.section, change.old.number):
        return f"{_place(change.old)}: {change.kind}"
    place = f"{now.number}" if now.section == change.old.section else f"{now.section}, {now.number}"
    return f"{_place(change.old)} (now {place}): {change.kind}"


def move_words(move: Move) -> str:
    """Where a paragraph moved, and whose citations name the section that it was in."""
    cited = f"; cited by {', '.join(move.duties)}" if move.duties else ""
    return f"{_place(move.old)}, now section {move.new.section}, {move.new.number}{cited}"


def duties_words(rulebook: Rulebook, duties: Iterable[str]) -> str:
    """The duties that cite a paragraph, each with its title."""
    titles = [f"{rulebook.duties[duty].title} ({duty})" for duty in duties]
    return f"Cited by: {'; '.join(titles)}" if titles else "No duty cites it."


def words_only(text: str) -> str:
    """``text`` without characters that a terminal would act on; its lines stay."""
    return "\n".join(words.shown(line) for line in text.split("\n"))


def _place(paragraph: Paragraph | None) -> str:
    assert paragraph is not None
    return f"Section {paragraph.section}, paragraph {paragraph.number}"


def _covered(covered: Covered) -> Iterator[str]:
    paragraph = covered.sentence.paragraph
    if covered.duties:
        how = f"cited by {', '.join(covered.duties)}"
    elif covered.exempt is not None:
        by = f": {', '.join(covered.exempt.covered_by)}" if covered.exempt.covered_by else ""
        how = f"exempt, {covered.exempt.reason}{by}"
    else:
        how = "in neither"
    yield f"{paragraph.section}, {paragraph.number}: {how}"
    yield from _wrapped(covered.sentence.text, 100, "    ")


def _beside(change: ParagraphChange, width: int) -> Iterator[str]:
    half = max((width - 5) // 2, 20)
    old = textwrap.wrap(_marked(change.old_words, "[-", "-]"), half) or ["(not there)"]
    new = textwrap.wrap(_marked(change.new_words, "{+", "+}"), half) or ["(not there)"]
    for left, right in zip_longest(old, new, fillvalue=""):
        yield f"  {left:<{half}} | {right}".rstrip()


def _marked(runs: Iterable[Words], before: str, after: str) -> str:
    return " ".join(f"{before}{run.text}{after}" if run.differ else run.text for run in runs)


def _wrapped(text: str, width: int, head: str) -> list[str]:
    inner = " " * len(head)
    return textwrap.wrap(text, max(width, 40), initial_indent=head, subsequent_indent=inner)


def _problems(problems: Iterable[SopProblem], heading: str) -> list[str]:
    lines = [f"  {describe(problem)}" for problem in problems]
    return ["", heading, *lines] if lines else []
