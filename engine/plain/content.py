"""Content duties. Each is judged as the duty that it is cut from, from its own in-force day on,
with its conditions added to those on that duty's evidence (semantics.md: Content)."""

from __future__ import annotations

from datetime import date

from rules.model import Rulebook
from rules.resolve import Resolved, ResolvedDuty, resolve


def uncut(
    rulebook: Rulebook, duty_id: str, as_of: date
) -> tuple[ResolvedDuty, tuple[Resolved, ...]]:
    """The duty to judge for this one, and its versions that have begun by ``as_of``. For a content
    duty that is the duty that it is cut from, with the content duty's conditions added; a new
    version of either is a new version of it."""
    duty = resolve(rulebook, duty_id)
    return duty, tuple(version for version in duty.versions if version.begins <= as_of)
