"""Findings about the control sheets: nil returns and waivers that do nothing, or have run out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.columns import AllColumns
from engine.findings import Noted
from engine.nil import REGISTER as NIL_RETURNS
from engine.outcome import ItemRef, Status
from engine.periods import period_ends
from engine.say import day_words
from engine.told import Told
from engine.waivers import ASKED, REGISTER, WaiverRow, covers, expired, named, waiver_rows
from rules.model import Duty


def control_findings(
    columns: AllColumns, duties: Sequence[Duty], told: Sequence[Told], as_of: int
) -> list[Noted]:
    """Nil returns and waivers that do nothing, and waivers that expired over an unmet duty."""
    known = {each.scope.duty.duty.id: each for each in told}
    return [*_nil_incomplete(columns), *_waivers(columns, duties, known, as_of)]


def _nil_incomplete(columns: AllColumns) -> list[Noted]:
    if NIL_RETURNS not in columns:
        return []
    control, found = columns[NIL_RETURNS], []
    for row in range(len(control)):
        names = [n for n in ("list", "period", "by post", "given on") if not control.read(n)[row]]
        ref = ItemRef(NIL_RETURNS, row)
        if names:
            words = f"A nil return without {' and '.join(names)} does nothing: fill it in."
            found.append(Noted("nil return incomplete", "", words, ((ref, names[0]),)))
        elif control.days("given on")[row] < period_ends(str(control.values("period")[row])):
            words = "Given before its period was over, so it does nothing: give it again."
            found.append(Noted("nil return too early", "", words, ((ref, "given on"),)))
    return found


def _waivers(
    columns: AllColumns, duties: Sequence[Duty], known: dict[str, Told], as_of: int
) -> Iterable[Noted]:
    for waiver in waiver_rows(columns):
        ref = ItemRef(REGISTER, waiver.row)
        duty = next((each for each in duties if covers(waiver, each)), None)
        if not waiver.complete:
            control = columns[REGISTER]
            names = [name for name in ASKED if not control.read(name)[waiver.row]]
            words = f"A waiver without {' and '.join(names)} does nothing: fill it in."
            yield Noted("waiver incomplete", duty.id if duty else "", words, ((ref, names[0]),))
        elif duty is None:
            words = "It names no duty of this rulebook, so it does nothing: write the duty's id."
            yield Noted("waiver of no duty", "", words, ((ref, "duty"),))
        elif not duty.waivable:
            words = "This duty cannot be waived, so the waiver does nothing."
            yield Noted("waiver has no effect", duty.id, words, ((ref, "duty"),))
        elif expired(waiver, as_of) and _still_unmet(waiver, known.get(duty.id)):
            words = f"The waiver ended on {day_words(waiver.last)}, and what it covered is not met."
            yield Noted("waiver expired", duty.id, words, ((ref, "until"),))


def _still_unmet(waiver: WaiverRow, told: Told | None) -> bool:
    if told is None:
        return False
    unmet = (Status.DUE, Status.OVERDUE)
    return any(
        answer.status in unmet and not answer.past and named(waiver, answer.key)
        for answer in told.answers
    )
