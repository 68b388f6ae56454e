"""Two assessments compared: what came out otherwise, and why."""
