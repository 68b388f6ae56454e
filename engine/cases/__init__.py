"""The rules' own cases, run by both evaluators."""
