"""Whether the rulebook and the SOP cover each other: sentences, rules and columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evidence.register import Registers, RegisterSpec
from rules.condition import columns_of
from rules.draft import REGISTERS
from rules.model import Exempt, Rulebook, Version
from rules.problem import did_you_mean
from rules.resolve import resolve
from rules.sop.document import Document, Sentence, all_sentences
from rules.sop.pins import Exempted, find_exempted, is_last_of, verify
from rules.sop.problem import SopProblem
from rules.sop.resolve import citations, resolve_citations, version_of
from rules.wording.duty import columns_used

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
    """Every sentence of the SOP with what covers it, and whatever is not covered: sentences, rules,
    exemptions and columns. ``resolved`` of the rulebook's ``citations`` are in exactly one
    paragraph."""

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
        """The number of exempt sentences for each reason."""
        return Counter(sentence.exempt.reason for sentence in self.sentences if sentence.exempt)


def coverage(rulebook: Rulebook, document: Document) -> Coverage:
    """What covers each sentence, and what is not covered: a sentence that requires something and is
    neither cited nor exempt; a rule whose citation has no sentence, or not the one that it was
    pinned to; a column that no rule reads."""
    places, _ = resolve_citations(rulebook, document)
    exempted, problems = find_exempted(rulebook, document)
    exempt_by = {item.sentence: item.exempt for item in exempted.values()}
    version = version_of(rulebook, document)
    pointers = [(duty, pointer.cited) for duty, pointer in citations(rulebook, version)]
    citing = [(duty, places[cited]) for duty, cited in pointers if cited in places]
    covered = {}
    for sentence in all_sentences(document):
        duties = dict.fromkeys(duty for duty, place in citing if place.overlaps(sentence))
        exempt = exempt_by.get(sentence)
        covered[sentence] = Covered(sentence, sentence.obliging, tuple(duties), exempt)
    return Coverage(
        tuple(covered.values()),
        citations=len({cited for _, cited in pointers}),
        resolved=len(places),
        problems=(
            *verify(rulebook, document),
            *problems,
            *_sentence_problems(covered.values(), document),
            *_exemption_problems(exempted.values(), covered, rulebook, document),
            *_column_problems(unread_columns(rulebook)),
        ),
    )


def _sentence_problems(covered: Iterable[Covered], document: Document) -> Iterator[SopProblem]:
    for item in covered:
        if item.obliging and not item.duties and item.exempt is None:
            paragraph, words = item.sentence.paragraph, item.sentence.text.split()
            obliging = "', '".join(item.obliging)
            start = " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
            yield SopProblem(
                document.file,
                f"{document.unit} {paragraph.place}",
                paragraph.section,
                "sentence",
                f"A sentence of section '{paragraph.section}' requires something ('{obliging}') "
                f"and no duty cites it: '{start}'.",
                "Cite it in a duty, or list it under 'exempt' in book.yaml with the reason.",
            )


def _exemption_problems(
    exempted: Iterable[Exempted],
    covered: Mapping[Sentence, Covered],
    rulebook: Rulebook,
    document: Document,
) -> Iterator[SopProblem]:
    seen: set[Sentence] = set()
    for item in exempted:
        sentence, exempt, problem = item.sentence, item.exempt, item.pointer.problem
        if sentence in seen:
            yield problem("Its sentence is already exempt.", "Keep one of them.")
        seen.add(sentence)
        if duties := covered[sentence].duties:
            message = f"Its sentence is cited by {', '.join(duties)}, so it is a duty."
            yield problem(message, "Remove the exemption.")
        elif not sentence.obliging:
            message = "Its sentence has no word that requires anything."
            yield problem(message, "Remove the exemption.")
        words = f"The sentence with '{exempt.phrase}'"
        if exempt.fingerprint is None:
            yield problem(f"{words} has no fingerprint.", "Run 'dueregard sop pin' with the SOP.")
        elif exempt.fingerprint != sentence.fingerprint:
            message = f"{words} has changed since it was found to be no duty."
            instead = "Read it again. If it is still no duty, run 'dueregard sop pin --accept'."
            if not is_last_of(exempt, rulebook, document):
                version = version_of(rulebook, document)
                message = f"{words} has another text in version {version} of the SOP."
                instead = (
                    "Give this exemption 'first version:'. If the text of version "
                    f"{version} is no duty either, list it with 'last version:'."
                )
            yield problem(message, instead)
        for duty in exempt.covered_by:
            if duty not in rulebook.duties:
                message = f"There is no duty '{duty}' that could cover it."
                yield problem(message, did_you_mean(duty, rulebook.duties))


def _column_problems(unread: Iterable[Column]) -> Iterator[SopProblem]:
    for register, column in unread:
        message = f"No rule reads the column '{column}'."
        instead = (
            "Add a rule that uses it, name it as 'label' of the register if it says what a row is, "
            "or remove it: no duty needs it. One that is only for readers may stay, and is listed."
        )
        yield SopProblem(REGISTERS, f"register '{register}'", "", "column", message, instead)


# Columns ----------------------------------------------------------------------------------------


def columns_read(rulebook: Rulebook) -> Mapping[Column, tuple[str, ...]]:
    """The duties that read each column, in the rulebook's order: in any of their versions, for a
    content duty also in those of the duty that it cuts. A column that the program fills is read
    with the columns from which it is filled."""
    registers = rulebook.registers
    readers: dict[Column, dict[str, None]] = defaultdict(dict)
    for duty in rulebook.duties:
        for resolved in resolve(rulebook, duty).versions:
            columns = _of_version(resolved.rule, registers)
            for column in _with_sources(columns, registers):
                readers[column][duty] = None
    return {column: tuple(duties) for column, duties in readers.items()}


def unread_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """The columns that no rule reads, in the order of the registers.

    Always read are the columns that a register declares (its key, label and days, what follows
    what, what a row closes) and every column of a control sheet.
    """
    registers = rulebook.registers.values()
    declared = (column for spec in registers for column in _declared(spec))
    columns = {*columns_read(rulebook), *declared}
    return tuple(
        (spec.id, column.name)
        for spec in registers
        if not spec.control
        for column in spec.columns
        if (spec.id, column.name) not in columns
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


def _of_version(version: Version, registers: Registers) -> Iterator[Column]:
    for register, asks in version.row_conditions:
        yield from _columns(register, *columns_of(asks))
    for register, _, uses in columns_used(version, registers):
        yield from _columns(register, *(name for name, _ in uses))
    if version.rows is not None:
        remarked = (name for remark in version.remarks for name in columns_of(remark.where))
        yield from _columns(version.rows.register, *version.evidence_columns, *remarked)


def _columns(register: str, *names: str | None) -> Iterator[Column]:
    yield from ((register, name) for name in names if name is not None)


def _with_sources(columns: Iterable[Column], registers: Registers) -> Iterator[Column]:
    for register, name in columns:
        yield register, name
        spec = registers[register].column(name)
        if (latest := spec.latest) is not None:
            yield from _columns(register, latest.key, latest.by)
            yield from _columns(latest.within, latest.kind, latest.issued)
        if (day_of := spec.day_of) is not None:
            yield from _columns(register, day_of.key)
            yield from _columns(day_of.within, day_of.day)
