"""Each duty's own rules for the rules engine: from observations to an outcome.

Every rule is a conjunction of tests on the integers of one situation (frames.observe). The
rules of one duty exclude one another and leave no situation undecided; the session checks both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.decision.codes import OF_STATUS, Applying, Code, ListState, WaiverCover
from engine.decision.rule import Rule, Test
from engine.obligation import SubjectState
from engine.outcome import WORST_FIRST
from rules.model import Duty, Version
from rules.resolve import ResolvedDuty

#: The kinds of situation: of an obligation, or of the statuses of a duty, a section or a list.
OBLIGATION_KIND = 1
DUTY_KIND = 2
SECTION_KIND = 3
WHOLE_KIND = 4

Fields = dict[str, int]
_READ: Fields = {"list_state": ListState.READ}
_READABLE: Fields = {**_READ, "subject_state": SubjectState.READABLE}
#: The fields of an obligation to which the duty applies.
_APPLIES: Fields = {**_READABLE, "applies": Applying.YES}


class RuleDraft(NamedTuple):
    """A rule before it belongs to a duty: its short name, its outcome and its tests."""

    name: str
    code: Code
    tests: tuple[Test, ...]


def _equal(fields: Fields) -> tuple[Test, ...]:
    return tuple(Test(name, "==", int(value)) for name, value in fields.items())


def rules_of(duty: ResolvedDuty, current: int, key: int) -> list[Rule]:
    """The duty's rules at D, when version ``current`` is in force, under the duty's number (the
    first status that fits, semantics.md: An obligation's status at D). Rules that no situation of
    the duty can reach are left out."""
    begun = [version.rule for version in duty.versions[: current + 1]]
    decided = _lasting(duty.duty) if begun[-1].pattern.lasting else _windowed(duty.duty, begun)
    return [
        Rule(f"{duty.duty.id}/{draft.name}", OBLIGATION_KIND, key, draft.tests, int(draft.code))
        for draft in (*_unevaluated(duty.duty, begun), *decided)
    ]


def _unevaluated(duty: Duty, begun: list[Version]) -> Iterator[RuleDraft]:
    """The rules for an obligation that is decided before its evidence is looked at: by the state of
    the list, the listed row or the holder of the role, or by the duty's condition."""
    version = begun[-1]
    cannot_tell: dict[str, Fields] = {
        "sheet unreadable": {"list_state": ListState.SHEET_UNREADABLE}
    }
    if version.events is not None or version.population is not None:
        cannot_tell |= {
            "list empty": {"list_state": ListState.EMPTY},
            "row unread": {**_READ, "subject_state": SubjectState.UNREAD},
            "claimed twice": {**_READ, "subject_state": SubjectState.CLAIMED_TWICE},
        }
    conditional = any(version.applies is not None for version in begun)
    if conditional:
        cannot_tell["condition unread"] = {**_READABLE, "applies": Applying.UNKNOWN}
    if version.pattern.in_place:
        cannot_tell["holder unclear"] = {**_READ, "subject_state": SubjectState.UNCLEAR_HOLDER}
    absent: Fields = {"list_state": ListState.SHEET_NOT_GIVEN}
    yield from _unless_waived_for_all(duty, "sheet not given", Code.NOT_ASSESSED, absent)
    for name, fields in cannot_tell.items():
        yield from _unless_waived_for_all(duty, name, Code.CANNOT_TELL, fields)
    if conditional:
        out = _equal({**_READABLE, "applies": Applying.NO})
        yield RuleDraft("condition leaves it out", Code.NOT_APPLICABLE, out)


def _unless_waived_for_all(
    duty: Duty, name: str, code: Code, fields: Fields
) -> Iterator[RuleDraft]:
    tests, cover = _equal(fields), int(WaiverCover.ALL)
    if not duty.waivable:
        yield RuleDraft(name, code, tests)
        return
    yield RuleDraft(name, code, (*tests, Test("waived", "<", cover)))
    yield RuleDraft(f"{name}, waived", Code.WAIVED, (*tests, Test("waived", ">=", cover)))


def _unless_waived(
    duty: Duty, fields: Fields, outcomes: Mapping[str, tuple[Code, Fields]], waived: str = "waived"
) -> Iterator[RuleDraft]:
    """The rules for an unmet obligation: waived under that name, or the outcomes."""
    tests = _equal(fields)
    if duty.waivable:
        covered = Test("waived", ">=", int(WaiverCover.THIS))
        yield RuleDraft(waived, Code.WAIVED, (*tests, covered))
        tests += _equal({"waived": WaiverCover.NONE})
    for name, (code, further) in outcomes.items():
        yield RuleDraft(name, code, tests + _equal(further))


def _lasting(duty: Duty) -> Iterator[RuleDraft]:
    """Rolling and standing duties: met while the last item lasts and is not within its notice."""
    lasts: Fields = {**_APPLIES, "still_lasts": 1}
    yield RuleDraft("met", Code.MET, _equal({**lasts, "within_notice": 0}))
    within: dict[str, tuple[Code, Fields]] = {"due again": (Code.DUE, {})}
    yield from _unless_waived(duty, {**lasts, "within_notice": 1}, within, "waived within notice")
    ended: dict[str, tuple[Code, Fields]] = {
        "due, never done": (Code.DUE, {"ever_done": 0, "deadline_passed": 0}),
        "due, lapsed before its first deadline": (Code.DUE, {"ever_done": 1, "deadline_passed": 0}),
        "overdue, never done": (Code.OVERDUE, {"ever_done": 0, "deadline_passed": 1}),
        "overdue": (Code.OVERDUE, {"ever_done": 1, "deadline_passed": 1}),
    }
    yield from _unless_waived(duty, {**_APPLIES, "still_lasts": 0}, ended)


def _windowed(duty: Duty, begun: list[Version]) -> Iterator[RuleDraft]:
    """Periodic duties and those about events."""
    periodic = begun[-1].pattern.period_kind is not None
    people = [version.population is not None for version in begun]
    recent: Fields = {} if periodic or all(people) else {"year_over": 0}
    yield RuleDraft("met", Code.MET, _equal({**_APPLIES, **recent, "enough_in_time": 1}))
    late = {"enough_in_time": 0, "enough_late": 1}
    yield RuleDraft("met late", Code.MET_LATE, _equal({**_APPLIES, **recent, **late}))
    if recent:
        over = _equal({**_APPLIES, "enough_late": 1, "year_over": 1})
        yield RuleDraft("settled", Code.MET_LONG_AGO, over)
    unmet: Fields = {**_APPLIES, "enough_late": 0}
    lapses = {"lapse_over": 0} if not periodic and any(v.lapse for v in begun) else {}
    # A person who is still there, and a record that carries its own deadline, pass no such day.
    pass_over = any(
        not version.pattern.carries_deadline and not of_people
        for version, of_people in zip(begun, people, strict=True)
    )
    passes = {"before_records": 0} if pass_over and not periodic else {}
    yield from _unless_waived(duty, {**unmet, **lapses, **passes}, _still_unmet(begun))
    if lapses:
        yield RuleDraft("lapsed", Code.LAPSED, _equal({**unmet, "lapse_over": 1, **passes}))
    if passes:
        before = _equal({**unmet, "before_records": 1})
        yield RuleDraft("before records begin", Code.BEFORE_RECORDS, before)


def _still_unmet(begun: list[Version]) -> dict[str, tuple[Code, Fields]]:
    """The rules for an unmet obligation: not yet due before the window opens, due while it is open
    unless the window before was missed, and otherwise overdue."""
    outcomes: dict[str, tuple[Code, Fields]] = {}
    if not all(version.pattern.waits for version in begun):
        outcomes["not yet due"] = Code.NOT_YET_DUE, {"opened": 0}
    is_open = {"opened": 1, "deadline_passed": 0}
    if begun[-1].pattern.period_kind is None:
        outcomes["due"] = Code.DUE, is_open
    else:
        outcomes["due"] = Code.DUE, {**is_open, "earlier_missed": 0}
        missed = {**is_open, "earlier_missed": 1}
        outcomes["overdue since an earlier window"] = Code.OVERDUE, missed
    outcomes["overdue"] = Code.OVERDUE, {"opened": 1, "deadline_passed": 1}
    return outcomes


def roll_up(kind: int, key: int, name: str) -> list[Rule]:
    """The rules that give the worst of the counted statuses, or not applicable where none is
    counted (semantics.md: From obligations to duties, sections and the whole)."""
    rules: list[Rule] = []
    worse: tuple[Test, ...] = ()
    for status in WORST_FIRST:
        tests = (*worse, Test(status.value, ">=", 1))
        code = int(OF_STATUS[status])
        rules.append(Rule(f"{name}/worst is {status.value}", kind, key, tests, code))
        worse = (*worse, Test(status.value, "==", 0))
    nothing = Rule(f"{name}/nothing to check", kind, key, worse, int(OF_STATUS[WORST_FIRST[-1]]))
    return [*rules, nothing]
