"""The inputs of two checks compared: everything that could make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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


def stamped(
    first: Assessment, second: Assessment, renamed: Mapping[str, str]
) -> tuple[CauseShown, ...]:
    """Every difference of the inputs. Nothing else can change the result: an assessment follows
    from these alone. ``renamed`` has the new names of files of which most rows are the same."""
    both, changes = (first, second), dict[str, str]()
    if first.as_of != second.as_of:
        days = (second.as_of - first.as_of).days
        apart = f"{words.count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
        changes[DAY] = (
            f"as of {words.day(first.as_of)}, then as of {words.day(second.as_of)}, {apart}"
        )
    if first.known_by != second.known_by:
        known = (one.known_by for one in both)
        changes[KNOWN] = _then(
            f"rows recorded by {words.day(day)}" if day else "all rows" for day in known
        )
    if first.records_begin != second.records_begin:
        begin = (one.records_begin for one in both)
        changes[RECORDS] = _then(words.day(day) if day else "no day given" for day in begin)
    hashes = [[stamp.sha256 for stamp in one.evidence] for one in both]
    if hashes[0] != hashes[1]:
        changes[EVIDENCE] = "; ".join(_evidence(first.evidence, second.evidence, renamed))
    mappings = [one.mapping.sha256 if one.mapping else "" for one in both]
    if mappings[0] != mappings[1]:
        changes[MAPPING] = "another one" if all(mappings) else _alone("used", mappings[1])
    books = [(f"{one.rulebook.id} {one.rulebook.version}", one.rulebook.sha256) for one in both]
    if books[0] != books[1]:
        names = [name for name, _ in books]
        same = f"{names[0]} in both, and its files are not the same"
        changes[RULEBOOK] = same if len(set(names)) == 1 else _then(names)
    documents = [{stamp.sha256 for stamp in one.sop_files} for one in both]
    if documents[0] != documents[1]:
        named = [listed([s.version for s in one.sop_files if s.version]) for one in both]
        text = "another document, or another version of it"
        if all(named) and named[0] != named[1]:
            text = _then(f"version {names}" for names in named)
        changes[SOP] = text if all(documents) else _alone("given", documents[1])
    programs = [(one.program.version, one.program.engine) for one in both]
    if programs[0] != programs[1]:
        changes[PROGRAM] = _then(f"{version} ({engine})" for version, engine in programs)
    return tuple(CauseShown(kind, text) for kind, text in changes.items() if text)


def _then(both: Iterable[str]) -> str:
    return ", then ".join(both)


def _alone(verb: str, second: object) -> str:
    """What only one of the two had."""
    return f"{verb} now and not before" if second else f"{verb} before and not now"


def _evidence(
    one: Sequence[EvidenceStamp], two: Sequence[EvidenceStamp], renamed: Mapping[str, str]
) -> Iterator[str]:
    """What became of each file. One that has another name and the same bytes was renamed."""
    before = {file.file: file.sha256 for file in one}
    after = {file.file: file.sha256 for file in two}
    if before == after:
        yield "the same files in another order"
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
