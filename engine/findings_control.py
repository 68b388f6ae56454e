"""Findings about the control sheets: nil returns and waivers that do nothing, or have run out."""

from __future__ import annotations

from collections.abc import Sequence

from engine.columns import AllColumns
from engine.findings import Noted
from engine.findings_waivers import waiver_findings
from engine.nil import REGISTER as NIL_RETURNS
from engine.outcome import ItemRef
from engine.periods import period_ends
from engine.told import Told
from evidence.wording import listed
from rules.model import Duty


def control_findings(
    columns: AllColumns, duties: Sequence[Duty], told: Sequence[Told], as_of: int
) -> list[Noted]:
    """Nil returns and waivers that do nothing, and waivers that expired over an unmet duty."""
    return [*_nil_incomplete(columns), *waiver_findings(columns, duties, told, as_of)]


def _nil_incomplete(columns: AllColumns) -> list[Noted]:
    if NIL_RETURNS not in columns:
        return []
    control, found = columns[NIL_RETURNS], []
    for row in range(len(control)):
        names = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
        ref = ItemRef(NIL_RETURNS, row)
        if names:
            asked = listed([f"'{name}'" for name in names])
            words = f"This nil return does nothing: fill in {asked}."
            found.append(Noted("nil return incomplete", "", words, ((ref, names[0]),)))
        elif control.days("given on")[row] < period_ends(str(control.values("period")[row])):
            words = "Given before its period was over, so it does nothing: give it again."
            found.append(Noted("nil return too early", "", words, ((ref, "given on"),)))
    return found
