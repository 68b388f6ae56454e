"""The paper on the position, for a meeting: two pages, however much there is to report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from engine.assessment import Assessment, Counts, DutyChange, DutyOutcome
from engine.outcome import WORST_FIRST, Status
from evidence.cells.text import listed
from reports import view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import Action, Brief, DoneLate, brief, done_late, missed_words
from reports.coming import coming_words, ending, ending_words, kind_words
from reports.compare.change_words import row_change
from reports.papers.change import crossed, verdict, why
from reports.papers.fields import (
    ChangeLine,
    ComingLine,
    OverdueLine,
    PaperFields,
    Picture,
    UnknownLine,
)
from reports.papers.height import TWO_PAGES, height
from reports.papers.picture import picture
from reports.papers.shared import (
    abbreviations,
    caveats,
    cut,
    deadline_words,
    more,
    notices,
    of_office,
    some,
    source,
    spelled_out,
    whole,
)
from reports.places import Places
from rules.papers import PaperContents

#: So many characters of a title, a post, a short text, a point for whoever heads the office, and
#: what to do about a duty.
_TITLE, _POST, _SHORT, _SENTENCE, _STEP = 90, 40, 120, 340, 600

#: The meeting is asked for so many sheets by their names.
_SHEETS = 3

#: Why duties were not assessed, and why it may be that they cannot be.
_NOT_PROVIDED = "no sheet was provided"
_UNREAD = "a sheet could not be used, or an entry cannot be read"


@dataclass(frozen=True, slots=True)
class _Room:
    """So many lines of the tables and of the other lists, and so many characters of a sentence, of
    a text in a table, of the names of what a table leaves out, and of a title with what it is
    about; a longer one is without that. ``partners``: with the last days of partners' duties."""

    overdue: int
    changes: int
    coming: int
    few: int
    sentence: int
    text: int
    names: int
    title: int = 0
    partners: bool = True


#: The room that a paper has, and that which it has where it would be longer than two pages.
_ROOMS = (
    _Room(12, 8, 60, 6, 340, 320, 1500, 60),
    _Room(12, 8, 60, 4, 340, 260, 1500, 60),
    _Room(12, 5, 60, 3, 340, 240, 1200, 60),
    _Room(12, 5, 60, 3, 340, 240, 1200),
    _Room(12, 3, 60, 3, 230, 220, 1200),
    _Room(12, 3, 60, 2, 230, 220, 1200),
    _Room(12, 3, 60, 2, 230, 220, 1200, partners=False),
    _Room(12, 3, 60, 2, 230, 220, 900, partners=False),
    _Room(12, 3, 18, 2, 230, 220, 900),
    _Room(12, 3, 14, 2, 230, 220, 900),
    _Room(12, 3, 12, 2, 230, 220, 900),
    _Room(12, 3, 10, 2, 230, 220, 900),
    _Room(10, 3, 8, 2, 230, 200, 900),
    _Room(8, 3, 8, 2, 170, 170, 900),
    _Room(6, 3, 8, 2, 170, 150, 600),
    _Room(5, 2, 5, 1, 170, 120, 300),
    _Room(4, 1, 3, 1, 120, 90, 0),
)


def paper_fields(
    assessment: Assessment, contents: PaperContents, sign_offs: Sequence[str], *, causes: bool
) -> PaperFields:
    """The fields of the paper. The assessment and the sign-offs are without names. ``causes``:
    whether it is said in detail why something changed; otherwise only what kind of cause it has."""
    parts, drawn = brief(assessment), picture(assessment)
    paper = partial(_fields, assessment, contents, sign_offs, parts, drawn, causes=causes)
    *rooms, least = _ROOMS
    fitting = (made for made in map(paper, rooms) if height(made) <= TWO_PAGES)
    return next(fitting, None) or paper(least)


def _fields(
    assessment: Assessment,
    contents: PaperContents,
    sign_offs: Sequence[str],
    parts: Brief,
    drawn: Picture,
    room: _Room,
    *,
    causes: bool,
) -> PaperFields:
    changes, text, few = assessment.changes, room.text, room.few
    late = [*((a.duty, _overdue(assessment, a, text)) for a in parts.overdue)]
    late += [(duty, _too_late(assessment, duty)) for duty in parts.too_late]
    moved = [one for one in changes.duties if one.status_changed] if changes else []
    settled = [one for one in moved if (one.before, one.after) == (Status.DUE, Status.MET)]
    shown = [one for one in moved if one not in settled]
    gone = [row_change(row) for row in changes.rows] if changes else []
    partners = [
        f"{view.named(duty)}: {view.duty_words(duty)} ({duty.bearer})"
        for duty in view.by_urgency(view.of_list(assessment, view.OTHERS))
        if duty.status is Status.OVERDUE
    ]
    missed = [
        f"{view.named(one.duty)}: {words.lower_first(missed_words(one.entry))}"
        for one in parts.missed
    ]
    rules = [
        f"{words.day(one.begins)}: {view.named(one)}, {kind_words(one)}. "
        f"{coming_words(one, assessment)}"
        for one in assessment.coming
    ]
    rules += (f"{ending_words(*each)}." for each in ending(assessment))
    unknown = [*_unknown(parts, text)]
    until = _end_of_next_quarter(assessment.as_of)
    ahead = [*_ahead(assessment)]
    near = [
        line
        for last, line in ahead
        if last <= until and (room.partners or line.duty.answers == view.OFFICE)
    ]
    coming = [*_coming(near, room.title)]
    dates = words.count(len(ahead), "deadline")
    whose = "" if room.partners else ", with those of partners,"
    left = f"The report lists all {dates}{whose} within 12 months of the check."
    later = left if len(coming) > room.coming or len(near) < len(ahead) else ""
    fields = PaperFields(
        marking=assessment.rulebook.marking,
        title=contents.title,
        audience=contents.audience,
        office=of_office(assessment),
        as_of=view.as_of_words(assessment),
        notices=some(notices(assessment), few, room.sentence),
        verdict=verdict(assessment),
        crossed=some(crossed(assessment), few, room.sentence),
        headline=tuple(_position(assessment)),
        points=some((parts.answer, *parts.for_head), max(2, few - 1), _SENTENCE),
        picture=drawn,
        asked=tuple(_asked(parts, len(late), [line for _, line in ahead[:1]])),
        since=words.day(changes.since) if changes else "",
        changed=cut(" ".join(changes.notes), room.sentence) if changes else "",
        gone=some(gone, few, text),
        more_gone=more(gone, few),
        changes=tuple(
            _change(assessment, one, text, causes=causes) for one in shown[: room.changes]
        ),
        more_changes=" ".join(
            [
                *_names("Also changed", [c.title for c in shown[room.changes :]], room.names),
                *_names("Due then, met now", [*_own_first(settled)], room.names),
            ]
        ),
        overdue=tuple(line for _, line in late[: room.overdue]),
        more_overdue=" ".join(
            _names(
                "Also overdue",
                [f"{view.named(d)} ({view.duty_words(d)})" for d, _ in late[room.overdue :]],
                room.names,
            )
        ),
        partners=some(partners, few, _SHORT),
        more_partners=more(partners, few),
        missed=some(missed, few, _SHORT),
        more_missed=more(missed, few),
        met_late=_met_late(assessment, parts.places, room.names),
        unknown=tuple(unknown[:few]),
        more_unknown=more(unknown, few),
        coming=tuple(coming[: room.coming]),
        coming_until=words.day(until),
        more_coming=later,
        new_rules=some(rules, few, room.sentence),
        more_new_rules=more(rules, few),
        sign_offs=some(sign_offs[-few:], few, _TITLE * 2),
        caveats=some(caveats(assessment, replace(parts, late="")), few, room.sentence),
        abbreviations="",
        limits=parts.met_means,
        source=source(assessment),
    )
    spelled = spelled_out(assessment, fields)
    return replace(spelled, abbreviations=abbreviations(assessment, fields))


def _met_late(assessment: Assessment, places: Places, room: int) -> str:
    """What was done late, if there is room for the names of the duties."""
    both = [done_late(assessment, places, answers) for answers in (view.OFFICE, view.OTHERS)]
    late = [each for own in both for each in own]
    named = "; ".join(f"{each.named} ({_partner(each)}{each.how})" for each in late)
    number = sum(len(each.duties) for each in late)
    short = f"{words.duties(number)}; see the report."
    return (f"{named}." if len(named) < room else short) if late else ""


def _partner(late: DoneLate) -> str:
    """The partner that was late: ``council, ``; '' for the office."""
    duty = late.duties[0]
    return "" if duty.answers == view.OFFICE else f"{duty.bearer}, "


def _position(assessment: Assessment) -> Iterator[str]:
    """The duties of the office, and those of partners, counted by status."""
    called = assessment.rulebook.body.called
    status = assessment.status
    cause = view.untold_cause(assessment, assessment.duties)
    meanings = {
        Status.CANNOT_TELL: f"because {cause}" if cause else _UNREAD,
        Status.NOT_ASSESSED: _NOT_PROVIDED,
    }
    if status.office.duties.total:
        yield _counted(status.office.duties, f"The {called}'s", meanings)
    if status.others.duties.total:
        yield _counted(status.others.duties, "Partners'", meanings)


def _counted(counts: Counts, whose: str, meanings: dict[Status, str]) -> str:
    """The duties counted by status. A status has its meaning where it is first: what was told is
    taken from ``meanings``."""
    late = f" ({counts.met_late:,} late, see below)" if counts.met_late else ""
    order = [s for s in WORST_FIRST if s is not Status.MET and words.number_of(counts, s)]
    parts = [f"{counts.met:,} met{late}"]
    for status in order:
        means = f" ({meanings.pop(status)})" if status in meanings else ""
        parts.append(f"{words.number_of(counts, status):,} {words.STATUS[status]}{means}")
    return f"{whose} {words.duties(counts.total)}: {listed(parts)}."


def _asked(parts: Brief, overdue: int, ahead: Sequence[DatedLine]) -> Iterator[str]:
    """What the meeting is asked to do, each from a fact; 'The meeting is asked to' stands before.
    ``ahead``: the next last day."""
    if overdue:
        each = "the overdue duty" if overdue == 1 else f"each of the {overdue:,} overdue duties"
        yield f"agree a date for {each} with its owner."
    late = len(parts.too_late)
    if late:
        can = f"{words.duties(late)} that can no longer be done"
        yield f"decide how the assurance statement reports {can}, or whether to waive them."
    if len(parts.missing) > _SHEETS:
        duties = {duty.id for sheet in parts.missing for duty in sheet.duties}
        provide = f"provide the {len(parts.missing):,} sheets that are missing"
        needed = f"({words.duties(len(duties))} cannot be assessed without them)"
        yield f"{provide} {needed}, or confirm that there is nothing to record."
    for sheet in parts.missing if len(parts.missing) <= _SHEETS else ():
        provide = f"provide the {sheet.title} sheet ({words.duties(len(sheet.duties))})"
        yield f"{provide}, or confirm that there is nothing to record."
    unclear = sum(len(group.duties) for group in parts.untold)
    if unclear:
        so = f"so that {words.duties(unclear)} can be assessed"
        yield f"have the spreadsheets corrected (see What is not known), {so}."
    partners = sum(action.duty.status is Status.OVERDUE for action in parts.partners)
    if partners:
        their = words.count(partners, "overdue duty", "overdue duties")
        yield f"ask the partners about their {their}."
    if parts.missed:
        yield f"note {words.count(len(parts.missed), 'missed period')} of the last 12 months."
    for line in ahead:
        yield f"note that the next deadline is on {words.day(line.date.last_day)} (see Coming up)."
    if not (ahead or overdue or late or parts.missing or unclear or partners or parts.missed):
        yield "note this position."


def _own_first(changes: Sequence[DutyChange]) -> Iterator[str]:
    """The titles of the office's duties, and how many are those of partners."""
    own = [change.title for change in changes if change.answers == view.OFFICE]
    yield from own
    if others := len(changes) - len(own):
        yield f"and {words.duties(others)} of partners"


def _names(lead: str, names: Sequence[str], room: int) -> Iterator[str]:
    """What a table leaves out, by name where there is room; otherwise its number."""
    if names:
        said = f"{lead}: {'; '.join(names)}."
        yield said if len(said) <= room else f"{lead}: {len(names):,} more; see the report."


def _overdue(assessment: Assessment, action: Action, text: int) -> OverdueLine:
    """An overdue duty. Of one with many obligations, it is only said how many are overdue."""
    step = words.upper_first(action.step)
    about = _about(assessment, action.duty)
    return OverdueLine(*about, cut(words.upper_first(action.short), text), whole(step, _STEP))


def _too_late(assessment: Assessment, duty: DutyOutcome) -> OverdueLine:
    return OverdueLine(*_about(assessment, duty), f"{view.TOO_LATE}.", view.WHAT_TO_DO)


def _about(assessment: Assessment, duty: DutyOutcome) -> tuple[str, str, str, str]:
    """Its title, its owner, its status and its deadline."""
    return (
        cut(view.named(duty), _TITLE),
        cut(view.owner_words(duty), _POST),
        view.duty_words(duty),
        words.upper_first(deadline_words(assessment, duty)),
    )


def _change(assessment: Assessment, change: DutyChange, text: int, *, causes: bool) -> ChangeLine:
    return ChangeLine(
        cut(change.title, _TITLE),
        change.was or "new",
        change.now or "no longer in force",
        cut(why(assessment, change, causes=causes), text),
    )


def _unknown(parts: Brief, text: int) -> Iterator[UnknownLine]:
    """What is not known: each sheet that was not provided, and each correction without which
    duties cannot be judged."""
    if len(parts.missing) > _SHEETS:
        sheets = [f"{one.title} ({len(one.duties):,})" for one in parts.missing]
        duties = {duty.id: duty for sheet in parts.missing for duty in sheet.duties}
        yield UnknownLine(
            f"Not assessed: {len(sheets):,} sheets are missing",
            f"{words.duties(len(duties))} need {', '.join(sheets)}",
            "Provide the sheets, or confirm that there is nothing to record.",
            _owners(duties.values()),
        )
    for sheet in parts.missing if len(parts.missing) <= _SHEETS else ():
        if sheet.listed:
            yield UnknownLine(
                f"Not assessed: no '{sheet.title}' sheet",
                _titles(sheet.listed, text),
                "Provide the sheet, or confirm that there is nothing to record.",
                _owners(sheet.listed),
            )
    for group in parts.untold:
        correction = " ".join(group.corrections[:1])
        reason, _, step = correction.partition(". ")
        unclear = [o for d in group.duties for o in d.obligations if correction in o.to_tell]
        if unclear and not step:  # the correction is only what to do
            reason, step = unclear[0].unmet_reason, correction
        why_ = cut(f"Cannot tell: {words.lower_first(reason)}".rstrip("."), text)
        step = whole(step, _STEP) or "Correct the entry."
        yield UnknownLine(why_, _titles(group.duties, text), step, _owners(group.duties))


def _titles(duties: Iterable[DutyOutcome], text: int) -> str:
    return cut("; ".join(map(view.named, duties)), text)


def _owners(duties: Iterable[DutyOutcome]) -> str:
    """Who has to act on the duties: their owners, and the partners that are responsible."""
    whose = (d.owner or d.bearer if d.answers == view.OFFICE else d.bearer for d in duties)
    return cut("; ".join(dict.fromkeys(whose)), _POST * 2)


def _end_of_next_quarter(day: datetime.date) -> datetime.date:
    """The last day of the calendar quarter after that of a day."""
    months = day.year * 12 + (day.month - 1) // 3 * 3 + 6  # to the first month after it
    return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


def _ahead(assessment: Assessment) -> Iterator[tuple[datetime.date, DatedLine]]:
    """The last days that are still to come, the earliest first."""
    for line in by_last_day(assessment):
        last = line.date.last_day
        if last is not None and last >= assessment.as_of:
            yield last, line


def _coming(lines: Iterable[DatedLine], length: int) -> Iterator[ComingLine]:
    """The last days, each with the duties of each owner."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        partner = " (partner)" if line.duty.answers != view.OFFICE else ""
        owner = f"{cut(line.responsible, _POST)}{partner}"
        title = line.title if len(line.title) <= length else cut(view.named(line.duty), _TITLE)
        of_day = grouped.setdefault(words.day(line.date.last_day), {})
        of_day.setdefault(owner, []).append(title)
    for day, owners in grouped.items():
        yield ComingLine(day, " · ".join(f"{o}: {'; '.join(t)}" for o, t in owners.items()))
