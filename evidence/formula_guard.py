"""Texts in CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

#: A spreadsheet may take a text that begins so for a formula. The apostrophe is the guard itself,
#: so that no text is ambiguous.
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(text: str) -> str:
    """The text, after an apostrophe if a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_GUARDED) else text
