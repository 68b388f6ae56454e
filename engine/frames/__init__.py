"""The vectorised evaluator: obligations, items, matches and situations of whole populations."""
