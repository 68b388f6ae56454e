"""Rule files as strict YAML: read with the line of each value, and validated."""
