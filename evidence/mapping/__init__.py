"""An office's own sheets read as registers, as a person confirmed it (docs/mapping.md)."""
