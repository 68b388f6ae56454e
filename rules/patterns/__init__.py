"""The seven patterns (semantics.md: Patterns), one module each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, get_args

from pydantic import Field

from rules.patterns.base import Events, EvidenceQuery, PatternBase
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
    "Pattern", "Periodic", "Rolling", "Standing", "Triggered", "kinds_where",
]  # fmt: skip


def kinds_where(has: Callable[[type[PatternBase]], bool]) -> frozenset[str]:
    """The kinds of the patterns that have a property, for those who know a pattern by its kind."""
    return frozenset(cls.kind_name() for cls in get_args(get_args(Pattern)[0]) if has(cls))
