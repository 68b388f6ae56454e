"""The owner of each duty, from the office's Owners sheet."""

from __future__ import annotations

from collections import defaultdict

from engine.assessment import OwnerShown
from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
from evidence.cells.text import spaced_once
from rules.model import Rulebook

REGISTER = "owners"


def owners(columns: AllColumns, rulebook: Rulebook) -> dict[str, str]:
    """The owner (a person or a post) of each duty that the sheet names; several are joined."""
    names = defaultdict[str, set[str]](set)
    for owner in owners_shown(columns, rulebook):
        for duty in owner.duties:
            names[duty].add(owner.name)
    return {duty: ", ".join(sorted(own)) for duty, own in names.items()}


def owners_shown(columns: AllColumns, rulebook: Rulebook) -> tuple[OwnerShown, ...]:
    """Each owner that the sheet names with the duties, and the first address given in a row of the
    owner."""
    if REGISTER not in columns:
        return ()
    control = columns[REGISTER]
    ids = {
        plain(name): duty.id
        for duty in rulebook.duties.values()
        for name in (duty.id, *duty.aliases)
    }
    duties, emails = defaultdict[str, set[str]](set), dict[str, str]()
    email = control.table.columns.get("email")
    for row in range(len(control)):
        duty = ids.get(plain(str(control.values("duty")[row] or "")))
        owner = control.table.columns["owner"].raw[row].strip()
        if duty and owner:
            duties[owner].add(duty)
            address = spaced_once(email.raw[row]) if email else ""
            emails[owner] = emails.get(owner) or address
    return tuple(
        OwnerShown(name, emails[name], tuple(sorted(own))) for name, own in sorted(duties.items())
    )
