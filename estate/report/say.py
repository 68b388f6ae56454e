"""The sentences that the page and the workbook share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from estate.report.content import CHANGES, NOT_SHOWN, BodyNaming, EstateContent
from estate.report.position import BodyPosition
from reports import words

#: What 'not judged' means.
JUDGED = (
    "Only the duties that a body answers for are counted. 'Not judged' means that a cell could not "
    "be read, or that a sheet was not provided."
)

#: What a report without names leaves out of the changes.
NOT_ALL_CHANGES = (
    "A change is not shown if fewer than five bodies made it, or if it would give away how many "
    "made another one. New bodies, and those that are no longer in the estate, are not shown."
)

#: Where the number of bodies that were not checked is withheld.
NO_REASONS = "The reasons are not shown."

_NOT_COUNTED = "No duty of such a body is counted."

CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            CHANGES,
            (
                "fewer duties are overdue",
                "more duties are overdue",
                "as many duties are overdue",
                "not in the run before",
                "only in the run before",
                "checked in the run before",
                "not checked in the run before either",
                "not checked in the run before",
            ),
            strict=True,
        )
    )
)

_CHECK_ALONE = "Run 'dueregard check' in the folder of the body. It says what is wrong."

_WHAT_TO_DO = {
    "office.yaml": "Correct office.yaml in the folder of the body, or write it anew with "
    "'dueregard start'.",
    "rulebook": "Correct the rulebook that office.yaml names: 'dueregard rules check' lists what "
    "is wrong.",
    "SOP": "Correct the path of the SOP in office.yaml, or take it out.",
    "path outside the folder": "Move the file into the folder of the body. A path that leads out "
    "of it is not followed.",
    "evidence missing": "Ask the body for its spreadsheets, or correct their names in office.yaml.",
    "evidence unreadable": "Ask the body to save the spreadsheet again in Excel and send it.",
    "evidence has a password": "Ask the body for the spreadsheet without a password.",
    "evidence too large": "Ask the body to remove rows that are no longer needed, or to split the "
    "spreadsheet.",
    "evidence changed": "Run the estate again when nobody is saving the spreadsheets.",
    "time limit": "Check the body alone, or give more time with --limit.",
    "crash": "Run the estate again. If the body fails again, check it alone.",
    "fault of the program": f"{_CHECK_ALONE} Send its log to whoever maintains the program.",
    "assessment unreadable": "Run the estate again: the body is then checked anew.",
}


def reason(kind: str) -> str:
    """A kind of failure as the first words of a cell. The name of a file stays as it is."""
    return kind if "." in kind else words.upper_first(kind)


def what_to_do(kind: str) -> str:
    """What to do about bodies that were not checked, by the kind of failure."""
    return _WHAT_TO_DO.get(kind, _CHECK_ALONE)


def may_have_failed(content: EstateContent) -> bool:
    """Whether the report leaves open how many bodies were not checked."""
    return content.positions[BodyPosition.NOT_CHECKED] is None


def headline(content: EstateContent) -> Iterator[str]:
    """What matters most, and what was not checked."""
    if content.total is None:
        yield "So few bodies were checked that none of their numbers is shown."
        return
    overdue = [
        content.positions[one] for one in (BodyPosition.FEW_OVERDUE, BodyPosition.MANY_OVERDUE)
    ]
    none = content.positions[BodyPosition.NONE_OVERDUE]
    parts = [words.count(content.total, "body", "bodies")]
    if None not in overdue:
        late = sum(filter(None, overdue))
        parts.append(f"{f'{late:,}' if late else 'none'} with a duty overdue")
    if none is not None:
        parts.append(f"{none:,} with none overdue and every duty judged")
    yield f"{parts[0]}{': ' if parts[1:] else ''}{', '.join(parts[1:])}."
    failed = content.positions[BodyPosition.NOT_CHECKED]
    if failed:
        were = "was" if failed == 1 else "were"
        yield f"{words.count(failed, 'body', 'bodies')} {were} not checked. {_NOT_COUNTED}"
    elif may_have_failed(content):
        yield f"Some bodies were not checked. {_NOT_COUNTED}"


def about(content: EstateContent) -> Iterator[str]:
    """How to read the report, and what it leaves out."""
    yield (
        "'Overdue' means that the spreadsheets of the body do not record the duty as done. Nobody "
        "has checked that the records are true."
    )
    yield (
        "The number of overdue checks may be a number of people. It is shown only where at least "
        "five bodies are behind it, and it does not tell how many are in one of them."
    )
    if content.by_name:
        yield "This report names bodies. To pass one on, make it with pseudonyms or without names."
        return
    yield (
        f"Numbers of bodies under five are withheld ('{NOT_SHOWN}'), and so are other numbers from "
        "which they could be worked out."
    )
    if content.naming is BodyNaming.PSEUDONYMS:
        yield (
            "A pseudonym is the same in every report with the same key. Whoever has the key can "
            "find out which body has which pseudonym. Whoever keeps more than two reports can "
            "follow a body through all of them: use a new key when that must not be."
        )
