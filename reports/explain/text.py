"""An explanation as a tree for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.assessment import ItemShown, ObligationOutcome, Remedy, RuleFired
from reports import view, words
from reports.explain.explanation import Explanation, NotFound, fix_of
from reports.provided import not_given_words
from reports.records import before_records, begin_words
from reports.rejected import SILENT, near_rows, others_words, row_words, silent_words
from reports.rejected import TITLE as NEAR
from reports.too_late import TITLE, WHAT_TO_DO
from reports.unread import TITLE as UNREAD
from reports.unread import places, pointer_words, rows_words, shared_words

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
    drawn = marks or Marks()
    head, foot = _head(explanation), [words.MET_MEANS, explanation.marking]
    lines = [explanation.marking, *_drawn(head, max(width, _NARROWEST), drawn), ""]
    for each in foot:
        lines += _wrapped(each, max(width, _NARROWEST), "", "")
    return "\n".join(lines) + "\n"


def not_found_text(found: NotFound) -> str:
    """What to say where there is no such duty or subject."""
    near = ", ".join(found.nearest)
    hint = f" The nearest {'is' if len(found.nearest) == 1 else 'are'}: {near}." if near else ""
    where = "in this assessment" if found.kind == "duty" else "of this duty"
    return words.shown(f"There is no {found.kind} '{found.name}' {where}.{hint}")


# The duty ---------------------------------------------------------------------------------------


def _head(explanation: Explanation) -> Node:
    duty = explanation.duty
    known = explanation.known_by
    day = words.day(explanation.as_of)
    by = f", counting what had been recorded by {words.day(known)}" if known else ""
    title = f"{duty.title} [{duty.id}]: {view.duty_words(duty)}, as of {day}{by}"
    return Node(title, tuple(_of_duty(explanation)))


def _of_duty(explanation: Explanation) -> Iterator[Node]:
    duty = explanation.duty
    if why := not_given_words(duty):
        yield Node(why)
    if begin := explanation.records_begin:
        yield Node(begin_words(begin, before_records(duty)))
    if duty.nothing_to_check:
        yield Node(duty.nothing_to_check)
    if duty.counts.total > 1:
        yield Node(view.duty_counts(duty))
    yield Node(f"The SOP asks for it in {view.citations_words(duty)}", tuple(_quotes(explanation)))
    yield Node("The rule in words", tuple(Node(line) for line in duty.rule_words.splitlines()))
    if explanation.readings:
        read = [f"'{each.phrase}' is read as: {each.reading}" for each in explanation.readings]
        yield Node("How vague phrases were read", tuple(map(Node, read)))
    unread = pointer_words(duty)
    yield from (_obligation(explanation, each, unread) for each in explanation.obligations)
    if explanation.unread_rows:
        yield Node(UNREAD, tuple(_shared(explanation)))
    if explanation.silent_rows:
        silent = map(silent_words, explanation.silent_rows)
        yield Node(SILENT, tuple(map(Node, silent)))
    if explanation.findings:
        said = (Node(view.finding_words(each)) for each in explanation.findings)
        yield Node("Worth a look", tuple(said))
    if explanation.not_shown:
        yield Node(_not_shown(explanation))


def _quotes(explanation: Explanation) -> Iterator[Node]:
    for quote in explanation.quotes:
        text = "".join(f"[{piece}]" if marked else piece for piece, marked in quote.pieces)
        yield Node(f"Section {quote.section} says: {text}")


def _not_shown(explanation: Explanation) -> str:
    shown = Counter(one.status for one in explanation.obligations)
    left = Counter(one.status for one in explanation.duty.obligations)
    left.subtract(shown)
    counted = [f"{left[s]:,} {word}" for s, word in words.STATUS.items() if left[s]]
    number = words.count(explanation.not_shown, "obligation")
    return f"{number} more not shown here ({', '.join(counted)}): name one with --subject"


def _shared(explanation: Explanation) -> Iterator[Node]:
    for each in explanation.unread_rows:
        where = (Node(f"{place}: {cells}") for place, cells in places(each.rows, each.column))
        yield Node(shared_words(each), tuple(where))


# One obligation ---------------------------------------------------------------------------------


def _obligation(
    explanation: Explanation, one: ObligationOutcome, unread: Mapping[str, str]
) -> Node:
    window = f", {one.window}" if one.window else ""
    title = f"{view.subject_words(one)}{window}: {view.obligation_words(one)}"
    return Node(title, tuple(_of_obligation(explanation, one, unread)))


def _of_obligation(
    explanation: Explanation, one: ObligationOutcome, unread: Mapping[str, str]
) -> Iterator[Node]:
    since = view.overdue_since(explanation.as_of, one.deadline, one.days)
    for name, text in (
        ("Why it is not met", view.unmet_words(one)),
        ("In time", words.window_days(one.opens, one.deadline)),
        ("Overdue since", words.day(since)),
        (TITLE, WHAT_TO_DO if one.too_late else ""),
        ("How the deadline came to be", one.derivation),
        ("Last done", words.day(one.last_done)),
        ("Listed in", _item(one.listed_at)),
    ):
        if text:
            yield Node(f"{name}: {text}")
    yield from _rows(one)
    if one.unreadable:
        yield Node(f"Cannot be read and might meet this: {rows_words(one.unreadable)}")
    yield from (Node(unread[each.id]) for each in one.unread_groups)
    if explanation.traced:
        yield Node(f"Decided by: {_trace(one.rule)}")
    yield Node(f"The second evaluator: {explanation.second}")
    yield from map(Node, one.remarks)
    yield from _fix(one)


def _trace(rule: RuleFired) -> str:
    """The engine's rule and the integers that it saw: ``staff-trained/met (in time 1, late 0)``."""
    seen = ", ".join(
        f"{name.replace('_', ' ')} {number}" for name, number in rule.situation.items()
    )
    return f"{view.rule_name(rule)} ({seen})" if seen else view.rule_name(rule)


def _item(item: ItemShown | None) -> str:
    if item is None:
        return ""
    cells = _cells(item)
    return f"{view.item_place(item)}: {cells}" if cells else view.item_place(item)


def _cells(item: ItemShown) -> str:
    """Its cells that decided: ``F14 completed on: 2 May 2026``."""
    said = (
        words.SENSITIVE if cell.value is None else cell.value or "(blank)" for cell in item.cells
    )
    return "; ".join(
        f"{cell.cell} {cell.column}: {text}" for cell, text in zip(item.cells, said, strict=True)
    )


# Rows -------------------------------------------------------------------------------------------


def _rows(one: ObligationOutcome) -> Iterator[Node]:
    """The rows that counted, those that came near, and how many others there are."""
    for item in one.evidence:
        yield Node(f"Counted: {_item(item)}")
    near = near_rows(one)
    if near:
        yield Node(NEAR, tuple(Node(row_words(row)) for row in near))
    yield from map(Node, others_words(one))


# The fix ----------------------------------------------------------------------------------------


def _fix(one: ObligationOutcome) -> Iterator[Node]:
    if one.to_tell:
        yield Node(view.TO_CORRECT, tuple(map(Node, one.to_tell)))
    if not one.would_be_met_by:
        return
    fix = fix_of(one)
    if not fix:
        yield Node("No fix", tuple(Node(each.words) for each in one.would_be_met_by))
        return
    yield Node(f"The smallest fix. {words.RECORD_ONLY}", tuple(map(_remedy, fix)))


def _remedy(remedy: Remedy) -> Node:
    cells = tuple(Node(view.to_write(cell)) for cell in remedy.cells)
    return Node(f"{remedy.words} {view.remedy_place(remedy)}:", cells)


# Drawing ----------------------------------------------------------------------------------------


def _drawn(node: Node, width: int, marks: Marks) -> Iterator[str]:
    yield from _wrapped(node.text, width, "", "")
    yield from _under(node, width, marks, "")


def _under(node: Node, width: int, marks: Marks, before: str) -> Iterator[str]:
    for number, child in enumerate(node.under, 1):
        last = number == len(node.under)
        mark, rest = (marks.last, marks.under) if last else (marks.branch, marks.through)
        inner = before + rest
        again = inner + (marks.through if child.under else marks.under)
        yield from _wrapped(child.text, width, before + mark, again)
        yield from _under(child, width, marks, inner)


def _wrapped(text: str, width: int, first: str, again: str) -> Iterator[str]:
    yield from textwrap.wrap(
        words.shown(text),
        max(width, len(again) + _NARROWEST // 2),
        initial_indent=first,
        subsequent_indent=again,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]
