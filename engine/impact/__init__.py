"""What another version of a rule changes: compared over the same evidence, before it is live."""
