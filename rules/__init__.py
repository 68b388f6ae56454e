"""The duties of the SOP, their citations and cadences, read from rule files."""
