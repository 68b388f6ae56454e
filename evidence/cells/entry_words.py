"""What to enter in a cell of a column, in the words of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from evidence.cells.periods import period_words
from evidence.cells.text import listed
from evidence.register import BLANK_NOTHING, ColumnSpec

#: The number of options that a sentence lists. Where there are more, it says where to find them.
_MOST_LISTED = 12
_NOUN_PHRASE = re.compile(r"(?:The|An?|One|All)\b[^;.]*")


def entry_words(spec: ColumnSpec, sheets: Mapping[str, str] = MappingProxyType({})) -> str:
    """What to enter in a cell of the column, as the end of a sentence that begins with Enter.

    ``sheets`` gives the name of the office's sheet for each register.
    """
    named = listed([sheets.get(id_, id_.capitalize()) for id_ in spec.named], "or")
    expected = {
        "day": "the date, such as 25/04/2026",
        "period": period_words(spec.periods),
        "code": _option_words(tuple(spec.codes)),
        "codes": _options_words(tuple(spec.codes)),
        "yes/no": "yes or no",
        "number": "a whole number such as 12",
        "text": "text",
        "key": f"a ref{_from_sheet(named)}",
        "keys": f"refs{_from_sheet(named)}, separated by semicolons",
    }[spec.type]
    return f"{expected}, or leave the cell blank" if spec.blank == BLANK_NOTHING else expected


def _option_words(codes: Sequence[str]) -> str:
    if len(codes) > _MOST_LISTED:
        return f"an option {_from_template(codes)}"
    return f"one of these: {listed(codes, 'or')}"


def _options_words(codes: Sequence[str]) -> str:
    if len(codes) > _MOST_LISTED:
        return f"one or more options, separated by semicolons, {_from_template(codes)}"
    return f"one or more of these, separated by semicolons: {listed(codes, 'or')}"


def _from_template(codes: Sequence[str]) -> str:
    """Where to find the options of a column that has too many for a sentence."""
    return (
        "from the Options sheet of the blank template (to get one, type: dueregard template"
        f" new.xlsx), such as {listed(codes[:3], 'or')}"
    )


def _from_sheet(name: str) -> str:
    return f" from the {name} sheet" if name else ""


def note_of(spec: ColumnSpec) -> str:
    """What to enter in a column of texts, or of keys that name no other sheet's rows, from the
    register's note on it: 'the post that approved it'. '' if the note does not begin with a noun
    phrase."""
    match = _NOUN_PHRASE.match(spec.note) if spec.type in ("text", "key") else None
    return f"{match[0][0].lower()}{match[0][1:]}" if match and not spec.named else ""
