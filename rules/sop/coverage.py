"""Whether the rulebook and the SOP cover each other: sentences, rules and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.folder import REGISTERS
from rules.hint import did_you_mean
from rules.model import Exempt, Rulebook
from rules.sop.columns import Column, unread_columns
from rules.sop.document import Document
from rules.sop.exempting import Exempted, find_exempted
from rules.sop.pins import verify
from rules.sop.problem import SopProblem
from rules.sop.resolve import citations, resolve_citations
from rules.sop.sentences import Sentence, all_sentences

_SHOWN_WORDS = 14


@dataclass(frozen=True, slots=True)
class Covered:
    """One sentence, the duties that cite it in the rulebook's order, and its exemption."""

    sentence: Sentence
    obliging: tuple[str, ...]
    duties: tuple[str, ...]
    exempt: Exempt | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every sentence of the SOP with what covers it, and all that is not covered: sentences,
    rules, exemptions and columns. ``resolved`` of the rulebook's ``citations`` stand in
    exactly one paragraph."""

    sentences: tuple[Covered, ...]
    citations: int
    resolved: int
    problems: tuple[SopProblem, ...]

    @property
    def obliging(self) -> tuple[Covered, ...]:
        """The sentences with a word that obliges."""
        return tuple(each for each in self.sentences if each.obliging)

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many sentences are exempt for each reason."""
        return Counter(each.exempt.reason for each in self.sentences if each.exempt)


def coverage(rulebook: Rulebook, document: Document, also: Iterable[Column] = ()) -> Coverage:
    """What covers each sentence, and what is wrong three ways: a sentence that obliges and is
    neither cited nor exempt; a rule whose citation has no sentence, or not the one that it was
    pinned to; a column that no rule reads (``also`` are those that the program itself reads)."""
    places, _ = resolve_citations(rulebook, document)
    exempted, broken = find_exempted(rulebook, document)
    by_sentence = {each.sentence: each.exempt for each in exempted.values()}
    citing = [
        (duty, places[asking.cited])
        for duty, asking in citations(rulebook)
        if asking.cited in places
    ]
    covered = []
    for each in all_sentences(document):
        duties = dict.fromkeys(duty for duty, place in citing if place.overlaps(each))
        covered.append(Covered(each, each.obliging, tuple(duties), by_sentence.get(each)))
    problems = [*verify(rulebook, document), *broken, *_sentences(covered, document)]
    problems += _exemptions(exempted.values(), covered, rulebook)
    problems += [
        SopProblem(
            REGISTERS,
            f"register '{register}'",
            "",
            "column",
            f"No rule reads the column '{column}'.",
            "Let a rule read it, or take it out: an office fills it in for nothing.",
        )
        for register, column in unread_columns(rulebook, also)
    ]
    cited = {asking.cited for _, asking in citations(rulebook)}
    return Coverage(tuple(covered), len(cited), len(places), tuple(problems))


def _sentences(covered: Iterable[Covered], document: Document) -> Iterator[SopProblem]:
    for each in covered:
        if each.obliging and not each.duties and each.exempt is None:
            paragraph, words = each.sentence.paragraph, each.sentence.text.split()
            obliging = "', '".join(each.obliging)
            shown = " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
            yield SopProblem(
                document.file,
                f"{document.unit} {paragraph.place}",
                paragraph.section,
                "sentence",
                f"A sentence of section '{paragraph.section}' asks for something ('{obliging}') "
                f"and no duty cites it: '{shown}'.",
                "Let a duty cite it, or list it under 'exempt' in book.yaml and say why.",
            )


def _exemptions(
    exempted: Iterable[Exempted], covered: Iterable[Covered], rulebook: Rulebook
) -> Iterator[SopProblem]:
    by_sentence = {each.sentence: each for each in covered}
    seen: set[Sentence] = set()
    for each in exempted:
        held = by_sentence[each.sentence]
        if each.sentence in seen:
            yield each.asking.problem("Its sentence is exempt already.", "Keep one of the two.")
        seen.add(each.sentence)
        if held.duties:
            message = f"Its sentence is cited by {', '.join(held.duties)}, so it is a duty."
            yield each.asking.problem(message, "Take the exemption out.")
        elif not held.obliging:
            message = "Its sentence has no word that obliges."
            yield each.asking.problem(message, "Take the exemption out.")
        words = f"The sentence with '{each.exempt.phrase}'"
        if each.exempt.fingerprint is None:
            message = f"{words} has no fingerprint."
            yield each.asking.problem(message, "Run 'dueregard sop pin' with the SOP.")
        elif each.exempt.fingerprint != each.sentence.fingerprint:
            message = f"{words} read otherwise when it was found no duty."
            instead = "Read it again; if it still is none, run 'dueregard sop pin --accept'."
            yield each.asking.problem(message, instead)
        for duty in each.exempt.covered_by:
            if duty not in rulebook.duties:
                message = f"There is no duty '{duty}' that could cover it."
                yield each.asking.problem(message, did_you_mean(duty, rulebook.duties))
