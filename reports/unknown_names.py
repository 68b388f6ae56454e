"""Sheets with so many rows that name nothing on a list that a report says it first."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment import Assessment, UnknownNames
from evidence.cells.text import listed, quoted, some_of
from reports import view, words
from reports.places import Places

#: The title of the sentences, and when a reader is to tell the lead.
NAMES_ON_NO_LIST = "Rows that name nothing on a list"
NAMED_OTHERWISE = "If these rows name people or things in another way"
#: What the person can do about them who runs the program.
MATCH_THEM = (
    "To match them by name, answer again for the sheet under 'Which sheet is what?' in the pages of"
    " 'dueregard open'."
)
#: What is said after that where the office has a mapping.
SEE_GUIDE = "Or see 'Names in place of references' in the guide to mapping."

#: So many duties are named in a sentence.
_FEW = 3


def unknown_names_words(assessment: Assessment, places: Places) -> Iterator[str]:
    """A sentence or two for each of these sheets: ``Training: 84 of 84 rows name nobody on the
    Staff list ('Jones, Ann' in C5). Until they match, 4.6 Refresher training is shown as overdue
    for 42 people.``"""
    titles = view.names(assessment)
    for sheet in assessment.unknown_names:
        if sheet.at_head:
            cited = _cited(sheet, places)
            if sheet.unknown == 1 and sheet.value:
                yield " ".join((_one_name(sheet, places), *_overdue(sheet, titles)))
                continue
            name = f"name{'s' if sheet.unknown == 1 else ''}"
            nothing = "nobody" if sheet.people else "nothing"
            lists = listed([f"{title} list" for title in sheet.lists], "or the")
            row = words.count(sheet.rows, "row")
            sentence = (
                f"{places.short(sheet.file, sheet.sheet)}: {sheet.unknown:,} of {row}"
                f" {name} {nothing} on the {lists}{f' ({cited})' if cited else ''}."
            )
            yield " ".join((sentence, *_overdue(sheet, titles)))


def _one_name(sheet: UnknownNames, places: Places) -> str:
    """``Reviews K4: 'SG-2026-9' is not on Meetings.``"""
    place = f"{places.short(sheet.file, sheet.sheet)} {sheet.cell}"
    lists = listed(list(sheet.lists), "or")
    if places.without_names(sheet.value or "") != sheet.value:
        return f"{place}: a name is there, where the reference from {lists} is needed."
    return f"{place}: {quoted(sheet.value or '')} is not on {lists}."


def _cited(sheet: UnknownNames, places: Places) -> str:
    """The first cell, with what is in it: without the name of somebody on the list, since a report
    may be forwarded."""
    if not sheet.value:
        return sheet.cell
    is_name = places.without_names(sheet.value) != sheet.value
    return f"{'a name' if is_name else quoted(sheet.value)} in {sheet.cell}"


def _overdue(sheet: UnknownNames, titles: dict[str, str]) -> Iterator[str]:
    """What is shown as overdue until the names match."""
    match = "it matches" if sheet.unknown == 1 else "they match"
    people = ("person", "people")
    counted = [
        (
            titles.get(one.duty, one.duty),
            words.count(one.obligations, *(people if one.people else ("check",))),
        )
        for one in sorted(sheet.overdue, key=lambda one: -one.obligations)
    ]
    if len(counted) == 1:
        yield f"Until {match}, {counted[0][0]} is shown as overdue for {counted[0][1]}."
    elif counted:
        shown = some_of([f"{title} ({number})" for title, number in counted], _FEW)
        yield f"Until {match}, these duties are shown as overdue: {shown}."
