"""The nearest known name to one that is not known, for hints."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_MOST_LISTED = 12


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name`` (capitals, spaces and marks left aside), if any is."""
    by_shape = {shape(each): each for each in sorted(known, reverse=True)}
    close = difflib.get_close_matches(shape(name), sorted(by_shape), n=1, cutoff=0.6)
    return by_shape[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that says what to write instead of ``name``: the nearest, or what there is."""
    names = sorted(set(known))
    close = nearest(name, names)
    if close is not None:
        return f"Write '{close}' if that is what you mean."
    if not names:
        return "There is nothing that can be written here."
    if len(names) == 1:
        return f"Write '{names[0]}'."
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return f"Write one of: {', '.join(names[:_MOST_LISTED])}{more}."


def shape(text: str) -> str:
    """A name without what people vary: capitals, spaces, hyphens and other marks."""
    return "".join(filter(str.isalnum, text.casefold()))
