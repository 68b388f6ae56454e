"""Content duties: each is judged as the duty that it is cut from, with its own conditions added to
those on that duty's evidence, and from its own in-force day on (semantics.md: Content)."""

from __future__ import annotations

from datetime import date

from rules.model import Rulebook
from rules.resolve import Resolved, ResolvedDuty, resolve


def uncut(
    rulebook: Rulebook, duty_id: str, as_of: date
) -> tuple[ResolvedDuty, tuple[Resolved, ...]]:
    """A duty with its own conditions in the place of the duty that it is cut from, and its versions
    begun by ``as_of``: a new version of either duty is one of both."""
    duty = resolve(rulebook, duty_id)
    return duty, tuple(version for version in duty.versions if version.begins <= as_of)
