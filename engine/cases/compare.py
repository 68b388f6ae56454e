"""What a case expects beside what came out, in sentences with the line of what was expected."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from engine.assessment import Counts, DutyOutcome, ItemShown, ObligationOutcome
from engine.cases.case_file import ExpectedPart, ExpectedPast, Placed
from engine.cases.rows import row_name
from engine.outcome import Status
from evidence.register import Declared, Registers, spaced
from rules.yaml.source import YamlNode

#: What came out, by the name of the field that expects it.
Found = Mapping[str, object]
_Names = Callable[[Iterable[ItemShown]], tuple[str, ...]]

#: What a duty shows of its obligation, where it has one only.
_OF_ONE = ("window", "opens", "late_by", "too_late")
_OF_PART = ("for_", "status", "deadline", "days", "last_done", *_OF_ONE)
_OF_DUTY = ("status", "deadline", "days", "next_due", "last_done")
#: What an outcome calls otherwise than a case does.
_CALLED = {"for_": "subject", "late_by": "late_days"}


def compare(placed: Placed, outcome: DutyOutcome | None, registers: Registers) -> list[str]:
    """A sentence for each thing that came out otherwise than the case expects; ``outcome`` is None
    where the duty is not in force."""
    case, at = placed.case, placed.at
    if outcome is None:
        return _differ(case.expect, {"status": "not in force"}, at / "expect")
    names = partial(_row_names, placed, registers)
    said = _differ(case.expect, _of_duty(outcome, names), at / "expect")
    if case.obligations is not None:
        parts = [_of_part(outcome, obligation, names) for obligation in outcome.obligations]
        said += _paired(case.obligations, parts, at / "obligations")
    if case.history is not None:
        entries = [_fields(each, ExpectedPast.model_fields) for each in outcome.history]
        said += _paired(case.history, entries, at / "history")
    return said


# What came out ----------------------------------------------------------------------------------


def _fields(outcome: object, names: Iterable[str]) -> Found:
    return {name: getattr(outcome, _CALLED.get(name, name)) for name in names}


def _of_duty(outcome: DutyOutcome, names: _Names) -> Found:
    current = outcome.obligations
    counts = {name: getattr(outcome.counts, name) for name in Counts.__slots__ if name != "total"}
    return {
        **(_fields(current[0], _OF_ONE) if len(current) == 1 else {}),
        **_fields(outcome, _OF_DUTY),
        "counts": {name.replace("_", " "): count for name, count in counts.items() if count},
        "nothing_to_check": bool(outcome.nothing_to_check),
        "met_by": names(item for each in current for item in each.evidence),
        "unread": names(item for each in current for item in _unread(outcome, each)),
    }


def _of_part(outcome: DutyOutcome, part: ObligationOutcome, names: _Names) -> Found:
    rows = {"met_by": names(part.evidence), "unread": names(_unread(outcome, part))}
    return {**_fields(part, _OF_PART), **rows}


def _unread(outcome: DutyOutcome, part: ObligationOutcome) -> Iterator[ItemShown]:
    """The unread rows that might have met it, those among them that might have met others too."""
    mine = {group.id for group in part.unread_groups}
    yield from part.unreadable
    yield from (item for row in outcome.unread_rows if row.id in mine for item in row.rows)


def _row_names(placed: Placed, registers: Registers, items: Iterable[ItemShown]) -> tuple[str, ...]:
    """What a case calls the rows that a report shows, each once and in order."""
    return tuple(sorted({row_name(placed, registers[it.register], it.row) for it in items}))


# Beside what was expected -----------------------------------------------------------------------


def _paired(
    expected: Sequence[ExpectedPart | ExpectedPast], found: Sequence[Found], at: YamlNode
) -> list[str]:
    """Each of a whole list with the one that it is about; what is left over on either side."""
    said: list[str] = []
    left = list(found)
    for number, each in enumerate(expected):
        here, known = at / number, {name: getattr(each, name) for name in each.known_by}
        one = next((it for it in left if known.items() <= it.items()), None)
        if one is None:
            said.append(f"{_line(here)}: there is no such one; there is {_listed(left)}.")
            continue
        left.remove(one)
        said += _differ(each, one, here)
    return said + [f"{_line(at)}: there is also {_listed([each])}." for each in left]


def _differ(expected: Declared, found: Found, at: YamlNode) -> list[str]:
    """A sentence for each field that was written and came out otherwise."""
    said = []
    for field in type(expected).model_fields:
        if field not in expected.model_fields_set:
            continue
        key, wanted = spaced(field), _plain(getattr(expected, field))
        where, came = _line(at / key), _plain(found.get(field))
        if field not in found:
            said.append(f"{where}: there is no single obligation with '{key}'.")
        elif came != wanted:
            said.append(f"{where}: {key} is {_shown(came)}, not {_shown(wanted)}.")
    return said


def _line(at: YamlNode) -> str:
    return f"line {at.spot.line}"


def _plain(value: object) -> object:
    if isinstance(value, Status):
        return value.value.replace("_", " ")
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _listed(found: Sequence[Found]) -> str:
    named = [f"{it['for_']} {it['window']}".strip() for it in found]
    return "; ".join(named) if named else "none left"


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return ", ".join(f"{count} {name}" for name, count in sorted(value.items())) or "none"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value)
