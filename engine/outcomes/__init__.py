"""Outcomes of obligations, duties, sections and the whole."""
