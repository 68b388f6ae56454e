"""The seven patterns (semantics.md: Patterns), one module each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.patterns.base import Events, EvidenceQuery
from rules.patterns.before_event import BeforeEvent
from rules.patterns.completeness import Carried, Completeness
from rules.patterns.content import Content
from rules.patterns.periodic import Periodic
from rules.patterns.rolling import Rolling
from rules.patterns.standing import Standing
from rules.patterns.triggered import Joining, Triggered

Pattern = Annotated[
    Periodic | Rolling | Triggered | BeforeEvent | Standing | Completeness | Content,
    Field(discriminator="kind"),
]

__all__ = [
    "BeforeEvent", "Carried", "Completeness", "Content", "Events", "EvidenceQuery", "Joining",
    "Pattern", "Periodic", "Rolling", "Standing", "Triggered",
]  # fmt: skip
