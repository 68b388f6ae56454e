"""Texts that differ only in how they were typed are one, and a phrase is found as whole words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sop.normal import find_all, fingerprint, normal, plain
from rules.sop_files.pieces import unmarked

# Letters, marks that converters vary, spaces of every kind, and whatever else there is.
_MARKS = st.sampled_from(list("‘’“”'\"–—-\u2011… \u00a0\t\n\u00ad\u200b\ufeffÀéßİǅﬁ½¨\u017fK"))
_TEXTS = st.text(st.one_of(_MARKS, st.characters(codec="utf-8"), st.sampled_from(list("abc DEF."))))


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("The keeper’s ‘own’ key", "the keeper's 'own' key"),
        ("“Lock it”", '"lock it"'),
        ("well–kept — well\u2011kept", "well-kept - well-kept"),
        ("  two\u00a0 \t\nspaces ", "two spaces"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("one ﬁle…", "one file..."),
        ("STRASSE, straße", "strasse, strasse"),
        ("e\u0301tude", "étude"),
    ],
)
def test_what_typists_vary_is_one(typed: str, form: str) -> None:
    assert plain(typed) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [("the key.", "the key"), ("key, lamp", "key; lamp"), ("10 days", "12 days"), ("can", "can't")],
)
def test_what_changes_the_text_is_not_one(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@given(_TEXTS)
def test_a_normal_form_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert normal(plain(text)).text == plain(text)


@given(_TEXTS)
def test_each_mark_of_a_normal_form_stood_somewhere(text: str) -> None:
    """The places rise and lie in the text, and what stands between two of them is what is shown."""
    held = normal(text)
    assert len(held.at) == len(held.text)
    assert list(held.at) == sorted(held.at)
    assert all(0 <= at < len(text) for at in held.at)
    assert "  " not in held.text
    assert held.text == held.text.strip(" ")


@given(st.text("ab cd", min_size=1), st.text("ab cd", min_size=1))
def test_a_phrase_is_found_where_its_words_stand(text: str, phrase: str) -> None:
    """As often as its words follow one another; what is marked reads as the phrase."""
    words, wanted = text.split(), phrase.split()
    runs = [words[at : at + len(wanted)] for at in range(len(words) - len(wanted) + 1)]
    found = find_all(text, phrase)
    assert len(found) == (runs.count(wanted) if wanted else 0)
    assert all(plain(text[start:end]) == plain(phrase) for start, end in found)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_a_phrase_is_found_however_it_is_typed(before: str, phrase: str, after: str) -> None:
    phrase = unicodedata.normalize("NFC", f"key {phrase} lock")
    text = (
        unicodedata.normalize("NFC", f"{before} ")
        + phrase
        + unicodedata.normalize("NFC", f" {after}")
    )
    found = find_all(text, plain(phrase).upper())
    assert [each for each in found if plain(text[each[0] : each[1]]) == plain(phrase)] == list(
        found
    )
    if plain(plain(phrase).upper()) == plain(phrase):
        assert found


@pytest.mark.parametrize(
    ("phrase", "number"),
    [("key", 2), ("keys", 1), ("ke", 0), ("the key", 2), ("(the key)", 1), ("", 0), ("  ", 0)],
)
def test_only_whole_words_are_found(phrase: str, number: int) -> None:
    assert len(find_all("The key hangs by the keys (the key).", phrase)) == number


def test_a_fingerprint_is_of_the_words_alone() -> None:
    """It is 64 bits of SHA-256, and the same on every machine."""
    assert fingerprint("The  keeper’s KEY") == fingerprint("the keeper's key") == "d5349abf4355bd5c"


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("**bold** and *slanted* and ***both***", "bold and slanted and both"),
        ("_slanted_ but not snake_case_name", "slanted but not snake_case_name"),
        (r"[Rule 4 \(KO 1901\)](#) holds", "Rule 4 (KO 1901) holds"),
        ("[words][1] and ![picture](a.png)", "words and"),
        ("<https://example.org/a_b_c>", "https://example.org/a_b_c"),
        (r"a \* star and 1\. no list", "a * star and 1. no list"),
        ("left **open", "left open"),
        ("board* will and group* must", "board* will and group* must"),
        ("a<br>b <!-- unseen --> `c`", "a b c"),
        ("a < b and c > d", "a < b and c > d"),
        ("one\ttwo", "one\ttwo"),
    ],
)
def test_the_marks_of_a_converter_go_and_the_words_stay(marked: str, text: str) -> None:
    assert unmarked(marked) == text
