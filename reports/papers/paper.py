"""The paper on the position, for a meeting: two pages, however much there is to report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.assessment import Assessment, DutyChange, DutyOutcome
from engine.outcome import Status
from reports import view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import Action, Brief, brief, missed_words
from reports.coming import coming_words, ending, ending_words, kind_words
from reports.compare.change_words import causes_words, headline, row_change
from reports.compare.inputs import NAMES
from reports.papers.fields import ChangeLine, ComingLine, OverdueLine, PaperFields, Picture
from reports.papers.height import TWO_PAGES, height
from reports.papers.picture import picture
from reports.papers.shared import caveats, cut, more, notices, some, source
from reports.without_names import AT_START
from rules.papers import PaperContents

#: So many characters of a title, a post, a short text and a longer one.
_TITLE, _POST, _SHORT, _TEXT = 90, 40, 120, 170


@dataclass(frozen=True, slots=True)
class _Room:
    """So many lines of the tables and of the other lists, and so many characters of a sentence."""

    overdue: int
    changes: int
    coming: int
    few: int
    sentence: int


#: The room that a paper has, and that which it has where it would be longer than two pages.
_ROOMS = (
    _Room(7, 5, 8, 3, 340),
    _Room(7, 5, 6, 3, 230),
    _Room(6, 4, 5, 2, 170),
    _Room(5, 3, 4, 1, 170),
    _Room(4, 2, 3, 1, 120),
)


@dataclass(frozen=True, slots=True)
class _PaperSource:
    """What a paper is made from."""

    assessment: Assessment
    parts: Brief
    contents: PaperContents
    sign_offs: Sequence[str]
    picture: Picture
    causes: bool


def paper_fields(
    assessment: Assessment, contents: PaperContents, sign_offs: Sequence[str], *, causes: bool
) -> PaperFields:
    """The fields of the paper. The assessment and the sign-offs are without names. ``causes``:
    whether it is said in detail why something changed; otherwise only what kind of cause it has."""
    drawn = picture(assessment)
    made_from = _PaperSource(assessment, brief(assessment), contents, sign_offs, drawn, causes)
    papers = [_fields(made_from, _ROOMS[0])]
    for room in _ROOMS[1:]:
        if height(papers[-1]) > TWO_PAGES:
            papers.append(_fields(made_from, room))
    return papers[-1]


def _fields(made_from: _PaperSource, room: _Room) -> PaperFields:
    assessment, parts, few = made_from.assessment, made_from.parts, room.few
    changes = assessment.changes
    overdue = [*map(_overdue, parts.overdue), *map(_too_late, parts.too_late)]
    moved = [one for one in changes.duties if one.status_changed] if changes else []
    gone = [row_change(row) for row in changes.rows] if changes else []
    coming = [line for line in by_last_day(assessment) if _is_ahead(assessment, line)]
    others = view.by_urgency(view.of_list(assessment, view.OTHERS))
    partners = [
        f"{view.named(duty)}: {view.duty_words(duty)} ({duty.bearer})"
        for duty in others
        if duty.status is Status.OVERDUE
    ]
    missed = [f"{view.named(one.duty)}: {missed_words(one.entry)}" for one in parts.missed]
    called = assessment.rulebook.body.called
    rules = [
        f"{words.day(one.begins)}: {view.named(one)}, {kind_words(one)}. "
        f"{coming_words(one, called)}"
        for one in assessment.coming
    ]
    rules += (f"{ending_words(*each)}." for each in ending(assessment))
    return PaperFields(
        marking=assessment.rulebook.marking,
        title=made_from.contents.title,
        audience=made_from.contents.audience,
        office=assessment.office,
        as_of=view.as_of_words(assessment),
        notices=some(notices(assessment), few, room.sentence),
        headline=tuple(filter(None, (parts.verdict, parts.partners_verdict))),
        points=some(parts.for_head, few, room.sentence),
        since=words.day(changes.since) if changes else "",
        changed=headline(assessment, changes) if changes else "",
        gone=some(gone, few, _TEXT),
        more_gone=more(gone, few),
        changes=tuple(_change(one, causes=made_from.causes) for one in moved[: room.changes]),
        more_changes=more(moved, room.changes),
        overdue=tuple(overdue[: room.overdue]),
        more_overdue=more(overdue, room.overdue),
        partners=some(partners, few, _SHORT),
        more_partners=more(partners, few),
        missed=some(missed, few, _SHORT),
        more_missed=more(missed, few),
        not_judged=_not_judged(assessment, few),
        coming=tuple(map(_coming, coming[: room.coming])),
        more_coming=more(coming, room.coming),
        new_rules=some(rules, few, room.sentence),
        more_new_rules=more(rules, few),
        picture=made_from.picture,
        sign_offs=some(made_from.sign_offs[-few:], few, _TEXT),
        caveats=some(caveats(assessment, parts), few, room.sentence),
        limits=words.met_means(assessment.rulebook.body),
        source=source(assessment),
    )


def _overdue(action: Action) -> OverdueLine:
    """An overdue duty. Of one with many obligations, it is only said how many are overdue."""
    why = action.why
    if action.duty.counts.total > 1 and why[:1].isdigit():
        why = why.partition(": ")[0].partition(". ")[0].removesuffix(".") + "."
    duty = action.duty
    step = AT_START.sub("A", words.upper_first(action.step))
    return OverdueLine(*_about(duty), cut(words.upper_first(why), _TEXT), cut(step, _TEXT))


def _too_late(duty: DutyOutcome) -> OverdueLine:
    return OverdueLine(*_about(duty), f"{view.TOO_LATE}.", view.WHAT_TO_DO)


def _about(duty: DutyOutcome) -> tuple[str, str, str]:
    """Its title, its status and its owner."""
    return (
        cut(view.named(duty), _TITLE),
        view.duty_words(duty),
        cut(view.owner_words(duty), _POST),
    )


def _change(change: DutyChange, *, causes: bool) -> ChangeLine:
    why = causes_words(change)
    if not causes:
        kinds = {cause.kind for one in change.obligations for cause in one.causes}
        why = ", ".join(name for kind, name in NAMES.items() if kind in kinds)
    return ChangeLine(
        cut(change.title, _TITLE),
        change.was or "new",
        change.now or "no longer in force",
        cut(words.upper_first(why), _SHORT),
    )


def _is_ahead(assessment: Assessment, line: DatedLine) -> bool:
    """Whether the last day of an obligation is still to come."""
    last = line.date.last_day
    return last is not None and last >= assessment.as_of


def _coming(line: DatedLine) -> ComingLine:
    last = words.day(line.date.last_day)
    return ComingLine(last, cut(line.title, _SHORT), cut(line.responsible, _POST))


def _not_judged(assessment: Assessment, few: int) -> str:
    """Which of the office's duties were not judged; '' for none."""
    said = []
    for status in (Status.CANNOT_TELL, Status.NOT_ASSESSED):
        duties = [d for d in view.of_list(assessment, view.OFFICE) if d.status is status]
        if duties:
            named = "; ".join(cut(view.named(duty), _TITLE) for duty in duties[:few])
            rest = f" {more(duties, few)}" if len(duties) > few else ""
            said.append(f"{words.upper_first(words.STATUS[status])}: {named}{rest}.")
    return " ".join(said)
