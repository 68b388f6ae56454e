"""What two checks were asked and given, beside each other: what could have made a difference."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.assessment import Assessment
from record.ledger.entries import Checked
from record.ledger.entry import kept
from record.ledger.ledger import Entry, check_of
from reports import words

DAY, KNOWN, RECORDS, EVIDENCE = "day", "known", "records", "evidence"
RULEBOOK, SOP, PROGRAM = "rulebook", "sop", "program"

#: What each is called in a sentence.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        DAY: "the day",
        KNOWN: "the day by which rows had to be recorded",
        RECORDS: "the day on which records begin",
        EVIDENCE: "the evidence",
        RULEBOOK: "the rulebook",
        SOP: "the SOP",
        PROGRAM: "the program",
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its entry, and its assessment unless that was pruned."""

    entry: Checked
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Stamped:
    """Something that is not the same in the two: which (a key of NAMES), and how."""

    kind: str
    words: str


def side(ledger: Path, entries: list[Entry], number: int) -> Side:
    """One side of a comparison: the check of that number. Raises LedgerProblem as above, and where
    there is no such check."""
    entry, body = check_of(entries, number)
    return Side(body, kept(ledger, entry, body))


def stamped(one: Side, two: Side) -> tuple[Stamped, ...]:
    """All that was asked or given otherwise. Nothing else can make a difference: an assessment
    follows from these alone."""
    told = ((kind, say(one, two)) for kind, say in _SAYS.items())
    return tuple(Stamped(kind, said) for kind, said in told if said)


def _day(one: Side, two: Side) -> str:
    first, second = one.entry.as_of, two.entry.as_of
    if first == second:
        return ""
    apart = (second - first).days
    way = "later" if apart > 0 else "earlier"
    many = words.count(abs(apart), "day")
    return f"as of {words.day(first)}, then as of {words.day(second)}, {many} {way}"


def _known(one: Side, two: Side) -> str:
    first, second = one.entry.known_by, two.entry.known_by
    return "" if first == second else f"{_counted(first)}, then {_counted(second)}"


def _counted(known_by: datetime.date | None) -> str:
    return f"rows recorded by {words.day(known_by)}" if known_by else "all rows"


def _records(one: Side, two: Side) -> str:
    first, second = one.entry.records_begin, two.entry.records_begin
    return "" if first == second else f"{_begin(first)}, then {_begin(second)}"


def _begin(day: datetime.date | None) -> str:
    return words.day(day) if day else "no day given"


def _rulebook(one: Side, two: Side) -> str:
    first, second = one.entry.rulebook, two.entry.rulebook
    if first.sha256 == second.sha256:
        return ""
    if (first.id, first.version) == (second.id, second.version):
        return f"{first.id} {first.version} in both, and its files are not the same"
    return f"{first.id} {first.version}, then {second.id} {second.version}"


def _sop(one: Side, two: Side) -> str:
    first, second = one.entry.sop, two.entry.sop
    if first == second:
        return ""
    if first and second:
        return "another document, or another version of it"
    return "given in the second alone" if second else "given in the first alone"


def _evidence(one: Side, two: Side) -> str:
    first, second = one.entry.evidence, two.entry.evidence
    if first == second:
        return ""
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


def _program(one: Side, two: Side) -> str:
    first, second = one.entry.program, two.entry.program
    if first == second:
        return ""
    return f"{first.version} ({first.engine}), then {second.version} ({second.engine})"


_SAYS: Mapping[str, Callable[[Side, Side], str]] = MappingProxyType(
    {
        DAY: _day,
        KNOWN: _known,
        RECORDS: _records,
        EVIDENCE: _evidence,
        RULEBOOK: _rulebook,
        SOP: _sop,
        PROGRAM: _program,
    }
)
