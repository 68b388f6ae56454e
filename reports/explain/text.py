"""An explanation as a tree for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import ObligationOutcome, WaiverShown
from engine.outcome import Status
from reports import examined, view, words
from reports.brief import acknowledged_words, finding_words, waivers_in_force
from reports.explain.explanation import Explanation, NotFound, fix_of, quoted
from reports.next_step import NextStep, NextSteps
from reports.places import Places
from reports.provided import before_records, begin_words, not_given_words

_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a tree: a branch, the last one, and the margins of what is under them."""

    branch: str = "├─ "
    last: str = "└─ "
    through: str = "│  "
    under: str = "   "


#: For a terminal that can show no lines.
PLAIN = Marks("|- ", "`- ", "|  ", "   ")


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree and the lines under it."""

    text: str
    under: tuple[Node, ...] = ()


def explain_text(explanation: Explanation, width: int = 80, marks: Marks | None = None) -> str:
    """The explanation in plain text, ending in a line break; no line is longer than ``width``
    characters (at least 40 are taken), long single words aside."""
    width, duty, assessment = max(width, _NARROWEST), explanation.duty, explanation.assessment
    title = f"{view.named(duty)} [{duty.id}]: {view.duty_words(duty)}"
    head = words.wrapped(f"{title}, as of {view.as_of_words(assessment)}", width)
    tree = _drawn(tuple(_of_duty(explanation, Places(assessment))), width, marks or Marks(), "")
    foot = words.wrapped(words.met_means(assessment.rulebook.body), width)
    marking = assessment.rulebook.marking
    lines = [marking, *head, *tree, "", *foot, *words.wrapped(marking, width)]
    return "\n".join(lines) + "\n"


def not_found_text(missing: NotFound) -> str:
    """The message where there is no such duty or subject."""
    hint = f" Did you mean {missing.nearest[0]}?" if missing.nearest else ""
    where = "in this assessment" if missing.kind == "duty" else "of this duty"
    return words.shown(f"There is no {missing.kind} '{missing.name}' {where}.{hint}")


# The duty ---------------------------------------------------------------------------------------


def _of_duty(explanation: Explanation, places: Places) -> Iterator[Node]:
    duty = explanation.duty
    if duty.in_brief:
        yield Node(duty.in_brief)
    if why := not_given_words(duty):
        yield Node(why)
    if begin := explanation.assessment.records_begin:
        yield Node(begin_words(begin, before_records(duty)))
    if duty.nothing_to_check:
        yield Node(duty.nothing_to_check)
    if duty.counts.total > 1:
        yield Node(view.duty_counts(duty))
    unread = examined.pointer_words(duty)
    called = explanation.assessment.rulebook.body.called
    next_steps = NextSteps(explanation.assessment, places)
    for obligation in explanation.obligations:
        window = f", {words.period(obligation.window)}" if obligation.window else ""
        title = (
            f"{view.subject_words(obligation, called)}{window}: {view.obligation_words(obligation)}"
        )
        yield Node(
            title, tuple(_of_obligation(explanation, obligation, unread, places, next_steps))
        )
    shared = (
        f"{examined.shared_words(r)}: {examined.unread_places(r.rows, r.column, places)}"
        for r in explanation.unread_rows
    )
    yield from _list(examined.UNREAD, shared)
    yield from _list(examined.SILENT, map(examined.silent_words, explanation.silent_rows))
    if any(one.status is Status.WAIVED for one in explanation.obligations):
        waivers = waivers_in_force(explanation.assessment, duty)
        yield from _list("Waivers in force", (_waiver_words(w, places) for w in waivers))
    findings = (finding_words(finding, places) for finding in explanation.findings)
    yield from _list("Points to check", findings)
    acknowledged = (acknowledged_words(one, places) for one in explanation.acknowledged)
    yield from _list("Acknowledged points", acknowledged)
    quotes = (f"Section {quote.section} says: {_marked(quote.pieces)}" for quote in quoted(duty))
    reference = f"SOP reference: {view.citations_words(duty)}"
    yield Node(reference, tuple(map(Node, quotes)))
    yield from _list("What the rule requires", duty.rule_words.splitlines())
    read = (
        f"{number}. {words.reading_words(reading)}"
        for number, reading in view.numbered_readings(explanation.assessment, duty)
    )
    yield from _list("How we read the SOP", read)
    yield Node(explanation.second)
    if explanation.not_shown:
        yield Node(_not_shown(explanation))


def _list(title: str, lines: Iterable[str]) -> Iterator[Node]:
    """Lines under a title; nothing where there are none."""
    if under := tuple(map(Node, lines)):
        yield Node(title, under)


def _waiver_words(waiver: WaiverShown, places: Places) -> str:
    """Without the reason, which may be personal."""
    days = words.window_days(waiver.from_, waiver.until)
    approved = f"approved by {waiver.approved_by} ({places.text(waiver.place)})"
    return f"For {places.without_names(waiver.subject)}, {days}, {approved}"


def _marked(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(f"[{piece}]" if marked else piece for piece, marked in pieces)


def _not_shown(explanation: Explanation) -> str:
    left = Counter(obligation.status for obligation in explanation.duty.obligations)
    left.subtract(obligation.status for obligation in explanation.obligations)
    counted = ", ".join(f"{left[s]:,} {word}" for s, word in words.STATUS.items() if left[s])
    number = words.count(explanation.not_shown, "more check")
    return f"{number} not shown here ({counted}): name one with --subject"


# One obligation ---------------------------------------------------------------------------------


def _of_obligation(
    explanation: Explanation,
    obligation: ObligationOutcome,
    unread: Mapping[str, str],
    places: Places,
    next_steps: NextSteps,
) -> Iterator[Node]:
    cause = next_steps.of(obligation)
    since = view.overdue_since(explanation.assessment.as_of, obligation.deadline, obligation.days)
    for name, text in (
        ("Why", cause.why),
        ("Period", words.window_days(obligation.opens, obligation.deadline)),
        ("Overdue since", words.day(since)),
        (view.TOO_LATE, view.WHAT_TO_DO if view.is_past(obligation) else ""),
        ("Deadline", places.text(obligation.derivation)),
        ("Last done", words.day(obligation.last_done)),
    ):
        if text:
            yield Node(f"{name}: {text}")
    if obligation.status is Status.CANNOT_TELL:
        yield from _list(view.TO_CORRECT, obligation.to_tell)
    if not view.is_past(obligation):
        yield from _fix(obligation, cause)
    for item in obligation.evidence:
        yield Node(f"Evidence: {places.row_and_cells(item)}")
    if obligation.listed_at:
        yield Node(f"Source: {places.row_and_cells(obligation.listed_at)}")
    near = (examined.reject_words(row, places) for row in examined.near_rows(obligation))
    yield from _list(examined.NEAR, near)
    yield from map(Node, examined.others_words(obligation))
    unreadable = (places.row_and_cells(item) for item in obligation.unreadable)
    yield from _list(examined.UNREAD, unreadable)
    yield from (Node(unread[group.id]) for group in obligation.unread_groups)
    if explanation.traced:
        situation = obligation.rule.situation
        numbers = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in situation.items())
        rule = view.rule_name(obligation.rule)
        yield Node(f"Decided by: {rule}{f' ({numbers})' if numbers else ''}")
    yield from map(Node, obligation.remarks)


def _fix(obligation: ObligationOutcome, cause: NextStep) -> Iterator[Node]:
    if fix_of(obligation) or obligation.to_tell:
        lines = (view.rows_lines(remedy, cause.step) for remedy in cause.rows)
        rows = (Node(intro, tuple(map(Node, cells))) for intro, *cells in filter(None, lines))
        yield Node(f"What to do. {words.RECORD_ONLY}", (Node(cause.step), *rows))
    else:
        yield from _list("What to do", (remedy.words for remedy in obligation.would_be_met_by))


def _drawn(nodes: Sequence[Node], width: int, marks: Marks, before: str) -> Iterator[str]:
    """The lines of nodes and of the nodes under them; ``before`` begins every line."""
    for number, node in enumerate(nodes, 1):
        last = number == len(nodes)
        mark, rest = (marks.last, marks.under) if last else (marks.branch, marks.through)
        inner = before + rest
        again = inner + (marks.through if node.under else marks.under)
        widest = max(width, len(again) + _NARROWEST // 2)
        yield from words.wrapped(node.text, widest, before + mark, again)
        yield from _drawn(node.under, width, marks, inner)
