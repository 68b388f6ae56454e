"""Why a duty has its status: all that the assessment keeps of it, put together for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engine.assessment import (
    AcknowledgedFinding,
    Assessment,
    DutyOutcome,
    FindingShown,
    ObligationOutcome,
    RejectedRows,
    Remedy,
    RuleFired,
    UnreadRows,
)
from evidence.cells.text import nearest_names, normal_key
from reports import view
from reports.examined import silent_groups

FORMAT = "dueregard-explanation-2"

#: How many names are offered where one is not known.
_NEAR = 5


@dataclass(frozen=True, slots=True)
class NotFound:
    """A duty or a subject that the assessment does not have: ``kind`` is which of the two, and
    ``nearest`` are the names that are most like it."""

    kind: str
    name: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One duty explained: ``obligations`` are those asked about, the worst first, and ``second``
    what the plain evaluator said of them. ``unread_rows`` are those that they point to, and
    ``silent_rows`` those examined for them that do not say what they are about. ``traced``: with
    the rule that decided and what it saw."""

    assessment: Assessment
    duty: DutyOutcome
    findings: tuple[FindingShown, ...]
    acknowledged: tuple[AcknowledgedFinding, ...]
    second: str
    obligations: tuple[ObligationOutcome, ...]
    not_shown: int
    unread_rows: tuple[UnreadRows, ...]
    silent_rows: tuple[RejectedRows, ...]
    traced: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """A cited paragraph: its section, with the version of the SOP where that is an earlier one, and
    its text in pieces, each with whether it is marked."""

    section: str
    pieces: tuple[tuple[str, bool], ...]


def explain(
    assessment: Assessment,
    duty_id: str,
    subject: str = "",
    most: int | None = None,
    *,
    traced: bool = False,
) -> Explanation | NotFound:
    """The explanation of a duty: of the one obligation or those of the one subject where it is
    named; otherwise of all that are outstanding or, where none is, of all. ``most``: so many of
    them at the most. ``traced``: with the rule of the engine that decided each, and the whole
    numbers that it saw."""
    known = {duty.id: duty for duty in assessment.duties}
    titles = {normal_key(duty.title): duty for duty in assessment.duties}
    duty = known.get(duty_id) or titles.get(normal_key(duty_id))
    if duty is None:
        return NotFound("duty", duty_id, nearest_names(duty_id, known, _NEAR))
    if normal_key(subject or "") == normal_key(assessment.rulebook.body.called):
        subject = view.OFFICE
    chosen = _of_subject(duty, subject) if subject else outstanding_or_all(duty)
    if subject and not chosen:
        names = [
            name
            for obligation in duty.obligations
            for name in (obligation.subject, obligation.subject_name)
        ]
        return NotFound("subject", subject, nearest_names(subject, names, _NEAR))
    return explain_obligations(assessment, duty, chosen, most, traced=traced)


def explain_obligations(
    assessment: Assessment,
    duty: DutyOutcome,
    obligations: Iterable[ObligationOutcome],
    most: int | None = None,
    *,
    traced: bool = False,
) -> Explanation:
    """The explanation of some obligations of a duty; ``most`` and ``traced`` as for
    :func:`explain`."""
    shown = sorted(obligations, key=view.worst_first)[:most]
    pointed_to = {pointer.id for one in shown for pointer in one.unread_groups}
    return Explanation(
        assessment=assessment,
        duty=duty,
        findings=tuple(finding for finding in assessment.findings if finding.duty == duty.id),
        acknowledged=tuple(a for a in assessment.acknowledged if a.finding.duty == duty.id),
        second=second_words(assessment),
        obligations=tuple(one if traced else replace(one, rule=RuleFired("", {})) for one in shown),
        not_shown=len(duty.obligations) - len(shown),
        unread_rows=tuple(row for row in duty.unread_rows if row.id in pointed_to),
        silent_rows=silent_groups(shown),
        traced=traced,
    )


def _of_subject(duty: DutyOutcome, subject: str) -> list[ObligationOutcome]:
    """The obligations whose subject has that name; or, where none has, those of which it is the
    window, or a part of what a person calls the subject."""
    asked = normal_key(subject)
    whole = [
        obligation for obligation in duty.obligations if normal_key(obligation.subject) == asked
    ]
    return whole or [
        obligation
        for obligation in duty.obligations
        if asked in map(normal_key, obligation.subject.split(", "))
        or asked
        in {normal_key(each) for each in (obligation.subject_name, obligation.window) if each}
    ]


def outstanding_or_all(duty: DutyOutcome) -> list[ObligationOutcome]:
    """The obligations that are outstanding or, where none is, all."""
    left = [obligation for obligation in duty.obligations if obligation.status in view.OUTSTANDING]
    return left or list(duty.obligations)


def second_words(assessment: Assessment) -> str:
    """Whether a second calculation confirmed the results: a difference is never reported."""
    if assessment.program.engine.endswith("alone"):
        return f"There was no second calculation. {assessment.program.notice}".strip()
    return (
        "The program worked the results out twice, by two methods. This does not test the records."
    )


def fix_of(one: ObligationOutcome) -> tuple[Remedy, ...]:
    """What would meet it; () where it cannot be made good, or asks nothing."""
    return tuple(each for each in one.would_be_met_by if each.possible)


def quoted(duty: DutyOutcome) -> list[Quoted]:
    """The paragraphs that the duty cites, each once, with the phrases that its citations mark;
    none where the SOP was not given."""
    marks: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for cited in duty.citations:
        if cited.quote:
            version = f" (version {cited.sop_version})" if cited.sop_version else ""
            marks.setdefault((cited.section + version, cited.quote), []).append(
                (cited.start, cited.end)
            )
    return [
        Quoted(section, tuple(_pieces(text, sorted(spans))))
        for (section, text), spans in marks.items()
    ]


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        first = max(start, at)
        if first > at:
            yield text[at:first], False
        if end > first:
            yield text[first:end], True
        at = max(at, end)
    if at < len(text):
        yield text[at:], False
