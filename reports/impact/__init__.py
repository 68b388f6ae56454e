"""The impact of a change to the rules: as text, as a page, and as JSON."""
