"""Whether the rulebook and the SOP cover each other: sentences, rules and columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evidence.register import RegisterSpec
from rules.condition import columns_of
from rules.folder import REGISTERS
from rules.hint import did_you_mean
from rules.model import Exempt, Rulebook, Version
from rules.resolve import resolve
from rules.sop.document import Document, Sentence, all_sentences
from rules.sop.pins import Exempted, find_exempted, verify
from rules.sop.problem import SopProblem
from rules.sop.resolve import citations, resolve_citations

#: A register and one of its columns.
Column = tuple[str, str]
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
        return tuple(sentence for sentence in self.sentences if sentence.obliging)

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many sentences are exempt for each reason."""
        return Counter(sentence.exempt.reason for sentence in self.sentences if sentence.exempt)


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
    for sentence in all_sentences(document):
        duties = dict.fromkeys(duty for duty, place in citing if place.overlaps(sentence))
        covered.append(
            Covered(sentence, sentence.obliging, tuple(duties), by_sentence.get(sentence))
        )
    problems = [*verify(rulebook, document), *broken, *_sentences(covered, document)]
    problems += _exemptions(exempted.values(), covered, rulebook)
    problems += [
        SopProblem(
            REGISTERS,
            f"register '{register}'",
            "",
            "column",
            f"No rule reads the column '{column}'.",
            "Add a rule that uses it, or remove the column: no duty needs it.",
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
                f"A sentence of section '{paragraph.section}' requires something ('{obliging}') "
                f"and no duty cites it: '{shown}'.",
                "Cite it in a duty, or list it under 'exempt' in book.yaml with the reason.",
            )


def _exemptions(
    exempted: Iterable[Exempted], covered: Iterable[Covered], rulebook: Rulebook
) -> Iterator[SopProblem]:
    by_sentence = {each.sentence: each for each in covered}
    seen: set[Sentence] = set()
    for each in exempted:
        held = by_sentence[each.sentence]
        if each.sentence in seen:
            yield each.asking.problem("Its sentence is already exempt.", "Keep one of them.")
        seen.add(each.sentence)
        if held.duties:
            message = f"Its sentence is cited by {', '.join(held.duties)}, so it is a duty."
            yield each.asking.problem(message, "Remove the exemption.")
        elif not held.obliging:
            message = "Its sentence has no word that requires anything."
            yield each.asking.problem(message, "Remove the exemption.")
        words = f"The sentence with '{each.exempt.phrase}'"
        if each.exempt.fingerprint is None:
            message = f"{words} has no fingerprint."
            yield each.asking.problem(message, "Run 'dueregard sop pin' with the SOP.")
        elif each.exempt.fingerprint != each.sentence.fingerprint:
            message = f"{words} has changed since it was found to be no duty."
            instead = "Read it again. If it is still no duty, run 'dueregard sop pin --accept'."
            yield each.asking.problem(message, instead)
        for duty in each.exempt.covered_by:
            if duty not in rulebook.duties:
                message = f"There is no duty '{duty}' that could cover it."
                yield each.asking.problem(message, did_you_mean(duty, rulebook.duties))


# Columns ----------------------------------------------------------------------------------------


def columns_read(rulebook: Rulebook) -> Mapping[Column, tuple[str, ...]]:
    """The duties that read each column, in the rulebook's order: by any version of theirs, content
    duties by what they cut too. A column that the program fills itself is read with the columns
    that it is filled from."""
    readers: dict[Column, dict[str, None]] = defaultdict(dict)
    for duty in rulebook.duties:
        for resolved in resolve(rulebook, duty).versions:
            for column in _with_sources(_of_version(resolved.version), rulebook.registers):
                readers[column][duty] = None
    return {column: tuple(duties) for column, duties in readers.items()}


def unread_columns(rulebook: Rulebook, also: Iterable[Column] = ()) -> tuple[Column, ...]:
    """The columns that no rule reads, in the order of the registers.

    Read in any case are what a register declares of itself (its key, label and days, what follows
    what, what a row closes), every column of a control sheet, and ``also``, what else the
    program itself reads.
    """
    registers = rulebook.registers.values()
    declared = (column for spec in registers for column in _declared(spec))
    read = {*columns_read(rulebook), *declared, *also}
    return tuple(
        (spec.id, column.name)
        for spec in registers
        if not spec.control
        for column in spec.columns
        if (spec.id, column.name) not in read
    )


def _declared(spec: RegisterSpec) -> Iterator[Column]:
    yield from _columns(spec.id, spec.key, spec.label, spec.dated_by, spec.recorded_on)
    yield from _columns(spec.id, spec.begins, spec.ends)
    if spec.succession is not None:
        yield from _columns(spec.id, spec.succession.kind, spec.succession.year)
        yield from _columns(spec.id, *spec.succession.dated)
    for column in spec.columns:
        if column.closes is not None:
            yield from _columns(spec.id, column.name, column.closes.column)
            yield from _columns(column.refers_to or "", column.closes.fills)


def _of_version(version: Version) -> Iterator[Column]:
    query, events, people = version.evidence, version.events, version.population
    for register, asks in version.rows_asked:
        yield from _columns(register, *columns_of(asks))
    if version.rows is not None:
        remarked = (name for remark in version.remarks for name in columns_of(remark.where))
        yield from _columns(version.rows.register, *version.evidence_columns, *remarked)
    if events is not None:
        yield from _columns(events.register, *events.days, query.needed_from if query else None)
    if people is not None:
        named = query.named_by_subject if query else None
        yield from _columns(people.register, *people.days, named)
    if version.applies is not None:
        yield from _columns(version.applies.register, version.applies.begins, version.applies.ends)


def _columns(register: str, *names: str | None) -> Iterator[Column]:
    yield from ((register, name) for name in names if name is not None)


def _with_sources(
    read: Iterable[Column], registers: Mapping[str, RegisterSpec]
) -> Iterator[Column]:
    for register, name in read:
        yield register, name
        spec = registers[register].column(name)
        if (latest := spec.latest) is not None:
            yield from _columns(register, latest.key, latest.by)
            yield from _columns(latest.within, latest.kind, latest.issued)
        if (day_of := spec.day_of) is not None:
            yield from _columns(register, day_of.key)
            yield from _columns(day_of.within, day_of.day)
