"""An explanation as a tree for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.assessment import ItemShown, ObligationOutcome
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
    width, marking = max(width, _NARROWEST), explanation.assessment.rulebook.marking
    head = _head(explanation)
    lines = [marking, *words.wrapped(head.text, width), *_under(head, width, marks or Marks(), "")]
    lines += ["", *words.wrapped(words.MET_MEANS, width), *words.wrapped(marking, width)]
    return "\n".join(lines) + "\n"


def not_found_text(found: NotFound) -> str:
    """What to say where there is no such duty or subject."""
    near = ", ".join(found.nearest)
    hint = f" The nearest {'is' if len(found.nearest) == 1 else 'are'}: {near}." if near else ""
    where = "in this assessment" if found.kind == "duty" else "of this duty"
    return words.shown(f"There is no {found.kind} '{found.name}' {where}.{hint}")


# The duty ---------------------------------------------------------------------------------------


def _head(explanation: Explanation) -> Node:
    duty, day = explanation.duty, view.as_of_words(explanation.assessment)
    title = f"{duty.title} [{duty.id}]: {view.duty_words(duty)}, as of {day}"
    return Node(title, tuple(_of_duty(explanation)))


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
    yield _list(f"The SOP asks for it in {view.citations_words(duty)}", quotes)
    yield _list("The rule in words", duty.rule_words.splitlines())
    if duty.readings:
        read = (f"'{each.phrase}' is read as: {each.reading}" for each in duty.readings)
        yield _list("How vague phrases were read", read)
    unread = examined.pointer_words(duty)
    for one in explanation.obligations:
        window = f", {one.window}" if one.window else ""
        title = f"{view.subject_words(one)}{window}: {view.obligation_words(one)}"
        yield Node(title, tuple(_of_obligation(explanation, one, unread)))
    shared = (
        _list(examined.shared_words(rows), map(": ".join, examined.places(rows.rows, rows.column)))
        for rows in explanation.unread_rows
    )
    if explanation.unread_rows:
        yield Node(examined.UNREAD, tuple(shared))
    if explanation.silent_rows:
        yield _list(examined.SILENT, map(examined.silent_words, explanation.silent_rows))
    if explanation.findings:
        yield _list("Worth a look", map(view.finding_words, explanation.findings))
    if explanation.not_shown:
        yield Node(_not_shown(explanation))


def _list(title: str, lines: Iterable[str]) -> Node:
    return Node(title, tuple(map(Node, lines)))


def _marked(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(f"[{piece}]" if marked else piece for piece, marked in pieces)


def _not_shown(explanation: Explanation) -> str:
    left = Counter(one.status for one in explanation.duty.obligations)
    left.subtract(one.status for one in explanation.obligations)
    counted = ", ".join(f"{left[s]:,} {word}" for s, word in words.STATUS.items() if left[s])
    number = words.count(explanation.not_shown, "obligation")
    return f"{number} more not shown here ({counted}): name one with --subject"


# One obligation ---------------------------------------------------------------------------------


def _of_obligation(
    explanation: Explanation, one: ObligationOutcome, unread: Mapping[str, str]
) -> Iterator[Node]:
    since = view.overdue_since(explanation.assessment.as_of, one.deadline, one.days)
    for name, text in (
        ("Why it is not met", view.unmet_words(one)),
        ("In time", words.window_days(one.opens, one.deadline)),
        ("Overdue since", words.day(since)),
        (view.TOO_LATE, view.WHAT_TO_DO if one.too_late else ""),
        ("How the deadline came to be", one.derivation),
        ("Last done", words.day(one.last_done)),
        ("Listed in", _item(one.listed_at)),
    ):
        if text:
            yield Node(f"{name}: {text}")
    for item in one.evidence:
        yield Node(f"Counted: {_item(item)}")
    if near := examined.near_rows(one):
        yield _list(examined.NEAR, map(examined.row_words, near))
    yield from map(Node, examined.others_words(one))
    if one.unreadable:
        yield Node(f"Cannot be read and might meet this: {examined.rows_words(one.unreadable)}")
    yield from (Node(unread[each.id]) for each in one.unread_groups)
    if explanation.traced:
        seen = (f"{name.replace('_', ' ')} {n}" for name, n in one.rule.situation.items())
        numbers = f" ({', '.join(seen)})" if one.rule.situation else ""
        yield Node(f"Decided by: {view.rule_name(one.rule)}{numbers}")
    yield Node(f"The second evaluator: {explanation.second}")
    yield from map(Node, one.remarks)
    if one.to_tell:
        yield _list(view.TO_CORRECT, one.to_tell)
    yield from _fix(one)


def _item(item: ItemShown | None) -> str:
    """Where an item is, and its cells that decided."""
    if item is None:
        return ""
    return ": ".join(filter(None, (view.item_place(item), view.cell_words(item, "(blank)"))))


def _fix(one: ObligationOutcome) -> Iterator[Node]:
    if fix := fix_of(one):
        remedies = (
            _list(f"{each.words} {view.remedy_place(each)}:", map(view.to_write, each.cells))
            for each in fix
        )
        yield Node(f"The smallest fix. {words.RECORD_ONLY}", tuple(remedies))
    elif one.would_be_met_by:
        yield _list("No fix", (each.words for each in one.would_be_met_by))


def _under(node: Node, width: int, marks: Marks, before: str) -> Iterator[str]:
    """The lines of what stands under a node; ``before`` is what each begins with."""
    for number, child in enumerate(node.under, 1):
        last = number == len(node.under)
        mark, rest = (marks.last, marks.under) if last else (marks.branch, marks.through)
        inner = before + rest
        again = inner + (marks.through if child.under else marks.under)
        widest = max(width, len(again) + _NARROWEST // 2)
        yield from words.wrapped(child.text, widest, before + mark, again)
        yield from _under(child, width, marks, inner)
