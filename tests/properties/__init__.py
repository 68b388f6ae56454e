"""Properties: what is so of every made-up case, file or office, not of one example."""
