"""The impact as one HTML file, in the style of the report."""

from __future__ import annotations

from engine.impact.impact import Impact
from reports import words
from reports.html.page import environment, labels, page_bytes, policy, style
from reports.impact import text as impact_text

#: The headings of each table's columns, by the class of the table.
_HEADS = {
    "phases": ("Days", "By the old rulebook", "By the new rulebook"),
    "days": (
        "Day",
        "Duties",
        "Obligations",
        "Overdue only by the new",
        "People",
        "Overdue only by the old",
    ),
}


def impact_html(impact: Impact) -> bytes:
    """The whole page as UTF-8: it opens by a double click, asks nothing of any network, runs no
    script, and prints on A4. What was read from a file is only ever text in it."""
    foot = f"Impact as of {words.day(impact.as_of)}"
    css = style(impact.new.marking, foot, "report.css", more=labels(_HEADS))
    made = environment(say=impact_text, heads=_HEADS)
    text = made.get_template("impact.html.jinja").render(
        impact=impact,
        headline=list(impact_text.headline(impact)),
        css=css,
        policy=policy(css),
    )
    return page_bytes(text)
