"""Every obligation of a rulebook as of a day, judged one at a time.

This is the plain evaluator. It was written independently of the vectorised evaluator, imports
nothing of it, and must agree with it (semantics.md: What must always hold). The modules of this
folder follow the order of the definitions: days (Words), sheet, conditions and items (Evidence),
lists (Subjects), duty_as_of (versions, lapse, records begin), a module for each pattern, and
waivers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from operator import attrgetter
from types import MappingProxyType

from engine.outcome import Answer, ItemRef, ObligationKey, Status
from engine.plain.completeness import judge_records
from engine.plain.conditions import list_truths
from engine.plain.content import uncut
from engine.plain.duty_as_of import DutyAsOf, make_answer
from engine.plain.items import Finder
from engine.plain.lists import nil_returns
from engine.plain.periodic import judge_periodic
from engine.plain.rolling import judge_lasting
from engine.plain.sheet import Sheets
from engine.plain.triggered import judge_events, judge_joinings
from engine.plain.waivers import waive
from evidence.table import Evidence
from rules.condition import Condition, conditions_of
from rules.model import Rulebook
from rules.patterns import Completeness, Periodic, Rolling, Standing
from rules.resolve import Resolved, ResolvedDuty

_Group = tuple[str, ...]  # registers that may serve in each other's place: one of them is needed


def evaluate(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: date,
    tick: Callable[[], None] = lambda: None,
    records_begin: date | None = None,
) -> list[Answer]:
    """Every obligation, current and history, of the duties in force on ``as_of``, in the order of
    their keys.

    ``tick`` is called for each duty and each obligation, and may raise to stop the work.
    ``records_begin`` is the day from which the office keeps its registers, no later than ``as_of``;
    None means the SOP's first day.
    """
    return _evaluate(rulebook, Sheets(evidence, as_of), rulebook.duties, tick, records_begin)


def evaluate_later(
    rulebook: Rulebook,
    sheets: Sheets,
    complete: Mapping[ObligationKey, Answer],
    records_begin: date | None = None,
) -> list[Answer]:
    """As ``evaluate``, as of the day of the sheets. ``complete``: the answers of an earlier day on
    records that were complete. They do not change."""
    return _evaluate(rulebook, sheets, rulebook.duties, lambda: None, records_begin, complete)


def evaluate_duty(
    rulebook: Rulebook,
    evidence: Evidence,
    as_of: date,
    duty_id: str,
    records_begin: date | None = None,
) -> list[Answer]:
    """As ``evaluate``, for one duty. Raises KeyError if the rulebook has no duty with that id."""
    sheets = Sheets(evidence, as_of)
    return _evaluate(rulebook, sheets, (duty_id,), lambda: None, records_begin)


def _evaluate(
    rulebook: Rulebook,
    sheets: Sheets,
    duties: Iterable[str],
    tick: Callable[[], None],
    records_begin: date | None,
    complete: Mapping[ObligationKey, Answer] = MappingProxyType({}),
) -> list[Answer]:
    """The answers on these duties, of which those not in force on the day of the sheets are left
    out. The parameters are those of ``evaluate`` and ``evaluate_later``."""
    waived: list[Answer] = []
    for duty_id in duties:
        tick()
        resolved, begun = uncut(rulebook, duty_id, sheets.as_of)
        if not resolved.holds(sheets.as_of):
            continue
        duty = _duty_as_of(sheets, resolved, begun, records_begin)
        answers: list[Answer] = []
        for answered in _answers(duty, complete):
            tick()
            answers.append(answered)
        waived += waive(duty, answers)
    return sorted(waived, key=attrgetter("key", "history_reason"))


def _duty_as_of(
    sheets: Sheets,
    resolved: ResolvedDuty,
    begun: tuple[Resolved, ...],
    records_begin: date | None,
) -> DutyAsOf:
    """A duty by the versions ``begun`` as of the day of the sheets."""
    met_before: dict[date, dict[str, tuple[ItemRef, ...]]] = {}
    for number, version in enumerate(begun):
        if number and version.rule.transition_until:
            on_first_day = sheets.on(version.begins)
            earlier = _duty_as_of(on_first_day, resolved, begun[:number], records_begin)
            met_before[version.begins] = {
                answer.key.subject: answer.met_by
                for answer in _answers(earlier, {})
                if answer.status is Status.MET
            }
    return DutyAsOf(
        sheets=sheets,
        resolved=resolved,
        as_of=sheets.as_of,
        versions=begun,
        finders={version.begins: Finder(sheets, version) for version in begun},
        met_before=met_before,
        records_begin=records_begin,
    )


def _answers(duty: DutyAsOf, complete: Mapping[ObligationKey, Answer]) -> Iterable[Answer]:
    """The answer on each obligation; only one answer if a register or the list of the duty is
    lacking."""
    status = _without_registers(duty)
    if status:
        return [make_answer(duty.version, duty.key(), status)]
    if _list_is_unknown(duty):
        return [make_answer(duty.version, duty.key(), Status.CANNOT_TELL)]
    match duty.version.rule.pattern:  # Every version has the same pattern.
        case Periodic():
            return judge_periodic(duty)
        case Rolling() | Standing():
            return judge_lasting(duty)
        case Completeness():
            return judge_records(duty, complete)
        case pattern:
            return judge_joinings(duty) if pattern.by_joining else judge_events(duty)


def _list_is_unknown(duty: DutyAsOf) -> bool:
    """Whether a list is empty although its rule does not allow that, and no nil return covers the
    day."""
    for listing in (duty.version.rule.population, duty.version.rule.events):
        if listing is None or listing.empty == "fair":
            continue
        nil = nil_returns(duty.sheets, listing.nil_return) if listing.nil_return else []
        covered = any(duty.as_of <= row.covers_to for row in nil)
        truths = list_truths(duty.sheets.of(listing.register), listing.asks)
        if not covered and set(truths) <= {False}:
            return True
    return False


# The registers that a duty needs (semantics.md: An obligation's status at D) ----------------------


def _without_registers(duty: DutyAsOf) -> Status | None:
    """The status where a register that the duty needs was not given or cannot be read
    (reading-semantics.md: Which sheets a duty needs)."""
    groups = {group for version in duty.versions for group in _needed(duty.sheets, version)}
    sheets = [[duty.sheets.of(register) for register in group] for group in groups]
    tables = [[sheet.table for sheet in group if not sheet.spec.control] for group in sheets]
    if any(group and not any(table.given for table in group) for group in tables):
        return Status.NOT_ASSESSED
    if any(group and not any(table.found for table in group) for group in tables):
        return Status.CANNOT_TELL
    return None


def _needed(sheets: Sheets, version: Resolved) -> Iterable[_Group]:
    """The registers that a version's lists, evidence and conditions read or look up rows in."""
    rule = version.rule
    events, query = rule.events, rule.evidence
    of_members = tuple(ask for member in rule.members for ask in member.where)
    for rows, more, dated in (
        (rule.population, (), None),
        (events, rule.pattern.asks, events and events.dated),
        (query, of_members, query and query.dated),
        (rule.applies, (), None),
    ):
        if rows is None:
            continue
        yield (rows.register,)
        spec = sheets.of(rows.register).specs.get(dated) if dated else None
        if spec and spec.looks_in:
            yield (spec.looks_in,)
        for condition in conditions_of(rows.asks + more):
            yield from _looked_up(sheets, rows.register, condition)


def _looked_up(sheets: Sheets, register: str, condition: Condition) -> Iterable[_Group]:
    """The registers in which a condition, and those within it, look up another row."""
    spec = sheets.of(register).specs.get(condition.column)
    if spec is None:
        return
    if spec.looks_in:
        yield (spec.looks_in,)
    if condition.filled and spec.named:
        yield spec.named
        for named in spec.named:
            for nested in condition.where:
                yield from _looked_up(sheets, named, nested)
