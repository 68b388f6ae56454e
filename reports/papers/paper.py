"""The paper on the position, for a meeting: two pages, however much there is to report."""

from __future__ import annotations

from collections.abc import Sequence

from engine.assessment import Assessment, DutyChange, DutyOutcome
from engine.outcome import Status
from reports import view, words
from reports.ahead.lines import DatedLine, by_last_day
from reports.brief import Action, brief, missed_words
from reports.coming import coming_words, kind_words
from reports.compare.change_words import causes_words, headline, row_change
from reports.compare.inputs import NAMES
from reports.papers.fields import ChangeLine, ComingLine, OverdueLine, PaperFields
from reports.papers.picture import picture
from reports.papers.shared import caveats, cut, more, notices, some, source
from reports.without_names import AT_START
from rules.papers import PaperContents

#: So many lines of each list, and so many characters of a text, leave room on two pages.
_OVERDUE, _GONE, _CHANGES, _COMING = 7, 2, 5, 8
_FEW = 3
_TITLE, _POST, _SHORT, _TEXT = 90, 40, 120, 170


def paper_fields(
    assessment: Assessment, contents: PaperContents, sign_offs: Sequence[str], *, causes: bool
) -> PaperFields:
    """The fields of the paper. The assessment and the sign-offs are without names. ``causes``:
    whether it is said in detail why something changed; otherwise only what kind of cause it has."""
    parts = brief(assessment)
    changes = assessment.changes
    overdue = [*map(_overdue, parts.overdue), *map(_too_late, parts.too_late)]
    moved = [one for one in changes.duties if one.status_changed] if changes else []
    gone = [cut(row_change(row), _TEXT) for row in changes.rows] if changes else []
    coming = [line for line in by_last_day(assessment) if _is_ahead(assessment, line)]
    rules = assessment.coming
    called = assessment.rulebook.body.called
    return PaperFields(
        marking=assessment.rulebook.marking,
        title=contents.title,
        audience=contents.audience,
        office=assessment.office,
        as_of=view.as_of_words(assessment),
        notices=some(notices(assessment), _FEW, 2 * _TEXT),
        headline=tuple(filter(None, (parts.verdict, parts.partners_verdict))),
        points=some(parts.for_head, _FEW, 2 * _TEXT),
        since=words.day(changes.since) if changes else "",
        changed=headline(assessment, changes) if changes else "",
        gone=tuple(gone[:_GONE]),
        more_gone=more(gone, _GONE),
        changes=tuple(_change(one, causes=causes) for one in moved[:_CHANGES]),
        more_changes=more(moved, _CHANGES),
        overdue=tuple(overdue[:_OVERDUE]),
        more_overdue=more(overdue, _OVERDUE),
        missed=some(
            (f"{view.named(one.duty)}: {missed_words(one.entry)}" for one in parts.missed),
            _FEW,
            _SHORT,
        ),
        more_missed=more(parts.missed, _FEW),
        not_judged=_not_judged(assessment),
        coming=tuple(map(_coming, coming[:_COMING])),
        more_coming=more(coming, _COMING),
        new_rules=some(
            (
                f"{words.day(one.begins)}: {view.named(one)}, {kind_words(one)}. "
                f"{coming_words(one, called)}"
                for one in rules
            ),
            _FEW,
            _TEXT,
        ),
        more_new_rules=more(rules, _FEW),
        picture=picture(assessment),
        sign_offs=some(sign_offs[-_FEW:], _FEW, _TEXT),
        caveats=some(caveats(assessment, parts), _FEW, 2 * _TEXT),
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


def _not_judged(assessment: Assessment) -> str:
    """Which of the office's duties were not judged; '' for none."""
    said = []
    for status in (Status.CANNOT_TELL, Status.NOT_ASSESSED):
        duties = [d for d in view.of_list(assessment, view.OFFICE) if d.status is status]
        if duties:
            few = [cut(view.named(duty), _TITLE) for duty in duties[:_FEW]]
            rest = f" {more(duties, _FEW)}" if len(duties) > _FEW else ""
            said.append(f"{words.upper_first(words.STATUS[status])}: {'; '.join(few)}{rest}.")
    return " ".join(said)
