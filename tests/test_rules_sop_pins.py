"""Pins are made once, never changed without being told to, and hold no word of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from rules.model import Pin, Rulebook
from rules.sop.document import Document
from rules.sop.pins import pin, pin_exemptions, pins_text, unpinned, verify, with_fingerprints
from tests.support.own_book import book_of
from tests.support.sop_builders import hall, hall_book, hall_files

BOOK = hall_book()
CHANGED = ("burning until", "alight until")


def _with(text: str) -> Rulebook:
    return book_of({**hall_files(), "pins.yaml": text.encode()})


PINS = BOOK.pins["2.0"]


def _text(pins: Iterable[Pin]) -> str:
    """pins.yaml with those of the one version."""
    return pins_text({"2.0": pins})


def _without_pins() -> Rulebook:
    files = hall_files()
    del files["pins.yaml"]
    return book_of(files)


def test_pins_are_made_from_nothing() -> None:
    made = pin(_without_pins(), hall())
    assert made.pins == made.made == PINS
    assert (made.changed, made.dropped) == ((), ())
    assert _text(made.pins).encode() == hall_files()["pins.yaml"]


def test_what_is_written_is_read_again() -> None:
    """Quotes, marks and letters of every kind in a phrase too."""
    odd = PINS[0].model_copy(update={"section": "5", "phrase": 'sagt: "é" # - [x] 0x1 \\'})
    assert _with(_text((*PINS, odd))).pins == {"2.0": (*PINS, odd)}


def test_pinning_again_changes_nothing() -> None:
    again = pin(BOOK, hall())
    assert again.pins == PINS
    assert (again.made, again.changed, again.dropped) == ((), (), ())


def test_a_pin_that_differs_is_named_and_left() -> None:
    left = pin(BOOK, hall(CHANGED))
    assert left.pins == PINS
    assert [old.phrase for old, _ in left.changed] == [
        "told of to the Warden",
        "try each door at dusk",
    ]


def test_a_pin_that_differs_is_made_anew_where_that_is_accepted() -> None:
    document = hall(CHANGED)
    made = pin(BOOK, document, accept=True)
    assert len(made.changed) == 2
    assert verify(_with(_text(made.pins)), document) == ()
    assert len(verify(_with(_text(made.pins)), hall())) == 2


def test_a_citation_that_stands_nowhere_keeps_its_pin() -> None:
    made = pin(BOOK, hall(("at least yearly", "every year")), accept=True)
    assert made.pins == PINS


def test_a_pin_that_nothing_cites_is_dropped_and_named() -> None:
    book = hall_book(("4.1-locking/doors-tried.yaml", "try each door at dusk", "each door at dusk"))
    made = pin(book, hall())
    assert [each.phrase for each in made.dropped] == ["try each door at dusk"]
    assert [each.phrase for each in made.made] == ["each door at dusk"]
    assert len(made.pins) == 10


def test_one_phrase_of_two_duties_has_one_pin() -> None:
    """However each of them types it."""
    book = hall_book(
        ("4.1-locking/doors-tried.yaml", "try each door at dusk", "TOLD of to the  Warden")
    )
    assert len(pin(book, hall()).pins) == 9


def _stripped() -> tuple[bytes, Rulebook]:
    """book.yaml without fingerprints, and its rulebook."""
    files = hall_files()
    files["book.yaml"] = re.sub(rb" +fingerprint: .*\n", b"", files["book.yaml"])
    return files["book.yaml"], book_of(files)


def test_fingerprints_of_exempt_sentences_are_written_in() -> None:
    """On a line of their own below the phrase; everything else stays to the byte."""
    data, book = _stripped()
    found = pin_exemptions(book, hall())
    assert [each.section for each in found.made] == ["1", "3", "4", "5"]
    assert with_fingerprints(data, found.write) == hall_files()["book.yaml"]


def test_a_fingerprint_that_differs_is_left_unless_accepted() -> None:
    document = hall(("lines below set", "words below set"))
    left = pin_exemptions(BOOK, document)
    assert [each.phrase for each in left.changed] == ["set out what the keeper"]
    assert left.write == {}
    taken = pin_exemptions(BOOK, document, accept=True)
    made = with_fingerprints(hall_files()["book.yaml"], taken.write)
    book = book_of({**hall_files(), "book.yaml": made})
    assert pin_exemptions(book, document).changed == ()
    assert len(made.split(b"\n")) == len(hall_files()["book.yaml"].split(b"\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    phrase: set out what the keeper\n", "    phrase:\n      set out what the keeper\n"),
        (
            '  - section: "4"\n    phrase: set out what the keeper\n    reason: umbrella\n',
            '  - {section: "4", phrase: set out what the keeper, reason: umbrella}\n',
        ),
    ],
)
def test_an_exemption_that_no_line_can_be_put_into_is_refused(old: str, new: str) -> None:
    data, _ = _stripped()
    edited = data.decode().replace(old, new)
    assert edited != data.decode()
    book = book_of({**hall_files(), "book.yaml": edited.encode()})
    with pytest.raises(ValueError, match=r"book\.yaml"):
        with_fingerprints(edited.encode(), pin_exemptions(book, hall()).write)


def test_a_phrase_may_stand_first_in_its_exemption() -> None:
    data, _ = _stripped()
    edited = data.decode().replace(
        '  - section: "4"\n    phrase: set out what the keeper\n',
        '  - phrase: set out what the keeper\n    section: "4"\n',
    )
    book = book_of({**hall_files(), "book.yaml": edited.encode()})
    made = with_fingerprints(edited.encode(), pin_exemptions(book, hall()).write)
    again = book_of({**hall_files(), "book.yaml": made})
    assert [each.fingerprint for each in again.book.exempt] == [
        each.fingerprint for each in BOOK.book.exempt
    ]


def _unpinned(document: Document) -> list[tuple[str, str]]:
    return [(each.kind, each.section) for each in unpinned(BOOK, document)]


def test_what_cannot_be_pinned_is_told_of() -> None:
    assert _unpinned(hall()) == []
    assert _unpinned(hall(("at least yearly", "yearly"), ("below set out", "below say"))) == [
        ("citation", "4.1"),
        ("exemption", "4"),
    ]


def test_the_rulebook_holds_fingerprints_and_no_text() -> None:
    """Of the hall's text, pins.yaml repeats the phrases of citations, and nothing else."""
    kept = hall_files()["pins.yaml"].decode()
    for paragraph in hall().paragraphs:
        words = paragraph.text.split()
        runs = {" ".join(words[at : at + 6]) for at in range(len(words) - 5)}
        assert not [run for run in runs if run in kept]
