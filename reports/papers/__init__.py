"""Papers made from Word templates: the position for a meeting, and the assurance statement."""
