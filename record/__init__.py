"""What is kept: the ledger of checks, the store of their assessments, reviews and comparisons."""
