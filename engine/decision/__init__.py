"""The rules of the rules engine, the situations that it decides, and its verdicts."""
