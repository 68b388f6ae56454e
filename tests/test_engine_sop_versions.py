"""A check quotes the version of the SOP that was in force: on its day, and for each version of a
duty that still judges something."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assessment import CitationShown, SopStamp
from engine.check import CheckRequest, assess
from engine.decision.rule import decide_plainly
from reports.explain.explanation import quoted
from reports.view import citations_words
from rules.patterns import Triggered
from tests.support import engine_builders as make
from tests.support.agreed_answers import ABOUT, GROUP, meeting
from tests.support.dated_sop import FIRST, SECOND, texts, with_two_versions
from tests.support.engine_builders import day, days, duty, table, version
from tests.support.small_check import BOTH

SHORTER = Triggered(kind="triggered", event=GROUP, within=days(7))
LONGER = Triggered(kind="triggered", event=GROUP, within=days(28))
MEETINGS = table(make.MEETINGS, meeting("m1", "2026-12-31"), meeting("m2", "2027-01-04"))
BOOK = with_two_versions(
    make.rulebook(
        make.REGISTERS,
        duty(
            version(LONGER, evidence=ABOUT),
            version(SHORTER, evidence=ABOUT, begins=day("2027-01-01")),
        ),
    ),
    day("2027-01-01"),
)
REQUEST = CheckRequest(
    BOOK,
    make.shown(*(make.table(spec) for spec in make.REGISTERS if spec != make.MEETINGS), MEETINGS),
    day("2027-01-10"),
    BOTH,
    decide_plainly,
    sop=texts(BOOK),
    ahead=False,
)
OWN = CitationShown("1", "version 2", "In 2.", 0, 2)
EARLIER = CitationShown("1", "made up", "In 1.", 0, 2, sop_version="1")


def test_a_window_judged_by_an_older_version_quotes_the_sop_of_that_time() -> None:
    """The meeting of December is judged by the version of its day."""
    assessment = assess(REQUEST)
    assert [obligation.version_from.year for obligation in assessment.duties[0].obligations] == [
        2024,
        2027,
    ]
    assert assessment.duties[0].citations == (OWN, EARLIER)
    assert assessment.sop == SopStamp("2.txt", "2" * 64, SECOND)
    assert assessment.earlier_sop == (SopStamp("1.txt", "1" * 64, FIRST),)
    assert assessment.rulebook.sop == "Made up, version 2"
    assert [citation.section for citation in quoted(assessment.duties[0])] == ["1", "1 (version 1)"]
    assert citations_words(assessment.duties[0]) == "1, 'version 2'; 1, 'made up' (version 1)"


def test_an_earlier_version_that_was_not_given_is_named() -> None:
    assessment = assess(replace(REQUEST, sop={SECOND: REQUEST.sop[SECOND]}))
    assert assessment.duties[0].citations == (OWN, replace(EARLIER, quote="", end=0))
    assert assessment.earlier_sop == (SopStamp("", "", FIRST),)
    assert (
        "What version 1 of the SOP says, because that document was not given."
        in assessment.not_checked
    )
    nothing = assess(replace(REQUEST, sop={}))
    assert nothing.sop is None
    assert not [sentence for sentence in nothing.not_checked if "SOP" in sentence]


def test_a_version_that_has_not_begun_is_not_quoted() -> None:
    """Before the new version begins, there is only one."""
    early = assess(replace(REQUEST, as_of=day("2026-12-31")))
    assert early.duties[0].citations == (replace(EARLIER, sop_version=""),)
    assert early.earlier_sop == ()


@settings(max_examples=min(25, settings().max_examples))
@given(st.dates(datetime.date(2024, 10, 1), datetime.date(2030, 1, 1)))
def test_the_document_of_the_day_is_quoted(as_of: datetime.date) -> None:
    assessment = assess(replace(REQUEST, as_of=as_of))
    first, *earlier = assessment.duties[0].citations
    number = SECOND if as_of >= day("2027-01-01") else FIRST
    assert (first.quote, first.sop_version) == (f"In {number}.", "")
    assert assessment.sop == SopStamp(f"{number}.txt", number * 64, number)
    assert all((citation.quote, citation.sop_version) == ("In 1.", FIRST) for citation in earlier)
    assert number == SECOND or not earlier
