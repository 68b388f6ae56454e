"""The inputs of two checks compared: everything that could make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.assessment import Assessment
from evidence.cells.text import listed
from record.ledger.entries import Checked
from record.ledger.entry import fetch_assessment
from record.ledger.ledger import Entry, check_of
from reports import words

DAY, KNOWN, RECORDS, EVIDENCE = "day", "known", "records", "evidence"
MAPPING, RULEBOOK, SOP, PROGRAM = "mapping", "rulebook", "sop", "program"

#: The name of each kind of input in a sentence.
NAMES: Mapping[str, str] = {
    DAY: "the day",
    KNOWN: "the day by which rows had to be recorded",
    RECORDS: "the day on which records begin",
    EVIDENCE: "the evidence",
    MAPPING: "the mapping of your own sheets",
    RULEBOOK: "the rulebook",
    SOP: "the SOP",
    PROGRAM: "the program",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two checks: its entry, and its assessment unless that was pruned."""

    entry: Checked
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class InputChange:
    """A difference of the inputs, or a possible cause of another result: ``kind`` is a key of
    NAMES, '' if several kinds are possible; ``words`` say what was found."""

    kind: str
    words: str


def side(ledger: Path, entries: list[Entry], number: int) -> Side:
    """One side of a comparison: the check of that number. Raises LedgerProblem if there is no such
    check or its assessment cannot be read."""
    entry, body = check_of(entries, number)
    return Side(body, fetch_assessment(ledger, entry, body))


def stamped(one: Side, two: Side) -> tuple[InputChange, ...]:
    """Every difference of the inputs. Nothing else can change the result: an assessment follows
    from these alone."""
    first, second = one.entry, two.entry
    changes: dict[str, str] = {}
    if first.as_of != second.as_of:
        days = (second.as_of - first.as_of).days
        apart = f"{words.count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
        changes[DAY] = (
            f"as of {words.day(first.as_of)}, then as of {words.day(second.as_of)}, {apart}"
        )
    if first.known_by != second.known_by:
        known = (first.known_by, second.known_by)
        changes[KNOWN] = _then(
            f"rows recorded by {words.day(d)}" if d else "all rows" for d in known
        )
    if first.records_begin != second.records_begin:
        begin = (first.records_begin, second.records_begin)
        changes[RECORDS] = _then(words.day(day) if day else "no day given" for day in begin)
    if first.evidence != second.evidence:
        changes[EVIDENCE] = _evidence(one, two)
    if first.mapping != second.mapping:
        alone = f"used in the {'second' if second.mapping else 'first'} alone"
        changes[MAPPING] = "another one" if first.mapping and second.mapping else alone
    if first.rulebook.sha256 != second.rulebook.sha256:
        names = [f"{book.id} {book.version}" for book in (first.rulebook, second.rulebook)]
        same = f"{names[0]} in both, and its files are not the same"
        changes[RULEBOOK] = same if len(set(names)) == 1 else _then(names)
    documents = [_sop_files(entry) for entry in (first, second)]
    if documents[0] != documents[1]:
        alone = f"given in the {'second' if documents[1] else 'first'} alone"
        both = "another document, or another version of it"
        named = [listed([each.version for each in e.sop_versions]) for e in (first, second)]
        if all(named) and named[0] != named[1]:
            both = _then(f"version {names}" for names in named)
        changes[SOP] = both if all(documents) else alone
    if first.program != second.program:
        programs = (first.program, second.program)
        changes[PROGRAM] = _then(f"{program.version} ({program.engine})" for program in programs)
    return tuple(InputChange(kind, text) for kind, text in changes.items() if text)


def _sop_files(entry: Checked) -> frozenset[str]:
    """The SHA-256 of each version of the SOP that a check quoted."""
    return frozenset({entry.sop or ""} | {each.sha256 for each in entry.sop_versions}) - {""}


def _then(both: Iterable[str]) -> str:
    return ", then ".join(both)


def _evidence(one: Side, two: Side) -> str:
    first, second = one.entry.evidence, two.entry.evidence
    if sorted(first) == sorted(second):
        return "the same files in another order"
    if one.assessment and two.assessment:
        return "; ".join(_files(one.assessment, two.assessment))
    same = len(set(first) & set(second))
    return f"{words.count(len(first), 'file')}, then {len(second)}, of which {same} the same"


def _files(one: Assessment, two: Assessment) -> Iterator[str]:
    before = {file.file: file.sha256 for file in one.evidence}
    after = {file.file: file.sha256 for file in two.evidence}
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield f"{name} is not in the second"
        elif name not in before:
            yield f"{name} is not in the first"
        elif before[name] != after[name]:
            yield f"{name} was changed"
