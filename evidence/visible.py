r"""Letters that nobody sees, shown: U+202E as ``\u202e``.

A terminal obeys control letters, and direction letters turn the text around them, so a cell or a
file's name could show a person something that the file does not say. Whatever shows a text that
the program did not write itself shows it through :func:`visible`.
"""

from __future__ import annotations

import re

#: Control letters, letters of direction and of no width, tags, halves of a letter, and the two
#: separators that a screen takes for line breaks. Written out, since each Python has its own list.
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_ANY = re.compile(f"[{_HIDDEN}]")
_ANY_BUT_LINES = re.compile(f"(?!\n)[{_HIDDEN}]")


def visible(text: str) -> str:
    r"""The text with each hidden letter as ``\u202e``, line breaks and tabs too. Letters above
    U+FFFF become the two halves that JSON writes, so a JSON text still says the same."""
    # nearly every text is printable, and the test for that is ten times as fast
    return text if text.isprintable() else _ANY.sub(_escape, text)


def visible_lines(text: str) -> str:
    """The text with each hidden letter shown, but with its line breaks, for a text of several
    lines."""
    if text.replace("\n", "").isprintable():
        return text
    return _ANY_BUT_LINES.sub(_escape, text)


def first_hidden(text: str) -> str | None:
    """The first hidden letter, as it is shown; None where there is none."""
    match = None if text.isprintable() else _ANY.search(text)
    return None if match is None else visible(match[0])


def without_hidden(text: str) -> str:
    """The text without its hidden letters, line breaks and tabs included."""
    return _ANY.sub("", text)


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    pairs = (units[start : start + 2] for start in range(0, len(units), 2))
    return "".join(f"\\u{int.from_bytes(pair):04x}" for pair in pairs)
