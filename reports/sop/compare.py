"""The comparison of two versions of the SOP as one HTML file, in the style of the report."""

from __future__ import annotations

from reports.html.page import environment, page_bytes, policy, style
from reports.sop import text as sop_text
from reports.sop import to_do as to_do_words
from rules.model import Rulebook
from rules.sop.compare import SopComparison
from rules.sop.problem import describe
from rules.sop.to_do import ToDo


def compare_html(rulebook: Rulebook, found: SopComparison, to_do: ToDo, folder: str = "") -> bytes:
    """The whole page as UTF-8: it opens by a double click, asks nothing of any network, runs no
    script, and prints on A4. What was read from a file is only ever text in it. Its commands name
    the ``folder`` of the rulebook, '' for the program's own."""
    foot = f"{found.old.file} and {found.new.file}"
    css = style(rulebook.book.marking, foot, "report.css", "sop_compare.css")
    made = environment(say=sop_text, to_do_words=to_do_words, describe=describe)
    text = made.get_template("sop_compare.html.jinja").render(
        book=rulebook.book,
        duties=rulebook.duties,
        sha256=rulebook.sha256,
        found=found,
        to_do=to_do,
        folder=folder,
        headline=sop_text.headline(rulebook, found),
        css=css,
        policy=policy(css),
    )
    return page_bytes(text)
