"""What follows: obligations, matches, verdicts, and the assessment that holds them."""
