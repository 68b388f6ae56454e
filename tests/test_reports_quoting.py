"""The SOP's paragraphs beside a duty."""

from __future__ import annotations

from dataclasses import replace

from engine.assessment import CitationShown
from engine.outcome import Status
from reports.explain.explanation import Quoted, quoted
from reports.html.report import to_html
from tests.support.assessment_builders import assessment, duty, obligation

TEXT = "Alpha is done, and beta too, by <b>gamma</b>."


def cited(*phrases: str, text: str = TEXT) -> tuple[CitationShown, ...]:
    starts = [(phrase, text.index(phrase)) for phrase in phrases]
    return tuple(CitationShown("4.6", p, text, at, at + len(p)) for p, at in starts)


def test_one_paragraph_cited_twice_is_quoted_once_with_both_phrases_marked() -> None:
    made = duty("the-duty", "The duty", obligation(Status.MET, 3))
    made = replace(made, citations=cited("beta", "Alpha"))
    assert quoted(made) == [
        Quoted(
            "4.6",
            (
                ("Alpha", True),
                (" is done, and ", False),
                ("beta", True),
                (" too, by <b>gamma</b>.", False),
            ),
        )
    ]


def test_phrases_that_overlap_are_marked_together() -> None:
    made = replace(
        duty("the-duty", "The duty", obligation(Status.MET, 3)),
        citations=cited("Alpha is", "is done"),
    )
    marked = [text for text, is_marked in quoted(made)[0].pieces if is_marked]
    assert marked == ["Alpha is", " done"]


def test_without_the_sop_nothing_is_quoted() -> None:
    assert quoted(duty("the-duty", "The duty", obligation(Status.MET, 3))) == []


def test_the_page_escapes_what_it_quotes_and_marks_the_phrase() -> None:
    made = replace(duty("the-duty", "The duty", obligation(Status.MET, 3)), citations=cited("beta"))
    page = to_html(assessment((made,))).decode()
    assert "and <mark>beta</mark> too, by &lt;b&gt;gamma&lt;/b&gt;." in page
