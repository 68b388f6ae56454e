"""An explanation as a tree for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.assessment import ItemShown, ObligationOutcome, Remedy
from reports import examined, view, words
from reports.explain.explanation import Explanation, NotFound, fix_of, quoted
from reports.provided import before_records, begin_words, not_given_words

_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Marks:
    """What the tree is drawn with: a branch, the last one, and what stands before their own."""

    branch: str = "├─ "
    last: str = "└─ "
    through: str = "│  "
    under: str = "   "


#: For a terminal that can show no lines.
PLAIN = Marks("|- ", "`- ", "|  ", "   ")


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree and what stands under it."""

    text: str
    under: tuple[Node, ...] = ()


def explain_text(explanation: Explanation, width: int = 80, marks: Marks | None = None) -> str:
    """The explanation in plain text, ending in a line break; no line is longer than ``width``
    characters (at least 40 are taken), long single words aside."""
    width, duty, assessment = max(width, _NARROWEST), explanation.duty, explanation.assessment
    title = f"{view.named(duty)} [{duty.id}]: {view.duty_words(duty)}"
    head = words.wrapped(f"{title}, as of {view.as_of_words(assessment)}", width)
    tree = _drawn(tuple(_of_duty(explanation)), width, marks or Marks(), "")
    foot = words.wrapped(words.MET_MEANS, width)
    marking = assessment.rulebook.marking
    lines = [marking, *head, *tree, "", *foot, *words.wrapped(marking, width)]
    return "\n".join(lines) + "\n"


def not_found_text(found: NotFound) -> str:
    """What to say where there is no such duty or subject."""
    near = ", ".join(found.nearest)
    hint = f" The nearest {'is' if len(found.nearest) == 1 else 'are'}: {near}." if near else ""
    where = "in this assessment" if found.kind == "duty" else "of this duty"
    return words.shown(f"There is no {found.kind} '{found.name}' {where}.{hint}")


# The duty ---------------------------------------------------------------------------------------


def _of_duty(explanation: Explanation) -> Iterator[Node]:
    duty = explanation.duty
    if why := not_given_words(duty):
        yield Node(why)
    if begin := explanation.assessment.records_begin:
        yield Node(begin_words(begin, before_records(duty)))
    if duty.nothing_to_check:
        yield Node(duty.nothing_to_check)
    if duty.counts.total > 1:
        yield Node(view.duty_counts(duty))
    quotes = (f"Section {each.section} says: {_marked(each.pieces)}" for each in quoted(duty))
    where = f"Where does the SOP require it? {view.citations_words(duty)}"
    yield Node(where, tuple(map(Node, quotes)))
    yield Node("What does the rule require?", tuple(map(Node, duty.rule_words.splitlines())))
    unread = examined.pointer_words(duty)
    for obligation in explanation.obligations:
        window = f", {obligation.window}" if obligation.window else ""
        title = f"{view.subject_words(obligation)}{window}: {view.obligation_words(obligation)}"
        yield Node(title, tuple(_of_obligation(explanation, obligation, unread)))
    if explanation.unread_rows:
        yield Node(examined.UNREAD, tuple(_shared(explanation)))
    yield from _list(examined.SILENT, map(examined.silent_words, explanation.silent_rows))
    yield from _list("Points to check", map(view.finding_words, explanation.findings))
    read = (f"'{reading.phrase}' is interpreted as: {reading.reading}" for reading in duty.readings)
    yield from _list("How was the SOP interpreted?", read)
    if explanation.not_shown:
        yield Node(_not_shown(explanation))


def _list(title: str, lines: Iterable[str]) -> Iterator[Node]:
    """Lines under a title; nothing where there are none."""
    if under := tuple(map(Node, lines)):
        yield Node(title, under)


def _shared(explanation: Explanation) -> Iterator[Node]:
    for rows in explanation.unread_rows:
        yield from _list(
            examined.shared_words(rows), map(": ".join, examined.places(rows.rows, rows.column))
        )


def _marked(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(f"[{piece}]" if marked else piece for piece, marked in pieces)


def _not_shown(explanation: Explanation) -> str:
    left = Counter(obligation.status for obligation in explanation.duty.obligations)
    left.subtract(obligation.status for obligation in explanation.obligations)
    counted = ", ".join(f"{left[s]:,} {word}" for s, word in words.STATUS.items() if left[s])
    number = words.count(explanation.not_shown, "obligation")
    return f"{number} more not shown here ({counted}): name one with --subject"


# One obligation ---------------------------------------------------------------------------------


def _of_obligation(
    explanation: Explanation, one: ObligationOutcome, unread: Mapping[str, str]
) -> Iterator[Node]:
    since = view.overdue_since(explanation.assessment.as_of, one.deadline, one.days)
    for name, text in (
        ("Why is it not met?", view.unmet_words(one)),
        ("When must it be done?", words.window_days(one.opens, one.deadline)),
        ("Overdue since:", words.day(since)),
        (f"{view.TOO_LATE}:", view.WHAT_TO_DO if one.too_late else ""),
        ("How was the deadline worked out?", one.derivation),
        ("When was it last done?", words.day(one.last_done)),
        ("Where is it listed?", _item(one.listed_at)),
    ):
        if text:
            yield Node(f"{name} {text}")
    for item in one.evidence:
        yield Node(f"What counted? {_item(item)}")
    yield from _list(examined.NEAR, map(examined.row_words, examined.near_rows(one)))
    yield from map(Node, examined.others_words(one))
    if one.unreadable:
        yield Node(f"Cannot be read and might meet this: {examined.rows_words(one.unreadable)}")
    yield from (Node(unread[group.id]) for group in one.unread_groups)
    if explanation.traced:
        seen = (f"{name.replace('_', ' ')} {n}" for name, n in one.rule.situation.items())
        numbers = f" ({', '.join(seen)})" if one.rule.situation else ""
        yield Node(f"Decided by: {view.rule_name(one.rule)}{numbers}")
    yield Node(f"Was the result confirmed? {explanation.second}")
    yield from map(Node, one.remarks)
    yield from _list(view.TO_CORRECT, one.to_tell)
    yield from _fix(one)


def _item(item: ItemShown | None) -> str:
    """Where an item is, and its cells that decided."""
    if item is None:
        return ""
    return ": ".join(filter(None, (view.item_place(item), view.cell_words(item, "(blank)"))))


def _fix(one: ObligationOutcome) -> Iterator[Node]:
    if fix := fix_of(one):
        yield Node(f"What would meet it? {words.RECORD_ONLY}", tuple(map(_remedy, fix)))
    else:
        yield from _list("What would meet it?", (each.words for each in one.would_be_met_by))


def _remedy(remedy: Remedy) -> Node:
    cells = tuple(Node(view.to_write(cell)) for cell in remedy.cells)
    return Node(f"{remedy.words} {view.remedy_place(remedy)}:", cells)


def _drawn(nodes: Sequence[Node], width: int, marks: Marks, before: str) -> Iterator[str]:
    """The lines of nodes with what stands under each; ``before`` is what every line begins with."""
    for number, node in enumerate(nodes, 1):
        last = number == len(nodes)
        mark, rest = (marks.last, marks.under) if last else (marks.branch, marks.through)
        inner = before + rest
        again = inner + (marks.through if node.under else marks.under)
        widest = max(width, len(again) + _NARROWEST // 2)
        yield from words.wrapped(node.text, widest, before + mark, again)
        yield from _drawn(node.under, width, marks, inner)
