"""Cited rows found again in a later copy of the evidence."""
