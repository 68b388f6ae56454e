"""What to enter in a cell of a column, in the words of a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from evidence.cells.periods import period_words
from evidence.cells.silence import says_nothing
from evidence.cells.text import listed
from evidence.register import BLANK_NOTHING, ColumnSpec

#: The number of options that a sentence lists. Where there are more, it says where to find them.
_MOST_LISTED = 12
_PATH = r"\\server\shared\plan.docx"
#: How a note begins that says what to enter: 'The job title of the person ...', 'Why nothing ...'.
_DESCRIPTION = re.compile(r"(?:The|An?|One|All|Either|What|Why)\b[^;.?]*(?![^;.]*\?)")


def entry_words(
    spec: ColumnSpec, sheets: Mapping[str, str] = MappingProxyType({}), instead_of: str = ""
) -> str:
    """What to enter in a cell of the column, as the end of a sentence that begins with Enter.

    ``sheets`` gives the name of the office's sheet for each register. ``instead_of`` is the text of
    the cell: where it says something, the words offer a blank cell only if it may mean that.
    """
    silent = not instead_of or says_nothing(instead_of)
    named = listed([sheets.get(id_, id_.capitalize()) for id_ in spec.named], "or")
    described = _description(spec).partition(",")[0]
    expected = {
        "day": "the date, such as 25/04/2026",
        "period": period_words(spec.periods),
        "code": _option_words(tuple(spec.codes), described, silent),
        "codes": _options_words(tuple(spec.codes)),
        "yes/no": "yes or no",
        "number": f"a whole number such as {spec.example or 12}",
        "text": "text",
        "link": f"an address that begins with https:// or file://, or a whole path such as {_PATH}",
        "key": f"{described}, as on the {named} sheet"
        if named and described
        else f"a reference{_from_sheet(named)}",
        "keys": f"references{_from_sheet(named)}, separated by semicolons",
    }[spec.type]
    if spec.blank != BLANK_NOTHING or not (silent or spec.type == "day" or spec.ends_or_undoes):
        return expected
    none_yet = "" if silent or spec.ends_or_undoes else " while there is none"
    return f"{expected}, or leave the cell blank{none_yet}"


def _option_words(codes: Sequence[str], described: str, silent: bool) -> str:
    """``silent``: nothing is in the cell to which an option could be near."""
    if len(codes) > _MOST_LISTED:
        option = "an option" if silent else "the nearest option"
        what = described if silent else f"{described}: {option}" if described else ""
        return f"{what or option}, {_some_of(codes)}"
    return f"one of these: {listed(codes, 'or')}"


def _options_words(codes: Sequence[str]) -> str:
    if len(codes) > _MOST_LISTED:
        return f"one or more options, separated by semicolons, {_some_of(codes)}"
    return f"one or more of these, separated by semicolons: {listed(codes, 'or')}"


def _some_of(codes: Sequence[str]) -> str:
    """Some options of a column that has too many for a sentence, and where to find the others."""
    every = "every option is on the Options sheet of the blank workbook"
    other = next((code for code in codes if code.split()[0] == "other"), "")
    none_fits = f", or {other} if none fits" if other else ""
    return f"such as {listed(codes[:3], 'or')}{none_fits} ({every})"


def _from_sheet(name: str) -> str:
    return f" from the {name} sheet" if name else ""


def note_of(spec: ColumnSpec) -> str:
    """What to enter in a column of texts, or of keys that name no other sheet's rows, from the
    register's note on it: 'the post that approved it'. '' if the note does not say what it is."""
    return _description(spec) if spec.type in ("text", "key") and not spec.named else ""


def _description(spec: ColumnSpec) -> str:
    """What the column's note says it contains, in the middle of a sentence; '' if it asks."""
    match = _DESCRIPTION.match(spec.note)
    return f"{match[0][0].lower()}{match[0][1:]}" if match else ""
