"""The context that outcomes of duties are built from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from engine.proof.citations import CitationCache
from evidence.table import Evidence
from rules.model import Rulebook
from rules.sop.resolve import SopText


@dataclass(frozen=True, slots=True)
class OutcomeContext:
    """What the outcomes of all duties need. ``sop``: the versions of the SOP that were given.
    ``explained``: with the examined rows, and every remedy was tried on a copy of the evidence."""

    rulebook: Rulebook
    evidence: Evidence
    citations: CitationCache
    as_of: datetime.date
    owners: Mapping[str, str]
    sop: Mapping[str, SopText]
    explained: bool = False
