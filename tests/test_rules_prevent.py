"""What every rule and register of the rulebook that comes with the project promises.

What a rule asks is tested by the case file beside it; no number of a rule is repeated here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.register import RegisterSpec
from rules.model import Duty, Rulebook, Version
from rules.patterns import Content, Standing
from rules.resolve import resolve
from rules.subject import Population
from tests.support.needs import need
from tests.support.own_book import own_book


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return own_book()


def _versions(book: Rulebook) -> Iterator[tuple[str, Version]]:
    """Every version of every duty, with what a content duty takes from the one that it extends."""
    for duty in book.duties:
        for held in resolve(book, duty).versions:
            yield duty, held.rule


@pytest.mark.needs("shared")
def test_it_has_the_duties_of_the_catalogue(book: Rulebook) -> None:
    """Each under its heading, with its bearer and its strength. A later SOP may require more."""
    path: Path = need("shared") / "sop" / "duties.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {row["id"]: (row["section"], row["bearer"], row["strength"]) for row in rows}
    assert listed == {
        duty.id: (duty.citations[0].section, duty.bearer, duty.strength)
        for duty in book.duties.values()
        if duty.id in listed
    }


def test_every_section_has_duties_and_no_title_is_written_twice(book: Rulebook) -> None:
    """A title tells its duty from every other one."""
    assert set(book.sections.values()) == {section.number for section in book.book.sections}
    titles = [duty.title for duty in book.duties.values()]
    assert len(set(titles)) == len(titles)


def test_every_duty_says_in_brief_what_has_to_be_done(book: Rulebook) -> None:
    """One sentence in the imperative, and no two alike. It names whoever has to do it, if not the
    office or its Prevent Lead, before a colon."""
    briefs = [duty.in_brief for duty in book.duties.values()]
    assert len(set(briefs)) == len(briefs)
    for duty in book.duties.values():
        assert re.fullmatch(r"[A-Z][^.]+(GOV\.UK)?[^.]*\.", duty.in_brief), duty.id
        if duty.bearer not in {"OPCC", "Prevent Lead"}:
            assert duty.in_brief.startswith(f"{duty.bearer}: "), duty.id


def test_what_to_do_next_is_short_and_leaves_the_period_out(book: Rulebook) -> None:
    """Reports add the last day: 'Review the SOP by 28 July 2027'."""
    told = {id_: duty.to_do for id_, duty in book.duties.items() if duty.to_do}
    assert len(told) > 80
    for id_, to_do in told.items():
        bearer = book.duties[id_].bearer
        who, _, what = to_do.rpartition(": ")
        assert who == ("" if bearer in {"OPCC", "Prevent Lead"} else bearer), id_
        assert re.fullmatch(r"[A-Za-z].{3,90}\.", what), id_
        assert not re.search(r"\d|\b(within|at least|every|quarter|financial year)\b", what), id_


def test_readings_complete_a_sentence(book: Rulebook) -> None:
    """Each one ends 'We took ... to mean': no capital begins it and no full stop ends it."""
    for duty, version in _versions(book):
        for reading in version.readings:
            assert re.fullmatch(r"[a-z(].*[^.]", reading.reading), f"{duty}: {reading.reading}"
            assert not re.search(r"\b(twelve|six months|twenty)\b", reading.reading), duty


def test_every_version_says_how_the_sop_was_read(book: Rulebook) -> None:
    assert [duty for duty, version in _versions(book) if not version.readings] == []


def test_citations_are_short_and_of_known_headings(book: Rulebook) -> None:
    """A phrase locates, it does not quote: eight words at most, under a heading of the section."""
    for duty in book.duties.values():
        assert 1 <= len(duty.citations) <= 3
        own = next(s for s in book.book.sections if s.number == book.sections[duty.id])
        assert duty.citations[0].section in {heading.section for heading in own.headings}
        assert all(1 <= len(phrase.split()) <= 8 for phrase in _phrases(duty))


def _phrases(duty: Duty) -> list[str]:
    readings = (reading.phrase for version in duty.versions for reading in version.readings)
    return [*(citation.phrase for citation in duty.citations), *readings]


def test_a_minute_counts_only_where_the_meeting_did_something(book: Rulebook) -> None:
    """What was deferred or not reached meets no duty."""
    for duty, version in _versions(book):
        if version.evidence is not None and version.evidence.register == "minutes":
            (taken,) = (each.one_of for each in version.evidence.where if each.column == "outcome")
            assert taken, duty
            assert not {"deferred", "not reached"}.intersection(taken), duty


def test_a_draft_asks_nothing(book: Rulebook) -> None:
    """Documents are events by the day they were agreed, so one without that day is none yet."""
    for duty, version in _versions(book):
        events = version.events
        if events is not None and events.register == "documents":
            agreed = any(each.column == "agreed on" for each in events.where)
            assert agreed == (events.dated == "agreed on"), duty


def test_a_content_duty_asks_all_that_the_duty_it_extends_asks(book: Rulebook) -> None:
    for duty in book.duties.values():
        for version in duty.versions:
            if isinstance(version.pattern, Content):
                whole = resolve(book, duty.id).versions[0].rule.evidence
                other = resolve(book, version.pattern.of).versions[0].rule.evidence
                assert whole is not None
                assert other is not None
                assert set(other.where) < set(whole.where), duty.id


# Registers --------------------------------------------------------------------------------------


def test_a_standing_document_that_is_superseded_is_a_point_to_check(book: Rulebook) -> None:
    """It counts until its end, which people forget to fill in."""
    standing = [
        (duty, version)
        for duty, version in _versions(book)
        if isinstance(version.pattern, Standing) and version.evidence_register == "documents"
    ]
    assert standing
    for duty, version in standing:
        asked = [c for remark in version.remarks for c in remark.where]
        assert any(c.column == "superseded" and c.is_ is True for c in asked), duty


def test_a_row_that_names_the_meeting_that_minuted_it_says_which_date_comes_first(
    book: Rulebook,
) -> None:
    naming = [
        (sheet.id, column)
        for sheet in _sheets(book)
        for column in sheet.columns
        if column.name in ("minuted at", "recorded at")
    ]
    assert [(sheet, column.not_before) for sheet, column in naming] == [
        (sheet, (book.registers[sheet].dated_by,)) for sheet, _ in naming
    ]
    assert len(naming) == 3


def _sheets(book: Rulebook) -> list[RegisterSpec]:
    return [spec for spec in book.registers.values() if not spec.control]


def test_registers_have_keys_notes_and_a_clock(book: Rulebook) -> None:
    """Each sheet has a key, may say when each row was recorded, and says what to enter."""
    assert all(spec.key == "ref" for spec in _sheets(book))
    for spec in book.registers.values():
        assert spec.recorded_on == "recorded on"
        assert not spec.column("recorded on").required
        assert all(column.note and len(column.note) <= 100 for column in spec.columns)


def test_a_sheet_without_the_column_of_an_end_never_reads_as_not_ended(book: Rulebook) -> None:
    """A column that ends a row, or cancels it, is required: without it the sheet is told of."""
    ends = {
        (register, column)
        for _, version in _versions(book)
        for register, column in _ending_columns(version)
        if column is not None
    }
    ends |= {(spec.id, spec.cancelled) for spec in _sheets(book) if spec.cancelled is not None}
    assert {register for register, _ in ends} >= {"documents", "people", "roles", "meetings"}
    assert [each for each in ends if not book.registers[each[0]].column(each[1]).required] == []


def _ending_columns(version: Version) -> Iterator[tuple[str, str | None]]:
    pattern = version.pattern
    if isinstance(pattern, Standing) and version.evidence is not None:
        yield version.evidence.register, pattern.ends
        yield version.evidence.register, pattern.review_by
    if isinstance(version.subjects, Population):
        yield version.subjects.register, version.subjects.leaves
    if version.applies is not None:
        yield version.applies.register, version.applies.ends


def test_registers_name_posts_and_not_people(book: Rulebook) -> None:
    """Only people, and what is recorded by person or owner, holds data about a person."""
    personal = {
        spec.id
        for spec in book.registers.values()
        if any(column.personal for column in spec.columns)
    }
    assert personal == {"people", "training", "owners"}


def test_each_text_about_a_case_is_sensitive(book: Rulebook) -> None:
    """Referrals, requests and disclosures go by reference."""
    texts = [column for column in book.registers["cases"].columns if column.type == "text"]
    assert texts
    assert all(column.sensitive for column in texts)
