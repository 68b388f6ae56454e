"""The inputs of two checks compared: everything that could make a difference."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.assessment import Assessment, CauseShown, EvidenceStamp
from evidence.cells.text import listed
from reports import words

DAY, KNOWN, RECORDS, EVIDENCE = "day", "known", "records", "evidence"
MAPPING, RULEBOOK, SOP, PROGRAM = "mapping", "rulebook", "sop", "program"
ADDED, CHANGED, GONE, UNREADABLE = "row added", "row changed", "row gone", "unreadable"
GIVEN, NOT_GIVEN, WAIVER = "given", "not given", "waiver"

#: The name of each kind of input in a sentence.
NAMES: Mapping[str, str] = {
    DAY: "the day",
    KNOWN: "the day by which rows had to be recorded",
    RECORDS: "the day on which records begin",
    EVIDENCE: "the evidence",
    ADDED: "a row added",
    CHANGED: "a row changed",
    GONE: "a row gone",
    UNREADABLE: "a cell that can no longer be read",
    GIVEN: "a sheet provided",
    NOT_GIVEN: "a sheet no longer provided",
    WAIVER: "a waiver",
    MAPPING: "the mapping of your own sheets",
    RULEBOOK: "the rulebook",
    SOP: "the SOP",
    PROGRAM: "the program",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a check was made from: the days, and the SHA-256 of the files, of the mapping, of the
    rulebook (with its name and version) and of the SOP; the versions of the SOP; the program's
    version and engine.
    ``files`` are the files with their names; None where the assessment was pruned."""

    as_of: datetime.date
    known_by: datetime.date | None
    records_begin: datetime.date | None
    evidence: tuple[str, ...]
    mapping: str | None
    rulebook: tuple[str, str]
    sop: frozenset[str]
    sop_versions: tuple[str, ...]
    program: tuple[str, str]
    files: tuple[EvidenceStamp, ...] | None


def inputs_of(assessment: Assessment) -> Inputs:
    """The inputs of an assessment."""
    book, program = assessment.rulebook, assessment.program
    return Inputs(
        assessment.as_of,
        assessment.known_by,
        assessment.records_begin,
        tuple(stamp.sha256 for stamp in assessment.evidence),
        assessment.mapping.sha256 if assessment.mapping else None,
        (f"{book.id} {book.version}", book.sha256),
        frozenset(stamp.sha256 for stamp in assessment.sop_files),
        tuple(stamp.version for stamp in assessment.sop_files if stamp.version),
        (program.version, program.engine),
        assessment.evidence,
    )


def stamped(
    first: Inputs, second: Inputs, renamed: Mapping[str, str] = MappingProxyType({})
) -> tuple[CauseShown, ...]:
    """Every difference of the inputs. Nothing else can change the result: an assessment follows
    from these alone. ``renamed`` has the new names of files of which most rows are the same."""
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
        changes[EVIDENCE] = _evidence(first, second, renamed)
    if first.mapping != second.mapping:
        alone = "used now and not before" if second.mapping else "used before and not now"
        changes[MAPPING] = "another one" if first.mapping and second.mapping else alone
    if first.rulebook != second.rulebook:
        names = [first.rulebook[0], second.rulebook[0]]
        same = f"{names[0]} in both, and its files are not the same"
        changes[RULEBOOK] = same if len(set(names)) == 1 else _then(names)
    if first.sop != second.sop:
        alone = "given now and not before" if second.sop else "given before and not now"
        both = "another document, or another version of it"
        named = [listed(side.sop_versions) for side in (first, second)]
        if all(named) and named[0] != named[1]:
            both = _then(f"version {names}" for names in named)
        changes[SOP] = both if first.sop and second.sop else alone
    if first.program != second.program:
        programs = (first.program, second.program)
        changes[PROGRAM] = _then(f"{version} ({engine})" for version, engine in programs)
    return tuple(CauseShown(kind, text) for kind, text in changes.items() if text)


def _then(both: Iterable[str]) -> str:
    return ", then ".join(both)


def _evidence(one: Inputs, two: Inputs, renamed: Mapping[str, str]) -> str:
    first, second = one.evidence, two.evidence
    if one.files is None or two.files is None:
        same = len(set(first) & set(second))
        return f"{words.count(len(first), 'file')}, then {len(second)}, of which {same} the same"
    if sorted(first) == sorted(second) and _names(one.files) == _names(two.files):
        return "the same files in another order"
    return "; ".join(_files(one.files, two.files, renamed))


def _names(files: Iterable[EvidenceStamp]) -> list[str]:
    return sorted(stamp.file for stamp in files)


def _files(
    one: Iterable[EvidenceStamp], two: Iterable[EvidenceStamp], renamed: Mapping[str, str]
) -> Iterator[str]:
    """What became of each file. One that has another name and the same bytes was renamed."""
    before = {file.file: file.sha256 for file in one}
    after = {file.file: file.sha256 for file in two}
    new_name = {sha256: name for name, sha256 in after.items() if name not in before}
    renamed = {
        name: renamed.get(name) or new_name[before[name]]
        for name in before
        if name not in after and (name in renamed or before[name] in new_name)
    }
    for name in dict.fromkeys((*before, *after)):
        if name in renamed:
            yield f"{name} is now called {renamed[name]}"
        elif name not in after:
            yield f"{name} was given before and not now"
        elif name not in before and name not in renamed.values():
            yield f"{name} was not given before"
        elif name in before and before[name] != after[name]:
            yield f"{name} was changed"
