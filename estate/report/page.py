"""The report on an estate as one HTML file, in the style of the other reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from estate.report import say
from estate.report.content import BodyNaming, EstateContent
from reports import words
from reports.html.page import environment, labels, page_bytes, policy, style

#: How many duties, problems and bodies the page lists. The workbook has all of them.
_DUTIES, _PROBLEMS, _BODIES = 30, 20, 100

_STYLE = """
@media (min-width: 40rem) {
  .positions td { width: 11rem; }
  .changes td:nth-of-type(1), .failures td:nth-of-type(1) { width: 8rem; }
}
"""


def estate_html(content: EstateContent, marking: str) -> bytes:
    """The whole page as UTF-8: it opens by a double click, asks nothing of any network, runs no
    script, and prints on A4."""
    heads = _heads(content)
    foot = f"Estate report as of {words.day(content.as_of)}"
    css = style(marking, foot, "report.css", more=_STYLE + labels(heads))
    overdue = [duty for duty in content.duties if duty.overdue != 0]
    text = (
        environment(say=say, heads=heads)
        .get_template("estate.html.jinja")
        .render(
            c=content,
            marking=marking,
            headline=list(say.headline(content)),
            duties=overdue[:_DUTIES],
            duty_notes=list(_duty_notes(content, len(overdue))),
            problems=content.problems[:_PROBLEMS],
            bodies=content.bodies[:_BODIES],
            body_notes=list(_body_notes(content)),
            about=list(say.about(content)),
            css=css,
            policy=policy(css),
        )
    )
    return page_bytes(text)


def _heads(content: EstateContent) -> dict[str, Sequence[str]]:
    """The headings of each table's columns, by the class of the table."""
    now, since = words.day(content.as_of), words.day(content.since)
    compared = [since] if since else []
    return {
        "positions": ("Status", now, *compared),
        "changes": ("Bodies", "Number", "Meaning"),
        "moves": (f"At {since}", f"At {now}", "Bodies"),
        "duties": (
            "Section",
            "Duty",
            "Bodies where it is overdue",
            "Bodies where it applies",
            "Share",
            "Overdue checks",
        ),
        "problems": ("Problem", "Sheet", "Bodies"),
        "failures": ("Reason", "Bodies", "What to do"),
        "bodies": (
            "Body" if content.by_name else "Pseudonym",
            f"At {now}",
            *(f"At {day}" for day in compared),
            *("Change" for _ in compared if content.by_name),
        ),
    }


def _duty_notes(content: EstateContent, overdue: int) -> Iterator[str]:
    if overdue > _DUTIES:
        yield f"These are the first {_DUTIES}. The workbook has all {overdue} that are overdue."
    elsewhere = sum(duty.overdue == 0 for duty in content.duties)
    if elsewhere:
        verb = "is" if elsewhere == 1 else "are"
        yield f"{words.duties(elsewhere)} {verb} overdue nowhere."


def _body_notes(content: EstateContent) -> Iterator[str]:
    listed = len(content.bodies)
    if listed > _BODIES:
        yield f"These are the first {_BODIES}, the worst first. The workbook lists {listed:,}."
    if content.naming is BodyNaming.PSEUDONYMS:
        compared = ", at both times" if content.since else ""
        yield f"A body is listed only if at least five have the same status{compared}."
