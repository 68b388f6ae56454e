"""Writes the workbook of a made-up office, the same bytes every time: python -m examples.office."""
