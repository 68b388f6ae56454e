"""Letters that nobody sees are shown, and nothing else is changed."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest

from evidence.visible import first_hidden, visible, visible_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202edlog", r"\u202edlog"),
        ("a\x1b[2Jb\x9b\x7f", r"a\u001b[2Jb\u009b\u007f"),
        ("a\nb\tc\r", r"a\u000ab\u0009c\u000d"),
        ("\u200b\u200f\u2028\u2060\u2069\ufeff\u061c\u00ad", None),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\udb40\udc41"),
        ("É\u00a0’ 中 \U0001f600", "É\u00a0’ 中 \U0001f600"),
    ],
)
def test_hidden_letters_are_shown_by_their_numbers(text: str, shown: str | None) -> None:
    expected = shown or "".join(f"\\u{ord(letter):04x}" for letter in text)
    assert visible(text) == expected
    assert visible_lines(text) == expected.replace(r"\u000a", "\n")
    assert (first_hidden(text) is None) == (visible(text) == text)


def test_every_letter_of_control_or_form_that_this_python_knows_is_shown() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if unicodedata.category(letter) in hidden:
            assert visible(letter) != letter, hex(number)
        elif not (0x2060 <= number <= 0x206F or number >= 0x13430 or number in {0x890, 0x891}):
            assert visible(letter) == letter, hex(number)


def test_a_json_text_that_is_shown_says_the_same() -> None:
    texts = ["\u202e\U000e0041 a\\u202e", {"\x9b": "\u2028"}]
    text = json.dumps(texts, ensure_ascii=False, indent=1)
    assert visible_lines(text) != text
    assert json.loads(visible_lines(text)) == texts
