"""What the SOP asks: duties, their citations and cadences, read from rule files."""
