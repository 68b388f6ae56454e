"""Each duty's own rules for the rules engine: from observations to an outcome.

Every rule is a conjunction of tests on the integers of one situation (frames.evaluate). The
rules of one duty exclude one another and leave no situation undecided; the session checks both.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.decision.codes import OF_STATUS, Code
from engine.decision.observations import Applying, ListState, Relief
from engine.decision.rule import Rule, Test
from engine.obligation import SubjectState
from engine.outcome import WORST_FIRST
from rules.model import Duty, Version
from rules.resolve import ResolvedDuty

#: The phases of a check: what a fact's ``kind`` says it is about.
OBLIGATION, DUTY, SECTION, WHOLE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule before it belongs to a duty: its short name, its outcome and its tests."""

    name: str
    code: Code
    tests: tuple[Test, ...]


def equal(**fields: int) -> tuple[Test, ...]:
    """Tests that each field has the value."""
    return tuple(Test(name, "==", int(value)) for name, value in fields.items())


def rules_of(duty: ResolvedDuty, current: int, key: int) -> list[Rule]:
    """The duty's rules at D, where version ``current`` holds, nested under the duty's number
    (semantics.md, An obligation's status at D: the first that fits). Rules that no situation of
    the duty can reach are left out."""
    held = [each.version for each in duty.versions[: current + 1]]
    drafts = [
        *_sheets(duty.duty),
        *_lists(duty.duty, held[-1]),
        *_subjects(duty.duty, held),
        *(_rolling(duty.duty) if _rolls(held[-1]) else _windowed(duty.duty, held)),
    ]
    return [
        Rule(f"{duty.duty.id}/{draft.name}", OBLIGATION, key, draft.tests, int(draft.code))
        for draft in drafts
    ]


def _rolls(version: Version) -> bool:
    return version.pattern.rolls


def _sheets(duty: Duty) -> list[RuleDraft]:
    """What follows where a sheet that the duty needs was not given, or cannot be read."""
    absent = _unless_waived("sheet not given", Code.NOT_ASSESSED, duty)
    unread = _unless_waived("sheet unreadable", Code.CANNOT_TELL, duty)
    return _also(absent, list_state=ListState.SHEET_NOT_GIVEN) + _also(
        unread, list_state=ListState.SHEET_UNREADABLE
    )


def _lists(duty: Duty, version: Version) -> list[RuleDraft]:
    """What follows where a list is empty."""
    if not _has_list(version):
        return []
    return _also(_unless_waived("list empty", Code.CANNOT_TELL, duty), list_state=ListState.EMPTY)


def _has_list(version: Version) -> bool:
    return version.events is not None or version.population is not None


def _subjects(duty: Duty, held: list[Version]) -> list[RuleDraft]:
    """What follows where a listed row cannot be read, the duty's condition decides, or it cannot be
    told who holds a role."""
    drafts: list[RuleDraft] = []
    version = held[-1]
    if _has_list(version):
        unread = _unless_waived("row unread", Code.CANNOT_TELL, duty)
        drafts += _listed(unread, SubjectState.UNREAD)
        twice = _unless_waived("claimed twice", Code.CANNOT_TELL, duty)
        drafts += _listed(twice, SubjectState.CLAIMED_TWICE)
    if any(each.applies is not None for each in held):
        unknown = _unless_waived("condition unread", Code.CANNOT_TELL, duty)
        drafts += _also(
            unknown,
            list_state=ListState.READ,
            subject_state=SubjectState.READABLE,
            applies=Applying.UNKNOWN,
        )
        out = equal(
            list_state=ListState.READ, subject_state=SubjectState.READABLE, applies=Applying.NO
        )
        drafts.append(RuleDraft("condition leaves it out", Code.NOT_APPLICABLE, out))
    if version.pattern.in_place:
        unclear = _unless_waived("holder unclear", Code.CANNOT_TELL, duty)
        drafts += _also(
            unclear, list_state=ListState.READ, subject_state=SubjectState.UNCLEAR_HOLDER
        )
    return drafts


def _unless_waived(name: str, code: Code, duty: Duty) -> list[RuleDraft]:
    """The outcome, and waived where a waiver for all subjects covers it."""
    if not duty.waivable:
        return [RuleDraft(name, code, ())]
    return [
        RuleDraft(name, code, (Test("waived", "<", int(Relief.ALL)),)),
        RuleDraft(f"{name}, waived", Code.WAIVED, (Test("waived", ">=", int(Relief.ALL)),)),
    ]


def _also(drafts: list[RuleDraft], **fields: int) -> list[RuleDraft]:
    return [RuleDraft(each.name, each.code, equal(**fields) + each.tests) for each in drafts]


def _listed(drafts: list[RuleDraft], state: SubjectState, **fields: int) -> list[RuleDraft]:
    """The drafts, for what a list that was read holds in this state."""
    return _also(drafts, list_state=ListState.READ, subject_state=state, **fields)


def _asked(drafts: list[RuleDraft]) -> list[RuleDraft]:
    """The drafts, for obligations that are really asked."""
    return _also(
        drafts, list_state=ListState.READ, subject_state=SubjectState.READABLE, applies=Applying.YES
    )


def _unmet(duty: Duty, drafts: list[RuleDraft], **unmet: int) -> list[RuleDraft]:
    """Outcomes of what is not met: waived where any waiver covers it, else the drafts."""
    if not duty.waivable:
        return _also(drafts, **unmet)
    relief = RuleDraft("waived", Code.WAIVED, (Test("waived", ">=", int(Relief.THIS)),))
    return _also([relief, *_also(drafts, waived=Relief.NONE)], **unmet)


def _rolling(duty: Duty) -> list[RuleDraft]:
    """Rolling and standing: met while the last one holds and is not within its notice."""
    near = _unmet(duty, [RuleDraft("due again", Code.DUE, ())], enough_in_time=1, within_notice=1)
    gone = _unmet(
        duty,
        [
            RuleDraft("due, never done", Code.DUE, equal(ever_done=0, closed=0)),
            RuleDraft(
                "due, lapsed before its first deadline", Code.DUE, equal(ever_done=1, closed=0)
            ),
            RuleDraft("overdue, never done", Code.OVERDUE, equal(ever_done=0, closed=1)),
            RuleDraft("overdue", Code.OVERDUE, equal(ever_done=1, closed=1)),
        ],
        enough_in_time=0,
    )
    near = [
        RuleDraft(f"{each.name} within notice", each.code, each.tests)
        if each.name == "waived"
        else each
        for each in near
    ]
    return _asked(
        [RuleDraft("met", Code.MET, equal(enough_in_time=1, within_notice=0)), *near, *gone]
    )


def _windowed(duty: Duty, held: list[Version]) -> list[RuleDraft]:
    """Periodic duties and those about events."""
    version = held[-1]
    periodic = version.pattern.period_kind is not None
    lapses = any(each.lapse for each in held) and not periodic
    passes = not periodic and any(_may_pass(each) for each in held)
    unmet = [
        *_early(held),
        *_open(periodic),
        RuleDraft("overdue", Code.OVERDUE, equal(opened=1, closed=1)),
    ]
    now = ({"lapse_over": 0} if lapses else {}) | ({"before_records": 0} if passes else {})
    still = _unmet(duty, unmet, enough_late=0, **now)
    settles = any(each.population is None for each in held)
    met = _met(settles=settles and not periodic)
    drafts = [*met, *still]
    if lapses:
        also = {"before_records": 0} if passes else {}
        drafts.append(RuleDraft("lapsed", Code.LAPSED, equal(enough_late=0, lapse_over=1, **also)))
    if passes:
        before = equal(enough_late=0, before_records=1)
        drafts.append(RuleDraft("before records begin", Code.BEFORE_RECORDS, before))
    return _asked(drafts)


def _may_pass(version: Version) -> bool:
    """Whether an obligation under a version may lie before records begin: not that of a person who
    is still there, nor one whose record carries its own deadline."""
    return not version.pattern.carries_deadline and version.population is None


def _early(held: list[Version]) -> list[RuleDraft]:
    """Not yet due, where a window can open after D at all."""
    if all(each.pattern.waits for each in held):
        return []
    return [RuleDraft("not yet due", Code.NOT_YET_DUE, equal(opened=0))]


def _open(periodic: bool) -> list[RuleDraft]:
    """While the window is open: due, or overdue where the window before it was missed."""
    if not periodic:
        return [RuleDraft("due", Code.DUE, equal(opened=1, closed=0))]
    missed = equal(opened=1, closed=0, earlier_missed=1)
    return [
        RuleDraft("due", Code.DUE, equal(opened=1, closed=0, earlier_missed=0)),
        RuleDraft("overdue since an earlier window", Code.OVERDUE, missed),
    ]


def _met(settles: bool) -> list[RuleDraft]:
    drafts = [
        RuleDraft("met", Code.MET, equal(enough_in_time=1)),
        RuleDraft("met late", Code.MET_LATE, equal(enough_in_time=0, enough_late=1)),
    ]
    if not settles:
        return drafts
    over = RuleDraft("settled", Code.SETTLED, equal(enough_late=1, year_over=1))
    return [*_also(drafts, year_over=0), over]


def roll_up(kind: int, key: int, name: str) -> list[Rule]:
    """The rules that take the worst of what was counted (semantics.md, From obligations to
    duties, sections and the whole); nothing counted at all is not applicable."""
    rules: list[Rule] = []
    worse: tuple[Test, ...] = ()
    for status in WORST_FIRST:
        tests = (*worse, Test(status.value, ">=", 1))
        rules.append(
            Rule(f"{name}/worst is {status.value}", kind, key, tests, int(OF_STATUS[status]))
        )
        worse = (*worse, Test(status.value, "==", 0))
    nothing = Rule(f"{name}/nothing to check", kind, key, worse, int(OF_STATUS[WORST_FIRST[-1]]))
    return [*rules, nothing]
