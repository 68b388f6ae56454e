"""References that were not found: what a report says of them before anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from engine.assessment import Assessment, UnknownNames
from engine.findings.unknown_name_cells import KIND
from evidence.cells.text import listed, quoted, some_of
from reports import view, words
from reports.places import Places

#: The title of the sentences, and when a reader is to tell the lead.
UNKNOWN_NAMES = "References that were not found"
NAMED_OTHERWISE = "If a sheet names people or things in another way"
#: What the person can do about that who runs the program, where the office has a mapping.
MATCH_THEM = (
    "To match a sheet by names, answer again for it under 'Which sheet is what?' in the pages of"
    " 'dueregard open', or see 'Names in place of references' in the guide to mapping."
)

#: So many duties are named in a sentence, and so many cells of a column are listed by themselves.
_FEW = 3


def unknown_names_words(
    assessment: Assessment, places: Places, *, cells: bool = True
) -> Iterator[str]:
    """A sentence or two for each sheet with many references that were not found: ``Training: 84 of
    84 rows name nobody on the Staff list ('Jones, Ann' in C5). Once they are
    corrected, these rows may count for 4.6 Refresher training (overdue for 42 people).`` Then the
    other ``cells`` with such a reference; without them, a sentence for each sheet that is to be
    said first."""
    titles, at_head = view.names(assessment), [s for s in assessment.unknown_names if s.at_head]
    many = [sheet for sheet in at_head if sheet.unknown > _FEW or not cells]
    for sheet in many:
        cited = _cited(sheet, places)
        nothing = "nobody" if sheet.people else "nothing"
        lists = listed([f"{title} list" for title in sheet.lists], "or the")
        sentence = (
            f"{places.short(sheet.file, sheet.sheet)}: {sheet.unknown:,} of"
            f" {words.count(sheet.rows, 'row')} name {nothing} on the"
            f" {lists}{f' ({cited})' if cited else ''}."
        )
        yield " ".join((sentence, *_may_count(sheet, titles)))
    if not cells:
        return
    columns = {_column(f"{s.file}!{s.sheet}!{s.cell}"): s for s in at_head}
    may_count = {column: " ".join(_may_count(sheet, titles)) for column, sheet in columns.items()}
    together = defaultdict[tuple[str, str], list[str]](list)  # cells, by column and message
    for one in (one for one in assessment.findings if one.kind == KIND):
        column = _column(one.places[0])
        if columns.get(column) not in many:
            together[column, one.message].append(one.places[0])
    last = dict(together.keys())
    for (column, message), found in together.items():
        more = may_count.get(column, "") if last[column] == message else ""
        yield f"{_cells_words(found, message, places)}{f' {more}' if more else ''}"


def _cells_words(found: Sequence[str], message: str, places: Places) -> str:
    """``Reviews K4 and K9: 'SG-2026-9' is not on Meetings.``"""
    file, sheet, _ = found[0].rsplit("!", 2)
    cells = some_of([place.rpartition("!")[2] for place in found], _FEW)
    return places.without_names(f"{places.short(file, sheet)} {cells}: {message}")


def _column(place: str) -> str:
    """The column of a place: ``file!sheet!F`` of ``file!sheet!F14``."""
    return place.rstrip("0123456789")


def _cited(sheet: UnknownNames, places: Places) -> str:
    """The first cell, with what is in it: without the name of somebody on the list, since a report
    may be forwarded."""
    if not sheet.value:
        return sheet.cell
    is_name = places.without_names(sheet.value) != sheet.value
    return f"{'a name' if is_name else quoted(sheet.value)} in {sheet.cell}"


def _may_count(sheet: UnknownNames, titles: dict[str, str]) -> Iterator[str]:
    """The overdue duties that the rows may meet once their names are found."""
    many = sheet.unknown > 1
    duties = []
    for one in sorted(sheet.overdue, key=lambda one: -one.obligations):
        nouns = ("person", "people") if one.people else ("check",)
        number = f" (overdue for {words.count(one.obligations, *nouns)})" if many else ""
        duties.append(f"{titles.get(one.duty, one.duty)}{number}")
    if duties:
        rows = "they are corrected, these rows" if many else "it is corrected, this row"
        yield f"Once {rows} may count for {some_of(duties, _FEW)}."
