"""The comparison of a case's expectations with its outcome, as sentences with their lines."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from engine.assessment import Counts, DutyOutcome, ItemShown, ObligationOutcome
from engine.cases.case_file import ExpectedHistoryEntry, ExpectedObligation, PlacedCase
from engine.cases.rows import row_name
from engine.outcome import Status
from engine.proof.phrases import day_words
from evidence.register import Declared, Registers, spaced
from rules.yaml.source import YamlNode

#: An outcome, by the names of the fields that expect it.
Actual = Mapping[str, object]
_Names = Callable[[Iterable[ItemShown]], tuple[str, ...]]

#: What a duty shows of its obligation if it has only one.
_SINGLE_FIELDS = ("window", "opens", "late_by", "too_late")
_PART_FIELDS = ("for_", "status", "deadline", "days", "last_done", *_SINGLE_FIELDS)
_DUTY_FIELDS = ("status", "deadline", "days", "next_due", "last_done")
#: The keys of a case whose name alone does not say what they count.
_IN_WORDS = {"days": "days to the deadline"}
#: The fields of an outcome that have another name in a case.
_CALLED = {"for_": "subject", "late_by": "late_days"}


def compare(placed: PlacedCase, outcome: DutyOutcome | None, registers: Registers) -> list[str]:
    """A sentence for each difference between a case's expectations and its outcome, which is None
    if the duty is not in force."""
    case, at = placed.case, placed.at
    if outcome is None:
        return _differences(case.expect, {"status": "not in force"}, at / "expect")
    names = partial(_row_names, placed, registers)
    sentences = _differences(case.expect, _duty_fields(outcome, names), at / "expect")
    if case.obligations is not None:
        parts = [_part_fields(outcome, obligation, names) for obligation in outcome.obligations]
        sentences += _list_differences(case.obligations, parts, at / "obligations")
    if case.history is not None:
        entries = [_fields(entry, ExpectedHistoryEntry.model_fields) for entry in outcome.history]
        sentences += _list_differences(case.history, entries, at / "history")
    return sentences


# The outcome ------------------------------------------------------------------------------------


def _fields(outcome: object, names: Iterable[str]) -> Actual:
    return {name: getattr(outcome, _CALLED.get(name, name)) for name in names}


def _duty_fields(outcome: DutyOutcome, names: _Names) -> Actual:
    current = outcome.obligations
    counts = {name: getattr(outcome.counts, name) for name in Counts.__slots__ if name != "total"}
    return {
        **(_fields(current[0], _SINGLE_FIELDS) if len(current) == 1 else {}),
        **_fields(outcome, _DUTY_FIELDS),
        "counts": {name.replace("_", " "): count for name, count in counts.items() if count},
        "nothing_to_check": bool(outcome.nothing_to_check),
        "met_by": names(item for part in current for item in part.evidence),
        "unread": names(item for part in current for item in _unread(outcome, part)),
    }


def _part_fields(outcome: DutyOutcome, part: ObligationOutcome, names: _Names) -> Actual:
    rows = {"met_by": names(part.evidence), "unread": names(_unread(outcome, part))}
    return {**_fields(part, _PART_FIELDS), **rows}


def _unread(outcome: DutyOutcome, part: ObligationOutcome) -> Iterator[ItemShown]:
    """The unread rows that might have met an obligation, including those that might have met
    others."""
    groups = {pointer.id for pointer in part.unread_groups}
    yield from part.unreadable
    yield from (item for group in outcome.unread_rows if group.id in groups for item in group.rows)


def _row_names(
    placed: PlacedCase, registers: Registers, items: Iterable[ItemShown]
) -> tuple[str, ...]:
    """The names that a case gives to rows of a report, each once and in order."""
    return tuple(sorted({row_name(placed, registers[item.register], item.row) for item in items}))


# The differences --------------------------------------------------------------------------------


def _list_differences(
    expected: Sequence[ExpectedObligation | ExpectedHistoryEntry],
    actual: Sequence[Actual],
    at: YamlNode,
) -> list[str]:
    """The differences of each entry of a whole list, and the entries left over on either side."""
    sentences: list[str] = []
    left = list(actual)
    for number, entry in enumerate(expected):
        place = at / number
        key = {name: getattr(entry, name) for name in entry.identified_by}
        match = next((other for other in left if key.items() <= other.items()), None)
        if match is None:
            wanted = " ".join(str(value) for value in key.values() if value)
            others = "; ".join(map(_entry_name, left)) or "none"
            sentences.append(f"{_line(place)}: expected {wanted}, got {others}.")
            continue
        left.remove(match)
        sentences += _differences(entry, match, place)
    return sentences + [f"{_line(at)}: got {_entry_name(entry)}, not expected." for entry in left]


def _differences(expected: Declared, actual: Actual, at: YamlNode) -> list[str]:
    """A sentence for each field of the expectation that has another value in the outcome."""
    sentences = []
    for field in type(expected).model_fields:
        if field not in expected.model_fields_set:
            continue
        key = spaced(field)
        value = _plain(getattr(expected, field))
        line = _line(at / key)
        outcome = _plain(actual.get(field))
        if field not in actual:
            sentences.append(f"{line}: there is no single obligation with '{key}'.")
        elif outcome != value:
            called = _IN_WORDS.get(key, key)
            sentences.append(f"{line}: {called}: expected {_shown(value)}, got {_shown(outcome)}.")
    return sentences


def _line(at: YamlNode) -> str:
    return f"line {at.spot.line}"


def _entry_name(entry: Actual) -> str:
    return f"{entry['for_']} {entry['window']}".strip()


def _plain(value: object) -> object:
    if isinstance(value, Status):
        return value.value.replace("_", " ")
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        value = tuple(f"{count} {name}" for name, count in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return day_words(value) if isinstance(value, datetime.date) else str(value)
