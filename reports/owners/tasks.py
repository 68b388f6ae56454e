"""What each owner has to do: what is overdue, what falls due, and which cells to correct."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.assessment import Assessment, DutyOutcome, OwnerShown, ProblemShown
from engine.outcome import Status
from reports import view
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import NEXT, SOON, action, by_gravity, says_why
from reports.next_step import NextSteps, as_recorded
from reports.provided import not_given_words
from reports.words import lower_first

OVERDUE, UNTOLD, NOT_GIVEN, TO_CORRECT = (
    "Overdue",
    "Cannot tell",
    "Not assessed",
    "What to correct",
)
DUE_SOON, DUE_NEXT = f"Due within {SOON} days", f"Due within {NEXT} days"

#: The title of the last days within 90 days of what is not due yet.
NEXT_DATES = f"Dates within {NEXT} days"

#: What stands in place of an owner's name.
NO_OWNER = "No owner recorded"

#: The groups of an owner's duties, in their order.
GROUPS = (OVERDUE, UNTOLD, NOT_GIVEN, DUE_SOON, DUE_NEXT)

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class OwnerTask:
    """A duty that needs action: its group, why it is outstanding, and the next step; ``at_fault``:
    a record falls short, so that the step does not say all. ``rank`` sorts what is overdue: first
    that of which nothing is recorded."""

    group: str
    duty: DutyOutcome
    why: str
    step: str
    at_fault: bool = False
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """Cells to correct, in words, with the outstanding duties that they affect."""

    words: str
    duties: tuple[DutyOutcome, ...]


@dataclass(frozen=True, slots=True)
class OwnerTasks:
    """An owner with all that the owner has to do; the name is '' for the duties without an owner.
    ``slug`` names the owner in addresses and file names. ``dates``: the last days within 90 days of
    duties that are not among the ``tasks``, such as meetings to attend."""

    name: str
    email: str
    slug: str
    tasks: tuple[OwnerTask, ...]
    corrections: tuple[Correction, ...]
    dates: tuple[DatedLine, ...] = ()

    def of_group(self, group: str) -> tuple[OwnerTask, ...]:
        """The tasks of a group."""
        return tuple(task for task in self.tasks if task.group == group)


def owner_tasks(assessment: Assessment, next_steps: NextSteps) -> tuple[OwnerTasks, ...]:
    """The tasks of each owner who has any, by name, and last those without an owner."""
    found, slugs = list[OwnerTasks](), set[str]()
    until = assessment.as_of + datetime.timedelta(days=NEXT)
    ahead = [
        line
        for line in by_last_day(assessment)
        if line.date.last_day and assessment.as_of <= line.date.last_day <= until
    ]
    for owner in _owners(assessment):
        duties = [duty for duty in assessment.duties if duty.id in owner.duties]
        tasks = tuple(
            task
            for task in _tasks(assessment, duties, next_steps)
            if owner.name or task.group != NOT_GIVEN  # which is listed by sheet
        )
        others = set(owner.duties) - {task.duty.id for task in tasks} if owner.name else set()
        dates = tuple(line for line in ahead if line.duty_id in others)
        if not tasks and not dates:
            continue
        slug = name = _slug(owner.name)
        number = 1
        while slug in slugs:
            number += 1
            slug = f"{name}-{number}"
        slugs.add(slug)
        corrections = tuple(_corrections(assessment, tasks, next_steps))
        found.append(OwnerTasks(owner.name, owner.email, slug, tasks, corrections, dates))
    return tuple(found)


def _owners(assessment: Assessment) -> Iterator[OwnerShown]:
    """The owners; of an assessment that does not list them, those of its duties. Last an owner
    without a name, for the duties that have none."""
    yield from assessment.owners
    owned = {id_ for owner in assessment.owners for id_ in owner.duties}
    others = defaultdict[str, list[str]](list)
    for duty in assessment.duties:
        if duty.id not in owned:
            others[duty.owner].append(duty.id)
    for name in sorted(others, key=lambda name: (not name, name)):
        yield OwnerShown(name, "", tuple(others[name]))


def _slug(name: str) -> str:
    """``chief-executive``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _NOT_IN_SLUG.sub("-", plain).strip("-")[:60] or ("owner" if name else "no-owner")


def _tasks(
    assessment: Assessment, duties: Iterable[DutyOutcome], next_steps: NextSteps
) -> Iterator[OwnerTask]:
    """The tasks, in the order of their groups, the gravest and then the most urgent first."""
    open_ = (*view.OUTSTANDING, Status.NOT_ASSESSED)
    outstanding = [duty for duty in view.by_urgency(duties) if duty.status in open_]
    tasks = [
        _task(group, assessment, duty, next_steps)
        for duty in outstanding
        if (group := _group(duty))
    ]
    yield from sorted(tasks, key=lambda task: (GROUPS.index(task.group), task.rank))


def _group(duty: DutyOutcome) -> str:
    """The group of an outstanding duty; '' if it falls due later."""
    if duty.status is Status.NOT_ASSESSED:
        return NOT_GIVEN
    if duty.status is not Status.DUE:
        return OVERDUE if duty.status is Status.OVERDUE else UNTOLD
    days = duty.days or 0
    return DUE_SOON if days <= SOON else DUE_NEXT if days <= NEXT else ""


def _task(
    group: str, assessment: Assessment, duty: DutyOutcome, next_steps: NextSteps
) -> OwnerTask:
    if view.is_too_late(duty):
        return OwnerTask(group, duty, f"{view.TOO_LATE}.", view.WHAT_TO_DO)
    if group == NOT_GIVEN:
        return OwnerTask(group, duty, "", not_given_words(duty))
    found = action(assessment, duty, next_steps)
    rank = by_gravity(found) if group == OVERDUE else 0
    return OwnerTask(group, duty, found.why, found.step, says_why(found.cause), rank)


def _corrections(
    assessment: Assessment, tasks: Iterable[OwnerTask], next_steps: NextSteps
) -> Iterator[Correction]:
    """What to correct for the tasks: what keeps a duty from being judged, and the cells that cannot
    be read in the registers of what is overdue."""
    duties = {task.duty.id: task.duty for task in tasks if task.group in (OVERDUE, UNTOLD)}
    affected = dict[str, dict[str, DutyOutcome]]()
    for duty in duties.values():
        for obligation in duty.obligations:
            for words in map(as_recorded, obligation.to_tell):
                affected.setdefault(words, {})[duty.id] = duty
    for problem in assessment.problems:
        own = {id_: duties[id_] for id_ in problem.duties if id_ in duties}
        if own and problem.cells:
            heading = problem.heading or problem.column
            words = f"{next_steps.places.problem(problem)}, {heading}: {problem.message}"
            told = next((text for text in affected if _is_told(problem, text)), words)
            affected.setdefault(told, {}).update(own)
    for words, own in affected.items():
        yield Correction(next_steps.places.without_names(words), tuple(own.values()))


def _is_told(problem: ProblemShown, correction: str) -> bool:
    """Whether a correction says what a problem says, in its words or, of one cell, in others:
    ``Fill in B147 of Training, which is blank: enter ...``."""
    message = as_recorded(problem.message)
    advice = lower_first(message.partition(". ")[2])
    one_cell = problem.count == 1 and f" {problem.cells[0]} of " in correction
    return message in correction or bool(one_cell and advice and advice in correction)
