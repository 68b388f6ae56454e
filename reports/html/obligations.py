"""The obligations of a duty with their proof, in a page.
It holds some thousands of these lines; as templates they took half of its time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from engine.assessment import DutyOutcome, ObligationOutcome, Remedy, UnreadRows
from engine.outcome import Status
from reports import view, words
from reports.html.pieces import fact, items, safe, tag, value
from reports.rejected import (
    SILENT,
    near_rows,
    others_words,
    row_words,
    silent_groups,
    silent_words,
)
from reports.rejected import TITLE as NEAR
from reports.too_late import TITLE, WHAT_TO_DO
from reports.unread import TITLE as UNREAD
from reports.unread import places, pointer_words, shared_words


def obligations(duty: DutyOutcome, as_of: datetime.date, second: str) -> str:
    """All obligations of the duty that a page lists: the only one unfolded, several to unfold.
    ``second`` is what the second evaluator said of them."""
    listed = view.listed(duty)
    unread = pointer_words(duty)
    if duty.counts.total == 1:
        made = [
            f"<h4>{_named(one)}</h4>\n{_obligation(one, as_of, second, unread)}\n"
            for one in listed.obligations
        ]
        return "".join([*made, _silent(listed.obligations)])
    if not (listed.obligations or listed.left_out):
        return ""
    made = ["<h4>Its obligations, the worst first</h4>\n"]
    made += (_folded(one, _obligation(one, as_of, second, unread)) for one in listed.obligations)
    made += (
        f"<p>{words.count(number, 'obligation')} {words.STATUS[status]} not listed here: "
        "assessment.json and assessment.xlsx list all.</p>\n"
        for status, number in listed.left_out
    )
    made += (_unread_rows(duty.unread_rows), _silent(listed.obligations))
    return "".join(made)


def _unread_rows(groups: tuple[UnreadRows, ...]) -> str:
    """The rows that several obligations point to, each sheet's by their cells."""
    if not groups:
        return ""
    listed = "".join(
        f'<li id="{safe(each.id)}">{value(shared_words(each))}: '
        + "; ".join(
            f"{value(place)}: {value(where)}" for place, where in places(each.rows, each.column)
        )
        + "</li>\n"
        for each in groups
    )
    return f"<h4>{safe(UNREAD)}</h4>\n<ul>\n{listed}</ul>\n"


def _named(one: ObligationOutcome) -> str:
    window = f", {safe(one.window)}" if one.window else ""
    return f"{value(view.subject_words(one))}{window}"


def _folded(one: ObligationOutcome, inside: str) -> str:
    day = words.day(one.deadline)
    deadline = f' <span class="quiet">deadline {day}</span>' if day else ""
    head = f"{tag(one.status, view.obligation_words(one))} {_named(one)}{deadline}"
    return (
        f'<details class="obligation">\n<summary>{head}</summary>\n'
        f'<div class="obligation-body">{inside}</div>\n</details>\n'
    )


def _obligation(
    one: ObligationOutcome, as_of: datetime.date, second: str, unread: Mapping[str, str]
) -> str:
    """Its facts, what is remarked on it, what would meet it, and its evidence; ``unread`` is said
    of the unread rows that it points to."""
    overdue = one.status is Status.OVERDUE
    since = view.overdue_since(as_of, one.deadline, one.days) if overdue else None
    made = [
        '<dl class="facts">\n',
        fact("Why it is not met", view.unmet_words(one)),
        fact("In time", words.window_days(one.opens, one.deadline)),
        fact("Overdue since", words.day(since)),
        fact(TITLE, WHAT_TO_DO if one.too_late else ""),
        fact("How the deadline came to be", one.derivation),
        fact("Last done", words.day(one.last_done)),
        fact("The second evaluator", second),
        "</dl>\n",
    ]
    if one.remarks:
        made.append(f"<ul>{''.join(f'<li>{value(each)}</li>' for each in one.remarks)}</ul>")
    if one.would_be_met_by:
        made.append(_remedies(one.would_be_met_by))
    if one.evidence:
        made.append(items("Evidence that met it", one.evidence))
    made.append(_rejected(one))
    if one.unreadable:
        made.append(items("Rows that cannot be read and might have met it", one.unreadable))
    made += (
        f'<p><a href="#{safe(each.id)}">{safe(words.shown(unread[each.id]))}</a></p>\n'
        for each in one.unread_groups
    )
    if one.listed_at:
        made.append(items("The row that lists it", (one.listed_at,)))
    return "".join(made)


def _remedies(remedies: tuple[Remedy, ...]) -> str:
    warned = any(remedy.possible for remedy in remedies)
    warning = f"<p><strong>{safe(words.RECORD_ONLY)}</strong></p>" if warned else ""
    return (
        f'<div class="remedies">\n<h5>What would meet it</h5>\n{warning}'
        f"<ul>\n{''.join(map(_remedy, remedies))}</ul>\n</div>"
    )


def _remedy(remedy: Remedy) -> str:
    if not remedy.cells:
        return f"<li>{value(remedy.words)}</li>\n"
    place = safe(words.shown(view.remedy_place(remedy)))
    cells = "".join(f"<li>{safe(cell.column)}: {value(cell.value)}</li>" for cell in remedy.cells)
    return f'<li>{value(remedy.words)} {place}:\n<ul class="cells">{cells}</ul></li>\n'


# Rows -------------------------------------------------------------------------------------------


def _rejected(one: ObligationOutcome) -> str:
    """The rows that came near, and how many others there are."""
    near, others = near_rows(one), others_words(one)
    if not near and not others:
        return ""
    listed = "".join(f"<li>{value(row_words(row))}</li>\n" for row in near)
    listed += "".join(f'<li class="quiet">{value(each)}</li>\n' for each in others)
    title = NEAR if near else "Rows that did not count"
    return f'<div class="near"><h5>{safe(title)}</h5>\n<ul>\n{listed}</ul></div>\n'


def _silent(shown: Iterable[ObligationOutcome]) -> str:
    """The rows that do not say what they are about, once for all the obligations."""
    groups = silent_groups(shown)
    listed = "".join(f"<li>{value(silent_words(group))}</li>\n" for group in groups)
    return f"<h4>{safe(SILENT)}</h4>\n<ul>\n{listed}</ul>\n" if groups else ""
