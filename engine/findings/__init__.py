"""Findings: what a person should check."""
