"""Rulebooks of two versions of the SOP, for the tests of what a check quotes."""

from __future__ import annotations

import datetime

from rules.model import Citation, Duty, Rulebook, SopDocument, SopVersion
from rules.sop.resolve import Quote, SopText

#: The first version of the SOP, and the one after it.
FIRST, SECOND = "1", "2"


def with_two_versions(rulebook: Rulebook, second: datetime.date | None = None) -> Rulebook:
    """The rulebook with a second version of the SOP, from a day or, without one, from the middle of
    the days on which versions of duties begin. Each later version of a duty has a citation of its
    own."""
    sop = rulebook.book.sop
    days = sorted({each.from_ for duty in rulebook.duties.values() for each in duty.versions})
    begins = second or max(days[len(days) // 2], sop.in_force + datetime.timedelta(days=1))
    versions = (
        SopVersion(version=FIRST, in_force=sop.in_force),
        SopVersion(version=SECOND, in_force=begins),
    )
    book = rulebook.book.model_copy(update={"sop": SopDocument(title=sop.title, versions=versions)})
    duties = {id_: _citing(duty) for id_, duty in rulebook.duties.items()}
    return rulebook.model_copy(update={"book": book, "duties": duties})


def _citing(duty: Duty) -> Duty:
    first, *later = duty.versions
    own = (
        version.model_copy(
            update={"citations": (Citation(section="1", phrase=f"version {number}"),)}
        )
        for number, version in enumerate(later, start=2)
    )
    return duty.model_copy(update={"versions": (first, *own)})


def texts(rulebook: Rulebook) -> dict[str, SopText]:
    """Both versions as documents, in which each citation's paragraph names its version."""
    cited = {
        (citation.section, citation.phrase)
        for duty in rulebook.duties.values()
        for each in (duty.citations, *(version.citations for version in duty.versions))
        for citation in each
    }
    return {
        name: SopText(
            f"{name}.txt", name * 64, {each: Quote(f"In {name}.", 0, 2) for each in cited}
        )
        for name in (FIRST, SECOND)
    }
