"""What changed since the check before, in words for a meeting: how the numbers compare by plain
rules, and what was done, fell due or passed its deadline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.assessment import Assessment, DutyChange, ObligationChange, ObligationOutcome
from engine.outcome import Status
from evidence.cells.text import listed
from reports import view, words
from reports.compare.change_words import causes_words
from reports.compare.inputs import NAMES
from reports.papers.shared import PLACE
from reports.trend import LONG_DAYS, LONG_OVERDUE, is_long_overdue

#: A number of overdue duties that moved by at most one, or by so small a part, moved slightly.
_SLIGHT = 0.2

#: So many obligations of one duty are told of.
_FEW = 2

_BETWEEN = ", between the two days"


def verdict(assessment: Assessment) -> str:
    """``Slightly better than on 24 October 2026: 6 duties are overdue, 7 then; but 3 duties are
    overdue for 90 days or longer, 2 then.`` The number overdue decides; where it is as before, that
    overdue for long; where that is, the number met."""
    counts, changes = assessment.status.office.duties, assessment.changes
    own = view.of_list(assessment, view.OFFICE)
    long = sum(map(is_long_overdue, own))
    judged = counts.total - counts.not_assessed - counts.cannot_tell
    whole = f"the {assessment.rulebook.body.called}'s {words.duties(counts.total)}"
    if counts.total and not judged:
        return f"None of {whole} was assessed."
    are = f"{words.duties(counts.overdue)} {'is' if counts.overdue == 1 else 'are'} overdue"
    if changes is None:
        of = (
            ""
            if judged == counts.total
            else f"{judged:,} of {whole} {'was' if judged == 1 else 'were'} assessed: "
        )
        return f"{of}{are}{f', {long:,} of them for 90 days or longer' if long else ''}."
    then = changes.counts
    long_then = next((p.long_overdue for p in assessment.trend if p.as_of == changes.since), None)
    moved = (
        counts.overdue - then.overdue,
        0 if long_then is None else long - long_then,
        then.met - counts.met,
    )
    worse = next(filter(None, moved), 0)
    slightly = abs(moved[0]) <= max(1, then.overdue * _SLIGHT)
    how = "worse" if worse > 0 else "better"
    how = f"{'slightly ' if slightly else ''}{how} than" if worse else "as"
    parts = [f"{are}, {_then(counts.overdue, then.overdue)}"]
    if long or long_then:
        is_ = "is" if long == 1 else "are"
        known = "" if long_then is None else f", {_then(long, long_then)}"
        parts.append(f"{words.duties(long)} {is_} {LONG_OVERDUE}{known}")
    if not moved[0]:
        parts.append(f"{counts.met:,} are met, {_then(counts.met, then.met)}")
    unknown, unknown_then = (c.not_assessed + c.cannot_tell for c in (counts, then))
    if unknown != unknown_then:
        were = "was" if unknown == 1 else "were"
        parts.append(f"{unknown:,} {were} not assessed, {unknown_then:,} then")
    but = "but " if worse < 0 and (moved[1] > 0 or unknown > unknown_then) else ""
    text = f"{how} on {words.day(changes.since)}: {parts[0]}"
    if len(parts) > 1:
        text += f"; {but}{listed(parts[1:])}"
    return f"{words.upper_first(text)}."


def _then(now: int, then: int) -> str:
    return "as then" if now == then else f"{then:,} then"


def crossed(assessment: Assessment) -> Iterator[str]:
    """Which of the office's duties are no longer overdue, which became overdue, and which of the
    others have been overdue for long since the check before."""
    changes = assessment.changes
    if changes is None:
        return
    own = [change for change in changes.duties if change.answers == view.OFFICE]
    for lead, before, after in (
        ("Overdue since then", False, True),
        ("No longer overdue", True, False),
    ):
        named = [
            f"{change.title} ({change.now or 'no longer in force'})"
            for change in own
            if (change.before is Status.OVERDUE, change.after is Status.OVERDUE) == (before, after)
        ]
        if named:
            yield f"{lead}: {'; '.join(named)}."
    between = (assessment.as_of - changes.since).days
    long = [
        f"{view.named(duty)} ({view.duty_words(duty)})"
        for duty in view.of_list(assessment, view.OFFICE)
        if is_long_overdue(duty) and -(duty.days or 0) - between < LONG_DAYS
    ]
    if long:
        yield f"{words.upper_first(LONG_OVERDUE)} since then: {'; '.join(long)}."


def why(assessment: Assessment, change: DutyChange, *, causes: bool) -> str:
    """Why a duty has another status: what was done or fell due between the two days and, where
    neither tells, the causes that the comparison found, or their kinds where they name a row."""
    duty = next((duty for duty in assessment.duties if duty.id == change.id), None)
    now = {(one.subject, one.window): one for one in duty.obligations} if duty else {}
    events = dict[str, bool]()  # whether each is of an obligation with the duty's own status
    for one in change.obligations:
        shown = now.get((one.subject, one.window))
        if shown and (text := _event(assessment, one, shown)):
            events[text] = shown.status is change.after
    told = [text for text, decides in events.items() if decides] or list(events)
    if told:
        more = [f"and {len(told) - _FEW:,} more"] if len(told) > _FEW else []
        follows = _next(now.values()) if change.before is Status.OVERDUE else []
        return words.upper_first("; ".join([*told[:_FEW], *more, *follows]))
    text = causes_words(change).replace(_BETWEEN, "").removeprefix("the day: ")
    if not causes or PLACE.search(text):
        kinds = {cause.kind for one in change.obligations for cause in one.causes}
        return words.upper_first(", ".join(n for kind, n in NAMES.items() if kind in kinds))
    return words.upper_first(text)


def _event(assessment: Assessment, change: ObligationChange, now: ObligationOutcome) -> str:
    """What happened to an obligation between the two checks; '' where its dates do not tell."""
    since = assessment.changes.since if assessment.changes else assessment.as_of
    about = ", ".join(filter(None, (now.subject.removeprefix("office"), now.window)))
    for_ = f" for {about}" if about else ""
    if change.before is now.status:
        return ""
    if now.status is Status.MET and now.last_done and since <= now.last_done <= assessment.as_of:
        return f"done on {words.day(now.last_done)}{for_}"
    if now.status is Status.DUE and now.opens and since < now.opens <= assessment.as_of:
        return f"a new period began on {words.day(now.opens)}{for_}"
    if now.status is Status.OVERDUE and now.deadline and since <= now.deadline < assessment.as_of:
        return f"the last day{for_}, {words.day(now.deadline)}, has passed"
    return ""


def _next(obligations: Iterable[ObligationOutcome]) -> list[str]:
    """The next of the obligations that are due: ``the next, A-13, is due by 18 December 2026``."""
    due = [one for one in obligations if one.status is Status.DUE]
    if not due:
        return []
    first = min(due, key=view.worst_first)
    about = first.subject.removeprefix("office") or first.window
    return [f"the next{f', {about},' if about else ''} is due by {words.day(first.deadline)}"]
