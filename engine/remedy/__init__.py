"""Remedies: the cells or rows that would meet an unmet obligation."""
