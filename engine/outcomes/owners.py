"""The owner of each duty, from the office's Owners sheet."""

from __future__ import annotations

from engine.columns.arrays import AllColumns
from engine.columns.conditions import plain
from rules.model import Rulebook

REGISTER = "owners"


def owners(columns: AllColumns, rulebook: Rulebook) -> dict[str, str]:
    """The owner (a person or a post) of each duty that the sheet names; several are joined."""
    if REGISTER not in columns:
        return {}
    control = columns[REGISTER]
    names = {
        plain(name): duty.id
        for duty in rulebook.duties.values()
        for name in (duty.id, *duty.aliases)
    }
    by_duty: dict[str, set[str]] = {}
    for row in range(len(control)):
        duty = names.get(plain(str(control.values("duty")[row] or "")))
        owner = control.table.columns["owner"].raw[row].strip()
        if duty and owner:
            by_duty.setdefault(duty, set()).add(owner)
    return {duty: ", ".join(sorted(owners)) for duty, owners in by_duty.items()}
