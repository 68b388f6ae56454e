"""Whether the two evaluators agree on every obligation; if not, the run stops."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decision.rule import EngineFault
from engine.outcome import Answer


def differences(first: Sequence[Answer], second: Sequence[Answer]) -> list[str]:
    """A sentence for each obligation on which the two differ, in the order of their keys
    (semantics.md, What must always hold, 8)."""
    if list(first) == list(second):
        return []
    ours = {(each.key, each.past): each for each in first}
    theirs = {(each.key, each.past): each for each in second}
    keys = sorted(set(ours) | set(theirs))
    return [
        f"{_named(key[0])}: the first evaluator says {_said(ours.get(key))}; "
        f"the second says {_said(theirs.get(key))}"
        for key in keys
        if ours.get(key) != theirs.get(key)
    ] or ["they give different numbers of answers for one obligation"]


def must_agree(first: Sequence[Answer], second: Sequence[Answer]) -> None:
    """Raises EngineFault, showing the obligation and both answers, where the two differ."""
    found = differences(first, second)
    if found:
        others = len(found) - 1
        more = f" They disagree on {others} more {'answer' if others == 1 else 'answers'}."
        raise EngineFault(f"The two evaluators disagree: {found[0]}.{more if others else ''}")


def _named(key: object) -> str:
    parts = [getattr(key, name) for name in ("duty", "subject", "event", "window")]
    row = getattr(key, "row", -1)
    return ", ".join(str(part) for part in parts if part) + (f", row {row}" if row >= 0 else "")


def _said(answer: Answer | None) -> str:
    if answer is None:
        return "nothing"
    fields = ("version", "opens", "deadline", "days", "late_days", "last_done")
    said = [f"{name} {getattr(answer, name)}" for name in fields]
    rows = "; ".join(f"{ref.register} {ref.row}" for ref in answer.met_by)
    past = f" ({answer.past})" if answer.past else ""
    return f"{answer.status}{past}, {', '.join(said)}, met by [{rows}]"
