"""The check: obligations, their matches and verdicts, and the assessment."""
