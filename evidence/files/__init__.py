"""Opens files of evidence: one module a format, each to raw cells or a refusal in words."""
