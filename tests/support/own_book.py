"""The project's own rulebook, read once for all tests."""

from __future__ import annotations

from functools import cache

from rules.load import load_rulebook
from rules.model import Rulebook


@cache
def own_book() -> Rulebook:
    """The rulebook, which must be without a fault."""
    loaded = load_rulebook()
    assert isinstance(loaded, Rulebook), loaded
    return loaded
