"""What a case expects beside what came out, in sentences with the line of what was expected."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import Counts, DutyOutcome, HistoryEntry, ItemShown, ObligationOutcome
from engine.cases.case_file import ExpectedPart, ExpectedPast, Placed
from engine.cases.rows import row_name
from engine.outcome import Status
from evidence.register import Declared, RegisterSpec, spaced
from rules.yaml.source import At

#: What came out, by the name of the field that expects it.
Found = Mapping[str, object]
Registers = Mapping[str, RegisterSpec]

_OF_ONE = ("window", "opens", "late_by", "too_late")


def compare(placed: Placed, outcome: DutyOutcome | None, registers: Registers) -> list[str]:
    """A sentence for each thing that came out otherwise than the case expects; ``outcome`` is None
    where the duty is not in force."""
    case, expect = placed.case, placed.at / "expect"
    if outcome is None:
        return _differ(case.expect, {"status": "not in force"}, expect)
    names = _RowNames(placed, registers)
    said = _differ(case.expect, _of_duty(outcome, names), expect)
    if case.obligations is not None:
        parts = [_of_part(outcome, each, names) for each in outcome.obligations]
        said += _paired(case.obligations, parts, placed.at / "obligations", _same_part)
    if case.history is not None:
        entries = [_of_entry(each) for each in outcome.history]
        said += _paired(case.history, entries, placed.at / "history", _same_past)
    return said


# What came out ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _RowNames:
    """What a case calls the rows that a report shows."""

    placed: Placed
    registers: Registers

    def of(self, items: Iterable[ItemShown]) -> tuple[str, ...]:
        """The names of these rows, each once and in order."""
        named = {row_name(self.placed, self.registers[it.register], it.row) for it in items}
        return tuple(sorted(named))


def _of_duty(outcome: DutyOutcome, names: _RowNames) -> Found:
    current = outcome.obligations
    one = _of_part(outcome, current[0], names) if len(current) == 1 else {}
    return {name: one[name] for name in _OF_ONE if name in one} | {
        "status": _words(outcome.status),
        "deadline": outcome.deadline,
        "days": outcome.days,
        "next_due": outcome.next_due,
        "last_done": outcome.last_done,
        "counts": _counted(outcome.counts),
        "nothing_to_check": bool(outcome.nothing_to_check),
        "met_by": names.of(item for each in current for item in each.evidence),
        "unread": names.of(item for each in current for item in _unread(outcome, each)),
    }


def _unread(outcome: DutyOutcome, part: ObligationOutcome) -> Iterator[ItemShown]:
    """The unread rows that might have met it, those among them that might have met others too."""
    mine = {each.id for each in part.unread_groups}
    yield from part.unreadable
    yield from (item for each in outcome.unread_rows if each.id in mine for item in each.rows)


def _of_part(outcome: DutyOutcome, part: ObligationOutcome, names: _RowNames) -> Found:
    return {
        "for_": part.subject,
        "status": _words(part.status),
        "window": part.window,
        "opens": part.opens,
        "deadline": part.deadline,
        "days": part.days,
        "late_by": part.late_days,
        "last_done": part.last_done,
        "met_by": names.of(part.evidence),
        "unread": names.of(_unread(outcome, part)),
        "too_late": part.too_late,
    }


def _of_entry(entry: HistoryEntry) -> Found:
    return {
        "for_": entry.subject,
        "window": entry.window,
        "outcome": entry.outcome,
        "opens": entry.opens,
        "deadline": entry.deadline,
        "late_by": entry.late_days,
    }


def _words(status: Status) -> str:
    return status.value.replace("_", " ")


def _counted(counts: Counts) -> dict[str, int]:
    named = {name: getattr(counts, name) for name in Counts.__slots__ if name != "total"}
    return {name.replace("_", " "): count for name, count in named.items() if count}


# Beside what was expected -----------------------------------------------------------------------


def _paired(
    expected: Sequence[Declared],
    found: Sequence[Found],
    at: At,
    same: Callable[[Declared, Found], bool],
) -> list[str]:
    """Each of a whole list with the one that it is about; what is left over on either side."""
    said: list[str] = []
    left = list(found)
    for number, each in enumerate(expected):
        here = at / number
        one = next((it for it in left if same(each, it)), None)
        if one is None:
            said.append(f"{_line(here)}: there is no such one; there is {_listed(left)}.")
            continue
        left.remove(one)
        said += _differ(each, one, here)
    return said + [f"{_line(at)}: there is also {_listed([each])}." for each in left]


def _same_part(expected: Declared, found: Found) -> bool:
    assert isinstance(expected, ExpectedPart)
    return expected.for_ == found["for_"]


def _same_past(expected: Declared, found: Found) -> bool:
    assert isinstance(expected, ExpectedPast)
    if expected.outcome == "gap" and expected.opens != found["opens"]:
        return False
    return (expected.for_, expected.window) == (found["for_"], found["window"])


def _differ(expected: Declared, found: Found, at: At) -> list[str]:
    """A sentence for each field that was written and came out otherwise."""
    said = []
    for field in type(expected).model_fields:
        if field not in expected.model_fields_set:
            continue
        key, wanted = spaced(field), _plain(getattr(expected, field))
        where = _line(at / key)
        if field not in found:
            said.append(f"{where}: there is no single obligation with '{key}'.")
        elif _plain(found[field]) != wanted:
            said.append(f"{where}: {key} is {_shown(found[field])}, not {_shown(wanted)}.")
    return said


def _line(at: At) -> str:
    return f"line {at.spot.line}"


def _plain(value: object) -> object:
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
