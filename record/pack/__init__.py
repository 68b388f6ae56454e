"""A pack: one archive with all that an auditor needs to recheck an assessment."""
