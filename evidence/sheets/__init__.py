"""Sheets matched to registers: headings, rows, merges, copies and sheets joined to one table."""
