"""The sheets of the office's workbook, as somebody keeps them by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from examples.office.columns import COLUMNS, heading
from examples.office.made import Cell, Office, Row, table

TITLES: Mapping[str, tuple[str, str, str]] = {
    "documents": ("Documents", "Plans, policies and agreements", "One row for each version."),
    "reviews": ("Reviews", "Reviews", "Whatever was looked at again."),
    "people": ("Staff", "Staff and office holders", "Kept by HR. One row for each spell."),
    "roles": ("Roles", "Who holds which role", "By post, not by name."),
    "training": ("Training", "Prevent training record", "New rows go at the bottom, please."),
    "meetings": ("Meetings", "Meetings", "Planned ones too."),
    "minutes": ("Minutes", "What each meeting did", "One row for each item."),
    "communications": ("Comms", "Communications and engagement", "Kept by communications."),
    "submissions": ("Submissions", "Reports, assurances and funding", "Given and received."),
    "actions": ("Action log", "Actions of the partnership plan", "Never overwrite a due date."),
    "issues": ("Permissive environments", "Permissive environments", "Describe nobody."),
    "venues": ("Venues", "Venues", "What the PCC owns or leases."),
    "checks": ("Due diligence", "Due diligence on awards and hires", "By reference, no names."),
    "cases": ("Case log", "Referrals, Channel requests and disclosures", "Describe nobody."),
    "nil returns": ("Nil returns", "Nil returns", "All four cells, or it does nothing."),
    "waivers": ("Waivers", "Waivers", "All six cells, or it does nothing."),
    "acknowledgements": ("Acknowledged", "Points that are right as they are", "By post."),
    "owners": ("Owners", "Who answers for what", "By post."),
}

#: The sheets on which a title stands; on the others the headings are the first row.
_TITLED = ("documents", "people", "training", "actions", "checks", "waivers")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``above`` are the lines over the headings, the first one its title.

    ``columns`` are pairs of a column of the rows and the heading over it; ``below`` is a last row
    of cells; ``hidden_rows`` are numbers of rows, from 0; ``merged`` is a column and a value of it:
    the cells that hold it, one below the other, are merged.
    """

    name: str
    above: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Row]
    below: tuple[Cell, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, Cell] | None = None


def plain_sheets(office: Office) -> list[Sheet]:
    """A sheet for each register, its headings on the first row."""
    return [_sheet(office, register, ()) for register in TITLES]


def kept_sheets(office: Office) -> list[Sheet]:
    """A sheet for each register with what people put around a table: titles and remarks, a
    meeting that is written once for all its items, leavers hidden, a total."""
    sheets = {register: _sheet(office, register, _above(register)) for register in TITLES}
    left = [number for number, row in enumerate(office["people"]) if row.get("ends")]
    total = ("Total", None, len(office["checks"]))
    sheets["people"] = replace(sheets["people"], hidden_rows=frozenset(left[:-1]))
    sheets["minutes"] = replace(sheets["minutes"], merged=("meeting", "SG-2026-4"))
    sheets["checks"] = replace(sheets["checks"], below=total)
    sheets["owners"] = replace(sheets["owners"], hidden=True)
    return [_read_me(), *sheets.values()]


def _above(register: str) -> tuple[str, ...]:
    return TITLES[register][1:] if register in _TITLED else ()


def _sheet(office: Office, register: str, above: tuple[str, ...]) -> Sheet:
    columns = tuple((name, heading(register, name)) for name in COLUMNS[register])
    return Sheet(TITLES[register][0], above, columns, office[register])


def _read_me() -> Sheet:
    lines = (
        "Prevent evidence of a made-up office",
        "Nobody and nothing in this workbook is real. One sheet for each register.",
        "Ask the Prevent Lead before you move a sheet or rename a heading.",
    )
    return Sheet("Read me", lines, (), ())


def with_faults(sheets: Iterable[Sheet]) -> list[Sheet]:
    """What has gone wrong with the example's sheets as a whole: one was never made, two have the
    same name and a third of them is kept elsewhere, one has a heading twice, and an old one lacks
    a column."""
    changed: list[Sheet] = []
    for sheet in sheets:
        if sheet.name == "Venues":
            continue
        changed += _CHANGES.get(sheet.name, _unchanged)(sheet)
    return changed


def _unchanged(sheet: Sheet) -> list[Sheet]:
    return [sheet]


def _begun_twice(sheet: Sheet) -> list[Sheet]:
    """Two teams each began a sheet of this name; only a hyphen tells them apart. An older log is
    kept elsewhere."""
    words = ("Issue log", "The log of the years before is in the restricted folder: ask for it.")
    again = replace(sheet, name=sheet.name.replace(" ", "-"), rows=sheet.rows[:2])
    return [sheet, again, Sheet("Issue log", words, (), ())]


def _recorded_twice(sheet: Sheet) -> list[Sheet]:
    twice = (("recorded on", "Date recorded"), ("recorded on", "Entered on"))
    return [replace(sheet, columns=(*sheet.columns, *twice))]


def _with_archive(sheet: Sheet) -> list[Sheet]:
    """The record of the years before the SOP, which had no column for the result."""
    columns = tuple(pair for pair in sheet.columns if pair[0] not in ("passed", "recorded on"))
    rows = table(
        "ref | person | role | course | level | source | completed on",
        "OLD-1 | S003 | Chief Executive | awareness | basic | gov.uk | 2022-03-15",
        "OLD-2 | S011 | Commissioning Officer | awareness | basic | gov.uk | 2022-03-15",
        "OLD-3 | S013 | Partnerships Officer | awareness | basic | gov.uk | 2022-09-20",
        "OLD-4 | S027 | Partnerships Officer | referral | basic | Prevent Officer | 2023-02-07",
        "OLD-5 | S034 | Caseworker | awareness | basic | gov.uk | 2023-02-07",
    )
    archive = Sheet("Training records", ("Before October 2024",), columns, rows, hidden=True)
    return [sheet, archive]


_CHANGES = {
    "Permissive environments": _begun_twice,
    "Documents": _recorded_twice,
    "Training": _with_archive,
}
