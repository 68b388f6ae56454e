"""The owner of each duty, from the office's Owners sheet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engine.assessment import OwnerShown
from engine.columns.arrays import AllColumns
from evidence.cells.text import normal_key, spaced_once
from rules.model import Rulebook

REGISTER = "owners"


@dataclass(slots=True)
class _Owner:
    """An owner: the name as the first row has it, the first address in any row, and the duties."""

    name: str
    email: str = ""
    duties: set[str] = field(default_factory=set)


def owners(columns: AllColumns, rulebook: Rulebook) -> dict[str, str]:
    """The owner of each duty on the Owners sheet, which is a person or a post; several are
    joined."""
    names: dict[str, list[str]] = defaultdict(list)
    for owner in owners_shown(columns, rulebook):
        for duty in owner.duties:
            names[duty].append(owner.name)
    return {duty: ", ".join(of_duty) for duty, of_duty in names.items()}


def owners_shown(columns: AllColumns, rulebook: Rulebook) -> tuple[OwnerShown, ...]:
    """Each owner on the Owners sheet with the duties, and with the first address given in a row
    of the owner. Names that differ only in spaces and capitals are one owner, shown as first
    written."""
    sheet = columns.get(REGISTER)
    if sheet is None:
        return ()
    duty_of = {
        normal_key(name): duty.id
        for duty in rulebook.duties.values()
        for name in (duty.id, *duty.aliases)
    }
    names = sheet.table.columns["owner"].raw
    email = sheet.table.columns.get("email")
    by_key: dict[str, _Owner] = {}
    for row, duty_name in enumerate(sheet.values("duty")):
        owner = by_key.setdefault(normal_key(names[row]), _Owner(names[row].strip()))
        if duty := duty_of.get(normal_key(str(duty_name or ""))):
            owner.duties.add(duty)
            owner.email = owner.email or (spaced_once(email.raw[row]) if email else "")
    by_key.pop("", None)  # rows that name no owner
    return tuple(
        OwnerShown(owner.name, owner.email, tuple(sorted(owner.duties)))
        for owner in sorted(by_key.values(), key=lambda owner: owner.name)
        if owner.duties
    )
