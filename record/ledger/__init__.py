"""The ledger: entries in a chain, the store of assessments, reviews and pruning."""
