"""Proposes a mapping for an office's own sheets, for a person to confirm (docs/mapping.md)."""
