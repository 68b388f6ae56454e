"""What is told of a duty before it becomes an outcome, and what every outcome is made with."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.decision.judge import Verdict
from engine.frames.scope import Scope
from engine.frames.situations import Observed
from engine.outcome import Answer
from engine.proof.citations import Shelf
from evidence.table import Evidence
from rules.model import Rulebook
from rules.sop.resolve import Cited, Quote


@dataclass(frozen=True, slots=True)
class Told:
    """One duty with all that was said of it: one answer for each observed row, and, where the
    rules engine decided, one verdict each."""

    scope: Scope
    observed: Observed
    answers: Sequence[Answer]
    verdicts: Sequence[Verdict | None]
    earlier: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Setting:
    """What every duty's outcome is made with. ``explained``: with the rows that were looked at, and
    only with remedies that were tried on a copy of the evidence."""

    rulebook: Rulebook
    evidence: Evidence
    shelf: Shelf
    as_of: datetime.date
    owners: Mapping[str, str]
    quotes: Mapping[Cited, Quote]
    explained: bool = False
