"""Versions of the SOP: which one a document is, what it has to contain, and its pins."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.commands.rules.new_duty import STARTERS
from rules.model import Rulebook, SopDocument, SopVersion
from rules.sop.coverage import coverage
from rules.sop.document import Document, StatedVersion
from rules.sop.pins import all_pins, pin, pin_exemptions, pins_text, unpinned, verify
from rules.sop.problem import SopProblem, describe
from rules.sop.resolve import Cited, Quote, citations, quotes, section_in
from rules.sop.versions import find_version, stated_version
from rules.sop_files.read import read_sop
from tests.support.own_book import book_in, book_of
from tests.support.sop_builders import (
    hall,
    hall_21,
    hall_files,
    listed_files,
    versions_files,
)

BOOK = book_of(versions_files())
OLD, NEW = hall(rulebook=BOOK), hall_21(BOOK)
IN_2026, IN_2027 = datetime.date(2026, 11, 24), datetime.date(2027, 1, 2)
HASHES = {"1.0": "a" * 64, "1.1": "b" * 64}


def sop(*versions: str, hashes: bool = False) -> SopDocument:
    """The SOP in versions from 1 October 2024 and 1 January 2027."""
    days = (datetime.date(2024, 10, 1), datetime.date(2027, 1, 1))
    return SopDocument(
        title="Made up",
        versions=tuple(
            SopVersion(version=name, in_force=day, sha256=HASHES[name] if hashes else None)
            for name, day in zip(versions, days, strict=False)
        ),
    )


# Which version a document is ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front_page", "version", "in_force"),
    [
        (["Version number 1.1", "Policy Implementation Date 01 January 2027"], "1.1", "2027-01-01"),
        (["Version: v2"], "2", ""),
        (["version no. 1.0", "In force from: 1/10/2024"], "1.0", "2024-10-01"),
        (["Version number 2.1. In force from 1 January 2027."], "2.1", "2027-01-01"),
        (["Version 2.1, in force from Friday 1 January 2027"], "2.1", "2027-01-01"),
        (["Effective from 1.1.2027. Version: 2.1."], "2.1", "2027-01-01"),
        (["Version 2.1 Effective date 1 January 2027"], "2.1", "2027-01-01"),  # a row of a table
        (["Handbook (version 2.1 – in force from 01/01/2027)"], "2.1", "2027-01-01"),
        (["This is version 2.1, and is in force from 1 January 2027."], "2.1", "2027-01-01"),
        (["This is version 2.1. It replaces version 2.0."], "2.1", ""),
        (["Version 1.0 of the model", "Versions 1.0", "Next review date 1 May 2025"], "1.0", ""),
        (["Version 1 January 2027", "Version 1.0 draft", "Version 1 of 3"], "", ""),
        (["In force from January 2027", "It replaces version 1.0."], "", ""),
        (["In force from the day it is agreed", "Version final", "Version", ""], "", ""),
    ],
)
def test_the_version_and_day_on_a_front_page(
    front_page: list[str], version: str, in_force: str
) -> None:
    day = datetime.date.fromisoformat(in_force) if in_force else None
    assert stated_version(front_page) == StatedVersion(version, day)


@pytest.mark.parametrize(
    ("front_page", "stated"),
    [
        (["Version 1.0", "Version 1.1"], StatedVersion(differing=("1.0", "1.1"))),
        (
            ["Version 1.0", "Effective date 1/10/2024", "Implementation date 1 January 2027"],
            StatedVersion("1.0", None, ("1 October 2024", "1 January 2027")),
        ),
    ],
)
def test_a_front_page_that_states_two_is_not_guessed(
    front_page: list[str], stated: StatedVersion
) -> None:
    assert stated_version(front_page) == stated


def test_the_version_is_stated_below_the_title_of_the_village_hall() -> None:
    book = book_in(STARTERS / "village-hall")
    document = read_sop(STARTERS / "village-hall" / "safety-procedure.md", book.book)
    assert isinstance(document, Document)
    assert document.states == StatedVersion("1.0", datetime.date(2026, 1, 1))


FIRST, SECOND = datetime.date(2024, 10, 1), datetime.date(2027, 1, 1)


@pytest.mark.parametrize(
    ("listed", "sha256", "states", "version"),
    [
        (sop("1.0"), "c" * 64, StatedVersion(), "1.0"),
        (sop("1.0", "1.1"), "c" * 64, StatedVersion("1.1"), "1.1"),
        (sop("1.0", "1.1"), "c" * 64, StatedVersion("1.1", SECOND), "1.1"),
        (sop("1.0", "1.1"), "c" * 64, StatedVersion("", SECOND), "1.1"),
        (sop("1.0", "1.1", hashes=True), "b" * 64, StatedVersion(), "1.1"),
        (sop("1.0", "1.1", hashes=True), "a" * 64, StatedVersion("1.1"), "1.0"),
        (sop("1.0", "1.1", hashes=True), "c" * 64, StatedVersion("1.0"), "1.0"),
    ],
)
def test_a_document_is_known_by_its_hash_and_then_by_what_it_states(
    listed: SopDocument, sha256: str, states: StatedVersion, version: str
) -> None:
    found = find_version(listed, "sop.txt", sha256, states)
    assert isinstance(found, SopVersion)
    assert found.version == version


_C = "c" * 64
_BY_HASH = f'write its SHA-256 under its version in book.yaml: sha256: "{_C}".'


@pytest.mark.parametrize(
    ("listed", "states", "says"),
    [
        (
            sop("1.0"),
            StatedVersion("1.1"),
            "sop.txt: The document states that it is version 1.1, and book.yaml lists version 1.0."
            " Give the document of a version that is listed, or list this one under 'versions' in"
            " book.yaml, with the day from which it is in force.",
        ),
        (
            sop("1.0", "1.1"),
            StatedVersion("1.2"),
            "sop.txt: The document states that it is version 1.2, and book.yaml lists versions 1.0"
            " and 1.1. Give the document of a version that is listed, or list this one under"
            " 'versions' in book.yaml, with the day from which it is in force.",
        ),
        (
            sop("1.0"),
            StatedVersion("", SECOND),
            "sop.txt: The document states that it is in force from 1 January 2027, and book.yaml"
            f" has no version from that day. Give another document. If it is the right one,"
            f" {_BY_HASH}",
        ),
        (
            sop("1.0", "1.1"),
            StatedVersion(),
            "sop.txt: The document does not state its version, and book.yaml lists versions 1.0 and"
            f" 1.1. If it is one of them, {_BY_HASH}",
        ),
        (
            sop("1.0", "1.1"),
            StatedVersion("1.1", FIRST),
            "sop.txt: The document states that it is in force from 1 October 2024, and book.yaml"
            " has 1 January 2027 for version 1.1. Correct the day in book.yaml, or give another"
            f" document. If both are right, {_BY_HASH}",
        ),
        (
            sop("1.0", "1.1"),
            StatedVersion(differing=("1.0", "1.1")),
            "sop.txt: The document states 1.0 and 1.1 before its first section. Correct the"
            " document, so that it states one version and one day. If it is the right one,"
            f" {_BY_HASH}",
        ),
    ],
)
def test_a_document_that_does_not_fit_is_a_problem(
    listed: SopDocument, states: StatedVersion, says: str
) -> None:
    found = find_version(listed, "sop.txt", _C, states)
    assert isinstance(found, SopProblem)
    assert describe(found) == says


def test_a_document_that_is_not_listed_agrees_with_no_rule() -> None:
    """Finding 2: version 2.1 against a book.yaml that lists 2.0."""
    book = book_of(hall_files())
    (problem,) = verify(book, hall_21(book))
    assert problem.message.startswith("The document states that it is version 2.1, and book.yaml")


# What a version has to contain -------------------------------------------------------------------


def test_each_version_agrees_with_the_rules() -> None:
    for document in (OLD, NEW):
        for day in (None, IN_2026, IN_2027):
            assert verify(BOOK, document, day) == ()


def test_a_duty_that_ended_needs_no_sentence() -> None:
    """Finding 1: it ended with the old version, and its sentence is gone from the new one."""
    assert "book-signed" not in {duty for duty, _ in citations(BOOK, "2.1")}
    assert ("5", "sign the key book") in quotes(BOOK, OLD)
    assert ("5", "sign the key book") not in quotes(BOOK, NEW)


def test_a_duty_that_ends_within_a_version_may_be_gone_from_it() -> None:
    files = dict(versions_files())
    signed = files["4.2-lending/book-signed.yaml"]
    files["4.2-lending/book-signed.yaml"] = signed.replace(b"2026-12-31", b"2027-03-31")
    book = book_of(files)
    assert unpinned(book, hall_21(book)) == _gone_exemption(book)
    (problem,) = verify(book, hall_21(book), IN_2027)
    assert problem.message == "No paragraph of section '5' has the words 'sign the key book'."
    assert verify(book, hall_21(book), datetime.date(2027, 4, 1)) == ()


def _gone_exemption(book: Rulebook) -> tuple[SopProblem, ...]:
    problems = unpinned(BOOK, NEW)
    assert [problem.where for problem in problems] == ["exempt 4"]
    return problems


_MINUTED = b"phrase: This will be minuted"
_UNTIL = b'phrase: This will be minuted\n    last version: "2.0"'


def test_an_exemption_that_names_its_last_version_is_not_missed_later() -> None:
    """Its sentence is gone from version 2.1, and is still exempt under 2.0."""
    book = book_of(_exempt_files(b"exempt:", b"exempt:"))
    assert unpinned(book, hall_21(book)) == ()
    assert coverage(book, hall(rulebook=book)).problems == coverage(BOOK, OLD).problems


REWORDED = ("differ from one hall", "differ from one hall, and must,")
_DIFFER = (
    b'phrase: differ from one hall\n    fingerprint: "29cb2624a0346c8e"\n    reason: describes'
)


def test_a_reworded_exempt_sentence_has_an_exemption_for_each_text() -> None:
    """Without them, the text of the other version is reported with what to write."""
    newest = _DIFFER.replace(b'    fingerprint: "29cb2624a0346c8e"\n', b"")
    pinned = book_of(_exempt_files(_DIFFER, newest))
    prints = pin_exemptions(pinned, hall_21(pinned, REWORDED)).write
    newest = newest.replace(b"reason", f'fingerprint: "{prints[1]}"\n    reason'.encode())
    one = book_of(_exempt_files(_DIFFER, newest))
    (problem,) = coverage(one, hall(rulebook=one)).problems
    assert problem.message == (
        "The sentence with 'differ from one hall' has another text in version 2.0 of the SOP."
    )
    assert problem.instead == (
        "Give this exemption 'first version:'. If the text of version 2.0 is no duty either, list"
        " it with 'last version:'."
    )
    both = b'%s\n    first version: "2.1"\n  - section: "3"\n    %s\n    last version: "2.0"'
    two = book_of(_exempt_files(_DIFFER, both % (newest, _DIFFER)))
    assert coverage(two, hall(rulebook=two)).problems == ()
    assert unpinned(two, hall_21(two, REWORDED)) == ()
    exempt = [each.exempt for each in coverage(two, hall_21(two, REWORDED)).sentences]
    assert [each.first_version for each in exempt if each].count("2.1") == 1


def _exempt_files(old: bytes, new: bytes) -> dict[str, bytes]:
    """The rulebook of both versions with another exemption."""
    files = dict(versions_files())
    assert old in files["book.yaml"]
    files["book.yaml"] = files["book.yaml"].replace(old, new).replace(_MINUTED, _UNTIL)
    return files


@pytest.mark.parametrize("words", ["sign a key book", "The Warden will sign the key ring"])
def test_no_other_sentence_is_proposed_for_one_that_is_gone(words: str) -> None:
    """Finding 1: even where the new version was never pinned."""
    files = listed_files()
    book = book_of(files)
    document = hall_21(book, ("The procedure is kept in the porch.", f"{words} each year."))
    (problem,) = (each for each in unpinned(book, document) if "book-signed" in each.file)
    assert problem.instead == (
        "They were in the SOP from which the rule was written. See what became of them with "
        "'dueregard sop compare OLD NEW'."
    )


@given(st.dates(datetime.date(2024, 10, 1), datetime.date(2030, 1, 1)))
def test_a_day_needs_the_words_of_its_own_version_alone(day: datetime.date) -> None:
    """The document of every other version may lack them."""
    own = BOOK.book.sop.version_on(day).version
    for version in ("2.0", "2.1"):
        needed = [pointer for _, pointer in citations(BOOK, version, day)]
        # an older version of a duty may judge something still, in the SOP of its last day
        assert bool(needed) == (version == own or day >= datetime.date(2027, 1, 1))
        phrases = {pointer.phrase for pointer in needed}
        assert ("every six months" in phrases) == (version == own == "2.1")


# Pins --------------------------------------------------------------------------------------------


def test_what_only_moved_is_carried_along() -> None:
    """A duty whose text did not change needs no edit: the pin says where the citation is now."""
    pinned = {(each.section, each.phrase): each.found_in for each in BOOK.pins["2.1"]}
    assert pinned == {
        ("3 Trust", "whoever borrows a key"): None,
        ("1", "read again every spring"): None,
        ("4.1", "told of to the Warden"): "4.2",
        ("4.1", "try each door at dusk"): "4.2",
        ("4.1", "every six months"): "4.2",
        ("4.2", "loans will be read out"): "4.3",
        ("4.2", "write down each loan"): "4.3",
        ("4.2", "the Warden's leave"): "4.3",
        ("4.2 Lost keys", "have the lock changed"): "4.3 Lost keys",
    }
    assert BOOK.pins["2.0"] == book_of(hall_files()).pins["2.0"]
    (citation,) = BOOK.duties["doors-tried"].citations
    assert section_in(BOOK, "2.0", citation) == "4.1"
    assert section_in(BOOK, "2.1", citation) == "4.2"


def test_a_paragraph_in_another_section_is_carried_along() -> None:
    """Under another heading too, which book.yaml does not name."""
    book = book_of(listed_files())
    moved = hall_21(
        book,
        ("Lost keys\n", "Missing keys\n"),
        ("The keeper has a responsibility to have the lock changed;", "The keeper will look;"),
        ("1. Lamps\n", "1. Lamps\n\nThe keeper has a responsibility to have the lock changed;"
         " details are at <https://example.org/locks>.\n"),
    )  # fmt: skip
    pinning = pin(book, moved)
    (carried,) = (each for each in pinning.carried if each.section == "4.2 Lost keys")
    assert carried.found_in == "1 Lamps"


def test_a_reworded_paragraph_is_accepted_or_has_a_version_of_its_duty() -> None:
    files = listed_files()
    book = book_of(files)
    pinning = pin(book, hall_21(book))
    assert [new.phrase for _, new in pinning.changed] == ["loans will be read out"]
    assert "loans will be read out" not in {each.phrase for each in pinning.pins}
    assert len(pin(book, hall_21(book), accept=True).pins) == len(pinning.pins) + 1
    loans = files["4.2-lending/loans-read-out.yaml"].decode()
    again = loans[loans.index("  - from:") :].replace("2024-10-01", "2027-01-01")
    files["4.2-lending/loans-read-out.yaml"] = (loans + again).encode()
    renewed = book_of(files)
    assert pin(renewed, hall_21(renewed)).changed == ()


def test_the_pins_of_both_versions_are_read_again() -> None:
    pinning = pin(BOOK, NEW)
    assert (pinning.made, pinning.carried, pinning.changed, pinning.dropped) == ((), (), (), ())
    assert pins_text(all_pins(BOOK, pinning)).encode() == versions_files()["pins.yaml"]


def test_a_version_without_pins_is_one_problem() -> None:
    files = dict(versions_files())
    files["pins.yaml"] = hall_files()["pins.yaml"]
    book = book_of(files)
    document = hall_21(book)
    assert [describe(problem) for problem in verify(book, document, IN_2027)] == [
        "pins.yaml: Nothing is pinned to version 2.1 of the SOP. Run 'dueregard sop pin' with"
        " hall-2.1.txt."
    ]
    assert verify(book, document, IN_2026) == ()


def test_each_version_quotes_its_own_words() -> None:
    def quoted(document: Document, cited: Cited) -> str:
        quote: Quote = quotes(BOOK, document)[cited]
        return quote.text

    assert "at least yearly" in quoted(OLD, ("4.1", "at least yearly"))
    assert "every six months" in quoted(NEW, ("4.1", "every six months"))
    assert quoted(OLD, ("4.2", "the Warden's leave")) == quoted(NEW, ("4.2", "the Warden's leave"))
