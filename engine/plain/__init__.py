"""The second evaluator: plain Python, one obligation at a time, written from semantics.md."""
