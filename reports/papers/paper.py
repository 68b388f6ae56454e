"""The paper on the position, for a meeting: two pages, however much there is to report."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from engine.assessment import Assessment, Changes, Counts, DutyChange, DutyOutcome
from engine.outcome import WORST_FIRST, Status
from engine.proof.phrases import thing_of
from evidence.cells.text import listed, normal_key
from reports import view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import (
    CAUSE,
    Action,
    Brief,
    DoneLate,
    Untold,
    action,
    brief,
    done_late,
    matters,
    missed_words,
    readings_of,
    role_holders,
)
from reports.coming import coming_words, ending, ending_words, kind_words
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
    PLACE,
    anonymous,
    caveats,
    cut,
    deadline_words,
    judged,
    more,
    notices,
    of_office,
    references,
    section_titles,
    some,
    source,
    spelled_out,
    whole,
    without_numbers,
)
from reports.places import Places
from rules.papers import PaperContents

#: So many characters of a title, a post, a short text, a matter for whoever heads the office, and
#: what to do about what is not known.
_TITLE, _POST, _SHORT, _SENTENCE, _STEP = 90, 40, 120, 340, 600

#: So many sheets are named, and so many matters for whoever heads the office.
_SHEETS, _MATTERS = 3, 4

#: What the records show of an overdue duty: what each kind means.
_TOO_LATE = view.TOO_LATE.lower()
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "no record": "nothing in the records shows that it was done",
        "record falls short": "the records show less than is required",
        "record incomplete": "an entry is missing or cannot be read, so the record does not count",
        _TOO_LATE: "say so in the assurance statement, or record a waiver",
    }
)

_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!]) (?=[A-Z'(])")

#: Why duties were not assessed.
_NOT_PROVIDED = "no sheet was provided"


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


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a paper is made from in every room: ``things`` are references that it leaves out, each
    with what it is of, ``statement`` the duty to make the assurance statement, and ``causes``
    whether it is said in detail why something changed."""

    parts: Brief
    picture: Picture
    things: Mapping[str, str]
    statement: str
    causes: bool


#: The room that a paper has, and that which it has where it would be longer than two pages.
_ROOMS = (
    _Room(12, 8, 60, 6, 340, 320, 1500, 60),
    _Room(12, 5, 60, 3, 340, 240, 1200),
    _Room(12, 3, 60, 2, 230, 270, 1200),
    _Room(12, 3, 60, 2, 230, 270, 1200, partners=False),
    _Room(12, 3, 12, 2, 230, 220, 900, partners=False),
    _Room(10, 3, 8, 2, 230, 200, 900, partners=False),
    _Room(8, 3, 8, 2, 170, 170, 900, partners=False),
    _Room(6, 3, 8, 2, 170, 150, 600, partners=False),
    _Room(5, 2, 5, 1, 170, 120, 300, partners=False),
    _Room(4, 1, 3, 1, 120, 90, 0, partners=False),
)


def paper_fields(
    assessment: Assessment,
    contents: PaperContents,
    sign_offs: Sequence[str],
    *,
    causes: bool,
    statement: str = "",
    private: Collection[str] = (),
) -> PaperFields:
    """The fields of the paper. The assessment and the sign-offs are without names. ``causes``:
    whether it is said in detail why something changed; otherwise only what kind of cause it has.
    ``statement``: the duty to make the assurance statement, by its id. ``private``: the registers
    whose rows are not referred to, because they may be about a person."""
    things = references(assessment, private)
    basis = _Basis(brief(assessment), picture(assessment), things, statement, causes)
    paper = partial(_fields, assessment, contents, sign_offs, basis)
    *rooms, least = _ROOMS
    fitting = (made for made in map(paper, rooms) if height(made) <= TWO_PAGES)
    return next(fitting, None) or paper(least)


def _fields(
    assessment: Assessment,
    contents: PaperContents,
    sign_offs: Sequence[str],
    basis: _Basis,
    room: _Room,
) -> PaperFields:
    parts, changes, text, few = basis.parts, assessment.changes, room.text, room.few
    too_late = [action(assessment, duty, parts.next_steps) for duty in parts.too_late]
    late = sorted([*parts.overdue, *too_late], key=lambda each: each.duty.days or 0)
    kinds = {kind for each in late for kind in _kinds(parts, each)}
    decided = [*_roles(assessment), *matters(assessment, parts.places)]
    moved = [one for one in changes.duties if one.status_changed] if changes else []
    settled = [one for one in moved if (one.before, one.after) == (Status.DUE, Status.MET)]
    shown = [one for one in moved if one not in settled]
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
    near = [line for last, line in ahead if last <= until]
    own = [line for line in near if room.partners or line.duty.answers == view.OFFICE]
    coming = [*_coming(assessment, own, room.title)][: room.coming]
    days = {line.day for line in coming}
    rest = [line for line in own if words.day(line.date.last_day) not in days]
    later = [*_more_coming(rest, len(near) - len(own), until, basis.statement)]
    if len(ahead) > len(own) - len(rest):
        dates = words.count(len(ahead), "deadline")
        later.append(f"The report lists all {dates} within 12 months of the check.")
    fields = PaperFields(
        marking=assessment.rulebook.marking,
        title=contents.title,
        audience=contents.audience,
        office=of_office(assessment),
        as_of=view.as_of_words(assessment),
        notices=some(notices(assessment), few, room.sentence),
        head=assessment.rulebook.body.head,
        matters=some(decided, max(_MATTERS, few), _SENTENCE),
        more_matters=more(decided, max(_MATTERS, few)),
        verdict=f"{verdict(assessment)}{_not_done(late)}",
        crossed=some(crossed(assessment), few, room.sentence),
        headline=tuple(_position(assessment)),
        depends=" ".join(_depends(assessment, [each.duty for each in late])),
        picture=basis.picture,
        asked=tuple(_asked(parts, len(late), [line for _, line in ahead[:1]])),
        since=words.day(changes.since) if changes else "",
        changed=cut(" ".join(changes.notes), room.sentence) if changes else "",
        gone=_gone(changes) if changes else "",
        changes=tuple(
            _change(assessment, one, text, causes=basis.causes) for one in shown[: room.changes]
        ),
        more_changes=" ".join(
            [
                *_names("Also changed", [c.title for c in shown[room.changes :]], room.names),
                *_names("Due then, met now", [*_own_first(settled)], room.names),
            ]
        ),
        overdue=tuple(_overdue(assessment, parts, a, text) for a in late[: room.overdue]),
        more_overdue=" ".join(
            _names(
                "Also overdue",
                [f"{view.named(a.duty)} ({view.duty_words(a.duty)})" for a in late[room.overdue :]],
                room.names,
            )
        ),
        kinds=" ".join(
            f"{words.upper_first(kind)}: {means}."
            for kind, means in _KINDS.items()
            if kind in kinds
        ),
        partners=some(partners, few, _SHORT),
        more_partners=more(partners, few),
        missed=some(missed, few, _SHORT),
        more_missed=more(missed, few),
        met_late=_met_late(assessment, parts.places, room.names),
        unknown=tuple(unknown[:few]),
        more_unknown=more(unknown, few),
        coming=tuple(coming),
        coming_until=words.day(until),
        more_coming=" ".join(later),
        new_rules=some(rules, few, room.sentence),
        more_new_rules=more(rules, few),
        sign_offs=some(sign_offs[-few:], few, _TITLE * 2),
        caveats=some(caveats(assessment, replace(parts, late="")), few, room.sentence),
        abbreviations="",
        limits=parts.met_means,
        source=source(assessment),
    )
    fields = judged(anonymous(fields, basis.things))
    spelled = spelled_out(assessment, without_numbers(assessment, fields))
    return replace(spelled, abbreviations=section_titles(assessment, fields))


def _gone(changes: Changes) -> str:
    """How many rows that met a duty are gone, or can no longer be read."""
    number = len(changes.rows)
    can = "is gone or can" if number == 1 else "are gone or can"
    met = f"{words.count(number, 'row')} that met a duty then {can} no longer be read"
    return f"{met}; see the report." if number else ""


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
    meanings = {Status.CANNOT_TELL: "see What is not known", Status.NOT_ASSESSED: _NOT_PROVIDED}
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
    missing = len({duty.id for sheet in parts.missing for duty in sheet.duties})
    unclear = sum(len(group.duties) for group in parts.untold)
    if missing or unclear:
        found = [f"{words.duties(missing)} not assessed"] if missing else []
        found += [f"{words.duties(unclear)} that could not be judged"] if unclear else []
        yield f"note {listed(found)} (see What is not known)."
    partners = sum(each.duty.status is Status.OVERDUE for each in parts.partners)
    if partners:
        their = words.count(partners, "overdue duty", "overdue duties")
        yield f"ask the partners about their {their}."
    if parts.missed:
        yield f"note {words.count(len(parts.missed), 'missed period')} of the last 12 months."
    for line in ahead:
        yield f"note that the next deadline is on {words.day(line.date.last_day)} (see Coming up)."
    if not (ahead or overdue or missing or unclear or partners or parts.missed):
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


def _roles(assessment: Assessment) -> Iterator[str]:
    """Which roles another post holds than the SOP says, for whoever heads the office to decide."""
    head = assessment.rulebook.body.head
    for holder in role_holders(assessment):
        if not holder.post:
            yield f"{holder.role}: {words.lower_first(holder.message)}."
        elif not holder.acknowledged:
            names = f"The records name the {holder.post} as {holder.role}"
            sop = holder.message.partition(". ")[0]
            yield f"{names}. {sop}. The {head} is asked to say which is right."


def _not_done(late: Sequence[Action]) -> str:
    """In how many overdue duties the work is not shown to be done, apart from those in which only a
    record has an entry that is missing or cannot be read."""
    entries = sum(each.cause.of_an_entry and not view.is_too_late(each.duty) for each in late)
    found = (
        (len(late) - entries, "the work is not shown to be done as required"),
        (entries, "only a record is incomplete or unreadable"),
    )
    each_ = "in each, " if len(late) > 1 else ""
    parts = [
        f"{f'in {number:,}, ' if number < len(late) else each_}{text}"
        for number, text in found
        if number
    ]
    return f" {words.upper_first('; '.join(parts))}." if parts else ""


def _depends(assessment: Assessment, late: Sequence[DutyOutcome]) -> Iterator[str]:
    """How much could not be read, and on how many readings of the SOP what is overdue depends."""
    if assessment.problems:
        yield f"{view.not_read_words(assessment)}."
    if readings := len(readings_of(assessment, late)):
        yield f"What is overdue depends on {words.count(readings, 'reading')} of the SOP."


def _kinds(parts: Brief, each: Action) -> Counter[str]:
    """What the records show of the outstanding obligations of a duty, counted, the gravest
    first."""
    if view.is_too_late(each.duty):
        return Counter([_TOO_LATE])
    outstanding = [one for one in each.duty.obligations if one.status is each.duty.status]
    causes = sorted((parts.next_steps.of(one).cause for one in outstanding), reverse=True)
    return Counter(CAUSE[cause] for cause in causes or [each.cause])


def _overdue(assessment: Assessment, parts: Brief, each: Action, text: int) -> OverdueLine:
    """An overdue duty. Of one with many obligations, it is only said how many are overdue."""
    kinds = _kinds(parts, each)
    return OverdueLine(
        cut(view.named(each.duty), _TITLE),
        cut(view.owner_words(each.duty), _POST),
        view.duty_words(each.duty),
        words.upper_first(deadline_words(assessment, each.duty)),
        ", ".join(f"{k} ({n:,})" if len(kinds) > 1 else k for k, n in kinds.items()),
        cut(words.upper_first(" ".join(_why(parts, each))), text),
    )


def _why(parts: Brief, each: Action) -> Iterator[str]:
    """Why a duty is overdue, without the sentences that name a cell or a row; and that a row may
    show otherwise once it is corrected."""
    said = [text for text in _BETWEEN_SENTENCES.split(each.short) if not PLACE.search(text)]
    entry = "An entry of its record is missing or cannot be read."
    none = "No record shows that it was done."
    yield from said[:1] or [entry if each.cause.of_an_entry else none]
    groups = {
        pointer.id
        for one in each.duty.obligations
        if one.status is Status.OVERDUE and not parts.next_steps.of(one).cause.of_an_entry
        for pointer in one.unread_groups
    }
    for group in (group for group in each.duty.unread_rows if group.id in groups and group.rows):
        number = words.count(len(group.rows), words.lower_first(thing_of(group.register)))
        heading = parts.places.heading(group.rows[0], group.column) if group.column else ""
        lacks = f"without a readable entry under {heading}" if heading else "that cannot be read"
        yield f"{number} {lacks} may show that it was done."
    yield from said[1:]


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
        reasons, steps = zip(*_corrections(group), strict=True)
        why_ = f"Could not be judged: {'; '.join(dict.fromkeys(reasons))}"
        step = whole(" ".join(dict.fromkeys(steps)), _STEP)
        yield UnknownLine(cut(why_, text), _titles(group.duties, text), step, _owners(group.duties))


def _corrections(group: Untold) -> Iterator[tuple[str, str]]:
    """Why duties could not be judged, and what to do; of a cell, only its sheet is said."""
    for correction in group.corrections or ("The records do not say.",):
        reason, _, step = correction.partition(". ")
        place = PLACE.search(correction)
        if place:
            of = f" on the {place['sheet']} sheet" if place["sheet"] else ""
            reason = reason.partition(": ")[0]
            if PLACE.search(reason):
                reason = f"an entry{of} is missing or cannot be read"
            step = "Correct the entry. The report says which."
        elif step and reason.startswith("Correct the "):
            sheet = reason.removeprefix("Correct ")
            reason, step = step.partition(". ")[0].replace("this sheet", sheet), f"{reason}."
        elif not step or reason.startswith("If "):  # the correction is only what to do
            unclear = [o for d in group.duties for o in d.obligations if correction in o.to_tell]
            if unclear:
                reason, step = unclear[0].unmet_reason, correction
        yield words.lower_first(reason).rstrip("."), step or "Correct the entry."


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


def _coming(
    assessment: Assessment, lines: Iterable[DatedLine], length: int
) -> Iterator[ComingLine]:
    """The last days, each with the duties of each owner. A role that another post holds than the
    SOP says has that post beside it."""
    holders = {normal_key(one.role): one.post for one in role_holders(assessment) if one.post}
    grouped: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        owner = cut(line.responsible, _POST)
        if holder := holders.get(normal_key(line.responsible)):
            owner = f"{owner} (held by the {holder})"
        if line.duty.answers != view.OFFICE:
            owner = f"{owner} (partner)"
        title = line.title
        if len(title) > length or PLACE.search(title):
            title = cut(view.named(line.duty), _TITLE)
        of_day = grouped.setdefault(words.day(line.date.last_day), {})
        of_day.setdefault(owner, []).append(title)
    for day, owners in grouped.items():
        yield ComingLine(day, " · ".join(f"{o}: {'; '.join(t)}" for o, t in owners.items()))


def _more_coming(
    rest: Sequence[DatedLine], partners: int, until: datetime.date, statement: str
) -> Iterator[str]:
    """How many deadlines have no room, the office's and those of ``partners``; the ``statement`` is
    named."""
    if rest:
        stated = next((line for line in rest if line.duty_id == statement), None)
        on = f" on {words.day(stated.date.last_day)}" if stated else ""
        named = f", among them {view.named(stated.duty)}{on}" if stated else ""
        yield f"{words.count(len(rest), 'more deadline')} until {words.day(until)}{named}."
    if partners:
        left = words.count(partners, "deadline")
        yield f"Not shown: {left} of partners until {words.day(until)}."
