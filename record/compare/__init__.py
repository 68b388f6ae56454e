"""Two checks compared: what changed, and why."""
