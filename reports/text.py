"""The summary: what has to be done first, then everything else, counted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

from engine.assessment import Assessment, DutyOutcome
from engine.outcome import Status
from evidence.cells.text import listed as in_words
from evidence.cells.text import some_of
from reports import trend, view, words
from reports.ahead.lines import last_days, summary_lines
from reports.brief import (
    BLANK_WORKBOOK,
    HAS_EVIDENCE,
    MAKE_PAPER,
    NEXT,
    NOT_READ,
    SET_UP,
    SOON,
    USE_THEM,
    Action,
    AlsoDue,
    Brief,
    also_due_words,
    brief,
    finding_words,
    missed_words,
    untold_counts,
)
from reports.by_post import post_tasks
from reports.coming import (
    AS_IF,
    COMING,
    coming_words,
    ending,
    ending_words,
    kind_words,
    rule_change,
)
from reports.compare.change_words import (
    became_words,
    causes_words,
    headline,
    input_lines,
    row_change,
)
from reports.provided import (
    also_words,
    before_words,
    heading,
    nothing_to_record,
    records_words,
    waived_words,
)
from reports.unknown_names import MATCH_THEM, NAMED_OTHERWISE, UNKNOWN_NAMES

#: The number of points of each importance that are written out where there is little room.
FEW = 2

#: A list of more duties or decisions is only counted, or cut.
LISTED = 10

#: So many changes are listed where there is little room.
_FEW_CHANGES = 5

#: So many problems are written out where there is little room.
_FEW_PROBLEMS = 5
#: Instead of how many: they are only counted.
_COUNTED = -1

#: So many cells of a sheet, and references that were not found, are named at the least; and so many
#: sheets with further problems.
_FEW, _FEW_PLACES = 3, LISTED

#: So many sentences for whoever heads the office are written out where there is little room, and
#: where there is least.
_FEW_HEADS, _FEWEST_HEADS = 5, 3

#: At most so many owners of what is due later are named.
_FEW_OWNERS = 3

#: So many coming versions are listed where there is little room.
_FEW_COMING = 3

#: The number of lines that the summary should have at most.
LINES = 120

#: Where a reader finds what the summary only counts.
ELSEWHERE = "in assessment.html"

_NARROWEST = 40

#: What stands for a correction whose first sentence is long.
_ONE_MORE = " One more problem: see the report."


@dataclass(frozen=True, slots=True)
class Room:
    """How much a summary shows. ``few``: how many points of each importance are written out.
    ``problems``: how many of what could not be read, and of the references that were not found, are
    written out; with 0 it says where they are, and with ``_COUNTED`` how many. ``dated``: with what
    is due after 90 days, by how much duties were late, and the readings of each section.
    ``limited``: with what the report does not check. ``listed``: with what was missed or done late
    and the duties that were not assessed, ``listed_next`` with what is due after 30 days.
    ``changes``: how many are written out; beside one, those to come are only counted.
    ``heads``: how many sentences for whoever heads the office. ``extra``: with what little is known
    of, and the paper for a committee. ``commands``: with what to type, for
    the person who runs the program."""

    few: int = LISTED
    problems: int = LISTED
    dated: bool = True
    limited: bool = True
    listed_next: bool = True
    listed: bool = True
    changes: int = LISTED
    heads: int = 2 * LISTED
    extra: bool = True
    commands: bool = True

    def less(self) -> Room:
        """The next smaller one."""
        if self.few > FEW:
            return replace(self, few=FEW)
        if self.few:
            return replace(self, few=self.few - 1)
        if self.dated:
            return replace(self, dated=False, changes=_FEW_CHANGES, problems=_FEW_PROBLEMS)
        if self.limited:
            return replace(self, limited=False)
        if self.listed_next:
            return replace(self, listed_next=False)
        if self.listed:
            return replace(self, listed=False)
        if self.heads > _FEW_HEADS:
            return replace(self, heads=_FEW_HEADS)
        if self.problems > _COUNTED:
            return replace(self, problems=self.problems - 1)
        if self.changes > 1:
            return replace(self, changes=self.changes - 1)
        last = self.heads == _FEWEST_HEADS
        return replace(self, heads=_FEWEST_HEADS - last, extra=not last)

    @property
    def is_least(self) -> bool:
        """Whether there is no smaller one."""
        return not self.extra


def summary(assessment: Assessment, width: int = 80, *, commands: bool = False) -> str:
    """The assessment in plain text, ending in a line break; no line is longer than ``width``
    characters (at least 40), except for single long words. ``commands``: for the person who runs
    the program, with what to type."""
    width = max(width, _NARROWEST)
    parts, room = brief(assessment), Room(commands=commands)
    texts = _texts(assessment, parts, room, width)
    while _length(texts) > LINES and not room.is_least:
        room = room.less()
        texts = _texts(assessment, parts, room, width)
    if _length(texts) > LINES:  # whatever is left out: then rather too long than without these
        texts = _texts(assessment, parts, replace(room, problems=LISTED), width)
    if short := wrapped_lines(_abbreviations(parts, texts), width):
        longer = [*texts[:-1], short, texts[-1]]
        texts = longer if _length(longer) <= LINES else texts
    return "\n\n".join("\n".join(text) for text in texts) + "\n"


def _texts(assessment: Assessment, parts: Brief, room: Room, width: int) -> list[list[str]]:
    whole = blocks(assessment, parts, room)
    above = [line for _, line in head(assessment, LISTED)]
    lists = above, *whole, [assessment.rulebook.marking]
    return [wrapped_lines(block, width) for block in lists]


def _length(texts: Iterable[Sequence[str]]) -> int:
    """The number of lines, with a blank one between two texts."""
    return sum(len(text) + 1 for text in texts) - 1


def _abbreviations(parts: Brief, texts: Iterable[Sequence[str]]) -> Iterator[str]:
    """The abbreviations that the texts use, in one line."""
    words_ = " ".join(line for text in texts for line in text).split()
    used = {word.strip(".,;:()").removesuffix("'s") for word in words_}
    meanings = [f"{short} = {long}" for short, long in parts.abbreviations if short in used]
    if meanings:
        yield f"ABBREVIATIONS: {'; '.join(meanings)}"


def blocks(assessment: Assessment, parts: Brief, room: Room) -> list[list[str]]:
    """The blocks of lines after the head; each but the first begins with its title. The lines of a
    title's list are indented by two spaces, and what belongs to one of them by four. Where there is
    little room, a block has the lists of several titles."""
    as_of = assessment.as_of
    points = _points(assessment, parts, room.few)
    problems = list(_problems(assessment, parts, room))
    not_read = list(_not_read(assessment, parts, room))
    references = list(_unknown_names(assessment, parts, room))
    done = list(_missed(parts, room))
    # Where there is little room, the year ahead is a part of the line on what is due later.
    number = 0 if room.dated or not (parts.next_ or parts.later) else last_days(assessment)
    dates = f"; {words.count(number, 'deadline')} in 12 months" if number else ""
    groups: tuple[tuple[Iterable[str], ...], ...] = (
        (
            chain(
                _verdict(parts),
                () if room.dated else problems,
                _more_verdict(assessment, parts, room),
                () if room.dated else not_read,
            ),
        ),
        (_changes(assessment, room), trend.summary_lines(assessment.trend)),
        (not_read if room.dated else (),),
        (references if room.problems > 0 else (),),
        (problems if room.dated else (),),
        (_overdue(as_of, parts.overdue), _too_late(as_of, parts.too_late)),
        (_for_head(assessment, parts, room.heads),),
        (_untold(assessment, parts, room), _not_assessed(assessment, parts, listed=room.listed)),
        (
            _due(f"DUE WITHIN {SOON} DAYS", assessment, parts, listed=room.dated),
            _next(f"DUE WITHIN {NEXT} DAYS", parts.next_) if room.listed_next else (),
            _later(
                parts.later if room.listed_next else (*parts.next_, *parts.later),
                "DUE LATER",
                dated=room.dated,
                more=dates,
                after=parts.later_together,
            ),
            _partners(assessment, parts, dated=room.dated),
            () if dates else summary_lines(assessment),
            _coming(assessment, room),
            () if room.dated else done,
        ),
        (
            done if room.dated else (),
            () if room.problems > 0 else references,
            points,
            _limits(parts, room),
            _readings(assessment, room),
        ),
    )
    if room.dated:
        lists = [list(lines) for group in groups for lines in group]
    else:
        lists = [list(chain.from_iterable(group)) for group in groups]
    return [block for block in lists if block]


def wrapped_lines(lines: Iterable[str], width: int) -> list[str]:
    """The lines cut to the width; a continuation is indented by two more than its line."""
    wrapped = []
    for line in lines:
        margin = " " * (len(line) - len(line.lstrip()))
        wrapped += words.wrapped(line.lstrip(), width, margin, margin and margin + "  ")
    return wrapped


def head(assessment: Assessment, most: int) -> Iterator[tuple[str, str]]:
    """Each line above the verdict, after the style that it has in a workbook. ``most``: so many
    versions that are not approved are named."""
    yield "marking", assessment.rulebook.marking
    if assessment.program.notice:
        yield "plain", f"NOTICE: {assessment.program.notice}"
    if unapproved := view.unapproved_line(assessment, most):
        yield "plain", unapproved
    yield "title", assessment.rulebook.title
    if assessment.office:
        yield "marking", assessment.office
    yield "marking", f"Position at {view.as_of_words(assessment)}"


def _verdict(parts: Brief) -> Iterator[str]:
    if parts.answer:
        yield parts.answer
    yield parts.verdict


def _more_verdict(assessment: Assessment, parts: Brief, room: Room) -> Iterator[str]:
    if parts.partners_verdict:
        cause = view.untold_cause(assessment, view.of_list(assessment, view.OFFICE))
        because = f"because {cause}" if cause else ""
        again = because and because in parts.verdict
        partners = parts.partners_verdict
        yield partners.replace(because, "for the same reason") if again else partners
    if parts.late and room.dated:
        yield parts.late
    if parts.not_begun:
        yield parts.not_begun
    if begin := records_words(assessment):
        yield f"{begin}."
    yield from parts.assumptions


def _not_read(assessment: Assessment, parts: Brief, room: Room) -> Iterator[str]:
    """The sheets that were not read; in one line with their title where there is little room."""
    if sheets := parts.not_read:
        commands, title = room.commands and room.extra, NOT_READ.upper()
        if room.dated:
            yield title
        unused, body = assessment.unused_sheets, assessment.rulebook.body
        tell = words.tell_of_unread(unused, HAS_EVIDENCE, body)
        use = f" {USE_THEM if assessment.mapping else SET_UP}" if commands else ""
        if unused and not assessment.mapping and all(sheet.rename_to for sheet in unused):
            use = ""
        if commands and any(problem.kind == "no headings" for problem in assessment.problems):
            use += f" {BLANK_WORKBOOK}"
        start = "  " if room.dated else f"{title}: "
        yield f"{start}{'; '.join(sheets[:LISTED])}. {tell}{use}".rstrip()
        yield from _more(len(sheets), "  ", LISTED)


def _unknown_names(assessment: Assessment, parts: Brief, room: Room) -> Iterator[str]:
    if sentences := parts.unknown_names:
        if room.problems <= 0:
            yield f"{UNKNOWN_NAMES.upper()}: {len(sentences):,}, {ELSEWHERE}"
            return
        most = max(room.problems, _FEW)
        yield UNKNOWN_NAMES.upper()
        yield from (f"  {sentence}" for sentence in sentences[:most])
        yield from _more(len(sentences), "  ", most)
        if assessment.mapping and any(sheet.at_head for sheet in assessment.unknown_names):
            tell = words.tell_lead(NAMED_OTHERWISE, assessment.rulebook.body)
            yield f"  {MATCH_THEM if room.commands else tell}"


def _for_head(assessment: Assessment, parts: Brief, few: int) -> Iterator[str]:
    if parts.for_head:
        yield f"For the {assessment.rulebook.body.head}".upper()
    yield from (f"  {sentence}" for sentence in parts.for_head[:few])
    yield from _more(len(parts.for_head), "  ", few)


def _overdue(as_of: datetime.date, actions: Sequence[Action]) -> Iterator[str]:
    if actions:
        yield f"{words.STATUS[Status.OVERDUE].upper()}: {words.duties(len(actions))}"
    for action in actions:
        yield from _action(as_of, action)


def _action(as_of: datetime.date, action: Action) -> Iterator[str]:
    """An outstanding duty with the cause and the next step."""
    is_overdue = action.duty.status is Status.OVERDUE
    if action.apart:
        yield f"  {view.named(action.duty)}; {view.responsible(action.duty)}"
        yield f"    {'; '.join(action.recorded)}"
    else:
        cause = f": {', '.join(action.recorded)}" if is_overdue and action.recorded else ""
        yield from _late(as_of, action.duty, action.counted, cause)
    if action.short:
        yield f"    Why: {action.short}"
    if action.step:
        yield f"    What to do: {action.step}"


def _late(
    as_of: datetime.date, duty: DutyOutcome, counted: str = "", cause: str = ""
) -> Iterator[str]:
    """A duty with its status, its deadline, what the records show of it, who has to act, and how
    much of it is outstanding."""
    since = view.overdue_since(as_of, duty.deadline, duty.days)
    dated = f"since {words.day(since)}" if since else f"deadline {words.day(duty.deadline)}"
    status = view.duty_words(duty) + (f" ({dated})" if duty.deadline and duty.days else "")
    yield f"  {view.named(duty)}{cause}"
    yield "    " + "; ".join(
        filter(None, (status, view.responsible(duty), counted, before_words(duty)))
    )


def _too_late(as_of: datetime.date, duties: Sequence[DutyOutcome]) -> Iterator[str]:
    if duties:
        yield f"{view.TOO_LATE.upper()}: {words.duties(len(duties))}"
        yield f"  {view.WHAT_TO_DO}"
    for duty in duties:
        yield from _late(as_of, duty)


def _untold(assessment: Assessment, parts: Brief, room: Room) -> Iterator[str]:
    if parts.untold:
        counts = untold_counts(parts.untold, assessment.rulebook.body)
        yield f"{words.STATUS[Status.CANNOT_TELL].upper()}: {counts}"
    if parts.little_known and room.extra:
        yield f"  {parts.little_known}"
    for untold in parts.untold:
        yield from (f"  {view.named(duty)}; {view.responsible(duty)}" for duty in untold.duties)
        more = _further(untold.corrections[1:])
        yield from (f"    {correction}{more}" for correction in untold.corrections[:1])


def _further(corrections: Sequence[str]) -> str:
    """The other corrections of a group: the only one by its first sentence, if that is short."""
    if len(corrections) != 1:
        return f" {len(corrections):,} more problems: see the report." if corrections else ""
    first = corrections[0].partition(". ")[0].removesuffix(".")
    return f" Also: {words.lower_first(first)}." if len(first) <= _NARROWEST else _ONE_MORE


def _due(title: str, assessment: Assessment, parts: Brief, *, listed: bool) -> Iterator[str]:
    """What is due within 30 days and the other dates until then, by post. The overdue duties of
    which more falls due are only counted unless they are to be ``listed``."""
    also = parts.also_due
    counted, more = words.duties(len(parts.soon)) if parts.soon else "", list[str]()
    dates, meetings = len(parts.soon_dates), False
    if dates:
        meetings = all(line.date.at_meeting for line in parts.soon_dates)
        more.append(words.count(dates, "meeting" if meetings else "date"))
    if also and more and meetings and {each.things for each in also} == {"meetings"}:
        more = [_meetings(dates, also)]
    elif also:
        more.append(also_due_words(also))
    if counted and more:
        yield f"{title}: {counted}; also {in_words(more)}"
    elif counted or more:
        yield f"{title}: {counted or in_words(more)}"
    yield from (
        f"  {post.name}: {post.briefly}" for post in post_tasks(assessment, parts) if post.dates
    )
    yield from (f"  {sentence}" for sentence in parts.avoidable[:FEW])
    if listed:
        yield from (f"  {each.words}" for each in also[:LISTED])
        yield from _more(len(also), "  ", LISTED)


def _meetings(dates: int, also: Sequence[AlsoDue]) -> str:
    """``2 meetings (1 for a duty that is already overdue)``."""
    more, duties = sum(each.number for each in also), "a duty that is already overdue"
    if len(also) > 1:
        duties = "duties that are already overdue"
    return f"{words.count(dates + more, 'meeting')} ({more:,} for {duties})"


def _next(title: str, duties: Sequence[DutyOutcome]) -> Iterator[str]:
    """The duties that are due, each with its deadline and who has to act."""
    if duties:
        yield f"{title}: {words.duties(len(duties))}"
    for duty in duties:
        before = f"; {before_words(duty)}" if before_words(duty) else ""
        yield f"  {words.day(duty.deadline)}: {view.named(duty)} ({view.responsible(duty)}){before}"


def _later(
    duties: Sequence[DutyOutcome],
    title: str,
    *,
    dated: bool,
    more: str = "",
    after: str = "",
    owners: bool = True,
) -> Iterator[str]:
    """The duties due after 90 days; many are only counted, with their ``owners``, and ``more`` is
    said after that. ``after``: a sentence."""
    if not duties:
        return
    last = max(filter(None, (duty.deadline for duty in duties)), default=None)
    by = f" by {words.day(last)}" if last and not dated else ""
    listed = dated and len(duties) <= LISTED
    names = list(dict.fromkeys(map(view.responsible, duties)))
    many = len(names) > _FEW_OWNERS
    whose = f" ({'; '.join(names)})" if owners and not (listed or many) else ""
    rest = "" if listed else f"{more}, {ELSEWHERE}"
    yield f"{title}: {words.duties(len(duties))}{by}{whose}{rest}{f'. {after}' if after else ''}"
    if listed:
        yield from _dated(duties)


def _dated(duties: Iterable[DutyOutcome]) -> Iterator[str]:
    """The duties of each deadline and of each owner in one line."""
    for (deadline, whose), together in groupby(
        duties, key=lambda duty: (duty.deadline, view.responsible(duty))
    ):
        yield f"  {words.day(deadline)}: {'; '.join(map(view.named, together))} ({whose})"


def _not_assessed(assessment: Assessment, parts: Brief, *, listed: bool) -> Iterator[str]:
    if not parts.missing:
        return
    title = words.STATUS[Status.NOT_ASSESSED].upper()
    waived = waived_words(assessment)
    together = len(parts.missing) == 1 and not waived  # the title, and the only sheet that lacks
    if not together:
        yield title
    if waived:
        yield f"  {waived}"
    for sheet in parts.missing:
        nothing = nothing_to_record(sheet)
        shown = sheet.listed if listed and len(sheet.listed) <= LISTED else ()
        said = f"{heading(sheet)}{':' if shown else ''}"
        if sheet.listed:
            yield f"{title}. {said}" if together else f"  {said}"
        names = []
        for duty in shown:
            partner = "" if duty.answers == view.OFFICE else duty.bearer
            parts_ = (view.named(duty), partner, also_words(sheet, duty))
            names.append(", ".join(filter(None, parts_)))
        if names:
            yield f"    {'; '.join(names)}"
        if nothing and listed and sheet.listed:
            yield f"    {nothing}"


def _partners(assessment: Assessment, parts: Brief, *, dated: bool) -> Iterator[str]:
    actions = [a for a in parts.partners if a.duty.status is not Status.CANNOT_TELL]
    if not actions and not parts.partners_later:
        return
    if not actions and not dated:
        return  # the verdict counts them
    yield f"PARTNERS' DUTIES. {words.partners_mean(assessment.rulebook.body)}"
    for action in actions:
        yield from _action(assessment.as_of, action)
    later, listed = parts.partners_later, dated and len(parts.partners_later) <= LISTED
    yield from _dated(later) if listed else _later(later, "  Due later", dated=dated, owners=False)


def _coming(assessment: Assessment, room: Room) -> Iterator[str]:
    """The versions that begin within a year, with what each makes due or overdue, and the duties
    that end; where there is little room, the first few of those that make anything so, in a line
    each, and where there is least, only how many."""
    versions = assessment.coming
    ends = [ending_words(*each) for each in ending(assessment)]
    if not versions and not ends:
        return
    changes = words.count(len(versions) + len(ends), "change")
    yield f"{COMING.upper()}: {changes}" + (
        f"{f'. {AS_IF}' if versions else ''}" if room.dated else f", {ELSEWHERE}"
    )
    if room.changes == 1:
        return
    if not room.dated:
        for version in [one for one in versions if one.obligations][:_FEW_COMING]:
            about = f"{words.day(version.begins)}: {view.named(version)}"
            change = rule_change(version, assessment) or coming_words(version, assessment)
            yield f"  {about}. {change}"
        yield from (f"  {line}" for line in ends[:_FEW_COMING])
        return
    for version in versions[:LISTED]:
        about = f"{view.named(version)} ({view.responsible(version)}), {kind_words(version)}"
        yield f"  {words.day(version.begins)}: {about}"
        yield f"    {coming_words(version, assessment)}"
    yield from _more(len(versions), "  ", LISTED)
    yield from (f"  {line}" for line in ends[:LISTED])
    yield from _more(len(ends), "  ", LISTED)


def _changes(assessment: Assessment, room: Room) -> Iterator[str]:
    """What changed since the check before: the rows to look at first, then the duties with another
    status and why; where there is little room, the first few."""
    changes = assessment.changes
    if changes is None:
        return
    few = room.changes
    yield f"CHANGED SINCE {words.day(changes.since).upper()}. {headline(assessment, changes)}"
    yield from (f"  {line}" for line in input_lines(changes, files=room.dated))
    yield from (f"  {row_change(row)}" for row in changes.rows[:few])
    yield from _more(len(changes.rows), "  ", few)
    moved = [duty for duty in changes.duties if duty.status_changed]
    for duty in moved[:few]:
        why = causes_words(duty)
        yield f"  {duty.title}: {became_words(duty)}" + (f". Why: {why}" if why else "")
    yield from _more(len(moved), "  ", few)


def _missed(parts: Brief, room: Room) -> Iterator[str]:
    """What was done late, where there is little room above, and the missed periods, unless they are
    named above."""
    if parts.late and not room.dated:
        longest, more = parts.longest_late, "; the longest delay" if parts.late_number > 1 else ""
        met, unmet = parts.late_number - parts.late_unmet, parts.late_unmet
        now = f" ({met:,} now met, {unmet:,} not)" if unmet else ""
        which = f"{more}: {longest}" if room.extra else f", {ELSEWHERE}"
        yield f"DONE LATE: {words.duties(parts.late_number)}{now}{which}"
    if not parts.missed_below:
        return
    number = "" if room.listed else f": {words.count(len(parts.missed), 'period')}, {ELSEWHERE}"
    yield f"MISSED IN THE LAST 12 MONTHS{number}. These are not included in the totals."
    for period in parts.missed if room.listed else ():
        yield f"  {view.named(period.duty)}: {missed_words(period.entry)}"


def _points(assessment: Assessment, parts: Brief, few: int) -> Iterator[str]:
    """The points to check, counted; the first few of those that could change a result."""
    titles = view.names(assessment)
    counted = [
        f"{words.lower_first(points.title)}: {len(points.findings):,}"
        for points in sorted(parts.points, key=lambda each: not each.change_results)
    ]
    if acknowledged := words.acknowledged_count(assessment.acknowledged):
        counted.append(acknowledged)
    if counted:
        yield f"POINTS TO CHECK: {len(assessment.findings):,} ({'; '.join(counted)})"
    for points in parts.points:
        if not points.change_results or not few:
            continue
        for finding, duty in zip(points.findings[:few], points.duties, strict=False):
            about = titles.get(duty, "")
            yield f"  {about}{': ' if about else ''}{finding_words(finding, parts.places)}"
        yield from _more(len(points.findings), "  ", few)


def _problems(assessment: Assessment, parts: Brief, room: Room) -> Iterator[str]:
    """The first problems; where there is little room, fewer of them, and where the others are. They
    come before the overdue duties, because what cannot be read may be why a duty is overdue."""
    problems = assessment.problems
    if not problems:
        return
    shown, left = problems[: max(room.problems, 0)], problems[max(room.problems, 0) :]
    counted = words.not_read_count(len(problems))
    sheets = dict[str, dict[str, None]]()
    for problem in left:
        sheet = parts.places.short(problem.file, problem.sheet)
        sheet = sheet or words.upper_first(problem.register)
        sheets.setdefault(sheet, {}).update(dict.fromkeys(problem.cells))
    places = [f"{name} {some_of(list(cells), _FEW)}".strip() for name, cells in sheets.items()]
    counts = room.problems == _COUNTED or (not shown and len(places) > _FEW_PLACES)
    where = "" if counts else f": {some_of(places, _FEW_PLACES)}"
    could = view.could_change_words(assessment)
    counted = counted if shown or not could else words.count(len(problems), "thing")
    yield f"COULD NOT BE READ: {counted}{could}{'' if shown else f', {ELSEWHERE}{where}'}"
    for problem in shown:
        column = f" ({problem.heading or problem.column})" if problem.count else ""
        message = parts.places.without_names(problem.message)
        yield f"  {parts.places.problem(problem)}{column}: {message}"
    if left and shown:
        yield f"  {words.count(len(left), 'more problem')}, {ELSEWHERE}{where}"


def _more(number: int, margin: str, few: int) -> Iterator[str]:
    if number > few:
        yield f"{margin}and {number - few:,} more, {ELSEWHERE}"


def _limits(parts: Brief, room: Room) -> Iterator[str]:
    single = len(parts.limits) == 1
    hidden = parts.limits and not (room.limited or single)
    yield f"LIMITS OF THIS REPORT{f' (the others are {ELSEWHERE})' if hidden else ''}"
    if single and not room.dated:
        yield f"  {parts.met_means} Not checked: {words.lower_first(parts.limits[0])}"
        return
    yield f"  {parts.met_means}"
    if hidden or not parts.limits:
        return
    if room.dated:
        yield "  It does not check:"
        yield from (f"    {limit}" for limit in parts.limits)
    else:
        limits = (words.lower_first(limit.removesuffix(".")) for limit in parts.limits)
        yield f"  It does not check {'; '.join(limits)}."


def _readings(assessment: Assessment, room: Room) -> Iterator[str]:
    """The numbers of all readings, by the sections of the SOP; and that there is a paper."""
    numbers = view.readings_by_section(assessment)
    if numbers and not room.dated and room.extra:
        yield f"HOW WE READ THE SOP: readings 1 to {len(assessment.readings):,}, {ELSEWHERE}"
    elif numbers and room.dated:
        ranges = "; ".join(f"{words.section(section)}: {own}" for section, own in numbers)
        yield f"HOW WE READ THE SOP (readings by section, {ELSEWHERE}): {ranges}"
    make = f" {MAKE_PAPER}" if room.commands else ""
    lead = assessment.rulebook.body.lead
    if room.extra:
        yield f"FOR A COMMITTEE: the {lead} has a two-page paper, which names no one.{make}"
