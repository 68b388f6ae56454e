"""The plain evaluator: plain Python, one obligation at a time, written from semantics.md."""
